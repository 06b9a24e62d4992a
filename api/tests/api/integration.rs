//! What an integrator is shown to connect her platforms.

use frequent_ingest::acces::{Acces, Site, Usage};
use frequent_plan::Instant;
use serde_json::{Value, json};

use crate::banc::{Banc, PLATEFORME};

fn site(numero: u32, plateforme: &str, autres: &[&str]) -> Site {
    Site {
        numero,
        plateforme: plateforme.to_owned(),
        autres_plateformes: autres.iter().map(|nom| (*nom).to_owned()).collect(),
        projet: "ENT-ECOLE".to_owned(),
        exploitant: "EDIFICE".to_owned(),
        origines: vec!["https://ent.exemple.fr".parse().unwrap()],
        ..Site::default()
    }
}

fn noms(liste: &Value, champ: &str) -> Vec<Value> {
    let liste = liste.as_array().unwrap();
    liste.iter().map(|membre| membre[champ].clone()).collect()
}

#[tokio::test]
async fn an_integrator_sees_the_sites_and_keys_of_her_platforms_and_no_secret() {
    let banc = Banc::nouveau().await;
    let acces = Acces::ouvrir(&banc.lac).unwrap();
    let maintenant = Instant(1_795_000_000_000);
    let plateformes = |noms: &[&str]| noms.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let secret = acces
        .creer_cle("Édifice", &plateformes(&[PLATEFORME, "AUTRE"]), maintenant)
        .unwrap();
    acces
        .creer_cle("Concurrent", &plateformes(&["AUTRE"]), maintenant)
        .unwrap();
    acces
        .creer_cle("Ancienne", &plateformes(&[PLATEFORME]), maintenant)
        .unwrap();
    acces.revoquer_cle("Ancienne", maintenant).unwrap();
    acces
        .creer_cle_pour(
            Usage::Essai,
            "Essai",
            &plateformes(&[PLATEFORME]),
            maintenant,
        )
        .unwrap();
    acces.ajouter_site(site(1, PLATEFORME, &[])).unwrap();
    acces.ajouter_site(site(2, "AUTRE", &[])).unwrap();
    acces.ajouter_site(site(3, "AUTRE", &[PLATEFORME])).unwrap();
    banc.attendre_les_acces(4, 3).await;

    let temoin = banc.temoin("fournisseur").await;
    let reponse = banc.lire(&temoin, "/api/v1/integration").await;
    let texte = reponse.texte().to_owned();
    let vu = reponse.json();
    assert_eq!(vu["plateformes"], json!([PLATEFORME]));
    assert_eq!(noms(&vu["sites"], "numero"), [json!(1), json!(3)]);
    assert_eq!(vu["sites"][1]["plateformes"], json!([PLATEFORME]));
    let publiques: Vec<String> = acces
        .lister_sites()
        .into_iter()
        .map(|s| s.cle_publique)
        .collect();
    assert!(!publiques[0].is_empty());
    assert_eq!(vu["sites"][0]["cle_publique"], publiques[0].as_str());
    assert_eq!(
        vu["sites"][0]["origines"],
        json!(["https://ent.exemple.fr"])
    );
    assert_eq!(
        noms(&vu["cles"], "nom"),
        [json!("Édifice"), json!("Ancienne"), json!("Essai")]
    );
    assert!(vu["cles"][0]["revoquee_le"].is_null());
    assert_eq!(vu["cles"][0]["usage"], "production");
    assert_eq!(vu["cles"][2]["usage"], "essai");
    assert!(vu["cles"][1]["revoquee_le"].is_string());
    let empreinte = &acces.lister_cles()[0].empreinte;
    for cache in ["AUTRE", "Concurrent", secret.as_str(), empreinte.as_str()] {
        assert!(!texte.contains(cache), "{cache} in {texte}");
    }

    let temoin = banc.temoin("ministere").await;
    let tout = banc.lire(&temoin, "/api/v1/integration").await.json();
    assert_eq!(tout["plateformes"], json!(["AUTRE", PLATEFORME]));
    assert_eq!(tout["sites"].as_array().unwrap().len(), 3);
    assert_eq!(tout["cles"].as_array().unwrap().len(), 4);
}
