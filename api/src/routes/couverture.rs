//! What an answer's figures cover: the days, and the schools.
//!
//! A school is measured in a period when one of its events was counted in it, or when its platform
//! was heard: an event was counted, in the period, in another school that a convention in force gives
//! to the same platform. So a school where nobody came is told from one whose tags are silent.

use std::collections::BTreeSet;
use std::sync::Arc;

use frequent_plan::{Jour, Niveau, Periode, Uai};
use frequent_territory::conventions::Deploiement;
use frequent_territory::{Annuaire, Etat as EtatEcole};
use serde::Serialize;
use utoipa::ToSchema;

use super::incidents::IncidentDit;
use crate::donnees::{Lue, Source, Vues};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::incidents::Incident;
use crate::porte::{self, Appelant, EtatMesures, MesuresRendues};

/// What an answer's figures cover; the days are null when nothing was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Couverture {
    /// First day counted.
    #[schema(value_type = Option<String>, format = Date)]
    pub premier_jour: Option<Jour>,
    /// Last day counted.
    #[schema(value_type = Option<String>, format = Date)]
    pub dernier_jour: Option<Jour>,
    /// When the freshest of the figures was computed.
    #[schema(format = DateTime)]
    pub calcule_le: Option<String>,
    /// Date of validity of the latest directory used.
    #[schema(value_type = Option<String>, format = Date)]
    pub annuaire: Option<Jour>,
    /// Schools of the perimeter that were measured over these days; among those deployed, as soon as
    /// a convention is recorded.
    pub ecoles_mesurees: usize,
    /// Schools of the perimeter that were measured though no convention in force has them; null
    /// while no convention is recorded.
    pub mesurees_sans_convention: Option<usize>,
    /// Schools of the perimeter under a convention in force on the last of these days; null while no
    /// convention is recorded.
    pub ecoles_deployees: Option<usize>,
}

impl Couverture {
    /// What these readings cover together, in these schools.
    pub(super) fn de<'a, M: 'a>(
        lues: impl IntoIterator<Item = &'a Lue<M>>,
        ecoles: &Ecoles,
    ) -> Self {
        Self::de_sources(lues.into_iter().filter_map(|l| l.source.as_ref()), ecoles)
    }

    /// What these files cover together, in these schools.
    pub(super) fn de_sources<'a>(
        sources: impl Iterator<Item = &'a Source>,
        ecoles: &Ecoles,
    ) -> Self {
        let sources: Vec<&Source> = sources.collect();
        let calcule_le = sources.iter().map(|s| s.calcule_le).max();
        Self {
            premier_jour: sources.iter().filter_map(|s| s.premier_jour).min(),
            dernier_jour: sources.iter().filter_map(|s| s.dernier_jour).max(),
            calcule_le: calcule_le.map(|instant| instant.timestamp().to_string()),
            annuaire: sources.iter().filter_map(|s| s.annuaire).max(),
            ecoles_mesurees: ecoles.mesurees.len() - ecoles.sans_convention().unwrap_or(0),
            mesurees_sans_convention: ecoles.sans_convention(),
            ecoles_deployees: ecoles.deployees.as_ref().map(BTreeSet::len),
        }
    }
}

/// Which schools of a perimeter were measured over some days, and which are deployed on the last.
#[derive(Debug, Clone, Default)]
pub(super) struct Ecoles {
    mesurees: BTreeSet<Uai>,
    /// None while no convention is recorded.
    deployees: Option<BTreeSet<Uai>>,
    /// What is declared of these schools on these days.
    incidents: Vec<Touche>,
}

/// An incident or a series break, and the schools that it touches among those of a perimeter.
#[derive(Debug, Clone)]
pub(super) struct Touche {
    incident: Incident,
    ecoles: BTreeSet<Uai>,
}

impl Ecoles {
    /// The schools of a perimeter, something being counted in those of `vues`, wherever they are.
    pub(super) fn de(
        perimetre: &BTreeSet<Uai>,
        vues: &Vues,
        deploiement: &Deploiement,
        jour: Jour,
    ) -> Self {
        let plateformes: BTreeSet<&str> = vues
            .iter()
            .flat_map(|uai| deploiement.du_jour(*uai, jour))
            .map(|convention| convention.plateforme.as_str())
            .collect();
        let entendue = |uai: &&Uai| {
            vues.contains(uai)
                || deploiement
                    .du_jour(**uai, jour)
                    .any(|c| plateformes.contains(c.plateforme.as_str()))
        };
        let deployee = |uai: &&Uai| deploiement.est_deployee(**uai, jour);
        let deployees = || perimetre.iter().filter(deployee).copied().collect();
        Self {
            mesurees: perimetre.iter().filter(entendue).copied().collect(),
            deployees: (!deploiement.est_vide()).then(deployees),
            incidents: Vec::new(),
        }
    }

    /// How many measured schools no convention in force has; none while no convention is recorded.
    fn sans_convention(&self) -> Option<usize> {
        let deployees = self.deployees.as_ref()?;
        Some(self.mesurees.difference(deployees).count())
    }

    /// The same, with what is declared of them: where figures were not fed and nothing came, nothing
    /// is known.
    pub(super) fn avec_incidents(mut self, incidents: Vec<Touche>, vues: &Vues) -> Self {
        for touche in incidents.iter().filter(|t| t.incident.est_panne()) {
            self.mesurees
                .retain(|uai| vues.contains(uai) || !touche.ecoles.contains(uai));
        }
        self.incidents = incidents;
        self
    }

    /// What is declared of them, the first first.
    pub(super) fn incidents(&self) -> Vec<IncidentDit> {
        let touches = self.incidents.iter();
        touches.map(|t| IncidentDit::from(&t.incident)).collect()
    }

    /// What is declared of some of these schools over a span of days, as a cell of a table says it.
    pub(super) fn dire_incidents(
        &self,
        ecoles: impl IntoIterator<Item = Uai>,
        (du, au): (Jour, Jour),
    ) -> String {
        if self.incidents.is_empty() {
            return String::new();
        }
        let ecoles: BTreeSet<Uai> = ecoles.into_iter().collect();
        let dits = self.incidents.iter().filter(|touche| {
            touche.incident.touche_jours(du, au) && !touche.ecoles.is_disjoint(&ecoles)
        });
        let titres: Vec<&str> = dits
            .map(|touche| touche.incident.declaration.titre.as_str())
            .collect();
        titres.join(" ; ")
    }

    /// What is known of some of these schools, taken together.
    pub(super) fn etat(&self, ecoles: impl IntoIterator<Item = Uai>) -> EtatMesures {
        let mut deployee = self.deployees.is_none();
        for uai in ecoles {
            if self.mesurees.contains(&uai) {
                return EtatMesures::Mesure;
            }
            deployee |= self.deployees.as_ref().is_some_and(|d| d.contains(&uai));
        }
        if deployee {
            EtatMesures::NonMesure
        } else {
            EtatMesures::NonDeploye
        }
    }

    /// The measures of a territory inside the perimeter: where nothing was counted, 0 if it was
    /// measured, else why nothing is known.
    pub(super) fn qualifier(
        &self,
        mesures: MesuresRendues,
        annuaire: &Annuaire,
        (niveau, code): (Niveau, &str),
    ) -> MesuresRendues {
        self.qualifier_ensemble(mesures, || annuaire.ecoles_de(niveau, code).map(|e| e.uai))
    }

    /// The same for some schools taken together.
    pub(super) fn qualifier_ensemble<E: IntoIterator<Item = Uai>>(
        &self,
        mesures: MesuresRendues,
        ecoles: impl FnOnce() -> E,
    ) -> MesuresRendues {
        if mesures.a_compte() {
            return mesures;
        }
        match self.etat(ecoles()) {
            EtatMesures::Mesure => mesures,
            etat => MesuresRendues::inconnues(etat),
        }
    }
}

/// Reads which schools of a territory, as this directory draws it, were measured over some periods;
/// the last day is that on which conventions must be in force.
pub(super) async fn lire(
    etat: &Etat,
    appelant: &Appelant,
    (annuaire, niveau, code): (&Annuaire, Niveau, &str),
    periodes: Vec<Periode>,
    jour: Jour,
) -> Result<Ecoles, Erreur> {
    let (annuaires, lecteur) = (etat.annuaires(), Arc::clone(&etat.lecteur));
    let du = periodes.iter().map(|p| p.debut()).min().unwrap_or(jour);
    let vues = porte::sortir(appelant, &annuaires, (niveau, code), |_| async move {
        lecteur.ecoles_vues(periodes).await
    })
    .await?;
    let ouverte = |uai: &Uai, etat: EtatEcole| etat != EtatEcole::Ferme || vues.contains(uai);
    let perimetre: BTreeSet<Uai> = annuaire
        .ecoles_de(niveau, code)
        .filter(|e| ouverte(&e.uai, e.etat))
        .map(|e| e.uai)
        .collect();
    let registre = etat.conventions.registre();
    let incidents = incidents_de(etat, annuaire, &perimetre, (du, jour)).await?;
    Ok(
        Ecoles::de(&perimetre, &vues, registre.deploiement(), jour)
            .avec_incidents(incidents, &vues),
    )
}

/// What is declared of some schools over a span of days.
pub(super) async fn incidents_de(
    etat: &Etat,
    annuaire: &Annuaire,
    ecoles: &BTreeSet<Uai>,
    (du, au): (Jour, Jour),
) -> Result<Vec<Touche>, Erreur> {
    let registre = etat.conventions.registre();
    let contexte = (annuaire, registre.deploiement());
    let touchees = |incident: Incident| {
        let touche = |uai: &&Uai| incident.touche_ecole(contexte, **uai, au);
        let ecoles: BTreeSet<Uai> = ecoles.iter().filter(touche).copied().collect();
        (!ecoles.is_empty()).then_some(Touche { incident, ecoles })
    };
    let incidents = etat.incidents.entre(du, au).await?;
    Ok(incidents.into_iter().filter_map(touchees).collect())
}

#[cfg(test)]
#[path = "couverture_tests.rs"]
mod tests;
