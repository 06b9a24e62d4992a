//! Which periods protect one another.
//!
//! A small figure of a period is hidden by moving it to another day without anything shown to tell:
//! a period is given two days, one of it and one that is not, that as few periods as possible tell
//! apart. Only periods that hold exactly one of the two could give it back. Only days on which
//! something was counted are taken: one that is known to be empty hides nothing.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use frequent_plan::{AnneeScolaire, Grain, Jour, Periode};
use rustc_hash::FxHashMap;

/// A day of a period, and one that is not of it. A school year has none: nothing is shown that
/// holds two years, so nothing is taken from one by the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Jours {
    pub(super) dedans: Jour,
    pub(super) dehors: Option<Jour>,
}

impl Jours {
    /// Whether exactly one of them is among some days.
    fn separes(self, contient: impl Fn(Jour) -> bool) -> bool {
        contient(self.dedans) != self.dehors.is_some_and(contient)
    }
}

/// The days on which something was counted, and the two days of each period as they are asked.
#[derive(Debug, Default)]
pub(crate) struct JoursComptes {
    comptes: BTreeSet<Jour>,
    connus: RwLock<FxHashMap<Periode, Option<Jours>>>,
}

impl JoursComptes {
    pub(crate) fn new(comptes: BTreeSet<Jour>) -> Self {
        Self {
            comptes,
            connus: RwLock::default(),
        }
    }

    /// The days on which something was counted.
    pub(crate) fn comptes(&self) -> &BTreeSet<Jour> {
        &self.comptes
    }

    /// The periods whose two days this one tells apart: those whose small figures it could give
    /// back.
    pub(super) fn voisines(&self, periode: Periode) -> Vec<Periode> {
        let bornes = (periode.debut(), periode.fin());
        self.separees(bornes, |jour| contient(periode, jour))
    }

    /// The periods whose two days some days, between two, tell apart.
    pub(super) fn separees(
        &self,
        (premier, dernier): (Jour, Jour),
        contient: impl Fn(Jour) -> bool,
    ) -> Vec<Periode> {
        let (debut, fin) = (premier.annee_scolaire(), dernier.annee_scolaire());
        // The two days of a period are of one school year.
        let toutes = Grain::TOUS.iter().flat_map(|&grain| {
            let premiere = Periode::contenant(grain, debut.debut());
            premiere.jusqua(fin.fin())
        });
        toutes
            .filter(|p| self.jours(*p).is_some_and(|jours| jours.separes(&contient)))
            .collect()
    }

    /// The two days of a period; none when nothing was counted over it.
    pub(super) fn jours(&self, periode: Periode) -> Option<Jours> {
        let connus = self.connus.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(connu) = connus.get(&periode) {
            return *connu;
        }
        drop(connus);
        let jours = self.choisir(periode);
        let mut connus = self.connus.write().unwrap_or_else(PoisonError::into_inner);
        connus.insert(periode, jours);
        jours
    }

    fn choisir(&self, periode: Periode) -> Option<Jours> {
        let siens = || self.comptes.range(periode.debut()..=periode.fin()).copied();
        if periode.grain() == Grain::Annee {
            // In the middle: its week is of the year, if one can be.
            let milieu = siens().count() / 2;
            return siens().nth(milieu).map(|dedans| Jours {
                dedans,
                dehors: None,
            });
        }
        let paires = siens().flat_map(|dedans| {
            let annee: AnneeScolaire = dedans.annee_scolaire();
            let autres = self.comptes.range(annee.debut()..=annee.fin()).copied();
            autres
                .filter(|dehors| !contient(periode, *dehors))
                .map(move |dehors| (distance(dedans, dehors), dedans, dehors))
        });
        match paires.min() {
            Some((_, dedans, dehors)) => Some(Jours {
                dedans,
                dehors: Some(dehors),
            }),
            None => siens().next().map(|dedans| Jours {
                dedans,
                dehors: None,
            }),
        }
    }
}

fn contient(periode: Periode, jour: Jour) -> bool {
    (periode.debut()..=periode.fin()).contains(&jour)
}

/// How ill two days hide each other: how many periods tell them apart, then a class day and a
/// weekend, then whether they are not of a pair of weeks and of a pair of days, so that the choice
/// is mutual, then how far apart they are.
fn distance(un: Jour, autre: Jour) -> (u8, bool, bool, bool, u32) {
    let mois = |jour| Periode::contenant(Grain::Mois, jour);
    let semaine = |jour: Jour| jour.lundi().epoque().div_euclid(7);
    let separes = u8::from(un.lundi() != autre.lundi()) + u8::from(mois(un) != mois(autre));
    (
        separes,
        un.est_weekend() != autre.est_weekend(),
        semaine(un).div_euclid(2) != semaine(autre).div_euclid(2),
        un.rang_semaine() / 2 != autre.rang_semaine() / 2,
        un.epoque().abs_diff(autre.epoque()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    fn comptes(garder: impl Fn(&Jour) -> bool) -> JoursComptes {
        let jours = jour("2025-06-01").jusqua(jour("2026-12-31"));
        JoursComptes::new(jours.filter(garder).collect())
    }

    fn toutes() -> Vec<Periode> {
        let suite = |grain: &Grain| {
            Periode::contenant(*grain, jour("2025-05-01")).jusqua(jour("2027-07-31"))
        };
        Grain::TOUS.iter().flat_map(suite).collect()
    }

    #[test]
    fn a_period_holds_one_of_its_days_and_not_the_other_and_both_were_counted() {
        for tout in [comptes(|_| true), comptes(|j| j.epoque() % 5 == 0)] {
            for periode in toutes() {
                let Some(jours) = tout.jours(periode) else {
                    continue;
                };
                assert!(contient(periode, jours.dedans));
                assert!(tout.comptes.contains(&jours.dedans));
                if let Some(autre) = jours.dehors {
                    assert!(!contient(periode, autre) && tout.comptes.contains(&autre));
                    assert_eq!(jours.dedans.annee_scolaire(), autre.annee_scolaire());
                }
            }
        }
    }

    #[test]
    fn the_periods_that_a_period_could_tell_are_all_found() {
        let comptes = comptes(|j| j.epoque() % 3 != 0);
        let toutes = toutes();
        for periode in &toutes {
            let mut trouvees = comptes.voisines(*periode);
            trouvees.sort_unstable();
            let attendues = toutes.iter().filter(|p| {
                comptes
                    .jours(**p)
                    .is_some_and(|jours| jours.separes(|jour| contient(*periode, jour)))
            });
            let mut attendues: Vec<Periode> = attendues.copied().collect();
            attendues.sort_unstable();
            assert_eq!(trouvees, attendues, "{periode:?}");
        }
    }

    #[test]
    fn few_periods_could_tell_about_one() {
        let comptes = comptes(|j| !j.est_weekend());
        let plus = |grain| {
            let siennes = toutes().into_iter().filter(move |p| p.grain() == grain);
            siennes.map(|p| comptes.voisines(p).len()).max().unwrap()
        };
        assert!(plus(Grain::Jour) <= 9, "{}", plus(Grain::Jour));
        assert!(plus(Grain::Semaine) <= 9, "{}", plus(Grain::Semaine));
        assert!(plus(Grain::Mois) <= 6, "{}", plus(Grain::Mois));
    }
}
