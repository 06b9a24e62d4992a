//! The totals of one file, decoded once: what tables, states and secrecy ask of every territory.
//!
//! Totals are one cell in thirty, spread over the whole of a file that is sorted by territory:
//! reading them all decodes all of it. They are kept under the file's path, which changes with its
//! content.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use frequent_plan::Axe;
use frequent_plan::vocabulaire::MEMBRE_TOTAL;
use rustc_hash::FxHashSet;

use super::cellule::{Cellule, Filtre, Mesures, ProfilCellule};

/// The member of every total.
static MEMBRE: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from(MEMBRE_TOTAL));

/// The totals of a file, by territory.
#[derive(Debug, Default)]
pub(crate) struct Sommaire {
    /// Sorted.
    codes: Vec<Arc<str>>,
    /// Where the rows of each territory begin, and where the last ones end.
    debuts: Vec<usize>,
    /// Sorted within a territory, as texts.
    lignes: Vec<(ProfilCellule, Mesures)>,
}

impl Sommaire {
    /// Adds a row; those of a territory come together, and territories in order.
    pub(super) fn ajouter(&mut self, code: &Arc<str>, ligne: (ProfilCellule, Mesures)) {
        if self.codes.last() != Some(code) {
            self.codes.push(Arc::clone(code));
            self.debuts.push(self.lignes.len());
        }
        self.lignes.push(ligne);
    }

    /// The totals among some cells, in the order of a file.
    #[cfg(test)]
    pub(crate) fn de<'a>(cellules: impl IntoIterator<Item = &'a Cellule>) -> Self {
        let mut sommaire = Self::default();
        for cellule in cellules.into_iter().filter(|c| c.axe == Axe::Total) {
            sommaire.ajouter(&cellule.code, (cellule.profil, cellule.mesures));
        }
        sommaire
    }

    /// Each territory and its totals, in order.
    pub(crate) fn territoires(
        &self,
    ) -> impl Iterator<Item = (&Arc<str>, &[(ProfilCellule, Mesures)])> {
        self.codes
            .iter()
            .enumerate()
            .map(|(rang, code)| (code, self.siennes(rang)))
    }

    /// The totals of a territory, as cells.
    pub(crate) fn cellules(&self, code: &str) -> impl Iterator<Item = Cellule> {
        let rang = self.codes.binary_search_by(|c| (**c).cmp(code)).ok();
        let siennes = rang.map(|rang| (&self.codes[rang], self.siennes(rang)));
        siennes
            .into_iter()
            .flat_map(|(code, lignes)| lignes.iter().map(|ligne| cellule(code, ligne)))
    }

    /// Adds those that the filter wants to the list.
    pub(super) fn choisir(&self, filtre: &Filtre, cellules: &mut Vec<Cellule>) {
        if filtre.membre.as_ref().is_some_and(|m| m != MEMBRE_TOTAL) {
            return;
        }
        let mut rang = 0;
        for voulu in filtre.codes.tries() {
            let voulu = voulu.as_str();
            // Most of the territories wanted are there: the next is near.
            rang += match self.codes.get(rang) {
                Some(code) if **code < *voulu => {
                    self.codes[rang..].partition_point(|code| **code < *voulu)
                }
                _ => 0,
            };
            let Some(code) = self.codes.get(rang).filter(|code| ***code == *voulu) else {
                continue;
            };
            let voulues = self
                .siennes(rang)
                .iter()
                .filter(|(profil, _)| filtre.profil.is_none_or(|voulu| voulu == *profil));
            cellules.extend(voulues.map(|ligne| cellule(code, ligne)));
            rang += 1;
        }
    }

    /// Bytes of memory it takes, about; codes are shared.
    pub(super) fn poids(&self) -> u64 {
        let lignes = self.lignes.len() * size_of::<(ProfilCellule, Mesures)>();
        let codes = self.codes.len() * (size_of::<Arc<str>>() + size_of::<usize>());
        (lignes + codes + 256) as u64
    }

    /// Gives back the memory that grew beyond what is held.
    pub(super) fn serrer(mut self) -> Self {
        self.codes.shrink_to_fit();
        self.debuts.shrink_to_fit();
        self.lignes.shrink_to_fit();
        self
    }

    fn siennes(&self, rang: usize) -> &[(ProfilCellule, Mesures)] {
        let fin = self.debuts.get(rang + 1).copied();
        &self.lignes[self.debuts[rang]..fin.unwrap_or(self.lignes.len())]
    }
}

fn cellule(code: &Arc<str>, (profil, mesures): &(ProfilCellule, Mesures)) -> Cellule {
    Cellule {
        code: Arc::clone(code),
        profil: *profil,
        axe: Axe::Total,
        membre: Arc::clone(&MEMBRE),
        mesures: *mesures,
    }
}

/// The codes of territories, each once for all the files that have it.
#[derive(Debug, Default)]
pub(super) struct Noms(Mutex<FxHashSet<Arc<str>>>);

impl Noms {
    /// The one text of this code.
    pub(super) fn partager(&self, code: &str) -> Arc<str> {
        let mut connus = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connu) = connus.get(code) {
            return Arc::clone(connu);
        }
        let nouveau: Arc<str> = Arc::from(code);
        connus.insert(Arc::clone(&nouveau));
        nouveau
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::donnees::Codes;

    fn sommaire() -> Sommaire {
        let noms = Noms::default();
        let mut sommaire = Sommaire::default();
        for (nombre, code) in (1..).zip(["b", "d", "e"]) {
            for profil in [
                ProfilCellule::Un(frequent_plan::Profil::Eleve),
                ProfilCellule::Tous,
            ] {
                let mesures = Mesures {
                    visites: nombre,
                    ..Mesures::default()
                };
                sommaire.ajouter(&noms.partager(code), (profil, mesures));
            }
        }
        sommaire.serrer()
    }

    fn choisies(codes: &[&str], membre: Option<&str>) -> Vec<(String, i64)> {
        let filtre = Filtre {
            codes: Codes::plusieurs(codes.iter().map(|c| (*c).to_owned())),
            axes: vec![Axe::Total],
            profil: Some(ProfilCellule::Tous),
            membre: membre.map(str::to_owned),
        };
        let mut cellules = Vec::new();
        sommaire().choisir(&filtre, &mut cellules);
        let vues = cellules.iter();
        vues.map(|c| (c.code.to_string(), c.mesures.visites))
            .collect()
    }

    #[test]
    fn wanted_territories_are_found_among_those_there() {
        let deux = [("b".to_owned(), 1), ("e".to_owned(), 3)];
        assert_eq!(choisies(&["a", "b", "c", "e", "f"], None), deux);
        assert_eq!(choisies(&["e", "b"], Some("TOTAL")), deux);
        assert_eq!(choisies(&["b"], Some("AUTRE")), []);
        assert_eq!(choisies(&[], None), []);
    }

    #[test]
    fn the_totals_of_a_territory_are_cells() {
        let profils: Vec<_> = sommaire().cellules("d").map(|c| c.profil.code()).collect();
        assert_eq!(profils, ["ELEVE", "TOUS"]);
        assert_eq!(sommaire().cellules("c").count(), 0);
        assert_eq!(sommaire().territoires().count(), 3);
    }
}
