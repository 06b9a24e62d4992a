//! The two logs, opened and landed alike: every test of this program that can be runs on both.

use std::process::Command;
use std::sync::{Arc, MutexGuard, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use frequent_ingest::acces::Acces;
use frequent_ingest::atterrissage::Bilan;
use frequent_ingest::kafka::{
    Connexion, Consommateur, MoyensLecture, Producteur, ReglagesConsommateur, ReglagesProducteur,
    Sceau, SujetFournisseur,
};
use frequent_ingest::qualite::Qualite;
use frequent_ingest::{Journal, JournalEmbarque, ReglagesJournal, TrousseauDisque, atterrir};
use frequent_plan::{FenetreTemps, Fuseaux, HorlogeSysteme, Lac, Plan};

use crate::courtier::{Courtier, unique};

pub const PATIENCE: Duration = Duration::from_mins(1);
const JOURNAL: &str = "ESSAI_JOURNAL";

/// Which log, and where.
#[derive(Clone, Debug)]
pub enum Genre {
    Embarque,
    Kafka {
        serveurs: String,
        sujet: String,
        groupe: String,
    },
}

impl Genre {
    /// A fresh topic and group of the broker.
    pub fn kafka(courtier: &MutexGuard<'static, Courtier>, partitions: i32) -> Self {
        Self::Kafka {
            serveurs: courtier.serveurs(),
            sujet: courtier.sujet("lots", partitions),
            groupe: format!("groupe-{}", unique()),
        }
    }

    /// Tells a child which log is tested.
    pub fn dire(&self, enfant: &mut Command) {
        let texte = match self {
            Self::Embarque => "embarque".to_owned(),
            Self::Kafka {
                serveurs,
                sujet,
                groupe,
            } => format!("{serveurs} {sujet} {groupe}"),
        };
        enfant.env(JOURNAL, texte);
    }

    /// Which log the parent tests.
    pub fn dit() -> Self {
        let texte = std::env::var(JOURNAL).expect("run by the parent test only");
        let mut mots = texte.split(' ').map(str::to_owned);
        let premier = mots.next().unwrap();
        match (mots.next(), mots.next()) {
            (Some(sujet), Some(groupe)) => Self::Kafka {
                serveurs: premier,
                sujet,
                groupe,
            },
            _ => Self::Embarque,
        }
    }

    /// Opens the log of a data folder.
    pub fn ouvrir(&self, lac: &Lac, reglages: ReglagesJournal) -> Essaye {
        let plan = Arc::new(Plan::integre().unwrap());
        let suite = match self {
            Self::Embarque => Suite::Embarque(JournalEmbarque::ouvrir(lac, reglages).unwrap()),
            Self::Kafka {
                serveurs,
                sujet,
                groupe,
            } => Suite::Kafka(Box::new(SuiteKafka::new(lac, serveurs, sujet, groupe))),
        };
        let journal = match &suite {
            Suite::Embarque(journal) => journal.clone().into(),
            Suite::Kafka(suite) => suite.producteur(&plan).into(),
        };
        Essaye {
            lac: lac.clone(),
            plan,
            journal,
            suite,
        }
    }
}

/// An open log, and its landing.
pub struct Essaye {
    pub lac: Lac,
    pub plan: Arc<Plan>,
    pub journal: Journal,
    suite: Suite,
}

enum Suite {
    Embarque(JournalEmbarque),
    Kafka(Box<SuiteKafka>),
}

pub struct SuiteKafka {
    pub consommation: ReglagesConsommateur,
    pub moyens: MoyensLecture,
    lac: Lac,
}

impl Essaye {
    /// Lands everything acknowledged so far; gives the events landed.
    pub fn atterrir(&self) -> u64 {
        match &self.suite {
            Suite::Embarque(journal) => atterrir(journal, &self.lac, &self.plan)
                .unwrap()
                .evenements(),
            Suite::Kafka(suite) => suite.atterrir_ce_qui_est_la(),
        }
    }

    /// Lands on and on, until the process ends, and says when.
    pub fn atterrir_sans_fin(self, demandes: mpsc::Receiver<()>, dire: impl Fn()) {
        match self.suite {
            Suite::Embarque(journal) => {
                for () in demandes {
                    dire();
                    atterrir(&journal, &self.lac, &self.plan).unwrap();
                }
            }
            Suite::Kafka(suite) => {
                let (_jamais, arret) = mpsc::channel();
                suite.consommateur().tourner(&arret, |_| dire());
            }
        }
    }
}

impl SuiteKafka {
    pub fn new(lac: &Lac, serveurs: &str, sujet: &str, groupe: &str) -> Self {
        let trousseau = Arc::new(TrousseauDisque::ouvrir(lac).unwrap());
        let fuseaux = Arc::new(Fuseaux::charger().unwrap());
        Self {
            consommation: ReglagesConsommateur {
                intervalle: Duration::from_millis(50),
                absence: Duration::from_secs(1),
                ..ReglagesConsommateur::new(Connexion::en_clair(serveurs), groupe, sujet)
            },
            moyens: MoyensLecture {
                plan: Arc::new(Plan::integre().unwrap()),
                qualite: Arc::new(Qualite::new(Arc::clone(&fuseaux))),
                fuseaux,
                acces: Arc::new(Acces::ouvrir(lac).unwrap()),
                sceau: Sceau::ouvrir(&trousseau).unwrap(),
                trousseau,
                horloge: Arc::new(HorlogeSysteme),
                fenetre: FenetreTemps::default(),
            },
            lac: lac.clone(),
        }
    }

    pub fn production(&self) -> ReglagesProducteur {
        let ReglagesConsommateur {
            connexion, sujet, ..
        } = self.consommation.clone();
        ReglagesProducteur::new(connexion, sujet)
    }

    pub fn producteur(&self, plan: &Arc<Plan>) -> Producteur {
        let sceau = self.moyens.sceau.clone();
        Producteur::ouvrir(self.production(), Arc::clone(plan), sceau).unwrap()
    }

    /// Takes native events of this topic for the platform of the tests.
    pub fn admettre(&mut self, sujet: &str) {
        self.consommation.fournisseurs.push(SujetFournisseur {
            sujet: sujet.to_owned(),
            plateformes: vec!["ONE-OCC".to_owned()],
        });
    }

    pub fn consommateur(&self) -> Consommateur {
        Consommateur::new(
            self.consommation.clone(),
            self.lac.clone(),
            self.moyens.clone(),
        )
        .unwrap()
    }

    /// A consumer on a thread of its own.
    pub fn lancer(&self) -> EnCours {
        let consommateur = self.consommateur();
        let (arreter, arret) = mpsc::channel();
        let (dire, bilans) = mpsc::channel();
        let fil = thread::spawn(move || {
            consommateur.tourner(&arret, |bilan| dire.send(bilan.clone()).unwrap());
        });
        EnCours {
            arreter,
            bilans,
            fil,
        }
    }

    pub fn atterrir_ce_qui_est_la(&self) -> u64 {
        let en_cours = self.lancer();
        self.attendre_la_fin();
        en_cours.arreter()
    }

    /// Waits until the group has committed everything that its topics hold.
    pub fn attendre_la_fin(&self) {
        use rdkafka::consumer::BaseConsumer;
        let client: BaseConsumer = rdkafka::ClientConfig::new()
            .set("bootstrap.servers", &self.consommation.connexion.serveurs)
            .set("group.id", &self.consommation.groupe)
            .create()
            .unwrap();
        let debut = Instant::now();
        let mut sujets = vec![self.consommation.sujet.as_str()];
        sujets.extend(
            self.consommation
                .fournisseurs
                .iter()
                .map(|f| f.sujet.as_str()),
        );
        for sujet in sujets {
            while !est_lu(&client, sujet) {
                assert!(debut.elapsed() < PATIENCE, "{sujet} n’est pas lu");
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

fn est_lu(client: &rdkafka::consumer::BaseConsumer, sujet: &str) -> bool {
    use rdkafka::consumer::Consumer;
    use rdkafka::{Offset, TopicPartitionList};
    let lu = || {
        let etat = client.fetch_metadata(Some(sujet), PATIENCE)?;
        let partitions = etat.topics()[0].partitions().len();
        let mut voulues = TopicPartitionList::new();
        for partition in 0..i32::try_from(partitions).unwrap() {
            voulues.add_partition(sujet, partition);
        }
        for valide in client.committed_offsets(voulues, PATIENCE)?.elements() {
            let (premier, fin) = client.fetch_watermarks(sujet, valide.partition(), PATIENCE)?;
            let position = match valide.offset() {
                Offset::Offset(position) => position,
                _ => premier,
            };
            if position < fin {
                return Ok(false);
            }
        }
        rdkafka::error::KafkaResult::Ok(true)
    };
    lu().unwrap_or(false)
}

/// A consumer that lands.
pub struct EnCours {
    arreter: mpsc::Sender<()>,
    bilans: mpsc::Receiver<Bilan>,
    fil: thread::JoinHandle<()>,
}

impl EnCours {
    /// Stops it as a server does; gives the events that it landed.
    pub fn arreter(self) -> u64 {
        self.arreter.send(()).unwrap();
        self.fil.join().unwrap();
        self.bilans.iter().map(|b| b.evenements()).sum()
    }
}
