//! What head counts must be found, told from the persons themselves, one by one.

use std::collections::BTreeSet;

use frequent_plan::{Profil, Uai};

use super::etat_civil::{self, EtatCivil, Registre};
use super::monde::{Monde, Rang};

impl Monde {
    /// How many distinct persons of a profile these schools have: a parent is where a child is, a
    /// person of two schools is in both and counts once.
    #[must_use]
    pub fn effectif(&self, ecoles: &BTreeSet<Uai>, profil: Profil) -> u64 {
        let dedans = |lieux: &[Rang]| {
            let uais = lieux.iter().filter_map(|rang| {
                let lieu = self.lieux.get(*rang as usize)?;
                lieu.ecole
            });
            uais.into_iter().any(|uai| ecoles.contains(&uai))
        };
        let nombre = match profil {
            Profil::Eleve => {
                let eleves = self.eleves.iter().flatten();
                eleves.filter(|eleve| dedans(&eleve.lieux)).count()
            }
            Profil::Parent => {
                let eleves = self.eleves.iter().flatten();
                let parents: BTreeSet<Rang> = eleves
                    .filter(|eleve| dedans(&eleve.lieux))
                    .flat_map(|eleve| eleve.parents.iter().copied())
                    .collect();
                parents.len()
            }
            Profil::Enseignant | Profil::AdminVieScolTech => {
                let enseigne = profil == Profil::Enseignant;
                let agents = self.agents.iter().flatten();
                agents
                    .filter(|agent| agent.metier.enseigne() == enseigne && dedans(&agent.lieux))
                    .count()
            }
            Profil::Collectivite | Profil::Autre => 0,
        };
        nombre as u64
    }

    /// Its schools.
    #[must_use]
    pub fn ecoles(&self) -> BTreeSet<Uai> {
        self.lieux.iter().filter_map(|lieu| lieu.ecole).collect()
    }

    /// Its persons, whatever their category.
    #[must_use]
    pub fn personnes(&self) -> usize {
        self.eleves.iter().flatten().count()
            + self.agents.iter().flatten().count()
            + self.parents.iter().filter(|la| **la).count()
    }

    /// Every text that tells who somebody is, of every person it ever had: none may be found
    /// anywhere after an import.
    #[must_use]
    pub fn marques(&self) -> BTreeSet<String> {
        let graine = self.reglages.graine;
        let registres = [
            (Registre::Eleves, self.eleves.len()),
            (Registre::Agents, self.agents.len()),
            (Registre::Parents, self.parents.len()),
        ];
        registres
            .into_iter()
            .flat_map(|(registre, nombre)| (0..nombre).map(move |rang| (registre, rang)))
            .flat_map(|(registre, rang)| {
                let rang = Rang::try_from(rang).unwrap_or(Rang::MAX);
                let personne = EtatCivil::de(graine, registre, rang);
                let id = etat_civil::identifiant(registre, rang);
                [
                    personne.nom,
                    personne.prenom,
                    personne.naissance,
                    personne.adresse,
                    personne.courriel,
                    personne.ine,
                    id,
                ]
            })
            .collect()
    }
}
