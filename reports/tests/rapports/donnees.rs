//! The figures of a report that has everything: accents, blanks, an unfinished period.

use frequent_plan::{Jour, Niveau};
use frequent_reports::{
    Comparee, Deploiement, Donnees, Duree, EcoleASuivre, Etendue, Lieu, LigneEcole, LigneProfil,
    LigneService, Modele, Participation, Valeur,
};

pub fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

pub fn ecole(nom: &str, visites: Valeur, precedentes: Valeur) -> LigneEcole {
    LigneEcole {
        nom: nom.to_owned(),
        commune: "Le Boulou".to_owned(),
        visites,
        utilisateurs: match visites {
            Valeur::Nombre(visites) => Valeur::Nombre(visites / 4),
            blanc => blanc,
        },
        comparees: visites,
        precedentes,
    }
}

/// The days of a report of this kind, and those compared with: a committee's half is not over.
fn etendue(modele: Modele) -> (Etendue, Comparee) {
    let lettre = modele == Modele::Lettre;
    let etendue = if lettre {
        Etendue {
            duree: Duree::Semaine,
            debut: jour("2026-11-16"),
            arretee: jour("2026-11-22"),
            fin: jour("2026-11-22"),
            en_cours: false,
        }
    } else {
        Etendue {
            duree: Duree::Semestre {
                second: false,
                annee: "2026-2027".to_owned(),
            },
            debut: jour("2026-08-01"),
            arretee: jour("2026-11-22"),
            fin: jour("2027-01-31"),
            en_cours: true,
        }
    };
    let comparee = if lettre {
        Comparee {
            debut: jour("2026-11-09"),
            fin: jour("2026-11-15"),
            deployees: None,
        }
    } else {
        Comparee {
            debut: jour("2025-08-02"),
            fin: jour("2025-11-23"),
            deployees: Some(2),
        }
    };
    (etendue, comparee)
}

/// What a report of this kind is made of.
pub fn donnees(modele: Modele) -> Donnees {
    let (etendue, comparee) = etendue(modele);
    let profil = |nom: &str, visites, utilisateurs| LigneProfil {
        nom: nom.to_owned(),
        visites,
        utilisateurs,
        taux: Valeur::SansObjet,
        duree_moyenne: Valeur::Duree(372_000.0),
        comparees: visites,
        precedentes: Valeur::Nombre(3_400),
    };
    Donnees {
        lieu: Lieu {
            niveau: Niveau::Circonscription,
            nom: "Céret <nord> & vallée".to_owned(),
        },
        destinataire: "Claire Durand".to_owned(),
        edite_le: jour("2026-11-23"),
        etendue,
        comparee: Some(comparee),
        sans_presence: None,
        annee: None,
        profils: vec![
            LigneProfil {
                taux: Valeur::Part(0.417),
                ..profil(
                    "Tous les profils",
                    Valeur::Nombre(3_812),
                    Valeur::Nombre(941),
                )
            },
            profil("Élèves", Valeur::Nombre(3_812), Valeur::Nombre(941)),
            profil("Parents", Valeur::Masque, Valeur::Masque),
        ],
        mesurees: 3,
        deployees: Some(4),
        deploiement: Some(Deploiement {
            deployees: 4,
            ouvertes: 4,
            actives: 2,
            jamais_visitees: 1,
            a_suivre: vec![EcoleASuivre {
                nom: "École des Acacias".to_owned(),
                commune: "Maureillas-las-Illas".to_owned(),
                raison: "aucune visite depuis le début de la convention".to_owned(),
            }],
            rentrees: vec![("2025-2026".to_owned(), 2), ("2026-2027".to_owned(), 4)],
            participations: vec![Participation {
                convention: "C-2026".to_owned(),
                autorite: "Céret".to_owned(),
                ecoles: 4,
                total: "180,00".to_owned(),
            }],
        }),
        semaines: (0..12)
            .map(|rang| {
                let visites = match rang {
                    7 => Valeur::Masque,
                    _ => Valeur::Nombre(i64::from(rang) * 350),
                };
                (jour("2026-08-31").plus(7 * rang), visites)
            })
            .collect(),
        services: vec![LigneService {
            nom: "Cahier de textes".to_owned(),
            visites: Valeur::Nombre(1_204),
            utilisateurs: Valeur::Nombre(512),
        }],
        ecoles: vec![
            ecole(
                "École La Suberaie",
                Valeur::Nombre(1_000),
                Valeur::Nombre(1_400),
            ),
            ecole("École Masquée", Valeur::Masque, Valeur::Nombre(40)),
            ecole("École Muette", Valeur::NonMesure, Valeur::SansObjet),
            ecole("École Vide", Valeur::Nombre(0), Valeur::Nombre(0)),
        ],
        definitions: vec![("visites".to_owned(), "Nombre de visites.".to_owned())],
    }
}
