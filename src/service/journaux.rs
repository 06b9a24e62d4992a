//! The log that the settings ask for: where the collection writes, and who empties it.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use frequent_ingest::acces::Acces;
use frequent_ingest::atterrissage::{Atterrisseur, Bilan, ReglagesAtterrissage, atterrir};
use frequent_ingest::kafka::{Consommateur, MoyensLecture, Producteur, Sceau};
use frequent_ingest::qualite::Qualite;
use frequent_ingest::{
    Journal, JournalEmbarque, JournalErreur, Pouls, ReglagesJournal, TrousseauDisque,
};
use frequent_plan::{FenetreTemps, Fuseaux, Horloge, Lac, Plan};

use super::roles::{Role, Roles};
use super::serveur::Faute;
use crate::reglages::Reglages;

/// What the logs work with.
pub struct Moyens {
    pub lac: Lac,
    pub plan: Arc<Plan>,
    pub fuseaux: Arc<Fuseaux>,
    pub qualite: Arc<Qualite>,
    pub trousseau: Arc<TrousseauDisque>,
    pub acces: Arc<Acces>,
    pub horloge: Arc<dyn Horloge>,
    pub fenetre: FenetreTemps,
}

/// The logs of one process.
pub struct Journaux {
    /// Where the collection makes its events durable; none without that role.
    pub collecte: Option<Journal>,
    /// Those who land; none without that role.
    pub atterrissages: Vec<Atterrissage>,
}

/// One who lands.
pub enum Atterrissage {
    /// From the log in files.
    Embarque(Box<Atterrisseur>),
    /// From Kafka.
    Kafka(Box<Consommateur>),
}

impl Atterrissage {
    /// Its sign of life.
    pub fn pouls(&self) -> Pouls {
        match self {
            Self::Embarque(atterrisseur) => atterrisseur.pouls(),
            Self::Kafka(consommateur) => consommateur.pouls(),
        }
    }

    /// Its thread's name.
    pub fn nom(&self) -> &'static str {
        match self {
            Self::Embarque(_) => "atterrissage",
            Self::Kafka(_) => "kafka",
        }
    }

    /// Lands until asked to stop, then what is left.
    pub fn tourner(self, arret: &Receiver<()>, apres: impl FnMut(&Bilan)) {
        match self {
            Self::Embarque(atterrisseur) => atterrisseur.tourner(arret, apres),
            Self::Kafka(consommateur) => consommateur.tourner(arret, apres),
        }
    }
}

impl Journaux {
    /// Opens what these roles need.
    ///
    /// # Errors
    /// A log cannot be opened, or the settings of Kafka do not make a client.
    pub fn ouvrir(reglages: &Reglages, roles: &Roles, moyens: &Moyens) -> Result<Self, Faute> {
        let mut journaux = Self {
            collecte: None,
            atterrissages: Vec::new(),
        };
        match reglages.kafka.production()? {
            Some(production) => {
                if roles.a(Role::Collect) {
                    let sceau = Sceau::ouvrir(&moyens.trousseau)?;
                    let plan = Arc::clone(&moyens.plan);
                    let producteur = Producteur::ouvrir(production, plan, sceau)?;
                    journaux.collecte = Some(producteur.into());
                }
                if roles.a(Role::Land) {
                    // What was accepted before Kafka took over.
                    atterrir_le_reste(&moyens.lac, &moyens.plan)?;
                }
            }
            None if roles.a(Role::Collect) => journaux.ouvrir_embarque(reglages, moyens)?,
            None => {}
        }
        if roles.a(Role::Land) {
            journaux.consommer(reglages, moyens)?;
        }
        Ok(journaux)
    }

    fn ouvrir_embarque(&mut self, reglages: &Reglages, moyens: &Moyens) -> Result<(), Faute> {
        let journal = JournalEmbarque::ouvrir(&moyens.lac, reglages_journal(reglages))?;
        self.collecte = Some(journal.clone().into());
        let atterrisseur = Atterrisseur::new(
            journal,
            moyens.lac.clone(),
            Arc::clone(&moyens.plan),
            Arc::clone(&moyens.horloge),
            ReglagesAtterrissage {
                intervalle: intervalle(reglages),
                ..ReglagesAtterrissage::default()
            },
        );
        self.atterrissages
            .push(Atterrissage::Embarque(Box::new(atterrisseur)));
        Ok(())
    }

    fn consommer(&mut self, reglages: &Reglages, moyens: &Moyens) -> Result<(), Faute> {
        let Some(consommation) = reglages.kafka.consommation(intervalle(reglages))? else {
            return Ok(());
        };
        let lecture = MoyensLecture {
            plan: Arc::clone(&moyens.plan),
            fuseaux: Arc::clone(&moyens.fuseaux),
            qualite: Arc::clone(&moyens.qualite),
            acces: Arc::clone(&moyens.acces),
            trousseau: moyens.trousseau.clone(),
            sceau: Sceau::ouvrir(&moyens.trousseau)?,
            horloge: Arc::clone(&moyens.horloge),
            fenetre: moyens.fenetre,
        };
        let consommateur = Consommateur::new(consommation, moyens.lac.clone(), lecture)?;
        self.atterrissages
            .push(Atterrissage::Kafka(Box::new(consommateur)));
        Ok(())
    }
}

/// Longest time between two landings.
pub fn intervalle(reglages: &Reglages) -> Duration {
    Duration::from_secs(reglages.atterrissage.intervalle_s)
}

fn reglages_journal(reglages: &Reglages) -> ReglagesJournal {
    ReglagesJournal {
        reserve_octets: u64::from(reglages.disque.reserve_mio) << 20,
        ..ReglagesJournal::default()
    }
}

/// Lands what a stopped server left in its log. A running server lands its own.
///
/// # Errors
/// The log cannot be read, or the disk refuses the events.
pub fn atterrir_le_reste(lac: &Lac, plan: &Plan) -> Result<(), Faute> {
    match JournalEmbarque::ouvrir(lac, ReglagesJournal::default()) {
        Ok(journal) => atterrir(&journal, lac, plan)
            .map(|_| ())
            .map_err(Into::into),
        Err(JournalErreur::DejaOuvert(_)) => Ok(()),
        Err(faute) => Err(faute.into()),
    }
}
