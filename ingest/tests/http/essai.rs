//! The test bench over real sockets: what is judged is neither counted nor kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use frequent_ingest::acces::{Site, Usage};
use frequent_ingest::qualite::{Emetteur, Releve};
use frequent_plan::Instant;

use crate::banc::{Banc, MAINTENANT, SITE, ligne};

const SITE_D_ESSAI: u32 = 77;

fn banc() -> (Banc, String) {
    let banc = Banc::new();
    let plateformes = ["NOUVELLE".to_owned()];
    let cle = banc
        .acces
        .creer_cle_pour(Usage::Essai, "Essais", &plateformes, Instant(MAINTENANT))
        .unwrap();
    banc.acces
        .ajouter_site(Site {
            numero: SITE_D_ESSAI,
            plateforme: "NOUVELLE".to_owned(),
            origines: vec!["https://ent.exemple.fr".parse().unwrap()],
            usage: Usage::Essai,
            ..Site::default()
        })
        .unwrap();
    (banc, cle)
}

/// Every file of the data folder, with its size.
fn fichiers(dossier: &Path, trouves: &mut BTreeMap<PathBuf, u64>) {
    for entree in fs::read_dir(dossier).unwrap() {
        let entree = entree.unwrap();
        if entree.path().is_dir() {
            fichiers(&entree.path(), trouves);
        } else {
            trouves.insert(entree.path(), entree.metadata().unwrap().len());
        }
    }
}

fn etat(banc: &Banc) -> BTreeMap<PathBuf, u64> {
    let mut trouves = BTreeMap::new();
    fichiers(banc.dossier.path(), &mut trouves);
    trouves
}

#[test]
fn a_test_key_is_answered_a_verdict_and_leaves_nothing() {
    let (banc, cle) = banc();
    let avant = etat(&banc);
    let entetes = format!("Authorization: Bearer {cle}\r\n");
    let bonne = ligne(1).replace("ONE-OCC", "NOUVELLE");
    let corps = format!("{bonne}\n{}\n", bonne.replace("NOTES", "cahier_texte"));
    let reponse = banc.poster_nu(&entetes, corps.as_bytes());
    assert_eq!(reponse.statut, 200);
    let json = reponse.json();
    assert_eq!(json["essai"], true);
    assert_eq!(
        (json["acceptes"].as_u64(), json["refuses"].as_u64()),
        (Some(1), Some(1))
    );
    let refuse = &json["evenements"][1]["champs"][0];
    assert_eq!(refuse["champ"], "service");
    assert!(
        refuse["message"]
            .as_str()
            .unwrap()
            .contains("CAHIER_TEXTES")
    );
    assert_eq!(
        banc.releve(&Emetteur::Cle("Essais".to_owned())),
        Releve::default()
    );
    assert_eq!(etat(&banc), avant, "no event, no pseudonym key");
}

#[test]
fn a_test_site_is_answered_a_verdict_by_both_its_tags_and_leaves_nothing() {
    let (banc, _) = banc();
    let avant = etat(&banc);
    let reponse = banc.hit(&format!(
        "s={SITE_D_ESSAI}&at=49505152535455&service=NOTE&uai=0660713S&profil=ELEVE"
    ));
    assert_eq!(reponse.statut, 200);
    let json = reponse.json();
    let champs = json["evenements"][0]["champs"].as_array().unwrap();
    let message = |champ: &str| {
        let avis = champs.iter().find(|a| a["champ"] == champ).unwrap();
        avis["message"].as_str().unwrap().to_owned()
    };
    assert!(message("service").contains("NOTES"));
    assert!(message("visiteur").contains("relire"));

    let sites = banc.acces.lister_sites();
    let site = sites.iter().find(|s| s.numero == SITE_D_ESSAI).unwrap();
    let corps = r#"{"id":"p1","uai":"0660713S","profil":"ELEVE","visiteur":"u","service":"NOTES"}"#;
    let tete = format!(
        "POST /v1/collect?cle={} HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\
         Origin: https://ent.exemple.fr\r\nContent-Length: {}\r\n\r\n",
        site.cle_publique,
        corps.len()
    );
    let reponse = banc.envoyer(&[tete.as_bytes(), corps.as_bytes()]);
    assert_eq!(reponse.statut, 200);
    assert_eq!(reponse.json()["acceptes"], 1);
    assert!(reponse.entetes.contains("access-control-allow-origin"));
    assert_eq!(
        banc.releve(&Emetteur::Site(SITE_D_ESSAI)),
        Releve::default()
    );
    assert_eq!(etat(&banc), avant);

    banc.hit(&format!(
        "s={SITE}&at=u&service=NOTES&uai=0660713S&profil=ELEVE"
    ));
    assert_eq!(banc.releve(&Emetteur::Site(SITE)).acceptes, 1);
    assert_ne!(etat(&banc), avant, "a production site is counted");
}
