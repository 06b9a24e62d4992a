//! Counting once: two accepted events with the same (`jour`, `id`) are one event, and if their
//! contents differ the smallest counts, whatever the order of arrival (`docs/definitions.md`, *Event*).
//!
//! Identifiers are condensed to 64 bits and looked for in small tables: nearly always none comes
//! back and nothing else is done. For those that do, a second pass over the rows finds, by their
//! whole identifier, the content that counts.

use std::num::NonZeroUsize;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::erreur::Erreur;
use crate::etiquettes::Etiquettes;
use crate::lecture::{Lues, condense};
use crate::ligne::Ligne;
use crate::membres::Membres;
use crate::parallele::{chacune, partager};
use crate::seaux::Recolte;

/// The identifiers that came more than once, each with the content that counts.
#[derive(Debug, Default)]
pub(crate) struct Repetes {
    suspects: FxHashSet<u64>,
    retenues: FxHashMap<[u64; 2], Ligne>,
}

impl Repetes {
    /// Finds them among the rows of a day; frees the condensed identifiers.
    pub(crate) fn chercher(
        lues: &mut Lues,
        membres: &Membres,
        etiquettes: &Etiquettes,
        fils: NonZeroUsize,
    ) -> Result<Self, Erreur> {
        let ids = std::mem::replace(&mut lues.ids, Recolte::new(Vec::new()));
        let seaux = ids.tailles().into_iter().map(|(seau, _)| seau).collect();
        let suspects: FxHashSet<u64> = chacune(fils, seaux, |seau| {
            Ok::<_, Erreur>(revenus(&ids.valeurs(seau)?))
        })?
        .into_iter()
        .flatten()
        .collect();
        if suspects.is_empty() {
            return Ok(Self::default());
        }
        let seaux = lues
            .lignes
            .tailles()
            .into_iter()
            .map(|(seau, _)| seau)
            .collect();
        let parts = partager(fils, seaux, FxHashMap::default, |retenues, _, seau| {
            for ligne in lues.lignes.valeurs(seau)? {
                if suspects.contains(&condense(ligne.id)) {
                    retenir(retenues, ligne, membres, etiquettes);
                }
            }
            Ok::<_, Erreur>(())
        })?;
        let mut retenues = FxHashMap::default();
        for ligne in parts.into_iter().flat_map(FxHashMap::into_values) {
            retenir(&mut retenues, ligne, membres, etiquettes);
        }
        Ok(Self { suspects, retenues })
    }

    /// Whether this content of its identifier is the one that counts.
    pub(crate) fn compte(&self, ligne: &Ligne) -> bool {
        self.suspects.is_empty()
            || !self.suspects.contains(&condense(ligne.id))
            || self.retenues.get(&ligne.id) == Some(ligne)
    }
}

fn retenir(
    retenues: &mut FxHashMap<[u64; 2], Ligne>,
    ligne: Ligne,
    membres: &Membres,
    etiquettes: &Etiquettes,
) {
    retenues
        .entry(ligne.id)
        .and_modify(|retenue| {
            if ligne.contenu(retenue, membres, etiquettes).is_lt() {
                *retenue = ligne;
            }
        })
        .or_insert(ligne);
}

/// The values that are there more than once: a table of twice their number, each value at the
/// first free place from its own.
fn revenus(condenses: &[u64]) -> Vec<u64> {
    let places = (condenses.len() * 2).next_power_of_two();
    let mut table = vec![0_u64; places];
    let mut revenus = Vec::new();
    let mut zeros = 0;
    for &condense in condenses {
        // 0 marks a free place, so it is counted apart.
        if condense == 0 {
            zeros += 1;
            continue;
        }
        // The first bits chose the bucket: the last ones choose the place.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "only its last bits are kept"
        )]
        let mut place = condense as usize & (places - 1);
        while table[place] != 0 && table[place] != condense {
            place = (place + 1) & (places - 1);
        }
        if table[place] == condense {
            revenus.push(condense);
        }
        table[place] = condense;
    }
    if zeros > 1 {
        revenus.push(0);
    }
    revenus
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_that_come_back_are_found() {
        let graine = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut valeurs: Vec<u64> = (0..5_000).map(graine).collect();
        assert!(revenus(&valeurs).is_empty());
        valeurs.extend([graine(7), graine(0), graine(4_999), graine(7)]);
        let mut trouves = revenus(&valeurs);
        trouves.sort_unstable();
        trouves.dedup();
        let mut attendus = vec![graine(0), graine(7), graine(4_999)];
        attendus.sort_unstable();
        assert_eq!(trouves, attendus);
    }
}
