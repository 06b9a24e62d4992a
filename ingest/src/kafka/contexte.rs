//! What the consumer's callbacks see: the events not yet landed, which have to land before a
//! partition goes to another process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use frequent_plan::Lac;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::statistics::Statistics;

use super::tampon::Tampon;
use crate::atterrissage::Bilan;
use crate::evenements::FichierErreur;

/// The state of one session of the consumer.
pub(super) struct Contexte {
    lac: Lac,
    tampon: Mutex<Tampon>,
    /// What has landed and was not yet told.
    bilan: Mutex<Bilan>,
}

impl Contexte {
    pub(super) fn new(lac: Lac) -> Self {
        Self {
            lac,
            tampon: Mutex::default(),
            bilan: Mutex::default(),
        }
    }

    pub(super) fn tampon(&self) -> MutexGuard<'_, Tampon> {
        self.tampon.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has landed since the last call.
    pub(super) fn prendre_bilan(&self) -> Bilan {
        let mut bilan = self.bilan.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *bilan)
    }

    /// Lands what was read, then commits its positions. A commit that fails loses nothing: the
    /// records are read and landed again, under the same identifiers.
    pub(super) fn atterrir(&self, consommateur: &BaseConsumer<Self>) -> Result<(), FichierErreur> {
        let mut tampon = std::mem::take(&mut *self.tampon());
        if tampon.est_vide() {
            return Ok(());
        }
        let atterri = tampon.atterrir(&self.lac)?;
        let valide = tampon
            .positions()
            .and_then(|positions| consommateur.commit(&positions, CommitMode::Sync));
        if let Err(erreur) = valide {
            tracing::warn!(%erreur, "landed records could not be committed: they will be read again");
        }
        metrics::counter!("frequent_kafka_landed_events_total").increment(atterri.evenements());
        let mut bilan = self.bilan.lock().unwrap_or_else(PoisonError::into_inner);
        bilan.joindre(atterri);
        Ok(())
    }
}

impl ClientContext for Contexte {
    fn error(&self, erreur: KafkaError, detail: &str) {
        tracing::warn!(%erreur, detail, "Kafka");
    }

    fn stats(&self, etat: Statistics) {
        for (sujet, etat) in etat.topics {
            for (numero, partition) in etat.partitions {
                if numero < 0 {
                    continue;
                }
                // Another process reads the partitions that are not active here, and says so.
                let actif = partition.fetch_state == "active" && partition.consumer_lag >= 0;
                let retard = if actif { partition.consumer_lag } else { 0 };
                let etiquettes = [("sujet", sujet.clone()), ("partition", numero.to_string())];
                #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
                metrics::gauge!("frequent_kafka_lag_records", &etiquettes).set(retard as f64);
            }
        }
    }
}

impl ConsumerContext for Contexte {
    fn pre_rebalance(&self, consommateur: &BaseConsumer<Self>, mouvement: &Rebalance<'_>) {
        let Rebalance::Revoke(partitions) = mouvement else {
            return;
        };
        tracing::info!(partitions = partitions.count(), "Kafka partitions given up");
        metrics::counter!("frequent_kafka_rebalances_total").increment(1);
        // Lost, they may be another's already, who reads again from the last commit.
        if consommateur.assignment_lost() {
            drop(std::mem::take(&mut *self.tampon()));
        } else if let Err(erreur) = self.atterrir(consommateur) {
            tracing::error!(%erreur, "records read could not be landed: whoever takes the partitions reads them again");
        }
    }
}
