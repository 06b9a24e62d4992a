//! Taking the rows of some schools out of the raw events, when their convention has ended or they
//! asked for it.
//!
//! A day's file is written again beside itself without these rows, in the same order, then takes its
//! place and its name. Killed at any point, each file is as before or as after, and what is left to
//! do is found by looking for the rows.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::error::ArrowError;
use frequent_plan::conservation::Retranchement;
use frequent_plan::lac::{META_DOUBLONS, META_ENTREES};
use frequent_plan::{Jour, Lac, Uai};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sha2::{Digest, Sha256};

use crate::compactage::verrouiller;
use crate::durable::publier;
use crate::evenements::{FichierErreur, LIGNES_PAR_LOT, Redaction};
use crate::noms::{fichiers, jours};
use frequent_plan::ecoles_gardees;
use frequent_plan::hexadecimal::hexadecimal;

const TABLE: &str = "evenements";

/// The days up to `au` that have raw events of these schools.
///
/// # Errors
/// A file cannot be read.
pub fn jours_d_evenements(
    lac: &Lac,
    ecoles: &BTreeSet<Uai>,
    au: Jour,
) -> Result<BTreeSet<Jour>, FichierErreur> {
    let mut trouves = BTreeSet::new();
    for (jour, chemin) in chemins(lac, au)? {
        if lignes(&chemin, ecoles)? > 0 {
            trouves.insert(jour);
        }
    }
    Ok(trouves)
}

/// Takes the rows of these schools out of the raw events of the days up to `au`. `suivi` is told of
/// each file before it is replaced; what it refuses stops everything.
///
/// # Errors
/// A file cannot be read or written; those before it are done.
pub fn retrancher(
    lac: &Lac,
    ecoles: &BTreeSet<Uai>,
    au: Jour,
    suivi: &mut dyn FnMut(Retranchement) -> std::io::Result<()>,
) -> Result<(), FichierErreur> {
    let _verrou = verrouiller(&lac.evenements())?;
    for (jour, chemin) in chemins(lac, au)? {
        let lignes = lignes(&chemin, ecoles)?;
        if lignes == 0 {
            continue;
        }
        let provisoire = recrire(&chemin, jour, ecoles)?;
        let relatif = chemin.strip_prefix(lac.racine()).unwrap_or(&chemin);
        suivi(Retranchement {
            table: TABLE.to_owned(),
            fichier: relatif.display().to_string(),
            lignes,
            avant: empreinte(&chemin)?,
            apres: empreinte(&provisoire)?,
        })
        .and_then(|()| publier(&provisoire, &chemin))
        .map_err(FichierErreur::disque(&chemin))?;
    }
    Ok(())
}

fn chemins(lac: &Lac, au: Jour) -> Result<Vec<(Jour, PathBuf)>, FichierErreur> {
    let table = lac.evenements();
    let mut chemins = Vec::new();
    for jour in jours(lac).map_err(FichierErreur::disque(&table))? {
        if jour > au {
            break;
        }
        let dossier = lac.evenements_du(jour);
        for nom in fichiers(&dossier).map_err(FichierErreur::disque(&dossier))? {
            chemins.push((jour, dossier.join(nom.to_string())));
        }
    }
    Ok(chemins)
}

type Lecteur = ParquetRecordBatchReaderBuilder<File>;

fn lire(chemin: &Path) -> Result<Lecteur, FichierErreur> {
    let fichier = File::open(chemin).map_err(FichierErreur::disque(chemin))?;
    let lecteur = Lecteur::try_new(fichier).map_err(FichierErreur::parquet(chemin))?;
    Ok(lecteur.with_batch_size(LIGNES_PAR_LOT))
}

/// How many rows of a file are of these schools.
fn lignes(chemin: &Path, ecoles: &BTreeSet<Uai>) -> Result<u64, FichierErreur> {
    let lecteur = lire(chemin)?;
    let masque = ProjectionMask::columns(lecteur.parquet_schema(), ["uai"]);
    let lots = lecteur.with_projection(masque).build();
    let mut nombre = 0;
    for lot in lots.map_err(FichierErreur::parquet(chemin))? {
        let lot = lot.map_err(FichierErreur::parquet(chemin))?;
        let garde = gardees(&lot, ecoles).map_err(FichierErreur::parquet(chemin))?;
        nombre += garde.false_count() as u64;
    }
    Ok(nombre)
}

/// Writes a file again without the rows of these schools, under a hidden name.
fn recrire(chemin: &Path, jour: Jour, ecoles: &BTreeSet<Uai>) -> Result<PathBuf, FichierErreur> {
    let lecteur = lire(chemin)?;
    let metas = lecteur.metadata().file_metadata().key_value_metadata();
    let meta = |cle: &str| {
        let paire = metas.into_iter().flatten().find(|m| m.key == cle);
        paire.and_then(|m| m.value.clone())
    };
    let (entrees, doublons) = (meta(META_ENTREES), meta(META_DOUBLONS));
    let mut redaction = Redaction::ouvrir(chemin, jour, entrees.unwrap_or_default())?;
    for lot in lecteur.build().map_err(FichierErreur::parquet(chemin))? {
        let lot = lot.map_err(FichierErreur::parquet(chemin))?;
        let garde = gardees(&lot, ecoles)
            .and_then(|garde| filter_record_batch(&lot, &garde))
            .map_err(FichierErreur::parquet(chemin))?;
        redaction.ecrire_lot(&garde)?;
    }
    if let Some(doublons) = doublons {
        redaction.noter(META_DOUBLONS, doublons);
    }
    redaction.terminer()
}

/// Which rows of a batch are not of these schools.
fn gardees(lot: &RecordBatch, ecoles: &BTreeSet<Uai>) -> Result<BooleanArray, ArrowError> {
    lot.column_by_name("uai")
        .and_then(|colonne| ecoles_gardees::gardees(colonne, ecoles))
        .ok_or_else(|| ArrowError::SchemaError("colonne « uai » absente ou d’un autre type".into()))
}

fn empreinte(chemin: &Path) -> Result<String, FichierErreur> {
    let octets = fs::read(chemin).map_err(FichierErreur::disque(chemin))?;
    Ok(hexadecimal(&Sha256::digest(&octets)))
}
