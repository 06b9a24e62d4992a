//! `GET /api/v1/reglages`: the settings in force, for those who run the platform.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::Refus;
use crate::comptes::Role;
use crate::erreurs::Erreur;
use crate::etat::{Etat, Reglage};
use crate::porte::Appelant;

/// The settings in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseReglages {
    /// In the order of the default file; a secret is never shown.
    pub reglages: Vec<Reglage>,
}

/// The settings in force, secrets masked. For administrators.
#[utoipa::path(
    get,
    operation_id = "lire_reglages",
    path = "/api/v1/reglages",
    tag = "administration",
    responses((status = 200, body = ReponseReglages), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseReglages>, Erreur> {
    if appelant.compte().droits.role() != Role::Administrateur {
        return Err(Erreur::DroitManquant);
    }
    Ok(Json(ReponseReglages {
        reglages: etat.reglages.clone(),
    }))
}
