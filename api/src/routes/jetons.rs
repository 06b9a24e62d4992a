//! `/api/v1/jetons`: one's own API tokens.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use frequent_plan::Jour;
use frequent_territory::Perimetre;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Refus;
use super::administration::{corps, inscrire, lire_perimetres};
use crate::audit::Action;
use crate::comptes::{DelegationRefusee, DemandeJeton, JetonApi, Portee};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

const JOUR: Duration = Duration::from_hours(24);

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JetonDemande {
    /// What it is called.
    pub nom: String,
    /// What it may be used for.
    pub portees: Vec<Portee>,
    /// Its last day; a year ahead at most.
    #[schema(example = "2027-08-31")]
    pub expire_le: String,
    /// What it sees, of what its holder sees; null for all of it.
    #[serde(default)]
    pub perimetre: Option<String>,
}

/// A token just made; it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct JetonCree {
    /// By which it is revoked.
    pub id: String,
    /// What to send in `Authorization: Bearer`.
    #[schema(example = "fj_3f2a…")]
    pub jeton: String,
    /// When it stops working, in UTC.
    pub expire_le: String,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct JetonRendu {
    /// By which it is revoked.
    pub id: String,
    /// What it is called.
    pub nom: String,
    /// What it may be used for.
    pub portees: Vec<Portee>,
    /// When it was made, in UTC.
    pub cree_le: String,
    /// When it stops working, in UTC.
    pub expire_le: String,
    /// When it was last used, to the minute, in UTC.
    pub utilise_le: Option<String>,
}

/// One's tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseJetons {
    /// The newest first, expired ones too.
    pub jetons: Vec<JetonRendu>,
}

/// One's tokens.
#[utoipa::path(
    get,
    operation_id = "lister_jetons",
    path = "/api/v1/jetons",
    tag = "moi",
    responses((status = 200, body = ReponseJetons), Refus)
)]
pub async fn lister(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseJetons>, Erreur> {
    let siens = etat.comptes.jetons(&appelant.compte().identifiant).await?;
    let rendre = |jeton: JetonApi| JetonRendu {
        id: jeton.id,
        nom: jeton.nom,
        portees: jeton.portees,
        cree_le: jeton.cree_le.timestamp().to_string(),
        expire_le: jeton.expire_le.timestamp().to_string(),
        utilise_le: jeton.vu_le.map(|instant| instant.timestamp().to_string()),
    };
    Ok(Json(ReponseJetons {
        jetons: siens.into_iter().map(rendre).collect(),
    }))
}

/// Makes a token that sees no more than its holder.
#[utoipa::path(
    post,
    operation_id = "creer_jeton",
    path = "/api/v1/jetons",
    tag = "moi",
    request_body = JetonDemande,
    responses((status = 201, body = JetonCree), Refus)
)]
pub async fn creer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<JetonDemande>, JsonRejection>,
) -> Result<(StatusCode, Json<JetonCree>), Erreur> {
    let demande = corps(recu)?;
    let mut perimetre = Perimetre::default();
    if let Some(texte) = &demande.perimetre {
        let (propre, ensembles) = lire_perimetres(&etat, std::slice::from_ref(texte)).await?;
        perimetre = propre;
        for ensemble in ensembles {
            perimetre.joindre(ensemble.perimetre);
        }
        let vu = appelant.compte().droits.perimetre();
        if !vu.inclut(&*etat.annuaire()?, &perimetre) {
            return Err(DelegationRefusee::Perimetre.into());
        }
    }
    let neuf = etat
        .comptes
        .creer_jeton(
            &appelant.compte().identifiant,
            DemandeJeton {
                nom: demande.nom,
                portees: demande.portees,
                perimetre,
                duree: duree(etat.aujourdhui_a_paris(), &demande.expire_le)?,
            },
        )
        .await?;
    let detail = json!({"cree": true, "expire_le": demande.expire_le});
    inscrire(&etat, &appelant, Action::JetonApi, &neuf.id, detail).await?;
    let cree = JetonCree {
        id: neuf.id,
        jeton: neuf.texte,
        expire_le: neuf.expire_le.timestamp().to_string(),
    };
    Ok((StatusCode::CREATED, Json(cree)))
}

/// Ends one of one's tokens.
#[utoipa::path(
    delete,
    operation_id = "revoquer_jeton",
    path = "/api/v1/jetons/{id}",
    tag = "moi",
    params(("id" = String, Path)),
    responses((status = 204), Refus)
)]
pub async fn revoquer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<StatusCode, Erreur> {
    let identifiant = &appelant.compte().identifiant;
    etat.comptes.revoquer_jeton(identifiant, &id).await?;
    let detail = json!({"revoque": true});
    inscrire(&etat, &appelant, Action::JetonApi, &id, detail).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// From now to the same hour of the last day.
fn duree(aujourdhui: Jour, dernier: &str) -> Result<Duration, Erreur> {
    let dernier: Jour = dernier
        .parse()
        .map_err(|faute| Erreur::Valeur(format!("{faute}")))?;
    let jours = u32::try_from(dernier.epoque() - aujourdhui.epoque()).unwrap_or_default();
    Ok(JOUR * jours)
}
