//! The daily destruction of what is over, by the process that counts.

use std::sync::{Arc, Mutex, PoisonError};

use frequent_api::conservation::{Conservateur, ConservationErreur, Detruit};
use frequent_ingest::TrousseauDisque;
use frequent_plan::{Fuseaux, Instant, Jour, Lac, Uai};

use crate::reglages::Reglages;

/// What destroys, and up to which day it did.
pub struct Conservation {
    conservateur: Conservateur,
    fuseaux: Arc<Fuseaux>,
    /// The last day whose purge went to its end.
    fait: Mutex<Option<Jour>>,
}

impl Conservation {
    /// Of this data folder.
    pub fn new(
        lac: Lac,
        trousseau: Arc<TrousseauDisque>,
        fuseaux: Arc<Fuseaux>,
        reglages: &Reglages,
    ) -> Self {
        let durees = reglages.conservation.durees();
        Self {
            conservateur: Conservateur::new(lac, trousseau, durees),
            fuseaux,
            fait: Mutex::new(None),
        }
    }

    /// Destroys what is due, once a day and when it starts; what fails is tried again next time.
    pub fn passer(&self) {
        let jour = aujourd_hui(&self.fuseaux);
        let mut fait = self.fait.lock().unwrap_or_else(PoisonError::into_inner);
        if *fait == Some(jour) {
            return;
        }
        match self.purger(jour) {
            Ok(()) => *fait = Some(jour),
            Err(faute) => {
                metrics::counter!("frequent_purge_echecs_total").increment(1);
                tracing::error!(%faute, "purge stopped, it will be tried again");
            }
        }
    }

    fn purger(&self, jour: Jour) -> Result<(), ConservationErreur> {
        let certificats = self.conservateur.purger(jour, noter)?;
        for certificat in certificats {
            tracing::info!(id = certificat.id, "destruction of schools finished and certified");
        }
        for retenu in self.conservateur.prevoir(jour)?.retenus {
            let part = retenu.objet.partie();
            tracing::warn!(part, "raw events are over but not counted yet: kept");
        }
        Ok(())
    }
}

fn noter(detruit: &Detruit) {
    let Detruit { echu, taille } = detruit;
    metrics::counter!("frequent_purge_lignes_total").increment(taille.lignes);
    tracing::info!(
        table = echu.objet.table(),
        part = echu.objet.partie(),
        rows = taille.lignes,
        bytes = taille.octets,
        rule = echu.regle.code(),
        due = %echu.echeance,
        "destroyed"
    );
}

/// Today, in mainland France.
pub fn aujourd_hui(fuseaux: &Fuseaux) -> Jour {
    let metropole = Uai::depuis_nombre(0);
    fuseaux.heure_locale(metropole, Instant::maintenant()).jour
}
