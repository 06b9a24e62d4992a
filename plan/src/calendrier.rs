//! The school calendar: holidays by zone (source: the ministry's open calendar, Licence Ouverte 2.0).

use crate::jour::Jour;

const VACANCES: &str = include_str!("../data/vacances-scolaires.csv");

/// The holiday zone of an académie of mainland France. Corse and the overseas académies have
/// calendars of their own, which the open calendar by zone does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Zone {
    /// Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon, Poitiers.
    A,
    /// Aix-Marseille, Amiens, Lille, Nancy-Metz, Nantes, Nice, Normandie, Orléans-Tours, Reims,
    /// Rennes, Strasbourg.
    B,
    /// Créteil, Montpellier, Paris, Toulouse, Versailles.
    C,
}

impl Zone {
    /// The zone of an académie by its name as published in the directory (`Toulouse`,
    /// `Orléans-Tours`), whatever its case.
    #[must_use]
    pub fn de_academie(libelle: &str) -> Option<Self> {
        match libelle.trim().to_lowercase().as_str() {
            "besançon" | "bordeaux" | "clermont-ferrand" | "dijon" | "grenoble" | "limoges"
            | "lyon" | "poitiers" => Some(Self::A),
            "aix-marseille" | "amiens" | "lille" | "nancy-metz" | "nantes" | "nice"
            | "normandie" | "orléans-tours" | "reims" | "rennes" | "strasbourg" => Some(Self::B),
            "créteil" | "montpellier" | "paris" | "toulouse" | "versailles" => Some(Self::C),
            _ => None,
        }
    }

    fn de_lettre(lettre: &str) -> Option<Self> {
        match lettre {
            "A" => Some(Self::A),
            "B" => Some(Self::B),
            "C" => Some(Self::C),
            _ => None,
        }
    }
}

/// One span of holidays of one zone, first and last day off.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Vacances {
    /// The zone concerned.
    pub zone: Zone,
    /// The name as published (`Vacances de la Toussaint`).
    pub nom: String,
    /// First day off.
    pub premier_jour: Jour,
    /// Last day off.
    pub dernier_jour: Jour,
}

/// The school calendar of mainland France.
#[derive(Debug, Clone)]
pub struct Calendrier {
    vacances: Vec<Vacances>,
}

/// A line of the calendar's data file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("calendrier scolaire, ligne {ligne} : {contenu}")]
pub struct CalendrierIllisible {
    ligne: usize,
    contenu: String,
}

impl Calendrier {
    /// The calendar that ships with the plan.
    ///
    /// # Errors
    /// Names the first line that cannot be read.
    pub fn integre() -> Result<Self, CalendrierIllisible> {
        Self::lire(VACANCES)
    }

    /// Reads `zone;nom;premier_jour;dernier_jour` lines under a header.
    ///
    /// # Errors
    /// Names the first line that cannot be read.
    pub fn lire(texte: &str) -> Result<Self, CalendrierIllisible> {
        let mut vacances = Vec::new();
        for (rang, ligne) in texte.lines().enumerate().skip(1) {
            vacances.push(lire_ligne(ligne).ok_or_else(|| CalendrierIllisible {
                ligne: rang + 1,
                contenu: ligne.to_owned(),
            })?);
        }
        vacances.sort_by_key(|v| (v.zone, v.premier_jour));
        Ok(Self { vacances })
    }

    /// The holidays of a zone that touch a span of days, in order.
    pub fn entre(&self, zone: Zone, du: Jour, au: Jour) -> impl Iterator<Item = &Vacances> {
        self.vacances
            .iter()
            .filter(move |v| v.zone == zone && v.premier_jour <= au && v.dernier_jour >= du)
    }

    /// The holidays of a zone on a day, if it is one of them.
    #[must_use]
    pub fn vacances(&self, zone: Zone, jour: Jour) -> Option<&Vacances> {
        self.entre(zone, jour, jour).next()
    }
}

fn lire_ligne(ligne: &str) -> Option<Vacances> {
    let mut champs = ligne.split(';');
    let vacances = Vacances {
        zone: Zone::de_lettre(champs.next()?)?,
        nom: champs.next()?.to_owned(),
        premier_jour: champs.next()?.parse().ok()?,
        dernier_jour: champs.next()?.parse().ok()?,
    };
    champs.next().is_none().then_some(vacances)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toussaint_holidays_of_toulouse_are_those_of_zone_c() {
        let calendrier = Calendrier::integre().unwrap();
        let zone = Zone::de_academie("Toulouse").unwrap();
        let jour: Jour = "2026-10-25".parse().unwrap();
        let vacances = calendrier.vacances(zone, jour).unwrap();
        assert_eq!(vacances.nom, "Vacances de la Toussaint");
        assert!(
            calendrier
                .vacances(zone, "2026-11-20".parse().unwrap())
                .is_none()
        );
    }

    #[test]
    fn corse_and_overseas_have_no_zone() {
        assert_eq!(Zone::de_academie("Corse"), None);
        assert_eq!(Zone::de_academie("La Réunion"), None);
    }

    #[test]
    fn an_unreadable_line_is_named() {
        let faute = Calendrier::lire("zone;nom;a;b\nA;Noël;2026-12-19;2027-01-04\nD;x;y;z\n");
        assert_eq!(
            faute.unwrap_err().to_string(),
            "calendrier scolaire, ligne 3 : D;x;y;z"
        );
    }
}
