//! A file of the lake read by position.
//!
//! The duplicates of a [`File`] share one cursor, so two threads that read columns of one file
//! through them read each other's bytes. Positioned reads have no cursor: a [`Contenu`] can be
//! shared by any number of readers, and stays readable after the file was replaced.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

/// An open file; cloning it shares the handle.
#[derive(Debug, Clone)]
pub struct Contenu {
    fichier: Arc<File>,
    taille: u64,
}

impl Contenu {
    /// Opens a file.
    ///
    /// # Errors
    /// What the system answers.
    pub fn ouvrir(chemin: &Path) -> io::Result<Self> {
        let fichier = File::open(chemin)?;
        let taille = fichier.metadata()?.len();
        Ok(Self {
            fichier: Arc::new(fichier),
            taille,
        })
    }

    /// The file itself, for what its reader does not ask: when it was written.
    #[must_use]
    pub fn fichier(&self) -> &File {
        &self.fichier
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
#[derive(Debug)]
pub struct Suite {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_of_one_file_do_not_move_each_other() {
        let dossier = tempfile::tempdir().unwrap();
        let chemin = dossier.path().join("octets");
        std::fs::write(&chemin, (0..=255).collect::<Vec<u8>>()).unwrap();
        let contenu = Contenu::ouvrir(&chemin).unwrap();
        let (mut un, mut autre) = (contenu.get_read(0).unwrap(), contenu.get_read(100).unwrap());
        let mut octets = [0; 2];
        for pas in 0..3 {
            un.read_exact(&mut octets).unwrap();
            assert_eq!(octets, [2 * pas, 2 * pas + 1]);
            autre.read_exact(&mut octets).unwrap();
            assert_eq!(octets, [100 + 2 * pas, 101 + 2 * pas]);
            assert_eq!(&contenu.get_bytes(50, 3).unwrap()[..], [50, 51, 52]);
        }
    }
}
