use std::os::unix::fs::PermissionsExt;
use std::sync::Barrier;
use std::thread;

use frequent_plan::Visiteur;
use tempfile::TempDir;

use super::*;

fn lac() -> (TempDir, Lac) {
    let dossier = TempDir::new().unwrap();
    let lac = Lac::new(dossier.path());
    (dossier, lac)
}

fn annee() -> AnneeScolaire {
    AnneeScolaire::depuis(2026).unwrap()
}

fn visiteur(trousseau: &TrousseauDisque, plateforme: &str) -> Visiteur {
    trousseau.cle(plateforme, annee()).unwrap().visiteur("u")
}

fn fichiers(lac: &Lac) -> Vec<PathBuf> {
    let entrees = fs::read_dir(lac.cles()).unwrap();
    entrees.map(|e| e.unwrap().path()).collect()
}

#[test]
fn a_key_is_the_same_after_reopening_and_differs_by_platform_and_year() {
    let (_dossier, lac) = lac();
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    let premier = visiteur(&trousseau, "A");
    assert_ne!(premier, visiteur(&trousseau, "B"));
    let autre_annee = trousseau.cle("A", annee().suivante()).unwrap();
    assert_ne!(premier, autre_annee.visiteur("u"));
    let rouvert = TrousseauDisque::ouvrir(&lac).unwrap();
    assert_eq!(premier, visiteur(&rouvert, "A"));
}

#[test]
fn the_folder_and_the_keys_are_closed_to_others() {
    let (_dossier, lac) = lac();
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    visiteur(&trousseau, "A");
    assert_eq!(fs::metadata(lac.cles()).unwrap().mode() & 0o777, 0o700);
    let fichiers = fichiers(&lac);
    assert_eq!(fichiers.len(), 1);
    assert_eq!(fs::metadata(&fichiers[0]).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let (_dossier, lac) = lac();
    visiteur(&TrousseauDisque::ouvrir(&lac).unwrap(), "A");
    fs::set_permissions(&fichiers(&lac)[0], fs::Permissions::from_mode(0o640)).unwrap();
    let rouvert = TrousseauDisque::ouvrir(&lac).unwrap();
    let refus = rouvert.cle("A", annee()).unwrap_err();
    assert!(refus.cause.contains("droits 640"), "{refus}");
    assert!(rouvert.cle("B", annee()).is_ok());
}

#[test]
fn a_folder_that_others_may_enter_is_refused() {
    let (_dossier, lac) = lac();
    fs::create_dir(lac.cles()).unwrap();
    fs::set_permissions(lac.cles(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(matches!(
        TrousseauDisque::ouvrir(&lac),
        Err(TrousseauErreur::Droits { mode: 0o755, .. })
    ));
}

#[test]
fn a_cut_or_foreign_key_file_is_refused() {
    let (_dossier, lac) = lac();
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    visiteur(&trousseau, "A");
    let de_a = trousseau.chemin("A", annee());
    fs::copy(&de_a, trousseau.chemin("B", annee())).unwrap();
    assert!(trousseau.cle("B", annee()).is_err());
    let entier = fs::read(&de_a).unwrap();
    fs::write(&de_a, &entier[..31]).unwrap();
    let rouvert = TrousseauDisque::ouvrir(&lac).unwrap();
    assert!(rouvert.cle("A", annee()).is_err());
}

#[test]
fn a_platform_named_like_a_path_stays_in_the_folder() {
    let (dossier, lac) = lac();
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    for nom in ["../../evil", "/etc/passwd", "a\0b", ".", "é/è"] {
        visiteur(&trousseau, nom);
    }
    assert_eq!(fichiers(&lac).len(), 5);
    assert_eq!(fs::read_dir(dossier.path()).unwrap().count(), 1);
    let noms: Vec<_> = trousseau.lister().unwrap();
    assert!(noms.iter().any(|c| c.plateforme == "../../evil"));
}

#[test]
fn threads_and_key_rings_that_create_at_once_all_get_the_same_key() {
    let (_dossier, lac) = lac();
    let trousseaux: Vec<_> = (0..4)
        .map(|_| TrousseauDisque::ouvrir(&lac).unwrap())
        .collect();
    for tour in 0..20 {
        let plateforme = format!("P{tour}");
        let depart = Barrier::new(8);
        let vus: Vec<_> = thread::scope(|s| {
            let fils: Vec<_> = (0..8)
                .map(|i| {
                    let (trousseau, plateforme, depart) =
                        (&trousseaux[i % 4], &plateforme, &depart);
                    s.spawn(move || {
                        depart.wait();
                        visiteur(trousseau, plateforme)
                    })
                })
                .collect();
            fils.into_iter().map(|f| f.join().unwrap()).collect()
        });
        assert!(vus.iter().all(|v| *v == vus[0]), "{vus:?}");
    }
    assert_eq!(fichiers(&lac).len(), 20);
}

#[test]
fn a_destroyed_key_is_gone_from_disk_and_memory_and_a_new_one_links_nothing() {
    let (_dossier, lac) = lac();
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    let avant = visiteur(&trousseau, "A");
    visiteur(&trousseau, "B");
    assert!(trousseau.detruire("A", annee()).unwrap());
    assert!(!trousseau.detruire("A", annee()).unwrap());
    let restantes = trousseau.lister().unwrap();
    assert_eq!(restantes.len(), 1);
    assert_eq!(restantes[0].plateforme, "B");
    assert_eq!(fichiers(&lac).len(), 1);
    assert_ne!(avant, visiteur(&trousseau, "A"));
}

#[test]
fn what_a_stopped_creation_left_is_swept_at_opening() {
    let (_dossier, lac) = lac();
    drop(TrousseauDisque::ouvrir(&lac).unwrap());
    fs::write(lac.cles().join(".en-cours-0000"), [1; 40]).unwrap();
    TrousseauDisque::ouvrir(&lac).unwrap();
    assert!(fichiers(&lac).is_empty());
}
