//! How to reach the brokers.

use std::fmt;
use std::path::PathBuf;

use rdkafka::ClientConfig;
use serde::{Deserialize, Serialize};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Securite {
    /// In clear: on a private network only.
    #[default]
    Plaintext,
    /// Encrypted (TLS).
    Ssl,
    /// In clear, with a user and password.
    SaslPlaintext,
    /// Encrypted, with a user and password.
    SaslSsl,
}

impl Securite {
    const fn nom(self) -> &'static str {
        match self {
            Self::Plaintext => "plaintext",
            Self::Ssl => "ssl",
            Self::SaslPlaintext => "sasl_plaintext",
            Self::SaslSsl => "sasl_ssl",
        }
    }

    /// Asks for a user and password.
    #[must_use]
    pub const fn authentifie(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }
}

/// How the password is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
pub enum Mecanisme {
    /// The password itself: over TLS only.
    #[serde(rename = "PLAIN")]
    Plain,
    /// A challenge.
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    /// A challenge.
    #[default]
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
}

impl Mecanisme {
    const fn nom(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
        }
    }
}

/// A password: never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct MotDePasse(String);

impl MotDePasse {
    /// This password.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }
}

impl fmt::Debug for MotDePasse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MotDePasse(…)")
    }
}

/// Who connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sasl {
    /// How the password is proven.
    pub mecanisme: Mecanisme,
    /// The user.
    pub utilisateur: String,
    /// The password.
    pub mot_de_passe: MotDePasse,
}

/// Where the brokers are and how to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connexion {
    /// `host:port`, separated by commas.
    pub serveurs: String,
    /// How the connection is protected.
    pub securite: Securite,
    /// The authorities that sign the brokers' certificates, in PEM; none for the system's.
    pub autorites: Option<PathBuf>,
    /// Who connects, when the brokers ask.
    pub sasl: Option<Sasl>,
}

impl Connexion {
    /// In clear, without a user.
    #[must_use]
    pub fn en_clair(serveurs: impl Into<String>) -> Self {
        Self {
            serveurs: serveurs.into(),
            securite: Securite::Plaintext,
            autorites: None,
            sasl: None,
        }
    }

    /// What every client begins with.
    pub(super) fn configuration(&self) -> ClientConfig {
        let mut configuration = ClientConfig::new();
        configuration
            .set("client.id", "frequent")
            .set("bootstrap.servers", &self.serveurs)
            .set("security.protocol", self.securite.nom())
            .set("allow.auto.create.topics", "false")
            // A broker that restarts is found again within a second.
            .set("reconnect.backoff.max.ms", "1000");
        if let Some(autorites) = &self.autorites {
            configuration.set("ssl.ca.location", autorites.to_string_lossy());
        }
        if let Some(sasl) = &self.sasl {
            configuration
                .set("sasl.mechanism", sasl.mecanisme.nom())
                .set("sasl.username", &sasl.utilisateur)
                .set("sasl.password", &sasl.mot_de_passe.0);
        }
        configuration
    }
}
