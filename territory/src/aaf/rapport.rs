//! What an import says it did.

use std::collections::BTreeMap;
use std::fmt;

use frequent_plan::Profil;

use super::faute::Ecartes;
use super::lacune::Lacune;
use super::nom::{Categorie, Extraction, NomFichier};

/// What became of an extraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// It is in the state of its feed.
    Appliquee,
    /// It already was: nothing was read.
    DejaAppliquee,
}

/// What was read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lu {
    /// Its lines.
    pub lignes: u64,
    /// Records taken.
    pub pris: u64,
    /// Records left out.
    pub ecartes: Ecartes,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rapport {
    /// The extraction.
    pub extraction: Extraction,
    /// What became of it.
    pub issue: Issue,
    /// What was read of each file.
    pub fichiers: BTreeMap<NomFichier, Lu>,
    /// Categories that a whole extraction lacks: what was known of them stays.
    pub absentes: Vec<Categorie>,
    /// Structures known of the feed.
    pub structures: usize,
    /// Distinct persons of each profile who have a school, in the whole feed.
    pub effectifs: Vec<(Profil, u64)>,
    /// Persons without any school.
    pub sans_ecole: u64,
    /// A bordereau was there, and agreed.
    pub bordereau: bool,
    /// What makes one think that changes before these never came.
    pub lacune: Lacune,
}

impl Rapport {
    pub(super) fn nouveau(extraction: Extraction, issue: Issue) -> Self {
        Self {
            extraction,
            issue,
            fichiers: BTreeMap::new(),
            absentes: Vec::new(),
            structures: 0,
            effectifs: Vec::new(),
            sans_ecole: 0,
            bordereau: false,
            lacune: Lacune::default(),
        }
    }

    /// Records left out, over all files.
    #[must_use]
    pub fn ecartes(&self) -> u64 {
        self.fichiers.values().map(|lu| lu.ecartes.nombre).sum()
    }

    /// Records that change or remove what is not known, over all files.
    pub(super) fn inconnus(&self) -> u64 {
        self.fichiers.values().map(|lu| lu.ecartes.inconnus).sum()
    }
}

impl fmt::Display for Rapport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.extraction)?;
        if self.issue == Issue::DejaAppliquee {
            return f.write_str(" : déjà importée, rien n’a été lu.");
        }
        let bordereau = if self.bordereau {
            "bordereau conforme"
        } else {
            "sans bordereau"
        };
        write!(f, " : {} fichiers, {bordereau}.", self.fichiers.len())?;
        for (nom, lu) in &self.fichiers {
            write!(f, "\n  {nom} : {} lignes, {} pris", lu.lignes, lu.pris)?;
            if lu.ecartes.nombre > 0 {
                write!(f, ", {} écartés", lu.ecartes.nombre)?;
            }
            for faute in &lu.ecartes.exemples {
                write!(f, "\n    {faute}")?;
            }
        }
        for categorie in &self.absentes {
            let nom = categorie.code();
            write!(f, "\n  Aucun fichier {nom} : ce qui en était connu reste.")?;
        }
        write!(f, "\n  {} structures connues.", self.structures)?;
        for (profil, nombre) in &self.effectifs {
            write!(f, "\n  {profil} : {nombre}")?;
        }
        write!(f, "\n  Personnes sans école : {}", self.sans_ecole)?;
        if !self.lacune.est_vide() {
            write!(f, "\n  Attention : {}", self.lacune)?;
        }
        Ok(())
    }
}
