//! The client that asks identity providers: no redirect, a short time, TLS by known authorities.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Longest call.
const DELAI: Duration = Duration::from_secs(10);
/// Largest answer.
const REPONSE_MAX: u64 = 1 << 20;

/// Why a provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum AppelErreur {
    /// It could not be reached, or did not answer as HTTP.
    #[error(transparent)]
    Http(#[from] ureq::Error),
    /// The answer could not be put together.
    #[error(transparent)]
    Forme(#[from] ureq::http::Error),
    /// The call was given up.
    #[error("appel interrompu")]
    Interrompu,
}

/// A client that trusts these authorities, or the system's.
pub(super) fn client(autorites: Option<&Path>) -> Result<Agent, pem::Error> {
    let ders: Vec<CertificateDer<'static>> = match autorites {
        Some(fichier) => CertificateDer::pem_file_iter(fichier)?.collect::<Result<_, _>>()?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    let racines: Vec<Certificate<'static>> = ders
        .iter()
        .map(|der| Certificate::from_der(der).to_owned())
        .collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&racines))
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    let reglage = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(DELAI))
        .tls_config(tls)
        .build();
    Ok(reglage.into())
}

/// One call, off the threads that answer requests.
pub(super) async fn appeler(
    agent: Agent,
    requete: HttpRequest,
) -> Result<HttpResponse, AppelErreur> {
    let appel = move || {
        let mut reponse = if requete.body().is_empty() {
            agent.run(requete.map(|_| ()))?
        } else {
            agent.run(requete)?
        };
        let corps = reponse
            .body_mut()
            .with_config()
            .limit(REPONSE_MAX)
            .read_to_vec()?;
        let mut complete = ureq::http::Response::builder().status(reponse.status());
        if let Some(entetes) = complete.headers_mut() {
            entetes.clone_from(reponse.headers());
        }
        Ok(complete.body(corps)?)
    };
    tokio::task::spawn_blocking(appel)
        .await
        .map_err(|_| AppelErreur::Interrompu)?
}
