//! What the conventions cost their authorities, by school year.

use frequent_plan::{AnneeScolaire, Uai};

use super::convention::Convention;
use super::intervalle::Intervalle;
use super::textes::{Libelle, Montant, Reference};

/// What a convention costs for a school year: the price of a school, times those that were under
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// The convention.
    pub convention: Reference,
    /// Who pays.
    pub autorite: String,
    /// The platform.
    pub plateforme: Libelle,
    /// The school year.
    pub annee: AnneeScolaire,
    /// Schools that count.
    pub ecoles: usize,
    /// The price of one.
    pub prix: Montant,
    /// Schools × price, in cents.
    pub total_centimes: u64,
}

/// What these conventions cost for a school year, over the schools kept; a convention without any
/// does not appear.
///
/// The price is by school and school year, as conventions say: it is due whole as soon as the school
/// is under the convention for one day of it, without prorata. August does not count: a convention
/// that runs from 1 September to 31 August is one school year, not two.
#[must_use]
pub fn participations(
    conventions: &[Convention],
    annee: AnneeScolaire,
    retenue: impl Fn(Uai) -> bool,
) -> Vec<Participation> {
    // 1 September, which is 31 days after 1 August.
    let Some(due) = Intervalle::new(annee.debut().plus(31), annee.fin()) else {
        return Vec::new();
    };
    conventions
        .iter()
        .filter_map(|convention| {
            let comptees = convention
                .sejours()
                .filter(|(uai, sejour)| sejour.croise(due) && retenue(*uai));
            let ecoles = comptees.count();
            let termes = convention.termes();
            (ecoles > 0).then(|| Participation {
                convention: convention.reference().clone(),
                autorite: termes.autorite.to_string(),
                plateforme: termes.plateforme.clone(),
                annee,
                ecoles,
                prix: termes.prix,
                total_centimes: termes.prix.fois(ecoles),
            })
        })
        .collect()
}
