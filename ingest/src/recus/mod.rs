//! Receipts: what the instance received from a provider's key on a day, signed, so that neither side
//! has to take the other's word for it.
//!
//! A receipt is made from the stored quality figures and the landed events, so it survives restarts.
//! Once its day is over it is established: written once, kept, never computed again. Before that
//! whoever asks gets a provisional one. How to read and check one: `docs/formats.md`, *Receipts*.

mod canonique;
mod contenu;
mod guichet;
mod signature;

use std::path::PathBuf;

use frequent_plan::Jour;

use crate::evenements::FichierErreur;
use crate::trousseau::TrousseauErreur;

pub use contenu::{Etat, PlateformeAuLac, PlateformeRecue, Recu};
pub use guichet::Guichet;
pub use signature::{CleInstance, RecuInvalide, Sceau, verifier};

/// Why a receipt cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum RecuErreur {
    /// The quality figures, the events or the receipt itself cannot be read or written.
    #[error("reçus du {jour} : {source}")]
    Fichier {
        /// The day.
        jour: Jour,
        /// What failed.
        source: FichierErreur,
    },
    /// The instance's signing key cannot be read or made.
    #[error("clé de signature : {0}")]
    Cle(#[from] TrousseauErreur),
    /// The receipt cannot be put in words.
    #[error("reçu {chemin} : {source}")]
    Json {
        /// Where it was to go.
        chemin: PathBuf,
        /// What the library answered.
        source: serde_json::Error,
    },
}

#[cfg(test)]
#[path = "recus_tests.rs"]
mod tests;
