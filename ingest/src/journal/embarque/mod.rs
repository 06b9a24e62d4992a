//! The log in files of this machine, from acknowledgement to landing.
//!
//! Callers append the bytes of their lot to the group that is gathering and wait; one thread writes
//! the group as one frame of a segment file, syncs once, and wakes them all. Only then are they
//! told that their lot was received. Landing takes whole sealed segments, and removes them once
//! their events are durable in the lake: that is why its ranges, and so its files, are the same
//! however often it is done again.
//!
//! Plain append-only files were chosen over an embedded engine after measuring: see
//! `docs/decisions/0301`.

mod ecrivain;
mod file;
mod groupe;
mod reserve;
mod segment;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use frequent_plan::Lac;

use super::JournalErreur;
use crate::durable::{creer_dossier, synchroniser_dossier};
use crate::lot::Lot;
use crate::noms::position_atteinte;
use ecrivain::Ecrivain;
use file::Partage;
use groupe::Attente;
use reserve::{Reserve, libres};
use segment::{SegmentOuvert, chemin_segment};

use segment::Cadre;
pub(crate) use segment::SegmentLu;

const VERROU: &str = ".verrou";
/// Written then removed, to know whether files can be.
const SONDE: &str = ".sonde";

/// How the log works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReglagesJournal {
    /// Most bytes waiting to be durable; beyond, [`JournalErreur::Plein`].
    pub file_octets: usize,
    /// Most lots waiting to be durable; beyond, [`JournalErreur::Plein`].
    pub file_lots: usize,
    /// Least time between two commits under load: a lone lot never waits for it.
    pub regroupement: Duration,
    /// A segment that reaches this many bytes is sealed, ready to land.
    pub segment_octets: u64,
    /// Room to leave free on the disk, in bytes: a commit that would leave less is refused.
    pub reserve_octets: u64,
}

impl Default for ReglagesJournal {
    /// 64 MiB and 100,000 lots waiting, 2 ms between commits, segments of 32 MiB, 256 MiB left free.
    fn default() -> Self {
        Self {
            file_octets: 64 << 20,
            file_lots: 100_000,
            regroupement: Duration::from_millis(2),
            segment_octets: 32 << 20,
            reserve_octets: 256 << 20,
        }
    }
}

/// The log of one data folder. Cloning it is cheap; the last clone dropped writes what is queued
/// and closes it.
#[derive(Clone)]
pub struct JournalEmbarque(Arc<Interieur>);

/// What waits in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EtatJournal {
    /// Bytes waiting to be durable.
    pub octets: usize,
    /// Lots waiting to be durable.
    pub lots: usize,
    /// Sealed segments waiting to land.
    pub segments: usize,
}

struct Interieur {
    dossier: PathBuf,
    reglages: ReglagesJournal,
    partage: Arc<Partage>,
    ecrivain: Option<JoinHandle<()>>,
    /// Held as long as the log is open: one process at a time.
    _verrou: File,
}

/// A segment to which nothing will be added any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SegmentScelle {
    pub(crate) chemin: PathBuf,
    /// The position of its first event.
    pub(crate) premier: u64,
}

impl JournalEmbarque {
    /// Opens the log of a data folder. What a stopped process had not finished writing, and so had
    /// not acknowledged, is dropped and said in the process's log.
    ///
    /// # Errors
    /// The folder cannot be read or written, or another process has the log open.
    pub fn ouvrir(lac: &Lac, reglages: ReglagesJournal) -> Result<Self, JournalErreur> {
        let dossier = lac.journal();
        let sur = |source| JournalErreur::disque(&dossier, source);
        creer_dossier(&dossier).map_err(sur)?;
        let verrou = verrouiller(&dossier)?;
        let (scelles, segment) = reprendre(lac, &dossier).map_err(sur)?;
        let partage = Arc::new(Partage::new(reglages, scelles));
        let ecrivain = Ecrivain {
            dossier: dossier.clone(),
            reglages,
            partage: Arc::clone(&partage),
            segment,
            reserve: Reserve::new(reglages.reserve_octets),
            durees: metrics::histogram!("frequent_journal_ecriture_seconds"),
            echecs: metrics::counter!("frequent_journal_echecs_total"),
        };
        let ecrivain = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(|| ecrivain.travailler())
            .map_err(sur)?;
        Ok(Self(Arc::new(Interieur {
            dossier,
            reglages,
            partage,
            ecrivain: Some(ecrivain),
            _verrou: verrou,
        })))
    }

    /// Makes a lot durable. Dropping the future does not take the lot back.
    ///
    /// # Errors
    /// [`JournalErreur::Plein`] at once when too much waits; [`JournalErreur::Disque`] when the
    /// commit failed, in which case nothing of the lot counts as received.
    pub async fn ajouter(&self, lot: Lot) -> Result<(), JournalErreur> {
        if lot.est_vide() {
            return Ok(());
        }
        let groupe = self.0.partage.deposer(lot)?;
        Attente::de(groupe).await
    }

    /// Whether it can take more now: there is room in its queue and a file can be made durable
    /// beside its segments. Blocks for the time of a sync.
    ///
    /// # Errors
    /// It cannot, and why.
    pub fn verifier(&self) -> Result<(), JournalErreur> {
        let etat = self.etat();
        if etat.lots >= self.0.reglages.file_lots || etat.octets >= self.0.reglages.file_octets {
            return Err(JournalErreur::Plein);
        }
        let sonde = self.0.dossier.join(SONDE);
        let ecrire = || {
            let fichier = File::create(&sonde)?;
            if libres(&fichier)? < self.0.reglages.reserve_octets {
                return Err(io::ErrorKind::StorageFull.into());
            }
            fichier.set_len(1)?;
            fichier.sync_all()?;
            fs::remove_file(&sonde)
        };
        ecrire().map_err(|source| JournalErreur::disque(&self.0.dossier, source))
    }

    /// What waits.
    #[must_use]
    pub fn etat(&self) -> EtatJournal {
        let (octets, lots) = self.0.partage.attente();
        EtatJournal {
            octets,
            lots,
            segments: self.0.partage.scelles().len(),
        }
    }

    /// Seals the segment being written, if it holds anything, so that it can land. Blocks until
    /// what is queued before it is durable.
    pub(crate) fn sceller(&self) -> Result<(), JournalErreur> {
        let (demandeur, reponse) = mpsc::channel();
        self.0.partage.demander_scellement(demandeur);
        reponse.recv().map_err(|_| JournalErreur::Ferme)?
    }

    /// The sealed segments, oldest first.
    pub(crate) fn scelles(&self) -> Vec<SegmentScelle> {
        let premiers = self.0.partage.scelles();
        premiers
            .into_iter()
            .map(|premier| SegmentScelle {
                chemin: chemin_segment(&self.0.dossier, premier),
                premier,
            })
            .collect()
    }

    /// Removes a segment whose events are durable in the lake.
    pub(crate) fn liberer(&self, segment: &SegmentScelle) -> Result<(), JournalErreur> {
        self.retirer(segment, |s| fs::remove_file(&s.chemin))
    }

    /// Puts aside a segment that could not be read whole; what could be read is in the lake.
    pub(crate) fn mettre_de_cote(&self, segment: &SegmentScelle) -> Result<(), JournalErreur> {
        self.retirer(segment, |s| {
            segment::mettre_de_cote(&self.0.dossier, s.premier)
        })
    }

    fn retirer(
        &self,
        segment: &SegmentScelle,
        retirer: impl FnOnce(&SegmentScelle) -> io::Result<()>,
    ) -> Result<(), JournalErreur> {
        retirer(segment)
            .and_then(|()| synchroniser_dossier(&self.0.dossier))
            .map_err(|source| JournalErreur::disque(&segment.chemin, source))?;
        self.0.partage.oublier(segment.premier);
        Ok(())
    }
}

impl Drop for Interieur {
    fn drop(&mut self) {
        self.partage.arreter();
        if let Some(ecrivain) = self.ecrivain.take()
            && ecrivain.join().is_err()
        {
            tracing::error!("the log's writer ended abnormally");
        }
    }
}

fn verrouiller(dossier: &Path) -> Result<File, JournalErreur> {
    let chemin = dossier.join(VERROU);
    let verrou = File::create(&chemin).map_err(|e| JournalErreur::disque(&chemin, e))?;
    match verrou.try_lock() {
        Ok(()) => Ok(verrou),
        Err(TryLockError::WouldBlock) => Err(JournalErreur::DejaOuvert(dossier.to_owned())),
        Err(TryLockError::Error(source)) => Err(JournalErreur::disque(&chemin, source)),
    }
}

/// The segments already there, all sealed from now on, and a new one to write to.
fn reprendre(lac: &Lac, dossier: &Path) -> io::Result<(Vec<u64>, SegmentOuvert)> {
    let mut scelles = segment::lister(dossier)?;
    let Some(&dernier) = scelles.last() else {
        let premier = position_atteinte(lac)?;
        return Ok((scelles, SegmentOuvert::creer(dossier, premier)?));
    };
    let chemin = chemin_segment(dossier, dernier);
    let lu = SegmentLu::lire(&chemin)?;
    if !lu.est_un_segment() {
        tracing::error!(
            segment = dernier,
            "the log's last segment is damaged from its first byte, or its making was interrupted"
        );
        if !lu.est_vide() {
            segment::mettre_de_cote(dossier, dernier)?;
        }
        scelles.pop();
        return Ok((scelles, SegmentOuvert::creer(dossier, dernier)?));
    }
    let parcours = lu.parcourir();
    let fin = parcours.cadres.last().map_or(dernier, Cadre::fin);
    if parcours.altere {
        tracing::error!(
            segment = dernier,
            "the log's last segment is damaged in its middle"
        );
    } else if parcours.perdus > 0 {
        tracing::warn!(
            segment = dernier,
            octets = parcours.perdus,
            "unfinished write dropped from the log: it was never acknowledged"
        );
        let fichier = File::options().write(true).open(&chemin)?;
        fichier.set_len(parcours.sains as u64)?;
        fichier.sync_all()?;
    }
    let evenements = fin.saturating_sub(scelles.first().copied().unwrap_or(fin));
    if evenements > 0 {
        tracing::info!(
            evenements,
            segments = scelles.len(),
            "log reopened: what an earlier run acknowledged will land now"
        );
    }
    if fin == dernier {
        // Holds nothing: its name is the position to go on from.
        scelles.pop();
    }
    Ok((scelles, SegmentOuvert::creer(dossier, fin)?))
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
