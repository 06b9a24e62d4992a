//! What a table of service names would change, before it is applied.

use std::collections::BTreeMap;

use crate::acces::NomConverti;

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
}
