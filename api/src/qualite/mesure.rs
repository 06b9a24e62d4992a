//! What the table `qualite` counts, by the codes of its column `mesure`.

/// Beginning of a refusal's code; the reason's own follows.
const REFUS: &str = "refus_";
/// Beginning of an identifier warning's code; the warning's own follows.
const IDENTIFIANT: &str = "identifiant_";

/// What a row counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mesure {
    Recus,
    Acceptes,
    SansAcces,
    SansClient,
    Tardifs,
    ServiceConverti,
    Doublons,
    Examines,
    Delai(Delai),
    /// With the reason's code.
    Refus(String),
    /// With the warning's code.
    Identifiant(String),
}

/// How long after it took place an event was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delai {
    Minute,
    DixMinutes,
    Heure,
    Jour,
    Plus,
}

impl Mesure {
    /// The measure of this code; none for one of a later version, which is left aside.
    pub(super) fn de_code(code: &str) -> Option<Self> {
        if let Some(raison) = code.strip_prefix(REFUS) {
            return Some(Self::Refus(raison.to_owned()));
        }
        if let Some(alerte) = code.strip_prefix(IDENTIFIANT) {
            return Some(Self::Identifiant(alerte.to_owned()));
        }
        Some(match code {
            "recus" => Self::Recus,
            "acceptes" => Self::Acceptes,
            "sans_acces" => Self::SansAcces,
            "sans_client" => Self::SansClient,
            "tardifs" => Self::Tardifs,
            "service_converti" => Self::ServiceConverti,
            "doublons" => Self::Doublons,
            "examines" => Self::Examines,
            "delai_1min" => Self::Delai(Delai::Minute),
            "delai_10min" => Self::Delai(Delai::DixMinutes),
            "delai_1h" => Self::Delai(Delai::Heure),
            "delai_1j" => Self::Delai(Delai::Jour),
            "delai_plus" => Self::Delai(Delai::Plus),
            _ => return None,
        })
    }
}
