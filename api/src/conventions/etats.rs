//! Deployed, open, active, never visited: the state of each school of a territory.

use std::collections::HashMap;

use frequent_plan::{Jour, Uai};
use frequent_territory::conventions::{Deploiement, EnVigueur};
use serde::Serialize;
use utoipa::ToSchema;

use super::ReglagesConventions;
use crate::donnees::Activite;
use crate::pilotage::date;

/// What makes a school active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seuils {
    /// Distinct days with visits.
    pub(crate) jours: u16,
    /// Visits of teachers.
    pub(crate) visites_enseignants: u32,
}

impl From<ReglagesConventions> for Seuils {
    fn from(reglages: ReglagesConventions) -> Self {
        Self {
            jours: reglages.jours_distincts,
            visites_enseignants: reglages.visites_enseignants,
        }
    }
}

/// The state of a school under a convention on a period's last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EtatDeploiement {
    /// Open, and visited on enough days, by teachers too.
    Actif,
    /// Open, and not active.
    Ouvert,
    /// Open, and not visited once since its convention began.
    JamaisVisite,
}

/// A school under a convention, its state and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EcoleDeployee {
    pub(crate) uai: Uai,
    pub(crate) en_vigueur: EnVigueur,
    pub(crate) etat: EtatDeploiement,
    pub(crate) raison: String,
}

/// The state of each of these schools on a day. A state is a word: nothing here says how many
/// visits, days or teachers there were beyond what the thresholds, which are public, ask.
pub(crate) fn etats(
    deploiement: &Deploiement,
    ecoles: &[Uai],
    jour: Jour,
    activites: &HashMap<Uai, Activite>,
    seuils: Seuils,
) -> Vec<EcoleDeployee> {
    ecoles
        .iter()
        .filter_map(|uai| {
            let en_vigueur = deploiement.au(*uai, jour)?.clone();
            let activite = activites.get(uai)?;
            let (etat, raison) = etat(*activite, seuils, en_vigueur.depuis);
            Some(EcoleDeployee {
                uai: *uai,
                en_vigueur,
                etat,
                raison,
            })
        })
        .collect()
}

fn etat(activite: Activite, seuils: Seuils, depuis: Jour) -> (EtatDeploiement, String) {
    if !activite.deja_visitee {
        let raison = format!("aucune visite depuis le {}", date(depuis));
        return (EtatDeploiement::JamaisVisite, raison);
    }
    let voulues = i64::from(seuils.visites_enseignants);
    let assez_de_jours = activite.jours >= seuils.jours;
    let assez_d_enseignants = activite.visites_enseignants >= voulues;
    let jours = format!("visites sur moins de {} jours de la période", seuils.jours);
    let enseignants = match seuils.visites_enseignants {
        1 => "aucune visite d’enseignant dans la période".to_owned(),
        voulues => format!("moins de {voulues} visites d’enseignants dans la période"),
    };
    match (assez_de_jours, assez_d_enseignants) {
        (true, true) => (
            EtatDeploiement::Actif,
            format!(
                "visites sur au moins {} jours, dont des enseignants",
                seuils.jours
            ),
        ),
        (false, true) => (EtatDeploiement::Ouvert, jours),
        (true, false) => (EtatDeploiement::Ouvert, enseignants),
        (false, false) => (EtatDeploiement::Ouvert, format!("{jours}, {enseignants}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEUILS: Seuils = Seuils {
        jours: 2,
        visites_enseignants: 1,
    };

    fn vu(jours: u16, visites_enseignants: i64, deja_visitee: bool) -> (EtatDeploiement, String) {
        let activite = Activite {
            jours,
            visites_enseignants,
            deja_visitee,
        };
        etat(activite, SEUILS, "2026-09-01".parse().unwrap())
    }

    #[test]
    fn a_school_is_active_from_two_days_and_one_teacher_s_visit_on() {
        use EtatDeploiement as E;
        assert_eq!(vu(2, 1, true).0, E::Actif);
        assert_eq!(vu(1, 1, true).0, E::Ouvert);
        assert_eq!(vu(2, 0, true).0, E::Ouvert);
        assert_eq!(vu(0, 0, true).0, E::Ouvert);
        assert_eq!(vu(0, 0, false).0, E::JamaisVisite);
    }

    #[test]
    fn the_reason_says_what_lacks_and_never_a_figure_of_the_school() {
        assert_eq!(
            vu(1, 0, true).1,
            "visites sur moins de 2 jours de la période, aucune visite d’enseignant dans la période"
        );
        assert_eq!(vu(1, 7, true).1, vu(0, 9, true).1);
        assert_eq!(
            vu(0, 0, false).1,
            "aucune visite depuis le 1er\u{a0}septembre\u{a0}2026"
        );
    }
}
