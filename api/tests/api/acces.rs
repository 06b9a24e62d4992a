//! Who gets in, from where, for how long.

use std::time::Duration;

use frequent_api::comptes::{Droits, MotDePasse, Perimetre, Role};
use frequent_plan::Niveau;

use crate::annuaire::{circonscription, ecole};
use crate::banc::{Banc, MOT_DE_PASSE, PLATEFORME};
use crate::client::Demande;

/// An address of each path and method of the document, the signed-out ones aside.
fn adresses_privees() -> Vec<(&'static str, String)> {
    let document = serde_json::to_value(frequent_api::document()).unwrap();
    let mut adresses = Vec::new();
    for (chemin, methodes) in document["paths"].as_object().unwrap() {
        for (methode, operation) in methodes.as_object().unwrap() {
            // An operation without a session says so: `security: [{}]`.
            if operation["security"] != serde_json::json!([{}]) {
                let chemin = chemin
                    .replace("{niveau}", "departement")
                    .replace("{code}", "031")
                    .replace("{niveau_enfant}", "ecole");
                let methode = ["GET", "POST", "PUT", "DELETE"]
                    .into_iter()
                    .find(|connue| connue.eq_ignore_ascii_case(methode));
                adresses.push((methode.unwrap(), chemin));
            }
        }
    }
    adresses
}

#[tokio::test]
async fn every_route_of_the_document_is_closed_to_who_is_not_signed_in() {
    let banc = Banc::nouveau().await;
    let adresses = adresses_privees();
    assert!(adresses.len() >= 35, "{adresses:?}");
    let inconnu = format!("frequent={}", "0".repeat(64));
    for (methode, chemin) in adresses {
        for temoin in [None, Some(&inconnu)] {
            let mut demande = Demande::new(methode, &chemin)
                .entete("Content-Type", "application/json")
                .entete("Sec-Fetch-Site", "same-origin");
            if let Some(temoin) = temoin {
                demande = demande.entete("Cookie", temoin);
            }
            let reponse = demande.envoyer(banc.adresse).await;
            assert_eq!(reponse.statut, 401, "{chemin}");
            let probleme = reponse.probleme();
            assert_eq!(probleme["type"], "urn:frequent:probleme:non-connecte");
        }
    }
}

#[tokio::test]
async fn every_route_of_the_document_exists_once_signed_in() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("ministere").await;
    for (methode, chemin) in adresses_privees() {
        if methode == "GET" && !chemin.contains('{') {
            let statut = banc.lire(&temoin, &chemin).await.statut;
            // Parameters are missing, or a right is: the route is there to say so.
            let la = matches!(statut, 200 | 400) || (chemin == "/api/v1/reglages" && statut == 403);
            assert!(la, "{chemin}: {statut}");
        }
    }
}

#[tokio::test]
async fn signing_in_gives_a_cookie_that_scripts_cannot_read() {
    let banc = Banc::nouveau().await;
    let reponse = banc.connecter("Toulousain", MOT_DE_PASSE).await;
    assert_eq!(reponse.statut, 200);
    let pose = reponse.entete("set-cookie").unwrap();
    assert!(pose.contains("; HttpOnly; SameSite=Strict") && pose.contains("; Path=/"));
    // Plain HTTP on the loopback address.
    assert!(pose.starts_with("frequent=") && !pose.contains("Secure"));
    assert_eq!(
        reponse.json(),
        serde_json::json!({
            "identifiant": "toulousain",
            "nom": "toulousain",
            "role": "dsden",
            "droits": [
                "chiffres", "export", "comptes", "conventions_lecture", "conventions_ecriture",
                "accompagnement", "incidents"
            ],
            "perimetre": {"niveau": "departement", "code": "031", "nom": "Haute-Garonne"},
            "territoires": [
                {"niveau": "departement", "code": "031", "nom": "Haute-Garonne"}
            ],
            "ensembles": [],
            "voit_qualite": false,
            "plateformes": [],
            "a_faire": null
        })
    );
    let temoin = pose.split(';').next().unwrap();
    let session = banc.lire(temoin, "/api/v1/session").await;
    assert_eq!(session.json(), reponse.json());
}

#[tokio::test]
async fn a_wrong_password_is_refused_without_saying_what_is_wrong() {
    let banc = Banc::nouveau().await;
    let faux = banc.connecter("regional", "pas le bon mot de passe").await;
    let inconnu = banc.connecter("personne", MOT_DE_PASSE).await;
    assert_eq!((faux.statut, inconnu.statut), (401, 401));
    assert_eq!(faux.probleme(), inconnu.probleme());
    assert!(faux.entete("set-cookie").is_none());
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    let sortie = Demande::new("DELETE", "/api/v1/session")
        .entete("Cookie", &temoin)
        .entete("Content-Type", "application/json")
        .entete("Sec-Fetch-Site", "same-origin")
        .envoyer(banc.adresse)
        .await;
    assert_eq!(sortie.statut, 204);
    assert!(sortie.entete("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(banc.lire(&temoin, "/api/v1/session").await.statut, 401);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_the_browser_had() {
    let banc = Banc::nouveau().await;
    let ancien = banc.temoin("regional").await;
    let corps = serde_json::json!({"identifiant": "regional", "mot_de_passe": MOT_DE_PASSE});
    let reponse = Demande::new("POST", "/api/v1/session")
        .entete("Cookie", &ancien)
        .entete("Content-Type", "application/json")
        .entete("Sec-Fetch-Site", "same-origin")
        .corps(corps.to_string())
        .envoyer(banc.adresse)
        .await;
    assert_eq!(reponse.statut, 200);
    assert!(!reponse.entete("set-cookie").unwrap().starts_with(&ancien));
    assert_eq!(banc.lire(&ancien, "/api/v1/session").await.statut, 401);
}

#[tokio::test]
async fn a_session_left_alone_for_two_hours_is_over() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    banc.horloge.avancer(Duration::from_mins(119));
    assert_eq!(banc.lire(&temoin, "/api/v1/plan").await.statut, 200);
    banc.horloge.avancer(Duration::from_mins(121));
    assert_eq!(banc.lire(&temoin, "/api/v1/plan").await.statut, 401);
}

#[tokio::test]
async fn another_sites_page_cannot_sign_anyone_in_or_out() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    let corps = serde_json::json!({"identifiant": "regional", "mot_de_passe": MOT_DE_PASSE});
    for methode in ["POST", "DELETE"] {
        for (nom, valeur) in [
            ("Origin", "https://ailleurs.example"),
            ("Sec-Fetch-Site", "cross-site"),
            ("X-Rien", "sans origine"),
        ] {
            let reponse = Demande::new(methode, "/api/v1/session")
                .entete("Cookie", &temoin)
                .entete("Content-Type", "application/json")
                .entete(nom, valeur)
                .corps(corps.to_string())
                .envoyer(banc.adresse)
                .await;
            assert_eq!(reponse.statut, 403, "{methode} {nom}");
            let probleme = reponse.probleme();
            assert_eq!(probleme["type"], "urn:frequent:probleme:origine-refusee");
        }
    }
    assert_eq!(banc.lire(&temoin, "/api/v1/session").await.statut, 200);
}

#[tokio::test]
async fn a_form_cannot_sign_anyone_in() {
    let banc = Banc::nouveau().await;
    let corps = serde_json::json!({"identifiant": "regional", "mot_de_passe": MOT_DE_PASSE});
    let reponse = Demande::new("POST", "/api/v1/session")
        .entete("Content-Type", "text/plain")
        .entete("Sec-Fetch-Site", "same-origin")
        .corps(corps.to_string())
        .envoyer(banc.adresse)
        .await;
    assert_eq!(reponse.statut, 415);
    reponse.probleme();
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_without_echoing_it() {
    let banc = Banc::nouveau().await;
    let long = format!("{{\"identifiant\":\"{}\"}}", "x".repeat(20_000));
    for (corps, statut) in [
        ("{\"identifiant\":\"secret", 400),
        (
            "{\"identifiant\":\"a\",\"mot_de_passe\":\"b\",\"secret\":1}",
            400,
        ),
        ("", 400),
        (long.as_str(), 400),
    ] {
        let reponse = Demande::new("POST", "/api/v1/session")
            .entete("Content-Type", "application/json")
            .entete("Sec-Fetch-Site", "same-origin")
            .corps(corps)
            .envoyer(banc.adresse)
            .await;
        assert_eq!(reponse.statut, statut);
        reponse.probleme();
        assert!(!reponse.texte().contains("secret"), "{}", reponse.texte());
    }
}

#[tokio::test]
async fn the_eleventh_sign_in_in_a_row_is_told_when_to_come_back() {
    let banc = Banc::nouveau().await;
    for _ in 0..10 {
        assert_eq!(banc.connecter("regional", "faux").await.statut, 401);
    }
    let trop = banc.connecter("regional", MOT_DE_PASSE).await;
    assert_eq!(trop.statut, 429);
    assert_eq!(trop.entete("retry-after"), Some("20"));
    trop.probleme();
    // Another account is not held back, and this one may try again later.
    assert_eq!(banc.connecter("toulousain", MOT_DE_PASSE).await.statut, 200);
    banc.horloge.avancer(Duration::from_secs(20));
    assert_eq!(banc.connecter("regional", MOT_DE_PASSE).await.statut, 200);
}

/// An address of each route that tells of a territory.
fn adresses_de_chiffres(niveau: &str, code: &str) -> Vec<String> {
    vec![
        format!("/api/v1/territoires/{niveau}/{code}"),
        format!("/api/v1/territoires/{niveau}/{code}/enfants/ecole"),
        format!(
            "/api/v1/cellules?niveau={niveau}&code={code}&grain=jour&du=2026-11-02&au=2026-11-02"
        ),
        format!(
            "/api/v1/cellules?niveau=ecole&dans={niveau}:{code}&grain=jour&du=2026-11-02&au=2026-11-02"
        ),
        format!("/api/v1/synthese?niveau={niveau}&code={code}&grain=semaine&debut=2026-11-02"),
        format!("/api/v1/moments?niveau={niveau}&code={code}&grain=semaine&debut=2026-11-02"),
        format!(
            "/api/v1/tableau?niveau={niveau}&code={code}&enfants=ecole&grain=semaine&debut=2026-11-02"
        ),
        format!("/api/v1/calendrier?niveau={niveau}&code={code}&annee=2026-2027"),
    ]
}

#[tokio::test]
async fn a_territory_outside_the_perimeter_is_refused_on_every_route() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("conseiller").await;
    let ailleurs = [
        ("ecole", ecole(4)),
        ("circonscription", circonscription(2)),
        ("departement", "031".to_owned()),
        // Toulouse is in two circonscriptions: its figures would tell about the other.
        ("commune", "31555".to_owned()),
        ("national", "FR".to_owned()),
    ];
    for (niveau, code) in ailleurs {
        for chemin in adresses_de_chiffres(niveau, &code) {
            let reponse = banc.lire(&temoin, &chemin).await;
            assert_eq!(reponse.statut, 403, "{chemin}");
            assert_eq!(
                reponse.probleme()["type"],
                "urn:frequent:probleme:hors-perimetre"
            );
        }
    }
    let dedans = format!("/api/v1/territoires/ecole/{}", ecole(1));
    assert_eq!(banc.lire(&temoin, &dedans).await.statut, 200);
}

#[tokio::test]
async fn answers_protect_those_who_read_them() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    for chemin in ["/api/v1/plan", "/", "/api/rien"] {
        let reponse = banc.lire(&temoin, chemin).await;
        let politique = reponse.entete("content-security-policy").unwrap();
        assert!(politique.contains("default-src 'self'") && !politique.contains("unsafe"));
        assert!(politique.contains("frame-ancestors 'none'"));
        assert_eq!(reponse.entete("x-content-type-options"), Some("nosniff"));
        assert_eq!(reponse.entete("referrer-policy"), Some("no-referrer"));
    }
    let reponse = banc.lire(&temoin, "/api/v1/plan").await;
    assert_eq!(reponse.entete("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn an_unknown_address_or_method_of_the_api_is_a_problem() {
    let banc = Banc::nouveau().await;
    for chemin in ["/api", "/api/v2/rien", "/api/v1/cellule"] {
        let reponse = Demande::get(chemin).envoyer(banc.adresse).await;
        assert_eq!(reponse.statut, 404, "{chemin}");
        reponse.probleme();
    }
    let reponse = Demande::new("PUT", "/api/v1/plan")
        .entete("Content-Type", "application/json")
        .entete("Sec-Fetch-Site", "same-origin")
        .envoyer(banc.adresse)
        .await;
    assert_eq!(reponse.statut, 405);
    reponse.probleme();
}

#[tokio::test]
async fn a_providers_account_sees_no_territory_figure() {
    let banc = Banc::nouveau().await;
    // A territory given to a role that reads no figure opens none.
    let region = Perimetre {
        niveau: Niveau::Region,
        code: "76".to_owned(),
    };
    let droits = Droits::new(Some(region), [PLATEFORME.to_owned()]).unwrap();
    let droits = droits.avec_role(Role::Fournisseur);
    let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
    let creation = banc
        .etat
        .comptes()
        .creer("situe", "Édifice", mot_de_passe, droits);
    creation.await.unwrap();
    for qui in ["fournisseur", "situe"] {
        assert_sans_chiffre(&banc, qui).await;
    }
}

async fn assert_sans_chiffre(banc: &Banc, qui: &str) {
    let reponse = banc.connecter(qui, MOT_DE_PASSE).await;
    let session = reponse.json();
    assert_eq!(session["perimetre"], serde_json::Value::Null);
    assert_eq!(session["territoires"], serde_json::json!([]));
    assert_eq!(session["voit_qualite"], true);
    assert_eq!(session["plateformes"], serde_json::json!([PLATEFORME]));
    let temoin = banc.temoin(qui).await;
    for (niveau, code) in [("national", "FR"), ("departement", "031"), ("ecole", "0")] {
        for chemin in adresses_de_chiffres(niveau, code) {
            let reponse = banc.lire(&temoin, &chemin).await;
            assert_eq!(reponse.statut, 403, "{chemin}");
            let detail = reponse.probleme()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("plateformes"), "{chemin}: {detail}");
        }
    }
    let trouves = banc
        .lire(&temoin, "/api/v1/territoires?recherche=jaures")
        .await;
    assert_eq!(trouves.json()["resultats"], serde_json::json!([]));
}

#[tokio::test]
async fn an_account_without_platforms_learns_nothing_of_who_sends() {
    let banc = Banc::nouveau().await;
    for qui in ["regional", "toulousain", "conseiller"] {
        let temoin = banc.temoin(qui).await;
        for chemin in [
            "integration",
            "qualite",
            "qualite/ecoles",
            "qualite?format=csv",
        ] {
            let reponse = banc.lire(&temoin, &format!("/api/v1/{chemin}")).await;
            assert_eq!(reponse.statut, 403, "{qui} {chemin}");
            reponse.probleme();
        }
    }
}
