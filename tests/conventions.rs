//! Conventions on the built binary: entered on the command line, seen by a running server, ended and
//! the end undone; schools with traffic are active, the others are not.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use banc::trafic::{Ligne, lundi_dernier};
use banc::{Banc, PLATEFORME};

/// Schools of Le Boulou and of Perpignan; the second has no visitor.
const VISITEE: &str = "0660713S";
const MUETTE: &str = "0660008A";

const CSV: &str = "Convention;Commune;SIRET;Éditeur;Plateforme;UAI;Date début;Date fin;Prix annuel\n\
    PO-1;66024;;Édifice;ONE-OCC;0660713S;01/09/2020;31/08/2037;45,00\n\
    PO-1;66024;;Édifice;ONE-OCC;0660008A;01/09/2020;31/08/2037;45,00\n\
    PO-1;66024;;Édifice;ONE-OCC;0660713T;01/09/2020;31/08/2037;45,00\n";

#[test]
fn conventions_are_imported_shown_renewed_and_ended_from_the_command_line() {
    let banc = Banc::avec_annuaire();
    let fichier = banc.fichier("conventions.csv");
    std::fs::write(&fichier, CSV).unwrap();
    let fichier = fichier.to_str().unwrap();

    let essai = banc.executer(&["convention", "import", fichier, "--essai"]);
    assert_eq!(essai.status.code(), Some(2));
    let refus = String::from_utf8(essai.stderr).unwrap();
    assert_eq!(
        refus.trim(),
        "ligne 4, uai : la lettre de contrôle attendue est S"
    );
    assert!(banc.reussir(&["convention", "list"]).contains("Aucune"));

    let importee = banc.executer(&["convention", "import", fichier]);
    let dit = String::from_utf8(importee.stdout).unwrap();
    assert!(dit.contains("PO-1\tnouvelle\t2 écoles"), "{dit}");
    let liste = banc.reussir(&["convention", "list"]);
    assert!(
        liste.contains("2 écoles") && liste.contains("en vigueur"),
        "{liste}"
    );

    let ajout = [
        "convention",
        "add",
        "--autorite",
        "66136",
        "--fournisseur",
        "Édifice",
        "--plateforme",
        PLATEFORME,
        "--debut",
        "2020-09-01",
        "--fin",
        "2037-08-31",
        "--prix",
        "45",
        "--ecole",
    ];
    let prise = banc.executer(&[&ajout[..], &[VISITEE]].concat());
    assert!(!prise.status.success());
    let dit = String::from_utf8(prise.stderr).unwrap();
    assert!(dit.contains("déjà sous la convention PO-1"), "{dit}");
    let autre = banc.reussir(&[&ajout[..], &["0660001T"]].concat());
    assert!(autre.contains("66136-one-occ-2020"), "{autre}");

    let etat = [
        "convention",
        "state",
        "--perimetre",
        "departement:066",
        "--jour",
    ];
    let vu = banc.reussir(&[&etat[..], &["2026-11-20"]].concat());
    assert!(vu.contains("3 écoles déployées"), "{vu}");
    assert!(vu.contains("actives : 0\tjamais visitées : 3"), "{vu}");
    assert!(vu.contains("2 écoles × 45,00 € = 90,00 €"), "{vu}");

    let fin = ["--date", "2026-10-31", "--cumuls", "detruire"];
    let terminee = banc.reussir(&[&["convention", "end", "PO-1"][..], &fin].concat());
    assert!(
        terminee.contains("au plus tard le 2026-11-15"),
        "{terminee}"
    );
    let vu = banc.reussir(&[&etat[..], &["2026-11-15"]].concat());
    assert!(vu.contains("1 écoles déployées"), "{vu}");
    assert_eq!(vu.matches("à détruire").count(), 2, "{vu}");
    banc.reussir(&["convention", "undo-end", "PO-1"]);
    let reconduite = banc.reussir(&["convention", "renew", "PO-1"]);
    assert!(reconduite.contains("2038-08-31"), "{reconduite}");
    let fiche = banc.reussir(&["convention", "show", "PO-1"]);
    assert!(
        fiche.contains("1 reconduction(s)") && fiche.contains(MUETTE),
        "{fiche}"
    );
}

#[test]
fn a_running_server_takes_a_convention_and_says_which_schools_are_active() {
    let banc = Banc::avec_annuaire();
    banc.compte("departement:066");
    let cle = banc.cle();
    let serveur = banc.servir();
    let session = serveur.session();
    let lundi = lundi_dernier();
    for jour in [lundi, lundi.plus(1)] {
        let ligne = Ligne {
            id: &format!("{jour}"),
            ts: &format!("{jour}T09:00:00Z"),
            uai: VISITEE,
            profil: "ENSEIGNANT",
            visiteur: "maitresse",
            service: "ACCUEIL",
            appareil: "ORDINATEUR",
        };
        let (statut, _) = serveur.envoyer(&cle, ligne.ndjson());
        assert_eq!(statut, 202);
    }
    let chemin =
        format!("/api/v1/deploiement?niveau=departement&code=066&grain=semaine&debut={lundi}");
    assert!(session.lire(&chemin)["deployees"].is_null());

    let fichier = banc.fichier("conventions.csv");
    std::fs::write(&fichier, CSV).unwrap();
    banc.executer(&["convention", "import", fichier.to_str().unwrap()]);
    let vu = session.attendre(&chemin, |vu| vu["actives"] == 1);
    assert_eq!(vu["deployees"], 2);
    assert_eq!(vu["ouvertes"], 2);
    assert_eq!(vu["jamais_visitees"], 1);
    assert_eq!(vu["ecoles"][0]["uai"], MUETTE);
    assert_eq!(vu["ecoles"][0]["etat"], "jamais_visitee");
    assert_eq!(vu["ecoles"][1]["etat"], "active");

    let jour = lundi.plus(1).to_string();
    let etat = ["convention", "state", "--grain", "semaine", "--jour", &jour];
    let dit = banc.reussir(&[&etat[..], &["--perimetre", "departement:066"]].concat());
    assert!(
        dit.contains(&format!(
            "du {lundi} au {jour}\tactives : 1\tjamais visitées : 1"
        )),
        "{dit}"
    );
}
