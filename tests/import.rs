//! Files imported by the built binary: killed at any instant, done twice, while a server runs.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use banc::trafic::{Hasard, instant, lundi_dernier, unique};
use banc::{Banc, PLATEFORME};

/// Longest wait for something that has to happen.
const PATIENCE: Duration = Duration::from_mins(1);
/// Lines of the big file: some eight parts of 1 MiB.
const LIGNES: u64 = 60_000;
const KILLS: u64 = 5;

/// Each event is one person's only event, so that visits count the events one by one. Every other
/// one has no identifier of its own.
fn grand_fichier(jour: &str) -> String {
    (0..LIGNES)
        .map(|rang| {
            let texte = unique(rang, &instant(jour, rang));
            if rang % 2 == 0 {
                texte.replace(&format!("\"id\":\"unique-{rang}\","), "")
            } else {
                texte
            }
        })
        .collect()
}

fn parties_notees(banc: &Banc) -> usize {
    let Ok(entrees) = fs::read_dir(banc.donnees().join("imports")) else {
        return 0;
    };
    let noms = entrees.map(|e| e.unwrap().file_name());
    noms.filter(|n| n.to_string_lossy().ends_with(".json"))
        .count()
}

#[test]
fn an_import_killed_again_and_again_goes_on_where_it_was_and_counts_everything_once() {
    let banc = Banc::avec_annuaire();
    banc.compte("national:FR");
    let jour = lundi_dernier().to_string();
    let fichier = banc.fichier("nuit.ndjson.zst");
    let texte = grand_fichier(&jour);
    fs::write(&fichier, zstd(&texte)).unwrap();
    let fichier = fichier.to_str().unwrap();
    let arguments = ["import", fichier, "--plateforme", PLATEFORME];
    let mut hasard = Hasard(11);

    let mut interrompus = 0;
    for _ in 0..KILLS {
        let deja = parties_notees(&banc);
        let mut import = banc
            .commande(&arguments)
            .env("FREQUENT_IMPORT_TRANCHE_MIO", "1")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // It has gone on by one part at least, and is somewhere in another.
        let debut = Instant::now();
        while parties_notees(&banc) == deja && import.try_wait().unwrap().is_none() {
            assert!(debut.elapsed() < PATIENCE, "l’import n’avance pas");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(hasard.sous(20)));
        interrompus += u64::from(import.try_wait().unwrap().is_none());
        import.kill().unwrap();
        import.wait().unwrap();
    }
    assert!(
        interrompus >= 2,
        "aucun import n’a été interrompu en chemin"
    );

    let fin = banc
        .commande(&arguments)
        .env("FREQUENT_IMPORT_TRANCHE_MIO", "1")
        .output()
        .unwrap();
    let sortie = String::from_utf8(fin.stdout).unwrap();
    assert!(fin.status.success(), "{sortie}");
    let attendu = format!("{LIGNES} événements lus, {LIGNES} acceptés, 0 refusés");
    assert!(sortie.contains(&attendu), "{sortie}");
    assert!(sortie.contains("étaient déjà importés"), "{sortie}");
    verifier_le_compte(&banc, &jour, LIGNES);

    // Once more, in other parts, from standard input: nothing changes.
    let mut import = banc
        .commande(&["import", "-", "--plateforme", PLATEFORME])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .current_dir(banc.donnees())
        .spawn()
        .unwrap();
    let mut entree = import.stdin.take().unwrap();
    entree.write_all(texte.as_bytes()).unwrap();
    drop(entree);
    assert!(import.wait().unwrap().success());
    verifier_le_compte(&banc, &jour, LIGNES);
}

fn verifier_le_compte(banc: &Banc, jour: &str, attendu: u64) {
    banc.reussir(&["aggregate"]);
    banc.reussir(&["verify"]);
    let serveur = banc.servir();
    let reponse = serveur.session().lire(&cellule(jour));
    for mesure in ["visites", "utilisateurs", "evenements"] {
        assert_eq!(reponse["cellules"][0][mesure], attendu, "{mesure}");
    }
}

fn cellule(jour: &str) -> String {
    format!(
        "/api/v1/cellules?niveau=ecole&code=0660713S&grain=jour&du={jour}&au={jour}&profil=ELEVE&axe=total"
    )
}

/// One event a line, in CSV, the third of a school that does not exist.
fn petit_csv(jour: &str) -> String {
    let entete = "ts;uai;profil;visiteur;service;plateforme;exploitant\n".to_owned();
    let ligne = |rang| {
        let uai = if rang == 2 { "0660713T" } else { "0660713S" };
        format!("{jour}T09:0{rang}:00Z;{uai};ELEVE;eleve-{rang};NOTES;ONE-OCC;\"A;B\"\n")
    };
    std::iter::once(entete).chain((0..8).map(ligne)).collect()
}

#[test]
fn a_folder_imported_while_the_server_runs_is_counted_by_it_and_refused_lines_are_named() {
    let banc = Banc::avec_annuaire();
    banc.compte("national:FR");
    banc.cle();
    let jour = lundi_dernier().to_string();
    let dossier = banc.fichier("depot");
    fs::create_dir_all(dossier.join("lundi")).unwrap();
    let csv = dossier.join("lundi/nuit.csv");
    fs::write(&csv, petit_csv(&jour)).unwrap();
    // The same content, compressed, under another name: it counts once.
    fs::write(dossier.join("copie.gz"), gzip(&petit_csv(&jour))).unwrap();
    let arguments = ["import", dossier.to_str().unwrap(), "--cle", "Essai"];

    let serveur = banc.servir();
    let sortie = banc.executer(&arguments);
    assert_eq!(sortie.status.code(), Some(3));
    let dit = String::from_utf8(sortie.stdout).unwrap();
    assert!(
        dit.contains("En tout : 16 événements lus, 14 acceptés, 2 refusés"),
        "{dit}"
    );
    assert!(dit.contains("cle_invalide"), "{dit}");
    let refus = fs::read_to_string(format!("{}.refus.ndjson", csv.display())).unwrap();
    let refus: serde_json::Value = serde_json::from_str(&refus).unwrap();
    assert_eq!(refus["ligne"], 4);
    assert_eq!(refus["champ"], "uai");
    assert_eq!(refus["raison"], "cle_invalide");
    assert_eq!(refus["valeur"], "0660713T");

    let session = serveur.session();
    session.attendre(&cellule(&jour), |r| r["cellules"][0]["utilisateurs"] == 7);
    let encore = banc.executer(&arguments);
    assert_eq!(encore.status.code(), Some(3));
    let dit = String::from_utf8(encore.stdout).unwrap();
    assert!(dit.contains("(14 étaient déjà importés)"), "{dit}");
    let reponse = session.lire(&cellule(&jour));
    assert_eq!(reponse["cellules"][0]["evenements"], 7);
}

#[test]
fn a_trial_shows_what_would_be_refused_and_leaves_no_trace() {
    let banc = Banc::vide();
    let jour = lundi_dernier().to_string();
    let csv = banc.fichier("nuit.csv");
    fs::write(&csv, petit_csv(&jour)).unwrap();
    let csv = csv.to_str().unwrap();
    let sortie = banc.executer(&["import", csv, "--plateforme", PLATEFORME, "--essai"]);
    assert_eq!(sortie.status.code(), Some(3));
    let dit = String::from_utf8(sortie.stdout).unwrap();
    assert!(dit.contains("ligne 4, uai « 0660713T »"), "{dit}");
    assert!(!banc.donnees().exists());
    assert!(!Path::new(&format!("{csv}.refus.ndjson")).exists());
}

#[test]
fn a_file_that_cannot_be_read_is_said_and_the_next_one_is_imported() {
    let banc = Banc::vide();
    let jour = lundi_dernier().to_string();
    let (zip, bon) = (banc.fichier("a.zip"), banc.fichier("b.csv"));
    fs::write(&zip, b"PK\x03\x04").unwrap();
    fs::write(&bon, petit_csv(&jour).replace("0660713T", "0660713S")).unwrap();
    let (zip, bon) = (zip.to_str().unwrap(), bon.to_str().unwrap());
    let sortie = banc.executer(&["import", zip, bon, "--plateforme", PLATEFORME]);
    assert_eq!(sortie.status.code(), Some(1));
    let faute = String::from_utf8(sortie.stderr).unwrap();
    assert!(faute.contains("a.zip : archive ZIP"), "{faute}");
    let dit = String::from_utf8(sortie.stdout).unwrap();
    assert!(dit.contains("8 acceptés, 0 refusés"), "{dit}");
}

#[test]
fn a_test_key_imports_nothing() {
    let banc = Banc::vide();
    let (jour, csv) = (lundi_dernier().to_string(), banc.fichier("nuit.csv"));
    fs::write(&csv, petit_csv(&jour).replace("0660713T", "0660713S")).unwrap();
    let csv = csv.to_str().unwrap();
    banc.reussir(&[
        "provider",
        "add",
        "Banc",
        "--plateforme",
        PLATEFORME,
        "--essai",
    ]);
    let refuse = banc.executer(&["import", csv, "--cle", "Banc"]);
    assert_eq!(refuse.status.code(), Some(1));
    assert!(!banc.donnees().join("lake").exists());
    banc.reussir(&["import", csv, "--cle", "Banc", "--essai"]);
    assert!(!banc.donnees().join("lake").exists());
}

/// Two imports of one content at once: the second waits for the first, and finds it done.
#[test]
fn imports_that_meet_take_turns() {
    let banc = Banc::vide();
    let (jour, fichier) = (lundi_dernier().to_string(), banc.fichier("nuit.ndjson"));
    fs::write(&fichier, grand_fichier(&jour)).unwrap();
    let arguments = [
        "import",
        fichier.to_str().unwrap(),
        "--plateforme",
        PLATEFORME,
    ];
    let lancer = || {
        banc.commande(&arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let deux = [lancer(), lancer()].map(|import| import.wait_with_output().unwrap());
    let mut deja = 0;
    for import in deux {
        assert!(import.status.success());
        let dit = String::from_utf8(import.stdout).unwrap();
        deja += usize::from(dit.contains(&format!("({LIGNES} étaient déjà importés)")));
    }
    assert_eq!(deja, 1, "un seul des deux a importé");
    assert_eq!(banc.evenements(), LIGNES);
}

fn zstd(texte: &str) -> Vec<u8> {
    zstd::encode_all(texte.as_bytes(), 1).unwrap()
}

fn gzip(texte: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(texte.as_bytes()).unwrap();
    gzip.finish().unwrap()
}
