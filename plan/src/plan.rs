//! The marking plan as data: services with their themes, labels, legacy codes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::vocabulaire::{Appareil, Navigateur, Os, Profil, Tranche, TypeService};

const PLAN: &str = include_str!("../data/plan-2026.toml");

/// Presence keeps one bit a service in 32 bits.
const SERVICES_MAX: usize = 32;

/// One service of the marking plan, by its rank in the plan's list. Only a [`Plan`] makes one, so
/// the rank is always below the number of services of that plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service(u8);

impl Service {
    /// The rank in the plan's list, which is the bit in `presence`.
    #[must_use]
    pub const fn rang(self) -> u8 {
        self.0
    }
}

/// A member of a vocabulary with the words the console shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membre {
    /// The code, as it travels and as it is stored.
    pub code: String,
    /// The label, in French.
    pub libelle: String,
    /// The legacy tag's code, when it had one.
    #[serde(default, skip_serializing)]
    pub ancien: Option<String>,
}

/// A service as the plan's data file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptionService {
    /// The code, as it travels and as it is stored.
    pub code: String,
    /// The code of its theme.
    pub theme: String,
    /// The label, in French.
    pub libelle: String,
    /// The legacy tag's code, when it had one; the empty text is its empty code.
    #[serde(default, skip_serializing)]
    pub ancien: Option<String>,
}

/// The marking plan: every vocabulary, in the order that presence bits follow.
#[derive(Debug, Clone)]
pub struct Plan {
    contenu: Contenu,
    par_code: HashMap<String, Service>,
    par_ancien: HashMap<String, Service>,
    profils_anciens: HashMap<String, Profil>,
}

/// The vocabularies and their labels, as the API gives them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contenu {
    /// The plan's version.
    pub version: String,
    /// Profiles.
    pub profils: Vec<Membre>,
    /// Service types.
    pub types: Vec<Membre>,
    /// Devices.
    pub appareils: Vec<Membre>,
    /// Operating systems.
    pub os: Vec<Membre>,
    /// Browsers.
    pub navigateurs: Vec<Membre>,
    /// Duration classes.
    pub tranches: Vec<Membre>,
    /// Themes of services.
    pub themes: Vec<Membre>,
    /// Services.
    pub services: Vec<DescriptionService>,
}

/// A plan's data file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlanInvalide {
    /// The file is not the TOML that is expected.
    #[error("plan de marquage illisible : {0}")]
    Illisible(#[from] toml::de::Error),
    /// A closed vocabulary differs from the one the program knows.
    #[error("plan de marquage : la liste « {0} » n’est pas celle que le programme connaît")]
    Vocabulaire(&'static str),
    /// A service is given twice, or names an unknown theme, or is one too many.
    #[error(
        "plan de marquage : service « {0} » en double, de thème inconnu ou en trop (32 au plus)"
    )]
    Service(String),
}

impl Plan {
    /// The plan that ships with the program.
    ///
    /// # Errors
    /// See [`PlanInvalide`].
    pub fn integre() -> Result<Self, PlanInvalide> {
        Self::lire(PLAN)
    }

    /// Reads a plan's data file and checks it against the vocabularies that code names.
    ///
    /// # Errors
    /// See [`PlanInvalide`].
    pub fn lire(texte: &str) -> Result<Self, PlanInvalide> {
        let contenu: Contenu = toml::from_str(texte)?;
        verifier_liste(
            "profils",
            &contenu.profils,
            Profil::TOUS.iter().map(|m| m.code()),
        )?;
        verifier_liste(
            "types",
            &contenu.types,
            TypeService::TOUS.iter().map(|m| m.code()),
        )?;
        verifier_liste(
            "appareils",
            &contenu.appareils,
            Appareil::TOUS.iter().map(|m| m.code()),
        )?;
        verifier_liste("os", &contenu.os, Os::TOUS.iter().map(|m| m.code()))?;
        verifier_liste(
            "navigateurs",
            &contenu.navigateurs,
            Navigateur::TOUS.iter().map(|m| m.code()),
        )?;
        verifier_liste(
            "tranches",
            &contenu.tranches,
            Tranche::TOUS.iter().map(|m| m.code()),
        )?;

        let mut par_code = HashMap::new();
        let mut par_ancien = HashMap::new();
        for (rang, service) in contenu.services.iter().enumerate() {
            let faute = || PlanInvalide::Service(service.code.clone());
            if rang >= SERVICES_MAX || !contenu.themes.iter().any(|t| t.code == service.theme) {
                return Err(faute());
            }
            let numero = Service(u8::try_from(rang).map_err(|_| faute())?);
            if par_code.insert(service.code.clone(), numero).is_some() {
                return Err(faute());
            }
            if let Some(ancien) = &service.ancien
                && par_ancien.insert(ancien.clone(), numero).is_some()
            {
                return Err(faute());
            }
        }
        let profils_anciens = Profil::TOUS
            .iter()
            .zip(&contenu.profils)
            .filter_map(|(profil, membre)| Some((membre.ancien.clone()?, *profil)))
            .collect();
        Ok(Self {
            contenu,
            par_code,
            par_ancien,
            profils_anciens,
        })
    }

    /// The service of this code, if it is one.
    #[must_use]
    pub fn service(&self, code: &str) -> Option<Service> {
        self.par_code.get(code).copied()
    }

    /// The service of a legacy numeric code; the empty code is the home page.
    #[must_use]
    pub fn service_ancien(&self, code: &str) -> Option<Service> {
        self.par_ancien.get(code).copied()
    }

    /// The profile of a legacy numeric code; any code that the plan does not list is
    /// [`Profil::Autre`].
    #[must_use]
    pub fn profil_ancien(&self, code: &str) -> Profil {
        self.profils_anciens
            .get(code)
            .copied()
            .unwrap_or(Profil::Autre)
    }

    /// The service of this rank, if the plan has that many.
    #[must_use]
    pub fn service_de_rang(&self, rang: u8) -> Option<Service> {
        (usize::from(rang) < self.contenu.services.len()).then_some(Service(rang))
    }

    /// The code of a service.
    #[must_use]
    pub fn code(&self, service: Service) -> &str {
        self.contenu
            .services
            .get(usize::from(service.0))
            .map_or("", |s| s.code.as_str())
    }

    /// Every service, in the plan's order.
    pub fn services(&self) -> impl ExactSizeIterator<Item = Service> + use<> {
        let nombre = u8::try_from(self.contenu.services.len()).unwrap_or(u8::MAX);
        (0..nombre).map(Service)
    }

    /// The vocabularies and their labels.
    #[must_use]
    pub fn contenu(&self) -> &Contenu {
        &self.contenu
    }
}

fn verifier_liste<'a>(
    nom: &'static str,
    lue: &[Membre],
    connue: impl Iterator<Item = &'a str>,
) -> Result<(), PlanInvalide> {
    if lue.iter().map(|m| m.code.as_str()).eq(connue) {
        Ok(())
    } else {
        Err(PlanInvalide::Vocabulaire(nom))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_has_its_twenty_five_services_in_six_themes() {
        let plan = Plan::integre().unwrap();
        assert_eq!(plan.services().len(), 25);
        assert_eq!(plan.contenu().themes.len(), 6);
        let premier = plan.services().next().unwrap();
        assert_eq!(plan.code(premier), "ACCUEIL");
    }

    #[test]
    fn legacy_codes_find_todays_services() {
        let plan = Plan::integre().unwrap();
        for (ancien, code) in [
            ("", "ACCUEIL"),
            ("2", "PRODUCTION_COLLABORATIVE"),
            ("13", "RESSOURCE_DOCUMENTAIRE"),
            ("19", "VISIOCONFERENCE"),
        ] {
            assert_eq!(plan.code(plan.service_ancien(ancien).unwrap()), code);
        }
        assert_eq!(plan.service_ancien("8"), None);
    }

    #[test]
    fn legacy_profile_codes_find_todays_profiles_and_the_others_are_other() {
        let plan = Plan::integre().unwrap();
        for (ancien, profil) in [
            ("1", Profil::Eleve),
            ("2", Profil::Enseignant),
            ("3", Profil::Parent),
            ("4", Profil::AdminVieScolTech),
            ("7", Profil::Collectivite),
            ("5", Profil::Autre),
            ("x", Profil::Autre),
        ] {
            assert_eq!(plan.profil_ancien(ancien), profil, "{ancien}");
        }
    }

    #[test]
    fn a_new_service_needs_nothing_but_a_line_of_data() {
        let ajout = "\n  { code = \"NOUVEAU\", theme = \"GESTION\", libelle = \"Nouveau\" },\n]";
        let texte = format!("{}{ajout}", PLAN.trim_end().trim_end_matches(']'));
        let plan = Plan::lire(&texte).unwrap();
        assert_eq!(plan.service("NOUVEAU").unwrap().rang(), 25);
    }

    #[test]
    fn a_service_given_twice_is_refused() {
        let ajout = "\n  { code = \"NOTES\", theme = \"GESTION\", libelle = \"Notes\" },\n]";
        let texte = format!("{}{ajout}", PLAN.trim_end().trim_end_matches(']'));
        assert!(matches!(Plan::lire(&texte), Err(PlanInvalide::Service(code)) if code == "NOTES"));
    }

    #[test]
    fn a_profile_that_code_does_not_know_is_refused() {
        let texte = PLAN.replacen("ELEVE", "ETUDIANT", 1);
        assert!(matches!(
            Plan::lire(&texte),
            Err(PlanInvalide::Vocabulaire("profils"))
        ));
    }
}
