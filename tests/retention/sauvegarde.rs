//! Backups restored on the built binary: the same figures, or nothing at all.

use std::fs;
use std::path::{Path, PathBuf};

use crate::banc::trafic::lundi_dernier;
use crate::banc::{Banc, fichiers};
use crate::terrain::{SOIXANTE_JOURS, Terrain, lignes};

const PHRASE: &str = "une phrase pour les sauvegardes";

fn phrase(banc: &Banc) -> PathBuf {
    let chemin = banc.fichier("phrase.txt");
    fs::write(&chemin, format!("{PHRASE}\n")).unwrap();
    chemin
}

fn texte(chemin: &Path) -> &str {
    chemin.to_str().unwrap()
}

fn sauvegarder(banc: &Banc) -> PathBuf {
    let archive = banc.fichier("tout.age");
    let phrase = phrase(banc);
    banc.reussir(&["backup", texte(&archive), "--phrase", texte(&phrase)]);
    archive
}

#[test]
fn a_backup_made_while_serving_gives_the_same_figures_once_restored() {
    let terrain = Terrain::new(&[lundi_dernier()]);
    terrain.banc.compte("departement:066");
    let question = format!(
        "/api/v1/cellules?niveau=departement&code=066&grain=jour&debut={}",
        lundi_dernier()
    );
    let serveur = terrain.banc.servir_avec(&[]);
    let avant = serveur.session().texte(&question);
    let archive = sauvegarder(&terrain.banc);
    assert!(serveur.terminer().success());
    // Nothing of it can be read.
    let octets = fs::read(&archive).unwrap();
    assert!(octets.starts_with(b"age-encryption.org/v1"));
    assert!(!octets.windows(5).any(|f| f == b"ustar" || f == b"PAR1\x15"));

    let autre = Banc::vide();
    let phrase = phrase(&autre);
    autre.reussir(&["restore", texte(&archive), "--phrase", texte(&phrase)]);
    let lac = terrain.banc.donnees().join("lake");
    assert_eq!(fichiers(&lac), fichiers(&autre.donnees().join("lake")));
    autre.reussir(&["verify"]);
    let trail = autre.reussir(&["audit", "export"]);
    assert!(trail.contains("sauvegarde;restauration"), "{trail}");
    let trail = terrain.banc.reussir(&["audit", "export"]);
    assert!(trail.contains("sauvegarde;sauvegarde"), "{trail}");
    let serveur = autre.servir_avec(&[]);
    assert_eq!(serveur.session().texte(&question), avant);
    // It is not restored over anything.
    let refus = autre.executer(&["restore", texte(&archive), "--phrase", texte(&phrase)]);
    assert!(!refus.status.success());
}

#[test]
fn a_wrong_phrase_and_a_damaged_archive_restore_nothing() {
    let terrain = Terrain::new(&[lundi_dernier()]);
    let archive = sauvegarder(&terrain.banc);
    let sain = fs::read(&archive).unwrap();
    let autre = Banc::vide();
    let bonne = phrase(&autre);
    let fausse = autre.fichier("fausse.txt");
    fs::write(&fausse, "une autre phrase bien longue").unwrap();
    let refuser = |archive: &Path, phrase: &Path| {
        let sortie = autre.executer(&["restore", texte(archive), "--phrase", texte(phrase)]);
        assert!(
            !sortie.status.success(),
            "{}",
            String::from_utf8_lossy(&sortie.stdout)
        );
        assert!(!autre.donnees().exists());
        let cachees = fs::read_dir(autre.donnees().parent().unwrap()).unwrap();
        let cachees = cachees.filter(|e| {
            e.as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with(".restauration")
        });
        assert_eq!(cachees.count(), 0);
    };
    refuser(&archive, &fausse);
    let abimee = autre.fichier("abimee.age");
    let longueur = sain.len();
    for coupe in [10, 300, longueur / 2, longueur - 1] {
        fs::write(&abimee, &sain[..coupe]).unwrap();
        refuser(&abimee, &bonne);
    }
    for place in [5, 120, 400, longueur / 2, longueur - 3] {
        let mut octets = sain.clone();
        octets[place] ^= 1;
        fs::write(&abimee, octets).unwrap();
        refuser(&abimee, &bonne);
    }
    autre.reussir(&["restore", texte(&archive), "--phrase", texte(&bonne)]);
}

#[test]
fn a_restored_backup_brings_back_nothing_that_was_destroyed_since() {
    let (terrain, ancien, recent) = Terrain::ancien_et_recent();
    let archive = sauvegarder(&terrain.banc);
    terrain.banc.reussir(&["purge", "--ecole", "0660713S"]);
    let annee = recent.annee_scolaire().to_string();
    terrain
        .banc
        .reussir(&["key", "destroy", "ONE-OCC", &annee, "--en-cours"]);
    let registre = terrain.lac().destructions().join("registre.jsonl");

    let autre = Banc::vide();
    let phrase = phrase(&autre);
    let mut commande = autre.commande(&[
        "restore",
        texte(&archive),
        "--phrase",
        texte(&phrase),
        "--registre",
        texte(&registre),
    ]);
    commande.env(format!("FREQUENT_{}", SOIXANTE_JOURS.0), SOIXANTE_JOURS.1);
    let sortie = commande.output().unwrap();
    assert!(
        sortie.status.success(),
        "{}",
        String::from_utf8_lossy(&sortie.stderr)
    );
    let lake = autre.donnees().join("lake");
    assert!(!lake.join(format!("evenements/jour={ancien}")).exists());
    for table in ["evenements", "presence"] {
        let restantes = lignes(&lake.join(table));
        assert!(
            !restantes.values().flatten().any(|l| l.contains("0660713S")),
            "{table}"
        );
        assert!(
            restantes.values().flatten().any(|l| l.contains("0660138S")),
            "{table}"
        );
    }
    assert!(!autre.reussir(&["key", "list"]).contains(&annee));
    autre.reussir(&["verify"]);
}

#[test]
fn a_backup_for_a_public_key_is_opened_by_the_secret_one_only() {
    let terrain = Terrain::new(&[lundi_dernier()]);
    let archive = terrain.banc.fichier("tout.age");
    let refus = terrain
        .banc
        .executer(&["backup", texte(&archive), "--destinataire", "age1faux"]);
    assert!(!refus.status.success());
    assert!(!archive.exists());
}
