//! `/api/v1/connexion`: signing in through an identity provider.
//!
//! A browser leaves with a token of its own, comes back once, and goes on to a page of the console:
//! never elsewhere. What is refused is said on a page, for it is a person who arrives there.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Refus, session};
use crate::comptes::{ComptesErreur, ConnexionRefusee, Externe, Jeton, Moyen};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::identites::{AttenteErreur, AttributionRefusee, DUREE_S, OidcErreur, Regle};
use crate::temoin;

/// Longest local path to go back to.
const RETOUR_MAX: usize = 500;

/// How one may sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Moyens {
    /// The identity provider; null when there is none.
    pub oidc: Option<MoyenOidc>,
    /// The directory; null when there is none.
    pub ldap: Option<MoyenLdap>,
}

/// A directory whose passwords are taken at `/api/v1/connexion/ldap`.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoyenLdap {
    /// Its name, shown where one signs in.
    pub nom: String,
}

/// An identity provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoyenOidc {
    /// Its name, for a button.
    pub nom: String,
    /// Where that button leads.
    #[schema(example = "/api/v1/connexion/oidc")]
    pub adresse: &'static str,
}

/// Where to go once signed in.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depart {
    /// A path of the console; anything else is its first page.
    retour: Option<String>,
}

/// What the provider sends a browser back with. Others' parameters are let be.
#[derive(Debug, Default, Deserialize)]
pub struct Arrivee {
    /// The code to exchange.
    code: Option<String>,
    /// What the browser left with.
    state: Option<String>,
    /// The provider's refusal.
    error: Option<String>,
    /// Who the provider is.
    iss: Option<String>,
}

/// How one may sign in, besides with an account of this server.
#[utoipa::path(
    get,
    operation_id = "lire_moyens",
    path = "/api/v1/connexion",
    tag = "session",
    security(()),
    responses((status = 200, body = Moyens), Refus)
)]
pub async fn moyens(State(etat): State<Arc<Etat>>) -> Json<Moyens> {
    let oidc = etat.oidc.as_ref().map(|oidc| MoyenOidc {
        nom: oidc.nom().to_owned(),
        adresse: "/api/v1/connexion/oidc",
    });
    let ldap = etat.ldap.as_ref().map(|ldap| MoyenLdap {
        nom: ldap.nom().to_owned(),
    });
    Json(Moyens { oidc, ldap })
}

/// Sends the browser to the identity provider.
#[utoipa::path(
    get,
    operation_id = "partir_oidc",
    path = "/api/v1/connexion/oidc",
    tag = "session",
    security(()),
    params(
        ("retour" = Option<String>, Query, description = "Page de la console où revenir ; toute autre adresse est sa première page"),
    ),
    responses((status = 303, description = "Vers le fournisseur d’identité"), Refus)
)]
pub async fn partir(
    State(etat): State<Arc<Etat>>,
    entetes: HeaderMap,
    depart: Result<Query<Depart>, QueryRejection>,
) -> Result<Response, Erreur> {
    let oidc = etat.oidc.as_ref().ok_or(Erreur::Introuvable)?;
    let Query(depart) = depart.unwrap_or_default();
    let (adresse, demarrage) = match oidc.demarrer().await {
        Ok(depart) => depart,
        Err(faute) => return Ok(page(&Echec::de(&faute))),
    };
    let navigateur = Jeton::tirer()?;
    let retour = chemin_local(depart.retour.as_deref());
    match etat.attente().noter(&navigateur, &demarrage, retour).await {
        Ok(()) => {}
        Err(AttenteErreur::Trop) => return Ok(page(&Echec::Occupe)),
        Err(AttenteErreur::Base(faute)) => return Err(ComptesErreur::from(faute).into()),
    }
    let depot = temoin::poser_depart(&entetes, &navigateur, DUREE_S);
    Ok(vers(adresse.as_str(), [depot]))
}

/// Takes the browser back from the identity provider.
#[utoipa::path(
    get,
    operation_id = "revenir_oidc",
    path = "/api/v1/connexion/oidc/retour",
    tag = "session",
    security(()),
    params(
        ("code" = Option<String>, Query, description = "Code à échanger"),
        ("state" = Option<String>, Query, description = "Ce avec quoi le navigateur est parti"),
        ("error" = Option<String>, Query, description = "Refus du fournisseur"),
        ("iss" = Option<String>, Query, description = "Qui est le fournisseur"),
    ),
    responses((status = 303, description = "Vers la console, connecté"), Refus)
)]
pub async fn revenir(
    State(etat): State<Arc<Etat>>,
    entetes: HeaderMap,
    arrivee: Result<Query<Arrivee>, QueryRejection>,
) -> Result<Response, Erreur> {
    let Query(arrivee) = arrivee.unwrap_or_default();
    let mut reponse = match connecter(&etat, &entetes, arrivee).await {
        Ok((jeton, retour)) => vers(&retour, [temoin::poser(&entetes, &jeton)]),
        Err(Echec::Introuvable) => return Err(Erreur::Introuvable),
        Err(Echec::Notre(faute)) => return Err(faute),
        Err(refus) => {
            tracing::warn!(
                refus = refus.cause(),
                "sign-in through the provider refused"
            );
            page(&refus)
        }
    };
    let oubli = temoin::retirer_depart(&entetes);
    reponse.headers_mut().append(header::SET_COOKIE, oubli);
    Ok(reponse)
}

/// Sends the browser to sign out of the identity provider too, if it offers that.
#[utoipa::path(
    get,
    operation_id = "finir_oidc",
    path = "/api/v1/connexion/oidc/fin",
    tag = "session",
    security(()),
    responses((status = 303, description = "Vers le fournisseur d’identité"), Refus)
)]
pub async fn finir(State(etat): State<Arc<Etat>>) -> Result<Response, Erreur> {
    let oidc = etat.oidc.as_ref().ok_or(Erreur::Introuvable)?;
    Ok(match oidc.fin().await {
        Ok(Some(adresse)) => vers(adresse.as_str(), []),
        Ok(None) => vers("/", []),
        Err(faute) => page(&Echec::de(&faute)),
    })
}

async fn connecter(
    etat: &Etat,
    entetes: &HeaderMap,
    arrivee: Arrivee,
) -> Result<(Jeton, String), Echec> {
    let oidc = etat.oidc.as_ref().ok_or(Echec::Introuvable)?;
    let navigateur = temoin::lire_depart(entetes).ok_or(Echec::Inconnu)?;
    let etat_dit = arrivee.state.ok_or(Echec::Inconnu)?;
    let (demarrage, retour) = etat
        .attente()
        .reprendre(&navigateur, &etat_dit)
        .await
        .map_err(|faute| Echec::Notre(ComptesErreur::from(faute).into()))?
        .ok_or(Echec::Inconnu)?;
    if arrivee.error.is_some() {
        return Err(Echec::Refuse);
    }
    if !oidc.est_emetteur(arrivee.iss.as_deref()) {
        return Err(Echec::Jeton);
    }
    let code = arrivee.code.ok_or(Echec::Jeton)?;
    let identite = oidc
        .revenir(&code, demarrage, etat.maintenant())
        .await
        .map_err(|faute| Echec::de(&faute))?;
    if !oidc.accepte(&identite) {
        return Err(Echec::Faible);
    }
    let annuaires = etat.annuaires();
    let annuaire = annuaires.courant().map(|annuaire| &**annuaire);
    let droits = Regle::attribuer(oidc.regles(), &identite.dites, annuaire)?;
    // What the account's role demands, its provider must have asked.
    if !identite.forte && etat.comptes.exige_code(droits.role()) {
        return Err(Echec::Faible);
    }
    let ancien = temoin::lire(entetes);
    let terminal = session::terminal(entetes);
    let externe = Externe {
        moyen: Moyen::Oidc,
        sujet: &identite.sujet,
        identifiant: &identite.identifiant,
        nom: &identite.nom,
        droits,
        code: None,
        ancien: ancien.as_ref(),
        terminal: &terminal,
    };
    let connexion = match etat.comptes.accueillir(externe).await {
        Ok(connexion) => connexion,
        Err(ConnexionRefusee::Comptes(ComptesErreur::Existe(_))) => return Err(Echec::Pris),
        Err(ConnexionRefusee::Comptes(ComptesErreur::Identifiant(_) | ComptesErreur::Nom)) => {
            return Err(Echec::Jeton);
        }
        Err(notre) => return Err(Echec::Notre(notre.into())),
    };
    session::inscrire_connexion(etat, &connexion.session)
        .await
        .map_err(Echec::Notre)?;
    Ok((connexion.jeton, retour))
}

/// Why a browser that came back is not signed in.
#[derive(Debug)]
enum Echec {
    Introuvable,
    /// Nobody left with that, or too long ago, or came back already.
    Inconnu,
    /// The provider said no.
    Refuse,
    /// The provider does not answer.
    Muet,
    /// What it gave is not to be believed.
    Jeton,
    /// No second factor was shown.
    Faible,
    /// What it says gives no right here.
    Droits(AttributionRefusee),
    /// The identifier is another account's.
    Pris,
    /// Too many are leaving.
    Occupe,
    Notre(Erreur),
}

impl From<AttributionRefusee> for Echec {
    fn from(refus: AttributionRefusee) -> Self {
        Self::Droits(refus)
    }
}

impl Echec {
    fn de(faute: &OidcErreur) -> Self {
        // The provider's own words may name a person: only their kind is logged.
        match faute {
            OidcErreur::Fournisseur(_) | OidcErreur::Reglage(_) | OidcErreur::Autorites(_) => {
                Self::Muet
            }
            OidcErreur::Code(_) | OidcErreur::Jeton(_) | OidcErreur::Revendication(_) => {
                Self::Jeton
            }
        }
    }

    /// In a word, for the log.
    fn cause(&self) -> &'static str {
        match self {
            Self::Introuvable => "introuvable",
            Self::Inconnu => "inconnu",
            Self::Refuse => "refus",
            Self::Muet => "muet",
            Self::Jeton => "jeton",
            Self::Faible => "facteur",
            Self::Droits(_) => "droits",
            Self::Pris => "identifiant",
            Self::Occupe => "occupe",
            Self::Notre(_) => "interne",
        }
    }

    fn dire(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Introuvable | Self::Inconnu => (
                StatusCode::BAD_REQUEST,
                "Cette connexion est inconnue de ce serveur, déjà terminée, ou partie il y a plus de dix minutes.",
            ),
            Self::Refuse => (
                StatusCode::FORBIDDEN,
                "Le fournisseur d’identité n’a pas confirmé la connexion.",
            ),
            Self::Muet | Self::Notre(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Le fournisseur d’identité ne répond pas. Réessayez dans quelques minutes.",
            ),
            Self::Jeton => (
                StatusCode::FORBIDDEN,
                "La réponse du fournisseur d’identité n’a pas pu être vérifiée.",
            ),
            Self::Faible => (
                StatusCode::FORBIDDEN,
                "Une double authentification chez le fournisseur d’identité est exigée.",
            ),
            Self::Droits(AttributionRefusee::SansRegle) => (
                StatusCode::FORBIDDEN,
                "Votre fonction, telle que la donne le fournisseur d’identité, n’ouvre aucun accès ici.",
            ),
            Self::Droits(AttributionRefusee::SansTerritoire) => (
                StatusCode::FORBIDDEN,
                "Le fournisseur d’identité ne dit pas de quel territoire vous êtes chargé, ou en dit plusieurs.",
            ),
            Self::Droits(AttributionRefusee::HorsRegle) => (
                StatusCode::FORBIDDEN,
                "Le territoire que donne le fournisseur d’identité est inconnu ici, ou hors de ce que sa règle permet.",
            ),
            Self::Pris => (
                StatusCode::FORBIDDEN,
                "Un autre compte porte déjà cet identifiant.",
            ),
            Self::Occupe => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Trop de connexions sont en cours. Réessayez dans quelques minutes.",
            ),
        }
    }
}

/// A page that says why, and leads back to the console. Nothing of the request stands in it.
fn page(echec: &Echec) -> Response {
    let (statut, raison) = echec.dire();
    let html = format!(
        "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>Connexion refusée — FréquENT</title>\
         <h1>Connexion refusée</h1><p>{raison}</p><p><a href=\"/\">Revenir à la console</a></p></html>"
    );
    let type_ = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (statut, type_, html).into_response()
}

fn vers<const N: usize>(adresse: &str, temoins: [HeaderValue; N]) -> Response {
    let Ok(adresse) = HeaderValue::try_from(adresse) else {
        return Erreur::Interne("adresse de renvoi".to_owned()).into_response();
    };
    let temoins = AppendHeaders(temoins.map(|temoin| (header::SET_COOKIE, temoin)));
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, adresse)],
        temoins,
    )
        .into_response()
}

/// A path of this very server, or its first page: browsers read `//host` and `/\host` as another
/// site, and drop tabs and line ends wherever they stand.
fn chemin_local(demande: Option<&str>) -> &str {
    demande
        .filter(|chemin| {
            chemin.len() <= RETOUR_MAX
                && chemin.starts_with('/')
                && !chemin.starts_with("//")
                && !chemin.contains('\\')
                && chemin.bytes().all(|octet| octet.is_ascii_graphic())
        })
        .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_only_goes_back_to_a_path_of_this_server() {
        for chemin in ["/", "/tableau?niveau=departement&code=031", "/a//b"] {
            assert_eq!(chemin_local(Some(chemin)), chemin);
        }
        let long = format!("/{}", "a".repeat(RETOUR_MAX));
        for ailleurs in [
            "https://ailleurs.example/",
            "//ailleurs.example",
            "/\\ailleurs.example",
            "/a\\b",
            "\\\\ailleurs.example",
            "javascript:alert(1)",
            "/\t/ailleurs.example",
            "/a\r\nSet-Cookie: x=1",
            "",
            "a",
            "/é",
            &long,
        ] {
            assert_eq!(chemin_local(Some(ailleurs)), "/", "{ailleurs:?}");
        }
    }
}
