//! What an import changed.

use std::fmt;

use frequent_plan::{Jour, Uai};

use crate::ecole::{Ecole, Etat};

use super::ecriture::Version;
use super::ligne::Ligne;

/// How many schools or lines of a kind the report shows.
const MONTREES: usize = 20;

/// A school whose description changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modification {
    /// The school.
    pub uai: Uai,
    /// Its name now.
    pub nom: String,
    /// The fields that changed.
    pub champs: Vec<&'static str>,
}

/// What an import changed, compared with the version in force just before. Lists are sorted by UAI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RapportImport {
    /// The version imported.
    pub validite: Jour,
    /// The version it is compared with; none for the first one.
    pub comparee_a: Option<Jour>,
    /// What was written.
    pub version: Version,
    /// Schools that were not known, and their names.
    pub ajoutees: Vec<(Uai, String)>,
    /// Schools described otherwise.
    pub modifiees: Vec<Modification>,
    /// Schools now closed, or that the file no longer lists.
    pub fermees: Vec<(Uai, String)>,
    /// Schools that were closed and no longer are.
    pub rouvertes: Vec<(Uai, String)>,
    /// How many schools are described as before.
    pub inchangees: usize,
    /// How many lines were services without users of an ENT.
    pub hors_champ: usize,
    /// Lines refused.
    pub refusees: Vec<Ligne>,
    /// Values left out of lines that were kept.
    pub remarques: Vec<Ligne>,
}

impl RapportImport {
    pub(super) fn nouveau(validite: Jour, comparee_a: Option<Jour>) -> Self {
        Self {
            validite,
            comparee_a,
            version: Version::Identique,
            ajoutees: Vec::new(),
            modifiees: Vec::new(),
            fermees: Vec::new(),
            rouvertes: Vec::new(),
            inchangees: 0,
            hors_champ: 0,
            refusees: Vec::new(),
            remarques: Vec::new(),
        }
    }

    /// Notes what becomes of a school. One that closes or opens again counts as that only.
    pub(super) fn noter(&mut self, avant: Option<&Ecole>, apres: &Ecole) {
        let nommee = || (apres.uai, apres.nom.clone());
        let Some(avant) = avant else {
            self.ajoutees.push(nommee());
            return;
        };
        let mut champs = avant.differences(apres);
        match (avant.etat == Etat::Ferme, apres.etat == Etat::Ferme) {
            (false, true) => self.fermees.push(nommee()),
            (true, false) => self.rouvertes.push(nommee()),
            _ => {
                if avant.etat != apres.etat {
                    champs.push("etat");
                }
                if champs.is_empty() {
                    self.inchangees += 1;
                } else {
                    let (uai, nom) = nommee();
                    self.modifiees.push(Modification { uai, nom, champs });
                }
            }
        }
    }

    pub(super) fn trier(&mut self) {
        self.ajoutees.sort();
        self.modifiees.sort_by_key(|m| m.uai);
        self.fermees.sort();
        self.rouvertes.sort();
    }
}

impl fmt::Display for RapportImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            Version::Nouvelle => writeln!(f, "Annuaire du {} importé.", self.validite)?,
            Version::Remplacee => writeln!(f, "Annuaire du {} remplacé.", self.validite)?,
            Version::Identique => writeln!(
                f,
                "Annuaire du {} déjà importé à l’identique : rien n’a changé.",
                self.validite
            )?,
        }
        if let Some(avant) = self.comparee_a.filter(|avant| *avant != self.validite) {
            writeln!(f, "Comparé à celui du {avant} :")?;
        }
        writeln!(f, "  {} écoles ajoutées", self.ajoutees.len())?;
        writeln!(f, "  {} modifiées", self.modifiees.len())?;
        if self.comparee_a.is_some() {
            let lignes = self
                .modifiees
                .iter()
                .map(|m| format!("{} {} ({})", m.uai, m.nom, m.champs.join(", ")));
            montrer(f, lignes, self.modifiees.len())?;
        }
        for (titre, ecoles) in [("fermées", &self.fermees), ("rouvertes", &self.rouvertes)] {
            writeln!(f, "  {} {titre}", ecoles.len())?;
            let lignes = ecoles.iter().map(|(uai, nom)| format!("{uai} {nom}"));
            montrer(f, lignes, ecoles.len())?;
        }
        writeln!(f, "  {} inchangées", self.inchangees)?;
        writeln!(
            f,
            "  {} lignes de services, qui ne sont pas des écoles",
            self.hors_champ
        )?;
        writeln!(f, "  {} lignes refusées", self.refusees.len())?;
        montrer(f, self.refusees.iter(), self.refusees.len())?;
        if !self.remarques.is_empty() {
            writeln!(f, "  {} valeurs ignorées", self.remarques.len())?;
            montrer(f, self.remarques.iter(), self.remarques.len())?;
        }
        Ok(())
    }
}

fn montrer(
    f: &mut fmt::Formatter<'_>,
    lignes: impl Iterator<Item = impl fmt::Display>,
    nombre: usize,
) -> fmt::Result {
    for ligne in lignes.take(MONTREES) {
        writeln!(f, "    {ligne}")?;
    }
    if nombre > MONTREES {
        writeln!(f, "    … et {} autres", nombre - MONTREES)?;
    }
    Ok(())
}
