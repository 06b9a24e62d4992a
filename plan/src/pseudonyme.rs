//! Pseudonyms and event identifiers: everything that turns a sender's identifiers into numbers that
//! mean nothing without the key, and nothing to anyone once the key is destroyed.
//!
//! Every hash input begins with a byte of its own (0x01…0x07), so that no value of one kind can be
//! taken for another, and its parts are separated or carry their length.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::jour::AnneeScolaire;

const VISITEUR: u8 = 0x01;
const CLIENT: u8 = 0x02;
const ID_EMETTEUR: u8 = 0x03;
const ID_IDEMPOTENCE: u8 = 0x04;
const ID_CONTENU: u8 = 0x05;
const ID_REQUETE: u8 = 0x06;
const JOINTURE: u8 = 0x07;

/// The pseudonym of a person on one platform during one school year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visiteur(pub u64);

/// The pseudonym of a browser, app or session; 0 when the sender gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Client(pub u64);

/// 128 bits by which an event is counted once; compared as unsigned bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdEvenement(pub [u8; 16]);

/// The secret of one platform and school year. Its bytes are never shown, logged or compared.
#[derive(Clone)]
pub struct Cle(Hmac<Sha256>);

impl std::fmt::Debug for Cle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cle(…)")
    }
}

impl Cle {
    /// The key of these 256 bits.
    #[must_use]
    pub fn nouvelle(octets: &[u8; 32]) -> Self {
        // A 32-byte key fits the block of SHA-256 once padded, so this is what
        // `new_from_slice` does, without its impossible error.
        let mut bloc = hmac::digest::Key::<Hmac<Sha256>>::default();
        bloc[..32].copy_from_slice(octets);
        Self(Hmac::new(&bloc))
    }

    fn tronque<const N: usize>(&self, domaine: u8, message: &[u8]) -> [u8; N] {
        let mut mac = self.0.clone();
        mac.update(&[domaine]);
        mac.update(message);
        debut(&mac.finalize().into_bytes())
    }

    /// The pseudonym of a person: first 8 bytes, big-endian, of HMAC-SHA-256(key, 0x01 ‖ id).
    #[must_use]
    pub fn visiteur(&self, identifiant: &str) -> Visiteur {
        Visiteur(u64::from_be_bytes(
            self.tronque(VISITEUR, identifiant.as_bytes()),
        ))
    }

    /// The pseudonym of a browser, app or session: the same with 0x02; 0 for an empty identifier.
    #[must_use]
    pub fn client(&self, identifiant: &str) -> Client {
        if identifiant.is_empty() {
            return Client(0);
        }
        Client(u64::from_be_bytes(
            self.tronque(CLIENT, identifiant.as_bytes()),
        ))
    }

    /// What stands for a person of the directory feed: first 8 bytes, big-endian, of
    /// HMAC-SHA-256(key, 0x07 ‖ category ‖ joining identifier).
    #[must_use]
    pub fn jointure(&self, categorie: u8, identifiant: &str) -> u64 {
        let mut mac = self.0.clone();
        mac.update(&[JOINTURE, categorie]);
        mac.update(identifiant.as_bytes());
        u64::from_be_bytes(debut(&mac.finalize().into_bytes()))
    }

    /// The identifier of a tag hit: first 16 bytes of HMAC-SHA-256(key, 0x06 ‖ its whole query as
    /// received). `rang` is the place of the event in a hit that carries several (`col=2`): the
    /// first has the hit's own identifier, the others add 0x00 ‖ rank, so that one hit sent twice
    /// still counts each of its events once.
    #[must_use]
    pub fn id_requete(&self, requete: &[u8], rang: u32) -> IdEvenement {
        if rang == 0 {
            return IdEvenement(self.tronque(ID_REQUETE, requete));
        }
        let mut mac = self.0.clone();
        mac.update(&[ID_REQUETE]);
        mac.update(requete);
        mac.update(&[0]);
        mac.update(&rang.to_be_bytes());
        IdEvenement(debut(&mac.finalize().into_bytes()))
    }
}

fn debut<const N: usize>(condense: &[u8]) -> [u8; N] {
    let mut octets = [0; N];
    octets.copy_from_slice(&condense[..N]);
    octets
}

impl IdEvenement {
    /// From the sender's own identifier: SHA-256(0x03 ‖ platform ‖ 0x00 ‖ id).
    #[must_use]
    pub fn emetteur(plateforme: &str, identifiant: &str) -> Self {
        let mut condense = Sha256::new();
        condense.update([ID_EMETTEUR]);
        condense.update(plateforme.as_bytes());
        condense.update([0]);
        condense.update(identifiant.as_bytes());
        Self(debut(&condense.finalize()))
    }

    /// From an `Idempotency-Key` and the line's number, counted from 1:
    /// SHA-256(0x04 ‖ platform ‖ 0x00 ‖ key ‖ 0x00 ‖ line, 8 bytes big-endian).
    #[must_use]
    pub fn idempotence(plateforme: &str, cle: &str, ligne: u64) -> Self {
        let mut condense = Sha256::new();
        condense.update([ID_IDEMPOTENCE]);
        condense.update(plateforme.as_bytes());
        condense.update([0]);
        condense.update(cle.as_bytes());
        condense.update([0]);
        condense.update(ligne.to_be_bytes());
        Self(debut(&condense.finalize()))
    }

    /// From the event itself, when the sender gives no identifier: SHA-256(0x05 ‖ `ts` ‖
    /// `visiteur` ‖ `client` ‖ each text after its length in 4 bytes), where the texts are uai,
    /// profil, service, type, outil and plateforme, in that order.
    #[must_use]
    pub fn contenu(ts_ms: i64, visiteur: Visiteur, client: Client, textes: [&str; 6]) -> Self {
        let mut condense = Sha256::new();
        condense.update([ID_CONTENU]);
        condense.update(ts_ms.to_be_bytes());
        condense.update(visiteur.0.to_be_bytes());
        condense.update(client.0.to_be_bytes());
        for texte in textes {
            let longueur = u32::try_from(texte.len()).unwrap_or(u32::MAX);
            condense.update(longueur.to_be_bytes());
            condense.update(texte.as_bytes());
        }
        Self(debut(&condense.finalize()))
    }
}

/// The key of a platform and school year cannot be had (a disk that fails, a file with open
/// rights): the event is not refused, the service is unavailable.
#[derive(Debug, thiserror::Error)]
#[error("clé de pseudonymisation indisponible pour l’année {annee} : {cause}")]
pub struct CleIndisponible {
    /// The school year asked for.
    pub annee: AnneeScolaire,
    /// What failed; never names a platform's secret.
    pub cause: String,
}

/// Where keys are kept: one per platform and school year, created when first needed.
pub trait Trousseau: Send + Sync {
    /// The key of this platform and school year.
    ///
    /// # Errors
    /// The store cannot read or durably create it.
    fn cle(&self, plateforme: &str, annee: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible>;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed once with Python's `hmac` and `hashlib`.
    #[test]
    fn pseudonyms_are_those_of_the_definition() {
        let cle = Cle::nouvelle(&[7; 32]);
        assert_eq!(cle.visiteur("u-7f3a").0, ATTENDU_VISITEUR);
        assert_eq!(cle.client("b-91").0, ATTENDU_CLIENT);
        assert_eq!(cle.client(""), Client(0));
        assert_eq!(hexa(cle.id_requete(b"s=1&p=x", 0)), ATTENDU_REQUETE);
        assert_eq!(
            hexa(IdEvenement::emetteur("ONE-OCC", "01JD")),
            ATTENDU_EMETTEUR
        );
        assert_eq!(
            hexa(IdEvenement::idempotence("ONE-OCC", "k", 17)),
            ATTENDU_IDEMPOTENCE
        );
        let textes = ["0660713S", "ELEVE", "ACCUEIL", "NATIF", "", "ONE-OCC"];
        let contenu = IdEvenement::contenu(1_795_295_415_573, Visiteur(1), Client(2), textes);
        assert_eq!(hexa(contenu), ATTENDU_CONTENU);
    }

    const ATTENDU_VISITEUR: u64 = 6_944_680_259_581_675_110;
    const ATTENDU_CLIENT: u64 = 15_413_033_450_250_419_520;
    const ATTENDU_REQUETE: &str = "480088a0e199d1e12788b99d72593ec2";
    const ATTENDU_EMETTEUR: &str = "99a82bf6cfe12f58027272f8d2277969";
    const ATTENDU_IDEMPOTENCE: &str = "e0114a0df32ca23b68e30435f028b0dd";
    const ATTENDU_CONTENU: &str = "aebb4f6c28011b58bc93466ab3782c52";

    fn hexa(id: IdEvenement) -> String {
        format!("{:032x}", u128::from_be_bytes(id.0))
    }

    #[test]
    fn another_key_gives_another_pseudonym() {
        let (une, autre) = (Cle::nouvelle(&[7; 32]), Cle::nouvelle(&[8; 32]));
        assert_ne!(une.visiteur("u-7f3a"), autre.visiteur("u-7f3a"));
    }

    #[test]
    fn the_events_of_one_hit_have_identifiers_of_their_own() {
        let cle = Cle::nouvelle(&[7; 32]);
        assert_ne!(cle.id_requete(b"q", 0), cle.id_requete(b"q", 1));
        assert_ne!(cle.id_requete(b"q", 1), cle.id_requete(b"q", 2));
    }

    #[test]
    fn a_key_never_shows_itself() {
        assert_eq!(format!("{:?}", Cle::nouvelle(&[7; 32])), "Cle(…)");
    }
}
