//! Reading beforehand what the next questions would read.

use std::sync::Arc;
use std::time::Duration;

use frequent_api::Etat;

/// How long after what changed is known.
const INTERVALLE: Duration = Duration::from_secs(20);

/// Reads what changed, now and then, apart from requests.
pub(super) async fn suivre(etat: Arc<Etat>) {
    loop {
        let lu = Arc::clone(&etat);
        match tokio::task::spawn_blocking(move || lu.rechauffer()).await {
            Ok(Ok(())) => {}
            Ok(Err(faute)) => tracing::warn!(%faute, "figures not read beforehand"),
            Err(faute) => tracing::warn!(%faute, "figures not read beforehand"),
        }
        tokio::time::sleep(INTERVALLE).await;
    }
}
