//! How long what is kept is kept.

use frequent_plan::conservation::Durees;
use serde::{Deserialize, Serialize};

/// How long what is kept is kept; the ceilings are checked at start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Conservation {
    /// Raw events, in days.
    pub evenements_jours: u32,
    /// Presence, in months after its school year.
    pub presence_mois: u32,
    /// Pseudonym keys, in months after their school year.
    pub cles_mois: u32,
    /// Cells, in years.
    pub cumuls_annees: u32,
    /// Receipts, in months.
    pub recus_mois: u32,
    /// Tagging quality, in months.
    pub qualite_mois: u32,
    /// What is known of files already imported, in months.
    pub imports_mois: u32,
    /// Accounts, in months after they last served.
    pub comptes_mois: u32,
    /// The audit trail, in months.
    pub audit_mois: u32,
}

impl Conservation {
    /// The same, for who plans destructions.
    pub fn durees(&self) -> Durees {
        Durees {
            evenements_jours: self.evenements_jours,
            presence_mois: self.presence_mois,
            cles_mois: self.cles_mois,
            cumuls_annees: self.cumuls_annees,
            recus_mois: self.recus_mois,
            qualite_mois: self.qualite_mois,
            imports_mois: self.imports_mois,
            comptes_mois: self.comptes_mois,
            audit_mois: self.audit_mois,
        }
    }

    /// The oldest event worth accepting, in days: the door closes before events are destroyed, so
    /// that none comes for a day that cannot be counted any more.
    pub fn porte(&self, passe_max_jours: u32) -> u32 {
        passe_max_jours.min(self.evenements_jours)
    }
}
