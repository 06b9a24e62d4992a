//! One Parquet file of cells: where its codes are, and reading only the pages that hold them.
//!
//! Cells are sorted by code and each page's first and last codes are in the file's index, so the
//! cells of one territory are in one or two pages of each column, whatever the size of the file.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::array::{Array, AsArray, DictionaryArray, Int64Array, RecordBatch, StringArray};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{Int32Type, Int64Type};
use frequent_aggregate::Contenu;
use frequent_plan::lac::{META_ANNUAIRE, META_JOURS};
use frequent_plan::{Axe, Instant, Jour};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use super::LectureErreur;
use super::cellule::{Cellule, Codes, Filtre, Mesures, ProfilCellule};
use super::presentes::Presentes;
use super::sommaire::{Noms, Sommaire};

/// The columns that totals are read from.
const COLONNES_TOTAUX: [&str; 7] = [
    "code",
    "profil",
    "axe",
    "visites",
    "utilisateurs",
    "duree_ms",
    "evenements",
];
const MEMBRE: &str = "membre";
/// Rows decoded at a time.
const LIGNES_PAR_LOT: usize = 65_536;
/// Beyond one page in so many, all the totals are decoded and kept.
const PART_LUE: usize = 4;

fn ouvrir(chemin: &Path) -> Result<Contenu, LectureErreur> {
    Contenu::ouvrir(chemin).map_err(LectureErreur::disque(chemin))
}

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// First day counted in it.
    pub premier_jour: Option<Jour>,
    /// Last day counted in it.
    pub dernier_jour: Option<Jour>,
    /// Date of validity of the directory that gave its territories.
    pub annuaire: Option<Jour>,
    /// When it was written.
    pub calcule_le: Instant,
}

/// How much of the files was read, to see that the rest was not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Releve {
    /// Files opened.
    pub fichiers: usize,
    /// Pages of the column `code` in them.
    pub pages: usize,
    /// Those that were read.
    pub pages_lues: usize,
    /// Rows decoded.
    pub lignes_lues: usize,
}

impl std::ops::AddAssign for Releve {
    fn add_assign(&mut self, autre: Self) {
        self.fichiers += autre.fichiers;
        self.pages += autre.pages;
        self.pages_lues += autre.pages_lues;
        self.lignes_lues += autre.lignes_lues;
    }
}

/// The first and last codes of a page.
type Bornes = (Box<[u8]>, Box<[u8]>);

/// A span of rows of one page of the column `code`, and the codes it lies between. Without an
/// index, a whole row group, which must always be read.
#[derive(Debug)]
struct Page {
    lignes: std::ops::Range<usize>,
    bornes: Option<Bornes>,
}

/// What is kept in memory of a file.
#[derive(Debug)]
pub(super) struct Fichier {
    pub(super) chemin: PathBuf,
    meta: ArrowReaderMetadata,
    groupes: Vec<Vec<Page>>,
    presentes: OnceLock<Presentes>,
    pub(super) source: Source,
}

impl Fichier {
    pub(super) fn ouvrir(chemin: &Path) -> Result<Self, LectureErreur> {
        let contenu = ouvrir(chemin)?;
        let parquet = LectureErreur::parquet(chemin);
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let lue = ArrowReaderMetadata::load(&contenu, options.clone()).map_err(parquet)?;
        let groupes = pages(lue.metadata());
        // The index of the values has been taken out: only the places of the pages stay.
        let allegee = ParquetMetaData::clone(lue.metadata())
            .into_builder()
            .set_column_index(None)
            .build();
        let source =
            Source::lire(&allegee, contenu.fichier()).map_err(LectureErreur::disque(chemin))?;
        let meta = ArrowReaderMetadata::try_new(Arc::new(allegee), options)
            .map_err(LectureErreur::parquet(chemin))?;
        Ok(Self {
            chemin: chemin.to_owned(),
            meta,
            groupes,
            presentes: OnceLock::new(),
            source,
        })
    }

    /// The schools that have cells in it, when it is one of schools.
    pub(super) fn presentes(&self) -> Result<Presentes, LectureErreur> {
        if let Some(presentes) = self.presentes.get() {
            return Ok(presentes.clone());
        }
        let contenu = Arc::new(ouvrir(&self.chemin)?);
        let presentes = Presentes::lire(self.meta.metadata(), &contenu)
            .map_err(LectureErreur::parquet(&self.chemin))?;
        Ok(self.presentes.get_or_init(|| presentes).clone())
    }

    /// Bytes of memory it takes, about.
    pub(super) fn poids(&self) -> u64 {
        let pages: usize = self.groupes.iter().map(Vec::len).sum();
        (self.meta.metadata().memory_size() + pages * 96) as u64
    }

    /// Adds the wanted cells to the list.
    pub(super) fn lire(
        &self,
        filtre: &Filtre,
        cellules: &mut Vec<Cellule>,
    ) -> Result<Releve, LectureErreur> {
        let mut releve = self.releve(false);
        let mut contenu = None;
        for (rang, pages) in self.groupes.iter().enumerate() {
            let plages: Vec<_> = pages
                .iter()
                .filter(|page| page.peut_contenir(&filtre.codes))
                .map(|page| page.lignes.clone())
                .collect();
            if plages.is_empty() {
                continue;
            }
            let contenu = match &contenu {
                Some(ouvert) => ouvert,
                None => contenu.insert(ouvrir(&self.chemin)?),
            };
            releve.pages_lues += plages.len();
            releve.lignes_lues += plages.iter().map(ExactSizeIterator::len).sum::<usize>();
            self.lire_groupe(rang, plages, contenu, filtre, cellules)?;
        }
        Ok(releve)
    }

    /// Whether reading these territories reads a good part of the file.
    pub(super) fn beaucoup(&self, codes: &Codes) -> bool {
        let toutes: usize = self.groupes.iter().map(Vec::len).sum();
        let pages = self.groupes.iter().flatten();
        pages.filter(|page| page.peut_contenir(codes)).count() * PART_LUE > toutes
    }

    /// What reading none of it, or all, comes to.
    pub(super) fn releve(&self, entier: bool) -> Releve {
        let pages = self.groupes.iter().map(Vec::len).sum();
        let lignes = self.groupes.iter().flatten().map(|page| page.lignes.len());
        Releve {
            fichiers: 1,
            pages,
            pages_lues: if entier { pages } else { 0 },
            lignes_lues: if entier { lignes.sum() } else { 0 },
        }
    }

    /// Every total of the file.
    pub(super) fn sommaire(&self, noms: &Noms) -> Result<Sommaire, LectureErreur> {
        let contenu = ouvrir(&self.chemin)?;
        let parquet = || LectureErreur::parquet(&self.chemin);
        let lecture =
            ParquetRecordBatchReaderBuilder::new_with_metadata(contenu, self.meta.clone());
        let colonnes = ProjectionMask::columns(lecture.parquet_schema(), COLONNES_TOTAUX);
        let lots = lecture
            .with_projection(colonnes)
            .with_batch_size(LIGNES_PAR_LOT)
            .build()
            .map_err(parquet())?;
        let mut sommaire = Sommaire::default();
        for lot in lots {
            let lot = lot.map_err(|e| parquet()(e.into()))?;
            Lot::de(&lot, &self.chemin)?.totaliser(noms, &mut sommaire);
        }
        Ok(sommaire.serrer())
    }

    fn lire_groupe(
        &self,
        rang: usize,
        plages: Vec<std::ops::Range<usize>>,
        contenu: &Contenu,
        filtre: &Filtre,
        cellules: &mut Vec<Cellule>,
    ) -> Result<(), LectureErreur> {
        let total = self.meta.metadata().row_group(rang).num_rows();
        let total = usize::try_from(total).unwrap_or_default();
        let lignes = plages.iter().map(ExactSizeIterator::len).sum();
        let selection = RowSelection::from_consecutive_ranges(plages.into_iter(), total);
        let lots =
            ParquetRecordBatchReaderBuilder::new_with_metadata(contenu.clone(), self.meta.clone())
                .with_row_groups(vec![rang])
                .with_row_selection(selection)
                .with_batch_size(lignes)
                .build()
                .map_err(LectureErreur::parquet(&self.chemin))?;
        for lot in lots {
            let lot = lot.map_err(|e| LectureErreur::parquet(&self.chemin)(e.into()))?;
            let membre = Texte::de(&lot, MEMBRE)
                .ok_or_else(|| LectureErreur::colonne(&self.chemin, MEMBRE))?;
            Lot::de(&lot, &self.chemin)?.choisir(filtre, &membre, cellules);
        }
        Ok(())
    }
}

impl Page {
    fn peut_contenir(&self, codes: &Codes) -> bool {
        self.bornes
            .as_ref()
            .is_none_or(|(min, max)| codes.touche(min, max))
    }
}

/// The pages of the column `code` (the first) of each row group.
fn pages(meta: &ParquetMetaData) -> Vec<Vec<Page>> {
    let groupes = meta.row_groups().iter().enumerate();
    groupes
        .map(|(rang, groupe)| {
            let total = usize::try_from(groupe.num_rows()).unwrap_or_default();
            pages_indexees(meta, rang, total).unwrap_or_else(|| {
                vec![Page {
                    lignes: 0..total,
                    bornes: None,
                }]
            })
        })
        .collect()
}

fn pages_indexees(meta: &ParquetMetaData, groupe: usize, total: usize) -> Option<Vec<Page>> {
    let places = meta.offset_index()?.get(groupe)?.first()?.page_locations();
    let ColumnIndexMetaData::BYTE_ARRAY(codes) = meta.column_index()?.get(groupe)?.first()? else {
        return None;
    };
    let debut = |rang: usize| -> Option<usize> {
        places.get(rang).map_or(Some(total), |place| {
            usize::try_from(place.first_row_index).ok()
        })
    };
    (0..places.len())
        .map(|rang| {
            Some(Page {
                lignes: debut(rang)?..debut(rang + 1)?,
                bornes: codes
                    .min_value(rang)
                    .zip(codes.max_value(rang))
                    .map(|(min, max)| (min.into(), max.into())),
            })
        })
        .collect()
}

impl Source {
    fn lire(meta: &ParquetMetaData, fichier: &File) -> io::Result<Self> {
        let paires = meta.file_metadata().key_value_metadata();
        let valeur = |cle: &str| {
            paires?
                .iter()
                .find(|paire| paire.key == cle)?
                .value
                .as_deref()
        };
        let jours = valeur(META_JOURS).unwrap_or_default().split(',');
        let jours: Vec<Jour> = jours.filter_map(|jour| jour.parse().ok()).collect();
        let ecrit =
            jiff::Timestamp::try_from(fichier.metadata()?.modified()?).map_err(io::Error::other)?;
        Ok(Self {
            premier_jour: jours.iter().min().copied(),
            dernier_jour: jours.iter().max().copied(),
            annuaire: valeur(META_ANNUAIRE).and_then(|v| v.parse().ok()),
            calcule_le: Instant::de_timestamp(ecrit),
        })
    }
}

/// The columns of a batch.
struct Lot<'a> {
    code: Texte<'a>,
    profil: Texte<'a>,
    axe: Texte<'a>,
    visites: &'a Int64Array,
    utilisateurs: &'a Int64Array,
    duree_ms: &'a Int64Array,
    evenements: &'a Int64Array,
}

/// A dictionary column: the rank of each row's value, and the values.
pub(crate) struct Texte<'a> {
    rangs: &'a ScalarBuffer<i32>,
    valeurs: &'a StringArray,
}

impl<'a> Lot<'a> {
    fn de(lot: &'a RecordBatch, chemin: &Path) -> Result<Self, LectureErreur> {
        let texte = |nom| Texte::de(lot, nom).ok_or_else(|| LectureErreur::colonne(chemin, nom));
        let entier = |nom| {
            lot.column_by_name(nom)
                .and_then(|c| c.as_primitive_opt::<Int64Type>())
                .ok_or_else(|| LectureErreur::colonne(chemin, nom))
        };
        Ok(Self {
            code: texte("code")?,
            profil: texte("profil")?,
            axe: texte("axe")?,
            visites: entier("visites")?,
            utilisateurs: entier("utilisateurs")?,
            duree_ms: entier("duree_ms")?,
            evenements: entier("evenements")?,
        })
    }

    /// Adds the rows that the filter wants. Each dictionary is looked at once, then rows compare
    /// ranks only.
    fn choisir(&self, filtre: &Filtre, membre: &Texte<'_>, cellules: &mut Vec<Cellule>) {
        let codes = self
            .code
            .retenus(|code| filtre.codes.contient(code).then(|| Arc::<str>::from(code)));
        let axes = self
            .axe
            .retenus(|axe| Axe::de_code(axe).filter(|axe| filtre.axes.contains(axe)));
        let profils = self.profil.retenus(|profil| {
            ProfilCellule::de_code(profil).filter(|p| filtre.profil.is_none_or(|voulu| voulu == *p))
        });
        let membres = membre.retenus(|membre| {
            let voulu = filtre.membre.as_ref().is_none_or(|voulu| voulu == membre);
            voulu.then(|| Arc::<str>::from(membre))
        });
        for ligne in 0..self.visites.len() {
            let Some(axe) = self.axe.a(ligne, &axes) else {
                continue;
            };
            let cles = (
                self.code.a(ligne, &codes),
                self.profil.a(ligne, &profils),
                membre.a(ligne, &membres),
            );
            if let (Some(code), Some(profil), Some(membre)) = cles {
                cellules.push(Cellule {
                    code: Arc::clone(code),
                    profil: *profil,
                    axe: Axe::clone(axe),
                    membre: Arc::clone(membre),
                    mesures: self.mesures(ligne),
                });
            }
        }
    }

    /// Adds the rows of the axis `total`.
    fn totaliser(&self, noms: &Noms, sommaire: &mut Sommaire) {
        let total = self
            .axe
            .retenus(|axe| (Axe::de_code(axe) == Some(Axe::Total)).then_some(()));
        let profils = self.profil.retenus(ProfilCellule::de_code);
        let mut courant: Option<(i32, Arc<str>)> = None;
        for ligne in 0..self.visites.len() {
            if self.axe.a(ligne, &total).is_none() {
                continue;
            }
            let Some(profil) = self.profil.a(ligne, &profils) else {
                continue;
            };
            let rang = self.code.rang(ligne);
            let code = match &courant {
                Some((connu, code)) if *connu == rang => code,
                _ => {
                    &courant
                        .insert((rang, noms.partager(self.code.valeur(ligne))))
                        .1
                }
            };
            sommaire.ajouter(code, (*profil, self.mesures(ligne)));
        }
    }

    fn mesures(&self, ligne: usize) -> Mesures {
        Mesures {
            visites: self.visites.value(ligne),
            utilisateurs: self.utilisateurs.value(ligne),
            duree_ms: self.duree_ms.value(ligne),
            evenements: self.evenements.value(ligne),
        }
    }
}

impl<'a> Texte<'a> {
    /// The column of this name, if it is one of texts.
    pub(crate) fn de(lot: &'a RecordBatch, nom: &str) -> Option<Self> {
        let colonne = lot.column_by_name(nom)?;
        let dictionnaire: &DictionaryArray<Int32Type> = colonne.as_dictionary_opt()?;
        Some(Self {
            rangs: dictionnaire.keys().values(),
            valeurs: dictionnaire.values().as_string_opt()?,
        })
    }

    /// What is chosen of each value, by its rank.
    pub(crate) fn retenus<T>(&self, choisir: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
        self.valeurs.iter().map(|v| choisir(v?)).collect()
    }

    /// The rank of a row's value.
    pub(crate) fn rang(&self, ligne: usize) -> i32 {
        self.rangs[ligne]
    }

    /// A row's value; empty when there is none.
    pub(crate) fn valeur(&self, ligne: usize) -> &'a str {
        let rang = usize::try_from(self.rangs[ligne]).ok();
        let connu = rang.filter(|rang| *rang < self.valeurs.len());
        connu.map_or("", |rang| self.valeurs.value(rang))
    }

    /// What was chosen of a row's value.
    pub(crate) fn a<'r, T>(&self, ligne: usize, retenus: &'r [Option<T>]) -> Option<&'r T> {
        let rang = usize::try_from(self.rangs[ligne]).ok()?;
        retenus.get(rang)?.as_ref()
    }
}
