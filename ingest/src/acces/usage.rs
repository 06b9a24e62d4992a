//! What a key or a site is for.

use serde::{Deserialize, Serialize};

/// To be counted, or to be tried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Usage {
    /// What it sends is counted.
    #[default]
    Production,
    /// What it sends is judged field by field, and neither counted, nor kept, nor logged.
    Essai,
}

impl Usage {
    /// Most are: files say only what differs.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it with a reference"
    )]
    pub(super) fn est_production(&self) -> bool {
        *self == Self::Production
    }
}
