//! What a row of the table `qualite` counts.

use frequent_ingest::qualite::Mesure as Comptee;
use frequent_ingest::qualite::mesure::{DOUBLONS, REFUS};

/// What a row counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mesure {
    /// What intake counts of its senders.
    Recue(Comptee),
    /// Rows landed more than once.
    Doublons,
    /// Refusals, with the reason's code.
    Refus(String),
}

impl Mesure {
    /// The measure of this code; none for one that no page shows.
    pub(super) fn de_code(code: &str) -> Option<Self> {
        if let Some(raison) = code.strip_prefix(REFUS) {
            return Some(Self::Refus(raison.to_owned()));
        }
        if code == DOUBLONS {
            return Some(Self::Doublons);
        }
        let comptee = Comptee::TOUTES.iter().find(|m| m.code() == code);
        comptee.copied().map(Self::Recue)
    }

    /// The warning's code, when it is about identifiers of persons.
    pub(super) fn alerte(&self) -> Option<&'static str> {
        match self {
            Self::Recue(comptee) => comptee.code().strip_prefix("identifiant_"),
            _ => None,
        }
    }
}
