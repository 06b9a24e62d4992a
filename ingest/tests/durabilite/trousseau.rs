//! The key ring, shared by processes that start at once.

use std::env::current_exe;
use std::process::{Command, Stdio};

use frequent_ingest::TrousseauDisque;
use frequent_plan::{AnneeScolaire, Lac, Trousseau};
use tempfile::TempDir;

use crate::evenements::{DOSSIER, dossier_donne, role};

const PLATEFORMES: u32 = 20;

#[test]
fn processes_that_create_keys_at_once_all_use_the_same_ones() {
    let dossier = TempDir::new().unwrap();
    let enfants: Vec<_> = (0..4)
        .map(|_| {
            let programme = Command::new(current_exe().unwrap());
            role(programme, "trousseau::child_that_creates_keys")
                .env(DOSSIER, dossier.path())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let pseudonymes: Vec<Vec<String>> = enfants
        .into_iter()
        .map(|enfant| {
            let sortie = String::from_utf8(enfant.wait_with_output().unwrap().stdout).unwrap();
            let dits = sortie.lines().filter(|l| l.starts_with("pseudonyme "));
            dits.map(str::to_owned).collect()
        })
        .collect();
    assert_eq!(pseudonymes[0].len(), PLATEFORMES as usize);
    assert!(
        pseudonymes.iter().all(|p| *p == pseudonymes[0]),
        "{pseudonymes:?}"
    );
    let trousseau = TrousseauDisque::ouvrir(&Lac::new(dossier.path())).unwrap();
    assert_eq!(trousseau.lister().unwrap().len(), PLATEFORMES as usize);
}

#[test]
#[ignore = "the part of the child, run by the test above"]
fn child_that_creates_keys() {
    let trousseau = TrousseauDisque::ouvrir(&dossier_donne()).unwrap();
    let annee = AnneeScolaire::depuis(2026).unwrap();
    // The harness leaves the cursor in the middle of a line.
    println!();
    for n in 0..PLATEFORMES {
        let cle = trousseau.cle(&format!("P{n}"), annee).unwrap();
        println!("pseudonyme {n} {}", cle.visiteur("u").0);
    }
}
