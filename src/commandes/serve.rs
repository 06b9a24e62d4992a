//! `frequent serve`.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::roles::{Role, Roles};
use crate::service::serveur::Serveur;

/// Arguments of `frequent serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Adresse et port d’écoute ; l’emporte sur les réglages (port 0 : un port libre)
    #[arg(long, value_name = "ADRESSE:PORT")]
    adresse: Option<SocketAddr>,

    /// Ce que fait ce processus, pour répartir le travail entre plusieurs (voir le README)
    #[arg(
        long,
        value_enum,
        value_name = "RÔLE,…",
        value_delimiter = ',',
        default_value = "collect,land,aggregate,api"
    )]
    role: Vec<Role>,
}

impl Arguments {
    /// Collects, lands, counts and serves, or a part of that, until asked to stop.
    pub fn executer(self, mut reglages: Reglages) -> Resultat {
        if let Some(adresse) = self.adresse {
            reglages.serveur.adresse = adresse;
        }
        let roles = Roles::new(self.role, &reglages)?;
        let serveur = Serveur::demarrer(&reglages, &roles)?;
        dire(format_args!(
            "FréquENT écoute sur {} (Ctrl-C pour arrêter)",
            serveur.url()
        ));
        if let Some(url) = serveur.url_metriques() {
            dire(format_args!("Métriques : {url}"));
        }
        serveur.attendre_la_fin()?;
        Ok(ExitCode::SUCCESS)
    }
}
