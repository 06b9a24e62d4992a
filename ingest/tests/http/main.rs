//! The collection's addresses, driven over real sockets: each bad input gets its clear answer, the
//! good lines around it are kept, and nothing personal is left on the disk or in the log.

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test, its bench included, is the failure we want to see"
)]

mod banc;
mod essai;
mod marqueur;
mod mauvaises_entrees;
mod page;
mod secret;

use banc::{Banc, ligne};
use serde_json::json;

#[test]
fn lines_an_array_and_an_object_are_all_taken() {
    let banc = Banc::new();
    let deux = format!("{}\n{}\n", ligne(1), ligne(2));
    let reponse = banc.lignes(&deux);
    assert_eq!(reponse.statut, 202);
    assert_eq!(
        reponse.json(),
        json!({"recus": 2, "acceptes": 2, "rejetes": []})
    );

    let json_ = "Content-Type: application/json; charset=utf-8\r\n";
    let tableau = format!("[{},{}]", ligne(3), ligne(4));
    assert_eq!(banc.poster(json_, tableau.as_bytes()).json()["acceptes"], 2);
    let objet = ligne(5).replace(',', ",\n");
    assert_eq!(banc.poster(json_, objet.as_bytes()).json()["acceptes"], 1);
    assert_eq!(banc.poster(json_, b"[]").json()["recus"], 0);
    assert_eq!(banc.releve_cle().acceptes, 5);
}

#[test]
fn compressed_bodies_are_taken() {
    use std::io::Write;
    let banc = Banc::new();
    let lignes: String = (0..2_000).map(|n| ligne(n) + "\n").collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lignes.as_bytes()).unwrap();
    let corps = [
        ("gzip", gzip.finish().unwrap()),
        ("zstd", zstd::encode_all(lignes.as_bytes(), 1).unwrap()),
    ];
    for (nom, octets) in corps {
        let reponse = banc.poster(&format!("Content-Encoding: {nom}\r\n"), &octets);
        assert_eq!(reponse.json()["acceptes"], 2_000, "{nom}");
    }
}

#[test]
fn a_batch_sent_again_is_accepted_again() {
    let banc = Banc::new();
    let sans_id = ligne(1).replacen(r#""id":"e1","#, "", 1);
    for _ in 0..2 {
        let reponse = banc.poster("Idempotency-Key: lot-17\r\n", sans_id.as_bytes());
        assert_eq!(reponse.statut, 202);
        assert_eq!(reponse.json()["acceptes"], 1);
    }
}

#[test]
fn a_school_that_no_directory_knows_is_taken() {
    let banc = Banc::new();
    let inconnue = ligne(1).replace("0660713S", "9999999S");
    let valide = frequent_plan::Uai::depuis_nombre(9_999_999);
    let inconnue = inconnue.replace("9999999S", valide.as_str());
    assert_eq!(banc.lignes(&inconnue).json()["acceptes"], 1);
}

#[test]
fn a_key_works_for_its_platforms_until_it_is_revoked() {
    let banc = Banc::new();
    let reponse = banc.lignes(&ligne(1).replace("ONE-OCC", "AUTRE"));
    assert_eq!(
        reponse.json()["rejetes"],
        json!([{"ligne": 1, "champ": "plateforme", "raison": "plateforme_refusee"}])
    );
    let sans_cle = banc.poster_nu("", ligne(1).as_bytes());
    assert_eq!(
        (sans_cle.statut, sans_cle.probleme()),
        (401, "cle_absente".into())
    );
    assert!(sans_cle.entetes.contains("www-authenticate: bearer"));
    let fausse = banc.poster_nu("Authorization: Bearer fq_0\r\n", ligne(1).as_bytes());
    assert_eq!(
        (fausse.statut, fausse.probleme()),
        (401, "cle_inconnue".into())
    );
    let maintenant = frequent_plan::Instant(banc::MAINTENANT);
    banc.acces.revoquer_cle("Éditeur", maintenant).unwrap();
    let revoquee = banc.lignes(&ligne(1));
    assert_eq!(
        (revoquee.statut, revoquee.probleme()),
        (403, "cle_revoquee".into())
    );
}
