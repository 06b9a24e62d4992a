//! What is never shown of the settings.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

/// What stands for a secret wherever settings are shown.
const MASQUE: &str = "********";

/// A setting that is never shown.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub(super) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(if self.0.is_empty() { "" } else { MASQUE })
    }
}

/// A file that holds a secret cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{reglage}, {} : {source}", fichier.display())]
pub struct SecretIllisible {
    reglage: &'static str,
    fichier: PathBuf,
    source: std::io::Error,
}

impl Secret {
    /// What is set, or what the file of the other setting holds, if it names one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn ou_fichier(
        &self,
        reglage: &'static str,
        fichier: &str,
    ) -> Result<String, SecretIllisible> {
        if fichier.is_empty() {
            return Ok(self.0.clone());
        }
        lire_seul(reglage, Path::new(fichier))
    }
}

/// What a file holds alone, without the end of its line.
///
/// # Errors
/// The file cannot be read.
pub(super) fn lire_seul(reglage: &'static str, fichier: &Path) -> Result<String, SecretIllisible> {
    let texte = std::fs::read_to_string(fichier).map_err(|source| SecretIllisible {
        reglage,
        fichier: fichier.to_owned(),
        source,
    })?;
    Ok(texte.trim_end_matches(['\r', '\n']).to_owned())
}
