//! Reports sent to people again and again: who receives which, when, and how the last one went.
//!
//! A report is computed with its recipient's rights, through the gate like every other figure. Each
//! process that serves the API may send: who sends one holds it for a while in the database, so that
//! no other does. Killed between the sending and its record, the same report is sent once more when
//! that while is over, under the same message number: never more than one double of a kill.

mod echeances;
mod envoi;
mod lignes;
mod remise;

use frequent_plan::{Instant, Jour, Niveau};
use frequent_reports::Modele;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::comptes::ComptesErreur;
use crate::erreurs::Erreur;

pub(crate) use echeances::Jours;
pub use echeances::Rythme;
pub use envoi::{Ecrit, Envoi, ecrire_apercu, envoyer_maintenant, tour};
pub use lignes::Rapports;
pub use remise::{Chiffrement, Remise, RemiseErreur, Smtp};

/// How the last sending went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EtatEnvoi {
    /// Taken by the mail server.
    Envoye,
    /// Left in the folder.
    Depose,
    /// Neither.
    Echec,
}

impl EtatEnvoi {
    const TOUS: [Self; 3] = [Self::Envoye, Self::Depose, Self::Echec];

    /// Its code, in the database and in metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Envoye => "envoye",
            Self::Depose => "depose",
            Self::Echec => "echec",
        }
    }

    fn de_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|etat| etat.code() == code)
    }
}

/// The last sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dernier {
    /// When.
    pub le: Instant,
    /// How it went.
    pub etat: EtatEnvoi,
    /// Why it failed, in French.
    pub raison: Option<String>,
}

/// What is asked for: which report, to whom, how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
    /// Which report.
    pub modele: Modele,
    /// Of which territory.
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// The account whose rights it is computed with.
    pub destinataire: String,
    /// Where it is sent; none: left in the folder.
    pub courriel: Option<String>,
    /// How often.
    pub rythme: Rythme,
}

/// A report sent again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abonnement {
    /// By which it is asked.
    pub id: String,
    /// What was asked for.
    pub demande: Demande,
    /// The account that asked.
    pub auteur: String,
    /// The last day due that was served, or given up.
    pub servie: Jour,
    /// Tries already made for the day due.
    pub essais: u32,
    /// Not tried before.
    pub prochain_essai: Instant,
    /// The last sending.
    pub dernier: Option<Dernier>,
}

/// What stops reports from being kept.
#[derive(Debug, thiserror::Error)]
pub enum RapportsErreur {
    /// The database refused.
    #[error("rapports : {0}")]
    Base(#[from] sqlx::Error),
    /// A stored report cannot be understood.
    #[error("le rapport « {0} » est illisible dans la base")]
    Illisible(String),
    /// No identifier could be made.
    #[error(transparent)]
    Identifiant(#[from] ComptesErreur),
}

impl From<RapportsErreur> for Erreur {
    fn from(erreur: RapportsErreur) -> Self {
        Self::Interne(erreur.to_string())
    }
}

#[cfg(test)]
#[path = "rapports_tests.rs"]
mod tests;
