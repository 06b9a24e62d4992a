//! Visits a week before and after an action, in the school and in comparable ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Uai};
use serde::Serialize;
use utoipa::ToSchema;

use super::couverture::{Ecoles, incidents_de};
use super::pairs::groupe_de;
use crate::donnees::{Demande, Lecteur, Lecture, LectureErreur, Lue, ProfilCellule, Vues};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::pilotage::{Fenetres, PAIRS_MIN, RefusEffet, avant_apres};
use crate::porte::{self, Annexe, Appelant, Brutes, EtatMesures, MesuresRendues, Portee};

/// Visits a week over the four school weeks before an action and the four after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct EffetRendu {
    /// In the school, before.
    pub avant: f64,
    /// In the school, after.
    pub apres: f64,
    /// Half of the comparable schools had that many or fewer before.
    pub avant_pairs: f64,
    /// And after.
    pub apres_pairs: f64,
    /// How many comparable schools that is.
    pub ecoles_pairs: usize,
}

type Rendu = (Vec<Lue<MesuresRendues>>, Vues);

/// The effect of an action in a school, or why it is not told.
///
/// # Errors
/// The school may not be seen, or the lake cannot be read.
pub(super) async fn mesurer(
    etat: &Etat,
    appelant: &Appelant,
    uai: Uai,
    jour: Jour,
) -> Result<Result<EffetRendu, RefusEffet>, Erreur> {
    let annuaire = etat.annuaire()?;
    let aujourdhui = etat.aujourdhui(&annuaire, Niveau::Ecole, uai.as_str());
    let Some(ecole) = annuaire.ecole(uai) else {
        return Ok(Err(RefusEffet::NonMesure));
    };
    let fenetres = match Fenetres::autour(&etat.calendrier, ecole.zone(), jour, aujourdhui) {
        Ok(fenetres) => fenetres,
        Err(refus) => return Ok(Err(refus)),
    };
    let lundis: Vec<Jour> = fenetres.toutes().collect();
    let (debut, fin) = (lundis.first().copied(), lundis.last().map(|l| l.plus(6)));
    let (debut, fin) = (debut.unwrap_or(jour), fin.unwrap_or(jour));
    let elle = BTreeSet::from([uai]);
    let declares = incidents_de(etat, &annuaire, &elle, (debut, fin)).await?;
    if !declares.is_empty() {
        return Ok(Err(RefusEffet::Incident));
    }
    let lire = |portee: Portee| lire(Arc::clone(&etat.lecteur), portee, &lundis, aujourdhui);
    let annuaires = etat.annuaires();
    let sienne = porte::sortir_ecoles(appelant, &annuaires, [uai], lire).await?;
    let registre = etat.conventions.registre();
    let deploiement = registre.deploiement();
    let mesurees = Ecoles::de(&elle, &sienne.1, deploiement, fin);
    if mesurees.etat([uai]) != EtatMesures::Mesure {
        return Ok(Err(RefusEffet::NonMesure));
    }
    let Some((avant, apres)) = avant_apres(&visites(&sienne, uai)) else {
        return Ok(Err(RefusEffet::Masque));
    };
    let deployee = |uai| {
        deploiement.est_vide()
            || (deploiement.est_deployee(uai, debut) && deploiement.est_deployee(uai, fin))
    };
    let groupe = groupe_de(etat, &annuaire, ecole, deployee);
    if groupe.ecoles.len() < PAIRS_MIN {
        return Ok(Err(RefusEffet::PeuDePairs));
    }
    let comparees = (uai, groupe.ecoles.as_slice());
    let anonymes = porte::sortir_pairs(appelant, &annuaires, comparees, lire).await?;
    let paires = |rendu: &Rendu| -> Vec<(f64, f64)> {
        let entendues = groupe.ecoles.iter().filter(|uai| rendu.1.contains(uai));
        entendues
            .filter_map(|uai| avant_apres(&visites(rendu, *uai)))
            .collect()
    };
    let anonymes = anonymes.map(|rendu| paires(&rendu));
    let avants = anonymes.repartition(|paires| paires.iter().map(|p| p.0).collect());
    let apres_pairs = anonymes.repartition(|paires| paires.iter().map(|p| p.1).collect());
    let effet = avants
        .zip(apres_pairs)
        .map(|(avants, des_pairs)| EffetRendu {
            avant,
            apres,
            avant_pairs: avants.mediane,
            apres_pairs: des_pairs.mediane,
            ecoles_pairs: avants.nombre,
        });
    Ok(effet.ok_or(RefusEffet::PeuDePairs))
}

/// The weekly visits of the schools that the gate lets be read, and who was heard.
fn lire(
    lecteur: Arc<Lecteur>,
    portee: Portee,
    lundis: &[Jour],
    aujourdhui: Jour,
) -> impl Future<Output = Result<Brutes<(Lecture, Annexe<Vues>)>, LectureErreur>> + use<> {
    let semaine = |lundi: &Jour| Periode::contenant(Grain::Semaine, *lundi);
    let periodes: Vec<Periode> = lundis.iter().map(semaine).collect();
    let demande = Demande {
        niveau: Niveau::Ecole,
        periodes: periodes.clone(),
        axe: Axe::Total,
        profil: Some(ProfilCellule::Tous),
        membre: None,
        aujourdhui,
    };
    async move {
        let lues = lecteur.cellules(&portee, &demande).await?;
        Ok(lues.avec(lecteur.ecoles_vues(periodes).await?))
    }
}

/// The visits of a school in each week: none where they are masked or nothing at all was counted.
fn visites((lues, _): &Rendu, uai: Uai) -> Vec<Option<i64>> {
    let une = |lue: &Lue<MesuresRendues>| {
        lue.source.as_ref()?;
        let sienne = lue.cellules.iter().find(|c| *c.code == *uai.as_str());
        sienne.map_or(Some(0), |cellule| cellule.mesures.visites())
    };
    lues.iter().map(une).collect()
}
