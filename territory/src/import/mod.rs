//! Import of the open school directory (*Annuaire de l'éducation*), in all its vintages.
//!
//! A file makes a version, under its date of validity: a folder of two Parquet files, written aside
//! then renamed, that depends on nothing but the file. A line that cannot be used is refused with
//! its number, its field and the reason, and the others go on. A file speaks for the départements
//! it lists and for no other: the extract of a region never closes the schools of the next one.

mod colonnes;
mod ecriture;
mod lecture;
mod ligne;
mod rapport;

use std::io;
use std::path::{Path, PathBuf};

use frequent_plan::{Jour, Lac};
use rustc_hash::FxHashSet;

pub use ecriture::Version;
pub use ligne::{Faute, Ligne};
pub use rapport::{Modification, RapportImport};

use crate::annuaire::Annuaire;
use crate::annuaires::{Annuaires, OuvertureErreur, succeder};
use crate::ecole::Ecole;
use crate::tables::{ECOLES, TableErreur, lire_ecoles};
use lecture::{Lecture, lire};

/// Why a file gave no version at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportErreur {
    /// The file cannot be read.
    #[error("annuaire {} illisible : {source}", fichier.display())]
    Lecture {
        /// The file.
        fichier: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// There is nothing in the file.
    #[error("annuaire {} : le fichier est vide", fichier.display())]
    Vide {
        /// The file.
        fichier: PathBuf,
    },
    /// The header is not the directory's.
    #[error(
        "{} n’est pas l’annuaire de l’éducation : colonnes absentes de son en-tête : {}",
        fichier.display(), manquantes.join(", ")
    )]
    Colonnes {
        /// The file.
        fichier: PathBuf,
        /// The columns that it lacks, as the directory names them.
        manquantes: Vec<&'static str>,
    },
    /// No line could be used: a version without schools would close them all.
    #[error("annuaire {} : aucune école lisible ({refusees} lignes refusées)", fichier.display())]
    AucuneEcole {
        /// The file.
        fichier: PathBuf,
        /// How many lines were refused.
        refusees: usize,
    },
    /// The versions already there cannot be read.
    #[error(transparent)]
    Ouverture(#[from] OuvertureErreur),
    /// The version's tables cannot be made or read.
    #[error(transparent)]
    Table(#[from] TableErreur),
    /// The version cannot be written.
    #[error("version de l’annuaire, {} : {source}", chemin.display())]
    Ecriture {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
}

/// The day the file says it was made: the latest `date_maj_ligne`, if it has that column.
///
/// # Errors
/// The file cannot be read, or is not the directory.
pub fn date_du_fichier(fichier: &Path) -> Result<Option<Jour>, ImportErreur> {
    Ok(lire(fichier)?.derniere_maj)
}

/// Imports a directory file as the version in force from `validite` on, and says what it changes
/// for the version before it, or for the same version when it is imported again.
///
/// # Errors
/// The file is not the directory, holds no school, or the version cannot be written; nothing is
/// changed then.
pub fn importer(lac: &Lac, fichier: &Path, validite: Jour) -> Result<RapportImport, ImportErreur> {
    let lecture = lire(fichier)?;
    if lecture.ecoles.is_empty() {
        return Err(ImportErreur::AucuneEcole {
            fichier: fichier.to_owned(),
            refusees: lecture.refusees.len(),
        });
    }
    let versions = Annuaires::ouvrir_sans_aaf(lac)?;
    let Lecture {
        ecoles,
        hors_champ,
        refusees,
        remarques,
        ..
    } = lecture;
    let ecoles = completer(lac, &versions, validite, ecoles)?;
    let avant = versions
        .versions()
        .iter()
        .rev()
        .find(|version| version.validite() <= validite);
    let mut rapport = comparer(avant.map(AsRef::as_ref), &ecoles, validite);
    rapport.hors_champ = hors_champ;
    rapport.refusees = refusees;
    rapport.remarques = remarques;
    rapport.version = ecriture::ecrire(lac, validite, ecoles)?;
    Ok(rapport)
}

/// The schools of the version: those of the file and, when the version exists already, those it
/// had in départements that this file does not cover.
fn completer(
    lac: &Lac,
    versions: &Annuaires,
    validite: Jour,
    lues: Vec<Ecole>,
) -> Result<Vec<Ecole>, ImportErreur> {
    if !versions.versions().iter().any(|v| v.validite() == validite) {
        return Ok(lues);
    }
    let deja = lire_ecoles(&lac.territoire_du(validite).join(ECOLES))?;
    let couverts: FxHashSet<_> = lues
        .iter()
        .map(|ecole| ecole.departement.code.clone())
        .collect();
    let mut ecoles = lues;
    ecoles.extend(
        deja.into_iter()
            .filter(|ecole| !couverts.contains(&ecole.departement.code)),
    );
    Ok(ecoles)
}

fn comparer(avant: Option<&Annuaire>, ecoles: &[Ecole], validite: Jour) -> RapportImport {
    let mut rapport = RapportImport::nouveau(validite, avant.map(Annuaire::validite));
    let apres = match avant {
        None => ecoles.to_vec(),
        Some(avant) => succeder(avant.ecoles(), ecoles.to_vec()),
    };
    for ecole in &apres {
        rapport.noter(avant.and_then(|avant| avant.ecole(ecole.uai)), ecole);
    }
    rapport.trier();
    rapport
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
