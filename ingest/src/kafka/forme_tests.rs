use std::collections::{BTreeMap, BTreeSet};

use frequent_plan::{Lac, Plan};
use proptest::prelude::*;
use rdkafka::message::{BorrowedHeaders, OwnedHeaders};

use super::*;
use crate::fabrique::{Lue, evenement, evenements, lot};

fn lues(valeur: &[u8]) -> Vec<Lue> {
    let plan = Plan::integre().unwrap();
    let evenements = LecteurLots::new(valeur, &plan).map(Result::unwrap);
    evenements.map(|e| Lue::de(&e)).collect()
}

proptest! {
    #[test]
    fn a_lot_shared_out_by_school_keeps_every_event_in_its_school(
        evenements in prop::collection::vec(evenements(), 0..60)
    ) {
        let plan = Plan::integre().unwrap();
        let parts = par_ecole(lot(&evenements), &plan).unwrap();
        let ecoles: BTreeSet<_> = parts.iter().map(|(uai, _)| *uai).collect();
        prop_assert_eq!(ecoles.len(), parts.len(), "small lots give one part a school");
        let mut attendues = BTreeMap::<Uai, Vec<Lue>>::new();
        for evenement in &evenements {
            attendues.entry(evenement.uai).or_default().push(Lue::de(evenement));
        }
        let obtenues: BTreeMap<_, _> = parts.iter().map(|(u, v)| (*u, lues(v))).collect();
        prop_assert_eq!(obtenues, attendues);
    }
}

#[test]
fn a_large_lot_of_one_school_is_cut_below_what_a_broker_takes() {
    let plan = Plan::integre().unwrap();
    let modele = evenement(0);
    let nombre = 3 * VALEUR_MAX / 55;
    let parts = par_ecole(lot(std::iter::repeat_n(&modele, nombre)), &plan).unwrap();
    assert!(parts.len() >= 3);
    assert!(parts.iter().all(|(_, valeur)| valeur.len() < 1_000_000));
    let total: usize = parts.iter().map(|(_, valeur)| lues(valeur).len()).sum();
    assert_eq!(total, nombre);
}

fn sceau(octet: u8) -> Sceau {
    Sceau::new(&[octet; 32])
}

fn valeur_de(entetes: &OwnedHeaders, cle: &str) -> Vec<u8> {
    let entete = entetes.iter().find(|e| e.key == cle).unwrap();
    entete.value.unwrap().to_vec()
}

#[test]
fn a_seal_holds_for_its_value_and_its_key_only() {
    let entetes = sceau(1).entetes(b"valeur");
    let scelle = valeur_de(&entetes, ENTETE_SCEAU);
    assert_eq!(
        Forme::lire(Some(&entetes)),
        Ok(Forme::Lot { sceau: &scelle })
    );
    assert_eq!(sceau(1).verifier(&scelle, b"valeur"), Ok(()));
    assert_eq!(sceau(1).verifier(&scelle, b"Valeur"), Err(Rebut::SceauFaux));
    assert_eq!(
        sceau(2).verifier(&scelle, b"valeur"),
        Err(Rebut::SceauEtranger)
    );
    for octet in 0..scelle.len() {
        let mut altere = scelle.clone();
        altere[octet] ^= 1;
        assert!(sceau(1).verifier(&altere, b"valeur").is_err(), "{octet}");
        let coupe = &scelle[..octet];
        assert!(sceau(1).verifier(coupe, b"valeur").is_err(), "{octet}");
    }
}

#[test]
fn only_a_record_without_our_headers_is_a_native_event() {
    let entetes = |liste: &[(&str, &str)]| {
        liste.iter().fold(OwnedHeaders::new(), |tous, (key, v)| {
            tous.insert(Header {
                key,
                value: Some(*v),
            })
        })
    };
    assert_eq!(Forme::lire(None::<&BorrowedHeaders>), Ok(Forme::Native));
    assert_eq!(
        Forme::lire(Some(&entetes(&[("traceparent", "00")]))),
        Ok(Forme::Native)
    );
    for etrangers in [
        &[(ENTETE_FORME, "lot/1")][..],
        &[(ENTETE_SCEAU, "x")],
        &[(ENTETE_FORME, "lot/2"), (ENTETE_SCEAU, "x")],
    ] {
        assert_eq!(
            Forme::lire(Some(&entetes(etrangers))),
            Err(Rebut::FormeInconnue)
        );
    }
}

#[test]
fn the_sealing_key_is_made_once_kept_private_and_is_no_pseudonym_key() {
    use std::os::unix::fs::MetadataExt;
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let trousseau = TrousseauDisque::ouvrir(&lac).unwrap();
    let scelle = valeur_de(
        &Sceau::ouvrir(&trousseau).unwrap().entetes(b"valeur"),
        ENTETE_SCEAU,
    );
    let autre = TrousseauDisque::ouvrir(&lac).unwrap();
    let relue = Sceau::ouvrir(&autre).unwrap();
    assert_eq!(relue.verifier(&scelle, b"valeur"), Ok(()));
    let fichier = lac.cles().join("sceau-kafka.secret");
    assert_eq!(std::fs::metadata(fichier).unwrap().mode() & 0o777, 0o600);
    assert_eq!(autre.lister().unwrap(), []);
    assert!(!format!("{relue:?}").contains(char::is_numeric));
}
