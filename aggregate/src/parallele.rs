//! Sharing tasks between a few threads. The order of results is that of tasks, whatever the
//! threads did: nothing that reaches a file depends on scheduling.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Runs each task once, each thread with a state of its own, and returns the states. The first
/// error stops what has not begun.
pub(crate) fn partager<T: Send, S: Send, E: Send>(
    fils: NonZeroUsize,
    taches: Vec<T>,
    etat: impl Fn() -> S + Sync,
    faire: impl Fn(&mut S, usize, T) -> Result<(), E> + Sync,
) -> Result<Vec<S>, E> {
    let nombre = fils.get().min(taches.len()).max(1);
    let attente = Mutex::new(taches.into_iter().enumerate());
    let suivante = || {
        attente
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    let travailler = || {
        let mut propre = etat();
        while let Some((rang, tache)) = suivante() {
            if let Err(erreur) = faire(&mut propre, rang, tache) {
                while suivante().is_some() {}
                return Err(erreur);
            }
        }
        Ok(propre)
    };
    if nombre == 1 {
        return Ok(vec![travailler()?]);
    }
    thread::scope(|portee| {
        let fils: Vec<_> = (0..nombre).map(|_| portee.spawn(travailler)).collect();
        fils.into_iter()
            .map(|fil| match fil.join() {
                Ok(resultat) => resultat,
                Err(panique) => std::panic::resume_unwind(panique),
            })
            .collect()
    })
}

/// Runs each task once and returns the results in the order of tasks.
pub(crate) fn chacune<T: Send, R: Send, E: Send>(
    fils: NonZeroUsize,
    taches: Vec<T>,
    faire: impl Fn(T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let parts = partager(fils, taches, Vec::new, |faites, rang, tache| {
        faites.push((rang, faire(tache)?));
        Ok(())
    })?;
    let mut faites: Vec<(usize, R)> = parts.into_iter().flatten().collect();
    faites.sort_unstable_by_key(|(rang, _)| *rang);
    Ok(faites.into_iter().map(|(_, resultat)| resultat).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_tasks() {
        for fils in 1..4 {
            let fils = NonZeroUsize::new(fils).unwrap();
            let doubles: Result<_, ()> = chacune(fils, (0..100).collect(), |n: i32| Ok(2 * n));
            assert_eq!(
                doubles.unwrap(),
                (0..100).map(|n| 2 * n).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn an_error_is_returned() {
        let fils = NonZeroUsize::new(2).unwrap();
        let faute = chacune(fils, (0..100).collect(), |n: i32| {
            if n == 40 { Err(n) } else { Ok(n) }
        });
        assert_eq!(faute, Err(40));
    }
}
