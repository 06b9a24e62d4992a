//! Tidying what has landed: days that gather many small files have them merged, days that are over
//! become one sorted file.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use frequent_plan::{Horloge, Jour, Lac};

use super::{Bilan, dernier_jour_clos};
use crate::compactage::{CompactageErreur, Etendue, a_tasser, compacter, jours_clos};

/// A day with this many small files has them merged.
const FICHIERS_MAX: usize = 60;
/// How often the end of a day is looked for.
const VEILLE: Duration = Duration::from_secs(1);

/// The tidying of one lake.
pub(crate) struct Rangement {
    lac: Lac,
    horloge: Arc<dyn Horloge>,
    fichiers_max: usize,
    /// The closed days that await their compaction, and up to which day they were looked for.
    a_compacter: VecDeque<Jour>,
    cherche: Option<Jour>,
}

impl Rangement {
    pub(crate) fn new(lac: Lac, horloge: Arc<dyn Horloge>) -> Self {
        Self {
            lac,
            horloge,
            fichiers_max: FICHIERS_MAX,
            a_compacter: VecDeque::new(),
            cherche: None,
        }
    }

    /// The same, merging from this many files on.
    pub(crate) fn des(self, fichiers_max: usize) -> Self {
        Self {
            fichiers_max,
            ..self
        }
    }

    /// Tidies the days that have just received events, and one closed day.
    pub(crate) fn ranger(
        &mut self,
        jours: impl IntoIterator<Item = Jour>,
    ) -> Result<(), CompactageErreur> {
        for jour in jours {
            if a_tasser(&self.lac, jour, self.fichiers_max)? {
                compacter(&self.lac, jour, Etendue::Petits)?;
            }
        }
        let dernier = dernier_jour_clos(self.horloge.as_ref());
        if self.cherche != Some(dernier) {
            self.a_compacter = jours_clos(&self.lac, dernier)?.into();
            self.cherche = Some(dernier);
        }
        // One a turn, so that landing never waits for many; one that fails waits for tomorrow.
        if let Some(jour) = self.a_compacter.pop_front() {
            compacter(&self.lac, jour, Etendue::Tout)?;
        }
        Ok(())
    }

    /// Does some work while another thread tidies behind it what the work announces: for a work
    /// that must not be kept waiting, as a consumer that has to answer its group.
    pub(crate) fn accompagner<T>(mut self, travail: impl FnOnce(&Annonces) -> T) -> T {
        let (annonces, recues) = mpsc::channel();
        thread::scope(|fils| {
            fils.spawn(move || self.suivre(&recues));
            travail(&Annonces(annonces))
        })
    }

    fn suivre(&mut self, annonces: &Receiver<BTreeSet<Jour>>) {
        loop {
            let jours = match annonces.recv_timeout(VEILLE) {
                Ok(jours) => jours,
                Err(RecvTimeoutError::Timeout) => BTreeSet::new(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Err(erreur) = self.ranger(jours) {
                tracing::error!(%erreur, "compaction failed, it will be tried again another day");
            }
        }
    }
}

/// Where landings are announced.
pub(crate) struct Annonces(Sender<BTreeSet<Jour>>);

impl Annonces {
    pub(crate) fn annoncer(&self, bilan: &Bilan) {
        // The one who tidies outlives the work that it accompanies.
        let _ = self.0.send(bilan.jours.keys().copied().collect());
    }
}
