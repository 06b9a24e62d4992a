//! TLS: the certificate and its key, read again when their files change.
//!
//! TLS 1.2 and 1.3 with rustls' own choice of suites, by the ring provider. A certificate renewed
//! in place serves the next connection; one that cannot be used is said in the log, and the one in
//! memory stays.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};

/// Time between two looks at the files.
const REGARD: Duration = Duration::from_secs(2);

/// The certificate's file and its key's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FichiersTls {
    /// The certificate, then those of its authorities, in PEM.
    pub certificat: PathBuf,
    /// Its private key, in PEM.
    pub cle: PathBuf,
}

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum ChiffrementErreur {
    /// A file cannot be read, or holds nothing of what is expected.
    #[error("{} : {source}", fichier.display())]
    Fichier {
        /// The file.
        fichier: PathBuf,
        /// Why.
        source: pem::Error,
    },
    /// The certificate's file holds no certificate.
    #[error("{} : aucun certificat", .0.display())]
    Vide(PathBuf),
    /// The key is not the certificate's, or of a kind that is not known.
    #[error("{} et {} : {source}", fichiers.certificat.display(), fichiers.cle.display())]
    Paire {
        /// Both files.
        fichiers: FichiersTls,
        /// Why.
        source: rustls::Error,
    },
    /// TLS cannot be set up.
    #[error("TLS : {0}")]
    Reglage(#[from] rustls::Error),
}

/// TLS as this server speaks it.
pub struct Chiffrement {
    fichiers: FichiersTls,
    certificat: Arc<Certificat>,
    vus: RwLock<Dates>,
    accepteur: TlsAcceptor,
}

impl std::fmt::Debug for Chiffrement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut structure = f.debug_struct("Chiffrement");
        structure.field("fichiers", &self.fichiers);
        structure.finish_non_exhaustive()
    }
}

/// When both files last changed.
type Dates = Option<(SystemTime, SystemTime)>;

/// The certificate in force, that each new connection asks for.
#[derive(Debug)]
struct Certificat(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Certificat {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let en_vigueur = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&en_vigueur))
    }
}

impl Chiffrement {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    /// One cannot be read, or they do not go together.
    pub fn ouvrir(fichiers: FichiersTls) -> Result<Self, ChiffrementErreur> {
        let fournisseur = Arc::new(ring::default_provider());
        let vus = dates(&fichiers).ok();
        let paire = lire(&fichiers, &fournisseur)?;
        let certificat = Arc::new(Certificat(RwLock::new(Arc::new(paire))));
        let mut reglage = ServerConfig::builder_with_provider(fournisseur)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(certificat.clone());
        reglage.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            fichiers,
            certificat,
            vus: RwLock::new(vus),
            accepteur: TlsAcceptor::from(Arc::new(reglage)),
        })
    }

    /// What accepts connections.
    pub(super) fn accepteur(&self) -> &TlsAcceptor {
        &self.accepteur
    }

    /// Reads the files again if they changed, and says whether they did. Only looks at their dates
    /// when nothing changed.
    ///
    /// # Errors
    /// They changed, and cannot be used: what was read before stays in force.
    pub fn actualiser(&self) -> Result<bool, ChiffrementErreur> {
        let Ok(actuelles) = dates(&self.fichiers) else {
            // Between the removal of the old file and the arrival of the new one.
            return Ok(false);
        };
        let mut vus = self.vus.write().unwrap_or_else(PoisonError::into_inner);
        if *vus == Some(actuelles) {
            return Ok(false);
        }
        // Told once, whether it can be used or not: the next change is looked at again.
        *vus = Some(actuelles);
        let paire = lire(&self.fichiers, &Arc::new(ring::default_provider()))?;
        let mut en_vigueur = self
            .certificat
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *en_vigueur = Arc::new(paire);
        Ok(true)
    }

    /// Follows the files for ever.
    pub async fn suivre(self: Arc<Self>) {
        loop {
            tokio::time::sleep(REGARD).await;
            let chiffrement = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || chiffrement.actualiser()).await {
                Ok(Ok(true)) => tracing::info!("TLS certificate read again"),
                Ok(Err(faute)) => tracing::error!(%faute, "new TLS certificate not used"),
                Ok(Ok(false)) | Err(_) => {}
            }
        }
    }
}

fn dates(fichiers: &FichiersTls) -> io::Result<(SystemTime, SystemTime)> {
    let date = |fichier: &Path| std::fs::metadata(fichier)?.modified();
    Ok((date(&fichiers.certificat)?, date(&fichiers.cle)?))
}

fn lire(
    fichiers: &FichiersTls,
    fournisseur: &Arc<CryptoProvider>,
) -> Result<CertifiedKey, ChiffrementErreur> {
    let illisible = |fichier: &Path| {
        let fichier = fichier.to_owned();
        |source| ChiffrementErreur::Fichier { fichier, source }
    };
    let chaine: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&fichiers.certificat)
        .and_then(Iterator::collect)
        .map_err(illisible(&fichiers.certificat))?;
    if chaine.is_empty() {
        return Err(ChiffrementErreur::Vide(fichiers.certificat.clone()));
    }
    let cle = PrivateKeyDer::from_pem_file(&fichiers.cle).map_err(illisible(&fichiers.cle))?;
    CertifiedKey::from_der(chaine, cle, fournisseur).map_err(|source| ChiffrementErreur::Paire {
        fichiers: fichiers.clone(),
        source,
    })
}
