use frequent_plan::Lac;

use super::*;

fn site(numero: u32) -> Site {
    Site {
        numero,
        plateforme: "ONE-OCC".to_owned(),
        autres_plateformes: vec!["ONE-PACA".to_owned()],
        projet: "ENT-ECOLE".to_owned(),
        exploitant: String::new(),
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
    assert_eq!(lu, &site(365_203));
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
