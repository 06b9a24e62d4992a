//! Every version of the directory, by date of validity.
//!
//! A version's folder holds what its file said and nothing more; what a version owes to those
//! before it (schools that vanished are closed, départements that it does not cover stay as they
//! were) and to the directory feed is worked out here, when they are opened. So versions may be
//! imported in any order.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use frequent_plan::{Jour, Lac};
use rustc_hash::FxHashSet;

use crate::aaf::{Apport, Conflit, enrichir, lire_apports};
use crate::annuaire::Annuaire;
use crate::ecole::{Ecole, Etat};
use crate::tables::{ECOLES, TableErreur, lire_ecoles};

/// Why the directory cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OuvertureErreur {
    /// The folder of versions cannot be listed.
    #[error("annuaire, dossier {} : {source}", chemin.display())]
    Dossier {
        /// The folder.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// A version cannot be read.
    #[error(transparent)]
    Table(#[from] TableErreur),
}

/// Every version of the directory, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Annuaires {
    versions: Vec<Arc<Annuaire>>,
}

impl Annuaires {
    /// Opens every version in the lake, each with what the directory feed adds to it; none is no
    /// error.
    ///
    /// # Errors
    /// The folder cannot be listed, or a version cannot be read.
    pub fn ouvrir(lac: &Lac) -> Result<Self, OuvertureErreur> {
        let mut versions = Vec::new();
        for version in etapes(lac)? {
            let ecoles = enrichir(version.ecoles, version.apports.values(), &mut |_| {});
            versions.push(Arc::new(Annuaire::new(version.validite, ecoles)));
        }
        Ok(Self { versions })
    }

    /// Opens every version as the open directory alone makes it.
    pub(crate) fn ouvrir_sans_aaf(lac: &Lac) -> Result<Self, OuvertureErreur> {
        let mut versions = Vec::new();
        for version in etapes(lac)?.into_iter().filter(|version| version.publiee) {
            versions.push(Arc::new(Annuaire::new(version.validite, version.ecoles)));
        }
        Ok(Self { versions })
    }

    /// Where the open directory and the directory feed differ, in the latest version.
    ///
    /// # Errors
    /// The folder cannot be listed, or a version cannot be read.
    pub fn conflits(lac: &Lac) -> Result<Vec<Conflit>, OuvertureErreur> {
        let mut conflits = Vec::new();
        if let Some(version) = etapes(lac)?.pop() {
            let mut noter = |conflit| conflits.push(conflit);
            enrichir(version.ecoles, version.apports.values(), &mut noter);
        }
        Ok(conflits)
    }

    /// These versions, in any order.
    #[must_use]
    pub fn de_versions(versions: impl IntoIterator<Item = Annuaire>) -> Self {
        let mut versions: Vec<_> = versions.into_iter().map(Arc::new).collect();
        versions.sort_by_key(|version| version.validite());
        Self { versions }
    }

    /// The version in force on a day; before the first one, the first.
    #[must_use]
    pub fn au(&self, jour: Jour) -> Option<&Arc<Annuaire>> {
        let suivante = self.versions.partition_point(|v| v.validite() <= jour);
        self.versions.get(suivante.saturating_sub(1))
    }

    /// The latest version.
    #[must_use]
    pub fn courant(&self) -> Option<&Arc<Annuaire>> {
        self.versions.last()
    }

    /// Every version, the oldest first.
    #[must_use]
    pub fn versions(&self) -> &[Arc<Annuaire>] {
        &self.versions
    }
}

/// What a version is made of.
struct Etape {
    validite: Jour,
    /// The open directory gives a table of that date.
    publiee: bool,
    /// The schools of the open directory.
    ecoles: Vec<Ecole>,
    /// What each feed says.
    apports: BTreeMap<String, Arc<Apport>>,
}

/// What every version is made of, the oldest first. Dates before the first open directory, which
/// only feeds have, make no version: feeds do not say what territories are called.
fn etapes(lac: &Lac) -> Result<Vec<Etape>, OuvertureErreur> {
    let mut etapes: Vec<Etape> = Vec::new();
    let mut apports = BTreeMap::new();
    for validite in validites(lac)? {
        let dossier = lac.territoire_du(validite);
        apports.extend(lire_apports(&dossier)?);
        let table = dossier.join(ECOLES);
        let publiee = table.exists();
        let avant = etapes.last().map(|avant| &avant.ecoles);
        let ecoles = match (avant, publiee) {
            (None, false) => continue,
            (Some(avant), false) => avant.clone(),
            (None, true) => lire_ecoles(&table)?,
            (Some(avant), true) => succeder(avant.iter(), lire_ecoles(&table)?),
        };
        etapes.push(Etape {
            validite,
            publiee,
            ecoles,
            apports: apports.clone(),
        });
    }
    Ok(etapes)
}

/// The dates of validity present in the lake, the oldest first.
pub(crate) fn validites(lac: &Lac) -> Result<BTreeSet<Jour>, OuvertureErreur> {
    let chemin = lac.territoire();
    let faute = |source| OuvertureErreur::Dossier {
        chemin: chemin.clone(),
        source,
    };
    let dossier = match std::fs::read_dir(&chemin) {
        Ok(dossier) => dossier,
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(erreur) => return Err(faute(erreur)),
    };
    let mut jours = BTreeSet::new();
    for entree in dossier {
        let nom = entree.map_err(faute)?.file_name();
        jours.extend(nom.to_str().and_then(Lac::validite_de_dossier));
    }
    Ok(jours)
}

/// The schools in force once a file has been read after others: those it lists, the vanished ones
/// of the départements it covers, now closed, and those of the départements it does not cover.
pub(crate) fn succeder<'a>(avant: impl Iterator<Item = &'a Ecole>, lues: Vec<Ecole>) -> Vec<Ecole> {
    let presentes: FxHashSet<_> = lues.iter().map(|ecole| ecole.uai).collect();
    let couverts: FxHashSet<_> = lues.iter().map(|e| Arc::clone(&e.departement)).collect();
    let couvert = |ecole: &Ecole| couverts.iter().any(|d| d.code == ecole.departement.code);
    let mut ecoles = lues;
    for ecole in avant.filter(|ecole| !presentes.contains(&ecole.uai)) {
        let mut ecole = ecole.clone();
        if couvert(&ecole) {
            ecole.etat = Etat::Ferme;
        }
        ecoles.push(ecole);
    }
    ecoles
}
