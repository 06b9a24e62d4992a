//! Answers made small for the way: a région's rows are megabytes of text that a tenth would say.
//!
//! The console's own files are compressed once, when they are loaded ([`crate::console`]).

use std::io::{self, Write};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::console::accepte_gzip;
use crate::erreurs::Erreur;

/// Fewer bytes travel in one packet as they are.
const TROP_PETIT: usize = 1_400;
/// Fast rather than tight: the first level already takes nine tenths off.
const NIVEAU: Compression = Compression::new(1);
/// What is compressed; the rest (PDF) is already small.
const TEXTES: [&str; 4] = [
    "application/json",
    "application/problem+json",
    "text/csv",
    "text/html",
];

/// Compresses the answer for who takes gzip.
pub(crate) async fn comprimer(requete: Request, suite: Next) -> Response {
    let acceptee = accepte_gzip(requete.headers());
    let mut reponse = suite.run(requete).await;
    if !est_texte(&reponse) {
        return reponse;
    }
    let vary = HeaderValue::from_static("accept-encoding");
    reponse.headers_mut().append(header::VARY, vary);
    if !acceptee {
        return reponse;
    }
    let (mut entetes, corps) = reponse.into_parts();
    // Answers are whole in memory: nothing is waited for.
    let lu = match to_bytes(corps, usize::MAX).await {
        Ok(lu) => lu,
        Err(faute) => return Erreur::Interne(faute.to_string()).into_response(),
    };
    if lu.len() < TROP_PETIT {
        return Response::from_parts(entetes, Body::from(lu));
    }
    let original = lu.clone();
    match tokio::task::spawn_blocking(move || gzip(&lu, NIVEAU)).await {
        Ok(Ok(comprime)) => {
            let gzip = HeaderValue::from_static("gzip");
            entetes.headers.insert(header::CONTENT_ENCODING, gzip);
            entetes.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(entetes, Body::from(comprime))
        }
        _ => Response::from_parts(entetes, Body::from(original)),
    }
}

fn est_texte(reponse: &Response) -> bool {
    let entetes = reponse.headers();
    let nature = entetes.get(header::CONTENT_TYPE);
    let nature = nature.and_then(|nature| nature.to_str().ok());
    let nature = nature.and_then(|nature| nature.split(';').next());
    nature.is_some_and(|nature| TEXTES.contains(&nature))
        && !entetes.contains_key(header::CONTENT_ENCODING)
}

/// Compresses in memory.
pub(crate) fn gzip(octets: &[u8], niveau: Compression) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::with_capacity(octets.len() / 6), niveau);
    gzip.write_all(octets)?;
    gzip.finish()
}
