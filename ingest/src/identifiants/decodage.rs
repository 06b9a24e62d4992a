//! Identifiers that anyone can turn back into a text.
//!
//! The most common is the SmartTag's of several ENTs: the number of each character, one after the
//! other, so that `dupont` becomes `100117112111110116`. No two texts give the same digits: codes
//! of two digits begin with 3 to 9, those of three with 1 or 2.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::forme;
use frequent_plan::hexadecimal;

/// Shortest text that is told from chance.
const CHIFFRES_MIN: usize = 5;
const LETTRES_MIN: usize = 8;
/// Longest identifier decoded: a name, an address or a number holds in it.
const OCTETS_MAX: usize = 256;

/// The identifier decodes to something to read: an address, a name, a login, an account's number.
/// One that decodes to a random text is as opaque as that text.
pub(super) fn se_relit(identifiant: &str) -> bool {
    let octets = identifiant.as_bytes();
    if octets.len() < 2 * CHIFFRES_MIN || octets.len() > OCTETS_MAX {
        return false;
    }
    if octets.iter().all(u8::is_ascii_digit) {
        return numeros_de_caracteres(octets).is_some_and(|texte| se_lit(&texte));
    }
    // What is hexadecimal may be base64 as well.
    let clair = |octets: Option<Vec<u8>>| {
        let texte = octets.and_then(|o| String::from_utf8(o).ok());
        texte.is_some_and(|texte| forme::reconnaitre(&texte).is_some())
    };
    clair(hexadecimal::lire(octets)) || clair(base64(identifiant))
}

fn se_lit(texte: &str) -> bool {
    if forme::reconnaitre(texte).is_some() {
        return true;
    }
    let chiffres = texte.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let lettres = texte.len() - chiffres.len();
    let suite_de_chiffres = chiffres.bytes().all(|o| o.is_ascii_digit());
    if lettres == 0 {
        return suite_de_chiffres && texte.len() >= CHIFFRES_MIN;
    }
    let mot = &texte[..lettres];
    let une_casse =
        mot.bytes().all(|o| o.is_ascii_lowercase()) || mot.bytes().all(|o| o.is_ascii_uppercase());
    let prononcable = mot.bytes().any(|o| b"aeiouyAEIOUY".contains(&o));
    // A login: letters, then at most a few digits.
    suite_de_chiffres
        && chiffres.len() <= 4
        && une_casse
        && prononcable
        && if mot.as_bytes()[0].is_ascii_lowercase() {
            lettres >= CHIFFRES_MIN
        } else {
            lettres >= LETTRES_MIN
        }
}

fn numeros_de_caracteres(chiffres: &[u8]) -> Option<String> {
    let mut texte = String::new();
    let mut reste = chiffres;
    while let Some(premier) = reste.first() {
        let longueur = if matches!(premier, b'1' | b'2') { 3 } else { 2 };
        let numero = reste.get(..longueur)?;
        let numero = numero
            .iter()
            .fold(0, |total, c| total * 10 + u32::from(c - b'0'));
        let caractere = char::from_u32(numero)?;
        let lisible = caractere.is_alphanumeric() || " .-_@'+".contains(caractere);
        if !lisible {
            return None;
        }
        texte.push(caractere);
        reste = &reste[longueur..];
    }
    Some(texte)
}

/// Either alphabet, padded or not.
fn base64(texte: &str) -> Option<Vec<u8>> {
    let nu = texte.trim_end_matches('=');
    STANDARD_NO_PAD
        .decode(nu)
        .or_else(|_| URL_SAFE_NO_PAD.decode(nu))
        .ok()
}
