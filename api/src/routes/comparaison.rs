//! A period beside the span before it: which days are compared, and their figures.

use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode};
use rustc_hash::FxHashMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::donnees::{
    Cellule, Demande, Frontieres, Lecteur, LectureErreur, Libres, Lue, PeriodesLues, ProfilCellule,
};
use crate::erreurs::Erreur;
use crate::porte::{Brutes, MesuresRendues, Portee};

/// Which days of a period are compared with which of the one before: all of both when the period
/// is over; else its whole days already gone and as many of the first days before (today is never
/// compared: at nine in the morning it would be a collapse).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Etendue {
    pub(super) periode: Periode,
    pub(super) aujourdhui: Jour,
}

impl Etendue {
    /// The period's last day, or today.
    pub(super) fn dernier_jour(&self) -> Jour {
        self.periode.fin().min(self.aujourdhui)
    }

    /// Whether the period's last day is today or later.
    pub(super) fn en_cours(&self) -> bool {
        self.periode.fin() >= self.aujourdhui
    }

    /// The period's days that are over.
    pub(super) fn ecoules(&self) -> Vec<Jour> {
        let aujourdhui = self.aujourdhui;
        self.periode
            .jours()
            .take_while(|j| *j < aujourdhui)
            .collect()
    }

    /// The days they are compared with; none on a period's first day.
    pub(super) fn precedents(&self) -> Vec<Jour> {
        let precedente = self.periode.precedente();
        if self.en_cours() {
            precedente.jours().take(self.ecoules().len()).collect()
        } else {
            precedente.jours().collect()
        }
    }
}

/// A period and how far it has gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodeRendue {
    /// Its length.
    #[schema(value_type = String)]
    pub grain: Grain,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub debut: Jour,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub fin: Jour,
    /// Whether it is not over.
    pub en_cours: bool,
    /// Its whole days that are over; today is not one.
    pub jours_ecoules: usize,
    /// Its days.
    pub jours: usize,
}

/// The days compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Precedente {
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub debut: Jour,
    /// Last day compared.
    #[schema(value_type = String, format = Date)]
    pub fin: Jour,
}

impl PeriodeRendue {
    pub(super) fn de(etendue: &Etendue) -> Self {
        let periode = etendue.periode;
        Self {
            grain: periode.grain(),
            debut: periode.debut(),
            fin: periode.fin(),
            en_cours: etendue.en_cours(),
            jours_ecoules: etendue.ecoules().len(),
            jours: periode.jours().count(),
        }
    }
}

impl Precedente {
    pub(super) fn de(etendue: &Etendue) -> Option<Self> {
        let jours = etendue.precedents();
        Some(Self {
            debut: *jours.first()?,
            fin: *jours.last()?,
        })
    }
}

/// The measures of territories, by code and profile; a missing one is 0.
#[derive(Debug, Default)]
pub(super) struct Table(FxHashMap<(Arc<str>, ProfilCellule), MesuresRendues>);

impl Table {
    pub(super) fn de(cellules: &[Cellule<MesuresRendues>]) -> Self {
        let cellules = cellules.iter();
        Self(
            cellules
                .map(|c| ((Arc::clone(&c.code), c.profil), c.mesures))
                .collect(),
        )
    }

    /// The measures of a territory under a profile.
    pub(super) fn mesures(&self, code: &str, profil: ProfilCellule) -> MesuresRendues {
        let cle = (Arc::from(code), profil);
        let connues = self.0.get(&cle).copied();
        connues.unwrap_or_else(MesuresRendues::nulles)
    }
}

/// What is read to compare: the period, with the one before when both are compared whole; else the
/// totals over the elapsed days and over as many before.
type Lectures = (PeriodesLues, (Option<Libres>, Option<Libres>));

/// The same, as they leave the gate.
type Rendues = (Vec<Lue<MesuresRendues>>, (Option<Totaux>, Option<Totaux>));

/// Totals that left the gate.
type Totaux = Vec<Cellule<MesuresRendues>>;

/// A period's figures and those they are compared with.
pub(super) struct Comparaison {
    /// The period as it was read.
    pub(super) actuelle: Lue<MesuresRendues>,
    /// Its figures as they stand.
    pub(super) actuelles: Table,
    /// Its figures over the compared days; none when there is nothing to compare.
    pub(super) comparees: Option<Table>,
    /// The figures of the span before; none when nothing was counted then.
    pub(super) precedentes: Option<Table>,
}

/// Reads the totals of a period and of the span before, for the territories of a level.
pub(super) async fn lire(
    lecteur: &Arc<Lecteur>,
    portee: &Portee,
    etendue: &Etendue,
    (niveau, profil): (Niveau, Option<ProfilCellule>),
    frontieres: Frontieres,
) -> Result<Brutes<Lectures>, LectureErreur> {
    let mut periodes = vec![etendue.periode];
    if !etendue.en_cours() {
        periodes.push(etendue.periode.precedente());
    }
    let demande = Demande {
        niveau,
        periodes,
        axe: Axe::Total,
        profil,
        membre: None,
        aujourdhui: etendue.aujourdhui,
    };
    let lues = lecteur.periodes(portee, &demande, frontieres).await?;
    let (ecoules, avant) = if etendue.en_cours() {
        (etendue.ecoules(), etendue.precedents())
    } else {
        (Vec::new(), Vec::new())
    };
    let jour = etendue.aujourdhui;
    let comparees = lecteur.exactes(portee, niveau, ecoules, jour).await?;
    let precedentes = lecteur.exactes(portee, niveau, avant, jour).await?;
    Ok(lues.avec(comparees.avec(precedentes)))
}

impl Comparaison {
    /// Puts what was read side by side. With nothing counted before, nothing is compared.
    pub(super) fn de((lues, (comparees, precedentes)): Rendues) -> Result<Self, Erreur> {
        let mut lues = lues.into_iter();
        let actuelle = lues
            .next()
            .ok_or_else(|| Erreur::Interne("a period was not read".to_owned()))?;
        let avant = lues.next().filter(|lue| lue.source.is_some());
        let entieres =
            avant.map(|avant| (Table::de(&actuelle.cellules), Table::de(&avant.cellules)));
        let ecoulees = precedentes.map(|avant| {
            let comparees = comparees.unwrap_or_default();
            (Table::de(&comparees), Table::de(&avant))
        });
        let (comparees, precedentes) = entieres.or(ecoulees).unzip();
        Ok(Self {
            actuelles: Table::de(&actuelle.cellules),
            actuelle,
            comparees,
            precedentes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn etendue(grain: Grain, debut: &str, aujourdhui: &str) -> Etendue {
        let debut: Jour = debut.parse().unwrap();
        Etendue {
            periode: Periode::contenant(grain, debut),
            aujourdhui: aujourdhui.parse().unwrap(),
        }
    }

    #[test]
    fn a_week_that_is_over_is_compared_whole() {
        let semaine = etendue(Grain::Semaine, "2026-11-09", "2026-11-16");
        assert!(!semaine.en_cours());
        assert_eq!(semaine.precedents().len(), 7);
        assert_eq!(semaine.precedents()[0].to_string(), "2026-11-02");
    }

    #[test]
    fn on_a_wednesday_monday_and_tuesday_are_compared() {
        let semaine = etendue(Grain::Semaine, "2026-11-16", "2026-11-18");
        assert!(semaine.en_cours());
        assert_eq!(semaine.ecoules().len(), 2);
        let precedente = Precedente::de(&semaine).unwrap();
        assert_eq!(precedente.debut.to_string(), "2026-11-09");
        assert_eq!(precedente.fin.to_string(), "2026-11-10");
    }

    #[test]
    fn on_its_first_day_a_period_has_nothing_to_compare() {
        let semaine = etendue(Grain::Semaine, "2026-11-16", "2026-11-16");
        assert!(semaine.en_cours() && Precedente::de(&semaine).is_none());
    }

    #[test]
    fn the_31st_of_a_month_is_compared_with_all_of_a_shorter_one() {
        let mois = etendue(Grain::Mois, "2026-03-01", "2026-03-31");
        assert_eq!(mois.ecoules().len(), 30);
        assert_eq!(mois.precedents().len(), 28);
    }
}
