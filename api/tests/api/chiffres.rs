//! Figures, from the lake to the answer.

use frequent_plan::{Grain, Niveau};
use serde_json::{Value, json};

use crate::annuaire::{circonscription, ecole};
use crate::banc::Banc;
use crate::evenements::{compter, poser};

async fn erreur_400(banc: &Banc, temoin: &str, chemin: &str) -> Value {
    let reponse = banc.lire(temoin, chemin).await;
    assert_eq!(reponse.statut, 400, "{chemin}");
    reponse.probleme()
}

#[tokio::test]
async fn a_schools_weeks_are_its_cells_and_nothing_else() {
    let banc = Banc::nouveau().await;
    let (une, autre) = (ecole(1), ecole(2));
    banc.cumuls(
        Niveau::Ecole,
        Grain::Semaine,
        "2026-11-09",
        &[
            (&une, "TOUS", "total", "TOTAL", 100),
            (&une, "ELEVE", "total", "TOTAL", 70),
            (&une, "TOUS", "service", "NOTES", 40),
            (&autre, "TOUS", "total", "TOTAL", 990),
        ],
    );
    banc.cumuls(
        Niveau::Ecole,
        Grain::Semaine,
        "2026-11-16",
        &[(&une, "TOUS", "total", "TOTAL", 30)],
    );
    let temoin = banc.temoin("toulousain").await;
    let chemin = format!(
        "/api/v1/cellules?niveau=ecole&code={une}&grain=semaine&du=2026-11-01&au=2026-11-30"
    );
    let reponse = banc.lire(&temoin, &chemin).await.json();
    assert_eq!(
        reponse["cellules"],
        json!([
            {"code": une, "debut": "2026-11-09", "fin": "2026-11-15", "en_cours": false,
             "profil": "TOUS", "axe": "total", "membre": "TOTAL",
             "etat": "mesure",
             "visites": 100, "utilisateurs": 50, "duree_ms": 6_000_000, "evenements": 300},
            {"code": une, "debut": "2026-11-16", "fin": "2026-11-22", "en_cours": true,
             "profil": "TOUS", "axe": "total", "membre": "TOTAL",
             "etat": "mesure",
             "visites": 30, "utilisateurs": 15, "duree_ms": 1_800_000, "evenements": 90},
        ])
    );
    assert_eq!(
        reponse["requete"],
        json!({"niveau": "ecole", "code": une, "dans": null, "grain": "semaine",
               "du": "2026-11-01", "au": "2026-11-30", "profil": "TOUS", "axe": "total",
               "membre": null, "frontieres": "alors"})
    );
    assert_eq!(reponse["couverture"]["premier_jour"], "2026-11-09");
    assert_eq!(reponse["couverture"]["dernier_jour"], "2026-11-22");
    assert_eq!(reponse["couverture"]["annuaire"], "2024-11-26");
    assert!(
        reponse["couverture"]["calcule_le"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
    assert!(reponse["definitions"]["total"].is_string());
    assert!(reponse["definitions"]["service"].is_null());
}

#[tokio::test]
async fn every_profile_or_one_member_may_be_asked() {
    let banc = Banc::nouveau().await;
    banc.cumuls(
        Niveau::Departement,
        Grain::Mois,
        "2026-10-01",
        &[
            ("031", "TOUS", "service", "NOTES", 40),
            ("031", "ELEVE", "service", "NOTES", 30),
            ("031", "ELEVE", "service", "ACCUEIL", 20),
        ],
    );
    let temoin = banc.temoin("toulousain").await;
    let base = "/api/v1/cellules?niveau=departement&code=031&grain=mois&du=2026-10-01\
                &au=2026-10-31&axe=service";
    let lus = async |suite: &str| -> Vec<(String, String)> {
        let reponse = banc.lire(&temoin, &format!("{base}{suite}")).await.json();
        let cellules = reponse["cellules"].as_array().unwrap().clone();
        let texte = |v: &Value| v.as_str().unwrap().to_owned();
        cellules
            .iter()
            .map(|c| (texte(&c["profil"]), texte(&c["membre"])))
            .collect()
    };
    let paire = |profil: &str, membre: &str| (profil.to_owned(), membre.to_owned());
    assert_eq!(
        lus("&profil=*").await,
        [
            paire("ELEVE", "ACCUEIL"),
            paire("ELEVE", "NOTES"),
            paire("TOUS", "NOTES")
        ]
    );
    assert_eq!(
        lus("&profil=ELEVE&membre=NOTES").await,
        [paire("ELEVE", "NOTES")]
    );
    assert_eq!(lus("").await, [paire("TOUS", "NOTES")]);
}

#[tokio::test]
async fn the_schools_inside_a_territory_are_those_of_the_perimeter() {
    let banc = Banc::nouveau().await;
    let codes: Vec<String> = (1..=7).map(ecole).collect();
    let lignes: Vec<_> = codes
        .iter()
        .map(|code| (code.as_str(), "TOUS", "total", "TOTAL", 50))
        .collect();
    banc.cumuls(Niveau::Ecole, Grain::Semaine, "2026-11-09", &lignes);
    let temoin = banc.temoin("regional").await;
    let chemin = |dans: &str| {
        format!(
            "/api/v1/cellules?niveau=ecole&dans={dans}&grain=semaine&du=2026-11-09&au=2026-11-09"
        )
    };
    let nombre = async |dans: &str| {
        let reponse = banc.lire(&temoin, &chemin(dans)).await.json();
        reponse["cellules"].as_array().unwrap().len()
    };
    assert_eq!(nombre("region:76").await, 7);
    assert_eq!(nombre("departement:031").await, 6);
    assert_eq!(
        nombre(&format!("circonscription:{}", circonscription(2))).await,
        2
    );
    assert_eq!(nombre("commune:34172").await, 1);
}

#[tokio::test]
async fn cells_as_csv_open_in_a_spreadsheet_without_running_anything() {
    let banc = Banc::nouveau().await;
    let lilas = ecole(2);
    banc.cumuls(
        Niveau::Ecole,
        Grain::Semaine,
        "2026-11-09",
        &[
            (&lilas, "TOUS", "outil", "@outil;\"x\"", 20),
            (&lilas, "TOUS", "outil", "=cmd()", 10),
        ],
    );
    let temoin = banc.temoin("toulousain").await;
    let chemin = format!(
        "/api/v1/cellules?niveau=ecole&code={lilas}&grain=semaine&du=2026-11-09&au=2026-11-09\
         &axe=outil&format=csv"
    );
    let reponse = banc.lire(&temoin, &chemin).await;
    assert_eq!(
        reponse.entete("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let depot = reponse.entete("content-disposition").unwrap();
    assert!(
        depot.starts_with("attachment; filename=\"frequent-ecole-") && depot.ends_with(".csv\"")
    );
    let attendu = format!(
        "\u{feff}code;nom;debut;fin;en_cours;profil;axe;membre;visites;utilisateurs;duree_ms;evenements;incidents\n\
         {lilas};'=Ecole des Lilas;2026-11-09;2026-11-15;non;TOUS;outil;'=cmd();10;5;600000;30;\n\
         {lilas};'=Ecole des Lilas;2026-11-09;2026-11-15;non;TOUS;outil;\"'@outil;\"\"x\"\"\";20;10;1200000;60;\n"
    );
    assert_eq!(reponse.texte(), attendu);
}

#[tokio::test]
async fn a_bad_parameter_is_named_with_what_would_be_accepted() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("regional").await;
    let bon = "niveau=departement&code=031&grain=semaine&du=2026-11-01&au=2026-11-30";
    for (requete, parametre) in [
        (
            "code=031&grain=semaine&du=2026-11-01&au=2026-11-30",
            "niveau",
        ),
        (
            "niveau=canton&code=031&grain=semaine&du=2026-11-01&au=2026-11-30",
            "niveau",
        ),
        (
            "niveau=departement&grain=semaine&du=2026-11-01&au=2026-11-30",
            "code",
        ),
        (&format!("{bon}&dans=region:76"), "code"),
        (
            "niveau=ecole&dans=031&grain=semaine&du=2026-11-01&au=2026-11-30",
            "dans",
        ),
        (
            "niveau=ecole&dans=canton:1&grain=semaine&du=2026-11-01&au=2026-11-30",
            "dans",
        ),
        (
            "niveau=departement&code=031&grain=heure&du=2026-11-01&au=2026-11-30",
            "grain",
        ),
        (
            "niveau=departement&code=031&grain=semaine&du=1/11/2026&au=2026-11-30",
            "du",
        ),
        (
            "niveau=departement&code=031&grain=semaine&du=2026-11-01",
            "au",
        ),
        (
            "niveau=departement&code=031&grain=semaine&du=2026-11-30&au=2026-11-01",
            "au",
        ),
        (
            "niveau=departement&code=031&grain=jour&du=2016-11-30&au=2026-11-01",
            "au",
        ),
        (&format!("{bon}&profil=DIRECTEUR"), "profil"),
        (&format!("{bon}&axe=couleur"), "axe"),
        (&format!("{bon}&format=xls"), "format"),
        (&format!("{bon}&couleur=bleu"), "couleur"),
        (&format!("{bon}&grain=jour"), "grain"),
    ] {
        let probleme = erreur_400(&banc, &temoin, &format!("/api/v1/cellules?{requete}")).await;
        assert_eq!(probleme["parametre"], parametre, "{requete}");
    }
    let probleme = erreur_400(&banc, &temoin, &format!("/api/v1/cellules?{bon}&axe=x")).await;
    assert_eq!(probleme["valeurs"][0], "total");
    let requete = "niveau=departement&code=031&grain=semaine&debut=2026-11-17";
    for chemin in ["synthese", "moments"] {
        let probleme = erreur_400(&banc, &temoin, &format!("/api/v1/{chemin}?{requete}")).await;
        assert_eq!(probleme["parametre"], "debut");
        assert_eq!(probleme["valeurs"], json!(["2026-11-16"]));
    }
    let probleme = erreur_400(&banc, &temoin, "/api/v1/territoires?limite=0").await;
    assert_eq!(probleme["parametre"], "limite");
    let calendrier = "/api/v1/calendrier?niveau=national&code=FR&annee=2026";
    assert_eq!(
        erreur_400(&banc, &temoin, calendrier).await["parametre"],
        "annee"
    );
}

#[tokio::test]
async fn a_week_that_is_over_is_compared_with_the_whole_week_before() {
    let banc = Banc::nouveau().await;
    let semaine = |jour, visites| {
        banc.cumuls(
            Niveau::Departement,
            Grain::Semaine,
            jour,
            &[
                ("031", "TOUS", "total", "TOTAL", visites),
                ("031", "PARENT", "total", "TOTAL", visites / 2),
            ],
        );
    };
    semaine("2026-11-09", 40);
    semaine("2026-11-02", 20);
    let temoin = banc.temoin("toulousain").await;
    let chemin = "/api/v1/synthese?niveau=departement&code=031&grain=semaine&debut=2026-11-09";
    let reponse = banc.lire(&temoin, chemin).await.json();
    assert_eq!(
        reponse["periode"],
        json!({"grain": "semaine", "debut": "2026-11-09", "fin": "2026-11-15",
               "en_cours": false, "jours_ecoules": 7, "jours": 7})
    );
    assert_eq!(
        reponse["precedente"],
        json!({"debut": "2026-11-02", "fin": "2026-11-08"})
    );
    let profils = reponse["profils"].as_array().unwrap();
    assert_eq!(profils.len(), 7);
    let mesures = |visites: i64| {
        json!({"etat": "mesure", "visites": visites, "utilisateurs": (visites + 1) / 2,
               "duree_ms": visites * 60_000, "evenements": visites * 3})
    };
    assert_eq!(
        profils[0],
        json!({"profil": "TOUS", "mesures": mesures(40), "comparees": mesures(40),
               "precedentes": mesures(20), "an_dernier": null,
               "englobant": {"visites_par_utilisateur": null, "taux_utilisateurs": null,
                             "duree_moyenne_ms": null},
               "effectif": null, "taux_utilisateurs": null})
    );
    assert_eq!(profils[1]["profil"], "ELEVE");
    assert_eq!(profils[1]["mesures"], mesures(0));
    assert_eq!(profils[2]["precedentes"], mesures(10));
    // Nothing was counted the week before that.
    let chemin = "/api/v1/synthese?niveau=departement&code=031&grain=semaine&debut=2026-11-02";
    let reponse = banc.lire(&temoin, chemin).await.json();
    assert_eq!(reponse["profils"][0]["precedentes"], Value::Null);
}

#[tokio::test]
async fn moments_add_the_days_of_the_period_by_weekday_and_local_hour() {
    let banc = Banc::nouveau().await;
    let lignes = [
        ("031", "TOUS", "heure", "8", 50),
        ("031", "TOUS", "heure", "17", 20),
        ("031", "ELEVE", "heure", "8", 40),
    ];
    banc.cumuls_entre(
        Niveau::Departement,
        Grain::Jour,
        ("2026-11-01", "2026-11-10"),
        &lignes,
    );
    let temoin = banc.temoin("toulousain").await;
    let chemin = "/api/v1/moments?niveau=departement&code=031&grain=mois&debut=2026-11-01";
    let reponse = banc.lire(&temoin, chemin).await.json();
    // Two Mondays and two Tuesdays, one Sunday: 1 November 2026 is one.
    let visites = |jour: usize, heure: usize| reponse["jours"][jour]["heures"][heure].clone();
    assert_eq!(reponse["jours"].as_array().unwrap().len(), 7);
    assert_eq!(reponse["jours"][0]["jour"], 1);
    assert_eq!(
        (visites(0, 8), visites(1, 17), visites(2, 8)),
        (100.into(), 40.into(), 50.into())
    );
    assert_eq!((visites(6, 8), visites(0, 9)), (100.into(), 0.into()));
    let csv = banc
        .lire(&temoin, &format!("{chemin}&profil=ELEVE&format=csv"))
        .await;
    let texte = csv.texte();
    assert!(texte.starts_with("\u{feff}jour;heure;visites\n1;0;0\n"));
    assert_eq!(texte.lines().count(), 1 + 7 * 24);
    assert!(texte.contains("\n1;8;80\n"));
}

#[tokio::test]
async fn the_table_has_a_row_for_every_school_even_without_a_visit() {
    let banc = Banc::nouveau().await;
    let (une, deux) = (ecole(1), ecole(2));
    banc.cumuls(
        Niveau::Ecole,
        Grain::Semaine,
        "2026-11-09",
        &[(&une, "TOUS", "total", "TOTAL", 100)],
    );
    banc.cumuls(
        Niveau::Ecole,
        Grain::Semaine,
        "2026-11-02",
        &[(&une, "TOUS", "total", "TOTAL", 60)],
    );
    let temoin = banc.temoin("conseiller").await;
    let chemin = format!(
        "/api/v1/tableau?niveau=circonscription&code={}&enfants=ecole&grain=semaine&debut=2026-11-09",
        circonscription(1)
    );
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let lignes = reponse["lignes"].as_array().unwrap();
    // The closed school, without a visit, is not there.
    assert_eq!(lignes.len(), 2, "{lignes:?}");
    let ligne = |code: &str| lignes.iter().find(|l| l["code"] == code).unwrap();
    assert_eq!(ligne(&une)["nom"], "Ecole élémentaire Jean Jaurès");
    assert_eq!(ligne(&une)["type"], "Ecole");
    assert_eq!(ligne(&une)["mesures"]["visites"], 100);
    assert_eq!(ligne(&une)["precedentes"]["visites"], 60);
    // No tag was ever seen from there: this is no zero.
    assert_eq!(ligne(&deux)["mesures"]["etat"], "non_mesure");
    assert_eq!(ligne(&deux)["precedentes"]["visites"], 0);
    let semaines = reponse["semaines"].as_array().unwrap();
    assert_eq!(semaines.first().unwrap(), "2026-08-03");
    assert_eq!(semaines.last().unwrap(), "2026-11-16");
    let serie = ligne(&une)["serie"].as_array().unwrap();
    assert_eq!(serie.len(), semaines.len());
    assert_eq!(serie[semaines.len() - 2], 100);
    assert_eq!(serie[semaines.len() - 3], 60);
    let csv = banc.lire(&temoin, &format!("{chemin}&format=csv")).await;
    let entete = csv.texte().lines().next().unwrap().to_owned();
    assert!(entete.starts_with("\u{feff}code;nom;precision;type;visites;utilisateurs;"));
    assert!(entete.ends_with(";visites_semaine_2026-11-16"));
    assert!(
        csv.texte()
            .contains(";'=Ecole des Lilas;Toulouse (Haute-Garonne);Ecole;non mesuré;non mesuré;non mesuré;non mesuré;")
    );
}

#[tokio::test]
async fn a_week_that_is_not_over_is_compared_over_its_whole_elapsed_days() {
    let banc = Banc::nouveau().await;
    let (une, deux, ailleurs) = (ecole(1), ecole(3), ecole(5));
    // The week before: ten persons, 1, come on Monday and Friday, ten others, 2, on Tuesday, in two schools.
    poser(
        &banc.lac,
        "2026-11-09",
        &[(&une, "ELEVE", 1), (&ailleurs, "ELEVE", 9)],
    );
    poser(
        &banc.lac,
        "2026-11-10",
        &[(&une, "PARENT", 2), (&deux, "PARENT", 2)],
    );
    poser(&banc.lac, "2026-11-13", &[(&une, "ELEVE", 1)]);
    // This week: 1 and 3 on Monday, 1 again on Thursday, and 4 today, Friday.
    poser(
        &banc.lac,
        "2026-11-16",
        &[(&une, "ELEVE", 1), (&une, "ELEVE", 3)],
    );
    poser(&banc.lac, "2026-11-19", &[(&une, "ELEVE", 1)]);
    poser(&banc.lac, "2026-11-20", &[(&deux, "ENSEIGNANT", 4)]);
    compter(&banc.lac, "2026-11-20T09:00:00Z");
    let temoin = banc.temoin("toulousain").await;
    let chemin = "/api/v1/synthese?niveau=departement&code=031&grain=semaine&debut=2026-11-16";
    let reponse = banc.lire(&temoin, chemin).await.json();
    assert_eq!(
        reponse["periode"],
        json!({"grain": "semaine", "debut": "2026-11-16", "fin": "2026-11-22",
               "en_cours": true, "jours_ecoules": 4, "jours": 7})
    );
    assert_eq!(
        reponse["precedente"],
        json!({"debut": "2026-11-09", "fin": "2026-11-12"})
    );
    let tous = &reponse["profils"][0];
    let paire = |mesures: &Value| (mesures["visites"].clone(), mesures["utilisateurs"].clone());
    // Today counts in the figures, not in the comparison; last Friday neither.
    assert_eq!(paire(&tous["mesures"]), (40.into(), 30.into()));
    assert_eq!(paire(&tous["comparees"]), (30.into(), 20.into()));
    assert_eq!(paire(&tous["precedentes"]), (30.into(), 20.into()));
    let parents = &reponse["profils"][2];
    assert_eq!(paire(&parents["comparees"]), (0.into(), 0.into()));
    assert_eq!(paire(&parents["precedentes"]), (20.into(), 10.into()));

    let chemin = "/api/v1/tableau?niveau=departement&code=031&enfants=ecole&grain=semaine\
                  &debut=2026-11-16";
    let reponse = banc.lire(&temoin, chemin).await.json();
    let lignes = reponse["lignes"].as_array().unwrap();
    let ligne = |code: &str| lignes.iter().find(|l| l["code"] == code).unwrap();
    assert_eq!(paire(&ligne(&une)["comparees"]), (30.into(), 20.into()));
    assert_eq!(paire(&ligne(&une)["precedentes"]), (20.into(), 20.into()));
    assert_eq!(paire(&ligne(&deux)["mesures"]), (10.into(), 10.into()));
    assert_eq!(paire(&ligne(&deux)["comparees"]), (0.into(), 0.into()));
    assert!(lignes.iter().all(|l| l["code"] != ailleurs));

    // A late event of an elapsed day: what was kept of it is not served again.
    poser(
        &banc.lac,
        "2026-11-19",
        &[(&une, "ELEVE", 1), (&une, "ELEVE", 5)],
    );
    compter(&banc.lac, "2026-11-20T09:00:00Z");
    let chemin = "/api/v1/synthese?niveau=departement&code=031&grain=semaine&debut=2026-11-16";
    let reponse = banc.lire(&temoin, chemin).await.json();
    assert_eq!(
        paire(&reponse["profils"][0]["comparees"]),
        (40.into(), 30.into())
    );
}

#[tokio::test]
async fn on_its_first_day_or_after_a_blank_a_period_is_compared_with_nothing() {
    let banc = Banc::nouveau().await;
    let une = ecole(1);
    poser(&banc.lac, "2026-11-19", &[(&une, "ELEVE", 1)]);
    poser(&banc.lac, "2026-11-20", &[(&une, "ELEVE", 1)]);
    compter(&banc.lac, "2026-11-20T09:00:00Z");
    let temoin = banc.temoin("toulousain").await;
    for (grain, debut, precedente) in [
        ("jour", "2026-11-20", Value::Null),
        (
            "semaine",
            "2026-11-16",
            json!({"debut": "2026-11-09", "fin": "2026-11-12"}),
        ),
    ] {
        let chemin =
            format!("/api/v1/synthese?niveau=ecole&code={une}&grain={grain}&debut={debut}");
        let reponse = banc.lire(&temoin, &chemin).await.json();
        assert_eq!(reponse["precedente"], precedente);
        assert_eq!(reponse["profils"][0]["mesures"]["utilisateurs"], 10);
        assert_eq!(reponse["profils"][0]["comparees"], Value::Null);
        assert_eq!(reponse["profils"][0]["precedentes"], Value::Null);
    }
}
