//! Schools beside their peers, places side by side, settings.

use frequent_api::comptes::{Droits, MotDePasse, Perimetre, Role};
use frequent_plan::{Grain, Niveau};
use serde_json::{Value, json};

use crate::annuaire::ecole;
use crate::banc::{Banc, MOT_DE_PASSE};

/// A bench whose directory has twelve schools of the same kind in Toulouse and one collège; the
/// first week of November has visits, and that many in school 21.
async fn banc(de_la_21: i64) -> Banc {
    let (banc, uais) = Banc::avec_semblables().await;
    let visites = |rang: i64| if rang == 1 { de_la_21 } else { 100 + 10 * rang };
    let mut lignes = Vec::new();
    for (uai, rang) in uais.iter().zip(0_i64..) {
        lignes.push((uai.as_str(), "TOUS", "total", "TOTAL", visites(rang)));
    }
    banc.cumuls(Niveau::Ecole, Grain::Semaine, "2026-11-02", &lignes);
    banc.cumuls(Niveau::Ecole, Grain::Jour, "2026-11-03", &lignes);
    let departement = [("031", "TOUS", "total", "TOTAL", 1_500)];
    banc.cumuls(
        Niveau::Departement,
        Grain::Semaine,
        "2026-11-02",
        &departement,
    );
    banc
}

const SEMAINE: &str = "grain=semaine&debut=2026-11-02";

#[tokio::test]
async fn a_school_stands_beside_the_quartiles_of_its_peers_and_no_peer_is_named() {
    let banc = banc(110).await;
    let temoin = banc.temoin("conseiller").await;
    let chemin = format!("/api/v1/pairs?code={}&{SEMAINE}", ecole(20));
    let reponse = banc.lire(&temoin, &chemin).await;
    assert_eq!(reponse.statut, 200, "{}", reponse.texte());
    let texte = reponse.texte();
    for autre in (21..32).chain([1, 2, 3, 7]) {
        assert!(!texte.contains(&ecole(autre)), "{texte}");
    }
    let reponse = reponse.json();
    assert_eq!(reponse["refus"], Value::Null);
    assert_eq!(reponse["groupe"]["type"], "Ecole");
    assert_eq!(reponse["groupe"]["taille"], "de 100 à 199 élèves");
    assert_eq!(reponse["groupe"]["territoire"]["code"], "031");
    // 12 in Toulouse and the 4 open schools of the first directory, less itself.
    assert_eq!(reponse["groupe"]["ecoles"], 15);
    let cent = reponse["indicateurs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|i| i["nom"] == "visites_pour_100_eleves")
        .unwrap();
    // 100 visits for 120 pupils; the four others were not heard.
    assert_eq!(cent["valeur"], json!(10_000.0 / 120.0));
    assert_eq!(cent["ecoles"], 11);
    let mediane = cent["mediane"].as_f64().unwrap();
    assert!((mediane - 16_000.0 / 120.0).abs() < 1e-9, "{cent}");
}

#[tokio::test]
async fn a_college_alone_of_its_kind_is_not_compared_and_says_why() {
    let banc = banc(110).await;
    let temoin = banc.temoin("toulousain").await;
    let chemin = format!("/api/v1/pairs?code={}&{SEMAINE}", ecole(7));
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let refus = reponse["refus"].as_str().unwrap();
    assert!(refus.contains("au moins 8 écoles semblables"), "{refus}");
    for indicateur in reponse["indicateurs"].as_array().unwrap() {
        assert_eq!(indicateur["mediane"], Value::Null);
    }
}

#[tokio::test]
async fn peers_of_a_school_outside_the_perimeter_are_refused() {
    let banc = banc(110).await;
    for (qui, numero) in [("conseiller", 4), ("toulousain", 5), ("fournisseur", 1)] {
        let temoin = banc.temoin(qui).await;
        let chemin = format!("/api/v1/pairs?code={}&{SEMAINE}", ecole(numero));
        assert_eq!(banc.lire(&temoin, &chemin).await.statut, 403, "{qui}");
    }
    let temoin = banc.temoin("toulousain").await;
    let chemin = format!("/api/v1/pairs?code=031&{SEMAINE}");
    let faux = banc.lire(&temoin, &chemin).await;
    assert_eq!(faux.probleme()["parametre"], "code");
}

#[tokio::test]
async fn places_side_by_side_give_what_each_gives_alone() {
    let banc = banc(110).await;
    let temoin = banc.temoin("toulousain").await;
    let ensemble = json!({"nom": "Deux écoles", "parent": null, "territoires": [],
        "ecoles": [ecole(22), ecole(23)]});
    let cree = banc.ecrire(&temoin, ("POST", "/api/v1/perimetres"), &ensemble);
    let id = cree.await.json()["id"].as_str().unwrap().to_owned();
    let chemin = format!(
        "/api/v1/comparer?lieux=departement:031,ecole:{},ecole:{},ensemble:{id}&{SEMAINE}",
        ecole(20),
        ecole(21)
    );
    let reponse = banc.lire(&temoin, &chemin).await;
    assert_eq!(reponse.statut, 200, "{}", reponse.texte());
    let reponse = reponse.json();
    let lieux = reponse["lieux"].as_array().unwrap();
    let noms: Vec<&str> = lieux.iter().map(|l| l["nom"].as_str().unwrap()).collect();
    assert_eq!(noms, ["Haute-Garonne", "Ecole", "Ecole", "Deux écoles"]);
    assert_eq!(lieux[0]["mesures"]["visites"], 1_500);
    assert_eq!(lieux[0]["visites_par_utilisateur"], 2.0);
    assert_eq!(lieux[1]["mesures"]["visites"], 100);
    assert_eq!(lieux[2]["mesures"]["visites"], 110);
    let semaines = reponse["semaines"].as_array().unwrap();
    let rang = semaines.iter().position(|s| s == "2026-11-02").unwrap();
    let visites = |lieu: usize| lieux[lieu]["serie"][rang].clone();
    assert_eq!(visites(0), 1_500);
    assert_eq!(visites(2), 110);
    assert_eq!(visites(3), 250);
}

#[tokio::test]
async fn a_masked_school_gives_nothing_alone_in_a_set_or_among_peers() {
    let banc = banc(2).await;
    let temoin = banc.temoin("toulousain").await;
    let ensemble = json!({"nom": "Deux écoles", "parent": null, "territoires": [],
        "ecoles": [ecole(21), ecole(23)]});
    let cree = banc.ecrire(&temoin, ("POST", "/api/v1/perimetres"), &ensemble);
    let id = cree.await.json()["id"].as_str().unwrap().to_owned();
    let chemin = format!(
        "/api/v1/comparer?lieux=ecole:{},ensemble:{id}&{SEMAINE}",
        ecole(21)
    );
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let semaines = reponse["semaines"].as_array().unwrap();
    let rang = semaines.iter().position(|s| s == "2026-11-02").unwrap();
    assert_eq!(reponse["lieux"][0]["mesures"]["etat"], "masque");
    for lieu in reponse["lieux"].as_array().unwrap() {
        assert_eq!(lieu["serie"][rang], Value::Null, "{lieu}");
    }
    let chemin = format!("/api/v1/pairs?code={}&{SEMAINE}", ecole(21));
    let reponse = banc.lire(&temoin, &chemin).await.json();
    for indicateur in reponse["indicateurs"].as_array().unwrap() {
        assert_eq!(indicateur["valeur"], Value::Null, "{indicateur}");
    }
    let chemin = format!("/api/v1/pairs?code={}&{SEMAINE}", ecole(30));
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let cent = &reponse["indicateurs"][2];
    // School 21, and the one that hides it from subtraction, count for nothing.
    assert!(cent["ecoles"].as_u64().unwrap() <= 10, "{cent}");
}

#[tokio::test]
async fn more_than_six_places_and_those_of_others_are_refused() {
    let banc = banc(110).await;
    let temoin = banc.temoin("toulousain").await;
    let lire = async |lieux: &str| {
        let chemin = format!("/api/v1/comparer?lieux={lieux}&{SEMAINE}");
        banc.lire(&temoin, &chemin).await
    };
    let sept = ["departement:031"; 7].join(",");
    assert_eq!(lire(&sept).await.probleme()["parametre"], "lieux");
    assert_eq!(lire("031").await.probleme()["parametre"], "lieux");
    assert_eq!(lire("departement:031,departement:034").await.statut, 403);
    assert_eq!(lire("ensemble:inconnu").await.statut, 404);
}

#[tokio::test]
async fn settings_are_for_administrators_only() {
    let banc = Banc::nouveau().await;
    let national: Perimetre = "national".parse().unwrap();
    let droits = Droits::from(national).avec_role(Role::Administrateur);
    let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
    let comptes = banc.etat.comptes();
    let cree = comptes.creer("racine", "Racine", mot_de_passe, droits);
    cree.await.unwrap();
    let temoin = banc.temoin("racine").await;
    let reglages = banc.lire(&temoin, "/api/v1/reglages").await.json();
    assert_eq!(reglages["reglages"][0]["cle"], "secret.seuil");
    for qui in ["ministere", "toulousain", "fournisseur"] {
        let temoin = banc.temoin(qui).await;
        let refus = banc.lire(&temoin, "/api/v1/reglages").await;
        assert_eq!(refus.statut, 403, "{qui}");
    }
}
