//! The state of each school of a territory over a period, for every route that says it.

use std::collections::HashMap;
use std::sync::Arc;

use frequent_plan::{Jour, Niveau, Periode, Uai};
use frequent_territory::Annuaire;
use serde::Serialize;
use utoipa::ToSchema;

use super::deploiement::Lieu;
use crate::conventions::{EcoleDeployee, EtatDeploiement, etats};
use crate::donnees::Question;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant};

/// What a school does with its ENT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EtatOuverture {
    /// Open, visited on enough days of the period, by teachers too.
    Actif,
    /// Open, and not active.
    Ouvert,
    /// Open, and not visited once since its convention began.
    JamaisVisite,
    /// Under no convention on the period's last day.
    NonDeploye,
}

/// How many schools are deployed, open, active, never visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComptesDeploiement {
    /// Under a convention on a day of the period at least.
    pub deployees: usize,
    /// Under a convention on its last day, or today.
    pub ouvertes: usize,
    /// Open and active.
    pub actives: usize,
    /// Open and never visited since their convention began.
    pub jamais_visitees: usize,
}

/// The states of the schools of a territory.
pub(super) struct Etats {
    recensees: bool,
    deployees: usize,
    ouvertes: HashMap<Uai, EcoleDeployee>,
}

impl Etats {
    /// How many of each; none while no convention is recorded at all.
    pub(super) fn comptes(&self) -> Option<ComptesDeploiement> {
        let compte = |etat| self.ouvertes.values().filter(|e| e.etat == etat).count();
        self.recensees.then(|| ComptesDeploiement {
            deployees: self.deployees,
            ouvertes: self.ouvertes.len(),
            actives: compte(EtatDeploiement::Actif),
            jamais_visitees: compte(EtatDeploiement::JamaisVisite),
        })
    }

    /// The state of a school.
    pub(super) fn de(&self, uai: Uai) -> EtatOuverture {
        match self.ouvertes.get(&uai).map(|ecole| ecole.etat) {
            Some(EtatDeploiement::Actif) => EtatOuverture::Actif,
            Some(EtatDeploiement::Ouvert) => EtatOuverture::Ouvert,
            Some(EtatDeploiement::JamaisVisite) => EtatOuverture::JamaisVisite,
            None => EtatOuverture::NonDeploye,
        }
    }

    /// The platform of a school.
    pub(super) fn plateforme(&self, uai: Uai) -> Option<&str> {
        let ecole = self.ouvertes.get(&uai)?;
        Some(ecole.en_vigueur.plateforme.as_str())
    }
}

/// Reads the states of the schools of a territory over a period.
pub(super) async fn lire(
    etat: &Etat,
    appelant: &Appelant,
    (annuaire, niveau, code): (&Annuaire, Niveau, &str),
    periode: Periode,
) -> Result<Etats, Erreur> {
    let aujourdhui = etat.aujourdhui(annuaire, niveau, code);
    lire_au(
        etat,
        appelant,
        (annuaire, niveau, code),
        periode,
        aujourdhui,
    )
    .await
}

/// How many schools of a territory are deployed, open, active, never visited, over the days of a
/// period up to one of them: for who has the command line, and with it the whole instance. None
/// while no convention is recorded.
///
/// # Errors
/// There is no directory, it does not know the territory, or the lake cannot be read.
pub async fn compter_deploiement(
    etat: &Etat,
    (niveau, code): (Niveau, &str),
    periode: Periode,
    jour: Jour,
) -> Result<Option<ComptesDeploiement>, Erreur> {
    let annuaire = etat.annuaire()?;
    let appelant = Appelant::ligne_de_commande();
    appelant.territoire(&annuaire, niveau, code)?;
    let lieu = (&*annuaire, niveau, code);
    Ok(lire_au(etat, &appelant, lieu, periode, jour)
        .await?
        .comptes())
}

async fn lire_au(
    etat: &Etat,
    appelant: &Appelant,
    (annuaire, niveau, code): (&Annuaire, Niveau, &str),
    periode: Periode,
    aujourdhui: Jour,
) -> Result<Etats, Erreur> {
    let registre = etat.conventions.registre();
    let lieu = Lieu::new((annuaire, niveau, code), appelant, &registre, aujourdhui);
    let jour = periode.fin().min(lieu.aujourdhui);
    let deployees = lieu.deployees((periode.debut(), jour));
    let ouvertes = lieu.ouvertes(&deployees, jour);
    let (territoire, periodes) = ((niveau, code), vec![periode]);
    let ouvertes = lire_ouvertes(etat, appelant, territoire, &lieu, periodes, ouvertes).await?;
    Ok(Etats {
        recensees: !registre.conventions().is_empty(),
        deployees: deployees.len(),
        ouvertes: ouvertes.into_iter().map(|e| (e.uai, e)).collect(),
    })
}

/// Reads the states of schools under a convention on the last day of periods that follow one
/// another, by UAI.
pub(super) async fn lire_ouvertes(
    etat: &Etat,
    appelant: &Appelant,
    territoire: (Niveau, &str),
    lieu: &Lieu<'_>,
    periodes: Vec<Periode>,
    ouvertes: Vec<(Uai, Jour)>,
) -> Result<Vec<EcoleDeployee>, Erreur> {
    let reglages = etat.conventions.reglages();
    let uais: Vec<Uai> = ouvertes.iter().map(|(uai, _)| *uai).collect();
    let fin = periodes.last().map_or(lieu.aujourdhui, |p| p.fin());
    let question = Question {
        ecoles: ouvertes,
        periodes,
        aujourdhui: lieu.aujourdhui,
        jours: reglages.jours_distincts,
    };
    let annuaires = etat.annuaires();
    let activites = porte::sortir_activites(appelant, &annuaires, territoire, |portee| {
        let lecteur = Arc::clone(&etat.lecteur);
        async move { lecteur.activites(&portee, question).await }
    })
    .await?;
    let jour = fin.min(lieu.aujourdhui);
    let deploiement = lieu.registre.deploiement();
    Ok(etats(deploiement, &uais, jour, &activites, reglages.into()))
}
