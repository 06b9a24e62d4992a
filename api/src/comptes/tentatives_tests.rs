use std::sync::atomic::{AtomicI64, Ordering};

use frequent_plan::Instant;

use super::*;

#[derive(Default)]
struct Reglable(AtomicI64);

impl Horloge for Reglable {
    fn maintenant(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

fn banc() -> (Arc<Reglable>, Tentatives) {
    let horloge = Arc::new(Reglable(AtomicI64::new(1_000_000)));
    let montre: Arc<dyn Horloge> = horloge.clone();
    (
        horloge,
        Tentatives::new(&ReglagesTentatives::default(), &montre),
    )
}

fn adresse(rang: u32) -> IpAddr {
    IpAddr::from(rang.to_be_bytes())
}

#[test]
fn an_attacker_of_one_account_is_slowed_from_one_address_and_from_many() {
    let (_, tentatives) = banc();
    let d_ici = (0..100).filter(|_| tentatives.compter("claire", Some(adresse(1)), None).is_ok());
    assert_eq!(d_ici.count(), 10);
    let de_partout = (2..1_000).filter(|&rang| {
        let essai = tentatives.compter("claire", Some(adresse(rang)), None);
        essai.is_ok()
    });
    assert!(de_partout.count() <= 50, "fifty in a row for the account");
}

#[test]
fn the_holder_on_a_known_device_signs_in_while_the_account_and_the_server_are_attacked() {
    let (horloge, tentatives) = banc();
    for minute in 0..60 {
        for rang in 0..500 {
            // Everything is tried, from everywhere, on this account and others.
            let _ = tentatives.compter("claire", Some(adresse(rang)), None);
            let _ = tentatives.compter(&format!("compte{rang}"), Some(adresse(minute)), None);
        }
        assert!(
            tentatives
                .compter("claire", Some(adresse(7)), None)
                .is_err()
        );
        assert_eq!(
            tentatives.compter("claire", Some(adresse(7)), Some("bureau")),
            Ok(())
        );
        horloge.0.fetch_add(60_000, Ordering::SeqCst);
    }
}

#[test]
fn a_known_device_that_is_stolen_is_slowed_too() {
    let (_, tentatives) = banc();
    let passes = (0..100).filter(|_| tentatives.compter("claire", None, Some("bureau")).is_ok());
    assert_eq!(passes.count(), 10);
}

#[test]
fn one_address_that_tries_many_accounts_does_not_stop_another() {
    let (_, tentatives) = banc();
    let passes = (0..500).filter(|rang| {
        let essai = tentatives.compter(&format!("compte{rang}"), Some(adresse(1)), None);
        essai.is_ok()
    });
    assert_eq!(passes.count(), 30);
    assert_eq!(tentatives.compter("claire", Some(adresse(2)), None), Ok(()));
}
