//! The sites whose tags are known: a site's number is a local authority's, and says which ENT its
//! pages belong to.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::cles::{demande, verifier_libelle};
use super::origine::Origine;
use super::{Acces, AccesErreur, Usage};
use crate::formats::xiti::Defauts;
use frequent_plan::hexadecimal::hexadecimal;

/// What every public key of a site begins with.
const PREFIXE_CLE: &str = "fs_";
const OCTETS_CLE: usize = 16;

/// What is known of a site. Its tags are public, so anyone may write a hit in its name: a hit is
/// taken only for the platforms named here, which also bounds the pseudonym keys that hits create.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// By which the pages of our own tag name it: no secret, every page shows it. Empty until the
    /// site is declared, which gives it one for good.
    #[serde(default)]
    pub cle_publique: String,
    /// Where its pages may come from to send by our own tag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origines: Vec<Origine>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Usage::est_production")]
    pub usage: Usage,
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
pub(super) struct Sites {
    par_numero: BTreeMap<u32, Site>,
    /// As the file was read: a table being changed is written, then read again.
    par_cle: FxHashMap<String, u32>,
}

impl From<Fichier> for Sites {
    fn from(fichier: Fichier) -> Self {
        let sites = fichier.sites.into_iter();
        let par_numero: BTreeMap<_, _> = sites.map(|s| (s.numero, s)).collect();
        let par_cle = par_numero
            .values()
            .filter(|s| !s.cle_publique.is_empty())
            .map(|s| (s.cle_publique.clone(), s.numero))
            .collect();
        Self {
            par_numero,
            par_cle,
        }
    }
}

impl From<Sites> for Fichier {
    fn from(sites: Sites) -> Self {
        Self {
            sites: sites.par_numero.into_values().collect(),
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
        self.0.par_numero.get(&numero)
    }

    /// The site of this public key.
    #[must_use]
    pub fn site_de_cle(&self, cle_publique: &str) -> Option<&Site> {
        self.site(*self.0.par_cle.get(cle_publique)?)
    }
}

impl Acces {
    /// The sites in force.
    #[must_use]
    pub fn sites(&self) -> SitesConnus {
        SitesConnus(self.sites.courant())
    }

    /// Declares a site, or replaces what was known of it but its public key, which its pages
    /// carry: it is given once. Gives the key.
    ///
    /// # Errors
    /// A label cannot be used, or the disk refuses.
    pub fn ajouter_site(&self, mut site: Site) -> Result<String, AccesErreur> {
        verifier_libelle("plateforme", &site.plateforme)?;
        for plateforme in &site.autres_plateformes {
            verifier_libelle("plateforme", plateforme)?;
        }
        for (quoi, texte) in [("projet", &site.projet), ("exploitant", &site.exploitant)] {
            if !texte.is_empty() {
                verifier_libelle(quoi, texte)?;
            }
        }
        let nouvelle = nouvelle_cle_publique()?;
        self.sites.modifier(|table| {
            let connue = table.par_numero.get(&site.numero);
            site.cle_publique = connue
                .map(|s| s.cle_publique.clone())
                .filter(|cle| !cle.is_empty())
                .unwrap_or(nouvelle);
            let cle = site.cle_publique.clone();
            table.par_numero.insert(site.numero, site);
            Ok(cle)
        })
    }

    /// Every site, in the order of their numbers.
    #[must_use]
    pub fn lister_sites(&self) -> Vec<Site> {
        self.sites.courant().par_numero.values().cloned().collect()
    }

    /// Forgets a site: its hits are refused from now on.
    ///
    /// # Errors
    /// No site has this number, or the disk refuses.
    pub fn retirer_site(&self, numero: u32) -> Result<(), AccesErreur> {
        self.sites.modifier(|table| {
            table
                .par_numero
                .remove(&numero)
                .map(drop)
                .ok_or_else(|| demande(&format!("le site {numero} n’est pas déclaré")))
        })
    }
}

fn nouvelle_cle_publique() -> Result<String, AccesErreur> {
    let mut octets = [0; OCTETS_CLE];
    getrandom::fill(&mut octets)?;
    Ok(format!("{PREFIXE_CLE}{}", hexadecimal(&octets)))
}

#[cfg(test)]
#[path = "sites_tests.rs"]
mod tests;
