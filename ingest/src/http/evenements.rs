//! `POST /v1/events`: batches from providers' servers. The good lines of a batch are taken, the
//! others are named, and the answer comes once what was taken is durable.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::corps::{Compression, Corps};
use super::envoi::{Envoi, Rejet};
use super::probleme::Probleme;
use super::{Collecte, essai};
use crate::acces::{Acces, CleFournisseur, RefusCle, Usage};
use crate::qualite::Emetteur;

/// Bodies longer than this are read on a thread of their own, so that other requests do not wait.
const LONG: usize = 64 << 10;

/// What the body is, by its `Content-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Genre {
    /// One event a line.
    Ndjson,
    /// An array, or one object.
    Json,
}

#[derive(Serialize)]
struct Reponse<'a> {
    recus: u64,
    acceptes: u64,
    rejetes: &'a [Rejet],
}

pub(super) async fn recevoir(
    State(collecte): State<Arc<Collecte>>,
    requete: Request,
) -> Result<Response, Probleme> {
    let maintenant = collecte.moyens.horloge.maintenant();
    let (tete, flux) = requete.into_parts();
    let cle = lire_cle(&collecte.moyens.acces, &tete.headers)?;
    let genre = Genre::lire(&tete.headers)?;
    let compression = Compression::lire(&tete.headers)?;
    let idempotence = idempotence(&tete.headers)?;
    let reglages = &collecte.reglages;
    let corps = Corps::lire(
        flux,
        &tete.headers,
        reglages.corps_max,
        reglages.corps_delai,
        &collecte.memoire,
    )
    .await?;
    let nom = cle.nom.clone();
    if cle.usage == Usage::Essai {
        let juge = Arc::clone(&collecte);
        let travail = move || {
            let corps = corps.decompresser(compression, juge.reglages.corps_max)?;
            juge.juger_envoi(
                &corps.octets,
                genre,
                &cle,
                idempotence.as_deref(),
                maintenant,
            )
        };
        let bilan = tokio::task::spawn_blocking(travail)
            .await
            .unwrap_or(Err(Probleme::Indisponible))?;
        collecte.debit_cles.prendre(&nom, bilan.recus)?;
        return Ok(essai::repondre(bilan));
    }

    let long = corps.octets.len() > LONG || compression != Compression::Aucune;
    let lecteur = Arc::clone(&collecte);
    let lire = move || {
        let corps = corps.decompresser(compression, lecteur.reglages.corps_max)?;
        lecteur.lire_envoi(
            &corps.octets,
            genre,
            &cle,
            idempotence.as_deref(),
            maintenant,
        )
    };
    let envoi = if long {
        tokio::task::spawn_blocking(lire)
            .await
            .unwrap_or(Err(Probleme::Indisponible))
    } else {
        lire()
    }?;

    let Envoi {
        lot,
        recus,
        rejetes,
        decompte,
    } = envoi;
    collecte.debit_cles.prendre(&nom, recus)?;
    let acceptes = lot.nombre() as u64;
    if acceptes > 0 {
        let ajout = collecte.moyens.journal.ajouter(lot).await;
        ajout.map_err(|erreur| Probleme::du_journal(&erreur))?;
    }
    decompte.verser(&Emetteur::Cle(nom));
    Ok(accepter(recus, acceptes, &rejetes))
}

/// What is answered once what was taken is durable.
pub(super) fn accepter(recus: u64, acceptes: u64, rejetes: &[Rejet]) -> Response {
    let reponse = Json(Reponse {
        recus,
        acceptes,
        rejetes,
    });
    (StatusCode::ACCEPTED, [(CACHE_CONTROL, "no-store")], reponse).into_response()
}

/// The key that a request presents.
pub(super) fn lire_cle(acces: &Acces, entetes: &HeaderMap) -> Result<CleFournisseur, Probleme> {
    let secret = entetes
        .get(AUTHORIZATION)
        .and_then(|valeur| valeur.to_str().ok())
        .and_then(|texte| texte.split_once(' '))
        .filter(|(schema, _)| schema.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim())
        .ok_or(Probleme::CleAbsente)?;
    acces.cle(secret).map_err(|refus| match refus {
        RefusCle::Inconnue => Probleme::CleInconnue,
        RefusCle::Revoquee => Probleme::CleRevoquee,
    })
}

impl Genre {
    /// No type at all is taken for NDJSON.
    fn lire(entetes: &HeaderMap) -> Result<Self, Probleme> {
        let Some(valeur) = entetes.get(CONTENT_TYPE) else {
            return Ok(Self::Ndjson);
        };
        let genre = valeur.to_str().unwrap_or_default();
        let genre = genre.split(';').next().unwrap_or_default().trim();
        match genre.to_ascii_lowercase().as_str() {
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines" => Ok(Self::Ndjson),
            "application/json" => Ok(Self::Json),
            _ => Err(Probleme::TypeRefuse),
        }
    }
}

fn idempotence(entetes: &HeaderMap) -> Result<Option<String>, Probleme> {
    let Some(valeur) = entetes.get("idempotency-key") else {
        return Ok(None);
    };
    let texte = valeur.to_str().unwrap_or_default();
    let visible = texte.bytes().all(|o| o.is_ascii_graphic());
    if !visible || !(1..=256).contains(&texte.len()) {
        return Err(Probleme::IdempotenceInvalide);
    }
    Ok(Some(texte.to_owned()))
}
