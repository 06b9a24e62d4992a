//! Halves of a school year: what steering committees meet about.

use crate::jour::{AnneeScolaire, Grain, Jour, Periode};

/// Half a school year: the first from 1 August to 31 January, the second from 1 February to 31 July.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Semestre {
    annee: AnneeScolaire,
    second: bool,
}

impl Semestre {
    /// The half that contains a day.
    #[must_use]
    pub fn contenant(jour: Jour) -> Self {
        Self {
            annee: jour.annee_scolaire(),
            second: matches!(jour.date().month(), 2..=7),
        }
    }

    /// Its school year.
    #[must_use]
    pub const fn annee(self) -> AnneeScolaire {
        self.annee
    }

    /// Whether it is the year's second one.
    #[must_use]
    pub const fn est_second(self) -> bool {
        self.second
    }

    /// 1 August or 1 February.
    #[must_use]
    pub fn debut(self) -> Jour {
        if self.second {
            let premier = Self {
                second: false,
                ..self
            };
            premier.fin().plus(1)
        } else {
            self.annee.debut()
        }
    }

    /// 31 January or 31 July.
    #[must_use]
    pub fn fin(self) -> Jour {
        if self.second {
            return self.annee.fin();
        }
        // From 1 August, 31 January is the last day of the sixth month.
        self.mois().last().map_or(self.annee.debut(), Periode::fin)
    }

    /// Its six months, in order.
    pub fn mois(self) -> impl Iterator<Item = Periode> {
        let premier = Periode::contenant(Grain::Mois, self.annee.debut());
        let mois = std::iter::successors(Some(premier), |mois| Some(mois.suivante()));
        mois.skip(if self.second { 6 } else { 0 }).take(6)
    }

    /// The half just before.
    #[must_use]
    pub fn precedent(self) -> Self {
        Self::contenant(self.debut().plus(-1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    #[test]
    fn two_halves_make_a_school_year_day_for_day() {
        for annee in ["2023-2024", "2026-2027"] {
            let annee: AnneeScolaire = annee.parse().unwrap();
            let premier = Semestre::contenant(annee.debut());
            let second = Semestre::contenant(annee.fin());
            assert_eq!(
                (premier.debut(), second.fin()),
                (annee.debut(), annee.fin())
            );
            assert_eq!(premier.fin().plus(1), second.debut());
            assert_eq!(second.precedent(), premier);
            assert_eq!(premier.precedent().annee(), annee.precedente());
        }
    }

    #[test]
    fn january_ends_the_first_half_and_february_begins_the_second() {
        let janvier = Semestre::contenant(jour("2027-01-31"));
        let fevrier = Semestre::contenant(jour("2027-02-01"));
        assert_eq!(janvier.debut(), jour("2026-08-01"));
        assert_eq!(janvier.fin(), jour("2027-01-31"));
        assert_eq!(fevrier.fin(), jour("2027-07-31"));
        assert!(!janvier.est_second() && fevrier.est_second());
    }

    #[test]
    fn a_half_is_its_six_months() {
        let second = Semestre::contenant(jour("2028-03-12"));
        let mois: Vec<Periode> = second.mois().collect();
        assert_eq!((mois.len(), mois[0].debut()), (6, jour("2028-02-01")));
        assert_eq!(mois[0].fin(), jour("2028-02-29"));
        assert_eq!(mois[5].fin(), second.fin());
    }
}
