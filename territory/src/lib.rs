//! The territory: schools, the levels they make, the versions of the open directory that says so,
//! the conventions that open their ENTs, and the perimeters that accounts see. It knows nothing of
//! events.
//!
//! A version of the directory is what one imported file said, under its date of validity
//! ([`import`]); [`Annuaires`] holds them all and answers which one was in force on a day;
//! [`Annuaire`] is one of them, indexed. The directory feed of the académies ([`aaf`]) adds to them,
//! and gives the head counts ([`effectifs`]).

pub mod aaf;
mod annuaire;
mod annuaires;
pub mod conventions;
mod ecole;
pub mod effectifs;
pub mod import;
mod lignes;
mod perimetre;
pub mod pilotage;
mod recherche;
mod tables;
mod territoire;

pub use annuaire::Annuaire;
pub use annuaires::{Annuaires, OuvertureErreur};
pub use ecole::{CodeNom, Ecole, Etat, Position, Secteur};
pub use perimetre::Perimetre;
pub use recherche::plier;
pub use tables::{TableErreur, schema_ecoles, schema_territoires};
pub use territoire::{NOM_NATIONAL, Territoire};
