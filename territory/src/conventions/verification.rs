//! What stands in the way of a school's entry into a convention, beyond the convention itself: the
//! directory, and the other conventions.

use frequent_plan::Uai;

use super::convention::Convention;
use super::intervalle::Intervalle;
use super::textes::Reference;
use crate::annuaires::Annuaires;
use crate::ecole::Etat;

/// Why a school cannot be in a convention.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The directory does not know it.
    #[error("l’annuaire ne connaît pas cette école")]
    Inconnue,
    /// It was closed when it would have entered.
    #[error("l’école « {nom} » est fermée")]
    Fermee {
        /// Its name.
        nom: String,
    },
    /// Another convention of the same platform has it on the same days.
    #[error(
        "elle est déjà sous la convention {convention}, sur la même plateforme, du {} au {}",
        sejour.du(), sejour.au()
    )]
    Chevauchement {
        /// The other convention.
        convention: Reference,
        /// Its days.
        sejour: Intervalle,
    },
    /// The same, said to who may not know which convention it is.
    #[error("elle est déjà sous une autre convention, sur la même plateforme, ces jours-là")]
    Prise,
}

/// What stands in the way of a convention: for each school, the first obstacle. The directory is
/// that of the school's first day, since one that closed since then was open.
#[must_use]
pub fn obstacles(
    convention: &Convention,
    annuaires: &Annuaires,
    autres: &[Convention],
) -> Vec<(Uai, Obstacle)> {
    convention
        .sejours()
        .filter_map(|(uai, sejour)| {
            let autres = autres
                .iter()
                .filter(|autre| autre.reference() != convention.reference());
            let obstacle = dans_l_annuaire(annuaires, uai, sejour)
                .or_else(|| dans_une_autre(convention, autres, uai, sejour))?;
            Some((uai, obstacle))
        })
        .collect()
}

/// What the directory has against a school's entry.
pub(super) fn dans_l_annuaire(
    annuaires: &Annuaires,
    uai: Uai,
    sejour: Intervalle,
) -> Option<Obstacle> {
    let alors = annuaires.au(sejour.du()).and_then(|a| a.ecole(uai));
    let connue = alors.or_else(|| annuaires.courant().and_then(|a| a.ecole(uai)));
    match connue {
        None => Some(Obstacle::Inconnue),
        Some(ecole) if ecole.etat == Etat::Ferme => Some(Obstacle::Fermee {
            nom: ecole.nom.clone(),
        }),
        Some(_) => None,
    }
}

/// The other convention of the same platform that has a school on some of these days.
pub(super) fn dans_une_autre<'c>(
    convention: &Convention,
    autres: impl IntoIterator<Item = &'c Convention>,
    uai: Uai,
    sejour: Intervalle,
) -> Option<Obstacle> {
    let plateforme = &convention.termes().plateforme;
    autres
        .into_iter()
        .filter(|autre| autre.termes().plateforme == *plateforme)
        .find_map(|autre| {
            let pris = autre.sejour(uai)?;
            pris.croise(sejour).then(|| Obstacle::Chevauchement {
                convention: autre.reference().clone(),
                sejour: pris,
            })
        })
}
