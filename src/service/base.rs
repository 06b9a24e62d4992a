//! The database of a data folder, opened for one thing by who is not the server.

use std::sync::Arc;

use frequent_api::audit::Journal;
use frequent_api::base::{AdresseBase, Base};
use frequent_plan::{HorlogeSysteme, Lac};

use super::serveur::Faute;

/// Opens the database, does this with it, and closes it whatever came of it.
///
/// # Errors
/// The database cannot be opened, or what is done with it fails.
pub fn avec_la_base<T>(
    lac: &Lac,
    adresse: &AdresseBase,
    faire: impl AsyncFnOnce(&Base) -> Result<T, Faute>,
) -> Result<T, Faute> {
    let moteur = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    moteur.block_on(async {
        let base = Base::ouvrir(lac, adresse).await?;
        let fait = faire(&base).await;
        base.fermer().await;
        fait
    })
}

/// As [`avec_la_base`], with the audit trail that is to tell of it.
///
/// # Errors
/// As [`avec_la_base`], or the trail's key cannot be read.
pub fn avec_le_journal<T>(
    lac: &Lac,
    adresse: &AdresseBase,
    faire: impl AsyncFnOnce(&Base, &Journal) -> Result<T, Faute>,
) -> Result<T, Faute> {
    avec_la_base(lac, adresse, async |base| {
        let journal = Journal::new(base.clone(), lac, Arc::new(HorlogeSysteme))?;
        faire(base, &journal).await
    })
}
