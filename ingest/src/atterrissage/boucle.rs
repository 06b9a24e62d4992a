//! Landing again and again while the server runs, and tidying what has landed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use frequent_plan::{Horloge, Jour, Lac, Plan};

use super::{AtterrissageErreur, Bilan, atterrir, atterrir_scelles};
use crate::compactage::{CompactageErreur, Etendue, a_tasser, compacter, jours_clos};
use crate::journal::JournalEmbarque;

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
    horloge: Arc<dyn Horloge>,
    reglages: ReglagesAtterrissage,
    dernier: Instant,
    /// The closed days that await their compaction, and up to which day they were looked for.
    a_compacter: VecDeque<Jour>,
    cherche: Option<Jour>,
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
            lac,
            plan,
            horloge,
            reglages,
            dernier: Instant::now(),
            a_compacter: VecDeque::new(),
            cherche: None,
        }
    }

    /// Works, on the caller's thread, until `arret` receives something or loses its sender, then
    /// lands what is left. `apres` is called after each landing that brought something. What fails
    /// is logged and tried again.
    pub fn tourner(mut self, arret: &Receiver<()>, mut apres: impl FnMut(&Bilan)) {
        loop {
            let fini = arret.recv_timeout(VEILLE) != Err(RecvTimeoutError::Timeout);
            match self.atterrir(fini) {
                Ok(bilan) => {
                    if bilan.segments > 0 {
                        apres(&bilan);
                    }
                    if !fini && let Err(erreur) = self.ranger(&bilan) {
                        tracing::error!(%erreur, "compaction failed, it will be tried again another day");
                    }
                }
                Err(erreur) => tracing::error!(%erreur, "landing failed, it will be tried again"),
            }
            if fini {
                return;
            }
        }
    }

    fn atterrir(&mut self, fini: bool) -> Result<Bilan, AtterrissageErreur> {
        if fini || self.dernier.elapsed() >= self.reglages.intervalle {
            self.dernier = Instant::now();
            return atterrir(&self.journal, &self.lac, &self.plan);
        }
        atterrir_scelles(&self.journal, &self.lac, &self.plan)
    }

    fn ranger(&mut self, bilan: &Bilan) -> Result<(), CompactageErreur> {
        for jour in bilan.jours.keys() {
            if a_tasser(&self.lac, *jour, self.reglages.fichiers_max)? {
                compacter(&self.lac, *jour, Etendue::Petits)?;
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
}

/// The day before yesterday in UTC: over by a full day in every time zone of France.
#[must_use]
pub fn dernier_jour_clos(horloge: &dyn Horloge) -> Jour {
    const MS_PAR_JOUR: i64 = 24 * 3_600_000;
    let aujourdhui = horloge.maintenant().0.div_euclid(MS_PAR_JOUR);
    Jour::de_epoque(i32::try_from(aujourdhui).unwrap_or(i32::MAX)).plus(-2)
}
