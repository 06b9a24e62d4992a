//! Reading the lake: the cells of given territories over given periods.
//!
//! The path of a (level, period) is known and its folder has one current file, so nothing is
//! searched; files' indexes are kept in memory under their paths, and since a file's name changes
//! with its content, what is kept is never stale. What is read leaves as [`Brutes`], which only the
//! gate can open.

mod activite;
mod cellule;
mod demande;
mod exactes;
mod fichier;
mod libres;
mod mois_visites;
mod presentes;
mod redessinees;
mod sommaire;
mod venues;
mod vues;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use frequent_aggregate::publication::fichier_courant;
use frequent_plan::{Axe, Grain, Jour, Lac, Niveau, Periode, Plan, Uai};
use frequent_territory::Annuaire;
use parquet::errors::ParquetError;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

pub(crate) use activite::{Activite, Question};
pub use cellule::{Cellule, Codes, Filtre, Mesures, ProfilCellule};
pub(crate) use demande::Lecture;
pub use demande::{Demande, PLAFOND};
pub(crate) use exactes::Libres;
pub(crate) use fichier::Texte;
pub use fichier::{Releve, Source};
pub(crate) use libres::{DemandeLibre, LieuLibre, Portrait};
pub(crate) use mois_visites::MoisVisites;
pub use redessinees::Frontieres;
pub(crate) use redessinees::{PeriodesLues, Redessinee};
pub(crate) use sommaire::Sommaire;
pub(crate) use vues::Vues;

use crate::porte::{Brutes, JoursComptes, Memoire, Paires, Seuil};
use exactes::{Cle, Totaux};
use fichier::Fichier;
use presentes::Presentes;
use sommaire::Noms;

/// Bytes of files' indexes kept in memory.
const MEMOIRE_INDEX: u64 = 256 << 20;
/// Bytes of totals kept in memory: a full week of a region's schools is about a megabyte.
const MEMOIRE_TOTAUX: u64 = 256 << 20;
/// Bytes of pairs of schools kept in memory.
const MEMOIRE_PAIRES: u64 = 256 << 20;
/// Counts over free days kept in memory: a table of a region's schools is about a megabyte.
const TOTAUX_GARDES: usize = 200;
/// Lists of the schools of a file kept in memory: some tens of kilobytes each, for a region.
const VUES_GARDEES: usize = 500;
/// Free measures counted at once: one takes every core, and up to half a gigabyte.
const MESURES_LIBRES: usize = 1;
/// Times a folder is looked at again when the file just listed was replaced before it was opened.
const REPRISES: usize = 5;

/// Why the lake could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LectureErreur {
    /// A file or folder cannot be read.
    #[error("{} : {source}", chemin.display())]
    Disque {
        /// Which.
        chemin: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not the Parquet it should be.
    #[error("{} : {source}", chemin.display())]
    Parquet {
        /// Which.
        chemin: PathBuf,
        /// Why.
        source: ParquetError,
    },
    /// A column is missing or of another type.
    #[error("{}, colonne « {colonne} » absente ou d’un autre type", chemin.display())]
    Colonne {
        /// The file.
        chemin: PathBuf,
        /// The column.
        colonne: &'static str,
    },
    /// More cells were asked than one answer may hold.
    #[error("plus de {0} cellules demandées")]
    Trop(usize),
    /// Measures over free days could not be counted.
    #[error(transparent)]
    Comptage(#[from] frequent_aggregate::Erreur),
    /// What is secret could not be worked out.
    #[error("calcul du secret interrompu")]
    Masquage,
    /// The reading itself was interrupted.
    #[error("lecture interrompue : {0}")]
    Interrompue(#[from] tokio::task::JoinError),
}

impl LectureErreur {
    pub(crate) fn disque(chemin: &Path) -> impl FnOnce(io::Error) -> Self {
        let chemin = chemin.to_owned();
        move |source| Self::Disque { chemin, source }
    }

    pub(crate) fn parquet(chemin: &Path) -> impl FnOnce(ParquetError) -> Self {
        let chemin = chemin.to_owned();
        move |source| Self::Parquet { chemin, source }
    }

    pub(crate) fn colonne(chemin: &Path, colonne: &'static str) -> Self {
        Self::Colonne {
            chemin: chemin.to_owned(),
            colonne,
        }
    }

    pub(crate) fn est_disparition(&self) -> bool {
        matches!(self, Self::Disque { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// The cells of one period that were wanted; no source when nothing was counted for it yet.
#[derive(Debug, Clone)]
pub struct Lue<M = Mesures> {
    /// The period.
    pub periode: Periode,
    /// What the file says of itself.
    pub source: Option<Source>,
    /// The cells, sorted by (code, axis, profile, member) as texts.
    pub cellules: Vec<Cellule<M>>,
    /// How much was read.
    pub releve: Releve,
}

#[derive(Clone)]
struct Octets;

impl Weighter<PathBuf, Arc<Fichier>> for Octets {
    fn weight(&self, _: &PathBuf, fichier: &Arc<Fichier>) -> u64 {
        fichier.poids()
    }
}

impl Weighter<PathBuf, Arc<Sommaire>> for Octets {
    fn weight(&self, _: &PathBuf, sommaire: &Arc<Sommaire>) -> u64 {
        sommaire.poids()
    }
}

impl Weighter<ClePaires, Arc<Paires>> for Octets {
    fn weight(&self, _: &ClePaires, paires: &Arc<Paires>) -> u64 {
        paires.poids()
    }
}

/// What the pairs of a period depend on: which schools were there, and the directory.
type ClePaires = ([u8; 32], Option<String>);

/// Reads the lake.
pub struct Lecteur {
    lac: Lac,
    plan: Arc<Plan>,
    seuil: Seuil,
    paires: Cache<ClePaires, Arc<Paires>, Octets>,
    fichiers: Cache<PathBuf, Arc<Fichier>, Octets>,
    sommaires: Cache<PathBuf, Arc<Sommaire>, Octets>,
    noms: Noms,
    memoire: Memoire,
    jours: RwLock<Arc<JoursComptes>>,
    totaux: Cache<Cle, Totaux>,
    vues: Cache<PathBuf, Arc<[Uai]>>,
    mesures_libres: Arc<Semaphore>,
}

impl Lecteur {
    /// A reader of this data folder, and how few people what it reads may be about.
    #[must_use]
    pub fn new(lac: Lac, plan: Arc<Plan>, seuil: Seuil) -> Self {
        Self {
            lac,
            plan,
            seuil,
            paires: Cache::with_weighter(1_000, MEMOIRE_PAIRES, Octets),
            fichiers: Cache::with_weighter(2_000, MEMOIRE_INDEX, Octets),
            sommaires: Cache::with_weighter(1_000, MEMOIRE_TOTAUX, Octets),
            noms: Noms::default(),
            memoire: Memoire::default(),
            jours: RwLock::default(),
            totaux: Cache::new(TOTAUX_GARDES),
            vues: Cache::new(VUES_GARDEES),
            mesures_libres: Arc::new(Semaphore::new(MESURES_LIBRES)),
        }
    }

    /// How few people figures may be about.
    pub(crate) fn seuil(&self) -> Seuil {
        self.seuil
    }

    /// The marking plan.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Cells around those of an answer, for the gate to know which to hide.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn alentour(
        &self,
        niveau: Niveau,
        periode: Periode,
        filtre: &Filtre,
    ) -> Result<Brutes<Lue>, LectureErreur> {
        self.periode(niveau, periode, filtre).map(Brutes::new)
    }

    /// Every total of a level over a period, for the gate to know which to hide.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn tous_les_totaux(
        &self,
        niveau: Niveau,
        periode: Periode,
    ) -> Result<Brutes<Arc<Sommaire>>, LectureErreur> {
        let dossier = self.lac.cumuls_de(niveau, periode);
        let mut reprises = 0;
        loop {
            let lus = self
                .courant(&dossier)
                .and_then(|fichier| fichier.map(|f| self.sommaire(&f)).transpose());
            match lus {
                // Replaced since its folder was listed: the folder has a newer one.
                Err(erreur) if erreur.est_disparition() && reprises < REPRISES => reprises += 1,
                lus => return lus.map(|lus| Brutes::new(lus.unwrap_or_default())),
            }
        }
    }

    /// The name of the file of a level and a period, which changes with its content.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub(crate) fn nom_courant(
        &self,
        niveau: Niveau,
        periode: Periode,
    ) -> Result<Option<PathBuf>, LectureErreur> {
        let dossier = self.lac.cumuls_de(niveau, periode);
        fichier_courant(&dossier).map_err(LectureErreur::disque(&dossier))
    }

    /// What the gate keeps of what it found.
    pub(crate) fn memoire(&self) -> &Memoire {
        &self.memoire
    }

    /// The days on which something was counted.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub(crate) fn jours_comptes(&self) -> Result<Arc<JoursComptes>, LectureErreur> {
        let jours = self.debuts(Niveau::Ecole, Grain::Jour)?;
        let connus = self.jours.read().unwrap_or_else(PoisonError::into_inner);
        if *connus.comptes() == jours {
            return Ok(Arc::clone(&connus));
        }
        drop(connus);
        let nouveaux = Arc::new(JoursComptes::new(jours));
        let mut connus = self.jours.write().unwrap_or_else(PoisonError::into_inner);
        *connus = Arc::clone(&nouveaux);
        Ok(nouveaux)
    }

    /// The two schools of each territory, among those that were there over a period.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn paires(
        &self,
        periode: Periode,
        annuaire: Option<&Annuaire>,
    ) -> Result<Arc<Paires>, LectureErreur> {
        let dossier = self.lac.cumuls_de(Niveau::Ecole, periode);
        let mut reprises = 0;
        let presentes = loop {
            match self.presentes(&dossier) {
                Err(erreur) if erreur.est_disparition() && reprises < REPRISES => reprises += 1,
                presentes => break presentes?,
            }
        };
        let cle = (
            presentes.empreinte,
            annuaire.map(|a| a.empreinte().to_owned()),
        );
        let faire = || {
            Ok(Arc::new(Paires::de(
                annuaire,
                Arc::clone(&presentes.ecoles),
            )))
        };
        self.paires.get_or_insert_with(&cle, faire)
    }

    fn presentes(&self, dossier: &Path) -> Result<Presentes, LectureErreur> {
        match self.courant(dossier)? {
            Some(fichier) => fichier.presentes(),
            None => Ok(Presentes::default()),
        }
    }

    /// The current file of a folder, if there is one.
    fn courant(&self, dossier: &Path) -> Result<Option<Arc<Fichier>>, LectureErreur> {
        let courant = fichier_courant(dossier).map_err(LectureErreur::disque(dossier))?;
        let ouvrir = |chemin: PathBuf| {
            self.fichiers
                .get_or_insert_with(&chemin, || Fichier::ouvrir(&chemin).map(Arc::new))
        };
        courant.map(ouvrir).transpose()
    }

    /// The first days of the periods for which something was counted, in order.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub(crate) fn debuts(
        &self,
        niveau: Niveau,
        grain: Grain,
    ) -> Result<BTreeSet<Jour>, LectureErreur> {
        let dossier = self.lac.cumuls(niveau, grain);
        let liste = match std::fs::read_dir(&dossier) {
            Ok(liste) => liste,
            Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(faute) => return Err(LectureErreur::disque(&dossier)(faute)),
        };
        let mut debuts = BTreeSet::new();
        for entree in liste {
            let nom = entree.map_err(LectureErreur::disque(&dossier))?.file_name();
            let jour = nom.to_str().and_then(|n| n.strip_prefix("debut="));
            debuts.extend(jour.and_then(|j| j.parse::<Jour>().ok()));
        }
        Ok(debuts)
    }

    /// The wanted cells of one period.
    ///
    /// # Errors
    /// The file cannot be read.
    fn periode(
        &self,
        niveau: Niveau,
        periode: Periode,
        filtre: &Filtre,
    ) -> Result<Lue, LectureErreur> {
        let dossier = self.lac.cumuls_de(niveau, periode);
        let mut reprises = 0;
        loop {
            match self.dossier(&dossier, periode, filtre) {
                // Replaced since its folder was listed: the folder has a newer one.
                Err(erreur) if erreur.est_disparition() && reprises < REPRISES => reprises += 1,
                lue => return lue,
            }
        }
    }

    /// The totals of a file, if they are known or if those wanted are worth decoding them all, and
    /// how much was read for it.
    fn sommaire_utile(
        &self,
        fichier: &Fichier,
        filtre: &Filtre,
    ) -> Result<Option<(Arc<Sommaire>, Releve)>, LectureErreur> {
        if filtre.axes != [Axe::Total] {
            return Ok(None);
        }
        if let Some(connu) = self.sommaires.get(&fichier.chemin) {
            return Ok(Some((connu, fichier.releve(false))));
        }
        if fichier.beaucoup(&filtre.codes) {
            return Ok(Some((self.sommaire(fichier)?, fichier.releve(true))));
        }
        Ok(None)
    }

    fn sommaire(&self, fichier: &Fichier) -> Result<Arc<Sommaire>, LectureErreur> {
        let lire = || fichier.sommaire(&self.noms).map(Arc::new);
        self.sommaires.get_or_insert_with(&fichier.chemin, lire)
    }

    fn dossier(
        &self,
        dossier: &Path,
        periode: Periode,
        filtre: &Filtre,
    ) -> Result<Lue, LectureErreur> {
        let mut lue = Lue {
            periode,
            source: None,
            cellules: Vec::new(),
            releve: Releve::default(),
        };
        let Some(fichier) = self.courant(dossier)? else {
            return Ok(lue);
        };
        lue.source = Some(fichier.source.clone());
        lue.releve = match self.sommaire_utile(&fichier, filtre)? {
            Some((sommaire, releve)) => {
                sommaire.choisir(filtre, &mut lue.cellules);
                releve
            }
            None => fichier.lire(filtre, &mut lue.cellules)?,
        };
        Ok(lue)
    }
}

#[cfg(test)]
#[path = "donnees_tests.rs"]
mod tests;
