//! What is acknowledged is never lost: the process killed at any instant, the disk full, two
//! processes at once. Each test runs parts of itself as a child process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../tests/banc/kafka.rs"]
mod courtier;
mod disque_plein;
mod evenements;
mod groupe;
mod journaux;
mod kill9;
mod suite;
mod trousseau;
