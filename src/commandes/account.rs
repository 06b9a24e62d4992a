//! `frequent account`.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use frequent_api::audit::{Action as Fait, Ecriture, Journal, LIGNE_DE_COMMANDE};
use frequent_api::comptes::{
    Compte, Comptes, ComptesErreur, Droits, MotDePasse, Perimetre, ReglagesComptes, Role,
};
use frequent_plan::{HorlogeSysteme, Lac};
use serde_json::json;

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::base::avec_le_journal;

const VARIABLE: &str = "FREQUENT_MOT_DE_PASSE";

/// What can be done with accounts. A password is never an argument: other users of the machine
/// would read it in the list of processes.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Créer un compte ; son mot de passe est lu dans `FREQUENT_MOT_DE_PASSE`, ou demandé
    Add {
        /// Identifiant de connexion
        identifiant: String,
        /// Nom de la personne
        #[arg(long)]
        nom: String,
        /// Territoire qu’il peut voir : niveau:code, par exemple circonscription:0660055B ; à
        /// répéter s’il y en a plusieurs
        #[arg(long = "perimetre", required_unless_present_any = ["plateformes", "ensembles"])]
        perimetres: Vec<Perimetre>,
        /// Périmètre nommé qu’il peut voir, par son identifiant ; à répéter s’il y en a plusieurs
        #[arg(long = "ensemble")]
        ensembles: Vec<String>,
        /// Son rôle ; sans lui, celui qui va avec le territoire
        #[arg(long)]
        role: Option<Role>,
        /// Plateforme dont il voit la qualité du marquage ; à répéter s’il y en a plusieurs
        #[arg(long = "plateforme")]
        plateformes: Vec<String>,
    },
    /// Changer le rôle d’un compte ; ce qu’il voit reste, ses sessions se ferment
    Role {
        /// Identifiant de connexion
        identifiant: String,
        /// Son nouveau rôle
        role: Role,
    },
    /// Lister les comptes
    List,
    /// Faire un lien d’invitation, par lequel la personne choisit son mot de passe
    Invite {
        /// Identifiant de connexion
        identifiant: String,
    },
    /// Retirer les codes à usage unique d’un compte, dont le téléphone est perdu
    Codes {
        /// Identifiant de connexion
        identifiant: String,
    },
    /// Fermer toutes les sessions d’un compte
    Sessions {
        /// Identifiant de connexion
        identifiant: String,
    },
    /// Changer un mot de passe et fermer les sessions ouvertes
    Password {
        /// Identifiant de connexion
        identifiant: String,
    },
    /// Supprimer un compte et ses sessions
    Remove {
        /// Identifiant de connexion
        identifiant: String,
    },
}

impl Action {
    /// Opens the accounts, acts, closes them.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        avec_le_journal(&lac, &reglages.base.adresse()?, async |base, journal| {
            let (horloge, defaut) = (Arc::new(HorlogeSysteme), ReglagesComptes::default());
            let comptes = Comptes::new(base.clone(), &lac, horloge, defaut)?;
            self.agir(&comptes, journal, reglages).await
        })
    }

    async fn agir(self, comptes: &Comptes, journal: &Journal, reglages: &Reglages) -> Resultat {
        let inscrire = async |action, compte: &str| {
            let ecriture = Ecriture::new(LIGNE_DE_COMMANDE, action, compte);
            journal.inscrire(ecriture).await
        };
        match self {
            Self::Add {
                identifiant,
                nom,
                perimetres,
                ensembles,
                role,
                plateformes,
            } => {
                let deduit = Role::deduit(perimetres.first().map(|p| p.niveau));
                let territoires = perimetres.into_iter().map(|p| (p.niveau, p.code));
                let propre = frequent_territory::Perimetre::new(territoires, []);
                let mut nommes = Vec::new();
                for id in ensembles {
                    let nomme = comptes.perimetre(&id).await?;
                    nommes.push(nomme.ok_or(ComptesErreur::PerimetreInconnu(id))?);
                }
                let role = role.unwrap_or(deduit);
                let droits = Droits::composes(role, propre, nommes, plateformes)?;
                let compte = comptes
                    .creer(&identifiant, &nom, mot_de_passe()?, droits)
                    .await?;
                inscrire(Fait::CompteCree, &compte.identifiant).await?;
                dire(format_args!("Compte {} créé.", compte.identifiant));
            }
            Self::Role { identifiant, role } => {
                let compte = comptes.compte(&identifiant).await?;
                let compte = compte.ok_or(ComptesErreur::Inconnu(identifiant))?;
                let droits = compte.droits.clone().avec_role(role);
                let (identifiant, nom) = (&compte.identifiant, &compte.nom);
                comptes.modifier(identifiant, nom, droits).await?;
                let ecriture = Ecriture::new(LIGNE_DE_COMMANDE, Fait::CompteModifie, identifiant);
                let detail = json!({"role": role, "avant": compte.droits.role()});
                journal.inscrire(ecriture.avec(detail)).await?;
                let fermees = comptes.revoquer_sessions(identifiant).await?;
                dire(format_args!(
                    "{identifiant} : {role}. Sessions fermées : {fermees}."
                ));
            }
            Self::List => {
                let liste = comptes.lister().await?;
                if liste.is_empty() {
                    dire("Aucun compte. Créez-en un : frequent account add --help");
                }
                for compte in liste {
                    dire(ligne(&compte));
                }
            }
            Self::Invite { identifiant } => {
                let invitation = comptes.inviter(&identifiant).await?;
                inscrire(Fait::Invitation, &identifiant).await?;
                let url = &reglages.serveur.url_publique;
                let defaut = format!("http://{}", reglages.serveur.adresse);
                let racine = if url.is_empty() { &defaut } else { url };
                let racine = racine.trim_end_matches('/');
                dire(format_args!("{racine}/invitation/{}", invitation.jeton));
                dire("À transmettre par un canal sûr : il sert une fois, pendant sept jours.");
            }
            Self::Codes { identifiant } => {
                comptes.retirer_code(&identifiant).await?;
                inscrire(Fait::Codes, &identifiant).await?;
                dire(format_args!(
                    "{identifiant} s’inscrira de nouveau à sa prochaine connexion."
                ));
            }
            Self::Sessions { identifiant } => {
                let fermees = comptes.revoquer_sessions(&identifiant).await?;
                inscrire(Fait::SessionFermee, &identifiant).await?;
                dire(format_args!("Sessions fermées : {fermees}."));
            }
            Self::Password { identifiant } => {
                comptes
                    .changer_mot_de_passe(&identifiant, mot_de_passe()?)
                    .await?;
                inscrire(Fait::MotDePasse, &identifiant).await?;
                dire(format_args!(
                    "Mot de passe de {identifiant} changé, sessions fermées."
                ));
            }
            Self::Remove { identifiant } => {
                comptes.supprimer(&identifiant).await?;
                inscrire(Fait::CompteSupprime, &identifiant).await?;
                dire(format_args!("Compte {identifiant} supprimé."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// An account as a line: its identifier, its name, its role, the territories, named perimeters and the platforms it sees.
fn ligne(compte: &Compte) -> String {
    let droits = &compte.droits;
    let territoires = droits.territoires().iter();
    let vues: Vec<String> = territoires
        .map(|(niveau, code)| format!("{niveau}:{code}"))
        .chain(
            droits
                .ensembles()
                .iter()
                .map(|e| format!("ensemble:{}", e.id)),
        )
        .chain(
            droits
                .plateformes()
                .iter()
                .map(|nom| format!("plateforme:{nom}")),
        )
        .collect();
    format!(
        "{}\t{}\t{}\t{}",
        compte.identifiant,
        compte.nom,
        droits.role(),
        vues.join(", ")
    )
}

/// The password from the environment, else one line of standard input.
fn mot_de_passe() -> std::io::Result<MotDePasse> {
    if let Ok(donne) = std::env::var(VARIABLE) {
        return Ok(MotDePasse::new(donne));
    }
    let entree = std::io::stdin();
    if entree.is_terminal() {
        dire(format_args!(
            "Mot de passe (il s’affiche ; sinon, donnez-le dans {VARIABLE}) :"
        ));
    }
    let mut ligne = String::new();
    entree.lock().read_line(&mut ligne)?;
    Ok(MotDePasse::new(ligne.trim_end_matches(['\r', '\n'])))
}
