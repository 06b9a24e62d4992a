//! What people of the field have written down in the demo: a platform's breakdown, and what
//! advisers did for schools.

use frequent_api::Etat;
use frequent_api::accompagnement::{Genre, Saisie};
use frequent_api::audit::{LIGNE_DE_COMMANDE, Trace};
use frequent_api::incidents::{Declaration, Nature, PorteeIncident};
use frequent_plan::{Instant, Niveau};
use frequent_simulate::Panne;

use super::comptes::LECTEURS;
use super::conventions;
use super::scene::Scene;
use crate::service::serveur::Faute;

/// No action is older, in days.
const AVANT: i32 = 90;
/// Days ago, kind, note: for as many schools.
const ACTIONS: [(i32, Genre, &str); 5] = [
    (
        70,
        Genre::Formation,
        "Prise en main par l’équipe : cahier de liaison et messagerie",
    ),
    (
        62,
        Genre::Visite,
        "Comptes des familles distribués à la réunion de rentrée",
    ),
    (48, Genre::Appel, "Question sur les pièces jointes, réglée"),
    (
        21,
        Genre::Formation,
        "Cahier de textes : deux classes commencent",
    ),
    (9, Genre::Appel, "Rappel des codes pour les parents"),
];

/// Writes it down once the accounts are open; what is there already stays as it is.
pub(super) async fn noter(etat: &Etat, scene: &Scene) -> Result<(), Faute> {
    let panne = scene.panne();
    if etat.incidents().entre(panne.du, panne.au).await?.is_empty() {
        declarer(etat, &panne).await?;
    }
    let [_, _, conseil, _] = &LECTEURS;
    let faites = etat
        .accompagnement()
        .depuis(scene.aujourdhui.plus(-AVANT))
        .await?;
    let suivies = conventions::suivies(&scene.annuaire);
    for ((jours, genre, note), uai) in ACTIONS.iter().zip(suivies) {
        if faites.iter().any(|faite| faite.saisie.uai == uai) {
            continue;
        }
        let saisie = Saisie {
            uai,
            jour: scene.aujourdhui.plus(-jours),
            genre: *genre,
            note: (*note).to_owned(),
        };
        let par = (conseil.identifiant, conseil.nom);
        etat.accompagnement()
            .noter(par, saisie.verifiee(scene.aujourdhui)?)
            .await?;
    }
    Ok(())
}

async fn declarer(etat: &Etat, panne: &Panne) -> Result<(), Faute> {
    let [administration, ..] = &LECTEURS;
    let auteur = etat.comptes().compte(administration.identifiant).await?;
    let auteur = auteur.ok_or("le compte de la démonstration a disparu")?;
    let trace = Trace {
        journal: etat.audit(),
        acteur: LIGNE_DE_COMMANDE,
    };
    let declaration = Declaration {
        nature: Nature::Incident,
        titre: "Marqueurs coupés à Perpignan".to_owned(),
        explication: "Mise à jour de la plateforme : aucune visite n’a été comptée ces deux jours."
            .to_owned(),
        du: panne.du,
        au: Some(panne.au),
        portee: PorteeIncident::Territoire(Niveau::Commune, conventions::PERPIGNAN.to_owned()),
    };
    let quand = Instant::maintenant();
    etat.incidents()
        .declarer(trace, (&auteur, quand), declaration.verifiee()?)
        .await?;
    Ok(())
}
