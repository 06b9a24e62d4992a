//! Settings of the database.

use frequent_api::base::AdresseBase;
use serde::{Deserialize, Serialize};

use super::secret::{Secret, SecretIllisible};

/// Where accounts, conventions and the audit trail are kept.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReglagesBase {
    /// PostgreSQL's address; empty for a file in the data folder.
    pub url: Secret,
    /// A file that holds the address alone.
    pub url_fichier: String,
}

impl ReglagesBase {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(&self, fautes: &mut Vec<String>) {
        if !self.url.0.is_empty() && !self.url_fichier.is_empty() {
            fautes.push("base.url, base.url_fichier : l’une ou l’autre".to_owned());
        }
    }

    /// Where the database is.
    ///
    /// # Errors
    /// The file of the address cannot be read.
    pub fn adresse(&self) -> Result<AdresseBase, SecretIllisible> {
        let url = self.url.ou_fichier("base.url_fichier", &self.url_fichier)?;
        Ok(match url.trim() {
            "" => AdresseBase::Fichier,
            url => AdresseBase::Url(url.to_owned()),
        })
    }
}
