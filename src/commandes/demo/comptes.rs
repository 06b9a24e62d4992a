//! The demo's accounts: one for each kind of reader, all with the password shown on the screen.

use frequent_api::comptes::{Comptes, Droits, MotDePasse, Perimetre, Role};
use frequent_plan::Niveau;
use frequent_simulate::Plateforme;

use crate::service::serveur::Faute;

/// Somebody who signs in.
pub(super) struct Lecteur {
    pub(super) identifiant: &'static str,
    pub(super) nom: &'static str,
    role: Role,
    lieu: (Niveau, &'static str),
    /// What the screen says of this account.
    pub(super) quoi: &'static str,
}

/// Everyone, the one who sees everything first.
pub(super) const LECTEURS: [Lecteur; 4] = [
    Lecteur {
        identifiant: "demo",
        nom: "Camille Roques",
        role: Role::Administrateur,
        lieu: (Niveau::Region, super::REGION),
        quoi: "administration, toute l’Occitanie",
    },
    Lecteur {
        identifiant: "dsden",
        nom: "Sacha Ferrer",
        role: Role::Dsden,
        lieu: (Niveau::Departement, super::DEPARTEMENT),
        quoi: "DSDEN des Pyrénées-Orientales",
    },
    Lecteur {
        identifiant: "conseil",
        nom: "Dominique Vidal",
        role: Role::Conseiller,
        lieu: (Niveau::Circonscription, "0660055B"),
        quoi: "circonscription de Céret",
    },
    Lecteur {
        identifiant: "editeur",
        nom: "Alix Moreau",
        role: Role::Fournisseur,
        lieu: (Niveau::Region, super::REGION),
        quoi: "éditeur : marquage et intégration",
    },
];

/// Opens the accounts that are not.
pub(super) async fn ouvrir(comptes: &Comptes, mot_de_passe: &str) -> Result<(), Faute> {
    for lecteur in &LECTEURS {
        if comptes.compte(lecteur.identifiant).await?.is_some() {
            continue;
        }
        let (niveau, code) = lecteur.lieu;
        let perimetre = Perimetre {
            niveau,
            code: code.to_owned(),
        };
        let plateformes = Plateforme::deux_degres().into_iter().map(|p| p.nom);
        let droits = Droits::new(Some(perimetre), plateformes)?.avec_role(lecteur.role);
        let mot_de_passe = MotDePasse::new(mot_de_passe);
        comptes
            .creer(lecteur.identifiant, lecteur.nom, mot_de_passe, droits)
            .await?;
    }
    Ok(())
}
