//! How requests come in, as the settings say.

use std::sync::Arc;

use frequent_ingest::http::{Chiffrement, ChiffrementErreur, Entree};

use crate::reglages::Reglages;

/// TLS by the settings' certificate, and the proxies that are believed.
///
/// # Errors
/// The certificate or its key cannot be used.
pub fn entree(reglages: &Reglages) -> Result<Entree, ChiffrementErreur> {
    let chiffrement = reglages
        .tls
        .fichiers()
        .map(Chiffrement::ouvrir)
        .transpose()?;
    Ok(Entree {
        chiffrement: chiffrement.map(Arc::new),
        proxys: reglages.serveur.proxy_de_confiance.as_slice().into(),
    })
}
