//! Rows of the table `qualite`, and its files.

use std::fs::{self, File};
use std::io;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, DictionaryArray, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow::datatypes::{Int32Type, Int64Type, TimestampMillisecondType};
use frequent_plan::lac::{META_ENTREES, META_JOURS, META_SCHEMA, VERSION_SCHEMA, schema_qualite};
use frequent_plan::{Jour, Lac};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::durable::{creer_dossier, nom_provisoire, publier};
use crate::evenements::FichierErreur;

const SUFFIXE: &str = ".parquet";
const AUTEUR: &str = "frequent";
const TEXTES: [&str; 7] = [
    "genre",
    "emetteur",
    "plateforme",
    "uai",
    "mesure",
    "champ",
    "exemple",
];

/// One row of the table. Rows sort by their texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ligne {
    /// What kind of sender.
    pub genre: String,
    /// Which one.
    pub emetteur: String,
    /// The platform, or empty.
    pub plateforme: String,
    /// The school, or empty.
    pub uai: String,
    /// What is counted.
    pub mesure: String,
    /// The field, for refusals.
    pub champ: String,
    /// A refused value, for refusals of closed vocabularies.
    pub exemple: String,
    /// How many.
    pub nombre: i64,
    /// The last receipt counted, in milliseconds since 1970.
    pub dernier: i64,
}

impl Ligne {
    fn textes(&self) -> [&str; 7] {
        [
            &self.genre,
            &self.emetteur,
            &self.plateforme,
            &self.uai,
            &self.mesure,
            &self.champ,
            &self.exemple,
        ]
    }
}

/// Writes the rows of a day, sorted, under this name, replacing what the name held.
pub(super) fn ecrire(
    lac: &Lac,
    jour: Jour,
    nom: &str,
    entrees: &str,
    lignes: &[Ligne],
) -> Result<(), FichierErreur> {
    let dossier = lac.qualite_du(jour);
    creer_dossier(&dossier).map_err(FichierErreur::disque(&dossier))?;
    let chemin = dossier.join(format!("{nom}{SUFFIXE}"));
    let provisoire = nom_provisoire(&chemin);
    let metadonnees = [
        (META_SCHEMA, VERSION_SCHEMA.to_owned()),
        (META_ENTREES, entrees.to_owned()),
        (META_JOURS, jour.to_string()),
    ];
    let fichier = File::create(&provisoire).map_err(FichierErreur::disque(&provisoire))?;
    rediger(fichier, metadonnees, lignes).map_err(FichierErreur::parquet(&chemin))?;
    publier(&provisoire, &chemin).map_err(FichierErreur::disque(&chemin))
}

fn rediger<const N: usize>(
    fichier: File,
    metadonnees: [(&str, String); N],
    lignes: &[Ligne],
) -> Result<(), ParquetError> {
    let metadonnees = metadonnees.map(|(cle, valeur)| KeyValue::new(cle.to_owned(), valeur));
    let reglages = WriterProperties::builder()
        .set_created_by(AUTEUR.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_key_value_metadata(Some(metadonnees.to_vec()))
        .build();
    let mut colonnes: Vec<ArrayRef> = (0..TEXTES.len())
        .map(|rang| {
            let valeurs = lignes.iter().map(|ligne| ligne.textes()[rang]);
            Arc::new(valeurs.collect::<DictionaryArray<Int32Type>>()) as ArrayRef
        })
        .collect();
    let nombres = lignes.iter().map(|ligne| ligne.nombre);
    let derniers = lignes.iter().map(|ligne| ligne.dernier);
    colonnes.push(Arc::new(Int64Array::from_iter_values(nombres)));
    colonnes.push(Arc::new(
        TimestampMillisecondArray::from_iter_values(derniers).with_timezone("UTC"),
    ));
    let lot = RecordBatch::try_new(schema_qualite(), colonnes)?;
    let mut parquet = ArrowWriter::try_new(fichier, schema_qualite(), Some(reglages))?;
    parquet.write(&lot)?;
    parquet.close()?;
    Ok(())
}

/// Every row of a day, file after file; none when nothing was received. A figure is the sum of its
/// rows.
///
/// # Errors
/// A file cannot be read.
pub fn lire_jour(lac: &Lac, jour: Jour) -> Result<Vec<Ligne>, FichierErreur> {
    let dossier = lac.qualite_du(jour);
    let entrees = match fs::read_dir(&dossier) {
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        autre => autre.map_err(FichierErreur::disque(&dossier))?,
    };
    let mut noms = Vec::new();
    for entree in entrees {
        let nom = entree.map_err(FichierErreur::disque(&dossier))?.file_name();
        noms.extend(nom.to_str().filter(|n| est_visible(n)).map(str::to_owned));
    }
    noms.sort_unstable();
    let mut lignes = Vec::new();
    for nom in noms {
        let chemin = dossier.join(nom);
        let fichier = File::open(&chemin).map_err(FichierErreur::disque(&chemin))?;
        lire(fichier, &mut lignes).map_err(FichierErreur::parquet(&chemin))?;
    }
    Ok(lignes)
}

fn est_visible(nom: &str) -> bool {
    nom.ends_with(SUFFIXE) && !nom.starts_with('.')
}

fn lire(fichier: File, lignes: &mut Vec<Ligne>) -> Result<(), ParquetError> {
    for lot in ParquetRecordBatchReaderBuilder::try_new(fichier)?.build()? {
        lire_lot(&lot?, lignes)?;
    }
    Ok(())
}

fn lire_lot(lot: &RecordBatch, lignes: &mut Vec<Ligne>) -> Result<(), ParquetError> {
    let faute = |nom: &str| ParquetError::General(format!("colonne « {nom} » absente ou autre"));
    let mut textes = Vec::with_capacity(TEXTES.len());
    for nom in TEXTES {
        let colonne = lot.column_by_name(nom).ok_or_else(|| faute(nom))?;
        let colonne = colonne
            .as_dictionary_opt::<Int32Type>()
            .and_then(DictionaryArray::downcast_dict::<StringArray>)
            .ok_or_else(|| faute(nom))?;
        textes.push(colonne);
    }
    let nombres = lot
        .column_by_name("nombre")
        .and_then(|c| c.as_primitive_opt::<Int64Type>())
        .ok_or_else(|| faute("nombre"))?;
    let derniers = lot
        .column_by_name("dernier")
        .and_then(|c| c.as_primitive_opt::<TimestampMillisecondType>())
        .ok_or_else(|| faute("dernier"))?;
    for rang in 0..lot.num_rows() {
        let mut suite = textes.iter().map(|colonne| {
            let cle = colonne.keys().value(rang);
            let valeur = usize::try_from(cle).map(|cle| colonne.values().value(cle));
            valeur.unwrap_or_default().to_owned()
        });
        let mut texte = || suite.next().unwrap_or_default();
        lignes.push(Ligne {
            genre: texte(),
            emetteur: texte(),
            plateforme: texte(),
            uai: texte(),
            mesure: texte(),
            champ: texte(),
            exemple: texte(),
            nombre: nombres.value(rang),
            dernier: derniers.value(rang),
        });
    }
    Ok(())
}
