//! The instance's signing key, and the checking of what it signed.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use frequent_plan::Lac;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::canonique::canonique;
use super::{Recu, RecuErreur};
use crate::trousseau::TrousseauDisque;
use frequent_plan::hexadecimal::{self, hexadecimal};

const ALGORITHME: &str = "Ed25519";

/// The key that signs this instance's receipts. It is kept with the pseudonym keys, made when first
/// needed, and never shown.
pub struct CleInstance(SigningKey);

/// A receipt as it travels.
#[derive(Debug, Serialize, Deserialize)]
struct Enveloppe {
    recu: Value,
    signature: Sceau,
}

/// A signature, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sceau {
    algorithme: String,
    cle: String,
    valeur: String,
}

impl Sceau {
    /// Checks that this public key signed this piece.
    ///
    /// # Errors
    /// The key is not one, is another, or did not sign this.
    pub fn verifier(&self, piece: &Value, cle_publique: &str) -> Result<(), RecuInvalide> {
        let cle_publique = cle_publique.trim().to_ascii_lowercase();
        let octets: [u8; 32] = lire_hexadecimal(&cle_publique).ok_or(RecuInvalide::ClePublique)?;
        let cle = VerifyingKey::from_bytes(&octets).map_err(|_| RecuInvalide::ClePublique)?;
        if self.algorithme != ALGORITHME || self.cle != cle_publique {
            return Err(RecuInvalide::AutreCle);
        }
        let valeur: [u8; 64] = lire_hexadecimal(&self.valeur).ok_or(RecuInvalide::Signature)?;
        cle.verify_strict(canonique(piece).as_bytes(), &Signature::from_bytes(&valeur))
            .map_err(|_| RecuInvalide::Signature)
    }
}

/// Why a receipt is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecuInvalide {
    /// The file is not a receipt.
    #[error("ce n’est pas un reçu : {0}")]
    Illisible(String),
    /// The public key given is not 64 hexadecimal digits of one.
    #[error("la clé publique donnée n’en est pas une : 64 chiffres hexadécimaux sont attendus")]
    ClePublique,
    /// The receipt is signed by another key than the one given.
    #[error("ce reçu est signé par une autre clé que celle donnée")]
    AutreCle,
    /// The receipt was altered, or never signed.
    #[error("la signature ne correspond pas : le reçu a été altéré")]
    Signature,
}

impl CleInstance {
    /// Reads the key, or makes it.
    ///
    /// # Errors
    /// The key ring cannot be opened, read or written.
    pub fn ouvrir(lac: &Lac) -> Result<Self, RecuErreur> {
        let graine = TrousseauDisque::ouvrir(lac)?.graine_de_signature()?;
        Ok(Self(SigningKey::from_bytes(&graine)))
    }

    /// The public key, in hexadecimal.
    #[must_use]
    pub fn publique(&self) -> String {
        hexadecimal(self.0.verifying_key().as_bytes())
    }

    /// The name of the algorithm.
    #[must_use]
    pub const fn algorithme() -> &'static str {
        ALGORITHME
    }

    /// The signed receipt, in JSON.
    pub(super) fn sceller(&self, recu: &Recu) -> Result<String, serde_json::Error> {
        let recu = serde_json::to_value(recu)?;
        let enveloppe = Enveloppe {
            signature: self.sceau(&recu),
            recu,
        };
        serde_json::to_string_pretty(&enveloppe)
    }

    /// The signature of any piece that this instance answers for, to be kept beside it.
    #[must_use]
    pub fn sceau(&self, piece: &Value) -> Sceau {
        let signature = self.0.sign(canonique(piece).as_bytes());
        Sceau {
            algorithme: ALGORITHME.to_owned(),
            cle: self.publique(),
            valeur: hexadecimal(&signature.to_bytes()),
        }
    }
}

/// The receipt in this text, once its signature by this public key is found good. Nothing is asked
/// of the instance.
///
/// # Errors
/// The text is not a receipt, or is not what this key signed.
pub fn verifier(texte: &str, cle_publique: &str) -> Result<Recu, RecuInvalide> {
    let illisible = |faute: serde_json::Error| RecuInvalide::Illisible(faute.to_string());
    let enveloppe: Enveloppe = serde_json::from_str(texte).map_err(illisible)?;
    enveloppe
        .signature
        .verifier(&enveloppe.recu, cle_publique)?;
    serde_json::from_value(enveloppe.recu).map_err(illisible)
}

fn lire_hexadecimal<const N: usize>(texte: &str) -> Option<[u8; N]> {
    hexadecimal::lire(texte.as_bytes())?.try_into().ok()
}
