//! Sessions: signing in, being recognised, signing out.
//!
//! The browser holds a random 256-bit token in its cookie; the database holds its SHA-256. A new
//! token is drawn at each sign-in and the one the browser came with is destroyed, so that a token
//! planted beforehand never becomes a session.

use std::time::Duration;

use frequent_plan::Instant;
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::{Compte, Comptes, ComptesErreur, MotDePasse, normaliser};

/// How often at most a session's last use is written: reading a page of the console must not cost
/// a dozen fsyncs.
const PAS_VUE_MS: i64 = 60_000;

/// How long sessions last.
#[derive(Debug, Clone)]
pub struct ReglagesSessions {
    /// From sign-in, whatever happens.
    pub duree_max: Duration,
    /// From the last use; to the minute.
    pub inactivite_max: Duration,
}

impl Default for ReglagesSessions {
    /// A working day of 12 hours; 2 hours without use.
    fn default() -> Self {
        Self {
            duree_max: Duration::from_hours(12),
            inactivite_max: Duration::from_hours(2),
        }
    }
}

/// What the browser's cookie holds: 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Jeton(String);

impl Jeton {
    /// A token as a cookie gave it.
    #[must_use]
    pub fn lu(texte: &str) -> Self {
        Self(texte.to_owned())
    }

    /// The text to put in the cookie.
    #[must_use]
    pub fn texte(&self) -> &str {
        &self.0
    }

    fn tirer() -> Result<Self, ComptesErreur> {
        use std::fmt::Write;
        let mut alea = [0_u8; 32];
        getrandom::fill(&mut alea).map_err(ComptesErreur::Alea)?;
        Ok(Self(alea.iter().fold(String::new(), |mut texte, octet| {
            // Writing to a String cannot fail.
            let _ = write!(texte, "{octet:02x}");
            texte
        })))
    }

    /// What the database keeps of it. The token has 256 bits of randomness: no salt is needed, and
    /// looking up a hash tells an attacker nothing by its timing.
    fn empreinte(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl std::fmt::Debug for Jeton {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jeton(…)")
    }
}

/// A session just opened.
#[derive(Debug)]
pub struct Connexion {
    /// What the browser will show.
    pub jeton: Jeton,
    /// Whose session it is.
    pub compte: Compte,
}

/// Why a sign-in gave no session.
#[derive(Debug, thiserror::Error)]
pub enum ConnexionRefusee {
    /// The identifier or the password is wrong; which one is not said.
    #[error("identifiant ou mot de passe incorrect")]
    Identifiants,
    /// Too many tries: wait that long.
    #[error("trop de tentatives de connexion")]
    Trop(Duration),
    /// The accounts could not be read.
    #[error(transparent)]
    Comptes(#[from] ComptesErreur),
}

impl From<sqlx::Error> for ConnexionRefusee {
    fn from(erreur: sqlx::Error) -> Self {
        Self::Comptes(erreur.into())
    }
}

impl Comptes {
    /// Opens a session, after destroying the one the browser came with.
    ///
    /// # Errors
    /// See [`ConnexionRefusee`].
    pub async fn connecter(
        &self,
        identifiant: &str,
        mot_de_passe: MotDePasse,
        ancien: Option<&Jeton>,
    ) -> Result<Connexion, ConnexionRefusee> {
        let identifiant = normaliser(identifiant);
        self.tentatives
            .compter(&identifiant)
            .map_err(ConnexionRefusee::Trop)?;
        let ligne = sqlx::query(
            "select identifiant, nom, niveau, code, mot_de_passe from comptes
             where identifiant = $1",
        )
        .bind(&identifiant)
        .fetch_optional(self.base.pool())
        .await?;
        let hache = ligne
            .as_ref()
            .map(|l| l.try_get("mot_de_passe"))
            .transpose()?;
        let juste = self.hachoir.verifier(mot_de_passe, hache).await?;
        let Some(ligne) = ligne.filter(|_| juste) else {
            return Err(ConnexionRefusee::Identifiants);
        };
        let compte = self.completer(&ligne).await?;
        if let Some(ancien) = ancien {
            self.deconnecter(ancien).await?;
        }
        let jeton = Jeton::tirer()?;
        let maintenant = self.horloge.maintenant().0;
        sqlx::query(
            "insert into sessions (empreinte, identifiant, ouverte_le, vue_le) values ($1, $2, $3, $4)",
        )
        .bind(jeton.empreinte())
        .bind(&compte.identifiant)
        .bind(maintenant)
        .bind(maintenant)
        .execute(self.base.pool())
        .await?;
        Ok(Connexion { jeton, compte })
    }

    /// The account whose live session this token is, if it is one.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn reconnaitre(&self, jeton: &Jeton) -> Result<Option<Compte>, ComptesErreur> {
        let empreinte = jeton.empreinte();
        let Some(ligne) = sqlx::query(
            "select identifiant, nom, niveau, code, ouverte_le, vue_le
             from sessions join comptes using (identifiant) where empreinte = $1",
        )
        .bind(empreinte.clone())
        .fetch_optional(self.base.pool())
        .await?
        else {
            return Ok(None);
        };
        let maintenant = self.horloge.maintenant();
        let vue_le: i64 = ligne.try_get("vue_le")?;
        let limites = self.limites(maintenant);
        if ligne.try_get::<i64, _>("ouverte_le")? <= limites.ouverte || vue_le <= limites.vue {
            return Ok(None);
        }
        if maintenant.0 - vue_le >= PAS_VUE_MS {
            sqlx::query("update sessions set vue_le = $1 where empreinte = $2")
                .bind(maintenant.0)
                .bind(empreinte.clone())
                .execute(self.base.pool())
                .await?;
        }
        self.completer(&ligne).await.map(Some)
    }

    /// Ends a session. A token that is none is no error.
    ///
    /// # Errors
    /// The accounts cannot be written.
    pub async fn deconnecter(&self, jeton: &Jeton) -> Result<(), ComptesErreur> {
        sqlx::query("delete from sessions where empreinte = $1")
            .bind(jeton.empreinte())
            .execute(self.base.pool())
            .await?;
        Ok(())
    }

    /// Destroys the expired sessions and says how many there were. To be called now and then.
    ///
    /// # Errors
    /// The accounts cannot be written.
    pub async fn purger_sessions(&self) -> Result<u64, ComptesErreur> {
        let limites = self.limites(self.horloge.maintenant());
        let purge = sqlx::query("delete from sessions where ouverte_le <= $1 or vue_le <= $2")
            .bind(limites.ouverte)
            .bind(limites.vue)
            .execute(self.base.pool())
            .await?;
        Ok(purge.rows_affected())
    }

    fn limites(&self, maintenant: Instant) -> Limites {
        let avant = |duree: Duration| {
            let duree = i64::try_from(duree.as_millis()).unwrap_or(i64::MAX);
            maintenant.0.saturating_sub(duree)
        };
        Limites {
            ouverte: avant(self.reglages.sessions.duree_max),
            vue: avant(self.reglages.sessions.inactivite_max),
        }
    }
}

/// A session opened or last used at these instants or before is over.
struct Limites {
    ouverte: i64,
    vue: i64,
}
