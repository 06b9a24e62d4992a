//! Which schools are deployed on a day.

use frequent_plan::{Jour, Niveau, Uai};
use rustc_hash::FxHashMap;

use super::convention::Convention;
use super::intervalle::Intervalle;
use super::textes::{Libelle, Reference};
use crate::annuaire::Annuaire;
use crate::perimetre::Perimetre;

/// A school under a convention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnVigueur {
    /// The platform.
    pub plateforme: Libelle,
    /// The convention.
    pub convention: Reference,
    /// The days on which the school is under it.
    pub sejour: Intervalle,
    /// Since when the platform is there without a day off, over conventions that follow each other.
    pub depuis: Jour,
}

/// Every school under a convention, on any day: all the conventions, turned round.
#[derive(Debug, Clone, Default)]
pub struct Deploiement {
    /// For each school, sorted by first day.
    ecoles: FxHashMap<Uai, Vec<EnVigueur>>,
}

impl Deploiement {
    /// The deployment that these conventions make.
    #[must_use]
    pub fn new<'c>(conventions: impl IntoIterator<Item = &'c Convention>) -> Self {
        let mut ecoles: FxHashMap<Uai, Vec<EnVigueur>> = FxHashMap::default();
        for convention in conventions {
            for (uai, sejour) in convention.sejours() {
                ecoles.entry(uai).or_default().push(EnVigueur {
                    plateforme: convention.termes().plateforme.clone(),
                    convention: convention.reference().clone(),
                    sejour,
                    depuis: sejour.du(),
                });
            }
        }
        for sejours in ecoles.values_mut() {
            sejours.sort_by(|a, b| (a.sejour, &a.convention).cmp(&(b.sejour, &b.convention)));
            enchainer(sejours);
        }
        Self { ecoles }
    }

    /// Whether no convention is recorded at all.
    #[must_use]
    pub fn est_vide(&self) -> bool {
        self.ecoles.is_empty()
    }

    /// The conventions that a school is under on a day: one a platform.
    pub fn du_jour(&self, uai: Uai, jour: Jour) -> impl Iterator<Item = &EnVigueur> {
        let sejours = self.ecoles.get(&uai).map_or(&[][..], Vec::as_slice);
        sejours.iter().filter(move |e| e.sejour.contient(jour))
    }

    /// The convention that a school is under on a day; with two platforms, the one that has been
    /// there longer.
    #[must_use]
    pub fn au(&self, uai: Uai, jour: Jour) -> Option<&EnVigueur> {
        self.du_jour(uai, jour).min_by_key(|e| e.depuis)
    }

    /// Whether a school is deployed on a day.
    #[must_use]
    pub fn est_deployee(&self, uai: Uai, jour: Jour) -> bool {
        self.du_jour(uai, jour).next().is_some()
    }

    /// The conventions that a school is under on some of these days, the first first.
    pub fn pendant(&self, uai: Uai, jours: Intervalle) -> impl Iterator<Item = &EnVigueur> {
        let sejours = self.ecoles.get(&uai).map_or(&[][..], Vec::as_slice);
        sejours.iter().filter(move |e| e.sejour.croise(jours))
    }

    /// The first day on which some school was under a convention.
    #[must_use]
    pub fn premier_jour(&self) -> Option<Jour> {
        let sejours = self.ecoles.values().flatten();
        sejours.map(|e| e.sejour.du()).min()
    }

    /// Every school that was or will be under a convention.
    pub fn ecoles(&self) -> impl Iterator<Item = Uai> {
        self.ecoles.keys().copied()
    }

    /// The schools of a territory that are deployed on a day, by UAI. Those that the directory does
    /// not know are in the country only.
    #[must_use]
    pub fn deployees(
        &self,
        annuaire: &Annuaire,
        (niveau, code): (Niveau, &str),
        jour: Jour,
    ) -> Vec<Uai> {
        self.deployees_de(annuaire, &Perimetre::territoire(niveau, code), jour)
    }

    /// The schools of a perimeter that are deployed on a day, by UAI.
    #[must_use]
    pub fn deployees_de(&self, annuaire: &Annuaire, perimetre: &Perimetre, jour: Jour) -> Vec<Uai> {
        let mut ecoles: Vec<Uai> = self
            .ecoles()
            .filter(|uai| self.est_deployee(*uai, jour))
            .filter(|uai| perimetre.contient_ecole(annuaire, *uai))
            .collect();
        ecoles.sort_unstable();
        ecoles
    }
}

/// Works out `depuis`, on stays sorted by first day: one that begins at most a day after another of
/// the same platform has ended goes on with it.
fn enchainer(sejours: &mut [EnVigueur]) {
    let mut suites: Vec<(Libelle, Jour, Jour)> = Vec::new();
    for sejour in sejours {
        let (du, au) = (sejour.sejour.du(), sejour.sejour.au());
        let suite = suites.iter_mut().find(|(p, _, _)| *p == sejour.plateforme);
        match suite {
            Some((_, depuis, fin)) if du <= fin.plus(1) => {
                sejour.depuis = *depuis;
                *fin = au.max(*fin);
            }
            Some((_, depuis, fin)) => (*depuis, *fin) = (du, au),
            None => suites.push((sejour.plateforme.clone(), du, au)),
        }
    }
}

#[cfg(test)]
#[path = "deploiement_tests.rs"]
mod tests;
