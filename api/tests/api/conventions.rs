//! Conventions and deployment, as callers of several perimeters see them.

use frequent_plan::{Grain, Niveau};
use serde_json::{Value, json};

use crate::annuaire::ecole;
use crate::banc::{Banc, convention};

fn saisie(id: &str, ecoles: &[u32]) -> Value {
    let mut saisie = convention(ecoles);
    saisie["id"] = json!(id);
    saisie
}

const LISTE: &str = "/api/v1/conventions";

async fn creer(banc: &Banc, temoin: &str, saisie: &Value) -> u16 {
    let reponse = banc.ecrire(temoin, ("POST", LISTE), saisie).await;
    reponse.statut
}

#[tokio::test]
async fn a_convention_is_entered_renewed_ended_and_its_end_undone() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let creee = banc.conventionner(&temoin, &convention(&[1, 2])).await;
    assert_eq!(creee["autorite_nom"], "Toulouse");
    assert_eq!(creee["etat"], "en_vigueur");
    assert_eq!(creee["ecoles"].as_array().unwrap().len(), 2);

    let vide = json!({});
    let chemin = "/api/v1/conventions/T-1/reconduction";
    let reconduite = banc.ecrire(&temoin, ("POST", chemin), &vide).await.json();
    assert_eq!(reconduite["fin"], "2028-08-31");
    assert_eq!(reconduite["reconductions"][0]["avant"], "2027-08-31");

    let chemin = "/api/v1/conventions/T-1/fin";
    let fin = json!({"date": "2026-11-10", "cumuls": "detruire"});
    let terminee = banc.ecrire(&temoin, ("POST", chemin), &fin).await.json();
    assert_eq!(terminee["etat"], "terminee");
    assert_eq!(terminee["cloture"]["destruction_avant"], "2026-11-25");
    let encore = banc.ecrire(&temoin, ("POST", chemin), &fin).await;
    assert_eq!(encore.statut, 422);
    assert!(
        encore.probleme()["detail"]
            .as_str()
            .unwrap()
            .contains("annulez")
    );
    let rouverte = banc.ecrire(&temoin, ("DELETE", chemin), &vide).await.json();
    assert_eq!(rouverte["cloture"], Value::Null);

    let mut modifiee = saisie("T-1", &[1, 2, 3]);
    modifiee["prix"] = json!("50.00");
    let chemin = "/api/v1/conventions/T-1";
    let modifiee = banc
        .ecrire(&temoin, ("PUT", chemin), &modifiee)
        .await
        .json();
    assert_eq!(
        (&modifiee["prix"], &modifiee["nombre_ecoles"]),
        (&json!("50,00"), &json!(3))
    );

    let ministere = banc.temoin("ministere").await;
    let audit = banc
        .lire(&ministere, "/api/v1/audit?acteur=toulousain")
        .await;
    let audit = audit.texte();
    for fait in ["creee", "reconduite", "terminee", "fin_annulee", "modifiee"] {
        assert!(audit.contains(fait), "{fait} {audit}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_by_field() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let mut cas = Vec::new();
    for (champ, valeur) in [
        ("siret", json!("21310555400018")),
        ("fin", json!("31/08/2027")),
        ("prix", json!("beaucoup")),
        ("plateforme", json!("")),
    ] {
        let mut saisie = saisie("T-1", &[1]);
        saisie[champ] = valeur;
        cas.push((champ, saisie));
    }
    for (champ, saisie) in cas {
        let refus = banc.ecrire(&temoin, ("POST", LISTE), &saisie).await;
        assert_eq!(refus.statut, 400, "{champ}");
        assert_eq!(refus.probleme()["parametre"], champ);
    }
    // School 6 is closed, the period is upside down, the reference is taken.
    assert_eq!(creer(&banc, &temoin, &saisie("T-1", &[6])).await, 422);
    let mut envers = saisie("T-1", &[1]);
    envers["fin"] = json!("2025-08-31");
    assert_eq!(creer(&banc, &temoin, &envers).await, 422);
    assert_eq!(creer(&banc, &temoin, &saisie("T-1", &[1])).await, 200);
    assert_eq!(creer(&banc, &temoin, &saisie("T-1", &[2])).await, 409);
    assert_eq!(creer(&banc, &temoin, &saisie("T-2", &[1])).await, 422);
}

#[tokio::test]
async fn each_sees_the_schools_of_the_perimeter_and_writes_only_whole_conventions() {
    let banc = Banc::nouveau().await;
    let ministere = banc.temoin("ministere").await;
    // Schools 1 and 2 are in the adviser's circonscription, 4 in another, 5 in another département.
    assert_eq!(
        creer(&banc, &ministere, &saisie("large", &[1, 4, 5])).await,
        200
    );
    assert_eq!(creer(&banc, &ministere, &saisie("herault", &[])).await, 422);

    let toulousain = banc.temoin("toulousain").await;
    let vue = banc
        .lire(&toulousain, "/api/v1/conventions/large")
        .await
        .json();
    assert_eq!(vue["nombre_ecoles"], 2);
    assert!(!vue.to_string().contains(&ecole(5)));
    let fin = json!({"date": "2026-11-10", "cumuls": "garder"});
    let chemin = "/api/v1/conventions/large/fin";
    assert_eq!(
        banc.ecrire(&toulousain, ("POST", chemin), &fin)
            .await
            .statut,
        403
    );
    assert_eq!(
        creer(&banc, &toulousain, &saisie("ailleurs", &[5])).await,
        403
    );

    let conseiller = banc.temoin("conseiller").await;
    let liste = banc.lire(&conseiller, LISTE).await.json();
    assert_eq!(liste["conventions"][0]["nombre_ecoles"], 1);
    assert_eq!(creer(&banc, &conseiller, &saisie("c", &[2])).await, 403);

    let fournisseur = banc.temoin("fournisseur").await;
    assert_eq!(banc.lire(&fournisseur, LISTE).await.statut, 403);
    let absente = banc.lire(&toulousain, "/api/v1/conventions/rien").await;
    assert_eq!(absente.statut, 404);
}

#[tokio::test]
async fn a_file_is_tried_then_imported_with_its_refusals() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let csv = format!(
        "convention;commune;editeur;plateforme;uai;debut;fin;prix\n\
         T-1;31555;Édifice;ONE-OCC;{};01/09/2026;31/08/2027;45,00\n\
         T-1;31555;Édifice;ONE-OCC;{};01/09/2026;31/08/2027;45,00\n\
         M-1;34172;Édifice;ONE-OCC;{};01/09/2026;31/08/2027;45,00\n",
        ecole(1),
        ecole(6),
        ecole(5)
    );
    let chemin = "/api/v1/conventions/import";
    for essai in [true, false] {
        let corps = json!({"csv": csv, "essai": essai});
        let lu = banc.ecrire(&temoin, ("POST", chemin), &corps).await.json();
        assert_eq!(
            (&lu["acceptees"], &lu["conventions"][0]["id"]),
            (&json!(1), &json!("T-1"))
        );
        assert_eq!(lu["refus"][0]["ligne"], 3);
        assert_eq!(lu["refus"][0]["colonne"], "uai");
        assert!(lu["refus"][1]["raison"].as_str().unwrap().contains("M-1"));
        let enregistrees = banc.lire(&temoin, LISTE).await.json();
        let nombre = enregistrees["conventions"].as_array().unwrap().len();
        assert_eq!(nombre, usize::from(!essai));
    }
    let corps = json!({"csv": "uai;plateforme\n", "essai": false});
    let refus = banc.ecrire(&temoin, ("POST", chemin), &corps).await;
    assert_eq!(refus.probleme()["parametre"], "csv");
}

/// Visits of a week: school 1 on two days with a teacher, 2 on two days without, 3 on one day; 4
/// never; 5 is not asked.
fn visiter(banc: &Banc) {
    let (un, deux, trois) = (ecole(1), ecole(2), ecole(3));
    let lundi = [
        (un.as_str(), "TOUS", "total", "TOTAL", 20),
        (un.as_str(), "ENSEIGNANT", "total", "TOTAL", 3),
        (deux.as_str(), "TOUS", "total", "TOTAL", 9),
        (trois.as_str(), "TOUS", "total", "TOTAL", 7),
        (trois.as_str(), "ENSEIGNANT", "total", "TOTAL", 1),
    ];
    banc.cumuls(Niveau::Ecole, Grain::Jour, "2026-11-09", &lundi);
    banc.cumuls(Niveau::Ecole, Grain::Jour, "2026-11-13", &lundi[..3]);
    banc.cumuls(Niveau::Ecole, Grain::Semaine, "2026-11-09", &lundi);
    for (grain, jour) in [(Grain::Mois, "2026-11-01"), (Grain::Annee, "2026-08-01")] {
        banc.cumuls(Niveau::Ecole, grain, jour, &lundi);
    }
}

const SEMAINE: &str = "niveau=departement&code=031&grain=semaine&debut=2026-11-09";

#[tokio::test]
async fn schools_are_active_open_or_never_visited() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let chemin = format!("/api/v1/deploiement?{SEMAINE}");
    let rien = banc.lire(&temoin, &chemin).await.json();
    assert_eq!(rien["deployees"], Value::Null);

    assert_eq!(
        creer(&banc, &temoin, &saisie("T-1", &[1, 2, 3, 4])).await,
        200
    );
    visiter(&banc);
    let vu = banc.lire(&temoin, &chemin).await.json();
    for (compte, nombre) in [
        ("deployees", 4),
        ("ouvertes", 4),
        ("actives", 1),
        ("jamais_visitees", 1),
    ] {
        assert_eq!(vu[compte], nombre, "{compte} {vu}");
    }
    let etat = |numero: u32| {
        let ecoles = vu["ecoles"].as_array().unwrap();
        let uai = ecole(numero);
        let trouvee = ecoles.iter().find(|e| e["uai"] == uai.as_str()).unwrap();
        (trouvee["etat"].clone(), trouvee["raison"].clone())
    };
    assert_eq!(etat(1).0, "active");
    assert_eq!(etat(2).0, "ouverte");
    assert_eq!(etat(2).1, "aucune visite d’enseignant dans la période");
    assert_eq!(etat(3).1, "visites sur moins de 2 jours de la période");
    assert_eq!(etat(4).0, "jamais_visitee");
    assert_eq!(
        vu["courbe"][0],
        json!({"annee": "2025-2026", "deployees": 4})
    );
    assert_eq!(vu["participation"][0]["total"], "180,00");
}

const COURBE: &str = "/api/v1/deploiement/courbe?niveau=departement&code=031";

#[tokio::test]
async fn the_curve_tells_each_month_how_many_are_deployed_visited_and_never_visited() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let rien = banc.lire(&temoin, COURBE).await.json();
    assert_eq!(rien["mois"], json!([]));

    // The fifth comes with November, the fourth stays empty, the first is visited in October alone.
    let mut saisie = saisie("T-1", &[1, 2, 3, 4, 7]);
    saisie["ecoles"][4]["entree"] = json!("2026-11-01");
    assert_eq!(creer(&banc, &temoin, &saisie).await, 200);
    let [un, deux, trois, sept] = [1, 2, 3, 7].map(ecole);
    let total = |uai, visites| (uai, "TOUS", "total", "TOTAL", visites);
    let mois = |debut, lignes: &[_]| banc.cumuls(Niveau::Ecole, Grain::Mois, debut, lignes);
    mois("2026-10-01", &[total(&*un, 30), total(&deux, 20)]);
    mois(
        "2026-11-01",
        &[total(&*deux, 20), total(&trois, 20), total(&sept, 1)],
    );
    let vu = banc.lire(&temoin, COURBE).await.json();
    let mois = vu["mois"].as_array().unwrap();
    assert_eq!(mois.len(), 15);
    assert_eq!(
        mois[..1],
        [json!({"jour": "2025-09-01", "deployees": 4, "visitees": null, "jamais_visitees": null})]
    );
    assert_eq!(
        mois[13..],
        [
            json!({"jour": "2026-10-01", "deployees": 4, "visitees": 2, "jamais_visitees": 2}),
            json!({"jour": "2026-11-01", "deployees": 5, "visitees": 3, "jamais_visitees": 1}),
        ]
    );
    let conseiller = banc.temoin("conseiller").await;
    assert_eq!(banc.lire(&conseiller, COURBE).await.statut, 403);
}

#[tokio::test]
async fn a_school_that_left_during_the_period_is_no_longer_open_at_its_end() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let mut partante = saisie("T-1", &[1, 4]);
    partante["ecoles"][1]["sortie"] = json!("2026-11-11");
    assert_eq!(creer(&banc, &temoin, &partante).await, 200);
    visiter(&banc);
    let chemin = format!("/api/v1/deploiement?{SEMAINE}");
    let vu = banc.lire(&temoin, &chemin).await.json();
    assert_eq!((&vu["deployees"], &vu["ouvertes"]), (&json!(2), &json!(1)));
    assert_eq!(vu["ecoles"][1]["etat"], "non_deployee");
    assert_eq!(
        vu["ecoles"][1]["raison"],
        "sous convention jusqu’au 11\u{a0}novembre\u{a0}2026"
    );
}

#[tokio::test]
async fn deployment_is_refused_outside_the_perimeter() {
    let banc = Banc::nouveau().await;
    let conseiller = banc.temoin("conseiller").await;
    let chemin = format!("/api/v1/deploiement?{SEMAINE}");
    assert_eq!(banc.lire(&conseiller, &chemin).await.statut, 403);
    let fournisseur = banc.temoin("fournisseur").await;
    assert_eq!(banc.lire(&fournisseur, &chemin).await.statut, 403);
}

#[tokio::test]
async fn a_file_of_thousands_of_rows_is_taken() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let ligne = format!(
        "T-1;31555;Édifice;ONE-OCC;{};01/09/2026;31/08/2027;45,00\n",
        ecole(1)
    );
    let entete = "convention;commune;editeur;plateforme;uai;debut;fin;prix\n";
    let corps = json!({"csv": entete.to_owned() + &ligne.repeat(5_000), "essai": true});
    let chemin = ("POST", "/api/v1/conventions/import");
    let lu = banc.ecrire(&temoin, chemin, &corps).await;
    assert_eq!(lu.statut, 200);
    assert_eq!(lu.json()["refus"].as_array().unwrap().len(), 4_999);
}
