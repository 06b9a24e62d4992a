//! Settings of the reports that are sent.

use std::path::PathBuf;
use std::time::Duration;

use frequent_api::rapports::{Chiffrement, Remise, Smtp};
use serde::{Deserialize, Serialize};

use super::chemin_donne;
use super::secret::{SecretIllisible, lire_seul};

/// How reports reach people.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReglagesRapports {
    /// Where those without an address are left; empty for nowhere.
    pub dossier: PathBuf,
    /// Seconds between two looks for what is due.
    pub intervalle_s: u64,
    /// The mail server; empty for none.
    pub smtp_hote: String,
    /// Its port.
    pub smtp_port: u16,
    /// How the connection is protected.
    pub smtp_chiffrement: Chiffrement,
    /// The authorities that sign its certificate; empty for the system's.
    pub smtp_autorites: PathBuf,
    /// The user; empty when it wants none.
    pub smtp_utilisateur: String,
    /// A file that holds the password alone.
    pub smtp_mot_de_passe_fichier: PathBuf,
    /// Whom mails come from.
    pub expediteur: String,
    /// The domains that mails may go to; empty for any.
    pub domaines: Vec<String>,
}

impl ReglagesRapports {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(&self, fautes: &mut Vec<String>) {
        if self.intervalle_s == 0 {
            fautes.push("rapports.intervalle_s : 1 au moins".to_owned());
        }
        if self.smtp_hote.is_empty() {
            return;
        }
        if !self.expediteur.contains('@') {
            fautes.push("rapports.expediteur : une adresse de courriel".to_owned());
        }
        let ici = matches!(self.smtp_hote.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.smtp_chiffrement == Chiffrement::Aucun && !ici {
            fautes.push(
                "rapports.smtp_chiffrement : « aucun » ne vaut que vers cette machine".to_owned(),
            );
        }
        if self.smtp_utilisateur.is_empty() != self.smtp_mot_de_passe_fichier.as_os_str().is_empty()
        {
            fautes.push(
                "rapports.smtp_utilisateur, smtp_mot_de_passe_fichier : l’un et l’autre, ou aucun"
                    .to_owned(),
            );
        }
    }

    /// Between two looks for what is due.
    pub fn intervalle(&self) -> Duration {
        Duration::from_secs(self.intervalle_s)
    }

    /// How reports reach people, with the console's address.
    ///
    /// # Errors
    /// The file of the password cannot be read.
    pub fn remise(&self, console: Option<String>) -> Result<Remise, SecretIllisible> {
        Ok(Remise {
            smtp: self.smtp()?,
            dossier: chemin_donne(&self.dossier),
            domaines: self.domaines.clone(),
            console,
        })
    }

    fn smtp(&self) -> Result<Option<Smtp>, SecretIllisible> {
        if self.smtp_hote.is_empty() {
            return Ok(None);
        }
        let identifiants = match chemin_donne(&self.smtp_mot_de_passe_fichier) {
            None => None,
            Some(fichier) => {
                let mot_de_passe = lire_seul("rapports.smtp_mot_de_passe_fichier", &fichier)?;
                Some((self.smtp_utilisateur.clone(), mot_de_passe))
            }
        };
        Ok(Some(Smtp {
            hote: self.smtp_hote.clone(),
            port: self.smtp_port,
            chiffrement: self.smtp_chiffrement,
            autorites: chemin_donne(&self.smtp_autorites),
            identifiants,
            expediteur: self.expediteur.clone(),
        }))
    }
}
