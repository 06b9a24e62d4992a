//! The durable log: what is acknowledged is in it, whatever happens next.
//!
//! Two ways to keep it: files of this machine, which landing empties into the lake
//! ([`JournalEmbarque`]), or a Kafka topic. Those who bring lots see one [`Journal`].

mod embarque;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::kafka::Producteur;
use crate::lot::Lot;

pub use embarque::{EtatJournal, JournalEmbarque, ReglagesJournal};
pub(crate) use embarque::{SegmentLu, SegmentScelle};

/// Where accepted events become durable. Cloning it is cheap.
#[derive(Clone)]
pub enum Journal {
    /// Files of this machine.
    Embarque(JournalEmbarque),
    /// A Kafka topic.
    Kafka(Producteur),
}

impl Journal {
    /// Makes a lot durable. Dropping the future does not take the lot back.
    ///
    /// # Errors
    /// [`JournalErreur::Plein`] when too much waits; any other when the lot could not be made
    /// durable, in which case nothing of it counts as received.
    pub async fn ajouter(&self, lot: Lot) -> Result<(), JournalErreur> {
        match self {
            Self::Embarque(journal) => journal.ajouter(lot).await,
            Self::Kafka(producteur) => producteur.ajouter(lot).await,
        }
    }
}

impl Journal {
    /// Whether it can take more now. Blocks for the time of a sync, or of an answer.
    ///
    /// # Errors
    /// It cannot, and why.
    pub fn verifier(&self) -> Result<(), JournalErreur> {
        match self {
            Self::Embarque(journal) => journal.verifier(),
            Self::Kafka(producteur) => producteur.verifier(),
        }
    }
}

impl From<JournalEmbarque> for Journal {
    fn from(journal: JournalEmbarque) -> Self {
        Self::Embarque(journal)
    }
}

impl From<Producteur> for Journal {
    fn from(producteur: Producteur) -> Self {
        Self::Kafka(producteur)
    }
}

/// Why a lot was not made durable, or the log not opened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalErreur {
    /// Too much waits already: come back in a moment.
    #[error("le journal est plein : réessayez dans un instant")]
    Plein,
    /// The disk refused: full, or failing. Nothing of the lot counts as received.
    #[error("journal {chemin} : {source}")]
    Disque {
        /// The log's folder.
        chemin: PathBuf,
        /// What the system answered.
        source: Arc<io::Error>,
    },
    /// The disk is full, or so nearly that the room kept in reserve would be used. Nothing of the
    /// lot counts as received.
    #[error("journal {0} : le disque est plein")]
    DisquePlein(PathBuf),
    /// Another process writes this log.
    #[error("journal {0} : déjà ouvert par un autre processus")]
    DejaOuvert(PathBuf),
    /// The brokers refused. Nothing of the lot counts as received.
    #[error("journal Kafka, sujet {sujet} : {cause}")]
    Kafka {
        /// The topic.
        sujet: String,
        /// What they answered.
        cause: String,
    },
    /// The log is being closed.
    #[error("le journal est fermé")]
    Ferme,
}

impl JournalErreur {
    pub(crate) fn disque(chemin: &Path, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::StorageFull {
            return Self::DisquePlein(chemin.to_owned());
        }
        Self::Disque {
            chemin: chemin.to_owned(),
            source: Arc::new(source),
        }
    }
}
