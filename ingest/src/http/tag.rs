//! `GET /tag.js`: the tag of our own, served as it is written. It is small enough that building a
//! shorter one would save a few hundred bytes and cost integrators the means to read what they run.

use std::io::Write;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE,
    ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

const SOURCE: &str = include_str!("tag.js");

/// Pages of other sites may load it, even those that isolate themselves.
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The tag in one encoding.
struct Forme {
    octets: Bytes,
    etiquette: HeaderValue,
}

static CLAIR: LazyLock<Forme> = LazyLock::new(|| Forme::de(SOURCE.as_bytes().to_vec()));
/// None when the system cannot compress in memory: the plain form then serves everyone.
static GZIP: LazyLock<Option<Forme>> = LazyLock::new(|| {
    let mut flux = GzEncoder::new(Vec::new(), Compression::best());
    flux.write_all(SOURCE.as_bytes()).ok()?;
    flux.finish().ok().map(Forme::de)
});

impl Forme {
    fn de(octets: Vec<u8>) -> Self {
        let condense = Sha256::digest(&octets);
        let condense = condense.iter().take(8);
        let condense = condense.fold(0, |nombre: u64, octet| nombre << 8 | u64::from(*octet));
        let etiquette = HeaderValue::from_str(&format!("\"{condense:016x}\""));
        Self {
            octets: octets.into(),
            etiquette: etiquette.unwrap_or(HeaderValue::from_static("\"\"")),
        }
    }
}

pub(super) async fn servir(entetes: HeaderMap) -> Response {
    let gzip = GZIP.as_ref().filter(|_| accepte_gzip(&entetes));
    let forme = gzip.unwrap_or(&CLAIR);
    let mut reponse = Response::new(Body::empty());
    if connait(&entetes, &forme.etiquette) {
        *reponse.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *reponse.body_mut() = Body::from(forme.octets.clone());
    }
    let poses = reponse.headers_mut();
    poses.insert(ETAG, forme.etiquette.clone());
    poses.insert(VARY, HeaderValue::from_static("accept-encoding"));
    // An hour: short enough that a correction is everywhere the same day.
    poses.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    poses.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/javascript; charset=utf-8"),
    );
    poses.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    poses.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    poses.insert(CORP, HeaderValue::from_static("cross-origin"));
    if gzip.is_some() {
        poses.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    reponse
}

fn accepte_gzip(entetes: &HeaderMap) -> bool {
    let acceptes = entetes.get_all(ACCEPT_ENCODING).iter();
    acceptes
        .filter_map(|valeur| valeur.to_str().ok())
        .flat_map(|liste| liste.split(','))
        .any(|choix| {
            let (nom, poids) = choix.split_once(';').unwrap_or((choix, ""));
            let nul = poids.trim().trim_start_matches("q=").parse() == Ok(0.0_f32);
            nom.trim().eq_ignore_ascii_case("gzip") && !nul
        })
}

/// The browser has this very form already.
fn connait(entetes: &HeaderMap, etiquette: &HeaderValue) -> bool {
    let connues = entetes.get_all(IF_NONE_MATCH).iter();
    connues
        .flat_map(|liste| liste.as_bytes().split(|o| *o == b','))
        .map(<[u8]>::trim_ascii)
        .any(|connue| {
            let connue = connue.strip_prefix(b"W/").unwrap_or(connue);
            connue == b"*" || connue == etiquette.as_bytes()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_under_two_kilobytes_compressed() {
        let gzip = GZIP.as_ref().unwrap();
        assert!(gzip.octets.len() < 2_000, "{} octets", gzip.octets.len());
    }

    #[test]
    fn the_tag_names_nothing_that_keeps_evaluates_or_loads_something() {
        for interdit in [
            "cookie =",
            "document.cookie",
            "localStorage",
            "sessionStorage",
            "indexedDB",
            "caches.",
            "eval",
            "Function(",
            "import",
            "innerHTML",
            "createElement",
            "referrer",
            "location.href",
            "location.search",
            "document.title",
        ] {
            assert!(!SOURCE.contains(interdit), "{interdit}");
        }
    }

    #[test]
    fn each_browser_gets_a_form_that_it_accepts() {
        for (acceptes, attendu) in [
            ("gzip, deflate, br", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0, br", false),
            ("br", false),
            ("", false),
        ] {
            let mut entetes = HeaderMap::new();
            entetes.insert(ACCEPT_ENCODING, HeaderValue::from_str(acceptes).unwrap());
            assert_eq!(accepte_gzip(&entetes), attendu, "{acceptes}");
        }
    }
}
