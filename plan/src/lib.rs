//! The marking plan: what an event is, what its fields may hold, how its people are made
//! pseudonymous, which local day it belongs to, and how the lake that keeps it is laid out.
//!
//! Everything here is pure: no file is read, no clock is asked unless the caller passes it. That is
//! what lets the same definitions serve the collection, the counting and the tests that check both.

mod alignement;
pub mod calendrier;
pub mod conservation;
pub mod conversions;
pub mod ecoles_gardees;
pub mod evenement;
pub mod fuseau;
pub mod hexadecimal;
pub mod jour;
pub mod lac;
pub mod plan;
pub mod pseudonyme;
pub mod refus;
pub mod semestre;
pub mod somme;
pub mod uai;
pub mod vocabulaire;

pub use calendrier::{Calendrier, Vacances, Zone};
pub use conversions::{Conversion, Conversions};
pub use evenement::{Brut, Controle, Date, Evenement, FenetreTemps, NonAccepte, Origine, Terminal};
pub use fuseau::{Fuseaux, Horloge, HorlogeSysteme, Instant};
pub use jour::{AnneeScolaire, Grain, Jour, JourInvalide, Periode};
pub use lac::Lac;
pub use plan::{Plan, Service};
pub use pseudonyme::{Cle, CleIndisponible, Client, IdEvenement, Trousseau, Visiteur};
pub use refus::{Raison, Refus};
pub use semestre::Semestre;
pub use uai::{Uai, UaiInvalide};
pub use vocabulaire::{Appareil, Axe, Navigateur, Niveau, Os, Profil, Tranche, TypeService};
