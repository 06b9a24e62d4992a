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

#[test]
fn after_a_key_is_destroyed_its_bytes_are_nowhere_and_nothing_links_a_person_to_what_was_counted() {
    let (dossier, lac) = lac();
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    let personnes: Vec<String> = (0..500).map(|n| format!("eleve-{n}")).collect();
    let pseudonymes = |trousseau: &TrousseauDisque| -> Vec<Visiteur> {
        let cle = trousseau.cle("A", annee()).unwrap();
        personnes.iter().map(|p| cle.visiteur(p)).collect()
    };
    let avant = pseudonymes(&trousseau);
    let secret = fs::read(trousseau.chemin("A", annee())).unwrap()[..32].to_vec();
    assert!(trousseau.detruire("A", annee()).unwrap());
    // Whoever has the list of every person and the whole data folder computes none of them again.
    let apres = pseudonymes(&TrousseauDisque::ouvrir(&lac).unwrap());
    assert!(apres.iter().all(|p| !avant.contains(p)));
    let mut a_voir = vec![dossier.path().to_owned()];
    while let Some(courant) = a_voir.pop() {
        for entree in fs::read_dir(courant).unwrap() {
            let chemin = entree.unwrap().path();
            if chemin.is_dir() {
                a_voir.push(chemin);
                continue;
            }
            let octets = fs::read(&chemin).unwrap();
            for morceau in secret.chunks(8) {
                assert!(
                    !octets.windows(8).any(|f| f == morceau),
                    "{}",
                    chemin.display()
                );
            }
        }
    }
}

#[test]
fn a_destruction_stopped_half_way_is_finished_at_opening() {
    let (_dossier, lac) = lac();
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    visiteur(&trousseau, "A");
    let cachee = lac.cles().join(format!("{DETRUITE}00"));
    fs::rename(trousseau.chemin("A", annee()), &cachee).unwrap();
    // Another link shows what became of the bytes.
    let temoin = lac.racine().join("temoin");
    fs::hard_link(&cachee, &temoin).unwrap();
    TrousseauDisque::ouvrir(&lac).unwrap();
    assert!(fichiers(&lac).is_empty());
    assert_eq!(fs::read(&temoin).unwrap()[..32], [0; 32]);
}
