//! Why a request is turned away whole, as RFC 9457 wants it said.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::journal::JournalErreur;

/// Declares the problems: status, code, title, and what to do.
macro_rules! problemes {
    ($($variante:ident $({ $secondes:ident })? = $statut:ident, $code:literal, $titre:literal, $detail:literal;)+) => {
        /// The reason, which gives the status, the code and the sentence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Probleme { $($variante $({ $secondes: u16 })?),+ }

        impl Probleme {
            #[cfg(test)]
            const TOUS: &'static [Self] = &[$(Self::$variante $({ $secondes: 7 })?),+];

            const fn dire(self) -> (StatusCode, &'static str, &'static str, &'static str) {
                match self {
                    $(Self::$variante $({ $secondes: _ })? =>
                        (StatusCode::$statut, $code, $titre, $detail)),+
                }
            }
        }
    };
}

problemes! {
    CleAbsente = UNAUTHORIZED, "cle_absente", "Clé absente",
        "Présentez votre clé : « Authorization: Bearer fq_… ».";
    CleInconnue = UNAUTHORIZED, "cle_inconnue", "Clé inconnue",
        "La clé présentée n’existe pas : vérifiez qu’elle est copiée en entier.";
    CleRevoquee = FORBIDDEN, "cle_revoquee", "Clé révoquée",
        "La clé présentée a été révoquée : demandez-en une autre.";
    ClePubliqueInconnue = FORBIDDEN, "cle_publique_inconnue", "Clé publique inconnue",
        "Aucun site n’a cette clé publique : vérifiez « data-site » dans la page.";
    OrigineRefusee = FORBIDDEN, "origine_refusee", "Origine refusée",
        "Cette page n’est pas d’une origine déclarée pour le site, ou son navigateur ne dit pas la sienne.";
    JourIllisible = BAD_REQUEST, "jour_illisible", "Jour illisible",
        "Un jour s’écrit AAAA-MM-JJ, comme 2026-11-20.";
    SansRecu = FORBIDDEN, "sans_recu", "Pas de reçu",
        "Une clé d’essai n’a pas de reçu : rien de ce qu’elle envoie n’est compté.";
    RecuAbsent = NOT_FOUND, "recu_absent", "Reçu absent",
        "Ce jour est à venir, ou la clé n’existait pas encore.";
    TypeDePageRefuse = UNSUPPORTED_MEDIA_TYPE, "type_de_page_refuse", "Type de contenu refusé",
        "Une page envoie text/plain ou application/json : un événement, ou un tableau d’événements.";
    TypeRefuse = UNSUPPORTED_MEDIA_TYPE, "type_refuse", "Type de contenu refusé",
        "Envoyez application/x-ndjson (un événement par ligne) ou application/json (un tableau, ou un seul événement).";
    CompressionRefusee = UNSUPPORTED_MEDIA_TYPE, "compression_refusee", "Compression refusée",
        "Envoyez sans compression, en gzip ou en zstd.";
    CorpsVide = BAD_REQUEST, "corps_vide", "Corps vide",
        "La requête ne contient aucun événement.";
    CorpsIllisible = BAD_REQUEST, "corps_illisible", "Corps illisible",
        "Le corps n’est ni un objet JSON, ni un tableau JSON, ni du NDJSON.";
    DecompressionImpossible = BAD_REQUEST, "decompression_impossible", "Décompression impossible",
        "Le corps n’est pas compressé comme Content-Encoding le dit, ou il est tronqué.";
    EnvoiInterrompu = BAD_REQUEST, "envoi_interrompu", "Envoi interrompu",
        "Le corps n’est pas arrivé en entier.";
    IdempotenceInvalide = BAD_REQUEST, "idempotence_invalide", "Idempotency-Key invalide",
        "Idempotency-Key compte de 1 à 256 caractères ASCII visibles.";
    CorpsTropGrand = PAYLOAD_TOO_LARGE, "corps_trop_grand", "Corps trop grand",
        "Un corps compte au plus 16 Mio (sauf réglage contraire), compressé comme décompressé : envoyez-le en plusieurs fois.";
    TropDEvenements = PAYLOAD_TOO_LARGE, "trop_d_evenements", "Trop d’événements",
        "Un corps compte au plus 50 000 événements (sauf réglage contraire) : envoyez-le en plusieurs fois. Aucun n’a été pris.";
    EnvoiTropLent = REQUEST_TIMEOUT, "envoi_trop_lent", "Envoi trop lent",
        "Le corps n’est pas arrivé à temps : envoyez-le en plusieurs fois.";
    DebitDepasse { secondes } = TOO_MANY_REQUESTS, "debit_depasse", "Débit dépassé",
        "Cette clé envoie plus vite que convenu : recommencez plus tard. Rien de cet envoi n’a été pris.";
    Sature = SERVICE_UNAVAILABLE, "sature", "Collecte saturée",
        "Trop d’envois sont en cours : recommencez dans un instant.";
    JournalPlein = SERVICE_UNAVAILABLE, "journal_plein", "Journal plein",
        "Le serveur ne peut rien garder de plus pour l’instant : recommencez plus tard. Rien de cet envoi n’a été pris.";
    DisquePlein = SERVICE_UNAVAILABLE, "disque_plein", "Disque plein",
        "Le serveur n’a plus de place pour garder des événements : recommencez plus tard. Rien de cet envoi n’a été pris.";
    DelaiDepasse = SERVICE_UNAVAILABLE, "delai_depasse", "Délai dépassé",
        "La requête n’a pas abouti à temps : recommencez plus tard.";
    RecuIndisponible = SERVICE_UNAVAILABLE, "recu_indisponible", "Reçu indisponible",
        "Le reçu ne peut pas être établi pour l’instant : recommencez plus tard.";
    Indisponible = SERVICE_UNAVAILABLE, "indisponible", "Collecte indisponible",
        "Le serveur ne peut pas garder cet envoi pour l’instant : recommencez plus tard.";
}

#[derive(Serialize)]
struct Corps<'a> {
    #[serde(rename = "type")]
    genre: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

impl Probleme {
    /// Why nothing could be made durable.
    pub(super) fn du_journal(erreur: &JournalErreur) -> Self {
        match erreur {
            JournalErreur::Plein => Self::JournalPlein,
            // The log's writer has said it once: not at each request.
            JournalErreur::DisquePlein(_) => Self::DisquePlein,
            _ => {
                tracing::error!(%erreur, "events turned away: the log cannot be written");
                Self::Indisponible
            }
        }
    }

    /// Seconds before trying again.
    fn reessayer(self) -> Option<u16> {
        match self {
            Self::Sature | Self::DelaiDepasse => Some(2),
            Self::JournalPlein
            | Self::DisquePlein
            | Self::RecuIndisponible
            | Self::Indisponible => Some(30),
            Self::DebitDepasse { secondes } => Some(secondes),
            _ => None,
        }
    }
}

impl IntoResponse for Probleme {
    fn into_response(self) -> Response {
        let (statut, code, title, detail) = self.dire();
        let corps = Corps {
            genre: format!("urn:frequent:probleme:{code}"),
            title,
            status: statut.as_u16(),
            detail,
        };
        let texte = serde_json::to_vec(&corps).unwrap_or_default();
        let mut reponse = (
            statut,
            [
                (CONTENT_TYPE, "application/problem+json"),
                (CACHE_CONTROL, "no-store"),
            ],
            texte,
        )
            .into_response();
        let entetes = reponse.headers_mut();
        if let Some(secondes) = self.reessayer() {
            entetes.insert(RETRY_AFTER, HeaderValue::from(secondes));
        }
        if statut == StatusCode::UNAUTHORIZED {
            entetes.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        reponse
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_problem_is_an_error_with_a_code_of_its_own() {
        let mut codes = BTreeSet::new();
        for &probleme in Probleme::TOUS {
            let (statut, code, titre, detail) = probleme.dire();
            assert!(
                statut.is_client_error() || statut.is_server_error(),
                "{code}"
            );
            assert!(codes.insert(code), "{code}");
            assert!(!titre.is_empty() && detail.ends_with('.'), "{code}");
            let reponse = probleme.into_response();
            assert_eq!(reponse.status(), statut);
            assert_eq!(reponse.headers()[CONTENT_TYPE], "application/problem+json");
            let a_reessayer = reponse.headers().contains_key(RETRY_AFTER);
            let passager = matches!(statut.as_u16(), 429 | 503);
            assert_eq!(a_reessayer, passager, "{code}");
        }
    }
}
