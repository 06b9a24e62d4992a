//! Reading the trail.

use std::collections::BTreeSet;

use frequent_plan::Instant;
use serde_json::{Value, json};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{AuditErreur, Journal, Ligne};
use frequent_plan::hexadecimal::hexadecimal;

/// Which rows are asked for.
#[derive(Debug, Clone, Default)]
pub struct FiltreAudit {
    /// After this rank.
    pub apres: i64,
    /// At this instant or later.
    pub depuis: Option<Instant>,
    /// Before this instant.
    pub avant: Option<Instant>,
    /// What was done; anything when not said.
    pub action: Option<String>,
    /// By these accounts only; by anyone when there is no list.
    pub acteurs: Option<BTreeSet<String>>,
    /// At most so many.
    pub limite: i64,
}

impl Journal {
    /// Rows in order.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn lire(&self, filtre: &FiltreAudit) -> Result<Vec<Ligne>, AuditErreur> {
        let mut lignes = Vec::new();
        let mut apres = filtre.apres;
        let limite = usize::try_from(filtre.limite).unwrap_or_default();
        while lignes.len() < limite {
            let lot = sqlx::query(
                "select rang, instant, acteur, action, objet, detail, precedent, empreinte
                 from audit where rang > $1 and instant >= $2 and instant < $3
                 order by rang limit $4",
            )
            .bind(apres)
            .bind(filtre.depuis.map_or(i64::MIN, |i| i.0))
            .bind(filtre.avant.map_or(i64::MAX, |i| i.0))
            .bind(filtre.limite)
            .fetch_all(self.base.pool())
            .await?;
            let Some(derniere) = lot.last() else {
                break;
            };
            apres = derniere.try_get("rang")?;
            for lue in &lot {
                let ligne = ligne(lue)?;
                if lignes.len() < limite && filtre.retient(&ligne) {
                    lignes.push(ligne);
                }
            }
        }
        Ok(lignes)
    }

    /// Rows before this rank, the newest first.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn lire_recentes(
        &self,
        filtre: &FiltreAudit,
        avant_rang: Option<i64>,
    ) -> Result<Vec<Ligne>, AuditErreur> {
        let mut lignes = Vec::new();
        let mut avant = avant_rang.unwrap_or(i64::MAX);
        let limite = usize::try_from(filtre.limite).unwrap_or_default();
        while lignes.len() < limite {
            let lot = sqlx::query(
                "select rang, instant, acteur, action, objet, detail, precedent, empreinte
                 from audit where rang < $1 and instant >= $2 and instant < $3
                 order by rang desc limit $4",
            )
            .bind(avant)
            .bind(filtre.depuis.map_or(i64::MIN, |i| i.0))
            .bind(filtre.avant.map_or(i64::MAX, |i| i.0))
            .bind(filtre.limite)
            .fetch_all(self.base.pool())
            .await?;
            let Some(derniere) = lot.last() else {
                break;
            };
            avant = derniere.try_get("rang")?;
            for lue in &lot {
                let ligne = ligne(lue)?;
                if lignes.len() < limite && filtre.retient(&ligne) {
                    lignes.push(ligne);
                }
            }
        }
        Ok(lignes)
    }

    /// When an account last signed in, if it ever did.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn derniere_connexion(&self, acteur: &str) -> Result<Option<Instant>, AuditErreur> {
        let ligne = sqlx::query(
            "select max(instant) from audit where acteur = $1 and action = 'connexion'",
        )
        .bind(acteur)
        .fetch_one(self.base.pool())
        .await?;
        Ok(ligne.try_get::<Option<i64>, _>(0)?.map(Instant))
    }
}

impl FiltreAudit {
    fn retient(&self, ligne: &Ligne) -> bool {
        let acteurs = self.acteurs.as_ref();
        let action = self.action.as_ref();
        acteurs.is_none_or(|acteurs| acteurs.contains(&ligne.acteur))
            && action.is_none_or(|action| *action == ligne.action)
    }
}

pub(super) fn ligne(lue: &AnyRow) -> Result<Ligne, sqlx::Error> {
    Ok(Ligne {
        rang: lue.try_get("rang")?,
        instant: Instant(lue.try_get("instant")?),
        acteur: lue.try_get("acteur")?,
        action: lue.try_get("action")?,
        objet: lue.try_get("objet")?,
        detail: lue.try_get("detail")?,
        precedent: lue.try_get("precedent")?,
        empreinte: lue.try_get("empreinte")?,
    })
}

impl Ligne {
    /// The names of the fields, in files.
    pub const ENTETE: [&'static str; 8] = [
        "rang",
        "instant",
        "acteur",
        "action",
        "objet",
        "detail",
        "precedent",
        "empreinte",
    ];

    /// The fields, in the order of [`Self::ENTETE`].
    #[must_use]
    pub fn champs(&self) -> [String; 8] {
        [
            self.rang.to_string(),
            self.instant.timestamp().to_string(),
            self.acteur.clone(),
            self.action.clone(),
            self.objet.clone(),
            self.detail.clone(),
            hexadecimal(&self.precedent),
            hexadecimal(&self.empreinte),
        ]
    }

    /// The row as a line of CSV, `;`-separated.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut ecrivain = csv::WriterBuilder::new()
            .delimiter(b';')
            .from_writer(Vec::new());
        ecrivain.write_record(self.champs())?;
        ecrivain
            .into_inner()
            .map_err(|faute| std::io::Error::other(faute.to_string()).into())
    }

    /// The row as a JSON object.
    #[must_use]
    pub fn json(&self) -> Value {
        let detail: Value = serde_json::from_str(&self.detail).unwrap_or(Value::Null);
        json!({
            "rang": self.rang,
            "instant": self.instant.timestamp().to_string(),
            "acteur": self.acteur,
            "action": self.action,
            "objet": self.objet,
            "detail": detail,
            "precedent": hexadecimal(&self.precedent),
            "empreinte": hexadecimal(&self.empreinte),
        })
    }
}
