//! From acknowledgement to landed, at a steady rate, landing every second.

use std::error::Error;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use frequent_ingest::acces::Acces;
use frequent_ingest::atterrissage::{Atterrisseur, Bilan, ReglagesAtterrissage};
use frequent_ingest::kafka::{
    Connexion, Consommateur, MoyensLecture, Producteur, ReglagesConsommateur, ReglagesProducteur,
    Sceau,
};
use frequent_ingest::qualite::Qualite;
use frequent_ingest::{Journal, JournalEmbarque, ReglagesJournal, TrousseauDisque};
use frequent_plan::{FenetreTemps, Fuseaux, HorlogeSysteme, Lac, Plan};

use crate::courtier::{Courtier, unique};
use crate::evenements::Fabrique;

/// 5,000 events a second for half a minute.
const LOTS: u64 = 3_000;
const PAR_LOT: u64 = 50;
const PAS: Duration = Duration::from_millis(10);
const INTERVALLE: Duration = Duration::from_secs(1);

/// The log in files.
pub fn embarque() -> Result<(), Box<dyn Error>> {
    let dossier = tempfile::tempdir()?;
    let lac = Lac::new(dossier.path());
    let journal = JournalEmbarque::ouvrir(&lac, ReglagesJournal::default())?;
    let atterrisseur = Atterrisseur::new(
        journal.clone(),
        lac,
        Arc::new(Plan::integre()?),
        Arc::new(HorlogeSysteme),
        ReglagesAtterrissage {
            intervalle: INTERVALLE,
            ..ReglagesAtterrissage::default()
        },
    );
    mesurer("journal en fichiers", &journal.into(), |arret, noter| {
        atterrisseur.tourner(arret, noter);
    })
}

/// A topic of one partition, so that lots land in their order.
pub fn kafka(courtier: &Courtier) -> Result<(), Box<dyn Error>> {
    let dossier = tempfile::tempdir()?;
    let lac = Lac::new(dossier.path());
    let plan = Arc::new(Plan::integre()?);
    let fuseaux = Arc::new(Fuseaux::charger()?);
    let trousseau = Arc::new(TrousseauDisque::ouvrir(&lac)?);
    let sceau = Sceau::ouvrir(&trousseau)?;
    let connexion = Connexion::en_clair(courtier.serveurs());
    let sujet = courtier.sujet("latence", 1);
    let producteur = Producteur::ouvrir(
        ReglagesProducteur::new(connexion.clone(), &sujet),
        Arc::clone(&plan),
        sceau.clone(),
    )?;
    let consommateur = Consommateur::new(
        ReglagesConsommateur {
            intervalle: INTERVALLE,
            ..ReglagesConsommateur::new(connexion, unique(), sujet)
        },
        lac.clone(),
        MoyensLecture {
            plan,
            qualite: Arc::new(Qualite::new(Arc::clone(&fuseaux))),
            fuseaux,
            acces: Arc::new(Acces::ouvrir(&lac)?),
            trousseau,
            sceau,
            horloge: Arc::new(HorlogeSysteme),
            fenetre: FenetreTemps::default(),
        },
    )?;
    mesurer("Kafka", &producteur.into(), |arret, noter| {
        consommateur.tourner(arret, noter);
    })
}

fn mesurer(
    nom: &str,
    journal: &Journal,
    atterrir: impl FnOnce(&mpsc::Receiver<()>, &mut dyn FnMut(&Bilan)) + Send,
) -> Result<(), Box<dyn Error>> {
    let (arreter, arret) = mpsc::channel();
    let (dire, dits) = mpsc::channel();
    let (acquittes, arrivees) = thread::scope(|fils| {
        fils.spawn(move || {
            atterrir(&arret, &mut |bilan| {
                // Whoever no longer listens has what was needed.
                let _ = dire.send((Instant::now(), bilan.evenements()));
            });
        });
        let acquittes = envoyer(journal)?;
        let (mut arrivees, mut total) = (Vec::new(), 0);
        while total < LOTS * PAR_LOT {
            let (quand, nombre) = dits.recv()?;
            total += nombre;
            arrivees.push((quand, total));
        }
        arreter.send(())?;
        Ok::<_, Box<dyn Error>>((acquittes, arrivees))
    })?;
    let mut delais: Vec<Duration> = (1..=LOTS)
        .zip(&acquittes)
        .filter_map(|(rang, acquitte)| {
            let (quand, _) = arrivees
                .iter()
                .find(|(_, total)| *total >= rang * PAR_LOT)?;
            Some(quand.saturating_duration_since(*acquitte))
        })
        .collect();
    delais.sort_unstable();
    let centile = |centieme: usize| delais[(delais.len() - 1) * centieme / 100];
    println!(
        "{nom}, de l'acquittement à l'atterrissage : médiane {:?}, 99 % sous {:?}, au plus {:?}",
        centile(50),
        centile(99),
        centile(100)
    );
    Ok(())
}

/// One lot a step, each acknowledged before the next; when each was.
fn envoyer(journal: &Journal) -> Result<Vec<Instant>, Box<dyn Error>> {
    let fabrique = Fabrique::new();
    let execution = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    execution.block_on(async {
        let mut acquittes = Vec::new();
        let mut pas = tokio::time::interval(PAS);
        for rang in 0..LOTS {
            pas.tick().await;
            let lot = fabrique.lot(rang * PAR_LOT..(rang + 1) * PAR_LOT);
            journal.ajouter(lot).await?;
            acquittes.push(Instant::now());
        }
        Ok(acquittes)
    })
}
