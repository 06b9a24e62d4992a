//! Whom to visit, how far schools have come, and whether a visit helped.

use std::time::Duration;

use frequent_api::comptes::{MotDePasse, Perimetre};
use frequent_plan::{Grain, Niveau};
use serde_json::{Value, json};

use crate::annuaire::ecole;
use crate::banc::{Banc, Ligne, MOT_DE_PASSE, convention};
use crate::client::Reponse;

/// The school weeks that are over on Friday 20 November 2026: the Toussaint holidays are in between.
const RECENTES: [&str; 4] = ["2026-10-05", "2026-10-12", "2026-11-02", "2026-11-09"];
/// The same a year before.
const AVANT: [&str; 4] = ["2025-10-06", "2025-10-13", "2025-11-03", "2025-11-10"];

fn total<'a>(code: &'a str, profil: &'a str, visites: i64) -> Ligne<'a> {
    (code, profil, "total", "TOTAL", visites)
}

/// School 1 fell, school 2 has teachers and no parent, school 3 has both, school 4 nobody.
async fn terrain() -> Banc {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    banc.conventionner(&temoin, &convention(&[1, 2, 3, 4]))
        .await;
    let [un, deux, trois] = [1, 2, 3].map(ecole);
    let semaine = |visites: i64| {
        vec![
            total(&un, "TOUS", visites),
            total(&un, "ENSEIGNANT", 20),
            total(&un, "PARENT", 20),
            total(&deux, "TOUS", 60),
            total(&deux, "ENSEIGNANT", 60),
            total(&trois, "TOUS", 80),
            total(&trois, "ENSEIGNANT", 40),
            total(&trois, "PARENT", 40),
        ]
    };
    for lundi in RECENTES {
        banc.cumuls(Niveau::Ecole, Grain::Semaine, lundi, &semaine(40));
        banc.cumuls(Niveau::Ecole, Grain::Jour, lundi, &semaine(40));
    }
    for lundi in AVANT {
        banc.cumuls(Niveau::Ecole, Grain::Semaine, lundi, &semaine(100));
    }
    banc.cumuls(Niveau::Ecole, Grain::Annee, "2026-08-01", &semaine(160));
    banc
}

const TOURNEE: &str = "/api/v1/tournee?niveau=departement&code=031";

fn raisons(tournee: &Value) -> Vec<(String, String)> {
    let ecoles = tournee["ecoles"].as_array().unwrap().iter();
    let texte = |valeur: &Value| valeur.as_str().unwrap().to_owned();
    ecoles
        .map(|e| (texte(&e["uai"]), texte(&e["raison"])))
        .collect()
}

#[tokio::test]
async fn each_school_to_visit_has_its_reason_and_the_rest_is_not_on_the_list() {
    let banc = terrain().await;
    let temoin = banc.temoin("toulousain").await;
    let reponse = banc.lire(&temoin, TOURNEE).await;
    assert_eq!(reponse.statut, 200, "{}", reponse.texte());
    let reponse = reponse.json();
    assert_eq!(reponse["semaine"], "2026-11-16");
    let attendues = [(4, "jamais_commence"), (1, "chute"), (2, "sans_parents")];
    let attendues = attendues.map(|(n, raison)| (ecole(n), raison.to_owned()));
    assert_eq!(raisons(&reponse), attendues, "{reponse}");
    let phrase = reponse["ecoles"][1]["phrase"].as_str().unwrap();
    assert!(phrase.starts_with("160\u{a0}visites"), "{phrase}");
    assert!(phrase.contains("contre 400"), "{phrase}");
    // The same for the whole week, and for who sees a part of it.
    let encore = banc.lire(&temoin, TOURNEE).await.json();
    assert_eq!(encore, reponse);
    let chemin = format!("/api/v1/tournee?niveau=ecole&code={}", ecole(4));
    let une = banc.lire(&temoin, &chemin).await.json();
    assert_eq!(raisons(&une), attendues[..1]);
}

#[tokio::test]
async fn a_school_seen_is_marked_this_week_and_silent_the_next() {
    let banc = terrain().await;
    let temoin = banc.temoin("toulousain").await;
    let vue = format!("/api/v1/tournee/{}/vue", ecole(4));
    let corps = json!({"semaines": 4});
    let notee = banc.ecrire(&temoin, ("POST", &vue), &corps).await;
    assert_eq!(notee.statut, 204, "{}", notee.texte());
    let trop = json!({"semaines": 53});
    let refus = banc.ecrire(&temoin, ("POST", &vue), &trop).await;
    assert_eq!(refus.probleme()["parametre"], "semaines");
    let reponse = banc.lire(&temoin, TOURNEE).await.json();
    assert_eq!(reponse["ecoles"][0]["uai"], ecole(4));
    assert_eq!(reponse["ecoles"][0]["vue_le"], "2026-11-20");
    assert_eq!(reponse["ecoles"][1]["vue_le"], Value::Null);
    assert_eq!(reponse["silencieuses"], 0);
    banc.horloge.avancer(Duration::from_hours(7 * 24));
    let temoin = banc.temoin("toulousain").await;
    let apres = banc.lire(&temoin, TOURNEE).await.json();
    assert!(!apres["ecoles"].to_string().contains(&ecole(4)), "{apres}");
    assert_eq!(apres["silencieuses"], 1);
    // It is silent for who saw it only.
    let regional = banc.temoin("regional").await;
    let autre = banc.lire(&regional, TOURNEE).await.json();
    assert!(autre["ecoles"].to_string().contains(&ecole(4)), "{autre}");
    let vide = json!({});
    let oubli = banc.ecrire(&temoin, ("DELETE", &vue), &vide).await;
    assert_eq!(oubli.statut, 204);
    let apres = banc.lire(&temoin, TOURNEE).await.json();
    assert!(apres["ecoles"].to_string().contains(&ecole(4)), "{apres}");
}

#[tokio::test]
async fn a_head_and_a_provider_have_no_round_of_visits_nor_log() {
    let banc = terrain().await;
    let perimetre: Perimetre = format!("ecole:{}", ecole(1)).parse().unwrap();
    let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
    let comptes = banc.etat.comptes();
    let cree = comptes.creer("directrice", "Directrice", mot_de_passe, perimetre);
    cree.await.unwrap();
    for qui in ["directrice", "fournisseur"] {
        let temoin = banc.temoin(qui).await;
        for route in ["tournee", "suivi"] {
            let chemin = format!("/api/v1/{route}?niveau=ecole&code={}", ecole(1));
            assert_eq!(banc.lire(&temoin, &chemin).await.statut, 403, "{qui}");
        }
        let vue = format!("/api/v1/tournee/{}/vue", ecole(1));
        let corps = json!({"semaines": 4});
        let refus = banc.ecrire(&temoin, ("POST", &vue), &corps).await;
        assert_eq!(refus.statut, 403, "{qui}");
    }
}

#[tokio::test]
async fn each_school_stands_on_the_ladder_with_the_days_it_has_been_there() {
    let banc = terrain().await;
    let temoin = banc.temoin("toulousain").await;
    let chemin = "/api/v1/parcours?niveau=departement&code=031";
    let reponse = banc.lire(&temoin, chemin).await;
    assert_eq!(reponse.statut, 200, "{}", reponse.texte());
    let reponse = reponse.json();
    let ecoles = reponse["ecoles"].as_array().unwrap();
    let place = |numero: u32| {
        let uai = ecole(numero);
        let une = ecoles.iter().find(|e| e["uai"] == uai).unwrap();
        (
            une["etape"].clone(),
            une["depuis"].clone(),
            une["jours"].clone(),
        )
    };
    // Three of the weeks of 6 and 13 October, 3 and 10 November 2025: the third makes it regular.
    assert_eq!(
        place(1),
        (json!("regulier"), json!("2025-11-03"), json!(382))
    );
    assert_eq!(
        place(2),
        (json!("enseignant"), json!("2025-10-06"), json!(410))
    );
    assert_eq!(
        place(4),
        (json!("convention"), json!("2025-09-01"), json!(445))
    );
    assert_eq!(ecoles.len(), 4);
    let etapes = reponse["etapes"].as_array().unwrap();
    let nombres: Vec<&Value> = etapes.iter().map(|e| &e["ecoles"]).collect();
    assert_eq!(nombres, [1, 0, 0, 1, 0, 2]);
    assert_eq!(etapes[0]["jours_medians"], 445);
    assert_eq!(etapes[1]["jours_medians"], Value::Null);
}

/// Twelve schools of the same kind: the same weekly visits before and after 8 October 2025, but for
/// school 20 whose visits double.
async fn semblables() -> Banc {
    let (banc, uais) = Banc::avec_semblables().await;
    let semaine = |premiere: i64| -> Vec<Ligne<'_>> {
        let visites = (0_i64..).map(|rang| if rang == 0 { premiere } else { 100 + 10 * rang });
        let lignes = uais.iter().zip(visites);
        lignes.map(|(uai, v)| total(uai, "TOUS", v)).collect()
    };
    for lundi in ["2025-09-08", "2025-09-15", "2025-09-22", "2025-09-29"] {
        banc.cumuls(Niveau::Ecole, Grain::Semaine, lundi, &semaine(100));
        banc.cumuls(Niveau::Ecole, Grain::Jour, lundi, &semaine(100));
    }
    for lundi in ["2025-10-13", "2025-11-03", "2025-11-10", "2025-11-17"] {
        banc.cumuls(Niveau::Ecole, Grain::Semaine, lundi, &semaine(200));
        banc.cumuls(Niveau::Ecole, Grain::Jour, lundi, &semaine(200));
    }
    banc
}

fn action(numero: u32, jour: &str) -> Value {
    json!({"uai": ecole(numero), "jour": jour, "genre": "formation", "note": "Messagerie"})
}

const SUIVI: &str = "/api/v1/suivi";

async fn noter(banc: &Banc, temoin: &str, (numero, jour): (u32, &str)) -> Reponse {
    let action = action(numero, jour);
    banc.ecrire(temoin, ("POST", SUIVI), &action).await
}

#[tokio::test]
async fn an_action_is_told_with_the_visits_before_and_after_beside_comparable_schools() {
    let banc = semblables().await;
    let temoin = banc.temoin("conseiller").await;
    let notee = noter(&banc, &temoin, (20, "2025-10-08"));
    let notee = notee.await;
    assert_eq!(notee.statut, 201, "{}", notee.texte());
    let attendu = json!({"avant": 100.0, "apres": 200.0, "avant_pairs": 160.0,
        "apres_pairs": 160.0, "ecoles_pairs": 11});
    assert_eq!(notee.json()["effet"], attendu, "{}", notee.texte());
    let liste = format!("{SUIVI}?niveau=departement&code=031");
    let toulousain = banc.temoin("toulousain").await;
    let lue = banc.lire(&toulousain, &liste).await.json();
    let lue = &lue["actions"][0];
    assert_eq!(lue["effet"], attendu);
    assert_eq!(
        (&lue["par"], &lue["modifiable"]),
        (&json!("conseiller"), &json!(false))
    );
    let recente = noter(&banc, &temoin, (20, "2026-11-10"));
    let recente = recente.await.json();
    assert_eq!(recente["effet"], Value::Null);
    assert!(
        recente["refus"].as_str().unwrap().contains("s’achèvent"),
        "{recente}"
    );
    let seule = noter(&banc, &toulousain, (7, "2025-10-08"));
    let seule = seule.await.json();
    assert_eq!(
        seule["refus"],
        "L’école n’a pas été mesurée sur ces semaines."
    );
}

#[tokio::test]
async fn an_action_is_changed_by_who_wrote_it_down_only() {
    let banc = semblables().await;
    let temoin = banc.temoin("conseiller").await;
    let notee = noter(&banc, &temoin, (1, "2026-11-10"));
    let id = notee.await.json()["id"].as_str().unwrap().to_owned();
    let chemin = format!("{SUIVI}/{id}");
    let mut autre = action(2, "2026-11-12");
    autre["genre"] = json!("appel");
    let toulousain = banc.temoin("toulousain").await;
    for methode in ["PUT", "DELETE"] {
        let refus = banc.ecrire(&toulousain, (methode, &chemin), &autre).await;
        assert_eq!(refus.statut, 404);
    }
    let corrigee = banc.ecrire(&temoin, ("PUT", &chemin), &autre).await.json();
    assert_eq!(
        (&corrigee["uai"], &corrigee["genre"]),
        (&json!(ecole(2)), &json!("appel"))
    );
    // Neither for a school of others, nor before it is done.
    let refus = noter(&banc, &temoin, (4, "2026-11-10"));
    assert_eq!(refus.await.statut, 403);
    let refus = noter(&banc, &temoin, (1, "2026-11-21"));
    assert_eq!(refus.await.statut, 400);
    let effacee = banc.ecrire(&temoin, ("DELETE", &chemin), &json!({})).await;
    assert_eq!(effacee.statut, 204);
    let liste = format!("{SUIVI}?niveau=departement&code=031");
    let lue = banc.lire(&toulousain, &liste).await.json();
    assert_eq!(lue["actions"], json!([]));
}
