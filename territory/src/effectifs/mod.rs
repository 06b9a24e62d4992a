//! Head counts: how many pupils, parents, teachers and other staff each school has, and any
//! territory, where a person of several schools counts once.
//!
//! They come from the directory feed. A table of the lake has, for each school and profile, how many
//! persons have only that school, and the hashes of those who have others too: the count of a
//! territory is the sum of the former and the distinct of the latter, exact and quick. Pupils of a
//! school that no feed counts are those that the open directory publishes.

mod calcul;
mod table;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use frequent_plan::{Jour, Lac, Niveau, Profil, Uai};
use rustc_hash::FxHashMap;

use crate::aaf::AafErreur;
use crate::annuaire::Annuaire;
use crate::ecole::{Ecole, Etat};
use crate::perimetre::Perimetre;
use table::{Groupe, Table};

pub(crate) use calcul::recompter;

/// Most territories whose counts are kept in memory.
const MEMOIRE_MAX: usize = 100_000;

/// A head count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effectif {
    /// Distinct persons.
    pub nombre: u64,
    /// The oldest date of what it was counted from.
    pub date: Jour,
    /// How many schools of the territory have a head count, and are counted in.
    pub ecoles: u32,
}

/// What a count is asked for: the directory's version, the territory, the profile.
type Question = (Jour, String, Niveau, String, Option<Profil>);

/// The head counts of every school.
#[derive(Debug)]
pub struct Effectifs {
    table: Table,
    memoire: Mutex<FxHashMap<Question, Option<Effectif>>>,
}

impl Effectifs {
    /// Opens the head counts of the lake; none is no error.
    ///
    /// # Errors
    /// The table cannot be read, or made again after an import that was stopped.
    pub fn ouvrir(lac: &Lac) -> Result<Self, AafErreur> {
        Ok(Self {
            table: calcul::ouvrir(lac)?,
            memoire: Mutex::default(),
        })
    }

    /// The head count of a territory for a profile, or for all of them together; none where there is
    /// none.
    #[must_use]
    pub fn effectif(
        &self,
        annuaire: &Annuaire,
        niveau: Niveau,
        code: &str,
        profil: Option<Profil>,
    ) -> Option<Effectif> {
        let question = (
            annuaire.validite(),
            annuaire.empreinte().to_owned(),
            niveau,
            code.to_owned(),
            profil,
        );
        if let Some(connu) = self.memoire().get(&question) {
            return *connu;
        }
        let compte = self.compter(annuaire.ecoles_de(niveau, code), annuaire, profil);
        let mut memoire = self.memoire();
        if memoire.len() >= MEMOIRE_MAX {
            memoire.clear();
        }
        memoire.insert(question, compte);
        compte
    }

    /// The head count of a perimeter.
    #[must_use]
    pub fn de_perimetre(
        &self,
        annuaire: &Annuaire,
        perimetre: &Perimetre,
        profil: Option<Profil>,
    ) -> Option<Effectif> {
        if perimetre.ecoles().is_empty()
            && perimetre.territoires().len() == 1
            && let Some((niveau, code)) = perimetre.territoires().first()
        {
            return self.effectif(annuaire, *niveau, code, profil);
        }
        // Territories and schools of a perimeter may overlap: each school once.
        let des_territoires = perimetre
            .territoires()
            .iter()
            .flat_map(|(niveau, code)| annuaire.ecoles_de(*niveau, code))
            .map(|ecole| ecole.uai);
        let ecoles = des_territoires.chain(perimetre.ecoles().iter().copied());
        self.de_ecoles(annuaire, &ecoles.collect(), profil)
    }

    /// The head count of a set of schools; those that the directory does not know are left out.
    #[must_use]
    pub fn de_ecoles(
        &self,
        annuaire: &Annuaire,
        ecoles: &BTreeSet<Uai>,
        profil: Option<Profil>,
    ) -> Option<Effectif> {
        let connues = ecoles.iter().filter_map(|uai| annuaire.ecole(*uai));
        self.compter(connues, annuaire, profil)
    }

    fn compter<'a>(
        &self,
        ecoles: impl Iterator<Item = &'a Ecole>,
        annuaire: &Annuaire,
        profil: Option<Profil>,
    ) -> Option<Effectif> {
        let profils = match &profil {
            Some(profil) => std::slice::from_ref(profil),
            None => Profil::TOUS,
        };
        let mut compte = Compte::default();
        for ecole in ecoles.filter(|ecole| ecole.etat != Etat::Ferme) {
            let avant = compte.ecoles;
            for profil in profils {
                if let Some(groupe) = self.table.groupe(*profil, ecole.uai) {
                    compte.ajouter(groupe);
                }
            }
            if compte.ecoles > avant {
                compte.ecoles = avant + 1;
            } else if let (Some(Profil::Eleve), Some(publie)) = (profil, ecole.effectif) {
                compte.publie(publie, annuaire.validite());
            }
        }
        compte.terminer()
    }

    fn memoire(&self) -> std::sync::MutexGuard<'_, FxHashMap<Question, Option<Effectif>>> {
        self.memoire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A count being made.
#[derive(Default)]
struct Compte {
    seuls: u64,
    /// Persons of several schools; profiles never share a hash.
    partages: Vec<u64>,
    date: Option<Jour>,
    ecoles: u32,
}

impl Compte {
    fn ajouter(&mut self, groupe: &Groupe) {
        self.seuls += u64::from(groupe.seuls);
        self.partages.extend(&groupe.partages);
        self.dater(groupe.date);
        self.ecoles += 1;
    }

    fn publie(&mut self, nombre: u32, date: Jour) {
        self.seuls += u64::from(nombre);
        self.dater(date);
        self.ecoles += 1;
    }

    fn dater(&mut self, date: Jour) {
        self.date = Some(self.date.map_or(date, |connue| connue.min(date)));
    }

    fn terminer(mut self) -> Option<Effectif> {
        self.partages.sort_unstable();
        self.partages.dedup();
        Some(Effectif {
            nombre: self.seuls + self.partages.len() as u64,
            date: self.date?,
            ecoles: self.ecoles,
        })
    }
}
