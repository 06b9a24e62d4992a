//! What becomes of the ENT in the schools that the demo tells of: those of one circonscription, so
//! that its adviser has some of each kind to see, on whatever day of the year the demo is made.

use std::collections::{BTreeMap, BTreeSet};

use frequent_plan::{AnneeScolaire, Jour, Niveau, Uai};
use frequent_simulate::Conduite;

use super::conventions;
use super::scene::Scene;
use crate::service::serveur::Faute;

/// Collioure, Saint-André: teachers come, and no parent ever does.
pub(super) const SANS_FAMILLES: [&str; 2] = ["0660664N", "0660165W"];
/// Le Boulou, Banyuls-sur-Mer, Amélie-les-Bains: much less than last year, from that many days
/// after this year's classes began.
const BAISSES: [(&str, i32); 3] = [("0660713S", 0), ("0660519F", 0), ("0660605Z", 50)];
/// Palau-del-Vidre: nobody came until this many days before the demo was made.
const NOUVELLE: (&str, i32) = ("0660579W", 10);
/// Céret, the école Pablo-Picasso: used more since its teachers were trained.
pub(super) const FORMEE: &str = "0660180M";
/// Céret, the école Marc-Chagall: visited the same week, and used no more than before.
pub(super) const TEMOIN: &str = "0660560A";
/// Saint-Génis-des-Fontaines: its tag is wrong. All the primary schools of Foix too, whose head
/// counts are not known.
const MAL_MARQUEE: &str = "0660167Y";
const FOIX: &str = "09122";

/// What becomes of these schools in a school year; the others live as they do.
pub(super) fn conduites(
    scene: &Scene,
    annee: AnneeScolaire,
) -> Result<BTreeMap<Uai, Conduite>, Faute> {
    let suivies = conventions::suivies(&scene.annuaire).into_iter();
    let mut conduites: BTreeMap<Uai, Conduite> =
        suivies.map(|uai| (uai, Conduite::Reguliere)).collect();
    let cette_annee = annee == scene.faite_le.annee_scolaire();
    for uai in SANS_FAMILLES {
        conduites.insert(uai.parse()?, Conduite::SansFamilles);
    }
    if cette_annee {
        for (uai, le) in BAISSES {
            conduites.insert(uai.parse()?, Conduite::Baisse { le });
        }
    }
    let (uai, depuis) = NOUVELLE;
    let nouvelle = if cette_annee {
        let debut = scene.depuis_rentree(scene.faite_le.plus(-depuis));
        Conduite::Montee { debut }
    } else {
        Conduite::Jamais
    };
    conduites.insert(uai.parse()?, nouvelle);
    let formation = formation(scene).filter(|jour| jour.annee_scolaire() == annee);
    if let Some(jour) = formation {
        let le = scene.depuis_rentree(jour);
        conduites.insert(FORMEE.parse()?, Conduite::Elan { le });
    }
    Ok(conduites)
}

/// The Tuesday on which teachers were trained, if it can be told what came of it.
pub(super) fn formation(scene: &Scene) -> Option<Jour> {
    Some(scene.semaine_dicible()?.plus(1))
}

/// The schools of which nothing is accepted.
pub(super) fn mal_marquees(scene: &Scene) -> Result<BTreeSet<Uai>, Faute> {
    let de_foix = scene.annuaire.ecoles_de(Niveau::Commune, FOIX);
    let de_foix = de_foix.filter(|ecole| conventions::publique(ecole, "Ecole"));
    let mut toutes: BTreeSet<Uai> = de_foix.map(|ecole| ecole.uai).collect();
    toutes.insert(MAL_MARQUEE.parse()?);
    Ok(toutes)
}
