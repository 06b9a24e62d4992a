//! A Parquet file as its reader wants it.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use super::LectureErreur;

/// A file read by position, without moving a shared cursor or duplicating its handle for every
/// page.
#[derive(Debug, Clone)]
pub(super) struct Contenu {
    pub(super) fichier: Arc<File>,
    taille: u64,
}

impl Contenu {
    pub(super) fn ouvrir(chemin: &Path) -> Result<Self, LectureErreur> {
        let fichier = File::open(chemin).map_err(LectureErreur::disque(chemin))?;
        let taille = fichier
            .metadata()
            .map_err(LectureErreur::disque(chemin))?
            .len();
        Ok(Self {
            fichier: Arc::new(fichier),
            taille,
        })
    }
}

impl Length for Contenu {
    fn len(&self) -> u64 {
        self.taille
    }
}

impl ChunkReader for Contenu {
    type T = Suite;

    fn get_read(&self, start: u64) -> Result<Suite, ParquetError> {
        Ok(Suite {
            fichier: Arc::clone(&self.fichier),
            place: start,
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let mut octets = vec![0; length];
        self.fichier.read_exact_at(&mut octets, start)?;
        Ok(octets.into())
    }
}

/// The bytes of a file from a place on.
pub(super) struct Suite {
    fichier: Arc<File>,
    place: u64,
}

impl Read for Suite {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let lus = self.fichier.read_at(tampon, self.place)?;
        self.place += lus as u64;
        Ok(lus)
    }
}
