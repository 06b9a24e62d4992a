use proptest::prelude::*;

use super::*;

#[test]
fn what_names_someone_is_told_by_kind() {
    for (identifiant, attendu) in [
        ("marie.dupont@ac-toulouse.fr", Soupcon::Courriel),
        ("123456789AB", Soupcon::Ine),
        ("987654321ab", Soupcon::Ine),
        ("06 12 34 56 78", Soupcon::Telephone),
        ("0612345678", Soupcon::Telephone),
        ("+33612345678", Soupcon::Telephone),
        ("05.61.00.00.00", Soupcon::Telephone),
        ("Marie Dupont", Soupcon::Nom),
        ("marie.dupont", Soupcon::Nom),
        ("m.dupont", Soupcon::Nom),
        ("DUPONT-Marie", Soupcon::Nom),
        ("Noël Hélène", Soupcon::Nom),
        // The captured SmartTag hit: the numbers of the characters of « 1234567 ».
        ("49505152535455", Soupcon::Decodable),
        ("100117112111110116", Soupcon::Decodable),
        (
            "10997114105101461001171121111101166410112010110911210810146102114",
            Soupcon::Decodable,
        ),
        ("6d617269652e6475706f6e74", Soupcon::Decodable),
        ("bWFyaWUuZHVwb250QGV4ZW1wbGUuZnI=", Soupcon::Decodable),
    ] {
        assert_eq!(examiner(identifiant), Some(attendu), "{identifiant}");
    }
}

#[test]
fn an_ine_of_ten_digits_needs_the_letter_that_they_call_for() {
    let bonnes = (b'A'..=b'Z')
        .filter(|lettre| {
            let ine = format!("0801234567{}", char::from(*lettre));
            examiner(&ine) == Some(Soupcon::Ine)
        })
        .count();
    assert_eq!(bonnes, 1);
}

#[test]
fn what_says_nothing_of_anyone_is_left_alone() {
    for identifiant in [
        "u-7f3a",
        "personne-marquee-7f3a",
        "12",
        "1234567",
        "20261120",
        "0123456789",
        "550e8400-e29b-41d4-a716-446655440000",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "01JD8Z3Q5W6V7X8Y9ZABCDEFGH",
        "V1StGXR8_Z5jdHi6B-myT",
        "",
    ] {
        assert_eq!(examiner(identifiant), None, "{identifiant}");
    }
    // A UUID in the tag's encoding is as opaque as the UUID.
    let uuid = "76bcfd47-cdc4-4cf2-87cc-252a27551c63";
    let code: String = uuid.bytes().map(|o| o.to_string()).collect();
    assert_eq!(examiner(&code), None);
}

/// How many of these random identifiers raise a suspicion, in a million.
fn par_million(alphabet: &str, longueur: usize) -> f64 {
    const TIRAGES: u32 = 200_000;
    let alphabet = alphabet.as_bytes();
    let mut etat = 0x9e37_79b9_7f4a_7c15_u64;
    let mut hasard = || {
        etat ^= etat << 13;
        etat ^= etat >> 7;
        etat ^= etat << 17;
        etat
    };
    let alarmes: u32 = (0..TIRAGES)
        .map(|_| {
            let identifiant: String = (0..longueur)
                .map(|_| {
                    char::from(alphabet[usize::try_from(hasard() >> 33).unwrap() % alphabet.len()])
                })
                .collect();
            u32::from(examiner(&identifiant).is_some())
        })
        .sum();
    f64::from(alarmes) * 1e6 / f64::from(TIRAGES)
}

#[test]
fn random_identifiers_hardly_ever_raise_a_suspicion() {
    const CHIFFRES: &str = "0123456789";
    const HEXA: &str = "0123456789abcdef";
    const BASE36: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
    const BASE62: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const BASE64: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    for (nom, alphabet, longueurs) in [
        ("hexa", HEXA, &[16, 24, 32, 40, 64][..]),
        ("base36", BASE36, &[10, 11, 12, 16, 25]),
        ("base62", BASE62, &[8, 11, 16, 22]),
        ("base64", BASE64, &[11, 16, 22, 43]),
        ("chiffres", CHIFFRES, &[12, 14, 16, 20]),
    ] {
        for longueur in longueurs {
            let taux = par_million(alphabet, *longueur);
            assert!(taux <= 300.0, "{nom} {longueur} : {taux} par million");
        }
    }
}

proptest! {
    #[test]
    fn no_uuid_nor_digest_raises_a_suspicion(octets in any::<[u8; 32]>(), uuid in any::<u128>()) {
        use std::fmt::Write;
        let mut condense = String::new();
        for octet in octets {
            write!(condense, "{octet:02x}").unwrap();
        }
        prop_assert_eq!(examiner(&condense), None);
        prop_assert_eq!(examiner(&condense.to_uppercase()), None);
        let h = format!("{uuid:032x}");
        let uuid = format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..]);
        prop_assert_eq!(examiner(&uuid), None);
    }

    #[test]
    fn any_login_or_name_in_the_tags_encoding_is_read_back(
        login in "[a-z]{2,8}[aeiou][a-z]{4,8}[0-9]{0,3}",
        nom in "[A-Z][aeiou][a-z]{2,7} [A-Z][aeiou][a-z]{2,9}",
    ) {
        for texte in [login, nom] {
            let code: String = texte.bytes().map(|o| o.to_string()).collect();
            prop_assert_eq!(examiner(&code), Some(Soupcon::Decodable), "{}", texte);
        }
    }

    #[test]
    fn any_text_is_looked_at_without_harm(texte in "\\PC{0,300}") {
        let _quelque_chose_ou_rien = examiner(&texte);
    }
}
