//! What runs inside `frequent serve`: the server, and the computation that follows the events.

pub mod aaf;
pub mod base;
pub mod calcul;
mod connexions;
pub mod conservation;
mod conventions;
mod entree;
mod exploitation;
pub mod journaux;
mod qualite;
mod rapports;
mod rechauffe;
pub mod roles;
pub mod serveur;
