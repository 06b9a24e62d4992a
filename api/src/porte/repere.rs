//! The gate's way out for what an enclosing territory is a landmark by: ratios, never figures.

use std::collections::HashMap;
use std::sync::Arc;

use frequent_plan::Niveau;
use frequent_territory::{Annuaire, Annuaires};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Appelant, Brutes, MesuresRendues, Portee, ouvrir};
use crate::donnees::{Lecture, LectureErreur, ProfilCellule};
use crate::erreurs::Erreur;

/// Ratios, rounded; null where the figures are masked or missing. No number of visits or persons can
/// be worked out of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct RatiosRendus {
    /// Visits over users, to the hundredth.
    pub visites_par_utilisateur: Option<f64>,
    /// Users over the head count, to the thousandth.
    pub taux_utilisateurs: Option<f64>,
    /// Mean duration of a visit, in milliseconds, to the second.
    pub duree_moyenne_ms: Option<f64>,
}

impl Appelant {
    /// Whether the ratios of a territory may be seen: it is inside the perimeter, or as wide as a
    /// département.
    pub(crate) fn voit_les_ratios(&self, annuaire: &Annuaire, niveau: Niveau, code: &str) -> bool {
        use Niveau as N;
        let large = matches!(
            niveau,
            N::Departement | N::Academie | N::Region | N::National
        );
        self.perimetre().is_some() && (large || self.voit(annuaire, niveau, code))
    }
}

/// Lets out the ratios of a territory, profile by profile. Those of masked figures are none.
///
/// # Errors
/// The territory's ratios may not be seen (then nothing is read), or the reading fails.
pub(crate) async fn sortir_ratios<L>(
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    (niveau, code): (Niveau, &str),
    lire: impl FnOnce(Portee) -> L,
    taux: impl Fn(ProfilCellule, &MesuresRendues) -> Option<f64>,
) -> Result<HashMap<ProfilCellule, RatiosRendus>, Erreur>
where
    L: Future<Output = Result<Brutes<Lecture>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    if !appelant.voit_les_ratios(annuaire, niveau, code) {
        return Err(Erreur::HorsPerimetre);
    }
    let portee = Portee::de_territoire(appelant, annuaires, (niveau, code));
    let lues = ouvrir(lire(portee).await?).await?;
    let cellules = lues.iter().flat_map(|lue| &lue.cellules);
    Ok(cellules
        .map(|cellule| {
            let mesures = &cellule.mesures;
            let ratios = RatiosRendus {
                visites_par_utilisateur: arrondi(mesures.visites_par_utilisateur(), 100.0),
                taux_utilisateurs: arrondi(taux(cellule.profil, mesures), 1000.0),
                duree_moyenne_ms: arrondi(mesures.duree_moyenne_ms(), 0.001),
            };
            (cellule.profil, ratios)
        })
        .collect())
}

fn arrondi(valeur: Option<f64>, pas: f64) -> Option<f64> {
    valeur.map(|valeur| (valeur * pas).round() / pas)
}

#[cfg(test)]
mod tests {
    use super::super::quotient;
    use super::*;

    #[test]
    fn a_ratio_is_rounded_and_one_of_nobody_is_none() {
        let rapport = |a, b, pas| arrondi(quotient(a, b), pas);
        assert_eq!(rapport(Some(74), Some(23), 100.0), Some(3.22));
        assert_eq!(rapport(Some(185_499), Some(2), 0.001), Some(93_000.0));
        assert_eq!(rapport(Some(1), Some(0), 100.0), None);
        assert_eq!(rapport(None, Some(9), 100.0), None);
    }
}
