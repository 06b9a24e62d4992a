//! Backups: the whole data folder in one encrypted file, made while the server runs, and restored
//! whole or not at all.
//!
//! The file is in the age format (<https://age-encryption.org/v1>): what is inside is encrypted and
//! authenticated chunk by chunk to its end, so that a wrong passphrase, a cut or an altered byte is
//! an error. Inside is a tar, whose last file, the manifest, has the length and the SHA-256 of the
//! others.

mod base;
mod ecriture;
mod restauration;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use frequent_plan::Lac;
use serde::{Deserialize, Serialize};

use crate::base::Base;
use crate::conservation::ConservationErreur;

pub use base::est_neuve;
pub use ecriture::sauvegarder;
pub use restauration::{Reprise, restaurer};

/// The manifest's name in the archive.
const MANIFESTE: &str = "MANIFESTE.json";
/// The name of a server's database in the archive.
const COPIE_DE_BASE: &str = "base.ndjson";
const FORMAT: u32 = 1;
/// Shortest passphrase.
const PHRASE_MIN: usize = 12;

/// What opens, or closes, an archive.
pub enum Secret {
    /// A passphrase, the same to close and to open.
    Phrase(SecretString),
    /// Public keys that close, `age1…`.
    Destinataires(Vec<age::x25519::Recipient>),
    /// The secret keys that open.
    Identites(Vec<age::x25519::Identity>),
}

impl Secret {
    /// The passphrase that is alone in a file.
    ///
    /// # Errors
    /// The file cannot be read, or the passphrase is short.
    pub fn phrase_de(chemin: &Path) -> Result<Self, SauvegardeErreur> {
        let texte = lire(chemin)?;
        let phrase = texte.trim_end_matches(['\r', '\n']);
        if phrase.chars().count() < PHRASE_MIN {
            return Err(SauvegardeErreur::PhraseCourte);
        }
        Ok(Self::Phrase(SecretString::from(phrase.to_owned())))
    }

    /// These public keys.
    ///
    /// # Errors
    /// One is not a key.
    pub fn destinataires(textes: &[String]) -> Result<Self, SauvegardeErreur> {
        let cles = textes.iter().map(|texte| {
            texte
                .parse()
                .map_err(|_| SauvegardeErreur::Destinataire(texte.clone()))
        });
        Ok(Self::Destinataires(cles.collect::<Result<_, _>>()?))
    }

    /// The secret keys in a file, one a line; lines that begin with `#` are comments.
    ///
    /// # Errors
    /// The file cannot be read, or a line is not a key.
    pub fn identites_de(chemin: &Path) -> Result<Self, SauvegardeErreur> {
        let texte = lire(chemin)?;
        let lignes = texte.lines().map(str::trim);
        let cles = lignes
            .filter(|ligne| !ligne.is_empty() && !ligne.starts_with('#'))
            .map(|ligne| ligne.parse().map_err(|_| SauvegardeErreur::Identite));
        Ok(Self::Identites(cles.collect::<Result<_, _>>()?))
    }
}

/// Reads the database that an archive held as a text into this one, which must be new. Says whether
/// there was one.
///
/// # Errors
/// The database is not new, or refuses; the text stays in the data folder.
pub async fn reprendre_la_base(base: &Base, lac: &Lac) -> Result<bool, SauvegardeErreur> {
    let chemin = lac.racine().join(COPIE_DE_BASE);
    if !chemin.exists() {
        return Ok(false);
    }
    base::charger(base, &chemin).await?;
    std::fs::remove_file(&chemin).map_err(|source| SauvegardeErreur::disque(&chemin, source))?;
    Ok(true)
}

fn lire(chemin: &Path) -> Result<String, SauvegardeErreur> {
    std::fs::read_to_string(chemin).map_err(|source| SauvegardeErreur::disque(chemin, source))
}

/// Why a backup was not made, or not restored. Nothing is left half done.
#[derive(Debug, thiserror::Error)]
pub enum SauvegardeErreur {
    /// The disk refused.
    #[error("{} : {source}", chemin.display())]
    Disque {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
    /// The archive cannot be opened with what was given.
    #[error("l’archive ne s’ouvre pas : {0}")]
    Ouverture(age::DecryptError),
    /// The archive cannot be closed for these keys.
    #[error("l’archive ne peut pas être chiffrée : {0}")]
    Fermeture(age::EncryptError),
    /// What was given opens archives, it closes none; or the other way round.
    #[error("une clé publique ferme, une clé secrète ouvre : ce n’est pas celle qu’il faut ici")]
    MauvaisSens,
    /// Not a public key.
    #[error("« {0} » n’est pas une clé publique age1…")]
    Destinataire(String),
    /// Not a secret key.
    #[error("le fichier ne contient pas que des clés secrètes AGE-SECRET-KEY-1…")]
    Identite,
    /// The passphrase is too short to protect everything.
    #[error("la phrase fait moins de {PHRASE_MIN} caractères")]
    PhraseCourte,
    /// The archive is not what was written.
    #[error("l’archive est altérée ou incomplète : {0}")]
    Alteree(String),
    /// There is something where the backup would go.
    #[error("{} n’est pas vide : une restauration se fait dans un dossier vide", .0.display())]
    PasVide(PathBuf),
    /// The database refused to be copied.
    #[error("copie de la base : {0}")]
    Base(#[from] sqlx::Error),
    /// The database is not new.
    #[error("la base a déjà servi : une restauration se fait dans une base neuve")]
    BaseServie,
    /// What was destroyed since could not be destroyed again.
    #[error(transparent)]
    Conservation(#[from] ConservationErreur),
}

impl SauvegardeErreur {
    fn disque(chemin: &Path, source: std::io::Error) -> Self {
        Self::Disque {
            chemin: chemin.to_owned(),
            source,
        }
    }
}

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifeste {
    format: u32,
    /// The version of the program that made it.
    pub version: String,
    /// When it was begun.
    pub fait_a: String,
    fichiers: BTreeMap<String, Contenu>,
}

impl Manifeste {
    /// How many files.
    #[must_use]
    pub fn nombre(&self) -> usize {
        self.fichiers.len()
    }

    /// How many bytes, all files together.
    #[must_use]
    pub fn octets(&self) -> u64 {
        self.fichiers.values().map(|c| c.octets).sum()
    }
}

/// A file's length and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Contenu {
    octets: u64,
    sha256: String,
}
