//! Numbers, dates and small words as French writes them.

use std::fmt;

use frequent_plan::Jour;

use crate::donnees::Valeur;

/// Between a number and what follows it.
pub(crate) const INSECABLE: char = '\u{a0}';
/// Between groups of three digits.
pub(crate) const FINE: char = '\u{202f}';

const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

const MOIS_COURTS: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];

/// `3 812`.
pub(crate) fn nombre(nombre: i64) -> String {
    let chiffres = nombre.unsigned_abs().to_string();
    let mut ecrit = String::new();
    if nombre < 0 {
        ecrit.push('−');
    }
    for (rang, chiffre) in chiffres.chars().enumerate() {
        if rang > 0 && (chiffres.len() - rang).is_multiple_of(3) {
            ecrit.push(FINE);
        }
        ecrit.push(chiffre);
    }
    ecrit
}

/// `4,2`.
pub(crate) fn decimal(valeur: f64) -> String {
    format!("{valeur:.1}").replace('.', ",").replace('-', "−")
}

/// `41,7 %`.
pub(crate) fn pourcentage(part: f64) -> String {
    format!("{}{INSECABLE}%", decimal(part * 100.0))
}

/// `6 min 12 s`.
fn duree(ms: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a visit's duration in seconds"
    )]
    let secondes = (ms / 1_000.0).round() as i64;
    let (minutes, reste) = (secondes / 60, secondes % 60);
    if minutes == 0 {
        return format!("{reste}{INSECABLE}s");
    }
    format!("{}{INSECABLE}min {reste:02}{INSECABLE}s", nombre(minutes))
}

impl fmt::Display for Valeur {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nombre(n) => f.write_str(&nombre(*n)),
            Self::Rapport(r) => f.write_str(&decimal(*r)),
            Self::Part(p) => f.write_str(&pourcentage(*p)),
            Self::Duree(ms) => f.write_str(&duree(*ms)),
            Self::Masque => f.write_str("masqué"),
            Self::NonMesure => f.write_str("non\u{a0}mesuré"),
            Self::NonDeploye => f.write_str("non\u{a0}déployé"),
            Self::NonConserve => f.write_str("non\u{a0}conservé"),
            Self::SansObjet => f.write_str("—"),
        }
    }
}

/// `3 812 visites`, `1 visite`: up to 1, French is singular.
pub(crate) fn accorde(n: i64, singulier: &str, pluriel: &str) -> String {
    let mot = if n.abs() < 2 { singulier } else { pluriel };
    format!("{}{INSECABLE}{mot}", nombre(n))
}

/// The same, of a number of schools and the like.
pub(crate) fn combien(n: usize, singulier: &str, pluriel: &str) -> String {
    accorde(i64::try_from(n).unwrap_or(i64::MAX), singulier, pluriel)
}

/// `12 septembre 2026`.
#[must_use]
pub fn jour_long(jour: Jour) -> String {
    format!("{} {}", jour_et_mois(jour), jour.date().year())
}

/// `du 1er août 2026 au 31 janvier 2027`, `du 16 au 22 novembre 2026`, `le 3 mai 2026`.
pub(crate) fn du_au(debut: Jour, fin: Jour) -> String {
    if debut == fin {
        return format!("le {}", jour_long(debut));
    }
    let (d, f) = (debut.date(), fin.date());
    let du = if d.year() != f.year() {
        jour_long(debut)
    } else if d.month() != f.month() {
        jour_et_mois(debut)
    } else {
        quantieme(d.day())
    };
    format!("du{INSECABLE}{du} au{INSECABLE}{}", jour_long(fin))
}

/// `12 septembre`.
#[must_use]
pub fn jour_et_mois(jour: Jour) -> String {
    nomme(jour, &MOIS)
}

/// `12 sept.`.
#[must_use]
pub fn jour_court(jour: Jour) -> String {
    nomme(jour, &MOIS_COURTS)
}

fn nomme(jour: Jour, mois: &[&str; 12]) -> String {
    let date = jour.date();
    let nom = usize::try_from(date.month() - 1).map_or("", |rang| mois[rang]);
    format!("{}{INSECABLE}{nom}", quantieme(date.day()))
}

fn quantieme(jour: i8) -> String {
    if jour == 1 {
        "1er".to_owned()
    } else {
        jour.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_groups_of_three_and_blanks_are_words() {
        let cas = [
            (Valeur::Nombre(0), "0"),
            (Valeur::Nombre(3_812), "3\u{202f}812"),
            (Valeur::Nombre(1_234_567), "1\u{202f}234\u{202f}567"),
            (Valeur::Nombre(-4), "−4"),
            (Valeur::Part(0.417), "41,7\u{a0}%"),
            (Valeur::Rapport(4.25), "4,2"),
            (Valeur::Duree(372_000.0), "6\u{a0}min 12\u{a0}s"),
            (Valeur::Duree(59_400.0), "59\u{a0}s"),
            (Valeur::Masque, "masqué"),
            (Valeur::NonMesure, "non\u{a0}mesuré"),
            (Valeur::NonDeploye, "non\u{a0}déployé"),
            (Valeur::NonConserve, "non\u{a0}conservé"),
            (Valeur::SansObjet, "—"),
        ];
        for (valeur, attendu) in cas {
            assert_eq!(valeur.to_string(), attendu);
        }
    }

    #[test]
    fn zero_and_one_are_singular_and_two_are_not() {
        assert_eq!(accorde(0, "visite", "visites"), "0\u{a0}visite");
        assert_eq!(accorde(1, "visite", "visites"), "1\u{a0}visite");
        assert_eq!(accorde(2, "visite", "visites"), "2\u{a0}visites");
    }

    #[test]
    fn days_are_written_as_people_say_them() {
        let jour: Jour = "2026-09-01".parse().unwrap();
        assert_eq!(jour_long(jour), "1er\u{a0}septembre 2026");
        assert_eq!(jour_court(jour.plus(11)), "12\u{a0}sept.");
    }

    #[test]
    fn a_span_of_days_says_once_what_its_ends_share() {
        let cas = [
            (
                "2026-11-16",
                "2026-11-22",
                "du\u{a0}16 au\u{a0}22\u{a0}novembre 2026",
            ),
            ("2026-11-01", "2026-11-01", "le 1er\u{a0}novembre 2026"),
            (
                "2026-08-01",
                "2026-11-22",
                "du\u{a0}1er\u{a0}août au\u{a0}22\u{a0}novembre 2026",
            ),
            (
                "2026-08-01",
                "2027-01-31",
                "du\u{a0}1er\u{a0}août 2026 au\u{a0}31\u{a0}janvier 2027",
            ),
        ];
        for (debut, fin, attendu) in cas {
            assert_eq!(du_au(debut.parse().unwrap(), fin.parse().unwrap()), attendu);
        }
    }

    #[test]
    fn a_ratio_of_a_blank_is_the_same_blank() {
        let sur = |haut: Valeur, bas| haut.sur(bas, Valeur::Rapport);
        assert_eq!(
            sur(Valeur::Nombre(9), Valeur::Nombre(2)),
            Valeur::Rapport(4.5)
        );
        assert_eq!(sur(Valeur::Nombre(9), Valeur::Masque), Valeur::Masque);
        assert_eq!(sur(Valeur::NonMesure, Valeur::Nombre(2)), Valeur::NonMesure);
        assert_eq!(sur(Valeur::Nombre(9), Valeur::Nombre(0)), Valeur::SansObjet);
    }
}
