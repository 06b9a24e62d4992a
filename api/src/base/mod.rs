//! The database of everything that is administered: accounts, perimeters, conventions, audit.
//!
//! One SQLite file (mode 0600, WAL, synchronous FULL) by default, PostgreSQL when the settings give
//! its address. Both are spoken to through one pool, in the SQL that they share: what is written is
//! on disk when the call returns.

#[cfg(test)]
pub(crate) mod banc;
mod migrations;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use frequent_plan::Lac;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnectionMetadata;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Transaction};

#[cfg(test)]
pub(crate) use migrations::{SQLITE, de_pas};

/// Connections held at once.
const CONNEXIONS: u32 = 4;

/// Which database it is, where their SQL differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialecte {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where the database is.
#[derive(Clone, Default)]
pub enum AdresseBase {
    /// In the data folder, a file of SQLite.
    #[default]
    Fichier,
    /// On a PostgreSQL server: `postgres://user:password@host/base?sslmode=verify-full`.
    Url(String),
}

impl std::fmt::Debug for AdresseBase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address holds a password.
        f.write_str(match self {
            Self::Fichier => "Fichier",
            Self::Url(_) => "Url(…)",
        })
    }
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaseErreur {
    /// The address is not one of PostgreSQL. It is not repeated: it may hold a password.
    #[error("base.url : commence par postgres:// ou postgresql://")]
    Adresse,
    /// The file cannot be created with mode 0600.
    #[error("le fichier des comptes {} ne peut pas être créé : {source}", chemin.display())]
    Fichier {
        /// The file.
        chemin: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("base des comptes : {0}")]
    Sql(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("base des comptes, mise à niveau : {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// The database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Base {
    pool: AnyPool,
    dialecte: Dialecte,
}

impl Base {
    /// Opens the database and brings its schema up to date; the file of SQLite is created (mode
    /// 0600) when it is missing.
    ///
    /// # Errors
    /// It cannot be created, reached or brought up to date.
    pub async fn ouvrir(lac: &Lac, adresse: &AdresseBase) -> Result<Self, BaseErreur> {
        let base = match adresse {
            AdresseBase::Fichier => Self::sqlite(&lac.comptes()).await?,
            AdresseBase::Url(url) => Self::postgres(url).await?,
        };
        migrations::migrateur(base.dialecte).run(&base.pool).await?;
        Ok(base)
    }

    async fn sqlite(chemin: &Path) -> Result<Self, BaseErreur> {
        let fichier = |source| BaseErreur::Fichier {
            chemin: chemin.to_owned(),
            source,
        };
        creer_prive(chemin).map_err(fichier)?;
        let absolu = std::path::absolute(chemin).map_err(fichier)?;
        let octets = absolu.as_os_str().as_encoded_bytes();
        let url = format!("sqlite:{}", percent_encode(octets, NON_ALPHANUMERIC));
        Ok(Self {
            pool: options().after_connect(regler).connect(&url).await?,
            dialecte: Dialecte::Sqlite,
        })
    }

    async fn postgres(url: &str) -> Result<Self, BaseErreur> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(BaseErreur::Adresse);
        }
        Ok(Self {
            pool: options().connect(url).await?,
            dialecte: Dialecte::Postgres,
        })
    }

    /// Its connections. Placeholders are `$1`, `$2`…; a transaction that writes begins with
    /// [`Self::ecrire`].
    #[must_use]
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Which database it is.
    #[must_use]
    pub fn dialecte(&self) -> Dialecte {
        self.dialecte
    }

    /// A transaction that will write. SQLite takes its one writer's place at once: a transaction
    /// that read first and could not write later would fail instead of waiting.
    ///
    /// # Errors
    /// The database cannot be reached, or another writer stays too long.
    pub async fn ecrire(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        match self.dialecte {
            Dialecte::Sqlite => self.pool.begin_with("begin immediate").await,
            Dialecte::Postgres => self.pool.begin().await,
        }
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// It does not, and why.
    pub async fn verifier(&self) -> Result<(), BaseErreur> {
        sqlx::query("select 1 from comptes limit 1")
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Closes it: what was written to SQLite is folded back into its one file.
    pub async fn fermer(&self) {
        self.pool.close().await;
    }
}

fn options() -> AnyPoolOptions {
    // Drivers are chosen by the address; installing them again changes nothing.
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new().max_connections(CONNEXIONS)
}

/// What each connection to SQLite begins with.
fn regler<'c>(
    connexion: &'c mut AnyConnection,
    _: PoolConnectionMetadata,
) -> std::pin::Pin<Box<dyn Future<Output = Result<(), sqlx::Error>> + Send + 'c>> {
    Box::pin(async move {
        for reglage in [
            "pragma busy_timeout = 5000",
            "pragma journal_mode = wal",
            "pragma synchronous = full",
            "pragma foreign_keys = on",
        ] {
            connexion.execute(reglage).await?;
        }
        Ok(())
    })
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
mod tests {
    use super::banc::{Sorte, sur_chaque_base};
    use super::*;

    sur_chaque_base!(
        a_base_opened_again_keeps_what_it_held,
        writers_wait_for_each_other_and_none_fails,
    );

    async fn a_base_opened_again_keeps_what_it_held(sorte: Sorte) {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path().join("un dossier ?&# é"));
        let adresse = sorte.adresse().await;
        let base = Base::ouvrir(&lac, &adresse).await.unwrap();
        ajouter(&base, "claire").await;
        base.verifier().await.unwrap();
        base.fermer().await;
        let base = Base::ouvrir(&lac, &adresse).await.unwrap();
        let nom: String = sqlx::query_scalar("select nom from comptes where identifiant = $1")
            .bind("claire")
            .fetch_one(base.pool())
            .await
            .unwrap();
        assert_eq!(nom, "claire");
    }

    async fn writers_wait_for_each_other_and_none_fails(sorte: Sorte) {
        let dossier = tempfile::tempdir().unwrap();
        let base = sorte.base(&Lac::new(dossier.path())).await;
        let mut taches = tokio::task::JoinSet::new();
        for rang in 0..20 {
            let base = base.clone();
            taches.spawn(async move { ajouter(&base, &format!("compte{rang}")).await });
        }
        taches.join_all().await;
        let nombre: i64 = sqlx::query_scalar("select count(*) from comptes")
            .fetch_one(base.pool())
            .await
            .unwrap();
        assert_eq!(nombre, 20);
    }

    async fn ajouter(base: &Base, nom: &str) {
        let mut transaction = base.ecrire().await.unwrap();
        let connus: i64 = sqlx::query_scalar("select count(*) from comptes")
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        sqlx::query(
            "insert into comptes (identifiant, nom, role, cree_le) values ($1, $1, 'dsden', $2)",
        )
        .bind(nom)
        .bind(connus)
        .execute(&mut *transaction)
        .await
        .unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn an_address_that_is_not_postgresqls_is_refused_without_repeating_it() {
        let dossier = tempfile::tempdir().unwrap();
        let adresse = AdresseBase::Url("mysql://qui:secret@ici".to_owned());
        assert!(!format!("{adresse:?}").contains("secret"));
        let refus = Base::ouvrir(&Lac::new(dossier.path()), &adresse).await;
        let refus = refus.unwrap_err().to_string();
        assert!(!refus.contains("secret"), "{refus}");
    }
}
