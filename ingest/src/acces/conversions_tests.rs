use frequent_plan::Lac;

use super::*;

const MAINTENANT: Instant = Instant(1_795_295_415_573);

fn acces() -> (tempfile::TempDir, Acces) {
    let dossier = tempfile::tempdir().unwrap();
    let acces = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    (dossier, acces)
}

fn nom(nom: &str, service: &str) -> NomConverti {
    NomConverti {
        nom: nom.to_owned(),
        service: service.to_owned(),
        type_service: String::new(),
        outil: String::new(),
    }
}

fn service<'c>(connues: &'c ConversionsConnues, nom: &str) -> Option<&'c str> {
    let conversion = connues.en_vigueur().chercher("ONE-OCC", nom)?;
    Some(conversion.service.as_str())
}

#[test]
fn what_is_applied_is_in_force_on_its_platform_only_and_survives_a_restart() {
    let (dossier, acces) = acces();
    let mut tiers = nom("pronote", "NOTES");
    tiers.type_service = "TIERS".to_owned();
    tiers.outil = "Pronote".to_owned();
    let noms = vec![tiers, nom("blog", "ACTUALITES")];
    acces
        .appliquer_conversions("ONE-OCC", noms, MAINTENANT)
        .unwrap();

    let relu = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    let connues = relu.conversions();
    let conversion = connues.en_vigueur().chercher("ONE-OCC", "pronote").unwrap();
    assert_eq!(conversion.type_service, Some(TypeService::Tiers));
    assert_eq!(conversion.outil, "Pronote");
    assert_eq!(service(&connues, "blog"), Some("ACTUALITES"));
    assert!(connues.en_vigueur().chercher("AUTRE", "blog").is_none());
    let noms: Vec<_> = relu
        .noms_convertis("ONE-OCC")
        .into_iter()
        .map(|n| n.nom)
        .collect();
    assert_eq!(noms, ["blog", "pronote"]);
}

#[test]
fn undoing_goes_back_one_version_at_a_time_to_none() {
    let (_dossier, acces) = acces();
    for service in ["ACTUALITES", "NOTES"] {
        let noms = vec![nom("blog", service)];
        acces
            .appliquer_conversions("ONE-OCC", noms, MAINTENANT)
            .unwrap();
    }
    assert_eq!(service(&acces.conversions(), "blog"), Some("NOTES"));
    let rendus = acces.annuler_conversions("ONE-OCC").unwrap();
    assert_eq!(rendus, [nom("blog", "ACTUALITES")]);
    assert_eq!(service(&acces.conversions(), "blog"), Some("ACTUALITES"));
    assert!(acces.annuler_conversions("ONE-OCC").unwrap().is_empty());
    assert_eq!(service(&acces.conversions(), "blog"), None);
    assert!(acces.annuler_conversions("ONE-OCC").is_err());
    assert!(acces.lister_conversions().is_empty());
}

#[test]
fn only_the_last_versions_are_kept() {
    let (_dossier, acces) = acces();
    for rang in 0..VERSIONS_MAX + 3 {
        let noms = vec![nom(&format!("n{rang}"), "NOTES")];
        acces
            .appliquer_conversions("ONE-OCC", noms, MAINTENANT)
            .unwrap();
    }
    let versions = &acces.lister_conversions()[0].versions;
    assert_eq!(versions.len(), VERSIONS_MAX);
    assert_eq!(versions[VERSIONS_MAX - 1].noms[0].nom, "n12");
}

#[test]
fn another_process_change_is_taken_without_a_restart() {
    let (dossier, serveur) = acces();
    let commande = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    let noms = vec![nom("blog", "ACTUALITES")];
    commande
        .appliquer_conversions("ONE-OCC", noms, MAINTENANT)
        .unwrap();
    serveur.conversions.relire().unwrap();
    assert_eq!(service(&serveur.conversions(), "blog"), Some("ACTUALITES"));
}
