//! The consumer group: reads, lands, commits, again and again.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use frequent_plan::Lac;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message};

use super::contexte::Contexte;
use super::lecture::{Lecteur, MoyensLecture, NonLu};
use super::rebut::Rebut;
use super::tampon::Tampon;
use super::{Connexion, KafkaErreur};
use crate::atterrissage::{Bilan, Rangement, noter_le_moment};
use crate::evenements::{FichierErreur, balayer_provisoires};
use crate::pouls::Pouls;

/// How long a poll waits: the longest time before a stop is noticed.
const ATTENTE: Duration = Duration::from_millis(100);
/// Time before a consumer that gave up begins again.
const REPRISE: Duration = Duration::from_secs(2);

/// A topic where a provider produces its own events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SujetFournisseur {
    /// The topic; the broker's ACLs say who may write there.
    pub sujet: String,
    /// The platforms it may speak for.
    pub plateformes: Vec<String>,
}

/// How records are consumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReglagesConsommateur {
    /// The brokers.
    pub connexion: Connexion,
    /// The consumer group: processes of one group share the partitions.
    pub groupe: String,
    /// The topic of our own lots.
    pub sujet: String,
    /// The topics of providers.
    pub fournisseurs: Vec<SujetFournisseur>,
    /// Longest time between reading and landing.
    pub intervalle: Duration,
    /// A process of the group that is silent for this long has its partitions given to others.
    pub absence: Duration,
    /// A record's own time is believed up to this age: the retention of the topics.
    pub conservation: Duration,
}

impl ReglagesConsommateur {
    /// A group that reads one topic of our own: landing every 15 s, 10 s of silence, 14 days of
    /// retention.
    #[must_use]
    pub fn new(connexion: Connexion, groupe: impl Into<String>, sujet: impl Into<String>) -> Self {
        Self {
            connexion,
            groupe: groupe.into(),
            sujet: sujet.into(),
            fournisseurs: Vec::new(),
            intervalle: Duration::from_secs(15),
            absence: Duration::from_secs(10),
            conservation: Duration::from_hours(14 * 24),
        }
    }

    fn client(&self, contexte: Contexte) -> Result<BaseConsumer<Contexte>, KafkaError> {
        let consommateur: BaseConsumer<Contexte> = self
            .connexion
            .configuration()
            .set("group.id", &self.groupe)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("partition.assignment.strategy", "roundrobin")
            .set("session.timeout.ms", self.absence.as_millis().to_string())
            .set(
                "heartbeat.interval.ms",
                (self.absence / 4).as_millis().to_string(),
            )
            .set("queued.max.messages.kbytes", "16384")
            .set("statistics.interval.ms", "5000")
            .create_with_context(contexte)?;
        let fournisseurs = self.fournisseurs.iter().map(|f| f.sujet.as_str());
        let mut sujets: Vec<&str> = fournisseurs.chain([self.sujet.as_str()]).collect();
        sujets.sort_unstable();
        sujets.dedup();
        consommateur.subscribe(&sujets)?;
        Ok(consommateur)
    }
}

/// Lands what the topics bring.
pub struct Consommateur {
    reglages: ReglagesConsommateur,
    lac: Lac,
    lecteur: Lecteur,
    rangement: Rangement,
    pouls: Pouls,
}

impl Consommateur {
    /// Lands these topics in this lake.
    ///
    /// # Errors
    /// The shipped table of browsers cannot be used.
    pub fn new(
        reglages: ReglagesConsommateur,
        lac: Lac,
        moyens: MoyensLecture,
    ) -> Result<Self, KafkaErreur> {
        let conservation = i64::try_from(reglages.conservation.as_millis()).unwrap_or(i64::MAX);
        let rangement = Rangement::new(lac.clone(), Arc::clone(&moyens.horloge));
        let lecteur = Lecteur::new(moyens, &reglages.fournisseurs, conservation)?;
        Ok(Self {
            reglages,
            lac,
            lecteur,
            rangement,
            pouls: Pouls::default(),
        })
    }

    /// Beats as long as records are read and land.
    #[must_use]
    pub fn pouls(&self) -> Pouls {
        self.pouls.clone()
    }

    /// Works, on the caller's thread, until `arret` receives something or loses its sender, then
    /// lands and commits what was read. `apres` is called after each landing that brought
    /// something. Whatever fails is logged, and the group is joined again from the last commit.
    pub fn tourner(self, arret: &Receiver<()>, mut apres: impl FnMut(&Bilan)) {
        let Self {
            reglages,
            lac,
            lecteur,
            rangement,
            pouls,
        } = self;
        rangement.accompagner(|rangement| {
            let mut noter = |bilan: &Bilan| {
                rangement.annoncer(bilan);
                apres(bilan);
            };
            loop {
                let session = Session {
                    reglages: &reglages,
                    lac: &lac,
                    lecteur: &lecteur,
                    pouls: &pouls,
                };
                match session.tenir(arret, &mut noter) {
                    Ok(()) => return,
                    Err(erreur) => {
                        tracing::error!(%erreur, "landing from Kafka stopped, it will begin again");
                        metrics::counter!("frequent_kafka_restarts_total").increment(1);
                    }
                }
                if arret.recv_timeout(REPRISE) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
    }
}

/// One stay in the group.
struct Session<'c> {
    reglages: &'c ReglagesConsommateur,
    lac: &'c Lac,
    lecteur: &'c Lecteur,
    pouls: &'c Pouls,
}

impl Session<'_> {
    /// Reads and lands until asked to stop.
    fn tenir(
        &self,
        arret: &Receiver<()>,
        apres: &mut impl FnMut(&Bilan),
    ) -> Result<(), KafkaErreur> {
        balayer_provisoires(self.lac)?;
        let client = self.reglages.client(Contexte::new(self.lac.clone()));
        let consommateur = client.map_err(|source| self.erreur(source))?;
        let contexte = Arc::clone(consommateur.context());
        let mut dernier = Instant::now();
        loop {
            let fini = arret.try_recv() != Err(TryRecvError::Empty);
            let attendu = dernier.elapsed() >= self.reglages.intervalle;
            if fini || attendu || contexte.tampon().est_plein() {
                contexte.atterrir(&consommateur)?;
                dernier = Instant::now();
                self.pouls.battre();
                noter_le_moment();
            }
            let bilan = contexte.prendre_bilan();
            if bilan.evenements() > 0 {
                apres(&bilan);
            }
            if fini {
                return Ok(());
            }
            match consommateur.poll(ATTENTE) {
                None => {}
                Some(Ok(message)) => self.lire(&message, &mut contexte.tampon())?,
                Some(Err(erreur @ KafkaError::MessageConsumptionFatal(_))) => {
                    return Err(self.erreur(erreur));
                }
                // Brokers away, a topic not made yet: librdkafka tries again by itself.
                Some(Err(erreur)) => tracing::warn!(%erreur, "Kafka"),
            }
        }
    }

    fn lire(&self, message: &BorrowedMessage<'_>, tampon: &mut Tampon) -> Result<(), KafkaErreur> {
        let (sujet, partition, position) = (message.topic(), message.partition(), message.offset());
        let rebut = match self.lecteur.lire(message, tampon) {
            Ok(()) => None,
            Err(NonLu::Rebut(rebut)) => Some(rebut),
            Err(NonLu::Refus(refus)) => Some(Rebut::Refuse(refus.raison)),
            Err(NonLu::Cle(erreur)) => return Err(erreur.into()),
            Err(NonLu::Colonnes(source)) => {
                let fichier = FichierErreur::parquet(&self.lac.evenements())(source);
                return Err(fichier.into());
            }
        };
        if let Some(rebut) = rebut {
            tampon.rejeter(rebut, sujet, partition, position);
            metrics::counter!(
                "frequent_kafka_rejected_records_total",
                "sujet" => sujet.to_owned(),
                "raison" => rebut.code()
            )
            .increment(1);
        }
        tampon.avancer(sujet, partition, position);
        Ok(())
    }

    fn erreur(&self, source: KafkaError) -> KafkaErreur {
        KafkaErreur::Client {
            serveurs: self.reglages.connexion.serveurs.clone(),
            source,
        }
    }
}
