//! What is acknowledged is never lost: the process killed at any instant, the disk full, two
//! processes at once. Each test runs parts of itself as a child process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod disque_plein;
mod evenements;
mod kill9;
mod trousseau;
