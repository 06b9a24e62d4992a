//! A believable directory feed (AAF) for real schools: seeded, so that the same settings give the
//! same files to the byte; everything personal in it is made up. Whole extractions and the changes
//! after them, in the forms that académies deposit, and what head counts must be found in them,
//! counted another way than the importer does.

mod archive;
mod ecriture;
mod etat_civil;
mod evolution;
mod monde;
mod requetes;
mod verite;

use std::path::PathBuf;

pub use archive::{Archive, Depose, Forme};
pub use ecriture::Codage;
pub use monde::{Monde, Reglages};

/// Why a feed could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AafErreur {
    /// The directory has no school there.
    #[error("aucun établissement ouvert dans {0}")]
    SansEcole(String),
    /// A file could not be written.
    #[error("{}", chemin.display())]
    Ecriture {
        /// The file.
        chemin: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

#[cfg(test)]
mod essais;
