//! `frequent provider`.

use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::acces::{Acces, Usage};
use frequent_plan::{Instant, Lac};

use super::{Resultat, dire};
use crate::reglages::Reglages;

/// What can be done with providers' keys. A running server takes a change within a second.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Créer une clé ; elle s’affiche une seule fois
    Add {
        /// Nom de la clé, par exemple celui du fournisseur
        nom: String,
        /// Plateforme pour laquelle elle peut émettre ; à répéter s’il y en a plusieurs
        #[arg(long = "plateforme", required = true)]
        plateformes: Vec<String>,
        /// Clé d’essai : ce qu’elle envoie est jugé champ par champ, et jamais compté ni gardé
        #[arg(long)]
        essai: bool,
    },
    /// Lister les clés : leur nom, leurs plateformes, leur date
    List,
    /// Révoquer une clé
    Revoke {
        /// Nom de la clé
        nom: String,
    },
}

impl Action {
    /// Changes or lists the keys.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let acces = Acces::ouvrir(&Lac::new(&reglages.general.donnees))?;
        match self {
            Self::Add {
                nom,
                plateformes,
                essai,
            } => {
                let usage = if essai {
                    Usage::Essai
                } else {
                    Usage::Production
                };
                let maintenant = Instant::maintenant();
                let secret = acces.creer_cle_pour(usage, &nom, &plateformes, maintenant)?;
                dire(format_args!(
                    "Clé de {nom}, à transmettre par un canal sûr :"
                ));
                dire(secret);
                dire("Elle ne sera plus affichée : seule son empreinte est gardée.");
            }
            Self::List => {
                let cles = acces.lister_cles();
                if cles.is_empty() {
                    dire("Aucune clé. Créez-en une : frequent provider add --help");
                }
                for cle in cles {
                    let etat = match cle.revoquee_le {
                        Some(date) => format!("révoquée le {date}"),
                        None => format!("créée le {}", cle.creee_le),
                    };
                    let essai = match cle.usage {
                        Usage::Production => "",
                        Usage::Essai => " (essai)",
                    };
                    dire(format_args!(
                        "{}{essai}\t{}\t{etat}",
                        cle.nom,
                        cle.plateformes.join(", ")
                    ));
                }
            }
            Self::Revoke { nom } => {
                let message = if acces.revoquer_cle(&nom, Instant::maintenant())? {
                    "révoquée"
                } else {
                    "déjà révoquée"
                };
                dire(format_args!("Clé {nom} {message}."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
