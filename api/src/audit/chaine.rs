//! The chain: what a row's digest is of, and whether a trail still holds together.

use sha2::{Digest, Sha256};
use sqlx::Row;

use super::{AuditErreur, Journal, Ligne, lecture};

/// What comes before the first row.
pub(super) const ORIGINE: [u8; 32] = [0; 32];
/// Rows read at a time.
const LOT: i64 = 1_000;

/// What is wrong with a trail, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Anomalie {
    /// A row does not have the digest of what it says.
    #[error("la ligne {0} a été modifiée")]
    Modifiee(i64),
    /// Rows are missing before this one.
    #[error("des lignes manquent avant la ligne {0}")]
    Manquante(i64),
    /// A row does not follow the one before it.
    #[error("la ligne {0} ne suit pas celle qui la précède : l’ordre a été changé")]
    Deplacee(i64),
    /// Rows are missing at the end: the head kept aside is further.
    #[error("les lignes après la {derniere} manquent : la tête du journal est à la ligne {tete}")]
    Tronque {
        /// The last row there is.
        derniere: i64,
        /// The row of the head.
        tete: i64,
    },
    /// The row of the head is not the one that the head tells of.
    #[error("la ligne {0} n’est pas celle que la tête du journal a retenue")]
    Reecrite(i64),
    /// The mark of what was destroyed was not signed by this instance.
    #[error("la marque de ce qui est échu n’est pas signée par cette instance")]
    Ancre,
    /// The head kept aside is missing or was not signed by this instance.
    #[error("la tête du journal est absente ou n’est pas signée par cette instance")]
    Tete,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Rows read.
    pub lignes: i64,
    /// What is wrong, in order; nothing when the trail is whole.
    pub anomalies: Vec<Anomalie>,
}

/// The digest of a row: of each field with its length before it, so that no two rows are the same
/// bytes.
pub(super) fn empreinte(ligne: &Ligne) -> Vec<u8> {
    let mut somme = Sha256::new();
    somme.update(ligne.rang.to_be_bytes());
    somme.update(ligne.instant.0.to_be_bytes());
    for champ in [&ligne.acteur, &ligne.action, &ligne.objet, &ligne.detail] {
        somme.update((champ.len() as u64).to_be_bytes());
        somme.update(champ.as_bytes());
    }
    somme.update(&ligne.precedent);
    somme.finalize().to_vec()
}

impl Journal {
    /// Reads the whole trail and says what is wrong with it.
    ///
    /// # Errors
    /// The database or the head cannot be read.
    pub async fn verifier(&self) -> Result<Verification, AuditErreur> {
        let tete = self.tete.lock().await.lire(&self.sceau)?;
        let mut bilan = Verification {
            lignes: 0,
            anomalies: Vec::new(),
        };
        let (mut rang, mut precedent) = match self.ancre().await? {
            Ok(ancre) => ancre,
            Err(anomalie) => {
                bilan.anomalies.push(anomalie);
                (0, ORIGINE.to_vec())
            }
        };
        loop {
            let lot = sqlx::query(
                "select rang, instant, acteur, action, objet, detail, precedent, empreinte
                 from audit where rang > $1 order by rang limit $2",
            )
            .bind(rang)
            .bind(LOT)
            .fetch_all(self.base.pool())
            .await?;
            if lot.is_empty() {
                break;
            }
            for lue in &lot {
                let ligne = lecture::ligne(lue)?;
                bilan.lignes += 1;
                if let Some(anomalie) = anomalie(&ligne, rang, &precedent) {
                    bilan.anomalies.push(anomalie);
                }
                if let Some(tete) = &tete
                    && tete.rang == ligne.rang
                    && tete.empreinte != ligne.empreinte
                {
                    bilan.anomalies.push(Anomalie::Reecrite(ligne.rang));
                }
                (rang, precedent) = (ligne.rang, ligne.empreinte);
            }
        }
        match tete {
            Some(tete) if tete.rang > rang => bilan.anomalies.push(Anomalie::Tronque {
                derniere: rang,
                tete: tete.rang,
            }),
            None if bilan.lignes > 0 => bilan.anomalies.push(Anomalie::Tete),
            _ => {}
        }
        Ok(bilan)
    }

    /// The number of rows.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn longueur(&self) -> Result<i64, AuditErreur> {
        let ligne = sqlx::query("select count(*) from audit")
            .fetch_one(self.base.pool())
            .await?;
        Ok(ligne.try_get(0)?)
    }
}

/// What is wrong with a row that comes after one of this rank and digest.
fn anomalie(ligne: &Ligne, rang: i64, precedent: &[u8]) -> Option<Anomalie> {
    if ligne.empreinte != empreinte(ligne) {
        return Some(Anomalie::Modifiee(ligne.rang));
    }
    if ligne.rang != rang + 1 {
        return Some(Anomalie::Manquante(ligne.rang));
    }
    (ligne.precedent != precedent).then_some(Anomalie::Deplacee(ligne.rang))
}
