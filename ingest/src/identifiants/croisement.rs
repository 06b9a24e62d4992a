//! The same identifier on two platforms: a national number, a directory's key, something that
//! follows a person from one ENT to another.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::qualite::Plateforme;

/// Identifiers remembered: one takes the place of another once there are as many.
const PLACES: usize = 1 << 16;
/// Shorter ones are alike on two platforms by chance: numbers given in order, initials.
const LONGUEUR_MIN: usize = 12;
const BITS_PLATEFORME: u32 = 16;

/// The identifiers last seen, each as a hash under a random key that never leaves the memory, with
/// its platform.
#[derive(Debug)]
pub(crate) struct Croisement {
    cle: RandomState,
    places: Box<[AtomicU64]>,
}

impl Croisement {
    pub(crate) fn new() -> Self {
        Self {
            cle: RandomState::new(),
            places: (0..PLACES).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Whether this identifier was last seen on another platform.
    pub(crate) fn est_ailleurs(&self, plateforme: Plateforme, identifiant: &str) -> bool {
        if identifiant.len() < LONGUEUR_MIN {
            return false;
        }
        let condense = self.cle.hash_one(identifiant);
        let trace = condense >> BITS_PLATEFORME << BITS_PLATEFORME | u64::from(plateforme.rang());
        #[expect(
            clippy::cast_possible_truncation,
            reason = "only its last bits are kept"
        )]
        let place = condense as usize % PLACES;
        let ancienne = self.places[place].swap(trace, Ordering::Relaxed);
        ancienne != trace && ancienne >> BITS_PLATEFORME == trace >> BITS_PLATEFORME
    }
}
