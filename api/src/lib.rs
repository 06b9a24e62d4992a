//! The HTTP query API: accounts and sessions, the territory tree, figures as JSON and CSV, and the
//! console's files.
//!
//! Figures leave by one gate ([`porte`]), whatever the route and the format; failures become
//! answers in one place ([`erreurs`]); the OpenAPI document is made from the routes themselves and
//! committed beside them.

pub mod accompagnement;
pub mod audit;
pub mod base;
mod compression;
pub mod comptes;
pub mod conservation;
mod console;
pub mod conventions;
mod definitions;
mod donnees;
pub mod erreurs;
mod etat;
mod garde;
mod hote;
pub mod identites;
pub mod incidents;
mod pilotage;
pub mod porte;
mod qualite;
pub mod rapports;
mod routes;
pub mod sauvegarde;
pub mod sceau;
mod temoin;

pub use donnees::LectureErreur;
pub use etat::{Composants, Etat, Reglage, RelectureErreur};
pub use routes::{ComptesDeploiement, compter_deploiement, document, routes};
