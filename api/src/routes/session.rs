//! `/api/v1/session`: signing in, being recognised, signing out.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Refus, TerritoireNomme};
use crate::comptes::MotDePasse;
use crate::erreurs::{Erreur, Probleme};
use crate::etat::Etat;
use crate::porte::Appelant;
use crate::temoin;

/// What is typed to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Identifiants {
    /// The account's identifier.
    pub identifiant: String,
    /// Its password.
    #[schema(value_type = String, format = Password)]
    pub mot_de_passe: MotDePasse,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseSession {
    /// The account's identifier.
    pub identifiant: String,
    /// Its holder's name or function.
    pub nom: String,
    /// The territory it may see, with everything inside; null for a provider's account.
    pub perimetre: Option<TerritoireNomme>,
    /// Whether it may see tagging quality.
    pub voit_qualite: bool,
    /// The platforms whose tagging quality it sees: those it was given, or for the whole country
    /// every platform that a key or a site names.
    pub plateformes: Vec<String>,
}

impl ReponseSession {
    fn de(etat: &Etat, appelant: &Appelant) -> Self {
        let compte = appelant.compte();
        let perimetre = compte.droits.perimetre().map(|perimetre| TerritoireNomme {
            niveau: perimetre.niveau,
            code: perimetre.code.clone(),
            nom: etat.nom(perimetre.niveau, &perimetre.code),
        });
        Self {
            identifiant: compte.identifiant.clone(),
            nom: compte.nom.clone(),
            perimetre,
            voit_qualite: appelant.voit_la_qualite(),
            plateformes: appelant.plateformes(&etat.acces).into_iter().collect(),
        }
    }
}

/// Signs in: opens a session, whose token is in the answer's cookie.
#[utoipa::path(
    post,
    operation_id = "ouvrir_session",
    path = "/api/v1/session",
    tag = "session",
    security(()),
    request_body = Identifiants,
    responses(
        (status = 200, body = ReponseSession),
        (status = 429, description = "Trop de tentatives : voir Retry-After", body = Probleme, content_type = "application/problem+json"),
        Refus
    )
)]
pub async fn ouvrir(
    State(etat): State<Arc<Etat>>,
    entetes: HeaderMap,
    corps: Result<Json<Identifiants>, JsonRejection>,
) -> Result<Response, Erreur> {
    let Json(identifiants) = corps.map_err(|refus| corps_refuse(&refus))?;
    let ancien = temoin::lire(&entetes);
    let connexion = etat
        .comptes
        .connecter(
            &identifiants.identifiant,
            identifiants.mot_de_passe,
            ancien.as_ref(),
        )
        .await?;
    let depot = temoin::poser(&entetes, &connexion.jeton);
    let appelant = Appelant::new(connexion.compte);
    let reponse = Json(ReponseSession::de(&etat, &appelant));
    Ok(([(header::SET_COOKIE, depot)], reponse).into_response())
}

/// Who is signed in.
#[utoipa::path(
    get,
    operation_id = "lire_session",
    path = "/api/v1/session",
    tag = "session",
    responses((status = 200, body = ReponseSession), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Json<ReponseSession> {
    Json(ReponseSession::de(&etat, &appelant))
}

/// Signs out: the session is destroyed, and the cookie with it.
#[utoipa::path(
    delete,
    operation_id = "fermer_session",
    path = "/api/v1/session",
    tag = "session",
    security(()),
    responses((status = 204), Refus)
)]
pub async fn fermer(State(etat): State<Arc<Etat>>, entetes: HeaderMap) -> Result<Response, Erreur> {
    if let Some(jeton) = temoin::lire(&entetes) {
        etat.comptes.deconnecter(&jeton).await?;
    }
    let retrait = temoin::retirer(&entetes);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, retrait)]).into_response())
}

/// Nothing of the body is echoed: it holds a password.
fn corps_refuse(refus: &JsonRejection) -> Erreur {
    match refus {
        JsonRejection::MissingJsonContentType(_) => Erreur::TypeDeContenu,
        JsonRejection::JsonDataError(_) => {
            Erreur::Corps("les champs attendus sont identifiant et mot_de_passe, deux textes")
        }
        JsonRejection::JsonSyntaxError(_) => Erreur::Corps("ce n’est pas du JSON"),
        _ => Erreur::Corps("il est trop long ou interrompu"),
    }
}
