//! How many people a figure must be about to be shown.

use serde::{Deserialize, Serialize};

/// The fewest users of a figure that is shown: never below [`Seuil::PLUS_BAS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Seuil(u32);

/// A threshold that would tell about two people, or one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("seuil du secret : {donne} donné, {plus_bas} au moins", donne = .0, plus_bas = Seuil::PLUS_BAS.0)]
pub struct SeuilTropBas(u32);

impl Seuil {
    /// The lowest there can be.
    pub const PLUS_BAS: Self = Self(3);
    /// What the console and the API show.
    pub const CONSULTATION: Self = Self(5);

    /// Whether a figure of this many users is too small to be shown.
    #[must_use]
    pub fn est_petit(self, utilisateurs: i64) -> bool {
        (1..i64::from(self.0)).contains(&utilisateurs)
    }
}

impl TryFrom<u32> for Seuil {
    type Error = SeuilTropBas;

    fn try_from(nombre: u32) -> Result<Self, SeuilTropBas> {
        if nombre < Self::PLUS_BAS.0 {
            Err(SeuilTropBas(nombre))
        } else {
            Ok(Self(nombre))
        }
    }
}

impl From<Seuil> for u32 {
    fn from(seuil: Seuil) -> Self {
        seuil.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_below_three_cannot_be_made() {
        for nombre in 0..3 {
            assert_eq!(Seuil::try_from(nombre), Err(SeuilTropBas(nombre)));
        }
        assert_eq!(Seuil::try_from(3), Ok(Seuil::PLUS_BAS));
    }

    #[test]
    fn nobody_is_not_a_small_group() {
        let petits: Vec<i64> = (0..8)
            .filter(|n| Seuil::CONSULTATION.est_petit(*n))
            .collect();
        assert_eq!(petits, [1, 2, 3, 4]);
    }
}
