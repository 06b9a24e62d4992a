//! Whether an action helped: four school weeks before, four after, beside comparable schools.

use frequent_plan::{Calendrier, Jour, Zone};

use super::PAIRS_MIN;
use super::dates::date;

/// School weeks on each side.
pub(crate) const SEMAINES_EFFET: usize = 4;
/// Most calendar weeks that those of a side may span: two of holidays, and not the summer.
const ETENDUE_MAX: i32 = 6 * 7;

/// Why an effect is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefusEffet {
    /// Corse and the overseas have no holidays by zone.
    #[error("Le calendrier scolaire de ce territoire n’est pas connu.")]
    SansCalendrier,
    /// The weeks after are not over.
    #[error("Les quatre semaines de classe qui suivent s’achèvent le {}.", date(*.0))]
    TropTot(Jour),
    /// The summer, or what else keeps school weeks apart.
    #[error("De longues vacances séparent les semaines à comparer.")]
    Vacances,
    /// A week of the school is masked.
    #[error("Une semaine de l’école au moins est masquée.")]
    Masque,
    /// Nothing is known of the school.
    #[error("L’école n’a pas été mesurée sur ces semaines.")]
    NonMesure,
    /// Something is declared of the school on these weeks.
    #[error("Un incident ou une rupture de série est déclaré sur ces semaines.")]
    Incident,
    /// Too few peers.
    #[error("Moins de {PAIRS_MIN} écoles semblables ont des chiffres visibles sur ces semaines.")]
    PeuDePairs,
}

/// The weeks to compare, by their Mondays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fenetres {
    /// Before the action's week, in order.
    pub(crate) avant: Vec<Jour>,
    /// After it, in order.
    pub(crate) apres: Vec<Jour>,
}

impl Fenetres {
    /// The four school weeks before the week of an action and the four after, holidays left out.
    ///
    /// # Errors
    /// See [`RefusEffet`].
    pub(crate) fn autour(
        calendrier: &Calendrier,
        zone: Option<Zone>,
        jour: Jour,
        aujourdhui: Jour,
    ) -> Result<Self, RefusEffet> {
        let zone = zone.ok_or(RefusEffet::SansCalendrier)?;
        let lundi = jour.lundi();
        let classe = |l: &Jour| calendrier.est_semaine_de_classe(Some(zone), *l);
        let cote = |pas: i32| -> Vec<Jour> {
            let lundis = std::iter::successors(Some(lundi.plus(pas)), |l| Some(l.plus(pas)));
            // A year of weeks: far more than any holidays.
            lundis
                .take(52)
                .filter(classe)
                .take(SEMAINES_EFFET)
                .collect()
        };
        let (mut avant, apres) = (cote(-7), cote(7));
        avant.reverse();
        let etendue = |lundis: &[Jour], bord: i32| {
            let bords = lundis.first().zip(lundis.last());
            bords.is_some_and(|(premier, dernier)| {
                let loin = premier.epoque().min(lundi.epoque() + bord);
                let pres = dernier.epoque().max(lundi.epoque() + bord);
                lundis.len() == SEMAINES_EFFET && pres - loin < ETENDUE_MAX
            })
        };
        if !etendue(&avant, -7) || !etendue(&apres, 7) {
            return Err(RefusEffet::Vacances);
        }
        let fin = apres.last().map_or(lundi, |l| l.plus(6));
        if fin >= aujourdhui {
            return Err(RefusEffet::TropTot(fin));
        }
        Ok(Self { avant, apres })
    }

    /// All the weeks, in order.
    pub(crate) fn toutes(&self) -> impl Iterator<Item = Jour> {
        self.avant.iter().chain(&self.apres).copied()
    }
}

/// The Monday of the latest week of which the effect of an action can be told, the weeks after it
/// being over before a day: none in the year before.
#[must_use]
pub fn semaine_dicible(calendrier: &Calendrier, zone: Zone, avant: Jour) -> Option<Jour> {
    let lundis = std::iter::successors(Some(avant.lundi()), |lundi| Some(lundi.plus(-7)));
    lundis.take(52).find(|lundi| {
        let classe = calendrier.est_semaine_de_classe(Some(zone), *lundi);
        classe && Fenetres::autour(calendrier, Some(zone), *lundi, avant).is_ok()
    })
}

/// Visits a week before and after, when each of the weeks is shown.
pub(crate) fn avant_apres(visites: &[Option<i64>]) -> Option<(f64, f64)> {
    let visites = visites.iter().copied().collect::<Option<Vec<i64>>>()?;
    let (avant, apres) = visites.split_at_checked(SEMAINES_EFFET)?;
    Some((moyenne(avant)?, moyenne(apres)?))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn moyenne(visites: &[i64]) -> Option<f64> {
    (!visites.is_empty()).then(|| visites.iter().sum::<i64>() as f64 / visites.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn autour(jour: &str, aujourdhui: &str) -> Result<Fenetres, RefusEffet> {
        let calendrier = Calendrier::integre().unwrap();
        let (jour, aujourdhui) = (jour.parse().unwrap(), aujourdhui.parse().unwrap());
        Fenetres::autour(&calendrier, Some(Zone::C), jour, aujourdhui)
    }

    fn textes(jours: &[Jour]) -> Vec<String> {
        jours.iter().map(Jour::to_string).collect()
    }

    #[test]
    fn the_weeks_of_holidays_are_left_out_on_each_side() {
        // Zone C: Toussaint from 18 October to 2 November 2025.
        let fenetres = autour("2025-10-08", "2026-01-15").unwrap();
        assert_eq!(
            textes(&fenetres.avant),
            ["2025-09-08", "2025-09-15", "2025-09-22", "2025-09-29"]
        );
        assert_eq!(
            textes(&fenetres.apres),
            ["2025-10-13", "2025-11-03", "2025-11-10", "2025-11-17"]
        );
        assert_eq!(fenetres.toutes().count(), 8);
    }

    #[test]
    fn weeks_that_the_summer_separates_are_not_compared() {
        assert_eq!(
            autour("2026-06-24", "2026-12-15"),
            Err(RefusEffet::Vacances)
        );
        assert_eq!(
            autour("2026-09-08", "2026-12-15"),
            Err(RefusEffet::Vacances)
        );
    }

    #[test]
    fn an_effect_is_not_told_before_the_weeks_after_are_over() {
        let refus = autour("2025-10-08", "2025-11-23").unwrap_err();
        assert_eq!(refus, RefusEffet::TropTot("2025-11-23".parse().unwrap()));
        assert!(refus.to_string().contains("23\u{a0}novembre"), "{refus}");
        assert!(autour("2025-10-08", "2025-11-24").is_ok());
    }

    #[test]
    fn the_latest_week_that_can_be_told_is_over_and_clear_of_the_summer() {
        let calendrier = Calendrier::integre().unwrap();
        let derniere = |avant: &str| {
            let lundi = semaine_dicible(&calendrier, Zone::C, avant.parse().unwrap());
            lundi.map(|l| l.to_string())
        };
        assert_eq!(derniere("2025-11-24").as_deref(), Some("2025-10-06"));
        assert_eq!(derniere("2025-11-23").as_deref(), Some("2025-09-29"));
        // In September, the last one is of spring: classes end on 3 July.
        assert_eq!(derniere("2026-09-05").as_deref(), Some("2026-06-01"));
    }

    #[test]
    fn without_a_calendar_nothing_is_told() {
        let calendrier = Calendrier::integre().unwrap();
        let jour = "2025-10-08".parse().unwrap();
        let refus = Fenetres::autour(&calendrier, None, jour, jour);
        assert_eq!(refus, Err(RefusEffet::SansCalendrier));
    }

    #[test]
    fn one_masked_week_is_enough_to_say_nothing() {
        let mut visites = [
            Some(4),
            Some(6),
            Some(5),
            Some(5),
            Some(9),
            Some(11),
            Some(10),
            Some(10),
        ];
        assert_eq!(avant_apres(&visites), Some((5.0, 10.0)));
        visites[6] = None;
        assert_eq!(avant_apres(&visites), None);
    }
}
