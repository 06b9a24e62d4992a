//! `frequent key`.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use frequent_api::audit::{Action as Fait, Ecriture, LIGNE_DE_COMMANDE};
use frequent_api::conservation::Conservateur;
use frequent_ingest::TrousseauDisque;
use frequent_ingest::recus::CleInstance;
use frequent_plan::conservation::{Objet, mort_de_la_cle};
use frequent_plan::{AnneeScolaire, Fuseaux, Lac, Trousseau};
use serde_json::json;

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::base::avec_le_journal;
use crate::service::serveur::Faute;

/// What can be done with the instance's own keys.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Afficher la clé publique qui vérifie les reçus ; la paire est créée au besoin
    Show,
    /// Les clés des pseudonymes : plateforme, année scolaire, date de destruction
    List,
    /// Créer les clés de l’année scolaire en cours pour toute plateforme connue (se fait seul)
    Rotate,
    /// Détruire la clé d’une plateforme et d’une année : ses pseudonymes ne mènent plus à personne
    Destroy {
        /// La plateforme
        plateforme: String,
        /// L’année scolaire, comme 2025-2026
        annee: AnneeScolaire,
        /// Détruire même la clé de l’année en cours : chacun y comptera deux fois
        #[arg(long)]
        en_cours: bool,
    },
}

impl Action {
    /// Shows, lists, makes or destroys keys.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        let durees = reglages.conservation.durees();
        let trousseau = Arc::new(TrousseauDisque::ouvrir(&lac)?);
        let annee_en_cours = Fuseaux::charger()?.aujourdhui().annee_scolaire();
        match self {
            Self::Show => dire(CleInstance::ouvrir(&lac)?.publique()),
            Self::List => {
                for cle in trousseau.lister()? {
                    let mort = mort_de_la_cle(cle.annee, &durees);
                    dire(format_args!(
                        "{}  {}  détruite le {mort}",
                        cle.annee, cle.plateforme
                    ));
                }
            }
            Self::Rotate => {
                let cles = trousseau.lister()?;
                let connues: BTreeSet<String> = cles.into_iter().map(|c| c.plateforme).collect();
                for plateforme in &connues {
                    trousseau.cle(plateforme, annee_en_cours)?;
                }
                dire(format_args!(
                    "{annee_en_cours} : {} plateforme(s) ont leur clé.",
                    connues.len()
                ));
            }
            Self::Destroy {
                plateforme,
                annee,
                en_cours,
            } => {
                if annee >= annee_en_cours && !en_cours {
                    return Err(format!(
                        "{annee} n’est pas finie : sans sa clé, les personnes déjà vues compteraient deux fois ; pour la détruire quand même : --en-cours"
                    )
                    .into());
                }
                let conservateur = Conservateur::new(lac.clone(), trousseau, durees);
                if !conservateur.detruire_la_cle(&plateforme, annee, "demande")? {
                    return Err(format!("aucune clé de {plateforme} pour {annee}").into());
                }
                dire(format_args!("Clé de {plateforme} pour {annee} détruite."));
                tracer(reglages, &lac, &Objet::Cle(annee, plateforme))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Tells the audit trail that a key was destroyed.
fn tracer(reglages: &Reglages, lac: &Lac, objet: &Objet) -> Result<(), Faute> {
    avec_le_journal(lac, &reglages.base.adresse()?, async |_, journal| {
        let objet = objet.to_string();
        let ecriture = Ecriture::new(LIGNE_DE_COMMANDE, Fait::Destruction, &objet);
        journal
            .inscrire(ecriture.avec(json!({"regle": "demande"})))
            .await?;
        Ok(())
    })
}
