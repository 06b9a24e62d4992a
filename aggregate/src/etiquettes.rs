//! Tool labels, and sets of them, as small numbers for the time of one job.
//!
//! Numbers are given in order of arrival, which depends on threads and files: they never reach a
//! file, where labels are written and ordered as texts.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

/// A tool's label; [`Outil::AUCUN`] for an event without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Outil(pub u32);

impl Outil {
    /// No label.
    pub(crate) const AUCUN: Self = Self(0);
}

/// A set of tool labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ensemble(pub u32);

impl Ensemble {
    /// The empty set.
    pub(crate) const VIDE: Self = Self(0);
}

/// The labels and sets met by a job, shared by its threads.
#[derive(Debug)]
pub(crate) struct Etiquettes(Mutex<Tables>);

#[derive(Debug)]
struct Tables {
    libelles: Vec<Arc<str>>,
    outils: FxHashMap<Arc<str>, Outil>,
    ensembles: Vec<Arc<[Outil]>>,
    par_ensemble: FxHashMap<Arc<[Outil]>, Ensemble>,
}

impl Etiquettes {
    /// Only "no label" and the empty set.
    pub(crate) fn new() -> Self {
        let rien: Arc<str> = Arc::from("");
        let vide: Arc<[Outil]> = Arc::from([]);
        Self(Mutex::new(Tables {
            libelles: vec![Arc::clone(&rien)],
            outils: FxHashMap::from_iter([(rien, Outil::AUCUN)]),
            ensembles: vec![Arc::clone(&vide)],
            par_ensemble: FxHashMap::from_iter([(vide, Ensemble::VIDE)]),
        }))
    }

    /// The tables are consistent after each statement that touches them, so a thread that
    /// panicked left nothing half done.
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a label; the empty label is none.
    pub(crate) fn outil(&self, libelle: &str) -> Outil {
        let mut tables = self.tables();
        if let Some(&outil) = tables.outils.get(libelle) {
            return outil;
        }
        let outil = Outil(numero(tables.libelles.len()));
        let libelle: Arc<str> = Arc::from(libelle);
        tables.libelles.push(Arc::clone(&libelle));
        tables.outils.insert(libelle, outil);
        outil
    }

    /// The label of a number given by [`Self::outil`].
    pub(crate) fn libelle(&self, outil: Outil) -> Arc<str> {
        Arc::clone(&self.tables().libelles[outil.0 as usize])
    }

    /// Every label so far, by number.
    pub(crate) fn libelles(&self) -> Vec<Arc<str>> {
        self.tables().libelles.clone()
    }

    /// The number of a set of labels, sorted and without repetition by this function.
    pub(crate) fn ensemble(&self, outils: &mut Vec<Outil>) -> Ensemble {
        if outils.is_empty() {
            return Ensemble::VIDE;
        }
        outils.sort_unstable();
        outils.dedup();
        let mut tables = self.tables();
        if let Some(&ensemble) = tables.par_ensemble.get(outils.as_slice()) {
            return ensemble;
        }
        let ensemble = Ensemble(numero(tables.ensembles.len()));
        let contenu: Arc<[Outil]> = Arc::from(outils.as_slice());
        tables.ensembles.push(Arc::clone(&contenu));
        tables.par_ensemble.insert(contenu, ensemble);
        ensemble
    }

    /// The labels of a set given by [`Self::ensemble`].
    pub(crate) fn contenu(&self, ensemble: Ensemble) -> Arc<[Outil]> {
        Arc::clone(&self.tables().ensembles[ensemble.0 as usize])
    }

    /// The union of two sets.
    pub(crate) fn union(&self, a: Ensemble, b: Ensemble) -> Ensemble {
        if a == b || b == Ensemble::VIDE {
            return a;
        }
        if a == Ensemble::VIDE {
            return b;
        }
        let mut outils = self.contenu(a).to_vec();
        outils.extend_from_slice(&self.contenu(b));
        self.ensemble(&mut outils)
    }
}

/// Four billion labels or sets are beyond any job's memory.
fn numero(rang: usize) -> u32 {
    u32::try_from(rang).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_labels_make_the_same_set_in_any_order() {
        let etiquettes = Etiquettes::new();
        let a = etiquettes.outil("PADLET");
        let b = etiquettes.outil("MOODLE");
        let ab = etiquettes.ensemble(&mut vec![a, b]);
        assert_eq!(etiquettes.ensemble(&mut vec![b, a, b]), ab);
        let seul = etiquettes.ensemble(&mut vec![a]);
        let autre = etiquettes.ensemble(&mut vec![b]);
        assert_eq!(etiquettes.union(seul, autre), ab);
        assert_eq!(etiquettes.union(seul, Ensemble::VIDE), seul);
        assert_eq!(etiquettes.outil(""), Outil::AUCUN);
        assert_eq!(&*etiquettes.libelle(b), "MOODLE");
    }
}
