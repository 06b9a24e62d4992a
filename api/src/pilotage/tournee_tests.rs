use proptest::prelude::*;

use super::*;

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

const LUNDI: &str = "2026-11-23";

fn uai(rang: u32) -> Uai {
    Uai::depuis_nombre(310_000 + rang)
}

/// A school that has no reason to be visited.
fn tranquille(rang: u32) -> Situation {
    Situation {
        uai: uai(rang),
        depuis: jour("2025-09-01"),
        deja_visitee: true,
        venues: [Venue {
            quelqu_un: true,
            enseignants: true,
            parents: true,
        }; 4],
        visites: Some(100),
        visites_avant: Some(100),
        eleves: None,
    }
}

fn liste(situations: &[Situation], en_paix: &[Uai]) -> Vec<Conseil> {
    let semaines = ["2026-11-02", "2026-11-09", "2026-11-16"].map(jour);
    let en_paix = en_paix.iter().copied().collect();
    choisir(situations, (jour(LUNDI), &semaines), &en_paix)
}

#[test]
fn each_school_has_one_plain_reason() {
    let jamais = Situation {
        deja_visitee: false,
        venues: [Venue::default(); 4],
        visites: Some(0),
        ..tranquille(1)
    };
    let chute = Situation {
        visites: Some(40),
        visites_avant: Some(100),
        ..tranquille(2)
    };
    let sans_parents = Situation {
        venues: [Venue {
            quelqu_un: true,
            enseignants: true,
            parents: false,
        }; 4],
        ..tranquille(3)
    };
    let liste = liste(&[sans_parents, chute, jamais, tranquille(4)], &[]);
    let dites: Vec<_> = liste.iter().map(|c| (c.uai, c.raison)).collect();
    assert_eq!(
        dites,
        [
            (uai(1), Raison::JamaisCommence),
            (uai(2), Raison::Chute),
            (uai(3), Raison::SansParents)
        ]
    );
    assert_eq!(
        liste[0].phrase,
        "Sous convention depuis le 1er\u{a0}septembre\u{a0}2025, aucune visite à ce jour."
    );
    assert!(
        liste[1].phrase.contains("contre 100"),
        "{}",
        liste[1].phrase
    );
    assert!(liste[1].phrase.contains("−60"), "{}", liste[1].phrase);
}

#[test]
fn a_masked_school_is_never_said_to_have_fallen() {
    let masquee = Situation {
        visites: None,
        visites_avant: Some(500),
        ..tranquille(1)
    };
    assert_eq!(liste(&[masquee], &[]), []);
}

#[test]
fn a_school_just_under_a_convention_is_given_four_weeks() {
    let neuve = |depuis: &str| Situation {
        deja_visitee: false,
        depuis: jour(depuis),
        ..tranquille(1)
    };
    assert_eq!(liste(&[neuve("2026-10-27")], &[]), []);
    assert_eq!(liste(&[neuve("2026-10-26")], &[]).len(), 1);
}

#[test]
fn an_example_is_given_only_where_eight_schools_can_be_set_beside_each_other() {
    let avec = |rang: u32| Situation {
        visites: Some(i64::from(rang) * 10),
        visites_avant: None,
        eleves: Some(100),
        ..tranquille(rang)
    };
    let huit: Vec<Situation> = (1..=8).map(avec).collect();
    let conseils = liste(&huit, &[]);
    assert_eq!(conseils.len(), 1);
    assert_eq!(conseils[0].raison, Raison::Exemple);
    assert!(conseils[0].uai >= uai(7));
    assert_eq!(liste(&huit[..7], &[]), []);
}

#[test]
fn places_left_are_shared_in_turn_so_that_no_reason_hides_the_others() {
    let jamais = (1..=20).map(|rang| Situation {
        deja_visitee: false,
        ..tranquille(rang)
    });
    let chutes = (21..=40).map(|rang| Situation {
        visites: Some(40),
        visites_avant: Some(100),
        ..tranquille(rang)
    });
    let situations: Vec<Situation> = jamais.chain(chutes).collect();
    let raisons: Vec<Raison> = liste(&situations, &[]).iter().map(|c| c.raison).collect();
    let combien = |raison| raisons.iter().filter(|r| **r == raison).count();
    assert_eq!(raisons.len(), ECOLES_MAX);
    assert_eq!(combien(Raison::JamaisCommence), 5);
    assert_eq!(combien(Raison::Chute), 5);
}

proptest! {
    #[test]
    fn the_list_is_short_the_same_whatever_the_order_and_leaves_in_peace(
        decrites in proptest::collection::vec(
            (any::<bool>(), 0_i64..200, 0_i64..200, any::<bool>(), 0_u64..100), 0..40),
        paix in 0_u32..40,
    ) {
        let situation = |(rang, d): (u32, &(bool, i64, i64, bool, u64))| Situation {
            deja_visitee: d.0,
            visites: Some(d.1),
            visites_avant: Some(d.2),
            venues: [Venue { quelqu_un: true, enseignants: true, parents: d.3 }; 4],
            eleves: Some(d.4),
            ..tranquille(rang)
        };
        let situations: Vec<Situation> = (0_u32..).zip(&decrites).map(situation).collect();
        let en_paix = [uai(paix)];
        let une = liste(&situations, &en_paix);
        prop_assert!(une.len() <= ECOLES_MAX);
        prop_assert!(une.iter().all(|c| c.uai != uai(paix)));
        let mut vues: Vec<Uai> = une.iter().map(|c| c.uai).collect();
        vues.sort_unstable();
        vues.dedup();
        prop_assert_eq!(vues.len(), une.len());
        let mut a_l_envers = situations.clone();
        a_l_envers.reverse();
        prop_assert_eq!(liste(&a_l_envers, &en_paix), une.clone());
        // Nobody with a reason is left out while there is room, examples aside.
        let seuil = seuil_exemple(&situations);
        let raisonnables = situations.iter().filter(|s| {
            let raison = s.raison(jour(LUNDI), seuil);
            s.uai != uai(paix) && raison.is_some_and(|(r, _)| r != Raison::Exemple)
        });
        let autres = une.iter().filter(|c| c.raison != Raison::Exemple).count();
        let exemples = une.len() - autres;
        prop_assert_eq!(autres, raisonnables.count().min(ECOLES_MAX - exemples));
    }
}
