//! Apache Kafka itself, for the tests: one KRaft node, broker and controller, on free ports, in a
//! folder of its own. It goes with the process that started it, however that ends.

// Each test program uses the part of the broker that it needs.
#![allow(dead_code)]

#[path = "maven.rs"]
mod maven;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};

/// The user of the secure listener, and its password.
pub const UTILISATEUR: &str = "frequent";
pub const MOT_DE_PASSE: &str = "mot-de-passe-d-essai";

const PATIENCE: Duration = Duration::from_mins(2);
const MAGASIN: &str = "magasin-d-essai";

/// Starts a command, kills it and starts it again as it is told. When its input closes, because the
/// test program ended, even killed, the command and its folder go too.
const GARDIEN: &str = r#"
dossier=$1; shift
lancer() { "$@" >>"$dossier/courtier.log" 2>&1 </dev/null & courtier=$!; echo $courtier; }
tuer() { kill -9 $courtier 2>/dev/null; wait $courtier 2>/dev/null; }
lancer "$@"
while read -r ordre; do
  case $ordre in
    tuer) tuer; echo mort ;;
    lancer) lancer "$@" ;;
  esac
done
tuer
rm -rf "$dossier"
"#;

/// A running broker.
pub struct Courtier {
    dossier: PathBuf,
    clair: u16,
    sur: u16,
    pid: String,
    /// It ends after this program does: no one waits for it.
    _gardien: Child,
    ordres: ChildStdin,
    reponses: BufReader<ChildStdout>,
    mort: bool,
}

impl Courtier {
    /// The broker of this test program, for one test at a time: some stop it.
    pub fn du_programme() -> MutexGuard<'static, Self> {
        static COURTIER: OnceLock<Mutex<Courtier>> = OnceLock::new();
        let courtier = COURTIER.get_or_init(|| Mutex::new(Self::lancer()));
        let mut courtier = courtier.lock().unwrap_or_else(PoisonError::into_inner);
        // The test before may have failed while it was stopped.
        courtier.attendre_ou_relancer();
        courtier
    }

    fn lancer() -> Self {
        let dossier = tempfile::Builder::new()
            .prefix("frequent-kafka-")
            .tempdir()
            .unwrap()
            .keep();
        let [clair, sur, controle] = ports_libres();
        certifier(&dossier);
        let reglages = reglages(&dossier, clair, sur, controle);
        fs::write(dossier.join("reglages"), reglages).unwrap();
        let scram = format!("SCRAM-SHA-512=[name={UTILISATEUR},password={MOT_DE_PASSE}]");
        let formatage = java("64m")
            .args(["kafka.tools.StorageTool", "format"])
            .args(["--cluster-id", "AAAAAAAAAAAAAAAAAAAAAQ", "--config"])
            .arg(dossier.join("reglages"))
            .args(["--add-scram", &scram])
            .output()
            .unwrap();
        assert!(formatage.status.success(), "{formatage:?}");
        let mut gardien = garder(&dossier);
        let mut courtier = Self {
            dossier,
            clair,
            sur,
            pid: String::new(),
            ordres: gardien.stdin.take().unwrap(),
            reponses: BufReader::new(gardien.stdout.take().unwrap()),
            _gardien: gardien,
            mort: false,
        };
        courtier.pid = courtier.reponse();
        courtier.attendre();
        courtier
    }

    /// The address of the listener in clear.
    pub fn serveurs(&self) -> String {
        format!("127.0.0.1:{}", self.clair)
    }

    /// The address of the listener over TLS, with a user and password.
    pub fn serveurs_surs(&self) -> String {
        format!("localhost:{}", self.sur)
    }

    /// The authority that signed its certificate.
    pub fn autorites(&self) -> PathBuf {
        self.dossier.join("autorite.pem")
    }

    /// A new topic.
    pub fn sujet(&self, nom: &str, partitions: i32) -> String {
        let nom = format!("{nom}-{}", unique());
        self.refaire(&nom, partitions);
        nom
    }

    /// A new topic of exactly this name.
    pub fn refaire(&self, nom: &str, partitions: i32) {
        let sujets = [NewTopic::new(nom, partitions, TopicReplication::Fixed(1))];
        let admin: AdminClient<DefaultClientContext> = self.client().create().unwrap();
        let creation = AdminOptions::new();
        let issues = attendre_futur(admin.create_topics(&sujets, &creation)).unwrap();
        assert!(issues.iter().all(Result::is_ok), "{issues:?}");
        let debut = Instant::now();
        while self.partitions(nom) != usize::try_from(partitions).unwrap() {
            assert!(debut.elapsed() < PATIENCE, "{nom} n’apparaît pas");
        }
    }

    /// Removes a topic, whose name can be used again for another.
    pub fn supprimer(&self, sujet: &str) {
        let admin: AdminClient<DefaultClientContext> = self.client().create().unwrap();
        attendre_futur(admin.delete_topics(&[sujet], &AdminOptions::new())).unwrap();
        let debut = Instant::now();
        while self.partitions(sujet) != 0 {
            assert!(debut.elapsed() < PATIENCE, "{sujet} ne disparaît pas");
        }
    }

    fn partitions(&self, sujet: &str) -> usize {
        let consommateur: BaseConsumer = self.client().create().unwrap();
        consommateur
            .fetch_metadata(Some(sujet), PATIENCE)
            .map_or(0, |m| m.topics()[0].partitions().len())
    }

    fn client(&self) -> ClientConfig {
        let mut client = ClientConfig::new();
        client
            .set("bootstrap.servers", self.serveurs())
            .set("reconnect.backoff.max.ms", "500");
        client
    }

    /// Produces records as any client may, and waits until they are there.
    pub fn produire(&self, sujet: &str, enregistrements: &[Enregistrement]) {
        let producteur: BaseProducer = self.client().create().unwrap();
        for enregistrement in enregistrements {
            let mut entetes = OwnedHeaders::new();
            for (cle, valeur) in &enregistrement.entetes {
                entetes = entetes.insert(Header {
                    key: cle,
                    value: Some(valeur),
                });
            }
            let mut a_envoyer = BaseRecord::<str, [u8]>::to(sujet)
                .key(&enregistrement.cle)
                .headers(entetes);
            if let Some(valeur) = &enregistrement.valeur {
                a_envoyer = a_envoyer.payload(valeur);
            }
            if let Some(ms) = enregistrement.instant {
                a_envoyer = a_envoyer.timestamp(ms);
            }
            producteur.send(a_envoyer).map_err(|(e, _)| e).unwrap();
        }
        producteur.flush(PATIENCE).unwrap();
    }

    /// Every record of a topic, from all its partitions.
    pub fn lire(&self, sujet: &str) -> Vec<Enregistrement> {
        use rdkafka::message::{Headers, Message};
        let consommateur: BaseConsumer = self
            .client()
            .set("group.id", unique())
            .set("enable.partition.eof", "true")
            .create()
            .unwrap();
        let mut partitions = TopicPartitionList::new();
        let nombre = i32::try_from(self.partitions(sujet)).unwrap();
        for partition in 0..nombre {
            partitions
                .add_partition_offset(sujet, partition, Offset::Beginning)
                .unwrap();
        }
        consommateur.assign(&partitions).unwrap();
        let (mut lus, mut finies) = (Vec::new(), 0);
        while finies < nombre {
            match consommateur.poll(PATIENCE).expect("rien à lire") {
                Ok(message) => lus.push(Enregistrement {
                    cle: String::from_utf8(message.key().unwrap_or_default().to_vec()).unwrap(),
                    valeur: message.payload().map(<[u8]>::to_vec),
                    entetes: message
                        .headers()
                        .into_iter()
                        .flat_map(Headers::iter)
                        .map(|e| (e.key.to_owned(), e.value.unwrap_or_default().to_vec()))
                        .collect(),
                    instant: message.timestamp().to_millis(),
                }),
                Err(rdkafka::error::KafkaError::PartitionEOF(_)) => finies += 1,
                Err(erreur) => panic!("{erreur}"),
            }
        }
        lus
    }

    /// How many records the group has committed, over all partitions of a topic.
    pub fn valides(&self, groupe: &str, sujet: &str) -> i64 {
        let consommateur: BaseConsumer = self.client().set("group.id", groupe).create().unwrap();
        let mut partitions = TopicPartitionList::new();
        for partition in 0..i32::try_from(self.partitions(sujet)).unwrap() {
            partitions.add_partition(sujet, partition);
        }
        let valides = insister(|| consommateur.committed_offsets(partitions.clone(), PATIENCE));
        let nombre = |offset| match offset {
            Offset::Offset(position) => position,
            _ => 0,
        };
        valides.elements().iter().map(|e| nombre(e.offset())).sum()
    }

    /// How many processes of a group hold partitions.
    pub fn membres(&self, groupe: &str) -> usize {
        let consommateur: BaseConsumer = self.client().create().unwrap();
        let liste = insister(|| consommateur.fetch_group_list(Some(groupe), PATIENCE));
        let stable = |g: &&rdkafka::groups::GroupInfo| g.state() == "Stable";
        let groupe = liste.groups().iter().find(stable);
        groupe.map_or(0, |g| g.members().len())
    }

    /// Where a topic of one partition ends.
    pub fn fin(&self, sujet: &str) -> i64 {
        let consommateur: BaseConsumer = self.client().create().unwrap();
        consommateur.fetch_watermarks(sujet, 0, PATIENCE).unwrap().1
    }

    /// Makes a group that nobody has joined begin at this record of a topic of one partition.
    pub fn valider(&self, groupe: &str, sujet: &str, position: i64) {
        let consommateur: BaseConsumer = self.client().set("group.id", groupe).create().unwrap();
        let mut partitions = TopicPartitionList::new();
        partitions
            .add_partition_offset(sujet, 0, Offset::Offset(position))
            .unwrap();
        consommateur.commit(&partitions, CommitMode::Sync).unwrap();
    }

    /// Stops it at once, as a power cut would.
    pub fn tuer(&mut self) {
        self.ordres.write_all(b"tuer\n").unwrap();
        assert_eq!(self.reponse(), "mort");
        self.mort = true;
    }

    /// Starts it again, on the same ports and with what it held.
    pub fn relancer(&mut self) {
        self.ordres.write_all(b"lancer\n").unwrap();
        self.pid = self.reponse();
        self.mort = false;
        self.attendre();
    }

    fn reponse(&mut self) -> String {
        let mut ligne = String::new();
        self.reponses.read_line(&mut ligne).unwrap();
        ligne.trim().to_owned()
    }

    /// Makes it so slow that it no longer answers.
    pub fn geler(&self) {
        self.signaler("-STOP");
    }

    /// Lets it go on.
    pub fn degeler(&self) {
        self.signaler("-CONT");
    }

    fn signaler(&self, signal: &str) {
        let statut = Command::new("kill").args([signal, &self.pid]).status();
        assert!(statut.unwrap().success());
    }

    fn attendre_ou_relancer(&mut self) {
        if self.mort {
            self.relancer();
        } else {
            self.degeler();
        }
        self.attendre();
    }

    /// Waits until it answers.
    fn attendre(&self) {
        let consommateur: BaseConsumer = self.client().create().unwrap();
        let debut = Instant::now();
        loop {
            let reponse = consommateur.fetch_metadata(None, Duration::from_secs(1));
            if reponse.is_ok_and(|m| !m.brokers().is_empty()) {
                return;
            }
            let journal = fs::read_to_string(self.dossier.join("courtier.log"));
            assert!(
                debut.elapsed() < PATIENCE,
                "Kafka ne répond pas : {journal:?}"
            );
        }
    }
}

/// A record of a topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enregistrement {
    pub cle: String,
    pub valeur: Option<Vec<u8>>,
    pub entetes: Vec<(String, Vec<u8>)>,
    /// Its own time, in milliseconds; none for now.
    pub instant: Option<i64>,
}

impl Enregistrement {
    /// A record with this value and nothing else.
    pub fn de(valeur: impl Into<Vec<u8>>) -> Self {
        Self {
            valeur: Some(valeur.into()),
            ..Self::default()
        }
    }
}

/// Asks again while the broker is not ready: its groups load after it answers.
fn insister<T>(mut demander: impl FnMut() -> rdkafka::error::KafkaResult<T>) -> T {
    let debut = Instant::now();
    loop {
        match demander() {
            Ok(reponse) => return reponse,
            Err(erreur) => assert!(debut.elapsed() < PATIENCE, "{erreur}"),
        }
    }
}

fn attendre_futur<T>(futur: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(futur)
}

/// Told apart from any other of this run.
pub fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static RANG: AtomicU32 = AtomicU32::new(0);
    let rang = RANG.fetch_add(1, Ordering::Relaxed);
    format!("{}-{rang}", std::process::id())
}

fn ports_libres() -> [u16; 3] {
    let ecoutes = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    ecoutes.map(|e| e.local_addr().unwrap().port())
}

fn garder(dossier: &Path) -> Child {
    let serveur = java("256m");
    Command::new("sh")
        .args(["-c", GARDIEN, "gardien"])
        .arg(dossier)
        .arg(serveur.get_program())
        .args(serveur.get_args())
        .arg("kafka.Kafka")
        .arg(dossier.join("reglages"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn java(memoire: &str) -> Command {
    let mut java = Command::new("java");
    java.arg(format!("-Xmx{memoire}"))
        .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"])
        .arg(maven::classes("tests/kafka/pom.xml"));
    java
}

/// A key for `localhost`, and its certificate, which signs itself.
fn certifier(dossier: &Path) {
    let keytool = |arguments: &[&str]| {
        let sortie = Command::new("keytool")
            .args(arguments)
            .args(["-storetype", "PKCS12", "-storepass", MAGASIN])
            .arg("-keystore")
            .arg(dossier.join("magasin.p12"))
            .output()
            .unwrap();
        assert!(sortie.status.success(), "{sortie:?}");
    };
    keytool(&[
        "-genkeypair",
        "-alias",
        "courtier",
        "-keyalg",
        "EC",
        "-validity",
        "30",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-ext",
        "bc:c",
    ]);
    let autorite = dossier.join("autorite.pem");
    let autorite = autorite.to_str().unwrap();
    keytool(&[
        "-exportcert",
        "-rfc",
        "-alias",
        "courtier",
        "-file",
        autorite,
    ]);
}

fn reglages(dossier: &Path, clair: u16, sur: u16, controle: u16) -> String {
    let dossier = dossier.display();
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controle}
listeners=CLAIR://127.0.0.1:{clair},SUR://localhost:{sur},CONTROLE://127.0.0.1:{controle}
advertised.listeners=CLAIR://127.0.0.1:{clair},SUR://localhost:{sur}
listener.security.protocol.map=CLAIR:PLAINTEXT,SUR:SASL_SSL,CONTROLE:PLAINTEXT
controller.listener.names=CONTROLE
inter.broker.listener.name=CLAIR
log.dirs={dossier}/donnees
ssl.keystore.type=PKCS12
ssl.keystore.location={dossier}/magasin.p12
ssl.keystore.password={MAGASIN}
listener.name.sur.sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.sur.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sur.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_{UTILISATEUR}=\"{MOT_DE_PASSE}\";
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
"
    )
}
