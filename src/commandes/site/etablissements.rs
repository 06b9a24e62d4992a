//! `frequent site etablissements`: the numbers by which the older tag names schools.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::acces::Acces;
use frequent_ingest::tableaux::lire_etablissements;

use super::super::{Resultat, dire, dire_refusees};

/// What can be done with a site's numbers of schools. A running server takes a change within a
/// second.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Ajouter les numéros d’un fichier CSV « numero;uai » ; un numéro déjà connu change d’UAI
    Import {
        /// Le numéro du site
        site: u32,
        /// Le fichier
        fichier: PathBuf,
    },
    /// Lister les numéros d’un site et leur UAI
    List {
        /// Le numéro du site
        site: u32,
    },
    /// Oublier des numéros d’un site : leurs envois seront refusés
    Remove {
        /// Le numéro du site
        site: u32,
        /// Les numéros d’établissements
        #[arg(required_unless_present = "tous", conflicts_with = "tous")]
        numeros: Vec<String>,
        /// Tous les numéros du site
        #[arg(long)]
        tous: bool,
    },
}

impl Action {
    /// Imports, lists or forgets.
    pub fn executer(self, acces: &Acces) -> Resultat {
        match self {
            Self::Import { site, fichier } => return importer(acces, site, &fichier),
            Self::List { site } => {
                let connus = acces.etablissements();
                let mut numeros = connus.du_site(site).peekable();
                if numeros.peek().is_none() {
                    dire(format_args!(
                        "Aucun numéro pour le site {site}. Importez-les : \
                         frequent site etablissements import --help"
                    ));
                }
                for (numero, uai) in numeros {
                    dire(format_args!("{numero}\t{uai}"));
                }
            }
            Self::Remove { site, numeros, .. } => {
                let oublies = acces.retirer_etablissements(site, &numeros)?;
                dire(format_args!("{oublies} numéros du site {site} oubliés."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn importer(acces: &Acces, site: u32, fichier: &std::path::Path) -> Resultat {
    let tableau = lire_etablissements(fichier)?;
    let changes = acces.ajouter_etablissements(site, tableau.contenu)?;
    dire(format_args!(
        "Site {site} : {} numéros ajoutés, {} changés, {} inchangés, {} lignes refusées.",
        changes.ajoutes,
        changes.modifies,
        changes.inchanges,
        tableau.refusees.len()
    ));
    Ok(dire_refusees(&tableau.refusees))
}
