//! The same school days a year before: school weeks have ranks since the start of lessons, holidays
//! are matched to holidays.

use crate::calendrier::{Calendrier, Zone};
use crate::jour::{AnneeScolaire, Jour, Periode};

/// Fifty-two weeks, for who has no calendar by zone.
const UN_AN: i32 = 364;
/// Days off among Monday to Friday that make a week one of holidays.
const JOURS_OFF: usize = 3;

/// What a week is in its school year.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Genre {
    /// Weeks until lessons start.
    AvantRentree(usize),
    /// Rank among the weeks of lessons.
    Classe(usize),
    /// Which holidays, and rank in them.
    Vacances(String, usize),
}

impl Calendrier {
    /// The Monday, a school year before, of the week that is the same as a day's: the lessons' week
    /// of the same rank, or the same week of the same holidays; none where the year before has no
    /// such week. Without a zone, or where the calendar does not reach, 52 weeks before.
    #[must_use]
    pub fn semaine_un_an_avant(&self, zone: Option<Zone>, jour: Jour) -> Option<Jour> {
        let lundi = jour.lundi();
        let annee = lundi.annee_scolaire();
        let (Some(ici), Some(avant)) = (
            self.semaines(zone, annee),
            self.semaines(zone, annee.precedente()),
        ) else {
            return Some(lundi.plus(-UN_AN));
        };
        let (_, genre) = ici.iter().find(|(l, _)| *l == lundi)?;
        let pareille = avant.iter().find(|(_, autre)| autre == genre);
        pareille.map(|(lundi, _)| *lundi)
    }

    /// The same day a school year before: the same weekday of the same week.
    #[must_use]
    pub fn jour_un_an_avant(&self, zone: Option<Zone>, jour: Jour) -> Option<Jour> {
        let lundi = self.semaine_un_an_avant(zone, jour)?;
        Some(lundi.plus(i32::from(jour.rang_semaine())))
    }

    /// The days, a school year before, that are the same as the first `nombre` days of a period, in
    /// order, each once. Those of a whole year are the whole year before; those of a year's first
    /// days, all the days before up to the same as the last.
    #[must_use]
    pub fn jours_un_an_avant(
        &self,
        zone: Option<Zone>,
        periode: Periode,
        nombre: usize,
    ) -> Vec<Jour> {
        let jours: Vec<Jour> = periode.jours().take(nombre).collect();
        if periode.grain() == crate::jour::Grain::Annee {
            let avant = periode.precedente();
            let entiere = jours.len() == periode.jours().count();
            let dernier = jours
                .iter()
                .rev()
                .find_map(|jour| self.jour_un_an_avant(zone, *jour))
                .map(|jour| jour.min(avant.fin()));
            return match dernier {
                _ if entiere => avant.jours().collect(),
                Some(dernier) => avant.debut().jusqua(dernier).collect(),
                None => Vec::new(),
            };
        }
        self.jours_pareils_un_an_avant(zone, &jours)
    }

    /// The days, a school year before, that are the same as these, which are in order: in order,
    /// each once. A day of a week that the year before did not have has none.
    #[must_use]
    pub fn jours_pareils_un_an_avant(&self, zone: Option<Zone>, jours: &[Jour]) -> Vec<Jour> {
        let semaines = jours.chunk_by(|un, autre| un.lundi() == autre.lundi());
        let semaines = semaines.filter_map(|semaine| {
            let avant = self.semaine_un_an_avant(zone, *semaine.first()?)?;
            Some((avant, semaine))
        });
        let mut pareils: Vec<Jour> = semaines
            .flat_map(|(lundi, semaine)| {
                let rangs = semaine.iter().map(|jour| jour.rang_semaine());
                rangs.map(move |rang| lundi.plus(i32::from(rang)))
            })
            .collect();
        pareils.sort_unstable();
        pareils.dedup();
        pareils
    }

    /// Whether a day's week is one of lessons; any week is, without a zone.
    #[must_use]
    pub fn est_semaine_de_classe(&self, zone: Option<Zone>, jour: Jour) -> bool {
        self.nom_de_la_semaine(zone, jour).is_none()
    }

    /// The weeks of a school year, by their Mondays; none without a zone, or where the calendar does
    /// not reach.
    fn semaines(&self, zone: Option<Zone>, annee: AnneeScolaire) -> Option<Vec<(Jour, Genre)>> {
        let zone = zone?;
        self.entre(zone, annee.debut().plus(31), annee.fin())
            .find(|vacances| vacances.premier_jour.annee_scolaire() == annee)?;
        let premiere = annee.debut().plus(6).lundi();
        let lundis: Vec<Jour> = std::iter::successors(Some(premiere), |l| Some(l.plus(7)))
            .take_while(|lundi| *lundi <= annee.fin())
            .collect();
        let noms: Vec<Option<&str>> = lundis
            .iter()
            .map(|lundi| self.nom_de_la_semaine(Some(zone), *lundi))
            .collect();
        let rentree = noms.iter().position(Option::is_none)?;
        let (mut classes, mut suite) = (0, 0);
        let genre = |(rang, nom): (usize, Option<&str>)| {
            suite = match rang.checked_sub(1).and_then(|avant| noms.get(avant)) {
                Some(avant) if *avant == nom => suite + 1,
                _ => 0,
            };
            match nom {
                _ if rang < rentree => Genre::AvantRentree(rentree - rang),
                Some(nom) => Genre::Vacances(nom.to_owned(), suite),
                None => {
                    classes += 1;
                    Genre::Classe(classes)
                }
            }
        };
        let genres: Vec<Genre> = noms.iter().copied().enumerate().map(genre).collect();
        Some(lundis.into_iter().zip(genres).collect())
    }

    /// The holidays that take most of a day's week.
    fn nom_de_la_semaine(&self, zone: Option<Zone>, jour: Jour) -> Option<&str> {
        let (zone, lundi) = (zone?, jour.lundi());
        let ouvres = || lundi.jusqua(lundi.plus(4));
        let jours: Vec<&str> = ouvres()
            .filter_map(|jour| Some(self.vacances(zone, jour)?.nom.as_str()))
            .collect();
        (jours.len() >= JOURS_OFF).then(|| jours.first().copied())?
    }
}

#[cfg(test)]
#[path = "alignement_tests.rs"]
mod tests;
