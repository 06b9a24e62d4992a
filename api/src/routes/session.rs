//! `/api/v1/session`: signing in, being recognised, signing out.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Extension, Json};
use frequent_ingest::terminal::{Indices, Terminaux};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Refus, TerritoireNomme};
use crate::audit::{Action, Ecriture};
use crate::comptes::{
    Connexion, ConnexionRefusee, DemandeConnexion, Droit, MotDePasse, Provenance, Role,
    SessionOuverte,
};
use crate::erreurs::{Erreur, Probleme};
use crate::etat::Etat;
use crate::garde::DoitSInscrire;
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
    /// The one-time code, or a recovery code; only when the answer asks for it.
    #[serde(default)]
    pub code: Option<String>,
}

/// What is to be done before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AFaire {
    /// Enrol for one-time codes.
    InscriptionTotp,
}

/// A named perimeter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EnsembleNomme {
    /// By which it is asked: `ensemble:<id>`.
    pub id: String,
    /// What it is called.
    pub nom: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseSession {
    /// The account's identifier.
    pub identifiant: String,
    /// Its holder's name or function.
    pub nom: String,
    /// Its role.
    pub role: Role,
    /// What its role may do.
    pub droits: Vec<Droit>,
    /// The first of the territories it may see, with everything inside; null when it sees none.
    pub perimetre: Option<TerritoireNomme>,
    /// All the territories it may see, named perimeters aside.
    pub territoires: Vec<TerritoireNomme>,
    /// The named perimeters it may see.
    pub ensembles: Vec<EnsembleNomme>,
    /// Whether it may see tagging quality.
    pub voit_qualite: bool,
    /// The platforms whose tagging quality it sees: those it was given, or for the whole country
    /// every platform that a key or a site names.
    pub plateformes: Vec<String>,
    /// What is to be done before anything else.
    pub a_faire: Option<AFaire>,
}

impl ReponseSession {
    pub(crate) fn de(etat: &Etat, appelant: &Appelant, doit_s_inscrire: bool) -> Self {
        let compte = appelant.compte();
        let droits = &compte.droits;
        // Whoever reads no figure has no territory to open.
        let lit = appelant.perimetre().is_some();
        let territoires: Vec<TerritoireNomme> = droits
            .territoires()
            .iter()
            .filter(|_| lit)
            .map(|(niveau, code)| TerritoireNomme {
                niveau: *niveau,
                code: code.clone(),
                nom: etat.nom(*niveau, code),
            })
            .collect();
        let ensembles = droits.ensembles().iter().filter(|_| lit);
        let ensembles = ensembles.map(|ensemble| EnsembleNomme {
            id: ensemble.id.clone(),
            nom: ensemble.nom.clone(),
        });
        Self {
            identifiant: compte.identifiant.clone(),
            nom: compte.nom.clone(),
            role: droits.role(),
            droits: droits.role().droits().to_vec(),
            perimetre: territoires.first().cloned(),
            territoires,
            ensembles: ensembles.collect(),
            voit_qualite: appelant.voit_la_qualite(),
            plateformes: appelant.plateformes(&etat.acces).into_iter().collect(),
            a_faire: doit_s_inscrire.then_some(AFaire::InscriptionTotp),
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
    client: Option<Extension<ConnectInfo<SocketAddr>>>,
    entetes: HeaderMap,
    corps: Result<Json<Identifiants>, JsonRejection>,
) -> Result<Response, Erreur> {
    let Json(identifiants) = corps.map_err(|refus| corps_refuse(&refus))?;
    let ancien = temoin::lire(&entetes);
    let demande = DemandeConnexion {
        identifiant: &identifiants.identifiant,
        mot_de_passe: identifiants.mot_de_passe,
        code: identifiants.code.as_deref(),
        ancien: ancien.as_ref(),
        provenance: provenance(&etat, client, &entetes),
    };
    match etat.comptes.connecter(demande).await {
        Ok(connexion) => accueillir(&etat, &entetes, connexion).await,
        Err(refus) => {
            inscrire_refus(&etat, &identifiants.identifiant, &refus).await?;
            Err(refus.into())
        }
    }
}

/// Where a sign-in comes from.
pub(crate) fn provenance(
    etat: &Etat,
    client: Option<Extension<ConnectInfo<SocketAddr>>>,
    entetes: &HeaderMap,
) -> Provenance {
    Provenance {
        adresse: client.and_then(|Extension(ConnectInfo(client))| {
            adresse_du_client(client.ip(), entetes, etat.comptes.mandataires())
        }),
        appareil: temoin::lire_appareil(entetes),
        terminal: terminal(entetes),
    }
}

/// Tells the audit trail of a session just opened.
pub(crate) async fn inscrire_connexion(
    etat: &Etat,
    session: &SessionOuverte,
) -> Result<(), Erreur> {
    let compte = &session.compte;
    let ecriture = Ecriture::new(&compte.identifiant, Action::Connexion, "session");
    let detail = json!({"session": session.numero});
    etat.audit.inscrire(ecriture.avec(detail)).await?;
    Ok(())
}

/// Answers someone who has just signed in, once the audit trail tells it.
pub(crate) async fn accueillir(
    etat: &Etat,
    entetes: &HeaderMap,
    connexion: Connexion,
) -> Result<Response, Erreur> {
    inscrire_connexion(etat, &connexion.session).await?;
    let depots = AppendHeaders([
        (header::SET_COOKIE, temoin::poser(entetes, &connexion.jeton)),
        (
            header::SET_COOKIE,
            temoin::poser_appareil(entetes, &connexion.appareil),
        ),
    ]);
    let doit_s_inscrire = connexion.session.doit_s_inscrire;
    let appelant = Appelant::de_session(connexion.session);
    let reponse = Json(ReponseSession::de(etat, &appelant, doit_s_inscrire));
    Ok((depots, reponse).into_response())
}

/// A refused sign-in is told of an account that exists only: what else is typed there may be a
/// password.
async fn inscrire_refus(
    etat: &Etat,
    identifiant: &str,
    refus: &ConnexionRefusee,
) -> Result<(), Erreur> {
    let raison = match refus {
        ConnexionRefusee::Identifiants => "mot_de_passe",
        ConnexionRefusee::Code => "code",
        ConnexionRefusee::CodeRequis | ConnexionRefusee::Trop(_) | ConnexionRefusee::Comptes(_) => {
            return Ok(());
        }
    };
    if let Some(compte) = etat.comptes.compte(identifiant).await? {
        let acteur = &compte.identifiant;
        let ecriture = Ecriture::new(acteur, Action::ConnexionRefusee, "session");
        etat.audit
            .inscrire(ecriture.avec(json!({"raison": raison})))
            .await?;
    }
    Ok(())
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
    Extension(DoitSInscrire(doit_s_inscrire)): Extension<DoitSInscrire>,
) -> Json<ReponseSession> {
    Json(ReponseSession::de(&etat, &appelant, doit_s_inscrire))
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
    if let Some(jeton) = temoin::lire(&entetes)
        && let Some((identifiant, numero)) = etat.comptes.deconnecter(&jeton).await?
    {
        let ecriture = Ecriture::new(&identifiant, Action::SessionFermee, &identifiant);
        let detail = json!({"session": numero});
        etat.audit.inscrire(ecriture.avec(detail)).await?;
    }
    let retrait = temoin::retirer(&entetes);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, retrait)]).into_response())
}

/// The client's address: that of the connection, or behind proxies that the settings trust, the
/// last one they say that is not theirs.
fn adresse_du_client(
    connexion: IpAddr,
    entetes: &HeaderMap,
    mandataires: &[IpAddr],
) -> Option<IpAddr> {
    if !mandataires.contains(&connexion) {
        return Some(connexion);
    }
    let suite = entetes.get_all("x-forwarded-for").iter();
    let suite: Vec<IpAddr> = suite
        .filter_map(|valeur| valeur.to_str().ok())
        .flat_map(|valeur| valeur.split(','))
        .filter_map(|adresse| adresse.trim().parse().ok())
        .collect();
    let client = suite.into_iter().rev().find(|ip| !mandataires.contains(ip));
    client.or(Some(connexion))
}

/// The kind of device, system and browser, from the plan's lists: all that is kept of them.
pub(crate) fn terminal(entetes: &HeaderMap) -> String {
    static TERMINAUX: OnceLock<Option<Terminaux>> = OnceLock::new();
    let texte = |nom: &str| entetes.get(nom).and_then(|v| v.to_str().ok());
    let indices = Indices {
        agent: texte("user-agent").unwrap_or_default(),
        marques: texte("sec-ch-ua").unwrap_or_default(),
        plateforme: texte("sec-ch-ua-platform").unwrap_or_default(),
        mobile: texte("sec-ch-ua-mobile").unwrap_or_default(),
        ecran: None,
    };
    let terminaux = TERMINAUX.get_or_init(|| Terminaux::charger().ok());
    terminaux.as_ref().map_or_else(String::new, |terminaux| {
        let vu = terminaux.terminal(&indices);
        format!("{} {} {}", vu.appareil, vu.os, vu.navigateur)
    })
}

/// Nothing of the body is echoed: it holds a password.
pub(crate) fn corps_refuse(refus: &JsonRejection) -> Erreur {
    match refus {
        JsonRejection::MissingJsonContentType(_) => Erreur::TypeDeContenu,
        JsonRejection::JsonDataError(_) => {
            Erreur::Corps("un champ manque, est en trop, ou n’est pas du type attendu")
        }
        JsonRejection::JsonSyntaxError(_) => Erreur::Corps("ce n’est pas du JSON"),
        _ => Erreur::Corps("il est trop long ou interrompu"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_known_behind_trusted_proxies_only() {
        let ip = |texte: &str| texte.parse::<IpAddr>().unwrap();
        let mut entetes = HeaderMap::new();
        entetes.insert(
            "x-forwarded-for",
            "198.51.100.9, 203.0.113.7, 10.0.0.2".parse().unwrap(),
        );
        let mandataires = [ip("10.0.0.1"), ip("10.0.0.2")];
        // What a client writes itself before the proxies is not believed.
        assert_eq!(
            adresse_du_client(ip("10.0.0.1"), &entetes, &mandataires),
            Some(ip("203.0.113.7"))
        );
        assert_eq!(
            adresse_du_client(ip("192.0.2.4"), &entetes, &mandataires),
            Some(ip("192.0.2.4"))
        );
        assert_eq!(
            adresse_du_client(ip("10.0.0.1"), &HeaderMap::new(), &mandataires),
            Some(ip("10.0.0.1"))
        );
    }
}
