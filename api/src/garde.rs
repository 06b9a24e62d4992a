//! What stands before every route: the session, the origin of changes, the answers' headers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use frequent_plan::Uai;

use crate::audit::{Action, Ecriture};
use crate::comptes::{Jeton, Portee};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;
use crate::temoin;

/// Only what this server itself serves may run, be shown or be called; nothing may frame it.
const POLITIQUE: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const ENTETES: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLITIQUE),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Lets through a request that comes with a live session, or with a token that works and may be
/// used for that, and says whose it is. An account that must enrol for one-time codes first gets
/// nothing.
pub(crate) async fn exiger_session(
    State(etat): State<Arc<Etat>>,
    mut requete: Request,
    suite: Next,
) -> Response {
    let appelant = match jeton_presente(requete.headers()) {
        Some(jeton) => {
            let lit = matches!(*requete.method(), Method::GET | Method::HEAD);
            let portees = portees_requises(requete.uri());
            de_jeton(&etat, &jeton, lit.then_some(portees)).await
        }
        None => match de_session(&etat, temoin::lire(requete.headers())).await {
            Ok((_, true)) => Err(Erreur::InscriptionRequise),
            Ok((appelant, false)) => Ok(appelant),
            Err(erreur) => Err(erreur),
        },
    };
    match appelant {
        Err(erreur) => erreur.into_response(),
        Ok(appelant) => {
            requete.extensions_mut().insert(appelant);
            suite.run(requete).await
        }
    }
}

/// Lets through a request of a person who is signed in, never of a token: what is administered.
pub(crate) async fn exiger_personne(
    State(etat): State<Arc<Etat>>,
    mut requete: Request,
    suite: Next,
) -> Response {
    match de_session(&etat, temoin::lire(requete.headers())).await {
        Err(erreur) => erreur.into_response(),
        Ok((_, true)) => Erreur::InscriptionRequise.into_response(),
        Ok((appelant, false)) => {
            requete.extensions_mut().insert(appelant);
            suite.run(requete).await
        }
    }
}

/// Lets through a request that comes with a live session, even of an account that has yet to enrol
/// for one-time codes: the pages by which it does.
pub(crate) async fn exiger_session_ouverte(
    State(etat): State<Arc<Etat>>,
    mut requete: Request,
    suite: Next,
) -> Response {
    match de_session(&etat, temoin::lire(requete.headers())).await {
        Err(erreur) => erreur.into_response(),
        Ok((appelant, doit_s_inscrire)) => {
            requete
                .extensions_mut()
                .insert(DoitSInscrire(doit_s_inscrire));
            requete.extensions_mut().insert(appelant);
            suite.run(requete).await
        }
    }
}

/// Whether the account must enrol for one-time codes before anything else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DoitSInscrire(pub(crate) bool);

async fn de_session(etat: &Etat, jeton: Option<Jeton>) -> Result<(Appelant, bool), Erreur> {
    let jeton = jeton.ok_or(Erreur::NonConnecte)?;
    let ouverte = etat.comptes.reconnaitre(&jeton).await?;
    let ouverte = ouverte.ok_or(Erreur::NonConnecte)?;
    let doit_s_inscrire = ouverte.doit_s_inscrire;
    Ok((Appelant::de_session(ouverte), doit_s_inscrire))
}

/// Who presents this token, if it is good for all that is required; nothing required is a request
/// that no token may make.
async fn de_jeton(
    etat: &Etat,
    jeton: &str,
    requises: Option<Vec<Portee>>,
) -> Result<Appelant, Erreur> {
    let reconnu = etat.comptes.reconnaitre_jeton(jeton).await?;
    let reconnu = reconnu.ok_or(Erreur::NonConnecte)?;
    let permis = requises.is_some_and(|requises| {
        let mut requises = requises.iter();
        requises.all(|portee| reconnu.portees.contains(portee))
    });
    if !permis {
        return Err(Erreur::PorteeManquante);
    }
    let annuaires = etat.annuaires();
    Ok(Appelant::de_jeton(
        reconnu,
        annuaires.courant().map(AsRef::as_ref),
    ))
}

/// What a token must be good for to read this.
fn portees_requises(adresse: &Uri) -> Vec<Portee> {
    let chemin = adresse.path();
    let commence = |debuts: &[&str]| debuts.iter().any(|debut| chemin.starts_with(debut));
    let lecture = if commence(&["/api/v1/qualite", "/api/v1/integration"]) {
        Portee::Qualite
    } else if commence(&["/api/v1/conventions", "/api/v1/deploiement"]) {
        Portee::ConventionsLecture
    } else {
        Portee::Chiffres
    };
    let mut portees = vec![lecture];
    if parametre(adresse, "format").is_some_and(|format| format != "json") {
        portees.push(Portee::Export);
    }
    portees
}

/// Tells the audit trail of a school that was read and of figures that were taken away, before the
/// answer leaves.
pub(crate) async fn tracer(
    State(etat): State<Arc<Etat>>,
    requete: Request,
    suite: Next,
) -> Response {
    let adresse = requete.uri().clone();
    let appelant = requete.extensions().get::<Appelant>().cloned();
    let reponse = suite.run(requete).await;
    let Some(appelant) = appelant.filter(|_| reponse.status().is_success()) else {
        return reponse;
    };
    match inscrire_lecture(&etat, &appelant, &adresse).await {
        Ok(()) => reponse,
        Err(erreur) => erreur.into_response(),
    }
}

async fn inscrire_lecture(etat: &Etat, appelant: &Appelant, adresse: &Uri) -> Result<(), Erreur> {
    let acteur = &appelant.compte().identifiant;
    let chemin = adresse.path().trim_start_matches("/api/v1/");
    for uai in ecoles_lues(adresse) {
        let jour = etat.aujourdhui_a_paris();
        etat.audit.lecture_d_ecole(acteur, uai, jour).await?;
    }
    if let Some(format) = parametre(adresse, "format").filter(|format| format != "json") {
        let demande = adresse.query().unwrap_or_default();
        let detail = serde_json::json!({"format": format, "demande": demande});
        let ecriture = Ecriture::new(acteur, Action::Export, chemin).avec(detail);
        etat.audit.inscrire(ecriture).await?;
    }
    Ok(())
}

/// The schools that an address names.
fn ecoles_lues(adresse: &Uri) -> Vec<Uai> {
    let lieux = parametre(adresse, "lieux").unwrap_or_default();
    let compares = lieux.split(',').filter_map(|l| l.strip_prefix("ecole:"));
    let compares = compares.filter_map(|code| code.parse().ok());
    ecole_lue(adresse).into_iter().chain(compares).collect()
}

/// The school that an address is about, if it is about one.
fn ecole_lue(adresse: &Uri) -> Option<Uai> {
    let du_chemin = adresse.path().strip_prefix("/api/v1/territoires/ecole/");
    if let Some(suite) = du_chemin {
        return suite.split('/').next()?.parse().ok();
    }
    for nom in ["perimetre", "dans"] {
        let valeur = parametre(adresse, nom);
        if let Some(code) = valeur.as_deref().and_then(|v| v.strip_prefix("ecole:")) {
            return code.parse().ok();
        }
    }
    let ecole = match parametre(adresse, "niveau") {
        Some(niveau) => niveau == "ecole",
        None => adresse.path() == "/api/v1/pairs",
    };
    parametre(adresse, "code").filter(|_| ecole)?.parse().ok()
}

fn parametre(adresse: &Uri, nom: &str) -> Option<String> {
    let paires = adresse.query()?.split('&');
    let mut valeurs = paires.filter_map(|paire| paire.split_once('='));
    let (_, valeur) = valeurs.find(|(n, _)| *n == nom)?;
    let valeur = percent_encoding::percent_decode_str(valeur);
    Some(valeur.decode_utf8_lossy().into_owned())
}

/// The token in `Authorization: Bearer`.
fn jeton_presente(entetes: &HeaderMap) -> Option<String> {
    let valeur = entetes.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (genre, jeton) = valeur.split_once(' ')?;
    genre
        .eq_ignore_ascii_case("bearer")
        .then(|| jeton.trim().to_owned())
}

/// Refuses a change that another site's page could have sent: it must be JSON (which a form cannot
/// send) and come from this very origin.
pub(crate) async fn exiger_meme_origine(requete: Request, suite: Next) -> Response {
    let sans_effet = matches!(
        *requete.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if sans_effet {
        return suite.run(requete).await;
    }
    if !vient_d_ici(requete.headers()) {
        return Erreur::OrigineRefusee.into_response();
    }
    if !est_json(requete.headers()) {
        return Erreur::TypeDeContenu.into_response();
    }
    suite.run(requete).await
}

/// Gives answers the headers that browsers protect their users by.
pub(crate) async fn proteger(requete: Request, suite: Next) -> Response {
    let mut reponse = suite.run(requete).await;
    for (nom, valeur) in ENTETES {
        let valeur = HeaderValue::from_static(valeur);
        reponse.headers_mut().entry(nom).or_insert(valeur);
    }
    reponse
}

/// Keeps figures and sessions out of every cache.
pub(crate) async fn ne_pas_garder(requete: Request, suite: Next) -> Response {
    let mut reponse = suite.run(requete).await;
    let jamais = HeaderValue::from_static("no-store");
    reponse.headers_mut().insert(header::CACHE_CONTROL, jamais);
    reponse
}

/// Browsers say in `Sec-Fetch-Site` whether the page that asks is of this origin; older ones, and
/// all of them over plain HTTP, give the page's `Origin`, which must then be the host asked. A
/// change that says neither is refused.
fn vient_d_ici(entetes: &HeaderMap) -> bool {
    let texte = |nom: HeaderName| entetes.get(nom).and_then(|v| v.to_str().ok());
    if let Some(site) = texte(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let origine = texte(header::ORIGIN).and_then(|o| o.parse::<Uri>().ok());
    let origine = origine.as_ref().and_then(Uri::authority);
    origine.is_some_and(|origine| Some(origine.as_str()) == texte(header::HOST))
}

fn est_json(entetes: &HeaderMap) -> bool {
    let texte = entetes.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let type_ = texte.and_then(|t| t.split(|o| *o == b';').next());
    type_.is_some_and(|t| t.trim_ascii().eq_ignore_ascii_case(b"application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entetes(paires: &[(&'static str, &'static str)]) -> HeaderMap {
        paires
            .iter()
            .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn a_change_must_come_from_this_origin() {
        let ici = [
            &[("sec-fetch-site", "same-origin")][..],
            &[
                ("origin", "http://localhost:8080"),
                ("host", "localhost:8080"),
            ],
            // A proxy may change the host; the browser's word is enough.
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "https://frequent.example"),
                ("host", "127.0.0.1:8080"),
            ],
        ];
        for paires in ici {
            assert!(vient_d_ici(&entetes(paires)), "{paires:?}");
        }
        let ailleurs = [
            &[][..],
            &[("host", "localhost:8080")],
            &[("origin", "null"), ("host", "localhost:8080")],
            &[
                ("origin", "https://ailleurs.example"),
                ("host", "localhost:8080"),
            ],
            &[
                ("origin", "http://localhost:9090"),
                ("host", "localhost:8080"),
            ],
            &[("sec-fetch-site", "cross-site")],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "http://localhost:8080"),
                ("host", "localhost:8080"),
            ],
        ];
        for paires in ailleurs {
            assert!(!vient_d_ici(&entetes(paires)), "{paires:?}");
        }
    }

    #[test]
    fn the_schools_that_an_address_names_are_told() {
        let lues = |adresse: &str| -> Vec<String> {
            let lues = ecoles_lues(&adresse.parse().unwrap());
            lues.iter().map(Uai::to_string).collect()
        };
        let [une, deux] = [310_001, 310_002].map(|n| Uai::depuis_nombre(n).to_string());
        let adresse = format!("/api/v1/pairs?code={une}&grain=mois");
        assert_eq!(lues(&adresse), std::slice::from_ref(&une));
        let adresse = format!("/api/v1/comparer?lieux=ecole:{une},region:76,ecole:{deux}");
        assert_eq!(lues(&adresse), [une.clone(), deux]);
        let adresse = format!("/api/v1/suivi?niveau=ecole&code={une}");
        assert_eq!(lues(&adresse), [une]);
        assert!(lues("/api/v1/synthese?niveau=departement&code=031").is_empty());
    }

    #[test]
    fn a_form_is_not_json() {
        assert!(est_json(&entetes(&[(
            "content-type",
            "application/json; charset=utf-8"
        )])));
        for faux in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
        ] {
            assert!(!est_json(&entetes(&[("content-type", faux)])));
        }
        assert!(!est_json(&HeaderMap::new()));
    }
}
