//! Conventions, kept in the instance's database and in memory.
//!
//! They are few (thousands, with their schools) and read at every figure's coverage: all of them are
//! in memory, as a [`Registre`] that requests share, read again when the database's revision says
//! that someone (this process or the command line) changed them. Changes are made one at a time, on
//! what the database holds and in its transaction, so that two of them never overlap by chance.

mod changements;
mod etats;
mod lignes;

use std::sync::{Arc, PoisonError, RwLock};

use axum::http::StatusCode;
use frequent_plan::{Jour, Uai};
use frequent_territory::conventions::{
    ADetruire, Convention, DELAI_DESTRUCTION_MAX, Deploiement, FauteConvention, Obstacle, Reference,
};

use crate::audit::AuditErreur;
use crate::base::Base;

pub use changements::{Contexte, Termes};
pub(crate) use etats::{EcoleDeployee, EtatDeploiement, etats};

/// How conventions are read and ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReglagesConventions {
    /// Days between a convention's end and the destruction, 15 at most.
    pub delai_destruction_jours: u8,
    /// Distinct days with visits that make a school active.
    pub jours_distincts: u16,
    /// Visits of teachers that make a school active.
    pub visites_enseignants: u32,
}

impl Default for ReglagesConventions {
    fn default() -> Self {
        Self {
            delai_destruction_jours: DELAI_DESTRUCTION_MAX,
            jours_distincts: 2,
            visites_enseignants: 1,
        }
    }
}

/// What an operation on conventions can fail on.
#[derive(Debug, thiserror::Error)]
pub enum ConventionsErreur {
    /// The reference is taken.
    #[error("une convention « {0} » existe déjà")]
    Existe(Reference),
    /// No convention has this reference, or none that the caller may see.
    #[error("il n’y a pas de convention « {0} »")]
    Inconnue(String),
    /// The convention would be wrong.
    #[error(transparent)]
    Convention(#[from] FauteConvention),
    /// Schools cannot be in it.
    #[error("{}", dire_obstacles(.0))]
    Obstacles(Vec<(Uai, Obstacle)>),
    /// Some of its schools are outside the caller's perimeter.
    #[error("une école de cette convention au moins est hors de votre périmètre")]
    HorsPerimetre,
    /// A stored convention cannot be understood: the database was altered.
    #[error("la convention « {0} » est illisible dans la base")]
    Illisible(String),
    /// The audit trail refused: what it could not be told was not done.
    #[error(transparent)]
    Audit(#[from] AuditErreur),
    /// The database refused.
    #[error("base des conventions : {0}")]
    Base(#[from] sqlx::Error),
}

impl ConventionsErreur {
    /// Whether it is a fault of ours.
    #[must_use]
    pub fn est_interne(&self) -> bool {
        matches!(self, Self::Illisible(_) | Self::Audit(_) | Self::Base(_))
    }

    /// The answer's status, code and title, when it is a fault of the caller.
    pub(crate) fn nature(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Inconnue(_) => (StatusCode::NOT_FOUND, "introuvable", "Introuvable"),
            Self::HorsPerimetre => (StatusCode::FORBIDDEN, "hors-perimetre", "Hors périmètre"),
            Self::Existe(_) => (
                StatusCode::CONFLICT,
                "convention-existante",
                "Convention existante",
            ),
            _ => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "convention-refusee",
                "Convention refusée",
            ),
        }
    }
}

fn dire_obstacles(obstacles: &[(Uai, Obstacle)]) -> String {
    let dits: Vec<String> = obstacles
        .iter()
        .map(|(uai, obstacle)| format!("{uai} : {obstacle}"))
        .collect();
    dits.join(" ; ")
}

/// Every convention at one moment, and the deployment that they make.
#[derive(Debug, Default)]
pub struct Registre {
    revision: i64,
    conventions: Vec<Convention>,
    deploiement: Deploiement,
}

impl Registre {
    fn new(revision: i64, conventions: Vec<Convention>) -> Self {
        Self {
            revision,
            deploiement: Deploiement::new(&conventions),
            conventions,
        }
    }

    /// The conventions, by reference.
    #[must_use]
    pub fn conventions(&self) -> &[Convention] {
        &self.conventions
    }

    /// The convention of this reference.
    #[must_use]
    pub fn convention(&self, reference: &str) -> Option<&Convention> {
        self.conventions
            .iter()
            .find(|c| c.reference().as_str() == reference)
    }

    /// Which schools are deployed on a day.
    #[must_use]
    pub fn deploiement(&self) -> &Deploiement {
        &self.deploiement
    }
}

/// The conventions.
pub struct Conventions {
    base: Base,
    reglages: ReglagesConventions,
    registre: RwLock<Arc<Registre>>,
}

impl Conventions {
    /// The conventions of a database, read into memory.
    ///
    /// # Errors
    /// The database refuses, or holds a convention that cannot be understood.
    pub async fn ouvrir(
        base: &Base,
        reglages: ReglagesConventions,
    ) -> Result<Self, ConventionsErreur> {
        let conventions = Self {
            base: base.clone(),
            reglages,
            registre: RwLock::default(),
        };
        conventions.relire().await?;
        Ok(conventions)
    }

    /// How they are read and ended.
    #[must_use]
    pub fn reglages(&self) -> ReglagesConventions {
        self.reglages
    }

    /// The conventions in memory.
    #[must_use]
    pub fn registre(&self) -> Arc<Registre> {
        Arc::clone(&self.registre.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads them again if they were changed, and says whether they were. To be called every few
    /// seconds: when nothing changed it only reads a number.
    ///
    /// # Errors
    /// The database refuses, or holds a convention that cannot be understood.
    pub async fn actualiser(&self) -> Result<bool, ConventionsErreur> {
        let revision: i64 = sqlx::query_scalar("select numero from conventions_revision")
            .fetch_one(self.base.pool())
            .await?;
        if revision == self.registre().revision {
            return Ok(false);
        }
        self.relire().await?;
        Ok(true)
    }

    /// What a convention's end makes it a duty to destroy on a day.
    #[must_use]
    pub fn a_detruire(&self, au: Jour) -> Vec<ADetruire> {
        let registre = self.registre();
        let delai = self.reglages.delai_destruction_jours;
        registre
            .deploiement
            .a_detruire(&registre.conventions, au, delai)
    }

    async fn relire(&self) -> Result<(), ConventionsErreur> {
        // In one transaction: the number and what it is the number of.
        let mut transaction = self.base.pool().begin().await?;
        let (revision, conventions) = lignes::lire(&mut transaction).await?;
        transaction.commit().await?;
        self.retenir(Registre::new(revision, conventions));
        Ok(())
    }

    /// A slower reader never puts back what a newer change replaced.
    fn retenir(&self, registre: Registre) {
        let mut connu = self
            .registre
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if registre.revision >= connu.revision {
            *connu = Arc::new(registre);
        }
    }
}

#[cfg(test)]
#[path = "conventions_tests.rs"]
mod tests;
