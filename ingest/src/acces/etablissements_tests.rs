use frequent_plan::Lac;

use super::*;
use crate::acces::Site;

fn acces() -> (tempfile::TempDir, Acces) {
    let dossier = tempfile::tempdir().unwrap();
    let acces = Acces::ouvrir(&Lac::new(dossier.path())).unwrap();
    for numero in [7, 8] {
        acces
            .ajouter_site(Site {
                numero,
                plateforme: "ONE-OCC".to_owned(),
                ..Site::default()
            })
            .unwrap();
    }
    (dossier, acces)
}

fn numeros(paires: &[(&str, u32)]) -> BTreeMap<String, Uai> {
    paires
        .iter()
        .map(|(numero, uai)| ((*numero).to_owned(), Uai::depuis_nombre(*uai)))
        .collect()
}

#[test]
fn a_number_means_a_school_on_its_site_only_and_the_last_import_stands() {
    let (dossier, acces) = acces();
    let premiers = numeros(&[("12", 660_713), ("13", 311_667)]);
    acces.ajouter_etablissements(7, premiers).unwrap();
    let changes = acces
        .ajouter_etablissements(7, numeros(&[("12", 660_713), ("13", 660_055), ("14", 1)]))
        .unwrap();
    let attendus = NumerosChanges {
        ajoutes: 1,
        modifies: 1,
        inchanges: 1,
    };
    assert_eq!(changes, attendus);

    let relu = Acces::ouvrir(&Lac::new(dossier.path()))
        .unwrap()
        .etablissements();
    assert_eq!(relu.uai(7, "13"), Some(Uai::depuis_nombre(660_055)));
    assert_eq!(relu.uai(8, "13"), None);
    assert_eq!(relu.uai(7, "99"), None);
    assert_eq!(relu.du_site(7).count(), 3);
}

#[test]
fn numbers_are_forgotten_one_by_one_or_all_together() {
    let (_dossier, acces) = acces();
    let tous = numeros(&[("1", 1), ("2", 2), ("3", 3)]);
    acces.ajouter_etablissements(7, tous).unwrap();
    let deux = ["1".to_owned(), "inconnu".to_owned()];
    assert_eq!(acces.retirer_etablissements(7, &deux).unwrap(), 1);
    assert_eq!(acces.etablissements().du_site(7).count(), 2);
    assert_eq!(acces.retirer_etablissements(7, &[]).unwrap(), 2);
    assert_eq!(acces.retirer_etablissements(7, &[]).unwrap(), 0);
}

#[test]
fn a_site_that_is_not_declared_has_no_numbers() {
    let (_dossier, acces) = acces();
    assert!(
        acces
            .ajouter_etablissements(9, numeros(&[("1", 1)]))
            .is_err()
    );
}

#[test]
fn twenty_thousand_numbers_are_kept_and_found() {
    let (dossier, acces) = acces();
    let tous = (0..20_000).map(|n| (format!("E{n}"), Uai::depuis_nombre(n)));
    acces.ajouter_etablissements(7, tous.collect()).unwrap();
    let relu = Acces::ouvrir(&Lac::new(dossier.path()))
        .unwrap()
        .etablissements();
    assert_eq!(relu.uai(7, "E19999"), Some(Uai::depuis_nombre(19_999)));
    assert_eq!(relu.du_site(7).count(), 20_000);
}
