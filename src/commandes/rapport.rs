//! `frequent rapport`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use frequent_api::audit::LIGNE_DE_COMMANDE;
use frequent_api::comptes::Perimetre;
use frequent_api::rapports::{Abonnement, EtatEnvoi, Rapports, ecrire_apercu, envoyer_maintenant};

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::serveur::etat_seul;

/// What can be done with reports.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Écrire un rapport dans un fichier .html ou .pdf, avec les droits d’un compte
    Apercu {
        /// comite ou lettre
        #[arg(value_parser = modele)]
        modele: frequent_reports::Modele,
        /// Le territoire, niveau:code
        territoire: Perimetre,
        /// Le compte dont les droits valent
        #[arg(long)]
        compte: String,
        /// Un jour de la semaine (lettre) ou du semestre (comité) voulu ; sans lui, le rapport
        /// qui partirait aujourd’hui
        #[arg(long)]
        jour: Option<frequent_plan::Jour>,
        /// Le fichier à écrire, en .html ou en .pdf
        #[arg(long)]
        sortie: PathBuf,
    },
    /// Envoyer tout de suite un rapport, par son identifiant
    Envoyer {
        /// Identifiant du rapport (frequent rapport lister)
        id: String,
    },
    /// Lister les rapports envoyés, et comment s’est passé le dernier envoi
    Lister,
}

/// A report on a line: what it is, how the last sending went, when it is tried again.
fn ligne(un: &Abonnement) -> String {
    let demande = &un.demande;
    let dernier = un.dernier.as_ref().map_or_else(
        || "jamais envoyé".to_owned(),
        |dernier| {
            let raison = dernier.raison.as_deref().unwrap_or_default();
            let quand = dernier.le.timestamp();
            format!("{} {quand} {raison}", dernier.etat.code())
        },
    );
    let essai = match un.essais {
        0 => String::new(),
        _ => format!("\tnouvel essai {}", un.prochain_essai.timestamp()),
    };
    format!(
        "{}\t{}\t{}:{}\t{}\t{}\t{}{essai}",
        un.id,
        demande.modele,
        demande.niveau,
        demande.code,
        demande.destinataire,
        demande.rythme.code(),
        dernier.trim_end()
    )
}

fn modele(texte: &str) -> Result<frequent_reports::Modele, String> {
    frequent_reports::Modele::de_code(texte)
        .ok_or_else(|| format!("« {texte} » : comite ou lettre"))
}

impl Action {
    /// Writes, sends or lists.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let moteur = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        moteur.block_on(async {
            let etat = etat_seul(reglages).await?;
            let resultat = self.agir(&etat).await;
            etat.base().fermer().await;
            resultat
        })
    }

    async fn agir(self, etat: &Arc<frequent_api::Etat>) -> Resultat {
        let rapports = Rapports::new(etat.base());
        match self {
            Self::Lister => {
                for un in rapports.lister().await? {
                    dire(ligne(&un));
                }
                Ok(ExitCode::SUCCESS)
            }
            Self::Envoyer { id } => {
                let un = rapports.un(&id).await?;
                let un = un.ok_or_else(|| format!("il n’y a pas de rapport « {id} »"))?;
                let dernier = envoyer_maintenant(etat, &un, LIGNE_DE_COMMANDE).await?;
                if dernier.etat == EtatEnvoi::Echec {
                    return Err(dernier.raison.unwrap_or_default().into());
                }
                dire(dernier.etat.code());
                Ok(ExitCode::SUCCESS)
            }
            Self::Apercu {
                modele,
                territoire,
                compte,
                jour,
                sortie,
            } => {
                let lieu = (territoire.niveau, territoire.code.as_str());
                let en_pdf = match sortie.extension().and_then(|e| e.to_str()) {
                    Some("pdf") => true,
                    Some("html") => false,
                    _ => return Err("--sortie : un fichier en .html ou en .pdf".into()),
                };
                let acteur = LIGNE_DE_COMMANDE;
                let ecrit = ecrire_apercu(etat, &compte, modele, lieu, jour, acteur).await?;
                let contenu = if en_pdf { ecrit.pdf } else { ecrit.html.into() };
                std::fs::write(&sortie, contenu)?;
                dire(sortie.display());
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}
