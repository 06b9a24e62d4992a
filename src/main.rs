//! The command line of FréquENT: one small file per subcommand, wiring only.

mod commandes;
mod journaux;
mod reglages;
mod service;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use commandes::Commande;
use reglages::{FormatJournaux, Reglages};

#[global_allocator]
static ALLOCATEUR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Mesure d’audience des espaces numériques de travail : collecte, calcul, console de pilotage.
#[derive(Debug, Parser)]
#[command(
    name = "frequent",
    version,
    propagate_version = true,
    after_help = "Pour voir une console complète sur des données simulées : frequent demo"
)]
struct Ligne {
    /// Fichier de réglages (TOML) ; sans lui, les valeurs par défaut et l’environnement
    #[arg(long, global = true, env = "FREQUENT_CONFIG", value_name = "FICHIER")]
    config: Option<PathBuf>,

    /// Dossier des données ; l’emporte sur les réglages
    #[arg(long, global = true, value_name = "DOSSIER")]
    donnees: Option<PathBuf>,

    #[command(subcommand)]
    commande: Commande,
}

fn main() -> ExitCode {
    let ligne = Ligne::parse();
    match lancer(ligne) {
        Ok(code) => code,
        Err(faute) => {
            commandes::dire_erreur(faute.as_ref());
            ExitCode::FAILURE
        }
    }
}

fn lancer(ligne: Ligne) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut reglages = Reglages::charger(ligne.config.as_deref(), std::env::vars())?;
    if let Some(donnees) = ligne.donnees {
        reglages.general.donnees = donnees;
    }
    journaux::installer(&reglages.general);
    let journaux = reglages.general.journaux;
    match (ligne.commande.executer(reglages), journaux) {
        (Err(faute), FormatJournaux::Json) => {
            tracing::error!(%faute, "command failed");
            Ok(ExitCode::FAILURE)
        }
        (issue, _) => issue,
    }
}
