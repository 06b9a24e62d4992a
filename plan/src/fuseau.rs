//! Local time of a school: mainland France keeps Europe/Paris, each overseas territory its own.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::jour::Jour;
use crate::uai::Uai;

/// Time zones that differ from Europe/Paris, by the three digits that begin a UAI or a département
/// code (source: `docs/definitions.md`, table of the event's fields).
const OUTRE_MER: &[(u16, &str)] = &[
    (971, "America/Guadeloupe"),
    (972, "America/Martinique"),
    (973, "America/Cayenne"),
    (974, "Indian/Reunion"),
    (975, "America/Miquelon"),
    (976, "Indian/Mayotte"),
    (977, "America/St_Barthelemy"),
    (978, "America/Marigot"),
    (986, "Pacific/Wallis"),
    (987, "Pacific/Tahiti"),
    (988, "Pacific/Noumea"),
];

const METROPOLE: &str = "Europe/Paris";
const MS_PAR_HEURE: i64 = 3_600_000;
const MS_PAR_JOUR: i64 = 24 * MS_PAR_HEURE;

/// An instant in UTC, in milliseconds since 1970-01-01.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant of a [`Timestamp`], cut to the millisecond.
    #[must_use]
    pub fn de_timestamp(ts: Timestamp) -> Self {
        Self(ts.as_millisecond())
    }

    /// Now, by the machine's clock.
    #[must_use]
    pub fn maintenant() -> Self {
        Self::de_timestamp(Timestamp::now())
    }

    /// As a [`Timestamp`]; saturates at the ends of its range.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// The day it is in UTC; saturates at the ends of the range of days.
    #[must_use]
    pub fn jour_utc(self) -> Jour {
        let jours = self.0.div_euclid(MS_PAR_JOUR);
        let bout = if self.0 < 0 { i32::MIN } else { i32::MAX };
        Jour::de_epoque(i32::try_from(jours).unwrap_or(bout))
    }

    /// The first instant of a day in UTC.
    #[must_use]
    pub fn debut_utc(jour: Jour) -> Self {
        Self(i64::from(jour.epoque()) * MS_PAR_JOUR)
    }
}

/// Where "now" comes from: the machine in production, a set instant in tests.
pub trait Horloge: Send + Sync {
    /// The present instant.
    fn maintenant(&self) -> Instant;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct HorlogeSysteme;

impl Horloge for HorlogeSysteme {
    fn maintenant(&self) -> Instant {
        Instant::maintenant()
    }
}

/// The local day and hour of an instant in one school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeureLocale {
    /// The local calendar day.
    pub jour: Jour,
    /// The local hour, 0 to 23.
    pub heure: u8,
}

/// The time zones of France, read once from the bundled database.
#[derive(Debug, Clone)]
pub struct Fuseaux {
    metropole: TimeZone,
    outre_mer: Vec<(u16, TimeZone)>,
}

/// A zone that the bundled time zone database does not have.
#[derive(Debug, thiserror::Error)]
#[error("le fuseau horaire {nom} manque à la base embarquée : {source}")]
pub struct FuseauManquant {
    nom: &'static str,
    source: jiff::Error,
}

impl Fuseaux {
    /// Reads the zones from the database bundled in the program, so that the machine's own
    /// configuration has no influence.
    ///
    /// # Errors
    /// A zone is missing from that database.
    pub fn charger() -> Result<Self, FuseauManquant> {
        let base = jiff::tz::TimeZoneDatabase::bundled();
        let lire = |nom: &'static str| {
            base.get(nom)
                .map_err(|source| FuseauManquant { nom, source })
        };
        Ok(Self {
            metropole: lire(METROPOLE)?,
            outre_mer: OUTRE_MER
                .iter()
                .map(|&(prefixe, nom)| Ok((prefixe, lire(nom)?)))
                .collect::<Result<_, FuseauManquant>>()?,
        })
    }

    /// The time zone of a school, by the département in its UAI.
    #[must_use]
    pub fn de_uai(&self, uai: Uai) -> &TimeZone {
        self.de_prefixe(uai.prefixe())
    }

    /// The time zone of a département given by its three digits.
    #[must_use]
    pub fn de_prefixe(&self, prefixe: u16) -> &TimeZone {
        // Nearly every school is in mainland France: one comparison settles it.
        if prefixe < 971 {
            return &self.metropole;
        }
        self.outre_mer
            .iter()
            .find(|(p, _)| *p == prefixe)
            .map_or(&self.metropole, |(_, zone)| zone)
    }

    /// The day of an instant in mainland France, by which what belongs to no school is dated.
    #[must_use]
    pub fn jour_en_metropole(&self, instant: Instant) -> Jour {
        self.heure_locale(Uai::depuis_nombre(0), instant).jour
    }

    /// Today in mainland France, by the machine's clock.
    #[must_use]
    pub fn aujourdhui(&self) -> Jour {
        self.jour_en_metropole(Instant::maintenant())
    }

    /// The local day and hour of an instant in a school.
    #[must_use]
    pub fn heure_locale(&self, uai: Uai, instant: Instant) -> HeureLocale {
        let ts = instant.timestamp();
        let decalage = self.de_uai(uai).to_offset(ts).seconds();
        let local_ms = ts.as_millisecond() + i64::from(decalage) * 1_000;
        let jours = local_ms.div_euclid(MS_PAR_JOUR);
        let heure = local_ms.rem_euclid(MS_PAR_JOUR) / MS_PAR_HEURE;
        HeureLocale {
            jour: Jour::de_epoque(i32::try_from(jours).unwrap_or(i32::MAX)),
            heure: u8::try_from(heure).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(uai: u32, instant: &str) -> (String, u8) {
        let fuseaux = Fuseaux::charger().unwrap();
        let ts: Timestamp = instant.parse().unwrap();
        let l = fuseaux.heure_locale(Uai::depuis_nombre(uai), Instant::de_timestamp(ts));
        (l.jour.to_string(), l.heure)
    }

    #[test]
    fn a_day_in_utc_begins_at_its_first_instant_and_ends_before_the_next() {
        let jour: Jour = "1969-12-31".parse().unwrap();
        let debut = Instant::debut_utc(jour);
        assert_eq!(debut, Instant(-86_400_000));
        assert_eq!(debut.jour_utc(), jour);
        assert_eq!(Instant(debut.0 - 1).jour_utc(), jour.plus(-1));
        assert_eq!(Instant(-1).jour_utc(), jour);
        assert!(Instant(i64::MIN).jour_utc() < jour && Instant(i64::MAX).jour_utc() > jour);
    }

    #[test]
    fn paris_is_one_hour_ahead_in_winter_and_two_in_summer() {
        assert_eq!(
            local(660_713, "2026-11-20T23:30:00Z"),
            ("2026-11-21".into(), 0)
        );
        assert_eq!(
            local(660_713, "2026-06-20T22:30:00Z"),
            ("2026-06-21".into(), 0)
        );
    }

    #[test]
    fn the_repeated_hour_of_october_is_hour_two_twice() {
        assert_eq!(
            local(660_713, "2026-10-25T00:30:00Z"),
            ("2026-10-25".into(), 2)
        );
        assert_eq!(
            local(660_713, "2026-10-25T01:30:00Z"),
            ("2026-10-25".into(), 2)
        );
    }

    #[test]
    fn overseas_schools_keep_their_own_day() {
        assert_eq!(
            local(9_710_001, "2026-11-21T02:00:00Z"),
            ("2026-11-20".into(), 22)
        );
        assert_eq!(
            local(9_740_001, "2026-11-20T21:00:00Z"),
            ("2026-11-21".into(), 1)
        );
        assert_eq!(
            local(9_880_001, "2026-11-20T14:00:00Z"),
            ("2026-11-21".into(), 1)
        );
        assert_eq!(
            local(9_870_001, "2026-11-20T09:30:00Z"),
            ("2026-11-19".into(), 23)
        );
    }

    #[test]
    fn corse_keeps_the_time_of_paris() {
        assert_eq!(
            local(6_200_001, "2026-11-20T23:30:00Z"),
            ("2026-11-21".into(), 0)
        );
    }
}
