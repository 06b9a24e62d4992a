//! The school identifier.

use std::fmt;
use std::str::FromStr;

/// `ABCDEFGHJKLMNPRSTUVWXYZ`[7 digits mod 23] is the check letter of a UAI.
const LETTRES: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// A valid school identifier (*unité administrative immatriculée*): seven digits and their check
/// letter, such as `0660713S`. A value of this type always satisfies the check.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uai([u8; 8]);

/// Why a text is not a UAI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UaiInvalide {
    /// Not seven digits followed by one letter.
    #[error("un UAI compte sept chiffres puis une lettre")]
    Forme,
    /// The letter is not the one that the digits call for.
    #[error("la lettre de contrôle attendue est {attendue}")]
    Cle {
        /// The letter that these digits call for.
        attendue: char,
    },
}

impl Uai {
    /// Reads a UAI written in ASCII; a lower-case letter is taken as its capital.
    ///
    /// # Errors
    /// Says whether the form or the check letter is wrong.
    pub fn lire(texte: &[u8]) -> Result<Self, UaiInvalide> {
        let mut octets: [u8; 8] = texte.try_into().map_err(|_| UaiInvalide::Forme)?;
        let mut nombre = 0_u32;
        for chiffre in &octets[..7] {
            if !chiffre.is_ascii_digit() {
                return Err(UaiInvalide::Forme);
            }
            nombre = nombre * 10 + u32::from(chiffre - b'0');
        }
        octets[7] = octets[7].to_ascii_uppercase();
        if !octets[7].is_ascii_uppercase() {
            return Err(UaiInvalide::Forme);
        }
        let attendue = Self::lettre(nombre);
        if octets[7] != attendue {
            return Err(UaiInvalide::Cle {
                attendue: char::from(attendue),
            });
        }
        Ok(Self(octets))
    }

    /// The UAI of a seven-digit number, with its check letter. Digits past seven are dropped.
    #[must_use]
    pub fn depuis_nombre(nombre: u32) -> Self {
        let nombre = nombre % 10_000_000;
        let mut octets = [0_u8; 8];
        let mut reste = nombre;
        for case in octets[..7].iter_mut().rev() {
            *case = b'0' + u8::try_from(reste % 10).unwrap_or_default();
            reste /= 10;
        }
        octets[7] = Self::lettre(nombre);
        Self(octets)
    }

    fn lettre(nombre: u32) -> u8 {
        LETTRES[(nombre % 23) as usize]
    }

    /// The eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only digits and capitals ever enter: always valid UTF-8.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The eight ASCII bytes; their order is the order of the text.
    #[must_use]
    pub fn octets(&self) -> &[u8; 8] {
        &self.0
    }

    /// The three first digits: the département that registered the school (`066`, `971`;
    /// `620` and `720` are Corse).
    #[must_use]
    pub fn prefixe(&self) -> u16 {
        self.0[..3]
            .iter()
            .fold(0, |total, c| total * 10 + u16::from(c - b'0'))
    }
}

impl FromStr for Uai {
    type Err = UaiInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        Self::lire(texte.as_bytes())
    }
}

impl fmt::Display for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uai({self})")
    }
}

impl serde::Serialize for Uai {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Uai {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let texte = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        texte.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_identifiers_are_read() {
        for texte in ["0660713S", "0311667U", "0660055B", "0311131L"] {
            assert_eq!(texte.parse::<Uai>().unwrap().as_str(), texte);
        }
    }

    #[test]
    fn a_wrong_check_letter_is_named_with_the_expected_one() {
        assert_eq!(
            "0660713T".parse::<Uai>(),
            Err(UaiInvalide::Cle { attendue: 'S' })
        );
    }

    #[test]
    fn anything_else_is_a_wrong_form() {
        for texte in [
            "",
            "066071S",
            "06607133",
            "066071éS",
            "O660713S",
            "0660713SS",
        ] {
            assert_eq!(texte.parse::<Uai>(), Err(UaiInvalide::Forme), "{texte}");
        }
    }

    #[test]
    fn the_check_letter_is_computed_from_the_number() {
        assert_eq!(Uai::depuis_nombre(660_713).as_str(), "0660713S");
        assert_eq!(Uai::depuis_nombre(660_713).prefixe(), 66);
    }

    #[test]
    fn a_lower_case_letter_is_accepted_as_its_capital() {
        assert_eq!("0660713s".parse::<Uai>().unwrap().as_str(), "0660713S");
    }
}
