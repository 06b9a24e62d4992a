//! The session's cookie: HttpOnly, SameSite=Strict, and Secure unless the browser and the server
//! talk plain HTTP on one machine (where some browsers would drop a Secure cookie).

use axum::http::{HeaderMap, HeaderValue, Uri, header};

use crate::comptes::{AppareilConnu, Jeton};

/// The `__Host-` prefix makes browsers refuse a cookie set by another host or over plain HTTP.
const NOM_SUR: &str = "__Host-frequent";
const NOM_LOCAL: &str = "frequent";

/// The device's cookie: what lets a known device sign in while others try the account.
const APPAREIL_SUR: &str = "__Host-frequent-appareil";
const APPAREIL_LOCAL: &str = "frequent-appareil";
/// Longest cookie of a device read.
const APPAREIL_MAX: usize = 256;

/// The token by which a browser that left for an identity provider is known when it comes back.
/// Coming back is a navigation from another site: this cookie must be `Lax`.
const DEPART_SUR: &str = "__Host-frequent-depart";
const DEPART_LOCAL: &str = "frequent-depart";

/// Characters of a token; anything longer is not one of ours.
const LONGUEUR: usize = 64;

/// The token that the browser came with.
pub(crate) fn lire(entetes: &HeaderMap) -> Option<Jeton> {
    let nom = nom(entetes);
    temoins(entetes)
        .find(|(n, valeur)| *n == nom && valeur.len() == LONGUEUR)
        .map(|(_, valeur)| Jeton::lu(valeur))
}

/// The token of a departure for an identity provider.
pub(crate) fn lire_depart(entetes: &HeaderMap) -> Option<Jeton> {
    let nom = nom_de_depart(entetes);
    temoins(entetes)
        .find(|(n, valeur)| *n == nom && valeur.len() == LONGUEUR)
        .map(|(_, valeur)| Jeton::lu(valeur))
}

/// The `Set-Cookie` that remembers a departure for so many seconds.
pub(crate) fn poser_depart(entetes: &HeaderMap, jeton: &Jeton, secondes: i64) -> HeaderValue {
    let suite = format!("SameSite=Lax; Max-Age={secondes}");
    ecrire(entetes, nom_de_depart(entetes), jeton.texte(), &suite)
}

/// The `Set-Cookie` that forgets a departure.
pub(crate) fn retirer_depart(entetes: &HeaderMap) -> HeaderValue {
    let nom = nom_de_depart(entetes);
    ecrire(entetes, nom, "", "SameSite=Lax; Max-Age=0")
}

fn nom_de_depart(entetes: &HeaderMap) -> &'static str {
    if est_http_local(entetes) {
        DEPART_LOCAL
    } else {
        DEPART_SUR
    }
}

/// What the browser shows of a sign-in that succeeded before.
pub(crate) fn lire_appareil(entetes: &HeaderMap) -> Option<AppareilConnu> {
    let nom = nom_d_appareil(entetes);
    temoins(entetes)
        .find(|(n, valeur)| *n == nom && valeur.len() <= APPAREIL_MAX)
        .map(|(_, valeur)| AppareilConnu::lu(valeur))
}

/// The `Set-Cookie` by which a device stays known; signing out leaves it.
pub(crate) fn poser_appareil(entetes: &HeaderMap, appareil: &AppareilConnu) -> HeaderValue {
    let suite = format!("; Max-Age={}", AppareilConnu::duree().as_secs());
    nommer(entetes, nom_d_appareil(entetes), appareil.texte(), &suite)
}

fn temoins(entetes: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    entetes
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|valeur| valeur.to_str().ok())
        .flat_map(|valeur| valeur.split(';'))
        .filter_map(|paire| paire.trim().split_once('='))
}

fn nom_d_appareil(entetes: &HeaderMap) -> &'static str {
    if est_http_local(entetes) {
        APPAREIL_LOCAL
    } else {
        APPAREIL_SUR
    }
}

/// The `Set-Cookie` that gives a token to the browser, until it is closed.
pub(crate) fn poser(entetes: &HeaderMap, jeton: &Jeton) -> HeaderValue {
    entete(entetes, jeton.texte(), "")
}

/// The `Set-Cookie` that takes the token away.
pub(crate) fn retirer(entetes: &HeaderMap) -> HeaderValue {
    entete(entetes, "", "; Max-Age=0")
}

fn entete(entetes: &HeaderMap, valeur: &str, suite: &str) -> HeaderValue {
    nommer(entetes, nom(entetes), valeur, suite)
}

fn nommer(entetes: &HeaderMap, nom: &str, valeur: &str, suite: &str) -> HeaderValue {
    ecrire(entetes, nom, valeur, &format!("SameSite=Strict{suite}"))
}

fn ecrire(entetes: &HeaderMap, nom: &str, valeur: &str, fin: &str) -> HeaderValue {
    let sur = if est_http_local(entetes) {
        ""
    } else {
        "; Secure"
    };
    let texte = format!("{nom}={valeur}; Path=/; HttpOnly; {fin}{sur}");
    // Names and hexadecimal digits only: always a valid header.
    HeaderValue::try_from(texte).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn nom(entetes: &HeaderMap) -> &'static str {
    if est_http_local(entetes) {
        NOM_LOCAL
    } else {
        NOM_SUR
    }
}

/// Whether the browser reached a loopback address without TLS. A proxy that ends TLS on the same
/// machine says so in `X-Forwarded-Proto`; a forged one only ever adds `Secure`.
fn est_http_local(entetes: &HeaderMap) -> bool {
    let texte = |nom| entetes.get(nom).and_then(|v| v.to_str().ok());
    let hote = texte("host").and_then(|h| h.parse::<Uri>().ok());
    let boucle = hote.as_ref().and_then(Uri::host).is_some_and(|hote| {
        let adresse = hote.trim_matches(['[', ']']);
        adresse == "localhost"
            || adresse
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    });
    boucle && texte("x-forwarded-proto") != Some("https")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entetes(paires: &[(&'static str, &str)]) -> HeaderMap {
        paires
            .iter()
            .map(|(nom, valeur)| {
                let nom = header::HeaderName::from_static(nom);
                (nom, HeaderValue::try_from(*valeur).unwrap())
            })
            .collect()
    }

    #[test]
    fn the_cookie_is_secure_unless_plain_http_on_loopback() {
        let jeton = Jeton::lu(&"a".repeat(64));
        let pose = |paires: &[(&'static str, &str)]| {
            poser(&entetes(paires), &jeton).to_str().unwrap().to_owned()
        };
        for hote in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
            let local = pose(&[("host", hote)]);
            assert!(local.starts_with("frequent=aaa"), "{hote}: {local}");
            assert!(!local.contains("Secure") && local.contains("HttpOnly; SameSite=Strict"));
        }
        for paires in [
            &[("host", "frequent.example")][..],
            &[("host", "127.0.0.1.example")],
            &[("host", "127.0.0.1:8080"), ("x-forwarded-proto", "https")],
            &[],
        ] {
            let sur = pose(paires);
            assert!(sur.starts_with("__Host-frequent=aaa"), "{sur}");
            assert!(sur.contains("; HttpOnly; SameSite=Strict; Secure"));
        }
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let jeton = "b".repeat(64);
        let cookie = format!("theme=sombre; frequent={jeton}; autre=1");
        let lu = lire(&entetes(&[("host", "localhost"), ("cookie", &cookie)]));
        assert_eq!(lu, Some(Jeton::lu(&jeton)));
        let court = lire(&entetes(&[("host", "localhost"), ("cookie", "frequent=x")]));
        assert_eq!(court, None);
    }

    #[test]
    fn a_cookie_without_the_prefix_is_no_session_over_tls() {
        let cookie = format!("frequent={}", "b".repeat(64));
        assert_eq!(
            lire(&entetes(&[
                ("host", "frequent.example"),
                ("cookie", &cookie)
            ])),
            None
        );
    }
}
