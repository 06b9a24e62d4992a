//! API tokens: how a program reads what an account may see, within scopes, until a date.

use std::fmt;
use std::time::Duration;

use frequent_plan::Instant;
use frequent_territory::Perimetre;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use utoipa::ToSchema;

use super::perimetres::membre_lu;
use super::{
    Compte, Comptes, ComptesErreur, empreinte, nom_valide, normaliser, numero_neuf, secret_neuf,
};

/// What every token begins with, so that one left in a file is recognised.
const PREFIXE: &str = "fj_";
/// Longest life of a token.
const DUREE_MAX: Duration = Duration::from_hours(366 * 24);
/// How often at most its last use is written.
const PAS_VU_MS: i64 = 60_000;

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Portee {
    /// Reading figures.
    Chiffres,
    /// Reading tagging quality.
    Qualite,
    /// Taking files away.
    Export,
    /// Reading conventions.
    ConventionsLecture,
}

impl Portee {
    const TOUTES: [Self; 4] = [
        Self::Chiffres,
        Self::Qualite,
        Self::Export,
        Self::ConventionsLecture,
    ];

    /// Its code, in the database and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chiffres => "chiffres",
            Self::Qualite => "qualite",
            Self::Export => "export",
            Self::ConventionsLecture => "conventions_lecture",
        }
    }

    /// The scope of a code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        Self::TOUTES
            .into_iter()
            .find(|portee| portee.code() == code)
    }
}

impl fmt::Display for Portee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A token asked for.
#[derive(Debug, Clone)]
pub struct DemandeJeton {
    /// What it is called.
    pub nom: String,
    /// What it may be used for.
    pub portees: Vec<Portee>,
    /// What it sees, of what its holder sees; nothing for all of it.
    pub perimetre: Perimetre,
    /// How long it works.
    pub duree: Duration,
}

/// A token, as its holder sees it listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JetonApi {
    /// By which it is revoked.
    pub id: String,
    /// What it is called.
    pub nom: String,
    /// Whose it is.
    pub identifiant: String,
    /// What it may be used for.
    pub portees: Vec<Portee>,
    /// When it was made.
    pub cree_le: Instant,
    /// When it stops working.
    pub expire_le: Instant,
    /// When it was last used, to the minute.
    pub vu_le: Option<Instant>,
}

/// A token just made. Its text is shown once and never kept.
#[derive(Clone)]
pub struct JetonNeuf {
    /// By which it is revoked.
    pub id: String,
    /// `fj_` and 64 hexadecimal digits.
    pub texte: String,
    /// When it stops working.
    pub expire_le: Instant,
}

impl fmt::Debug for JetonNeuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JetonNeuf(…)")
    }
}

/// A token that works.
#[derive(Debug, Clone)]
pub struct JetonReconnu {
    /// By which it is revoked.
    pub id: String,
    /// Whose it is.
    pub compte: Compte,
    /// What it may be used for.
    pub portees: Vec<Portee>,
    /// What it sees, of what its holder sees; nothing for all of it.
    pub perimetre: Perimetre,
}

impl Comptes {
    /// Makes a token for an account. Whether its perimeter is in the holder's is for the caller to
    /// have checked; it is bounded by the holder's again at each use.
    ///
    /// # Errors
    /// The name does not suit, it would last too long or not at all, or there is no such account.
    pub async fn creer_jeton(
        &self,
        identifiant: &str,
        demande: DemandeJeton,
    ) -> Result<JetonNeuf, ComptesErreur> {
        let identifiant = normaliser(identifiant);
        let nom = nom_valide(&demande.nom)?;
        if demande.duree.is_zero() || demande.duree > DUREE_MAX {
            return Err(ComptesErreur::Echeance);
        }
        let maintenant = self.horloge.maintenant().0;
        let duree = i64::try_from(demande.duree.as_millis()).unwrap_or(i64::MAX);
        let neuf = JetonNeuf {
            id: numero_neuf()?,
            texte: format!("{PREFIXE}{}", secret_neuf()?),
            expire_le: Instant(maintenant.saturating_add(duree)),
        };
        let portees: Vec<&str> = demande.portees.iter().map(|p| p.code()).collect();
        let mut transaction = self.base.ecrire().await?;
        sqlx::query("select 1 from comptes where identifiant = $1")
            .bind(&identifiant)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or_else(|| ComptesErreur::Inconnu(identifiant.clone()))?;
        sqlx::query(
            "insert into jetons (id, empreinte, identifiant, nom, portees, cree_le, expire_le)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&neuf.id)
        .bind(empreinte(&neuf.texte))
        .bind(&identifiant)
        .bind(nom)
        .bind(portees.join(" "))
        .bind(maintenant)
        .bind(neuf.expire_le.0)
        .execute(&mut *transaction)
        .await?;
        for (niveau, code) in demande.perimetre.territoires() {
            sqlx::query("insert into jetons_territoires (jeton, niveau, code) values ($1, $2, $3)")
                .bind(&neuf.id)
                .bind(niveau.code())
                .bind(code)
                .execute(&mut *transaction)
                .await?;
        }
        for uai in demande.perimetre.ecoles() {
            sqlx::query("insert into jetons_ecoles (jeton, uai) values ($1, $2)")
                .bind(&neuf.id)
                .bind(uai.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(neuf)
    }

    /// The tokens of an account, expired ones too, the newest first.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn jetons(&self, identifiant: &str) -> Result<Vec<JetonApi>, ComptesErreur> {
        let lignes = sqlx::query(
            "select id, nom, identifiant, portees, cree_le, expire_le, vu_le from jetons
             where identifiant = $1 order by cree_le desc, id",
        )
        .bind(normaliser(identifiant))
        .fetch_all(self.base.pool())
        .await?;
        let lire = |ligne: &sqlx::any::AnyRow| {
            Ok(JetonApi {
                id: ligne.try_get("id")?,
                nom: ligne.try_get("nom")?,
                identifiant: ligne.try_get("identifiant")?,
                portees: portees_lues(&ligne.try_get::<String, _>("portees")?),
                cree_le: Instant(ligne.try_get("cree_le")?),
                expire_le: Instant(ligne.try_get("expire_le")?),
                vu_le: ligne.try_get::<Option<i64>, _>("vu_le")?.map(Instant),
            })
        };
        lignes.iter().map(lire).collect()
    }

    /// Ends a token of an account.
    ///
    /// # Errors
    /// The account has no such token.
    pub async fn revoquer_jeton(&self, identifiant: &str, id: &str) -> Result<(), ComptesErreur> {
        let fin = sqlx::query("delete from jetons where identifiant = $1 and id = $2")
            .bind(normaliser(identifiant))
            .bind(id)
            .execute(self.base.pool())
            .await?;
        if fin.rows_affected() == 0 {
            return Err(ComptesErreur::SansObjet);
        }
        Ok(())
    }

    /// The token of this text, if it works.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn reconnaitre_jeton(
        &self,
        texte: &str,
    ) -> Result<Option<JetonReconnu>, ComptesErreur> {
        let maintenant = self.horloge.maintenant().0;
        let Some(ligne) = sqlx::query(
            "select comptes.identifiant, comptes.nom, role, id, portees, jetons.vu_le as vu_le
             from jetons join comptes on comptes.identifiant = jetons.identifiant
             where empreinte = $1 and expire_le > $2",
        )
        .bind(empreinte(texte))
        .bind(maintenant)
        .fetch_optional(self.base.pool())
        .await?
        else {
            return Ok(None);
        };
        let id: String = ligne.try_get("id")?;
        let membres = sqlx::query(
            "select niveau, code from jetons_territoires where jeton = $1
             union all select '', uai from jetons_ecoles where jeton = $1",
        )
        .bind(&id)
        .fetch_all(self.base.pool())
        .await?;
        let mut perimetre = Perimetre::default();
        for membre in &membres {
            let lu = membre_lu(&membre.try_get::<String, _>(0)?, membre.try_get(1)?);
            perimetre.joindre(lu.ok_or_else(|| ComptesErreur::Illisible(id.clone()))?);
        }
        let vu_le: Option<i64> = ligne.try_get("vu_le")?;
        if vu_le.is_none_or(|vu| maintenant - vu >= PAS_VU_MS) {
            sqlx::query("update jetons set vu_le = $1 where id = $2")
                .bind(maintenant)
                .bind(&id)
                .execute(self.base.pool())
                .await?;
        }
        Ok(Some(JetonReconnu {
            portees: portees_lues(&ligne.try_get::<String, _>("portees")?),
            compte: self.completer(&ligne).await?,
            perimetre,
            id,
        }))
    }
}

fn portees_lues(texte: &str) -> Vec<Portee> {
    texte.split(' ').filter_map(Portee::de_code).collect()
}
