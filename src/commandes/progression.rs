//! Progress of a computation or of an import, shown when standard error is a terminal.

use frequent_aggregate::Suivi;
use frequent_ingest::import::{Bilan as BilanImport, Source, Suivi as SuiviImport};
use frequent_plan::{Grain, Periode};
use indicatif::{ProgressBar, ProgressStyle};

/// A bar that grows by one for each period counted.
pub struct Barre(ProgressBar);

impl Barre {
    /// An empty bar; nothing is drawn when standard error is not a terminal.
    pub fn nouvelle() -> Self {
        let barre = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            barre.set_style(style);
        }
        Self(barre)
    }

    /// Takes the bar off the screen.
    pub fn effacer(&self) {
        self.0.finish_and_clear();
    }
}

impl Suivi for Barre {
    fn travaux(&self, nombre: usize) {
        self.0.inc_length(nombre as u64);
    }

    fn commence(&self, periode: Periode) {
        let debut = periode.debut();
        self.0.set_message(match periode.grain() {
            Grain::Jour => format!("jour du {debut}"),
            Grain::Semaine => format!("semaine du {debut}"),
            Grain::Mois => format!("mois du {debut}"),
            Grain::Annee => format!("année scolaire {}", debut.annee_scolaire()),
        });
    }

    fn fait(&self, _periode: Periode) {
        self.0.inc(1);
    }
}

/// A bar that follows the bytes of a file being imported.
pub struct BarreImport(ProgressBar);

impl BarreImport {
    /// An empty bar; nothing is drawn when standard error is not a terminal.
    pub fn nouvelle() -> Self {
        Self(ProgressBar::no_length())
    }

    /// Takes the bar off the screen.
    pub fn effacer(&self) {
        self.0.finish_and_clear();
    }
}

impl SuiviImport for BarreImport {
    fn commence(&self, source: &Source, octets: Option<u64>) {
        let modele = match octets {
            Some(octets) => {
                self.0.set_length(octets);
                "{prefix} {bar:30} {bytes}/{total_bytes} {msg}"
            }
            None => "{prefix} {spinner} {bytes} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(modele) {
            self.0.set_style(style);
        }
        self.0.set_prefix(source.to_string());
    }

    fn avance(&self, octets: u64, bilan: &BilanImport) {
        self.0.set_position(octets);
        let millisecondes = self.0.elapsed().as_millis().max(1);
        let debit = u128::from(bilan.recus) * 1_000 / millisecondes;
        self.0.set_message(format!(
            "{} événements ({debit}/s), {} refusés",
            bilan.recus,
            bilan.refuses()
        ));
    }
}
