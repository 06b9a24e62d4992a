//! Telling the rows of some schools from the others, wherever a table of the lake loses them.

use std::collections::BTreeSet;

use arrow::array::{Array, AsArray, BooleanArray};
use arrow::datatypes::Int32Type;

use crate::uai::Uai;

/// Which rows of a column `uai` are not of these schools; none when it is not a column of texts
/// ([`crate::lac::texte`]). What is no school is kept.
#[must_use]
pub fn gardees(colonne: &dyn Array, ecoles: &BTreeSet<Uai>) -> Option<BooleanArray> {
    let colonne = colonne.as_dictionary_opt::<Int32Type>()?;
    let partis: Vec<bool> = colonne
        .values()
        .as_string_opt::<i32>()?
        .iter()
        .map(|texte| {
            let uai = texte.and_then(|t| t.parse::<Uai>().ok());
            uai.is_some_and(|uai| ecoles.contains(&uai))
        })
        .collect();
    let garde = colonne.keys().iter().map(|cle| {
        let rang = cle.and_then(|c| usize::try_from(c).ok());
        Some(!rang.is_some_and(|rang| partis.get(rang).copied().unwrap_or_default()))
    });
    Some(garde.collect())
}
