//! Changes that never came: a delta lost between two others leaves no trace but the day it should
//! have come on, and changes of what nobody knows. The next whole extraction mends it.

use std::collections::BTreeSet;
use std::fmt;

use frequent_plan::Jour;

/// How long the days of a feed are remembered: its weekly rhythm is read from them.
const MEMOIRE_JOURS: i32 = 35;
/// How many weeks back a day of the week is looked at.
const SEMAINES: usize = 4;
/// Most days that are named.
const JOURS_MONTRES: usize = 7;

/// What makes one think that changes never came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacune {
    /// Days between this extraction and the one before, on which one usually comes.
    pub jours: Vec<Jour>,
    /// Changes and removals of what is not known.
    pub inconnus: u64,
}

impl Lacune {
    /// Nothing is thought to be missing.
    #[must_use]
    pub fn est_vide(&self) -> bool {
        self.jours.is_empty() && self.inconnus == 0
    }
}

impl fmt::Display for Lacune {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Des modifications manquent sans doute :")?;
        if !self.jours.is_empty() {
            let noms: Vec<String> = self.jours.iter().map(Jour::to_string).collect();
            let montres = noms.len().min(JOURS_MONTRES);
            write!(
                f,
                " {} jours sans extraction, où il en vient d’habitude ({}",
                noms.len(),
                noms[..montres].join(", ")
            )?;
            f.write_str(if montres < noms.len() {
                "…) ;"
            } else {
                ") ;"
            })?;
        }
        if self.inconnus > 0 {
            write!(
                f,
                " {} modifications ou suppressions d’identifiants inconnus ;",
                self.inconnus
            )?;
        }
        f.write_str(" la prochaine extraction complète y remédiera.")
    }
}

/// The days on which extractions of a feed came, the latest ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Venues(BTreeSet<Jour>);

impl Venues {
    /// Reads what [`Venues::ecrire`] wrote; what is no day is left out.
    pub(super) fn lire(texte: &str) -> Self {
        Self(
            texte
                .split(',')
                .filter_map(|jour| jour.parse().ok())
                .collect(),
        )
    }

    pub(super) fn ecrire(&self) -> String {
        let jours: Vec<String> = self.0.iter().map(Jour::to_string).collect();
        jours.join(",")
    }

    /// One more, and those of too long ago no longer.
    pub(super) fn noter(&mut self, jour: Jour) {
        self.0.insert(jour);
        let limite = jour.plus(-MEMOIRE_JOURS);
        self.0.retain(|connu| *connu >= limite);
    }

    /// The days strictly between two extractions on which one usually comes: at least as often as
    /// not, on this day of the last weeks that are known.
    pub(super) fn manquants(&self, avant: Jour, date: Jour) -> Vec<Jour> {
        avant
            .plus(1)
            .jusqua(date.plus(-1))
            .filter(|jour| self.est_habituel(*jour, avant))
            .collect()
    }

    /// Weeks before the first extraction say nothing, nor do those after the last one.
    fn est_habituel(&self, jour: Jour, derniere: Jour) -> bool {
        let Some(premiere) = self.0.first() else {
            return false;
        };
        let connues = (1..)
            .map(|semaines| jour.plus(-7 * semaines))
            .skip_while(|jour| *jour > derniere)
            .take_while(|jour| jour >= premiere)
            .take(SEMAINES);
        let (mut possibles, mut venues) = (0, 0);
        for connue in connues {
            possibles += 1;
            venues += u32::from(self.0.contains(&connue));
        }
        venues > 0 && 2 * venues >= possibles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    /// On these days of the week, 0 for Monday, from a day to another.
    fn venues(rangs: std::ops::Range<u8>, du: &str, au: &str) -> Venues {
        let mut venues = Venues::default();
        let jours = jour(du).jusqua(jour(au));
        for venue in jours.filter(|jour| rangs.contains(&jour.rang_semaine())) {
            venues.noter(venue);
        }
        venues
    }

    #[test]
    fn a_working_day_without_an_extraction_is_missing_and_a_week_end_is_not() {
        // 20 November 2026 is a Friday.
        let venues = venues(0..5, "2026-11-02", "2026-11-20");
        let (vendredi, lundi) = (jour("2026-11-20"), jour("2026-11-23"));
        assert!(venues.manquants(vendredi, lundi).is_empty());
        assert_eq!(
            venues.manquants(vendredi, jour("2026-11-25")),
            [lundi, jour("2026-11-24")]
        );
    }

    #[test]
    fn a_feed_without_a_known_rhythm_lacks_nothing() {
        let mut peu = Venues::default();
        let vendredi = jour("2026-11-20");
        assert!(peu.manquants(vendredi, jour("2026-11-30")).is_empty());
        peu.noter(vendredi);
        assert!(peu.manquants(vendredi, jour("2026-11-27")).is_empty());
        // A Tuesday out of three is no habit.
        let mut rare = venues(4..5, "2026-11-03", "2026-11-20");
        rare.noter(jour("2026-11-03"));
        assert!(rare.manquants(vendredi, jour("2026-11-25")).is_empty());
    }

    #[test]
    fn a_long_silence_is_missing_on_each_of_its_usual_days() {
        let venues = venues(2..3, "2026-10-14", "2026-11-18");
        let manquants = venues.manquants(jour("2026-11-18"), jour("2026-12-15"));
        let attendus = ["2026-11-25", "2026-12-02", "2026-12-09"].map(jour);
        assert_eq!(manquants, attendus);
    }

    #[test]
    fn days_are_written_and_read_back_and_the_old_ones_forgotten() {
        let mut venues = venues(0..7, "2026-09-01", "2026-11-20");
        venues.noter(jour("2026-11-21"));
        assert_eq!(venues.0.first(), Some(&jour("2026-10-17")));
        assert_eq!(Venues::lire(&venues.ecrire()), venues);
        assert_eq!(Venues::lire(""), Venues::default());
    }
}
