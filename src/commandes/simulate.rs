//! `frequent simulate`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use frequent_api::comptes::Perimetre;
use frequent_plan::{Calendrier, Fuseaux, Instant, Jour, Lac, Plan};
use frequent_simulate::{
    Avancement, Compression, Envoi, Reglages as ReglagesSimulation, Simulation, vers_fichiers,
    vers_http,
};
use frequent_territory::Annuaires;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Resultat, dire};
use crate::reglages::Reglages;

/// Arguments of `frequent simulate`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("destination").required(true))]
pub struct Arguments {
    /// Territoire dont les écoles vivent : niveau:code
    #[arg(long)]
    perimetre: Perimetre,
    /// Premier jour
    #[arg(long, value_name = "AAAA-MM-JJ")]
    du: Jour,
    /// Dernier jour
    #[arg(long, value_name = "AAAA-MM-JJ")]
    au: Jour,
    /// Graine : la même donne les mêmes événements, à l’octet près
    #[arg(long, default_value_t = 1)]
    graine: u64,
    /// Multiplie personnes et visites ; 1 est l’ordre de grandeur national
    #[arg(long, default_value_t = 1.0)]
    intensite: f64,
    /// Envoyer à cette adresse, par exemple http://127.0.0.1:8080
    #[arg(long, group = "destination", requires = "cle", value_name = "URL")]
    vers: Option<String>,
    /// Clé du fournisseur, ou variable `FREQUENT_CLE`
    #[arg(long, env = "FREQUENT_CLE", hide_env_values = true)]
    cle: Option<String>,
    /// Écrire dans ce dossier, un fichier NDJSON par jour
    #[arg(long, group = "destination", value_name = "DOSSIER")]
    fichiers: Option<PathBuf>,
    /// Compresser les fichiers en zstd
    #[arg(long, requires = "fichiers")]
    zstd: bool,
}

impl Arguments {
    /// Sends or writes the traffic of the schools of the current directory.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let annuaires = Annuaires::ouvrir(&Lac::new(&reglages.general.donnees))?;
        let annuaire = annuaires
            .courant()
            .ok_or("aucun annuaire : importez-en un d’abord, frequent annuaire import --help")?;
        let Perimetre { niveau, code } = &self.perimetre;
        let simulation = Simulation::new(
            annuaire,
            &Plan::integre()?,
            &Calendrier::integre()?,
            &Fuseaux::charger()?,
            ReglagesSimulation {
                intensite: self.intensite,
                jusqua: Some(Instant::maintenant()),
                ..ReglagesSimulation::new(self.graine, self.du, self.au, *niveau, code)
            },
        )?;
        let barre = Barre::nouvelle();
        let suivi = |avancement| barre.avancer(avancement);
        if let (Some(url), Some(cle)) = (&self.vers, &self.cle) {
            let bilan = vers_http(&simulation, &Envoi::new(url, cle), &suivi)?;
            barre.effacer();
            dire(format_args!(
                "{} événements envoyés, {} acceptés, {} refusés.",
                bilan.recus, bilan.acceptes, bilan.rejetes
            ));
        } else if let Some(dossier) = &self.fichiers {
            let compression = if self.zstd {
                Compression::Zstd
            } else {
                Compression::Aucune
            };
            let bilan = vers_fichiers(&simulation, dossier, compression, &suivi)?;
            barre.effacer();
            dire(format_args!(
                "{} événements dans {} fichiers.",
                bilan.evenements,
                bilan.fichiers.len()
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Progress of a delivery, drawn when standard error is a terminal.
pub struct Barre(ProgressBar);

impl Barre {
    /// An empty bar.
    pub fn nouvelle() -> Self {
        let barre = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent} % {msg}") {
            barre.set_style(style);
        }
        Self(barre)
    }

    /// Shows how far the delivery is.
    pub fn avancer(&self, avancement: Avancement) {
        self.0.set_length(avancement.total as u64);
        self.0.set_position(avancement.faits as u64);
        self.0
            .set_message(format!("{} événements", avancement.evenements));
    }

    /// Takes the bar off the screen.
    pub fn effacer(&self) {
        self.0.finish_and_clear();
    }
}
