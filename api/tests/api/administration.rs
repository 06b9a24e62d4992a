//! Accounts, perimeters, codes, tokens and the audit trail, as the console and programs use them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::annuaire::{circonscription, ecole};
use crate::banc::{Banc, MOT_DE_PASSE};
use crate::client::{Demande, Reponse};

impl Banc {
    /// Asks for a change, from the server's own pages.
    async fn changer(
        &self,
        temoin: &str,
        methode: &'static str,
        chemin: &str,
        corps: Value,
    ) -> Reponse {
        Demande::new(methode, chemin)
            .entete("Cookie", temoin)
            .entete("Content-Type", "application/json")
            .entete("Sec-Fetch-Site", "same-origin")
            .corps(corps.to_string())
            .envoyer(self.adresse)
            .await
    }

    /// Makes an account and gives the token of its link.
    async fn inviter(&self, temoin: &str, corps: Value) -> String {
        let reponse = self.changer(temoin, "POST", "/api/v1/comptes", corps).await;
        assert_eq!(reponse.statut, 201, "{}", reponse.texte());
        let lien = reponse.json()["lien"].as_str().unwrap().to_owned();
        lien.strip_prefix("/invitation/").unwrap().to_owned()
    }

    async fn accepter(&self, jeton: &str, mot_de_passe: &str) -> u16 {
        let chemin = format!("/api/v1/invitations/{jeton}");
        let corps = json!({"mot_de_passe": mot_de_passe});
        self.changer("", "POST", &chemin, corps).await.statut
    }

    async fn lire_avec_jeton(&self, jeton: &str, chemin: &str) -> Reponse {
        Demande::get(chemin)
            .entete("Authorization", format!("Bearer {jeton}"))
            .envoyer(self.adresse)
            .await
    }
}

fn directrice() -> Value {
    json!({
        "identifiant": "directrice",
        "nom": "Mme D.",
        "role": "directeur",
        "perimetres": [format!("ecole:{}", ecole(1))]
    })
}

#[tokio::test]
async fn an_invited_holder_chooses_a_password_once_and_signs_in() {
    let banc = Banc::nouveau().await;
    let dsden = banc.temoin("toulousain").await;
    let jeton = banc.inviter(&dsden, directrice()).await;
    assert_eq!(banc.connecter("directrice", MOT_DE_PASSE).await.statut, 401);
    let chemin = format!("/api/v1/invitations/{jeton}");
    let vue = banc.lire("", &chemin).await;
    assert_eq!(
        vue.json(),
        json!({"identifiant": "directrice", "nom": "Mme D."})
    );
    assert_eq!(banc.accepter(&jeton, "court").await, 400);
    assert_eq!(banc.accepter(&jeton, MOT_DE_PASSE).await, 204);
    assert_eq!(banc.accepter(&jeton, "un autre mot de passe").await, 404);
    let temoin = banc.temoin("directrice").await;
    let page = format!("/api/v1/territoires/ecole/{}", ecole(1));
    assert_eq!(banc.lire(&temoin, &page).await.statut, 200);
    let voisine = format!("/api/v1/territoires/ecole/{}", ecole(2));
    assert_eq!(banc.lire(&temoin, &voisine).await.statut, 403);
    assert_eq!(banc.lire(&temoin, "/api/v1/comptes").await.statut, 403);
}

#[tokio::test]
async fn a_link_is_over_after_seven_days_and_a_new_one_voids_it() {
    let banc = Banc::nouveau().await;
    let dsden = banc.temoin("toulousain").await;
    let premier = banc.inviter(&dsden, directrice()).await;
    let chemin = "/api/v1/comptes/directrice/invitation";
    let second = banc.changer(&dsden, "POST", chemin, json!({})).await;
    let lien = second.json()["lien"].as_str().unwrap().to_owned();
    assert_eq!(banc.accepter(&premier, MOT_DE_PASSE).await, 404);
    banc.horloge.avancer(Duration::from_hours(7 * 24));
    let second = lien.strip_prefix("/invitation/").unwrap();
    assert_eq!(banc.accepter(second, MOT_DE_PASSE).await, 404);
}

#[tokio::test]
async fn nobody_gives_or_changes_more_than_their_own() {
    let banc = Banc::nouveau().await;
    let dsden = banc.temoin("toulousain").await;
    for (role, perimetre) in [
        ("drane", "departement:031".to_owned()),
        ("administrateur", "departement:031".to_owned()),
        ("dsden", "region:76".to_owned()),
        (
            "conseiller",
            format!("circonscription:{}", circonscription(3)),
        ),
        ("directeur", format!("ecole:{}", ecole(5))),
        ("national", "national".to_owned()),
    ] {
        let corps =
            json!({"identifiant": "x", "nom": "X", "role": role, "perimetres": [perimetre]});
        let refus = banc.changer(&dsden, "POST", "/api/v1/comptes", corps).await;
        assert_eq!(refus.statut, 403, "{role}: {}", refus.texte());
    }
    // Accounts wider than one's own, and one's own, are as if they did not exist.
    for autre in ["ministere", "regional", "toulousain", "personne"] {
        let chemin = format!("/api/v1/comptes/{autre}");
        assert_eq!(banc.lire(&dsden, &chemin).await.statut, 404);
        let change =
            json!({"nom": "X", "role": "directeur", "perimetres": [format!("ecole:{}", ecole(1))]});
        assert_eq!(
            banc.changer(&dsden, "PUT", &chemin, change).await.statut,
            404
        );
        for suite in ["", "/totp", "/sessions"] {
            let chemin = format!("{chemin}{suite}");
            let refus = banc.changer(&dsden, "DELETE", &chemin, json!({})).await;
            assert_eq!(refus.statut, 404, "{chemin}");
        }
    }
    let vus = banc.lire(&dsden, "/api/v1/comptes").await.json();
    let vus: Vec<&str> = vus["comptes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|compte| compte["identifiant"].as_str().unwrap())
        .collect();
    assert_eq!(vus, ["conseiller"]);
}

#[tokio::test]
async fn a_named_set_of_schools_is_made_inside_ones_perimeter_and_given() {
    let banc = Banc::nouveau().await;
    let dsden = banc.temoin("toulousain").await;
    let perimetres = "/api/v1/perimetres";
    let dehors = json!({"nom": "Dehors", "ecoles": [ecole(5)]});
    assert_eq!(
        banc.changer(&dsden, "POST", perimetres, dehors)
            .await
            .statut,
        403
    );
    let ville = json!({"nom": "Ville", "ecoles": [ecole(1), ecole(4)]});
    let ville = banc.changer(&dsden, "POST", perimetres, ville).await;
    assert_eq!(ville.statut, 201, "{}", ville.texte());
    let id = ville.json()["id"].as_str().unwrap().to_owned();
    let dedans = json!({"nom": "Dedans", "parent": id, "ecoles": [ecole(2)]});
    let depasse = banc.changer(&dsden, "POST", perimetres, dedans).await;
    assert_eq!(depasse.statut, 409, "{}", depasse.texte());

    let corps = json!({
        "identifiant": "commune",
        "nom": "Référente",
        "role": "commune",
        "perimetres": [format!("ensemble:{id}")]
    });
    let jeton = banc.inviter(&dsden, corps).await;
    assert_eq!(banc.accepter(&jeton, MOT_DE_PASSE).await, 204);
    let commune = banc.temoin("commune").await;
    for (numero, attendu) in [(1, 200), (4, 200), (2, 403), (5, 403)] {
        let chemin = format!("/api/v1/territoires/ecole/{}", ecole(numero));
        assert_eq!(banc.lire(&commune, &chemin).await.statut, attendu);
    }
    // It delegates inside its own, and never changes what it sees by.
    let chemin = format!("{perimetres}/{id}");
    let elargi = json!({"nom": "Ville", "ecoles": [ecole(1), ecole(4), ecole(2)]});
    let refus = banc.changer(&commune, "PUT", &chemin, elargi.clone()).await;
    assert_eq!(refus.statut, 403);
    banc.inviter(&commune, directrice()).await;
    // The département widens it: the account sees more at once.
    assert_eq!(
        banc.changer(&dsden, "PUT", &chemin, elargi).await.statut,
        200
    );
    let ajoutee = format!("/api/v1/territoires/ecole/{}", ecole(2));
    assert_eq!(banc.lire(&commune, &ajoutee).await.statut, 200);
    assert_eq!(
        banc.changer(&dsden, "DELETE", &chemin, json!({}))
            .await
            .statut,
        409
    );
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_or_all() {
    let banc = Banc::nouveau().await;
    let (ici, ailleurs) = (
        banc.temoin("conseiller").await,
        banc.temoin("conseiller").await,
    );
    let liste = banc.lire(&ici, "/api/v1/moi/sessions").await.json();
    let sessions = liste["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let autre = sessions.iter().find(|s| s["courante"] == false).unwrap();
    let chemin = format!("/api/v1/moi/sessions/{}", autre["id"].as_str().unwrap());
    assert_eq!(
        banc.changer(&ici, "DELETE", &chemin, json!({}))
            .await
            .statut,
        204
    );
    assert_eq!(banc.lire(&ailleurs, "/api/v1/session").await.statut, 401);
    let dsden = banc.temoin("toulousain").await;
    let toutes = "/api/v1/comptes/conseiller/sessions";
    assert_eq!(
        banc.changer(&dsden, "DELETE", toutes, json!({}))
            .await
            .statut,
        204
    );
    assert_eq!(banc.lire(&ici, "/api/v1/session").await.statut, 401);
}

#[tokio::test]
async fn a_token_reads_within_its_scopes_and_perimeter_until_its_end() {
    let banc = Banc::nouveau().await;
    let dsden = banc.temoin("toulousain").await;
    let demande = |portees: Value, perimetre: Value, fin: &str| json!({"nom": "Tableur", "portees": portees, "perimetre": perimetre, "expire_le": fin});
    let jetons = "/api/v1/jetons";
    let large = demande(json!(["chiffres"]), json!("region:76"), "2026-12-20");
    assert_eq!(
        banc.changer(&dsden, "POST", jetons, large).await.statut,
        403
    );
    for fin in ["2026-11-20", "2028-11-20", "demain"] {
        let refus = banc.changer(&dsden, "POST", jetons, demande(json!([]), json!(null), fin));
        assert_eq!(refus.await.statut, 400, "{fin}");
    }
    let etroit = json!(format!("ecole:{}", ecole(1)));
    let cree = demande(json!(["chiffres"]), etroit, "2026-12-20");
    let cree = banc.changer(&dsden, "POST", jetons, cree).await;
    assert_eq!(cree.statut, 201, "{}", cree.texte());
    let (id, jeton) = (cree.json()["id"].clone(), cree.json()["jeton"].clone());
    let jeton = jeton.as_str().unwrap();
    assert!(jeton.starts_with("fj_"));

    let statut = async |chemin: &str| banc.lire_avec_jeton(jeton, chemin).await.statut;
    let page = format!("/api/v1/territoires/ecole/{}", ecole(1));
    assert_eq!(statut(&page).await, 200);
    assert_eq!(statut("/api/v1/territoires/departement/031").await, 403);
    assert_eq!(statut("/api/v1/integration").await, 403);
    assert_eq!(statut(&format!("{page}?format=csv")).await, 403);
    for prive in [
        "comptes",
        "jetons",
        "audit",
        "perimetres",
        "moi",
        "moi/sessions",
    ] {
        assert_eq!(statut(&format!("/api/v1/{prive}")).await, 401, "{prive}");
    }
    assert_eq!(banc.lire_avec_jeton("fj_faux", &page).await.statut, 401);
    let liste = banc.lire(&dsden, jetons).await.json();
    assert!(liste["jetons"][0]["utilise_le"].is_string(), "{liste}");
    assert!(!liste.to_string().contains(jeton));
    banc.horloge.avancer(Duration::from_hours(30 * 24));
    assert_eq!(statut(&page).await, 401);
    let dsden = banc.temoin("toulousain").await;
    let chemin = format!("{jetons}/{}", id.as_str().unwrap());
    assert_eq!(
        banc.changer(&dsden, "DELETE", &chemin, json!({}))
            .await
            .statut,
        204
    );
}

#[tokio::test]
async fn sign_ins_reads_of_a_school_and_changes_of_rights_are_in_the_trail() {
    let banc = Banc::nouveau().await;
    banc.connecter("conseiller", "pas le bon mot de passe")
        .await;
    banc.connecter("un mot de passe tapé là", "x").await;
    let conseiller = banc.temoin("conseiller").await;
    let page = format!("/api/v1/territoires/ecole/{}", ecole(1));
    for _ in 0..3 {
        banc.lire(&conseiller, &page).await;
    }
    banc.inviter(&conseiller, directrice()).await;
    assert_eq!(banc.lire(&conseiller, "/api/v1/audit").await.statut, 403);
    let ministere = banc.temoin("ministere").await;
    let vu = banc
        .lire(&ministere, "/api/v1/audit?acteur=conseiller")
        .await
        .json();
    let actions: Vec<&str> = vu["evenements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|evenement| evenement["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "compte_cree",
            "lecture_ecole",
            "connexion",
            "connexion_refusee"
        ]
    );
    let fichier = banc.lire(&ministere, "/api/v1/audit?format=csv").await;
    assert!(fichier.texte().contains("lecture_ecole"));
    assert!(!fichier.texte().contains("tapé là"));
    let bilan = banc.etat.audit().verifier().await.unwrap();
    assert!(bilan.anomalies.is_empty() && bilan.lignes >= 5, "{bilan:?}");
}
