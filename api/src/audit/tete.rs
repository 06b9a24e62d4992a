//! The head of the trail: how far it went, in a file of its own signed by the instance.
//!
//! It is written after the row is: a crash between the two leaves a head that is late, which tells
//! nothing wrong. A row that the head tells of and that is no longer there was removed.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use frequent_plan::Lac;
use serde::{Deserialize, Serialize};

use super::Ligne;
use crate::sceau::Sceau;

const USAGE: &str = "audit";

/// Where the head is.
pub(super) struct Tete(PathBuf);

/// What the head tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Retenue {
    pub(super) rang: i64,
    pub(super) empreinte: Vec<u8>,
    signature: Vec<u8>,
}

impl Tete {
    pub(super) fn de(lac: &Lac) -> Self {
        Self(lac.racine().join("audit.tete.json"))
    }

    /// What the head tells; nothing when it is missing or not signed by this instance.
    pub(super) fn lire(&self, sceau: &Sceau) -> io::Result<Option<Retenue>> {
        let octets = match std::fs::read(&self.0) {
            Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(None),
            lus => lus?,
        };
        let retenue: Option<Retenue> = serde_json::from_slice(&octets).ok();
        Ok(retenue.filter(|retenue| {
            let texte = texte(retenue.rang, &retenue.empreinte);
            sceau.reconnait(USAGE, &texte, &retenue.signature)
        }))
    }

    /// Moves the head to this row, unless another process moved it further meanwhile.
    pub(super) fn retenir(&self, sceau: &Sceau, ligne: &Ligne) -> io::Result<()> {
        if self
            .lire(sceau)?
            .is_some_and(|retenue| retenue.rang > ligne.rang)
        {
            return Ok(());
        }
        let retenue = Retenue {
            rang: ligne.rang,
            empreinte: ligne.empreinte.clone(),
            signature: sceau
                .signer(USAGE, &texte(ligne.rang, &ligne.empreinte))
                .to_vec(),
        };
        let nom = format!(".audit.tete.{}.tmp", std::process::id());
        let provisoire = self.0.with_file_name(nom);
        let mut fichier = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&provisoire)?;
        fichier.write_all(&serde_json::to_vec(&retenue)?)?;
        fichier.sync_data()?;
        std::fs::rename(provisoire, &self.0)
    }
}

fn texte(rang: i64, empreinte: &[u8]) -> Vec<u8> {
    [rang.to_be_bytes().as_slice(), empreinte].concat()
}
