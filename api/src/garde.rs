//! What stands before every route: the session, the origin of changes, the answers' headers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

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

/// Lets through a request that comes with a live session, and says whose it is.
pub(crate) async fn exiger_session(
    State(etat): State<Arc<Etat>>,
    mut requete: Request,
    suite: Next,
) -> Response {
    let appelant = match temoin::lire(requete.headers()) {
        None => None,
        Some(jeton) => match etat.comptes.reconnaitre(&jeton).await {
            Ok(compte) => compte.map(Appelant::new),
            Err(erreur) => return Erreur::from(erreur).into_response(),
        },
    };
    let Some(appelant) = appelant else {
        return Erreur::NonConnecte.into_response();
    };
    requete.extensions_mut().insert(appelant);
    suite.run(requete).await
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
