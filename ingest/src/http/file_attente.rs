//! Who has waited longest: when there are too many connections, those that send nothing, or a
//! request that never ends, make room for those that ask for something.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustc_hash::FxHashMap;
use tokio::sync::Notify;

/// What part of the connections is closed at once: looking for the oldest is paid by many.
const PART: usize = 16;
/// Not waiting: a request is being answered.
const OCCUPEE: u64 = u64::MAX;

/// One connection, as the others see it.
#[derive(Debug)]
pub(super) struct Connexion {
    numero: u64,
    ouverture: Instant,
    /// Milliseconds after the opening of the server since when it waits, or [`OCCUPEE`].
    depuis: AtomicU64,
    depart: Notify,
}

impl Connexion {
    /// A request has come.
    pub(super) fn commencer(&self) {
        self.depuis.store(OCCUPEE, Ordering::Relaxed);
    }

    /// Its answer is given: the next one is awaited.
    pub(super) fn attendre(&self) {
        self.depuis
            .store(millisecondes(self.ouverture), Ordering::Relaxed);
    }

    /// Whether it waits for a request.
    pub(super) fn attend(&self) -> bool {
        self.depuis.load(Ordering::Relaxed) != OCCUPEE
    }

    /// Ends when the connection is told to leave.
    pub(super) async fn congediee(&self) {
        self.depart.notified().await;
    }
}

/// The open connections.
#[derive(Debug)]
pub(super) struct Attentes {
    ouverture: Instant,
    ouvertes: Mutex<Ouvertes>,
}

#[derive(Debug, Default)]
struct Ouvertes {
    suivante: u64,
    par_numero: FxHashMap<u64, Arc<Connexion>>,
}

impl Default for Attentes {
    fn default() -> Self {
        Self {
            ouverture: Instant::now(),
            ouvertes: Mutex::default(),
        }
    }
}

impl Attentes {
    /// A new connection, which waits for its first request.
    pub(super) fn entrer(&self) -> Arc<Connexion> {
        let mut ouvertes = self.ouvertes();
        ouvertes.suivante += 1;
        let connexion = Arc::new(Connexion {
            numero: ouvertes.suivante,
            ouverture: self.ouverture,
            depuis: AtomicU64::new(millisecondes(self.ouverture)),
            depart: Notify::new(),
        });
        ouvertes
            .par_numero
            .insert(connexion.numero, Arc::clone(&connexion));
        connexion
    }

    /// A connection is closed.
    pub(super) fn sortir(&self, connexion: &Connexion) {
        self.ouvertes().par_numero.remove(&connexion.numero);
    }

    /// Tells those that have waited longest to leave; gives how many were told.
    pub(super) fn congedier_les_anciennes(&self) -> u64 {
        let ouvertes = self.ouvertes();
        let mut attendent: Vec<_> = ouvertes
            .par_numero
            .values()
            .map(|c| (c.depuis.load(Ordering::Relaxed), c.numero, c))
            .filter(|(depuis, ..)| *depuis != OCCUPEE)
            .collect();
        let nombre = attendent.len().min(ouvertes.par_numero.len() / PART + 1);
        if nombre == 0 {
            return 0;
        }
        attendent.select_nth_unstable_by_key(nombre - 1, |(depuis, numero, _)| (*depuis, *numero));
        for (.., connexion) in &attendent[..nombre] {
            connexion.depart.notify_one();
        }
        nombre as u64
    }

    /// Tells all to leave: those that wait do so.
    pub(super) fn congedier_toutes(&self) {
        for connexion in self.ouvertes().par_numero.values() {
            connexion.depart.notify_one();
        }
    }

    fn ouvertes(&self) -> MutexGuard<'_, Ouvertes> {
        self.ouvertes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millisecondes(depuis: Instant) -> u64 {
    u64::try_from(depuis.elapsed().as_millis()).unwrap_or(OCCUPEE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn est_congediee(connexion: &Connexion) -> bool {
        tokio::select! {
            biased;
            () = connexion.congediee() => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn the_connections_that_have_waited_longest_make_room_and_busy_ones_stay() {
        let attentes = Attentes::default();
        let connexions: Vec<_> = (0..40).map(|_| attentes.entrer()).collect();
        connexions[0].commencer();
        assert_eq!(attentes.congedier_les_anciennes(), 3);
        for (rang, connexion) in connexions.iter().enumerate() {
            let attendu = (1..=3).contains(&rang);
            assert_eq!(est_congediee(connexion).await, attendu, "{rang}");
        }
    }

    #[test]
    fn when_all_are_busy_none_makes_room() {
        let attentes = Attentes::default();
        assert_eq!(attentes.congedier_les_anciennes(), 0);
        let seule = attentes.entrer();
        seule.commencer();
        assert_eq!(attentes.congedier_les_anciennes(), 0);
        seule.attendre();
        assert_eq!(attentes.congedier_les_anciennes(), 1);
        attentes.sortir(&seule);
        assert_eq!(attentes.congedier_les_anciennes(), 0);
    }
}
