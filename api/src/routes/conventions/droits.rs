//! Who may read and write conventions, and which.

use std::sync::Arc;

use frequent_plan::{Niveau, Uai};
use frequent_territory::Annuaire;
use frequent_territory::conventions::Convention;

use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// The levels whose accounts enter conventions: those that sign them.
const SIGNATAIRES: [Niveau; 4] = [
    Niveau::Departement,
    Niveau::Academie,
    Niveau::Region,
    Niveau::National,
];

fn niveau(appelant: &Appelant) -> Option<Niveau> {
    appelant.compte().droits.perimetre().map(|p| p.niveau)
}

/// Whether the caller may read conventions.
pub(in crate::routes) fn lit_les_conventions(appelant: &Appelant) -> bool {
    niveau(appelant).is_some_and(|niveau| niveau != Niveau::Ecole)
}

pub(super) fn exiger_lecture(appelant: &Appelant) -> Result<(), Erreur> {
    if lit_les_conventions(appelant) {
        Ok(())
    } else {
        Err(Erreur::HorsPerimetre)
    }
}

pub(super) fn exiger_ecriture(appelant: &Appelant) -> Result<(), Erreur> {
    if niveau(appelant).is_some_and(|niveau| SIGNATAIRES.contains(&niveau)) {
        Ok(())
    } else {
        Err(Erreur::HorsPerimetre)
    }
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
