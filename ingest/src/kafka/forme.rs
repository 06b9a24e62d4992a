//! The form of our own records: the events of one request and one school, as the log's lots, with a
//! header that names the form and one that seals the value.
//!
//! ```text
//! key                the UAI: a school's events stay in one partition
//! frequent-forme     "lot/1"
//! frequent-sceau     the key's number, 8 bytes ‖ HMAC-SHA-256(key, form ‖ 0x00 ‖ value)
//! value              the lot
//! ```
//! These events are checked and pseudonymised already, so only an instance that holds the sealing
//! key may bring some: a provider who may write to the topic could otherwise forge any school's
//! events, of any platform and any day.

use frequent_plan::{Plan, Uai};
use hmac::{Hmac, KeyInit, Mac};
use rdkafka::message::{Header, Headers, OwnedHeaders};
use rustc_hash::FxHashMap;
use sha2::Sha256;

use super::rebut::Rebut;
use crate::lot::{LecteurLots, Lot, LotAltere};
use crate::trousseau::{TrousseauDisque, TrousseauErreur};

const ENTETE_FORME: &str = "frequent-forme";
const ENTETE_SCEAU: &str = "frequent-sceau";
const LOT_1: &str = "lot/1";
const OCTETS_NUMERO: usize = 8;
/// Under the default bound of a broker, 1 MiB, whatever the last event adds.
const VALEUR_MAX: usize = 768 << 10;
/// The sealing key's name in the key ring.
const NOM_CLE: &str = "sceau-kafka";

/// The sealing key of this instance.
#[derive(Clone)]
pub struct Sceau {
    cle: Hmac<Sha256>,
    /// Tells the key from others, and says nothing of it.
    numero: [u8; OCTETS_NUMERO],
}

impl std::fmt::Debug for Sceau {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sceau(…)")
    }
}

impl Sceau {
    /// The key kept with the pseudonym keys, made the first time.
    ///
    /// # Errors
    /// It can be neither read nor made.
    pub fn ouvrir(trousseau: &TrousseauDisque) -> Result<Self, TrousseauErreur> {
        Ok(Self::new(&trousseau.secret(NOM_CLE)?))
    }

    fn new(octets: &[u8; 32]) -> Self {
        let mut bloc = hmac::digest::Key::<Hmac<Sha256>>::default();
        bloc[..32].copy_from_slice(octets);
        let cle = Hmac::<Sha256>::new(&bloc);
        let mut mac = cle.clone();
        mac.update(b"numero");
        let mut numero = [0; OCTETS_NUMERO];
        numero.copy_from_slice(&mac.finalize().into_bytes()[..OCTETS_NUMERO]);
        Self { cle, numero }
    }

    fn mac(&self, valeur: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.cle.clone();
        mac.update(LOT_1.as_bytes());
        mac.update(&[0]);
        mac.update(valeur);
        mac
    }

    /// The headers of a record that holds this lot.
    pub(super) fn entetes(&self, valeur: &[u8]) -> OwnedHeaders {
        let mut sceau = self.numero.to_vec();
        sceau.extend_from_slice(&self.mac(valeur).finalize().into_bytes());
        OwnedHeaders::new_with_capacity(2)
            .insert(Header {
                key: ENTETE_FORME,
                value: Some(LOT_1),
            })
            .insert(Header {
                key: ENTETE_SCEAU,
                value: Some(&sceau),
            })
    }

    /// The seal is ours and that of this value.
    pub(super) fn verifier(&self, sceau: &[u8], valeur: &[u8]) -> Result<(), Rebut> {
        let (numero, somme) = sceau
            .split_first_chunk::<OCTETS_NUMERO>()
            .ok_or(Rebut::SceauFaux)?;
        if *numero != self.numero {
            return Err(Rebut::SceauEtranger);
        }
        let mac = self.mac(valeur);
        mac.verify_slice(somme).map_err(|_| Rebut::SceauFaux)
    }
}

/// What the headers of a record say that its value is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Forme<'m> {
    /// A lot, and its seal.
    Lot { sceau: &'m [u8] },
    /// No header of ours: a native event.
    Native,
}

impl<'m> Forme<'m> {
    pub(super) fn lire(entetes: Option<&'m impl Headers>) -> Result<Self, Rebut> {
        let valeur = |cle: &str| {
            let entete = entetes?.iter().find(|e| e.key == cle)?;
            Some(entete.value.unwrap_or_default())
        };
        match (valeur(ENTETE_FORME), valeur(ENTETE_SCEAU)) {
            (None, None) => Ok(Self::Native),
            (Some(forme), Some(sceau)) if forme == LOT_1.as_bytes() => Ok(Self::Lot { sceau }),
            _ => Err(Rebut::FormeInconnue),
        }
    }
}

/// A lot shared out by school, each part small enough for one record.
pub(super) fn par_ecole(lot: Lot, plan: &Plan) -> Result<Vec<(Uai, Vec<u8>)>, LotAltere> {
    let mut octets = Vec::new();
    lot.verser(&mut octets);
    let mut en_cours = FxHashMap::<Uai, Lot>::default();
    let mut parts = Vec::new();
    for evenement in LecteurLots::new(&octets, plan) {
        let evenement = evenement?;
        let lot = en_cours.entry(evenement.uai).or_default();
        lot.pousser(&evenement);
        if lot.taille() >= VALEUR_MAX {
            parts.push((evenement.uai, std::mem::take(lot)));
        }
    }
    parts.extend(en_cours.into_iter().filter(|(_, lot)| !lot.est_vide()));
    let part = |(uai, lot): (Uai, Lot)| {
        let mut valeur = Vec::with_capacity(lot.taille());
        lot.verser(&mut valeur);
        (uai, valeur)
    };
    Ok(parts.into_iter().map(part).collect())
}

#[cfg(test)]
#[path = "forme_tests.rs"]
mod tests;
