use frequent_plan::Lac;

use super::*;

fn site(numero: u32) -> Site {
    Site {
        numero,
        plateforme: "ONE-OCC".to_owned(),
        autres_plateformes: vec!["ONE-PACA".to_owned()],
        projet: "ENT-ECOLE".to_owned(),
        exploitant: String::new(),
        ..Site::default()
    }
}

#[test]
fn a_site_declared_is_found_replaced_then_forgotten() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let acces = Acces::ouvrir(&lac).unwrap();
    acces.ajouter_site(site(365_203)).unwrap();
    acces.ajouter_site(site(7)).unwrap();
    let relu = Acces::ouvrir(&lac).unwrap();
    let numeros: Vec<_> = relu.lister_sites().iter().map(|s| s.numero).collect();
    assert_eq!(numeros, [7, 365_203]);

    let connus = relu.sites();
    let lu = connus.site(365_203).unwrap();
    let declare = Site {
        cle_publique: lu.cle_publique.clone(),
        ..site(365_203)
    };
    assert_eq!(lu, &declare);
    assert!(lu.admet("ONE-OCC") && lu.admet("ONE-PACA") && !lu.admet("AUTRE"));
    assert!(connus.site(8).is_none());

    relu.retirer_site(7).unwrap();
    assert!(relu.retirer_site(7).is_err());
    assert!(relu.sites().site(7).is_none());
}

#[test]
fn a_site_whose_labels_cannot_be_used_is_refused() {
    let dossier = tempfile::tempdir().unwrap();
    let acces = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    let mut sans_plateforme = site(1);
    sans_plateforme.plateforme.clear();
    let mut mauvais_projet = site(1);
    mauvais_projet.projet = "a\u{7}".to_owned();
    for mauvais in [sans_plateforme, mauvais_projet] {
        assert!(acces.ajouter_site(mauvais).is_err());
    }
    assert!(acces.lister_sites().is_empty());
}

#[test]
fn a_site_keeps_its_public_key_whatever_else_of_it_changes_and_is_found_by_it() {
    let dossier = tempfile::tempdir().unwrap();
    let acces = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    let cle = acces.ajouter_site(site(1)).unwrap();
    let autre = acces.ajouter_site(site(2)).unwrap();
    assert!(cle.starts_with("fs_") && cle.len() == 35 && cle != autre);

    let mut change = site(1);
    change.cle_publique = "fs_choisie".to_owned();
    change.origines = vec!["https://ent.exemple.fr".parse().unwrap()];
    assert_eq!(acces.ajouter_site(change).unwrap(), cle);
    let connus = acces.sites();
    let lu = connus.site_de_cle(&cle).unwrap();
    assert_eq!((lu.numero, lu.origines.len()), (1, 1));
    assert!(connus.site_de_cle("fs_choisie").is_none());
    assert!(connus.site_de_cle("").is_none());
}

#[test]
fn a_file_of_before_public_keys_is_read_and_declaring_the_site_again_gives_it_one() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    std::fs::create_dir_all(lac.acces()).unwrap();
    let texte = "[[sites]]\nnumero = 7\nplateforme = \"ONE-OCC\"\n";
    std::fs::write(lac.acces().join("sites.toml"), texte).unwrap();
    let acces = Acces::ouvrir(&lac).unwrap();
    assert_eq!(acces.sites().site(7).unwrap().cle_publique, "");
    assert!(acces.sites().site_de_cle("").is_none());
    let cle = acces.ajouter_site(site(7)).unwrap();
    assert_eq!(acces.sites().site_de_cle(&cle).unwrap().numero, 7);
}
