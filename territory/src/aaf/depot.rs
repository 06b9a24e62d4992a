//! A folder where extractions are deposited. What lies there is imported once it has stopped
//! growing, then destroyed, and what was destroyed is told so that it can be recorded.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use frequent_plan::Lac;
use frequent_plan::hexadecimal::hexadecimal;
use sha2::{Digest, Sha256};

use super::bordereau::est_une_piece;
use super::erreur::AafErreur;
use super::etat::synchroniser;
use super::importer::{Reglages, importer};
use super::rapport::Rapport;

const TAMPON: usize = 256 << 10;

/// By what a file that still grows is told from one that does not.
type Trace = (u64, SystemTime);

/// A file that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destruction {
    /// Its name.
    pub fichier: String,
    /// Its size.
    pub octets: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub empreinte: String,
}

/// A folder that is watched.
#[derive(Debug)]
pub struct Depot {
    dossier: PathBuf,
    vus: BTreeMap<PathBuf, Trace>,
    /// What an import refused: not tried again until something changes there.
    refuses: Option<BTreeMap<PathBuf, Trace>>,
}

impl Depot {
    /// A folder, not looked at yet.
    #[must_use]
    pub fn new(dossier: impl Into<PathBuf>) -> Self {
        Self {
            dossier: dossier.into(),
            vus: BTreeMap::new(),
            refuses: None,
        }
    }

    /// Looks: when nothing has changed since the look before, imports what is there and destroys it.
    ///
    /// # Errors
    /// The folder cannot be read, or what is there is refused: it stays, and is not read again until
    /// a file there changes.
    pub fn passer(
        &mut self,
        lac: &Lac,
        reglages: &Reglages,
        dire: &mut dyn FnMut(&Rapport),
    ) -> Result<Vec<Destruction>, AafErreur> {
        let presents = pieces(&self.dossier)?;
        let stables = presents == self.vus;
        self.vus.clone_from(&presents);
        if presents.is_empty() || !stables || self.refuses.as_ref() == Some(&presents) {
            return Ok(Vec::new());
        }
        self.refuses = Some(presents);
        let detruites = importer_et_detruire(lac, &self.dossier, reglages, dire)?;
        self.refuses = None;
        self.vus.clear();
        Ok(detruites)
    }
}

/// Imports what a folder holds, then destroys its files.
///
/// # Errors
/// The folder cannot be read or emptied, or what is there is refused, and stays.
pub fn importer_et_detruire(
    lac: &Lac,
    dossier: &Path,
    reglages: &Reglages,
    dire: &mut dyn FnMut(&Rapport),
) -> Result<Vec<Destruction>, AafErreur> {
    let presents = pieces(dossier)?;
    importer(lac, dossier, reglages, dire)?;
    presents
        .keys()
        .map(|chemin| detruire(chemin))
        .collect::<Result<_, _>>()
        .and_then(|detruites| synchroniser(dossier).map(|()| detruites))
        .map_err(|source| AafErreur::Lecture {
            chemin: dossier.to_owned(),
            source,
        })
}

/// The files of the feed, its archives and its bordereaux.
fn pieces(dossier: &Path) -> Result<BTreeMap<PathBuf, Trace>, AafErreur> {
    let lister = || -> io::Result<BTreeMap<PathBuf, Trace>> {
        let mut pieces = BTreeMap::new();
        for entree in fs::read_dir(dossier)? {
            let entree = entree?;
            let meta = entree.metadata()?;
            let nom = entree.file_name();
            if meta.is_file() && nom.to_str().is_some_and(est_une_piece) {
                pieces.insert(entree.path(), (meta.len(), meta.modified()?));
            }
        }
        Ok(pieces)
    };
    lister().map_err(|source| AafErreur::Lecture {
        chemin: dossier.to_owned(),
        source,
    })
}

fn detruire(chemin: &Path) -> io::Result<Destruction> {
    let mut fichier = File::open(chemin)?;
    let mut condense = Sha256::new();
    let mut tampon = vec![0; TAMPON];
    let mut octets = 0;
    loop {
        let lus = fichier.read(&mut tampon)?;
        if lus == 0 {
            break;
        }
        condense.update(&tampon[..lus]);
        octets += lus as u64;
    }
    fs::remove_file(chemin)?;
    let nom = chemin.file_name().unwrap_or_default();
    Ok(Destruction {
        fichier: nom.to_string_lossy().into_owned(),
        octets,
        empreinte: hexadecimal(&condense.finalize()),
    })
}
