//! The end of the trail's oldest rows.
//!
//! They go all together, up to the first that is young enough. The rank and the digest of the last
//! one that went stay, signed by the instance: what is left is a chain that begins there, and rows
//! taken out by someone else leave a hole before it.

use frequent_plan::Instant;
use serde_json::json;
use sqlx::Row;

use super::chaine::{Anomalie, ORIGINE};
use super::{Action, AuditErreur, Ecriture, Journal};

const USAGE: &str = "audit-ancre";

/// A rank, and the digest of its row.
type Point = (i64, Vec<u8>);

impl Journal {
    /// How many rows are older than an instant. The last row of all stays whatever its age.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn lignes_avant(&self, instant: Instant) -> Result<u64, AuditErreur> {
        let nombre: i64 = sqlx::query_scalar(
            "select count(*) from audit where rang < coalesce(
                 (select min(rang) from audit where instant >= $1),
                 (select max(rang) from audit))",
        )
        .bind(instant.0)
        .fetch_one(self.base.pool())
        .await?;
        Ok(u64::try_from(nombre).unwrap_or_default())
    }

    /// Destroys the rows older than an instant, and tells it in the trail, at once. Gives how many.
    ///
    /// # Errors
    /// The database or the disk refuses.
    pub async fn oublier_avant(
        &self,
        acteur: &str,
        instant: Instant,
        regle: &str,
    ) -> Result<u64, AuditErreur> {
        let mut transaction = self.base.ecrire().await?;
        let derniere = sqlx::query(
            "select rang, empreinte from audit where rang < coalesce(
                 (select min(rang) from audit where instant >= $1),
                 (select max(rang) from audit))
             order by rang desc limit 1",
        )
        .bind(instant.0)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(derniere) = derniere else {
            return Ok(0);
        };
        let (rang, empreinte): Point = (derniere.try_get(0)?, derniere.try_get(1)?);
        let parties = sqlx::query("delete from audit where rang <= $1")
            .bind(rang)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("delete from audit_ancre")
            .execute(&mut *transaction)
            .await?;
        let signature = self.sceau.signer(USAGE, &texte(rang, &empreinte));
        sqlx::query("insert into audit_ancre (rang, empreinte, signature) values ($1, $2, $3)")
            .bind(rang)
            .bind(empreinte)
            .bind(signature.to_vec())
            .execute(&mut *transaction)
            .await?;
        let detail = json!({
            "regle": regle, "lignes": parties.rows_affected(), "jusqu_a": rang,
        });
        let ecriture = Ecriture::new(acteur, Action::Destruction, "audit").avec(detail);
        self.conclure(transaction, ecriture).await?;
        Ok(parties.rows_affected())
    }

    /// Where the trail begins: after the last row destroyed, or at its origin.
    pub(super) async fn ancre(&self) -> Result<Result<Point, Anomalie>, AuditErreur> {
        let gardee = sqlx::query("select rang, empreinte, signature from audit_ancre")
            .fetch_optional(self.base.pool())
            .await?;
        let Some(gardee) = gardee else {
            return Ok(Ok((0, ORIGINE.to_vec())));
        };
        let (rang, empreinte): Point = (gardee.try_get(0)?, gardee.try_get(1)?);
        let signature: Vec<u8> = gardee.try_get(2)?;
        let bonne = self
            .sceau
            .reconnait(USAGE, &texte(rang, &empreinte), &signature);
        Ok(if bonne {
            Ok((rang, empreinte))
        } else {
            Err(Anomalie::Ancre)
        })
    }
}

fn texte(rang: i64, empreinte: &[u8]) -> Vec<u8> {
    [rang.to_be_bytes().as_slice(), empreinte].concat()
}
