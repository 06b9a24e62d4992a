//! The two tables of a version of the directory, as Parquet files of the lake.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef, UInt32Type};
use arrow::error::ArrowError;
use frequent_plan::lac::{META_ANNUAIRE, META_ENTREES, META_SCHEMA, VERSION_SCHEMA, texte};
use frequent_plan::{Jour, Niveau, Uai};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use rustc_hash::FxHashMap;

use crate::ecole::{CodeNom, Ecole, Etat, Position, Secteur};
use crate::territoire::Territoire;

/// The table of schools in a version's folder.
pub(crate) const ECOLES: &str = "ecoles.parquet";
/// The table of territories in a version's folder.
pub(crate) const TERRITOIRES: &str = "territoires.parquet";

/// A table of the directory that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum TableErreur {
    /// The file cannot be opened.
    #[error("table {} : {source}", chemin.display())]
    Fichier {
        /// The file.
        chemin: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
    /// The file is not the table expected.
    #[error("table {} : {source}", chemin.display())]
    Parquet {
        /// The file.
        chemin: PathBuf,
        /// What the reader answered.
        source: ParquetError,
    },
    /// A value of the file is not one that this program writes.
    #[error("table {}, ligne {ligne} : colonne « {colonne} » absente ou invalide", chemin.display())]
    Valeur {
        /// The file.
        chemin: PathBuf,
        /// The row, from 1.
        ligne: usize,
        /// The column.
        colonne: &'static str,
    },
    /// The table cannot be made.
    #[error("table des écoles ou des territoires : {0}")]
    Ecriture(#[from] ParquetError),
    /// The columns cannot be assembled.
    #[error("table des écoles ou des territoires : {0}")]
    Colonnes(#[from] ArrowError),
}

/// The text columns of the table of schools.
const TEXTES_ECOLES: [&str; 18] = [
    "uai",
    "nom",
    "type_etablissement",
    "nature",
    "secteur",
    "code_commune",
    "commune",
    "code_departement",
    "departement",
    "code_academie",
    "academie",
    "code_region",
    "region",
    "code_circonscription",
    "circonscription",
    "education_prioritaire",
    "etat",
    "ministere",
];

/// Columns that may be empty.
const FACULTATIVES: [&str; 3] = [
    "code_circonscription",
    "circonscription",
    "education_prioritaire",
];

/// `territoire/validite=D/ecoles.parquet`: one row a school, sorted by `uai`.
#[must_use]
pub fn schema_ecoles() -> SchemaRef {
    let mut champs: Vec<Field> = TEXTES_ECOLES
        .iter()
        .map(|nom| Field::new(*nom, texte(), FACULTATIVES.contains(nom)))
        .collect();
    champs.push(Field::new("effectif", DataType::UInt32, true));
    champs.push(Field::new("latitude", DataType::Float64, true));
    champs.push(Field::new("longitude", DataType::Float64, true));
    Arc::new(Schema::new(champs))
}

/// `territoire/validite=D/territoires.parquet`: one row a territory of any level, with the codes of
/// those it lies in; sorted by (`niveau` in the plan's order, `code`).
#[must_use]
pub fn schema_territoires() -> SchemaRef {
    let mut champs = vec![
        Field::new("niveau", texte(), false),
        Field::new("code", texte(), false),
        Field::new("nom", texte(), false),
    ];
    champs.extend(
        Niveau::TOUS[1..]
            .iter()
            .map(|niveau| Field::new(format!("code_{niveau}"), texte(), true)),
    );
    Arc::new(Schema::new(champs))
}

/// The bytes of the table of schools: always the same for the same schools.
pub(crate) fn ecrire_ecoles(validite: Jour, ecoles: &[Ecole]) -> Result<Vec<u8>, TableErreur> {
    let schema = schema_ecoles();
    let mut colonnes = Vec::with_capacity(schema.fields().len());
    for nom in TEXTES_ECOLES {
        colonnes.push(dictionnaire(
            ecoles.iter().map(|ecole| valeur(ecole, nom)).collect(),
        )?);
    }
    let nombres: UInt32Array = ecoles.iter().map(|e| e.effectif).collect();
    colonnes.push(Arc::new(nombres) as ArrayRef);
    let degres = |lire: fn(&Position) -> f64| -> ArrayRef {
        let valeurs: Float64Array = ecoles
            .iter()
            .map(|e| e.position.as_ref().map(lire))
            .collect();
        Arc::new(valeurs)
    };
    colonnes.push(degres(|p| p.latitude));
    colonnes.push(degres(|p| p.longitude));
    octets(validite, ecoles, &RecordBatch::try_new(schema, colonnes)?)
}

/// The bytes of the table of territories.
pub(crate) fn ecrire_territoires(
    validite: Jour,
    ecoles: &[Ecole],
    territoires: &[Territoire],
) -> Result<Vec<u8>, TableErreur> {
    let mut colonnes = vec![
        dictionnaire(territoires.iter().map(|t| Some(t.niveau.code())).collect())?,
        dictionnaire(territoires.iter().map(|t| Some(t.code.as_str())).collect())?,
        dictionnaire(territoires.iter().map(|t| Some(t.nom.as_str())).collect())?,
    ];
    for &niveau in &Niveau::TOUS[1..] {
        let codes = territoires.iter().map(|territoire| {
            let lui = territoire.niveau == niveau;
            let ancetre = || territoire.ancetres.iter().find(|(n, _)| *n == niveau);
            if lui {
                Some(territoire.code.as_str())
            } else {
                ancetre().map(|(_, t)| t.code.as_str())
            }
        });
        colonnes.push(dictionnaire(codes.collect())?);
    }
    octets(
        validite,
        ecoles,
        &RecordBatch::try_new(schema_territoires(), colonnes)?,
    )
}

fn valeur<'e>(ecole: &'e Ecole, colonne: &str) -> Option<&'e str> {
    let circonscription = ecole.circonscription.as_deref();
    Some(match colonne {
        "uai" => ecole.uai.as_str(),
        "nom" => &ecole.nom,
        "type_etablissement" => &ecole.type_etablissement,
        "nature" => &ecole.nature,
        "secteur" => ecole.secteur.code(),
        "code_commune" => &ecole.commune.code,
        "commune" => &ecole.commune.nom,
        "code_departement" => &ecole.departement.code,
        "departement" => &ecole.departement.nom,
        "code_academie" => &ecole.academie.code,
        "academie" => &ecole.academie.nom,
        "code_region" => &ecole.region.code,
        "region" => &ecole.region.nom,
        "code_circonscription" => &circonscription?.code,
        "circonscription" => &circonscription?.nom,
        "education_prioritaire" => ecole.education_prioritaire.as_deref()?,
        "etat" => ecole.etat.code(),
        "ministere" => &ecole.ministere,
        _ => return None,
    })
}

fn dictionnaire(valeurs: Vec<Option<&str>>) -> Result<ArrayRef, TableErreur> {
    Ok(cast(&StringArray::from(valeurs), &texte())?)
}

fn octets(validite: Jour, ecoles: &[Ecole], lot: &RecordBatch) -> Result<Vec<u8>, TableErreur> {
    let mut departements: Vec<&str> = ecoles.iter().map(|e| e.departement.code.as_str()).collect();
    departements.sort_unstable();
    departements.dedup();
    let entrees = format!("departements={}", departements.join(","));
    let meta = [
        (META_SCHEMA, VERSION_SCHEMA.to_owned()),
        (META_ANNUAIRE, validite.to_string()),
        (META_ENTREES, entrees),
    ];
    // The directory is small and read whole: the default zstd level costs nothing here.
    let reglages = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(
            meta.into_iter()
                .map(|(cle, valeur)| KeyValue::new(cle.to_owned(), valeur))
                .collect(),
        ))
        .build();
    let mut octets = Vec::new();
    let mut ecrivain = ArrowWriter::try_new(&mut octets, lot.schema(), Some(reglages))?;
    ecrivain.write(lot)?;
    ecrivain.close()?;
    Ok(octets)
}

/// The schools of a table, sorted as they are there.
pub(crate) fn lire_ecoles(chemin: &Path) -> Result<Vec<Ecole>, TableErreur> {
    let fichier = File::open(chemin).map_err(|source| TableErreur::Fichier {
        chemin: chemin.to_owned(),
        source,
    })?;
    let parquet = |source| TableErreur::Parquet {
        chemin: chemin.to_owned(),
        source,
    };
    let lecteur = ParquetRecordBatchReaderBuilder::try_new(fichier)
        .and_then(|b| b.with_batch_size(16_384).build())
        .map_err(parquet)?;
    let mut partages = Partages::default();
    let mut ecoles = Vec::new();
    for lot in lecteur {
        let lignes = Lignes::new(&lot?, chemin, ecoles.len())?;
        for rang in 0..lignes.nombre {
            ecoles.push(lignes.ecole(rang, &mut partages)?);
        }
    }
    Ok(ecoles)
}

/// One batch of rows, its texts unpacked.
struct Lignes<'c> {
    chemin: &'c Path,
    /// Rows of the file before this batch.
    avant: usize,
    nombre: usize,
    textes: FxHashMap<&'static str, StringArray>,
    effectif: UInt32Array,
    latitude: Float64Array,
    longitude: Float64Array,
}

impl<'c> Lignes<'c> {
    fn new(lot: &RecordBatch, chemin: &'c Path, avant: usize) -> Result<Self, TableErreur> {
        let absente = |colonne| TableErreur::Valeur {
            chemin: chemin.to_owned(),
            ligne: avant,
            colonne,
        };
        let colonne = |nom| lot.column_by_name(nom).ok_or_else(|| absente(nom));
        let mut textes = FxHashMap::default();
        for nom in TEXTES_ECOLES {
            let depliee = cast(colonne(nom)?, &DataType::Utf8)?;
            textes.insert(nom, depliee.as_string::<i32>().clone());
        }
        let degres = |nom| -> Result<Float64Array, TableErreur> {
            let valeurs = colonne(nom)?.as_primitive_opt::<Float64Type>();
            valeurs.cloned().ok_or_else(|| absente(nom))
        };
        let effectif = colonne("effectif")?.as_primitive_opt::<UInt32Type>();
        Ok(Self {
            chemin,
            avant,
            nombre: lot.num_rows(),
            textes,
            effectif: effectif.cloned().ok_or_else(|| absente("effectif"))?,
            latitude: degres("latitude")?,
            longitude: degres("longitude")?,
        })
    }

    fn ecole(&self, rang: usize, partages: &mut Partages) -> Result<Ecole, TableErreur> {
        let mut territoire = |niveau, code, nom| -> Result<Arc<CodeNom>, TableErreur> {
            Ok(partages.territoire(niveau, self.texte(code, rang)?, self.texte(nom, rang)?))
        };
        Ok(Ecole {
            commune: territoire(Niveau::Commune, "code_commune", "commune")?,
            departement: territoire(Niveau::Departement, "code_departement", "departement")?,
            academie: territoire(Niveau::Academie, "code_academie", "academie")?,
            region: territoire(Niveau::Region, "code_region", "region")?,
            circonscription: match self.texte_facultatif("code_circonscription", rang) {
                None => None,
                Some(_) => Some(territoire(
                    Niveau::Circonscription,
                    "code_circonscription",
                    "circonscription",
                )?),
            },
            uai: self.lire("uai", rang, |texte| texte.parse::<Uai>().ok())?,
            nom: self.texte("nom", rang)?.to_owned(),
            type_etablissement: self.texte("type_etablissement", rang)?.to_owned(),
            nature: self.texte("nature", rang)?.to_owned(),
            secteur: self.lire("secteur", rang, Secteur::de_code)?,
            effectif: present(&self.effectif, rang).then(|| self.effectif.value(rang)),
            education_prioritaire: self
                .texte_facultatif("education_prioritaire", rang)
                .map(str::to_owned),
            position: (present(&self.latitude, rang) && present(&self.longitude, rang)).then(
                || Position {
                    latitude: self.latitude.value(rang),
                    longitude: self.longitude.value(rang),
                },
            ),
            etat: self.lire("etat", rang, Etat::de_code)?,
            ministere: self.texte("ministere", rang)?.to_owned(),
        })
    }

    fn texte_facultatif(&self, colonne: &'static str, rang: usize) -> Option<&str> {
        let valeurs = self.textes.get(colonne)?;
        present(valeurs, rang).then(|| valeurs.value(rang))
    }

    fn texte(&self, colonne: &'static str, rang: usize) -> Result<&str, TableErreur> {
        self.lire(colonne, rang, Some)
    }

    fn lire<'s, T>(
        &'s self,
        colonne: &'static str,
        rang: usize,
        lire: impl FnOnce(&'s str) -> Option<T>,
    ) -> Result<T, TableErreur> {
        self.texte_facultatif(colonne, rang)
            .and_then(lire)
            .ok_or_else(|| TableErreur::Valeur {
                chemin: self.chemin.to_owned(),
                ligne: self.avant + rang + 1,
                colonne,
            })
    }
}

fn present(colonne: &dyn Array, rang: usize) -> bool {
    colonne.is_valid(rang)
}

/// Territories already met, so that each is kept once in memory.
#[derive(Debug, Default)]
pub(crate) struct Partages(FxHashMap<(Niveau, String), Arc<CodeNom>>);

impl Partages {
    /// The shared territory of this code; the first name met is the one kept.
    pub(crate) fn territoire(&mut self, niveau: Niveau, code: &str, nom: &str) -> Arc<CodeNom> {
        let partage = self.0.entry((niveau, code.to_owned())).or_insert_with(|| {
            Arc::new(CodeNom {
                code: code.to_owned(),
                nom: nom.to_owned(),
            })
        });
        Arc::clone(partage)
    }
}
