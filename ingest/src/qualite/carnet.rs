//! The counters of one sender and day, or of one batch: cells by platform and school, and refusals
//! by what was wrong. Bounded: past a number of places, what comes is counted without its school,
//! and past a number of examples without its example; nothing is left uncounted.

use std::collections::hash_map::Entry;

use frequent_plan::{Instant, Raison, Refus, Uai};
use rustc_hash::FxHashMap;

use super::exemple::{champ_connu, montrable};
use super::mesure::Mesure;
use super::plateformes::Plateforme;

/// Most places (platform and school) of a sender and day; a provider has a few thousand schools.
const LIEUX_MAX: usize = 20_000;
/// Most kinds of refusal of a sender and day told apart.
const REFUS_MAX: usize = 10_000;
/// Most examples of a sender, day, reason and field.
const EXEMPLES_MAX: usize = 20;

const MESURES: usize = Mesure::TOUTES.len();

/// Where a figure belongs: a platform and a school, where they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Lieu {
    pub plateforme: Plateforme,
    pub uai: Option<Uai>,
}

impl Lieu {
    fn sans_ecole(self) -> Self {
        Self { uai: None, ..self }
    }
}

/// The counters of a place.
#[derive(Debug, Clone)]
pub(super) struct Cellule {
    nombres: [u64; MESURES],
    pub dernier: Instant,
}

impl Cellule {
    const VIDE: Self = Self {
        nombres: [0; MESURES],
        dernier: Instant(i64::MIN),
    };

    pub(super) fn compter(&mut self, mesure: Mesure) {
        self.nombres[mesure as usize] += 1;
    }

    pub(super) fn de(&self, mesure: Mesure) -> u64 {
        self.nombres[mesure as usize]
    }

    fn ajouter(&mut self, autre: &Self) {
        for (total, partie) in self.nombres.iter_mut().zip(autre.nombres) {
            *total += partie;
        }
        self.dernier = self.dernier.max(autre.dernier);
    }
}

/// What a refusal is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Motif {
    pub lieu: Lieu,
    pub raison: Raison,
    pub champ: &'static str,
    pub exemple: Option<Box<str>>,
}

/// How many times, and when last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compte {
    pub nombre: u64,
    pub dernier: Instant,
}

/// The counters. The first place stands apart, so that a lone hit allocates nothing.
#[derive(Debug, Default)]
pub(super) struct Carnet {
    premiere: Option<(Lieu, Cellule)>,
    autres: FxHashMap<Lieu, Cellule>,
    refus: FxHashMap<Motif, Compte>,
    exemples: FxHashMap<(Raison, &'static str), Vec<Box<str>>>,
}

impl Carnet {
    /// The counters of a place, where something was received at this instant.
    pub(super) fn cellule(&mut self, lieu: Lieu, recu_le: Instant) -> &mut Cellule {
        let lieu = self.borner(lieu);
        let premiere = self.premiere.get_or_insert((lieu, Cellule::VIDE));
        let cellule = if premiere.0 == lieu {
            &mut premiere.1
        } else {
            self.autres.entry(lieu).or_insert(Cellule::VIDE)
        };
        cellule.dernier = cellule.dernier.max(recu_le);
        cellule
    }

    /// The place itself while there is room, then its platform's, then the nameless one.
    fn borner(&self, lieu: Lieu) -> Lieu {
        let libre = |lieu: &Lieu, place: usize| {
            self.autres.len() < place
                || self.premiere.as_ref().is_some_and(|(l, _)| l == lieu)
                || self.autres.contains_key(lieu)
        };
        if libre(&lieu, LIEUX_MAX) {
            lieu
        } else if libre(&lieu.sans_ecole(), 2 * LIEUX_MAX) {
            lieu.sans_ecole()
        } else {
            Lieu {
                plateforme: Plateforme::INCONNUE,
                uai: None,
            }
        }
    }

    /// Counts a refusal.
    pub(super) fn refuser(&mut self, lieu: Lieu, refus: &Refus, recu_le: Instant) {
        let motif = Motif {
            lieu,
            raison: refus.raison,
            champ: champ_connu(&refus.champ),
            exemple: montrable(refus).map(Into::into),
        };
        self.ajouter_refus(
            motif,
            Compte {
                nombre: 1,
                dernier: recu_le,
            },
        );
    }

    fn ajouter_refus(&mut self, mut motif: Motif, compte: Compte) {
        if self.refus.len() >= REFUS_MAX && !self.refus.contains_key(&motif) {
            motif.lieu = motif.lieu.sans_ecole();
            motif.exemple = None;
        }
        if let Some(exemple) = &motif.exemple {
            let connus = self
                .exemples
                .entry((motif.raison, motif.champ))
                .or_default();
            if !connus.contains(exemple) {
                if connus.len() < EXEMPLES_MAX {
                    connus.push(exemple.clone());
                } else {
                    motif.exemple = None;
                }
            }
        }
        match self.refus.entry(motif) {
            Entry::Vacant(place) => {
                place.insert(compte);
            }
            Entry::Occupied(mut place) => {
                let total = place.get_mut();
                total.nombre += compte.nombre;
                total.dernier = total.dernier.max(compte.dernier);
            }
        }
    }

    /// Adds what another counted.
    pub(super) fn ajouter(&mut self, autre: Self) {
        for (lieu, cellule) in autre.premiere.into_iter().chain(autre.autres) {
            self.cellule(lieu, cellule.dernier).ajouter(&cellule);
        }
        for (motif, compte) in autre.refus {
            self.ajouter_refus(motif, compte);
        }
    }

    /// The cells, in no order.
    pub(super) fn cellules(&self) -> impl Iterator<Item = (&Lieu, &Cellule)> {
        let premiere = self.premiere.iter().map(|(lieu, cellule)| (lieu, cellule));
        premiere.chain(&self.autres)
    }

    /// The refusals, in no order.
    pub(super) fn refus(&self) -> impl Iterator<Item = (&Motif, &Compte)> {
        self.refus.iter()
    }
}

#[cfg(test)]
#[path = "carnet_tests.rs"]
mod tests;
