//! Files of the lake that are not what was written: half a file, an altered byte, something else in
//! its place.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use frequent_plan::Lac;
use frequent_plan::somme::Somme;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::erreur::Erreur;

/// What is wrong with a data folder's files, whatever they say.
#[derive(Debug, Default)]
pub struct Degats {
    /// Files of the lake read whole.
    pub lus: usize,
    /// Those that are damaged, and why.
    pub alteres: Vec<Erreur>,
    /// Segments of the log that landing put aside because they could not be read whole.
    pub mis_de_cote: Vec<PathBuf>,
}

/// Reads every file of the lake, byte by byte. One that vanishes meanwhile was replaced.
///
/// # Errors
/// A folder cannot be listed.
pub fn chercher(lac: &Lac, mut suivi: impl FnMut(&Path)) -> Result<Degats, Erreur> {
    let mut degats = Degats::default();
    for chemin in fichiers(&lac.lake())? {
        if chemin.extension().is_none_or(|e| e != "parquet") {
            continue;
        }
        suivi(&chemin);
        degats.lus += 1;
        match verifier_fichier(lac, &chemin) {
            Err(erreur) if !erreur.est_disparition() => degats.alteres.push(erreur),
            _ => {}
        }
    }
    let alteres = fichiers(&lac.journal())?.into_iter();
    degats.mis_de_cote = alteres
        .filter(|c| c.extension().is_some_and(|e| e == "altere"))
        .collect();
    Ok(degats)
}

/// The visible files under a folder, in order; none if there is no such folder.
fn fichiers(dossier: &Path) -> Result<Vec<PathBuf>, Erreur> {
    let liste = match fs::read_dir(dossier) {
        Ok(liste) => liste,
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(erreur) => return Err(Erreur::disque(dossier)(erreur)),
    };
    let mut trouves = Vec::new();
    for entree in liste {
        let entree = entree.map_err(Erreur::disque(dossier))?;
        if entree.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entree
            .file_type()
            .map_err(Erreur::disque(dossier))?
            .is_dir()
        {
            trouves.extend(fichiers(&entree.path())?);
        } else {
            trouves.push(entree.path());
        }
    }
    trouves.sort_unstable();
    Ok(trouves)
}

fn verifier_fichier(lac: &Lac, chemin: &Path) -> Result<(), Erreur> {
    let mut fichier = File::open(chemin).map_err(Erreur::disque(chemin))?;
    let somme = Somme::de(&mut fichier).map_err(Erreur::disque(chemin))?;
    let juste = match &somme {
        Some(somme) => somme.est_juste(),
        None => !est_sommee(lac, chemin),
    };
    if !juste {
        return Err(Erreur::Altere(chemin.to_owned()));
    }
    // The checksum says that the bytes are those written; decoding them, that they make a table.
    let lots = ParquetRecordBatchReaderBuilder::try_new(fichier)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(Erreur::parquet(chemin))?;
    for lot in lots {
        lot.map_err(|e| Erreur::parquet(chemin)(e.into()))?;
    }
    Ok(())
}

/// Whether the table is one whose files all have a checksum.
fn est_sommee(lac: &Lac, chemin: &Path) -> bool {
    [lac.evenements(), lac.presence(), lac.lake().join("cumuls")]
        .iter()
        .any(|table| chemin.starts_with(table))
}

/// Compares the bytes of a file with its checksum, if it has one.
pub(crate) fn verifier_somme(chemin: &Path, fichier: &mut File) -> Result<(), Erreur> {
    match Somme::de(fichier).map_err(Erreur::disque(chemin))? {
        Some(somme) if !somme.est_juste() => Err(Erreur::Altere(chemin.to_owned())),
        _ => Ok(()),
    }
}
