//! In which months schools were visited: a word a month, and no count.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use frequent_plan::{Niveau, Periode, Uai};

use super::{Lecteur, LectureErreur, ProfilCellule};
use crate::porte::{Brutes, Portee};

/// The months of a list in which a school was visited, by their ranks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoisVisites(BTreeSet<usize>);

impl MoisVisites {
    /// Whether it was visited in the month of a rank.
    #[must_use]
    pub fn contient(&self, rang: usize) -> bool {
        self.0.contains(&rang)
    }

    /// Whether it was in one of these.
    #[must_use]
    pub fn dans(&self, rangs: RangeInclusive<usize>) -> bool {
        !rangs.is_empty() && self.0.range(rangs).next().is_some()
    }
}

impl Lecteur {
    /// In which of these months these schools were visited, less those that the gate hides. A
    /// school never visited has no entry.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub(crate) async fn mois_visites(
        self: &Arc<Self>,
        portee: &Portee,
        ecoles: Vec<Uai>,
        mois: Vec<Periode>,
    ) -> Result<Brutes<HashMap<Uai, MoisVisites>>, LectureErreur> {
        let vues = mois.iter().map(|mois| {
            let vues = portee.codes(Niveau::Ecole, mois.fin());
            let siennes = ecoles.iter().filter(|uai| vues.contient(uai.as_str()));
            (*mois, siennes.copied().collect::<Vec<Uai>>())
        });
        let vues: Vec<(Periode, Vec<Uai>)> = vues.collect();
        let lecteur = Arc::clone(self);
        let travail = move || {
            let mut visites: HashMap<Uai, MoisVisites> = HashMap::new();
            for (rang, (mois, ecoles)) in vues.iter().enumerate() {
                for (uai, _) in lecteur.visites(*mois, ecoles, ProfilCellule::Tous)? {
                    visites.entry(uai).or_default().0.insert(rang);
                }
            }
            Ok::<_, LectureErreur>(visites)
        };
        Ok(Brutes::new(tokio::task::spawn_blocking(travail).await??))
    }
}
