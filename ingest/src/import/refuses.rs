//! The file of refused lines: where they are and why, never what they held.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{ImportErreur, LigneRefusee, Source};
use crate::durable::{nom_provisoire, publier};

/// Refused lines being written, one JSON object a line. The file takes its name when it is
/// complete; without a refused line there is none, and one left by an earlier import goes.
#[derive(Debug)]
pub struct Refuses {
    chemin: PathBuf,
    ecriture: Option<BufWriter<File>>,
    nombre: u64,
}

#[derive(Serialize)]
struct Refusee<'a> {
    fichier: &'a str,
    #[serde(flatten)]
    ligne: &'a LigneRefusee,
}

impl Refuses {
    /// Will write to this file.
    #[must_use]
    pub fn vers(chemin: PathBuf) -> Self {
        Self {
            chemin,
            ecriture: None,
            nombre: 0,
        }
    }

    /// The file.
    #[must_use]
    pub fn chemin(&self) -> &Path {
        &self.chemin
    }

    /// Lines written.
    #[must_use]
    pub fn nombre(&self) -> u64 {
        self.nombre
    }

    /// Adds the refused lines of a source.
    ///
    /// # Errors
    /// The disk refused.
    pub fn ecrire(&mut self, source: &Source, lignes: &[LigneRefusee]) -> Result<(), ImportErreur> {
        if lignes.is_empty() {
            return Ok(());
        }
        self.ajouter(source, lignes)
            .map_err(ImportErreur::disque(&self.chemin))
    }

    fn ajouter(&mut self, source: &Source, lignes: &[LigneRefusee]) -> io::Result<()> {
        let ecriture = if let Some(ouverte) = &mut self.ecriture {
            ouverte
        } else {
            let fichier = File::create(nom_provisoire(&self.chemin))?;
            self.ecriture.insert(BufWriter::new(fichier))
        };
        let fichier = source.to_string();
        for ligne in lignes {
            let refusee = Refusee {
                fichier: &fichier,
                ligne,
            };
            serde_json::to_writer(&mut *ecriture, &refusee)?;
            ecriture.write_all(b"\n")?;
        }
        self.nombre += lignes.len() as u64;
        Ok(())
    }

    /// Gives the file its name, durably.
    ///
    /// # Errors
    /// The disk refused.
    pub fn publier(self) -> Result<(), ImportErreur> {
        let chemin = self.chemin.clone();
        self.nommer().map_err(ImportErreur::disque(chemin))
    }

    fn nommer(self) -> io::Result<()> {
        match self.ecriture {
            Some(mut ecriture) => {
                ecriture.flush()?;
                drop(ecriture);
                publier(&nom_provisoire(&self.chemin), &self.chemin)
            }
            None => match fs::remove_file(&self.chemin) {
                Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => Ok(()),
                autre => autre,
            },
        }
    }
}
