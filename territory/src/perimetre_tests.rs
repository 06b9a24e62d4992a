use std::path::Path;
use std::sync::OnceLock;

use frequent_plan::Lac;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::{Annuaires, Ecole, import};

/// The real directory, as it is and as it was before one school in three had opened.
struct Annees {
    avant: Annuaire,
    apres: Annuaire,
    territoires: Vec<(Niveau, String)>,
    ecoles: Vec<Uai>,
}

fn annees() -> &'static Annees {
    static ANNEES: OnceLock<Annees> = OnceLock::new();
    ANNEES.get_or_init(|| {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path());
        let fichier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/annuaire-occitanie.csv");
        let validite = import::date_du_fichier(&fichier).unwrap().unwrap();
        import::importer(&lac, &fichier, validite).unwrap();
        let annuaire = Annuaires::ouvrir(&lac).unwrap().courant().unwrap().clone();
        let ecoles: Vec<Ecole> = annuaire.ecoles().cloned().collect();
        let anciennes = ecoles.iter().enumerate().filter(|(rang, _)| rang % 3 != 0);
        let anciennes = anciennes.map(|(_, ecole)| ecole.clone()).collect();
        let avant = Annuaire::new(validite, anciennes);
        let proches = avant.territoires().filter(|t| {
            t.code.starts_with("66") || t.code.starts_with("066") || t.niveau <= Niveau::Academie
        });
        Annees {
            territoires: proches.map(|t| (t.niveau, t.code.clone())).collect(),
            ecoles: avant
                .ecoles()
                .map(|e| e.uai)
                .filter(|uai| uai.as_str().starts_with("066"))
                .collect(),
            apres: Annuaire::new(validite, ecoles),
            avant,
        }
    })
}

fn perimetre() -> impl Strategy<Value = Perimetre> {
    let annees = annees();
    (
        prop::collection::vec(select(annees.territoires.as_slice()), 0..4),
        prop::collection::vec(select(annees.ecoles.as_slice()), 0..4),
    )
        .prop_map(|(territoires, ecoles)| Perimetre::new(territoires, ecoles))
}

/// A perimeter inside another, more often than by chance.
fn plus_etroit(large: &Perimetre) -> impl Strategy<Value = Perimetre> + use<> {
    let annuaire = &annees().avant;
    let dedans: Vec<(Niveau, String)> = annees()
        .territoires
        .iter()
        .filter(|(niveau, code)| large.contient(annuaire, *niveau, code))
        .cloned()
        .collect();
    let rang = 0..dedans.len().max(1);
    (
        prop::collection::vec(rang, 0..4),
        perimetre(),
        any::<bool>(),
    )
        .prop_map(move |(rangs, autre, melange)| {
            let choisis = rangs.iter().filter_map(|rang| dedans.get(*rang).cloned());
            let mut etroit = Perimetre::new(choisis, []);
            if melange {
                etroit.joindre(autre);
            }
            etroit
        })
}

fn deux() -> impl Strategy<Value = (Perimetre, Perimetre)> {
    perimetre().prop_flat_map(|large| {
        let etroit = plus_etroit(&large);
        (Just(large), etroit)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_perimeter_in_another_never_shows_more_even_once_schools_have_opened(
        (large, etroit) in deux()
    ) {
        let annees = annees();
        if large.inclut(&annees.avant, &etroit) {
            for annuaire in [&annees.avant, &annees.apres] {
                for ecole in annuaire.ecoles() {
                    let vue = etroit.contient_ecole(annuaire, ecole.uai);
                    prop_assert!(!vue || large.contient_ecole(annuaire, ecole.uai));
                }
                for (niveau, code) in &annees.territoires {
                    let vu = etroit.contient(annuaire, *niveau, code);
                    prop_assert!(!vu || large.contient(annuaire, *niveau, code));
                }
            }
        }
    }

    #[test]
    fn what_is_kept_of_a_perimeter_inside_another_is_in_both((large, etroit) in deux()) {
        let annuaire = &annees().avant;
        let garde = etroit.dans(annuaire, &large);
        prop_assert!(large.inclut(annuaire, &garde));
        prop_assert!(etroit.inclut(annuaire, &garde));
        if large.inclut(annuaire, &etroit) {
            prop_assert_eq!(garde, etroit);
        }
    }
}

#[test]
fn a_set_of_all_the_schools_of_a_commune_does_not_hold_the_commune() {
    let annuaire = &annees().apres;
    let ecoles = annuaire.ecoles_de(Niveau::Commune, "66049").map(|e| e.uai);
    let ensemble = Perimetre::new([], ecoles);
    let commune = Perimetre::territoire(Niveau::Commune, "66049");
    assert!(ensemble.contient(annuaire, Niveau::Commune, "66049"));
    assert!(!ensemble.inclut(annuaire, &commune));
    assert!(commune.inclut(annuaire, &ensemble));
    assert!(Perimetre::territoire(Niveau::Departement, "066").inclut(annuaire, &commune));
}
