//! What an answer's figures cover.

use frequent_plan::Jour;
use serde::Serialize;
use utoipa::ToSchema;

use crate::donnees::{Lue, Source};

/// What an answer's figures cover; everything is null when nothing was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Couverture {
    /// First day counted.
    #[schema(value_type = Option<String>, format = Date)]
    pub premier_jour: Option<Jour>,
    /// Last day counted.
    #[schema(value_type = Option<String>, format = Date)]
    pub dernier_jour: Option<Jour>,
    /// When the freshest of the figures was computed.
    #[schema(format = DateTime)]
    pub calcule_le: Option<String>,
    /// Date of validity of the latest directory used.
    #[schema(value_type = Option<String>, format = Date)]
    pub annuaire: Option<Jour>,
}

impl Couverture {
    /// What these readings cover together.
    pub(super) fn de<'a, M: 'a>(lues: impl IntoIterator<Item = &'a Lue<M>>) -> Self {
        let sources: Vec<&Source> = lues.into_iter().filter_map(|l| l.source.as_ref()).collect();
        let calcule_le = sources.iter().map(|s| s.calcule_le).max();
        Self {
            premier_jour: sources.iter().filter_map(|s| s.premier_jour).min(),
            dernier_jour: sources.iter().filter_map(|s| s.dernier_jour).max(),
            calcule_le: calcule_le.map(|instant| instant.timestamp().to_string()),
            annuaire: sources.iter().filter_map(|s| s.annuaire).max(),
        }
    }
}
