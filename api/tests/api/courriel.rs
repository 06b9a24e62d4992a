//! A real mail server on a free port, stopped with the test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use frequent_api::rapports::{Chiffrement, Smtp};
use tempfile::TempDir;

/// From the root of the repository: the tests of the built binary use it too.
const SCRIPT: &str = "api/tests/api/serveur_courriel.py";

pub struct ServeurCourriel {
    dossier: TempDir,
    port: u16,
    /// Held for its input: closing it stops the server.
    _processus: Child,
}

impl ServeurCourriel {
    /// A server in clear.
    pub fn en_clair() -> Self {
        Self::demarrer(tempfile::tempdir().unwrap())
    }

    /// A server that takes nothing before STARTTLS, nor without a password.
    pub fn chiffre() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let cle = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let ecrire = |nom: &str, texte: String| {
            std::fs::write(dossier.path().join(nom), texte).unwrap();
        };
        ecrire("certificat.pem", cle.cert.pem());
        ecrire("cle.pem", cle.signing_key.serialize_pem());
        Self::demarrer(dossier)
    }

    fn demarrer(dossier: TempDir) -> Self {
        let mut processus = Command::new("/usr/bin/python3")
            .arg(script())
            .arg(dossier.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ligne = String::new();
        BufReader::new(processus.stdout.take().unwrap())
            .read_line(&mut ligne)
            .unwrap();
        let port = ligne.trim().parse();
        Self {
            port: port.expect("the mail server does not start: apt-get install python3-aiosmtpd"),
            dossier,
            _processus: processus,
        }
    }

    /// How to reach it.
    pub fn smtp(&self) -> Smtp {
        let chiffre = self.chemin("certificat.pem").exists();
        Smtp {
            hote: "localhost".to_owned(),
            port: self.port,
            chiffrement: if chiffre {
                Chiffrement::Starttls
            } else {
                Chiffrement::Aucun
            },
            autorites: chiffre.then(|| self.chemin("certificat.pem")),
            identifiants: chiffre.then(|| ("frequent".to_owned(), "un secret".to_owned())),
            expediteur: "FréquENT <frequent@exemple.fr>".to_owned(),
        }
    }

    /// A file of its folder.
    pub fn chemin(&self, nom: &str) -> PathBuf {
        self.dossier.path().join(nom)
    }

    /// From now on it refuses what it is given.
    pub fn refuser(&self) {
        std::fs::write(self.chemin("refuser"), "").unwrap();
    }

    /// From now on it takes it again.
    pub fn accepter(&self) {
        std::fs::remove_file(self.chemin("refuser")).unwrap();
    }

    /// The messages taken.
    pub fn nombre(&self) -> usize {
        let entrees = std::fs::read_dir(self.dossier.path()).unwrap();
        let noms = entrees.map(|entree| entree.unwrap().file_name());
        noms.filter(|nom| nom.to_string_lossy().ends_with(".entetes"))
            .count()
    }

    /// A part of a message: `entetes`, `txt`, `html`.
    pub fn partie(&self, rang: usize, genre: &str) -> String {
        std::fs::read_to_string(self.chemin(&format!("{rang}.{genre}"))).unwrap()
    }

    /// The text of the PDF joined to a message.
    pub fn pdf(&self, rang: usize) -> String {
        let sortie = Command::new("pdftotext")
            .args([
                "-layout".as_ref(),
                self.chemin(&format!("{rang}.pdf")).as_os_str(),
            ])
            .arg("-")
            .output()
            .unwrap();
        assert!(sortie.status.success());
        String::from_utf8_lossy(&sortie.stdout).into_owned()
    }
}

fn script() -> PathBuf {
    let dossiers = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut scripts = dossiers.map(|dossier| dossier.join(SCRIPT));
    scripts.find(|script| script.exists()).unwrap()
}
