//! `frequent annuaire`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use frequent_plan::{Fuseaux, Jour, Lac};
use frequent_territory::{Annuaires, import};

use super::{Resultat, dire};
use crate::reglages::Reglages;

/// What can be done with the directory of schools.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Importer l’annuaire de l’éducation (CSV tel que publié) ; le refaire ne change rien
    Import {
        /// Le fichier
        fichier: PathBuf,
        /// Premier jour où il fait foi ; sans elle, sa dernière mise à jour, sinon aujourd’hui
        #[arg(long, value_name = "AAAA-MM-JJ")]
        validite: Option<Jour>,
    },
    /// Lister les versions de l’annuaire
    List,
}

impl Action {
    /// Imports or lists.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        match self {
            Self::Import { fichier, validite } => {
                let validite = match validite {
                    Some(jour) => jour,
                    None => match import::date_du_fichier(&fichier)? {
                        Some(jour) => jour,
                        None => Fuseaux::charger()?.aujourdhui(),
                    },
                };
                dire(import::importer(&lac, &fichier, validite)?);
            }
            Self::List => {
                let annuaires = Annuaires::ouvrir(&lac)?;
                if annuaires.versions().is_empty() {
                    dire("Aucun annuaire. Importez-en un : frequent annuaire import --help");
                }
                for version in annuaires.versions() {
                    let ecoles = version.ecoles().count();
                    dire(format_args!(
                        "{}\t{ecoles} écoles et établissements",
                        version.validite()
                    ));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
