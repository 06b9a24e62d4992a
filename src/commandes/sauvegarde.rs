//! `frequent backup` and `frequent restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use frequent_api::audit::{Action as Fait, AuditErreur, Ecriture, Journal, LIGNE_DE_COMMANDE};
use frequent_api::base::AdresseBase;
use frequent_api::sauvegarde::{
    Manifeste, Reprise, SauvegardeErreur, Secret, est_neuve, reprendre_la_base, restaurer,
    sauvegarder,
};
use frequent_plan::{Fuseaux, Lac};
use serde_json::json;

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::base::{avec_la_base, avec_le_journal};

/// Arguments of `frequent backup`.
#[derive(Debug, Args)]
pub struct Sauvegarder {
    /// L’archive à créer
    archive: PathBuf,
    /// Fichier qui contient la phrase secrète, seule
    #[arg(long, value_name = "FICHIER", required_unless_present = "destinataire")]
    phrase: Option<PathBuf>,
    /// Clé publique age1… de qui pourra restaurer, plutôt qu’une phrase ; plusieurs fois au besoin
    #[arg(long, value_name = "age1…", conflicts_with = "phrase")]
    destinataire: Vec<String>,
}

impl Sauvegarder {
    /// Backs everything up, encrypted, while the server runs.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        let secret = match &self.phrase {
            Some(phrase) => Secret::phrase_de(phrase)?,
            None => Secret::destinataires(&self.destinataire)?,
        };
        let adresse = reglages.base.adresse()?;
        let manifeste = avec_le_journal(&lac, &adresse, async |base, journal| {
            let manifeste = sauvegarder(&lac, base, &secret, &self.archive).await?;
            inscrire(journal, "sauvegarde", &manifeste).await?;
            Ok(manifeste)
        })?;
        dire(format_args!(
            "{} : {} fichiers, {} octets, chiffrés.",
            self.archive.display(),
            manifeste.nombre(),
            manifeste.octets()
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// Arguments of `frequent restore`.
#[derive(Debug, Args)]
pub struct Restaurer {
    /// L’archive
    archive: PathBuf,
    /// Fichier qui contient la phrase secrète, seule
    #[arg(long, value_name = "FICHIER", required_unless_present = "identite")]
    phrase: Option<PathBuf>,
    /// Fichier des clés secrètes AGE-SECRET-KEY-1…, plutôt qu’une phrase
    #[arg(long, value_name = "FICHIER", conflicts_with = "phrase")]
    identite: Option<PathBuf>,
    /// Copie du registre des destructions plus récente que l’archive : ce qu’il dit est détruit
    #[arg(long, value_name = "FICHIER")]
    registre: Option<PathBuf>,
}

impl Restaurer {
    /// Restores into the data folder, which must be empty.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        let secret = match (&self.phrase, &self.identite) {
            (Some(phrase), _) => Secret::phrase_de(phrase)?,
            (None, Some(identite)) => Secret::identites_de(identite)?,
            (None, None) => return Err(SauvegardeErreur::Identite.into()),
        };
        let reprise = Reprise {
            durees: reglages.conservation.durees(),
            jour: Fuseaux::charger()?.aujourdhui(),
            registre: self.registre.as_deref(),
        };
        let adresse = reglages.base.adresse()?;
        if let AdresseBase::Url(_) = adresse
            && !avec_la_base(&lac, &adresse, async |base| Ok(est_neuve(base).await?))?
        {
            return Err(SauvegardeErreur::BaseServie.into());
        }
        let (manifeste, detruits) = restaurer(&self.archive, &secret, &lac, reprise)?;
        avec_le_journal(&lac, &adresse, async |base, journal| {
            reprendre_la_base(base, &lac).await?;
            Ok(inscrire(journal, "restauration", &manifeste).await?)
        })?;
        dire(format_args!(
            "{} : {} fichiers du {}, vérifiés ; {} partie(s) échues depuis, détruites.",
            lac.racine().display(),
            manifeste.nombre(),
            manifeste.fait_a,
            detruits.len()
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// Tells the audit trail of an archive made or restored.
async fn inscrire(journal: &Journal, fait: &str, manifeste: &Manifeste) -> Result<(), AuditErreur> {
    let ecriture = Ecriture::new(LIGNE_DE_COMMANDE, Fait::Sauvegarde, fait);
    let detail = json!({
        "fichiers": manifeste.nombre(), "octets": manifeste.octets(), "du": manifeste.fait_a,
    });
    journal.inscrire(ecriture.avec(detail)).await.map(drop)
}
