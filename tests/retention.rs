//! What is kept no longer than said, on the built binary: purges, schools, keys, backups.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;
#[path = "retention/cles.rs"]
mod cles;
#[path = "retention/comptes.rs"]
mod comptes;
#[path = "retention/conventions.rs"]
mod conventions;
#[path = "retention/ecoles.rs"]
mod ecoles;
#[path = "retention/purge.rs"]
mod purge;
#[path = "retention/sauvegarde.rs"]
mod sauvegarde;
#[path = "retention/terrain.rs"]
mod terrain;
