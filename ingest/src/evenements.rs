//! Files of the table `evenements`: rows gathered in columns, and how they are written. Their names
//! are in [`crate::noms`].

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{
    ArrayRef, DictionaryArray, FixedSizeBinaryArray, Int32Array, RecordBatch, StringArray,
    TimestampMillisecondArray, UInt8Array, UInt64Array,
};
use arrow::buffer::Buffer;
use arrow::error::ArrowError;
use frequent_plan::lac::{
    META_ENTREES, META_JOURS, META_SCHEMA, VERSION_SCHEMA, schema_evenements,
};
use frequent_plan::somme::{EN_ATTENTE, META_SOMME, Somme};
use frequent_plan::{Evenement, Jour, Lac, Plan};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::durable::{nom_provisoire, publier};
use crate::noms::{Empreinte, NomFichier, jours};

/// Rows of a row group: what one thread of the count takes at a time, and about 15 MB in memory.
pub(crate) const LIGNES_PAR_GROUPE: usize = 262_144;
/// Rows given to the writer at a time.
pub(crate) const LIGNES_PAR_LOT: usize = 65_536;
/// Level 1 is within a tenth of level 3 in size here, most of the bytes being hashes that no level
/// shrinks, for half the time.
const NIVEAU_ZSTD: i32 = 1;
/// Nearly every value differs: a dictionary would be tried, then thrown away.
const SANS_DICTIONNAIRE: [&str; 4] = ["id", "ts", "visiteur", "client"];
/// Written in every file, so that the same rows give the same bytes whatever the library's version
/// string.
const AUTEUR: &str = "frequent";

/// What a file is called until its content names it.
const SANS_NOM: &str = "sans-nom-";
/// A file without a name is written in seconds: one this old was left by a killed process.
const SANS_NOM_ABANDONNE: Duration = Duration::from_hours(1);

/// How many text columns a row has.
pub(crate) const TEXTES: usize = 11;

/// One row of the table; its texts in the schema's order: uai, profil, service, type, outil,
/// appareil, os, navigateur, plateforme, projet, exploitant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ligne<'a> {
    pub(crate) id: [u8; 16],
    pub(crate) ts: i64,
    pub(crate) heure: u8,
    pub(crate) visiteur: u64,
    pub(crate) client: u64,
    pub(crate) textes: [&'a str; TEXTES],
}

impl<'a> Ligne<'a> {
    pub(crate) fn de(e: &'a Evenement<'_>, plan: &'a Plan) -> Self {
        Self {
            id: e.id.0,
            ts: e.ts.0,
            heure: e.heure,
            visiteur: e.visiteur.0,
            client: e.client.0,
            textes: [
                e.uai.as_str(),
                e.profil.code(),
                plan.code(e.service),
                e.type_service.code(),
                e.outil,
                e.appareil.code(),
                e.os.code(),
                e.navigateur.code(),
                e.plateforme,
                e.projet,
                e.exploitant,
            ],
        }
    }
}

/// A text column: one small number a row, each text once.
#[derive(Debug, Default)]
struct Textes {
    numeros: Vec<i32>,
    valeurs: Vec<Box<str>>,
    par_valeur: FxHashMap<Box<str>, i32>,
}

impl Textes {
    fn pousser(&mut self, texte: &str) -> Result<(), ArrowError> {
        // Neighbours often agree: the last number is tried first.
        let dernier = self.numeros.last().copied();
        if let Some(numero) = dernier
            && usize::try_from(numero).is_ok_and(|n| *self.valeurs[n] == *texte)
        {
            self.numeros.push(numero);
            return Ok(());
        }
        let numero = match self.par_valeur.get(texte) {
            Some(numero) => *numero,
            None => self.ajouter(texte)?,
        };
        self.numeros.push(numero);
        Ok(())
    }

    fn ajouter(&mut self, texte: &str) -> Result<i32, ArrowError> {
        let numero = i32::try_from(self.valeurs.len())
            .map_err(|_| ArrowError::DictionaryKeyOverflowError)?;
        self.valeurs.push(texte.into());
        self.par_valeur.insert(texte.into(), numero);
        Ok(numero)
    }

    fn vider(&mut self) -> Result<ArrayRef, ArrowError> {
        let numeros = Int32Array::from(std::mem::take(&mut self.numeros));
        let valeurs = StringArray::from_iter_values(self.valeurs.drain(..));
        self.par_valeur.clear();
        Ok(Arc::new(DictionaryArray::try_new(
            numeros,
            Arc::new(valeurs),
        )?))
    }
}

/// Rows of the table, by column.
#[derive(Debug, Default)]
pub(crate) struct Colonnes {
    ids: Vec<u8>,
    ts: Vec<i64>,
    heures: Vec<u8>,
    visiteurs: Vec<u64>,
    clients: Vec<u64>,
    textes: [Textes; TEXTES],
}

impl Colonnes {
    pub(crate) fn pousser(&mut self, ligne: &Ligne<'_>) -> Result<(), ArrowError> {
        for (colonne, texte) in self.textes.iter_mut().zip(ligne.textes) {
            colonne.pousser(texte)?;
        }
        self.ids.extend_from_slice(&ligne.id);
        self.ts.push(ligne.ts);
        self.heures.push(ligne.heure);
        self.visiteurs.push(ligne.visiteur);
        self.clients.push(ligne.client);
        Ok(())
    }

    pub(crate) fn lignes(&self) -> usize {
        self.ts.len()
    }

    /// The rows gathered, as a batch of the table's schema; none are left.
    pub(crate) fn vider(&mut self) -> Result<RecordBatch, ArrowError> {
        let ids = Buffer::from(std::mem::take(&mut self.ids));
        let ts = TimestampMillisecondArray::from(std::mem::take(&mut self.ts));
        let [
            uai,
            profil,
            service,
            type_,
            outil,
            appareil,
            os,
            navigateur,
            plateforme,
            projet,
            exploitant,
        ] = &mut self.textes;
        RecordBatch::try_new(
            schema_evenements(),
            vec![
                Arc::new(FixedSizeBinaryArray::try_new(16, ids, None)?),
                Arc::new(ts.with_timezone("UTC")),
                Arc::new(UInt8Array::from(std::mem::take(&mut self.heures))),
                uai.vider()?,
                profil.vider()?,
                Arc::new(UInt64Array::from(std::mem::take(&mut self.visiteurs))),
                Arc::new(UInt64Array::from(std::mem::take(&mut self.clients))),
                service.vider()?,
                type_.vider()?,
                outil.vider()?,
                appareil.vider()?,
                os.vider()?,
                navigateur.vider()?,
                plateforme.vider()?,
                projet.vider()?,
                exploitant.vider()?,
            ],
        )
    }
}

/// Why a file of events could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FichierErreur {
    /// The disk refused.
    #[error("{chemin} : {source}")]
    Disque {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The file is not the Parquet that is expected, or could not be made.
    #[error("{chemin} : {source}")]
    Parquet {
        /// The file.
        chemin: PathBuf,
        /// What the library answered.
        source: ParquetError,
    },
}

impl FichierErreur {
    pub(crate) fn disque(chemin: &Path) -> impl FnOnce(io::Error) -> Self {
        let chemin = chemin.to_owned();
        move |source| Self::Disque { chemin, source }
    }

    pub(crate) fn parquet<E: Into<ParquetError>>(chemin: &Path) -> impl FnOnce(E) -> Self {
        let chemin = chemin.to_owned();
        move |source| Self::Parquet {
            chemin,
            source: source.into(),
        }
    }
}

/// A file of events being written under a hidden name; it takes its own when complete and durable.
pub(crate) struct Redaction {
    definitif: PathBuf,
    provisoire: PathBuf,
    parquet: ArrowWriter<File>,
}

impl Redaction {
    /// Begins the file of a day; `entrees` says in its metadata what it is made from.
    pub(crate) fn ouvrir(
        definitif: &Path,
        jour: Jour,
        entrees: String,
    ) -> Result<Self, FichierErreur> {
        let provisoire = nom_provisoire(definitif);
        let fichier = File::create(&provisoire).map_err(FichierErreur::disque(&provisoire))?;
        let reglages = reglages(vec![
            KeyValue::new(META_SCHEMA.to_owned(), VERSION_SCHEMA.to_owned()),
            KeyValue::new(META_ENTREES.to_owned(), entrees),
            KeyValue::new(META_JOURS.to_owned(), jour.to_string()),
        ])
        .map_err(FichierErreur::parquet(definitif))?;
        let parquet = ArrowWriter::try_new(fichier, schema_evenements(), Some(reglages))
            .map_err(FichierErreur::parquet(definitif))?;
        Ok(Self {
            definitif: definitif.to_owned(),
            provisoire,
            parquet,
        })
    }

    pub(crate) fn ecrire(&mut self, colonnes: &mut Colonnes) -> Result<(), FichierErreur> {
        let lot = colonnes
            .vider()
            .map_err(FichierErreur::parquet(&self.definitif))?;
        self.ecrire_lot(&lot)
    }

    /// Adds rows as they were read from another file of the table.
    pub(crate) fn ecrire_lot(&mut self, lot: &RecordBatch) -> Result<(), FichierErreur> {
        self.parquet
            .write(lot)
            .map_err(FichierErreur::parquet(&self.definitif))
    }

    /// Adds to the file's metadata.
    pub(crate) fn noter(&mut self, cle: &str, valeur: String) {
        self.parquet
            .append_key_value_metadata(KeyValue::new(cle.to_owned(), valeur));
    }

    /// Begins a file that only its content will name.
    pub(crate) fn sans_nom(
        dossier: &Path,
        jour: Jour,
        entrees: String,
    ) -> Result<Self, FichierErreur> {
        let mut alea = [0; 8];
        getrandom::fill(&mut alea)
            .map_err(|e| FichierErreur::disque(dossier)(io::Error::other(e.to_string())))?;
        let alea = u64::from_le_bytes(alea);
        Self::ouvrir(
            &dossier.join(format!("{SANS_NOM}{alea:016x}")),
            jour,
            entrees,
        )
    }

    /// Ends the file and names it by a digest of its bytes, durably.
    pub(crate) fn publier_par_contenu(mut self) -> Result<(), FichierErreur> {
        self.finir()?;
        let octets = fs::read(&self.provisoire).map_err(FichierErreur::disque(&self.provisoire))?;
        let empreinte = Empreinte::de_condense(&Sha256::digest(&octets).into());
        let nom = NomFichier::apporte(empreinte).to_string();
        let definitif = self.definitif.with_file_name(nom);
        publier(&self.provisoire, &definitif).map_err(FichierErreur::disque(&definitif))
    }

    /// Ends the file and gives it its name, durably.
    pub(crate) fn publier(mut self) -> Result<(), FichierErreur> {
        self.finir()?;
        publier(&self.provisoire, &self.definitif).map_err(FichierErreur::disque(&self.definitif))
    }

    /// Ends the file under its hidden name, and gives that.
    pub(crate) fn terminer(mut self) -> Result<PathBuf, FichierErreur> {
        self.finir()?;
        Ok(self.provisoire)
    }

    /// Writes the last rows and the footer, then the checksum in its place.
    fn finir(&mut self) -> Result<(), FichierErreur> {
        self.noter(META_SOMME, EN_ATTENTE.to_owned());
        self.parquet
            .finish()
            .map_err(FichierErreur::parquet(&self.provisoire))?;
        sommer(&self.provisoire).map_err(FichierErreur::disque(&self.provisoire))
    }
}

fn sommer(chemin: &Path) -> io::Result<()> {
    let mut fichier = File::options().read(true).write(true).open(chemin)?;
    match Somme::de(&mut fichier)? {
        Some(somme) => fichier.write_all_at(somme.juste.as_bytes(), somme.place),
        None => Ok(()),
    }
}

fn reglages(metadonnees: Vec<KeyValue>) -> Result<WriterProperties, ParquetError> {
    let mut reglages = WriterProperties::builder()
        .set_created_by(AUTEUR.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(NIVEAU_ZSTD)?))
        .set_max_row_group_row_count(Some(LIGNES_PAR_GROUPE))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_encoding(ColumnPath::from("ts"), Encoding::DELTA_BINARY_PACKED)
        .set_key_value_metadata(Some(metadonnees));
    for colonne in SANS_DICTIONNAIRE {
        reglages = reglages.set_column_dictionary_enabled(ColumnPath::from(colonne), false);
    }
    Ok(reglages.build())
}

/// Removes the unfinished, unnamed files that killed processes left. One taken from a process that
/// still writes it would only make that process begin again.
pub(crate) fn balayer_provisoires(lac: &Lac) -> Result<(), FichierErreur> {
    let table = lac.evenements();
    for jour in jours(lac).map_err(FichierErreur::disque(&table))? {
        let dossier = lac.evenements_du(jour);
        balayer(&dossier).map_err(FichierErreur::disque(&dossier))?;
    }
    Ok(())
}

fn balayer(dossier: &Path) -> io::Result<()> {
    let debut = format!(".{SANS_NOM}");
    for entree in fs::read_dir(dossier)? {
        let entree = entree?;
        if !entree.file_name().to_string_lossy().starts_with(&debut) {
            continue;
        }
        let modifie = entree.metadata().and_then(|m| m.modified())?;
        if modifie.elapsed().is_ok_and(|age| age > SANS_NOM_ABANDONNE) {
            fs::remove_file(entree.path())?;
        }
    }
    Ok(())
}
