use std::fs;
use std::os::unix::fs::PermissionsExt;

use frequent_plan::Lac;

use super::*;

const MAINTENANT: Instant = Instant(1_795_295_415_573);

fn plateformes() -> Vec<String> {
    vec!["ONE-OCC".to_owned(), "ONE-PACA".to_owned()]
}

#[test]
fn a_key_is_shown_once_and_only_its_hash_is_kept() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let acces = Acces::ouvrir(&lac).unwrap();
    let secret = acces
        .creer_cle("Éditeur", &plateformes(), MAINTENANT)
        .unwrap();
    assert!(secret.starts_with("fq_") && secret.len() == 67);

    let cle = acces.cle(&secret).unwrap();
    assert_eq!(cle.nom, "Éditeur");
    assert!(cle.admet("ONE-OCC") && !cle.admet("AUTRE"));

    let fichier = lac.acces().join("cles-fournisseurs.toml");
    let texte = fs::read_to_string(&fichier).unwrap();
    assert!(!texte.contains(&secret[3..]));
    let droits = fs::metadata(&fichier).unwrap().permissions().mode();
    assert_eq!(droits & 0o777, 0o600);
}

#[test]
fn two_keys_are_never_the_same() {
    let dossier = tempfile::tempdir().unwrap();
    let acces = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    let une = acces.creer_cle("une", &plateformes(), MAINTENANT).unwrap();
    let autre = acces
        .creer_cle("autre", &plateformes(), MAINTENANT)
        .unwrap();
    assert_ne!(une, autre);
    assert_eq!(acces.cle(&une).unwrap().nom, "une");
    assert_eq!(acces.lister_cles().len(), 2);
}

#[test]
fn an_unknown_or_revoked_key_is_turned_away() {
    let dossier = tempfile::tempdir().unwrap();
    let acces = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    let secret = acces.creer_cle("une", &plateformes(), MAINTENANT).unwrap();
    assert_eq!(acces.cle("fq_00"), Err(RefusCle::Inconnue));
    assert!(acces.revoquer_cle("une", MAINTENANT).unwrap());
    assert!(!acces.revoquer_cle("une", MAINTENANT).unwrap());
    assert_eq!(acces.cle(&secret), Err(RefusCle::Revoquee));
    assert!(acces.revoquer_cle("inconnue", MAINTENANT).is_err());
}

#[test]
fn a_name_taken_or_empty_and_no_platform_are_refused() {
    let dossier = tempfile::tempdir().unwrap();
    let acces = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    acces.creer_cle("une", &plateformes(), MAINTENANT).unwrap();
    for (nom, plateformes) in [
        ("une", plateformes()),
        ("", plateformes()),
        ("deux\n", plateformes()),
        ("deux", vec![]),
        ("deux", vec![" ".to_owned()]),
    ] {
        assert!(
            acces.creer_cle(nom, &plateformes, MAINTENANT).is_err(),
            "{nom}"
        );
    }
    assert_eq!(acces.lister_cles().len(), 1);
}

#[test]
fn what_another_process_writes_is_taken_without_a_restart() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let serveur = Acces::ouvrir(&lac).unwrap();
    let commande = Acces::ouvrir(&lac).unwrap();
    let secret = commande
        .creer_cle("une", &plateformes(), MAINTENANT)
        .unwrap();
    serveur.cles.relire().unwrap();
    assert_eq!(serveur.cle(&secret).unwrap().nom, "une");
    commande.revoquer_cle("une", MAINTENANT).unwrap();
    serveur.cles.relire().unwrap();
    assert_eq!(serveur.cle(&secret), Err(RefusCle::Revoquee));
}

#[test]
fn commands_at_the_same_time_lose_nothing() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    std::thread::scope(|portee| {
        for numero in 0..8 {
            let lac = &lac;
            portee.spawn(move || {
                let acces = Acces::ouvrir(lac).unwrap();
                acces
                    .creer_cle(&format!("cle {numero}"), &plateformes(), MAINTENANT)
                    .unwrap();
            });
        }
    });
    assert_eq!(Acces::ouvrir(&lac).unwrap().lister_cles().len(), 8);
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_its_line_and_changes_nothing() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let acces = Acces::ouvrir(&lac).unwrap();
    let secret = acces.creer_cle("une", &plateformes(), MAINTENANT).unwrap();
    let fichier = lac.acces().join("cles-fournisseurs.toml");
    fs::write(&fichier, "[[cles]]\nnom = \"une\"\nsecret = 3\n").unwrap();
    let erreur = acces.cles.relire().unwrap_err();
    assert!(
        matches!(erreur, AccesErreur::Illisible { ligne: 3, .. }),
        "{erreur}"
    );
    assert_eq!(acces.cle(&secret).unwrap().nom, "une");
}
