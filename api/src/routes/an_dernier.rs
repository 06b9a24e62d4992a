//! A period beside the same school days of the year before.

use std::sync::Arc;

use frequent_plan::{Axe, Calendrier, Jour, Niveau, Periode, Zone};
use serde::Serialize;
use utoipa::ToSchema;

use super::comparaison::{Etendue, Table};
use crate::donnees::{
    Cellule, Demande, Frontieres, Lecteur, LectureErreur, Libres, Lue, PeriodesLues, ProfilCellule,
};
use crate::porte::{Brutes, MesuresRendues, Portee};

/// The school days of the year before that are compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnDernier {
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub debut: Jour,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub fin: Jour,
    /// How many days.
    pub jours: usize,
}

/// The days a year before, and how they are read: as a stored period when they are one.
#[derive(Debug, Clone)]
pub(super) struct Cible {
    jours: Vec<Jour>,
    periode: Option<Periode>,
}

impl Cible {
    /// The same school days, a year before, as a period's: all of them, or those that are over.
    pub(super) fn de(calendrier: &Calendrier, zone: Option<Zone>, etendue: &Etendue) -> Self {
        let nombre = if etendue.en_cours() {
            etendue.ecoules().len()
        } else {
            etendue.periode.jours().count()
        };
        let jours = calendrier.jours_un_an_avant(zone, etendue.periode, nombre);
        let entiere = jours.first().map(|premier| {
            let periode = Periode::contenant(etendue.periode.grain(), *premier);
            (periode, periode.jours().eq(jours.iter().copied()))
        });
        Self {
            periode: entiere.and_then(|(periode, entiere)| entiere.then_some(periode)),
            jours,
        }
    }

    /// What is said of them; none when there is none.
    pub(super) fn rendue(&self) -> Option<AnDernier> {
        Some(AnDernier {
            debut: *self.jours.first()?,
            fin: *self.jours.last()?,
            jours: self.jours.len(),
        })
    }

    /// Reads the totals of these days, for the territories of a level.
    pub(super) async fn lire(
        &self,
        lecteur: &Arc<Lecteur>,
        portee: &Portee,
        (niveau, profil): (Niveau, Option<ProfilCellule>),
        (aujourdhui, frontieres): (Jour, Frontieres),
    ) -> Result<Brutes<(PeriodesLues, Option<Libres>)>, LectureErreur> {
        let demande = Demande {
            niveau,
            periodes: self.periode.into_iter().collect(),
            axe: Axe::Total,
            profil,
            membre: None,
            aujourdhui,
        };
        let lues = lecteur.periodes(portee, &demande, frontieres).await?;
        let jours = match self.periode {
            Some(_) => Vec::new(),
            None => self.jours.clone(),
        };
        let exactes = lecteur.exactes(portee, niveau, jours, aujourdhui).await?;
        Ok(lues.avec(exactes))
    }
}

/// What left the gate of a reading of [`Cible::lire`].
type Rendues = (
    Vec<Lue<MesuresRendues>>,
    Option<Vec<Cellule<MesuresRendues>>>,
);

/// The figures by territory and profile; none when nothing was counted on these days.
pub(super) fn table((lues, exactes): Rendues) -> Option<Table> {
    let lue = lues.into_iter().find(|lue| lue.source.is_some());
    match lue {
        Some(lue) => Some(Table::de(&lue.cellules)),
        None => exactes.map(|cellules| Table::de(&cellules)),
    }
}

/// The measures of a profile in a table that may not be there.
pub(super) fn mesures(
    table: Option<&Table>,
    code: &str,
    profil: ProfilCellule,
) -> Option<MesuresRendues> {
    table.map(|table| table.mesures(code, profil))
}
