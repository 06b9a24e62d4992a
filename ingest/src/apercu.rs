//! What a table of service names would change, before it is applied.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use frequent_plan::{Jour, Lac, Plan, Raison, Refus};

use crate::acces::NomConverti;
use crate::evenements::FichierErreur;
use crate::qualite::lire_jour;

/// Most names told apart: a provider has a few dozen.
const NOMS_MAX: usize = 10_000;

/// How many days of refusals are looked at.
pub const JOURS_DE_REFUS: i32 = 30;

/// What becomes of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changement {
    /// It was not converted, it would be.
    Nouveau,
    /// It would stand for something else.
    Modifie {
        /// What it stands for now.
        avant: NomConverti,
    },
    /// It would stand for the same.
    Inchange,
    /// It would no longer be converted.
    Retire,
}

/// A name, as the table has it (or as it is in force, if the table lacks it), and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NomCompare {
    /// The name and what it stands for.
    pub nom: NomConverti,
    /// What becomes of it.
    pub changement: Changement,
}

/// The names in force beside those of a table, in the order of the names.
#[must_use]
pub fn comparer(en_vigueur: &[NomConverti], table: &[NomConverti]) -> Vec<NomCompare> {
    let par_nom = |noms: &[NomConverti]| -> BTreeMap<String, NomConverti> {
        noms.iter().map(|n| (n.nom.clone(), n.clone())).collect()
    };
    let mut avant = par_nom(en_vigueur);
    let mut compares: Vec<_> = table
        .iter()
        .map(|nom| NomCompare {
            nom: nom.clone(),
            changement: match avant.remove(&nom.nom) {
                None => Changement::Nouveau,
                Some(avant) if avant == *nom => Changement::Inchange,
                Some(avant) => Changement::Modifie { avant },
            },
        })
        .collect();
    compares.extend(avant.into_values().map(|nom| NomCompare {
        nom,
        changement: Changement::Retire,
    }));
    compares.sort_by(|a, b| a.nom.nom.cmp(&b.nom.nom));
    compares
}

/// Events by the name of their service, of a platform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NomsVus {
    par_nom: BTreeMap<String, u64>,
    /// Events of names past the bound.
    hors: u64,
}

/// What a table would make of the events of these names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effet {
    /// Events that it would convert.
    pub convertis: u64,
    /// Events whose service would still be unknown.
    pub inconnus: u64,
    /// Names of the latter that can be shown, the most frequent first.
    pub noms_inconnus: Vec<(String, u64)>,
}

impl NomsVus {
    /// Adds events of a name.
    pub fn ajouter(&mut self, nom: &str, nombre: u64) {
        if let Some(deja) = self.par_nom.get_mut(nom) {
            *deja += nombre;
        } else if self.par_nom.len() < NOMS_MAX {
            self.par_nom.insert(nom.to_owned(), nombre);
        } else {
            self.hors += nombre;
        }
    }

    /// How many events have this name.
    #[must_use]
    pub fn nombre(&self, nom: &str) -> u64 {
        self.par_nom.get(nom).copied().unwrap_or_default()
    }

    /// What a table would make of them.
    #[must_use]
    pub fn effet(&self, plan: &Plan, table: &[NomConverti]) -> Effet {
        let mut effet = Effet {
            inconnus: self.hors,
            ..Effet::default()
        };
        for (nom, nombre) in &self.par_nom {
            if plan.service(nom).is_some() {
                continue;
            }
            if table.iter().any(|converti| converti.nom == *nom) {
                effet.convertis += nombre;
                continue;
            }
            effet.inconnus += nombre;
            // Whatever is in the place of a service is no service's name: only a code is shown.
            let refus = Refus::de_valeur("service", Raison::ValeurInconnue, nom);
            let montrable = refus.valeur.map(|nom| (nom, *nombre));
            effet.noms_inconnus.extend(montrable);
        }
        let frequence = |(_, nombre): &(String, u64)| Reverse(*nombre);
        effet.noms_inconnus.sort_by_key(frequence);
        effet
    }
}

/// The services refused as unknown on a platform in the last days, by the examples that the quality
/// figures keep: words alone, so a name with a space or a digit is not among them.
///
/// # Errors
/// A file of figures cannot be read.
pub fn noms_refuses(lac: &Lac, plateforme: &str, dernier: Jour) -> Result<NomsVus, FichierErreur> {
    let mesure = format!("refus_{}", Raison::ValeurInconnue);
    let mut vus = NomsVus::default();
    for jour in dernier.plus(1 - JOURS_DE_REFUS).jusqua(dernier) {
        for ligne in lire_jour(lac, jour)? {
            let inconnu = ligne.mesure == mesure && ligne.champ == "service";
            if inconnu && ligne.plateforme == plateforme && !ligne.exemple.is_empty() {
                let nombre = u64::try_from(ligne.nombre).unwrap_or_default();
                vus.ajouter(&ligne.exemple, nombre);
            }
        }
    }
    Ok(vus)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nom(nom: &str, service: &str) -> NomConverti {
        NomConverti {
            nom: nom.to_owned(),
            service: service.to_owned(),
            type_service: String::new(),
            outil: String::new(),
        }
    }

    #[test]
    fn each_name_is_new_changed_removed_or_the_same() {
        let en_vigueur = [nom("b", "NOTES"), nom("c", "NOTES"), nom("d", "NOTES")];
        let table = [nom("c", "ABSENCES"), nom("d", "NOTES"), nom("a", "NOTES")];
        let lus: Vec<_> = comparer(&en_vigueur, &table)
            .into_iter()
            .map(|c| (c.nom.nom, c.changement))
            .collect();
        let avant = nom("c", "NOTES");
        let attendu = [
            ("a", Changement::Nouveau),
            ("b", Changement::Retire),
            ("c", Changement::Modifie { avant }),
            ("d", Changement::Inchange),
        ];
        assert_eq!(lus, attendu.map(|(nom, c)| (nom.to_owned(), c)));
    }

    #[test]
    fn a_table_s_effect_is_counted_over_the_names_seen_and_shows_codes_only() {
        let plan = Plan::integre().unwrap();
        let mut vus = NomsVus::default();
        for (nom, nombre) in [
            ("Mon blog", 3),
            ("NOTES", 50),
            ("FORUM", 2),
            ("WIKI", 7),
            ("Marie Dupont", 1),
            ("Mon blog", 1),
        ] {
            vus.ajouter(nom, nombre);
        }
        let effet = vus.effet(&plan, &[nom("Mon blog", "ACTUALITES")]);
        assert_eq!((effet.convertis, effet.inconnus), (4, 10));
        let attendu = [("WIKI", 7), ("FORUM", 2)].map(|(nom, n)| (nom.to_owned(), n));
        assert_eq!(effet.noms_inconnus, attendu);
        assert_eq!(vus.nombre("Mon blog"), 4);
    }

    #[test]
    fn names_past_the_bound_are_counted_together() {
        let plan = Plan::integre().unwrap();
        let mut vus = NomsVus::default();
        for rang in 0..NOMS_MAX + 5 {
            vus.ajouter(&format!("n{rang}"), 1);
        }
        let effet = vus.effet(&plan, &[]);
        assert_eq!(effet.inconnus, NOMS_MAX as u64 + 5);
        assert_eq!(effet.noms_inconnus.len(), NOMS_MAX);
    }
}
