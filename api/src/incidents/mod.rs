//! The register of incidents and series breaks: on which days, in which schools, figures were not
//! fed or changed method. Every affected figure is marked with them.

mod incident;

use frequent_plan::{Instant, Jour};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::audit::{Action, AuditErreur, Ecriture, Trace};
use crate::base::Base;
use crate::comptes::{Compte, ComptesErreur, numero_neuf};
use crate::erreurs::Erreur;

pub use incident::{Declaration, FauteIncident, Incident, Nature, PorteeIncident};

/// What an operation on the register can fail on.
#[derive(Debug, thiserror::Error)]
pub enum IncidentsErreur {
    /// No incident has this identifier.
    #[error("il n’y a pas d’incident de cet identifiant")]
    Inconnu,
    /// A stored incident cannot be understood: the database was altered.
    #[error("l’incident « {0} » est illisible dans la base")]
    Illisible(String),
    /// No identifier could be made.
    #[error(transparent)]
    Identifiant(#[from] ComptesErreur),
    /// The audit trail refused: what it could not be told was not done.
    #[error(transparent)]
    Audit(#[from] AuditErreur),
    /// The database refused.
    #[error("base des incidents : {0}")]
    Base(#[from] sqlx::Error),
}

impl From<IncidentsErreur> for Erreur {
    fn from(erreur: IncidentsErreur) -> Self {
        match erreur {
            IncidentsErreur::Inconnu => Self::SansObjet,
            notre => Self::Interne(notre.to_string()),
        }
    }
}

impl From<FauteIncident> for Erreur {
    fn from(faute: FauteIncident) -> Self {
        Self::Valeur(faute.to_string())
    }
}

/// The register. They are few, and each figure asks for those of its days only.
#[derive(Debug, Clone)]
pub struct Incidents {
    base: Base,
}

impl Incidents {
    /// The register of a database.
    #[must_use]
    pub fn new(base: Base) -> Self {
        Self { base }
    }

    /// Those that touch a day of a span, the first first.
    ///
    /// # Errors
    /// The database refuses, or holds one that cannot be understood.
    pub async fn entre(&self, du: Jour, au: Jour) -> Result<Vec<Incident>, IncidentsErreur> {
        // Days are written so that texts compare as they do.
        let lignes = sqlx::query(
            "select * from incidents where du <= $2 and (au is null or au >= $1) order by du, id",
        )
        .bind(du.to_string())
        .bind(au.to_string())
        .fetch_all(self.base.pool())
        .await?;
        let incidents = lignes.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
        Ok(incidents
            .into_iter()
            .filter(|incident| incident.touche_jours(du, au))
            .collect())
    }

    /// The one of this identifier.
    ///
    /// # Errors
    /// There is none, or the database refuses.
    pub async fn un(&self, id: &str) -> Result<Incident, IncidentsErreur> {
        let ligne = sqlx::query("select * from incidents where id = $1")
            .bind(id)
            .fetch_optional(self.base.pool())
            .await?;
        lire(&ligne.ok_or(IncidentsErreur::Inconnu)?)
    }

    /// Records a new one.
    ///
    /// # Errors
    /// The database or the audit trail refuses.
    pub async fn declarer(
        &self,
        trace: Trace<'_>,
        (auteur, maintenant): (&Compte, Instant),
        declaration: Declaration,
    ) -> Result<Incident, IncidentsErreur> {
        let incident = Incident {
            id: numero_neuf()?,
            declaration,
            declare_par: auteur.identifiant.clone(),
            declare_nom: auteur.nom.clone(),
            declare_le: maintenant,
        };
        self.ecrire(trace, &incident, "declare").await?;
        Ok(incident)
    }

    /// Gives one other terms; who declared it and when stay.
    ///
    /// # Errors
    /// The database or the audit trail refuses.
    pub async fn modifier(
        &self,
        trace: Trace<'_>,
        ancien: Incident,
        declaration: Declaration,
    ) -> Result<Incident, IncidentsErreur> {
        let incident = Incident {
            declaration,
            ..ancien
        };
        self.ecrire(trace, &incident, "modifie").await?;
        Ok(incident)
    }

    /// Takes one off the register.
    ///
    /// # Errors
    /// The database or the audit trail refuses.
    pub async fn supprimer(&self, trace: Trace<'_>, id: &str) -> Result<(), IncidentsErreur> {
        let mut transaction = self.base.ecrire().await?;
        sqlx::query("delete from incidents where id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        let ecriture = Ecriture::new(trace.acteur, Action::Incident, id);
        let ecriture = ecriture.avec(json!({"fait": "supprime"}));
        trace.journal.conclure(transaction, ecriture).await?;
        Ok(())
    }

    async fn ecrire(
        &self,
        trace: Trace<'_>,
        incident: &Incident,
        fait: &str,
    ) -> Result<(), IncidentsErreur> {
        let dit = &incident.declaration;
        let (portee, valeur) = dit.portee.ecrite();
        let mut transaction = self.base.ecrire().await?;
        sqlx::query("delete from incidents where id = $1")
            .bind(&incident.id)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "insert into incidents (id, nature, titre, explication, du, au, portee, valeur,
             declare_par, declare_nom, declare_le)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(&incident.id)
        .bind(dit.nature.code())
        .bind(&dit.titre)
        .bind(&dit.explication)
        .bind(dit.du.to_string())
        .bind(dit.au.map(|jour| jour.to_string()))
        .bind(portee)
        .bind(&valeur)
        .bind(&incident.declare_par)
        .bind(&incident.declare_nom)
        .bind(incident.declare_le.0)
        .execute(&mut *transaction)
        .await?;
        let detail = json!({
            "fait": fait, "nature": dit.nature.code(), "titre": dit.titre,
            "du": dit.du, "au": dit.au, "portee": portee,
        });
        let ecriture = Ecriture::new(trace.acteur, Action::Incident, &incident.id).avec(detail);
        trace.journal.conclure(transaction, ecriture).await?;
        Ok(())
    }
}

fn lire(ligne: &AnyRow) -> Result<Incident, IncidentsErreur> {
    let id: String = ligne.try_get("id")?;
    let texte = |colonne| ligne.try_get::<String, _>(colonne);
    let au: Option<String> = ligne.try_get("au")?;
    let declaration = (|| {
        let au = match au {
            None => None,
            Some(au) => Some(au.parse().ok()?),
        };
        Some(Declaration {
            nature: Nature::de_code(&texte("nature").ok()?)?,
            titre: texte("titre").ok()?,
            explication: texte("explication").ok()?,
            du: texte("du").ok()?.parse().ok()?,
            au,
            portee: PorteeIncident::lire(&texte("portee").ok()?, &texte("valeur").ok()?)?,
        })
    })();
    Ok(Incident {
        declaration: declaration.ok_or_else(|| IncidentsErreur::Illisible(id.clone()))?,
        declare_par: texte("declare_par")?,
        declare_nom: texte("declare_nom")?,
        declare_le: Instant(ligne.try_get("declare_le")?),
        id,
    })
}

#[cfg(test)]
#[path = "incidents_tests.rs"]
mod tests;
