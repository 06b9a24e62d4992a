//! How many hits, answered how and how fast: they are most of the requests, so what is added to for
//! nearly all of them is looked up once.

use std::sync::LazyLock;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram};

use super::CHEMIN_MARQUEUR;

static DUREES: LazyLock<Histogram> = LazyLock::new(
    || metrics::histogram!("frequent_http_duree_seconds", "route" => CHEMIN_MARQUEUR),
);
static GET_PRIS: LazyLock<Counter> = LazyLock::new(|| compteur("GET", StatusCode::OK));
static POST_PRIS: LazyLock<Counter> = LazyLock::new(|| compteur("POST", StatusCode::OK));

/// A hit was answered.
pub(super) fn mesurer(methode: &Method, statut: StatusCode, duree: Duration) {
    DUREES.record(duree);
    match (methode == Method::POST, statut == StatusCode::OK) {
        (false, true) => GET_PRIS.increment(1),
        (true, true) => POST_PRIS.increment(1),
        (false, false) => compteur("GET", statut).increment(1),
        (true, false) => compteur("POST", statut).increment(1),
    }
}

fn compteur(methode: &'static str, statut: StatusCode) -> Counter {
    metrics::counter!(
        "frequent_http_requetes_total",
        "route" => CHEMIN_MARQUEUR,
        "methode" => methode,
        "statut" => statut.as_u16().to_string()
    )
}
