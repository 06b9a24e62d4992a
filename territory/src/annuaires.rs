//! Every version of the directory, by date of validity.
//!
//! A version's folder holds what its file said and nothing more; what a version owes to those
//! before it (schools that vanished are closed, départements that it does not cover stay as they
//! were) is worked out here, when they are opened. So versions may be imported in any order.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use frequent_plan::{Jour, Lac};
use rustc_hash::FxHashSet;

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
    /// Opens every version in the lake; none is no error.
    ///
    /// # Errors
    /// The folder cannot be listed, or a version cannot be read.
    pub fn ouvrir(lac: &Lac) -> Result<Self, OuvertureErreur> {
        let mut versions: Vec<Arc<Annuaire>> = Vec::new();
        for validite in validites(lac)? {
            let lues = lire_ecoles(&lac.territoire_du(validite).join(ECOLES))?;
            let ecoles = match versions.last() {
                Some(avant) => succeder(avant.ecoles(), lues),
                None => lues,
            };
            versions.push(Arc::new(Annuaire::new(validite, ecoles)));
        }
        Ok(Self { versions })
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
