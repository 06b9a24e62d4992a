//! Hits in several parts: a hit longer than 2,000 characters is sent as several, each beginning
//! with the site, the browser and `mh=<number>-<total>-<identifier>`.
//!
//! The tag fills each part with whole parameters. One that does not fit goes on in the next part
//! **under its own name again**, and may have been cut inside an escape: `…&events=%5B%7` then
//! `&events=B%22…`. So parts are joined parameter by parameter, before anything is decoded. A part
//! that begins with no name at all is taken as the plain continuation of the one before.
//!
//! Parts wait in memory, bounded in time and bytes, and come in any order. A part alone is no
//! event: it is acknowledged before anything is durable, so a hit whose parts are still arriving
//! when the server stops is lost. The whole hit is durable before its last part is acknowledged.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

use frequent_plan::{Instant, Raison, Refus};
use memchr::memchr;

use super::champs::{Champs, sans_referent};
use super::{Hit, Numero};

/// How long and how much may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartiesReglages {
    /// Longest wait for the last part, in milliseconds.
    pub attente_ms: i64,
    /// Most bytes waiting, over all hits; the oldest hits give way.
    pub octets_max: usize,
    /// Most parts of one hit.
    pub parties_max: u16,
    /// Most bytes of one hit, all its parts together.
    pub hit_octets_max: usize,
}

impl Default for PartiesReglages {
    /// One minute; 16 MiB in all; 100 parts and 256 KiB a hit.
    fn default() -> Self {
        Self {
            attente_ms: 60_000,
            octets_max: 16 << 20,
            parties_max: 100,
            hit_octets_max: 256 << 10,
        }
    }
}

/// What becomes of a part just received.
#[derive(Debug, PartialEq, Eq)]
pub enum Suite {
    /// Others are awaited.
    Attendre,
    /// It was the last one: the whole query, to be read as any other.
    Entiere(Vec<u8>),
}

/// A hit that will never be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Perdu {
    /// Its site.
    pub site: u32,
    /// A part is missing, or the tag had said that it gave up.
    pub raison: Raison,
}

/// The hits that wait for their parts.
#[derive(Debug)]
pub struct Parties {
    reglages: PartiesReglages,
    attentes: HashMap<u64, Attente>,
    arrivees: VecDeque<(Instant, u64)>,
    octets: usize,
    hachage: RandomState,
}

#[derive(Debug)]
struct Attente {
    site: u32,
    arrivee: Instant,
    abandon: bool,
    parties: Vec<Option<Box<[u8]>>>,
    octets: usize,
}

impl Parties {
    /// None waiting yet.
    #[must_use]
    pub fn new(reglages: PartiesReglages) -> Self {
        Self {
            reglages,
            attentes: HashMap::new(),
            arrivees: VecDeque::new(),
            octets: 0,
            hachage: RandomState::new(),
        }
    }

    /// Takes a part of a hit of this site; `requete` is the part's query as received. A part that
    /// comes twice is taken once.
    ///
    /// # Errors
    /// More parts or bytes than a hit may have, or a total that differs from the other parts'.
    pub fn recevoir(
        &mut self,
        site: u32,
        hit: &Hit<'_>,
        numero: Numero<'_>,
        requete: &[u8],
        maintenant: Instant,
    ) -> Result<Suite, Refus> {
        let refus = || Refus::de("mh", Raison::RequeteIllisible);
        if numero.total > self.reglages.parties_max {
            return Err(refus());
        }
        let cle = self
            .hachage
            .hash_one((site, hit.client_brut(), numero.identifiant));
        let attente = self.attentes.entry(cle).or_insert_with(|| {
            self.arrivees.push_back((maintenant, cle));
            Attente::nouvelle(site, numero.total, maintenant)
        });
        if attente.parties.len() != usize::from(numero.total) {
            return Err(refus());
        }
        let case = &mut attente.parties[usize::from(numero.rang) - 1];
        if case.is_some() {
            return Ok(Suite::Attendre);
        }
        *case = Some(requete.into());
        attente.octets += requete.len();
        attente.abandon |= hit.abandon();
        self.octets += requete.len();
        let trop_long = attente.octets > self.reglages.hit_octets_max;
        let entiere = attente.parties.iter().all(Option::is_some);
        if !trop_long && !entiere {
            return Ok(Suite::Attendre);
        }
        let parties = self.retirer(cle).map(|a| a.parties).unwrap_or_default();
        if trop_long {
            return Err(refus());
        }
        Ok(Suite::Entiere(joindre(parties.iter().flatten())))
    }

    /// Takes out the hits that waited too long, and the oldest ones when too many bytes wait.
    pub fn expirer(&mut self, maintenant: Instant) -> Vec<Perdu> {
        let mut perdus = Vec::new();
        while let Some(&(arrivee, cle)) = self.arrivees.front() {
            let vieux = maintenant.0.saturating_sub(arrivee.0) >= self.reglages.attente_ms;
            if !vieux && self.octets <= self.reglages.octets_max {
                break;
            }
            self.arrivees.pop_front();
            let attend = self
                .attentes
                .get(&cle)
                .is_some_and(|a| a.arrivee == arrivee);
            if attend && let Some(attente) = self.retirer(cle) {
                perdus.push(attente.perdue());
            }
        }
        perdus
    }

    /// How many bytes wait.
    #[must_use]
    pub fn octets(&self) -> usize {
        self.octets
    }

    fn retirer(&mut self, cle: u64) -> Option<Attente> {
        let attente = self.attentes.remove(&cle)?;
        self.octets -= attente.octets;
        Some(attente)
    }
}

impl Attente {
    fn nouvelle(site: u32, total: u16, arrivee: Instant) -> Self {
        Self {
            site,
            arrivee,
            abandon: false,
            parties: vec![None; usize::from(total)],
            octets: 0,
        }
    }

    fn perdue(&self) -> Perdu {
        let raison = if self.abandon {
            Raison::AbandonDuMarqueur
        } else {
            Raison::PartieManquante
        };
        Perdu {
            site: self.site,
            raison,
        }
    }
}

/// The whole query of parts given in order: what the first says before `mh`, then every parameter
/// once.
fn joindre<'a>(parties: impl Iterator<Item = &'a Box<[u8]>>) -> Vec<u8> {
    let mut jetons: Vec<Vec<u8>> = Vec::new();
    let mut entete = 0;
    for (rang, partie) in parties.enumerate() {
        let mut lus = sans_referent(partie).split(|o| *o == b'&');
        let avant: Vec<Vec<u8>> = lus
            .by_ref()
            .take_while(|jeton| !jeton.starts_with(b"mh="))
            .map(<[u8]>::to_vec)
            .collect();
        if rang == 0 {
            entete = avant.len();
            jetons = avant;
        }
        let deja = jetons.len();
        for (place, jeton) in lus.enumerate() {
            match jetons.last_mut() {
                Some(dernier) if place == 0 && rang > 0 && continue_(dernier, jeton) => {
                    dernier.extend_from_slice(jeton);
                }
                _ => ajouter(&mut jetons, entete..deja, jeton),
            }
        }
    }
    jetons.join(&b'&')
}

/// A parameter that an earlier part began is carried on; any other is new.
fn ajouter(jetons: &mut Vec<Vec<u8>>, anterieurs: std::ops::Range<usize>, jeton: &[u8]) {
    let nom = nom(jeton);
    let commence = jetons[anterieurs]
        .iter_mut()
        .find(|j| nom.is_some() && self::nom(j) == nom);
    match (commence, nom) {
        (Some(commence), Some(nom)) => commence.extend_from_slice(&jeton[nom.len() + 1..]),
        _ => jetons.push(jeton.to_vec()),
    }
}

/// A part's first token goes on with the last of the part before: it has no name, or its name is
/// the end of one that was cut.
fn continue_(dernier: &[u8], jeton: &[u8]) -> bool {
    match nom(jeton) {
        None | Some([]) => !jeton.is_empty(),
        Some(fin) => {
            memchr(b'=', dernier).is_none()
                && !Champs::connait(fin)
                && Champs::connait(&[dernier, fin].concat())
        }
    }
}

fn nom(jeton: &[u8]) -> Option<&[u8]> {
    Some(&jeton[..memchr(b'=', jeton)?])
}

#[cfg(test)]
#[path = "parties_tests.rs"]
mod tests;
