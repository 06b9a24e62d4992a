//! The server measured: the real collection, its log in a folder of its own.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use frequent_ingest::TrousseauDisque;
use frequent_ingest::acces::{Acces, Site};
use frequent_ingest::http::{
    Accueil, Collecte, Entree, Moyens, ReglagesCollecte, ReglagesConnexions, routes,
    servir as tenir,
};
use frequent_ingest::journal::{Journal, JournalEmbarque, ReglagesJournal};
use frequent_ingest::kafka::{Connexion, Producteur, ReglagesProducteur, Sceau};
use frequent_ingest::qualite::Qualite;
use frequent_plan::{Fuseaux, HorlogeSysteme, Instant, Lac, Plan};
use tempfile::TempDir;

/// Set for the process that serves.
pub const ROLE: &str = "FREQUENT_BANC_SERVEUR";
/// Set for the process that serves too when its log is a topic: the brokers and the topic.
pub const KAFKA: &str = "FREQUENT_BANC_KAFKA";
/// The site and platform of the bench's events.
pub const SITE: u32 = 365_203;
/// The platform of the bench's events.
pub const PLATEFORME: &str = "ONE-OCC";

/// Serves on a free port, said on the standard output with a key, until the input closes.
pub fn servir() -> Result<(), Box<dyn Error>> {
    let dossier = std::env::var_os(ROLE).ok_or("dossier absent")?;
    let lac = Lac::new(dossier);
    let acces = Acces::ouvrir(&lac)?;
    let secret = acces.creer_cle("banc", &[PLATEFORME.to_owned()], Instant::maintenant())?;
    acces.ajouter_site(Site {
        numero: SITE,
        plateforme: PLATEFORME.to_owned(),
        autres_plateformes: vec![],
        projet: String::new(),
        exploitant: String::new(),
        ..Site::default()
    })?;
    let fuseaux = Arc::new(Fuseaux::charger()?);
    let plan = Arc::new(Plan::integre()?);
    let trousseau = Arc::new(TrousseauDisque::ouvrir(&lac)?);
    let moyens = Moyens {
        journal: journal(&lac, &plan, &trousseau)?,
        plan,
        qualite: Arc::new(Qualite::new(Arc::clone(&fuseaux))),
        fuseaux,
        trousseau,
        acces: Arc::new(acces),
        horloge: Arc::new(HorlogeSysteme),
    };
    let collecte = Arc::new(Collecte::new(moyens, ReglagesCollecte::default())?);
    let fils = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    fils.block_on(async {
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{} {secret}", ecoute.local_addr()?);
        let fin = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        let accueil = Accueil {
            collecte: Some(Arc::clone(&collecte)),
            routes: routes(collecte),
            entree: Entree::default(),
        };
        let arret = async { drop(fin.await) };
        tenir(ecoute, accueil, ReglagesConnexions::default(), arret).await;
        Ok(())
    })
}

/// The log in files, unless a topic is given.
fn journal(
    lac: &Lac,
    plan: &Arc<Plan>,
    trousseau: &TrousseauDisque,
) -> Result<Journal, Box<dyn Error>> {
    let Ok(lieu) = std::env::var(KAFKA) else {
        return Ok(JournalEmbarque::ouvrir(lac, ReglagesJournal::default())?.into());
    };
    let (serveurs, sujet) = lieu.split_once(' ').ok_or("serveurs et sujet attendus")?;
    let reglages = ReglagesProducteur::new(Connexion::en_clair(serveurs), sujet);
    let sceau = Sceau::ouvrir(trousseau)?;
    Ok(Producteur::ouvrir(reglages, Arc::clone(plan), sceau)?.into())
}

/// A server in a process of its own, stopped when dropped.
pub struct Serveur {
    processus: Child,
    /// Where it listens.
    pub adresse: SocketAddr,
    /// The key it takes.
    pub secret: String,
    _dossier: TempDir,
}

impl Serveur {
    /// Starts one.
    pub fn lancer() -> Result<Self, Box<dyn Error>> {
        let dossier = tempfile::tempdir()?;
        let mut processus = Command::new(std::env::current_exe()?)
            .env(ROLE, dossier.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let sortie = processus.stdout.take().ok_or("sortie absente")?;
        let mut ligne = String::new();
        BufReader::new(sortie).read_line(&mut ligne)?;
        let (adresse, secret) = ligne.trim().split_once(' ').ok_or("serveur muet")?;
        Ok(Self {
            adresse: adresse.parse()?,
            secret: secret.to_owned(),
            processus,
            _dossier: dossier,
        })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.processus.id()
    }
}

impl Drop for Serveur {
    fn drop(&mut self) {
        if let Some(mut entree) = self.processus.stdin.take() {
            // Closing its input is what stops it; if it is gone already there is nothing to do.
            let _ = entree.flush();
        }
        let _ = self.processus.wait();
    }
}
