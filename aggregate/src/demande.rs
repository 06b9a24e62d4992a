//! What is asked of a run of counting, and what it says it did.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

use frequent_plan::{Jour, Periode};

use crate::erreur::Erreur;

/// What to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choix {
    /// What changed since the last run.
    Changes,
    /// These days again, whatever changed, and the periods that contain them.
    Jours(RangeInclusive<Jour>),
    /// Everything again.
    Tout,
}

impl Choix {
    /// Whether a period is asked for again, whatever changed.
    pub(crate) fn impose(&self, periode: Periode) -> bool {
        match self {
            Self::Changes => false,
            Self::Jours(jours) => {
                periode.debut() <= *jours.end() && periode.fin() >= *jours.start()
            }
            Self::Tout => true,
        }
    }
}

/// Who follows the progress of a run.
pub trait Suivi: Sync {
    /// So many more periods are to be counted.
    fn travaux(&self, nombre: usize);
    /// A period begins to be counted.
    fn commence(&self, periode: Periode);
    /// A period is counted and its results are in place.
    fn fait(&self, periode: Periode);
}

/// Nobody follows.
#[derive(Debug, Clone, Copy, Default)]
pub struct SansSuivi;

impl Suivi for SansSuivi {
    fn travaux(&self, _nombre: usize) {}
    fn commence(&self, _periode: Periode) {}
    fn fait(&self, _periode: Periode) {}
}

/// How a run uses the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reglages {
    /// Threads.
    pub fils: NonZeroUsize,
    /// Rows of events (48 bytes each) that may stay in memory; those of a day that has more go
    /// through temporary files in the data folder.
    pub lignes_en_memoire: usize,
    /// Files that the disk is waited for at once: it does the work, so more than there are threads.
    pub fichiers_en_attente: NonZeroUsize,
}

/// A period's presence and the cells of its seven levels.
const FICHIERS_PAR_PERIODE: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// 6 Mi rows of 48 bytes are 288 MiB: with what else a job holds, under 800 MiB whatever the day.
const LIGNES_EN_MEMOIRE: usize = 6 << 20;

impl Default for Reglages {
    fn default() -> Self {
        Self {
            fils: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            lignes_en_memoire: LIGNES_EN_MEMOIRE,
            fichiers_en_attente: FICHIERS_PAR_PERIODE,
        }
    }
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Bilan {
    /// The periods counted, in the order they were.
    pub faites: Vec<Periode>,
    /// The periods that stay as they were because the results or the presence of one of their days
    /// are missing.
    pub figees: Vec<Periode>,
    /// The days that keep their figures although their events are gone and were not destroyed by
    /// rule: files were lost.
    pub disparus: Vec<Jour>,
    /// The periods that could not be counted, and why; the others were.
    pub echecs: Vec<(Periode, Erreur)>,
}
