//! Local accounts: who may sign in, and what each may see.
//!
//! One SQLite file, in WAL with synchronous FULL: an account created or a password changed is on
//! disk when the call returns. Passwords are kept as argon2id hashes only, session tokens as their
//! SHA-256 only: reading the file gives no way in.

mod droits;
mod mot_de_passe;
mod sessions;
mod tentatives;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use frequent_plan::{Horloge, Lac, Niveau};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Row, SqlSafeStr};

pub use droits::{Droits, DroitsInvalides, Perimetre, PerimetreInvalide};
pub use mot_de_passe::{LONGUEUR_MIN, MotDePasse, MotDePasseFaible};
pub use sessions::{Connexion, ConnexionRefusee, Jeton, ReglagesSessions};
pub use tentatives::ReglagesTentatives;

use mot_de_passe::Hachoir;
use tentatives::Tentatives;

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "comptes",
        include_str!("../../migrations/0001_comptes.sql"),
    ),
    (
        2,
        "plateformes",
        include_str!("../../migrations/0002_plateformes.sql"),
    ),
];

/// Longest identifier or name of an account, in characters.
const LIBELLE_MAX: usize = 100;

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compte {
    /// What its holder types to sign in; lower case.
    pub identifiant: String,
    /// The holder's name or function, shown in the console.
    pub nom: String,
    /// What the account may see.
    pub droits: Droits,
}

/// What an operation on accounts can fail on.
#[derive(Debug, thiserror::Error)]
pub enum ComptesErreur {
    /// The identifier has no acceptable form.
    #[error(
        "l’identifiant « {0} » ne convient pas : 1 à 100 lettres sans accent, chiffres, points, tirets, _ ou @"
    )]
    Identifiant(String),
    /// The name is empty or too long.
    #[error("le nom d’un compte compte de 1 à 100 caractères")]
    Nom,
    /// The password does not follow the policy.
    #[error(transparent)]
    MotDePasse(#[from] MotDePasseFaible),
    /// The identifier is taken.
    #[error("un compte « {0} » existe déjà")]
    Existe(String),
    /// No account has this identifier.
    #[error("il n’y a pas de compte « {0} »")]
    Inconnu(String),
    /// A stored account cannot be understood: the file was altered.
    #[error("le compte « {0} » est illisible dans la base des comptes")]
    Illisible(String),
    /// The password could not be hashed.
    #[error("le mot de passe n’a pas pu être protégé : {0}")]
    Hachage(String),
    /// The machine gave no random bytes.
    #[error("la machine n’a pas donné d’octets aléatoires : {0}")]
    Alea(getrandom::Error),
    /// The accounts' file cannot be created with mode 0600.
    #[error("le fichier des comptes {} ne peut pas être créé : {source}", chemin.display())]
    Fichier {
        /// The file.
        chemin: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("base des comptes : {0}")]
    Base(#[from] sqlx::Error),
    /// The database's schema could not be brought up to date.
    #[error("base des comptes, mise à niveau : {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// How accounts and sessions behave.
#[derive(Debug, Clone, Default)]
pub struct ReglagesComptes {
    /// How long sessions last.
    pub sessions: ReglagesSessions,
    /// How many sign-ins may be tried.
    pub tentatives: ReglagesTentatives,
}

/// The accounts' database.
pub struct Comptes {
    base: SqlitePool,
    horloge: Arc<dyn Horloge>,
    hachoir: Hachoir,
    tentatives: Tentatives,
    reglages: ReglagesComptes,
}

impl Comptes {
    /// Opens the accounts of a data folder, creating the file (mode 0600) when it is missing.
    ///
    /// # Errors
    /// The file cannot be created, opened or brought up to date.
    pub async fn ouvrir(
        lac: &Lac,
        horloge: Arc<dyn Horloge>,
        reglages: ReglagesComptes,
    ) -> Result<Self, ComptesErreur> {
        let chemin = lac.comptes();
        creer_prive(&chemin).map_err(|source| ComptesErreur::Fichier {
            chemin: chemin.clone(),
            source,
        })?;
        let options = SqliteConnectOptions::new()
            .filename(&chemin)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let base = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await?;
        let migrations = MIGRATIONS.iter().map(|&(version, nom, sql)| {
            let sql = sql.into_sql_str();
            Migration::new(version, nom.into(), MigrationType::Simple, sql, false)
        });
        Migrator::with_migrations(migrations.collect())
            .run(&base)
            .await?;
        Ok(Self {
            base,
            tentatives: Tentatives::new(&reglages.tentatives, &horloge),
            hachoir: Hachoir::new()?,
            horloge,
            reglages,
        })
    }

    /// Creates an account.
    ///
    /// # Errors
    /// The identifier, name or password does not suit, or the identifier is taken.
    pub async fn creer(
        &self,
        identifiant: &str,
        nom: &str,
        mot_de_passe: MotDePasse,
        droits: impl Into<Droits>,
    ) -> Result<Compte, ComptesErreur> {
        let compte = Compte {
            identifiant: identifiant_valide(identifiant)?,
            nom: nom_valide(nom)?,
            droits: droits.into(),
        };
        let hache = self.hachoir.hacher(mot_de_passe).await?;
        let perimetre = compte.droits.perimetre();
        let mut transaction = self.base.begin().await?;
        let ajout = sqlx::query(
            "insert into comptes (identifiant, nom, mot_de_passe, niveau, code, cree_le)
             values (?, ?, ?, ?, ?, ?) on conflict do nothing",
        )
        .bind(&compte.identifiant)
        .bind(&compte.nom)
        .bind(hache)
        .bind(perimetre.map(|p| p.niveau.code()))
        .bind(perimetre.map(|p| p.code.as_str()))
        .bind(self.horloge.maintenant().0)
        .execute(&mut *transaction)
        .await?;
        if ajout.rows_affected() == 0 {
            return Err(ComptesErreur::Existe(compte.identifiant));
        }
        for plateforme in compte.droits.plateformes() {
            sqlx::query("insert into comptes_plateformes (identifiant, plateforme) values (?, ?)")
                .bind(&compte.identifiant)
                .bind(plateforme)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(compte)
    }

    /// Every account, by identifier.
    ///
    /// # Errors
    /// The database refuses, or holds an account that cannot be understood.
    pub async fn lister(&self) -> Result<Vec<Compte>, ComptesErreur> {
        sqlx::query(
            "select identifiant, nom, niveau, code, plateformes from comptes_lus
             order by identifiant",
        )
        .fetch_all(&self.base)
        .await?
        .iter()
        .map(lire_compte)
        .collect()
    }

    /// Changes an account's password and ends all its sessions.
    ///
    /// # Errors
    /// The password does not suit, or there is no such account.
    pub async fn changer_mot_de_passe(
        &self,
        identifiant: &str,
        mot_de_passe: MotDePasse,
    ) -> Result<(), ComptesErreur> {
        let identifiant = normaliser(identifiant);
        let hache = self.hachoir.hacher(mot_de_passe).await?;
        let mut transaction = self.base.begin().await?;
        let change = sqlx::query("update comptes set mot_de_passe = ? where identifiant = ?")
            .bind(hache)
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        if change.rows_affected() == 0 {
            return Err(ComptesErreur::Inconnu(identifiant));
        }
        sqlx::query("delete from sessions where identifiant = ?")
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Deletes an account and its sessions.
    ///
    /// # Errors
    /// There is no such account.
    pub async fn supprimer(&self, identifiant: &str) -> Result<(), ComptesErreur> {
        let identifiant = normaliser(identifiant);
        let retrait = sqlx::query("delete from comptes where identifiant = ?")
            .bind(&identifiant)
            .execute(&self.base)
            .await?;
        if retrait.rows_affected() == 0 {
            return Err(ComptesErreur::Inconnu(identifiant));
        }
        Ok(())
    }

    /// Whether accounts can be read.
    ///
    /// # Errors
    /// They cannot, and why.
    pub async fn verifier(&self) -> Result<(), ComptesErreur> {
        sqlx::query("select 1 from comptes limit 1")
            .execute(&self.base)
            .await?;
        Ok(())
    }

    /// Closes the database: what was written is folded back into its one file.
    pub async fn fermer(&self) {
        self.base.close().await;
    }
}

fn lire_compte(ligne: &SqliteRow) -> Result<Compte, ComptesErreur> {
    let identifiant: String = ligne.try_get("identifiant")?;
    let niveau: Option<String> = ligne.try_get("niveau")?;
    let code: Option<String> = ligne.try_get("code")?;
    let plateformes: String = ligne.try_get("plateformes")?;
    let droits = || {
        let perimetre = match niveau.zip(code) {
            None => None,
            Some((niveau, code)) => Some(Perimetre {
                niveau: Niveau::de_code(&niveau)?,
                code,
            }),
        };
        let plateformes: Vec<String> = serde_json::from_str(&plateformes).ok()?;
        Droits::new(perimetre, plateformes).ok()
    };
    Ok(Compte {
        droits: droits().ok_or_else(|| ComptesErreur::Illisible(identifiant.clone()))?,
        nom: ligne.try_get("nom")?,
        identifiant,
    })
}

fn normaliser(identifiant: &str) -> String {
    identifiant.trim().to_lowercase()
}

fn identifiant_valide(identifiant: &str) -> Result<String, ComptesErreur> {
    let normalise = normaliser(identifiant);
    let convient = (1..=LIBELLE_MAX).contains(&normalise.len())
        && normalise
            .bytes()
            .all(|o| o.is_ascii_alphanumeric() || b"._-@".contains(&o));
    if convient {
        Ok(normalise)
    } else {
        Err(ComptesErreur::Identifiant(normalise))
    }
}

fn nom_valide(nom: &str) -> Result<String, ComptesErreur> {
    let nom = nom.trim();
    let convient =
        (1..=LIBELLE_MAX).contains(&nom.chars().count()) && !nom.chars().any(char::is_control);
    convient.then(|| nom.to_owned()).ok_or(ComptesErreur::Nom)
}

/// Creates the file readable by its owner only; SQLite gives its WAL the same mode.
fn creer_prive(chemin: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(dossier) = chemin.parent() {
        std::fs::create_dir_all(dossier)?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(chemin)
        .map(drop)
}

#[cfg(test)]
#[path = "comptes_tests.rs"]
mod tests;
