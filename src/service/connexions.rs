//! The connections that the settings ask for, within what the system allows.

use std::time::Duration;

use frequent_ingest::http::ReglagesConnexions;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::reglages::Connexions;

/// Files that the server opens besides its connections: log, lake, accounts.
const AUTRES_FICHIERS: u64 = 512;

/// The bounds of the connections. The process asks for as many open files as the system lets it
/// have: services are often started with room for a thousand only.
pub fn reglages(choix: &Connexions) -> ReglagesConnexions {
    let voulues = u64::from(choix.max);
    let permises = ouvrir_la_limite()
        .map_or(voulues, |fichiers| fichiers.saturating_sub(AUTRES_FICHIERS))
        .max(1);
    if permises < voulues {
        tracing::warn!(
            voulues,
            permises,
            "fewer connections than set: the system allows too few open files"
        );
    }
    ReglagesConnexions {
        max: usize::try_from(voulues.min(permises)).unwrap_or(usize::MAX),
        silence: Duration::from_secs(choix.silence_s.into()),
        requete: Duration::from_secs(choix.requete_s.into()),
        tete_octets: (choix.tete_max_kio as usize) << 10,
    }
}

/// Raises the limit of open files to what may be asked for; none is no limit.
fn ouvrir_la_limite() -> Option<u64> {
    let limite = getrlimit(Resource::Nofile);
    let levee = Rlimit {
        current: limite.maximum,
        ..limite
    };
    match setrlimit(Resource::Nofile, levee) {
        Ok(()) => limite.maximum,
        Err(_) => limite.current,
    }
}
