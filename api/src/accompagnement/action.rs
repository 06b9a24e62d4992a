//! An action of the support log.

use frequent_plan::{Jour, Uai};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest note, in characters.
const NOTE_MAX: usize = 1_000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Genre {
    /// A training session.
    Formation,
    /// A visit to the school.
    Visite,
    /// A call.
    Appel,
}

impl Genre {
    /// Its code, in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Formation => "formation",
            Self::Visite => "visite",
            Self::Appel => "appel",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        [Self::Formation, Self::Visite, Self::Appel]
            .into_iter()
            .find(|genre| genre.code() == code)
    }
}

/// Why an action cannot be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FauteAction {
    /// The note.
    #[error("La note compte {NOTE_MAX} caractères au plus")]
    Note,
    /// The day.
    #[error("Une action se note une fois faite : ce jour n’est pas encore venu")]
    Jour,
}

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saisie {
    /// The school.
    pub uai: Uai,
    /// The day.
    pub jour: Jour,
    /// What was done.
    pub genre: Genre,
    /// In a few words; may be empty.
    pub note: String,
}

impl Saisie {
    /// Checks what is written down, spaces around the note taken off.
    ///
    /// # Errors
    /// See [`FauteAction`].
    pub fn verifiee(self, aujourdhui: Jour) -> Result<Self, FauteAction> {
        let note = self.note.trim().to_owned();
        if note.chars().count() > NOTE_MAX {
            return Err(FauteAction::Note);
        }
        if self.jour > aujourdhui {
            return Err(FauteAction::Jour);
        }
        Ok(Self { note, ..self })
    }
}

/// An action of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// By which it is asked.
    pub id: String,
    /// What was written down.
    pub saisie: Saisie,
    /// The account that did; none once it is deleted.
    pub compte: Option<String>,
    /// The name of its holder.
    pub par: Option<String>,
}
