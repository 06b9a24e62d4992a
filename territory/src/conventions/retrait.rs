//! Schools taken off a convention that goes on: the clock that starts for them alone.
//!
//! A school that leaves on a given day is written so (`sortie`). One that is simply no longer in the
//! list was under the convention until the day of the change, and what it sent is due for
//! destruction from then on, as if the convention had ended for it. Put back before that, it is as
//! if it had never been taken off.

use std::collections::BTreeMap;

use frequent_plan::{Jour, Uai};

use super::convention::{Convention, Inscription, SortCumuls};
use super::intervalle::Intervalle;

/// A school that was taken off a convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retrait {
    /// The days on which it was under the convention.
    pub sejour: Intervalle,
    /// What becomes of its cells.
    pub cumuls: SortCumuls,
    /// When what it had sent was destroyed.
    pub detruit_le: Option<Jour>,
}

/// The schools taken off, once a convention's list is changed on a day: those of before that did not
/// come back, and those that go now. One that had not entered yet sent nothing under it.
pub(super) fn retires(
    avant: &Convention,
    apres: &BTreeMap<Uai, Inscription>,
    (jour, cumuls): (Jour, SortCumuls),
) -> BTreeMap<Uai, Retrait> {
    let connus = avant
        .retraits()
        .iter()
        .map(|(uai, retrait)| (*uai, *retrait));
    let connus = connus.filter(|(uai, r)| r.detruit_le.is_some() || !apres.contains_key(uai));
    let partants = avant
        .sejours()
        .filter(|(uai, _)| !apres.contains_key(uai))
        .filter_map(|(uai, sejour)| {
            let sejour = Intervalle::new(sejour.du(), sejour.au().min(jour))?;
            let retrait = Retrait {
                sejour,
                cumuls,
                detruit_le: None,
            };
            Some((uai, retrait))
        });
    connus.chain(partants).collect()
}
