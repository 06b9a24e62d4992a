//! Settings of the directory.

use std::path::PathBuf;

use frequent_api::identites::{AnnuaireLdap, LdapErreur, ReglagesLdap, Regle};
use serde::{Deserialize, Serialize};

use super::secret::{Secret, SecretIllisible};

/// Signing in through an LDAP directory.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ldap {
    /// Its address; empty for none.
    pub url: String,
    /// Begin in clear, then ask for TLS.
    pub starttls: bool,
    /// Its name, shown where one signs in.
    pub nom: String,
    /// The authorities of its certificate, in PEM; empty for the system's.
    pub autorites: String,
    /// Who asks; empty for nobody.
    pub compte: String,
    /// Their password.
    pub mot_de_passe: Secret,
    /// A file that holds the password alone.
    pub mot_de_passe_fichier: String,
    /// Where people are.
    pub base: String,
    /// Who they are.
    pub filtre: String,
    /// The attribute that tells an entry from all others.
    pub sujet: String,
    /// The attribute that names the account.
    pub identifiant: String,
    /// The attribute shown as its holder's name.
    pub nom_affiche: String,
    /// Where groups are; empty for none.
    pub base_groupes: String,
    /// Which ones hold an entry.
    pub filtre_groupes: String,
    /// What attributes give the right to see.
    pub regles: Vec<String>,
}

/// Why the directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LdapInvalide {
    /// The file of the password cannot be read.
    #[error(transparent)]
    MotDePasse(#[from] SecretIllisible),
    /// A rule cannot be understood.
    #[error("ldap.regles : {0}")]
    Regle(#[from] frequent_api::identites::RegleInvalide),
    /// The rest.
    #[error(transparent)]
    Ldap(#[from] LdapErreur),
}

impl Ldap {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(&self, fautes: &mut Vec<String>) {
        if self.url.is_empty() {
            return;
        }
        if self.base.is_empty() {
            fautes.push("ldap.base : à remplir".to_owned());
        }
        if !self.mot_de_passe.0.is_empty() && !self.mot_de_passe_fichier.is_empty() {
            fautes
                .push("ldap.mot_de_passe, ldap.mot_de_passe_fichier : l’un ou l’autre".to_owned());
        }
        if self.regles.is_empty() {
            fautes.push("ldap.regles : une au moins".to_owned());
        }
        for regle in &self.regles {
            if let Err(faute) = regle.parse::<Regle>() {
                fautes.push(format!("ldap.regles : {faute}"));
            }
        }
    }

    /// The directory, when there is one.
    ///
    /// # Errors
    /// The file of the password or of the authorities cannot be read, the address is none or in
    /// clear, or a filter names nobody.
    pub fn ouvrir(&self) -> Result<Option<AnnuaireLdap>, LdapInvalide> {
        if self.url.is_empty() {
            return Ok(None);
        }
        let compte = if self.compte.is_empty() {
            None
        } else {
            let (mot, fichier) = (&self.mot_de_passe, &self.mot_de_passe_fichier);
            let mot_de_passe = mot.ou_fichier("ldap.mot_de_passe_fichier", fichier)?;
            Some((self.compte.clone(), mot_de_passe))
        };
        let regles = self.regles.iter().map(|regle| regle.parse::<Regle>());
        let reglages = ReglagesLdap {
            nom: self.nom.clone(),
            url: self.url.clone(),
            starttls: self.starttls,
            autorites: (!self.autorites.is_empty()).then(|| PathBuf::from(&self.autorites)),
            compte,
            base: self.base.clone(),
            filtre: self.filtre.clone(),
            sujet: self.sujet.clone(),
            identifiant: self.identifiant.clone(),
            nom_affiche: self.nom_affiche.clone(),
            base_groupes: self.base_groupes.clone(),
            filtre_groupes: self.filtre_groupes.clone(),
            regles: regles.collect::<Result<Vec<_>, _>>()?,
        };
        Ok(Some(AnnuaireLdap::new(reglages)?))
    }
}
