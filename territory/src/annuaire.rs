//! One version of the directory, in memory.

use frequent_plan::hexadecimal::hexadecimal;
use frequent_plan::vocabulaire::CODE_NATIONAL;
use frequent_plan::{Jour, Niveau, Uai};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::ecole::Ecole;
use crate::recherche::Recherche;
use crate::territoire::{Territoire, deriver};

const NIVEAUX: usize = Niveau::TOUS.len();

/// One version of the directory: its schools, every territory they make, and the links between
/// them. Closed schools stay, so that what they did still counts in their territories.
#[derive(Debug)]
pub struct Annuaire {
    validite: Jour,
    empreinte: String,
    /// Sorted by UAI.
    ecoles: Vec<Ecole>,
    rang_ecole: FxHashMap<Uai, usize>,
    /// Sorted by (level, code).
    territoires: Vec<Territoire>,
    /// For each school, the rank of its territory at each level.
    territoires_de: Vec<[Option<usize>; NIVEAUX]>,
    /// For each territory, the ranks of its schools.
    membres: Vec<Vec<usize>>,
    recherche: Recherche,
}

impl Annuaire {
    /// The directory in force from a day on, with these schools.
    #[must_use]
    pub fn new(validite: Jour, mut ecoles: Vec<Ecole>) -> Self {
        ecoles.sort_by_key(|ecole| ecole.uai);
        ecoles.dedup_by_key(|ecole| ecole.uai);
        let rang_ecole = ecoles
            .iter()
            .enumerate()
            .map(|(rang, ecole)| (ecole.uai, rang))
            .collect();
        let territoires = deriver(&ecoles);
        let territoires_de: Vec<_> = ecoles
            .iter()
            .map(|ecole| rangs_des_territoires(&territoires, ecole))
            .collect();
        let mut membres = vec![Vec::new(); territoires.len()];
        for (rang, siens) in territoires_de.iter().enumerate() {
            for territoire in siens.iter().flatten() {
                if let Some(liste) = membres.get_mut(*territoire) {
                    liste.push(rang);
                }
            }
        }
        let recherche = Recherche::new(&territoires, &ecoles);
        Self {
            validite,
            empreinte: empreinte(&ecoles),
            ecoles,
            rang_ecole,
            territoires,
            territoires_de,
            membres,
            recherche,
        }
    }

    /// The first day on which this version is in force.
    #[must_use]
    pub fn validite(&self) -> Jour {
        self.validite
    }

    /// A digest of which school is in which territory, in hexadecimal: two versions that have the
    /// same one give the same cells.
    #[must_use]
    pub fn empreinte(&self) -> &str {
        &self.empreinte
    }

    /// A school, if the directory knows it.
    #[must_use]
    pub fn ecole(&self, uai: Uai) -> Option<&Ecole> {
        self.ecoles.get(*self.rang_ecole.get(&uai)?)
    }

    /// Every school, by UAI, the closed ones included.
    #[must_use]
    pub fn ecoles(&self) -> impl ExactSizeIterator<Item = &Ecole> {
        self.ecoles.iter()
    }

    /// The code of the territory of this level that a school is in: none for a school that the
    /// directory does not know, or for a circonscription that it does not have.
    #[must_use]
    pub fn code(&self, uai: Uai, niveau: Niveau) -> Option<&str> {
        let rang = *self.rang_ecole.get(&uai)?;
        let territoire = self.territoires_de.get(rang)?[usize::from(niveau.rang())]?;
        Some(self.territoires.get(territoire)?.code.as_str())
    }

    /// The territory of this level and code.
    #[must_use]
    pub fn territoire(&self, niveau: Niveau, code: &str) -> Option<&Territoire> {
        self.territoires.get(self.rang(niveau, code)?)
    }

    /// Every territory, by (level, code).
    #[must_use]
    pub fn territoires(&self) -> impl ExactSizeIterator<Item = &Territoire> {
        self.territoires.iter()
    }

    /// The territories of a level that have a school in this one, by name.
    #[must_use]
    pub fn enfants(&self, niveau: Niveau, code: &str, niveau_enfant: Niveau) -> Vec<&Territoire> {
        let case = usize::from(niveau_enfant.rang());
        let mut rangs: Vec<usize> = self
            .rangs_des_ecoles(niveau, code)
            .iter()
            .filter_map(|&ecole| self.territoires_de.get(ecole)?[case])
            .collect();
        rangs.sort_unstable_by_key(|&rang| self.recherche.place(rang));
        rangs.dedup();
        rangs
            .into_iter()
            .filter_map(|rang| self.territoires.get(rang))
            .collect()
    }

    /// The schools of a territory, by UAI, the closed ones included.
    #[must_use]
    pub fn ecoles_de(&self, niveau: Niveau, code: &str) -> impl ExactSizeIterator<Item = &Ecole> {
        self.rangs_des_ecoles(niveau, code)
            .iter()
            .map(|&rang| &self.ecoles[rang])
    }

    /// The territories whose name, commune or code has a word that begins with each word of the
    /// text, whatever their case, accents and order; the best first: the name or code itself, then
    /// a name that begins with the text, then words of the name, then the rest; at equal rank the
    /// widest level first, closed schools last.
    #[must_use]
    pub fn rechercher(&self, texte: &str, limite: usize) -> Vec<&Territoire> {
        self.recherche
            .chercher(texte, limite)
            .into_iter()
            .filter_map(|rang| self.territoires.get(rang))
            .collect()
    }

    fn rangs_des_ecoles(&self, niveau: Niveau, code: &str) -> &[usize] {
        self.rang(niveau, code)
            .and_then(|rang| self.membres.get(rang))
            .map_or(&[], Vec::as_slice)
    }

    fn rang(&self, niveau: Niveau, code: &str) -> Option<usize> {
        rang_de(&self.territoires, niveau, code)
    }
}

fn rang_de(territoires: &[Territoire], niveau: Niveau, code: &str) -> Option<usize> {
    territoires
        .binary_search_by(|t| (t.niveau, t.code.as_str()).cmp(&(niveau, code)))
        .ok()
}

fn rangs_des_territoires(territoires: &[Territoire], ecole: &Ecole) -> [Option<usize>; NIVEAUX] {
    let mut rangs = [None; NIVEAUX];
    for &niveau in Niveau::TOUS {
        let code = match niveau {
            Niveau::Ecole => Some(ecole.uai.as_str()),
            Niveau::National => Some(CODE_NATIONAL),
            autre => ecole.territoire(autre).map(|t| t.code.as_str()),
        };
        rangs[usize::from(niveau.rang())] =
            code.and_then(|code| rang_de(territoires, niveau, code));
    }
    rangs
}

fn empreinte(ecoles: &[Ecole]) -> String {
    let mut condense = Sha256::new();
    for ecole in ecoles {
        condense.update(ecole.uai.octets());
        for &niveau in Niveau::TOUS {
            if let Some(territoire) = ecole.territoire(niveau) {
                condense.update(territoire.code.as_bytes());
            }
            condense.update([0]);
        }
    }
    hexadecimal(&condense.finalize()[..8])
}

#[cfg(test)]
#[path = "annuaire_tests.rs"]
mod tests;
