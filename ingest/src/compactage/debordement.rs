//! Rows that wait on disk: what a sort cannot keep in memory.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Seek};
use std::path::{Path, PathBuf};

use super::enregistrement::Enregistrement;

/// Bytes read or written at a time in each overflow file.
const TAMPON: usize = 256 << 10;

/// Rows that share the same hash of their identifier.
pub(super) enum Part {
    Memoire(Vec<Enregistrement>),
    Fichier(BufWriter<File>, u64),
}

impl Part {
    pub(super) fn pousser(&mut self, ligne: Enregistrement) -> io::Result<()> {
        match self {
            Self::Memoire(lignes) => lignes.push(ligne),
            Self::Fichier(fichier, nombre) => {
                ligne.ecrire(fichier)?;
                *nombre += 1;
            }
        }
        Ok(())
    }

    pub(super) fn lignes(self) -> io::Result<Vec<Enregistrement>> {
        match self {
            Self::Memoire(lignes) => Ok(lignes),
            Self::Fichier(fichier, nombre) => {
                let mut suite = Suite::de(fichier, nombre)?;
                let mut lignes = Vec::with_capacity(usize::try_from(nombre).unwrap_or_default());
                while let Some(ligne) = suite.suivant()? {
                    lignes.push(ligne);
                }
                Ok(lignes)
            }
        }
    }
}

/// An overflow file read from its beginning.
pub(super) struct Suite {
    fichier: BufReader<File>,
    restants: u64,
}

impl Suite {
    pub(super) fn de(fichier: BufWriter<File>, nombre: u64) -> io::Result<Self> {
        let mut fichier = fichier
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        fichier.rewind()?;
        Ok(Self {
            fichier: BufReader::with_capacity(TAMPON, fichier),
            restants: nombre,
        })
    }

    pub(super) fn suivant(&mut self) -> io::Result<Option<Enregistrement>> {
        if self.restants == 0 {
            return Ok(None);
        }
        self.restants -= 1;
        Enregistrement::lire(&mut self.fichier).map(Some)
    }
}

/// The folder of overflow files, empty when the work begins and removed when it ends.
pub(super) struct Debordement {
    dossier: PathBuf,
    nombre: usize,
}

impl Debordement {
    pub(super) fn ouvrir(dossier: &Path) -> io::Result<Self> {
        match fs::remove_dir_all(dossier) {
            Err(erreur) if erreur.kind() != io::ErrorKind::NotFound => return Err(erreur),
            _ => fs::create_dir(dossier)?,
        }
        Ok(Self {
            dossier: dossier.to_owned(),
            nombre: 0,
        })
    }

    pub(super) fn dossier(&self) -> &Path {
        &self.dossier
    }

    pub(super) fn fichier(&mut self) -> io::Result<BufWriter<File>> {
        let chemin = self.dossier.join(self.nombre.to_string());
        self.nombre += 1;
        let fichier = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&chemin)?;
        // Only this process needs it, by its open handle.
        fs::remove_file(chemin)?;
        Ok(BufWriter::with_capacity(TAMPON, fichier))
    }
}

impl Drop for Debordement {
    fn drop(&mut self) {
        if let Err(erreur) = fs::remove_dir(&self.dossier) {
            tracing::warn!(%erreur, "the folder where compaction sorts could not be removed");
        }
    }
}
