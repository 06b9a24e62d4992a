//! `frequent account`.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use frequent_api::base::Base;
use frequent_api::comptes::{Compte, Comptes, Droits, MotDePasse, Perimetre, ReglagesComptes};
use frequent_plan::{HorlogeSysteme, Lac};

use super::{Resultat, dire};
use crate::reglages::Reglages;

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
        /// Territoire qu’il peut voir : niveau:code, par exemple circonscription:0660055B
        #[arg(long, required_unless_present = "plateformes")]
        perimetre: Option<Perimetre>,
        /// Plateforme dont il voit la qualité du marquage ; à répéter s’il y en a plusieurs
        #[arg(long = "plateforme")]
        plateformes: Vec<String>,
    },
    /// Lister les comptes
    List,
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
        let moteur = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        moteur.block_on(async {
            let base = Base::ouvrir(&lac, &reglages.base.adresse()?).await?;
            let horloge = Arc::new(HorlogeSysteme);
            let comptes = Comptes::new(base.clone(), horloge, ReglagesComptes::default())?;
            let resultat = self.agir(&comptes).await;
            base.fermer().await;
            resultat
        })
    }

    async fn agir(self, comptes: &Comptes) -> Resultat {
        match self {
            Self::Add {
                identifiant,
                nom,
                perimetre,
                plateformes,
            } => {
                let droits = Droits::new(perimetre, plateformes)?;
                let compte = comptes
                    .creer(&identifiant, &nom, mot_de_passe()?, droits)
                    .await?;
                dire(format_args!("Compte {} créé.", compte.identifiant));
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
            Self::Password { identifiant } => {
                comptes
                    .changer_mot_de_passe(&identifiant, mot_de_passe()?)
                    .await?;
                dire(format_args!(
                    "Mot de passe de {identifiant} changé, sessions fermées."
                ));
            }
            Self::Remove { identifiant } => {
                comptes.supprimer(&identifiant).await?;
                dire(format_args!("Compte {identifiant} supprimé."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// An account as a line: its identifier, its name, the territory and the platforms it sees.
fn ligne(compte: &Compte) -> String {
    let territoire = compte.droits.perimetre().map(Perimetre::to_string);
    let plateformes = compte.droits.plateformes().iter();
    let vues: Vec<String> = territoire
        .into_iter()
        .chain(plateformes.map(|nom| format!("plateforme:{nom}")))
        .collect();
    format!(
        "{}\t{}\t{}",
        compte.identifiant,
        compte.nom,
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
