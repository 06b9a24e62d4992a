//! What runs inside `frequent serve`: the server, and the computation that follows the events.

pub mod calcul;
mod connexions;
mod qualite;
pub mod serveur;
