//! What of a refusal may be kept on disk: names of fields that the formats know, and values that
//! can only be codes. Whatever might be a person's is left out, however wrongly a sender placed it.

use frequent_plan::Refus;

/// Every field that a refusal may name; any other is a sender's own word.
const CHAMPS: &[&str] = &[
    "id",
    "ts",
    "uai",
    "profil",
    "visiteur",
    "client",
    "service",
    "type",
    "outil",
    "plateforme",
    "projet",
    "exploitant",
    "appareil",
    "os",
    "navigateur",
    "user_agent",
    "s",
    "s2",
    "at",
    "ac",
    "idclient",
    "p",
    "x1",
    "x2",
    "x3",
    "x4",
    "mh",
    "mherr",
    "events",
    "context",
    "origine",
    "cle",
];
/// A field whose name the formats do not know.
const CHAMP_AUTRE: &str = "(autre)";

/// The field as it is kept.
pub(super) fn champ_connu(champ: &str) -> &'static str {
    if champ.is_empty() {
        return "";
    }
    CHAMPS
        .iter()
        .find(|connu| **connu == champ)
        .copied()
        .unwrap_or(CHAMP_AUTRE)
}

/// The refused value, if it can be kept. A service, a profile, a device are words without digits, or
/// a legacy code of at most three digits; a school's identifier is a few digits and a letter.
/// An identifier of a person put in the wrong field has neither form.
pub(crate) fn montrable(refus: &Refus) -> Option<&str> {
    let valeur = refus.valeur.as_deref()?;
    let bonne = match refus.champ.as_str() {
        "uai" | "s2" => est_presque_un_uai(valeur),
        _ => est_un_mot(valeur) || est_un_ancien_code(valeur),
    };
    bonne.then_some(valeur)
}

fn est_presque_un_uai(valeur: &str) -> bool {
    let chiffres = valeur.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let lettres = valeur.len() - chiffres.len();
    lettres <= 1
        && (5..=8).contains(&chiffres.len())
        && chiffres.bytes().all(|o| o.is_ascii_digit())
}

fn est_un_mot(valeur: &str) -> bool {
    valeur
        .bytes()
        .all(|o| o.is_ascii_alphabetic() || b"_-".contains(&o))
}

fn est_un_ancien_code(valeur: &str) -> bool {
    valeur.len() <= 3 && valeur.bytes().all(|o| o.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use frequent_plan::Raison;

    use super::*;

    fn garde(champ: &str, valeur: &str) -> bool {
        montrable(&Refus::de_valeur(champ, Raison::ValeurInconnue, valeur)).is_some()
    }

    #[test]
    fn codes_are_kept_and_what_may_be_a_person_is_not() {
        assert!(garde("service", "cahier_texte"));
        assert!(garde("profil", "PROFESSEUR"));
        assert!(garde("service", "42"));
        assert!(garde("uai", "0660713T"));
        assert!(garde("uai", "660713S"));
        for (champ, valeur) in [
            ("service", "personne-marquee-7f3a"),
            ("profil", "0612345678"),
            ("uai", "personne-marquee-7f3a"),
            ("uai", "0801234567A"),
            ("uai", "dupont"),
            ("service", "marie.dupont@exemple.fr"),
        ] {
            assert!(!garde(champ, valeur), "{champ} {valeur}");
        }
    }

    #[test]
    fn a_field_of_the_senders_own_loses_its_name() {
        assert_eq!(champ_connu("service"), "service");
        assert_eq!(champ_connu("dupont_marie"), CHAMP_AUTRE);
        assert_eq!(champ_connu(""), "");
    }
}
