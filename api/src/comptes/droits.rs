//! What an account may see: territories and everything inside them, named perimeters, the tagging
//! quality of platforms; and in what role.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use frequent_plan::Niveau;
use frequent_plan::evenement::LIBELLE_MAX;
use frequent_plan::vocabulaire::CODE_NATIONAL;
use frequent_territory as territoire;
use frequent_territory::Annuaire;

use super::perimetres::PerimetreNomme;
use super::roles::Role;

/// A territory that an account may see, with everything inside it, as the command line says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perimetre {
    /// The territory's level.
    pub niveau: Niveau,
    /// Its code at that level.
    pub code: String,
}

/// A text that is not a perimeter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {0} » n’est pas un périmètre : il s’écrit niveau:code, par exemple departement:031, ou national"
)]
pub struct PerimetreInvalide(String);

impl FromStr for Perimetre {
    type Err = PerimetreInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let invalide = || PerimetreInvalide(texte.to_owned());
        let (niveau, code) = texte.split_once(':').unwrap_or((texte, ""));
        match Niveau::de_code(niveau).ok_or_else(invalide)? {
            Niveau::National if code.is_empty() || code == CODE_NATIONAL => Ok(Self {
                niveau: Niveau::National,
                code: CODE_NATIONAL.to_owned(),
            }),
            Niveau::National => Err(invalide()),
            _ if code.is_empty() => Err(invalide()),
            niveau => Ok(Self {
                niveau,
                code: code.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Perimetre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.niveau, self.code)
    }
}

/// Why an account cannot be given what is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DroitsInvalides {
    /// Neither territory, school nor platform.
    #[error("un compte voit au moins un territoire, une école, un périmètre ou une plateforme")]
    Aucun,
    /// A platform's name that no event could carry.
    #[error(
        "« {0} » ne peut pas être un nom de plateforme : de 1 à {LIBELLE_MAX} octets, sans espace autour ni caractère de contrôle"
    )]
    Plateforme(String),
}

/// What an account may see and do. Never nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Droits {
    role: Role,
    propre: territoire::Perimetre,
    ensembles: Vec<PerimetreNomme>,
    plateformes: BTreeSet<String>,
}

impl Droits {
    /// The right to see this territory, if one is given, and the tagging quality of these platforms,
    /// with the role that goes with the territory.
    ///
    /// # Errors
    /// See [`DroitsInvalides`].
    pub fn new(
        perimetre: Option<Perimetre>,
        plateformes: impl IntoIterator<Item = String>,
    ) -> Result<Self, DroitsInvalides> {
        let role = Role::deduit(perimetre.as_ref().map(|p| p.niveau));
        let propre = perimetre.map(territoire::Perimetre::from);
        Self::composes(role, propre.unwrap_or_default(), Vec::new(), plateformes)
    }

    /// This role over these territories and schools, these named perimeters and these platforms.
    ///
    /// # Errors
    /// See [`DroitsInvalides`].
    pub fn composes(
        role: Role,
        propre: territoire::Perimetre,
        ensembles: Vec<PerimetreNomme>,
        plateformes: impl IntoIterator<Item = String>,
    ) -> Result<Self, DroitsInvalides> {
        let plateformes: BTreeSet<String> = plateformes.into_iter().collect();
        if let Some(faux) = plateformes.iter().find(|nom| !peut_nommer(nom)) {
            return Err(DroitsInvalides::Plateforme(faux.clone()));
        }
        if propre.est_vide() && ensembles.is_empty() && plateformes.is_empty() {
            return Err(DroitsInvalides::Aucun);
        }
        Ok(Self {
            role,
            propre,
            ensembles,
            plateformes,
        })
    }

    /// An administrator's, over the whole country.
    pub(crate) fn de_toute_l_instance() -> Self {
        Self {
            role: Role::Administrateur,
            propre: territoire::Perimetre::territoire(Niveau::National, CODE_NATIONAL),
            ensembles: Vec::new(),
            plateformes: BTreeSet::new(),
        }
    }

    /// The same, with another role.
    #[must_use]
    pub fn avec_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// The same, over what of its perimeter is also in another.
    #[must_use]
    pub fn bornes(self, annuaire: &Annuaire, borne: &territoire::Perimetre) -> Self {
        Self {
            propre: borne.dans(annuaire, &self.perimetre()),
            ensembles: Vec::new(),
            ..self
        }
    }

    /// The same, without any territory or school.
    #[must_use]
    pub fn sans_perimetre(self) -> Self {
        Self {
            propre: territoire::Perimetre::default(),
            ensembles: Vec::new(),
            ..self
        }
    }

    /// What it may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The territories seen, named perimeters aside.
    #[must_use]
    pub fn territoires(&self) -> &BTreeSet<(Niveau, String)> {
        self.propre.territoires()
    }

    /// The named perimeters seen.
    #[must_use]
    pub fn ensembles(&self) -> &[PerimetreNomme] {
        &self.ensembles
    }

    /// All that is seen; empty for a provider's account.
    #[must_use]
    pub fn perimetre(&self) -> territoire::Perimetre {
        let mut tout = self.propre.clone();
        for ensemble in &self.ensembles {
            tout.joindre(ensemble.perimetre.clone());
        }
        tout
    }

    /// The platforms named, in order.
    #[must_use]
    pub fn plateformes(&self) -> &BTreeSet<String> {
        &self.plateformes
    }

    /// Every platform is seen, named or not: the whole country is.
    #[must_use]
    pub fn voit_toute_plateforme(&self) -> bool {
        self.propre.est_national()
    }
}

impl From<Perimetre> for territoire::Perimetre {
    fn from(perimetre: Perimetre) -> Self {
        Self::new([(perimetre.niveau, perimetre.code)], [])
    }
}

impl From<Perimetre> for Droits {
    fn from(perimetre: Perimetre) -> Self {
        Self {
            role: Role::deduit(Some(perimetre.niveau)),
            propre: perimetre.into(),
            ensembles: Vec::new(),
            plateformes: BTreeSet::new(),
        }
    }
}

fn peut_nommer(plateforme: &str) -> bool {
    (1..=LIBELLE_MAX).contains(&plateforme.len())
        && plateforme.trim() == plateforme
        && !plateforme.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_would_see_nothing_is_refused() {
        assert_eq!(Droits::new(None, []), Err(DroitsInvalides::Aucun));
    }

    #[test]
    fn a_platform_no_event_could_name_is_refused() {
        for faux in ["", " ONE", "ONE\n", &"x".repeat(LIBELLE_MAX + 1)] {
            let faute = Droits::new(None, [faux.to_owned()]).unwrap_err();
            assert_eq!(faute, DroitsInvalides::Plateforme(faux.to_owned()));
        }
    }

    #[test]
    fn only_the_whole_country_sees_every_platform() {
        let droits = |perimetre: &str| Droits::from(perimetre.parse::<Perimetre>().unwrap());
        assert!(droits("national").voit_toute_plateforme());
        assert!(!droits("region:76").voit_toute_plateforme());
        let fournisseur = Droits::new(None, ["ONE-OCC".to_owned()]).unwrap();
        assert!(!fournisseur.voit_toute_plateforme());
    }
}
