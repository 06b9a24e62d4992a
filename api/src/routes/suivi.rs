//! `/api/v1/suivi`: the support log, and whether each action helped.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use frequent_plan::{Jour, Niveau};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refus;
use super::administration::corps;
use super::effet::{self, EffetRendu};
use super::parametres::{Parametres, refus};
use super::tournee::ecole_suivie;
use crate::accompagnement::{Action, Genre, Saisie};
use crate::comptes::Droit;
use crate::definitions::{self, Definitions};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// How far back the log is told, in days: two school years.
const MEMOIRE: i32 = 730;
/// Most actions told at once.
const ACTIONS_MAX: usize = 100;

/// An action to write down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionEcrite {
    /// The school.
    pub uai: String,
    /// The day (AAAA-MM-JJ).
    #[schema(format = Date)]
    pub jour: String,
    /// What was done.
    pub genre: Genre,
    /// In a few words, naming nobody; may be empty.
    #[serde(default)]
    pub note: String,
}

/// An action of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionRendue {
    /// By which it is asked.
    pub id: String,
    /// The school.
    pub uai: String,
    /// Its name.
    pub nom: String,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub jour: Jour,
    /// What was done.
    pub genre: Genre,
    /// In a few words.
    pub note: String,
    /// Who wrote it down; null once the account is deleted.
    pub par: Option<String>,
    /// Whether the caller may change it.
    pub modifiable: bool,
    /// Visits a week before and after, beside comparable schools; null when it is refused.
    pub effet: Option<EffetRendu>,
    /// Why there is no effect, to be read.
    pub refus: Option<String>,
}

/// The support log of a territory.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseSuivi {
    /// The territory's level.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// The last hundred, over two years at most, the latest first.
    pub actions: Vec<ActionRendue>,
    /// What it means.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// The support log of a territory's schools, each action with the visits before and after.
#[utoipa::path(
    get,
    operation_id = "lire_suivi",
    path = "/api/v1/suivi",
    tag = "pilotage",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire")
    ),
    responses((status = 200, body = ReponseSuivi), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseSuivi>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["niveau", "code"])?;
    let niveau = parametres.niveau("niveau")?;
    let code = parametres.obligatoire("code")?;
    let annuaire = etat.annuaire()?;
    appelant.territoire(&annuaire, niveau, code)?;
    appelant.exiger(Droit::Accompagnement)?;
    let jour = etat.aujourdhui(&annuaire, niveau, code);
    let depuis = etat.accompagnement.depuis(jour.plus(-MEMOIRE)).await?;
    let perimetre = frequent_territory::Perimetre::territoire(niveau, code);
    let siennes = depuis.into_iter().filter(|action| {
        let uai = action.saisie.uai;
        perimetre.contient_ecole(&annuaire, uai)
            && appelant.voit(&annuaire, Niveau::Ecole, uai.as_str())
    });
    let mut actions = Vec::new();
    for action in siennes.take(ACTIONS_MAX) {
        actions.push(rendre(&etat, &appelant, action).await?);
    }
    Ok(Json(ReponseSuivi {
        niveau,
        code: code.to_owned(),
        nom: etat.nom(niveau, code),
        actions,
        definitions: definitions::de_suivi(),
    }))
}

/// Writes an action down.
#[utoipa::path(
    post,
    operation_id = "noter_action",
    path = "/api/v1/suivi",
    tag = "pilotage",
    request_body = ActionEcrite,
    responses((status = 201, body = ActionRendue), Refus)
)]
pub async fn noter(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<ActionEcrite>, JsonRejection>,
) -> Result<(StatusCode, Json<ActionRendue>), Erreur> {
    let saisie = lire_saisie(&etat, &appelant, corps(recu)?)?;
    let compte = appelant.compte();
    let auteur = (compte.identifiant.as_str(), compte.nom.as_str());
    let notee = etat.accompagnement.noter(auteur, saisie).await?;
    let rendue = rendre(&etat, &appelant, notee).await?;
    Ok((StatusCode::CREATED, Json(rendue)))
}

/// Writes an action otherwise; only who wrote it may.
#[utoipa::path(
    put,
    operation_id = "corriger_action",
    path = "/api/v1/suivi/{id}",
    tag = "pilotage",
    params(("id" = String, Path, description = "Identifiant de l’action")),
    request_body = ActionEcrite,
    responses((status = 200, body = ActionRendue), Refus)
)]
pub async fn corriger(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
    recu: Result<Json<ActionEcrite>, JsonRejection>,
) -> Result<Json<ActionRendue>, Erreur> {
    let mut action = sienne(&etat, &appelant, &id).await?;
    action.saisie = lire_saisie(&etat, &appelant, corps(recu)?)?;
    etat.accompagnement.corriger(&action).await?;
    Ok(Json(rendre(&etat, &appelant, action).await?))
}

/// Takes an action off; only who wrote it may.
#[utoipa::path(
    delete,
    operation_id = "effacer_action",
    path = "/api/v1/suivi/{id}",
    tag = "pilotage",
    params(("id" = String, Path, description = "Identifiant de l’action")),
    responses((status = 204), Refus)
)]
pub async fn effacer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<StatusCode, Erreur> {
    let action = sienne(&etat, &appelant, &id).await?;
    etat.accompagnement.effacer(&action.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An action that the caller wrote down; any other is as if it did not exist.
async fn sienne(etat: &Etat, appelant: &Appelant, id: &str) -> Result<Action, Erreur> {
    appelant.exiger(Droit::Accompagnement)?;
    let action = etat.accompagnement.action(id).await?;
    action
        .filter(|action| action.compte.as_ref() == Some(&appelant.compte().identifiant))
        .ok_or(Erreur::SansObjet)
}

fn lire_saisie(etat: &Etat, appelant: &Appelant, ecrite: ActionEcrite) -> Result<Saisie, Erreur> {
    let uai = ecole_suivie(etat, appelant, &ecrite.uai)?;
    let jour = ecrite
        .jour
        .parse::<Jour>()
        .map_err(|faute| refus("jour", &format!("{faute}.")))?;
    let aujourdhui = etat.aujourdhui(&*etat.annuaire()?, Niveau::Ecole, uai.as_str());
    let saisie = Saisie {
        uai,
        jour,
        genre: ecrite.genre,
        note: ecrite.note,
    };
    let verifiee = saisie.verifiee(aujourdhui);
    verifiee.map_err(|faute| Erreur::Valeur(faute.to_string()))
}

async fn rendre(etat: &Etat, appelant: &Appelant, action: Action) -> Result<ActionRendue, Erreur> {
    let saisie = &action.saisie;
    let (effet, refus) = match effet::mesurer(etat, appelant, saisie.uai, saisie.jour).await? {
        Ok(effet) => (Some(effet), None),
        Err(refus) => (None, Some(refus.to_string())),
    };
    Ok(ActionRendue {
        uai: saisie.uai.to_string(),
        nom: etat.nom(Niveau::Ecole, saisie.uai.as_str()),
        jour: saisie.jour,
        genre: saisie.genre,
        modifiable: action.compte.as_ref() == Some(&appelant.compte().identifiant),
        note: action.saisie.note,
        par: action.par,
        id: action.id,
        effet,
        refus,
    })
}
