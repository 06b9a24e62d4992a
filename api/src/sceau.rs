//! The instance's own secret: it seals what must be read again (the secret of one-time codes) and
//! signs what must be recognised (known devices, the head of the audit trail).

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use frequent_ingest::TrousseauDisque;
use frequent_ingest::trousseau::TrousseauErreur;
use frequent_plan::Lac;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The secret's name in the key ring.
const NOM: &str = "sceau";
const NONCE: usize = 24;

/// Why something cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SceauErreur {
    /// The key ring cannot be read or written.
    #[error(transparent)]
    Trousseau(#[from] TrousseauErreur),
    /// The machine gave no random bytes.
    #[error("la machine n’a pas donné d’octets aléatoires : {0}")]
    Alea(#[from] getrandom::Error),
    /// What is sealed was altered, or sealed with another key.
    #[error(
        "un secret scellé ne peut pas être ouvert : il est altéré, ou la clé « sceau » a changé"
    )]
    Altere,
}

/// The instance's secret, kept with the pseudonym keys.
pub struct Sceau([u8; 32]);

impl Sceau {
    /// Reads the secret, or makes it.
    ///
    /// # Errors
    /// The key ring cannot be opened, read or written.
    pub fn ouvrir(lac: &Lac) -> Result<Self, SceauErreur> {
        Ok(Self(TrousseauDisque::ouvrir(lac)?.secret(NOM)?))
    }

    /// Signs something, for one use: a signature made for another use is not one here.
    pub(crate) fn signer(&self, usage: &str, texte: &[u8]) -> [u8; 32] {
        self.mac(usage, texte).finalize().into_bytes().into()
    }

    /// Whether a signature is that of this text and use, in constant time.
    pub(crate) fn reconnait(&self, usage: &str, texte: &[u8], signature: &[u8]) -> bool {
        self.mac(usage, texte).verify_slice(signature).is_ok()
    }

    /// Seals bytes for one use and one holder; only both together open them.
    ///
    /// # Errors
    /// The machine gives no random bytes.
    pub(crate) fn sceller(
        &self,
        usage: &str,
        titulaire: &str,
        clair: &[u8],
    ) -> Result<Vec<u8>, SceauErreur> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        let charge = Payload {
            msg: clair,
            aad: titulaire.as_bytes(),
        };
        let chiffre = self
            .chiffre(usage)
            .encrypt(&XNonce::from(nonce), charge)
            .map_err(|_| SceauErreur::Altere)?;
        Ok([nonce.as_slice(), &chiffre].concat())
    }

    /// What was sealed for this use and holder.
    ///
    /// # Errors
    /// It was not, or was altered since.
    pub(crate) fn ouvrir_scelle(
        &self,
        usage: &str,
        titulaire: &str,
        scelle: &[u8],
    ) -> Result<Vec<u8>, SceauErreur> {
        let (nonce, chiffre) = scelle
            .split_first_chunk::<NONCE>()
            .ok_or(SceauErreur::Altere)?;
        let charge = Payload {
            msg: chiffre,
            aad: titulaire.as_bytes(),
        };
        self.chiffre(usage)
            .decrypt(&XNonce::from(*nonce), charge)
            .map_err(|_| SceauErreur::Altere)
    }

    fn chiffre(&self, usage: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.signer("chiffre", usage.as_bytes()).into())
    }

    fn mac(&self, usage: &str, texte: &[u8]) -> Hmac<Sha256> {
        let mut cle = Self::vide(&self.0);
        cle.update(usage.as_bytes());
        let mut mac = Self::vide(&cle.finalize().into_bytes().into());
        mac.update(texte);
        mac
    }

    fn vide(cle: &[u8; 32]) -> Hmac<Sha256> {
        // A key shorter than a block is one followed by zeros.
        let mut bloc = [0; 64];
        let (debut, _) = bloc.split_at_mut(cle.len());
        debut.copy_from_slice(cle);
        Hmac::new(&bloc.into())
    }
}

impl std::fmt::Debug for Sceau {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sceau(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_use_and_holder_only() {
        let sceau = Sceau([7; 32]);
        let scelle = sceau.sceller("codes", "claire", b"secret").unwrap();
        assert!(!scelle.windows(6).any(|f| f == b"secret"));
        assert_eq!(
            sceau.ouvrir_scelle("codes", "claire", &scelle).unwrap(),
            b"secret"
        );
        let mut altere = scelle.clone();
        *altere.last_mut().unwrap() ^= 1;
        for (sceau, usage, titulaire, scelle) in [
            (&sceau, "codes", "paul", &scelle),
            (&sceau, "autre", "claire", &scelle),
            (&Sceau([8; 32]), "codes", "claire", &scelle),
            (&sceau, "codes", "claire", &altere),
            (&sceau, "codes", "claire", &vec![0; 3]),
        ] {
            assert!(sceau.ouvrir_scelle(usage, titulaire, scelle).is_err());
        }
    }

    #[test]
    fn a_signature_is_recognised_for_its_use_only() {
        let sceau = Sceau([7; 32]);
        let signature = sceau.signer("audit", b"tete");
        assert!(sceau.reconnait("audit", b"tete", &signature));
        assert!(!sceau.reconnait("appareil", b"tete", &signature));
        assert!(!sceau.reconnait("audit", b"autre", &signature));
    }
}
