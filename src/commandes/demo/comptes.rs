//! The demo's accounts: one for each kind of reader, all with the password shown on the screen.

use frequent_api::comptes::{Comptes, Droits, MotDePasse, Perimetre, Role};
use frequent_plan::Niveau;

use crate::service::serveur::Faute;

/// Somebody who signs in.
pub(super) struct Lecteur {
    pub(super) identifiant: &'static str,
    pub(super) nom: &'static str,
    role: Role,
    /// None for who reads no figure.
    lieu: Option<(Niveau, &'static str)>,
    /// The platforms whose tagging quality is seen.
    plateformes: &'static [&'static str],
    /// What the screen says of this account.
    pub(super) quoi: &'static str,
}

/// Everyone, the one who sees everything first.
pub(super) const LECTEURS: [Lecteur; 4] = [
    Lecteur {
        identifiant: "demo",
        nom: "Camille Roques",
        role: Role::Administrateur,
        lieu: Some((Niveau::Region, super::REGION)),
        plateformes: &["ENT-OCC", "ONE-OCC"],
        quoi: "administration, toute l’Occitanie",
    },
    Lecteur {
        identifiant: "dsden",
        nom: "Sacha Ferrer",
        role: Role::Dsden,
        lieu: Some((Niveau::Departement, super::DEPARTEMENT)),
        plateformes: &[],
        quoi: "DSDEN des Pyrénées-Orientales",
    },
    Lecteur {
        identifiant: "conseil",
        nom: "Dominique Vidal",
        role: Role::Conseiller,
        lieu: Some((Niveau::Circonscription, "0660055B")),
        plateformes: &[],
        quoi: "circonscription de Céret",
    },
    Lecteur {
        identifiant: "editeur",
        nom: "Alix Moreau",
        role: Role::Fournisseur,
        lieu: None,
        plateformes: &["ONE-OCC"],
        quoi: "éditeur : marquage et intégration",
    },
];

/// Opens the accounts that are not.
pub(super) async fn ouvrir(comptes: &Comptes, mot_de_passe: &str) -> Result<(), Faute> {
    for lecteur in &LECTEURS {
        if comptes.compte(lecteur.identifiant).await?.is_some() {
            continue;
        }
        let perimetre = lecteur.lieu.map(|(niveau, code)| Perimetre {
            niveau,
            code: code.to_owned(),
        });
        let plateformes = lecteur.plateformes.iter().map(|&nom| nom.to_owned());
        let droits = Droits::new(perimetre, plateformes)?.avec_role(lecteur.role);
        let mot_de_passe = MotDePasse::new(mot_de_passe);
        comptes
            .creer(lecteur.identifiant, lecteur.nom, mot_de_passe, droits)
            .await?;
    }
    Ok(())
}
