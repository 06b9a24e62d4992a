//! `frequent key`.

use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::recus::CleInstance;
use frequent_plan::Lac;

use super::{Resultat, dire};
use crate::reglages::Reglages;

/// What can be done with the instance's own keys.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Afficher la clé publique qui vérifie les reçus ; la paire est créée au besoin
    Show,
}

impl Action {
    /// Shows the public key.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let Self::Show = self;
        let cle = CleInstance::ouvrir(&Lac::new(&reglages.general.donnees))?;
        dire(cle.publique());
        Ok(ExitCode::SUCCESS)
    }
}
