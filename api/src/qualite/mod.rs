//! Reading tagging quality: what each sender sent, day by day, and why some of it was refused.
//!
//! A day's folder holds a file of each process that received something, and a figure is the sum of
//! its rows. Files are kept condensed in memory as long as they do not change: only today's do, so
//! a school year costs its reading once. What is read leaves as [`Brutes`], which only the gate can
//! open, and only of the senders that its [`PorteeQualite`] lets through.

mod bilan;
mod compte;
mod extrait;
mod mesure;

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use frequent_plan::{Jour, Lac, Uai};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

pub use bilan::Bilan;
pub use compte::{Compte, CompteEcole, Delais};
pub use extrait::{Motif, Source};

use crate::donnees::LectureErreur;
use crate::porte::{Annexe, Brutes, PorteeQualite};
use extrait::Extrait;

/// Bytes of condensed files kept in memory: a school year of a region's schools takes a third.
const MEMOIRE: u64 = 256 << 20;

/// Days asked, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jours {
    /// The first.
    pub du: Jour,
    /// The last.
    pub au: Jour,
}

/// What tells a file from the one that took its place: inode, size and instant of change.
type Signature = (u64, u64, i64, i64);

/// A file condensed, as it was when it had this signature.
#[derive(Clone)]
struct Garde {
    signature: Signature,
    extrait: Arc<Extrait>,
}

#[derive(Clone)]
struct Octets;

impl Weighter<PathBuf, Garde> for Octets {
    fn weight(&self, _: &PathBuf, garde: &Garde) -> u64 {
        garde.extrait.poids()
    }
}

/// Reads the table `qualite`.
pub struct LecteurQualite {
    lac: Lac,
    fichiers: Cache<PathBuf, Garde, Octets>,
}

impl LecteurQualite {
    /// A reader of this data folder.
    #[must_use]
    pub fn new(lac: Lac) -> Self {
        Self {
            lac,
            fichiers: Cache::with_weighter(1_000, MEMOIRE, Octets),
        }
    }

    /// What the senders in sight sent on these days.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) async fn bilan(
        self: Arc<Self>,
        portee: PorteeQualite,
        jours: Jours,
    ) -> Result<Brutes<Bilan>, LectureErreur> {
        tokio::task::spawn_blocking(move || {
            let mut bilan = Bilan::default();
            self.parcourir(jours, |jour, extrait| bilan.ajouter(&portee, jour, extrait))?;
            Ok(Brutes::new(bilan))
        })
        .await?
    }

    /// What each school received on these days from the senders in sight, by platform.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) async fn ecoles(
        self: Arc<Self>,
        portee: PorteeQualite,
        jours: Jours,
    ) -> Result<Brutes<BTreeMap<(Uai, String), CompteEcole>>, LectureErreur> {
        tokio::task::spawn_blocking(move || {
            let mut ecoles = BTreeMap::new();
            self.parcourir(jours, |_, extrait| {
                bilan::ajouter_ecoles(&mut ecoles, &portee, extrait);
            })?;
            Ok(Brutes::new(ecoles))
        })
        .await?
    }

    /// The first of these days on which something was received of each school, accepted or not.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) async fn premieres_receptions(
        self: Arc<Self>,
        jours: Jours,
    ) -> Result<Brutes<Annexe<BTreeMap<Uai, Jour>>>, LectureErreur> {
        tokio::task::spawn_blocking(move || {
            let mut premieres = BTreeMap::new();
            self.parcourir(jours, |jour, extrait| {
                for uai in extrait.envois.iter().flat_map(|e| e.ecoles.keys()) {
                    premieres.entry(*uai).or_insert(jour);
                }
            })?;
            Ok(Brutes::new(Annexe(premieres)))
        })
        .await?
    }

    fn parcourir(
        &self,
        jours: Jours,
        mut voir: impl FnMut(Jour, &Extrait),
    ) -> Result<(), LectureErreur> {
        for jour in jours.du.jusqua(jours.au) {
            for chemin in fichiers(&self.lac.qualite_du(jour))? {
                if let Some(extrait) = self.extrait(&chemin)? {
                    voir(jour, &extrait);
                }
            }
        }
        Ok(())
    }

    /// A file, condensed; none when it went away since its folder was listed.
    fn extrait(&self, chemin: &Path) -> Result<Option<Arc<Extrait>>, LectureErreur> {
        let signature = match std::fs::metadata(chemin) {
            Ok(meta) => (meta.ino(), meta.size(), meta.mtime(), meta.mtime_nsec()),
            Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(faute) => return Err(LectureErreur::disque(chemin)(faute)),
        };
        let connu = self.fichiers.get(chemin);
        if let Some(garde) = connu.filter(|garde| garde.signature == signature) {
            return Ok(Some(garde.extrait));
        }
        let extrait = match Extrait::lire(chemin) {
            Ok(extrait) => Arc::new(extrait),
            Err(erreur) if erreur.est_disparition() => return Ok(None),
            Err(erreur) => return Err(erreur),
        };
        let garde = Garde {
            signature,
            extrait: Arc::clone(&extrait),
        };
        self.fichiers.insert(chemin.to_owned(), garde);
        Ok(Some(extrait))
    }
}

/// The finished files of a day, in the order of their names; none when nothing was received.
fn fichiers(dossier: &Path) -> Result<Vec<PathBuf>, LectureErreur> {
    let liste = match std::fs::read_dir(dossier) {
        Ok(liste) => liste,
        Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(faute) => return Err(LectureErreur::disque(dossier)(faute)),
    };
    let mut chemins = Vec::new();
    for entree in liste {
        let nom = entree.map_err(LectureErreur::disque(dossier))?.file_name();
        let fini = nom
            .to_str()
            .is_some_and(|nom| nom.ends_with(".parquet") && !nom.starts_with('.'));
        if fini {
            chemins.push(dossier.join(nom));
        }
    }
    chemins.sort_unstable();
    Ok(chemins)
}
