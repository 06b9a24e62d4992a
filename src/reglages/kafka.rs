//! Settings of Kafka.

use std::path::PathBuf;
use std::time::Duration;

use frequent_ingest::kafka::{
    Connexion, Mecanisme, MotDePasse, ReglagesConsommateur, ReglagesProducteur, Sasl, Securite,
    SujetFournisseur,
};
use serde::{Deserialize, Serialize};

use super::secret::{Secret, SecretIllisible};

/// Kafka, as the log and as a way in.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    /// Kafka is used.
    pub actif: bool,
    /// It is the log of what is received over HTTP.
    pub journal: bool,
    /// Brokers to begin with.
    pub serveurs: String,
    /// The topic of our own lots.
    pub sujet: String,
    /// The consumer group.
    pub groupe: String,
    /// The providers' topics, `topic=PLATFORM,PLATFORM`.
    pub fournisseurs: Vec<String>,
    /// How the connection is protected.
    pub securite: Securite,
    /// File of the authorities, in PEM; empty for the system's.
    pub autorites: String,
    /// How the password is proven.
    pub mecanisme: Mecanisme,
    /// The user.
    pub utilisateur: String,
    /// The password.
    pub mot_de_passe: Secret,
    /// A file that holds the password alone.
    pub mot_de_passe_fichier: String,
    /// Longest wait for the replicas, in seconds.
    pub delai_livraison_s: u32,
    /// Silence after which a process loses its partitions, in seconds.
    pub delai_absence_s: u32,
    /// Age up to which a record's own time is believed, in days.
    pub conservation_jours: u32,
}

/// Why Kafka's settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KafkaInvalide {
    /// The file of the password cannot be read.
    #[error(transparent)]
    MotDePasse(#[from] SecretIllisible),
    /// A topic of a provider is not written as expected.
    #[error("kafka.fournisseurs : « {0} » : écrivez « sujet=PLATEFORME,PLATEFORME »")]
    Fournisseur(String),
}

impl Kafka {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(&self, fautes: &mut Vec<String>) {
        let mut exiger = |tenu: bool, faute: &str| {
            if !tenu {
                fautes.push(faute.to_owned());
            }
        };
        exiger(
            (1..=300).contains(&self.delai_livraison_s),
            "kafka.delai_livraison_s : de 1 à 300 secondes",
        );
        exiger(
            (1..=300).contains(&self.delai_absence_s),
            "kafka.delai_absence_s : de 1 à 300 secondes",
        );
        exiger(
            (1..=400).contains(&self.conservation_jours),
            "kafka.conservation_jours : de 1 à 400 jours",
        );
        let remplis = [&self.serveurs, &self.sujet, &self.groupe];
        exiger(
            !self.actif || remplis.iter().all(|texte| !texte.is_empty()),
            "kafka.serveurs, kafka.sujet, kafka.groupe : à remplir",
        );
        let sans_secret = self.mot_de_passe.0.is_empty();
        exiger(
            sans_secret || self.mot_de_passe_fichier.is_empty(),
            "kafka.mot_de_passe, kafka.mot_de_passe_fichier : l’un ou l’autre",
        );
        let sans_secret = sans_secret && self.mot_de_passe_fichier.is_empty();
        exiger(
            !self.securite.authentifie() || !(self.utilisateur.is_empty() || sans_secret),
            "kafka.utilisateur et kafka.mot_de_passe (ou mot_de_passe_fichier) : à remplir pour cette securite",
        );
        if let Err(faute) = self.fournisseurs() {
            fautes.push(faute.to_string());
        }
    }

    /// How lots are produced; none when they go to the log in files.
    ///
    /// # Errors
    /// The file of the password cannot be read.
    pub fn production(&self) -> Result<Option<ReglagesProducteur>, KafkaInvalide> {
        if !(self.actif && self.journal) {
            return Ok(None);
        }
        Ok(Some(ReglagesProducteur {
            delai: Duration::from_secs(self.delai_livraison_s.into()),
            ..ReglagesProducteur::new(self.connexion()?, &self.sujet)
        }))
    }

    /// How records are consumed; none when Kafka is not used.
    ///
    /// # Errors
    /// The file of the password cannot be read.
    pub fn consommation(
        &self,
        intervalle: Duration,
    ) -> Result<Option<ReglagesConsommateur>, KafkaInvalide> {
        if !self.actif {
            return Ok(None);
        }
        Ok(Some(ReglagesConsommateur {
            fournisseurs: self.fournisseurs()?,
            intervalle,
            absence: Duration::from_secs(self.delai_absence_s.into()),
            conservation: Duration::from_hours(24 * u64::from(self.conservation_jours)),
            ..ReglagesConsommateur::new(self.connexion()?, &self.groupe, &self.sujet)
        }))
    }

    fn connexion(&self) -> Result<Connexion, KafkaInvalide> {
        let rempli = |texte: &str| (!texte.is_empty()).then(|| PathBuf::from(texte));
        let sasl = if self.securite.authentifie() {
            let (mot, fichier) = (&self.mot_de_passe, &self.mot_de_passe_fichier);
            let mot_de_passe = mot.ou_fichier("kafka.mot_de_passe_fichier", fichier)?;
            Some(Sasl {
                mecanisme: self.mecanisme,
                utilisateur: self.utilisateur.clone(),
                mot_de_passe: MotDePasse::new(mot_de_passe),
            })
        } else {
            None
        };
        Ok(Connexion {
            serveurs: self.serveurs.clone(),
            securite: self.securite,
            autorites: rempli(&self.autorites),
            sasl,
        })
    }

    fn fournisseurs(&self) -> Result<Vec<SujetFournisseur>, KafkaInvalide> {
        let lire = |texte: &String| {
            let faute = || KafkaInvalide::Fournisseur(texte.clone());
            let (sujet, plateformes) = texte.split_once('=').ok_or_else(faute)?;
            let plateformes: Vec<String> = plateformes
                .split(',')
                .map(|plateforme| plateforme.trim().to_owned())
                .collect();
            let sujet = sujet.trim();
            if sujet.is_empty() || plateformes.iter().any(String::is_empty) {
                return Err(faute());
            }
            Ok(SujetFournisseur {
                sujet: sujet.to_owned(),
                plateformes,
            })
        };
        self.fournisseurs.iter().map(lire).collect()
    }
}
