//! A school, as the open directory describes it.

use std::fmt;
use std::sync::Arc;

use frequent_plan::{Niveau, Uai, Zone};

/// A territory's code and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct CodeNom {
    /// The code, as cells carry it.
    pub code: String,
    /// The name, as the directory publishes it.
    pub nom: String,
}

/// Public or private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Secteur {
    /// Public.
    Public,
    /// Private, under contract or not.
    Prive,
}

impl Secteur {
    /// The code of the open datasets: `PU` or `PR`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "PU",
            Self::Prive => "PR",
        }
    }

    /// The sector of a code of the open datasets.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        match code {
            "PU" => Some(Self::Public),
            "PR" => Some(Self::Prive),
            _ => None,
        }
    }
}

/// Whether a school is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Etat {
    /// Open, or about to open.
    Ouvert,
    /// Open, and its closing is decided.
    AFermer,
    /// Closed: the directory says so, or a newer directory no longer lists it.
    Ferme,
}

impl Etat {
    /// The code, as the directory writes it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ouvert => "OUVERT",
            Self::AFermer => "A FERMER",
            Self::Ferme => "FERME",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        match code {
            "OUVERT" => Some(Self::Ouvert),
            "A FERMER" => Some(Self::AFermer),
            "FERME" => Some(Self::Ferme),
            _ => None,
        }
    }
}

impl fmt::Display for Etat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// Where a school is, in decimal degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Position {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A school. Territories are shared between schools, since a country has a hundred départements
/// for sixty thousand schools.
#[derive(Debug, Clone, PartialEq)]
pub struct Ecole {
    /// Its identifier.
    pub uai: Uai,
    /// Its name.
    pub nom: String,
    /// `Ecole`, `Collège`, `Lycée`, `EREA`, `Médico-social`, `Autre`; may be empty.
    pub type_etablissement: String,
    /// The nature as published (`ECOLE MATERNELLE`, `LYCEE POLYVALENT`…); may be empty.
    pub nature: String,
    /// Public or private.
    pub secteur: Secteur,
    /// INSEE code, 5 characters.
    pub commune: Arc<CodeNom>,
    /// 3 characters: `031`, `02A`, `971`.
    pub departement: Arc<CodeNom>,
    /// 2 digits.
    pub academie: Arc<CodeNom>,
    /// 2 digits.
    pub region: Arc<CodeNom>,
    /// Its UAI, or département code + name when the directory gives only a name.
    pub circonscription: Option<Arc<CodeNom>>,
    /// Number of pupils; none when not published, never 0.
    pub effectif: Option<u32>,
    /// `REP` or `REP+`.
    pub education_prioritaire: Option<String>,
    /// Where it is.
    pub position: Option<Position>,
    /// Whether it is open.
    pub etat: Etat,
    /// The ministry it answers to, as published; may be empty.
    pub ministere: String,
}

impl Ecole {
    /// The territory of this level that the school is in; none for its own level, for the
    /// country, and for the circonscription of a school that has none.
    #[must_use]
    pub fn territoire(&self, niveau: Niveau) -> Option<&Arc<CodeNom>> {
        match niveau {
            Niveau::Ecole | Niveau::National => None,
            Niveau::Circonscription => self.circonscription.as_ref(),
            Niveau::Commune => Some(&self.commune),
            Niveau::Departement => Some(&self.departement),
            Niveau::Academie => Some(&self.academie),
            Niveau::Region => Some(&self.region),
        }
    }

    /// The holiday zone, when its académie has one.
    #[must_use]
    pub fn zone(&self) -> Option<Zone> {
        Zone::de_academie(&self.academie.nom)
    }

    /// The names of the fields, other than `etat`, in which two descriptions of a school differ.
    #[must_use]
    pub fn differences(&self, autre: &Self) -> Vec<&'static str> {
        let champs = [
            ("nom", self.nom == autre.nom),
            (
                "type_etablissement",
                self.type_etablissement == autre.type_etablissement,
            ),
            ("nature", self.nature == autre.nature),
            ("secteur", self.secteur == autre.secteur),
            ("commune", self.commune == autre.commune),
            ("departement", self.departement == autre.departement),
            ("academie", self.academie == autre.academie),
            ("region", self.region == autre.region),
            (
                "circonscription",
                self.circonscription == autre.circonscription,
            ),
            ("effectif", self.effectif == autre.effectif),
            (
                "education_prioritaire",
                self.education_prioritaire == autre.education_prioritaire,
            ),
            ("position", self.position == autre.position),
            ("ministere", self.ministere == autre.ministere),
        ];
        champs
            .into_iter()
            .filter_map(|(nom, egal)| (!egal).then_some(nom))
            .collect()
    }
}
