//! The bounded queue between those who bring lots and the one who writes them: one buffer, to which
//! each appends its bytes under a short lock.

use std::collections::BTreeSet;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::ecrivain::Prise;
use super::groupe::Groupe;
use super::segment::ENTETE_CADRE;
use super::{JournalErreur, ReglagesJournal};
use crate::lot::Lot;

/// A buffer that grew past this for one big group is not kept.
const TAMPON_GARDE: usize = 8 << 20;

/// What the callers and the writer share.
pub(super) struct Partage {
    reglages: ReglagesJournal,
    file: Mutex<File>,
    travail: Condvar,
    /// First positions of the sealed segments.
    scelles: Mutex<BTreeSet<u64>>,
}

#[derive(Default)]
struct File {
    /// The next frame: room for its header, then the lots gathered.
    cadre: Vec<u8>,
    lots: usize,
    evenements: u32,
    groupe: Arc<Groupe>,
    /// Bytes and lots that the writer has taken and not yet made durable.
    en_ecriture: (usize, usize),
    scellements: Vec<Sender<Result<(), JournalErreur>>>,
    /// The writer waits for a first lot: wake it.
    ecrivain_dort: bool,
    arret: bool,
}

impl File {
    fn a_du_travail(&self) -> bool {
        self.lots > 0 || self.arret || !self.scellements.is_empty()
    }
}

impl Partage {
    pub(super) fn new(reglages: ReglagesJournal, scelles: Vec<u64>) -> Self {
        Self {
            reglages,
            file: Mutex::default(),
            travail: Condvar::new(),
            scelles: Mutex::new(scelles.into_iter().collect()),
        }
    }

    fn file(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ensemble_scelles(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.scelles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a lot to the group that is gathering. A lot larger than the whole queue is taken when
    /// nothing else waits.
    pub(super) fn deposer(&self, lot: Lot) -> Result<Arc<Groupe>, JournalErreur> {
        let mut file = self.file();
        if file.arret {
            return Err(JournalErreur::Ferme);
        }
        let (octets, lots) = file.en_ecriture;
        let (octets, lots) = (octets + file.cadre.len(), lots + file.lots);
        let deborde = octets + lot.taille() > self.reglages.file_octets;
        if lots >= self.reglages.file_lots || (lots > 0 && deborde) {
            return Err(JournalErreur::Plein);
        }
        file.evenements = u32::try_from(lot.nombre())
            .ok()
            .and_then(|n| file.evenements.checked_add(n))
            .ok_or(JournalErreur::Plein)?;
        if file.lots == 0 {
            file.cadre.resize(ENTETE_CADRE, 0);
        }
        file.lots += 1;
        lot.verser(&mut file.cadre);
        let groupe = Arc::clone(&file.groupe);
        if std::mem::take(&mut file.ecrivain_dort) {
            drop(file);
            self.travail.notify_one();
        }
        Ok(groupe)
    }

    pub(super) fn demander_scellement(&self, demandeur: Sender<Result<(), JournalErreur>>) {
        let mut file = self.file();
        // Once closed, the sender is dropped here and its receiver learns it.
        if !file.arret {
            file.scellements.push(demandeur);
            self.travail.notify_one();
        }
    }

    pub(super) fn arreter(&self) {
        self.file().arret = true;
        self.travail.notify_one();
    }

    pub(super) fn attendre_du_travail(&self) {
        let mut file = self.file();
        while !file.a_du_travail() {
            file.ecrivain_dort = true;
            file = self
                .travail
                .wait(file)
                .unwrap_or_else(PoisonError::into_inner);
        }
        file.ecrivain_dort = false;
    }

    /// Waits for lots to gather; one who closes or seals is not kept waiting.
    pub(super) fn laisser_grouper(&self, reste: Duration) {
        let attendre = |file: &mut File| !file.arret && file.scellements.is_empty();
        drop(
            self.travail
                .wait_timeout_while(self.file(), reste, attendre),
        );
    }

    /// Takes all that waits, leaving a buffer for what comes next.
    pub(super) fn prendre(&self, mut tampon: Vec<u8>) -> Prise {
        tampon.clear();
        tampon.shrink_to(TAMPON_GARDE);
        let mut file = self.file();
        file.en_ecriture = (file.cadre.len(), file.lots);
        file.lots = 0;
        Prise {
            cadre: std::mem::replace(&mut file.cadre, tampon),
            evenements: std::mem::take(&mut file.evenements),
            groupe: std::mem::take(&mut file.groupe),
            scellements: std::mem::take(&mut file.scellements),
            arret: file.arret,
        }
    }

    /// Bytes and lots that are not durable yet.
    pub(super) fn attente(&self) -> (usize, usize) {
        let file = self.file();
        let (octets, lots) = file.en_ecriture;
        (octets + file.cadre.len(), lots + file.lots)
    }

    /// What was taken is written, or failed: its room in the queue is free.
    pub(super) fn rendre_la_place(&self) {
        self.file().en_ecriture = (0, 0);
    }

    pub(super) fn ranger(&self, premier: u64) {
        self.ensemble_scelles().insert(premier);
    }

    pub(super) fn oublier(&self, premier: u64) {
        self.ensemble_scelles().remove(&premier);
    }

    pub(super) fn scelles(&self) -> Vec<u64> {
        self.ensemble_scelles().iter().copied().collect()
    }
}
