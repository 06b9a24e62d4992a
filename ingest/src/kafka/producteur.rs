//! Kafka as the log: a lot is acknowledged once every in-sync replica has all of it.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use frequent_plan::{Plan, Uai};
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::metadata::MetadataTopic;
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};

use super::forme::{Sceau, par_ecole};
use super::{Connexion, KafkaErreur};
use crate::journal::JournalErreur;
use crate::lot::Lot;

/// Longest wait for an answer on the topic's state.
const REPONSE: Duration = Duration::from_secs(2);

/// How lots are produced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReglagesProducteur {
    /// The brokers.
    pub connexion: Connexion,
    /// The topic of our own lots.
    pub sujet: String,
    /// Longest wait for the replicas; beyond, the sender is asked to come back.
    pub delai: Duration,
    /// Most records waiting for the replicas; beyond, [`JournalErreur::Plein`].
    pub file_enregistrements: u32,
    /// Most KiB waiting for the replicas; beyond, [`JournalErreur::Plein`].
    pub file_kio: u32,
}

impl ReglagesProducteur {
    /// 10 s; 100,000 records and 64 MiB waiting.
    #[must_use]
    pub fn new(connexion: Connexion, sujet: impl Into<String>) -> Self {
        Self {
            connexion,
            sujet: sujet.into(),
            delai: Duration::from_secs(10),
            file_enregistrements: 100_000,
            file_kio: 64 << 10,
        }
    }

    fn configuration(&self) -> ClientConfig {
        let mut configuration = self.connexion.configuration();
        configuration
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("compression.type", "lz4")
            .set("linger.ms", "2")
            .set("message.timeout.ms", self.delai.as_millis().to_string())
            .set(
                "queue.buffering.max.messages",
                self.file_enregistrements.to_string(),
            )
            .set("queue.buffering.max.kbytes", self.file_kio.to_string());
        configuration
    }
}

/// The log kept in a topic. Cloning it is cheap.
#[derive(Clone)]
pub struct Producteur(Arc<Interieur>);

struct Interieur {
    reglages: ReglagesProducteur,
    plan: Arc<Plan>,
    sceau: Sceau,
    client: RwLock<FutureProducer>,
}

impl Producteur {
    /// Prepares the client. Brokers that do not answer are no error: lots are turned away until
    /// they do.
    ///
    /// # Errors
    /// The settings do not make a client.
    pub fn ouvrir(
        reglages: ReglagesProducteur,
        plan: Arc<Plan>,
        sceau: Sceau,
    ) -> Result<Self, KafkaErreur> {
        let client = creer(&reglages)?;
        Ok(Self(Arc::new(Interieur {
            reglages,
            plan,
            sceau,
            client: RwLock::new(client),
        })))
    }

    /// Makes a lot durable. Dropping the future does not take the lot back. After an error a part
    /// of it may be in the topic: sent again, it counts once.
    ///
    /// # Errors
    /// [`JournalErreur::Plein`] at once when too much waits, or when the replicas do not answer in
    /// time; [`JournalErreur::Kafka`] when the brokers refuse.
    pub async fn ajouter(&self, lot: Lot) -> Result<(), JournalErreur> {
        if lot.est_vide() {
            return Ok(());
        }
        let parts = par_ecole(lot, &self.0.plan).map_err(|faute| self.0.refus(&faute))?;
        let depart = Instant::now();
        let client = self.0.client();
        let issue = self.0.produire(&client, parts).await;
        metrics::histogram!("frequent_kafka_delivery_seconds").record(depart.elapsed());
        if let Err(erreur) = &issue {
            let raison = match erreur {
                JournalErreur::Plein => "plein",
                _ => "refus",
            };
            metrics::counter!("frequent_kafka_failed_lots_total", "raison" => raison).increment(1);
            self.0.remplacer_si_perdu(&client);
        }
        issue
    }
}

impl Producteur {
    /// Whether the topic has brokers that answer. Blocks until they do, or not in time.
    ///
    /// # Errors
    /// They do not, or not for this topic.
    pub fn verifier(&self) -> Result<(), JournalErreur> {
        let client = self.0.client();
        let reponse = client
            .client()
            .fetch_metadata(Some(&self.0.reglages.sujet), REPONSE)
            .map_err(|erreur| self.0.refus(&erreur))?;
        let faute = reponse.topics().iter().find_map(MetadataTopic::error);
        match faute {
            None => Ok(()),
            Some(code) => Err(self.0.refus(&RDKafkaErrorCode::from(code))),
        }
    }
}

impl Interieur {
    async fn produire(
        &self,
        client: &FutureProducer,
        parts: Vec<(Uai, Vec<u8>)>,
    ) -> Result<(), JournalErreur> {
        let mut livraisons = Vec::with_capacity(parts.len());
        for (uai, valeur) in parts {
            livraisons.push(self.deposer(client, uai, &valeur)?);
        }
        let nombre = livraisons.len() as u64;
        for livraison in livraisons {
            match livraison.await {
                Ok(Ok(_)) => {}
                Ok(Err((erreur, _))) => return Err(self.echec(&erreur)),
                Err(_) => return Err(JournalErreur::Ferme),
            }
        }
        metrics::counter!("frequent_kafka_produced_records_total").increment(nombre);
        Ok(())
    }

    fn deposer(
        &self,
        client: &FutureProducer,
        uai: Uai,
        valeur: &[u8],
    ) -> Result<DeliveryFuture, JournalErreur> {
        let enregistrement = FutureRecord::to(&self.reglages.sujet)
            .key(uai.as_str())
            .payload(valeur)
            .headers(self.sceau.entetes(valeur));
        client
            .send_result(enregistrement)
            .map_err(|(erreur, _)| self.echec(&erreur))
    }

    fn echec(&self, erreur: &KafkaError) -> JournalErreur {
        match erreur.rdkafka_error_code() {
            Some(
                RDKafkaErrorCode::QueueFull
                | RDKafkaErrorCode::MessageTimedOut
                | RDKafkaErrorCode::NotEnoughReplicas
                | RDKafkaErrorCode::NotEnoughReplicasAfterAppend,
            ) => JournalErreur::Plein,
            _ => self.refus(erreur),
        }
    }

    fn refus(&self, cause: &dyn std::error::Error) -> JournalErreur {
        JournalErreur::Kafka {
            sujet: self.reglages.sujet.clone(),
            cause: cause.to_string(),
        }
    }

    fn client(&self) -> FutureProducer {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner);
        client.clone()
    }

    /// An idempotent producer that has lost its sequence, or its rights, never works again: another
    /// takes its place.
    fn remplacer_si_perdu(&self, perdu: &FutureProducer) {
        let Some((code, _)) = perdu.client().fatal_error() else {
            return;
        };
        let mut client = self.client.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever came first has replaced it already.
        if client.client().fatal_error().is_none() {
            return;
        }
        match creer(&self.reglages) {
            Ok(nouveau) => {
                tracing::warn!(%code, "the Kafka producer gave up and is replaced");
                *client = nouveau;
            }
            Err(erreur) => tracing::error!(%erreur, "the Kafka producer cannot be replaced"),
        }
    }
}

fn creer(reglages: &ReglagesProducteur) -> Result<FutureProducer, KafkaErreur> {
    let client = reglages.configuration().create();
    client.map_err(|source| KafkaErreur::Client {
        serveurs: reglages.connexion.serveurs.clone(),
        source,
    })
}
