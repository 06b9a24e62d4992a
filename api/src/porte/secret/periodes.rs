//! Which periods protect one another.
//!
//! A small figure of a period is hidden by moving it to another day without anything shown to tell:
//! a period is given two days, one of it and one that is not, as near as the calendar allows. Of
//! all periods only those that hold exactly one of the two could tell. The calendar alone decides,
//! so that no figure and no request changes it.

use frequent_plan::{Grain, Jour, Periode};

/// For each weekday, those it is paired with, the best first: class days together.
const FAMILLES: [[u8; 6]; 7] = [
    [1, 3, 4, 2, 5, 6],
    [0, 3, 4, 2, 5, 6],
    [1, 0, 3, 4, 5, 6],
    [4, 1, 0, 2, 5, 6],
    [3, 1, 0, 2, 5, 6],
    [6, 4, 3, 1, 0, 2],
    [5, 4, 3, 1, 0, 2],
];
/// The rank of Thursday, whose month is the week's.
const JEUDI: i32 = 3;

/// A day of a period, and one that is not of it. A school year has none: nothing is shown that
/// holds two years, so nothing is taken from one by the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Jours {
    pub(super) dedans: Jour,
    pub(super) dehors: Option<Jour>,
}

impl Jours {
    /// The two days of a period.
    pub(super) fn de(periode: Periode) -> Self {
        match periode.grain() {
            Grain::Jour => jour(periode.debut()),
            Grain::Semaine => semaine(periode.debut()),
            Grain::Mois => mois(periode.debut()),
            Grain::Annee => Self {
                // In November: its week and its month are of the year.
                dedans: deuxieme_jeudi(rang_du_mois(periode.debut(), 3)),
                dehors: None,
            },
        }
    }

    /// Whether exactly one of them is among some days.
    pub(super) fn separes(self, contient: impl Fn(Jour) -> bool) -> bool {
        contient(self.dedans) != self.dehors.is_some_and(contient)
    }
}

/// Whether a day is of a period.
pub(super) fn contient(periode: Periode, jour: Jour) -> bool {
    (periode.debut()..=periode.fin()).contains(&jour)
}

/// The periods whose two days this one separates: those whose small figures it could tell.
pub(super) fn voisines(periode: Periode) -> Vec<Periode> {
    candidates(periode.debut(), periode.fin())
        .filter(|p| Jours::de(*p).separes(|jour| contient(periode, jour)))
        .collect()
}

/// The periods whose two days are separated by days between these.
pub(super) fn voisines_de_jours(
    (premier, dernier): (Jour, Jour),
    contient: impl Fn(Jour) -> bool,
) -> Vec<Periode> {
    candidates(premier, dernier)
        .filter(|p| Jours::de(*p).separes(&contient))
        .collect()
}

/// Every period that has one of its two days between these.
fn candidates(premier: Jour, dernier: Jour) -> impl Iterator<Item = Periode> {
    let (premiere, derniere) = (premier.annee_scolaire(), dernier.annee_scolaire());
    Grain::TOUS.iter().flat_map(move |&grain| {
        let (du, au) = match grain {
            // A day's other day is at most a week away; a week's, in the next or the one before.
            Grain::Jour | Grain::Semaine => (premier.plus(-14), dernier.plus(14)),
            Grain::Mois | Grain::Annee => (premiere.debut(), derniere.fin()),
        };
        std::iter::successors(Some(Periode::contenant(grain, du)), |p| Some(p.suivante()))
            .take_while(move |p| p.debut() <= au)
    })
}

fn jour(jour: Jour) -> Jours {
    let meme_mois = |autre: &Jour| debut_mois(*autre) == debut_mois(jour);
    let rang = usize::from(jour.rang_semaine());
    let lundi = jour.lundi();
    let famille = FAMILLES[rang]
        .iter()
        .map(|autre| lundi.plus(i32::from(*autre)));
    // The only day of its week in its month: the same weekday of the next week, or the one before.
    let autre = famille.chain([jour.plus(7), jour.plus(-7)]).find(meme_mois);
    Jours {
        dedans: jour,
        dehors: autre,
    }
}

fn semaine(lundi: Jour) -> Jours {
    let jeudi = lundi.plus(JEUDI);
    let meme_mois = |autre: &Jour| debut_mois(*autre) == debut_mois(jeudi);
    let rang = (jeudi.epoque() - debut_mois(jeudi).epoque()) / 7;
    // Two by two from the month's first; a fifth goes with the fourth.
    let sens = if rang % 2 == 0 { [7, -7] } else { [-7, 7] };
    Jours {
        dedans: jeudi,
        dehors: sens
            .map(|ecart| jeudi.plus(ecart))
            .into_iter()
            .find(meme_mois),
    }
}

/// Months two by two from September; August, at one end of the school year, with July.
fn mois(debut: Jour) -> Jours {
    let rang = (0..12)
        .find(|rang| rang_du_mois(debut, *rang) == debut)
        .unwrap_or_default();
    let autre = match rang {
        0 => 11,
        11 => 0,
        impair if impair % 2 == 1 => impair + 1,
        pair => pair - 1,
    };
    let voisin = rang_du_mois(debut, autre);
    let second = debut.max(voisin);
    // Around a boundary that a week holds, the week tells nothing.
    let frontiere = rang.abs_diff(autre) == 1 && second.lundi() != second;
    let (dedans, dehors) = match (frontiere, debut < voisin) {
        (true, true) => (second.plus(-1), second),
        (true, false) => (second, second.plus(-1)),
        (false, _) => (deuxieme_jeudi(debut), deuxieme_jeudi(voisin)),
    };
    Jours {
        dedans,
        dehors: Some(dehors),
    }
}

/// The first day of a month of the school year of a day, August being 0.
fn rang_du_mois(jour: Jour, rang: usize) -> Jour {
    let aout = Periode::contenant(Grain::Mois, jour.annee_scolaire().debut());
    let mois = std::iter::successors(Some(aout), |m| Some(m.suivante())).nth(rang);
    mois.unwrap_or(aout).debut()
}

fn deuxieme_jeudi(debut: Jour) -> Jour {
    let apres = debut.plus(7);
    apres.plus((JEUDI - i32::from(apres.rang_semaine())).rem_euclid(7))
}

fn debut_mois(jour: Jour) -> Jour {
    Periode::contenant(Grain::Mois, jour).debut()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toutes(du: &str, au: &str) -> Vec<Periode> {
        let (du, au): (Jour, Jour) = (du.parse().unwrap(), au.parse().unwrap());
        let suite = |grain: &Grain| {
            std::iter::successors(Some(Periode::contenant(*grain, du)), |p| Some(p.suivante()))
                .take_while(move |p| p.debut() <= au)
        };
        Grain::TOUS.iter().flat_map(suite).collect()
    }

    #[test]
    fn a_period_holds_one_of_its_days_and_not_the_other() {
        for periode in toutes("2024-08-01", "2027-07-31") {
            let jours = Jours::de(periode);
            assert!(contient(periode, jours.dedans), "{periode:?}");
            match jours.dehors {
                Some(autre) => assert!(!contient(periode, autre), "{periode:?}"),
                None => assert_eq!(periode.grain(), Grain::Annee),
            }
        }
    }

    #[test]
    fn the_periods_that_a_period_could_tell_are_all_found() {
        let toutes = toutes("2024-01-01", "2027-12-31");
        for periode in self::toutes("2025-08-01", "2026-07-31") {
            let mut trouvees = voisines(periode);
            trouvees.sort_unstable();
            let attendues = toutes
                .iter()
                .filter(|p| Jours::de(**p).separes(|jour| contient(periode, jour)));
            let mut attendues: Vec<Periode> = attendues.copied().collect();
            attendues.sort_unstable();
            assert_eq!(trouvees, attendues, "{periode:?}");
        }
    }

    #[test]
    fn the_two_days_of_all_but_a_year_are_of_one_school_year() {
        for periode in toutes("2024-08-01", "2027-07-31") {
            let jours = Jours::de(periode);
            if let Some(autre) = jours.dehors {
                assert_eq!(jours.dedans.annee_scolaire(), autre.annee_scolaire());
            }
        }
    }

    #[test]
    fn few_periods_could_tell_about_one() {
        let plus = |grain| {
            let periodes = toutes("2025-08-01", "2026-07-31").into_iter();
            let siennes = periodes.filter(move |p| p.grain() == grain);
            siennes.map(|p| voisines(p).len()).max().unwrap()
        };
        assert!(plus(Grain::Jour) <= 10, "{}", plus(Grain::Jour));
        assert!(plus(Grain::Semaine) <= 8, "{}", plus(Grain::Semaine));
        assert!(plus(Grain::Mois) <= 3 && plus(Grain::Annee) == 1);
    }
}
