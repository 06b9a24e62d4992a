//! What follows the events: landing as they come, counting what changed on schedule.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use frequent_aggregate::{Bilan, Choix, SansSuivi, Suivi, agreger_avec};
use frequent_api::Etat;
use frequent_ingest::atterrissage::{Atterrisseur, ReglagesAtterrissage, atterrir};
use frequent_ingest::qualite::doublons;
use frequent_ingest::{JournalEmbarque, JournalErreur, ReglagesJournal};
use frequent_plan::{Horloge, Instant, Lac, Plan};
use frequent_territory::Annuaires;

use super::serveur::Faute;
use crate::reglages::Reglages;

/// What a count works on, shared by the schedule and those who ask for one now.
struct Atelier {
    lac: Lac,
    plan: Arc<Plan>,
    etat: Arc<Etat>,
    reglages: frequent_aggregate::Reglages,
    /// One count at a time.
    tour: Mutex<()>,
    /// Events landed since the start.
    atterris: AtomicU64,
}

/// Landing and counting, until stopped.
pub struct Calcul {
    atelier: Arc<Atelier>,
    atterrissage: JoinHandle<()>,
    arret_atterrissage: mpsc::Sender<()>,
    comptage: JoinHandle<()>,
    arret_comptage: mpsc::Sender<()>,
}

impl Calcul {
    /// Begins landing and counting.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn demarrer(
        journal: JournalEmbarque,
        (lac, plan, horloge): (Lac, Arc<Plan>, Arc<dyn Horloge>),
        etat: Arc<Etat>,
        choix: &Reglages,
    ) -> Result<Self, Faute> {
        let atelier = Arc::new(Atelier {
            lac: lac.clone(),
            plan: Arc::clone(&plan),
            etat,
            reglages: reglages(choix),
            tour: Mutex::new(()),
            atterris: AtomicU64::new(0),
        });

        let (arret_atterrissage, demande) = mpsc::channel::<()>();
        let atterrisseur = Atterrisseur::new(
            journal,
            lac,
            plan,
            horloge,
            ReglagesAtterrissage {
                intervalle: Duration::from_secs(choix.atterrissage.intervalle_s),
                ..ReglagesAtterrissage::default()
            },
        );
        let compteur = Arc::clone(&atelier);
        let atterrissage = fil("atterrissage", move || {
            atterrisseur.tourner(&demande, |bilan| {
                compteur
                    .atterris
                    .fetch_add(bilan.evenements(), Ordering::Relaxed);
            });
        })?;

        let (arret_comptage, demande) = mpsc::channel::<()>();
        let intervalle = Duration::from_secs(choix.calcul.intervalle_s);
        let ouvrage = Arc::clone(&atelier);
        let comptage = fil("comptage", move || {
            loop {
                ouvrage.passer();
                match demande.recv_timeout(intervalle) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        })?;
        Ok(Self {
            atelier,
            atterrissage,
            arret_atterrissage,
            comptage,
            arret_comptage,
        })
    }

    /// Events landed since the start.
    pub fn atterris(&self) -> u64 {
        self.atelier.atterris.load(Ordering::Relaxed)
    }

    /// Counts what changed, now.
    ///
    /// # Errors
    /// The directory or the lake cannot be read.
    pub fn compter(&self, suivi: &dyn Suivi) -> Result<Bilan, Faute> {
        self.atelier.compter(suivi)
    }

    /// Lands what is left in the log and waits for the count in progress.
    pub fn arreter(self) {
        // Whoever is already gone needs no order to stop.
        let _deja_parti = self.arret_atterrissage.send(());
        let _deja_parti = self.arret_comptage.send(());
        if self.atterrissage.join().is_err() | self.comptage.join().is_err() {
            tracing::error!("landing or counting ended abnormally");
        }
    }
}

impl Atelier {
    /// A scheduled count: what fails is logged and tried again next time.
    fn passer(&self) {
        match self.compter(&SansSuivi) {
            Ok(bilan) => {
                if !bilan.faites.is_empty() {
                    tracing::info!(periods = bilan.faites.len(), "counted what changed");
                }
                for (periode, faute) in &bilan.echecs {
                    tracing::error!(?periode, %faute, "period not counted");
                }
            }
            Err(faute) => tracing::error!(%faute, "count failed, it will be tried again"),
        }
    }

    fn compter(&self, suivi: &dyn Suivi) -> Result<Bilan, Faute> {
        let _tour = self.tour.lock().unwrap_or_else(PoisonError::into_inner);
        let annuaires = Annuaires::ouvrir(&self.lac)?;
        let maintenant = Instant::maintenant();
        let bilan = agreger_avec(
            &self.lac,
            &self.plan,
            &annuaires,
            &Choix::Changes,
            maintenant,
            suivi,
            &self.reglages,
        )?;
        self.etat.actualiser_annuaires()?;
        // Tagging quality is no reason to hold the figures back: it is tried again next time.
        if let Err(faute) = doublons::compter(&self.lac) {
            tracing::error!(%faute, "repeated events not counted, it will be tried again");
        }
        Ok(bilan)
    }
}

/// A thread of the server.
pub fn fil(nom: &str, travail: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name(nom.to_owned()).spawn(travail)
}

/// How a count uses the machine, from the settings.
pub fn reglages(reglages: &Reglages) -> frequent_aggregate::Reglages {
    let defaut = frequent_aggregate::Reglages::default();
    frequent_aggregate::Reglages {
        fils: NonZeroUsize::new(reglages.calcul.fils).unwrap_or(defaut.fils),
        ..defaut
    }
}

/// Lands what a stopped server left in its log. A running server lands its own.
///
/// # Errors
/// The log cannot be read, or the disk refuses the events.
pub fn atterrir_le_reste(lac: &Lac, plan: &Plan) -> Result<(), Faute> {
    match JournalEmbarque::ouvrir(lac, ReglagesJournal::default()) {
        Ok(journal) => atterrir(&journal, lac, plan)
            .map(|_| ())
            .map_err(Into::into),
        Err(JournalErreur::DejaOuvert(_)) => Ok(()),
        Err(faute) => Err(faute.into()),
    }
}
