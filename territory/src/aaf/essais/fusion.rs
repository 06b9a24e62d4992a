//! The open directory and the feed, put together.

use super::*;
use crate::Annuaire;

fn courant(essai: &Essai) -> std::sync::Arc<Annuaire> {
    let annuaires = Annuaires::ouvrir(&essai.lac).unwrap();
    std::sync::Arc::clone(annuaires.courant().unwrap())
}

const SANS_CODE: &str = "0660713S;Ecole La Suberaie;Ecole;Public;66024;Le Boulou;066;11;76;212;\
Pyrénées-Orientales;Montpellier;Occitanie;Circonscription de Céret;OUVERT;\n";

#[test]
fn a_circonscription_known_by_its_name_takes_the_code_of_the_feed() {
    for source in [Source::Annuaire, Source::Aaf] {
        let mut essai = Essai::nouveau();
        essai.reglages.priorites = Priorites::default().avec(Groupe::Circonscription, source);
        essai.annuaire(&[ENTETE, SANS_CODE].concat(), "2026-09-01");
        deposer_complet(&essai, "20261120");
        essai.importer_depot();
        let annuaire = courant(&essai);
        let suberaie = annuaire.ecole("0660713S".parse().unwrap()).unwrap();
        let circonscription = suberaie.circonscription.as_deref().unwrap();
        assert_eq!(circonscription.code, "0660055B");
        assert_eq!(circonscription.nom, "Circonscription de Céret");
        // Before the extraction, nothing changes.
        let annuaires = Annuaires::ouvrir(&essai.lac).unwrap();
        let avant = annuaires.au(jour("2026-10-01")).unwrap();
        let suberaie = avant.ecole("0660713S".parse().unwrap()).unwrap();
        let code = &suberaie.circonscription.as_deref().unwrap().code;
        assert_eq!(code, "066Circonscription de Céret");
    }
}

#[test]
fn who_is_believed_is_a_setting_and_differences_are_listed() {
    for (source, nom_attendu) in [
        (Source::Annuaire, "Ecole La Suberaie"),
        (Source::Aaf, "E.E.PU LA SUBERAIE LE BOULOU"),
    ] {
        let mut essai = Essai::avec_annuaire();
        essai.reglages.priorites = Priorites::default().avec(Groupe::Nom, source);
        deposer_complet(&essai, "20261120");
        essai.importer_depot();
        let annuaire = courant(&essai);
        assert_eq!(
            annuaire.ecole("0660713S".parse().unwrap()).unwrap().nom,
            nom_attendu
        );
        let conflits = Annuaires::conflits(&essai.lac).unwrap();
        let suberaie = conflits.iter().find(|c| c.uai.as_str() == "0660713S");
        let suberaie = suberaie.unwrap();
        assert_eq!((suberaie.groupe, suberaie.retenu), (Groupe::Nom, source));
        assert_eq!(suberaie.annuaire, "Ecole La Suberaie");
        assert_eq!(suberaie.aaf, "E.E.PU LA SUBERAIE LE BOULOU");
    }
}

#[test]
fn the_order_of_imports_does_not_change_the_directory() {
    let annuaire = [ENTETE, SANS_CODE].concat();
    let complet = |essai: &Essai, date: &str| {
        deposer_complet(essai, date);
        essai.importer_depot();
    };
    let avant = Essai::nouveau();
    avant.annuaire(&annuaire, "2026-09-01");
    avant.annuaire(&annuaire, "2026-12-01");
    complet(&avant, "20261120");
    let apres = Essai::nouveau();
    complet(&apres, "20261120");
    apres.annuaire(&annuaire, "2026-12-01");
    apres.annuaire(&annuaire, "2026-09-01");
    let decrire = |essai: &Essai| {
        let annuaires = Annuaires::ouvrir(&essai.lac).unwrap();
        let versions = annuaires.versions().iter();
        versions
            .map(|v| (v.validite(), v.ecoles().cloned().collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    assert_eq!(decrire(&avant), decrire(&apres));
    assert_eq!(decrire(&avant).len(), 3);
    // The open directory of a day on which the feed already holds.
    apres.annuaire(&annuaire, "2026-11-20");
    assert_eq!(decrire(&apres), decrire(&avant));
}

#[test]
fn a_school_that_only_the_feed_knows_is_placed_in_territories_that_the_directory_names() {
    let essai = Essai::avec_annuaire();
    let mut requetes = structures();
    let champs = |commune| {
        [
            ("ENTStructureNomCourant", "E.M.PU$LES PINS"),
            ("ENTStructureTypeStruct", "ECOLE MATERNELLE"),
            ("ENTEcoleCirconscription", "MONTPELLIER-52900"),
            ("ENTEcoleSecteur", "PRIVE"),
            ("ENTEcoleCommune", commune),
        ]
    };
    for (id, uai, commune) in [("1", "0660001T", "CERET"), ("2", "0660002U", "NULLE PART")] {
        let mut champs = champs(commune).to_vec();
        champs.push(("ENTStructureUAI", uai));
        requetes.push(ajout(id, &champs));
    }
    essai.deposer(
        &nom("Complet", "20261120", "EtabEducNat"),
        fichier(&requetes),
    );
    essai.importer_depot();
    let annuaire = courant(&essai);
    let pins = annuaire.ecole(frequent_plan::Uai::depuis_nombre(660_001));
    let pins = pins.expect("placed");
    assert_eq!(pins.commune.code, "66049");
    assert_eq!(pins.circonscription.as_deref().unwrap().code, "0660055B");
    assert_eq!(pins.secteur.code(), "PR");
    assert_eq!(annuaire.ecoles().len(), 3);
}

#[test]
fn structures_that_did_not_change_make_no_new_version() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    essai.importer_depot();
    deposer_complet(&essai, "20261127");
    essai.importer_depot();
    let annuaires = Annuaires::ouvrir(&essai.lac).unwrap();
    assert_eq!(annuaires.versions().len(), 2);
    let changes = [changement(
        "52001",
        &[("ENTStructureNomCourant", "replace", "AUTRE")],
    )];
    essai.deposer(&nom("Delta", "20261128", "EtabEducNat"), fichier(&changes));
    essai.importer_depot();
    let annuaires = Annuaires::ouvrir(&essai.lac).unwrap();
    assert_eq!(annuaires.versions().len(), 3);
}
