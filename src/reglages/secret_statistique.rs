//! Settings of secrecy.

use frequent_api::porte::Seuil;
use serde::{Deserialize, Serialize};

/// How few people a figure may be about.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SecretStatistique {
    /// In the console, the API and whatever leaves through them.
    pub seuil: Seuil,
}
