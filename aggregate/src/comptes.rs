//! The four measures, and the counts of one code (a school, a territory) for every profile.

use rustc_hash::FxHashMap;

use crate::etiquettes::Outil;
use crate::membres::{FERMES, PROFILS, TOUS};

/// The four measures of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mesures {
    /// Number of visits.
    pub visites: i64,
    /// Number of distinct visitors, exact.
    pub utilisateurs: i64,
    /// Sum of durations, in milliseconds.
    pub duree_ms: i64,
    /// Number of events.
    pub evenements: i64,
}

impl Mesures {
    /// Adds what adds up over schools and days: all but the users. Users are added too, and stay
    /// too many until the visitors seen in several places are taken back ([`crate::recoupement`]).
    pub(crate) fn ajouter(&mut self, autre: &Self) {
        self.visites += autre.visites;
        self.utilisateurs += autre.utilisateurs;
        self.duree_ms += autre.duree_ms;
        self.evenements += autre.evenements;
    }
}

/// The counts of one code under one profile.
#[derive(Debug, Clone)]
pub(crate) struct Comptes {
    /// By position of [`crate::membres`].
    pub fermes: [Mesures; FERMES],
    /// By tool label.
    pub outils: FxHashMap<Outil, Mesures>,
}

impl Comptes {
    fn nuls() -> Self {
        Self {
            fermes: [Mesures::default(); FERMES],
            outils: FxHashMap::default(),
        }
    }

    fn ajouter(&mut self, autre: &Self) {
        for (somme, terme) in self.fermes.iter_mut().zip(&autre.fermes) {
            somme.ajouter(terme);
        }
        for (outil, terme) in &autre.outils {
            self.outils.entry(*outil).or_default().ajouter(terme);
        }
    }
}

/// The counts of one code: one [`Comptes`] a profile, and `TOUS` last. A profile nobody had takes
/// no room: most communes have one small school.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cube([Option<Box<Comptes>>; PROFILS + 1]);

impl Cube {
    /// The counts of a profile (or of [`TOUS`]), if it has any.
    pub(crate) fn comptes(&self, profil: usize) -> Option<&Comptes> {
        self.0[profil].as_deref()
    }

    /// The counts of a profile (or of [`TOUS`]), null at first.
    pub(crate) fn profil(&mut self, profil: usize) -> &mut Comptes {
        self.0[profil].get_or_insert_with(|| Box::new(Comptes::nuls()))
    }

    /// Adds the counts of another code, profile by profile, `TOUS` included.
    pub(crate) fn ajouter(&mut self, autre: &Self) {
        for (rang, comptes) in autre.0.iter().enumerate() {
            if let Some(comptes) = comptes {
                self.profil(rang).ajouter(comptes);
            }
        }
    }

    /// Makes `TOUS` the sum of the profiles, users included: a person seen under two profiles is
    /// still there twice.
    pub(crate) fn totaliser(&mut self) {
        let (profils, tous) = self.0.split_at_mut(TOUS);
        let mut presents = profils.iter().flatten();
        let Some(premier) = presents.next() else {
            return;
        };
        let somme = tous[0].insert(premier.clone());
        for comptes in presents {
            somme.ajouter(comptes);
        }
    }
}
