//! What kind of day it is for a school.

use frequent_plan::{Calendrier, Jour, Zone};

use crate::ecole::Degre;
use crate::modele::ModeleProfil;

/// A span of holidays longer than this is the summer's.
const ETE_JOURS: i32 = 30;
/// Wednesday in primary schools, where most have no class.
const MERCREDI_PRIMAIRE: f64 = 0.5;
/// Summer against other holidays.
const ETE: f64 = 0.25;

/// The kind of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sorte {
    /// An ordinary day of the school year, week-end or not.
    Ordinaire,
    /// A public holiday.
    Ferie,
    /// Holidays.
    Vacances,
    /// Summer holidays.
    Ete,
}

/// A day, for the schools of a zone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JourScolaire {
    jour: Jour,
    sorte: Sorte,
    /// Days since classes began, negative before.
    depuis_rentree: i32,
}

impl JourScolaire {
    /// What a day is in a zone.
    pub(crate) fn new(calendrier: &Calendrier, zone: Zone, jour: Jour) -> Self {
        let sorte = match calendrier.vacances(zone, jour) {
            Some(v) if v.dernier_jour.epoque() - v.premier_jour.epoque() > ETE_JOURS => Sorte::Ete,
            Some(_) => Sorte::Vacances,
            None if est_ferie(jour) => Sorte::Ferie,
            None => Sorte::Ordinaire,
        };
        Self {
            jour,
            sorte,
            depuis_rentree: jour.epoque() - rentree(calendrier, zone, jour).epoque(),
        }
    }

    /// Days since classes began, negative before.
    pub(crate) fn depuis_rentree(self) -> i32 {
        self.depuis_rentree
    }

    /// Whether there is class.
    pub(crate) fn est_de_classe(self) -> bool {
        self.sorte == Sorte::Ordinaire && !self.jour.est_weekend()
    }

    /// Whether it is in the holidays, the summer's included.
    pub(crate) fn est_de_vacances(self) -> bool {
        matches!(self.sorte, Sorte::Vacances | Sorte::Ete)
    }

    /// How much a profile comes, 1 being a full day.
    pub(crate) fn affluence(self, profil: &ModeleProfil, degre: Degre) -> f64 {
        let rang = self.jour.rang_semaine();
        let mercredi = rang == 2 && degre == Degre::Primaire;
        let du_jour = match self.sorte {
            Sorte::Ordinaire if mercredi => profil.semaine[2] * MERCREDI_PRIMAIRE,
            Sorte::Ordinaire => profil.semaine[usize::from(rang)],
            Sorte::Ferie => profil.semaine[6],
            Sorte::Vacances => profil.vacances,
            Sorte::Ete => profil.vacances * ETE,
        };
        du_jour * self.saison()
    }

    /// The first weeks are busy, the last ones are not.
    fn saison(self) -> f64 {
        match (self.depuis_rentree, self.jour.date().month()) {
            (0..21, _) => 1.12,
            (_, 6) => 0.85,
            (_, 7) => 0.4,
            _ => 1.0,
        }
    }
}

/// The first day of class of the school year: the day after the summer that holds 1 August.
#[must_use]
pub fn rentree(calendrier: &Calendrier, zone: Zone, jour: Jour) -> Jour {
    let debut = jour.annee_scolaire().debut();
    match calendrier.vacances(zone, debut) {
        Some(ete) => ete.dernier_jour.plus(1),
        None => debut.plus(31),
    }
}

/// A public holiday of mainland France.
fn est_ferie(jour: Jour) -> bool {
    let date = jour.date();
    let fixe = matches!(
        (date.month(), date.day()),
        (1 | 5 | 11, 1) | (5, 8) | (7, 14) | (8, 15) | (11, 11) | (12, 25)
    );
    // Easter Monday, Ascension Day, Whit Monday.
    let depuis_paques = jour.epoque() - paques(i32::from(date.year()));
    fixe || matches!(depuis_paques, 1 | 39 | 50)
}

/// Easter Sunday, in days since 1970, by the Gregorian computus (Meeus, Jones, Butcher).
fn paques(annee: i32) -> i32 {
    let (cycle, siecle, reste) = (annee % 19, annee / 100, annee % 100);
    let correction = (siecle - (siecle + 8) / 25 + 1) / 3;
    let epacte = (19 * cycle + siecle - siecle / 4 - correction + 15) % 30;
    let semaine = (32 + 2 * (siecle % 4) + 2 * (reste / 4) - epacte - reste % 4) % 7;
    let decalage = (cycle + 11 * epacte + 22 * semaine) / 451;
    let rang = epacte + semaine - 7 * decalage + 114;
    let texte = format!("{annee:04}-{:02}-{:02}", rang / 31, rang % 31 + 1);
    texte.parse::<Jour>().map_or(0, Jour::epoque)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorte(texte: &str) -> Sorte {
        let calendrier = Calendrier::integre().unwrap();
        JourScolaire::new(&calendrier, Zone::C, texte.parse().unwrap()).sorte
    }

    #[test]
    fn a_day_is_ordinary_a_public_holiday_a_holiday_or_summer() {
        assert_eq!(sorte("2026-11-20"), Sorte::Ordinaire);
        assert_eq!(sorte("2026-11-11"), Sorte::Ferie);
        assert_eq!(sorte("2026-10-25"), Sorte::Vacances);
        assert_eq!(sorte("2026-08-10"), Sorte::Ete);
    }

    #[test]
    fn movable_feasts_follow_easter() {
        for (annee, jour) in [
            (2024, "2024-03-31"),
            (2025, "2025-04-20"),
            (2027, "2027-03-28"),
        ] {
            assert_eq!(Jour::de_epoque(paques(annee)).to_string(), jour);
        }
        assert!(est_ferie("2025-04-21".parse().unwrap()));
        assert!(est_ferie("2025-05-29".parse().unwrap()));
        assert!(est_ferie("2025-06-09".parse().unwrap()));
        assert!(!est_ferie("2025-04-20".parse().unwrap()));
    }

    #[test]
    fn classes_begin_the_day_after_the_summer() {
        let calendrier = Calendrier::integre().unwrap();
        let jour = "2026-11-20".parse().unwrap();
        assert_eq!(
            rentree(&calendrier, Zone::C, jour).to_string(),
            "2026-09-01"
        );
    }
}
