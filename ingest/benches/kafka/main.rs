//! Kafka as the log: the requests of the bench `http` again, and, for both logs, the time from
//! acknowledgement to landed. The broker is Apache Kafka itself, on this machine, one replica.
// A broker that does not start stops the bench, with its reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../http/charge.rs"]
mod charge;
#[path = "../../../tests/banc/kafka.rs"]
mod courtier;
#[path = "../../tests/durabilite/evenements.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod evenements;
mod latence;
#[path = "../http/mesure.rs"]
#[allow(dead_code, reason = "the bench `http` uses the rest")]
mod mesure;
#[path = "../http/serveur.rs"]
mod serveur;

use std::error::Error;
use std::process::Command;

use courtier::Courtier;

/// What the product itself runs with.
#[global_allocator]
static MEMOIRE: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os(serveur::ROLE).is_some() {
        return serveur::servir();
    }
    // This same program, called again so that the servers it starts inherit the topic.
    if std::env::var_os(serveur::KAFKA).is_some() {
        charge::lots()?;
        return charge::hits();
    }
    latence::embarque()?;
    let courtier = Courtier::du_programme();
    latence::kafka(&courtier)?;
    let lieu = format!("{} {}", courtier.serveurs(), courtier.sujet("banc", 4));
    let charge = Command::new(std::env::current_exe()?)
        .env(serveur::KAFKA, lieu)
        .status()?;
    if charge.success() {
        Ok(())
    } else {
        Err("la mesure sous charge a échoué".into())
    }
}
