//! The deployment against a naive one, day by day.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::conventions::essais::{convention, jour, termes, uai};
use crate::conventions::{Cloture, Inscription, SortCumuls};

const ECOLES: u32 = 4;
const PREMIER: &str = "2025-06-01";
const JOURS: i32 = 900;

fn le(rang: i32) -> Jour {
    jour(PREMIER).plus(rang)
}

/// A convention on one of two platforms, renewed or not, ended or not, with some schools that come
/// late or leave early.
fn une_convention() -> impl Strategy<Value = Convention> {
    let ecole = (0..ECOLES, 0..200_i32, proptest::option::of(0..300_i32));
    (
        (0..2_usize, 0..300_i32, 0..250_i32, 0..2_usize),
        proptest::option::of(0..600_i32),
        proptest::collection::vec(ecole, 1..5),
    )
        .prop_filter_map("a right convention", |(base, cloture, ecoles)| {
            let (plateforme, debut, duree, renouvelee) = base;
            let fin = debut + duree;
            let ecoles: BTreeMap<_, _> = ecoles
                .into_iter()
                .map(|(rang, entree, sortie)| {
                    let entree = (debut + entree).min(fin);
                    let sortie = sortie.map(|s| le((entree + s).min(fin)));
                    let inscription = Inscription {
                        entree: le(entree),
                        sortie,
                    };
                    (uai(rang), inscription)
                })
                .collect();
            let plateforme = ["ONE", "NEO"][plateforme];
            let reference = format!("{plateforme}-{debut}-{duree}");
            let mut convention = Convention::new(
                reference.parse().ok()?,
                termes(plateforme),
                (le(debut), le(fin)),
                ecoles,
            )
            .ok()?;
            for _ in 0..renouvelee {
                convention.reconduire(le(fin)).ok()?;
            }
            if let Some(cloture) = cloture {
                let date = le((debut + cloture).min(fin));
                let cumuls = SortCumuls::Garder;
                convention.terminer(Cloture { date, cumuls }).ok()?;
            }
            Some(convention)
        })
}

/// Whether a school is under a convention on a day, from the convention's own words.
fn est_dessous(convention: &Convention, ecole: Uai, jour: Jour) -> bool {
    let Some(inscription) = convention.ecoles().get(&ecole) else {
        return false;
    };
    convention.debut() <= jour
        && jour <= convention.echeance()
        && convention.cloture().is_none_or(|c| jour <= c.date)
        && inscription.entree <= jour
        && inscription.sortie.is_none_or(|s| jour <= s)
}

fn plateformes(conventions: &[Convention], ecole: Uai, jour: Jour) -> BTreeSet<String> {
    let dessous = conventions.iter().filter(|c| est_dessous(c, ecole, jour));
    dessous.map(|c| c.termes().plateforme.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_day_s_deployment_is_what_a_day_by_day_reading_finds(
        conventions in proptest::collection::vec(une_convention(), 0..5)
    ) {
        let deploiement = Deploiement::new(&conventions);
        for ecole in (0..ECOLES).map(uai) {
            let mut depuis: BTreeMap<String, Jour> = BTreeMap::new();
            for rang in 0..JOURS {
                let jour = le(rang);
                let attendues = plateformes(&conventions, ecole, jour);
                depuis.retain(|plateforme, _| attendues.contains(plateforme));
                for plateforme in &attendues {
                    depuis.entry(plateforme.clone()).or_insert(jour);
                }
                let vues: BTreeSet<(String, Jour)> = deploiement
                    .du_jour(ecole, jour)
                    .map(|e| (e.plateforme.to_string(), e.depuis))
                    .collect();
                let attendues: BTreeSet<(String, Jour)> = depuis.clone().into_iter().collect();
                prop_assert_eq!(&vues, &attendues, "{} {}", ecole, jour);
                let premiere = attendues.iter().map(|(_, depuis)| *depuis).min();
                prop_assert_eq!(deploiement.au(ecole, jour).map(|e| e.depuis), premiere);
                prop_assert_eq!(deploiement.est_deployee(ecole, jour), premiere.is_some());
            }
        }
    }
}

#[test]
fn two_conventions_that_follow_each_other_are_one_deployment() {
    let conventions = [
        convention("b", "2026-09-01", "2027-08-31", &[1]),
        convention("a", "2025-09-01", "2026-08-31", &[1, 2]),
    ];
    let deploiement = Deploiement::new(&conventions);
    let vu = deploiement.au(uai(1), jour("2026-11-20")).unwrap();
    assert_eq!(vu.depuis, jour("2025-09-01"));
    assert_eq!(vu.convention.as_str(), "b");
    assert!(!deploiement.est_deployee(uai(2), jour("2026-11-20")));
    assert!(Deploiement::default().est_vide());
}

#[test]
fn a_school_that_the_directory_does_not_know_is_deployed_in_the_country_only() {
    let conventions = [convention("a", "2026-09-01", "2027-08-31", &[1, 2])];
    let deploiement = Deploiement::new(&conventions);
    let annuaire = Annuaire::new(jour("2024-11-26"), Vec::new());
    let vues = |territoire| deploiement.deployees(&annuaire, territoire, jour("2026-11-20"));
    assert_eq!(vues((Niveau::National, "FR")).len(), 2);
    assert_eq!(vues((Niveau::Departement, "066")), []);
    assert_eq!(vues((Niveau::Ecole, uai(1).as_str())), [uai(1)]);
}
