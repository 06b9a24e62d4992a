//! The territory tree and the calendar.

use serde_json::json;

use crate::annuaire::{self, circonscription, ecole};
use crate::banc::Banc;

#[tokio::test]
async fn a_school_is_found_by_name_without_accents_and_told_from_its_homonyms() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    let reponse = banc
        .lire(&temoin, "/api/v1/territoires?recherche=jean%20jaures")
        .await
        .json();
    let precisions: Vec<_> = reponse["resultats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["precision"].as_str().unwrap())
        .collect();
    assert_eq!(precisions.len(), 3);
    for lieu in [
        "Toulouse (Haute-Garonne)",
        "Muret (Haute-Garonne)",
        "Montpellier (Hérault)",
    ] {
        assert!(precisions.contains(&lieu), "{precisions:?}");
    }
}

#[tokio::test]
async fn a_search_shows_the_perimeter_only() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("conseiller").await;
    let reponse = banc
        .lire(&temoin, "/api/v1/territoires?recherche=jaures&limite=5")
        .await
        .json();
    let resultats = reponse["resultats"].as_array().unwrap();
    assert_eq!(resultats.len(), 1);
    assert_eq!(resultats[0]["code"], ecole(1));
    let reponse = banc
        .lire(&temoin, "/api/v1/territoires?recherche=toulouse")
        .await;
    for trouve in reponse.json()["resultats"].as_array().unwrap() {
        assert_eq!(trouve["niveau"], "ecole");
    }
}

#[tokio::test]
async fn a_departement_lies_in_its_academie_and_holds_its_schools() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let reponse = banc
        .lire(&temoin, "/api/v1/territoires/departement/031")
        .await;
    assert_eq!(
        reponse.json(),
        json!({
            "niveau": "departement", "code": "031", "nom": "Haute-Garonne",
            "ancetres": [
                {"niveau": "national", "code": "FR", "nom": "France"},
                {"niveau": "region", "code": "76", "nom": "Occitanie"},
                {"niveau": "academie", "code": "16", "nom": "Toulouse"}
            ],
            "enfants": [
                {"niveau": "circonscription", "nombre": 2},
                {"niveau": "commune", "nombre": 2},
                {"niveau": "ecole", "nombre": 6}
            ],
            "zone": "C",
            "calendrier": null, "ecole": null
        })
    );
}

#[tokio::test]
async fn a_school_has_its_fiche() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let chemin = format!("/api/v1/territoires/ecole/{}", ecole(3));
    let reponse = banc.lire(&temoin, &chemin).await.json();
    assert_eq!(reponse["nom"], "Ecole Étienne Billières");
    assert_eq!(
        reponse["ecole"],
        json!({
            "uai": ecole(3), "type": "Ecole", "nature": "ECOLE DE NIVEAU ELEMENTAIRE",
            "secteur": "PU", "commune": "Toulouse", "etat": "A FERMER", "effectif": 120,
            "education_prioritaire": null, "latitude": 43.6, "longitude": 1.44
        })
    );
}

#[tokio::test]
async fn children_are_listed_by_name_within_the_perimeter() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("conseiller").await;
    let base = format!(
        "/api/v1/territoires/circonscription/{}/enfants",
        circonscription(1)
    );
    let ecoles = banc.lire(&temoin, &format!("{base}/ecole")).await.json();
    assert_eq!(ecoles["resultats"].as_array().unwrap().len(), 3);
    // Toulouse also has schools of another circonscription.
    let communes = banc.lire(&temoin, &format!("{base}/commune")).await.json();
    assert_eq!(communes["resultats"], json!([]));
}

#[tokio::test]
async fn an_unknown_territory_or_level_is_named() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    let inconnu = banc
        .lire(&temoin, "/api/v1/territoires/commune/99999")
        .await;
    assert_eq!(inconnu.statut, 404);
    let detail = inconnu.probleme()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("commune:99999"), "{detail}");
    let niveau = banc.lire(&temoin, "/api/v1/territoires/canton/1").await;
    assert_eq!(niveau.statut, 400);
    assert_eq!(niveau.probleme()["parametre"], "niveau");
}

#[tokio::test]
async fn the_calendar_gives_the_holidays_of_the_zone_and_the_days_measured() {
    use frequent_plan::{Grain, Niveau};
    let banc = Banc::nouveau().await;
    let lignes = [("031", "TOUS", "total", "TOTAL", 1)];
    for jour in ["2025-11-20", "2026-09-01", "2026-11-19"] {
        banc.cumuls(Niveau::Departement, Grain::Jour, jour, &lignes);
    }
    let temoin = banc.temoin("toulousain").await;
    let chemin = "/api/v1/calendrier?niveau=departement&code=031&annee=2026-2027";
    let reponse = banc.lire(&temoin, chemin).await.json();
    assert_eq!(reponse["debut"], "2026-08-01");
    assert_eq!(reponse["fin"], "2027-07-31");
    assert_eq!(reponse["zone"], "C");
    assert_eq!(reponse["aujourdhui"], "2026-11-20");
    assert_eq!(reponse["premier_jour_mesure"], "2026-09-01");
    assert_eq!(reponse["dernier_jour_mesure"], "2026-11-19");
    let toussaint = reponse["vacances"]
        .as_array()
        .unwrap()
        .iter()
        .find(|v| v["nom"] == "Vacances de la Toussaint");
    assert!(toussaint.is_some(), "{reponse}");
    // A territory comes with it when its year is asked for.
    let lieu = "/api/v1/territoires/departement/031";
    let avec = banc.lire(&temoin, &format!("{lieu}?annee=2026-2027")).await;
    assert_eq!(avec.json()["calendrier"], reponse);
    let sans = banc.lire(&temoin, lieu).await.json();
    assert_eq!(sans["calendrier"], serde_json::Value::Null);
    let illisible = banc.lire(&temoin, &format!("{lieu}?annee=2026")).await;
    assert_eq!(illisible.statut, 400);
}

#[tokio::test]
async fn the_plan_comes_with_what_figures_mean() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    let reponse = banc.lire(&temoin, "/api/v1/plan").await.json();
    assert_eq!(reponse["services"].as_array().unwrap().len(), 25);
    assert_eq!(reponse["services"][0]["theme"], "ACCUEIL");
    for notion in ["visites", "utilisateurs", "duree_moyenne", "evenements"] {
        assert!(reponse["definitions"][notion].is_string(), "{notion}");
    }
}

#[tokio::test]
async fn a_directory_imported_while_serving_is_seen_once_asked_for() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let neuve = format!("/api/v1/territoires/ecole/{}", ecole(8));
    assert!(!banc.etat.actualiser_annuaires().unwrap());
    let ecoles = [&annuaire::ECOLES[..], &[annuaire::ECOLE_NEUVE]].concat();
    annuaire::importer(&banc.lac, "2025-09-01", &ecoles);
    assert_eq!(banc.lire(&temoin, &neuve).await.statut, 404);
    assert!(banc.etat.actualiser_annuaires().unwrap());
    assert_eq!(banc.lire(&temoin, &neuve).await.statut, 200);
    assert!(!banc.etat.actualiser_annuaires().unwrap());
}
