//! `/api/v1/moi`: one's own account: who one is, one's password, codes and sessions.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::administration::{PorteeVue, corps, inscrire, portees_vues};
use super::{Refus, session};
use crate::audit::Action;
use crate::comptes::{Droit, Inscription, MotDePasse, Moyen, Role};
use crate::erreurs::{Erreur, Probleme};
use crate::etat::Etat;
use crate::porte::Appelant;

/// Where one stands with one-time codes.
#[derive(Debug, Serialize, ToSchema)]
pub struct EtatTotp {
    /// Whether one signs in with them.
    pub actif: bool,
    /// Whether one's role must.
    pub requis: bool,
    /// Recovery codes left.
    pub codes_restants: i64,
}

/// One's own account.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseMoi {
    /// What one types to sign in.
    pub identifiant: String,
    /// One's name or function.
    pub nom: String,
    /// One's role.
    pub role: Role,
    /// What the role may do.
    pub droits: Vec<Droit>,
    /// The roles of the accounts one may make.
    pub confie: Vec<Role>,
    /// What one sees.
    pub perimetres: Vec<PorteeVue>,
    /// The platforms one was given.
    pub plateformes: Vec<String>,
    /// One-time codes.
    pub totp: EtatTotp,
}

/// One's own account.
#[utoipa::path(
    get,
    operation_id = "lire_moi",
    path = "/api/v1/moi",
    tag = "moi",
    responses((status = 200, body = ReponseMoi), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseMoi>, Erreur> {
    let compte = appelant.compte();
    let role = compte.droits.role();
    Ok(Json(ReponseMoi {
        identifiant: compte.identifiant.clone(),
        nom: compte.nom.clone(),
        role,
        droits: role.droits().to_vec(),
        confie: role.confie().to_vec(),
        perimetres: portees_vues(&etat, &compte.droits),
        plateformes: compte.droits.plateformes().iter().cloned().collect(),
        totp: EtatTotp {
            actif: etat.comptes.a_un_code(&compte.identifiant).await?,
            requis: etat.comptes.exige_code(role),
            codes_restants: etat
                .comptes
                .codes_secours_restants(&compte.identifiant)
                .await?,
        },
    }))
}

/// One's password, and the one to take its place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangementMotDePasse {
    /// The one in use.
    #[schema(value_type = String, format = Password)]
    pub ancien: MotDePasse,
    /// The one to come.
    #[schema(value_type = String, format = Password)]
    pub nouveau: MotDePasse,
}

/// Changes one's password: every session ends, this one too.
#[utoipa::path(
    post,
    operation_id = "changer_mot_de_passe",
    path = "/api/v1/moi/mot-de-passe",
    tag = "moi",
    request_body = ChangementMotDePasse,
    responses((status = 204), Refus)
)]
pub async fn mot_de_passe(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<ChangementMotDePasse>, JsonRejection>,
) -> Result<StatusCode, Erreur> {
    let change = corps(recu)?;
    let identifiant = &appelant.compte().identifiant;
    if !etat
        .comptes
        .est_son_mot_de_passe(identifiant, change.ancien)
        .await?
    {
        return Err(Erreur::Valeur(
            "Le mot de passe actuel n’est pas le bon".to_owned(),
        ));
    }
    etat.comptes
        .changer_mot_de_passe(identifiant, change.nouveau)
        .await?;
    inscrire(&etat, &appelant, Action::MotDePasse, identifiant, json!({})).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the application on a phone needs; it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseInscription {
    /// The secret, in base 32.
    pub secret: String,
    /// The same in an `otpauth://` address.
    pub uri: String,
    /// The same as a QR code, in SVG.
    pub qr_svg: String,
}

impl From<Inscription> for ReponseInscription {
    fn from(inscription: Inscription) -> Self {
        Self {
            secret: inscription.secret,
            uri: inscription.uri,
            qr_svg: inscription.qr_svg,
        }
    }
}

/// Begins to enrol for one-time codes.
#[utoipa::path(
    post,
    operation_id = "inscrire_totp",
    path = "/api/v1/moi/totp",
    tag = "moi",
    responses((status = 200, body = ReponseInscription), Refus)
)]
pub async fn inscrire_totp(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseInscription>, Erreur> {
    let identifiant = &appelant.compte().identifiant;
    if etat.comptes.a_un_code(identifiant).await? {
        return Err(Erreur::Conflit(
            "Ce compte a déjà ses codes à usage unique".to_owned(),
        ));
    }
    let inscription = etat.comptes.inscrire_code(identifiant).await?;
    Ok(Json(inscription.into()))
}

/// Begins to put a new phone in the place of the one in use, against one of its codes or a recovery
/// code. It serves until the new one is confirmed.
#[utoipa::path(
    post,
    operation_id = "remplacer_totp",
    path = "/api/v1/moi/totp/remplacement",
    tag = "moi",
    request_body = Code,
    responses(
        (status = 200, body = ReponseInscription),
        (status = 429, description = "Trop de tentatives : voir Retry-After", body = Probleme, content_type = "application/problem+json"),
        Refus
    )
)]
pub async fn remplacer_totp(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    client: Option<Extension<ConnectInfo<SocketAddr>>>,
    entetes: HeaderMap,
    recu: Result<Json<Code>, JsonRejection>,
) -> Result<Json<ReponseInscription>, Erreur> {
    let recu = corps(recu)?;
    let identifiant = &appelant.compte().identifiant;
    // A session left open must not let anyone guess.
    let provenance = session::provenance(&etat, client, &entetes);
    etat.comptes.compter_tentative(identifiant, &provenance)?;
    let inscription = etat.comptes.remplacer_code(identifiant, &recu.code).await?;
    let detail = json!({"remplacement": true});
    inscrire(&etat, &appelant, Action::Codes, identifiant, detail).await?;
    Ok(Json(inscription.into()))
}

/// The first code of the application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Six digits.
    pub code: String,
}

/// Codes that replace a lost phone, each used once; they are shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodesSecours {
    /// The codes.
    pub codes_secours: Vec<String>,
}

/// Ends an enrolment, or a change of phone, with the first code of the application. A change of
/// phone ends every other session.
#[utoipa::path(
    post,
    operation_id = "confirmer_totp",
    path = "/api/v1/moi/totp/confirmation",
    tag = "moi",
    request_body = Code,
    responses((status = 200, body = CodesSecours), Refus)
)]
pub async fn confirmer_totp(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<Code>, JsonRejection>,
) -> Result<Json<CodesSecours>, Erreur> {
    let recu = corps(recu)?;
    let identifiant = &appelant.compte().identifiant;
    let change = etat.comptes.change_de_code(identifiant).await?;
    if !change && etat.comptes.a_un_code(identifiant).await? {
        return Err(Erreur::Conflit(
            "Ce compte a déjà ses codes à usage unique".to_owned(),
        ));
    }
    let codes_secours = etat.comptes.confirmer_code(identifiant, &recu.code).await?;
    if change {
        fermer_les_autres(&etat, &appelant).await?;
    }
    let detail = json!({"inscrits": true});
    inscrire(&etat, &appelant, Action::Codes, identifiant, detail).await?;
    Ok(Json(CodesSecours { codes_secours }))
}

/// A session of one's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionRendue {
    /// By which it is ended.
    pub id: String,
    /// How it was opened.
    pub moyen: Moyen,
    /// The kind of device, system and browser, from the plan's lists.
    #[schema(example = "ORDINATEUR LINUX FIREFOX")]
    pub appareil: String,
    /// When it was opened, in UTC.
    pub ouverte_le: String,
    /// When it was last used, to the minute, in UTC.
    pub vue_le: String,
    /// Whether it is this one.
    pub courante: bool,
}

/// One's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseSessions {
    /// The last used first.
    pub sessions: Vec<SessionRendue>,
}

/// One's sessions.
#[utoipa::path(
    get,
    operation_id = "lister_sessions",
    path = "/api/v1/moi/sessions",
    tag = "moi",
    responses((status = 200, body = ReponseSessions), Refus)
)]
pub async fn sessions(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseSessions>, Erreur> {
    let siennes = etat
        .comptes
        .sessions(&appelant.compte().identifiant)
        .await?;
    let rendre = |session: crate::comptes::Session| SessionRendue {
        courante: appelant.session() == Some(session.numero.as_str()),
        id: session.numero,
        moyen: session.moyen,
        appareil: session.appareil,
        ouverte_le: session.ouverte_le.timestamp().to_string(),
        vue_le: session.vue_le.timestamp().to_string(),
    };
    Ok(Json(ReponseSessions {
        sessions: siennes.into_iter().map(rendre).collect(),
    }))
}

/// Ends one of one's sessions, or with `toutes` all the others.
#[utoipa::path(
    delete,
    operation_id = "fermer_une_session",
    path = "/api/v1/moi/sessions/{id}",
    tag = "moi",
    params(("id" = String, Path)),
    responses((status = 204), Refus)
)]
pub async fn fermer_session(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<StatusCode, Erreur> {
    let identifiant = &appelant.compte().identifiant;
    if id == "toutes" {
        fermer_les_autres(&etat, &appelant).await?;
    } else {
        etat.comptes.revoquer_session(identifiant, &id).await?;
    }
    let detail = json!({"session": id});
    inscrire(&etat, &appelant, Action::SessionFermee, identifiant, detail).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's sessions but this one.
async fn fermer_les_autres(etat: &Etat, appelant: &Appelant) -> Result<(), Erreur> {
    let identifiant = &appelant.compte().identifiant;
    for session in etat.comptes.sessions(identifiant).await? {
        if appelant.session() != Some(session.numero.as_str()) {
            etat.comptes
                .revoquer_session(identifiant, &session.numero)
                .await?;
        }
    }
    Ok(())
}
