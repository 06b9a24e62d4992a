//! What runs inside `frequent serve`: the server, and the computation that follows the events.

pub mod aaf;
pub mod calcul;
mod connexions;
mod conventions;
mod entree;
pub mod conservation;
mod exploitation;
pub mod journaux;
mod qualite;
pub mod roles;
pub mod serveur;
