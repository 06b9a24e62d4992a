//! Who may send: providers' keys, and the sites whose tags are known.
//!
//! Small files in the data folder, written by the command line and read by the server, which takes
//! a change within a second, without a restart: `cles-fournisseurs.toml`, `sites.toml`, the schools'
//! numbers of `etablissements.toml`, the services' names of `conversions.toml`.

mod cles;
mod conversions;
mod etablissements;
mod fichier;
mod origine;
mod sites;
mod usage;

use std::io;
use std::path::PathBuf;

use frequent_plan::Lac;

pub use cles::{CleFournisseur, RefusCle};
pub use conversions::{ConversionsConnues, ConversionsPlateforme, NomConverti, VersionConversions};
pub use etablissements::{EtablissementsConnus, NumerosChanges};
pub use origine::{Origine, OrigineInvalide};
pub use sites::{Site, SitesConnus};
pub use usage::Usage;

use cles::Cles;
use conversions::TableConversions;
use etablissements::Etablissements;
use fichier::Registre;
use sites::Sites;

/// Why keys or sites cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccesErreur {
    /// The disk refused.
    #[error("accès, {chemin} : {source}")]
    Disque {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The file is not the TOML that is expected.
    #[error("accès, {chemin} : contenu illisible à la ligne {ligne} : {faute}")]
    Illisible {
        /// The file.
        chemin: PathBuf,
        /// The line, from 1.
        ligne: usize,
        /// What is wrong there.
        faute: String,
    },
    /// The name, platform or number asked for cannot be used.
    #[error("{0}")]
    Demande(String),
    /// The system gives no random bytes.
    #[error("le système ne donne pas d’aléa : {0}")]
    Alea(#[from] getrandom::Error),
}

/// Keys, sites and what goes with them, as last read from the disk.
#[derive(Debug)]
pub struct Acces {
    cles: Registre<Cles>,
    sites: Registre<Sites>,
    etablissements: Registre<Etablissements>,
    conversions: Registre<TableConversions>,
}

impl Acces {
    /// Opens the files of a data folder; those that do not exist are as empty ones.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn ouvrir(lac: &Lac) -> Result<Self, AccesErreur> {
        Ok(Self {
            cles: Registre::ouvrir(lac.acces().join("cles-fournisseurs.toml"))?,
            sites: Registre::ouvrir(lac.acces().join("sites.toml"))?,
            etablissements: Registre::ouvrir(lac.acces().join("etablissements.toml"))?,
            conversions: Registre::ouvrir(lac.acces().join("conversions.toml"))?,
        })
    }
}
