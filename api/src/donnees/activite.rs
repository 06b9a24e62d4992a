//! Whether schools were visited: enough to say a state, and not how much.
//!
//! A school's state asks on how many distinct days it was visited, up to a threshold, and whether it
//! was since a day. Days are read one by one, each for the schools that still lack some only: those
//! in use reach the threshold within the first days of a period, those never visited are set apart
//! by the period's own cells, so a year of a region costs some tens of files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Profil, Uai};

use super::{Codes, Filtre, Lecteur, LectureErreur, ProfilCellule};
use crate::porte::{Brutes, Portee};

/// What is asked of some schools.
#[derive(Debug, Clone)]
pub struct Question {
    /// The schools, and since when each is deployed.
    pub ecoles: Vec<(Uai, Jour)>,
    /// The days, as periods that follow one another.
    pub periodes: Vec<Periode>,
    /// Today: what comes after has no visit yet.
    pub aujourdhui: Jour,
    /// The number of distinct days beyond which more do not matter.
    pub jours: u16,
}

impl Question {
    /// The first day, and the last that has begun.
    fn bornes(&self) -> (Jour, Jour) {
        let debut = self.periodes.first().map(|p| p.debut());
        let fin = self.periodes.last().map(|p| p.fin());
        let aujourdhui = self.aujourdhui;
        (
            debut.unwrap_or(aujourdhui),
            fin.unwrap_or(aujourdhui).min(aujourdhui),
        )
    }
}

/// What a school did over these days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Activite {
    /// Distinct days with visits, no more than what was asked.
    pub jours: u16,
    /// Visits of teachers.
    pub visites_enseignants: i64,
    /// Whether it was ever visited since it is deployed, up to the period's last day.
    pub deja_visitee: bool,
}

impl Lecteur {
    /// What these schools did, less those that the gate hides.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub(crate) async fn activites(
        self: &Arc<Self>,
        portee: &Portee,
        question: Question,
    ) -> Result<Brutes<HashMap<Uai, Activite>>, LectureErreur> {
        let (_, jour) = question.bornes();
        let vues = portee.codes(Niveau::Ecole, jour);
        let mut question = question;
        question
            .ecoles
            .retain(|(uai, _)| vues.contient(uai.as_str()));
        let lecteur = Arc::clone(self);
        let travail = move || lecteur.lire_activites(&question);
        Ok(Brutes::new(tokio::task::spawn_blocking(travail).await??))
    }

    fn lire_activites(&self, question: &Question) -> Result<HashMap<Uai, Activite>, LectureErreur> {
        let mut activites: HashMap<Uai, Activite> = question
            .ecoles
            .iter()
            .map(|(uai, _)| (*uai, Activite::default()))
            .collect();
        let toutes: Vec<Uai> = activites.keys().copied().collect();
        let enseignants = ProfilCellule::Un(Profil::Enseignant);
        let mut visitees = BTreeSet::new();
        for periode in &question.periodes {
            for (uai, visites) in self.visites(*periode, &toutes, enseignants)? {
                if let Some(activite) = activites.get_mut(&uai) {
                    activite.visites_enseignants += visites;
                }
            }
            let vues = self.visites(*periode, &toutes, ProfilCellule::Tous)?;
            visitees.extend(vues.into_iter().map(|(uai, _)| uai));
        }
        let mut restantes: Vec<Uai> = visitees.into_iter().collect();
        let (debut, fin) = question.bornes();
        for jour in debut.jusqua(fin) {
            if restantes.is_empty() || question.jours == 0 {
                break;
            }
            let jour = Periode::contenant(Grain::Jour, jour);
            for (uai, _) in self.visites(jour, &restantes, ProfilCellule::Tous)? {
                activites.entry(uai).or_default().jours += 1;
            }
            let atteint = |uai: &Uai| {
                activites
                    .get(uai)
                    .is_some_and(|a| a.jours >= question.jours)
            };
            restantes.retain(|uai| !atteint(uai));
        }
        self.chercher_avant(question, &mut activites)?;
        Ok(activites)
    }

    /// For the schools without any visit on a day of the period under the convention: whether there
    /// was one since the convention began.
    fn chercher_avant(
        &self,
        question: &Question,
        activites: &mut HashMap<Uai, Activite>,
    ) -> Result<(), LectureErreur> {
        let (debut, fin) = question.bornes();
        let mut muettes: BTreeMap<Jour, Vec<Uai>> = BTreeMap::new();
        for (uai, depuis) in &question.ecoles {
            let Some(activite) = activites.get_mut(uai) else {
                continue;
            };
            if activite.jours > 0 && *depuis <= debut {
                activite.deja_visitee = true;
            } else {
                muettes.entry(*depuis).or_default().push(*uai);
            }
        }
        for (depuis, mut ecoles) in muettes {
            for periode in periodes(depuis, fin, question.aujourdhui) {
                if ecoles.is_empty() {
                    break;
                }
                for (uai, _) in self.visites(periode, &ecoles, ProfilCellule::Tous)? {
                    activites.entry(uai).or_default().deja_visitee = true;
                }
                ecoles.retain(|uai| activites.get(uai).is_none_or(|a| !a.deja_visitee));
            }
        }
        Ok(())
    }

    /// The visits of these schools over a period: those that have some.
    pub(super) fn visites(
        &self,
        periode: Periode,
        ecoles: &[Uai],
        profil: ProfilCellule,
    ) -> Result<Vec<(Uai, i64)>, LectureErreur> {
        let filtre = Filtre {
            codes: Codes::plusieurs(ecoles.iter().map(Uai::to_string)),
            axes: vec![Axe::Total],
            profil: Some(profil),
            membre: None,
        };
        let lue = self.periode(Niveau::Ecole, periode, &filtre)?;
        let visites = lue.cellules.iter().filter_map(|cellule| {
            let uai = cellule.code.parse().ok()?;
            (cellule.mesures.visites > 0).then_some((uai, cellule.mesures.visites))
        });
        Ok(visites.collect())
    }
}

/// The days from `du` to `au` as few periods: years, months, then days. After today there is no
/// visit, so a period that holds today may be taken whole.
fn periodes(du: Jour, au: Jour, aujourdhui: Jour) -> Vec<Periode> {
    let au = au.min(aujourdhui);
    let mut periodes = Vec::new();
    let mut jour = du;
    while jour <= au {
        let dedans = |p: &Periode| p.fin() <= au || au == aujourdhui;
        let periode = [Grain::Annee, Grain::Mois]
            .into_iter()
            .map(|grain| Periode::contenant(grain, jour))
            .find(|periode| periode.debut() == jour && dedans(periode))
            .unwrap_or(Periode::contenant(Grain::Jour, jour));
        jour = periode.fin().plus(1);
        periodes.push(periode);
    }
    periodes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoupe(du: &str, au: &str, aujourdhui: &str) -> Vec<(Grain, String)> {
        let jour = |texte: &str| texte.parse().unwrap();
        periodes(jour(du), jour(au), jour(aujourdhui))
            .into_iter()
            .map(|p| (p.grain(), p.debut().to_string()))
            .collect()
    }

    #[test]
    fn a_range_is_cut_into_the_fewest_whole_periods() {
        let vues = decoupe("2024-08-01", "2025-09-02", "2026-11-20");
        assert_eq!(
            vues,
            [
                (Grain::Annee, "2024-08-01".to_owned()),
                (Grain::Mois, "2025-08-01".to_owned()),
                (Grain::Jour, "2025-09-01".to_owned()),
                (Grain::Jour, "2025-09-02".to_owned()),
            ]
        );
        assert_eq!(decoupe("2025-09-03", "2025-09-02", "2026-11-20"), []);
    }

    #[test]
    fn up_to_today_the_current_period_is_read_whole() {
        let vues = decoupe("2026-10-31", "2026-11-30", "2026-11-20");
        assert_eq!(
            vues,
            [
                (Grain::Jour, "2026-10-31".to_owned()),
                (Grain::Mois, "2026-11-01".to_owned()),
            ]
        );
    }
}
