//! What the collection costs: reading, checking and pseudonymising alone, on one core; then the
//! whole of it, over HTTP and durable, per second of the server's processor time.
//!
//! The server is a process of its own (this same program, called again), so that its time in
//! `/proc` is its own and not its clients'. Figures are medians of several runs.

mod charge;
mod lecture;
mod mesure;
mod serveur;

use std::error::Error;

/// What the product itself runs with.
#[global_allocator]
static MEMOIRE: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os(serveur::ROLE).is_some() {
        return serveur::servir();
    }
    lecture::mesurer()?;
    charge::mesurer()
}
