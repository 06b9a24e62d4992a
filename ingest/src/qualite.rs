//! Tagging quality: what each sender sent, and why some of it was refused. Counters in memory,
//! since the server started; only declared sites and keys have theirs, so their number is bounded.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use frequent_plan::Raison;
use rustc_hash::FxHashMap;
use serde::Serialize;

const RAISONS: usize = Raison::TOUTES.len();

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
}

/// One sender's counters.
#[derive(Debug)]
pub struct Compteurs {
    recus: AtomicU64,
    acceptes: AtomicU64,
    sans_acces: AtomicU64,
    refus: [AtomicU64; RAISONS],
}

impl Default for Compteurs {
    fn default() -> Self {
        Self {
            recus: AtomicU64::new(0),
            acceptes: AtomicU64::new(0),
            sans_acces: AtomicU64::new(0),
            refus: [const { AtomicU64::new(0) }; RAISONS],
        }
    }
}

impl Compteurs {
    /// Events were received, this many of them accepted and durable.
    pub fn recevoir(&self, recus: u64, acceptes: u64) {
        self.recus.fetch_add(recus, Ordering::Relaxed);
        self.acceptes.fetch_add(acceptes, Ordering::Relaxed);
    }

    /// One of the events received is refused.
    pub fn refuser(&self, raison: Raison) {
        self.refus[raison as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// A hit told of no access: a click within a page.
    pub fn sans_acces(&self) {
        self.sans_acces.fetch_add(1, Ordering::Relaxed);
    }

    /// Adds what was counted apart, for a batch whose fate was not yet known.
    pub fn ajouter(&self, lot: &Self) {
        let ajouter = |total: &AtomicU64, partie: &AtomicU64| {
            total.fetch_add(partie.load(Ordering::Relaxed), Ordering::Relaxed);
        };
        ajouter(&self.recus, &lot.recus);
        ajouter(&self.acceptes, &lot.acceptes);
        ajouter(&self.sans_acces, &lot.sans_acces);
        for (total, partie) in self.refus.iter().zip(&lot.refus) {
            ajouter(total, partie);
        }
    }

    fn releve(&self) -> Releve {
        let lire = |compteur: &AtomicU64| compteur.load(Ordering::Relaxed);
        Releve {
            recus: lire(&self.recus),
            acceptes: lire(&self.acceptes),
            sans_acces: lire(&self.sans_acces),
            refus: Raison::TOUTES
                .iter()
                .map(|raison| (raison.code(), lire(&self.refus[*raison as usize])))
                .filter(|(_, nombre)| *nombre > 0)
                .collect(),
        }
    }
}

/// One sender's figures at an instant.
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

/// The counters of every sender.
#[derive(Debug, Default)]
pub struct Qualite {
    compteurs: RwLock<FxHashMap<Emetteur, Arc<Compteurs>>>,
}

impl Qualite {
    /// The counters of this sender. The caller gives only senders that are declared.
    #[must_use]
    pub fn de(&self, emetteur: &Emetteur) -> Arc<Compteurs> {
        let connus = self
            .compteurs
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(compteurs) = connus.get(emetteur) {
            return Arc::clone(compteurs);
        }
        drop(connus);
        let mut connus = self
            .compteurs
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(connus.entry(emetteur.clone()).or_default())
    }

    /// Every sender's figures, sites first.
    #[must_use]
    pub fn releve(&self) -> BTreeMap<Emetteur, Releve> {
        let connus = self
            .compteurs
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        connus
            .iter()
            .map(|(emetteur, compteurs)| (emetteur.clone(), compteurs.releve()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sender_has_its_figures_and_each_reason_its_own() {
        let qualite = Qualite::default();
        let site = Emetteur::Site(365_203);
        qualite.de(&site).recevoir(2, 1);
        qualite.de(&site).refuser(Raison::ChampManquant);
        qualite.de(&site).sans_acces();
        qualite
            .de(&Emetteur::SitesInconnus)
            .refuser(Raison::SiteInconnu);
        let releve = qualite.releve();
        assert_eq!(
            releve[&site],
            Releve {
                recus: 2,
                acceptes: 1,
                sans_acces: 1,
                refus: BTreeMap::from([("champ_manquant", 1)]),
            }
        );
        assert_eq!(
            releve[&Emetteur::SitesInconnus].refus,
            BTreeMap::from([("site_inconnu", 1)])
        );
    }

    #[test]
    fn every_reason_has_its_counter() {
        let compteurs = Compteurs::default();
        for raison in Raison::TOUTES {
            compteurs.refuser(*raison);
        }
        assert_eq!(compteurs.releve().refus.len(), Raison::TOUTES.len());
    }
}
