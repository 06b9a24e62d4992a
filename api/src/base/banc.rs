//! Databases for tests: a file of SQLite, or a base of a PostgreSQL server started by the first
//! test that needs one and stopped with the test program, however it ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use frequent_plan::Lac;

use super::{AdresseBase, Base};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sorte {
    Sqlite,
    Postgres,
}

impl Sorte {
    /// A new database of this sort, empty but for its schema.
    pub(crate) async fn base(self, lac: &Lac) -> Base {
        Base::ouvrir(lac, &self.adresse().await).await.unwrap()
    }

    /// The address of a new database.
    pub(crate) async fn adresse(self) -> AdresseBase {
        match self {
            Self::Sqlite => AdresseBase::Fichier,
            Self::Postgres => AdresseBase::Url(Serveur::commun().base_neuve().await),
        }
    }
}

/// Runs each of these tests on both databases: they are functions that take a [`Sorte`].
macro_rules! sur_chaque_base {
    ($($essai:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $essai() { super::$essai($crate::base::banc::Sorte::Sqlite).await }
            )*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $essai() { super::$essai($crate::base::banc::Sorte::Postgres).await }
            )*
        }
    };
}
pub(crate) use sur_chaque_base;

/// Makes a server in a folder of its own, says where, and lives until its input is closed, which
/// happens when the test program ends, even killed. PostgreSQL refuses to run as root.
const SCRIPT: &str = r#"
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -z "$bin" ] || PATH="$bin:$PATH"
d=$(mktemp -d /tmp/frequent-pg-XXXXXX)
trap 'rm -rf "$d"' EXIT
initdb -D "$d/base" -U frequent -A trust -E UTF8 --locale=C --no-sync >"$d/initdb" 2>&1
postgres -D "$d/base" -k "$d" -c listen_addresses= -c fsync=off -c max_connections=300 >"$d/journal" 2>&1 </dev/null &
pid=$!
until pg_isready -q -h "$d"; do kill -0 $pid; sleep 0.05; done
echo "$d"
cat >/dev/null
kill -INT $pid
wait $pid || true
"#;

struct Serveur {
    dossier: String,
    rang: AtomicU32,
    /// Held for its input: closing it stops the server.
    _processus: Child,
}

impl Serveur {
    fn commun() -> &'static Self {
        static COMMUN: OnceLock<Serveur> = OnceLock::new();
        COMMUN.get_or_init(Self::demarrer)
    }

    fn demarrer() -> Self {
        let racine = utilisateur() == 0;
        let mut commande = if racine {
            let mut commande = Command::new("runuser");
            commande.args(["-u", "postgres", "--", "sh", "-c", SCRIPT]);
            commande
        } else {
            let mut commande = Command::new("sh");
            commande.args(["-c", SCRIPT]);
            commande
        };
        let mut processus = commande
            .current_dir("/tmp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut dossier = String::new();
        BufReader::new(processus.stdout.take().unwrap())
            .read_line(&mut dossier)
            .unwrap();
        let dossier = dossier.trim().to_owned();
        assert!(
            !dossier.is_empty(),
            "PostgreSQL does not start: apt-get install postgresql"
        );
        Self {
            dossier,
            rang: AtomicU32::new(0),
            _processus: processus,
        }
    }

    /// The address of a new base.
    async fn base_neuve(&self) -> String {
        let nom = format!("essai_{}", self.rang.fetch_add(1, Ordering::SeqCst));
        sqlx::any::install_default_drivers();
        let admin = sqlx::AnyPool::connect(&self.url("postgres")).await.unwrap();
        let creation = sqlx::AssertSqlSafe(format!("create database {nom}"));
        sqlx::query(creation).execute(&admin).await.unwrap();
        admin.close().await;
        self.url(&nom)
    }

    fn url(&self, base: &str) -> String {
        format!(
            "postgres://frequent@localhost/{base}?host={}",
            self.dossier.replace('/', "%2F")
        )
    }
}

/// The user who runs the tests.
fn utilisateur() -> u32 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid()
}
