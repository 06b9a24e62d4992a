//! Days in French sentences.

use frequent_plan::Jour;
use frequent_reports::jour_et_mois;

/// A day as a sentence says it: « 1er septembre 2026 ».
pub(crate) fn date(jour: Jour) -> String {
    format!("{}\u{a0}{}", jour_et_mois(jour), jour.date().year())
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
