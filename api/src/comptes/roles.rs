//! Who accounts are for, what each may do, and whom each may make accounts for: one table.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use frequent_plan::Niveau;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who an account is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A circonscription's adviser: inspector, pedagogical adviser, digital reference teacher.
    Conseiller,
    /// A département's services.
    Dsden,
    /// A region's digital directorate.
    Drane,
    /// A commune's referent.
    Commune,
    /// A school's head.
    Directeur,
    /// A provider's integrators.
    Fournisseur,
    /// The national unit.
    National,
    /// Who runs the platform.
    Administrateur,
}

/// What an account may do, always within its perimeter.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Droit {
    /// Read figures.
    Chiffres,
    /// Take figures away in files.
    Export,
    /// Read tagging quality.
    Qualite,
    /// Make and change accounts and perimeters.
    Comptes,
    /// Read conventions.
    ConventionsLecture,
    /// Enter, change and end conventions.
    ConventionsEcriture,
    /// Be told whom to visit, and keep the support log.
    Accompagnement,
    /// Declare and close incidents.
    Incidents,
    /// Set and run the destruction of data.
    Conservation,
    /// Read the audit trail.
    Audit,
}

/// A text that is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {0} » n’est pas un rôle : conseiller, dsden, drane, commune, directeur, fournisseur, national ou administrateur"
)]
pub struct RoleInvalide(String);

impl Role {
    /// Every role.
    pub const TOUS: [Self; 8] = [
        Self::Conseiller,
        Self::Dsden,
        Self::Drane,
        Self::Commune,
        Self::Directeur,
        Self::Fournisseur,
        Self::National,
        Self::Administrateur,
    ];

    /// Its code, in settings, on the command line and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Conseiller => "conseiller",
            Self::Dsden => "dsden",
            Self::Drane => "drane",
            Self::Commune => "commune",
            Self::Directeur => "directeur",
            Self::Fournisseur => "fournisseur",
            Self::National => "national",
            Self::Administrateur => "administrateur",
        }
    }

    /// The role of a code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|role| role.code() == code)
    }

    /// What it may do.
    #[must_use]
    pub const fn droits(self) -> &'static [Droit] {
        use Droit as D;
        match self {
            Self::Directeur => &[D::Chiffres, D::Export],
            Self::Conseiller | Self::Commune => &[
                D::Chiffres,
                D::Export,
                D::Comptes,
                D::ConventionsLecture,
                D::Accompagnement,
                D::Incidents,
            ],
            Self::Fournisseur => &[D::Qualite, D::Comptes, D::Incidents],
            Self::Dsden => &[
                D::Chiffres,
                D::Export,
                D::Comptes,
                D::ConventionsLecture,
                D::ConventionsEcriture,
                D::Accompagnement,
                D::Incidents,
            ],
            Self::Drane | Self::National => &[
                D::Chiffres,
                D::Export,
                D::Qualite,
                D::Comptes,
                D::ConventionsLecture,
                D::ConventionsEcriture,
                D::Accompagnement,
                D::Incidents,
                D::Audit,
            ],
            Self::Administrateur => &[
                D::Chiffres,
                D::Export,
                D::Qualite,
                D::Comptes,
                D::ConventionsLecture,
                D::ConventionsEcriture,
                D::Accompagnement,
                D::Incidents,
                D::Conservation,
                D::Audit,
            ],
        }
    }

    /// Whether it may do this.
    #[must_use]
    pub fn peut(self, droit: Droit) -> bool {
        self.droits().contains(&droit)
    }

    /// The roles of the accounts that it may make and change. None does more than it.
    #[must_use]
    pub const fn confie(self) -> &'static [Self] {
        match self {
            Self::Directeur => &[],
            Self::Conseiller => &[Self::Conseiller, Self::Directeur],
            Self::Commune => &[Self::Commune, Self::Directeur],
            Self::Fournisseur => &[Self::Fournisseur],
            Self::Dsden => &[
                Self::Dsden,
                Self::Conseiller,
                Self::Commune,
                Self::Directeur,
            ],
            Self::Drane => &[
                Self::Drane,
                Self::Dsden,
                Self::Conseiller,
                Self::Commune,
                Self::Directeur,
                Self::Fournisseur,
            ],
            Self::National => &[
                Self::National,
                Self::Drane,
                Self::Dsden,
                Self::Conseiller,
                Self::Commune,
                Self::Directeur,
                Self::Fournisseur,
            ],
            Self::Administrateur => &Self::TOUS,
        }
    }

    /// Whether an account of this role must sign in with a one-time code, given the roles that the
    /// settings name.
    #[must_use]
    pub fn exige_code(self, roles_avec_code: &BTreeSet<Self>) -> bool {
        roles_avec_code.contains(&self)
    }

    /// The role that goes with a territory of this level, or with none, when nobody says another.
    #[must_use]
    pub const fn deduit(niveau: Option<Niveau>) -> Self {
        match niveau {
            None => Self::Fournisseur,
            Some(Niveau::National) => Self::National,
            Some(Niveau::Region | Niveau::Academie) => Self::Drane,
            Some(Niveau::Departement) => Self::Dsden,
            Some(Niveau::Circonscription) => Self::Conseiller,
            Some(Niveau::Commune) => Self::Commune,
            Some(Niveau::Ecole) => Self::Directeur,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Role {
    type Err = RoleInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        Self::de_code(texte).ok_or_else(|| RoleInvalide(texte.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_role_makes_an_account_that_does_more_than_it() {
        for role in Role::TOUS {
            for confie in role.confie() {
                for droit in confie.droits() {
                    assert!(role.peut(*droit), "{role} gives {droit:?} to {confie}");
                }
                // What the account made may make in turn, its maker may make.
                for suivant in confie.confie() {
                    assert!(role.confie().contains(suivant), "{role} {confie} {suivant}");
                }
            }
        }
    }

    #[test]
    fn who_makes_no_account_has_no_right_to() {
        for role in Role::TOUS {
            assert_eq!(
                role.peut(Droit::Comptes),
                !role.confie().is_empty(),
                "{role}"
            );
        }
    }

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in Role::TOUS {
            assert_eq!(role.code().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.code());
        }
        assert!("roi".parse::<Role>().is_err());
    }
}
