//! Days in French sentences.

use frequent_plan::Jour;

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

/// A day as a sentence says it: « 1er septembre 2026 ».
pub(crate) fn date(jour: Jour) -> String {
    let civil = jour.date();
    let quantieme = match civil.day() {
        1 => "1er".to_owned(),
        autre => autre.to_string(),
    };
    let rang = usize::try_from(civil.month() - 1).unwrap_or_default();
    let mois = MOIS.get(rang).copied().unwrap_or_default();
    format!("{quantieme}\u{a0}{mois}\u{a0}{}", civil.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_said_in_full() {
        let dire = |texte: &str| date(texte.parse().unwrap());
        assert_eq!(dire("2026-09-01"), "1er\u{a0}septembre\u{a0}2026");
        assert_eq!(dire("2026-12-31"), "31\u{a0}décembre\u{a0}2026");
    }
}
