//! Settings of the directory feed.

use std::path::PathBuf;
use std::time::Duration;

use frequent_territory::aaf::{Groupe, Priorites, Reglages, Serveur, Source};
use serde::{Deserialize, Serialize};

use super::chemin_donne;

/// The directory feed.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReglagesAaf {
    /// Folder that `serve` watches; empty for none.
    pub dossier: PathBuf,
    /// Seconds between two looks.
    pub intervalle_s: u64,
    /// The recipient's code that bordereaux must bear; empty for any.
    pub destinataire: String,
    /// Most that an archive unfolds to, in GiB.
    pub archive_max_gio: u32,
    /// Groups of fields on which the feed is believed.
    pub fait_foi: Vec<String>,
    /// Host of the SFTP server; empty for none.
    pub sftp_hote: String,
    /// Its port.
    pub sftp_port: u16,
    /// User there.
    pub sftp_utilisateur: String,
    /// File of the private key.
    pub sftp_cle_fichier: PathBuf,
    /// Fingerprint of the server's key.
    pub sftp_empreinte: String,
    /// Folder there.
    pub sftp_dossier: String,
    /// Whether what was imported is destroyed there.
    pub sftp_detruire: bool,
}

impl ReglagesAaf {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(&self, fautes: &mut Vec<String>) {
        if self.intervalle_s == 0 || !(1..=1_024).contains(&self.archive_max_gio) {
            fautes.push("aaf : 1 seconde au moins, de 1 à 1024 Gio".to_owned());
        }
        let connus: Vec<&str> = Groupe::TOUS.iter().map(|g| g.code()).collect();
        for groupe in &self.fait_foi {
            if !connus.contains(&groupe.as_str()) {
                fautes.push(format!(
                    "aaf.fait_foi : « {groupe} » n’est pas un groupe ; {}",
                    connus.join(", ")
                ));
            }
        }
        if !self.sftp_hote.is_empty()
            && (self.sftp_utilisateur.is_empty()
                || self.sftp_cle_fichier.as_os_str().is_empty()
                || !self.sftp_empreinte.starts_with("SHA256:"))
        {
            fautes.push(
                "aaf.sftp_* : avec un hôte, donnez l’utilisateur, le fichier de la clé et l’empreinte SHA256:… du serveur"
                    .to_owned(),
            );
        }
    }

    /// How extractions are read.
    pub fn lecture(&self) -> Reglages {
        let mut priorites = Priorites::default();
        for groupe in Groupe::TOUS {
            let source = if self.fait_foi.iter().any(|code| code == groupe.code()) {
                Source::Aaf
            } else {
                Source::Annuaire
            };
            priorites = priorites.avec(*groupe, source);
        }
        Reglages {
            destinataire: self.destinataire.clone(),
            octets_max: u64::from(self.archive_max_gio) << 30,
            priorites,
        }
    }

    /// The watched folder.
    pub fn dossier(&self) -> Option<PathBuf> {
        chemin_donne(&self.dossier)
    }

    /// Between two looks.
    pub fn intervalle(&self) -> Duration {
        Duration::from_secs(self.intervalle_s)
    }

    /// The server that archives are pulled from.
    pub fn serveur(&self) -> Option<Serveur> {
        (!self.sftp_hote.is_empty()).then(|| Serveur {
            hote: self.sftp_hote.clone(),
            port: self.sftp_port,
            utilisateur: self.sftp_utilisateur.clone(),
            cle: self.sftp_cle_fichier.clone(),
            empreinte: self.sftp_empreinte.clone(),
            dossier: self.sftp_dossier.clone(),
        })
    }
}
