//! The values of a convention that are read from texts, each right once it exists.

use std::fmt;
use std::str::FromStr;

use frequent_plan::Jour;

use super::convention::Termes;

/// Longest label, in characters.
const LIBELLE_MAX: usize = 100;
/// Longest reference, in characters.
const REFERENCE_MAX: usize = 40;
/// Largest amount, in euros: beyond, a decimal mark was lost.
const EUROS_MAX: u64 = 1_000_000;

/// A name given by people: 1 to 100 characters, none of control, no space around.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Libelle(String);

/// A text that is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("un nom compte de 1 à 100 caractères, sans caractère de contrôle")]
pub struct LibelleInvalide;

impl Libelle {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Libelle {
    type Err = LibelleInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let texte = texte.trim();
        let convient = (1..=LIBELLE_MAX).contains(&texte.chars().count());
        if convient && !texte.chars().any(char::is_control) {
            Ok(Self(texte.to_owned()))
        } else {
            Err(LibelleInvalide)
        }
    }
}

impl fmt::Display for Libelle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a convention is called by those who keep it, unique here: letters without accents, digits,
/// `-`, `_` and `.`, so that it can stand in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

/// A text that is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("une référence compte de 1 à 40 lettres sans accent, chiffres, tirets, points ou _")]
pub struct ReferenceInvalide;

impl Reference {
    /// The reference.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A reference for a convention that was given none: its authority, its platform, the year it
    /// begins.
    #[must_use]
    pub fn proposee(termes: &Termes, debut: Jour) -> Self {
        let annee = debut.date().year().to_string();
        let mots = [termes.autorite.as_str(), termes.plateforme.as_str(), &annee];
        Self::composee(&mots)
    }

    /// A reference made of these words, whatever they hold.
    fn composee(mots: &[&str]) -> Self {
        let plies: Vec<String> = mots
            .iter()
            .map(|mot| crate::plier(mot).replace(' ', "-"))
            .collect();
        let propre: String = plies
            .join("-")
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .take(REFERENCE_MAX - 4)
            .collect();
        let propre = propre.trim_matches('-');
        Self(if propre.is_empty() { "c" } else { propre }.to_owned())
    }

    /// This reference with a number after it, for when it is taken.
    #[must_use]
    pub fn numerotee(&self, numero: usize) -> Self {
        let tronc: String = self.0.chars().take(REFERENCE_MAX - 4).collect();
        Self(format!("{tronc}-{numero}"))
    }
}

impl FromStr for Reference {
    type Err = ReferenceInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let texte = texte.trim();
        let longueur = (1..=REFERENCE_MAX).contains(&texte.len());
        let signes = |o: u8| o.is_ascii_alphanumeric() || b"-_.".contains(&o);
        // A reference of dots alone would mean a folder in an address.
        let parlante = texte.bytes().any(|o| o.is_ascii_alphanumeric());
        if longueur && parlante && texte.bytes().all(signes) {
            Ok(Self(texte.to_owned()))
        } else {
            Err(ReferenceInvalide)
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The identifier of a legal establishment: 14 digits that pass Luhn's test (La Poste's, which do
/// not all, have digits whose sum is a multiple of 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siret([u8; 14]);

/// Why a text is no SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SiretInvalide {
    /// Not 14 digits.
    #[error("un SIRET compte 14 chiffres")]
    Forme,
    /// The digits do not pass the test.
    #[error("les chiffres du SIRET ne passent pas le contrôle de Luhn : l’un d’eux est faux")]
    Cle,
}

const LA_POSTE: &[u8; 9] = b"356000000";

impl Siret {
    /// The 14 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only digits ever enter.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Siret {
    type Err = SiretInvalide;

    /// Spaces between the digits are left out, as people write them.
    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let chiffres: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
        let octets: [u8; 14] = chiffres
            .as_bytes()
            .try_into()
            .map_err(|_| SiretInvalide::Forme)?;
        if !octets.iter().all(u8::is_ascii_digit) {
            return Err(SiretInvalide::Forme);
        }
        let somme: u32 = octets.iter().map(|o| u32::from(o - b'0')).sum();
        let la_poste = octets.starts_with(LA_POSTE) && somme.is_multiple_of(5);
        if luhn(&octets) || la_poste {
            Ok(Self(octets))
        } else {
            Err(SiretInvalide::Cle)
        }
    }
}

/// Every second digit from the right is doubled, the digits added: a multiple of 10.
fn luhn(chiffres: &[u8]) -> bool {
    let somme: u32 = chiffres
        .iter()
        .rev()
        .enumerate()
        .map(|(rang, octet)| {
            let chiffre = u32::from(octet - b'0') * if rang % 2 == 1 { 2 } else { 1 };
            if chiffre > 9 { chiffre - 9 } else { chiffre }
        })
        .sum();
    somme.is_multiple_of(10)
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An amount of money, in cents of a euro.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Montant(u64);

/// A text that is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("un montant s’écrit en euros, par exemple 45,00")]
pub struct MontantInvalide;

impl Montant {
    /// This number of cents; none beyond a million euros.
    #[must_use]
    pub fn de_centimes(centimes: u64) -> Option<Self> {
        (centimes <= EUROS_MAX * 100).then_some(Self(centimes))
    }

    /// The cents.
    #[must_use]
    pub const fn centimes(self) -> u64 {
        self.0
    }

    /// So many times this amount.
    #[must_use]
    pub fn fois(self, nombre: usize) -> u64 {
        let nombre = u64::try_from(nombre).unwrap_or(u64::MAX);
        self.0.saturating_mul(nombre)
    }
}

impl FromStr for Montant {
    type Err = MontantInvalide;

    /// `45`, `45,00`, `45.5`, `1 234,50 €`.
    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let nu: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
        let nu = nu.strip_suffix('€').unwrap_or(&nu);
        let (euros, centimes) = nu.split_once([',', '.']).unwrap_or((nu, "00"));
        let chiffres = |t: &str| !t.is_empty() && t.bytes().all(|o| o.is_ascii_digit());
        if !chiffres(euros) || !chiffres(centimes) || centimes.len() > 2 {
            return Err(MontantInvalide);
        }
        let euros: u64 = euros.parse().map_err(|_| MontantInvalide)?;
        let centimes: u64 = format!("{centimes:0<2}")
            .parse()
            .map_err(|_| MontantInvalide)?;
        euros
            .checked_mul(100)
            .and_then(|total| Self::de_centimes(total + centimes))
            .ok_or(MontantInvalide)
    }
}

impl fmt::Display for Montant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siret_is_read_when_its_digits_pass_luhn() {
        // Ville de Toulouse, Ville de Perpignan.
        for texte in ["21310555400017", "216 601 369 00012"] {
            assert!(texte.parse::<Siret>().is_ok(), "{texte}");
        }
        assert_eq!("21310555400018".parse::<Siret>(), Err(SiretInvalide::Cle));
        for texte in ["", "2131055540001", "2131055540001X", "213105554000170"] {
            assert_eq!(texte.parse::<Siret>(), Err(SiretInvalide::Forme), "{texte}");
        }
    }

    #[test]
    fn an_establishment_of_la_poste_has_digits_that_add_up_to_a_multiple_of_five() {
        // Its head office passes Luhn; an office of its own does not.
        assert!("35600000000048".parse::<Siret>().is_ok());
        assert!(!luhn(b"35600000049837"));
        assert!("35600000049837".parse::<Siret>().is_ok());
        assert_eq!("35600000049838".parse::<Siret>(), Err(SiretInvalide::Cle));
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (texte, centimes) in [
            ("45,00", 4_500),
            ("45", 4_500),
            ("45.5", 4_550),
            ("1 234,50 €", 123_450),
            ("0", 0),
        ] {
            let montant: Montant = texte.parse().unwrap();
            assert_eq!(montant.centimes(), centimes, "{texte}");
        }
        for texte in ["", ",5", "45,", "45,001", "-45", "quarante", "1000001"] {
            assert_eq!(texte.parse::<Montant>(), Err(MontantInvalide), "{texte}");
        }
        assert_eq!("45".parse::<Montant>().unwrap().to_string(), "45,00");
    }

    #[test]
    fn a_reference_can_stand_in_an_address() {
        assert!("PO-2026.1".parse::<Reference>().is_ok());
        for texte in ["", "a b", "a/b", "..", "é", &"a".repeat(41)] {
            assert!(texte.parse::<Reference>().is_err(), "{texte}");
        }
        let longue = Reference::composee(&["Syndicat intercommunal de l’Aude ; Écoles", "2026"]);
        assert!(longue.as_str().parse::<Reference>().is_ok(), "{longue}");
        assert!(longue.numerotee(123).as_str().parse::<Reference>().is_ok());
    }
}
