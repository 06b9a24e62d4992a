//! Tables of many schools: what is kept to answer them fast hides what each school's own answer
//! hides, and never outlives what it was made from.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use frequent_plan::Niveau;
use serde_json::Value;

use crate::annuaire::{Commune, circonscription, ecole, importer};
use crate::banc::{Banc, convention};
use crate::client::Demande;
use crate::evenements::{compter, poser_une_a_une};

/// More schools than an answer finds the neighbours of one by one.
const ECOLES: std::ops::Range<u32> = 100..230;
const SEMAINE: &str = "2026-11-09";

/// A directory in force from a day on, in which one school may be of the other circonscription.
fn dessiner(banc: &Banc, validite: &str, deplacee: Option<u32>) {
    let ecoles: Vec<_> = ECOLES
        .map(|numero| {
            let commune = match numero % 2 {
                0 => Commune::Toulouse,
                _ => Commune::Muret,
            };
            let circo = 1 + (numero + u32::from(deplacee == Some(numero))) % 2;
            (numero, "Ecole", "Ecole", commune, circo, "OUVERT")
        })
        .collect();
    importer(&banc.lac, validite, &ecoles);
    assert!(banc.etat.actualiser_annuaires().unwrap());
}

/// Visits of a day: few teachers in many schools, nobody in some.
fn venir(banc: &Banc, jour: &str, decalage: u32) {
    let ecoles: Vec<String> = ECOLES.map(ecole).collect();
    let mut visites = Vec::new();
    for (numero, ecole) in ECOLES.zip(&ecoles).filter(|(n, _)| n % 5 != 0) {
        let venus = [
            ("ELEVE", 2 + (numero + decalage) % 9),
            ("ENSEIGNANT", 1 + (numero + decalage) % 7),
        ];
        for (place, (profil, nombre)) in (0..).zip(venus) {
            let siens = (0..nombre).map(|p| u64::from(numero * 1_000 + place * 100 + p));
            visites.extend(siens.map(|personne| (ecole.as_str(), profil, personne)));
        }
    }
    poser_une_a_une(&banc.lac, jour, &visites);
    compter(&banc.lac, "2026-11-20T09:00:00Z");
}

async fn banc_large() -> Banc {
    let banc = Banc::nouveau().await;
    dessiner(&banc, "2026-09-01", None);
    venir(&banc, "2026-11-03", 0);
    venir(&banc, "2026-11-10", 3);
    banc
}

/// Visits by school, profile and week, none where masked.
async fn cellules(banc: &Banc, temoin: &str, ou: &str) -> BTreeMap<[String; 3], Option<i64>> {
    let chemin = format!(
        "/api/v1/cellules?niveau=ecole&{ou}&grain=semaine&du=2026-11-02&au=2026-11-15&profil=*"
    );
    let reponse = banc.lire(temoin, &chemin).await.json();
    let cellules = reponse["cellules"].as_array().unwrap().iter();
    let texte = |c: &Value, champ: &str| c[champ].as_str().unwrap().to_owned();
    cellules
        .map(|c| {
            let cle = ["code", "profil", "debut"].map(|champ| texte(c, champ));
            (cle, c["visites"].as_i64())
        })
        .collect()
}

/// The rows of the schools of a territory, by code.
async fn tableau(banc: &Banc, temoin: &str, lieu: (Niveau, &str)) -> BTreeMap<String, Value> {
    let (niveau, code) = lieu;
    let chemin = format!(
        "/api/v1/tableau?niveau={niveau}&code={code}&enfants=ecole&grain=semaine&debut={SEMAINE}"
    );
    let reponse = banc.lire(temoin, &chemin).await.json();
    let lignes = reponse["lignes"].as_array().unwrap().iter();
    lignes
        .map(|ligne| (ligne["code"].as_str().unwrap().to_owned(), ligne.clone()))
        .collect()
}

#[tokio::test]
async fn many_schools_hide_what_each_hides_alone_and_change_as_soon_as_their_cells() {
    let banc = banc_large().await;
    let temoin = banc.temoin("toulousain").await;
    let mut avant = BTreeMap::new();
    for nouveau in [None, Some("2026-11-12"), Some("2026-11-05")] {
        if let Some(jour) = nouveau {
            venir(&banc, jour, 5);
        }
        let ensemble = cellules(&banc, &temoin, "dans=departement:031").await;
        let mut une_a_une = BTreeMap::new();
        for numero in ECOLES {
            let ou = format!("code={}", ecole(numero));
            une_a_une.extend(cellules(&banc, &temoin, &ou).await);
        }
        assert_eq!(ensemble, une_a_une, "{nouveau:?}");
        assert!(ensemble.values().any(Option::is_none));
        assert!(ensemble.values().any(Option::is_some));
        assert_ne!(ensemble, avant, "{nouveau:?}");
        avant = ensemble;
    }
}

#[tokio::test]
async fn what_is_read_beforehand_answers_as_what_is_read_when_asked() {
    let banc = banc_large().await;
    let temoin = banc.temoin("toulousain").await;
    let departement = (Niveau::Departement, "031");
    let avant = tableau(&banc, &temoin, departement).await;
    let autre = banc_large().await;
    autre.etat.rechauffer().unwrap();
    let temoin_autre = autre.temoin("toulousain").await;
    assert_eq!(tableau(&autre, &temoin_autre, departement).await, avant);
    venir(&autre, "2026-11-12", 5);
    let change = tableau(&autre, &temoin_autre, departement).await;
    assert_ne!(change, avant);
    autre.etat.rechauffer().unwrap();
    assert_eq!(tableau(&autre, &temoin_autre, departement).await, change);
}

#[tokio::test]
async fn two_callers_never_share_an_answer() {
    let banc = banc_large().await;
    let large = banc.temoin("toulousain").await;
    let etroit = banc.temoin("conseiller").await;
    let toutes = tableau(&banc, &large, (Niveau::Departement, "031")).await;
    let circo = circonscription(1);
    let siennes = tableau(&banc, &etroit, (Niveau::Circonscription, &circo)).await;
    assert!(toutes.len() > siennes.len() && !siennes.is_empty());
    for (code, ligne) in &siennes {
        assert_eq!(ligne, &toutes[code], "{code}");
    }
    let chemin = format!(
        "/api/v1/tableau?niveau=departement&code=031&enfants=ecole&grain=semaine&debut={SEMAINE}"
    );
    assert_eq!(banc.lire(&etroit, &chemin).await.statut, 403);
}

#[tokio::test]
async fn rows_change_as_soon_as_the_directory_and_conventions_do() {
    let banc = banc_large().await;
    let temoin = banc.temoin("ministere").await;
    let circo = circonscription(1);
    let lieu = (Niveau::Circonscription, circo.as_str());
    let uai = ecole(102);
    let avant = tableau(&banc, &temoin, lieu).await;
    assert_eq!(avant[&uai]["etat"], "non_deploye");
    banc.conventionner(&temoin, &convention(&[102])).await;
    let deployees = tableau(&banc, &temoin, lieu).await;
    assert_ne!(deployees[&uai]["etat"], "non_deploye");
    dessiner(&banc, "2026-11-01", Some(102));
    let apres = tableau(&banc, &temoin, lieu).await;
    assert!(!apres.contains_key(&uai));
    let ailleurs = circonscription(2);
    let autres = tableau(&banc, &temoin, (Niveau::Circonscription, &ailleurs)).await;
    assert!(autres.contains_key(&uai));
}

#[tokio::test]
async fn a_large_answer_is_compressed_for_who_takes_it_and_says_the_same() {
    let banc = banc_large().await;
    let temoin = banc.temoin("toulousain").await;
    let chemin = "/api/v1/territoires/departement/031/enfants/ecole";
    let demander = async |acceptee: &str| {
        Demande::get(chemin)
            .entete("Cookie", temoin.clone())
            .entete("Accept-Encoding", acceptee)
            .envoyer(banc.adresse)
            .await
    };
    let claire = demander("identity").await;
    assert_eq!(claire.entete("content-encoding"), None);
    for refus in ["gzip;q=0", "br"] {
        assert_eq!(demander(refus).await.entete("content-encoding"), None);
    }
    let serree = demander("br, gzip").await;
    assert_eq!(serree.entete("content-encoding"), Some("gzip"));
    assert_eq!(serree.entete("vary"), Some("accept-encoding"));
    assert!(serree.corps.len() * 3 < claire.corps.len());
    let mut lue = Vec::new();
    GzDecoder::new(&serree.corps[..])
        .read_to_end(&mut lue)
        .unwrap();
    assert_eq!(lue, claire.corps);
}
