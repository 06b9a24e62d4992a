//! Settings of secrecy.

use frequent_api::porte::{Seuil, Seuils};
use serde::{Deserialize, Serialize};

/// How few people a figure may be about.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SecretStatistique {
    /// In the console and the API.
    pub seuil: Seuil,
    /// In what is published.
    pub seuil_publication: Seuil,
}

impl SecretStatistique {
    /// Adds what is wrong to the list.
    pub(super) fn verifier(self, fautes: &mut Vec<String>) {
        if self.seuil_publication < self.seuil {
            fautes.push("secret.seuil_publication : secret.seuil au moins".to_owned());
        }
    }

    /// The thresholds.
    pub fn seuils(self) -> Seuils {
        Seuils {
            consultation: self.seuil,
            publication: self.seuil_publication,
        }
    }
}
