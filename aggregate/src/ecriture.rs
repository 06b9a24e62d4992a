//! Writing the lake's Parquet files: fast, and always the same bytes for the same rows.
//!
//! Row groups are encoded by several threads, then laid one after the other. Where they end
//! depends on the rows alone, never on threads, batches or the order of arrival.

use std::fs::File;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use frequent_plan::lac::{META_SCHEMA, VERSION_SCHEMA};
use frequent_plan::somme::{EN_ATTENTE, META_SOMME, Somme};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};

use crate::erreur::Erreur;
use crate::parallele::chacune;

/// Rows after which a row group ends, at the next range of schools or at the next code. A query on
/// one code decodes one dictionary a text column: 64 Ki rows keep them to a few hundred codes,
/// while a day of the whole country still has a footer of some tens of row groups a file.
pub(crate) const LIGNES_PAR_GROUPE: usize = 65_536;
/// Rows in a page, which is the least that a query on one code reads of each column: a school's
/// year is some hundred cells, so one or two pages.
const LIGNES_PAR_PAGE: usize = 4_096;
/// Rows given to the encoder at a time; pages end on one of these boundaries.
const LIGNES_PAR_ENVOI: usize = 1_024;

/// How the tables are written: zstd level 1, which costs a third of level 3 for a few per cent more
/// bytes; dictionaries for texts; numbers bit-packed by difference, which costs less than looking
/// each up in a dictionary and less room than whole.
fn proprietes(schema: &SchemaRef, tri: &[&str]) -> WriterProperties {
    let mut proprietes = WriterProperties::builder()
        .set_created_by("frequent".to_owned())
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(None)
        .set_data_page_row_count_limit(LIGNES_PAR_PAGE)
        .set_write_batch_size(LIGNES_PAR_ENVOI)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_key_value_metadata(Some(vec![meta(META_SCHEMA, VERSION_SCHEMA)]));
    if let Some(premiere) = tri.first() {
        // Only the first sort column prunes: statistics on the others would be read for nothing.
        proprietes = proprietes
            .set_column_statistics_enabled(ColumnPath::from(*premiere), EnabledStatistics::Page);
    }
    let places = tri
        .iter()
        .filter_map(|nom| i32::try_from(schema.index_of(nom).ok()?).ok());
    let ordre = places.map(|column_idx| SortingColumn {
        column_idx,
        descending: false,
        nulls_first: false,
    });
    let ordre = ordre.collect();
    for champ in schema
        .fields()
        .iter()
        .filter(|c| c.data_type().is_integer())
    {
        let colonne = ColumnPath::from(champ.name().as_str());
        proprietes = proprietes
            .set_column_dictionary_enabled(colonne.clone(), false)
            .set_column_encoding(colonne, encodage(champ.name()));
    }
    proprietes.set_sorting_columns(Some(ordre)).build()
}

/// Pseudonyms are random: nothing packs them.
fn encodage(colonne: &str) -> Encoding {
    if colonne == "visiteur" {
        Encoding::PLAIN
    } else {
        Encoding::DELTA_BINARY_PACKED
    }
}

fn meta(cle: &str, valeur: impl Into<String>) -> KeyValue {
    KeyValue::new(cle.to_owned(), valeur.into())
}

/// A table being written under a hidden name, invisible to readers until it is published
/// ([`crate::publication`]).
pub(crate) struct Ebauche {
    ecrivain: SerializedFileWriter<Condense>,
    fabrique: ArrowRowGroupWriterFactory,
    chemin: PathBuf,
    groupe: Vec<RecordBatch>,
    lignes: usize,
}

/// Batches that make one row group.
pub(crate) type Groupe = Vec<RecordBatch>;

impl Ebauche {
    /// A new hidden file in this folder, which is made if needed; one left by a killed job is
    /// replaced.
    pub(crate) fn creer(dossier: &Path, schema: &SchemaRef, tri: &[&str]) -> Result<Self, Erreur> {
        std::fs::create_dir_all(dossier).map_err(Erreur::disque(dossier))?;
        let chemin = dossier.join(crate::publication::NOM_EBAUCHE);
        let fichier = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&chemin)
            .map_err(Erreur::disque(&chemin))?;
        let condense = Condense {
            fichier,
            condense: Sha256::new(),
        };
        let proprietes = proprietes(schema, tri);
        let (ecrivain, fabrique) =
            ArrowWriter::try_new(condense, Arc::clone(schema), Some(proprietes))
                .and_then(ArrowWriter::into_serialized_writer)
                .map_err(Erreur::parquet(&chemin))?;
        Ok(Self {
            ecrivain,
            fabrique,
            chemin,
            groupe: Vec::new(),
            lignes: 0,
        })
    }

    /// Adds rows; gives back a whole row group when they complete one.
    pub(crate) fn ajouter(&mut self, lot: RecordBatch) -> Option<Groupe> {
        self.lignes += lot.num_rows();
        self.groupe.push(lot);
        (self.lignes >= LIGNES_PAR_GROUPE).then(|| self.reste())
    }

    /// The rows that do not make a whole row group yet.
    pub(crate) fn reste(&mut self) -> Groupe {
        self.lignes = 0;
        std::mem::take(&mut self.groupe)
    }

    /// Encodes row groups, each of one of these files, on several threads, and writes them in
    /// order.
    pub(crate) fn ecrire(
        ebauches: &mut [Self],
        groupes: Vec<(usize, Groupe)>,
        fils: NonZeroUsize,
    ) -> Result<(), Erreur> {
        let fabriques: Vec<_> = ebauches.iter().map(|e| (&e.fabrique, &e.chemin)).collect();
        let encodes = chacune(fils, groupes, |(rang, groupe)| {
            let (fabrique, chemin) = fabriques[rang];
            let morceaux = encoder(fabrique, &groupe).map_err(Erreur::parquet(chemin))?;
            Ok::<_, Erreur>((rang, morceaux))
        })?;
        for (rang, morceaux) in encodes {
            let ebauche = &mut ebauches[rang];
            let poser = || -> Result<(), ParquetError> {
                let mut groupe = ebauche.ecrivain.next_row_group()?;
                for morceau in morceaux {
                    morceau.append_to_row_group(&mut groupe)?;
                }
                groupe.close()?;
                Ok(())
            };
            poser().map_err(Erreur::parquet(&ebauche.chemin))?;
        }
        Ok(())
    }

    /// A digest of the rows written so far: of every byte but the footer.
    pub(crate) fn empreinte(&mut self) -> Result<[u8; 32], Erreur> {
        self.ecrivain
            .flush()
            .map_err(Erreur::disque(&self.chemin))?;
        Ok(self.ecrivain.inner().condense.clone().finalize().into())
    }

    /// Writes the footer (as taking the file back does) with this metadata, and waits until the disk has it all.
    pub(crate) fn fermer(mut self, metas: &[(&str, String)]) -> Result<PathBuf, Erreur> {
        for (cle, valeur) in metas {
            self.ecrivain.append_key_value_metadata(meta(cle, valeur));
        }
        self.ecrivain
            .append_key_value_metadata(meta(META_SOMME, EN_ATTENTE));
        let condense = self
            .ecrivain
            .into_inner()
            .map_err(Erreur::parquet(&self.chemin))?;
        sommer(condense.fichier).map_err(Erreur::disque(&self.chemin))?;
        Ok(self.chemin)
    }
}

/// Puts the checksum of a finished file in its place, and waits until the disk has it all.
fn sommer(mut fichier: File) -> io::Result<()> {
    if let Some(somme) = Somme::de(&mut fichier)? {
        fichier.write_all_at(somme.juste.as_bytes(), somme.place)?;
    }
    fichier.sync_all()
}

fn encoder(
    fabrique: &ArrowRowGroupWriterFactory,
    groupe: &[RecordBatch],
) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    let mut colonnes = fabrique.create_column_writers(0)?;
    for lot in groupe {
        let mut suivantes = colonnes.iter_mut();
        for (champ, colonne) in lot.schema_ref().fields().iter().zip(lot.columns()) {
            for feuille in compute_leaves(champ, colonne)? {
                if let Some(ecrivain) = suivantes.next() {
                    ecrivain.write(&feuille)?;
                }
            }
        }
    }
    colonnes.into_iter().map(ArrowColumnWriter::close).collect()
}

/// A file that keeps a digest of what is written to it.
struct Condense {
    fichier: File,
    condense: Sha256,
}

impl Write for Condense {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let ecrits = self.fichier.write(octets)?;
        self.condense.update(&octets[..ecrits]);
        Ok(ecrits)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.fichier.flush()
    }
}
