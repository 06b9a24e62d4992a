//! Which schools have cells in a file: its dictionaries of codes say it, without reading any cell.

use std::sync::Arc;

use frequent_plan::Uai;
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use sha2::{Digest, Sha256};

/// The schools that have cells in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Presentes {
    /// Sorted.
    pub(super) ecoles: Arc<[Uai]>,
    /// Their digest.
    pub(super) empreinte: [u8; 32],
}

impl Presentes {
    /// Those of a file whose first column is their code.
    pub(super) fn lire<C: ChunkReader + 'static>(
        meta: &ParquetMetaData,
        contenu: &Arc<C>,
    ) -> Result<Self, ParquetError> {
        let mut ecoles = Vec::new();
        for groupe in meta.row_groups() {
            let lignes = usize::try_from(groupe.num_rows()).unwrap_or_default();
            let mut pages =
                SerializedPageReader::new(Arc::clone(contenu), groupe.column(0), lignes, None)?;
            let Some(Page::DictionaryPage { buf, .. }) = pages.get_next_page()? else {
                return Err(ParquetError::General(
                    "codes without a dictionary".to_owned(),
                ));
            };
            ecoles.extend(codes(&buf).filter_map(|code| Uai::lire(code).ok()));
        }
        ecoles.sort_unstable();
        ecoles.dedup();
        let mut condense = Sha256::new();
        for uai in &ecoles {
            condense.update(uai.octets());
        }
        Ok(Self {
            ecoles: ecoles.into(),
            empreinte: condense.finalize().into(),
        })
    }
}

/// The texts of a plain page: each one's length in four bytes, then its bytes.
fn codes(mut page: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (longueur, suite) = page.split_first_chunk::<4>()?;
        let longueur = usize::try_from(u32::from_le_bytes(*longueur)).ok()?;
        let (code, suite) = suite.split_at_checked(longueur)?;
        page = suite;
        Some(code)
    })
}
