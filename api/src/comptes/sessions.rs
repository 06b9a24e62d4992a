//! Sessions: signing in, being recognised, signing out.
//!
//! The browser holds a random 256-bit token in its cookie; the database holds its SHA-256. A new
//! token is drawn at each sign-in and the one the browser came with is destroyed, so that a token
//! planted beforehand never becomes a session.

use std::time::Duration;

use frequent_plan::Instant;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use utoipa::ToSchema;

use super::codes::CodeRefuse;
use super::tentatives::Provenance;
use super::{
    AppareilConnu, Compte, Comptes, ComptesErreur, MotDePasse, empreinte, normaliser, numero_neuf,
    secret_neuf,
};

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

    /// A new token.
    pub(crate) fn tirer() -> Result<Self, ComptesErreur> {
        secret_neuf().map(Self)
    }

    fn empreinte(&self) -> Vec<u8> {
        empreinte(&self.0)
    }
}

impl std::fmt::Debug for Jeton {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jeton(…)")
    }
}

/// How a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moyen {
    /// By a password alone.
    MotDePasse,
    /// By a password and a one-time code.
    Code,
    /// By an identity provider, which has its own second factor.
    Oidc,
    /// By a password that a directory checked.
    Ldap,
}

impl Moyen {
    const TOUS: [Self; 4] = [Self::MotDePasse, Self::Code, Self::Oidc, Self::Ldap];

    /// Its code, in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MotDePasse => "mot_de_passe",
            Self::Code => "code",
            Self::Oidc => "oidc",
            Self::Ldap => "ldap",
        }
    }

    fn de_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|moyen| moyen.code() == code)
    }
}

/// What is given to sign in.
#[derive(Debug)]
pub struct DemandeConnexion<'a> {
    /// The account's identifier.
    pub identifiant: &'a str,
    /// Its password.
    pub mot_de_passe: MotDePasse,
    /// The one-time code, or a recovery code.
    pub code: Option<&'a str>,
    /// The token that the browser came with.
    pub ancien: Option<&'a Jeton>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// A session just opened.
#[derive(Debug)]
pub struct Connexion {
    /// What the browser will show.
    pub jeton: Jeton,
    /// What it will show to be known at its next sign-in.
    pub appareil: AppareilConnu,
    /// The session.
    pub session: SessionOuverte,
}

/// A live session, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOuverte {
    /// By which it is listed and revoked.
    pub numero: String,
    /// Whose it is.
    pub compte: Compte,
    /// The account must enrol for one-time codes before anything else.
    pub doit_s_inscrire: bool,
}

/// A session, as its holder sees it listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// By which it is revoked.
    pub numero: String,
    /// How it was opened.
    pub moyen: Moyen,
    /// The kind of device, system and browser, from the plan's lists, separated by spaces.
    pub appareil: String,
    /// When it was opened.
    pub ouverte_le: Instant,
    /// When it was last used, to the minute.
    pub vue_le: Instant,
}

/// Why a sign-in gave no session.
#[derive(Debug, thiserror::Error)]
pub enum ConnexionRefusee {
    /// The identifier or the password is wrong; which one is not said.
    #[error("identifiant ou mot de passe incorrect")]
    Identifiants,
    /// The password is right, and a one-time code is needed.
    #[error("un code à usage unique est demandé")]
    CodeRequis,
    /// The password is right, the code is not, or was used already.
    #[error("ce code n’est pas le bon, ou a déjà servi")]
    Code,
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
    /// Opens a session with a password and, if the account has them, a one-time code, after
    /// destroying the session the browser came with.
    ///
    /// # Errors
    /// See [`ConnexionRefusee`].
    pub async fn connecter(
        &self,
        demande: DemandeConnexion<'_>,
    ) -> Result<Connexion, ConnexionRefusee> {
        let identifiant = normaliser(demande.identifiant);
        let appareil = demande.provenance.appareil.as_ref();
        let connu = appareil.and_then(|appareil| self.appareil_connu(&identifiant, appareil));
        self.tentatives
            .compter(&identifiant, demande.provenance.adresse, connu.as_deref())
            .map_err(ConnexionRefusee::Trop)?;
        let ligne = sqlx::query(
            "select identifiant, nom, role, mot_de_passe from comptes where identifiant = $1",
        )
        .bind(&identifiant)
        .fetch_optional(self.base.pool())
        .await?;
        let hache: Option<Option<String>> = ligne
            .as_ref()
            .map(|l| l.try_get("mot_de_passe"))
            .transpose()?;
        let juste = self
            .hachoir
            .verifier(demande.mot_de_passe, hache.flatten())
            .await?;
        let Some(ligne) = ligne.filter(|_| juste) else {
            return Err(ConnexionRefusee::Identifiants);
        };
        let compte = self.completer(&ligne).await?;
        let moyen = self.second_facteur(&compte, demande.code).await?;
        let connexion = self
            .ouvrir_session(compte, moyen, &demande.provenance.terminal, demande.ancien)
            .await?;
        Ok(connexion)
    }

    pub(super) async fn second_facteur(
        &self,
        compte: &Compte,
        code: Option<&str>,
    ) -> Result<Moyen, ConnexionRefusee> {
        if !self.a_un_code(&compte.identifiant).await? {
            return Ok(Moyen::MotDePasse);
        }
        let code = code.ok_or(ConnexionRefusee::CodeRequis)?;
        match self.verifier_code(&compte.identifiant, code).await {
            Ok(()) => Ok(Moyen::Code),
            Err(CodeRefuse::Comptes(erreur)) => Err(erreur.into()),
            Err(CodeRefuse::Faux | CodeRefuse::NonInscrit) => Err(ConnexionRefusee::Code),
        }
    }

    /// Opens a session for an account whose holder was recognised by this means, after destroying
    /// the one the browser came with.
    ///
    /// # Errors
    /// The accounts cannot be written.
    pub async fn ouvrir_session(
        &self,
        compte: Compte,
        moyen: Moyen,
        terminal: &str,
        ancien: Option<&Jeton>,
    ) -> Result<Connexion, ComptesErreur> {
        if let Some(ancien) = ancien {
            self.deconnecter(ancien).await?;
        }
        let jeton = Jeton::tirer()?;
        let numero = numero_neuf()?;
        let maintenant = self.horloge.maintenant().0;
        sqlx::query(
            "insert into sessions
                (empreinte, numero, identifiant, moyen, appareil, ouverte_le, vue_le)
             values ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(jeton.empreinte())
        .bind(&numero)
        .bind(&compte.identifiant)
        .bind(moyen.code())
        .bind(terminal)
        .bind(maintenant)
        .execute(self.base.pool())
        .await?;
        sqlx::query("update comptes set vu_le = $1 where identifiant = $2")
            .bind(maintenant)
            .bind(&compte.identifiant)
            .execute(self.base.pool())
            .await?;
        let appareil = self.reconnaitre_appareil(&compte.identifiant)?;
        let doit_s_inscrire = self.doit_s_inscrire(&compte, moyen).await?;
        Ok(Connexion {
            jeton,
            appareil,
            session: SessionOuverte {
                numero,
                compte,
                doit_s_inscrire,
            },
        })
    }

    /// Whether a session opened by this means may only be used to enrol.
    async fn doit_s_inscrire(&self, compte: &Compte, moyen: Moyen) -> Result<bool, ComptesErreur> {
        let exige = compte
            .droits
            .role()
            .exige_code(&self.reglages.roles_avec_code);
        Ok(exige && moyen != Moyen::Oidc && !self.a_un_code(&compte.identifiant).await?)
    }

    /// The live session of this token, if it is one.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn reconnaitre(
        &self,
        jeton: &Jeton,
    ) -> Result<Option<SessionOuverte>, ComptesErreur> {
        let empreinte = jeton.empreinte();
        let Some(ligne) = sqlx::query(
            "select comptes.identifiant, nom, role, numero, moyen, ouverte_le, vue_le
             from sessions join comptes on comptes.identifiant = sessions.identifiant
             where empreinte = $1",
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
                .bind(empreinte)
                .execute(self.base.pool())
                .await?;
        }
        let compte = self.completer(&ligne).await?;
        let moyen = moyen_lu(&ligne.try_get::<String, _>("moyen")?, &compte.identifiant)?;
        Ok(Some(SessionOuverte {
            numero: ligne.try_get("numero")?,
            doit_s_inscrire: self.doit_s_inscrire(&compte, moyen).await?,
            compte,
        }))
    }

    /// The live sessions of an account, the last used first.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn sessions(&self, identifiant: &str) -> Result<Vec<Session>, ComptesErreur> {
        let limites = self.limites(self.horloge.maintenant());
        let lignes = sqlx::query(
            "select numero, moyen, appareil, ouverte_le, vue_le from sessions
             where identifiant = $1 and ouverte_le > $2 and vue_le > $3
             order by vue_le desc, numero",
        )
        .bind(normaliser(identifiant))
        .bind(limites.ouverte)
        .bind(limites.vue)
        .fetch_all(self.base.pool())
        .await?;
        let lire = |ligne: &sqlx::any::AnyRow| {
            Ok(Session {
                numero: ligne.try_get("numero")?,
                moyen: moyen_lu(&ligne.try_get::<String, _>("moyen")?, identifiant)?,
                appareil: ligne.try_get("appareil")?,
                ouverte_le: Instant(ligne.try_get("ouverte_le")?),
                vue_le: Instant(ligne.try_get("vue_le")?),
            })
        };
        lignes.iter().map(lire).collect()
    }

    /// Ends one session of an account.
    ///
    /// # Errors
    /// The account has no such session, or the accounts cannot be written.
    pub async fn revoquer_session(
        &self,
        identifiant: &str,
        numero: &str,
    ) -> Result<(), ComptesErreur> {
        let fin = sqlx::query("delete from sessions where identifiant = $1 and numero = $2")
            .bind(normaliser(identifiant))
            .bind(numero)
            .execute(self.base.pool())
            .await?;
        if fin.rows_affected() == 0 {
            return Err(ComptesErreur::SansObjet);
        }
        Ok(())
    }

    /// Ends all the sessions of an account and says how many there were.
    ///
    /// # Errors
    /// The accounts cannot be written.
    pub async fn revoquer_sessions(&self, identifiant: &str) -> Result<u64, ComptesErreur> {
        let fin = sqlx::query("delete from sessions where identifiant = $1")
            .bind(normaliser(identifiant))
            .execute(self.base.pool())
            .await?;
        Ok(fin.rows_affected())
    }

    /// Ends a session, and says whose it was and its number. A token that is none is no error.
    ///
    /// # Errors
    /// The accounts cannot be written.
    pub async fn deconnecter(
        &self,
        jeton: &Jeton,
    ) -> Result<Option<(String, String)>, ComptesErreur> {
        let fermee =
            sqlx::query("delete from sessions where empreinte = $1 returning identifiant, numero")
                .bind(jeton.empreinte())
                .fetch_optional(self.base.pool())
                .await?;
        let lire = |ligne: sqlx::any::AnyRow| -> Result<_, sqlx::Error> {
            Ok((ligne.try_get("identifiant")?, ligne.try_get("numero")?))
        };
        Ok(fermee.map(lire).transpose()?)
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

fn moyen_lu(code: &str, identifiant: &str) -> Result<Moyen, ComptesErreur> {
    Moyen::de_code(code).ok_or_else(|| ComptesErreur::Illisible(identifiant.to_owned()))
}
