//! How many sign-ins may be tried, on one account and in all.
//!
//! Token buckets (GCRA). Accounts fall by a keyed hash into a fixed number of buckets, so that
//! trying millions of made-up identifiers takes no memory, and nobody can choose which bucket a
//! made-up identifier shares.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use frequent_plan::Horloge;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{NotUntil, Quota, RateLimiter};

const SEAUX: u64 = 4_096;

/// How many sign-ins may be tried.
#[derive(Debug, Clone)]
pub struct ReglagesTentatives {
    /// In a row on one account.
    pub rafale_compte: NonZeroU32,
    /// How long before one more may be tried on it.
    pub delai_compte: Duration,
    /// In a row on the whole server.
    pub rafale_globale: NonZeroU32,
    /// How long before one more may be tried there.
    pub delai_global: Duration,
}

impl Default for ReglagesTentatives {
    /// 10 on an account then one every 20 s; 60 in all then two a second (hashing takes a core for
    /// some 20 ms, so sign-ins can never take more than a small share of the machine).
    fn default() -> Self {
        Self {
            rafale_compte: NonZeroU32::MIN.saturating_add(9),
            delai_compte: Duration::from_secs(20),
            rafale_globale: NonZeroU32::MIN.saturating_add(59),
            delai_global: Duration::from_millis(500),
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
    global: Seau,
    par_compte: Seaux,
}

impl Tentatives {
    pub(super) fn new(reglages: &ReglagesTentatives, horloge: &Arc<dyn Horloge>) -> Self {
        let montre = Montre(Arc::clone(horloge));
        let global = quota(reglages.rafale_globale, reglages.delai_global);
        let compte = quota(reglages.rafale_compte, reglages.delai_compte);
        Self {
            hache: RandomState::new(),
            global: RateLimiter::direct_with_clock(global, montre.clone()),
            par_compte: RateLimiter::hashmap_with_clock(compte, montre.clone()),
            montre,
        }
    }

    /// Counts one try; an error says how long to wait before the next.
    pub(super) fn compter(&self, identifiant: &str) -> Result<(), Duration> {
        let seau = self.hache.hash_one(identifiant) % SEAUX;
        let attendre = |trop: NotUntil<Duration>| trop.wait_time_from(self.montre.now());
        self.par_compte.check_key(&seau).map_err(attendre)?;
        self.global.check().map_err(attendre)
    }
}

/// A delay of zero would be no limit at all: it counts as a millisecond.
fn quota(rafale: NonZeroU32, delai: Duration) -> Quota {
    Quota::with_period(delai.max(Duration::from_millis(1)))
        .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
        .allow_burst(rafale)
}
