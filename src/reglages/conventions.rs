//! Settings of conventions and of the deployment that they make.

use frequent_api::conventions::ReglagesConventions as Conventions;
use frequent_territory::conventions::DELAI_DESTRUCTION_MAX;
use serde::{Deserialize, Serialize};

use super::Reglages;

/// Conventions, and what their end makes it a duty to destroy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReglagesConventions {
    /// Days between an end and the destruction.
    pub delai_destruction_jours: u8,
}

/// What makes a school active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReglagesDeploiement {
    /// Distinct days with visits.
    pub jours_distincts: u16,
    /// Visits of teachers.
    pub visites_enseignants: u32,
}

impl ReglagesConventions {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(self, fautes: &mut Vec<String>) {
        if self.delai_destruction_jours > DELAI_DESTRUCTION_MAX {
            fautes.push(format!(
                "conventions.delai_destruction_jours : {DELAI_DESTRUCTION_MAX} jours au plus"
            ));
        }
    }
}

impl ReglagesDeploiement {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(self, fautes: &mut Vec<String>) {
        if !(1..=366).contains(&self.jours_distincts) {
            fautes.push("deploiement.jours_distincts : de 1 à 366 jours".to_owned());
        }
        if self.visites_enseignants > 1_000_000 {
            fautes.push("deploiement.visites_enseignants : de 0 à 1 000 000".to_owned());
        }
    }
}

impl Reglages {
    /// How conventions are read and ended.
    pub fn conventions(&self) -> Conventions {
        Conventions {
            delai_destruction_jours: self.conventions.delai_destruction_jours,
            jours_distincts: self.deploiement.jours_distincts,
            visites_enseignants: self.deploiement.visites_enseignants,
        }
    }
}
