//! Providers' keys: random, shown once, kept as a hash.

use frequent_plan::Instant;
use frequent_plan::evenement::LIBELLE_MAX;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Acces, AccesErreur, Usage};
use frequent_plan::hexadecimal::hexadecimal;

/// What every key begins with, so that one left in a file is recognised by scanners.
const PREFIXE: &str = "fq_";
const OCTETS: usize = 32;

/// A provider's key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CleFournisseur {
    /// By which people tell it from the others; unique.
    pub nom: String,
    /// SHA-256 of the secret, in hexadecimal. The secret has 256 random bits: a plain hash cannot
    /// be turned back, and looking a hash up says nothing of how near another one is.
    pub empreinte: String,
    /// The platforms it may send for.
    pub plateformes: Vec<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Usage::est_production")]
    pub usage: Usage,
    /// When it was made.
    pub creee_le: Timestamp,
    /// When it was revoked, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoquee_le: Option<Timestamp>,
}

impl CleFournisseur {
    /// It may send events of this platform.
    #[must_use]
    pub fn admet(&self, plateforme: &str) -> bool {
        self.plateformes.iter().any(|p| p == plateforme)
    }
}

/// Why a key presented is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefusCle {
    /// No such key.
    #[error("clé inconnue")]
    Inconnue,
    /// It was revoked.
    #[error("clé révoquée")]
    Revoquee,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cles {
    #[serde(default)]
    cles: Vec<CleFournisseur>,
}

impl Acces {
    /// Makes a key for these platforms and gives its secret, which is nowhere else: whoever loses
    /// it asks for another.
    ///
    /// # Errors
    /// The name is taken or empty, a platform's name is, or the disk refuses.
    pub fn creer_cle(
        &self,
        nom: &str,
        plateformes: &[String],
        maintenant: Instant,
    ) -> Result<String, AccesErreur> {
        self.creer_cle_pour(Usage::Production, nom, plateformes, maintenant)
    }

    /// Makes a key for this use of these platforms; otherwise as [`Self::creer_cle`].
    ///
    /// # Errors
    /// As [`Self::creer_cle`].
    pub fn creer_cle_pour(
        &self,
        usage: Usage,
        nom: &str,
        plateformes: &[String],
        maintenant: Instant,
    ) -> Result<String, AccesErreur> {
        verifier_libelle("nom de la clé", nom)?;
        if plateformes.is_empty() {
            return Err(demande("une clé vaut pour une plateforme au moins"));
        }
        for plateforme in plateformes {
            verifier_libelle("nom de plateforme", plateforme)?;
        }
        let mut octets = [0; OCTETS];
        getrandom::fill(&mut octets)?;
        let secret = format!("{PREFIXE}{}", hexadecimal(&octets));
        self.cles.modifier(|table| {
            if table.cles.iter().any(|cle| cle.nom == nom) {
                return Err(demande(&format!("une clé porte déjà le nom « {nom} »")));
            }
            table.cles.push(CleFournisseur {
                nom: nom.to_owned(),
                empreinte: empreinte(&secret),
                plateformes: plateformes.to_vec(),
                usage,
                creee_le: maintenant.timestamp(),
                revoquee_le: None,
            });
            Ok(())
        })?;
        Ok(secret)
    }

    /// Every key, revoked ones included, in the order they were made.
    #[must_use]
    pub fn lister_cles(&self) -> Vec<CleFournisseur> {
        self.cles.courant().cles.clone()
    }

    /// Revokes the key of this name. Says whether it was still in force.
    ///
    /// # Errors
    /// No key has this name, or the disk refuses.
    pub fn revoquer_cle(&self, nom: &str, maintenant: Instant) -> Result<bool, AccesErreur> {
        self.cles.modifier(|table| {
            let cle = table
                .cles
                .iter_mut()
                .find(|cle| cle.nom == nom)
                .ok_or_else(|| demande(&format!("aucune clé ne porte le nom « {nom} »")))?;
            let en_vigueur = cle.revoquee_le.is_none();
            cle.revoquee_le.get_or_insert(maintenant.timestamp());
            Ok(en_vigueur)
        })
    }

    /// The key whose secret is presented.
    ///
    /// # Errors
    /// It is unknown or revoked.
    pub fn cle(&self, secret: &str) -> Result<CleFournisseur, RefusCle> {
        let empreinte = empreinte(secret);
        let table = self.cles.courant();
        let cle = table
            .cles
            .iter()
            .find(|cle| cle.empreinte == empreinte)
            .ok_or(RefusCle::Inconnue)?;
        if cle.revoquee_le.is_some() {
            return Err(RefusCle::Revoquee);
        }
        Ok(cle.clone())
    }
}

pub(super) fn verifier_libelle(quoi: &str, texte: &str) -> Result<(), AccesErreur> {
    let bon = (1..=LIBELLE_MAX).contains(&texte.len())
        && texte.trim() == texte
        && !texte.chars().any(char::is_control);
    if bon {
        return Ok(());
    }
    Err(demande(&format!(
        "{quoi} : de 1 à {LIBELLE_MAX} octets, sans espace autour ni caractère de contrôle"
    )))
}

pub(super) fn demande(texte: &str) -> AccesErreur {
    AccesErreur::Demande(texte.to_owned())
}

fn empreinte(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
#[path = "cles_tests.rs"]
mod tests;
