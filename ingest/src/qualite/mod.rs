//! Tagging quality: what each sender sent, by platform, school and day of receipt, and why some of
//! it was refused.
//!
//! A batch, or a hit, counts for itself ([`Decompte`]) and is added to its sender's counters once
//! its fate is known. The counters of the process are written to a file of its own in the table
//! `qualite` every few seconds ([`Releveur`]): a process that is killed loses at most what it
//! counted since, and since its file is never another's, nothing is counted twice.

mod carnet;
mod compteurs;
mod decompte;
pub mod doublons;
pub(crate) mod exemple;
pub mod mesure;
mod plateformes;
mod releveur;
mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use frequent_plan::{Fuseaux, Instant, Jour};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::identifiants::Croisement;
use carnet::Carnet;
pub use decompte::Decompte;
pub use mesure::Mesure;
pub(crate) use plateformes::Plateforme;
use plateformes::Plateformes;
pub use releveur::{QualiteErreur, Releveur};
pub use table::{Ligne, lire_jour};

/// Who sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "genre", content = "nom")]
pub enum Emetteur {
    /// A declared site's tags, by its number.
    Site(u32),
    /// Tags of sites that are not declared, all together.
    SitesInconnus,
    /// A provider's key, by its name.
    Cle(String),
    /// A Kafka topic, by its name.
    Kafka(String),
    /// Files imported, by what they were imported for.
    Fichier(String),
}

impl Emetteur {
    /// The column `genre`.
    #[must_use]
    pub const fn genre(&self) -> &'static str {
        match self {
            Self::Site(_) => "site",
            Self::SitesInconnus => "sites_inconnus",
            Self::Cle(_) => "cle",
            Self::Kafka(_) => "kafka",
            Self::Fichier(_) => "fichier",
        }
    }

    /// The column `emetteur`.
    #[must_use]
    pub fn nom(&self) -> Cow<'_, str> {
        match self {
            Self::Site(numero) => Cow::Owned(numero.to_string()),
            Self::SitesInconnus => Cow::Borrowed(""),
            Self::Cle(nom) | Self::Kafka(nom) | Self::Fichier(nom) => Cow::Borrowed(nom),
        }
    }
}

/// One sender's figures at an instant, over what is in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Releve {
    /// Events received, well or badly formed.
    pub recus: u64,
    /// Events accepted: durable, duplicates included.
    pub acceptes: u64,
    /// Hits that tell of no access.
    pub sans_acces: u64,
    /// Events refused, by the reason's code.
    pub refus: BTreeMap<&'static str, u64>,
}

/// One sender's counters, by day of receipt: today's, and yesterday's for a while.
type Carnets = Mutex<BTreeMap<Jour, Carnet>>;

/// The counters of every sender, for this process.
#[derive(Debug)]
pub struct Qualite {
    fuseaux: Arc<Fuseaux>,
    plateformes: Plateformes,
    emetteurs: RwLock<FxHashMap<Emetteur, Arc<Carnets>>>,
    croisement: Croisement,
}

impl Qualite {
    /// Counters at zero.
    #[must_use]
    pub fn new(fuseaux: Arc<Fuseaux>) -> Self {
        Self {
            fuseaux,
            plateformes: Plateformes::default(),
            emetteurs: RwLock::default(),
            croisement: Croisement::new(),
        }
    }

    /// The day of an instant by which receipts are counted: that of mainland France.
    #[must_use]
    pub fn jour_de(&self, instant: Instant) -> Jour {
        self.fuseaux.jour_en_metropole(instant)
    }

    /// The counters of this sender. The caller gives only senders that are declared.
    fn de(&self, emetteur: &Emetteur) -> Arc<Carnets> {
        let connus = self
            .emetteurs
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(carnets) = connus.get(emetteur) {
            return Arc::clone(carnets);
        }
        drop(connus);
        let mut connus = self
            .emetteurs
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(connus.entry(emetteur.clone()).or_default())
    }

    fn ajouter(&self, emetteur: &Emetteur, jour: Jour, carnet: Carnet) {
        let carnets = self.de(emetteur);
        ouvrir(&carnets).entry(jour).or_default().ajouter(carnet);
    }

    fn tous(&self) -> Vec<(Emetteur, Arc<Carnets>)> {
        let connus = self
            .emetteurs
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        connus
            .iter()
            .map(|(emetteur, carnets)| (emetteur.clone(), Arc::clone(carnets)))
            .collect()
    }

    /// Every sender's figures, sites first.
    #[must_use]
    pub fn releve(&self) -> BTreeMap<Emetteur, Releve> {
        let mut releves = BTreeMap::new();
        for (emetteur, carnets) in self.tous() {
            let mut releve = Releve::default();
            for carnet in ouvrir(&carnets).values() {
                for (_, cellule) in carnet.cellules() {
                    releve.recus += cellule.de(Mesure::Recus);
                    releve.acceptes += cellule.de(Mesure::Acceptes);
                    releve.sans_acces += cellule.de(Mesure::SansAcces);
                }
                for (motif, compte) in carnet.refus() {
                    *releve.refus.entry(motif.raison.code()).or_default() += compte.nombre;
                }
            }
            releves.insert(emetteur, releve);
        }
        releves
    }
}

fn ouvrir(carnets: &Carnets) -> MutexGuard<'_, BTreeMap<Jour, Carnet>> {
    carnets.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "qualite_tests.rs"]
mod tests;
