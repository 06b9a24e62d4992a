//! A request's body: read within bounds of size, time and memory, then decompressed within the
//! same bounds.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::UNITE_MEMOIRE;
use super::probleme::Probleme;

/// How long and how much is read, and thrown away, of a body already known to be too long, so
/// that its sender reads the answer instead of a broken connection.
const DRAIN_DELAI: Duration = Duration::from_secs(5);
const DRAIN_MAX: usize = 512 << 20;
/// A zstd frame may ask for a window this wide, no more: 2^24 is 16 MiB.
const FENETRE_ZSTD_LOG: u32 = 24;

/// How the body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Aucune,
    Gzip,
    Zstd,
}

impl Compression {
    pub(super) fn lire(entetes: &HeaderMap) -> Result<Self, Probleme> {
        let Some(valeur) = entetes.get(CONTENT_ENCODING) else {
            return Ok(Self::Aucune);
        };
        match valeur.as_bytes().to_ascii_lowercase().as_slice() {
            b"" | b"identity" => Ok(Self::Aucune),
            b"gzip" | b"x-gzip" => Ok(Self::Gzip),
            b"zstd" => Ok(Self::Zstd),
            _ => Err(Probleme::CompressionRefusee),
        }
    }
}

/// A body held in memory, and the share of the common memory that it takes.
pub(super) struct Corps {
    pub octets: Vec<u8>,
    parts: OwnedSemaphorePermit,
    memoire: Arc<Semaphore>,
}

impl Corps {
    /// Reads a body of at most `max` bytes within `delai`.
    pub(super) async fn lire(
        mut flux: Body,
        entetes: &HeaderMap,
        max: usize,
        delai: Duration,
        memoire: &Arc<Semaphore>,
    ) -> Result<Self, Probleme> {
        let lecture = Self::accumuler(&mut flux, entetes, max, memoire);
        let lu = timeout(delai, lecture)
            .await
            .unwrap_or(Err(Probleme::EnvoiTropLent));
        if matches!(lu, Err(Probleme::CorpsTropGrand)) && !entetes.contains_key(EXPECT) {
            // Whoever is slow to be thrown away gets the broken connection after all.
            let _ = timeout(DRAIN_DELAI, vider(&mut flux)).await;
        }
        lu
    }

    async fn accumuler(
        flux: &mut Body,
        entetes: &HeaderMap,
        max: usize,
        memoire: &Arc<Semaphore>,
    ) -> Result<Self, Probleme> {
        let annonce = longueur_annoncee(entetes).unwrap_or(0);
        if annonce > max {
            return Err(Probleme::CorpsTropGrand);
        }
        let mut corps = Self {
            octets: Vec::with_capacity(annonce),
            parts: reserver(memoire, annonce)?,
            memoire: Arc::clone(memoire),
        };
        while let Some(trame) = flux.frame().await {
            let trame = trame.map_err(|_| Probleme::EnvoiInterrompu)?;
            let Ok(morceau) = trame.into_data() else {
                continue;
            };
            let longueur = corps.octets.len() + morceau.len();
            if longueur > max {
                return Err(Probleme::CorpsTropGrand);
            }
            corps.tenir(longueur)?;
            corps.octets.extend_from_slice(&morceau);
        }
        Ok(corps)
    }

    /// Makes sure that this many bytes are counted in the common memory.
    fn tenir(&mut self, octets: usize) -> Result<(), Probleme> {
        let manque = octets.saturating_sub(self.parts.num_permits() * UNITE_MEMOIRE);
        if manque > 0 {
            self.parts.merge(reserver(&self.memoire, manque)?);
        }
        Ok(())
    }

    /// The body decompressed, at most `max` bytes: past them it stops, whatever a small body
    /// would still unfold into.
    pub(super) fn decompresser(
        mut self,
        compression: Compression,
        max: usize,
    ) -> Result<Self, Probleme> {
        if compression == Compression::Aucune {
            return Ok(self);
        }
        self.tenir(self.octets.len() + max)?;
        let clair = match compression {
            Compression::Aucune => return Ok(self),
            Compression::Gzip => {
                lire_au_plus(flate2::bufread::MultiGzDecoder::new(&self.octets[..]), max)
            }
            Compression::Zstd => zstd::Decoder::with_buffer(&self.octets[..])
                .and_then(|mut decodeur| {
                    decodeur.window_log_max(FENETRE_ZSTD_LOG)?;
                    Ok(decodeur)
                })
                .map_err(|_| Probleme::DecompressionImpossible)
                .and_then(|decodeur| lire_au_plus(decodeur, max)),
        }?;
        self.octets = clair;
        Ok(self)
    }
}

fn longueur_annoncee(entetes: &HeaderMap) -> Option<usize> {
    entetes.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn reserver(memoire: &Arc<Semaphore>, octets: usize) -> Result<OwnedSemaphorePermit, Probleme> {
    let unites = u32::try_from(octets.div_ceil(UNITE_MEMOIRE)).map_err(|_| Probleme::Sature)?;
    Arc::clone(memoire)
        .try_acquire_many_owned(unites)
        .map_err(|_| Probleme::Sature)
}

async fn vider(flux: &mut Body) {
    let mut jetes = 0;
    while let Some(Ok(trame)) = flux.frame().await {
        jetes += trame.data_ref().map_or(0, bytes::Bytes::len);
        if jetes > DRAIN_MAX {
            return;
        }
    }
}

/// Reads to the end, in a buffer that never grows past `max` bytes and one.
fn lire_au_plus(mut flux: impl Read, max: usize) -> Result<Vec<u8>, Probleme> {
    let mut octets = vec![0; max.min(256 << 10) + 1];
    let mut lus = 0;
    loop {
        if lus == octets.len() {
            if lus > max {
                return Err(Probleme::CorpsTropGrand);
            }
            let suivante = (2 * lus).min(max + 1);
            octets.reserve_exact(suivante - lus);
            octets.resize(suivante, 0);
        }
        match flux.read(&mut octets[lus..]) {
            Ok(0) => break,
            Ok(nombre) => lus += nombre,
            Err(erreur) if erreur.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Probleme::DecompressionImpossible),
        }
    }
    octets.truncate(lus);
    Ok(octets)
}

#[cfg(test)]
#[path = "corps_tests.rs"]
mod tests;
