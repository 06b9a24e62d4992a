//! Kafka: as the log, instead of this machine's files, and as a way in for providers who produce
//! their events themselves.
//!
//! What is received over HTTP is checked and pseudonymised first, then goes to the topic as sealed
//! lots ([`forme`]); it is acknowledged once every in-sync replica has it. A consumer group lands
//! these lots, and the native events of providers, in the lake; offsets are committed only after
//! the landed files are durable. Reading again gives the same events under the same identifiers,
//! so whatever is killed, nothing is lost and nothing counts twice.

mod connexion;
mod consommateur;
mod contexte;
mod forme;
mod lecture;
mod producteur;
mod rebut;
mod tampon;

pub use connexion::{Connexion, Mecanisme, MotDePasse, Sasl, Securite};
pub use consommateur::{Consommateur, ReglagesConsommateur, SujetFournisseur};
pub use forme::Sceau;
pub use lecture::MoyensLecture;
pub use producteur::{Producteur, ReglagesProducteur};

use rdkafka::error::KafkaError;

use crate::evenements::FichierErreur;
use crate::terminal::TableInvalide;

/// Why Kafka cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KafkaErreur {
    /// The client cannot be made or has given up: wrong settings, or a fault that it cannot get
    /// over by itself.
    #[error("Kafka, {serveurs} : {source}")]
    Client {
        /// The brokers.
        serveurs: String,
        /// What librdkafka says.
        source: KafkaError,
    },
    /// Events read could not be landed; they will be read again.
    #[error("atterrissage depuis Kafka, {0}")]
    Fichier(#[from] FichierErreur),
    /// No pseudonym key: nothing can be accepted for now.
    #[error(transparent)]
    Cle(#[from] frequent_plan::CleIndisponible),
    /// The shipped table of browsers cannot be used.
    #[error(transparent)]
    Terminaux(#[from] TableInvalide),
    /// The system gives no thread.
    #[error("atterrissage depuis Kafka : {0}")]
    Fil(std::io::Error),
}
