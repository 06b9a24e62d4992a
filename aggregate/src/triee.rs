//! Reading a sorted table of the lake where it matters: only the pages whose first sort column may
//! hold what is asked.

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use frequent_plan::lac::META_SCHEMA;
use frequent_plan::somme::META_SOMME;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
    RowSelector,
};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, ProjectionMask};
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use crate::contenu::Contenu;
use crate::erreur::Erreur;
use crate::publication::fichier_courant;

/// Rows decoded at a time.
const LIGNES_PAR_LOT: usize = 8_192;

/// Times a folder is listed again when its file was replaced before it was opened.
const REPRISES: usize = 5;

/// A file whose first column is a text that rows are sorted by.
#[derive(Debug)]
pub(crate) struct TableTriee {
    chemin: PathBuf,
    contenu: Contenu,
    meta: ArrowReaderMetadata,
}

/// Some consecutive rows of a row group, and the least and greatest text of their first column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub groupe: usize,
    pub lignes: usize,
    pub min: Vec<u8>,
    pub max: Vec<u8>,
}

impl TableTriee {
    /// Opens a file and reads its footer; the file stays readable after it was replaced.
    pub(crate) fn ouvrir(chemin: &Path) -> Result<Self, Erreur> {
        let contenu = Contenu::ouvrir(chemin).map_err(Erreur::disque(chemin))?;
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let meta = ArrowReaderMetadata::load(&contenu, options).map_err(Erreur::parquet(chemin))?;
        Ok(Self {
            chemin: chemin.to_owned(),
            contenu,
            meta,
        })
    }

    /// Opens the current file of a folder of the lake, if it has one; again if it was replaced
    /// between the listing and the opening.
    pub(crate) fn courante(dossier: &Path) -> Result<Option<Self>, Erreur> {
        let mut reprises = 0..REPRISES;
        loop {
            let courant = fichier_courant(dossier).map_err(Erreur::disque(dossier))?;
            match courant.map(|chemin| Self::ouvrir(&chemin)).transpose() {
                Err(erreur) if erreur.est_disparition() && reprises.next().is_some() => {}
                ouverte => return ouverte,
            }
        }
    }

    /// Where it was when it was opened.
    pub(crate) fn chemin(&self) -> &Path {
        &self.chemin
    }

    /// What its metadata say, but what describes the file itself.
    pub(crate) fn metas(&self) -> Vec<(&str, String)> {
        let metas = self.meta.metadata().file_metadata().key_value_metadata();
        let propres = [META_SCHEMA, META_SOMME, ARROW_SCHEMA_META_KEY];
        metas
            .into_iter()
            .flatten()
            .filter(|meta| !propres.contains(&meta.key.as_str()))
            .map(|meta| (meta.key.as_str(), meta.value.clone().unwrap_or_default()))
            .collect()
    }

    /// Its pages, in order. A row group without page index is one page that may hold anything.
    pub(crate) fn pages(&self) -> Vec<Page> {
        let meta = self.meta.metadata();
        let mut pages = Vec::new();
        for (groupe, description) in meta.row_groups().iter().enumerate() {
            let lignes = usize::try_from(description.num_rows()).unwrap_or_default();
            let bornes = meta.column_index().and_then(|i| i.get(groupe)?.first());
            let places = meta.offset_index().and_then(|i| i.get(groupe)?.first());
            let (Some(ColumnIndexMetaData::BYTE_ARRAY(bornes)), Some(places)) = (bornes, places)
            else {
                let (min, max) = (Vec::new(), vec![u8::MAX; 8]);
                pages.push(Page {
                    groupe,
                    lignes,
                    min,
                    max,
                });
                continue;
            };
            let debut = |page: usize| {
                let place = places.page_locations().get(page);
                place.map_or(lignes, |p| {
                    usize::try_from(p.first_row_index).unwrap_or_default()
                })
            };
            pages.extend((0..places.page_locations().len()).map(|page| Page {
                groupe,
                lignes: debut(page + 1) - debut(page),
                min: bornes.min_value(page).unwrap_or_default().to_vec(),
                max: bornes.max_value(page).unwrap_or_default().to_vec(),
            }));
        }
        pages
    }

    /// Reads the pages that `retenir` keeps, as batches of these columns: more rows than asked may
    /// come, those that share their pages.
    pub(crate) fn lire(
        &self,
        colonnes: &[&str],
        retenir: impl Fn(&Page) -> bool,
        mut prendre: impl FnMut(&RecordBatch) -> Result<(), Erreur>,
    ) -> Result<(), Erreur> {
        let pages = self.pages();
        // One row group at a time: a batch across two would have to rebuild its dictionaries.
        for du_groupe in pages.chunk_by(|a, b| a.groupe == b.groupe) {
            if !du_groupe.iter().any(&retenir) {
                continue;
            }
            let selection = du_groupe.iter().map(|page| {
                if retenir(page) {
                    RowSelector::select(page.lignes)
                } else {
                    RowSelector::skip(page.lignes)
                }
            });
            let contenu = self.contenu.clone();
            let masque =
                ProjectionMask::columns(self.meta.parquet_schema(), colonnes.iter().copied());
            let lots =
                ParquetRecordBatchReaderBuilder::new_with_metadata(contenu, self.meta.clone())
                    .with_row_groups(vec![du_groupe[0].groupe])
                    .with_projection(masque)
                    .with_row_selection(selection.collect::<RowSelection>())
                    .with_batch_size(LIGNES_PAR_LOT)
                    .build()
                    .map_err(Erreur::parquet(&self.chemin))?;
            for lot in lots {
                prendre(&lot.map_err(|e| Erreur::parquet(&self.chemin)(e.into()))?)?;
            }
        }
        Ok(())
    }
}
