//! Bands of pupils, by which schools of like size are put together.

use serde::Serialize;

/// A band of pupils.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum TrancheEffectif {
    /// Fewer than 50.
    #[serde(rename = "0-49")]
    Moins50,
    /// 50 to 99.
    #[serde(rename = "50-99")]
    De50A99,
    /// 100 to 199.
    #[serde(rename = "100-199")]
    De100A199,
    /// 200 to 399.
    #[serde(rename = "200-399")]
    De200A399,
    /// 400 and more.
    #[serde(rename = "400+")]
    Plus400,
}

impl TrancheEffectif {
    /// The band of a number of pupils.
    #[must_use]
    pub const fn de(eleves: u64) -> Self {
        match eleves {
            0..50 => Self::Moins50,
            50..100 => Self::De50A99,
            100..200 => Self::De100A199,
            200..400 => Self::De200A399,
            _ => Self::Plus400,
        }
    }

    /// Its words.
    #[must_use]
    pub const fn texte(self) -> &'static str {
        match self {
            Self::Moins50 => "moins de 50 élèves",
            Self::De50A99 => "de 50 à 99 élèves",
            Self::De100A199 => "de 100 à 199 élèves",
            Self::De200A399 => "de 200 à 399 élèves",
            Self::Plus400 => "400 élèves et plus",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_holds_its_first_number_and_not_the_next_bands() {
        assert_eq!(TrancheEffectif::de(49), TrancheEffectif::Moins50);
        assert_eq!(TrancheEffectif::de(50), TrancheEffectif::De50A99);
        assert_eq!(TrancheEffectif::de(399), TrancheEffectif::De200A399);
        assert_eq!(TrancheEffectif::de(400), TrancheEffectif::Plus400);
    }
}
