//! Territories, search and perimeters on the real extract, and on random countries.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use frequent_plan::{Lac, Uai};
use proptest::prelude::*;

use super::*;
use crate::ecole::{CodeNom, Etat, Secteur};
use crate::{Annuaires, Perimetre, import};

fn occitanie() -> Arc<Annuaire> {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let fichier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/annuaire-occitanie.csv");
    let validite = import::date_du_fichier(&fichier).unwrap().unwrap();
    import::importer(&lac, &fichier, validite).unwrap();
    Arc::clone(Annuaires::ouvrir(&lac).unwrap().courant().unwrap())
}

fn premier(annuaire: &Annuaire, texte: &str) -> (Niveau, String) {
    let trouve = annuaire.rechercher(texte, 5)[0];
    (trouve.niveau, trouve.code.clone())
}

#[test]
fn a_search_ignores_case_accents_and_the_order_of_words() {
    let annuaire = occitanie();
    for texte in [
        "colibris lagardelle",
        "LÈZE Colibris",
        "colib ecole lag",
        "0311563F",
        "0311563",
    ] {
        let attendue = (Niveau::Ecole, "0311563F".into());
        assert_eq!(premier(&annuaire, texte), attendue, "{texte}");
    }
    assert_eq!(
        premier(&annuaire, "ceret"),
        (Niveau::Commune, "66049".into())
    );
    assert_eq!(premier(&annuaire, "circonscription céret").1, "0660055B");
    assert_eq!(
        premier(&annuaire, "toulouse"),
        (Niveau::Academie, "16".into())
    );
    assert_eq!(
        premier(&annuaire, "herault"),
        (Niveau::Departement, "034".into())
    );
    assert_eq!(
        premier(&annuaire, "66"),
        (Niveau::Departement, "066".into())
    );
    assert_eq!(
        premier(&annuaire, "france"),
        (Niveau::National, "FR".into())
    );
    assert!(annuaire.rechercher("xyzzy", 5).is_empty());
    assert!(annuaire.rechercher(" ", 5).is_empty());
    assert_eq!(annuaire.rechercher("ecole", 7).len(), 7);
}

#[test]
fn the_ancestors_of_a_school_run_from_the_country_to_its_commune() {
    let annuaire = occitanie();
    let ecole = annuaire.territoire(Niveau::Ecole, "0660713S").unwrap();
    let noms: Vec<&str> = ecole.ancetres.iter().map(|(_, t)| t.nom.as_str()).collect();
    assert_eq!(
        noms[..4],
        ["France", "Occitanie", "Montpellier", "Pyrénées-Orientales"]
    );
    assert_eq!(ecole.ancetres[5].0, Niveau::Commune);
    let college = annuaire
        .ecoles()
        .find(|e| e.circonscription.is_none())
        .unwrap();
    let college = annuaire
        .territoire(Niveau::Ecole, college.uai.as_str())
        .unwrap();
    assert_eq!(college.ancetres.len(), 5);
}

#[test]
fn children_are_in_the_order_of_their_names() {
    let annuaire = occitanie();
    let departements = annuaire.enfants(Niveau::Academie, "16", Niveau::Departement);
    let noms: Vec<&str> = departements.iter().map(|t| t.nom.as_str()).collect();
    assert_eq!(noms.len(), 8);
    assert_eq!(noms[..3], ["Ariège", "Aveyron", "Gers"]);
    let ecoles = annuaire.enfants(Niveau::Circonscription, "0660055B", Niveau::Ecole);
    assert_eq!(
        ecoles.len(),
        annuaire
            .ecoles_de(Niveau::Circonscription, "0660055B")
            .len()
    );
    assert!(
        annuaire
            .enfants(Niveau::Departement, "999", Niveau::Ecole)
            .is_empty()
    );
}

#[test]
fn a_perimeter_holds_what_is_whole_in_it() {
    let annuaire = occitanie();
    let perimetre = Perimetre::territoire(Niveau::Departement, "066");
    assert!(perimetre.contient(&annuaire, Niveau::Departement, "066"));
    assert!(perimetre.contient(&annuaire, Niveau::Circonscription, "0660055B"));
    assert!(perimetre.contient(&annuaire, Niveau::Ecole, "0660713S"));
    assert!(!perimetre.contient(&annuaire, Niveau::Academie, "11"));
    assert!(!perimetre.contient(&annuaire, Niveau::Ecole, "0311563F"));
    assert!(!perimetre.contient(&annuaire, Niveau::Commune, "99999"));
    assert!(!perimetre.contient(&annuaire, Niveau::National, "FR"));

    let commune: BTreeSet<Uai> = annuaire
        .ecoles_de(Niveau::Commune, "66049")
        .map(|e| e.uai)
        .collect();
    let mut moins_une = commune.clone();
    moins_une.pop_first();
    let nommee = |ecoles: BTreeSet<Uai>| Perimetre::new([], ecoles);
    assert!(nommee(commune).contient(&annuaire, Niveau::Commune, "66049"));
    assert!(!nommee(moins_une).contient(&annuaire, Niveau::Commune, "66049"));
}

#[test]
fn a_school_the_directory_does_not_know_is_only_in_the_whole_country() {
    let annuaire = occitanie();
    let inconnue = Uai::depuis_nombre(660_000);
    assert_eq!(annuaire.code(inconnue, Niveau::Ecole), None);
    assert!(Perimetre::territoire(Niveau::National, "FR").contient_ecole(&annuaire, inconnue));
    assert!(!Perimetre::territoire(Niveau::Departement, "066").contient_ecole(&annuaire, inconnue));
}

#[test]
fn folding_leaves_letters_and_digits_only() {
    assert_eq!(
        crate::plier("  L'École Sacré-Cœur (n° 2)"),
        "l ecole sacre coeur n 2"
    );
    assert_eq!(crate::plier("…"), "");
}

fn ecole_au_hasard() -> impl Strategy<Value = Ecole> {
    let noms = proptest::sample::select(vec!["École A", "ecole b", "Collège C", "É"]);
    (0_u32..400, 0_u8..6, 0_u8..3, 0_u8..5, noms).prop_map(|(nombre, commune, dep, circo, nom)| {
        let territoire = |code: String| {
            Arc::new(CodeNom {
                nom: format!("T{code}"),
                code,
            })
        };
        Ecole {
            uai: Uai::depuis_nombre(nombre),
            nom: nom.to_owned(),
            type_etablissement: String::new(),
            nature: String::new(),
            secteur: Secteur::Public,
            commune: territoire(format!("{commune:05}")),
            departement: territoire(format!("{dep:03}")),
            academie: territoire(format!("{:02}", dep / 2)),
            region: territoire("01".into()),
            circonscription: (circo > 0).then(|| territoire(format!("circo{circo}"))),
            effectif: None,
            education_prioritaire: None,
            position: None,
            etat: Etat::Ouvert,
            ministere: String::new(),
        }
    })
}

proptest! {
    #[test]
    fn every_school_is_in_exactly_its_territories(ecoles in prop::collection::vec(ecole_au_hasard(), 1..60)) {
        let annuaire = Annuaire::new("2024-01-01".parse().unwrap(), ecoles);
        for territoire in annuaire.territoires() {
            let membres: BTreeSet<Uai> =
                annuaire.ecoles_de(territoire.niveau, &territoire.code).map(|e| e.uai).collect();
            let attendus: BTreeSet<Uai> = annuaire
                .ecoles()
                .filter(|e| annuaire.code(e.uai, territoire.niveau) == Some(&territoire.code))
                .map(|e| e.uai)
                .collect();
            prop_assert!(!membres.is_empty());
            prop_assert_eq!(membres, attendus);
        }
        for &niveau in Niveau::TOUS {
            let enfants = annuaire.enfants(Niveau::National, "FR", niveau);
            prop_assert_eq!(enfants.len(), annuaire.territoires().filter(|t| t.niveau == niveau).count());
        }
    }

    #[test]
    fn a_search_finds_what_reading_every_name_finds(
        ecoles in prop::collection::vec(ecole_au_hasard(), 1..40),
        texte in "(é|e|col|ecole|T|t0|c|b|00|circo1|fr)( (a|c|T0))?",
    ) {
        let annuaire = Annuaire::new("2024-01-01".parse().unwrap(), ecoles);
        let plie = crate::plier(&texte);
        let repond = |t: &&Territoire| {
            let commune = t.ancetres.last().filter(|_| t.niveau == Niveau::Ecole);
            let court = t.code.trim_start_matches('0');
            let source = [
                crate::plier(&t.nom),
                crate::plier(&t.code),
                commune.map_or(String::new(), |(_, c)| crate::plier(&c.nom)),
                if t.niveau == Niveau::Departement { court.to_owned() } else { String::new() },
            ]
            .join(" ");
            plie.split(' ').all(|mot| source.split(' ').any(|m| m.starts_with(mot)))
        };
        let cle = |t: &Territoire| (t.niveau, t.code.clone());
        let attendus: BTreeSet<_> = annuaire.territoires().filter(repond).map(cle).collect();
        let trouves: BTreeSet<_> = annuaire.rechercher(&texte, 10_000).into_iter().map(cle).collect();
        prop_assert_eq!(trouves, attendus);
    }
}
