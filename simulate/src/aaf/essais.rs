//! The importer against the truth of made-up worlds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use frequent_plan::{Lac, Niveau, Profil, Uai};
use frequent_territory::aaf as importeur;
use frequent_territory::effectifs::Effectifs;
use proptest::prelude::*;

use super::*;
use crate::essais::{annuaire, jour};

const PROFILS: [Profil; 4] = [
    Profil::Eleve,
    Profil::Parent,
    Profil::Enseignant,
    Profil::AdminVieScolTech,
];

/// The schools of the circonscription of Céret, with one pupil in this many.
fn monde(graine: u64, taille: f64) -> Monde {
    let reglages = Reglages {
        graine,
        perimetre: (Niveau::Circonscription, "0660055B".to_owned()),
        taille,
        date: jour("2026-11-20"),
        prefixe: "ENTSIM_066".to_owned(),
    };
    Monde::new(annuaire(), reglages).unwrap()
}

fn importer(lac: &Lac, chemin: &Path) {
    let mut rapports = Vec::new();
    let reglages = importeur::Reglages::default();
    importeur::importer(lac, chemin, &reglages, &mut |r| rapports.push(r.clone())).unwrap();
    for rapport in rapports {
        assert!(!rapport.to_string().contains("écart"), "{rapport}");
    }
}

/// Every school and every territory, for every profile, as the importer counted them.
fn assert_vrai(lac: &Lac, monde: &Monde) {
    let effectifs = Effectifs::ouvrir(lac).unwrap();
    let mut territoires: BTreeMap<(Niveau, String), BTreeSet<Uai>> = BTreeMap::new();
    for uai in monde.ecoles() {
        let ecole = annuaire().ecole(uai).unwrap();
        for niveau in [
            Niveau::Commune,
            Niveau::Circonscription,
            Niveau::Departement,
            Niveau::Region,
        ] {
            if let Some(lieu) = ecole.territoire(niveau) {
                let ecoles = territoires.entry((niveau, lieu.code.clone())).or_default();
                ecoles.insert(uai);
            }
        }
        let ecoles = territoires
            .entry((Niveau::Ecole, uai.to_string()))
            .or_default();
        ecoles.insert(uai);
    }
    for ((niveau, code), ecoles) in territoires {
        for profil in PROFILS {
            let compte = effectifs.de_ecoles(annuaire(), &ecoles, Some(profil));
            let compte = compte.map_or(0, |effectif| effectif.nombre);
            let vrai = monde.effectif(&ecoles, profil) + publies(monde, &ecoles, profil);
            assert_eq!(compte, vrai, "{niveau} {code} {profil}");
        }
    }
}

/// The pupils that the directory publishes of schools that lost all of theirs.
fn publies(monde: &Monde, ecoles: &BTreeSet<Uai>, profil: Profil) -> u64 {
    let videes = ecoles
        .iter()
        .filter(|uai| monde.effectif(&BTreeSet::from([**uai]), profil) == 0);
    let publies = videes.filter_map(|uai| annuaire().ecole(*uai)?.effectif);
    match profil {
        Profil::Eleve => publies.map(u64::from).sum(),
        _ => 0,
    }
}

fn formes() -> impl Strategy<Value = Forme> {
    let codages = prop::sample::select(vec![Codage::Utf8, Codage::Iso885915]);
    let archives = prop::sample::select(vec![Archive::Aucune, Archive::Zip, Archive::TarGz]);
    (codages, archives, 5_usize..200).prop_map(|(codage, archive, par_fichier)| Forme {
        codage,
        archive,
        par_fichier,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn head_counts_after_any_changes_are_those_of_the_persons_themselves(
        graine: u64,
        taille in 0.02_f64..0.15,
        formes in prop::collection::vec(formes(), 1..5),
        un_par_un: bool,
    ) {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path().join("donnees"));
        let depot = dossier.path().join("depot");
        let mut monde = monde(graine, taille);
        for (rang, forme) in formes.iter().enumerate() {
            let depose = match rang {
                0 => monde.deposer_complet(&depot, *forme).unwrap(),
                _ => monde.deposer_delta(&depot, *forme).unwrap(),
            };
            prop_assert!(depose.enregistrements > 0);
            if un_par_un {
                importer(&lac, &depot);
                assert_vrai(&lac, &monde);
            }
        }
        importer(&lac, &depot);
        assert_vrai(&lac, &monde);
        // Again changes nothing, nor does a whole extraction of the same day.
        importer(&lac, &depot);
        assert_vrai(&lac, &monde);
        fs::remove_dir_all(&depot).unwrap();
        monde.deposer_delta(&dossier.path().join("perdu"), formes[0]).unwrap();
        monde.deposer_complet(&depot, formes[0]).unwrap();
        importer(&lac, &depot);
        assert_vrai(&lac, &monde);
    }
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_another_one_others() {
    let ecrire = |graine, archive| {
        let dossier = tempfile::tempdir().unwrap();
        let mut monde = monde(graine, 0.05);
        let forme = Forme {
            archive,
            ..Forme::default()
        };
        monde.deposer_complet(dossier.path(), forme).unwrap();
        monde.deposer_delta(dossier.path(), forme).unwrap();
        let pieces = fs::read_dir(dossier.path()).unwrap();
        let pieces = pieces.map(|piece| {
            let piece = piece.unwrap();
            (piece.file_name(), fs::read(piece.path()).unwrap())
        });
        pieces.collect::<BTreeMap<_, _>>()
    };
    for archive in [Archive::Aucune, Archive::Zip, Archive::TarGz] {
        assert_eq!(ecrire(1, archive), ecrire(1, archive), "{archive:?}");
        assert_ne!(ecrire(1, archive), ecrire(2, archive), "{archive:?}");
    }
}

#[test]
fn families_and_staff_are_shared_between_schools_as_in_life() {
    let monde = monde(7, 1.0);
    let ecoles = monde.ecoles();
    for profil in PROFILS {
        let par_ecole = ecoles
            .iter()
            .map(|uai| monde.effectif(&BTreeSet::from([*uai]), profil));
        let somme: u64 = par_ecole.sum();
        let ensemble = monde.effectif(&ecoles, profil);
        let partages = profil != Profil::AdminVieScolTech;
        assert!(ensemble > 0 && (somme > ensemble) == partages, "{profil}");
    }
}

#[test]
fn a_perimeter_without_a_school_is_refused() {
    let reglages = Reglages {
        graine: 1,
        perimetre: (Niveau::Commune, "00000".to_owned()),
        taille: 1.0,
        date: jour("2026-11-20"),
        prefixe: "E".to_owned(),
    };
    let refus = Monde::new(annuaire(), reglages).unwrap_err();
    assert!(refus.to_string().contains("commune:00000"));
}
