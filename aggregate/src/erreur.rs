//! What can go wrong while counting.

use std::io;
use std::path::{Path, PathBuf};

use frequent_plan::Jour;
use parquet::errors::ParquetError;

/// A job that could not be done. What it was replacing stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum Erreur {
    /// A file or folder could not be read or written.
    #[error("{} : {source}", chemin.display())]
    Disque {
        /// Which.
        chemin: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A Parquet file could not be read or written.
    #[error("{} : {source}", chemin.display())]
    Parquet {
        /// Which.
        chemin: PathBuf,
        /// Why.
        source: ParquetError,
    },
    /// A table of the lake does not hold what its schema says.
    #[error("{}, colonne « {colonne} » : {raison}", chemin.display())]
    Table {
        /// The file.
        chemin: PathBuf,
        /// The column.
        colonne: &'static str,
        /// What is wrong with it; never a person's value.
        raison: String,
    },
    /// A file is not what was written: its bytes do not give its checksum.
    #[error("{} : fichier altéré, ses octets ne sont plus ceux qui ont été écrits", .0.display())]
    Altere(PathBuf),
    /// A day has fewer events than when it was last counted: no event is ever taken back, so one of
    /// its files is missing. Its results stay.
    #[error(
        "{} : {presents} événements, {comptes} au dernier calcul : il manque un fichier, les chiffres du {jour} restent ; si c’est voulu : frequent aggregate --jours {jour}..{jour}",
        dossier.display()
    )]
    EvenementsManquants {
        /// The day.
        jour: Jour,
        /// The folder of its event files.
        dossier: PathBuf,
        /// Events that its results count.
        comptes: u64,
        /// Events found now.
        presents: u64,
    },
    /// Events beyond memory could not be set aside on disk.
    #[error("débordement sur disque dans {} : {source}", dossier.display())]
    Debordement {
        /// Where.
        dossier: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another run holds the lake.
    #[error("une autre agrégation est en cours sur {}", dossier.display())]
    Occupe {
        /// The lake.
        dossier: PathBuf,
    },
    /// The time zones of the program could not be read.
    #[error(transparent)]
    Fuseaux(#[from] frequent_plan::fuseau::FuseauManquant),
    /// A measure was asked over days whose presence is no longer kept.
    #[error(
        "la présence du {0} n’est plus conservée : ses utilisateurs ne peuvent plus être comptés"
    )]
    PresenceAbsente(Jour),
    /// A result contradicts one of the numbered invariants: a fault of the program, not of events.
    #[error(transparent)]
    Invariant(#[from] crate::invariants::Contradiction),
}

impl Erreur {
    /// A failure of the disk on this path.
    pub(crate) fn disque(chemin: &Path) -> impl FnOnce(io::Error) -> Self {
        let chemin = chemin.to_owned();
        move |source| Self::Disque { chemin, source }
    }

    /// A failure of Parquet on this path.
    pub(crate) fn parquet(chemin: &Path) -> impl FnOnce(ParquetError) -> Self {
        let chemin = chemin.to_owned();
        move |source| Self::Parquet { chemin, source }
    }

    /// A table that does not hold what its schema says.
    pub(crate) fn table(chemin: &Path, colonne: &'static str, raison: impl Into<String>) -> Self {
        Self::Table {
            chemin: chemin.to_owned(),
            colonne,
            raison: raison.into(),
        }
    }

    /// The file was there when the folder was listed and is gone: another job replaced it.
    pub(crate) fn est_disparition(&self) -> bool {
        matches!(self, Self::Disque { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}
