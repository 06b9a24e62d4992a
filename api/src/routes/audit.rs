//! `/api/v1/audit`: the trail, as far as the caller administers.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use frequent_plan::{Instant, Jour};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Refus;
use super::administration::{administre, inscrire};
use super::parametres::{Format, Parametres, refus};
use super::tableur;
use crate::audit::{Action, FiltreAudit, Ligne};
use crate::comptes::Droit;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

const ADMIS: [&str; 6] = ["du", "au", "acteur", "action", "avant", "format"];
/// Rows of an answer.
const PAGE: i64 = 100;
/// Rows of a file.
const FICHIER: i64 = 100_000;

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Evenement {
    /// Its rank in the trail.
    pub numero: i64,
    /// When, in UTC.
    pub instant: String,
    /// Who: an account, the command line or the scheduler.
    pub acteur: String,
    /// What.
    pub action: String,
    /// To what.
    pub objet: String,
    /// What else.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// A page of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseAudit {
    /// The newest first.
    pub evenements: Vec<Evenement>,
    /// What to give as `avant` for the next page; null on the last.
    pub suite: Option<i64>,
}

impl From<&Ligne> for Evenement {
    fn from(ligne: &Ligne) -> Self {
        Self {
            numero: ligne.rang,
            instant: ligne.instant.timestamp().to_string(),
            acteur: ligne.acteur.clone(),
            action: ligne.action.clone(),
            objet: ligne.objet.clone(),
            detail: serde_json::from_str(&ligne.detail).unwrap_or_default(),
        }
    }
}

/// What the accounts that the caller administers did, and the caller; over the whole country, all
/// that anyone did.
#[utoipa::path(
    get,
    operation_id = "lire_audit",
    path = "/api/v1/audit",
    tag = "administration",
    params(
        ("du" = Option<String>, Query, description = "Premier jour"),
        ("au" = Option<String>, Query, description = "Dernier jour"),
        ("acteur" = Option<String>, Query),
        ("action" = Option<String>, Query),
        ("avant" = Option<i64>, Query, description = "Rang avant lequel lire : « suite » de la page d’avant"),
        ("format" = Option<String>, Query, description = "json ou csv"),
    ),
    responses((status = 200, body = ReponseAudit), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    appelant.exiger(Droit::Audit)?;
    let parametres = Parametres::lire(&adresse, &ADMIS)?;
    let format = parametres.format()?;
    let jour = |nom: &str| -> Result<Option<Jour>, Erreur> {
        let donne = parametres.texte(nom).is_some();
        Ok(donne.then(|| parametres.jour(nom)).transpose()?)
    };
    let avant = parametres.texte("avant").map(|texte| {
        let rang = texte.parse::<i64>();
        rang.map_err(|_| refus("avant", "un rang est attendu."))
    });
    let filtre = FiltreAudit {
        depuis: jour("du")?.map(Instant::debut_utc),
        avant: jour("au")?.map(|jour| Instant::debut_utc(jour.plus(1))),
        action: parametres.texte("action").map(str::to_owned),
        acteurs: acteurs(&etat, &appelant, parametres.texte("acteur")).await?,
        limite: if format == Format::Csv { FICHIER } else { PAGE },
        ..FiltreAudit::default()
    };
    let lignes = etat
        .audit
        .lire_recentes(&filtre, avant.transpose()?)
        .await?;
    if format == Format::Csv {
        inscrire(&etat, &appelant, Action::ExportAudit, "audit", json!({})).await?;
        let champs = lignes.iter().map(|ligne| {
            let champs = ligne.champs();
            champs.iter().map(|champ| tableur::texte(champ)).collect()
        });
        return tableur::csv("audit", &Ligne::ENTETE, champs);
    }
    let pleine = i64::try_from(lignes.len()).is_ok_and(|nombre| nombre == PAGE);
    Ok(Json(ReponseAudit {
        suite: lignes.last().filter(|_| pleine).map(|ligne| ligne.rang),
        evenements: lignes.iter().map(Evenement::from).collect(),
    })
    .into_response())
}

/// Whose rows the caller may read; anyone's when there is no list.
async fn acteurs(
    etat: &Etat,
    appelant: &Appelant,
    demande: Option<&str>,
) -> Result<Option<BTreeSet<String>>, Erreur> {
    if appelant.compte().droits.perimetre().est_national() {
        return Ok(demande.map(|acteur| BTreeSet::from([acteur.to_owned()])));
    }
    let mut siens = BTreeSet::from([appelant.compte().identifiant.clone()]);
    for compte in etat.comptes.lister().await? {
        if administre(etat, appelant, &compte)? {
            siens.insert(compte.identifiant);
        }
    }
    if let Some(demande) = demande {
        siens.retain(|acteur| acteur == demande);
    }
    Ok(Some(siens))
}
