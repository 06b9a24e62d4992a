//! Who came to schools week by week: a word for each week, and not how many.

use std::collections::HashMap;
use std::sync::Arc;

use frequent_plan::{Axe, Niveau, Periode, Profil, Uai};

use super::{Codes, Filtre, Lecteur, LectureErreur, ProfilCellule};
use crate::pilotage::Venue;
use crate::porte::{Brutes, Portee};

/// Weeks of each school, in the order asked.
pub(crate) type Venues = HashMap<Uai, Vec<Venue>>;

/// A profile, and what its coming says of a school.
type Note = (ProfilCellule, fn(&mut Venue));

impl Lecteur {
    /// Whether someone, a teacher, a parent came to these schools in each of these periods, less the
    /// schools that the gate hides.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub(crate) async fn venues(
        self: &Arc<Self>,
        portee: &Portee,
        mut ecoles: Vec<Uai>,
        periodes: Vec<Periode>,
    ) -> Result<Brutes<Venues>, LectureErreur> {
        if let Some(derniere) = periodes.last() {
            let vues = portee.codes(Niveau::Ecole, derniere.fin());
            ecoles.retain(|uai| vues.contient(uai.as_str()));
        }
        let lecteur = Arc::clone(self);
        let travail = move || lecteur.lire_venues(&ecoles, &periodes);
        Ok(Brutes::new(tokio::task::spawn_blocking(travail).await??))
    }

    fn lire_venues(&self, ecoles: &[Uai], periodes: &[Periode]) -> Result<Venues, LectureErreur> {
        let aucune = vec![Venue::default(); periodes.len()];
        let mut venues: Venues = ecoles.iter().map(|uai| (*uai, aucune.clone())).collect();
        let noter: [Note; 3] = [
            (ProfilCellule::Tous, |v| v.quelqu_un = true),
            (ProfilCellule::Un(Profil::Enseignant), |v| {
                v.enseignants = true;
            }),
            (ProfilCellule::Un(Profil::Parent), |v| v.parents = true),
        ];
        let filtre = Filtre {
            codes: Codes::plusieurs(ecoles.iter().map(Uai::to_string)),
            axes: vec![Axe::Total],
            profil: None,
            membre: None,
        };
        for (rang, periode) in periodes.iter().enumerate() {
            let lue = self.periode(Niveau::Ecole, *periode, &filtre)?;
            for siennes in lue.cellules.chunk_by(|a, b| a.code == b.code) {
                let uai = siennes[0].code.parse().ok();
                let semaines = uai.and_then(|uai: Uai| venues.get_mut(&uai));
                let Some(venue) = semaines.and_then(|semaines| semaines.get_mut(rang)) else {
                    continue;
                };
                for cellule in siennes.iter().filter(|c| c.mesures.visites > 0) {
                    if let Some((_, noter)) = noter.iter().find(|(p, _)| *p == cellule.profil) {
                        noter(venue);
                    }
                }
            }
        }
        Ok(venues)
    }
}
