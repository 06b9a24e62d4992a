//! `frequent serve`.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::serveur::Serveur;

/// Arguments of `frequent serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Adresse et port d’écoute ; l’emporte sur les réglages (port 0 : un port libre)
    #[arg(long, value_name = "ADRESSE:PORT")]
    adresse: Option<SocketAddr>,
}

impl Arguments {
    /// Collects, lands, counts and serves until asked to stop.
    pub fn executer(self, mut reglages: Reglages) -> Resultat {
        if let Some(adresse) = self.adresse {
            reglages.serveur.adresse = adresse;
        }
        let serveur = Serveur::demarrer(&reglages)?;
        dire(format_args!(
            "FréquENT écoute sur {} (Ctrl-C pour arrêter)",
            serveur.url()
        ));
        serveur.attendre_la_fin()?;
        Ok(ExitCode::SUCCESS)
    }
}
