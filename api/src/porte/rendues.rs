//! Measures as they leave the gate.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use crate::donnees::Mesures;

/// Why a figure is shown, or which of the blanks stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EtatMesures {
    /// Measured; 0 is nobody.
    Mesure,
    /// Masked by secrecy.
    Masque,
    /// Nothing was seen of the platform over the period.
    NonMesure,
    /// No convention is in force.
    NonDeploye,
}

/// The four measures of a set of visits, or why they are not shown: null unless measured. Only the
/// gate makes measured ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct MesuresRendues {
    etat: EtatMesures,
    /// Number of visits.
    visites: Option<i64>,
    /// Number of distinct people, exact.
    utilisateurs: Option<i64>,
    /// Sum of the visits' durations, in milliseconds.
    duree_ms: Option<i64>,
    /// Number of events.
    evenements: Option<i64>,
}

impl MesuresRendues {
    /// Figures that may be seen.
    pub(super) fn mesurees(mesures: Mesures) -> Self {
        Self {
            etat: EtatMesures::Mesure,
            visites: Some(mesures.visites),
            utilisateurs: Some(mesures.utilisateurs),
            duree_ms: Some(mesures.duree_ms),
            evenements: Some(mesures.evenements),
        }
    }

    /// A blank: figures that are not shown.
    const fn blanc(etat: EtatMesures) -> Self {
        Self {
            etat,
            visites: None,
            utilisateurs: None,
            duree_ms: None,
            evenements: None,
        }
    }

    /// Nobody came, which is no figure of the lake.
    pub(crate) fn nulles() -> Self {
        Self::mesurees(Mesures::default())
    }

    /// Why nothing is known: no tag was heard, or no convention is in force.
    pub(crate) const fn inconnues(etat: EtatMesures) -> Self {
        Self::blanc(etat)
    }

    /// The same without users, when they can no longer be counted.
    pub(crate) const fn sans_utilisateurs(mut self) -> Self {
        self.utilisateurs = None;
        self
    }

    /// Figures that secrecy hides.
    pub(crate) const fn masquees() -> Self {
        Self::blanc(EtatMesures::Masque)
    }

    /// Why they are shown or not.
    #[must_use]
    pub const fn etat(&self) -> EtatMesures {
        self.etat
    }

    /// Visits; none unless measured.
    #[must_use]
    pub const fn visites(&self) -> Option<i64> {
        self.visites
    }

    /// Users; none unless measured.
    #[must_use]
    pub const fn utilisateurs(&self) -> Option<i64> {
        self.utilisateurs
    }

    /// Duration in milliseconds; none unless measured.
    #[must_use]
    pub const fn duree_ms(&self) -> Option<i64> {
        self.duree_ms
    }

    /// Events; none unless measured.
    #[must_use]
    pub const fn evenements(&self) -> Option<i64> {
        self.evenements
    }

    /// Visits per user; none where one is not shown, or of nobody.
    #[must_use]
    pub fn visites_par_utilisateur(&self) -> Option<f64> {
        quotient(self.visites, self.utilisateurs)
    }

    /// Mean duration of a visit, in milliseconds; none where it is not shown, or of no visit.
    #[must_use]
    pub fn duree_moyenne_ms(&self) -> Option<f64> {
        quotient(self.duree_ms, self.visites)
    }

    /// Whether something was counted, shown or not.
    #[must_use]
    pub fn a_compte(&self) -> bool {
        self.etat == EtatMesures::Masque || self.visites.is_some_and(|visites| visites > 0)
    }

    /// The four, as they are written in a table: visits, users, duration, events.
    #[must_use]
    pub fn cases(&self) -> [String; 4] {
        [
            self.visites,
            self.utilisateurs,
            self.duree_ms,
            self.evenements,
        ]
        .map(|mesure| self.etat.case(mesure))
    }
}

/// A number over another; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn quotient(dividende: Option<i64>, diviseur: Option<i64>) -> Option<f64> {
    let (dividende, diviseur) = (dividende?, diviseur.filter(|d| *d > 0)?);
    Some(dividende as f64 / diviseur as f64)
}

impl EtatMesures {
    /// One measure, as it is written in a table.
    #[must_use]
    pub fn case(self, mesure: Option<i64>) -> String {
        mesure.map_or_else(|| self.to_string(), |mesure| mesure.to_string())
    }
}

impl fmt::Display for EtatMesures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Mesure => "mesuré",
            Self::Masque => "masqué",
            Self::NonMesure => "non mesuré",
            Self::NonDeploye => "non déployé",
        })
    }
}
