//! `/api/v1/tournee`: the few schools to visit this week, and those already seen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::Annuaire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administration::corps;
use super::parametres::{Parametres, refus};
use super::situations::{self, Scene};
use super::{Refus, sous_convention};
use crate::accompagnement::Vue;
use crate::comptes::Droit;
use crate::definitions::{self, Definitions};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::pilotage::{Conseil, Raison, Situation, choisir, seuil_exemple};
use crate::porte::Appelant;

/// Longest silence, in weeks.
const SILENCE_MAX: u8 = 52;
/// Days during which what became of a school that was seen is told.
const MEMOIRE: i32 = 84;

/// A school to visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcoleAVisiter {
    /// Its identifier.
    pub uai: String,
    /// Its name.
    pub nom: String,
    /// Its commune.
    pub commune: String,
    /// Why.
    pub raison: Raison,
    /// Why, in a sentence.
    pub phrase: String,
    /// Since when, where that is known.
    #[schema(value_type = Option<String>, format = Date)]
    pub depuis: Option<Jour>,
    /// The day of this week on which the caller saw it.
    #[schema(value_type = Option<String>, format = Date)]
    pub vue_le: Option<Jour>,
}

/// A school that the caller saw and that no longer needs a visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcoleAvancee {
    /// Its identifier.
    pub uai: String,
    /// Its name.
    pub nom: String,
    /// The day it was seen.
    #[schema(value_type = String, format = Date)]
    pub vue_le: Jour,
}

/// This week's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseTournee {
    /// The territory's level.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// The Monday of the week.
    #[schema(value_type = String, format = Date)]
    pub semaine: Jour,
    /// At most ten, by reason.
    pub ecoles: Vec<EcoleAVisiter>,
    /// Schools of the territory that the caller wants to hear no more of for now.
    pub silencieuses: usize,
    /// Schools seen in the last twelve weeks that have no reason to be visited any more.
    pub avancees: Vec<EcoleAvancee>,
    /// What it means.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// How long a school is to be silent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// Weeks, from 1 to 52.
    #[schema(example = 4)]
    pub semaines: u8,
}

/// This week's few schools to visit, each with one reason: the same all week.
#[utoipa::path(
    get,
    path = "/api/v1/tournee",
    tag = "pilotage",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire")
    ),
    responses((status = 200, body = ReponseTournee), Refus)
)]
pub async fn tournee(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseTournee>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["niveau", "code"])?;
    let niveau = parametres.niveau("niveau")?;
    let code = parametres.obligatoire("code")?;
    let annuaire = etat.annuaire()?;
    appelant.territoire(&annuaire, niveau, code)?;
    appelant.exiger(Droit::Accompagnement)?;
    let jour = etat.aujourdhui(&annuaire, niveau, code);
    let scene = Scene {
        etat: &etat,
        appelant: &appelant,
        lieu: (&annuaire, niveau, code),
        jour,
    };
    let suivies = sous_convention::lire(&etat, &appelant, scene.lieu, jour)?;
    let (situations, semaines) = situations::lire(&scene, &suivies).await?;
    let vues = etat
        .accompagnement
        .vues(&appelant.compte().identifiant)
        .await?;
    let passe = Passe::de(&vues, jour);
    let conseils = choisir(&situations, (jour.lundi(), &semaines), &passe.en_paix);
    let ici = |uai: &&Uai| situations.iter().any(|s| s.uai == **uai);
    let rendre = |conseil: Conseil| {
        let ecole = annuaire.ecole(conseil.uai)?;
        Some(EcoleAVisiter {
            uai: conseil.uai.to_string(),
            nom: ecole.nom.clone(),
            commune: ecole.commune.nom.clone(),
            raison: conseil.raison,
            phrase: conseil.phrase,
            depuis: conseil.depuis,
            vue_le: passe.cette_semaine.get(&conseil.uai).copied(),
        })
    };
    Ok(Json(ReponseTournee {
        niveau,
        code: code.to_owned(),
        nom: etat.nom(niveau, code),
        semaine: jour.lundi(),
        ecoles: conseils.into_iter().filter_map(rendre).collect(),
        silencieuses: passe.en_paix.iter().filter(ici).count(),
        avancees: avancees(&annuaire, &situations, &vues, jour),
        definitions: definitions::de_tournee(),
    }))
}

/// What the caller saw before.
struct Passe {
    /// Seen before this week, and silent still.
    en_paix: BTreeSet<Uai>,
    /// Seen this week: they stay on the list, marked.
    cette_semaine: HashMap<Uai, Jour>,
}

impl Passe {
    fn de(vues: &BTreeMap<Uai, Vue>, jour: Jour) -> Self {
        let lundi = jour.lundi();
        let (cette_semaine, avant): (Vec<_>, Vec<_>) =
            vues.iter().partition(|(_, vue)| vue.vue_le >= lundi);
        let silencieuse = |(_, vue): &(&Uai, &Vue)| vue.jusqu_au >= jour;
        Self {
            en_paix: avant
                .into_iter()
                .filter(silencieuse)
                .map(|(uai, _)| *uai)
                .collect(),
            cette_semaine: cette_semaine
                .into_iter()
                .map(|(uai, vue)| (*uai, vue.vue_le))
                .collect(),
        }
    }
}

fn avancees(
    annuaire: &Annuaire,
    situations: &[Situation],
    vues: &BTreeMap<Uai, Vue>,
    jour: Jour,
) -> Vec<EcoleAvancee> {
    let (lundi, seuil) = (jour.lundi(), seuil_exemple(situations));
    let avancee = |situation: &Situation| {
        let vue = vues.get(&situation.uai)?;
        let recente = vue.vue_le >= jour.plus(-MEMOIRE);
        let besoin = situation.raison(lundi, seuil);
        let besoin = besoin.is_some_and(|(raison, _)| raison != Raison::Exemple);
        let ecole = annuaire.ecole(situation.uai)?;
        (recente && !besoin).then(|| EcoleAvancee {
            uai: situation.uai.to_string(),
            nom: ecole.nom.clone(),
            vue_le: vue.vue_le,
        })
    };
    situations.iter().filter_map(avancee).collect()
}

/// Notes that the caller has seen a school, which is then silent for some weeks.
#[utoipa::path(
    post,
    operation_id = "noter_vue",
    path = "/api/v1/tournee/{uai}/vue",
    tag = "pilotage",
    params(("uai" = String, Path, description = "UAI de l’école")),
    request_body = Silence,
    responses((status = 204), Refus)
)]
pub async fn noter_vue(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(uai): Path<String>,
    recu: Result<Json<Silence>, JsonRejection>,
) -> Result<StatusCode, Erreur> {
    let uai = ecole_suivie(&etat, &appelant, &uai)?;
    let semaines = corps(recu)?.semaines;
    if !(1..=SILENCE_MAX).contains(&semaines) {
        let raison = format!("un nombre de 1 à {SILENCE_MAX} est attendu.");
        return Err(refus("semaines", &raison).into());
    }
    let jour = etat.aujourdhui(&*etat.annuaire()?, Niveau::Ecole, uai.as_str());
    let vue = Vue {
        vue_le: jour,
        jusqu_au: jour.plus(7 * i32::from(semaines)),
    };
    let compte = &appelant.compte().identifiant;
    etat.accompagnement.noter_vue(compte, uai, vue).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Undoes it.
#[utoipa::path(
    delete,
    operation_id = "oublier_vue",
    path = "/api/v1/tournee/{uai}/vue",
    tag = "pilotage",
    params(("uai" = String, Path, description = "UAI de l’école")),
    responses((status = 204), Refus)
)]
pub async fn oublier_vue(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(uai): Path<String>,
) -> Result<StatusCode, Erreur> {
    let uai = ecole_suivie(&etat, &appelant, &uai)?;
    let compte = &appelant.compte().identifiant;
    etat.accompagnement.oublier_vue(compte, uai).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A school of the caller's perimeter, for who helps schools.
pub(super) fn ecole_suivie(etat: &Etat, appelant: &Appelant, texte: &str) -> Result<Uai, Erreur> {
    appelant.exiger(Droit::Accompagnement)?;
    let uai: Uai = texte
        .parse()
        .map_err(|_| refus("uai", "un UAI est attendu."))?;
    appelant.territoire(&*etat.annuaire()?, Niveau::Ecole, uai.as_str())?;
    Ok(uai)
}
