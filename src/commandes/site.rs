//! `frequent site`.

use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::acces::{Acces, Site};
use frequent_plan::Lac;

use super::{Resultat, dire};
use crate::reglages::Reglages;

/// What can be done with the sites of the XiTi tag. A running server takes a change within a
/// second.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Déclarer un site, ou changer ce qu’on en sait
    Add {
        /// Son numéro, celui que le marqueur envoie dans « s »
        numero: u32,
        /// Plateforme des pages qui n’en disent rien
        #[arg(long)]
        plateforme: String,
        /// Autre plateforme que ses pages peuvent nommer ; à répéter s’il y en a plusieurs
        #[arg(long = "autre-plateforme")]
        autres_plateformes: Vec<String>,
        /// Projet des pages qui n’en disent rien
        #[arg(long, default_value = "")]
        projet: String,
        /// Exploitant des pages qui n’en disent rien
        #[arg(long, default_value = "")]
        exploitant: String,
    },
    /// Lister les sites
    List,
    /// Oublier un site : ses envois seront refusés
    Remove {
        /// Son numéro
        numero: u32,
    },
}

impl Action {
    /// Changes or lists the sites.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let acces = Acces::ouvrir(&Lac::new(&reglages.general.donnees))?;
        match self {
            Self::Add {
                numero,
                plateforme,
                autres_plateformes,
                projet,
                exploitant,
            } => {
                acces.ajouter_site(Site {
                    numero,
                    plateforme,
                    autres_plateformes,
                    projet,
                    exploitant,
                })?;
                dire(format_args!("Site {numero} déclaré."));
            }
            Self::List => {
                let sites = acces.lister_sites();
                if sites.is_empty() {
                    dire("Aucun site. Déclarez-en un : frequent site add --help");
                }
                for site in sites {
                    let Site {
                        numero,
                        plateforme,
                        projet,
                        exploitant,
                        ..
                    } = site;
                    dire(format_args!(
                        "{numero}\t{plateforme}\t{projet}\t{exploitant}"
                    ));
                }
            }
            Self::Remove { numero } => {
                acces.retirer_site(numero)?;
                dire(format_args!("Site {numero} oublié."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
