//! What is counted, by the codes of the table's column `mesure`.

/// Declares the measures that a cell counts, with their codes.
macro_rules! mesures {
    ($($(#[$doc:meta])* $variante:ident = $code:literal;)+) => {
        /// What a cell counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Mesure { $($(#[$doc])* $variante),+ }

        impl Mesure {
            /// Every measure.
            pub const TOUTES: &'static [Self] = &[$(Self::$variante),+];

            /// The code, in the column `mesure`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variante => $code),+ }
            }
        }
    };
}

mesures! {
    /// Events received, well or badly formed.
    Recus = "recus";
    /// Events accepted: durable, repeated ones included.
    Acceptes = "acceptes";
    /// Hits that tell of no access.
    SansAcces = "sans_acces";
    /// Accepted events without an identifier of browser, app or session.
    SansClient = "sans_client";
    /// Accepted events of an earlier local day than their receipt.
    Tardifs = "tardifs";
    /// Accepted events whose service was a name of the provider's own.
    ServiceConverti = "service_converti";
    /// Received at most a minute after they took place.
    DelaiMinute = "delai_1min";
    /// At most ten minutes.
    DelaiDixMinutes = "delai_10min";
    /// At most an hour.
    DelaiHeure = "delai_1h";
    /// At most a day.
    DelaiJour = "delai_1j";
    /// More than a day.
    DelaiPlus = "delai_plus";
    /// Accepted events whose person identifier was looked at: a sample.
    Examines = "examines";
    /// Of those, e-mail addresses.
    IdentifiantCourriel = "identifiant_courriel";
    /// Of those, national pupil numbers.
    IdentifiantIne = "identifiant_ine";
    /// Of those, telephone numbers.
    IdentifiantTelephone = "identifiant_telephone";
    /// Of those, what reads like a person's name.
    IdentifiantNom = "identifiant_nom";
    /// Of those, codes that anyone can turn back into a readable text.
    IdentifiantDecodable = "identifiant_decodable";
    /// Of those, identifiers seen on another platform too.
    IdentifiantDeuxPlateformes = "identifiant_deux_plateformes";
}

/// Rows landed for a day, counted in the lake.
pub const ATTERRIS: &str = "atterris";
/// Rows landed whose identifier another row of the day already has.
pub const DOUBLONS: &str = "doublons";
/// Beginning of a refusal's code; the reason's own follows.
pub const REFUS: &str = "refus_";

const MINUTE_MS: i64 = 60_000;
const HEURE_MS: i64 = 60 * MINUTE_MS;

impl Mesure {
    /// The class of the time between an event and its receipt.
    #[must_use]
    pub const fn de_delai(delai_ms: i64) -> Self {
        match delai_ms {
            d if d <= MINUTE_MS => Self::DelaiMinute,
            d if d <= 10 * MINUTE_MS => Self::DelaiDixMinutes,
            d if d <= HEURE_MS => Self::DelaiHeure,
            d if d <= 24 * HEURE_MS => Self::DelaiJour,
            _ => Self::DelaiPlus,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_class_includes_its_upper_bound_and_the_first_holds_what_comes_early() {
        for (delai, mesure) in [
            (-5_000, Mesure::DelaiMinute),
            (60_000, Mesure::DelaiMinute),
            (60_001, Mesure::DelaiDixMinutes),
            (3_600_000, Mesure::DelaiHeure),
            (86_400_000, Mesure::DelaiJour),
            (86_400_001, Mesure::DelaiPlus),
        ] {
            assert_eq!(Mesure::de_delai(delai), mesure, "{delai}");
        }
    }

    #[test]
    fn every_measure_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<_> =
            Mesure::TOUTES.iter().map(|m| m.code()).collect();
        assert_eq!(codes.len(), Mesure::TOUTES.len());
    }
}
