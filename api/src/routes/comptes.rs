//! `/api/v1/comptes`: the accounts that the caller administers.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use frequent_plan::Instant;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Refus;
use super::administration::{
    PorteeVue, administre, compte_administre, corps, droits_a_donner, inscrire, portees_vues,
};
use crate::audit::Action;
use crate::comptes::{Avancement, Compte, Droit, Invitation, Role};
use crate::erreurs::{Erreur, Probleme};
use crate::etat::Etat;
use crate::porte::Appelant;

/// An account to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompteNeuf {
    /// What its holder will type to sign in.
    pub identifiant: String,
    /// The holder's name or function.
    pub nom: String,
    /// Its role.
    pub role: Role,
    /// What it will see: `niveau:code`, `ensemble:<id>`.
    #[serde(default)]
    pub perimetres: Vec<String>,
    /// The platforms whose tagging quality it will see.
    #[serde(default)]
    pub plateformes: Vec<String>,
}

/// What an account is changed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompteChange {
    /// The holder's name or function.
    pub nom: String,
    /// Its role.
    pub role: Role,
    /// What it will see: `niveau:code`, `ensemble:<id>`.
    #[serde(default)]
    pub perimetres: Vec<String>,
    /// The platforms whose tagging quality it will see.
    #[serde(default)]
    pub plateformes: Vec<String>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompteRendu {
    /// What its holder types to sign in.
    pub identifiant: String,
    /// The holder's name or function.
    pub nom: String,
    /// Its role.
    pub role: Role,
    /// What it sees.
    pub perimetres: Vec<PorteeVue>,
    /// The platforms it was given.
    pub plateformes: Vec<String>,
    /// Whether it has a password, or waits for one.
    pub etat: Avancement,
    /// Whether it signs in with one-time codes.
    pub totp: bool,
    /// When it last signed in, in UTC.
    pub derniere_connexion: Option<String>,
}

/// The accounts that the caller administers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseComptes {
    /// By identifier.
    pub comptes: Vec<CompteRendu>,
}

/// A link by which a holder chooses a password; it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct LienInvitation {
    /// Its path, on the console's address.
    #[schema(example = "/invitation/3f2a…")]
    pub lien: String,
    /// When it stops working, in UTC.
    pub expire_le: String,
}

impl From<Invitation> for LienInvitation {
    fn from(invitation: Invitation) -> Self {
        Self {
            lien: format!("/invitation/{}", invitation.jeton),
            expire_le: Instant(invitation.expire_le).timestamp().to_string(),
        }
    }
}

async fn rendu(etat: &Etat, compte: Compte) -> Result<CompteRendu, Erreur> {
    let connexion = etat.audit.derniere_connexion(&compte.identifiant).await?;
    Ok(CompteRendu {
        role: compte.droits.role(),
        perimetres: portees_vues(etat, &compte.droits),
        plateformes: compte.droits.plateformes().iter().cloned().collect(),
        etat: etat.comptes.avancement(&compte.identifiant).await?,
        totp: etat.comptes.a_un_code(&compte.identifiant).await?,
        derniere_connexion: connexion.map(|instant| instant.timestamp().to_string()),
        nom: compte.nom,
        identifiant: compte.identifiant,
    })
}

/// The accounts that the caller administers.
#[utoipa::path(
    get,
    operation_id = "lister_comptes",
    path = "/api/v1/comptes",
    tag = "administration",
    responses((status = 200, body = ReponseComptes), Refus)
)]
pub async fn lister(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseComptes>, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let mut comptes = Vec::new();
    for compte in etat.comptes.lister().await? {
        let sien = compte.identifiant == appelant.compte().identifiant;
        if !sien && administre(&etat, &appelant, &compte)? {
            comptes.push(rendu(&etat, compte).await?);
        }
    }
    Ok(Json(ReponseComptes { comptes }))
}

/// Makes an account inside the caller's perimeter, and a link for its holder.
#[utoipa::path(
    post,
    operation_id = "creer_compte",
    path = "/api/v1/comptes",
    tag = "administration",
    request_body = CompteNeuf,
    responses(
        (status = 201, body = LienInvitation),
        (status = 409, description = "Identifiant pris", body = Probleme, content_type = "application/problem+json"),
        Refus
    )
)]
pub async fn creer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<CompteNeuf>, JsonRejection>,
) -> Result<(StatusCode, Json<LienInvitation>), Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let neuf = corps(recu)?;
    let droits = droits_a_donner(
        &etat,
        &appelant,
        neuf.role,
        &neuf.perimetres,
        neuf.plateformes,
    )
    .await?;
    let auteur = Some(appelant.compte().identifiant.as_str());
    let compte = etat
        .comptes
        .creer_sans_mot_de_passe(&neuf.identifiant, &neuf.nom, droits, auteur)
        .await?;
    let invitation = etat.comptes.inviter(&compte.identifiant).await?;
    let detail = json!({"role": neuf.role, "perimetres": neuf.perimetres});
    inscrire(
        &etat,
        &appelant,
        Action::CompteCree,
        &compte.identifiant,
        detail,
    )
    .await?;
    Ok((StatusCode::CREATED, Json(invitation.into())))
}

/// An account that the caller administers.
#[utoipa::path(
    get,
    operation_id = "lire_compte",
    path = "/api/v1/comptes/{identifiant}",
    tag = "administration",
    params(("identifiant" = String, Path)),
    responses((status = 200, body = CompteRendu), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(identifiant): Path<String>,
) -> Result<Json<CompteRendu>, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let compte = compte_administre(&etat, &appelant, &identifiant).await?;
    Ok(Json(rendu(&etat, compte).await?))
}

/// Gives an account another name and other rights, inside the caller's perimeter.
#[utoipa::path(
    put,
    operation_id = "modifier_compte",
    path = "/api/v1/comptes/{identifiant}",
    tag = "administration",
    params(("identifiant" = String, Path)),
    request_body = CompteChange,
    responses((status = 200, body = CompteRendu), Refus)
)]
pub async fn modifier(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(identifiant): Path<String>,
    recu: Result<Json<CompteChange>, JsonRejection>,
) -> Result<Json<CompteRendu>, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let change = corps(recu)?;
    let compte = compte_administre(&etat, &appelant, &identifiant).await?;
    let (perimetres, plateformes) = (change.perimetres, change.plateformes);
    let droits = droits_a_donner(&etat, &appelant, change.role, &perimetres, plateformes).await?;
    let compte = etat
        .comptes
        .modifier(&compte.identifiant, &change.nom, droits)
        .await?;
    let detail = json!({"role": change.role, "perimetres": perimetres});
    inscrire(
        &etat,
        &appelant,
        Action::CompteModifie,
        &compte.identifiant,
        detail,
    )
    .await?;
    Ok(Json(rendu(&etat, compte).await?))
}

/// Deletes an account, its sessions and its tokens.
#[utoipa::path(
    delete,
    operation_id = "supprimer_compte",
    path = "/api/v1/comptes/{identifiant}",
    tag = "administration",
    params(("identifiant" = String, Path)),
    responses((status = 204), Refus)
)]
pub async fn supprimer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(identifiant): Path<String>,
) -> Result<StatusCode, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let compte = compte_administre(&etat, &appelant, &identifiant).await?;
    etat.comptes.supprimer(&compte.identifiant).await?;
    let objet = &compte.identifiant;
    inscrire(&etat, &appelant, Action::CompteSupprime, objet, json!({})).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a new link for an account: the one before is void; its password stays until it is used.
#[utoipa::path(
    post,
    operation_id = "inviter_compte",
    path = "/api/v1/comptes/{identifiant}/invitation",
    tag = "administration",
    params(("identifiant" = String, Path)),
    responses((status = 201, body = LienInvitation), Refus)
)]
pub async fn inviter(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(identifiant): Path<String>,
) -> Result<(StatusCode, Json<LienInvitation>), Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let compte = compte_administre(&etat, &appelant, &identifiant).await?;
    let invitation = etat.comptes.inviter(&compte.identifiant).await?;
    let objet = &compte.identifiant;
    inscrire(&etat, &appelant, Action::Invitation, objet, json!({})).await?;
    Ok((StatusCode::CREATED, Json(invitation.into())))
}

/// Takes the one-time codes away from an account whose holder lost them; its sessions end.
#[utoipa::path(
    delete,
    operation_id = "retirer_totp_du_compte",
    path = "/api/v1/comptes/{identifiant}/totp",
    tag = "administration",
    params(("identifiant" = String, Path)),
    responses((status = 204), Refus)
)]
pub async fn retirer_totp(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(identifiant): Path<String>,
) -> Result<StatusCode, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let compte = compte_administre(&etat, &appelant, &identifiant).await?;
    etat.comptes.retirer_code(&compte.identifiant).await?;
    let detail = json!({"retires": true});
    inscrire(&etat, &appelant, Action::Codes, &compte.identifiant, detail).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all the sessions of an account.
#[utoipa::path(
    delete,
    operation_id = "fermer_sessions_du_compte",
    path = "/api/v1/comptes/{identifiant}/sessions",
    tag = "administration",
    params(("identifiant" = String, Path)),
    responses((status = 204), Refus)
)]
pub async fn fermer_sessions(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(identifiant): Path<String>,
) -> Result<StatusCode, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let compte = compte_administre(&etat, &appelant, &identifiant).await?;
    let fermees = etat.comptes.revoquer_sessions(&compte.identifiant).await?;
    let detail = json!({"fermees": fermees});
    inscrire(
        &etat,
        &appelant,
        Action::SessionFermee,
        &compte.identifiant,
        detail,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
