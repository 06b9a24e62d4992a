//! The built binary with Kafka as its log: counted once whatever is killed, by one process or by
//! several, whoever produces.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../banc/mod.rs"]
mod banc;
mod connexion;
mod coupures;
#[path = "../banc/kafka.rs"]
mod courtier;
mod exploitation;
mod parcours;
mod scene;
