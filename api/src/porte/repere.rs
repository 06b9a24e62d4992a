//! The gate's way out for what an enclosing territory is a landmark by: ratios, never figures.

use std::collections::HashMap;
use std::sync::Arc;

use frequent_plan::Niveau;
use frequent_territory::{Annuaire, Annuaires};

use super::{Appelant, Brutes, MesuresRendues, Portee, ouvrir};
use crate::donnees::{Lecture, LectureErreur, ProfilCellule};
use crate::erreurs::Erreur;

/// What an enclosing territory says of one profile, rounded: no number of visits or persons can be
/// worked out of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ratios {
    /// Visits over users, to the hundredth.
    pub(crate) visites_par_utilisateur: Option<f64>,
    /// Users over the head count, to the thousandth.
    pub(crate) taux_utilisateurs: Option<f64>,
    /// Duration of a visit in milliseconds, to the second.
    pub(crate) duree_moyenne_ms: Option<f64>,
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
) -> Result<HashMap<ProfilCellule, Ratios>, Erreur>
where
    L: Future<Output = Result<Brutes<Lecture>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    if !appelant.voit_les_ratios(annuaire, niveau, code) {
        return Err(Erreur::HorsPerimetre);
    }
    let portee = Portee {
        niveau,
        code: code.to_owned(),
        seules: None,
        appelant: appelant.clone(),
        annuaires: Arc::clone(annuaires),
    };
    let lues = ouvrir(lire(portee).await?).await?;
    let cellules = lues.iter().flat_map(|lue| &lue.cellules);
    Ok(cellules
        .map(|cellule| {
            let mesures = &cellule.mesures;
            let ratios = Ratios {
                visites_par_utilisateur: rapport(mesures.visites(), mesures.utilisateurs(), 100.0),
                taux_utilisateurs: taux(cellule.profil, mesures).map(|t| arrondi(t, 1000.0)),
                duree_moyenne_ms: rapport(mesures.duree_ms(), mesures.visites(), 0.001),
            };
            (cellule.profil, ratios)
        })
        .collect())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rapport(dividende: Option<i64>, diviseur: Option<i64>, pas: f64) -> Option<f64> {
    let (dividende, diviseur) = (dividende?, diviseur.filter(|d| *d > 0)?);
    Some(arrondi(dividende as f64 / diviseur as f64, pas))
}

fn arrondi(valeur: f64, pas: f64) -> f64 {
    (valeur * pas).round() / pas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_rounded_and_one_of_nobody_is_none() {
        assert_eq!(rapport(Some(74), Some(23), 100.0), Some(3.22));
        assert_eq!(rapport(Some(185_499), Some(2), 0.001), Some(93_000.0));
        assert_eq!(rapport(Some(1), Some(0), 100.0), None);
        assert_eq!(rapport(None, Some(9), 100.0), None);
    }
}
