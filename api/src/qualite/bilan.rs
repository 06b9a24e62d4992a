//! What the senders in sight sent over some days, put together.

use std::collections::{BTreeMap, BTreeSet};

use frequent_plan::{Jour, Uai};

use super::compte::{Compte, CompteEcole};
use super::extrait::{Envois, Extrait, Motif, Source};
use crate::porte::PorteeQualite;

/// What a sender sent on a day.
#[derive(Debug, Default, Clone)]
pub struct EnvoisDuJour {
    /// Its figures.
    pub compte: Compte,
    /// Refusals, by the reason's code.
    pub refus: BTreeMap<String, i64>,
}

/// What the senders in sight sent over some days.
#[derive(Debug, Default)]
pub struct Bilan {
    /// By day and sender.
    pub envois: BTreeMap<(Jour, Source), EnvoisDuJour>,
    /// Refusals, by what was wrong.
    pub refus: BTreeMap<Motif, i64>,
    /// Identifier warnings, by sender and code.
    pub identifiants: BTreeMap<(Source, &'static str), i64>,
    /// The schools that something was accepted for, and how many events.
    pub ecoles: BTreeMap<Uai, i64>,
}

impl Bilan {
    pub(super) fn ajouter(&mut self, portee: &PorteeQualite, jour: Jour, extrait: &Extrait) {
        for envois in vus(portee, extrait) {
            let du_jour = self
                .envois
                .entry((jour, envois.source.clone()))
                .or_default();
            du_jour.compte += envois.compte;
            for (motif, nombre) in &envois.refus {
                *du_jour.refus.entry(motif.raison.clone()).or_default() += nombre;
                *self.refus.entry(motif.clone()).or_default() += nombre;
            }
            for (alerte, nombre) in &envois.identifiants {
                let cle = (envois.source.clone(), *alerte);
                *self.identifiants.entry(cle).or_default() += nombre;
            }
            for (uai, ecole) in envois.ecoles.iter().filter(|(_, e)| e.acceptes > 0) {
                *self.ecoles.entry(*uai).or_default() += i64::from(ecole.acceptes);
            }
        }
    }

    /// Everything together.
    #[must_use]
    pub fn total(&self) -> Compte {
        let mut total = Compte::default();
        for envois in self.envois.values() {
            total += envois.compte;
        }
        total
    }

    /// By day; those without anything received are not there.
    #[must_use]
    pub fn jours(&self) -> BTreeMap<Jour, Compte> {
        self.par(|(jour, _)| Some(*jour))
    }

    /// By platform.
    #[must_use]
    pub fn plateformes(&self) -> BTreeMap<&str, Compte> {
        self.par(|(_, source)| Some(source.plateforme.as_str()))
    }

    /// By sender, what was counted once landed aside.
    #[must_use]
    pub fn emetteurs(&self) -> BTreeMap<&Source, Compte> {
        self.par(|(_, source)| source.est_un_emetteur().then_some(source))
    }

    fn par<'b, C: Ord>(
        &'b self,
        cle: impl Fn(&'b (Jour, Source)) -> Option<C>,
    ) -> BTreeMap<C, Compte> {
        let mut comptes: BTreeMap<C, Compte> = BTreeMap::new();
        for (place, envois) in &self.envois {
            if let Some(cle) = cle(place) {
                *comptes.entry(cle).or_default() += envois.compte;
            }
        }
        comptes
    }

    /// The reasons of refusals, the most frequent first, each with what was wrong.
    #[must_use]
    pub fn raisons(&self) -> Vec<(&str, Vec<(&Motif, i64)>)> {
        let mut raisons: BTreeMap<&str, Vec<(&Motif, i64)>> = BTreeMap::new();
        for (motif, nombre) in &self.refus {
            let motifs = raisons.entry(&motif.raison).or_default();
            motifs.push((motif, *nombre));
        }
        let mut raisons: Vec<_> = raisons.into_iter().collect();
        raisons
            .sort_by_key(|(_, motifs)| std::cmp::Reverse(motifs.iter().map(|m| m.1).sum::<i64>()));
        raisons
    }

    /// The platforms that something came for.
    #[must_use]
    pub fn noms_de_plateformes(&self) -> BTreeSet<&str> {
        let noms = self.envois.keys().map(|(_, s)| s.plateforme.as_str());
        noms.filter(|nom| !nom.is_empty()).collect()
    }
}

impl Source {
    /// A sender, not what was counted in the lake.
    #[must_use]
    pub fn est_un_emetteur(&self) -> bool {
        self.genre != "lac"
    }
}

/// Adds what each school received from the senders in sight.
pub(super) fn ajouter_ecoles(
    ecoles: &mut BTreeMap<(Uai, String), CompteEcole>,
    portee: &PorteeQualite,
    extrait: &Extrait,
) {
    for envois in vus(portee, extrait) {
        for (uai, compte) in &envois.ecoles {
            let cle = (*uai, envois.source.plateforme.clone());
            *ecoles.entry(cle).or_default() += *compte;
        }
    }
}

/// What the caller may see of a file.
fn vus<'e>(portee: &'e PorteeQualite, extrait: &'e Extrait) -> impl Iterator<Item = &'e Envois> {
    let envois = extrait.envois.iter();
    envois.filter(|envois| portee.voit(&envois.source))
}
