//! What a pilot is told of schools: pure rules, on figures that others read.

mod tranche;

pub use tranche::TrancheEffectif;
