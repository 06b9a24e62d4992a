//! The writer: one thread that takes what has gathered, writes it as one frame, syncs once, and
//! tells everyone who waits.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use metrics::{Counter, Histogram};

use super::groupe::Groupe;
use super::reserve::Reserve;
use super::segment::SegmentOuvert;
use super::{JournalErreur, Partage, ReglagesJournal};

/// What the writer takes from the queue in one go.
pub(super) struct Prise {
    /// The frame, its header still blank.
    pub(super) cadre: Vec<u8>,
    pub(super) evenements: u32,
    pub(super) groupe: Arc<Groupe>,
    /// Those who asked that the segment be sealed.
    pub(super) scellements: Vec<Sender<Result<(), JournalErreur>>>,
    /// Nothing more will come.
    pub(super) arret: bool,
}

pub(super) struct Ecrivain {
    pub(super) dossier: PathBuf,
    pub(super) reglages: ReglagesJournal,
    pub(super) partage: Arc<Partage>,
    pub(super) segment: SegmentOuvert,
    pub(super) reserve: Reserve,
    pub(super) durees: Histogram,
    pub(super) echecs: Counter,
}

impl Ecrivain {
    /// Works until the journal is closed and everything queued is written.
    pub(super) fn travailler(mut self) {
        let mut dernier = None::<Instant>;
        let mut tampon = Vec::new();
        loop {
            self.partage.attendre_du_travail();
            // Under load lots gather between two commits; a lone lot after a rest goes at once.
            if let Some(dernier) = dernier
                && let Some(reste) = self.reglages.regroupement.checked_sub(dernier.elapsed())
            {
                self.partage.laisser_grouper(reste);
            }
            dernier = Some(Instant::now());
            let mut prise = self.partage.prendre(tampon);
            if prise.evenements > 0 {
                let debut = Instant::now();
                let issue = self.ecrire(&mut prise);
                self.durees.record(debut.elapsed());
                self.echecs.increment(u64::from(issue.is_err()));
                self.partage.rendre_la_place();
                prise.groupe.conclure(issue);
            }
            if !prise.scellements.is_empty() {
                let issue = self.tourner();
                for demandeur in prise.scellements {
                    // One who no longer waits needs no answer.
                    drop(demandeur.send(issue.clone()));
                }
            }
            if prise.arret {
                return;
            }
            tampon = prise.cadre;
        }
    }

    fn ecrire(&mut self, prise: &mut Prise) -> Result<(), JournalErreur> {
        self.reserve
            .verifier(self.segment.fichier(), prise.cadre.len())
            .map_err(|source| JournalErreur::disque(&self.dossier, source))?;
        self.segment
            .ecrire(&mut prise.cadre, prise.evenements)
            .map_err(|source| {
                tracing::error!(%source, "the log could not be written: nothing was acknowledged");
                JournalErreur::disque(&self.dossier, source)
            })?;
        if self.segment.longueur >= self.reglages.segment_octets
            && let Err(erreur) = self.tourner()
        {
            // The group itself is durable; the segment grows until a new one can be made.
            tracing::warn!(%erreur, "the log's segment could not be changed");
        }
        Ok(())
    }

    /// Seals the segment, unless it is empty, and begins the next. There is always a last segment,
    /// for its name keeps the position reached.
    fn tourner(&mut self) -> Result<(), JournalErreur> {
        if self.segment.est_vide() {
            return Ok(());
        }
        let sur = |source| JournalErreur::disque(&self.dossier, source);
        self.segment.sceller().map_err(sur)?;
        let suivant = SegmentOuvert::creer(&self.dossier, self.segment.fin).map_err(sur)?;
        let scelle = std::mem::replace(&mut self.segment, suivant);
        self.partage.ranger(scelle.premier);
        Ok(())
    }
}
