//! Merging sorted parts.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use super::debordement::Suite;
use super::enregistrement::Enregistrement;

/// Sorted parts merged into one sequence.
pub(super) struct Fusion {
    suites: Vec<Suite>,
    tetes: BinaryHeap<Reverse<Tete>>,
}

struct Tete {
    ligne: Enregistrement,
    suite: usize,
}

impl PartialEq for Tete {
    fn eq(&self, autre: &Self) -> bool {
        self.cmp(autre).is_eq()
    }
}

impl Eq for Tete {}

impl PartialOrd for Tete {
    fn partial_cmp(&self, autre: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(autre))
    }
}

impl Ord for Tete {
    fn cmp(&self, autre: &Self) -> std::cmp::Ordering {
        self.ligne.ordre_table(&autre.ligne)
    }
}

impl Fusion {
    pub(super) fn ouvrir(suites: Vec<Suite>) -> io::Result<Self> {
        let mut fusion = Self {
            tetes: BinaryHeap::with_capacity(suites.len()),
            suites,
        };
        for suite in 0..fusion.suites.len() {
            fusion.avancer(suite)?;
        }
        Ok(fusion)
    }

    fn avancer(&mut self, suite: usize) -> io::Result<()> {
        if let Some(ligne) = self.suites[suite].suivant()? {
            self.tetes.push(Reverse(Tete { ligne, suite }));
        }
        Ok(())
    }

    pub(super) fn suivant(&mut self) -> io::Result<Option<Enregistrement>> {
        let Some(Reverse(tete)) = self.tetes.pop() else {
            return Ok(None);
        };
        self.avancer(tete.suite)?;
        Ok(Some(tete.ligne))
    }
}
