//! The two ways to keep the log, as the sequences use them: files of this machine, or a topic of its
//! own in a real Kafka.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use frequent_ingest::journal::Journal;
use frequent_ingest::kafka::{
    Connexion, Consommateur, MoyensLecture, Producteur, ReglagesConsommateur, ReglagesProducteur,
    Sceau,
};
use frequent_ingest::qualite::Qualite;
use frequent_ingest::{JournalEmbarque, ReglagesJournal, TrousseauDisque, atterrir};
use frequent_plan::{FenetreTemps, Horloge, Lac, Plan};

use crate::courtier::{Courtier, unique};
use crate::monde::{Commun, Issue, dire};

const PATIENCE: Duration = Duration::from_mins(1);

/// Where a sequence keeps its log.
pub enum Support<'k> {
    Fichiers,
    Kafka(Sujet<'k>),
}

/// A topic of one partition, and the group that reads it.
pub struct Sujet<'k> {
    courtier: &'k Courtier,
    nom: String,
    /// Changes at each crash: see [`Support::apres_coupure`].
    groupe: Mutex<String>,
}

impl<'k> Sujet<'k> {
    pub fn nouveau(courtier: &'k Courtier) -> Self {
        Self {
            courtier,
            nom: courtier.sujet("sequence", 1),
            groupe: Mutex::new(format!("sequence-{}", unique())),
        }
    }

    fn groupe(&self) -> String {
        self.groupe.lock().unwrap().clone()
    }
}

/// The log of a server, open.
pub enum Ouvert {
    Fichiers(JournalEmbarque),
    Kafka(Producteur, Box<MoyensLecture>),
}

impl Support<'_> {
    pub fn ouvrir(
        &self,
        lac: &Lac,
        commun: &Commun,
        horloge: Arc<dyn Horloge>,
        trousseau: &Arc<TrousseauDisque>,
        acces: Arc<frequent_ingest::acces::Acces>,
    ) -> Issue<Ouvert> {
        let sujet = match self {
            Self::Fichiers => {
                let reglages = ReglagesJournal {
                    // Small segments, so that a landing has several.
                    segment_octets: 2_000,
                    reserve_octets: 0,
                    ..ReglagesJournal::default()
                };
                let journal = JournalEmbarque::ouvrir(lac, reglages).map_err(dire)?;
                return Ok(Ouvert::Fichiers(journal));
            }
            Self::Kafka(sujet) => sujet,
        };
        let connexion = Connexion::en_clair(sujet.courtier.serveurs());
        let production = ReglagesProducteur::new(connexion, &sujet.nom);
        let plan = Arc::clone(&commun.plan);
        let sceau = || Sceau::ouvrir(trousseau).map_err(dire);
        let producteur = Producteur::ouvrir(production, plan, sceau()?).map_err(dire)?;
        let lecture = MoyensLecture {
            plan: Arc::clone(&commun.plan),
            fuseaux: Arc::clone(&commun.fuseaux),
            qualite: Arc::new(Qualite::new(Arc::clone(&commun.fuseaux))),
            acces,
            trousseau: Arc::clone(trousseau) as Arc<dyn frequent_plan::Trousseau>,
            sceau: sceau()?,
            horloge,
            fenetre: FenetreTemps::default(),
        };
        Ok(Ouvert::Kafka(producteur, Box::new(lecture)))
    }

    /// Lands what the log holds.
    pub fn atterrir(&self, ouvert: &Ouvert, lac: &Lac, plan: &Plan) -> Issue {
        match (self, ouvert) {
            (_, Ouvert::Fichiers(journal)) => {
                let bilan = atterrir(journal, lac, plan).map_err(dire)?;
                match bilan.alteres {
                    0 => Ok(()),
                    alteres => Err(format!("{alteres} segments altérés")),
                }
            }
            (Self::Kafka(sujet), Ouvert::Kafka(_, lecture)) => sujet.atterrir(lac, lecture),
            (Self::Fichiers, Ouvert::Kafka(..)) => Err("un sujet sans courtier".to_owned()),
        }
    }

    /// How far the group has committed; read before the folder is copied, it is at most what the
    /// files of the copy hold.
    pub fn position(&self) -> i64 {
        match self {
            Self::Fichiers => 0,
            Self::Kafka(sujet) => sujet.courtier.valides(&sujet.groupe(), &sujet.nom),
        }
    }

    /// After a crash, another group goes on from where the broker knew this one to be: the first one
    /// went on to its end, which a crash does not.
    pub fn apres_coupure(&self, position: i64) {
        if let Self::Kafka(sujet) = self {
            let suivant = format!("sequence-{}", unique());
            sujet.courtier.valider(&suivant, &sujet.nom, position);
            *sujet.groupe.lock().unwrap() = suivant;
        }
    }
}

impl Sujet<'_> {
    fn atterrir(&self, lac: &Lac, lecture: &MoyensLecture) -> Issue {
        let groupe = self.groupe();
        let connexion = Connexion::en_clair(self.courtier.serveurs());
        let reglages = ReglagesConsommateur {
            intervalle: Duration::from_millis(50),
            ..ReglagesConsommateur::new(connexion, &groupe, &self.nom)
        };
        let consommateur = Consommateur::new(reglages, lac.clone(), lecture.clone());
        let consommateur = consommateur.map_err(dire)?;
        let (arreter, arret) = mpsc::channel();
        let fin = self.courtier.fin(&self.nom);
        let debut = Instant::now();
        std::thread::scope(|portee| {
            let fil = portee.spawn(move || consommateur.tourner(&arret, |_| {}));
            while self.courtier.valides(&groupe, &self.nom) < fin {
                if debut.elapsed() > PATIENCE {
                    break;
                }
            }
            drop(arreter);
            fil.join().expect("the consumer does not panic");
        });
        match self.courtier.valides(&groupe, &self.nom) {
            valides if valides < fin => Err(format!("{valides} enregistrements lus sur {fin}")),
            _ => Ok(()),
        }
    }
}

impl Ouvert {
    pub fn journal(&self) -> Journal {
        match self {
            Self::Fichiers(journal) => journal.clone().into(),
            Self::Kafka(producteur, _) => producteur.clone().into(),
        }
    }
}
