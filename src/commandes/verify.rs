//! `frequent verify`.

use std::process::ExitCode;

use clap::Args;
use frequent_aggregate::Mesures;
use frequent_aggregate::integrite::{self, Degats};
use frequent_aggregate::verification::{Ecart, Echantillon, verifier};
use frequent_plan::{Instant, Lac};
use frequent_territory::Annuaires;
use indicatif::ProgressBar;

use super::{Resultat, dire};
use crate::reglages::Reglages;

/// Differences printed at most; the count is whole.
const ECARTS_MONTRES: usize = 20;

/// Arguments of `frequent verify`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Graine de l’échantillon
    #[arg(long, default_value_t = 1)]
    graine: u64,
    /// Tables vérifiées (un niveau et une période chacune)
    #[arg(long, default_value_t = 20)]
    tables: usize,
    /// Territoires vérifiés dans chaque table
    #[arg(long, default_value_t = 10)]
    territoires: usize,
}

impl Arguments {
    /// Recounts the sample and compares; fails if a cell differs, or if nothing could be checked.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        let echantillon = Echantillon {
            graine: self.graine,
            tables: self.tables,
            territoires: self.territoires,
            ..Echantillon::default()
        };
        let barre = ProgressBar::new_spinner();
        let degats = integrite::chercher(&lac, |chemin| {
            barre.set_message(chemin.display().to_string());
            barre.tick();
        })?;
        montrer(&degats);
        let rapport = verifier(
            &lac,
            &Annuaires::ouvrir(&lac)?,
            echantillon,
            Instant::maintenant(),
            |niveau, periode| {
                barre.set_message(format!("{niveau}, {} {}", periode.grain(), periode.debut()));
                barre.tick();
            },
        )?;
        barre.finish_and_clear();
        dire(format_args!(
            "{} tables et {} cellules recomptées depuis les événements bruts : {} écart(s).",
            rapport.tables,
            rapport.cellules,
            rapport.ecarts.len()
        ));
        for jour in &rapport.disparus {
            dire(format_args!(
                "  {jour} : ses événements bruts ont disparu sans être au registre des destructions"
            ));
        }
        for (niveau, periode) in &rapport.ecartees {
            dire(format_args!(
                "  laissée de côté : {niveau}, {} {} (événements bruts détruits, absents ou trop nombreux)",
                periode.grain(),
                periode.debut()
            ));
        }
        for (niveau, periode, faute) in &rapport.illisibles {
            dire(format_args!(
                "  illisible : {niveau}, {} {} ({faute})",
                periode.grain(),
                periode.debut()
            ));
        }
        for (niveau, periode, contradiction) in &rapport.contradictions {
            dire(format_args!(
                "  contradictoire : {niveau}, {} {} ({contradiction})",
                periode.grain(),
                periode.debut()
            ));
        }
        for ecart in rapport.ecarts.iter().take(ECARTS_MONTRES) {
            dire(decrire(ecart));
        }
        let sain = degats.alteres.is_empty()
            && rapport.illisibles.is_empty()
            && rapport.disparus.is_empty();
        if rapport.tables == 0 && sain && rapport.ecartees.is_empty() {
            return Err(
                "rien à vérifier : aucune cellule dont les événements bruts soient là".into(),
            );
        }
        Ok(
            if sain && rapport.ecarts.is_empty() && rapport.contradictions.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            },
        )
    }
}

/// Damaged files, each by its name and what is wrong with it.
fn montrer(degats: &Degats) {
    dire(format_args!(
        "{} fichiers lus octet par octet : {} altéré(s).",
        degats.lus,
        degats.alteres.len()
    ));
    for erreur in &degats.alteres {
        dire(format_args!("  {erreur}"));
    }
    for segment in &degats.mis_de_cote {
        dire(format_args!(
            "  {} : segment du journal mis de côté, lu en partie seulement",
            segment.display()
        ));
    }
}

fn decrire(ecart: &Ecart) -> String {
    let Ecart {
        niveau,
        periode,
        cellule,
        attendu,
        trouve,
    } = ecart;
    let dire = |mesures: &Option<Mesures>| match mesures {
        None => "aucune cellule".to_owned(),
        Some(m) => format!(
            "{} visites, {} utilisateurs, {} ms, {} événements",
            m.visites, m.utilisateurs, m.duree_ms, m.evenements
        ),
    };
    format!(
        "  {niveau} {} {} {} {} {}={} : {} attendus, {} trouvés",
        cellule.code,
        periode.grain(),
        periode.debut(),
        cellule.profil,
        cellule.axe,
        cellule.membre,
        dire(attendu),
        dire(trouve)
    )
}
