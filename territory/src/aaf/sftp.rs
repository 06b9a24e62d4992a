//! Pulling archives from an SFTP server: with a key, and only from the server whose key is known.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::ssh_key::Fingerprint;
use russh::keys::{HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate, load_secret_key};
use russh_sftp::client::SftpSession;
use tokio::io::AsyncWriteExt;

use super::bordereau::est_une_piece;

/// Longest silence of the server.
const SILENCE: Duration = Duration::from_mins(1);

/// Where archives are, and who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serveur {
    /// Name or address.
    pub hote: String,
    /// Port.
    pub port: u16,
    /// User.
    pub utilisateur: String,
    /// File of the private key, without a passphrase.
    pub cle: PathBuf,
    /// The server's own key, as `ssh-keygen -l` prints it: `SHA256:…`.
    pub empreinte: String,
    /// The folder there.
    pub dossier: String,
}

/// Why nothing was pulled.
#[derive(Debug, thiserror::Error)]
pub enum SftpErreur {
    /// The fingerprint given is none.
    #[error("SFTP : l’empreinte du serveur s’écrit SHA256:…, comme la donne ssh-keygen -l")]
    Empreinte,
    /// The private key cannot be read.
    #[error("SFTP, clé {} : illisible, ou protégée par une phrase", chemin.display())]
    Cle {
        /// The file.
        chemin: PathBuf,
    },
    /// The server shows another key than the one expected.
    #[error("SFTP, {hote} : sa clé n’est pas celle attendue ; rien ne lui a été dit")]
    AutreServeur {
        /// The server.
        hote: String,
    },
    /// Our key is not accepted.
    #[error("SFTP, {hote} : notre clé est refusée pour « {utilisateur} »")]
    Refusee {
        /// The server.
        hote: String,
        /// The user.
        utilisateur: String,
    },
    /// The connection failed.
    #[error("SFTP, {hote} : {source}")]
    Connexion {
        /// The server.
        hote: String,
        /// What happened.
        source: russh::Error,
    },
    /// The server refused something.
    #[error("SFTP, {hote}, {chemin} : {source}")]
    Fichier {
        /// The server.
        hote: String,
        /// The file or folder there.
        chemin: String,
        /// What it answered.
        source: russh_sftp::client::error::Error,
    },
    /// The archive cannot be kept here.
    #[error("SFTP, {} : {source}", chemin.display())]
    Ici {
        /// The file here.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
}

/// Lets through the one server whose key is known.
struct Gardien {
    attendue: Fingerprint,
}

impl client::Handler for Gardien {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        cle: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        Ok(match cle {
            PublicKeyOrCertificate::PublicKey { key, .. } => {
                key.fingerprint(HashAlg::Sha256) == self.attendue
            }
            // No authority is known here: a certificate proves nothing.
            PublicKeyOrCertificate::Certificate(_) => false,
        })
    }
}

/// Fetches the archives and files of a server into a folder, each under its name once it is whole
/// and durable. One that changed while it was fetched is left for the next time.
///
/// # Errors
/// The server is not the one expected, refuses, or a file cannot be written here.
pub async fn relever(serveur: &Serveur, dossier: &Path) -> Result<Vec<String>, SftpErreur> {
    let (connexion, sftp) = ouvrir(serveur).await?;
    let liste = sftp
        .read_dir(&serveur.dossier)
        .await
        .map_err(serveur.fichier(&serveur.dossier))?;
    let mut releves = Vec::new();
    for entree in liste {
        let nom = entree.file_name();
        if entree.file_type().is_file() && est_a_prendre(&nom) {
            let la_bas = serveur.chemin(&nom);
            let avant = sftp
                .metadata(&la_bas)
                .await
                .map_err(serveur.fichier(&la_bas))?;
            let a_cote = dossier.join(format!(".{nom}"));
            let octets = telecharger(&sftp, serveur, &la_bas, &a_cote).await?;
            let apres = sftp
                .metadata(&la_bas)
                .await
                .map_err(serveur.fichier(&la_bas))?;
            let ici = |source| SftpErreur::Ici {
                chemin: a_cote.clone(),
                source,
            };
            if apres.size == Some(octets) && avant.mtime == apres.mtime {
                fs::rename(&a_cote, dossier.join(&nom)).map_err(ici)?;
                releves.push(nom);
            } else {
                fs::remove_file(&a_cote).map_err(ici)?;
            }
        }
    }
    fermer(connexion, &sftp).await;
    Ok(releves)
}

/// Destroys files on the server, once they are imported here.
///
/// # Errors
/// The server is not the one expected, or refuses.
pub async fn oublier(serveur: &Serveur, noms: &[String]) -> Result<(), SftpErreur> {
    let (connexion, sftp) = ouvrir(serveur).await?;
    for nom in noms {
        let la_bas = serveur.chemin(nom);
        sftp.remove_file(&la_bas)
            .await
            .map_err(serveur.fichier(&la_bas))?;
    }
    fermer(connexion, &sftp).await;
    Ok(())
}

/// A plain name of an archive, a file of the feed or a bordereau: never a path.
fn est_a_prendre(nom: &str) -> bool {
    est_une_piece(nom) && !nom.contains(['/', '\\', '\0'])
}

impl Serveur {
    fn chemin(&self, nom: &str) -> String {
        format!("{}/{nom}", self.dossier.trim_end_matches('/'))
    }

    fn connexion(&self) -> impl Fn(russh::Error) -> SftpErreur {
        let hote = self.hote.clone();
        move |source| SftpErreur::Connexion {
            hote: hote.clone(),
            source,
        }
    }

    fn fichier(&self, chemin: &str) -> impl FnOnce(russh_sftp::client::error::Error) -> SftpErreur {
        let (hote, chemin) = (self.hote.clone(), chemin.to_owned());
        move |source| SftpErreur::Fichier {
            hote,
            chemin,
            source,
        }
    }
}

async fn ouvrir(serveur: &Serveur) -> Result<(Handle<Gardien>, SftpSession), SftpErreur> {
    let attendue = serveur
        .empreinte
        .parse::<Fingerprint>()
        .map_err(|_| SftpErreur::Empreinte)?;
    let cle = load_secret_key(&serveur.cle, None).map_err(|_| SftpErreur::Cle {
        chemin: serveur.cle.clone(),
    })?;
    let reglages = Arc::new(client::Config {
        inactivity_timeout: Some(SILENCE),
        ..client::Config::default()
    });
    let adresse = (serveur.hote.as_str(), serveur.port);
    let mut connexion = client::connect(reglages, adresse, Gardien { attendue })
        .await
        .map_err(|source| match source {
            russh::Error::UnknownKey => SftpErreur::AutreServeur {
                hote: serveur.hote.clone(),
            },
            autre => serveur.connexion()(autre),
        })?;
    let cle = PrivateKeyWithHashAlg::new(Arc::new(cle), Some(HashAlg::Sha256));
    let acceptee = connexion
        .authenticate_publickey(&serveur.utilisateur, cle)
        .await
        .map_err(serveur.connexion())?;
    if !acceptee.success() {
        return Err(SftpErreur::Refusee {
            hote: serveur.hote.clone(),
            utilisateur: serveur.utilisateur.clone(),
        });
    }
    let canal = connexion
        .channel_open_session()
        .await
        .map_err(serveur.connexion())?;
    canal
        .request_subsystem(true, "sftp")
        .await
        .map_err(serveur.connexion())?;
    let sftp = SftpSession::new(canal.into_stream())
        .await
        .map_err(serveur.fichier(&serveur.dossier))?;
    Ok((connexion, sftp))
}

/// Says goodbye; a server that is already gone is no fault.
async fn fermer(connexion: Handle<Gardien>, sftp: &SftpSession) {
    let _deja_partie = sftp.close().await;
    let _deja_partie = connexion
        .disconnect(russh::Disconnect::ByApplication, "", "fr")
        .await;
}

async fn telecharger(
    sftp: &SftpSession,
    serveur: &Serveur,
    la_bas: &str,
    a_cote: &Path,
) -> Result<u64, SftpErreur> {
    let ici = |source| SftpErreur::Ici {
        chemin: a_cote.to_owned(),
        source,
    };
    let mut source = sftp.open(la_bas).await.map_err(serveur.fichier(la_bas))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut cible = tokio::fs::File::from_std(options.open(a_cote).map_err(ici)?);
    let octets = tokio::io::copy(&mut source, &mut cible)
        .await
        .map_err(ici)?;
    cible.flush().await.map_err(ici)?;
    cible.sync_all().await.map_err(ici)?;
    Ok(octets)
}
