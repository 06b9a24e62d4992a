//! Intake: from what a tag, a provider's server or a file sends to events landed in the lake.
//!
//! A format reads raw fields, the plan checks and pseudonymises them, the accepted events are
//! gathered in a [`Lot`], the [`Journal`] makes the lot durable before anyone is told that it was
//! received, and landing turns the log into Parquet files, one folder a local day.

pub mod acces;
pub mod apercu;
pub mod atterrissage;
pub mod compactage;
mod durable;
pub mod essai;
mod evenements;
pub mod formats;
pub mod http;
pub mod identifiants;
pub mod import;
pub mod journal;
pub mod kafka;
pub mod lot;
mod memoires;
mod noms;
mod pouls;
pub mod qualite;
pub mod recus;
pub mod retranchement;
pub mod tableaux;
pub mod terminal;
pub mod trousseau;

#[cfg(test)]
mod fabrique;

pub use atterrissage::{Atterrisseur, ReglagesAtterrissage, atterrir};
pub use compactage::{Etendue, compacter};
pub use evenements::FichierErreur;
pub use journal::{Journal, JournalEmbarque, JournalErreur, ReglagesJournal};
pub use lot::Lot;
pub use pouls::Pouls;
pub use trousseau::TrousseauDisque;
