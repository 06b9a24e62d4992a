//! What those who help schools write down: the support log, and the schools that they have seen and
//! want to hear no more of for some weeks.

mod action;

use std::collections::BTreeMap;

use frequent_plan::{Jour, Uai};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::base::Base;
use crate::comptes::{ComptesErreur, numero_neuf};
use crate::erreurs::Erreur;

pub use crate::pilotage::semaine_dicible;
pub use action::{Action, FauteAction, Genre, Saisie};

/// What an operation can fail on.
#[derive(Debug, thiserror::Error)]
pub enum AccompagnementErreur {
    /// A stored row cannot be understood: the database was altered.
    #[error("la ligne « {0} » est illisible dans la base")]
    Illisible(String),
    /// No identifier could be made.
    #[error(transparent)]
    Identifiant(#[from] ComptesErreur),
    /// The database refused.
    #[error("base de l’accompagnement : {0}")]
    Base(#[from] sqlx::Error),
}

impl From<AccompagnementErreur> for Erreur {
    /// Each is a fault of ours.
    fn from(faute: AccompagnementErreur) -> Self {
        Self::Interne(faute.to_string())
    }
}

/// A school that someone has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vue {
    /// The day it was.
    pub vue_le: Jour,
    /// The last day of silence.
    pub jusqu_au: Jour,
}

/// The log and the silences.
#[derive(Debug, Clone)]
pub struct Accompagnement {
    base: Base,
}

impl Accompagnement {
    /// Those of a database.
    #[must_use]
    pub fn new(base: Base) -> Self {
        Self { base }
    }

    /// The schools that an account has seen, with the last time.
    ///
    /// # Errors
    /// The database refuses, or holds what cannot be understood.
    pub async fn vues(&self, compte: &str) -> Result<BTreeMap<Uai, Vue>, AccompagnementErreur> {
        let lignes = sqlx::query("select uai, vue_le, jusqu_au from vues where compte = $1")
            .bind(compte)
            .fetch_all(self.base.pool())
            .await?;
        let lire = |ligne: &AnyRow| -> Result<(Uai, Vue), AccompagnementErreur> {
            let uai: String = ligne.try_get("uai")?;
            let jour = |colonne| -> Result<Option<Jour>, sqlx::Error> {
                Ok(ligne.try_get::<String, _>(colonne)?.parse().ok())
            };
            let lue = uai.parse().ok().zip(jour("vue_le")?).zip(jour("jusqu_au")?);
            let ((uai, vue_le), jusqu_au) =
                lue.ok_or_else(|| AccompagnementErreur::Illisible(uai.clone()))?;
            Ok((uai, Vue { vue_le, jusqu_au }))
        };
        lignes.iter().map(lire).collect()
    }

    /// Notes that an account has seen a school.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn noter_vue(
        &self,
        compte: &str,
        uai: Uai,
        vue: Vue,
    ) -> Result<(), AccompagnementErreur> {
        sqlx::query(
            "insert into vues (compte, uai, vue_le, jusqu_au) values ($1, $2, $3, $4)
             on conflict (compte, uai) do update set vue_le = $3, jusqu_au = $4",
        )
        .bind(compte)
        .bind(uai.as_str())
        .bind(vue.vue_le.to_string())
        .bind(vue.jusqu_au.to_string())
        .execute(self.base.pool())
        .await?;
        Ok(())
    }

    /// Forgets that an account has seen a school.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn oublier_vue(&self, compte: &str, uai: Uai) -> Result<(), AccompagnementErreur> {
        sqlx::query("delete from vues where compte = $1 and uai = $2")
            .bind(compte)
            .bind(uai.as_str())
            .execute(self.base.pool())
            .await?;
        Ok(())
    }

    /// The actions since a day, the latest first.
    ///
    /// # Errors
    /// The database refuses, or holds what cannot be understood.
    pub async fn depuis(&self, jour: Jour) -> Result<Vec<Action>, AccompagnementErreur> {
        let lignes = sqlx::query(
            "select suivi.*, comptes.nom from suivi
             left join comptes on comptes.identifiant = suivi.compte
             where jour >= $1 order by jour desc, id",
        )
        .bind(jour.to_string())
        .fetch_all(self.base.pool())
        .await?;
        lignes.iter().map(lire).collect()
    }

    /// The action of this identifier, if there is one.
    ///
    /// # Errors
    /// The database refuses, or holds what cannot be understood.
    pub async fn action(&self, id: &str) -> Result<Option<Action>, AccompagnementErreur> {
        let ligne = sqlx::query(
            "select suivi.*, comptes.nom from suivi
             left join comptes on comptes.identifiant = suivi.compte where id = $1",
        )
        .bind(id)
        .fetch_optional(self.base.pool())
        .await?;
        ligne.as_ref().map(lire).transpose()
    }

    /// Writes a new action down.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn noter(
        &self,
        (compte, nom): (&str, &str),
        saisie: Saisie,
    ) -> Result<Action, AccompagnementErreur> {
        let action = Action {
            id: numero_neuf()?,
            saisie,
            compte: Some(compte.to_owned()),
            par: Some(nom.to_owned()),
        };
        sqlx::query(
            "insert into suivi (id, uai, jour, genre, note, compte)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&action.id)
        .bind(action.saisie.uai.as_str())
        .bind(action.saisie.jour.to_string())
        .bind(action.saisie.genre.code())
        .bind(&action.saisie.note)
        .bind(compte)
        .execute(self.base.pool())
        .await?;
        Ok(action)
    }

    /// Writes an action otherwise.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn corriger(&self, action: &Action) -> Result<(), AccompagnementErreur> {
        sqlx::query("update suivi set uai = $2, jour = $3, genre = $4, note = $5 where id = $1")
            .bind(&action.id)
            .bind(action.saisie.uai.as_str())
            .bind(action.saisie.jour.to_string())
            .bind(action.saisie.genre.code())
            .bind(&action.saisie.note)
            .execute(self.base.pool())
            .await?;
        Ok(())
    }

    /// Takes an action off.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn effacer(&self, id: &str) -> Result<(), AccompagnementErreur> {
        sqlx::query("delete from suivi where id = $1")
            .bind(id)
            .execute(self.base.pool())
            .await?;
        Ok(())
    }
}

fn lire(ligne: &AnyRow) -> Result<Action, AccompagnementErreur> {
    let id: String = ligne.try_get("id")?;
    let texte = |colonne| ligne.try_get::<String, _>(colonne);
    let (uai, jour, genre) = (texte("uai")?, texte("jour")?, texte("genre")?);
    let lue = uai.parse().ok().zip(jour.parse().ok());
    let lue = lue.zip(Genre::de_code(&genre));
    let ((uai, jour), genre) = lue.ok_or_else(|| AccompagnementErreur::Illisible(id.clone()))?;
    Ok(Action {
        saisie: Saisie {
            uai,
            jour,
            genre,
            note: texte("note")?,
        },
        compte: ligne.try_get("compte")?,
        par: ligne.try_get("nom")?,
        id,
    })
}

#[cfg(test)]
#[path = "accompagnement_tests.rs"]
mod tests;
