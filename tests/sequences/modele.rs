//! What was sent and what was answered: each event has a mark of its own, an identifier that no
//! other has, so that a loss or a double shows.

use std::collections::{BTreeMap, BTreeSet};

use frequent_plan::{IdEvenement, Instant, Jour};

use crate::monde::PLATEFORME;

/// Where the events take place.
pub const ECOLES: [&str; 3] = ["0660713S", "0660138S", "0311667U"];

/// An event, each the only one of its person.
#[derive(Debug, Clone)]
pub struct Marque {
    pub id: [u8; 16],
    pub uai: &'static str,
    /// The local day on which it counts.
    pub jour: Jour,
    pub ts: Instant,
    /// As it is sent; a hit's query, or a line.
    pub texte: String,
    /// Some answer said that it is kept.
    pub acquittee: bool,
    /// Some answer got lost: it may be kept or not.
    pub incertaine: bool,
}

/// Everything sent so far.
#[derive(Debug, Default)]
pub struct Modele {
    pub marques: Vec<Marque>,
    /// The batches, by the marks they hold. A hit is a batch of its own.
    pub lots: Vec<Lot>,
    par_id: BTreeMap<[u8; 16], usize>,
}

/// What was sent together.
#[derive(Debug, Clone)]
pub struct Lot {
    pub marques: Vec<usize>,
    pub voie: Voie,
}

/// The address that a batch was sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voie {
    Natif,
    Marqueur,
}

impl Modele {
    /// A new native event.
    pub fn natif(&mut self, ts: Instant, jour_de: impl Fn(&str, Instant) -> Jour) -> usize {
        let rang = self.marques.len();
        let uai = ECOLES[rang % ECOLES.len()];
        let nom = format!("marque-{rang}");
        let ligne = serde_json::json!({
            "id": nom, "ts": ts.0, "uai": uai, "profil": "ELEVE", "visiteur": format!("v{rang}"),
            "service": "ACCUEIL", "plateforme": PLATEFORME,
        });
        self.ajouter(Marque {
            id: IdEvenement::emetteur(PLATEFORME, &nom).0,
            uai,
            jour: jour_de(uai, ts),
            ts,
            texte: ligne.to_string(),
            acquittee: false,
            incertaine: false,
        })
    }

    /// A new mark.
    pub fn ajouter(&mut self, marque: Marque) -> usize {
        let rang = self.marques.len();
        assert!(self.par_id.insert(marque.id, rang).is_none());
        self.marques.push(marque);
        rang
    }

    /// The batch that a number points at.
    pub fn lot(&self, numero: u8) -> Option<&Lot> {
        self.lots
            .get(usize::from(numero).checked_rem(self.lots.len())?)
    }

    /// Compares the identifiers found on a day with those that must and may be there.
    pub fn comparer(&self, jour: Jour, trouves: &BTreeSet<[u8; 16]>) -> Result<(), String> {
        for id in trouves {
            let connue = self.par_id.get(id).map(|&rang| (rang, &self.marques[rang]));
            match connue {
                None => return Err(format!("{jour} : un événement jamais envoyé")),
                Some((rang, m)) if m.jour != jour => {
                    return Err(format!(
                        "marque {rang} trouvée le {jour}, attendue le {}",
                        m.jour
                    ));
                }
                Some((rang, m)) if !m.acquittee && !m.incertaine => {
                    return Err(format!("marque {rang} refusée, et comptée le {jour}"));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// The first acknowledged mark that is not among those found.
    pub fn perdue(&self, trouves: &BTreeSet<[u8; 16]>) -> Option<usize> {
        let perdue = |m: &Marque| m.acquittee && !trouves.contains(&m.id);
        self.marques.iter().position(perdue)
    }

    /// How many of these marks are of each school.
    pub fn par_ecole<'i>(
        &self,
        ids: impl Iterator<Item = &'i [u8; 16]>,
    ) -> BTreeMap<&'static str, i64> {
        let mut nombres = BTreeMap::new();
        for rang in ids.filter_map(|id| self.par_id.get(id)) {
            *nombres.entry(self.marques[*rang].uai).or_default() += 1;
        }
        nombres
    }
}
