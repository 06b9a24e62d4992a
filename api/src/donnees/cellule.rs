//! What is read from the lake: cells, and what is asked of them.

use std::fmt;
use std::sync::Arc;

use frequent_plan::vocabulaire::TOUS_PROFILS;
use frequent_plan::{Axe, Profil};
use serde::Serialize;

/// The four measures of a set of visits, as the lake has them. They are written in no format: only
/// the gate makes of them what may be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mesures {
    /// Number of visits.
    pub visites: i64,
    /// Number of distinct people, exact.
    pub utilisateurs: i64,
    /// Sum of the visits' durations, in milliseconds.
    pub duree_ms: i64,
    /// Number of events.
    pub evenements: i64,
}

/// The profile of a cell: one of the plan's, or all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfilCellule {
    /// `TOUS`: a person seen under two profiles counts once.
    Tous,
    /// One profile.
    Un(Profil),
}

impl ProfilCellule {
    /// The code, as it is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tous => TOUS_PROFILS,
            Self::Un(profil) => profil.code(),
        }
    }

    /// The profile of this code, if it is one.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        if code == TOUS_PROFILS {
            return Some(Self::Tous);
        }
        Profil::de_code(code).map(Self::Un)
    }

    /// The profile, if it is one alone.
    #[must_use]
    pub const fn seul(self) -> Option<Profil> {
        match self {
            Self::Tous => None,
            Self::Un(profil) => Some(profil),
        }
    }

    /// All profiles together, then each.
    pub fn tous() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Tous).chain(Profil::TOUS.iter().copied().map(Self::Un))
    }
}

impl fmt::Display for ProfilCellule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for ProfilCellule {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

/// One cell of a period: as the lake has it, or as it leaves the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cellule<M = Mesures> {
    /// The territory.
    pub code: Arc<str>,
    /// The profile.
    pub profil: ProfilCellule,
    /// The axis.
    pub axe: Axe,
    /// The member of the axis.
    pub membre: Arc<str>,
    /// The four measures.
    pub mesures: M,
}

/// Which territories are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Codes {
    /// One.
    Un(String),
    /// Several, sorted.
    Plusieurs(Arc<[String]>),
}

impl Codes {
    /// Several territories, in any order.
    #[must_use]
    pub fn plusieurs(codes: impl IntoIterator<Item = String>) -> Self {
        let mut codes: Vec<String> = codes.into_iter().collect();
        codes.sort_unstable();
        codes.dedup();
        Self::Plusieurs(codes.into())
    }

    /// The territories, sorted.
    pub(crate) fn tries(&self) -> &[String] {
        match self {
            Self::Un(code) => std::slice::from_ref(code),
            Self::Plusieurs(codes) => codes,
        }
    }

    /// Whether this territory is one of them.
    pub(super) fn contient(&self, code: &str) -> bool {
        let tries = self.tries();
        tries.binary_search_by(|c| c.as_str().cmp(code)).is_ok()
    }

    /// Whether one of them lies between these bounds, both included.
    pub(super) fn touche(&self, min: &[u8], max: &[u8]) -> bool {
        let tries = self.tries();
        let premier = tries.partition_point(|code| code.as_bytes() < min);
        tries
            .get(premier)
            .is_some_and(|code| code.as_bytes() <= max)
    }
}

/// Which cells of a period are wanted.
#[derive(Debug, Clone)]
pub struct Filtre {
    /// The territories.
    pub codes: Codes,
    /// The axes.
    pub axes: Vec<Axe>,
    /// The profile; none means every one.
    pub profil: Option<ProfilCellule>,
    /// The member of the axis; none means every one.
    pub membre: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wanted_codes_meet_a_page_whose_bounds_hold_one_of_them() {
        let codes = Codes::plusieurs(["c".to_owned(), "a".to_owned(), "c".to_owned()]);
        assert!(codes.contient("a") && codes.contient("c") && !codes.contient("b"));
        assert!(codes.touche(b"b", b"d"));
        assert!(codes.touche(b"a", b"a"));
        assert!(!codes.touche(b"b", b"b"));
        assert!(!codes.touche(b"d", b"z"));
        assert!(!Codes::Un("b".to_owned()).touche(b"c", b"z"));
    }

    #[test]
    fn every_profile_code_is_read_back() {
        for profil in ProfilCellule::tous() {
            assert_eq!(ProfilCellule::de_code(profil.code()), Some(profil));
        }
        assert_eq!(ProfilCellule::de_code("*"), None);
    }
}
