//! One access to a page or service, before it is written.

use frequent_plan::{Instant, Jour, Profil, Service};

/// What is wrong with an event, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defaut {
    /// The UAI's check letter.
    Cle,
    /// The service's code.
    Service,
}

/// One event of the simulation. Only a [`crate::Simulation`] can write it: most of its fields are
/// ranks in the simulation's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acces {
    /// When it takes place.
    pub ts: Instant,
    /// When it reaches the collection: `ts`, or hours later.
    pub arrivee: Instant,
    /// The rank of its school in the simulation.
    pub ecole: u32,
    /// Its number among those of the school's day: with the school and the day, its identity. A
    /// resend has the same.
    pub numero: u32,
    /// The local day of the visit's beginning.
    pub jour: Jour,
    /// Milliseconds since local midnight of that day.
    pub(crate) ms_locales: u32,
    /// Seconds of local time ahead of UTC.
    pub(crate) decalage_s: i32,
    /// The person.
    pub personne: u64,
    /// Their browser.
    pub client: u64,
    /// Who they are there.
    pub profil: Profil,
    /// The service.
    pub service: Service,
    /// The third party's tool, by rank in the model.
    pub(crate) outil: Option<u8>,
    /// The terminal, by rank in the model.
    pub(crate) terminal: u8,
    /// What is wrong with it.
    pub defaut: Option<Defaut>,
}
