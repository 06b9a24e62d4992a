//! Files of conventions, right and wrong, on the real extract of the directory.

use frequent_plan::{Jour, Lac};

use super::*;
use crate::Annuaires;
use crate::conventions::Montant;

const OCCITANIE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../demo/annuaire-occitanie.csv"
);

fn annuaires() -> Annuaires {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let validite: Jour = "2024-11-26".parse().unwrap();
    crate::import::importer(&lac, OCCITANIE.as_ref(), validite).unwrap();
    let annuaires = Annuaires::ouvrir(&lac).unwrap();
    // The extract has open schools only: one of them is closed here.
    let version = annuaires.courant().unwrap();
    let ecoles = version.ecoles().cloned().map(|mut ecole| {
        if ecole.uai.as_str() == "0311563F" {
            ecole.etat = crate::Etat::Ferme;
        }
        ecole
    });
    Annuaires::de_versions([crate::Annuaire::new(validite, ecoles.collect())])
}

fn montrer(import: &Import) -> String {
    let mut lignes = Vec::new();
    for (nouveaute, convention) in &import.conventions {
        let termes = convention.termes();
        lignes.push(format!(
            "{nouveaute:?} {} {} {} {} {} du {} au {}",
            convention.reference(),
            termes.autorite,
            termes.fournisseur,
            termes.plateforme,
            termes.prix,
            convention.debut(),
            convention.fin()
        ));
        for (uai, sejour) in convention.sejours() {
            lignes.push(format!("  {uai} du {} au {}", sejour.du(), sejour.au()));
        }
    }
    lignes.extend(import.refusees.iter().map(LigneRefusee::to_string));
    lignes.join("\n")
}

const ENTETE: &str = "\u{feff}Convention;Commune;SIRET;Éditeur;Plateforme;Code UAI;Nom de l’école;\
Date entrée;Sortie;Date début;Date fin;Prix annuel\n";

fn lire_lignes(lignes: &[&str], enregistrees: &[Convention]) -> Import {
    let fichier = ENTETE.to_owned() + &lignes.join("\n");
    lire(fichier.as_bytes(), &annuaires(), enregistrees).unwrap()
}

#[test]
fn each_row_that_cannot_be_used_is_refused_by_line_column_and_reason() {
    let import = lire_lignes(
        &[
            "PO-1;66024;;Édifice;ONE;0660713S;La Suberaie;;;01/09/2026;31/08/2027;45,00",
            "PO-1;66024;;Édifice;ONE;0660713S;La Suberaie;;;01/09/2026;31/08/2027;45,00",
            "PO-1;66024;;Édifice;ONE;0660713T;clé fausse;;;01/09/2026;31/08/2027;45,00",
            "PO-1;66024;;Édifice;ONE;9990001X;inconnue;;;01/09/2026;31/08/2027;45,00",
            "PO-1;66024;;Édifice;ONE;0311563F;fermée;;;01/09/2026;31/08/2027;45,00",
            "PO-1;66024;;Édifice;ONE;0660008A;autre prix;;;01/09/2026;31/08/2027;50",
            "PO-1;66024;21660136900013;Édifice;ONE;0660008A;;;;01/09/2026;31/08/2027;45",
            "PO-2;66024;;Édifice;ONE;0660713S;chevauche;;;2027-01-01;2027-12-31;45",
            "PO-3;66024;;Édifice;ONE;0660713S;fin avant début;;;31/08/2027;01/09/2026;45",
            "PO-3;66024;;Édifice;ONE;0660713S;date;;;1er septembre;31/08/2027;45",
            "PO-3;66024;;Édifice;ONE;0660713S;date;31/12/2025;;01/09/2026;31/08/2027;45",
            "PO-3;66024;;Édifice;ONE;0660713S;sortie;01/10/2026;30/09/2026;01/09/2026;31/08/2027;45",
            "PO-3;66024;;;ONE;0660713S;;;;01/09/2026;31/08/2027;45",
            "PO/3;66024;;Édifice;ONE;0660713S;;;;01/09/2026;31/08/2027;45",
            "PO-3;66024;;Édifice;ONE;0660713S;;;;01/09/2026;31/08/2027;quarante-cinq",
            "PO-3;66024;;Édifice",
            "PO-4;66024;;Édifice;NEO;0660713S;autre plateforme;;;01/09/2026;31/08/2027;",
        ],
        &[],
    );
    insta::assert_snapshot!(montrer(&import));
    assert_eq!(import.ignorees, ["Nom de l’école"]);
    assert_eq!(import.acceptees.len(), 2);
}

#[test]
fn commas_iso_dates_and_no_reference_make_the_same_convention() {
    let import = lire(
        b"autorite,fournisseur,plateforme,uai,debut,fin,prix\n\
          66024,Edifice,ONE-OCC,0660713S,2026-09-01,2027-08-31,\"45,00\"\n\
          66024,Edifice,ONE-OCC,0660008A,2026-09-01,2027-08-31,45\n",
        &annuaires(),
        &[],
    )
    .unwrap();
    insta::assert_snapshot!(montrer(&import));
    let (_, convention) = &import.conventions[0];
    assert_eq!(
        convention.termes().prix,
        Montant::de_centimes(4_500).unwrap()
    );
}

#[test]
fn the_same_file_again_changes_nothing_and_a_longer_one_adds_its_schools() {
    let ligne = "PO-1;66024;;Édifice;ONE;0660713S;;;;01/09/2026;31/08/2027;45";
    let suite = "PO-1;66024;;Édifice;ONE;0660008A;;02/11/2026;;01/09/2026;31/08/2027;45";
    let (_, connue) = lire_lignes(&[ligne], &[]).conventions.remove(0);
    let encore = lire_lignes(&[ligne], std::slice::from_ref(&connue));
    assert!(encore.conventions.is_empty());
    assert_eq!(encore.refusees[0].raison, Raison::DejaInscrite);
    let longue = lire_lignes(&[ligne, suite], &[connue]);
    let (nouveaute, convention) = &longue.conventions[0];
    assert_eq!(*nouveaute, Nouveaute::Completee);
    assert_eq!(convention.ecoles().len(), 2);
}

#[test]
fn a_first_line_that_lacks_a_column_is_refused_with_its_name() {
    let lu = |texte: &str| lire(texte.as_bytes(), &Annuaires::default(), &[]).unwrap_err();
    assert_eq!(lu(""), EnteteRefusee::Vide);
    assert_eq!(
        lu("uai;plateforme;autorite;debut"),
        EnteteRefusee::Absentes(vec!["fournisseur", "fin"])
    );
    assert_eq!(lu("uai;rne"), EnteteRefusee::Double("uai"));
}
