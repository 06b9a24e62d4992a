//! The deployment of a territory on the terminal.

use frequent_api::comptes::Perimetre;
use frequent_api::{Etat, compter_deploiement};
use frequent_plan::{Grain, Jour, Periode};
use frequent_territory::conventions::participations;
use frequent_territory::{Annuaires, Perimetre as Ecoles};

use crate::commandes::dire;
use crate::service::serveur::Faute;

/// Shows it on a day; which schools are active is over the days up to it of a period that holds it.
///
/// # Errors
/// The directory does not know the territory, or the lake cannot be read.
pub(super) async fn montrer(
    etat: &Etat,
    annuaires: &Annuaires,
    perimetre: &Perimetre,
    (jour, grain): (Jour, Grain),
) -> Result<(), Faute> {
    let Some(annuaire) = annuaires.courant() else {
        dire("Aucun annuaire. Importez-en un : frequent annuaire import --help");
        return Ok(());
    };
    let conventions = etat.conventions();
    let registre = conventions.registre();
    let deploiement = registre.deploiement();
    let ecoles = Ecoles::territoire(perimetre.niveau, &perimetre.code);
    let nombre = |jour| deploiement.deployees_de(annuaire, &ecoles, jour).len();
    dire(format_args!(
        "{perimetre}, {jour} : {} écoles déployées",
        nombre(jour)
    ));
    let periode = Periode::contenant(grain, jour);
    let territoire = (perimetre.niveau, perimetre.code.as_str());
    if let Some(comptes) = compter_deploiement(etat, territoire, periode, jour).await? {
        dire(format_args!(
            "du {} au {jour}\tactives : {}\tjamais visitées : {}",
            periode.debut(),
            comptes.actives,
            comptes.jamais_visitees
        ));
    }
    if let Some(premier) = deploiement.premier_jour() {
        let annees = std::iter::successors(Some(premier.annee_scolaire()), |a| Some(a.suivante()));
        for annee in annees.take_while(|annee| *annee <= jour.annee_scolaire()) {
            let rentree = annee.debut().plus(31);
            dire(format_args!(
                "rentrée {rentree}\t{} écoles",
                nombre(rentree)
            ));
        }
    }
    let retenue = |uai| ecoles.contient_ecole(annuaire, uai);
    for due in participations(registre.conventions(), jour.annee_scolaire(), retenue) {
        dire(format_args!(
            "participation {}\t{}\t{} écoles × {} € = {},{:02} €",
            due.annee,
            due.convention,
            due.ecoles,
            due.prix,
            due.total_centimes / 100,
            due.total_centimes % 100
        ));
    }
    for due in conventions.a_detruire(jour) {
        if retenue(due.uai) {
            dire(format_args!(
                "à détruire\t{}\t{}\tavant le {}\tchiffres publiés : {}",
                due.uai,
                due.convention,
                due.echeance,
                due.cumuls.code()
            ));
        }
    }
    Ok(())
}
