//! Sign-ins that have left for a provider and not come back.
//!
//! Each is for one browser, ten minutes, and one return: what is remembered is taken away by the
//! first that comes for it, whatever follows.

use frequent_plan::Instant;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::base::Base;
use crate::comptes::Jeton;

/// How long a browser may stay at the provider's.
pub(crate) const DUREE_S: i64 = 600;
/// Most departures at once: beyond, no more are taken.
const MAX: i64 = 10_000;

/// What is remembered of a departure.
pub(crate) struct Demarrage {
    /// What comes back in the address.
    pub(crate) etat: String,
    /// What comes back in the token.
    pub(crate) nonce: String,
    /// What proves that whoever exchanges the code is who left.
    pub(crate) verificateur: String,
}

/// Why a departure could not be remembered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AttenteErreur {
    /// Too many have left and not come back.
    #[error("trop de connexions en attente chez le fournisseur d’identité")]
    Trop,
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}

/// The departures, in the database.
pub(crate) struct Attente<'b> {
    base: &'b Base,
    maintenant: Instant,
}

impl<'b> Attente<'b> {
    pub(crate) fn new(base: &'b Base, maintenant: Instant) -> Self {
        Self { base, maintenant }
    }

    /// Remembers a departure, for the browser that holds this token.
    pub(crate) async fn noter(
        &self,
        navigateur: &Jeton,
        demarrage: &Demarrage,
        retour: &str,
    ) -> Result<(), AttenteErreur> {
        let mut transaction = self.base.ecrire().await?;
        sqlx::query("delete from departs_oidc where expire_le <= $1")
            .bind(self.maintenant.0)
            .execute(&mut *transaction)
            .await?;
        let nombre: i64 = sqlx::query("select count(*) as nombre from departs_oidc")
            .fetch_one(&mut *transaction)
            .await?
            .try_get("nombre")?;
        if nombre >= MAX {
            return Err(AttenteErreur::Trop);
        }
        sqlx::query(
            "insert into departs_oidc (empreinte, nonce, verificateur, retour, expire_le)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(empreinte(navigateur, &demarrage.etat))
        .bind(&demarrage.nonce)
        .bind(&demarrage.verificateur)
        .bind(retour)
        .bind(self.maintenant.0 + DUREE_S * 1_000)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What was remembered of this browser's departure, and where it was going; taken away.
    pub(crate) async fn reprendre(
        &self,
        navigateur: &Jeton,
        etat: &str,
    ) -> Result<Option<(Demarrage, String)>, sqlx::Error> {
        let repris = sqlx::query(
            "delete from departs_oidc where empreinte = $1
             returning nonce, verificateur, retour, expire_le",
        )
        .bind(empreinte(navigateur, etat))
        .fetch_optional(self.base.pool())
        .await?;
        let Some(ligne) = repris else {
            return Ok(None);
        };
        if ligne.try_get::<i64, _>("expire_le")? <= self.maintenant.0 {
            return Ok(None);
        }
        let demarrage = Demarrage {
            etat: etat.to_owned(),
            nonce: ligne.try_get("nonce")?,
            verificateur: ligne.try_get("verificateur")?,
        };
        Ok(Some((demarrage, ligne.try_get("retour")?)))
    }
}

/// The browser and the state together: neither is stored, and each alone finds nothing.
fn empreinte(navigateur: &Jeton, etat: &str) -> Vec<u8> {
    let ensemble = format!("{}\n{etat}", navigateur.texte());
    Sha256::digest(ensemble.as_bytes()).to_vec()
}
