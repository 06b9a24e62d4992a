//! `frequent audit`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use frequent_api::audit::{
    Action as Fait, Ecriture, FiltreAudit, Journal, LIGNE_DE_COMMANDE, Ligne,
};
use frequent_plan::Lac;

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::base::avec_le_journal;

/// Rows written at a time.
const LOT: i64 = 1_000;

/// What can be done with the audit trail.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Vérifier que rien n’y a été modifié, retiré ni déplacé
    Verifier,
    /// L’écrire sur la sortie standard
    Export {
        /// Sa forme
        #[arg(long, value_enum, default_value_t = Forme::Csv)]
        format: Forme,
    },
}

/// A form of the trail.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Forme {
    /// Un tableau, champs séparés par des points-virgules
    Csv,
    /// Un objet JSON par ligne
    Ndjson,
}

impl Action {
    /// Opens the trail, acts, closes it. A trail that does not hold together gives 3.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        avec_le_journal(
            &lac,
            &reglages.base.adresse()?,
            async |_, journal| match self {
                Self::Verifier => verifier(journal).await,
                Self::Export { format } => exporter(journal, format).await,
            },
        )
    }
}

async fn verifier(journal: &Journal) -> Resultat {
    let bilan = journal.verifier().await?;
    for anomalie in &bilan.anomalies {
        dire(anomalie);
    }
    if bilan.anomalies.is_empty() {
        dire(format_args!(
            "{} lignes, chaînées et entières.",
            bilan.lignes
        ));
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(3))
}

async fn exporter(journal: &Journal, forme: Forme) -> Resultat {
    let mut sortie = std::io::stdout().lock();
    if matches!(forme, Forme::Csv) {
        writeln!(sortie, "{}", Ligne::ENTETE.join(";"))?;
    }
    let mut filtre = FiltreAudit {
        limite: LOT,
        ..FiltreAudit::default()
    };
    loop {
        let lot = journal.lire(&filtre).await?;
        let Some(derniere) = lot.last() else {
            break;
        };
        filtre.apres = derniere.rang;
        for ligne in &lot {
            match forme {
                Forme::Csv => sortie.write_all(&ligne.csv()?)?,
                Forme::Ndjson => writeln!(sortie, "{}", ligne.json())?,
            }
        }
    }
    let ecriture = Ecriture::new(LIGNE_DE_COMMANDE, Fait::ExportAudit, "audit");
    journal.inscrire(ecriture).await?;
    Ok(ExitCode::SUCCESS)
}
