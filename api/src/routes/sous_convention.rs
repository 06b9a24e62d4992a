//! The schools of a territory that are under a convention today, which are those one helps.

use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::{Annuaire, Ecole, Etat as EtatEcole};

use super::conventions::voit_ecole;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// Most schools of a territory that is followed school by school.
const ECOLES_MAX: usize = 8_000;

/// A school under a convention, and since when.
pub(super) type SousConvention<'a> = (&'a Ecole, Jour);

/// The open schools of a territory that are under a convention on a day, by UAI, and since when.
///
/// # Errors
/// The territory is outside the perimeter, or has too many schools.
pub(super) fn lire<'a>(
    etat: &Etat,
    appelant: &Appelant,
    (annuaire, niveau, code): (&'a Annuaire, Niveau, &str),
    jour: Jour,
) -> Result<Vec<SousConvention<'a>>, Erreur> {
    appelant.territoire(annuaire, niveau, code)?;
    let registre = etat.conventions.registre();
    let deploiement = registre.deploiement();
    let ouvertes = annuaire
        .ecoles_de(niveau, code)
        .filter(|e| e.etat != EtatEcole::Ferme && voit_ecole(appelant, annuaire, e.uai));
    let suivies: Vec<SousConvention<'a>> = ouvertes
        .filter_map(|ecole| Some((ecole, deploiement.au(ecole.uai, jour)?.depuis)))
        .collect();
    if suivies.len() > ECOLES_MAX {
        return Err(Erreur::Valeur(format!(
            "Les écoles se suivent une à une dans un territoire de {ECOLES_MAX} écoles au plus"
        )));
    }
    Ok(suivies)
}

/// Their identifiers.
pub(super) fn uais(suivies: &[SousConvention<'_>]) -> Vec<Uai> {
    suivies.iter().map(|(ecole, _)| ecole.uai).collect()
}
