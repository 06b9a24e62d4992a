//! `GET /v1/recus/{jour}`: a provider's receipt of a day; `GET /v1/cle-publique`: the key that checks
//! it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use frequent_plan::Jour;
use serde::Serialize;

use super::evenements::lire_cle;
use super::probleme::Probleme;
use crate::acces::Usage;
use crate::recus::{CleInstance, Guichet, RecuErreur};

#[derive(Serialize)]
struct ClePublique {
    algorithme: &'static str,
    cle: String,
}

/// The addresses of receipts.
pub fn routes_recus(guichet: Arc<Guichet>) -> Router {
    Router::new()
        .route("/v1/recus/{jour}", get(donner))
        .route("/v1/cle-publique", get(publier))
        .with_state(guichet)
}

async fn donner(
    State(guichet): State<Arc<Guichet>>,
    Path(jour): Path<String>,
    entetes: HeaderMap,
) -> Result<Response, Probleme> {
    let cle = lire_cle(guichet.acces(), &entetes)?;
    if cle.usage == Usage::Essai {
        return Err(Probleme::SansRecu);
    }
    let jour: Jour = jour.parse().map_err(|_| Probleme::JourIllisible)?;
    let recu = en_dehors(move || guichet.recu(&cle, jour)).await?;
    let texte = recu.ok_or(Probleme::RecuAbsent)?;
    let entetes = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((entetes, texte).into_response())
}

async fn publier(State(guichet): State<Arc<Guichet>>) -> Result<Json<ClePublique>, Probleme> {
    let cle = en_dehors(move || guichet.cle()).await?;
    Ok(Json(ClePublique {
        algorithme: CleInstance::algorithme(),
        cle: cle.publique(),
    }))
}

/// Files are read on a thread of their own.
async fn en_dehors<T: Send + 'static>(
    travail: impl FnOnce() -> Result<T, RecuErreur> + Send + 'static,
) -> Result<T, Probleme> {
    let fait = tokio::task::spawn_blocking(travail).await;
    fait.map_err(|_| Probleme::RecuIndisponible)?
        .map_err(|erreur| {
            tracing::error!(%erreur, "receipt not given");
            Probleme::RecuIndisponible
        })
}
