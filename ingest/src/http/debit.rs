//! The rate of each sender, a provider's key or a site, when the deployment sets one: what is too
//! much is told when to come back, and nothing of it is taken. Senders are known ones only, so the
//! memory that they take is bounded.

use std::hash::Hash;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::probleme::Probleme;

/// Events that each sender may send.
pub(super) struct Debit<E: Hash + Eq + Clone> {
    /// What the senders are, in the metrics.
    genre: &'static str,
    limiteur: Option<DefaultKeyedRateLimiter<E>>,
    horloge: DefaultClock,
}

impl<E: Hash + Eq + Clone> Debit<E> {
    /// At most this many events a second and sender, over time; `elan` at once, which is at least the
    /// largest body. No rate, no limit.
    pub(super) fn new(
        genre: &'static str,
        par_seconde: Option<NonZeroU32>,
        elan: NonZeroU32,
    ) -> Self {
        Self {
            genre,
            limiteur: par_seconde.map(|debit| {
                let quota = Quota::per_second(debit).allow_burst(elan.max(debit));
                RateLimiter::keyed(quota)
            }),
            horloge: DefaultClock::default(),
        }
    }

    /// Takes this many events off what the sender may still send.
    pub(super) fn prendre(&self, emetteur: &E, evenements: u64) -> Result<(), Probleme> {
        let (Some(limiteur), Some(nombre)) = (&self.limiteur, nombre(evenements)) else {
            return Ok(());
        };
        match limiteur.check_key_n(emetteur, nombre) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(attente)) => {
                metrics::counter!("frequent_debit_depasse_total", "genre" => self.genre)
                    .increment(1);
                let duree = attente.wait_time_from(self.horloge.now());
                let secondes = u16::try_from(duree.as_secs() + 1).unwrap_or(u16::MAX);
                Err(Probleme::DebitDepasse { secondes })
            }
            Err(_) => Err(Probleme::TropDEvenements),
        }
    }
}

fn nombre(evenements: u64) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(evenements).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debit(par_seconde: u32) -> Debit<&'static str> {
        Debit::new(
            "cle",
            NonZeroU32::new(par_seconde),
            NonZeroU32::new(100).unwrap(),
        )
    }

    #[test]
    fn a_key_past_its_rate_is_told_when_to_come_back_and_the_others_go_on() {
        let debit = debit(1);
        assert_eq!(debit.prendre(&"une", 100), Ok(()));
        let refus = debit.prendre(&"une", 50).unwrap_err();
        assert!(
            matches!(refus, Probleme::DebitDepasse { secondes: 49..=51 }),
            "{refus:?}"
        );
        assert_eq!(debit.prendre(&"autre", 100), Ok(()));
    }

    #[test]
    fn without_a_rate_nothing_is_limited() {
        let debit = debit(0);
        for _ in 0..10 {
            assert_eq!(debit.prendre(&"une", 1_000_000), Ok(()));
        }
    }

    #[test]
    fn an_empty_batch_takes_nothing() {
        let debit = debit(1);
        assert_eq!(debit.prendre(&"une", 100), Ok(()));
        assert_eq!(debit.prendre(&"une", 0), Ok(()));
    }
}
