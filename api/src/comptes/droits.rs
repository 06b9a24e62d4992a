//! What an account may see: a territory and everything inside it, the tagging quality of platforms,
//! or both.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use frequent_plan::Niveau;
use frequent_plan::evenement::LIBELLE_MAX;
use frequent_plan::vocabulaire::CODE_NATIONAL;

/// The territory an account may see, with everything inside it.
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
    /// Neither territory nor platform.
    #[error(
        "un compte voit un territoire (--perimetre), une plateforme (--plateforme), ou les deux"
    )]
    Aucun,
    /// A platform's name that no event could carry.
    #[error(
        "« {0} » ne peut pas être un nom de plateforme : de 1 à {LIBELLE_MAX} octets, sans espace autour ni caractère de contrôle"
    )]
    Plateforme(String),
}

/// What an account may see. Never nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Droits {
    perimetre: Option<Perimetre>,
    plateformes: BTreeSet<String>,
}

impl Droits {
    /// The right to see this territory, if one is given, and the tagging quality of these platforms.
    ///
    /// # Errors
    /// See [`DroitsInvalides`].
    pub fn new(
        perimetre: Option<Perimetre>,
        plateformes: impl IntoIterator<Item = String>,
    ) -> Result<Self, DroitsInvalides> {
        let plateformes: BTreeSet<String> = plateformes.into_iter().collect();
        if let Some(faux) = plateformes.iter().find(|nom| !peut_nommer(nom)) {
            return Err(DroitsInvalides::Plateforme(faux.clone()));
        }
        if perimetre.is_none() && plateformes.is_empty() {
            return Err(DroitsInvalides::Aucun);
        }
        Ok(Self {
            perimetre,
            plateformes,
        })
    }

    /// The territory seen; none for a provider's account.
    #[must_use]
    pub fn perimetre(&self) -> Option<&Perimetre> {
        self.perimetre.as_ref()
    }

    /// The platforms named, in order.
    #[must_use]
    pub fn plateformes(&self) -> &BTreeSet<String> {
        &self.plateformes
    }

    /// Every platform is seen, named or not: the whole country is.
    #[must_use]
    pub fn voit_toute_plateforme(&self) -> bool {
        self.perimetre
            .as_ref()
            .is_some_and(|perimetre| perimetre.niveau == Niveau::National)
    }
}

impl From<Perimetre> for Droits {
    fn from(perimetre: Perimetre) -> Self {
        Self {
            perimetre: Some(perimetre),
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
