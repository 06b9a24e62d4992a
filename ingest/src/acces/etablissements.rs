//! The providers' own numbers of schools, as the older tag sends them, and their UAI, site by site.

use std::collections::BTreeMap;
use std::sync::Arc;

use frequent_plan::Uai;
use serde::{Deserialize, Serialize};

use super::cles::demande;
use super::{Acces, AccesErreur};

/// The file: one table a site, numbers and UAI in it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fichier {
    #[serde(default)]
    sites: Vec<EtablissementsDuSite>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EtablissementsDuSite {
    numero: u32,
    etablissements: BTreeMap<String, Uai>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Fichier", into = "Fichier")]
pub(super) struct Etablissements(BTreeMap<u32, BTreeMap<String, Uai>>);

impl From<Fichier> for Etablissements {
    fn from(fichier: Fichier) -> Self {
        let sites = fichier.sites.into_iter();
        Self(sites.map(|s| (s.numero, s.etablissements)).collect())
    }
}

impl From<Etablissements> for Fichier {
    fn from(etablissements: Etablissements) -> Self {
        let sites = etablissements.0.into_iter();
        Self {
            sites: sites
                .map(|(numero, etablissements)| EtablissementsDuSite {
                    numero,
                    etablissements,
                })
                .collect(),
        }
    }
}

/// The schools' numbers in force, shared: looking one up copies nothing.
#[derive(Debug, Clone)]
pub struct EtablissementsConnus(Arc<Etablissements>);

impl EtablissementsConnus {
    /// The school that this site calls by this number.
    #[must_use]
    pub fn uai(&self, site: u32, numero: &str) -> Option<Uai> {
        self.0.0.get(&site)?.get(numero).copied()
    }

    /// Every number of a site and its school, in the order of the numbers.
    pub fn du_site(&self, site: u32) -> impl Iterator<Item = (&str, Uai)> {
        let numeros = self.0.0.get(&site).into_iter().flatten();
        numeros.map(|(numero, uai)| (numero.as_str(), *uai))
    }
}

/// What an import of numbers changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumerosChanges {
    /// Numbers that were not known.
    pub ajoutes: usize,
    /// Numbers that named another school.
    pub modifies: usize,
    /// Numbers already known so.
    pub inchanges: usize,
}

impl Acces {
    /// The schools' numbers in force.
    #[must_use]
    pub fn etablissements(&self) -> EtablissementsConnus {
        EtablissementsConnus(self.etablissements.courant())
    }

    /// Adds a declared site's numbers to those known, in place of the same ones.
    ///
    /// # Errors
    /// The site is not declared, or the disk refuses.
    pub fn ajouter_etablissements(
        &self,
        site: u32,
        numeros: BTreeMap<String, Uai>,
    ) -> Result<NumerosChanges, AccesErreur> {
        if self.sites().site(site).is_none() {
            return Err(demande(&format!("le site {site} n’est pas déclaré")));
        }
        self.etablissements.modifier(|table| {
            let connus = table.0.entry(site).or_default();
            let mut changes = NumerosChanges::default();
            for (numero, uai) in numeros {
                match connus.insert(numero, uai) {
                    None => changes.ajoutes += 1,
                    Some(ancien) if ancien == uai => changes.inchanges += 1,
                    Some(_) => changes.modifies += 1,
                }
            }
            Ok(changes)
        })
    }

    /// Forgets these numbers of a site, or all when none is given. Says how many were known.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn retirer_etablissements(
        &self,
        site: u32,
        numeros: &[String],
    ) -> Result<usize, AccesErreur> {
        self.etablissements.modifier(|table| {
            if numeros.is_empty() {
                return Ok(table.0.remove(&site).map_or(0, |connus| connus.len()));
            }
            let Some(connus) = table.0.get_mut(&site) else {
                return Ok(0);
            };
            Ok(numeros
                .iter()
                .filter(|numero| connus.remove(*numero).is_some())
                .count())
        })
    }
}

#[cfg(test)]
#[path = "etablissements_tests.rs"]
mod tests;
