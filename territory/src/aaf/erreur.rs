//! Why an extraction is refused whole.

use std::io;
use std::path::PathBuf;

use super::bordereau::Ecart;
use super::faute::Faute;
use super::nom::{Extraction, NomFichier};
use crate::annuaires::OuvertureErreur;
use crate::tables::TableErreur;

/// Why nothing of an extraction was taken.
#[derive(Debug, thiserror::Error)]
pub enum AafErreur {
    /// A file or folder cannot be read.
    #[error("AAF, {} : {source}", chemin.display())]
    Lecture {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The archive is damaged or not one.
    #[error("AAF, archive {} : illisible", chemin.display())]
    Archive {
        /// The archive.
        chemin: PathBuf,
    },
    /// The archive has entries that no feed has.
    #[error("AAF, archive {}, entrée n° {entree} : {raison}", chemin.display())]
    Entree {
        /// The archive.
        chemin: PathBuf,
        /// The entry, from 1.
        entree: usize,
        /// What is wrong.
        raison: EntreeRefusee,
    },
    /// There is no file of the feed.
    #[error(
        "AAF, {} : aucun fichier de la forme <préfixe>_<Complet|Delta>_<aaaammjj>_<catégorie>_<nnnn>.xml",
        chemin.display()
    )]
    Rien {
        /// The file or folder.
        chemin: PathBuf,
    },
    /// The same file twice.
    #[error("AAF, {fichier} : donné deux fois")]
    Double {
        /// The file.
        fichier: NomFichier,
    },
    /// A file cannot be read to its end.
    #[error("AAF, {fichier}, {faute}")]
    Fichier {
        /// The file.
        fichier: NomFichier,
        /// What is wrong, and where.
        faute: Faute,
    },
    /// The files are not those of the bordereau.
    #[error(
        "AAF, {extraction} ne correspond pas à son bordereau :{}",
        lister(ecarts)
    )]
    Bordereau {
        /// The extraction.
        extraction: Extraction,
        /// The differences.
        ecarts: Vec<Ecart>,
    },
    /// Changes, and nothing to change.
    #[error("AAF, {extraction} : aucune extraction complète de ce flux n’a été importée avant")]
    SansComplet {
        /// The extraction.
        extraction: Extraction,
    },
    /// Older than what is known.
    #[error("AAF, {extraction} : plus ancienne que l’état connu de ce flux, du {connue}")]
    Ancienne {
        /// The extraction.
        extraction: Extraction,
        /// The date of what is known.
        connue: frequent_plan::Jour,
    },
    /// The key of joining identifiers cannot be used.
    #[error("AAF, clé {} : {source}", chemin.display())]
    Cle {
        /// The file or folder.
        chemin: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// Another import is running.
    #[error("AAF : un autre import est en cours")]
    Occupe,
    /// The state cannot be written.
    #[error("AAF, état {} : {source}", chemin.display())]
    Ecriture {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// A table cannot be read or made.
    #[error(transparent)]
    Table(#[from] TableErreur),
    /// The directory cannot be opened.
    #[error(transparent)]
    Annuaire(#[from] OuvertureErreur),
}

/// What an archive's entry must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntreeRefusee {
    /// Its path leaves the archive.
    #[error("son chemin sort de l’archive")]
    Chemin,
    /// A link, a device.
    #[error("ce n’est pas un fichier")]
    PasUnFichier,
    /// It unfolds to much more than it weighs.
    #[error("se décompresse au-delà de la limite")]
    Demesuree,
    /// Encrypted, or compressed in a way that is not read.
    #[error("chiffrée ou compressée autrement qu’en deflate")]
    Illisible,
    /// Too many entries.
    #[error("trop d’entrées")]
    Nombre,
}

fn lister(ecarts: &[Ecart]) -> String {
    ecarts
        .iter()
        .fold(String::new(), |liste, ecart| format!("{liste}\n  {ecart}"))
}
