//! Accounts on the command line: a role changed, a token limited, and the register of imports gone.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use frequent_plan::Lac;

use crate::banc::Banc;

#[test]
fn a_role_is_changed_within_what_the_account_sees_and_its_sessions_end() {
    let banc = Banc::avec_annuaire();
    banc.compte("departement:066");
    let liste = banc.reussir(&["account", "list"]);
    let identifiant = liste.split('\t').next().unwrap();
    banc.reussir(&["account", "role", identifiant, "conseiller"]);
    assert!(
        banc.reussir(&["account", "list"])
            .contains("\tconseiller\tdepartement:066")
    );
    let audit = banc.reussir(&["audit", "export"]);
    assert!(audit.contains("compte_modifie"), "{audit}");
    let refus = banc.executer(&["account", "role", "personne", "conseiller"]);
    assert!(!refus.status.success());

    let jeton = |perimetre| {
        let demande = [
            "token",
            "add",
            identifiant,
            "--nom",
            "tableur",
            "--portee",
            "chiffres",
            "--jours",
            "30",
            "--perimetre",
            perimetre,
        ];
        banc.executer(&demande)
    };
    assert!(jeton("ecole:0660713S").status.success());
    assert!(!jeton("departement:031").status.success());
}

#[test]
fn what_is_known_of_old_imports_goes_and_the_dry_run_says_so() {
    let banc = Banc::avec_annuaire();
    let dossier = Lac::new(banc.donnees()).imports();
    fs::create_dir_all(&dossier).unwrap();
    let ecrire = |nom: &str, mois: u64| {
        let fichier = File::create(dossier.join(nom)).unwrap();
        let age = Duration::from_hours(mois * 31 * 24);
        fichier.set_modified(SystemTime::now() - age).unwrap();
    };
    ecrire("vieux.json", 27);
    ecrire("recent.json", 20);
    let annonce = banc.reussir(&["purge", "--dry-run"]);
    assert!(annonce.contains("conservation.imports_mois"), "{annonce}");
    assert!(dossier.join("vieux.json").exists());
    let fait = banc.reussir(&["purge"]);
    assert!(fait.contains("1 partie(s)"), "{fait}");
    assert!(!dossier.join("vieux.json").exists());
    assert!(dossier.join("recent.json").exists());
}
