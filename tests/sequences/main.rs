//! Random sequences of what may happen to a server, on the real components and real files: what was
//! acknowledged is there and counts once, at whatever step it was stopped.
//!
//! `cargo test` runs 200 sequences, always the same, and six on Kafka; `make sequences N=5000` runs others. A failing
//! sequence is printed with its seed and shrunk; once understood, it is kept in `gardees`.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../banc/kafka.rs"]
mod courtier;
mod gardees;
mod instantane;
mod journaux;
mod modele;
mod monde;
mod operation;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use courtier::Courtier;
use journaux::{Sujet, Support};
use monde::{Commun, derouler};
use operation::{Operation, sequences};

/// Most steps in a sequence.
const LONGUEUR: usize = 24;

#[test]
fn whatever_happens_what_is_acknowledged_counts_once() {
    let nombre = variable("SEQUENCES").unwrap_or(200);
    let premiere = variable("GRAINE").unwrap_or(0);
    let commun = Commun::charger();
    let suivante = AtomicU64::new(premiere);
    thread::scope(|portee| {
        // Most of the time goes to waiting for the disk.
        for _ in 0..4 * thread::available_parallelism().map_or(1, usize::from) {
            portee.spawn(|| {
                loop {
                    let graine = suivante.fetch_add(1, Ordering::Relaxed);
                    if graine >= premiere + nombre {
                        return;
                    }
                    essayer(&commun, graine, || Support::Fichiers);
                }
            });
        }
    });
}

/// The same sequences, the log being a topic: fewer, since each landing joins a group.
#[test]
fn whatever_happens_what_kafka_acknowledged_counts_once() {
    let nombre = variable("SEQUENCES_KAFKA").unwrap_or(6);
    let premiere = variable("GRAINE").unwrap_or(0);
    let commun = Commun::charger();
    let courtier = Courtier::du_programme();
    for graine in premiere..premiere + nombre {
        essayer(&commun, graine, || {
            Support::Kafka(Sujet::nouveau(&courtier))
        });
    }
}

fn variable(nom: &str) -> Option<u64> {
    std::env::var(nom).ok().map(|texte| texte.parse().unwrap())
}

/// Runs the sequence of a seed; one that fails is shrunk to the fewest steps that still do.
fn essayer<'k>(commun: &Commun, graine: u64, support: impl Fn() -> Support<'k>) {
    let mut octets = [0; 32];
    octets[..8].copy_from_slice(&graine.to_le_bytes());
    let config = Config {
        cases: 1,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let hasard = TestRng::from_seed(RngAlgorithm::ChaCha, &octets);
    let mut coureur = TestRunner::new_with_rng(config, hasard);
    let issue = coureur.run(&sequences(LONGUEUR), |operations: Vec<Operation>| {
        derouler(commun, &support(), graine, &operations).map_err(TestCaseError::fail)
    });
    match issue {
        Ok(()) => {}
        Err(TestError::Fail(faute, operations)) => {
            panic!("graine {graine} : {faute}\nà garder dans gardees.rs : {operations:?}")
        }
        Err(TestError::Abort(raison)) => panic!("graine {graine} : {raison}"),
    }
}
