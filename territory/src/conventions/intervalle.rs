//! A span of days.

use frequent_plan::Jour;

/// Days from a first to a last, both included: never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Intervalle {
    du: Jour,
    au: Jour,
}

impl Intervalle {
    /// The days from `du` to `au`; none when `au` comes first.
    #[must_use]
    pub fn new(du: Jour, au: Jour) -> Option<Self> {
        (du <= au).then_some(Self { du, au })
    }

    /// First day.
    #[must_use]
    pub const fn du(self) -> Jour {
        self.du
    }

    /// Last day.
    #[must_use]
    pub const fn au(self) -> Jour {
        self.au
    }

    /// Whether it holds a day.
    #[must_use]
    pub fn contient(self, jour: Jour) -> bool {
        self.du <= jour && jour <= self.au
    }

    /// Whether both hold a same day.
    #[must_use]
    pub fn croise(self, autre: Self) -> bool {
        self.du <= autre.au && autre.du <= self.au
    }
}
