//! Our own tag: the script, and what its pages send.

use frequent_ingest::acces::{NomConverti, Site};
use frequent_ingest::qualite::Emetteur;
use frequent_plan::Instant;
use serde_json::{Value, json};

use crate::banc::{Banc, MAINTENANT, Reponse, SITE};

const ORIGINE: &str = "https://ent.exemple.fr";

/// A bench whose site has a declared origin, and the site's public key.
fn banc() -> (Banc, String) {
    let banc = Banc::new();
    let cle = banc
        .acces
        .ajouter_site(Site {
            numero: SITE,
            plateforme: "ONE-OCC".to_owned(),
            autres_plateformes: vec!["ONE-PACA".to_owned()],
            origines: vec![ORIGINE.parse().unwrap()],
            ..Site::default()
        })
        .unwrap();
    (banc, cle)
}

fn evenement(numero: u32) -> Value {
    json!({"id": format!("p{numero}"), "uai": "0660713S", "profil": "ELEVE",
           "visiteur": "u-7f3a", "service": "NOTES"})
}

fn demander(banc: &Banc, methode: &str, cle: &str, entetes: &str, corps: &str) -> Reponse {
    let tete = format!(
        "{methode} /v1/collect?cle={cle}&ecran=1280x720 HTTP/1.1\r\nHost: x\r\n\
         Connection: close\r\nContent-Length: {}\r\n{entetes}\r\n",
        corps.len()
    );
    banc.envoyer(&[tete.as_bytes(), corps.as_bytes()])
}

fn envoyer(banc: &Banc, cle: &str, corps: &str) -> Reponse {
    let entetes = format!("Origin: {ORIGINE}\r\nContent-Type: text/plain;charset=UTF-8\r\n");
    demander(banc, "POST", cle, &entetes, corps)
}

fn raisons(reponse: &Reponse) -> Vec<(String, String)> {
    let json = reponse.json();
    let rejetes = json["rejetes"].as_array().unwrap().iter();
    let texte = |rejet: &Value, champ: &str| rejet[champ].as_str().unwrap_or_default().to_owned();
    rejetes
        .map(|rejet| (texte(rejet, "champ"), texte(rejet, "raison")))
        .collect()
}

fn charger(banc: &Banc, entetes: &str) -> Reponse {
    let tete = format!("GET /tag.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{entetes}\r\n");
    banc.envoyer(&[tete.as_bytes()])
}

#[test]
fn the_tag_is_served_compressed_or_not_and_only_once_while_it_is_the_same() {
    let (banc, _) = banc();
    let clair = charger(&banc, "");
    assert_eq!(clair.statut, 200);
    assert_eq!(clair.corps, include_bytes!("../../src/http/tag.js"));
    for entete in [
        "content-type: text/javascript; charset=utf-8",
        "cache-control: public, max-age=3600",
        "cross-origin-resource-policy: cross-origin",
        "vary: accept-encoding",
    ] {
        assert!(clair.entetes.contains(entete), "{entete}");
    }
    let gzip = charger(&banc, "Accept-Encoding: br, gzip\r\n");
    assert!(gzip.entetes.contains("content-encoding: gzip"));
    let mut lu = Vec::new();
    let mut decodeur = flate2::read::GzDecoder::new(&gzip.corps[..]);
    std::io::copy(&mut decodeur, &mut lu).unwrap();
    assert_eq!(lu, clair.corps);

    let etiquette = |reponse: &Reponse| {
        let ligne = reponse.entetes.lines().find(|l| l.starts_with("etag: "));
        ligne.unwrap()["etag: ".len()..].to_owned()
    };
    assert_ne!(etiquette(&clair), etiquette(&gzip));
    let connue = format!("If-None-Match: \"x\", {}\r\n", etiquette(&clair));
    let encore = charger(&banc, &connue);
    assert_eq!((encore.statut, encore.corps.len()), (304, 0));
    assert_eq!(charger(&banc, "If-None-Match: \"x\"\r\n").statut, 200);
}

#[test]
fn a_page_of_a_declared_origin_sends_and_may_read_the_answer() {
    let (banc, cle) = banc();
    let reponse = envoyer(&banc, &cle, &evenement(1).to_string());
    assert_eq!(reponse.statut, 202, "{reponse:?}");
    assert_eq!(
        reponse.json(),
        json!({"recus": 1, "acceptes": 1, "rejetes": []})
    );
    let permission = format!("access-control-allow-origin: {ORIGINE}");
    assert!(reponse.entetes.contains(&permission));
    assert!(reponse.entetes.contains("vary: origin"));
    assert!(!reponse.entetes.contains("set-cookie"));

    let plusieurs = json!([evenement(2), evenement(3)]).to_string();
    let entetes = format!("Origin: {ORIGINE}\r\nContent-Type: application/json\r\n");
    let reponse = demander(&banc, "POST", &cle, &entetes, &plusieurs);
    assert_eq!(reponse.json()["acceptes"], 2);
    let releve = banc.releve(&Emetteur::Site(SITE));
    assert_eq!((releve.recus, releve.acceptes), (3, 3));
}

#[test]
fn a_browser_that_asks_first_is_told_what_it_may_send() {
    let (banc, cle) = banc();
    let entetes = format!(
        "Origin: {ORIGINE}\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: content-type\r\n"
    );
    let reponse = demander(&banc, "OPTIONS", &cle, &entetes, "");
    assert_eq!(reponse.statut, 204);
    for entete in [
        "access-control-allow-origin: https://ent.exemple.fr",
        "access-control-allow-methods: post",
        "access-control-allow-headers: content-type",
    ] {
        assert!(reponse.entetes.contains(entete), "{entete}");
    }
    let ailleurs = demander(&banc, "OPTIONS", &cle, "Origin: https://autre.fr\r\n", "");
    assert_eq!(ailleurs.statut, 403);
}

#[test]
fn a_page_from_elsewhere_is_refused_and_counted_for_the_site() {
    let (banc, cle) = banc();
    let ailleurs = [
        "Origin: https://autre.exemple.fr\r\n",
        "Origin: http://ent.exemple.fr\r\n",
        "Origin: https://ent.exemple.fr:8443\r\n",
        "Origin: null\r\n",
        "",
    ];
    for origine in ailleurs {
        let reponse = demander(&banc, "POST", &cle, origine, &evenement(1).to_string());
        assert_eq!(
            (reponse.statut, reponse.probleme()),
            (403, "origine_refusee".to_owned()),
            "{origine}"
        );
        assert!(!reponse.entetes.contains("access-control-allow-origin"));
    }
    let releve = banc.releve(&Emetteur::Site(SITE));
    assert_eq!((releve.recus, releve.acceptes), (5, 0));
    assert_eq!(releve.refus.get("origine_refusee"), Some(&5));
}

#[test]
fn an_unknown_public_key_is_refused_and_counted_with_unknown_sites() {
    let (banc, _) = banc();
    for cle in ["", "fs_00", "365203"] {
        let reponse = envoyer(&banc, cle, &evenement(1).to_string());
        assert_eq!(
            (reponse.statut, reponse.probleme()),
            (403, "cle_publique_inconnue".to_owned())
        );
    }
    let releve = banc.releve(&Emetteur::SitesInconnus);
    assert_eq!(releve.refus.get("site_inconnu"), Some(&3));
}

#[test]
fn what_is_wrong_with_a_page_s_event_is_named_and_the_others_are_taken() {
    let (banc, cle) = banc();
    let avec = |champ: &str, valeur: Value| {
        let mut evenement = evenement(1);
        evenement[champ] = valeur;
        evenement
    };
    let corps = json!([
        evenement(2),
        avec("ts", json!(MAINTENANT)),
        avec("user_agent", json!("Mozilla/5.0")),
        avec("url", json!("https://ent.exemple.fr/eleve/Marie")),
        avec("id", json!(null)),
        avec("service", json!("BLOG")),
        avec("plateforme", json!("AUTRE")),
        avec("plateforme", json!("ONE-PACA")),
    ]);
    let reponse = envoyer(&banc, &cle, &corps.to_string());
    assert_eq!(reponse.json()["acceptes"], 2);
    let attendu = [
        ("ts", "champ_inconnu"),
        ("user_agent", "champ_inconnu"),
        ("url", "champ_inconnu"),
        ("id", "champ_manquant"),
        ("service", "valeur_inconnue"),
        ("plateforme", "plateforme_refusee"),
    ];
    let attendu = attendu.map(|(champ, raison)| (champ.to_owned(), raison.to_owned()));
    assert_eq!(raisons(&reponse), attendu);
}

#[test]
fn a_body_that_is_not_a_page_s_is_turned_away_whole() {
    let (banc, cle) = banc();
    let cas = [
        (String::new(), 400, "corps_vide"),
        ("bonjour".to_owned(), 400, "corps_illisible"),
        ("x".repeat((64 << 10) + 1), 413, "corps_trop_grand"),
        (
            Value::from(vec![evenement(1); 51]).to_string(),
            413,
            "trop_d_evenements",
        ),
    ];
    for (corps, statut, code) in cas {
        let reponse = envoyer(&banc, &cle, &corps);
        assert_eq!(
            (reponse.statut, reponse.probleme().as_str()),
            (statut, code)
        );
        assert!(reponse.entetes.contains("access-control-allow-origin"));
    }
    let entetes = format!("Origin: {ORIGINE}\r\nContent-Type: text/csv\r\n");
    let reponse = demander(&banc, "POST", &cle, &entetes, "{}");
    assert_eq!(reponse.probleme(), "type_de_page_refuse");
    assert_eq!(banc.releve(&Emetteur::Site(SITE)).acceptes, 0);
}

#[test]
fn a_provider_s_own_names_are_converted_by_every_way_in() {
    let (banc, cle) = banc();
    let hit = "s=365203&idclient=c&at=4&service=Mon%20blog&uai=0660713S&profil=ELEVE&ref=";
    let ancien = "s=365203&at=4&x1=21&x2=1&s2=0660713S&ref=";
    let mut page = evenement(1);
    page["service"] = json!("Mon blog");
    let lot = crate::banc::ligne(1).replace("\"NOTES\"", "\"Mon blog\"");
    let envoyer_partout = |banc: &Banc| {
        banc.hit(hit);
        banc.hit(ancien);
        envoyer(banc, &cle, &page.to_string());
        banc.lignes(&lot);
        banc.releve(&Emetteur::Site(SITE)).acceptes + banc.releve_cle().acceptes
    };
    assert_eq!(envoyer_partout(&banc), 0);

    let nom = |nom: &str, service: &str| NomConverti {
        nom: nom.to_owned(),
        service: service.to_owned(),
        type_service: String::new(),
        outil: String::new(),
    };
    let noms = vec![nom("Mon blog", "ACTUALITES"), nom("21", "CAHIER_LIAISON")];
    banc.acces
        .appliquer_conversions("ONE-OCC", noms, Instant(MAINTENANT))
        .unwrap();
    assert_eq!(envoyer_partout(&banc), 4);
}
