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
    // `cargo bench` adds options of its own; a word is what to measure, none is everything.
    let voulu = std::env::args().skip(1).find(|mot| !mot.starts_with('-'));
    let veut = |quoi: &str| voulu.as_deref().is_none_or(|mot| mot == quoi);
    if veut("lecture") {
        lecture::mesurer()?;
    }
    if veut("lots") {
        charge::lots()?;
    }
    if veut("hits") {
        charge::hits()?;
    }
    Ok(())
}
