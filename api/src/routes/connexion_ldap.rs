//! `/api/v1/connexion/ldap`: signing in with the directory's password.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Refus;
use super::session::{self, ReponseSession};
use crate::comptes::{ComptesErreur, ConnexionRefusee, Externe, Moyen};
use crate::erreurs::{Erreur, Probleme};
use crate::etat::Etat;
use crate::identites::{LdapErreur, Regle};
use crate::temoin;

/// What is typed to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentifiantsLdap {
    /// The identifier, as the directory knows it.
    identifiant: String,
    /// Its password there.
    #[schema(format = Password)]
    mot_de_passe: String,
    /// The one-time code, or a recovery code, when the account has them.
    #[serde(default)]
    code: Option<String>,
}

/// Signs in with the directory's password: opens a session, as `/api/v1/session` does.
#[utoipa::path(
    post,
    operation_id = "ouvrir_session_ldap",
    path = "/api/v1/connexion/ldap",
    tag = "session",
    security(()),
    request_body = IdentifiantsLdap,
    responses(
        (status = 200, body = ReponseSession),
        (status = 429, description = "Trop de tentatives : voir Retry-After", body = Probleme, content_type = "application/problem+json"),
        (status = 503, description = "L’annuaire ne répond pas", body = Probleme, content_type = "application/problem+json"),
        Refus
    )
)]
pub async fn ouvrir(
    State(etat): State<Arc<Etat>>,
    client: Option<Extension<ConnectInfo<SocketAddr>>>,
    entetes: HeaderMap,
    corps: Result<Json<IdentifiantsLdap>, JsonRejection>,
) -> Result<Response, Erreur> {
    let ldap = etat.ldap.as_ref().ok_or(Erreur::Introuvable)?;
    let Json(typees) = corps.map_err(|refus| session::corps_refuse(&refus))?;
    let provenance = session::provenance(&etat, client, &entetes);
    etat.comptes
        .compter_tentative(&typees.identifiant, &provenance)?;
    let fiche = ldap
        .verifier(&typees.identifiant, &typees.mot_de_passe)
        .await
        .map_err(|faute| match faute {
            LdapErreur::Identifiants => Erreur::IdentifiantsRefuses,
            faute => {
                // The directory's own words may name a person: only what failed is logged.
                tracing::error!(cause = cause(&faute), "the LDAP directory failed");
                Erreur::AnnuaireMuet
            }
        })?;
    let annuaires = etat.annuaires();
    let annuaire = annuaires.courant().map(|annuaire| &**annuaire);
    let droits = Regle::attribuer(ldap.regles(), &fiche.dites, annuaire)?;
    let ancien = temoin::lire(&entetes);
    let externe = Externe {
        moyen: Moyen::Ldap,
        sujet: &fiche.sujet,
        identifiant: &fiche.identifiant,
        nom: &fiche.nom,
        droits,
        code: typees.code.as_deref(),
        ancien: ancien.as_ref(),
        terminal: &provenance.terminal,
    };
    let connexion = etat
        .comptes
        .accueillir(externe)
        .await
        .map_err(|faute| match faute {
            ConnexionRefusee::Comptes(
                ComptesErreur::Existe(_) | ComptesErreur::Identifiant(_) | ComptesErreur::Nom,
            ) => Erreur::IdentifiantsRefuses,
            notre => notre.into(),
        })?;
    session::accueillir(&etat, &entetes, connexion).await
}

fn cause(faute: &LdapErreur) -> &'static str {
    use ldap3::LdapError as L;
    match faute {
        LdapErreur::Annuaire(L::Timeout { .. }) => "timeout",
        LdapErreur::Annuaire(L::Io { .. } | L::EndOfStream) => "connection",
        LdapErreur::Annuaire(L::Rustls { .. } | L::DNSName { .. }) => "tls",
        LdapErreur::Annuaire(L::LdapResult { .. }) => "refused",
        _ => "other",
    }
}
