//! `frequent aggregate`.

use std::ops::RangeInclusive;
use std::process::ExitCode;

use clap::Args;
use frequent_aggregate::{Bilan, Choix};
use frequent_plan::{Instant, Jour, JourInvalide, Lac, Plan};
use frequent_territory::Annuaires;

use super::progression::Barre;
use super::{Resultat, dire, dire_erreur};
use crate::reglages::Reglages;
use crate::service::calcul;
use crate::service::journaux::atterrir_le_reste;

/// Arguments of `frequent aggregate`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Recompter ces jours, changés ou non : AAAA-MM-JJ..AAAA-MM-JJ, ou un seul jour
    #[arg(long, value_parser = lire_jours, conflicts_with = "tout")]
    jours: Option<RangeInclusive<Jour>>,
    /// Tout recompter
    #[arg(long)]
    tout: bool,
}

impl Arguments {
    /// Lands what a stopped server left in its log, then counts.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        let plan = Plan::integre()?;
        let annuaires = Annuaires::ouvrir(&lac)?;
        atterrir_le_reste(&lac, &plan)?;
        let choix = match self.jours {
            Some(jours) => Choix::Jours(jours),
            None if self.tout => Choix::Tout,
            None => Choix::Changes,
        };
        let barre = Barre::nouvelle();
        let bilan = frequent_aggregate::agreger_avec(
            &lac,
            &plan,
            &annuaires,
            &choix,
            Instant::maintenant(),
            &barre,
            &calcul::reglages(reglages),
        )?;
        barre.effacer();
        frequent_ingest::qualite::doublons::compter(&lac)?;
        Ok(rapporter(&bilan))
    }
}

fn rapporter(bilan: &Bilan) -> ExitCode {
    match bilan.faites.len() {
        0 => dire("Rien n’avait changé."),
        1 => dire("1 période comptée."),
        nombre => dire(format_args!("{nombre} périodes comptées.")),
    }
    for periode in &bilan.figees {
        dire(format_args!(
            "{} {} : laissée telle quelle, ses événements ou sa présence ne sont plus là.",
            periode.grain(),
            periode.debut()
        ));
    }
    for jour in &bilan.disparus {
        dire(format_args!(
            "jour {jour} : ses événements ont disparu sans avoir été détruits, ses chiffres restent."
        ));
    }
    for (periode, faute) in &bilan.echecs {
        dire(format_args!(
            "{} {} : non comptée.",
            periode.grain(),
            periode.debut()
        ));
        dire_erreur(faute);
    }
    if bilan.echecs.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Reads `A..B`, both included, or one day.
pub fn lire_jours(texte: &str) -> Result<RangeInclusive<Jour>, JourInvalide> {
    let (du, au) = texte.split_once("..").unwrap_or((texte, texte));
    let jours = du.parse()?..=au.parse()?;
    if jours.is_empty() {
        return Err(JourInvalide(texte.to_owned()));
    }
    Ok(jours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_one_day_or_a_range_in_order() {
        let jour: Jour = "2026-11-16".parse().unwrap();
        assert_eq!(lire_jours("2026-11-16").unwrap(), jour..=jour);
        assert_eq!(
            lire_jours("2026-11-16..2026-11-20").unwrap(),
            jour..=jour.plus(4)
        );
        assert!(lire_jours("2026-11-20..2026-11-16").is_err());
        assert!(lire_jours("2026-11-16...").is_err());
    }
}
