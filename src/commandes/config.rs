//! `frequent config`.

use std::process::ExitCode;

use clap::Args;

use super::{Resultat, dire};
use crate::reglages::{DEFAUT, Reglages};

/// Arguments of `frequent config`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Le fichier par défaut, commenté, à recopier et modifier
    #[arg(long)]
    defaut: bool,
}

impl Arguments {
    /// Prints the settings in force, secrets masked, or the commented default file.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        if self.defaut {
            dire(DEFAUT.trim_end());
        } else {
            dire(toml::to_string(reglages)?.trim_end());
        }
        Ok(ExitCode::SUCCESS)
    }
}
