//! Conventions changed by another process are taken within seconds.

use std::sync::Arc;
use std::time::Duration;

use frequent_api::Etat;

/// Time between two looks.
const INTERVALLE: Duration = Duration::from_secs(2);

/// Looks for changes as long as the server runs.
pub async fn suivre(etat: Arc<Etat>) {
    loop {
        tokio::time::sleep(INTERVALLE).await;
        if let Err(faute) = etat.actualiser_conventions().await {
            tracing::warn!(%faute, "conventions could not be read again");
        }
    }
}
