//! The XML files of an extraction, several a category, each with its number of lines.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, ISO_8859_15, UTF_8};
use frequent_territory::aaf::{Categorie, Extraction, NomFichier};

use super::AafErreur;
use super::requetes::{ENTETE, FIN};

/// The encoding of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codage {
    /// UTF-8.
    Utf8,
    /// ISO-8859-15, in which a character it lacks is written as a reference.
    Iso885915,
}

impl Codage {
    fn encodage(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Iso885915 => ISO_8859_15,
        }
    }
}

/// A file written, and how many lines and records it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ecrit {
    pub(super) nom: NomFichier,
    pub(super) chemin: PathBuf,
    pub(super) lignes: u64,
    pub(super) enregistrements: u64,
}

/// Where the files of an extraction go, and how.
pub(super) struct Ecriture<'e> {
    pub(super) dossier: &'e Path,
    pub(super) extraction: &'e Extraction,
    pub(super) codage: Codage,
    /// Records of a file, at most.
    pub(super) par_fichier: usize,
}

impl Ecriture<'_> {
    /// Writes the records of a category, in as many files as it takes; at least one.
    pub(super) fn ecrire(
        &self,
        categorie: Categorie,
        requetes: impl Iterator<Item = String>,
    ) -> Result<Vec<Ecrit>, AafErreur> {
        let mut requetes = requetes.peekable();
        let mut ecrits = Vec::new();
        for numero in 1.. {
            let nom = NomFichier {
                extraction: self.extraction.clone(),
                categorie,
                numero,
            };
            let chemin = self.dossier.join(nom.to_string());
            let faute = |source| AafErreur::Ecriture {
                chemin: chemin.clone(),
                source,
            };
            let (lignes, enregistrements) = self
                .un_fichier(&chemin, requetes.by_ref().take(self.par_fichier))
                .map_err(faute)?;
            ecrits.push(Ecrit {
                nom,
                chemin,
                lignes,
                enregistrements,
            });
            if requetes.peek().is_none() {
                break;
            }
        }
        Ok(ecrits)
    }

    fn un_fichier(
        &self,
        chemin: &Path,
        requetes: impl Iterator<Item = String>,
    ) -> io::Result<(u64, u64)> {
        let encodage = self.codage.encodage();
        let mut sortie = BufWriter::new(File::create(chemin)?);
        let (mut lignes, mut enregistrements) = (0, 0);
        let mut pousser = |texte: &str| {
            lignes += texte.bytes().filter(|o| *o == b'\n').count() as u64;
            sortie.write_all(&encodage.encode(texte).0)
        };
        pousser(&format!(
            "<?xml version=\"1.0\" encoding=\"{}\"?>\n{ENTETE}",
            encodage.name()
        ))?;
        for requete in requetes {
            pousser(&requete)?;
            enregistrements += 1;
        }
        pousser(FIN)?;
        sortie.flush()?;
        Ok((lignes, enregistrements))
    }
}
