//! Reports as rows.

use frequent_plan::{Instant, Jour, Niveau};
use frequent_reports::Modele;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Abonnement, Demande, Dernier, EtatEnvoi, RapportsErreur, Rythme};
use crate::base::Base;
use crate::comptes::numero_neuf;

const COLONNES: &str = "select id, modele, niveau, code, destinataire, auteur, courriel, rythme,
    servie, essais, prochain_essai, dernier_le, dernier_etat, dernier_raison from rapports";

/// The reports of a database.
#[derive(Debug, Clone)]
pub struct Rapports(Base);

impl Rapports {
    /// Those of this database.
    #[must_use]
    pub fn new(base: &Base) -> Self {
        Self(base.clone())
    }

    /// Every one, by identifier.
    ///
    /// # Errors
    /// The database refuses, or a row was altered.
    pub async fn lister(&self) -> Result<Vec<Abonnement>, RapportsErreur> {
        let requete = sqlx::AssertSqlSafe(format!("{COLONNES} order by id"));
        let lignes = sqlx::query(requete).fetch_all(self.0.pool()).await?;
        lignes.iter().map(lire).collect()
    }

    /// The one of this identifier.
    ///
    /// # Errors
    /// See [`Self::lister`].
    pub async fn un(&self, id: &str) -> Result<Option<Abonnement>, RapportsErreur> {
        let requete = sqlx::AssertSqlSafe(format!("{COLONNES} where id = $1"));
        let ligne = sqlx::query(requete).bind(id).fetch_optional(self.0.pool());
        ligne.await?.as_ref().map(lire).transpose()
    }

    /// Keeps a new one, first due after today.
    ///
    /// # Errors
    /// The database refuses, or the machine gives no random bytes.
    pub async fn creer(
        &self,
        demande: &Demande,
        auteur: &str,
        aujourdhui: Jour,
    ) -> Result<Abonnement, RapportsErreur> {
        let abonnement = Abonnement {
            id: numero_neuf()?,
            demande: demande.clone(),
            auteur: auteur.to_owned(),
            servie: depart(demande.rythme, aujourdhui),
            essais: 0,
            prochain_essai: Instant(0),
            dernier: None,
        };
        sqlx::query(
            "insert into rapports (id, modele, niveau, code, destinataire, auteur, courriel, rythme,
             servie, essais, prochain_essai) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)",
        )
        .bind(&abonnement.id)
        .bind(demande.modele.code())
        .bind(demande.niveau.code())
        .bind(&demande.code)
        .bind(&demande.destinataire)
        .bind(auteur)
        .bind(demande.courriel.as_deref())
        .bind(demande.rythme.code())
        .bind(abonnement.servie.to_string())
        .execute(self.0.pool())
        .await?;
        Ok(abonnement)
    }

    /// Changes what is asked for; it is first due again after today.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn modifier(
        &self,
        id: &str,
        demande: &Demande,
        aujourdhui: Jour,
    ) -> Result<(), RapportsErreur> {
        sqlx::query(
            "update rapports set modele = $2, niveau = $3, code = $4, destinataire = $5,
             courriel = $6, rythme = $7, servie = $8, essais = 0, prochain_essai = 0 where id = $1",
        )
        .bind(id)
        .bind(demande.modele.code())
        .bind(demande.niveau.code())
        .bind(&demande.code)
        .bind(&demande.destinataire)
        .bind(demande.courriel.as_deref())
        .bind(demande.rythme.code())
        .bind(depart(demande.rythme, aujourdhui).to_string())
        .execute(self.0.pool())
        .await?;
        Ok(())
    }

    /// Sends it no more.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn supprimer(&self, id: &str) -> Result<(), RapportsErreur> {
        sqlx::query("delete from rapports where id = $1")
            .bind(id)
            .execute(self.0.pool())
            .await?;
        Ok(())
    }

    /// Takes one to send it for a day due, until an instant: false when another process has it, or
    /// when that day was served.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn prendre(
        &self,
        id: &str,
        echeance: Jour,
        (maintenant, jusqua): (Instant, Instant),
    ) -> Result<bool, RapportsErreur> {
        let prise = sqlx::query(
            "update rapports set prochain_essai = $4
             where id = $1 and servie < $2 and prochain_essai <= $3",
        )
        .bind(id)
        .bind(echeance.to_string())
        .bind(maintenant.0)
        .bind(jusqua.0)
        .execute(self.0.pool())
        .await?;
        Ok(prise.rows_affected() == 1)
    }

    /// Tells how a sending went.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn noter(&self, id: &str, dernier: &Dernier) -> Result<(), RapportsErreur> {
        sqlx::query(
            "update rapports set dernier_le = $2, dernier_etat = $3, dernier_raison = $4
             where id = $1",
        )
        .bind(id)
        .bind(dernier.le.0)
        .bind(dernier.etat.code())
        .bind(dernier.raison.as_deref())
        .execute(self.0.pool())
        .await?;
        Ok(())
    }

    /// A day due is served, or given up.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn servir(&self, id: &str, echeance: Jour) -> Result<(), RapportsErreur> {
        sqlx::query(
            "update rapports set servie = $2, essais = 0, prochain_essai = 0 where id = $1",
        )
        .bind(id)
        .bind(echeance.to_string())
        .execute(self.0.pool())
        .await?;
        Ok(())
    }

    /// A day due is to be tried again, not before an instant.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn reporter(
        &self,
        id: &str,
        essais: u32,
        prochain: Instant,
    ) -> Result<(), RapportsErreur> {
        sqlx::query("update rapports set essais = $2, prochain_essai = $3 where id = $1")
            .bind(id)
            .bind(i64::from(essais))
            .bind(prochain.0)
            .execute(self.0.pool())
            .await?;
        Ok(())
    }
}

/// What counts as served for one that is new: nothing is sent for days that went.
fn depart(rythme: Rythme, aujourdhui: Jour) -> Jour {
    rythme.derniere_echeance(aujourdhui).unwrap_or(aujourdhui)
}

fn lire(ligne: &AnyRow) -> Result<Abonnement, RapportsErreur> {
    let id: String = ligne.try_get("id")?;
    let illisible = || RapportsErreur::Illisible(id.clone());
    let texte = |nom: &str| ligne.try_get::<String, _>(nom);
    let dernier_le: Option<i64> = ligne.try_get("dernier_le")?;
    let dernier_etat: Option<String> = ligne.try_get("dernier_etat")?;
    let dernier = match dernier_le.zip(dernier_etat) {
        None => None,
        Some((le, etat)) => Some(Dernier {
            le: Instant(le),
            etat: EtatEnvoi::de_code(&etat).ok_or_else(illisible)?,
            raison: ligne.try_get("dernier_raison")?,
        }),
    };
    let essais: i64 = ligne.try_get("essais")?;
    Ok(Abonnement {
        demande: Demande {
            modele: Modele::de_code(&texte("modele")?).ok_or_else(illisible)?,
            niveau: Niveau::de_code(&texte("niveau")?).ok_or_else(illisible)?,
            code: texte("code")?,
            destinataire: texte("destinataire")?,
            courriel: ligne.try_get("courriel")?,
            rythme: Rythme::de_code(&texte("rythme")?).ok_or_else(illisible)?,
        },
        auteur: texte("auteur")?,
        servie: texte("servie")?.parse().map_err(|_| illisible())?,
        essais: u32::try_from(essais).map_err(|_| illisible())?,
        prochain_essai: Instant(ligne.try_get("prochain_essai")?),
        dernier,
        id: id.clone(),
    })
}
