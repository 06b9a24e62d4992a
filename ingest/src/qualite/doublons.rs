//! Events that came more than once, counted in the lake: rows landed for a day less their distinct
//! identifiers, by platform and school, with those that compaction has dropped since. Written as a
//! file of its own in the day's folder, and done again only for days whose event files changed.
//!
//! The identifiers of a day are taken in their order, a range of them at a time, so that memory
//! stays bounded whatever the day: a range is found by the first bits of what are hashes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, DictionaryArray, RecordBatch, StringArray};
use arrow::datatypes::{Int32Type, TimestampMillisecondType};
use frequent_plan::lac::META_ENTREES;
use frequent_plan::{Instant, Jour, Lac};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::mesure::{ATTERRIS, DOUBLONS};
use super::table::{Ligne, ecrire};
use crate::compactage::{Retires, entrees_de};
use crate::evenements::FichierErreur;
use crate::noms::{fichiers, jours};
use frequent_plan::hexadecimal::hexadecimal;

/// Rows of a range: 24 bytes each, so about 48 MB.
const LIGNES_PAR_PASSE: u64 = 2 << 20;
/// The file's name in the folder of its day.
const NOM: &str = "doublons";
const GENRE: &str = "lac";

/// Why a day's repeats were not counted; what was known of them stays.
#[derive(Debug, thiserror::Error)]
#[error("doublons du {jour} : {source}")]
pub struct DoublonsErreur {
    /// The day.
    pub jour: Jour,
    /// What failed.
    pub source: FichierErreur,
}

/// What was counted in a platform's school.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Compte {
    atterris: u64,
    doublons: u64,
    dernier: i64,
}

type Comptes = BTreeMap<(String, String), Compte>;

/// Counts the repeats of the days whose event files changed since they last were; gives these days.
///
/// # Errors
/// A day cannot be read or written; those before it were.
pub fn compter(lac: &Lac) -> Result<Vec<Jour>, DoublonsErreur> {
    let table = lac.evenements();
    let jours = jours(lac).map_err(|source| DoublonsErreur {
        jour: Jour::de_epoque(0),
        source: FichierErreur::disque(&table)(source),
    })?;
    let mut faits = Vec::new();
    for jour in jours {
        let fait = compter_jour(lac, jour).map_err(|source| DoublonsErreur { jour, source })?;
        faits.extend(fait.then_some(jour));
    }
    Ok(faits)
}

/// Whether the day had to be counted again.
fn compter_jour(lac: &Lac, jour: Jour) -> Result<bool, FichierErreur> {
    let chemins = chemins(lac, jour)?;
    let marque = marque(&chemins)?;
    let fichier = lac.qualite_du(jour).join(format!("{NOM}.parquet"));
    if chemins.is_empty() || faite_de(&fichier)? == Some(marque.clone()) {
        return Ok(false);
    }
    let mut comptes = Comptes::new();
    let lieux = parcourir(&chemins, |lieux, rangees| {
        compter_passe(&mut comptes, lieux, rangees);
    })?;
    for (plateforme, uai, nombre) in lieux.retires.lieux() {
        let compte = comptes
            .entry((plateforme.to_owned(), uai.to_owned()))
            .or_default();
        compte.atterris += nombre;
        compte.doublons += nombre;
    }
    let lignes = lignes(&comptes);
    ecrire(lac, jour, NOM, &marque, &lignes)?;
    Ok(true)
}

fn compter_passe(comptes: &mut Comptes, lieux: &Lieux, rangees: &[Rangee]) {
    let mut par_lieu: FxHashMap<u32, Compte> = FxHashMap::default();
    let mut precedent = None;
    for rangee in rangees {
        let compte = par_lieu.entry(rangee.lieu).or_default();
        compte.atterris += 1;
        compte.doublons += u64::from(precedent == Some(rangee.id));
        precedent = Some(rangee.id);
    }
    for (numero, partie) in par_lieu {
        let lieu = &lieux.noms[numero as usize];
        let total = comptes.entry(lieu.clone()).or_default();
        total.atterris += partie.atterris;
        total.doublons += partie.doublons;
        total.dernier = lieux.dernier.0;
    }
}

fn lignes(comptes: &Comptes) -> Vec<Ligne> {
    let mut lignes = Vec::new();
    for ((plateforme, uai), compte) in comptes {
        for (mesure, nombre) in [(ATTERRIS, compte.atterris), (DOUBLONS, compte.doublons)] {
            if nombre > 0 {
                lignes.push(Ligne {
                    genre: GENRE.to_owned(),
                    plateforme: plateforme.clone(),
                    uai: uai.clone(),
                    mesure: mesure.to_owned(),
                    nombre: i64::try_from(nombre).unwrap_or(i64::MAX),
                    dernier: compte.dernier,
                    ..Ligne::default()
                });
            }
        }
    }
    lignes.sort_unstable();
    lignes
}

/// A row of events, as little of it as counting once needs. Rows sort by identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rangee {
    /// The first and last 8 bytes of the identifier, big-endian.
    pub(crate) id: [u64; 2],
    /// Its place in [`Lieux::noms`].
    pub(crate) lieu: u32,
}

/// The platforms and schools of a day.
#[derive(Debug)]
pub(crate) struct Lieux {
    pub(crate) noms: Vec<(String, String)>,
    numeros: FxHashMap<(String, String), u32>,
    retires: Retires,
    /// When the last event took place.
    dernier: Instant,
}

/// The event files of a day, but those that a merged one has replaced and that are still there.
pub(crate) fn chemins(lac: &Lac, jour: Jour) -> Result<Vec<PathBuf>, FichierErreur> {
    let dossier = lac.evenements_du(jour);
    let noms = fichiers(&dossier).map_err(FichierErreur::disque(&dossier))?;
    let mut remplaces = Vec::new();
    if noms.len() > 1 {
        for nom in noms.iter().filter(|nom| nom.trie) {
            let entrees = entrees_de(&dossier.join(nom.to_string()))?;
            remplaces.extend(entrees.into_iter().filter(|entree| entree != nom));
        }
    }
    let restants = noms.into_iter().filter(|nom| !remplaces.contains(nom));
    Ok(restants.map(|nom| dossier.join(nom.to_string())).collect())
}

/// Reads the rows of these files by ranges of identifiers, in order, each range sorted.
pub(crate) fn parcourir(
    chemins: &[PathBuf],
    lire: impl FnMut(&Lieux, &[Rangee]),
) -> Result<Lieux, FichierErreur> {
    parcourir_par(LIGNES_PAR_PASSE, chemins, lire)
}

fn parcourir_par(
    lignes_par_passe: u64,
    chemins: &[PathBuf],
    mut lire: impl FnMut(&Lieux, &[Rangee]),
) -> Result<Lieux, FichierErreur> {
    let mut lieux = Lieux {
        noms: Vec::new(),
        numeros: FxHashMap::default(),
        retires: Retires::default(),
        dernier: Instant(0),
    };
    let mut total = 0;
    for chemin in chemins {
        let lecteur = ouvrir(chemin)?;
        let metadonnees = lecteur.metadata().file_metadata();
        lieux.retires.reprendre(metadonnees.key_value_metadata());
        total += u64::try_from(metadonnees.num_rows()).unwrap_or_default();
    }
    let passes = total.div_ceil(lignes_par_passe);
    for passe in 0..passes {
        let mut rangees = Vec::new();
        for chemin in chemins {
            let lecteur = ouvrir(chemin)?;
            let colonnes = ["id", "ts", "uai", "plateforme"];
            let masque = ProjectionMask::columns(lecteur.parquet_schema(), colonnes);
            let lots = lecteur
                .with_projection(masque)
                .build()
                .map_err(FichierErreur::parquet(chemin))?;
            for lot in lots {
                let lot = lot.map_err(FichierErreur::parquet(chemin))?;
                lire_lot(&lot, (passe, passes), &mut lieux, &mut rangees)
                    .map_err(FichierErreur::parquet(chemin))?;
            }
        }
        rangees.sort_unstable();
        lire(&lieux, &rangees);
    }
    Ok(lieux)
}

fn ouvrir(chemin: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, FichierErreur> {
    let fichier = File::open(chemin).map_err(FichierErreur::disque(chemin))?;
    ParquetRecordBatchReaderBuilder::try_new(fichier).map_err(FichierErreur::parquet(chemin))
}

fn lire_lot(
    lot: &RecordBatch,
    (passe, passes): (u64, u64),
    lieux: &mut Lieux,
    rangees: &mut Vec<Rangee>,
) -> Result<(), ParquetError> {
    let colonne = |nom: &str| lot.column_by_name(nom).ok_or_else(|| inattendue(nom));
    let ids = colonne("id")?
        .as_fixed_size_binary_opt()
        .ok_or_else(|| inattendue("id"))?;
    let ts = colonne("ts")?
        .as_primitive_opt::<TimestampMillisecondType>()
        .ok_or_else(|| inattendue("ts"))?;
    let uai = textes(colonne("uai")?, "uai")?;
    let plateformes = textes(colonne("plateforme")?, "plateforme")?;
    if let Some(dernier) = arrow::compute::max(ts) {
        lieux.dernier = lieux.dernier.max(Instant(dernier));
    }
    // A batch has few pairs of codes: each is looked up by its names once.
    let mut connus: FxHashMap<(i32, i32), u32> = FxHashMap::default();
    for rang in 0..lot.num_rows() {
        let id = moities(ids.value(rang));
        if (u128::from(id[0]) * u128::from(passes)) >> 64 != u128::from(passe) {
            continue;
        }
        let codes = (plateformes.keys().value(rang), uai.keys().value(rang));
        let lieu = *connus
            .entry(codes)
            .or_insert_with(|| lieux.numero(texte(plateformes, codes.0), texte(uai, codes.1)));
        rangees.push(Rangee { id, lieu });
    }
    Ok(())
}

impl Lieux {
    fn numero(&mut self, plateforme: &str, uai: &str) -> u32 {
        let lieu = (plateforme.to_owned(), uai.to_owned());
        if let Some(numero) = self.numeros.get(&lieu) {
            return *numero;
        }
        // Four billion places do not fit in memory long before they overflow this.
        let numero = u32::try_from(self.noms.len()).unwrap_or(u32::MAX);
        self.noms.push(lieu.clone());
        self.numeros.insert(lieu, numero);
        numero
    }
}

fn textes<'l>(
    colonne: &'l dyn Array,
    nom: &str,
) -> Result<&'l DictionaryArray<Int32Type>, ParquetError> {
    let textes = colonne
        .as_dictionary_opt::<Int32Type>()
        .ok_or_else(|| inattendue(nom))?;
    textes
        .values()
        .as_string_opt::<i32>()
        .map(|_| textes)
        .ok_or_else(|| inattendue(nom))
}

fn texte(colonne: &DictionaryArray<Int32Type>, code: i32) -> &str {
    let valeurs = colonne.values().as_any().downcast_ref::<StringArray>();
    let place = usize::try_from(code).unwrap_or_default();
    valeurs.map_or("", |valeurs| valeurs.value(place))
}

fn moities(id: &[u8]) -> [u64; 2] {
    let moitie = |octets: Option<&[u8; 8]>| octets.map_or(0, |o| u64::from_be_bytes(*o));
    [moitie(id.first_chunk()), moitie(id.last_chunk())]
}

fn inattendue(nom: &str) -> ParquetError {
    ParquetError::General(format!("colonne « {nom} » absente ou d’un autre type"))
}

/// What tells these files from others: their names and sizes.
fn marque(chemins: &[PathBuf]) -> Result<String, FichierErreur> {
    let mut condense = Sha256::new();
    for chemin in chemins {
        let etat = fs::metadata(chemin).map_err(FichierErreur::disque(chemin))?;
        let nom = chemin.file_name().unwrap_or_default();
        condense.update(nom.as_encoded_bytes());
        condense.update(etat.len().to_be_bytes());
    }
    Ok(hexadecimal(&condense.finalize()[..16]))
}

/// What a file says it was made from; none when there is no such file.
fn faite_de(chemin: &Path) -> Result<Option<String>, FichierErreur> {
    match fs::metadata(chemin) {
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(None),
        autre => autre.map_err(FichierErreur::disque(chemin))?,
    };
    let lecteur = ouvrir(chemin)?;
    let paires = lecteur.metadata().file_metadata().key_value_metadata();
    let entrees = paires
        .into_iter()
        .flatten()
        .find(|paire| paire.key == META_ENTREES);
    Ok(entrees.and_then(|paire| paire.value.clone()))
}

#[cfg(test)]
#[path = "doublons_tests.rs"]
mod tests;
