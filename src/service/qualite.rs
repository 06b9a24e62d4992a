//! The counters of tagging quality, written down while the server runs.

use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use frequent_ingest::qualite::{Qualite, Releveur};
use frequent_plan::{Horloge, Lac};

use super::calcul::fil;
use crate::reglages::Reglages;

/// The thread that writes them, until stopped.
pub struct SuiviQualite {
    arret: mpsc::Sender<()>,
    fil: JoinHandle<()>,
}

impl SuiviQualite {
    /// Begins writing these counters to the lake.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn demarrer(
        qualite: Arc<Qualite>,
        lac: Lac,
        horloge: Arc<dyn Horloge>,
        reglages: &Reglages,
    ) -> std::io::Result<Self> {
        let intervalle = Duration::from_secs(reglages.qualite.intervalle_s);
        let releveur = Releveur::new(qualite, lac, horloge);
        let (arret, demande) = mpsc::channel();
        let fil = fil("qualite", move || releveur.tourner(intervalle, &demande))?;
        Ok(Self { arret, fil })
    }

    /// Writes a last time: to be called once nothing is received any more.
    pub fn arreter(self) {
        // Whoever is already gone needs no order to stop.
        let _deja_parti = self.arret.send(());
        if self.fil.join().is_err() {
            tracing::error!("writing tagging quality ended abnormally");
        }
    }
}
