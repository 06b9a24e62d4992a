//! The console's files, embedded in the program.
//!
//! `dashboards/dist` is empty in git so that Rust builds alone: then the root says how to build
//! the console. Assets whose name holds a digest of their content may be kept for ever; the page
//! itself is asked again each time and answered 304 when it did not change. Addresses within the
//! console are all the same page.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use frequent_plan::hexadecimal::hexadecimal;
use rust_embed::RustEmbed;

use crate::compression::gzip;
use crate::erreurs::Erreur;
use crate::etat::Etat;

#[derive(RustEmbed)]
#[folder = "../dashboards/dist"]
struct Dist;

const PAGE: &str = "index.html";
/// Vite puts the files named by a digest of their content there.
const IMMUABLES: &str = "assets/";
const ABSENTE: &str = "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\">\
    <title>FréquENT</title><h1>Console non construite</h1>\
    <p>Construisez-la avec <code>make console</code>, puis relancez le serveur. \
    L’API répond sous <code>/api/v1</code>.</p></html>";

/// One file, ready to be sent.
struct Fichier {
    contenu: Bytes,
    /// Smaller, when it is.
    gzip: Option<Bytes>,
    type_: &'static str,
    etiquette: HeaderValue,
    conservation: &'static str,
}

/// Every file, compressed once.
static FICHIERS: LazyLock<HashMap<String, Fichier>> = LazyLock::new(|| {
    Dist::iter()
        .filter_map(|nom| Some((nom.to_string(), Fichier::lire(&nom)?)))
        .collect()
});

impl Fichier {
    fn lire(nom: &str) -> Option<Self> {
        let embarque = Dist::get(nom)?;
        let contenu = Bytes::from(embarque.data.into_owned());
        let condense = embarque.metadata.sha256_hash();
        let hexadecimal = hexadecimal(&condense[..8]);
        Some(Self {
            gzip: comprimer(nom, &contenu),
            contenu,
            type_: type_de(nom),
            etiquette: HeaderValue::try_from(format!("\"{hexadecimal}\"")).ok()?,
            conservation: conservation(nom),
        })
    }

    fn repondre(&self, demande: &HeaderMap) -> Response {
        let connue = demande
            .get(header::IF_NONE_MATCH)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|connues| {
                let connues = connues
                    .split(',')
                    .map(|c| c.trim().trim_start_matches("W/"));
                connues
                    .into_iter()
                    .any(|c| c.as_bytes() == self.etiquette.as_bytes())
            });
        let mut reponse = if connue {
            StatusCode::NOT_MODIFIED.into_response()
        } else if let Some(gzip) = self.gzip.as_ref().filter(|_| accepte_gzip(demande)) {
            let entete = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            ([entete], gzip.clone()).into_response()
        } else {
            self.contenu.clone().into_response()
        };
        let entetes = reponse.headers_mut();
        entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.type_));
        entetes.insert(header::ETAG, self.etiquette.clone());
        entetes.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        entetes.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(self.conservation),
        );
        reponse
    }
}

/// Every path that is not the API's: a file of the console, or its page.
pub(crate) fn routes() -> Router<Arc<Etat>> {
    Router::new().fallback(fichier)
}

async fn fichier(methode: Method, adresse: Uri, entetes: HeaderMap) -> Response {
    if methode != Method::GET && methode != Method::HEAD {
        return Erreur::Methode.into_response();
    }
    servir(&FICHIERS, adresse.path().trim_start_matches('/'), &entetes)
}

fn servir(fichiers: &HashMap<String, Fichier>, chemin: &str, entetes: &HeaderMap) -> Response {
    if let Some(fichier) = fichiers.get(chemin) {
        return fichier.repondre(entetes);
    }
    // A missing asset is an old page asking for what a newer version no longer has: never a page.
    if chemin.starts_with(IMMUABLES) {
        return Erreur::Introuvable.into_response();
    }
    match fichiers.get(PAGE) {
        Some(page) => page.repondre(entetes),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            ABSENTE,
        )
            .into_response(),
    }
}

/// Whether the browser takes gzip: it is listed, and not with a weight of 0.
pub(crate) fn accepte_gzip(demande: &HeaderMap) -> bool {
    demande
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|valeur| valeur.to_str().ok())
        .flat_map(|valeur| valeur.split(','))
        .filter_map(|codage| codage.split(';').next().zip(Some(codage)))
        .any(|(nom, codage)| {
            let poids = codage.split_once("q=").map(|(_, poids)| poids.trim());
            nom.trim() == "gzip" && poids.is_none_or(|p| p.parse::<f32>().is_ok_and(|p| p > 0.0))
        })
}

/// The file compressed, when it is a text and that makes it smaller.
fn comprimer(nom: &str, contenu: &[u8]) -> Option<Bytes> {
    let texte = ["text/", "application/json", "image/svg"];
    if !texte.iter().any(|debut| type_de(nom).starts_with(debut)) {
        return None;
    }
    let gzip = gzip(contenu, Compression::best()).ok()?;
    (gzip.len() < contenu.len()).then(|| gzip.into())
}

fn conservation(nom: &str) -> &'static str {
    if nom.starts_with(IMMUABLES) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn type_de(nom: &str) -> &'static str {
    match nom.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[path = "console_tests.rs"]
mod tests;
