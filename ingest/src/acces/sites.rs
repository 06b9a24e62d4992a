//! The sites whose tags are known: a site's number is a local authority's, and says which ENT its
//! pages belong to.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cles::{demande, verifier_libelle};
use super::{Acces, AccesErreur};
use crate::formats::xiti::Defauts;

/// What is known of a site. Its tags are public, so anyone may write a hit in its name: a hit is
/// taken only for the platforms named here, which also bounds the pseudonym keys that hits create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its number, `s` in a hit.
    pub numero: u32,
    /// The platform of hits that name none.
    pub plateforme: String,
    /// Other platforms that its hits may name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub autres_plateformes: Vec<String>,
    /// The project of hits that name none; may be empty.
    #[serde(default)]
    pub projet: String,
    /// The provider of hits that name none; may be empty.
    #[serde(default)]
    pub exploitant: String,
}

impl Site {
    /// Its hits may name this platform.
    #[must_use]
    pub fn admet(&self, plateforme: &str) -> bool {
        self.plateforme == plateforme || self.autres_plateformes.iter().any(|p| p == plateforme)
    }

    /// What stands in for the properties that a hit lacks.
    #[must_use]
    pub fn defauts(&self) -> Defauts<'_> {
        Defauts {
            plateforme: &self.plateforme,
            projet: &self.projet,
            exploitant: &self.exploitant,
        }
    }
}

/// The file: one table a site.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fichier {
    #[serde(default)]
    sites: Vec<Site>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Fichier", into = "Fichier")]
pub(super) struct Sites(BTreeMap<u32, Site>);

impl From<Fichier> for Sites {
    fn from(fichier: Fichier) -> Self {
        Self(fichier.sites.into_iter().map(|s| (s.numero, s)).collect())
    }
}

impl From<Sites> for Fichier {
    fn from(sites: Sites) -> Self {
        Self {
            sites: sites.0.into_values().collect(),
        }
    }
}

/// The sites in force, shared: looking one up copies nothing.
#[derive(Debug, Clone)]
pub struct SitesConnus(Arc<Sites>);

impl SitesConnus {
    /// The site of this number.
    #[must_use]
    pub fn site(&self, numero: u32) -> Option<&Site> {
        self.0.0.get(&numero)
    }
}

impl Acces {
    /// The sites in force.
    #[must_use]
    pub fn sites(&self) -> SitesConnus {
        SitesConnus(self.sites.courant())
    }

    /// Declares a site, or replaces what was known of it.
    ///
    /// # Errors
    /// A label cannot be used, or the disk refuses.
    pub fn ajouter_site(&self, site: Site) -> Result<(), AccesErreur> {
        verifier_libelle("plateforme", &site.plateforme)?;
        for plateforme in &site.autres_plateformes {
            verifier_libelle("plateforme", plateforme)?;
        }
        for (quoi, texte) in [("projet", &site.projet), ("exploitant", &site.exploitant)] {
            if !texte.is_empty() {
                verifier_libelle(quoi, texte)?;
            }
        }
        self.sites.modifier(|table| {
            table.0.insert(site.numero, site);
            Ok(())
        })
    }

    /// Every site, in the order of their numbers.
    #[must_use]
    pub fn lister_sites(&self) -> Vec<Site> {
        self.sites.courant().0.values().cloned().collect()
    }

    /// Forgets a site: its hits are refused from now on.
    ///
    /// # Errors
    /// No site has this number, or the disk refuses.
    pub fn retirer_site(&self, numero: u32) -> Result<(), AccesErreur> {
        self.sites.modifier(|table| {
            table
                .0
                .remove(&numero)
                .map(drop)
                .ok_or_else(|| demande(&format!("le site {numero} n’est pas déclaré")))
        })
    }
}

#[cfg(test)]
#[path = "sites_tests.rs"]
mod tests;
