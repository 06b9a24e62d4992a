//! The audit trail: who signed in, read a school, took files away, changed rights, destroyed data.
//!
//! Rows are only ever added, one after the other, each with the SHA-256 of itself and of the one
//! before: changing, removing or moving one breaks the chain where it was. Removing the last ones
//! breaks nothing in the chain: their number and digest are kept aside in a file signed by the
//! instance ([`tete`]).

mod chaine;
mod echeance;
mod lecture;
mod tete;

use std::sync::Arc;

use frequent_plan::{Horloge, Instant, Jour, Lac, Uai};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{Any, AnyConnection, Row, Transaction};
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::base::{Base, Dialecte};
use crate::sceau::{Sceau, SceauErreur};

pub use chaine::{Anomalie, Verification};
pub use lecture::FiltreAudit;

use tete::Tete;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Someone signed in.
    Connexion,
    /// A sign-in was refused.
    ConnexionRefusee,
    /// Someone signed out, or a session was ended.
    SessionFermee,
    /// A school's page or figures were read: once a day for an account and a school.
    LectureEcole,
    /// Figures were taken away in a file.
    Export,
    /// An account was made.
    CompteCree,
    /// An account was given other rights.
    CompteModifie,
    /// An account was deleted.
    CompteSupprime,
    /// An invitation link was made.
    Invitation,
    /// A password was changed.
    MotDePasse,
    /// One-time codes were set up or taken away.
    Codes,
    /// A named perimeter was made, changed or deleted.
    Perimetre,
    /// An API token was made or revoked.
    JetonApi,
    /// A convention was entered, changed or ended.
    Convention,
    /// Data were destroyed.
    Destruction,
    /// A backup was made, or one was restored.
    Sauvegarde,
    /// An incident was declared or closed.
    Incident,
    /// The trail itself was taken away in a file.
    ExportAudit,
}

impl Action {
    /// Its code, in the database and in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Connexion => "connexion",
            Self::ConnexionRefusee => "connexion_refusee",
            Self::SessionFermee => "session_fermee",
            Self::LectureEcole => "lecture_ecole",
            Self::Export => "export",
            Self::CompteCree => "compte_cree",
            Self::CompteModifie => "compte_modifie",
            Self::CompteSupprime => "compte_supprime",
            Self::Invitation => "invitation",
            Self::MotDePasse => "mot_de_passe",
            Self::Codes => "codes",
            Self::Perimetre => "perimetre",
            Self::JetonApi => "jeton_api",
            Self::Convention => "convention",
            Self::Destruction => "destruction",
            Self::Sauvegarde => "sauvegarde",
            Self::Incident => "incident",
            Self::ExportAudit => "export_audit",
        }
    }
}

/// Who the command line is, in the trail.
pub const LIGNE_DE_COMMANDE: &str = "(ligne de commande)";
/// Who the scheduler is, in the trail.
pub const PLANIFICATEUR: &str = "(planificateur)";

/// Something to write in the trail. Nothing of a pupil, a parent or a password goes in it.
#[derive(Debug, Clone)]
pub struct Ecriture<'a> {
    /// Who did it: an account's identifier, [`LIGNE_DE_COMMANDE`] or [`PLANIFICATEUR`].
    pub acteur: &'a str,
    /// What was done.
    pub action: Action,
    /// To what: an account, a school, a perimeter…
    pub objet: &'a str,
    /// What else is to be known.
    pub detail: Value,
}

impl<'a> Ecriture<'a> {
    /// Something done to an object, with nothing else to say.
    #[must_use]
    pub fn new(acteur: &'a str, action: Action, objet: &'a str) -> Self {
        Self {
            acteur,
            action,
            objet,
            detail: json!({}),
        }
    }

    /// The same, with a detail.
    #[must_use]
    pub fn avec(self, detail: Value) -> Self {
        Self { detail, ..self }
    }
}

/// Who makes a change, and the trail that is told of it in the change's own transaction: neither is
/// there without the other.
#[derive(Clone, Copy)]
pub struct Trace<'a> {
    /// The trail.
    pub journal: &'a Journal,
    /// Who.
    pub acteur: &'a str,
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne {
    /// Its rank, from 1, without a gap.
    pub rang: i64,
    /// When.
    pub instant: Instant,
    /// Who.
    pub acteur: String,
    /// What.
    pub action: String,
    /// To what.
    pub objet: String,
    /// What else, in JSON.
    pub detail: String,
    /// The digest of the row before; zeros for the first.
    pub precedent: Vec<u8>,
    /// The digest of this row.
    pub empreinte: Vec<u8>,
}

/// What the trail can fail on.
#[derive(Debug, thiserror::Error)]
pub enum AuditErreur {
    /// The database refused.
    #[error("journal d’audit : {0}")]
    Base(#[from] sqlx::Error),
    /// The instance's secret cannot be read.
    #[error(transparent)]
    Sceau(#[from] SceauErreur),
    /// The head of the trail cannot be written or read.
    #[error("tête du journal d’audit : {0}")]
    Tete(#[from] std::io::Error),
}

/// The audit trail.
pub struct Journal {
    base: Base,
    horloge: Arc<dyn Horloge>,
    sceau: Sceau,
    tete: Mutex<Tete>,
}

impl Journal {
    /// The trail of a database, with its head in the data folder.
    ///
    /// # Errors
    /// The instance's secret cannot be read or made.
    pub fn new(base: Base, lac: &Lac, horloge: Arc<dyn Horloge>) -> Result<Self, AuditErreur> {
        Ok(Self {
            base,
            horloge,
            sceau: Sceau::ouvrir(lac)?,
            tete: Mutex::new(Tete::de(lac)),
        })
    }

    /// Adds a row, on disk when the call returns.
    ///
    /// # Errors
    /// The database or the disk refuses: what was to be told must then not be done.
    pub async fn inscrire(&self, ecriture: Ecriture<'_>) -> Result<i64, AuditErreur> {
        self.conclure(self.base.ecrire().await?, ecriture).await
    }

    /// Ends a transaction with the row that tells what it changed, and gives its rank: both are there,
    /// or neither.
    ///
    /// # Errors
    /// The database or the disk refuses.
    pub(crate) async fn conclure(
        &self,
        mut transaction: Transaction<'static, Any>,
        ecriture: Ecriture<'_>,
    ) -> Result<i64, AuditErreur> {
        let ligne = self.ajouter(&mut transaction, ecriture).await?;
        transaction.commit().await?;
        self.retenir(&ligne).await?;
        Ok(ligne.rang)
    }

    /// Adds a row in a transaction that changes what the row tells of. It is the last thing that the
    /// transaction does: who writes the trail waits for who wrote before. Once it is committed, the
    /// row is for [`Self::retenir`].
    ///
    /// # Errors
    /// The database refuses.
    pub(crate) async fn ajouter(
        &self,
        transaction: &mut AnyConnection,
        ecriture: Ecriture<'_>,
    ) -> Result<Ligne, sqlx::Error> {
        if self.base.dialecte() == Dialecte::Postgres {
            sqlx::query("lock table audit in exclusive mode")
                .execute(&mut *transaction)
                .await?;
        }
        let derniere = sqlx::query("select rang, empreinte from audit order by rang desc limit 1")
            .fetch_optional(&mut *transaction)
            .await?;
        let (rang, precedent) = match derniere {
            None => (0, chaine::ORIGINE.to_vec()),
            Some(ligne) => (ligne.try_get("rang")?, ligne.try_get("empreinte")?),
        };
        let mut ligne = Ligne {
            rang: rang + 1,
            instant: self.horloge.maintenant(),
            acteur: ecriture.acteur.to_owned(),
            action: ecriture.action.code().to_owned(),
            objet: ecriture.objet.to_owned(),
            detail: ecriture.detail.to_string(),
            precedent,
            empreinte: Vec::new(),
        };
        ligne.empreinte = chaine::empreinte(&ligne);
        sqlx::query(
            "insert into audit
                (rang, instant, acteur, action, objet, detail, precedent, empreinte)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(ligne.rang)
        .bind(ligne.instant.0)
        .bind(&ligne.acteur)
        .bind(&ligne.action)
        .bind(&ligne.objet)
        .bind(&ligne.detail)
        .bind(ligne.precedent.clone())
        .bind(ligne.empreinte.clone())
        .execute(&mut *transaction)
        .await?;
        Ok(ligne)
    }

    /// Moves the head to a row that is committed.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) async fn retenir(&self, ligne: &Ligne) -> Result<(), AuditErreur> {
        self.tete.lock().await.retenir(&self.sceau, ligne)?;
        Ok(())
    }

    /// Tells that an account read a school, unless it was told of that day already.
    ///
    /// # Errors
    /// See [`Self::inscrire`].
    pub async fn lecture_d_ecole(
        &self,
        acteur: &str,
        uai: Uai,
        jour: Jour,
    ) -> Result<(), AuditErreur> {
        let neuve = sqlx::query(
            "insert into audit_lectures (identifiant, uai, jour) values ($1, $2, $3)
             on conflict do nothing",
        )
        .bind(acteur)
        .bind(uai.as_str())
        .bind(jour.to_string())
        .execute(self.base.pool())
        .await?;
        if neuve.rows_affected() > 0 {
            let ecriture = Ecriture::new(acteur, Action::LectureEcole, uai.as_str());
            self.inscrire(ecriture).await?;
        }
        Ok(())
    }

    /// Forgets which schools were read by whom on days before this one: the trail tells it already.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn oublier_les_lectures_avant(&self, jour: Jour) -> Result<u64, AuditErreur> {
        let oubli = sqlx::query("delete from audit_lectures where jour < $1")
            .bind(jour.to_string())
            .execute(self.base.pool())
            .await?;
        Ok(oubli.rows_affected())
    }
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
