//! Invitation links: how a holder chooses a password, the first time or anew.

use std::time::Duration;

use serde::Serialize;
use sqlx::Row;
use utoipa::ToSchema;

use super::{Compte, Comptes, ComptesErreur, MotDePasse, empreinte, normaliser, secret_neuf};

/// How long a link may be used.
pub const DUREE_INVITATION: Duration = Duration::from_hours(7 * 24);

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Avancement {
    /// It has a password.
    Actif,
    /// Its link may still be used.
    Invite,
    /// Its link is over, and it has no password.
    Expire,
}

/// A link just made. Its token is shown once and never kept.
#[derive(Clone)]
pub struct Invitation {
    /// What the link ends with.
    pub jeton: String,
    /// When it stops working, in milliseconds since 1970.
    pub expire_le: i64,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Invitation(…)")
    }
}

impl Comptes {
    /// Makes a link for an account; the one made before is void.
    ///
    /// # Errors
    /// There is no such account.
    pub async fn inviter(&self, identifiant: &str) -> Result<Invitation, ComptesErreur> {
        let identifiant = normaliser(identifiant);
        let jeton = secret_neuf()?;
        let duree = i64::try_from(DUREE_INVITATION.as_millis()).unwrap_or(i64::MAX);
        let expire_le = self.horloge.maintenant().0.saturating_add(duree);
        let mut transaction = self.base.ecrire().await?;
        sqlx::query("select 1 from comptes where identifiant = $1")
            .bind(&identifiant)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or_else(|| ComptesErreur::Inconnu(identifiant.clone()))?;
        sqlx::query("delete from invitations where identifiant = $1")
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "insert into invitations (empreinte, identifiant, expire_le) values ($1, $2, $3)",
        )
        .bind(empreinte(&jeton))
        .bind(&identifiant)
        .bind(expire_le)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Invitation { jeton, expire_le })
    }

    /// Where an account stands: it has a password, waits for one by a link, or its link is over.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn avancement(&self, identifiant: &str) -> Result<Avancement, ComptesErreur> {
        let identifiant = normaliser(identifiant);
        let actif = sqlx::query(
            "select 1 from comptes where identifiant = $1 and mot_de_passe is not null",
        )
        .bind(&identifiant)
        .fetch_optional(self.base.pool())
        .await?;
        if actif.is_some() {
            return Ok(Avancement::Actif);
        }
        let invite =
            sqlx::query("select 1 from invitations where identifiant = $1 and expire_le > $2")
                .bind(&identifiant)
                .bind(self.horloge.maintenant().0)
                .fetch_optional(self.base.pool())
                .await?;
        Ok(match invite {
            Some(_) => Avancement::Invite,
            None => Avancement::Expire,
        })
    }

    /// The account that a link is for, if it still works.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn invite(&self, jeton: &str) -> Result<Option<Compte>, ComptesErreur> {
        let ligne = sqlx::query(
            "select comptes.identifiant, nom, role
             from invitations join comptes on comptes.identifiant = invitations.identifiant
             where empreinte = $1 and expire_le > $2",
        )
        .bind(empreinte(jeton))
        .bind(self.horloge.maintenant().0)
        .fetch_optional(self.base.pool())
        .await?;
        match ligne {
            None => Ok(None),
            Some(ligne) => self.completer(&ligne).await.map(Some),
        }
    }

    /// Uses a link: its account has this password, and no other session.
    ///
    /// # Errors
    /// The password does not suit (the link still works), or the link does not work.
    pub async fn accepter_invitation(
        &self,
        jeton: &str,
        mot_de_passe: MotDePasse,
    ) -> Result<String, ComptesErreur> {
        let hache = self.hachoir.hacher(mot_de_passe).await?;
        let mut transaction = self.base.ecrire().await?;
        // Taken and destroyed at once: of two who use a link together, one has it.
        let prise = sqlx::query(
            "delete from invitations where empreinte = $1 and expire_le > $2
             returning identifiant",
        )
        .bind(empreinte(jeton))
        .bind(self.horloge.maintenant().0)
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(ComptesErreur::SansObjet)?;
        let identifiant: String = prise.try_get("identifiant")?;
        sqlx::query("update comptes set mot_de_passe = $1 where identifiant = $2")
            .bind(hache)
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("delete from sessions where identifiant = $1")
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(identifiant)
    }
}
