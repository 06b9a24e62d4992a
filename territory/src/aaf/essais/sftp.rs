//! Debian's own OpenSSH server, started by the test.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

/// A server, killed with its test.
struct Sshd {
    dossier: TempDir,
    processus: Child,
    port: u16,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _deja_mort = self.processus.kill();
        let _deja_mort = self.processus.wait();
    }
}

fn generer_cle(chemin: &Path) {
    let etat = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
        .arg(chemin)
        .status()
        .unwrap();
    assert!(etat.success());
}

fn empreinte(cle: &Path) -> String {
    let sortie = Command::new("ssh-keygen")
        .arg("-lf")
        .arg(cle)
        .output()
        .unwrap();
    let texte = String::from_utf8(sortie.stdout).unwrap();
    texte.split(' ').nth(1).unwrap().to_owned()
}

impl Sshd {
    fn demarrer() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let ici = dossier.path();
        fs::create_dir(ici.join("depot")).unwrap();
        fs::create_dir_all("/run/sshd").unwrap_or_default();
        for nom in ["serveur", "client", "autre"] {
            generer_cle(&ici.join(nom));
        }
        fs::copy(ici.join("client.pub"), ici.join("autorisees")).unwrap();
        fs::set_permissions(ici.join("autorisees"), PermissionsExt::from_mode(0o600)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|ecoute| ecoute.local_addr())
            .unwrap()
            .port();
        let reglages = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {0}/serveur\nPidFile none\n\
             AuthorizedKeysFile {0}/autorisees\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nPermitRootLogin prohibit-password\n\
             Subsystem sftp internal-sftp\n",
            ici.display()
        );
        fs::write(ici.join("sshd_config"), reglages).unwrap();
        let processus = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(ici.join("sshd_config"))
            .stderr(Stdio::null())
            .spawn()
            .expect("openssh-server is installed by scripts/prerequis.sh");
        let limite = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < limite, "sshd does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self {
            dossier,
            processus,
            port,
        }
    }

    fn serveur(&self) -> Serveur {
        let ici = self.dossier.path();
        let moi = Command::new("id").arg("-un").output().unwrap().stdout;
        Serveur {
            hote: "127.0.0.1".to_owned(),
            port: self.port,
            utilisateur: String::from_utf8(moi).unwrap().trim().to_owned(),
            cle: ici.join("client"),
            empreinte: empreinte(&ici.join("serveur.pub")),
            dossier: ici.join("depot").to_str().unwrap().to_owned(),
        }
    }

    fn la_bas(&self) -> Vec<String> {
        let liste = fs::read_dir(self.dossier.path().join("depot")).unwrap();
        let mut noms: Vec<_> = liste
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        noms.sort();
        noms
    }
}

#[tokio::test]
async fn archives_are_fetched_imported_and_destroyed_on_both_sides() {
    let sshd = Sshd::demarrer();
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    for entree in fs::read_dir(essai.depot()).unwrap() {
        let ici = entree.unwrap();
        let la_bas = sshd.dossier.path().join("depot").join(ici.file_name());
        fs::copy(ici.path(), la_bas).unwrap();
        fs::remove_file(ici.path()).unwrap();
    }
    fs::write(sshd.dossier.path().join("depot/lisezmoi.pdf"), "x").unwrap();
    let serveur = sshd.serveur();
    let releves = relever(&serveur, &essai.depot()).await.unwrap();
    assert_eq!(releves.len(), 4);
    let mode = fs::metadata(essai.depot().join(&releves[0])).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    let detruites =
        importer_et_detruire(&essai.lac, &essai.depot(), &essai.reglages, &mut |_| {}).unwrap();
    assert_eq!(detruites.len(), 4);
    assert_eq!(
        essai.nombre(Niveau::Departement, "066", Profil::Eleve),
        Some(3)
    );
    oublier(&serveur, &releves).await.unwrap();
    assert_eq!(sshd.la_bas(), ["lisezmoi.pdf"]);
    assert_eq!(fs::read_dir(essai.depot()).unwrap().count(), 0);
}

#[tokio::test]
async fn another_server_is_told_nothing_and_another_key_gets_nothing() {
    let sshd = Sshd::demarrer();
    let depot = tempfile::tempdir().unwrap();
    let autre_serveur = Serveur {
        empreinte: empreinte(&sshd.dossier.path().join("autre.pub")),
        ..sshd.serveur()
    };
    let faute = relever(&autre_serveur, depot.path()).await.unwrap_err();
    assert!(matches!(faute, SftpErreur::AutreServeur { .. }), "{faute}");
    let autre_cle = Serveur {
        cle: sshd.dossier.path().join("autre"),
        ..sshd.serveur()
    };
    let faute = relever(&autre_cle, depot.path()).await.unwrap_err();
    assert!(matches!(faute, SftpErreur::Refusee { .. }), "{faute}");
    let sans_empreinte = Serveur {
        empreinte: "abc".to_owned(),
        ..sshd.serveur()
    };
    let faute = relever(&sans_empreinte, depot.path()).await.unwrap_err();
    assert!(matches!(faute, SftpErreur::Empreinte), "{faute}");
    assert_eq!(fs::read_dir(depot.path()).unwrap().count(), 0);
}
