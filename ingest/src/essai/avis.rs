//! What the bench answers.

use frequent_plan::Raison;
use serde::Serialize;

/// Most events detailed in an answer; the counts are whole.
const DETAILS_MAX: usize = 100;
const AVERTISSEMENT: &str = "Essai : rien de cet envoi n’est compté, gardé ni journalisé.";

/// What a field or an event is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Good as it is.
    Accepte,
    /// Taken, and better otherwise.
    Conseil,
    /// Refused.
    Refuse,
}

/// What is thought of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Avis {
    /// The field; empty for the event as a whole.
    pub champ: String,
    /// Its worth.
    pub verdict: Verdict,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raison: Option<Raison>,
    /// In a sentence for an integrator.
    pub message: String,
}

/// What is thought of an event: of each of its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jugement {
    /// Its number in the body, from 1.
    pub ligne: u64,
    /// Accepted or refused; with advice when something in it would be better otherwise.
    pub verdict: Verdict,
    /// The fields, the refused ones first.
    pub champs: Vec<Avis>,
}

/// What a batch is worth.
#[derive(Debug, Serialize)]
pub struct Bilan {
    essai: bool,
    avertissement: &'static str,
    /// Events judged.
    pub recus: u64,
    /// Those that a production key would have had accepted.
    pub acceptes: u64,
    /// Those that it would have had refused.
    pub refuses: u64,
    /// Those of the events that are detailed.
    pub evenements: Vec<Jugement>,
}

impl Default for Bilan {
    fn default() -> Self {
        Self {
            essai: true,
            avertissement: AVERTISSEMENT,
            recus: 0,
            acceptes: 0,
            refuses: 0,
            evenements: Vec::new(),
        }
    }
}

impl Bilan {
    pub(super) fn ajouter(&mut self, jugement: Jugement) {
        self.recus += 1;
        if jugement.verdict == Verdict::Refuse {
            self.refuses += 1;
        } else {
            self.acceptes += 1;
        }
        if self.evenements.len() < DETAILS_MAX {
            self.evenements.push(jugement);
        }
    }
}

/// The opinions gathered on one event: one refusal a field at most, that comes before any other
/// opinion of it.
#[derive(Debug, Default)]
pub(super) struct Dossier {
    avis: Vec<Avis>,
}

impl Dossier {
    pub(super) fn accepter(&mut self, champ: &str, message: impl Into<String>) {
        self.ajouter(champ, Verdict::Accepte, message.into());
    }

    pub(super) fn conseiller(&mut self, champ: &str, message: impl Into<String>) {
        self.ajouter(champ, Verdict::Conseil, message.into());
    }

    fn ajouter(&mut self, champ: &str, verdict: Verdict, message: String) {
        self.avis.push(Avis {
            champ: champ.to_owned(),
            verdict,
            raison: None,
            message,
        });
    }

    pub(super) fn refuser(&mut self, avis: Avis) {
        if !self.est_refuse(&avis.champ) {
            self.avis.push(avis);
        }
    }

    pub(super) fn est_refuse(&self, champ: &str) -> bool {
        let refuses = |a: &Avis| a.verdict == Verdict::Refuse && a.champ == champ;
        self.avis.iter().any(refuses)
    }

    pub(super) fn conclure(self, ligne: u64) -> Jugement {
        let verdict = self.avis.iter().map(|a| a.verdict).max();
        let refuses: Vec<String> = self
            .avis
            .iter()
            .filter(|a| a.verdict == Verdict::Refuse)
            .map(|a| a.champ.clone())
            .collect();
        let mut champs: Vec<Avis> = self
            .avis
            .into_iter()
            .filter(|a| a.verdict == Verdict::Refuse || !refuses.contains(&a.champ))
            .collect();
        champs.sort_by_key(|a| std::cmp::Reverse(a.verdict));
        Jugement {
            ligne,
            verdict: verdict.unwrap_or(Verdict::Accepte),
            champs,
        }
    }
}
