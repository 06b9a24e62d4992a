//! What a territory's key figures are beside: the year before, the territory around, deployment.

use frequent_plan::{Grain, Niveau};
use serde_json::json;

use crate::annuaire::{circonscription, ecole};
use crate::banc::{Banc, convention};

#[tokio::test]
async fn the_same_school_week_of_the_year_before_is_beside_and_not_fifty_two_weeks_before() {
    let banc = Banc::nouveau().await;
    let une = ecole(1);
    let lignes = |visites| [(ecole(1), visites)];
    for (semaine, visites) in [("2026-11-02", 200), ("2025-11-03", 150), ("2025-11-10", 70)] {
        for (code, visites) in lignes(visites) {
            let ligne = [(code.as_str(), "TOUS", "total", "TOTAL", visites)];
            banc.cumuls(Niveau::Ecole, Grain::Semaine, semaine, &ligne);
        }
    }
    let temoin = banc.temoin("toulousain").await;
    let synthese = |debut: &str| {
        format!("/api/v1/synthese?niveau=ecole&code={une}&grain=semaine&debut={debut}")
    };
    // The eighth week of lessons of both years: the first after the autumn holidays.
    let vue = banc.lire(&temoin, &synthese("2026-11-02")).await.json();
    assert_eq!(
        vue["an_dernier"],
        json!({"debut": "2025-11-03", "fin": "2025-11-09", "jours": 7})
    );
    assert_eq!(vue["profils"][0]["an_dernier"]["visites"], 150);
    // Holidays beside holidays; nothing was counted then.
    let vue = banc.lire(&temoin, &synthese("2026-10-19")).await.json();
    assert_eq!(vue["an_dernier"]["debut"], "2025-10-20");
    assert_eq!(vue["profils"][0]["an_dernier"], json!(null));
    // The week is not over: Monday to Thursday.
    let vue = banc.lire(&temoin, &synthese("2026-11-16")).await.json();
    assert_eq!(
        vue["an_dernier"],
        json!({"debut": "2025-11-17", "fin": "2025-11-20", "jours": 4})
    );
}

#[tokio::test]
async fn of_the_territory_around_only_rounded_ratios_are_said_and_none_of_masked_figures() {
    let banc = Banc::nouveau().await;
    let (une, code) = (ecole(1), circonscription(1));
    banc.cumuls(
        Niveau::Departement,
        Grain::Semaine,
        "2026-11-02",
        &[
            ("031", "TOUS", "total", "TOTAL", 1_001),
            ("031", "PARENT", "total", "TOTAL", 3),
        ],
    );
    banc.cumuls(
        Niveau::Circonscription,
        Grain::Semaine,
        "2026-11-02",
        &[(&code, "TOUS", "total", "TOTAL", 400)],
    );
    let semaine = "grain=semaine&debut=2026-11-02";
    let temoin = banc.temoin("conseiller").await;
    let chemin = format!("/api/v1/synthese?niveau=circonscription&code={code}&{semaine}");
    let vue = banc.lire(&temoin, &chemin).await;
    assert!(!vue.texte().contains("1001"), "{}", vue.texte());
    let vue = vue.json();
    assert_eq!(
        vue["englobant"],
        json!({"niveau": "departement", "code": "031", "nom": "Haute-Garonne"})
    );
    let ratios = &vue["profils"][0]["englobant"];
    assert_eq!(ratios["visites_par_utilisateur"], 2.0);
    assert_eq!(ratios["duree_moyenne_ms"], 60_000.0);
    let parents = vue["profils"].as_array().unwrap();
    let parents = parents.iter().find(|p| p["profil"] == "PARENT").unwrap();
    assert_eq!(parents["englobant"]["visites_par_utilisateur"], json!(null));
    // A school is beside its circonscription when the caller may see it, else its département.
    let chemin = format!("/api/v1/synthese?niveau=ecole&code={une}&{semaine}");
    let vue = banc.lire(&temoin, &chemin).await.json();
    assert!(
        ["circonscription", "commune"].contains(&vue["englobant"]["niveau"].as_str().unwrap()),
        "{}",
        vue["englobant"]
    );
    let pays = banc.temoin("ministere").await;
    let chemin = format!("/api/v1/synthese?niveau=national&code=FR&{semaine}");
    let vue = banc.lire(&pays, &chemin).await.json();
    assert_eq!(vue["englobant"], json!(null));
    assert_eq!(vue["deploiement"], json!(null));
}

#[tokio::test]
async fn the_map_has_the_schools_and_the_circles_below_with_their_four_blanks() {
    let banc = Banc::nouveau().await;
    let (une, petite) = (ecole(1), ecole(4));
    let lignes = [
        (une.as_str(), "TOUS", "total", "TOTAL", 80),
        (petite.as_str(), "TOUS", "total", "TOTAL", 3),
    ];
    banc.cumuls(Niveau::Ecole, Grain::Semaine, "2026-11-02", &lignes);
    let circo = circonscription(1);
    let lignes = [(circo.as_str(), "TOUS", "total", "TOTAL", 80)];
    banc.cumuls(
        Niveau::Circonscription,
        Grain::Semaine,
        "2026-11-02",
        &lignes,
    );
    let temoin = banc.temoin("toulousain").await;
    let lire = async |lieu: &str| {
        let chemin = format!("/api/v1/carte?{lieu}&grain=semaine&debut=2026-11-02");
        let reponse = banc.lire(&temoin, &chemin).await;
        assert_eq!(reponse.statut, 200, "{}", reponse.texte());
        reponse.json()
    };
    let vue = lire("niveau=departement&code=031").await;
    let points = vue["points"].as_array().unwrap();
    // The closed school is not drawn.
    assert_eq!(points.len(), 5);
    let point = |uai: &str| points.iter().find(|p| p["uai"] == uai).unwrap();
    assert_eq!(point(&une)["mesures"]["visites"], 80);
    assert_eq!(point(&une)["lat"], 43.6);
    assert_eq!(point(&une)["etat"], "non_deploye");
    assert_eq!(point(&petite)["mesures"]["etat"], "masque");
    assert_eq!(point(&ecole(7))["mesures"]["etat"], "non_mesure");
    let cercles = vue["territoires"].as_array().unwrap();
    let cercle = cercles
        .iter()
        .find(|c| c["code"] == circo.as_str())
        .unwrap();
    assert_eq!(
        (&cercle["ecoles"], &cercle["lon"]),
        (&json!(2), &json!(1.44))
    );
    assert_eq!(vue["sans_position"], 0);
    let seule = lire(&format!("niveau=ecole&code={une}")).await;
    assert_eq!(seule["points"].as_array().unwrap().len(), 1);
    assert_eq!(seule["territoires"], json!([]));
}

#[tokio::test]
async fn a_school_s_row_says_what_it_is_filtered_by_and_a_territory_s_does_not() {
    let banc = Banc::nouveau().await;
    let (active, jamais) = (ecole(1), ecole(2));
    let lignes = [
        (active.as_str(), "TOUS", "total", "TOTAL", 40),
        (active.as_str(), "ENSEIGNANT", "total", "TOTAL", 12),
    ];
    for (grain, jour) in [
        (Grain::Jour, "2026-11-02"),
        (Grain::Jour, "2026-11-03"),
        (Grain::Semaine, "2026-11-02"),
        (Grain::Mois, "2026-11-01"),
        (Grain::Annee, "2026-08-01"),
    ] {
        banc.cumuls(Niveau::Ecole, grain, jour, &lignes);
    }
    let temoin = banc.temoin("toulousain").await;
    let mut convention = convention(&[1, 2]);
    convention["debut"] = json!("2026-09-01");
    banc.conventionner(&temoin, &convention).await;
    let tableau = "/api/v1/tableau?niveau=departement&code=031&grain=semaine&debut=2026-11-02";
    let vue = banc
        .lire(&temoin, &format!("{tableau}&enfants=ecole"))
        .await;
    let vue = vue.json();
    let lignes = vue["lignes"].as_array().unwrap();
    let ligne = |code: &str| lignes.iter().find(|l| l["code"] == code).unwrap();
    let vus = |code: &str| {
        let champs = ["secteur", "tranche_effectif", "plateforme", "etat"];
        champs.map(|champ| ligne(code)[champ].clone())
    };
    assert_eq!(
        vus(&active),
        [
            json!("PU"),
            json!("100-199"),
            json!("ONE-OCC"),
            json!("actif")
        ]
    );
    assert_eq!(vus(&jamais)[3], "jamais_visite");
    assert_eq!(
        vus(&ecole(3)),
        [
            json!("PU"),
            json!("100-199"),
            json!(null),
            json!("non_deploye")
        ]
    );
    let chemin = format!("{tableau}&enfants=circonscription");
    let haut = banc.lire(&temoin, &chemin).await.json();
    assert!(haut["lignes"][0].get("etat").is_none(), "{haut}");
    let synthese = tableau.replace("tableau", "synthese");
    let vue = banc.lire(&temoin, &synthese).await.json();
    assert_eq!(
        vue["deploiement"],
        json!({"deployees": 2, "ouvertes": 2, "actives": 1, "jamais_visitees": 1})
    );
}
