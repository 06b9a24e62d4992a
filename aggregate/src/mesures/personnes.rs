//! The users of each place, from the presence of its schools.
//!
//! Rows are shared out by person, so that each share is sorted in cache and a person is whole in
//! one of them. Where only totals are asked, a row is who, where and under which profile; elsewhere
//! it also holds the members of the axes asked, and no other column is read. Where there are more
//! rows than memory may hold, the tables are read again for each few of the shares.

use std::ops::Range;
use std::sync::Arc;

use frequent_plan::{Axe, Periode};

use super::{Demande, touche};
use crate::comptes::Cube;
use crate::erreur::Erreur;
use crate::fusion::unir;
use crate::membres::{TOTAL, TOUS};
use crate::parallele::{chacune, partager};
use crate::presence::Presence;
use crate::recoupement::compter_utilisateurs;
use crate::relecture::{self, Personne};
use crate::triee::{Page, TableTriee};

/// Shares of the persons counted together: enough for each to be sorted in cache.
const PARTS: usize = 256;

/// Rows held at once: half a gigabyte of them, whatever is asked.
const LIGNES_EN_MEMOIRE: usize = 1 << 24;

/// The rows of each share.
type Parts<T> = Vec<Vec<T>>;

/// A row group of a table, that holds some of the schools.
type Tache = (Arc<TableTriee>, usize);

#[expect(clippy::cast_possible_truncation, reason = "below PARTS")]
fn part(visiteur: u64) -> usize {
    (visiteur % PARTS as u64) as usize
}

/// The shares read together, so that at most `limite` of these rows are held at once.
fn passes(lignes: usize, limite: usize) -> impl Iterator<Item = Range<usize>> {
    let nombre = lignes.div_ceil(limite).clamp(1, PARTS);
    (0..nombre).map(move |rang| rang * PARTS / nombre..(rang + 1) * PARTS / nombre)
}

impl Demande<'_> {
    /// The users of each place, from presence.
    pub(super) fn utilisateurs(&self, periodes: &[Periode]) -> Result<Vec<Cube>, Erreur> {
        let (taches, lignes) = self.taches(periodes)?;
        let passes = passes(lignes, LIGNES_EN_MEMOIRE).map(|passe| {
            if self.axes == [Axe::Total] {
                self.totaux(&taches, &passe)
            } else {
                self.membres_vus(&taches, &passe)
            }
        });
        Ok(self.reunir(passes.collect::<Result<Vec<_>, _>>()?.into_iter()))
    }

    /// Who was there, and nothing else.
    fn totaux(&self, taches: &[Tache], passe: &Range<usize>) -> Result<Vec<Cube>, Erreur> {
        let parts = self.lire(taches, |table, retenir, parts: &mut Parts<Personne>| {
            let lieu = |ecole| self.lieu(ecole);
            relecture::personnes(table, retenir, lieu, |personne| {
                let part = part(personne.visiteur);
                if passe.contains(&part) {
                    parts[part].push(personne);
                }
            })
        })?;
        self.compter(parts, |personnes: &mut Vec<Personne>, cubes| {
            personnes.sort_unstable();
            personnes.dedup();
            let mut derniere = None;
            for personne in personnes {
                let cube = &mut cubes[personne.lieu as usize];
                let profil = usize::from(personne.profil);
                cube.profil(profil).fermes[TOTAL].utilisateurs += 1;
                let qui = Some((personne.lieu, personne.visiteur));
                if std::mem::replace(&mut derniere, qui) != qui {
                    cube.profil(TOUS).fermes[TOTAL].utilisateurs += 1;
                }
            }
        })
    }

    /// Who was there, and for which members.
    fn membres_vus(&self, taches: &[Tache], passe: &Range<usize>) -> Result<Vec<Cube>, Erreur> {
        let parts = self.lire(taches, |table, retenir, parts: &mut Parts<Presence>| {
            let lieu = |ecole| self.lieu(ecole);
            relecture::presences(table, retenir, lieu, self.axes, &self.etiquettes, |p| {
                let part = part(p.visiteur);
                if passe.contains(&part) {
                    parts[part].push(p);
                }
            })
        })?;
        self.compter(parts, |presences: &mut Vec<Presence>, cubes| {
            // Random pseudonyms have no runs for the stable sort of `unir` to find.
            presences.sort_unstable_by_key(Presence::cle);
            unir(presences, &self.etiquettes);
            for lieu in presences.chunk_by(|a, b| a.uai == b.uai) {
                let mut cube = Cube::default();
                compter_utilisateurs(lieu, &self.etiquettes, &mut cube);
                cubes[lieu[0].uai.0 as usize].ajouter(&cube);
            }
        })
    }

    /// What to read of the periods' presence, and how many rows that is at most.
    fn taches(&self, periodes: &[Periode]) -> Result<(Vec<Tache>, usize), Erreur> {
        let bornes = self.triees();
        let tables = chacune(self.fils, periodes.to_vec(), |periode| {
            TableTriee::courante(&self.lac.presence_de(periode))
        })?;
        let (mut taches, mut lignes) = (Vec::new(), 0);
        for table in tables.into_iter().flatten() {
            let mut pages = table.pages();
            pages.retain(|page| touche(&bornes, page));
            lignes += pages.iter().map(|page| page.lignes).sum::<usize>();
            let table = Arc::new(table);
            let groupes = pages.chunk_by(|a, b| a.groupe == b.groupe);
            taches.extend(groupes.map(|pages| (Arc::clone(&table), pages[0].groupe)));
        }
        Ok((taches, lignes))
    }

    /// Reads the schools' presence, a row group a task.
    fn lire<T: Send + Clone>(
        &self,
        taches: &[Tache],
        lire: impl Fn(&TableTriee, &dyn Fn(&Page) -> bool, &mut Parts<T>) -> Result<(), Erreur> + Sync,
    ) -> Result<Vec<Parts<T>>, Erreur> {
        let bornes = self.triees();
        let vides = || vec![Vec::new(); PARTS];
        partager(self.fils, taches.to_vec(), vides, |parts, _, tache| {
            let (table, groupe) = tache;
            let retenir = |page: &Page| page.groupe == groupe && touche(&bornes, page);
            lire(&table, &retenir, parts)
        })
    }

    /// Counts each share into the cubes of the places.
    fn compter<T: Send + Copy>(
        &self,
        lues: Vec<Parts<T>>,
        compter: impl Fn(&mut Vec<T>, &mut [Cube]) + Sync,
    ) -> Result<Vec<Cube>, Erreur> {
        let mut par_part: Vec<Vec<Vec<T>>> = (0..PARTS).map(|_| Vec::new()).collect();
        for parts in lues {
            for (rang, lignes) in parts.into_iter().enumerate() {
                par_part[rang].push(lignes);
            }
        }
        let vides = || (self.cubes(), Vec::new());
        let tous = partager(self.fils, par_part, vides, |etat, _, lignes| {
            let (cubes, ensemble) = etat;
            ensemble.clear();
            for une in &lignes {
                ensemble.extend_from_slice(une);
            }
            compter(ensemble, cubes);
            Ok::<_, Erreur>(())
        })?;
        Ok(self.reunir(tous.into_iter().map(|(cubes, _)| cubes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_is_read_in_one_pass_and_no_pass_holds_more_than_its_part() {
        for (lignes, limite, attendues) in [(0, 10, 1), (10, 10, 1), (11, 10, 2), (9_999, 10, 256)]
        {
            let passes: Vec<_> = passes(lignes, limite).collect();
            assert_eq!(passes.len(), attendues);
            let lues: Vec<usize> = passes.into_iter().flatten().collect();
            assert_eq!(lues, (0..PARTS).collect::<Vec<_>>());
        }
    }
}
