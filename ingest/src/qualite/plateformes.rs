//! Platforms as small numbers, so that counting an event allocates and compares no text.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

/// Most platforms told apart; those declared for keys and sites are some tens.
const PLATEFORMES_MAX: usize = 4_096;

/// A platform's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Plateforme(u16);

impl Plateforme {
    /// None, or one too many.
    pub(super) const INCONNUE: Self = Self(0);

    pub(crate) fn rang(self) -> u16 {
        self.0
    }
}

#[derive(Debug)]
struct Table {
    noms: Vec<Arc<str>>,
    par_nom: FxHashMap<Arc<str>, Plateforme>,
}

/// The platforms met since the start.
#[derive(Debug)]
pub(super) struct Plateformes(RwLock<Table>);

impl Default for Plateformes {
    fn default() -> Self {
        let vide: Arc<str> = Arc::from("");
        Self(RwLock::new(Table {
            noms: vec![Arc::clone(&vide)],
            par_nom: FxHashMap::from_iter([(vide, Plateforme::INCONNUE)]),
        }))
    }
}

impl Plateformes {
    /// The number of a platform, and its name to compare the next one with.
    pub(super) fn numero(&self, nom: &str) -> (Arc<str>, Plateforme) {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((nom, numero)) = table.par_nom.get_key_value(nom) {
            return (Arc::clone(nom), *numero);
        }
        drop(table);
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((nom, numero)) = table.par_nom.get_key_value(nom) {
            return (Arc::clone(nom), *numero);
        }
        let nom: Arc<str> = Arc::from(nom);
        let rang = u16::try_from(table.noms.len()).ok();
        let Some(rang) = rang.filter(|_| table.noms.len() < PLATEFORMES_MAX) else {
            return (nom, Plateforme::INCONNUE);
        };
        table.noms.push(Arc::clone(&nom));
        table.par_nom.insert(Arc::clone(&nom), Plateforme(rang));
        (nom, Plateforme(rang))
    }

    /// The name of a platform.
    pub(super) fn nom(&self, plateforme: Plateforme) -> Arc<str> {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&table.noms[usize::from(plateforme.0)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_keeps_its_number_and_those_past_the_bound_have_none() {
        let plateformes = Plateformes::default();
        assert_eq!(plateformes.numero("").1, Plateforme::INCONNUE);
        let une = plateformes.numero("ONE-OCC").1;
        for n in 0..5_000 {
            plateformes.numero(&format!("P{n}"));
        }
        assert_eq!(plateformes.numero("ONE-OCC").1, une);
        assert_eq!(&*plateformes.nom(une), "ONE-OCC");
        assert_eq!(plateformes.numero("P4999").1, Plateforme::INCONNUE);
    }
}
