//! What an account may see.

use std::collections::BTreeSet;

use frequent_plan::vocabulaire::CODE_NATIONAL;
use frequent_plan::{Niveau, Uai};

use crate::annuaire::Annuaire;

/// A perimeter (*périmètre d'exercice*): territories, or a set of schools with a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Perimetre {
    /// One or several territories, of any levels.
    Territoires(BTreeSet<(Niveau, String)>),
    /// A named set of schools.
    Ecoles {
        /// Its name.
        nom: String,
        /// Its schools.
        ecoles: BTreeSet<Uai>,
    },
}

impl Perimetre {
    /// The perimeter of one territory.
    #[must_use]
    pub fn territoire(niveau: Niveau, code: &str) -> Self {
        Self::Territoires(BTreeSet::from([(niveau, code.to_owned())]))
    }

    /// Whether a school is in the perimeter. One that the directory does not know is only in the
    /// whole country, or in a set that names it.
    #[must_use]
    pub fn contient_ecole(&self, annuaire: &Annuaire, uai: Uai) -> bool {
        match self {
            Self::Ecoles { ecoles, .. } => ecoles.contains(&uai),
            Self::Territoires(territoires) => {
                territoires.iter().any(|(niveau, code)| match niveau {
                    Niveau::National => code == CODE_NATIONAL,
                    Niveau::Ecole => code == uai.as_str(),
                    autre => annuaire.code(uai, *autre) == Some(code),
                })
            }
        }
    }

    /// Whether a territory is whole in the perimeter: it is one of it, or all its schools are in
    /// it. A territory that is there in part is not: its figures would tell about other schools.
    #[must_use]
    pub fn contient(&self, annuaire: &Annuaire, niveau: Niveau, code: &str) -> bool {
        if let Self::Territoires(territoires) = self
            && territoires.iter().any(|(n, c)| *n == niveau && c == code)
        {
            return true;
        }
        if niveau == Niveau::Ecole {
            return code
                .parse()
                .is_ok_and(|uai| self.contient_ecole(annuaire, uai));
        }
        // The country also holds the schools that the directory does not know.
        if niveau == Niveau::National {
            return false;
        }
        let mut ecoles = annuaire.ecoles_de(niveau, code).peekable();
        ecoles.peek().is_some() && ecoles.all(|e| self.contient_ecole(annuaire, e.uai))
    }
}
