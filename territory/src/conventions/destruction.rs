//! What a convention's end makes it a duty to destroy, and when.
//!
//! A school's data are due once it is under no convention of the platform any more: because the
//! convention was ended, or ran out without being renewed, or because the school left it or was taken
//! off it.

use frequent_plan::{Jour, Uai};

use super::convention::{Convention, SortCumuls};
use super::deploiement::Deploiement;
use super::intervalle::Intervalle;
use super::textes::{Libelle, Reference};

/// Longest delay between an end and the destruction, in days: what conventions ask.
pub const DELAI_DESTRUCTION_MAX: u8 = 15;

/// A school whose data are to be destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ADetruire {
    /// The convention that ended for it.
    pub convention: Reference,
    /// The school.
    pub uai: Uai,
    /// The platform whose data are concerned.
    pub plateforme: Libelle,
    /// The days on which it was under the convention.
    pub sejour: Intervalle,
    /// The last day on which the destruction is to be done.
    pub echeance: Jour,
    /// What becomes of the cells.
    pub cumuls: SortCumuls,
}

impl Convention {
    /// The schools whose stay is over and whose data stand, each with the day by which they are to
    /// be destroyed: `delai` days after its last day, and never more than 15.
    pub fn echeances(&self, delai: u8) -> impl Iterator<Item = ADetruire> {
        let delai = i32::from(delai.min(DELAI_DESTRUCTION_MAX));
        let cumuls = self.cloture().map(|cloture| cloture.cumuls);
        let cumuls = cumuls.unwrap_or_default();
        let retires = self.retraits().iter();
        let retires = retires
            .filter(|(_, retrait)| retrait.detruit_le.is_none())
            .map(|(uai, retrait)| (*uai, retrait.sejour, retrait.cumuls));
        self.sejours()
            .filter(|(uai, _)| !self.detruites().contains_key(uai))
            .map(move |(uai, sejour)| (uai, sejour, cumuls))
            .chain(retires)
            .map(move |(uai, sejour, cumuls)| ADetruire {
                convention: self.reference().clone(),
                uai,
                plateforme: self.termes().plateforme.clone(),
                sejour,
                echeance: sejour.au().plus(delai),
                cumuls,
            })
    }
}

impl Deploiement {
    /// What is due on a day: the destruction's day has come, and the school is under no other
    /// convention of the same platform, on that day or right after the one that ended.
    #[must_use]
    pub fn a_detruire(&self, conventions: &[Convention], au: Jour, delai: u8) -> Vec<ADetruire> {
        let suivie = |du: &ADetruire, jour: Jour| {
            self.du_jour(du.uai, jour)
                .any(|autre| autre.plateforme == du.plateforme)
        };
        conventions
            .iter()
            .flat_map(|convention| convention.echeances(delai))
            .filter(|due| due.sejour.au() < au && due.echeance <= au)
            .filter(|due| !suivie(due, au) && !suivie(due, due.sejour.au().plus(1)))
            .collect()
    }
}
