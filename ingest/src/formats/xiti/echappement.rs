//! Percent-escapes, read strictly: what is cut or badly written is said, not guessed.

use std::borrow::Cow;

use frequent_plan::Raison;
use memchr::memchr;

/// The text of an escaped value. Borrowed when nothing is escaped.
///
/// # Errors
/// [`Raison::RequeteIllisible`]: a `%` without two hexadecimal digits. [`Raison::Utf8Invalide`]:
/// the bytes are not UTF-8.
pub(super) fn decoder(valeur: &[u8]) -> Result<Cow<'_, str>, Raison> {
    let Some(premier) = memchr(b'%', valeur) else {
        return std::str::from_utf8(valeur)
            .map(Cow::Borrowed)
            .map_err(|_| Raison::Utf8Invalide);
    };
    let mut octets = Vec::with_capacity(valeur.len());
    octets.extend_from_slice(&valeur[..premier]);
    let mut reste = &valeur[premier..];
    while let [premier, suite @ ..] = reste {
        if *premier != b'%' {
            octets.push(*premier);
            reste = suite;
            continue;
        }
        let [haut, bas, suite @ ..] = suite else {
            return Err(Raison::RequeteIllisible);
        };
        octets.push((chiffre(*haut)? << 4) | chiffre(*bas)?);
        reste = suite;
    }
    String::from_utf8(octets)
        .map(Cow::Owned)
        .map_err(|_| Raison::Utf8Invalide)
}

fn chiffre(octet: u8) -> Result<u8, Raison> {
    match octet {
        b'0'..=b'9' => Ok(octet - b'0'),
        b'a'..=b'f' => Ok(octet - b'a' + 10),
        b'A'..=b'F' => Ok(octet - b'A' + 10),
        _ => Err(Raison::RequeteIllisible),
    }
}

/// The query stops after `%` or `%X`: it was cut on its way, and what it lost is unknown.
pub(super) fn finit_dans_un_echappement(requete: &[u8]) -> bool {
    match requete {
        [.., b'%'] => true,
        [.., b'%', chiffre] => chiffre.is_ascii_hexdigit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_text_and_plain_values_are_borrowed() {
        assert!(matches!(decoder(b"NOTES"), Ok(Cow::Borrowed("NOTES"))));
        assert_eq!(
            decoder(b"UNIVERSALIS%20JUNIOR").unwrap(),
            "UNIVERSALIS JUNIOR"
        );
        assert_eq!(decoder(b"%C3%A9t%c3%a9").unwrap(), "été");
        assert_eq!(decoder(b"a+b").unwrap(), "a+b");
    }

    #[test]
    fn a_cut_or_wrong_escape_is_unreadable() {
        for valeur in [&b"abc%"[..], b"abc%4", b"100%25%", b"%zz", b"%4g1"] {
            assert_eq!(decoder(valeur), Err(Raison::RequeteIllisible));
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named_so() {
        assert_eq!(decoder(b"%C3%28"), Err(Raison::Utf8Invalide));
        assert_eq!(decoder(b"\xff"), Err(Raison::Utf8Invalide));
    }
}
