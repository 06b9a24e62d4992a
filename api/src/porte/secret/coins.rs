//! Who was in the corners of a box: the two schools on the two days.
//!
//! A box hides a small figure from one who knows that counts are not negative when visits can be
//! moved around it: when those that the move would take are there. What is chosen of it, the other
//! profile and the other member, is chosen for that.

use std::borrow::Borrow;
use std::sync::Arc;

use frequent_plan::Axe;
use rustc_hash::FxHashMap;

use crate::donnees::{Cellule, ProfilCellule};

/// The visits of a school on a day.
type Visites = FxHashMap<(ProfilCellule, Axe, Arc<str>), i64>;

/// The schools and days of a box, each with whether exactly one of its two is the other.
#[derive(Debug, Default)]
pub(super) struct Coins(Vec<(bool, Visites)>);

impl Coins {
    /// One more school and day, and whether it is the other school or the other day, not both.
    pub(super) fn ajouter(&mut self, autre: bool, cellules: impl Iterator<Item: Borrow<Cellule>>) {
        let visites = cellules.map(|cellule| {
            let c: &Cellule = cellule.borrow();
            ((c.profil, c.axe, Arc::clone(&c.membre)), c.mesures.visites)
        });
        self.0.push((autre, visites.collect()));
    }

    /// How many visits a move would lack, in the better of its two directions: 0 if it can be made.
    pub(super) fn manque(&self, profils: &[ProfilCellule], axe: Axe, membres: &[&Arc<str>]) -> u8 {
        let mut manques = [0, 0];
        for (autre, visites) in &self.0 {
            for (place, profil) in profils.iter().enumerate() {
                for (rang, membre) in membres.iter().enumerate() {
                    let cle = (*profil, axe, Arc::clone(membre));
                    if visites.get(&cle).is_none_or(|nombre| *nombre <= 0) {
                        manques[(usize::from(*autre) + place + rang) % 2] += 1;
                    }
                }
            }
        }
        manques[0].min(manques[1])
    }
}
