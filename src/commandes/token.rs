//! `frequent token`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Subcommand;
use frequent_api::audit::{Action as Fait, Ecriture, Journal, LIGNE_DE_COMMANDE};
use frequent_api::comptes::{self, Comptes, ComptesErreur, DemandeJeton, Portee, ReglagesComptes};
use frequent_plan::{HorlogeSysteme, Lac};
use frequent_territory::{Annuaire, Annuaires, Perimetre};

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::base::avec_le_journal;

const JOUR: Duration = Duration::from_hours(24);

/// What can be done with API tokens.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Créer un jeton ; il s’affiche une seule fois
    Add {
        /// Compte dont il lit ce qu’il voit
        identifiant: String,
        /// Nom du jeton, par exemple celui du programme qui l’emploie
        #[arg(long)]
        nom: String,
        /// Ce qu’il permet : chiffres, export, qualite, conventions_lecture ; à répéter
        #[arg(long = "portee", required = true, value_parser = portee)]
        portees: Vec<Portee>,
        /// Territoire auquel il se limite, dans ceux du compte : niveau:code ; à répéter ; sans lui,
        /// tout ce que le compte voit
        #[arg(long = "perimetre", value_name = "NIVEAU:CODE")]
        perimetres: Vec<comptes::Perimetre>,
        /// Durée en jours, 366 au plus
        #[arg(long)]
        jours: u32,
    },
    /// Lister les jetons d’un compte
    List {
        /// Identifiant du compte
        identifiant: String,
    },
    /// Révoquer un jeton
    Revoke {
        /// Identifiant du compte
        identifiant: String,
        /// Identifiant du jeton
        id: String,
    },
}

fn portee(texte: &str) -> Result<Portee, String> {
    let connues = "chiffres, export, qualite ou conventions_lecture";
    Portee::de_code(texte).ok_or_else(|| format!("« {texte} » : {connues}"))
}

impl Action {
    /// Opens the accounts, acts, closes them.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        avec_le_journal(&lac, &reglages.base.adresse()?, async |base, journal| {
            let (horloge, defaut) = (Arc::new(HorlogeSysteme), ReglagesComptes::default());
            let comptes = Comptes::new(base.clone(), &lac, horloge, defaut)?;
            self.agir(&comptes, journal, &lac).await
        })
    }

    async fn agir(self, comptes: &Comptes, journal: &Journal, lac: &Lac) -> Resultat {
        let inscrire = async |id: &str| {
            let ecriture = Ecriture::new(LIGNE_DE_COMMANDE, Fait::JetonApi, id);
            journal.inscrire(ecriture).await
        };
        match self {
            Self::Add {
                identifiant,
                nom,
                portees,
                perimetres,
                jours,
            } => {
                let mut perimetre = Perimetre::default();
                for un in perimetres {
                    perimetre.joindre(un.into());
                }
                let compte = comptes.compte(&identifiant).await?;
                let compte = compte.ok_or(ComptesErreur::Inconnu(identifiant.clone()))?;
                let vu = compte.droits.perimetre();
                let dedans = |annuaire: &Arc<Annuaire>| vu.inclut(annuaire, &perimetre);
                if !perimetre.est_vide() && !Annuaires::ouvrir(lac)?.courant().is_some_and(dedans) {
                    return Err("ce périmètre n’est pas dans celui du compte".into());
                }
                let demande = DemandeJeton {
                    nom,
                    portees,
                    perimetre,
                    duree: JOUR * jours,
                };
                let neuf = comptes.creer_jeton(&identifiant, demande).await?;
                inscrire(&neuf.id).await?;
                dire(&neuf.texte);
                dire("Il ne sera plus affiché : seule son empreinte est gardée.");
            }
            Self::List { identifiant } => {
                for jeton in comptes.jetons(&identifiant).await? {
                    let portees: Vec<&str> = jeton.portees.iter().map(|p| p.code()).collect();
                    let vu = jeton.vu_le.map(|vu| vu.timestamp().to_string());
                    dire(format_args!(
                        "{}\t{}\t{}\texpire le {}\tservi le {}",
                        jeton.id,
                        jeton.nom,
                        portees.join(" "),
                        jeton.expire_le.timestamp(),
                        vu.as_deref().unwrap_or("jamais")
                    ));
                }
            }
            Self::Revoke { identifiant, id } => {
                comptes.revoquer_jeton(&identifiant, &id).await?;
                inscrire(&id).await?;
                dire(format_args!("Jeton {id} révoqué."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
