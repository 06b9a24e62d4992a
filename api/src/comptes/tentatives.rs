//! How many sign-ins may be tried: an attacker is slowed, and cannot shut anyone out.
//!
//! Token buckets (GCRA). A device already known (see [`super::appareils`]) has a bucket of its own
//! for each account, and one for all of them: whatever is tried elsewhere on the account, its holder
//! signs in from there. Everyone else is counted by account and address, by address, by account
//! whatever the address, and in all. Accounts and addresses fall by a keyed hash into a fixed number
//! of buckets: trying millions of made-up identifiers takes no memory, nobody can choose which
//! bucket is shared, and no address is kept anywhere, not even here.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use frequent_plan::Horloge;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{NotUntil, Quota, RateLimiter};

use super::AppareilConnu;

const SEAUX: u64 = 16_384;

/// Where a sign-in comes from.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// The client's address, when it is known; forgotten once counted.
    pub adresse: Option<IpAddr>,
    /// What the browser shows of a sign-in that succeeded before.
    pub appareil: Option<AppareilConnu>,
    /// The kind of device, system and browser, from the plan's lists, separated by spaces.
    pub terminal: String,
}

/// A burst, then one try every so often.
#[derive(Debug, Clone, Copy)]
pub struct Allure {
    /// In a row.
    pub rafale: NonZeroU32,
    /// How long before one more.
    pub delai: Duration,
}

impl Allure {
    const fn de(rafale: u32, delai: Duration) -> Self {
        let rafale = match NonZeroU32::new(rafale) {
            Some(rafale) => rafale,
            None => NonZeroU32::MIN,
        };
        Self { rafale, delai }
    }
}

/// How many sign-ins may be tried.
#[derive(Debug, Clone)]
pub struct ReglagesTentatives {
    /// On one account from one address, and on one account from one known device.
    pub compte: Allure,
    /// From one address, whatever the accounts.
    pub adresse: Allure,
    /// On one account, from all the devices that are not known.
    pub compte_inconnus: Allure,
    /// In all, from devices that are not known; and as many again from those that are.
    pub ensemble: Allure,
}

impl Default for ReglagesTentatives {
    /// Hashing takes a core for some 20 ms: sign-ins can never take more than a small share of the
    /// machine. A school's whole staff may share an address.
    fn default() -> Self {
        Self {
            compte: Allure::de(10, Duration::from_secs(20)),
            adresse: Allure::de(30, Duration::from_secs(2)),
            compte_inconnus: Allure::de(50, Duration::from_mins(1)),
            ensemble: Allure::de(60, Duration::from_millis(500)),
        }
    }
}

/// The injected clock, as the buckets read it.
#[derive(Clone)]
struct Montre(Arc<dyn Horloge>);

impl Clock for Montre {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.maintenant().0).unwrap_or_default())
    }
}

type Seau = RateLimiter<NotKeyed, InMemoryState, Montre, NoOpMiddleware<Duration>>;
type Seaux = RateLimiter<u64, HashMapStateStore<u64>, Montre, NoOpMiddleware<Duration>>;

pub(super) struct Tentatives {
    montre: Montre,
    hache: RandomState,
    par_compte: Seaux,
    par_adresse: Seaux,
    par_compte_inconnus: Seaux,
    inconnus: Seau,
    connus: Seau,
}

impl Tentatives {
    pub(super) fn new(reglages: &ReglagesTentatives, horloge: &Arc<dyn Horloge>) -> Self {
        let montre = Montre(Arc::clone(horloge));
        let seaux = |allure| RateLimiter::hashmap_with_clock(quota(allure), montre.clone());
        let seau = |allure| RateLimiter::direct_with_clock(quota(allure), montre.clone());
        Self {
            hache: RandomState::new(),
            par_compte: seaux(reglages.compte),
            par_adresse: seaux(reglages.adresse),
            par_compte_inconnus: seaux(reglages.compte_inconnus),
            inconnus: seau(reglages.ensemble),
            connus: seau(reglages.ensemble),
            montre,
        }
    }

    /// Counts one try on an account, from an address and perhaps a known device; an error says how
    /// long to wait before the next.
    pub(super) fn compter(
        &self,
        identifiant: &str,
        adresse: Option<IpAddr>,
        appareil: Option<&str>,
    ) -> Result<(), Duration> {
        let attendre = |trop: NotUntil<Duration>| trop.wait_time_from(self.montre.now());
        if let Some(appareil) = appareil {
            let seau = self.seau(("appareil", identifiant, appareil));
            self.par_compte.check_key(&seau).map_err(attendre)?;
            return self.connus.check().map_err(attendre);
        }
        // The narrowest first: who is stopped there costs nothing to the others.
        let seau = self.seau(("adresse", identifiant, adresse));
        self.par_compte.check_key(&seau).map_err(attendre)?;
        if let Some(adresse) = adresse {
            let seau = self.seau(adresse);
            self.par_adresse.check_key(&seau).map_err(attendre)?;
        }
        let seau = self.seau(identifiant);
        self.par_compte_inconnus
            .check_key(&seau)
            .map_err(attendre)?;
        self.inconnus.check().map_err(attendre)
    }

    fn seau(&self, cle: impl Hash) -> u64 {
        self.hache.hash_one(cle) % SEAUX
    }
}

/// A delay of zero would be no limit at all: it counts as a millisecond.
fn quota(allure: Allure) -> Quota {
    Quota::with_period(allure.delai.max(Duration::from_millis(1)))
        .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
        .allow_burst(allure.rafale)
}

#[cfg(test)]
#[path = "tentatives_tests.rs"]
mod tests;
