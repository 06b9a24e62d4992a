//! Reports from the console to a mail box: a real browser, the built binary, a real mail server.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;
#[path = "../api/tests/api/courriel.rs"]
#[allow(dead_code)]
mod courriel;

use banc::trafic::{journee, lundi_dernier};
use banc::{Banc, COMPTE, MOT_DE_PASSE};
use courriel::ServeurCourriel;
use frequent_plan::Semestre;

const CERET: &str = "0660055B";
const ADMINISTRATRICE: &str = "admin";
const ADRESSE: &str = "claire@exemple.fr";

#[test]
fn an_administrator_programs_a_report_reads_it_with_its_recipients_rights_and_sees_it_leave_or_fail()
 {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    banc.compte(&format!("circonscription:{CERET}"));
    let (nom, national) = (["--nom", "Une personne"], ["--perimetre", "national:FR"]);
    let compte = [
        "account",
        "add",
        ADMINISTRATRICE,
        "--role",
        "administrateur",
    ];
    banc.reussir(&[&compte[..], &nom, &national].concat());
    let lundi = lundi_dernier();
    let serveur = banc.servir();
    for rang in 0..5 {
        let evenements = journee(u64::try_from(rang).unwrap(), lundi.plus(rang), 400);
        let (statut, reponse) = serveur.envoyer(&cle, evenements.concat());
        assert_eq!(statut, 202, "{reponse}");
    }
    serveur.tuer();
    banc.reussir(&["aggregate"]);

    let boite = ServeurCourriel::en_clair();
    let smtp = boite.smtp();
    let port = smtp.port.to_string();
    let serveur = banc.servir_avec(&[
        ("RAPPORTS_SMTP_HOTE", &smtp.hote),
        ("RAPPORTS_SMTP_PORT", &port),
        ("RAPPORTS_SMTP_CHIFFREMENT", "aucun"),
        ("RAPPORTS_EXPEDITEUR", &smtp.expediteur),
    ]);
    // Claire's own session: what the API lets her see.
    let session = serveur.session();
    let lieu = format!("niveau=circonscription&code={CERET}");
    let semaine = session.lire(&format!(
        "/api/v1/synthese?{lieu}&grain=semaine&debut={lundi}"
    ));
    let semaine = &semaine["profils"][0]["mesures"];
    let semestre = Semestre::contenant(lundi);
    let hier = lundi.plus(7).plus(-1).min(semestre.fin());
    let jours = format!("du={}&au={hier}", semestre.debut());
    let total = session.lire(&format!(
        "/api/v1/mesures?perimetre=circonscription:{CERET}&{jours}"
    ));
    let total = &total["cellules"][0];
    assert!(semaine["visites"].as_i64().unwrap() > 100, "{semaine}");
    let attendus = serde_json::json!({
        "destinataire": "Claire Durand",
        "courriel": ADRESSE,
        "lieu": "Céret",
        "lettre": {
            "titre": "Céret",
            "visites": semaine["visites"],
            "utilisateurs": semaine["utilisateurs"],
        },
        "comite": {
            "titre": frequent_reports::jour_et_mois(semestre.debut()),
            "semestre": semestre.debut().to_string(),
            "visites": total["visites"],
            "utilisateurs": total["utilisateurs"],
        },
        "refuser": boite.chemin("refuser"),
    });
    banc::visiter(
        "rapports.mjs",
        &[
            ("FREQUENT_URL", &serveur.url),
            ("FREQUENT_COMPTE", ADMINISTRATRICE),
            ("FREQUENT_MOT_DE_PASSE", MOT_DE_PASSE),
            ("ATTENDUS", &attendus.to_string()),
        ],
    );
    assert_eq!(boite.nombre(), 1);
    let entetes = boite.partie(1, "entetes");
    assert!(entetes.contains(ADRESSE), "{entetes}");
    let html = boite.partie(1, "html");
    assert!(html.contains("avec les droits de Claire Durand"), "{html}");
    let liste = banc.reussir(&["rapport", "lister"]);
    for dit in [COMPTE, "echec", "boite pleine", "Vérifiez l’adresse"] {
        assert!(liste.contains(dit), "{dit} in {liste}");
    }
    let traces = banc.traces();
    assert!(traces.contains("report not sent"), "{traces}");
    assert!(!traces.contains(ADRESSE), "{traces}");
}
