//! `/api/v1/invitations/{jeton}`: what a link gives to whoever holds it, without a session.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refus;
use super::administration::corps;
use crate::audit::{Action, Ecriture};
use crate::comptes::MotDePasse;
use crate::erreurs::Erreur;
use crate::etat::Etat;

/// Whose link it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseInvitation {
    /// What its holder will type to sign in.
    pub identifiant: String,
    /// The holder's name or function.
    pub nom: String,
}

/// The password chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptation {
    /// Twelve characters at least.
    #[schema(value_type = String, format = Password)]
    pub mot_de_passe: MotDePasse,
}

/// Whose link it is, if it still works.
#[utoipa::path(
    get,
    operation_id = "lire_invitation",
    path = "/api/v1/invitations/{jeton}",
    tag = "session",
    security(()),
    params(("jeton" = String, Path)),
    responses((status = 200, body = ReponseInvitation), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Path(jeton): Path<String>,
) -> Result<Json<ReponseInvitation>, Erreur> {
    let compte = etat.comptes.invite(&jeton).await?;
    let compte = compte.ok_or(Erreur::SansObjet)?;
    Ok(Json(ReponseInvitation {
        identifiant: compte.identifiant,
        nom: compte.nom,
    }))
}

/// Chooses a password: the link no longer works, the account's sessions end.
#[utoipa::path(
    post,
    operation_id = "accepter_invitation",
    path = "/api/v1/invitations/{jeton}",
    tag = "session",
    security(()),
    params(("jeton" = String, Path)),
    request_body = Acceptation,
    responses((status = 204), Refus)
)]
pub async fn accepter(
    State(etat): State<Arc<Etat>>,
    Path(jeton): Path<String>,
    recu: Result<Json<Acceptation>, JsonRejection>,
) -> Result<StatusCode, Erreur> {
    let acceptation = corps(recu)?;
    // Before hashing a password: who holds no link costs nothing.
    etat.comptes
        .invite(&jeton)
        .await?
        .ok_or(Erreur::SansObjet)?;
    let identifiant = etat
        .comptes
        .accepter_invitation(&jeton, acceptation.mot_de_passe)
        .await?;
    let ecriture = Ecriture::new(&identifiant, Action::MotDePasse, &identifiant);
    etat.audit.inscrire(ecriture).await?;
    Ok(StatusCode::NO_CONTENT)
}
