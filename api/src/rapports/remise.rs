//! How a report reaches someone: by mail, or in a folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use super::EtatEnvoi;
use super::envoi::Ecrit;

/// Longest wait for the mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Chiffrement {
    /// In clear: for a server of this machine.
    Aucun,
    /// In clear first, then TLS or nothing.
    Starttls,
    /// TLS from the start.
    Tls,
}

/// The mail server.
#[derive(Clone)]
pub struct Smtp {
    /// Its name.
    pub hote: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub chiffrement: Chiffrement,
    /// The authorities that sign its certificate, in PEM; none: the system's.
    pub autorites: Option<PathBuf>,
    /// A user and a password, when it wants them.
    pub identifiants: Option<(String, String)>,
    /// Whom mails come from.
    pub expediteur: String,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It holds a password.
        write!(f, "Smtp({}:{})", self.hote, self.port)
    }
}

/// How reports reach people. Nothing by default.
#[derive(Debug, Clone, Default)]
pub struct Remise {
    /// The mail server.
    pub smtp: Option<Smtp>,
    /// The folder.
    pub dossier: Option<PathBuf>,
    /// The domains that mails may go to; empty: any.
    pub domaines: Vec<String>,
    /// The console's address, for the link to one's reports.
    pub console: Option<String>,
}

/// Why a report did not reach someone, in words for them.
#[derive(Debug, thiserror::Error)]
pub enum RemiseErreur {
    /// No mail server in the settings.
    #[error("aucun serveur de courriel n’est réglé ([rapports] smtp_hote)")]
    SansServeur,
    /// No folder in the settings.
    #[error("aucun dossier n’est réglé ([rapports] dossier)")]
    SansDossier,
    /// An address that is not one, or not a domain that mails may go to.
    #[error("l’adresse de courriel n’est pas acceptée ici")]
    Adresse,
    /// A message that cannot be made.
    #[error("le message n’a pas pu être écrit : {0}")]
    Message(#[from] lettre::error::Error),
    /// The mail server refused or did not answer.
    #[error("le serveur de courriel n’a pas pris le message : {}", cause(.0))]
    Courriel(#[from] lettre::transport::smtp::Error),
    /// The folder cannot be written.
    #[error("le dossier n’a pas pu être écrit : {0}")]
    Dossier(#[from] io::Error),
}

/// An error of the mail server with what it comes from.
fn cause(faute: &lettre::transport::smtp::Error) -> String {
    let mut texte = faute.to_string();
    let mut source = std::error::Error::source(faute);
    while let Some(suite) = source {
        let suite_texte = suite.to_string();
        if !texte.contains(&suite_texte) {
            texte = format!("{texte} : {suite_texte}");
        }
        source = suite.source();
    }
    texte
}

impl RemiseErreur {
    /// What to do about it.
    fn conseil(&self) -> &'static str {
        match self {
            Self::SansServeur | Self::SansDossier => {
                "Demandez à l’administrateur du serveur de le régler, ou choisissez une autre remise."
            }
            Self::Adresse | Self::Message(_) => {
                "Changez l’adresse, ou demandez que son domaine soit admis ([rapports] domaines)."
            }
            Self::Courriel(_) => {
                "Vérifiez l’adresse du destinataire et le serveur de courriel ([rapports] smtp_hote), puis renvoyez."
            }
            Self::Dossier(_) => {
                "Vérifiez la place et les droits du dossier ([rapports] dossier), puis renvoyez."
            }
        }
    }

    /// What failed and what to do, for people.
    pub(super) fn dire(&self) -> String {
        format!("{self}. {}", self.conseil())
    }

    /// What failed, for the log: nothing of a person.
    #[must_use]
    pub fn genre(&self) -> &'static str {
        match self {
            Self::SansServeur | Self::SansDossier => "settings",
            Self::Adresse => "address",
            Self::Message(_) => "message",
            Self::Courriel(_) => "mail server",
            Self::Dossier(_) => "folder",
        }
    }
}

/// A report, written.
#[derive(Debug)]
pub(super) struct Courrier {
    /// The same for the same report and day: a double can be told.
    pub(super) numero: String,
    /// A name for its files.
    pub(super) nom: String,
    pub(super) ecrit: Ecrit,
}

impl Remise {
    /// Whether a mail may go to this address.
    ///
    /// # Errors
    /// [`RemiseErreur::Adresse`].
    pub fn verifier(&self, courriel: &str) -> Result<(), RemiseErreur> {
        let adresse: lettre::Address = courriel.parse().map_err(|_| RemiseErreur::Adresse)?;
        let ici = |domaine: &String| domaine.eq_ignore_ascii_case(adresse.domain());
        if self.domaines.is_empty() || self.domaines.iter().any(ici) {
            Ok(())
        } else {
            Err(RemiseErreur::Adresse)
        }
    }

    /// Makes a report reach someone: by mail if there is an address, else in the folder.
    pub(super) async fn remettre(
        &self,
        adresse: Option<&str>,
        courrier: Courrier,
    ) -> Result<EtatEnvoi, RemiseErreur> {
        let Some(adresse) = adresse else {
            let dossier = self.dossier.clone().ok_or(RemiseErreur::SansDossier)?;
            let depot = tokio::task::spawn_blocking(move || deposer(&dossier, &courrier));
            depot.await.map_err(io::Error::other)??;
            return Ok(EtatEnvoi::Depose);
        };
        self.verifier(adresse)?;
        let smtp = self.smtp.as_ref().ok_or(RemiseErreur::SansServeur)?;
        let message = self.message(smtp, adresse, courrier)?;
        smtp.transport()?.send(message).await?;
        Ok(EtatEnvoi::Envoye)
    }

    /// Tells someone in a few words that a report failed.
    pub(super) async fn prevenir(&self, adresse: &str, objet: &str, texte: &str) -> Option<()> {
        self.verifier(adresse).ok()?;
        let smtp = self.smtp.as_ref()?;
        let message = Message::builder()
            .from(mailbox(&smtp.expediteur).ok()?)
            .to(mailbox(adresse).ok()?)
            .subject(objet)
            .raw_header(automatique())
            .singlepart(SinglePart::plain(texte.to_owned()))
            .ok()?;
        smtp.transport().ok()?.send(message).await.ok()?;
        Some(())
    }

    fn message(
        &self,
        smtp: &Smtp,
        adresse: &str,
        courrier: Courrier,
    ) -> Result<Message, RemiseErreur> {
        let expediteur = mailbox(&smtp.expediteur)?;
        let numero = format!("<{}@{}>", courrier.numero, expediteur.email.domain());
        let mut texte = courrier.ecrit.texte;
        let mut message = Message::builder()
            .from(expediteur)
            .to(mailbox(adresse)?)
            .subject(courrier.ecrit.titre)
            .message_id(Some(numero))
            .raw_header(automatique());
        if let Some(console) = &self.console {
            let lien = format!("{}/rapports", console.trim_end_matches('/'));
            texte.extend(["\nNe plus recevoir ce rapport : ", &lien, "\n"]);
            let nom = HeaderName::new_from_ascii_str("List-Unsubscribe");
            message = message.raw_header(HeaderValue::new(nom, format!("<{lien}>")));
        }
        let lisible = MultiPart::alternative_plain_html(texte, courrier.ecrit.html);
        let pdf = ContentType::parse("application/pdf").unwrap_or(ContentType::TEXT_PLAIN);
        let joint = Attachment::new(format!("{}.pdf", courrier.nom)).body(courrier.ecrit.pdf, pdf);
        Ok(message.multipart(MultiPart::mixed().multipart(lisible).singlepart(joint))?)
    }
}

fn automatique() -> HeaderValue {
    let nom = HeaderName::new_from_ascii_str("Auto-Submitted");
    HeaderValue::new(nom, "auto-generated".to_owned())
}

fn mailbox(adresse: &str) -> Result<Mailbox, RemiseErreur> {
    adresse.parse().map_err(|_| RemiseErreur::Adresse)
}

impl Smtp {
    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, RemiseErreur> {
        let tls = match self.chiffrement {
            Chiffrement::Aucun => Tls::None,
            Chiffrement::Starttls => Tls::Required(self.parametres()?),
            Chiffrement::Tls => Tls::Wrapper(self.parametres()?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&self.hote)
            .port(self.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some((utilisateur, mot_de_passe)) = &self.identifiants {
            let cles = Credentials::new(utilisateur.clone(), mot_de_passe.clone());
            transport = transport.credentials(cles);
        }
        Ok(transport.build())
    }

    fn parametres(&self) -> Result<TlsParameters, RemiseErreur> {
        let mut parametres = TlsParameters::builder(self.hote.clone());
        if let Some(autorites) = &self.autorites {
            let autorite = Certificate::from_pem(&fs::read(autorites)?)?;
            parametres = parametres.add_root_certificate(autorite);
        }
        Ok(parametres.build_rustls()?)
    }
}

/// Writes the two files of a report, each whole or not there at all. Done again, they are the same.
fn deposer(dossier: &Path, courrier: &Courrier) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dossier)?;
    let contenus = [
        ("html", courrier.ecrit.html.as_bytes()),
        ("pdf", courrier.ecrit.pdf.as_slice()),
    ];
    for (extension, contenu) in contenus {
        let chemin = dossier.join(format!("{}.{extension}", courrier.nom));
        let provisoire = dossier.join(format!(".{}.{extension}", courrier.nom));
        let mut fichier = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&provisoire)?;
        fichier.write_all(contenu)?;
        fichier.sync_all()?;
        fs::rename(provisoire, chemin)?;
    }
    File::open(dossier)?.sync_all()
}
