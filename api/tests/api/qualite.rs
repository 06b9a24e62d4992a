//! Tagging quality: what is summed, who sees it, how it is written.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch, TimestampMillisecondArray};
use arrow::datatypes::Int32Type;
use frequent_ingest::acces::{Acces, Site};
use frequent_plan::Instant;
use frequent_plan::lac::schema_qualite;
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

use crate::annuaire::ecole;
use crate::banc::{Banc, PLATEFORME};

/// A row: sender's kind and name, platform, school, measure, field, example, number.
type Ligne<'a> = (
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    i64,
);

/// 20 November 2026, 09:00 in Paris.
const NEUF_HEURES: i64 = 1_795_161_600_000;

/// Writes what a server's process counted on a day.
fn ecrire(banc: &Banc, jour: &str, processus: &str, lignes: &[Ligne<'_>]) {
    let dossier = banc.lac.qualite_du(jour.parse().unwrap());
    std::fs::create_dir_all(&dossier).unwrap();
    let texte = |choisir: fn(&Ligne<'_>) -> String| -> ArrayRef {
        let valeurs: Vec<String> = lignes.iter().map(choisir).collect();
        let valeurs = valeurs.iter().map(String::as_str);
        Arc::new(valeurs.collect::<DictionaryArray<Int32Type>>())
    };
    let derniers = (0..).take(lignes.len()).map(|rang| NEUF_HEURES + rang);
    let colonnes = vec![
        texte(|l| l.0.to_owned()),
        texte(|l| l.1.to_owned()),
        texte(|l| l.2.to_owned()),
        texte(|l| l.3.to_owned()),
        texte(|l| l.4.to_owned()),
        texte(|l| l.5.to_owned()),
        texte(|l| l.6.to_owned()),
        Arc::new(lignes.iter().map(|l| l.7).collect::<Int64Array>()),
        Arc::new(TimestampMillisecondArray::from_iter_values(derniers).with_timezone("UTC")),
    ];
    let lot = RecordBatch::try_new(schema_qualite(), colonnes).unwrap();
    let provisoire = dossier.join(format!(".{processus}"));
    let fichier = File::create(&provisoire).unwrap();
    let mut ecrivain = ArrowWriter::try_new(fichier, lot.schema(), None).unwrap();
    ecrivain.write(&lot).unwrap();
    ecrivain.close().unwrap();
    std::fs::rename(provisoire, dossier.join(format!("{processus}.parquet"))).unwrap();
}

/// A key of the caller's platform and one of another's, a site that they share.
async fn declarer(banc: &Banc) {
    let acces = Acces::ouvrir(&banc.lac).unwrap();
    let noms = |noms: &[&str]| noms.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    acces
        .creer_cle("Édifice", &noms(&[PLATEFORME]), Instant(NEUF_HEURES))
        .unwrap();
    acces
        .creer_cle("Concurrent", &noms(&["AUTRE"]), Instant(NEUF_HEURES))
        .unwrap();
    acces
        .ajouter_site(Site {
            numero: 7,
            plateforme: PLATEFORME.to_owned(),
            autres_plateformes: noms(&["AUTRE"]),
            ..Site::default()
        })
        .unwrap();
    banc.attendre_les_acces(2, 1).await;
}

async fn banc_garni() -> Banc {
    let banc = Banc::nouveau().await;
    declarer(&banc).await;
    ecrire_le_dernier_jour(&banc);
    ecrire_l_autre_processus(&banc);
    ecrire_un_jour_passe(&banc);
    banc
}

fn ecrire_le_dernier_jour(banc: &Banc) {
    let (connue, troisieme, autre) = (ecole(1), ecole(3), ecole(4));
    ecrire(
        banc,
        "2026-11-20",
        "un",
        &[
            ("cle", "Édifice", PLATEFORME, &connue, "recus", "", "", 10),
            ("cle", "Édifice", PLATEFORME, &connue, "acceptes", "", "", 8),
            (
                "cle",
                "Édifice",
                PLATEFORME,
                &connue,
                "sans_client",
                "",
                "",
                4,
            ),
            (
                "cle",
                "Édifice",
                PLATEFORME,
                &connue,
                "delai_1min",
                "",
                "",
                5,
            ),
            ("cle", "Édifice", PLATEFORME, &connue, "delai_1j", "", "", 3),
            (
                "cle",
                "Édifice",
                PLATEFORME,
                &connue,
                "refus_valeur_inconnue",
                "service",
                "CAHIER",
                2,
            ),
            (
                "cle",
                "Édifice",
                PLATEFORME,
                "",
                "identifiant_courriel",
                "",
                "",
                1,
            ),
            ("cle", "Édifice", PLATEFORME, "", "examines", "", "", 6),
            // A broken line of the key: nobody knows its platform, but the key has only one.
            ("cle", "Édifice", "", "", "recus", "", "", 1),
            ("cle", "Édifice", "", "", "refus_json_invalide", "", "", 1),
            ("cle", "Concurrent", "AUTRE", &autre, "recus", "", "", 7_777),
            (
                "cle",
                "Concurrent",
                "AUTRE",
                &autre,
                "refus_futur",
                "ts",
                "",
                7_777,
            ),
            (
                "cle",
                "Concurrent",
                "AUTRE",
                "",
                "identifiant_ine",
                "",
                "",
                9,
            ),
            // A hit of the shared site that nobody could read: it may be the other provider's.
            ("site", "7", "", "", "recus", "", "", 6_666),
            (
                "site",
                "7",
                "",
                "",
                "refus_requete_illisible",
                "",
                "",
                6_666,
            ),
            ("site", "7", "AUTRE", &autre, "recus", "", "", 20),
            ("sites_inconnus", "", "", "", "recus", "", "", 4),
            ("lac", "", PLATEFORME, &troisieme, "doublons", "", "", 2),
            (
                "cle",
                "Édifice",
                PLATEFORME,
                "",
                "mesure_a_venir",
                "",
                "",
                77,
            ),
        ],
    );
}

fn ecrire_l_autre_processus(banc: &Banc) {
    let (connue, inconnue) = (ecole(1), ecole(99));
    ecrire(
        banc,
        "2026-11-20",
        "deux",
        &[
            ("cle", "Édifice", PLATEFORME, &inconnue, "recus", "", "", 3),
            (
                "cle", "Édifice", PLATEFORME, &inconnue, "acceptes", "", "", 3,
            ),
            ("site", "7", PLATEFORME, &connue, "recus", "", "", 5),
            ("site", "7", PLATEFORME, &connue, "acceptes", "", "", 5),
            (
                "site",
                "7",
                PLATEFORME,
                &connue,
                "service_converti",
                "",
                "",
                5,
            ),
        ],
    );
}

fn ecrire_un_jour_passe(banc: &Banc) {
    let connue = ecole(1);
    ecrire(
        banc,
        "2026-11-18",
        "un",
        &[
            ("cle", "Édifice", PLATEFORME, &connue, "recus", "", "", 40),
            (
                "cle", "Édifice", PLATEFORME, &connue, "acceptes", "", "", 38,
            ),
            ("cle", "Édifice", PLATEFORME, &connue, "tardifs", "", "", 6),
            (
                "cle",
                "Édifice",
                PLATEFORME,
                &connue,
                "refus_valeur_inconnue",
                "service",
                "AGENDA",
                1,
            ),
            (
                "cle",
                "Édifice",
                PLATEFORME,
                &connue,
                "refus_valeur_inconnue",
                "profil",
                "PROF",
                1,
            ),
        ],
    );
}

async fn lire(banc: &Banc, qui: &str, chemin: &str) -> Value {
    let temoin = banc.temoin(qui).await;
    let reponse = banc.lire(&temoin, &format!("/api/v1/{chemin}")).await;
    assert_eq!(reponse.statut, 200, "{chemin}: {}", reponse.texte());
    reponse.json()
}

#[tokio::test]
async fn a_provider_sees_the_sums_of_her_platform_over_processes_and_days() {
    let banc = banc_garni().await;
    let vu = lire(&banc, "fournisseur", "qualite").await;
    assert_eq!(
        (&vu["du"], &vu["au"]),
        (&json!("2026-11-14"), &json!("2026-11-20"))
    );
    assert_eq!(vu["plateformes"], json!([PLATEFORME]));
    let total = &vu["total"];
    for (champ, nombre) in [
        ("recus", 59),
        ("acceptes", 54),
        ("refuses", 5),
        ("sans_client", 4),
        ("tardifs", 6),
        ("doublons", 2),
        ("service_converti", 5),
    ] {
        assert_eq!(total[champ], nombre, "{champ}");
    }
    assert_eq!(total["delais"]["une_minute"], 5);
    assert_eq!(total["delais"]["un_jour"], 3);
    assert_eq!(total["dernier"], "2026-11-20T08:00:00.009Z");

    let jours = vu["jours"].as_array().unwrap();
    assert_eq!(jours.len(), 7);
    assert_eq!(
        (&jours[4]["jour"], &jours[4]["recus"]),
        (&json!("2026-11-18"), &json!(40))
    );
    assert_eq!(jours[5]["recus"], 0);
    assert!(jours[5]["dernier"].is_null());
    assert_eq!(jours[6]["recus"], 19);

    assert_eq!(
        vu["ecoles"],
        json!({"nombre": 2, "inconnues": 1, "evenements_inconnus": 3})
    );
    let emetteurs: Vec<(&str, &str, i64)> = vu["emetteurs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            let texte = |champ: &str| e[champ].as_str().unwrap();
            (
                texte("emetteur"),
                texte("plateforme"),
                e["recus"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        emetteurs,
        [
            ("Édifice", "", 1),
            ("Édifice", PLATEFORME, 53),
            ("7", PLATEFORME, 5)
        ]
    );
}

#[tokio::test]
async fn refusals_are_explained_with_their_fields_and_examples() {
    let banc = banc_garni().await;
    let vu = lire(&banc, "fournisseur", "qualite").await;
    let refus = vu["refus"].as_array().unwrap();
    assert_eq!(refus.len(), 2);
    assert_eq!(
        refus[0],
        json!({
            "raison": "valeur_inconnue",
            "explication": "La valeur n’est pas dans la liste du plan de marquage.",
            "nombre": 4,
            "champs": [
                {"champ": "service", "nombre": 3, "exemples": [
                    {"valeur": "CAHIER", "nombre": 2}, {"valeur": "AGENDA", "nombre": 1}
                ]},
                {"champ": "profil", "nombre": 1, "exemples": [{"valeur": "PROF", "nombre": 1}]}
            ]
        })
    );
    assert_eq!(refus[1]["raison"], "json_invalide");
    let alertes = vu["identifiants"].as_array().unwrap();
    assert_eq!(alertes.len(), 1);
    assert_eq!(alertes[0]["alerte"], "courriel");
    assert_eq!(
        (&alertes[0]["nombre"], &alertes[0]["examines"]),
        (&json!(1), &json!(6))
    );
    assert!(
        alertes[0]["explication"]
            .as_str()
            .unwrap()
            .contains("courriel")
    );
}

#[tokio::test]
async fn nothing_of_another_platform_reaches_a_provider() {
    let banc = banc_garni().await;
    let temoin = banc.temoin("fournisseur").await;
    for chemin in [
        "qualite",
        "qualite?format=csv",
        "qualite/ecoles",
        "qualite/ecoles?format=csv",
    ] {
        let reponse = banc.lire(&temoin, &format!("/api/v1/{chemin}")).await;
        assert_eq!(reponse.statut, 200, "{chemin}");
        let texte = reponse.texte();
        let ailleurs = ecole(4);
        for etranger in ["AUTRE", "Concurrent", "7777", "6666", "ine\"", &ailleurs] {
            assert!(!texte.contains(etranger), "{etranger} in {chemin}: {texte}");
        }
        let adresse = format!("/api/v1/{chemin}");
        let lien = if adresse.contains('?') { '&' } else { '?' };
        for plateforme in ["AUTRE", "JAMAIS-VUE"] {
            let refus = banc
                .lire(&temoin, &format!("{adresse}{lien}plateforme={plateforme}"))
                .await;
            assert_eq!(refus.statut, 403, "{chemin} {plateforme}");
            assert_eq!(
                refus.probleme()["type"],
                "urn:frequent:probleme:hors-perimetre"
            );
        }
    }
}

#[tokio::test]
async fn the_whole_country_sees_every_sender_and_may_choose_a_platform() {
    let banc = banc_garni().await;
    let tout = lire(&banc, "ministere", "qualite").await;
    assert_eq!(tout["total"]["recus"], 59 + 7_777 + 6_666 + 20 + 4);
    assert_eq!(tout["plateformes"], json!(["AUTRE", PLATEFORME]));
    let une = lire(&banc, "ministere", "qualite?plateforme=ONE-OCC").await;
    // What nobody could read on a site of two platforms is neither's.
    assert_eq!(une["total"]["recus"], 59);
}

#[tokio::test]
async fn schools_are_listed_by_page_sorted_searched_and_the_unknown_ones_alone() {
    let banc = banc_garni().await;
    let vu = lire(&banc, "fournisseur", "qualite/ecoles").await;
    assert_eq!(vu["nombre"], 2);
    let premiere = &vu["lignes"][0];
    assert_eq!(premiere["uai"], ecole(1));
    assert_eq!(premiere["nom"], "Ecole élémentaire Jean Jaurès");
    assert_eq!(premiere["connue"], true);
    assert_eq!(
        (&premiere["recus"], &premiere["refuses"]),
        (&json!(55), &json!(4))
    );
    assert_eq!(premiere["tardifs"], 6);
    let uais = async |suite: &str| -> Vec<Value> {
        let vu = lire(&banc, "fournisseur", &format!("qualite/ecoles?{suite}")).await;
        let lignes = vu["lignes"].as_array().unwrap();
        lignes.iter().map(|ligne| ligne["uai"].clone()).collect()
    };
    assert_eq!(uais("tri=recus").await, [ecole(99), ecole(1)]);
    assert_eq!(uais("inconnues=oui").await, [ecole(99)]);
    assert_eq!(uais("recherche=jaur%C3%A8s%20TOULOUSE").await, [ecole(1)]);
    assert_eq!(uais("limite=1&page=2").await, [ecole(99)]);
    assert!(uais("page=9").await.is_empty());
    assert_eq!(uais("du=2026-11-18&au=2026-11-18").await, [ecole(1)]);
}

#[tokio::test]
async fn spreadsheets_hold_a_row_a_day_and_sender_and_every_school() {
    let banc = banc_garni().await;
    let temoin = banc.temoin("fournisseur").await;
    let jours = banc.lire(&temoin, "/api/v1/qualite?format=csv").await;
    let lignes: Vec<&str> = jours.texte().trim_end().lines().collect();
    assert!(lignes[0].starts_with("\u{feff}jour;genre;emetteur;plateforme;recus;"));
    assert!(lignes[0].contains(";refus_valeur_inconnue;"));
    assert_eq!(lignes.len(), 1 + 5, "{lignes:?}");
    assert!(lignes[1].starts_with("2026-11-18;cle;Édifice;ONE-OCC;40;38;2;"));
    let ecoles = banc
        .lire(&temoin, "/api/v1/qualite/ecoles?format=csv&limite=1")
        .await;
    assert_eq!(ecoles.texte().trim_end().lines().count(), 1 + 2);
    assert!(
        ecoles
            .texte()
            .contains(&format!("{};;;non;ONE-OCC;3;", ecole(99)))
    );
}

#[tokio::test]
async fn what_a_server_writes_meanwhile_is_read_and_the_rest_is_not_lost() {
    let banc = banc_garni().await;
    assert_eq!(
        lire(&banc, "fournisseur", "qualite").await["total"]["recus"],
        59
    );
    ecrire(
        &banc,
        "2026-11-20",
        "deux",
        &[("cle", "Édifice", PLATEFORME, "", "recus", "", "", 100)],
    );
    let vu = lire(&banc, "fournisseur", "qualite").await;
    assert_eq!(vu["total"]["recus"], 59 - 8 + 100);
}

#[tokio::test]
async fn nothing_received_is_an_answer_and_impossible_days_are_refused() {
    let banc = Banc::nouveau().await;
    let vu = lire(&banc, "fournisseur", "qualite?plateforme=ONE-OCC").await;
    assert_eq!(vu["total"]["recus"], 0);
    assert!(vu["total"]["dernier"].is_null());
    assert_eq!(vu["jours"].as_array().unwrap().len(), 7);
    assert_eq!(vu["refus"], json!([]));
    let temoin = banc.temoin("fournisseur").await;
    for (suite, parametre) in [
        ("qualite?du=2026-11-20&au=2026-11-19", "au"),
        ("qualite?du=1990-01-01&au=2026-11-19", "au"),
        ("qualite?du=hier", "du"),
        ("qualite?site=7", "site"),
        ("qualite/ecoles?tri=visites", "tri"),
        ("qualite/ecoles?page=0", "page"),
        ("qualite/ecoles?inconnues=1", "inconnues"),
    ] {
        let refus = banc.lire(&temoin, &format!("/api/v1/{suite}")).await;
        assert_eq!(refus.statut, 400, "{suite}");
        assert_eq!(refus.probleme()["parametre"], parametre);
    }
}

#[tokio::test]
async fn a_file_that_is_no_parquet_is_a_fault_of_ours_said_without_its_path() {
    let banc = banc_garni().await;
    let dossier = banc.lac.qualite_du("2026-11-20".parse().unwrap());
    std::fs::write(dossier.join("trois.parquet"), b"rien").unwrap();
    let temoin = banc.temoin("fournisseur").await;
    let reponse = banc.lire(&temoin, "/api/v1/qualite").await;
    assert_eq!(reponse.statut, 500);
    assert!(
        !reponse.probleme()["detail"]
            .as_str()
            .unwrap()
            .contains("trois")
    );
}
