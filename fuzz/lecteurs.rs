//! The readers that are fuzzed, compiled from their own sources.

// Read as a crate of its own, some of it is used by none of the targets.
#![allow(dead_code)]

pub mod aaf;
#[path = "../ingest/src/formats/mod.rs"]
pub mod formats;
#[path = "../ingest/src/lot.rs"]
pub mod lot;
#[path = "../ingest/src/terminal/mod.rs"]
pub mod terminal;
