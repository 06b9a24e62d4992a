//! Writing the counters down, every few seconds and at the end.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use frequent_plan::{Horloge, Jour, Lac};
use rustc_hash::FxHasher;

use super::carnet::{Carnet, Lieu};
use super::mesure::{Mesure, REFUS};
use super::plateformes::Plateformes;
use super::table::{Ligne, ecrire};
use super::{Emetteur, Qualite, ouvrir};
use crate::evenements::FichierErreur;

/// What a file says it was made from.
const ENTREES: &str = "compteurs d’un serveur";

/// Why the counters could not be written down; they are still in memory.
#[derive(Debug, thiserror::Error)]
pub enum QualiteErreur {
    /// The file of a day could not be written.
    #[error("qualité du marquage du {jour} : {source}")]
    Fichier {
        /// The day.
        jour: Jour,
        /// What failed.
        source: FichierErreur,
    },
    /// The system gives no random bytes.
    #[error("qualité du marquage : le système ne donne pas d’aléa ({0})")]
    Alea(#[from] getrandom::Error),
}

/// The file of a day that this process writes again and again.
#[derive(Debug)]
struct Feuille {
    nom: String,
    /// Hash of the rows last written.
    ecrit: Option<u64>,
}

/// Writes the counters of this process to the lake.
pub struct Releveur {
    qualite: Arc<Qualite>,
    lac: Lac,
    horloge: Arc<dyn Horloge>,
    /// The days being written. A day forgotten then counted again gets a new file.
    feuilles: Mutex<BTreeMap<Jour, Feuille>>,
}

impl Releveur {
    /// Writes these counters to this lake.
    #[must_use]
    pub fn new(qualite: Arc<Qualite>, lac: Lac, horloge: Arc<dyn Horloge>) -> Self {
        Self {
            qualite,
            lac,
            horloge,
            feuilles: Mutex::default(),
        }
    }

    /// Writes every `intervalle` until `arret` says something or is gone, then a last time. What
    /// fails is logged and tried again.
    pub fn tourner(&self, intervalle: Duration, arret: &Receiver<()>) {
        loop {
            let fin = match arret.recv_timeout(intervalle) {
                Err(RecvTimeoutError::Timeout) => false,
                Ok(()) | Err(RecvTimeoutError::Disconnected) => true,
            };
            if let Err(erreur) = self.relever() {
                tracing::error!(%erreur, "tagging quality not written, it will be tried again");
            }
            if fin {
                return;
            }
        }
    }

    /// Writes the days that have changed since last time, and forgets those that are over.
    ///
    /// # Errors
    /// A day cannot be written; its counters stay in memory, and the other days are written.
    pub fn relever(&self) -> Result<(), QualiteErreur> {
        let aujourd_hui = self.qualite.jour_de(self.horloge.maintenant());
        let mut feuilles = self.feuilles.lock().unwrap_or_else(PoisonError::into_inner);
        let mut resultat = Ok(());
        for jour in self.jours() {
            // A request of yesterday evening may end today: yesterday stays open.
            let ecriture = if jour < aujourd_hui.plus(-1) {
                self.clore(&mut feuilles, jour)
            } else {
                self.ecrire(&mut feuilles, jour)
            };
            resultat = resultat.and(ecriture);
        }
        resultat
    }

    fn jours(&self) -> Vec<Jour> {
        let mut jours = Vec::new();
        for (_, carnets) in self.qualite.tous() {
            jours.extend(ouvrir(&carnets).keys().copied());
        }
        jours.sort_unstable();
        jours.dedup();
        jours
    }

    fn ecrire(
        &self,
        feuilles: &mut BTreeMap<Jour, Feuille>,
        jour: Jour,
    ) -> Result<(), QualiteErreur> {
        let mut lignes = Vec::new();
        for (emetteur, carnets) in self.qualite.tous() {
            if let Some(carnet) = ouvrir(&carnets).get(&jour) {
                lignes_de(&emetteur, carnet, &self.qualite.plateformes, &mut lignes);
            }
        }
        self.publier(feuilles, jour, lignes)
    }

    /// Takes the day out of memory, then writes it: what is counted in between gets a new file.
    fn clore(
        &self,
        feuilles: &mut BTreeMap<Jour, Feuille>,
        jour: Jour,
    ) -> Result<(), QualiteErreur> {
        let mut pris = Vec::new();
        for (emetteur, carnets) in self.qualite.tous() {
            pris.extend(ouvrir(&carnets).remove(&jour).map(|c| (emetteur, c)));
        }
        let mut lignes = Vec::new();
        for (emetteur, carnet) in &pris {
            lignes_de(emetteur, carnet, &self.qualite.plateformes, &mut lignes);
        }
        let ecriture = self.publier(feuilles, jour, lignes);
        if ecriture.is_err() {
            for (emetteur, carnet) in pris {
                self.qualite.ajouter(&emetteur, jour, carnet);
            }
            return ecriture;
        }
        feuilles.remove(&jour);
        Ok(())
    }

    fn publier(
        &self,
        feuilles: &mut BTreeMap<Jour, Feuille>,
        jour: Jour,
        mut lignes: Vec<Ligne>,
    ) -> Result<(), QualiteErreur> {
        lignes.sort_unstable();
        let condense = Some(BuildHasherDefault::<FxHasher>::default().hash_one(&lignes));
        let feuille = match feuilles.entry(jour) {
            Entry::Occupied(place) => place.into_mut(),
            Entry::Vacant(place) => place.insert(Feuille {
                nom: nouveau_nom()?,
                ecrit: None,
            }),
        };
        if feuille.ecrit != condense {
            ecrire(&self.lac, jour, &feuille.nom, ENTREES, &lignes)
                .map_err(|source| QualiteErreur::Fichier { jour, source })?;
            feuille.ecrit = condense;
        }
        Ok(())
    }
}

/// A name that no other process, nor this one before, has written under.
fn nouveau_nom() -> Result<String, getrandom::Error> {
    let mut octets = [0; 8];
    getrandom::fill(&mut octets)?;
    Ok(format!("serveur-{:016x}", u64::from_be_bytes(octets)))
}

pub(super) fn lignes_de(
    emetteur: &Emetteur,
    carnet: &Carnet,
    plateformes: &Plateformes,
    lignes: &mut Vec<Ligne>,
) {
    let modele = |lieu: &Lieu, nombre: u64| Ligne {
        genre: emetteur.genre().to_owned(),
        emetteur: emetteur.nom().into_owned(),
        plateforme: plateformes.nom(lieu.plateforme).to_string(),
        uai: lieu.uai.map(|uai| uai.to_string()).unwrap_or_default(),
        nombre: i64::try_from(nombre).unwrap_or(i64::MAX),
        ..Ligne::default()
    };
    for (lieu, cellule) in carnet.cellules() {
        for mesure in Mesure::TOUTES {
            let nombre = cellule.de(*mesure);
            if nombre > 0 {
                lignes.push(Ligne {
                    mesure: mesure.code().to_owned(),
                    dernier: cellule.dernier.0,
                    ..modele(lieu, nombre)
                });
            }
        }
    }
    for (motif, compte) in carnet.refus() {
        lignes.push(Ligne {
            mesure: format!("{REFUS}{}", motif.raison),
            champ: motif.champ.to_owned(),
            exemple: motif.exemple.as_deref().unwrap_or_default().to_owned(),
            dernier: compte.dernier.0,
            ..modele(&motif.lieu, compte.nombre)
        });
    }
}
