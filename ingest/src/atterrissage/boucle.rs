//! Landing again and again while the server runs, and tidying what has landed.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use frequent_plan::{Horloge, Jour, Lac, Plan};

use super::{AtterrissageErreur, Bilan, Rangement, atterrir, atterrir_scelles};
use crate::journal::JournalEmbarque;
use crate::pouls::Pouls;

/// When to land and to tidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReglagesAtterrissage {
    /// Longest time that an event stays in the log; under load a full segment lands sooner.
    pub intervalle: Duration,
    /// A day with this many files has its small ones merged.
    pub fichiers_max: usize,
}

impl Default for ReglagesAtterrissage {
    /// Every 60 s; 60 files.
    fn default() -> Self {
        Self {
            intervalle: Duration::from_mins(1),
            fichiers_max: 60,
        }
    }
}

/// How often full segments and the end of a day are looked for.
const VEILLE: Duration = Duration::from_secs(1);

/// Lands what the log holds, on schedule, and compacts days once they are closed.
pub struct Atterrisseur {
    journal: JournalEmbarque,
    lac: Lac,
    plan: Arc<Plan>,
    reglages: ReglagesAtterrissage,
    dernier: Instant,
    rangement: Rangement,
    pouls: Pouls,
}

impl Atterrisseur {
    /// Lands this log in this lake.
    #[must_use]
    pub fn new(
        journal: JournalEmbarque,
        lac: Lac,
        plan: Arc<Plan>,
        horloge: Arc<dyn Horloge>,
        reglages: ReglagesAtterrissage,
    ) -> Self {
        Self {
            journal,
            rangement: Rangement::new(lac.clone(), horloge).des(reglages.fichiers_max),
            lac,
            plan,
            reglages,
            dernier: Instant::now(),
            pouls: Pouls::default(),
        }
    }

    /// Beats each time that all there was to land has landed.
    #[must_use]
    pub fn pouls(&self) -> Pouls {
        self.pouls.clone()
    }

    /// Works, on the caller's thread, until `arret` receives something or loses its sender, then
    /// lands what is left. `apres` is called after each landing that brought something. What fails
    /// is logged and tried again.
    pub fn tourner(mut self, arret: &Receiver<()>, mut apres: impl FnMut(&Bilan)) {
        loop {
            let fini = arret.recv_timeout(VEILLE) != Err(RecvTimeoutError::Timeout);
            match self.atterrir(fini) {
                Ok(bilan) => {
                    self.pouls.battre();
                    bilan.mesurer();
                    if bilan.segments > 0 {
                        apres(&bilan);
                    }
                    if !fini && let Err(erreur) = self.rangement.ranger(bilan.jours.into_keys()) {
                        tracing::error!(%erreur, "compaction failed, it will be tried again another day");
                    }
                }
                Err(erreur) => {
                    metrics::counter!("frequent_atterrissage_echecs_total").increment(1);
                    tracing::error!(%erreur, "landing failed, it will be tried again");
                }
            }
            if fini {
                return;
            }
        }
    }

    fn atterrir(&mut self, fini: bool) -> Result<Bilan, AtterrissageErreur> {
        if fini || self.dernier.elapsed() >= self.reglages.intervalle {
            self.dernier = Instant::now();
            let bilan = atterrir(&self.journal, &self.lac, &self.plan)?;
            noter_le_moment();
            return Ok(bilan);
        }
        atterrir_scelles(&self.journal, &self.lac, &self.plan)
    }
}

/// Tells whoever watches the process that all there was has landed.
pub(crate) fn noter_le_moment() {
    let ecoule = SystemTime::now().duration_since(UNIX_EPOCH);
    let secondes = ecoule.map_or(0.0, |duree| duree.as_secs_f64());
    metrics::gauge!("frequent_atterrissage_dernier_timestamp_seconds").set(secondes);
}

/// The day before yesterday in UTC: over by a full day in every time zone of France.
#[must_use]
pub fn dernier_jour_clos(horloge: &dyn Horloge) -> Jour {
    horloge.maintenant().jour_utc().plus(-2)
}
