//! `frequent recu`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::recus::{Etat, verifier};

use super::{Resultat, dire};

/// What can be done with signed receipts.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Vérifier la signature d’un reçu, sans réseau ; code de sortie 1 si elle est fausse
    Verifier {
        /// Le reçu, tel que l’instance l’a donné
        fichier: PathBuf,
        /// Clé publique de l’instance (« frequent key show », ou /v1/cle-publique)
        #[arg(long)]
        cle: String,
    },
}

impl Action {
    /// Checks a receipt.
    pub fn executer(self) -> Resultat {
        let Self::Verifier { fichier, cle } = self;
        let texte = std::fs::read_to_string(&fichier)
            .map_err(|source| format!("{} : {source}", fichier.display()))?;
        let recu =
            verifier(&texte, &cle).map_err(|faute| format!("{} : {faute}", fichier.display()))?;
        let etat = match recu.etat {
            Etat::Definitif => "définitif",
            Etat::Provisoire => "provisoire",
        };
        dire(format_args!(
            "Signature bonne. Reçu {etat} de la clé {} pour le {} : {} événements reçus, {} \
             acceptés, {} refusés.",
            recu.cle,
            recu.jour,
            recu.recus,
            recu.acceptes,
            recu.refuses.values().sum::<i64>()
        ));
        Ok(ExitCode::SUCCESS)
    }
}
