//! The bench on which the built binary is tested: a data folder, a server on a free port, an HTTP
//! client. Everything goes through the command line and the network, as for a user.

// Each test file uses the part of the bench that it needs.
#![allow(dead_code)]

pub mod demonstration;
pub mod prise;
pub mod trafic;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use parquet::file::reader::{FileReader, SerializedFileReader};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The real directory of Occitanie that ships with the project.
pub const ANNUAIRE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/annuaire-occitanie.csv");
/// The platform that every test sends for.
pub const PLATEFORME: &str = "ONE-OCC";
/// The account that every test signs in with.
pub const COMPTE: &str = "conseillere";
/// Its password.
pub const MOT_DE_PASSE: &str = "une phrase assez longue";

/// Where the logs of servers are kept.
const TRACES: &str = "traces.txt";

/// Longest wait for something that has to happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// The standard output of what must have succeeded; all that it said, if it did not.
pub fn reussie(quoi: &str, sortie: Output) -> String {
    assert!(
        sortie.status.success(),
        "{quoi} : {}{}",
        String::from_utf8_lossy(&sortie.stdout),
        String::from_utf8_lossy(&sortie.stderr)
    );
    String::from_utf8(sortie.stdout).unwrap()
}

/// Runs a visit of `tests/navigateur/` in a real browser, which must find what it looks for; gives
/// what it prints.
pub fn visiter(visite: &str, environnement: &[(&str, &str)]) -> String {
    let chemin = format!("{}/tests/navigateur/{visite}", env!("CARGO_MANIFEST_DIR"));
    let mut commande = Command::new("node");
    commande.arg(chemin).envs(environnement.iter().copied());
    reussie(visite, commande.output().unwrap())
}

/// A data folder of its own, removed with the value.
pub struct Banc {
    dossier: TempDir,
}

impl Banc {
    /// An empty data folder.
    pub fn vide() -> Self {
        Self {
            dossier: tempfile::tempdir().unwrap(),
        }
    }

    /// An empty data folder on another file system.
    pub fn dans(dossier: &Path) -> Self {
        Self {
            dossier: tempfile::tempdir_in(dossier).unwrap(),
        }
    }

    /// A data folder with the real directory, in force since 1 August 2025.
    pub fn avec_annuaire() -> Self {
        let banc = Self::vide();
        banc.reussir(&["annuaire", "import", ANNUAIRE, "--validite", "2025-08-01"]);
        banc
    }

    /// The data folder.
    pub fn donnees(&self) -> PathBuf {
        self.dossier.path().join("donnees")
    }

    /// A place for files that are not the program's.
    pub fn fichier(&self, nom: &str) -> PathBuf {
        self.dossier.path().join(nom)
    }

    /// A command on this data folder, not yet run.
    pub fn commande(&self, arguments: &[&str]) -> Command {
        let mut commande = Command::new(env!("CARGO_BIN_EXE_frequent"));
        commande
            .args(arguments)
            .arg("--donnees")
            .arg(self.donnees())
            .env("FREQUENT_MOT_DE_PASSE", MOT_DE_PASSE)
            .env("FREQUENT_ATTERRISSAGE_INTERVALLE_S", "1")
            .env("FREQUENT_CALCUL_INTERVALLE_S", "1")
            .env("FREQUENT_QUALITE_INTERVALLE_S", "1")
            .env("FREQUENT_COLLECTE_PASSE_MAX_JOURS", "400")
            .env("FREQUENT_CONSERVATION_EVENEMENTS_JOURS", "400")
            .env("FREQUENT_EXPLOITATION_METRIQUES", "")
            // Passwords alone: one-time codes have tests of their own.
            .env("FREQUENT_CONSOLE_ROLES_AVEC_CODE", "")
            .stdin(Stdio::null());
        commande
    }

    /// Runs a command to its end.
    pub fn executer(&self, arguments: &[&str]) -> Output {
        self.commande(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and gives its standard output.
    pub fn reussir(&self, arguments: &[&str]) -> String {
        reussie(&format!("frequent {arguments:?}"), self.executer(arguments))
    }

    /// A new provider's key.
    pub fn cle(&self) -> String {
        self.cle_de("Essai", PLATEFORME)
    }

    /// A new key of this name, for this platform.
    pub fn cle_de(&self, nom: &str, plateforme: &str) -> String {
        let sortie = self.reussir(&["provider", "add", nom, "--plateforme", plateforme]);
        sortie
            .split_whitespace()
            .find(|mot| mot.starts_with("fq_"))
            .unwrap()
            .to_owned()
    }

    /// An account over a territory written `niveau:code`.
    pub fn compte(&self, perimetre: &str) {
        self.reussir(&[
            "account",
            "add",
            COMPTE,
            "--nom",
            "Claire Durand",
            "--perimetre",
            perimetre,
        ]);
    }

    /// Starts the server on a free port and waits until it listens.
    pub fn servir(&self) -> Serveur {
        let mut commande = self.commande(&["serve", "--adresse", "127.0.0.1:0"]);
        Self::lancer(commande.stderr(Stdio::inherit()))
    }

    /// Starts the server with these settings; its logs are kept, see [`Self::traces`].
    pub fn servir_avec(&self, reglages: &[(&str, &str)]) -> Serveur {
        self.servir_roles("collect,land,aggregate,api", reglages)
    }

    /// Starts a process that does a part of the work, with these settings; its logs are kept too.
    pub fn servir_roles(&self, roles: &str, reglages: &[(&str, &str)]) -> Serveur {
        self.servir_sur("127.0.0.1:0", roles, reglages)
    }

    /// Starts a process on this address, with these settings; its logs are kept too.
    pub fn servir_sur(&self, adresse: &str, roles: &str, reglages: &[(&str, &str)]) -> Serveur {
        let traces = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.fichier(TRACES))
            .unwrap();
        let mut commande = self.commande(&["serve", "--adresse", adresse, "--role", roles]);
        for (cle, valeur) in reglages {
            commande.env(format!("FREQUENT_{cle}"), valeur);
        }
        Self::lancer(commande.stderr(traces))
    }

    /// What the servers started by [`Self::servir_avec`] have logged.
    pub fn traces(&self) -> String {
        std::fs::read_to_string(self.fichier(TRACES)).unwrap()
    }

    /// How many events there are in the lake, repeated ones included.
    pub fn evenements(&self) -> u64 {
        let table = self.donnees().join("lake/evenements");
        if !table.exists() {
            return 0;
        }
        let chemins = fichiers(&table);
        let nombres = chemins.into_values().map(|octets| {
            let lu = SerializedFileReader::new(bytes::Bytes::from(octets)).unwrap();
            u64::try_from(lu.metadata().file_metadata().num_rows()).unwrap()
        });
        nombres.sum()
    }

    fn lancer(commande: &mut Command) -> Serveur {
        let mut processus = commande.stdout(Stdio::piped()).spawn().unwrap();
        let mut sortie = BufReader::new(processus.stdout.take().unwrap());
        let mut ligne = String::new();
        while !ligne.contains("://") {
            ligne.clear();
            assert_ne!(
                sortie.read_line(&mut ligne).unwrap(),
                0,
                "le serveur s’est arrêté"
            );
        }
        let url = ligne
            .split_whitespace()
            .find(|mot| mot.starts_with("http://") || mot.starts_with("https://"))
            .unwrap();
        Serveur {
            url: url.trim_end_matches('/').to_owned(),
            processus,
        }
    }
}

/// A running server, killed with the value.
pub struct Serveur {
    /// `http://127.0.0.1:port`
    pub url: String,
    processus: Child,
}

impl Serveur {
    /// Kills it at once, as a power cut would: no handler runs.
    pub fn tuer(mut self) {
        self.processus.kill().unwrap();
        self.processus.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does, and waits until it has.
    pub fn terminer(mut self) -> std::process::ExitStatus {
        let numero = Pid::from_child(&self.processus);
        kill_process(numero, Signal::TERM).unwrap();
        self.processus.wait().unwrap()
    }

    /// Its process.
    pub fn numero(&self) -> Pid {
        Pid::from_child(&self.processus)
    }

    /// Its address, without the scheme.
    pub fn adresse(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }

    /// The most memory that it has held so far, in MiB.
    pub fn memoire_max_mio(&self) -> u64 {
        let etat = format!("/proc/{}/status", self.processus.id());
        let etat = std::fs::read_to_string(etat).unwrap();
        let ligne = etat.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
        let kio: u64 = ligne.split_whitespace().nth(1).unwrap().parse().unwrap();
        kio >> 10
    }

    /// Sends native events and gives the status and the answer.
    pub fn envoyer(&self, cle: &str, corps: impl AsRef<[u8]>) -> (u16, serde_json::Value) {
        let mut reponse = client()
            .post(format!("{}/v1/events", self.url))
            .header("Authorization", format!("Bearer {cle}"))
            .header("Content-Type", "application/x-ndjson")
            .send(corps.as_ref())
            .unwrap();
        let statut = reponse.status().as_u16();
        (statut, reponse.body_mut().read_json().unwrap())
    }

    /// Signs in and gives the session.
    pub fn session(&self) -> Session<'_> {
        self.session_de(COMPTE, MOT_DE_PASSE)
    }

    /// Signs in with an account and gives the session.
    pub fn session_de(&self, identifiant: &str, mot_de_passe: &str) -> Session<'_> {
        let identifiants =
            serde_json::json!({"identifiant": identifiant, "mot_de_passe": mot_de_passe});
        let reponse = client()
            .post(format!("{}/api/v1/session", self.url))
            .header("Origin", &self.url)
            .send_json(identifiants)
            .unwrap();
        assert_eq!(reponse.status(), 200, "{identifiant}");
        let temoin = reponse.headers()["set-cookie"].to_str().unwrap();
        Session {
            serveur: self,
            temoin: temoin.split(';').next().unwrap().to_owned(),
        }
    }
}

impl Drop for Serveur {
    fn drop(&mut self) {
        // Already gone when the test killed it.
        let _deja_arrete = self.processus.kill();
        let _deja_attendu = self.processus.wait();
    }
}

/// A signed-in client.
pub struct Session<'s> {
    serveur: &'s Serveur,
    /// The cookie, `name=value`.
    pub temoin: String,
}

impl Session<'_> {
    /// The JSON answer of a path of the API.
    pub fn lire(&self, chemin: &str) -> serde_json::Value {
        let mut reponse = self.demander(chemin);
        let statut = reponse.status();
        let corps: serde_json::Value = reponse.body_mut().read_json().unwrap();
        assert_eq!(statut, 200, "{chemin} : {corps}");
        corps
    }

    /// The text answer of a path of the API.
    pub fn texte(&self, chemin: &str) -> String {
        self.demander(chemin).body_mut().read_to_string().unwrap()
    }

    fn demander(&self, chemin: &str) -> ureq::http::Response<ureq::Body> {
        client()
            .get(format!("{}{chemin}", self.serveur.url))
            .header("Cookie", &self.temoin)
            .call()
            .unwrap()
    }

    /// Asks again until an answer is as expected.
    pub fn attendre(
        &self,
        chemin: &str,
        attendu: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        let debut = Instant::now();
        loop {
            let reponse = self.lire(chemin);
            if attendu(&reponse) {
                return reponse;
            }
            assert!(debut.elapsed() < PATIENCE, "{chemin} : toujours {reponse}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A client that gives every status back as an answer.
pub fn client() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into()
}

/// Every visible file under a folder, by relative path, with its bytes.
pub fn fichiers(dossier: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let visible = |chemin: &PathBuf| {
        let nom = chemin.file_name().unwrap().to_string_lossy();
        !nom.starts_with('.')
    };
    let visibles = tous_les_fichiers(dossier).into_iter().filter(visible);
    visibles
        .map(|chemin| {
            let relatif = chemin.strip_prefix(dossier).unwrap().to_owned();
            (relatif, std::fs::read(&chemin).unwrap())
        })
        .collect()
}

/// Every file under a folder, hidden ones included.
pub fn tous_les_fichiers(dossier: &Path) -> Vec<PathBuf> {
    let mut trouves = Vec::new();
    let mut a_voir = vec![dossier.to_owned()];
    while let Some(courant) = a_voir.pop() {
        for entree in std::fs::read_dir(&courant).unwrap() {
            let chemin = entree.unwrap().path();
            if chemin.is_dir() {
                a_voir.push(chemin);
            } else {
                trouves.push(chemin);
            }
        }
    }
    trouves
}

/// The rows of a Parquet file, each as text.
pub fn rangees(octets: Vec<u8>) -> Vec<String> {
    let lecteur = SerializedFileReader::new(bytes::Bytes::from(octets)).unwrap();
    let rangees = lecteur.get_row_iter(None).unwrap();
    rangees.map(|rangee| rangee.unwrap().to_string()).collect()
}
