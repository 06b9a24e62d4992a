//! The committed document is the one that the routes make.

use std::path::Path;

use crate::banc::Banc;
use crate::client::Demande;

const COMMISE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

/// `UPDATE_OPENAPI=1 cargo test -p frequent-api openapi` writes it again.
#[test]
fn openapi_document_is_the_committed_one() {
    let faite = frequent_api::document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(COMMISE, &faite).unwrap();
    }
    let commise = std::fs::read_to_string(Path::new(COMMISE)).unwrap_or_default();
    assert!(
        commise == faite,
        "api/openapi.json is not what the routes make: \
         run UPDATE_OPENAPI=1 cargo test -p frequent-api openapi"
    );
}

#[tokio::test]
async fn openapi_document_is_served_to_anyone() {
    let banc = Banc::nouveau().await;
    let reponse = Demande::get("/api/openapi.json")
        .envoyer(banc.adresse)
        .await;
    assert_eq!(reponse.statut, 200);
    assert_eq!(reponse.json()["openapi"], "3.1.0");
}
