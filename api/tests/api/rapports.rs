//! Reports, from the lake to a mail box.

use std::time::Duration;

use frequent_api::comptes::{Droits, Perimetre};
use frequent_api::rapports::{EtatEnvoi, Rapports, Smtp, tour};
use frequent_plan::{Grain, Niveau};
use serde_json::{Value, json};

use crate::annuaire::{circonscription, ecole};
use crate::banc::{Banc, Ligne};
use crate::courriel::ServeurCourriel;

const JOUR: Duration = Duration::from_hours(24);
const CLAIRE: &str = "claire@exemple.fr";

/// A bench whose week of 9 November has figures in every school: that of Muret two visits, of one
/// person.
async fn terrain(smtp: Option<Smtp>) -> Banc {
    let banc = Banc::avec(smtp).await;
    let codes = [1, 2, 3, 4, 5].map(ecole);
    let visites = [1_240, 820, 640, 2, 910];
    let lignes: Vec<Ligne<'_>> = codes
        .iter()
        .zip(visites)
        .map(|(code, visites)| (code.as_str(), "TOUS", "total", "TOTAL", visites))
        .collect();
    let une = circonscription(1);
    let territoires: Vec<Ligne<'_>> = vec![
        (&une, "TOUS", "total", "TOTAL", 2_060),
        (&une, "ELEVE", "total", "TOTAL", 2_060),
        (&une, "TOUS", "service", "NOTES", 412),
    ];
    for lundi in ["2026-11-09", "2026-11-16"] {
        banc.cumuls(Niveau::Ecole, Grain::Semaine, lundi, &lignes);
        banc.cumuls(Niveau::Circonscription, Grain::Semaine, lundi, &territoires);
    }
    banc
}

fn lettre(courriel: Option<&str>) -> Value {
    json!({"modele": "lettre", "niveau": "circonscription", "code": circonscription(1),
        "courriel": courriel, "rythme": "hebdomadaire"})
}

async fn creer(banc: &Banc, temoin: &str, corps: &Value) -> String {
    let reponse = banc
        .ecrire(temoin, ("POST", "/api/v1/rapports"), corps)
        .await;
    assert_eq!(reponse.statut, 201, "{}", reponse.texte());
    reponse.json()["id"].as_str().unwrap().to_owned()
}

/// The bench, the adviser signed in, and the letter that the adviser asked to have mailed there.
async fn abonne(smtp: Option<Smtp>, courriel: Option<&str>) -> (Banc, String, String) {
    let banc = terrain(smtp).await;
    let temoin = banc.temoin("conseiller").await;
    let id = creer(&banc, &temoin, &lettre(courriel)).await;
    (banc, temoin, id)
}

/// The adviser moves to another commune.
async fn muter(banc: &Banc) {
    let ailleurs: Perimetre = "commune:31395".parse().unwrap();
    let comptes = banc.etat.comptes();
    comptes
        .modifier("conseiller", "conseiller", Droits::from(ailleurs))
        .await
        .unwrap();
}

async fn envoyer(banc: &Banc, temoin: &str, id: &str) -> Value {
    let chemin = format!("/api/v1/rapports/{id}/envoi");
    let reponse = banc.ecrire(temoin, ("POST", &chemin), &json!({})).await;
    assert_eq!(reponse.statut, 200, "{}", reponse.texte());
    reponse.json()
}

async fn issues(banc: &Banc) -> Vec<EtatEnvoi> {
    let envois = tour(&banc.etat).await.unwrap();
    envois.into_iter().map(|envoi| envoi.etat).collect()
}

#[tokio::test]
async fn a_letter_is_mailed_in_two_texts_with_its_pdf_and_only_the_recipients_schools() {
    let serveur = ServeurCourriel::en_clair();
    let (banc, temoin, id) = abonne(Some(serveur.smtp()), Some(CLAIRE)).await;
    let rendu = envoyer(&banc, &temoin, &id).await;
    assert_eq!(rendu["dernier"]["etat"], "envoye", "{rendu}");
    assert_eq!(rendu["prochain"], "2026-11-23");
    assert_eq!(serveur.nombre(), 1);
    let entetes = serveur.partie(1, "entetes");
    for attendu in [
        "Destinataires: ['claire@exemple.fr']",
        "Subject: Lettre de la semaine\u{a0}: Circonscription 1",
        "Composition: multipart/alternative",
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe: <https://ent.exemple.fr/rapports>",
        "Fichier: frequent-lettre-circonscription-",
    ] {
        assert!(entetes.contains(attendu), "{attendu} in {entetes}");
    }
    let parties = [
        serveur.partie(1, "txt"),
        serveur.partie(1, "html"),
        serveur.pdf(1),
    ];
    for partie in parties {
        let partie = partie.replace(['\u{202f}', '\u{a0}'], " ");
        assert!(partie.contains("2 060"), "{partie}");
        for etranger in ["Billières", "Muret", "Montpellier", "640", "910"] {
            assert!(!partie.contains(etranger), "{etranger} in {partie}");
        }
    }
}

#[tokio::test]
async fn a_report_leaves_over_starttls_with_a_password_and_never_to_a_stranger() {
    let serveur = ServeurCourriel::chiffre();
    let (banc, temoin, id) = abonne(Some(serveur.smtp()), Some(CLAIRE)).await;
    let rendu = envoyer(&banc, &temoin, &id).await;
    assert_eq!(rendu["dernier"]["etat"], "envoye", "{rendu}");
    assert!(serveur.partie(1, "entetes").contains("TLS: True"));

    let mut etranger = serveur.smtp();
    etranger.autorites = None;
    let (banc, temoin, id) = abonne(Some(etranger), Some(CLAIRE)).await;
    let rendu = envoyer(&banc, &temoin, &id).await;
    assert_eq!(rendu["dernier"]["etat"], "echec", "{rendu}");
    assert_eq!(serveur.nombre(), 1);
}

#[tokio::test]
async fn what_is_masked_for_the_recipient_is_masked_in_the_report() {
    let banc = terrain(None).await;
    let ministere = banc.temoin("ministere").await;
    let commune = "/api/v1/rapports/apercu?modele=lettre&niveau=commune&code=31395";
    banc.cumuls(
        Niveau::Commune,
        Grain::Semaine,
        "2026-11-09",
        &[("31395", "TOUS", "total", "TOTAL", 2)],
    );
    let apercu = banc.lire(&ministere, commune).await;
    assert_eq!(apercu.statut, 200, "{}", apercu.texte());
    let html = apercu.texte();
    assert!(html.contains("<td class=\"chiffre\">masqué</td>"), "{html}");
    assert!(!html.contains("<td class=\"chiffre\">2</td>"), "{html}");
    let politique = apercu.entete("content-security-policy").unwrap();
    assert!(politique.starts_with("default-src 'none'; style-src 'sha256-"));
}

#[tokio::test]
async fn nobody_is_sent_what_they_or_who_asks_may_not_see() {
    let banc = terrain(None).await;
    let temoin = banc.temoin("conseiller").await;
    let demander = async |temoin: &str, corps: Value| {
        let reponse = banc.ecrire(temoin, ("POST", "/api/v1/rapports"), &corps);
        reponse.await.statut
    };
    let mut dehors = lettre(None);
    dehors["code"] = json!(circonscription(2));
    assert_eq!(demander(&temoin, dehors.clone()).await, 403);
    let mut autrui = lettre(None);
    autrui["destinataire"] = json!("toulousain");
    assert_eq!(demander(&temoin, autrui).await, 404);
    let toulousain = banc.temoin("toulousain").await;
    dehors["destinataire"] = json!("conseiller");
    assert_eq!(demander(&toulousain, dehors).await, 400);
    let mut a_un_autre = lettre(None);
    a_un_autre["destinataire"] = json!("conseiller");
    assert_eq!(demander(&toulousain, a_un_autre).await, 201);
    let ailleurs = lettre(Some("claire@ailleurs.fr"));
    assert_eq!(demander(&temoin, ailleurs).await, 400);
    let sans_serveur = lettre(Some(CLAIRE));
    assert_eq!(demander(&temoin, sans_serveur).await, 409);
    let vus = banc.lire(&temoin, "/api/v1/rapports").await.json();
    assert_eq!(vus["rapports"].as_array().unwrap().len(), 1, "{vus}");
}

#[tokio::test]
async fn an_account_that_no_longer_sees_the_territory_gets_a_failure_and_no_figure() {
    let (banc, _, id) = abonne(None, None).await;
    muter(&banc).await;
    let ministere = banc.temoin("ministere").await;
    let rendu = envoyer(&banc, &ministere, &id).await;
    assert_eq!(rendu["dernier"]["etat"], "echec");
    assert!(!rendu["dernier"]["raison"].as_str().unwrap().is_empty());
    assert!(!banc.lac.racine().join("rapports").exists());
}

#[tokio::test]
async fn a_letter_leaves_once_on_monday_morning_whoever_looks_and_how_often() {
    let serveur = ServeurCourriel::en_clair();
    let (banc, ..) = abonne(Some(serveur.smtp()), Some(CLAIRE)).await;
    assert_eq!(issues(&banc).await, []);
    // Friday 10:00 to Monday 05:00, then 07:00.
    banc.horloge.avancer(2 * JOUR + Duration::from_hours(19));
    assert_eq!(issues(&banc).await, []);
    banc.horloge.avancer(Duration::from_hours(2));
    let (une, autre) = tokio::join!(issues(&banc), issues(&banc));
    assert_eq!([une, autre].concat(), [EtatEnvoi::Envoye]);
    banc.horloge.avancer(JOUR);
    assert_eq!(issues(&banc).await, []);
    assert_eq!(serveur.nombre(), 1);
    assert!(
        serveur
            .partie(1, "html")
            .contains("du\u{a0}16 au\u{a0}22\u{a0}novembre 2026")
    );
}

#[tokio::test]
async fn a_failing_server_is_told_then_tried_again_until_it_takes_it() {
    let serveur = ServeurCourriel::en_clair();
    let (banc, _, id) = abonne(Some(serveur.smtp()), Some(CLAIRE)).await;
    serveur.refuser();
    banc.horloge.avancer(3 * JOUR);
    assert_eq!(issues(&banc).await, [EtatEnvoi::Echec]);
    // Friday's session is over.
    let temoin = banc.temoin("conseiller").await;
    let vus = banc.lire(&temoin, "/api/v1/rapports").await.json();
    let dernier = &vus["rapports"][0]["dernier"];
    assert_eq!(dernier["etat"], "echec");
    let raison = dernier["raison"].as_str().unwrap();
    for dite in ["boite pleine", "Vérifiez l’adresse"] {
        assert!(raison.contains(dite), "{dernier}");
    }
    // Monday 10:00 in Paris, and ten minutes.
    assert_eq!(vus["rapports"][0]["nouvel_essai"], "2026-11-23T09:10:00Z");
    assert_eq!(issues(&banc).await, [], "too early");
    banc.horloge.avancer(Duration::from_mins(11));
    assert_eq!(issues(&banc).await, [EtatEnvoi::Echec]);
    banc.horloge.avancer(Duration::from_mins(11));
    assert_eq!(issues(&banc).await, [], "longer the second time");
    serveur.accepter();
    banc.horloge.avancer(Duration::from_mins(20));
    assert_eq!(issues(&banc).await, [EtatEnvoi::Envoye]);
    assert_eq!(serveur.nombre(), 1);
    let rapport = Rapports::new(banc.etat.base())
        .un(&id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(rapport.essais, 0);
}

#[tokio::test]
async fn a_report_given_up_is_told_by_mail_and_comes_back_the_next_monday() {
    let serveur = ServeurCourriel::en_clair();
    let (banc, ..) = abonne(Some(serveur.smtp()), Some(CLAIRE)).await;
    muter(&banc).await;
    banc.horloge.avancer(3 * JOUR);
    let mut essais = 0;
    for _ in 0..200 {
        essais += issues(&banc).await.len();
        banc.horloge.avancer(Duration::from_mins(30));
    }
    assert_eq!(essais, 6);
    assert_eq!(serveur.nombre(), 1);
    assert!(serveur.partie(1, "txt").contains("n’a pas pu être établi"));
    banc.horloge.avancer(3 * JOUR);
    assert_eq!(issues(&banc).await, [EtatEnvoi::Echec]);
}

#[tokio::test]
async fn killed_before_it_is_noted_a_report_leaves_once_more_under_the_same_number() {
    let serveur = ServeurCourriel::en_clair();
    let (banc, _, id) = abonne(Some(serveur.smtp()), Some(CLAIRE)).await;
    banc.horloge.avancer(3 * JOUR);
    assert_eq!(issues(&banc).await, [EtatEnvoi::Envoye]);
    // As the database stood when the mail had left and nothing more was written.
    sqlx_reprendre(&banc, &id).await;
    banc.horloge.avancer(Duration::from_mins(1));
    assert_eq!(issues(&banc).await, [], "still held");
    banc.horloge.avancer(Duration::from_mins(15));
    assert_eq!(issues(&banc).await, [EtatEnvoi::Envoye]);
    assert_eq!(issues(&banc).await, []);
    let numero = |rang| {
        let entetes = serveur.partie(rang, "entetes");
        let lignes = entetes.lines().map(str::to_owned);
        lignes
            .filter(|l| l.starts_with("Message-ID"))
            .collect::<Vec<_>>()
    };
    assert_eq!(serveur.nombre(), 2);
    assert_eq!(numero(1), numero(2));
}

/// Puts a report back as its sender held it.
async fn sqlx_reprendre(banc: &Banc, id: &str) {
    use frequent_plan::{Horloge, Instant};
    let rapports = Rapports::new(banc.etat.base());
    rapports
        .servir(id, "2026-11-16".parse().unwrap())
        .await
        .unwrap();
    let maintenant = banc.horloge.maintenant();
    let jusqua = Instant(maintenant.0 + 15 * 60_000);
    let due = "2026-11-23".parse().unwrap();
    assert!(
        rapports
            .prendre(id, due, (maintenant, jusqua))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn without_an_address_a_report_is_left_in_the_folder_and_told_as_an_export() {
    let (banc, temoin, id) = abonne(None, None).await;
    for _ in 0..2 {
        let rendu = envoyer(&banc, &temoin, &id).await;
        assert_eq!(rendu["dernier"]["etat"], "depose");
    }
    let dossier = banc.lac.racine().join("rapports");
    let noms: Vec<String> = std::fs::read_dir(&dossier)
        .unwrap()
        .map(|entree| entree.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(noms.len(), 2, "{noms:?}");
    let html = noms
        .iter()
        .find(|nom| {
            std::path::Path::new(nom)
                .extension()
                .is_some_and(|e| e == "html")
        })
        .unwrap();
    let html = std::fs::read_to_string(dossier.join(html)).unwrap();
    assert!(html.contains("<html lang=\"fr\">"));
    let ministere = banc.temoin("ministere").await;
    let audit = banc.lire(&ministere, "/api/v1/audit?action=export").await;
    let audit = audit.texte();
    assert!(audit.contains("rapports"), "{audit}");
}

/// A committee's report of a circonscription for the ministry, by a day of the half, less its spaces.
async fn comite(banc: &Banc, jour: &str) -> String {
    let ministere = banc.temoin("ministere").await;
    let adresse = format!(
        "/api/v1/rapports/apercu?modele=comite&niveau=circonscription&code={}&jour={jour}",
        circonscription(1)
    );
    let apercu = banc.lire(&ministere, &adresse).await;
    assert_eq!(apercu.statut, 200, "{}", apercu.texte());
    apercu.texte().replace(['\u{202f}', '\u{a0}'], " ")
}

#[tokio::test]
async fn a_half_says_its_days_and_that_it_is_not_over() {
    let banc = terrain(None).await;
    let html = comite(&banc, "2026-11-20").await;
    for dit in [
        "Circonscription 1, du 1er août au 19 novembre 2026</h1>",
        "premier semestre de l’année scolaire 2026-2027, en cours jusqu’au 31 janvier 2027",
        "Le semestre n’est pas fini",
        "Rien à comparer un an avant",
    ] {
        assert!(html.contains(dit), "{dit} in {html}");
    }
    let passe = comite(&banc, "2026-03-15").await;
    for dit in [
        "du 1er février au 31 juillet 2026</h1>",
        "second semestre de l’année scolaire 2025-2026<",
    ] {
        assert!(passe.contains(dit), "{dit} in {passe}");
    }
    assert!(!passe.contains("n’est pas fini"), "{passe}");
    let ministere = banc.temoin("ministere").await;
    let avenir = format!(
        "/api/v1/rapports/apercu?modele=comite&niveau=circonscription&code={}&jour=2027-02-10",
        circonscription(1)
    );
    assert_eq!(banc.lire(&ministere, &avenir).await.statut, 400);
}

#[tokio::test]
async fn a_preview_has_the_rights_of_its_recipient_and_only_of_whom_one_administers() {
    let banc = terrain(None).await;
    let apercu = |code: String, destinataire: &str| {
        format!(
            "/api/v1/rapports/apercu?modele=lettre&niveau=circonscription&code={code}&destinataire={destinataire}"
        )
    };
    let toulousain = banc.temoin("toulousain").await;
    let sien = banc
        .lire(&toulousain, &apercu(circonscription(1), "conseiller"))
        .await;
    assert_eq!(sien.statut, 200, "{}", sien.texte());
    let ministere = banc.temoin("ministere").await;
    let ailleurs = apercu(circonscription(2), "conseiller");
    assert_eq!(banc.lire(&ministere, &ailleurs).await.statut, 403);
    let conseiller = banc.temoin("conseiller").await;
    let autrui = apercu(circonscription(1), "toulousain");
    assert_eq!(banc.lire(&conseiller, &autrui).await.statut, 404);
}
