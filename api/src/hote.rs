//! The address that browsers use, by the settings: once set, the only host that the console and the
//! API answer to.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::erreurs::Erreur;
use crate::etat::Etat;

/// A year, the subdomains too.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// The address that browsers use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AdressePublique {
    https: bool,
    hote: String,
}

impl AdressePublique {
    /// From the settings; none when it is no http address.
    pub(crate) fn lire(url: &str) -> Option<Self> {
        let adresse: Uri = url.parse().ok()?;
        let https = match adresse.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Self {
            https,
            hote: sans_port_habituel(adresse.authority()?, https),
        })
    }

    /// Whether a request asks for this host.
    fn est_demandee(&self, requete: &Request) -> bool {
        let absolue = requete.uri().authority().cloned();
        let demandee = absolue.or_else(|| hote_demande(requete.headers()));
        demandee.is_some_and(|demandee| sans_port_habituel(&demandee, self.https) == self.hote)
    }
}

/// The one host that the headers name.
fn hote_demande(entetes: &HeaderMap) -> Option<Authority> {
    let mut noms = entetes.get_all(header::HOST).iter();
    let nom = noms.next()?;
    if noms.next().is_some() {
        return None;
    }
    nom.to_str().ok()?.parse().ok()
}

fn sans_port_habituel(hote: &Authority, https: bool) -> String {
    let habituel = if https { 443 } else { 80 };
    let nom = hote.host().to_ascii_lowercase();
    match hote.port_u16() {
        Some(port) if port != habituel => format!("{nom}:{port}"),
        _ => nom,
    }
}

/// Refuses a request for another host than ours: a link made from it, or an answer kept by a cache
/// on the way, would be another's.
pub(crate) async fn exiger_notre_hote(
    State(etat): State<Arc<Etat>>,
    requete: Request,
    suite: Next,
) -> Response {
    let etrangere = etat
        .adresse_publique
        .as_ref()
        .is_some_and(|adresse| !adresse.est_demandee(&requete));
    if etrangere {
        return Erreur::HoteInconnu.into_response();
    }
    suite.run(requete).await
}

/// Tells browsers to use https only, from when they do.
pub(crate) async fn annoncer_https(
    State(etat): State<Arc<Etat>>,
    requete: Request,
    suite: Next,
) -> Response {
    let chiffree = requete
        .headers()
        .get("x-forwarded-proto")
        .is_some_and(|protocole| protocole == "https");
    let publiee = etat.adresse_publique.as_ref().is_some_and(|a| a.https);
    let mut reponse = suite.run(requete).await;
    if chiffree || publiee {
        let entetes = reponse.headers_mut();
        entetes.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    reponse
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn demandee(adresse: &str, hotes: &[&str]) -> bool {
        let mut requete = Request::new(Body::empty());
        for hote in hotes {
            let hote = HeaderValue::from_str(hote).unwrap();
            requete.headers_mut().append(header::HOST, hote);
        }
        AdressePublique::lire(adresse)
            .unwrap()
            .est_demandee(&requete)
    }

    #[test]
    fn the_usual_port_and_capitals_change_no_host() {
        assert!(demandee("https://ent.example/", &["ent.example"]));
        assert!(demandee("https://ent.example", &["ENT.example:443"]));
        assert!(demandee("http://ent.example:8080", &["ent.example:8080"]));
    }

    #[test]
    fn another_host_another_port_two_hosts_and_none_are_refused() {
        let adresse = "https://ent.example";
        for hotes in [
            &["ailleurs.example"][..],
            &["ent.example:8443"],
            &["ent.example", "ailleurs.example"],
            &["ent.example.ailleurs.example"],
            &["ent.example@ailleurs.example"],
            &[""],
            &[],
        ] {
            assert!(!demandee(adresse, hotes), "{hotes:?}");
        }
    }
}
