//! Believable traffic for real schools: seeded, so that the same settings give the same events to
//! the byte; cut by school and local day, so that any of them can be made alone, in parallel,
//! without the others and without memory.
//!
//! How schools live is data (`data/modele.toml`); this crate draws from it ([`Simulation`]), writes
//! the native JSON lines, and delivers them to files ([`vers_fichiers`]) or to the collection
//! address ([`vers_http`]). Nothing in it is ever counted: it only sends.

pub mod aaf;
mod acces;
mod calendrier;
mod ecole;
#[cfg(test)]
mod essais;
mod fichiers;
mod hasard;
mod http;
mod json;
mod modele;
mod reference;
mod simulation;
mod visites;

pub use acces::{Acces, Defaut};
pub use calendrier::rentree;
pub use ecole::{Conduite, Degre, EcoleSimulee};
pub use fichiers::{BilanFichiers, Compression, FichiersErreur, vers_fichiers};
pub use http::{BilanEnvoi, Envoi, EnvoiErreur, vers_http};
pub use modele::ModeleInvalide;
pub use reference::{JourDeReference, jour_de_reference};
pub use simulation::{
    Anomalies, Avancement, Panne, Plateforme, Reglages, Simulation, SimulationErreur, Terminaux,
};
