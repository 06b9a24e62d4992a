//! `frequent site`.

mod etablissements;

use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::acces::{Acces, Origine, Site, Usage};
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
        /// Origine des pages qui envoient par tag.js, comme https://ent.exemple.fr ; à répéter
        #[arg(long = "origine")]
        origines: Vec<Origine>,
        /// Site d’essai : ses envois sont jugés champ par champ, et jamais comptés ni gardés
        #[arg(long)]
        essai: bool,
    },
    /// Lister les sites
    List,
    /// Les numéros d’établissements de l’ancien marqueur
    #[command(subcommand)]
    Etablissements(etablissements::Action),
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
                origines,
                essai,
            } => {
                let cle = acces.ajouter_site(Site {
                    numero,
                    plateforme,
                    autres_plateformes,
                    projet,
                    exploitant,
                    origines,
                    usage: if essai {
                        Usage::Essai
                    } else {
                        Usage::Production
                    },
                    ..Site::default()
                })?;
                dire(format_args!(
                    "Site {numero} déclaré. Clé publique, pour tag.js : {cle}"
                ));
            }
            Self::List => {
                let sites = acces.lister_sites();
                if sites.is_empty() {
                    dire("Aucun site. Déclarez-en un : frequent site add --help");
                }
                for site in &sites {
                    lister(site);
                }
            }
            Self::Etablissements(action) => return action.executer(&acces),
            Self::Remove { numero } => {
                acces.retirer_site(numero)?;
                dire(format_args!("Site {numero} oublié."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn lister(site: &Site) {
    let Site {
        numero,
        plateforme,
        projet,
        exploitant,
        cle_publique,
        origines,
        ..
    } = site;
    let origines: Vec<_> = origines.iter().map(Origine::as_str).collect();
    dire(format_args!(
        "{numero}\t{plateforme}\t{projet}\t{exploitant}\t{}\t{}",
        if cle_publique.is_empty() {
            "sans clé publique : redéclarez le site"
        } else {
            cle_publique
        },
        origines.join(" ")
    ));
}
