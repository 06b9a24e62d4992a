//! Calendar days, school years, weeks and the periods that cells are counted over.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// A calendar day in a school's own local time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jour(Date);

/// A text that is not a day written `AAAA-MM-JJ`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas un jour : il s’écrit AAAA-MM-JJ, par exemple 2026-11-20")]
pub struct JourInvalide(pub String);

const EPOQUE: Date = Date::constant(1970, 1, 1);

impl Jour {
    /// The day of this civil date.
    #[must_use]
    pub const fn de_date(date: Date) -> Self {
        Self(date)
    }

    /// The civil date of this day.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// Days since 1970-01-01: what Arrow calls a `Date32`.
    #[must_use]
    pub fn epoque(self) -> i32 {
        (self.0 - EPOQUE).get_days()
    }

    /// The day that is `jours` days after 1970-01-01; the range of dates is saturated.
    #[must_use]
    pub fn de_epoque(jours: i32) -> Self {
        Self(EPOQUE.saturating_add(Span::new().days(jours.clamp(-3_000_000, 2_900_000))))
    }

    /// This day moved by a number of days, forwards or backwards.
    #[must_use]
    pub fn plus(self, jours: i32) -> Self {
        Self::de_epoque(self.epoque().saturating_add(jours))
    }

    /// Rank in the week: 0 is Monday, 6 is Sunday.
    #[must_use]
    pub fn rang_semaine(self) -> u8 {
        u8::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or_default()
    }

    /// The Monday of this day's week.
    #[must_use]
    pub fn lundi(self) -> Self {
        self.plus(-i32::from(self.rang_semaine()))
    }

    /// The school year that contains this day.
    #[must_use]
    pub fn annee_scolaire(self) -> AnneeScolaire {
        let debut = if self.0.month() >= 8 {
            self.0.year()
        } else {
            self.0.year() - 1
        };
        AnneeScolaire(debut)
    }

    /// Saturday or Sunday.
    #[must_use]
    pub fn est_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// Every day from this one to `fin`, both included.
    pub fn jusqua(self, fin: Self) -> impl Iterator<Item = Self> {
        (self.epoque()..=fin.epoque()).map(Self::de_epoque)
    }
}

impl fmt::Display for Jour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Jour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jour({self})")
    }
}

impl FromStr for Jour {
    type Err = JourInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        if texte.len() != 10 {
            return Err(JourInvalide(texte.to_owned()));
        }
        texte
            .parse()
            .map(Self)
            .map_err(|_| JourInvalide(texte.to_owned()))
    }
}

impl serde::Serialize for Jour {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Jour {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let texte = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        texte.parse().map_err(serde::de::Error::custom)
    }
}

/// A school year, from 1 August to 31 July, named `2026-2027`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnneeScolaire(i16);

impl AnneeScolaire {
    /// The school year that begins on 1 August of this civil year; `None` outside 1 to 9998.
    #[must_use]
    pub fn depuis(annee: i16) -> Option<Self> {
        (1..=9998).contains(&annee).then_some(Self(annee))
    }

    /// 1 August.
    #[must_use]
    pub fn debut(self) -> Jour {
        Jour(Date::new(self.0, 8, 1).unwrap_or(EPOQUE))
    }

    /// 31 July of the next civil year.
    #[must_use]
    pub fn fin(self) -> Jour {
        self.suivante().debut().plus(-1)
    }

    /// The school year after this one.
    #[must_use]
    pub fn suivante(self) -> Self {
        Self(self.0.saturating_add(1).min(9998))
    }

    /// The school year before this one.
    #[must_use]
    pub fn precedente(self) -> Self {
        Self(self.0.saturating_sub(1).max(1))
    }
}

impl fmt::Display for AnneeScolaire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.0 + 1)
    }
}

impl FromStr for AnneeScolaire {
    type Err = JourInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let invalide = || JourInvalide(texte.to_owned());
        let (debut, fin) = texte.split_once('-').ok_or_else(invalide)?;
        let debut: i16 = debut.parse().map_err(|_| invalide())?;
        let fin: i16 = fin.parse().map_err(|_| invalide())?;
        Self::depuis(debut)
            .filter(|_| debut.checked_add(1) == Some(fin))
            .ok_or_else(invalide)
    }
}

impl serde::Serialize for AnneeScolaire {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// How long a cell's period is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    /// One local day.
    Jour,
    /// Monday to Sunday, named by its Monday.
    Semaine,
    /// A calendar month.
    Mois,
    /// A school year, 1 August to 31 July.
    Annee,
}

impl Grain {
    /// Every grain, shortest first.
    pub const TOUS: &'static [Self] = &[Self::Jour, Self::Semaine, Self::Mois, Self::Annee];

    /// The code, as it travels and as it is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jour => "jour",
            Self::Semaine => "semaine",
            Self::Mois => "mois",
            Self::Annee => "annee",
        }
    }

    /// The grain of this code, if it is one.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        Self::TOUS.iter().copied().find(|g| g.code() == code)
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A day, a week, a month or a school year: exactly its days, first to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Periode {
    grain: Grain,
    debut: Jour,
}

impl Periode {
    /// The period of this grain that contains a day.
    #[must_use]
    pub fn contenant(grain: Grain, jour: Jour) -> Self {
        let debut = match grain {
            Grain::Jour => jour,
            Grain::Semaine => jour.lundi(),
            Grain::Mois => Jour(jour.0.first_of_month()),
            Grain::Annee => jour.annee_scolaire().debut(),
        };
        Self { grain, debut }
    }

    /// The grain of the period.
    #[must_use]
    pub const fn grain(self) -> Grain {
        self.grain
    }

    /// Its first day.
    #[must_use]
    pub const fn debut(self) -> Jour {
        self.debut
    }

    /// Its last day.
    #[must_use]
    pub fn fin(self) -> Jour {
        match self.grain {
            Grain::Jour => self.debut,
            Grain::Semaine => self.debut.plus(6),
            Grain::Mois => Jour(self.debut.0.last_of_month()),
            Grain::Annee => self.debut.annee_scolaire().fin(),
        }
    }

    /// Its days, in order.
    pub fn jours(self) -> impl Iterator<Item = Jour> {
        self.debut.jusqua(self.fin())
    }

    /// The period of the same grain just before.
    #[must_use]
    pub fn precedente(self) -> Self {
        Self::contenant(self.grain, self.debut.plus(-1))
    }

    /// The period of the same grain just after.
    #[must_use]
    pub fn suivante(self) -> Self {
        Self::contenant(self.grain, self.fin().plus(1))
    }

    /// This period and those after, as long as they begin by a day.
    pub fn jusqua(self, jour: Jour) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |periode| Some(periode.suivante()))
            .take_while(move |periode| periode.debut <= jour)
    }
}

/// One year after a day, for ranges given by their length. 29 February gives 28 February.
#[must_use]
pub fn un_an_apres(jour: Jour) -> Jour {
    Jour(jour.0.saturating_add(1.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    #[test]
    fn a_school_year_runs_from_1_august_to_31_july() {
        assert_eq!(jour("2026-07-31").annee_scolaire().to_string(), "2025-2026");
        assert_eq!(jour("2026-08-01").annee_scolaire().to_string(), "2026-2027");
        let annee: AnneeScolaire = "2026-2027".parse().unwrap();
        assert_eq!(annee.debut(), jour("2026-08-01"));
        assert_eq!(annee.fin(), jour("2027-07-31"));
        assert!("2026-2028".parse::<AnneeScolaire>().is_err());
    }

    #[test]
    fn a_week_is_named_by_its_monday() {
        let semaine = Periode::contenant(Grain::Semaine, jour("2026-11-22"));
        assert_eq!(semaine.debut(), jour("2026-11-16"));
        assert_eq!(semaine.fin(), jour("2026-11-22"));
        assert_eq!(semaine.precedente().debut(), jour("2026-11-09"));
    }

    #[test]
    fn a_month_ends_on_its_last_day_in_leap_years_too() {
        let mois = Periode::contenant(Grain::Mois, jour("2028-02-10"));
        assert_eq!(mois.fin(), jour("2028-02-29"));
        assert_eq!(mois.jours().count(), 29);
    }

    #[test]
    fn days_count_from_the_epoch_both_ways() {
        assert_eq!(jour("1970-01-01").epoque(), 0);
        assert_eq!(jour("2026-11-21").epoque(), 20_778);
        assert_eq!(Jour::de_epoque(20_778), jour("2026-11-21"));
        assert_eq!(Jour::de_epoque(-1).to_string(), "1969-12-31");
    }

    #[test]
    fn a_text_that_is_no_day_is_refused() {
        for texte in ["", "2026-02-30", "20261121", "2026-11-21T10:00", "hier"] {
            assert!(texte.parse::<Jour>().is_err(), "{texte}");
        }
    }
}
