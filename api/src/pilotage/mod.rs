//! The rules of steering, without any reading: size bands, peers and their quartiles, the ladder,
//! whom to visit, whether a visit helped.

mod dates;
mod echelle;
mod effet;
mod groupe;
mod repartition;
mod tournee;

pub(crate) use dates::date;
pub(crate) use echelle::{Etape, Indices, Venue, reguliere};
pub use effet::semaine_dicible;
pub(crate) use effet::{Fenetres, RefusEffet, avant_apres};
pub(crate) use groupe::{Groupe, PAIRS_MIN, pairs};
pub(crate) use repartition::Repartition;
pub(crate) use tournee::{Conseil, Raison, SEMAINES, Situation, choisir, seuil_exemple};
