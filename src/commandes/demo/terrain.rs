//! What people of the field have written down in the demo: a platform's breakdown, and what
//! advisers did for schools.

use frequent_api::Etat;
use frequent_api::accompagnement::{Genre, Saisie};
use frequent_api::audit::{LIGNE_DE_COMMANDE, Trace};
use frequent_api::incidents::{Declaration, Nature, PorteeIncident};
use frequent_plan::Niveau;
use frequent_simulate::Panne;

use super::comptes::LECTEURS;
use super::histoires::{FORMEE, SANS_FAMILLES, TEMOIN};
use super::scene::Scene;
use super::{conventions, histoires};
use crate::service::serveur::Faute;

/// No action is older, in days.
const AVANT: i32 = 365;
/// The other actions: school, days of class since, kind, note.
const ACTIONS: [(&str, usize, Genre, &str); 3] = [
    (
        "0660137R",
        31,
        Genre::Appel,
        "Question sur les pièces jointes, réglée",
    ),
    (
        SANS_FAMILLES[1],
        14,
        Genre::Formation,
        "Cahier de textes : deux classes commencent",
    ),
    (
        SANS_FAMILLES[0],
        6,
        Genre::Appel,
        "Rappel des codes à distribuer aux parents",
    ),
];

/// Writes it down once the accounts are open; what is there already stays as it is.
pub(super) async fn noter(etat: &Etat, scene: &Scene) -> Result<(), Faute> {
    let panne = scene.panne();
    if etat.incidents().entre(panne.du, panne.au).await?.is_empty() {
        for declaration in declarations(scene, &panne) {
            declarer(etat, declaration).await?;
        }
    }
    let [_, _, conseil, _] = &LECTEURS;
    let faites = etat
        .accompagnement()
        .depuis(scene.aujourdhui.plus(-AVANT))
        .await?;
    for saisie in saisies(scene)? {
        if faites.iter().any(|faite| faite.saisie.uai == saisie.uai) {
            continue;
        }
        let par = (conseil.identifiant, conseil.nom);
        etat.accompagnement()
            .noter(par, saisie.verifiee(scene.aujourdhui)?)
            .await?;
    }
    Ok(())
}

/// What the adviser did: two actions in the latest week of which the effect can be told, if there
/// is one, and others on which it is too early or too late to tell anything.
fn saisies(scene: &Scene) -> Result<Vec<Saisie>, Faute> {
    let formation = histoires::formation(scene);
    let dites = formation.into_iter().flat_map(|jour| {
        [
            (
                FORMEE,
                jour,
                Genre::Formation,
                "Prise en main par l’équipe : cahier de liaison et messagerie",
            ),
            (
                TEMOIN,
                jour.plus(2),
                Genre::Visite,
                "Comptes des familles distribués à la sortie des classes",
            ),
        ]
    });
    let autres = ACTIONS
        .iter()
        .map(|(uai, jours, genre, note)| (*uai, scene.jour_de_classe(*jours), *genre, *note));
    dites
        .chain(autres)
        .map(|(uai, jour, genre, note)| {
            Ok(Saisie {
                uai: uai.parse()?,
                jour,
                genre,
                note: note.to_owned(),
            })
        })
        .collect()
}

/// A breakdown that is over, and a change of method at the beginning of the school year.
fn declarations(scene: &Scene, panne: &Panne) -> [Declaration; 2] {
    let rentree = conventions::derniere_rentree(scene.faite_le);
    [
        Declaration {
            nature: Nature::Incident,
            titre: "Marqueurs coupés à Perpignan".to_owned(),
            explication:
                "Mise à jour de la plateforme : aucune visite n’a été comptée ces deux jours."
                    .to_owned(),
            du: panne.du,
            au: Some(panne.au),
            portee: PorteeIncident::Territoire(Niveau::Commune, conventions::PERPIGNAN.to_owned()),
        },
        Declaration {
            nature: Nature::Rupture,
            titre: "Collèges et lycées : l’application mobile est comptée".to_owned(),
            explication: "Depuis la rentrée, le marqueur est aussi dans l’application mobile : \
                          une partie de la hausse vient de là."
                .to_owned(),
            du: rentree,
            au: None,
            portee: PorteeIncident::Plateforme(conventions::SECONDAIRE.plateforme.to_owned()),
        },
    ]
}

async fn declarer(etat: &Etat, declaration: Declaration) -> Result<(), Faute> {
    let [administration, ..] = &LECTEURS;
    let auteur = etat.comptes().compte(administration.identifiant).await?;
    let auteur = auteur.ok_or("le compte de la démonstration a disparu")?;
    let trace = Trace {
        journal: etat.audit(),
        acteur: LIGNE_DE_COMMANDE,
    };
    let quand = etat.maintenant();
    etat.incidents()
        .declarer(trace, (&auteur, quand), declaration.verifiee()?)
        .await?;
    Ok(())
}
