use frequent_plan::Plan;
use proptest::prelude::*;

use super::*;
use crate::fabrique::{evenement, evenements};

fn entree(lots: &[Vec<Evenement<'_>>]) -> Vec<u8> {
    let mut octets = Vec::new();
    for evenements in lots {
        let mut lot = Lot::new();
        for e in evenements {
            lot.pousser(e);
        }
        assert_eq!(lot.nombre(), evenements.len());
        lot.verser(&mut octets);
    }
    octets
}

#[test]
fn an_empty_lot_writes_nothing() {
    let mut octets = Vec::new();
    assert!(Lot::new().est_vide());
    Lot::new().verser(&mut octets);
    assert!(octets.is_empty());
    let plan = Plan::integre().unwrap();
    assert_eq!(LecteurLots::new(&octets, &plan).count(), 0);
}

#[test]
fn an_event_of_a_batch_costs_its_fixed_part_alone_when_its_texts_repeat() {
    let mut lot = Lot::new();
    lot.pousser(&evenement(0));
    let premier = lot.taille();
    lot.pousser(&evenement(1));
    assert_eq!(lot.taille() - premier, FIXE);
}

#[test]
fn every_cut_of_an_entry_is_said_and_gives_only_whole_events() {
    let plan = Plan::integre().unwrap();
    let attendus: Vec<_> = (0..3).map(evenement).collect();
    let octets = entree(&[attendus[..2].to_vec(), attendus[2..].to_vec()]);
    for coupe in 1..octets.len() {
        let lus: Vec<_> = LecteurLots::new(&octets[..coupe], &plan).collect();
        let bons = lus.iter().take_while(|e| e.is_ok()).count();
        for (lu, attendu) in lus.iter().zip(&attendus).take(bons) {
            assert_eq!(lu.as_ref(), Ok(attendu));
        }
        let entier = coupe == entree(&[attendus[..2].to_vec()]).len();
        assert_eq!(lus.iter().any(Result::is_err), !entier, "cut at {coupe}");
        assert!(lus.len() <= bons + 1, "reading goes on after an error");
    }
}

#[test]
fn a_service_that_the_plan_does_not_have_is_an_altered_lot() {
    let plan = Plan::integre().unwrap();
    let mut octets = entree(&[vec![evenement(0)]]);
    octets[ENTETE + 51] = 31;
    let faute = LecteurLots::new(&octets, &plan)
        .next()
        .unwrap()
        .unwrap_err();
    assert_eq!(faute.faute, FauteLot::Valeur("service"));
}

proptest! {
    #[test]
    fn lots_are_read_back_as_they_were_pushed(
        lots in prop::collection::vec(prop::collection::vec(evenements(), 0..8), 0..5)
    ) {
        let plan = Plan::integre().unwrap();
        let octets = entree(&lots);
        let lus: Vec<_> = LecteurLots::new(&octets, &plan).collect::<Result<_, _>>().unwrap();
        let attendus: Vec<_> = lots.into_iter().flatten().collect();
        prop_assert_eq!(lus, attendus);
    }

    #[test]
    fn altered_bytes_never_panic(
        evenements in prop::collection::vec(evenements(), 1..6),
        alterations in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let plan = Plan::integre().unwrap();
        let mut octets = entree(&[evenements]);
        for (ou, valeur) in alterations {
            let ou = ou.index(octets.len());
            octets[ou] = valeur;
        }
        prop_assert!(LecteurLots::new(&octets, &plan).count() <= octets.len());
    }

    #[test]
    fn any_bytes_never_panic(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        let plan = Plan::integre().unwrap();
        prop_assert!(LecteurLots::new(&octets, &plan).count() <= octets.len());
    }
}
