//! What follows the events: landing as they come, counting what changed on schedule.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant as Chrono};

use frequent_aggregate::{Bilan, Choix, SansSuivi, Suivi, agreger_avec};
use frequent_ingest::qualite::doublons;
use frequent_ingest::recus::Guichet;
use frequent_plan::{Horloge, Lac, Plan};
use frequent_territory::Annuaires;

use super::conservation::Conservation;
use super::exploitation::maintenant;
use super::journaux::Atterrissage;
use super::roles::{Role, Roles};
use super::serveur::Faute;
use crate::reglages::Reglages;

/// What a count works on, shared by the schedule and those who ask for one now.
struct Atelier {
    lieux: Lieux,
    reglages: frequent_aggregate::Reglages,
    /// One count at a time.
    tour: Mutex<()>,
    /// Events landed since the start.
    atterris: AtomicU64,
}

/// Where a count works, and by which clock.
pub struct Lieux {
    /// The lake.
    pub lac: Lac,
    /// The marking plan.
    pub plan: Arc<Plan>,
    /// What establishes receipts.
    pub guichet: Guichet,
    /// What destroys what is over.
    pub conservation: Conservation,
    /// What says which periods are open.
    pub horloge: Arc<dyn Horloge>,
}

/// Landing and counting, until stopped.
pub struct Calcul {
    atelier: Arc<Atelier>,
    fils: Vec<Fil>,
}

/// A thread, and what stops it.
struct Fil {
    arret: mpsc::Sender<()>,
    fin: JoinHandle<()>,
}

impl Calcul {
    /// Begins to land, and to count if that is among the roles.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn demarrer(
        atterrissages: Vec<Atterrissage>,
        roles: &Roles,
        lieux: Lieux,
        choix: &Reglages,
    ) -> Result<Self, Faute> {
        let atelier = Arc::new(Atelier {
            lieux,
            reglages: reglages(choix),
            tour: Mutex::new(()),
            atterris: AtomicU64::new(0),
        });
        let mut fils = Vec::new();
        for atterrissage in atterrissages {
            let compteur = Arc::clone(&atelier);
            fils.push(Fil::lancer(atterrissage.nom(), move |demande| {
                atterrissage.tourner(&demande, |bilan| {
                    let nombre = bilan.evenements();
                    compteur.atterris.fetch_add(nombre, Ordering::Relaxed);
                });
            })?);
        }
        if roles.a(Role::Aggregate) {
            let intervalle = Duration::from_secs(choix.calcul.intervalle_s);
            let ouvrage = Arc::clone(&atelier);
            fils.push(Fil::lancer("comptage", move |demande| {
                loop {
                    ouvrage.passer();
                    match demande.recv_timeout(intervalle) {
                        Err(RecvTimeoutError::Timeout) => {}
                        Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            })?);
        }
        Ok(Self { atelier, fils })
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
        for fil in &self.fils {
            // Whoever is already gone needs no order to stop.
            let _deja_parti = fil.arret.send(());
        }
        for fil in self.fils {
            if fil.fin.join().is_err() {
                tracing::error!("landing or counting ended abnormally");
            }
        }
    }
}

impl Fil {
    fn lancer(
        nom: &str,
        travail: impl FnOnce(mpsc::Receiver<()>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (arret, demande) = mpsc::channel();
        let fin = fil(nom, move || travail(demande))?;
        Ok(Self { arret, fin })
    }
}

impl Atelier {
    /// A scheduled count: what fails is logged and tried again next time.
    fn passer(&self) {
        let debut = Chrono::now();
        let issue = self.compter(&SansSuivi);
        metrics::histogram!("frequent_calcul_seconds").record(debut.elapsed());
        match issue {
            Ok(bilan) => {
                mesurer(&bilan);
                if !bilan.faites.is_empty() {
                    tracing::info!(periods = bilan.faites.len(), "counted what changed");
                }
                for (periode, faute) in &bilan.echecs {
                    tracing::error!(?periode, %faute, "period not counted");
                }
                // Only what is counted may go.
                let _tour = self.tour.lock().unwrap_or_else(PoisonError::into_inner);
                self.lieux.conservation.passer();
            }
            Err(faute) => {
                metrics::counter!("frequent_calcul_echecs_total").increment(1);
                tracing::error!(%faute, "count failed, it will be tried again");
            }
        }
        if let Err(faute) = self.lieux.guichet.etablir() {
            tracing::error!(%faute, "receipts not established, it will be tried again");
        }
    }

    fn compter(&self, suivi: &dyn Suivi) -> Result<Bilan, Faute> {
        let _tour = self.tour.lock().unwrap_or_else(PoisonError::into_inner);
        let annuaires = Annuaires::ouvrir(&self.lieux.lac)?;
        let maintenant = self.lieux.horloge.maintenant();
        let bilan = agreger_avec(
            &self.lieux.lac,
            &self.lieux.plan,
            &annuaires,
            &Choix::Changes,
            maintenant,
            suivi,
            &self.reglages,
        )?;
        // Tagging quality is no reason to hold the figures back: it is tried again next time.
        if let Err(faute) = doublons::compter(&self.lieux.lac) {
            tracing::error!(%faute, "repeated events not counted, it will be tried again");
        }
        Ok(bilan)
    }
}

fn mesurer(bilan: &Bilan) {
    metrics::counter!("frequent_calcul_periodes_total").increment(bilan.faites.len() as u64);
    metrics::counter!("frequent_calcul_echecs_total").increment(bilan.echecs.len() as u64);
    if bilan.echecs.is_empty() {
        metrics::gauge!("frequent_calcul_dernier_timestamp_seconds").set(maintenant());
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
