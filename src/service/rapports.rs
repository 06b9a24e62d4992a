//! Reports that are due are sent, again and again if need be.

use std::sync::Arc;
use std::time::Duration;

use frequent_api::Etat;
use frequent_api::rapports::tour;

/// Looks for what is due as long as this one runs.
pub async fn suivre(etat: Arc<Etat>, intervalle: Duration) {
    loop {
        match tour(&etat).await {
            Ok(envois) => {
                for envoi in envois {
                    let issue = envoi.etat.code();
                    metrics::counter!("frequent_rapports_total", "issue" => issue).increment(1);
                    tracing::info!(rapport = %envoi.id, issue, "report due");
                }
            }
            Err(faute) => tracing::error!(%faute, "reports due not looked at"),
        }
        tokio::time::sleep(intervalle).await;
    }
}
