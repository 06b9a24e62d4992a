//! Logs: on standard error, for people or for a collector. They never hold personal data, person
//! identifiers, addresses or keys: nothing of the kind is ever passed to them.

use tracing::level_filters::LevelFilter;

use crate::reglages::{FormatJournaux, General, NiveauJournaux};

/// Sends the program's logs to standard error, once, as the settings say.
pub fn installer(reglages: &General) {
    let niveau = match reglages.niveau_journaux {
        NiveauJournaux::Error => LevelFilter::ERROR,
        NiveauJournaux::Warn => LevelFilter::WARN,
        NiveauJournaux::Info => LevelFilter::INFO,
        NiveauJournaux::Debug => LevelFilter::DEBUG,
    };
    let abonne = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(niveau);
    // A second call finds a subscriber in place and leaves it: there is nothing to report.
    let _deja_installe = match reglages.journaux {
        FormatJournaux::Texte => abonne.try_init(),
        FormatJournaux::Json => {
            // A collector reads JSON only, even from a thread that ends abnormally.
            std::panic::set_hook(Box::new(|panique| {
                let lieu = panique.location().map(ToString::to_string);
                tracing::error!(lieu, "a thread ended abnormally");
            }));
            abonne.json().try_init()
        }
    };
}
