//! Reading a day's raw events, landed or compacted, into rows of small numbers.
//!
//! Each text column comes as codes into a dictionary; a dictionary is turned into our own small
//! numbers once, then a row costs an array access a column. Rows go straight to the bucket of
//! their school's range, so that counting later works on a few thousand rows at a time, in cache.

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{TimestampMillisecondType, UInt8Type, UInt64Type};
use frequent_plan::{Appareil, Jour, Navigateur, Os, Plan, Profil, TypeService, Uai};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use crate::erreur::Erreur;
use crate::etiquettes::{Etiquettes, Outil};
use crate::integrite::verifier_somme;
use crate::ligne::{Codes, Ligne};
use crate::lot::{Dictionnaire, INCONNU, Lot, Texte};
use crate::parallele::partager;
use crate::presence::NumeroUai;
use crate::seaux::{Recolte, Seaux};

/// Numbers of schools in a range: with 64, a range has some tens of schools and its rows of a busy
/// day sort within a core's cache; ranges do not depend on the directory nor on the day.
pub(crate) const ECOLES_PAR_TRANCHE: u32 = 64;
/// Buckets of identifiers: a few thousand identifiers each at 5 M events, so that the table that
/// finds repeated ones stays in the nearest cache.
pub(crate) const SEAUX_IDS: usize = 1_024;
/// Rows decoded at a time: large enough to amortise each call, small enough that the dozen
/// columns of a batch stay in cache.
const LIGNES_PAR_LOT: usize = 8_192;

const MS_PAR_JOUR: i64 = 86_400_000;

/// The columns that counting needs, in the order of [`Colonnes`].
const COLONNES: [&str; 13] = [
    "id",
    "ts",
    "heure",
    "uai",
    "profil",
    "visiteur",
    "client",
    "service",
    "type",
    "outil",
    "appareil",
    "os",
    "navigateur",
];

/// The instant that a day's rows count milliseconds from: no time zone is a whole day away from
/// UTC, so every instant of the day is in the 72 hours that follow.
pub(crate) fn origine(jour: Jour) -> i64 {
    (i64::from(jour.epoque()) - 1) * MS_PAR_JOUR
}

/// A file of events and its size in bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FichierEvenements {
    pub chemin: PathBuf,
    pub octets: u64,
}

/// What is needed to read a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lecteur<'a> {
    pub jour: Jour,
    pub plan: &'a Plan,
    pub etiquettes: &'a Etiquettes,
    pub fils: NonZeroUsize,
    /// Rows that may stay in memory, all threads together.
    pub lignes_en_memoire: usize,
    /// Where the others go.
    pub debordement: &'a Path,
}

/// A day's events as read, repeated ones included.
#[derive(Debug)]
pub(crate) struct Lues {
    /// Rows by range of schools.
    pub lignes: Recolte<Ligne>,
    /// Condensed identifiers ([`condense`]) by their own first bits.
    pub ids: Recolte<u64>,
}

/// 64 bits that two events of one id share; two ids share them once in 10^19.
pub(crate) fn condense(id: [u64; 2]) -> u64 {
    // Odd constants from the digits of pi (as in rustc-hash): ids are hashes already, this only
    // guards against ids that differ in one half.
    (id[0] ^ id[1].rotate_left(32)).wrapping_mul(0xf135_7aea_2e62_a9c5)
}

/// The bucket of a condensed identifier: its first bits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "below the number of buckets"
)]
fn seau_id(condense: u64) -> usize {
    (condense >> (64 - SEAUX_IDS.trailing_zeros())) as usize
}

struct Part {
    lignes: Seaux<Ligne>,
    ids: Seaux<u64>,
}

impl Lecteur<'_> {
    /// Reads every event of these files.
    pub(crate) fn lire(&self, fichiers: &[FichierEvenements]) -> Result<Lues, Erreur> {
        let taches = self.taches(fichiers)?;
        let limite = (self.lignes_en_memoire / self.fils.get()).max(1);
        let parts = partager(
            self.fils,
            taches,
            || Part {
                lignes: Seaux::new(self.debordement, limite),
                // An identifier takes a sixth of a row: it is set aside half as soon.
                ids: Seaux::new(self.debordement, limite.saturating_mul(2)),
            },
            |part, _, (chemin, meta, groupe)| self.lire_groupe(part, &chemin, meta, groupe),
        )?;
        let (lignes, ids) = parts.into_iter().map(|p| (p.lignes, p.ids)).unzip();
        Ok(Lues {
            lignes: Recolte::new(lignes),
            ids: Recolte::new(ids),
        })
    }

    /// One task a row group: a compacted day is one file, a landed one has thousands.
    fn taches(
        &self,
        fichiers: &[FichierEvenements],
    ) -> Result<Vec<(Arc<Path>, ArrowReaderMetadata, usize)>, Erreur> {
        let fichiers: Vec<Arc<Path>> = fichiers
            .iter()
            .map(|f| Arc::from(f.chemin.as_path()))
            .collect();
        let ouverts = crate::parallele::chacune(self.fils, fichiers, |chemin| {
            let mut fichier = File::open(&chemin).map_err(Erreur::disque(&chemin))?;
            verifier_somme(&chemin, &mut fichier)?;
            let meta = ArrowReaderMetadata::load(&fichier, ArrowReaderOptions::new())
                .map_err(Erreur::parquet(&chemin))?;
            Ok::<_, Erreur>((chemin, meta))
        })?;
        Ok(ouverts
            .into_iter()
            .flat_map(|(chemin, meta)| {
                let groupes = 0..meta.metadata().num_row_groups();
                groupes.map(move |g| (Arc::clone(&chemin), meta.clone(), g))
            })
            .collect())
    }

    fn lire_groupe(
        &self,
        part: &mut Part,
        chemin: &Path,
        meta: ArrowReaderMetadata,
        groupe: usize,
    ) -> Result<(), Erreur> {
        let fichier = File::open(chemin).map_err(Erreur::disque(chemin))?;
        let masque = ProjectionMask::columns(meta.parquet_schema(), COLONNES);
        let lots = ParquetRecordBatchReaderBuilder::new_with_metadata(fichier, meta)
            .with_row_groups(vec![groupe])
            .with_projection(masque)
            .with_batch_size(LIGNES_PAR_LOT)
            .build()
            .map_err(Erreur::parquet(chemin))?;
        let mut dictionnaires = Dictionnaires::default();
        for lignes in lots {
            let lignes = &lignes.map_err(|e| Erreur::parquet(chemin)(e.into()))?;
            self.lire_lot(part, &Lot { chemin, lignes }, &mut dictionnaires)?;
        }
        Ok(())
    }

    fn lire_lot(
        &self,
        part: &mut Part,
        lot: &Lot<'_>,
        dictionnaires: &mut Dictionnaires,
    ) -> Result<(), Erreur> {
        let ids = lot.ids()?;
        let ts = lot.nombres::<TimestampMillisecondType>("ts")?;
        let heures = lot.nombres::<UInt8Type>("heure")?;
        let visiteurs = lot.nombres::<UInt64Type>("visiteur")?;
        let clients = lot.nombres::<UInt64Type>("client")?;
        let uai = lot.textes("uai", &mut dictionnaires.uai, |t| {
            Some(NumeroUai::from(Uai::lire(t.as_bytes()).ok()?).0)
        })?;
        let outils = lot.textes("outil", &mut dictionnaires.outil, |t| {
            Some(self.etiquettes.outil(t).0)
        })?;
        let codes = self.codes(lot, &mut dictionnaires.codes)?;

        let origine = origine(self.jour);
        for rang in 0..lot.lignes.num_rows() {
            let (uai, heure) = (uai.de(rang), heures[rang]);
            let codes = codes.iter().fold(0, |c, texte| c | texte.de(rang));
            let ts = ts[rang] - origine;
            if (uai | codes) & INCONNU != 0 || heure >= 24 || !(0..3 * MS_PAR_JOUR).contains(&ts) {
                return Err(self.faute(lot, rang, ts));
            }
            let codes = Codes(codes) | Codes::d_heure(heure);
            let id = deux_moities(ids.value(rang));
            let condense = condense(id);
            part.ids.pousser(seau_id(condense), condense)?;
            let ligne = Ligne {
                uai: NumeroUai(uai),
                // Below 72 hours, as just checked.
                ts: u32::try_from(ts).unwrap_or_default(),
                visiteur: visiteurs[rang],
                client: clients[rang],
                id,
                codes,
                // A label is kept only with type TIERS.
                outil: if codes.est_tiers() {
                    Outil(outils.de(rang))
                } else {
                    Outil::AUCUN
                },
            };
            part.lignes
                .pousser((uai / ECOLES_PAR_TRANCHE) as usize, ligne)?;
        }
        Ok(())
    }

    /// The columns whose codes are packed together.
    fn codes<'t>(
        &self,
        lot: &Lot<'t>,
        dictionnaires: &'t mut [Dictionnaire; 6],
    ) -> Result<[Texte<'t>; 6], Erreur> {
        let [profil, service, type_service, appareil, os, navigateur] = dictionnaires;
        Ok([
            lot.textes("profil", profil, |t| {
                Some(Codes::de_profil(Profil::de_code(t)?).0)
            })?,
            lot.textes("service", service, |t| {
                Some(Codes::de_service(self.plan.service(t)?.rang()).0)
            })?,
            lot.textes("type", type_service, |t| {
                Some(Codes::de_type(TypeService::de_code(t)?).0)
            })?,
            lot.textes("appareil", appareil, |t| {
                Some(Codes::d_appareil(Appareil::de_code(t)?).0)
            })?,
            lot.textes("os", os, |t| Some(Codes::d_os(Os::de_code(t)?).0))?,
            lot.textes("navigateur", navigateur, |t| {
                Some(Codes::de_navigateur(Navigateur::de_code(t)?).0)
            })?,
        ])
    }

    /// What is wrong with a row that cannot be counted.
    fn faute(&self, lot: &Lot<'_>, rang: usize, ts: i64) -> Erreur {
        if !(0..3 * MS_PAR_JOUR).contains(&ts) {
            return Erreur::table(
                lot.chemin,
                "ts",
                format!("instant étranger au {}", self.jour),
            );
        }
        let mut dictionnaires = Dictionnaires::default();
        let faux = match self.codes(lot, &mut dictionnaires.codes) {
            Ok(codes) => {
                let noms = ["profil", "service", "type", "appareil", "os", "navigateur"];
                let mut colonnes = noms.into_iter().zip(codes);
                colonnes
                    .find(|(_, t)| t.de(rang) == INCONNU)
                    .map(|(nom, _)| nom)
            }
            Err(erreur) => return erreur,
        };
        match faux {
            Some(nom) => Erreur::table(lot.chemin, nom, "valeur inconnue du plan de marquage"),
            None => Erreur::table(lot.chemin, "uai ou heure", "valeur impossible"),
        }
    }
}

#[derive(Debug, Default)]
struct Dictionnaires {
    uai: Dictionnaire,
    outil: Dictionnaire,
    codes: [Dictionnaire; 6],
}

fn deux_moities(id: &[u8]) -> [u64; 2] {
    let moitie = |octets: Option<&[u8; 8]>| octets.map_or(0, |o| u64::from_be_bytes(*o));
    [moitie(id.first_chunk()), moitie(id.last_chunk())]
}
