//! Chance, the same each time.

use frequent_plan::{Jour, Uai};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};
use sha2::{Digest, Sha256};

/// A source of draws that depends on nothing but what it was made for. The generator is named, not
/// the library's default, which may change from one version to the next.
pub(crate) struct Hasard(Xoshiro256PlusPlus);

impl Hasard {
    /// What a school is, once and for all.
    pub(crate) fn ecole(graine: u64, uai: Uai) -> Self {
        Self::nouveau(graine, uai, b"ecole", 0)
    }

    /// What happens in a school on a day.
    pub(crate) fn jour(graine: u64, uai: Uai, jour: Jour) -> Self {
        Self::nouveau(graine, uai, b"jour", jour.epoque())
    }

    /// How a school's day reaches the collection.
    pub(crate) fn livraison(graine: u64, uai: Uai, jour: Jour) -> Self {
        Self::nouveau(graine, uai, b"livraison", jour.epoque())
    }

    /// What a directory feed says: of families, of a day.
    pub(crate) fn annuaire(graine: u64, objet: u64) -> Self {
        let mut condense = Sha256::new();
        condense.update(graine.to_be_bytes());
        condense.update(objet.to_be_bytes());
        condense.update(b"annuaire");
        Self(Xoshiro256PlusPlus::from_seed(condense.finalize().into()))
    }

    fn nouveau(graine: u64, uai: Uai, objet: &[u8], jour: i32) -> Self {
        let mut condense = Sha256::new();
        condense.update(graine.to_be_bytes());
        condense.update(uai.octets());
        condense.update(jour.to_be_bytes());
        condense.update(objet);
        Self(Xoshiro256PlusPlus::from_seed(condense.finalize().into()))
    }

    /// Between 0 and 1, 1 excluded.
    pub(crate) fn fraction(&mut self) -> f64 {
        self.0.random()
    }

    /// Between two bounds.
    pub(crate) fn entre(&mut self, bas: f64, haut: f64) -> f64 {
        bas + (haut - bas) * self.fraction()
    }

    /// A whole number below a bound, which is at least 1.
    pub(crate) fn sous(&mut self, borne: u32) -> u32 {
        self.0.random_range(0..borne.max(1))
    }

    /// Thirty-two random bits.
    pub(crate) fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// The generator itself, for the library's distributions.
    pub(crate) fn source(&mut self) -> &mut impl Rng {
        &mut self.0
    }
}

/// Weights, as the bounds of the share of each.
#[derive(Debug, Clone)]
pub(crate) struct Repartition(Vec<f64>);

impl Repartition {
    /// The shares of these weights; none when they add up to nothing.
    pub(crate) fn new(poids: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut total = 0.0;
        let mut bornes: Vec<f64> = poids
            .into_iter()
            .map(|poids| {
                total += poids.max(0.0);
                total
            })
            .collect();
        if total <= 0.0 {
            return None;
        }
        for borne in &mut bornes {
            *borne /= total;
        }
        Some(Self(bornes))
    }

    /// The rank in whose share a fraction falls. Lists are short: reading them is faster than
    /// anything clever.
    pub(crate) fn rang(&self, fraction: f64) -> usize {
        let rang = self
            .0
            .iter()
            .take_while(|borne| **borne <= fraction)
            .count();
        rang.min(self.0.len().saturating_sub(1))
    }
}

/// A number that stands for these bytes, the same each time.
pub(crate) fn numero(graine: u64, octets: &[u8]) -> u64 {
    twox_hash::XxHash3_64::oneshot_with_seed(graine, octets)
}

/// A number as a fraction, 1 excluded.
pub(crate) fn en_fraction(numero: u64) -> f64 {
    // 53 bits are what a double holds exactly.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let haut = (numero >> 11) as f64;
    haut / 9_007_199_254_740_992.0
}
