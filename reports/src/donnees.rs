//! What a report is made of: figures as they left the gate.

use frequent_plan::{Jour, Niveau};

/// A figure, or which of the blanks stands for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Valeur {
    /// A count.
    Nombre(i64),
    /// A ratio, written with one decimal.
    Rapport(f64),
    /// A share of 1, written in percent.
    Part(f64),
    /// A duration, in milliseconds.
    Duree(f64),
    /// Masked by secrecy.
    Masque,
    /// No tag was heard.
    NonMesure,
    /// No convention is in force.
    NonDeploye,
    /// Users whose presence is gone: nobody can count them any more.
    NonConserve,
    /// There is nothing to tell: no head count, nothing to compare.
    SansObjet,
}

impl Valeur {
    /// The count, when it is one.
    #[must_use]
    pub fn nombre(self) -> Option<i64> {
        match self {
            Self::Nombre(nombre) => Some(nombre),
            _ => None,
        }
    }

    /// What this is over something else; a blank stays the same blank.
    #[must_use]
    pub fn sur(self, autre: Self, en: impl Fn(f64) -> Self) -> Self {
        match (self, autre) {
            (Self::Nombre(_), Self::Nombre(0)) => Self::SansObjet,
            #[expect(clippy::cast_precision_loss, reason = "counts of people and visits")]
            (Self::Nombre(haut), Self::Nombre(bas)) => en(haut as f64 / bas as f64),
            (Self::Nombre(_), blanc) | (blanc, _) => blanc,
        }
    }
}

/// The territory of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lieu {
    /// Its level.
    pub niveau: Niveau,
    /// Its name.
    pub nom: String,
}

/// What the days of a report are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duree {
    /// A week.
    Semaine,
    /// Half a school year.
    Semestre {
        /// Whether it is the second one.
        second: bool,
        /// The school year.
        annee: String,
    },
}

/// The days of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etendue {
    /// What they are.
    pub duree: Duree,
    /// First day.
    pub debut: Jour,
    /// Last day that was counted.
    pub arretee: Jour,
    /// Last day.
    pub fin: Jour,
    /// Whether the last day is not over.
    pub en_cours: bool,
}

/// The days compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparee {
    /// First day.
    pub debut: Jour,
    /// Last day.
    pub fin: Jour,
    /// Schools deployed on the last one; none where it is not told.
    pub deployees: Option<usize>,
}

/// The school year so far, around a second half.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnneeEnCours {
    /// First day.
    pub debut: Jour,
    /// Visits.
    pub visites: Valeur,
    /// Users.
    pub utilisateurs: Valeur,
}

/// A profile's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct LigneProfil {
    /// Its name.
    pub nom: String,
    /// Visits.
    pub visites: Valeur,
    /// Users.
    pub utilisateurs: Valeur,
    /// Users over the head count.
    pub taux: Valeur,
    /// Sum of the visits' durations over their number.
    pub duree_moyenne: Valeur,
    /// Visits over the days compared.
    pub comparees: Valeur,
    /// Visits of the span before.
    pub precedentes: Valeur,
}

/// A service's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct LigneService {
    /// Its name.
    pub nom: String,
    /// Visits.
    pub visites: Valeur,
    /// Users.
    pub utilisateurs: Valeur,
}

/// A school's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct LigneEcole {
    /// Its name.
    pub nom: String,
    /// Where it is.
    pub commune: String,
    /// Visits.
    pub visites: Valeur,
    /// Users.
    pub utilisateurs: Valeur,
    /// Visits over the days compared.
    pub comparees: Valeur,
    /// Visits of the span before.
    pub precedentes: Valeur,
}

/// A deployed school that is not active, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcoleASuivre {
    /// Its name.
    pub nom: String,
    /// Where it is.
    pub commune: String,
    /// Why, in words.
    pub raison: String,
}

/// What a convention costs for the school year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// The convention.
    pub convention: String,
    /// Who pays.
    pub autorite: String,
    /// Schools that count.
    pub ecoles: usize,
    /// Schools × price, in euros.
    pub total: String,
}

/// How far the ENT is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deploiement {
    /// Schools under a convention in the period.
    pub deployees: usize,
    /// Schools under a convention on its last day.
    pub ouvertes: usize,
    /// Those that are active.
    pub actives: usize,
    /// Those never visited.
    pub jamais_visitees: usize,
    /// Those open and not active.
    pub a_suivre: Vec<EcoleASuivre>,
    /// Deployed schools at each rentrée, by school year.
    pub rentrees: Vec<(String, usize)>,
    /// What conventions cost; empty for who does not read them.
    pub participations: Vec<Participation>,
}

/// All that a report is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Donnees {
    /// The territory.
    pub lieu: Lieu,
    /// Whose rights the figures were read with.
    pub destinataire: String,
    /// The day it is made.
    pub edite_le: Jour,
    /// Its days.
    pub etendue: Etendue,
    /// The days compared with; none where there is nothing to compare.
    pub comparee: Option<Comparee>,
    /// A day whose presence is gone, which leaves users uncounted.
    pub sans_presence: Option<Jour>,
    /// The school year so far, where it is more than the report's days.
    pub annee: Option<AnneeEnCours>,
    /// All profiles together, then each that was seen.
    pub profils: Vec<LigneProfil>,
    /// Schools measured.
    pub mesurees: usize,
    /// Schools deployed; none while no convention is recorded.
    pub deployees: Option<usize>,
    /// The deployment; none while no convention is recorded.
    pub deploiement: Option<Deploiement>,
    /// Visits of each week, by its Monday.
    pub semaines: Vec<(Jour, Valeur)>,
    /// The services that were used, most visited first.
    pub services: Vec<LigneService>,
    /// The schools, by name.
    pub ecoles: Vec<LigneEcole>,
    /// What the figures mean: a notion and its meaning.
    pub definitions: Vec<(String, String)>,
}

impl Donnees {
    /// All profiles together.
    #[must_use]
    pub fn ensemble(&self) -> Option<&LigneProfil> {
        self.profils.first()
    }
}
