//! Settings of TLS.

use std::path::PathBuf;

use frequent_ingest::http::FichiersTls;
use serde::{Deserialize, Serialize};

/// TLS spoken by the server itself.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and its authorities, in PEM; empty for plain HTTP.
    pub certificat: String,
    /// Its private key, in PEM.
    pub cle: String,
}

impl Tls {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(&self, fautes: &mut Vec<String>) {
        if self.certificat.is_empty() != self.cle.is_empty() {
            fautes.push("tls.certificat, tls.cle : les deux, ou aucun".to_owned());
        }
    }

    /// The files, when TLS is spoken here.
    pub fn fichiers(&self) -> Option<FichiersTls> {
        (!self.certificat.is_empty()).then(|| FichiersTls {
            certificat: PathBuf::from(&self.certificat),
            cle: PathBuf::from(&self.cle),
        })
    }
}
