//! One incident or series break, and what it touches.

use std::collections::BTreeSet;

use frequent_plan::{Instant, Jour, Niveau, Uai};
use frequent_territory::Annuaire;
use frequent_territory::conventions::{Deploiement, Intervalle};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest title, in characters.
const TITRE_MAX: usize = 120;
/// Longest explanation, in characters.
const EXPLICATION_MAX: usize = 2_000;
/// Most schools that one names.
const ECOLES_MAX: usize = 1_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Days on which figures were not fed, or not whole.
    Incident,
    /// A change of method, from its first day on.
    Rupture,
}

impl Nature {
    /// Its code, in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Rupture => "rupture",
        }
    }

    /// The nature of a code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        [Self::Incident, Self::Rupture]
            .into_iter()
            .find(|nature| nature.code() == code)
    }
}

/// Which schools are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PorteeIncident {
    /// All of them.
    Toutes,
    /// Those that a convention gives to a platform on some of the days.
    Plateforme(String),
    /// Those of a territory.
    Territoire(Niveau, String),
    /// These ones.
    Ecoles(BTreeSet<Uai>),
}

impl PorteeIncident {
    /// How it is kept: its kind and its value.
    #[must_use]
    pub fn ecrite(&self) -> (&'static str, String) {
        match self {
            Self::Toutes => ("toutes", String::new()),
            Self::Plateforme(plateforme) => ("plateforme", plateforme.clone()),
            Self::Territoire(niveau, code) => ("territoire", format!("{niveau}:{code}")),
            Self::Ecoles(ecoles) => {
                let ecoles: Vec<&str> = ecoles.iter().map(Uai::as_str).collect();
                ("ecoles", ecoles.join(","))
            }
        }
    }

    /// What was kept so.
    #[must_use]
    pub fn lire(genre: &str, valeur: &str) -> Option<Self> {
        match genre {
            "toutes" => Some(Self::Toutes),
            "plateforme" => Some(Self::Plateforme(valeur.to_owned())),
            "territoire" => {
                let (niveau, code) = valeur.split_once(':')?;
                Some(Self::Territoire(Niveau::de_code(niveau)?, code.to_owned()))
            }
            "ecoles" => {
                let ecoles = valeur.split(',').map(|uai| uai.parse().ok());
                Some(Self::Ecoles(ecoles.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }
}

/// Why a declaration does not suit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FauteIncident {
    /// The title.
    #[error("Le titre compte de 1 à {TITRE_MAX} caractères, sans retour à la ligne")]
    Titre,
    /// The explanation.
    #[error("L’explication compte {EXPLICATION_MAX} caractères au plus")]
    Explication,
    /// The days.
    #[error("Le dernier jour précède le premier")]
    Jours,
    /// A series break that ends.
    #[error("Une rupture de série n’a pas de dernier jour")]
    FinDeRupture,
    /// The schools.
    #[error("De 1 à {ECOLES_MAX} écoles sont attendues")]
    Ecoles,
}

/// What is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// What happened.
    pub nature: Nature,
    /// In a few words.
    pub titre: String,
    /// In full; may be empty.
    pub explication: String,
    /// First day.
    pub du: Jour,
    /// Last day; none while it lasts, and none for a series break.
    pub au: Option<Jour>,
    /// Which schools.
    pub portee: PorteeIncident,
}

impl Declaration {
    /// Checks what is declared, spaces around texts taken off.
    ///
    /// # Errors
    /// See [`FauteIncident`].
    pub fn verifiee(self) -> Result<Self, FauteIncident> {
        let titre = self.titre.trim().to_owned();
        let longueur = titre.chars().count();
        if !(1..=TITRE_MAX).contains(&longueur) || titre.chars().any(char::is_control) {
            return Err(FauteIncident::Titre);
        }
        let explication = self.explication.trim().to_owned();
        if explication.chars().count() > EXPLICATION_MAX {
            return Err(FauteIncident::Explication);
        }
        match (self.nature, self.au) {
            (Nature::Rupture, Some(_)) => return Err(FauteIncident::FinDeRupture),
            (Nature::Incident, Some(au)) if au < self.du => return Err(FauteIncident::Jours),
            _ => {}
        }
        if let PorteeIncident::Ecoles(ecoles) = &self.portee
            && !(1..=ECOLES_MAX).contains(&ecoles.len())
        {
            return Err(FauteIncident::Ecoles);
        }
        Ok(Self {
            titre,
            explication,
            ..self
        })
    }
}

/// One of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// By which it is asked.
    pub id: String,
    /// What is declared.
    pub declaration: Declaration,
    /// The account that declared it.
    pub declare_par: String,
    /// The name of its holder then.
    pub declare_nom: String,
    /// When.
    pub declare_le: Instant,
}

impl Incident {
    /// Whether it touches a day of a span: one of its days, or the day of a series break.
    #[must_use]
    pub fn touche_jours(&self, du: Jour, au: Jour) -> bool {
        let debut = self.declaration.du;
        debut <= au && self.fin().is_none_or(|fin| fin >= du)
    }

    /// The last day on which it may touch something: a series break touches its day only, since what
    /// follows is measured.
    fn fin(&self) -> Option<Jour> {
        match self.declaration.nature {
            Nature::Incident => self.declaration.au,
            Nature::Rupture => Some(self.declaration.du),
        }
    }

    /// Whether figures were not fed.
    #[must_use]
    pub fn est_panne(&self) -> bool {
        self.declaration.nature == Nature::Incident
    }

    /// Whether it concerns a school, with a last day to look at when it still lasts.
    #[must_use]
    pub fn touche_ecole(
        &self,
        (annuaire, deploiement): (&Annuaire, &Deploiement),
        uai: Uai,
        aujourdhui: Jour,
    ) -> bool {
        match &self.declaration.portee {
            PorteeIncident::Toutes | PorteeIncident::Territoire(Niveau::National, _) => true,
            PorteeIncident::Ecoles(ecoles) => ecoles.contains(&uai),
            PorteeIncident::Territoire(Niveau::Ecole, code) => uai.as_str() == code,
            PorteeIncident::Territoire(niveau, code) => {
                annuaire.code(uai, *niveau) == Some(code.as_str())
            }
            PorteeIncident::Plateforme(plateforme) => {
                let debut = self.declaration.du;
                let fin = self.fin().unwrap_or(aujourdhui).max(debut);
                Intervalle::new(debut, fin).is_some_and(|jours| {
                    let mut sejours = deploiement.pendant(uai, jours);
                    sejours.any(|s| s.plateforme.as_str() == plateforme)
                })
            }
        }
    }
}
