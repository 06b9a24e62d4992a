//! Who may read and write conventions, and which.

use std::sync::Arc;

use frequent_plan::{Niveau, Uai};
use frequent_territory::Annuaire;
use frequent_territory::conventions::Convention;

use crate::comptes::Droit;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// Whether the caller may read conventions.
pub(in crate::routes) fn lit_les_conventions(appelant: &Appelant) -> bool {
    appelant.exiger(Droit::ConventionsLecture).is_ok()
}

pub(super) fn exiger_lecture(appelant: &Appelant) -> Result<(), Erreur> {
    appelant.exiger(Droit::ConventionsLecture)
}

pub(super) fn exiger_ecriture(appelant: &Appelant) -> Result<(), Erreur> {
    appelant.exiger(Droit::ConventionsEcriture)
}

/// Whether a school is in the caller's perimeter.
pub(in crate::routes) fn voit_ecole(appelant: &Appelant, annuaire: &Annuaire, uai: Uai) -> bool {
    appelant.voit(annuaire, Niveau::Ecole, uai.as_str())
}

/// Says whether all the schools of a convention are in the caller's perimeter.
pub(super) fn est_permise(
    etat: &Etat,
    appelant: &Appelant,
) -> Result<impl Fn(&Convention) -> bool + Sync + use<>, Erreur> {
    let annuaire: Arc<Annuaire> = etat.annuaire()?;
    let appelant = appelant.clone();
    Ok(move |convention: &Convention| {
        let mut ecoles = convention.ecoles().keys();
        ecoles.all(|uai| voit_ecole(&appelant, &annuaire, *uai))
    })
}
