//! The tables of the feed, as Parquet files of the lake. Those of persons hold numbers only.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray, UInt8Array, UInt64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt8Type, UInt64Type};
use frequent_plan::lac::{META_SCHEMA, VERSION_SCHEMA, texte};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::nom::Categorie;
use super::personnes::{Fiche, Personnes, Table, Vue};
use super::structures::{CHAMPS, Structure, Structures};
use crate::tables::TableErreur;

/// Rows assembled at a time: what bounds memory beside the tables themselves.
const LOT: usize = 65_536;

/// A keyed row says that the person exists, and whether staff teach.
const GENRE_PERSONNE: u8 = 0;
/// It is attached to the structure of this rank.
const GENRE_STRUCTURE: u8 = 1;
/// It has a function there (twice the rank, plus one if it is teaching).
const GENRE_FONCTION: u8 = 2;
/// It is linked to the person of this hash.
const GENRE_LIEN: u8 = 3;

/// Metadata, as pairs.
pub(super) type Meta = Vec<(String, String)>;

/// Settings of every table here.
pub(crate) fn reglages(meta: &[(String, String)]) -> WriterProperties {
    let schema = (META_SCHEMA.to_owned(), VERSION_SCHEMA.to_owned());
    let cles = std::iter::once(&schema)
        .chain(meta)
        .map(|(cle, valeur)| KeyValue::new(cle.clone(), valeur.clone()))
        .collect();
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(LOT * 4))
        .set_key_value_metadata(Some(cles))
        .build()
}

/// The batches of a table, and its metadata.
pub(crate) fn ouvrir(
    chemin: &Path,
) -> Result<(Meta, impl Iterator<Item = Result<RecordBatch, TableErreur>>), TableErreur> {
    let fichier = File::open(chemin).map_err(|source| TableErreur::Fichier {
        chemin: chemin.to_owned(),
        source,
    })?;
    let faute = |source| TableErreur::Parquet {
        chemin: chemin.to_owned(),
        source,
    };
    let lecteur = ParquetRecordBatchReaderBuilder::try_new(fichier).map_err(faute)?;
    let cles = lecteur.metadata().file_metadata().key_value_metadata();
    let meta = cles
        .into_iter()
        .flatten()
        .map(|paire| (paire.key.clone(), paire.value.clone().unwrap_or_default()))
        .collect();
    let lots = lecteur.with_batch_size(LOT).build().map_err(faute)?;
    Ok((meta, lots.map(|lot| Ok(lot?))))
}

/// A column that must be there.
pub(crate) fn colonne<'l>(
    lot: &'l RecordBatch,
    chemin: &Path,
    colonne: &'static str,
) -> Result<&'l Arc<dyn Array>, TableErreur> {
    lot.column_by_name(colonne)
        .ok_or_else(|| TableErreur::Valeur {
            chemin: chemin.to_owned(),
            ligne: 0,
            colonne,
        })
}

/// A column of texts, unpacked.
pub(crate) fn textes(
    lot: &RecordBatch,
    chemin: &Path,
    nom: &'static str,
) -> Result<StringArray, TableErreur> {
    let depliee = cast(colonne(lot, chemin, nom)?, &DataType::Utf8)?;
    Ok(depliee.as_string::<i32>().clone())
}

const COLONNES_STRUCTURES: [&str; CHAMPS.len() + 1] = [
    "jointure",
    "uai",
    "nom",
    "type",
    "circonscription",
    "commune",
    "secteur",
    "ministere",
    "rpi",
    "academie",
    "siren",
];

/// Writes structures, sorted by joining identifier.
pub(super) fn ecrire_structures(
    sortie: impl Write + Send,
    structures: &Structures,
    meta: &[(String, String)],
) -> Result<(), TableErreur> {
    let champs: Vec<Field> = COLONNES_STRUCTURES
        .iter()
        .map(|nom| Field::new(*nom, texte(), false))
        .collect();
    let schema = Arc::new(Schema::new(champs));
    let mut colonnes = Vec::new();
    let ids: StringArray = structures.iter().map(|(id, _)| Some(id)).collect();
    colonnes.push(cast(&ids, &texte())?);
    for place in 0..CHAMPS.len() {
        let valeurs: StringArray = structures
            .iter()
            .map(|(_, structure)| Some(structure.textes()[place].as_str()))
            .collect();
        colonnes.push(cast(&valeurs, &texte())?);
    }
    let lot = RecordBatch::try_new(Arc::clone(&schema), colonnes)?;
    let mut ecrivain = ArrowWriter::try_new(sortie, schema, Some(reglages(meta)))?;
    ecrivain.write(&lot)?;
    ecrivain.close()?;
    Ok(())
}

/// Reads structures back, with their metadata.
pub(super) fn lire_structures(chemin: &Path) -> Result<(Meta, Structures), TableErreur> {
    let (meta, lots) = ouvrir(chemin)?;
    let mut structures = Vec::new();
    for lot in lots {
        let lot = lot?;
        let mut colonnes = Vec::new();
        for nom in COLONNES_STRUCTURES {
            colonnes.push(textes(&lot, chemin, nom)?);
        }
        for rang in 0..lot.num_rows() {
            let valeur = |place: usize| colonnes[place].value(rang).to_owned();
            let champs = std::array::from_fn(|place| valeur(place + 1));
            structures.push((valeur(0), Structure::de_textes(champs)));
        }
    }
    Ok((meta, structures.into_iter().collect()))
}

fn schema_personnes() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("categorie", DataType::UInt8, false),
        Field::new("personne", DataType::UInt64, false),
        Field::new("genre", DataType::UInt8, false),
        Field::new("valeur", DataType::UInt64, false),
    ]))
}

/// Rows being assembled.
#[derive(Default)]
struct Lignes {
    categories: Vec<u8>,
    personnes: Vec<u64>,
    genres: Vec<u8>,
    valeurs: Vec<u64>,
}

impl Lignes {
    fn pousser(&mut self, categorie: Categorie, personne: u64, genre: u8, valeur: u64) {
        self.categories.push(categorie.numero());
        self.personnes.push(personne);
        self.genres.push(genre);
        self.valeurs.push(valeur);
    }

    fn personne(&mut self, categorie: Categorie, vue: &Vue<'_>) {
        let enseignant = match vue.enseignant {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        };
        self.pousser(categorie, vue.personne, GENRE_PERSONNE, enseignant);
        for rang in vue.structures() {
            self.pousser(categorie, vue.personne, GENRE_STRUCTURE, rang.into());
        }
        for (rang, enseigne) in vue.fonctions() {
            let valeur = u64::from(rang) << 1 | u64::from(enseigne);
            self.pousser(categorie, vue.personne, GENRE_FONCTION, valeur);
        }
        for lien in vue.liens {
            self.pousser(categorie, vue.personne, GENRE_LIEN, *lien);
        }
    }

    fn vider(&mut self) -> Result<RecordBatch, TableErreur> {
        let pleines = std::mem::take(self);
        Ok(RecordBatch::try_new(
            schema_personnes(),
            vec![
                Arc::new(UInt8Array::from(pleines.categories)),
                Arc::new(UInt64Array::from(pleines.personnes)),
                Arc::new(UInt8Array::from(pleines.genres)),
                Arc::new(UInt64Array::from(pleines.valeurs)),
            ],
        )?)
    }
}

/// Metadata key: references to structures, by rank, each as two numbers in hexadecimal.
const META_RANGS: &str = "frequent.structures";

/// Writes persons, by category then hash.
pub(super) fn ecrire_personnes(
    sortie: impl Write + Send,
    personnes: &Personnes,
) -> Result<(), TableErreur> {
    let references = personnes.rangs.references().iter();
    let rangs: Vec<String> = references
        .map(|(exacte, nue)| format!("{exacte:016x}{nue:016x}"))
        .collect();
    let meta = [(META_RANGS.to_owned(), rangs.join(","))];
    let mut ecrivain = ArrowWriter::try_new(sortie, schema_personnes(), Some(reglages(&meta)))?;
    let mut lignes = Lignes::default();
    for (categorie, table) in personnes.tables() {
        for vue in table.iter() {
            lignes.personne(categorie, &vue);
            if lignes.personnes.len() >= LOT {
                ecrivain.write(&lignes.vider()?)?;
            }
        }
    }
    ecrivain.write(&lignes.vider()?)?;
    ecrivain.close()?;
    Ok(())
}

/// Reads persons back.
pub(super) fn lire_personnes(chemin: &Path) -> Result<Personnes, TableErreur> {
    let (meta, lots) = ouvrir(chemin)?;
    let mut personnes = Personnes::default();
    for (_, rangs) in meta.iter().filter(|(cle, _)| cle == META_RANGS) {
        for lue in rangs.split(',').filter_map(|lue| lue.split_at_checked(16)) {
            let nombre = |hexa| u64::from_str_radix(hexa, 16);
            if let (Ok(exacte), Ok(nue)) = (nombre(lue.0), nombre(lue.1)) {
                personnes.rangs.noter((exacte, nue));
            }
        }
    }
    let mut courante: Option<(u8, u64, Fiche)> = None;
    for lot in lots {
        let lot = lot?;
        let octets = |nom| -> Result<UInt8Array, TableErreur> {
            let lue = colonne(&lot, chemin, nom)?.as_primitive_opt::<UInt8Type>();
            lue.cloned().ok_or_else(|| invalide(chemin, nom))
        };
        let nombres = |nom| -> Result<UInt64Array, TableErreur> {
            let lue = colonne(&lot, chemin, nom)?.as_primitive_opt::<UInt64Type>();
            lue.cloned().ok_or_else(|| invalide(chemin, nom))
        };
        let (categories, genres) = (octets("categorie")?, octets("genre")?);
        let (hashs, valeurs) = (nombres("personne")?, nombres("valeur")?);
        for rang in 0..lot.num_rows() {
            let (categorie, personne) = (categories.value(rang), hashs.value(rang));
            let valeur = valeurs.value(rang);
            if genres.value(rang) == GENRE_PERSONNE {
                ranger(&mut personnes, courante.take());
                let enseignant = [None, Some(false), Some(true)];
                let fiche = Fiche {
                    enseignant: usize::try_from(valeur)
                        .ok()
                        .and_then(|place| enseignant.get(place).copied())
                        .flatten(),
                    ..Fiche::default()
                };
                courante = Some((categorie, personne, fiche));
            } else if let Some((_, _, fiche)) = &mut courante {
                let court = |valeur| u32::try_from(valeur).unwrap_or(u32::MAX);
                match genres.value(rang) {
                    GENRE_STRUCTURE => fiche.structures.push(court(valeur)),
                    GENRE_FONCTION => fiche.fonctions.push((court(valeur >> 1), valeur & 1 == 1)),
                    _ => fiche.liens.push(valeur),
                }
            }
        }
    }
    ranger(&mut personnes, courante);
    Ok(personnes)
}

fn ranger(personnes: &mut Personnes, lue: Option<(u8, u64, Fiche)>) {
    let Some((numero, personne, fiche)) = lue else {
        return;
    };
    let categorie = Categorie::TOUTES.iter().find(|c| c.numero() == numero);
    let table: Option<&mut Table> = categorie.and_then(|c| personnes.table_mut(*c));
    if let Some(table) = table {
        table.pousser(personne, &fiche);
    }
}

fn invalide(chemin: &Path, colonne: &'static str) -> TableErreur {
    TableErreur::Valeur {
        chemin: chemin.to_owned(),
        ligne: 0,
        colonne,
    }
}
