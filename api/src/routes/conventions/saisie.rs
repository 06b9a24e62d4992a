//! What is written to make, change or end a convention, made right values.

use std::str::FromStr;

use frequent_plan::{Jour, Uai};
use frequent_territory::conventions::{Convention, Inscription, Reference, SortCumuls, Termes};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::conventions::{ConventionsErreur, Registre};
use crate::erreurs::{Erreur, ParametreInvalide};

/// A convention, as it is entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaisieConvention {
    /// Its reference; made of the authority, the platform and the year when it is not given. Not
    /// read when a convention is changed.
    pub id: Option<String>,
    /// A commune's INSEE code, or the name of another authority.
    #[schema(example = "66136")]
    pub autorite: String,
    /// The authority's SIRET.
    #[schema(example = "21660136900012")]
    pub siret: Option<String>,
    /// The provider.
    pub fournisseur: String,
    /// The platform, as events name it.
    #[schema(example = "ONE-OCC")]
    pub plateforme: String,
    /// What a school costs for a school year, in euros; nothing when it is absent.
    #[schema(example = "45,00")]
    pub prix: Option<String>,
    /// First day.
    #[schema(format = Date)]
    pub debut: String,
    /// Last day, renewals included.
    #[schema(format = Date)]
    pub fin: String,
    /// Its schools.
    pub ecoles: Vec<SaisieEcole>,
    /// When a convention is changed: what becomes of the published cells of the schools that go,
    /// `garder` (also when it is absent) or `detruire`.
    #[schema(example = "garder")]
    pub cumuls_retirees: Option<String>,
}

/// A school of a convention, as it is entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaisieEcole {
    /// The school.
    #[schema(example = "0660713S")]
    pub uai: String,
    /// First day; the convention's when it is absent.
    #[schema(format = Date)]
    pub entree: Option<String>,
    /// Last day, when it leaves before the others.
    #[schema(format = Date)]
    pub sortie: Option<String>,
}

/// The end of a convention, as it is decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinDemandee {
    /// Last day in force.
    #[schema(format = Date)]
    pub date: String,
    /// What becomes of the published cells: `garder` or `detruire`.
    #[schema(example = "garder")]
    pub cumuls: String,
}

/// A file of conventions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandeImport {
    /// The file, one row a school.
    pub csv: String,
    /// Only say what would be recorded and refused.
    #[serde(default)]
    pub essai: bool,
}

/// What was entered, each value right.
pub(super) struct Saisie {
    reference: Option<Reference>,
    pub(super) termes: Termes,
    pub(super) duree: (Jour, Jour),
    pub(super) ecoles: Vec<(Uai, Inscription)>,
    pub(super) retirees: SortCumuls,
}

impl Saisie {
    pub(super) fn lire(saisie: &SaisieConvention) -> Result<Self, ParametreInvalide> {
        let debut = jour("debut", &saisie.debut)?;
        let ecoles = saisie.ecoles.iter().enumerate().map(|(rang, ecole)| {
            let champ = |nom: &str| format!("ecoles[{rang}].{nom}");
            let entree = facultatif(&champ("entree"), ecole.entree.as_deref())?;
            let inscription = Inscription {
                entree: entree.unwrap_or(debut),
                sortie: facultatif(&champ("sortie"), ecole.sortie.as_deref())?,
            };
            Ok((lu(&champ("uai"), &ecole.uai)?, inscription))
        });
        let prix = facultatif("prix", saisie.prix.as_deref())?;
        Ok(Self {
            reference: facultatif("id", saisie.id.as_deref())?,
            termes: Termes {
                autorite: lu("autorite", &saisie.autorite)?,
                siret: facultatif("siret", saisie.siret.as_deref())?,
                fournisseur: lu("fournisseur", &saisie.fournisseur)?,
                plateforme: lu("plateforme", &saisie.plateforme)?,
                prix: prix.unwrap_or_default(),
            },
            duree: (debut, jour("fin", &saisie.fin)?),
            ecoles: ecoles.collect::<Result<_, ParametreInvalide>>()?,
            retirees: match saisie.cumuls_retirees.as_deref() {
                Some(code) => sort_des_cumuls("cumuls_retirees", code)?,
                None => SortCumuls::default(),
            },
        })
    }

    /// The new convention that was entered, under the reference given or one that is free.
    pub(super) fn convention(self, registre: &Registre) -> Result<Convention, Erreur> {
        let reference = self.reference.unwrap_or_else(|| {
            let proposee = Reference::proposee(&self.termes, self.duree.0);
            let libre = |r: &Reference| registre.convention(r.as_str()).is_none();
            let mut numerotees = (2..).map(|numero| proposee.numerotee(numero));
            if libre(&proposee) {
                proposee
            } else {
                numerotees.find(libre).unwrap_or(proposee)
            }
        });
        Convention::new(reference, self.termes, self.duree, self.ecoles)
            .map_err(|faute| ConventionsErreur::from(faute).into())
    }
}

/// A value that a text gives.
fn lu<T>(nom: &str, texte: &str) -> Result<T, ParametreInvalide>
where
    T: FromStr<Err: std::fmt::Display>,
{
    texte.trim().parse().map_err(|faute| ParametreInvalide {
        nom: nom.to_owned(),
        raison: format!("{faute}."),
        valeurs: Vec::new(),
    })
}

fn facultatif<T>(nom: &str, texte: Option<&str>) -> Result<Option<T>, ParametreInvalide>
where
    T: FromStr<Err: std::fmt::Display>,
{
    match texte.map(str::trim) {
        None | Some("") => Ok(None),
        Some(texte) => lu(nom, texte).map(Some),
    }
}

/// What becomes of cells.
pub(super) fn sort_des_cumuls(nom: &str, code: &str) -> Result<SortCumuls, ParametreInvalide> {
    SortCumuls::de_code(code).ok_or_else(|| ParametreInvalide {
        nom: nom.to_owned(),
        raison: "garder ou detruire.".to_owned(),
        valeurs: vec!["garder".to_owned(), "detruire".to_owned()],
    })
}

/// A day, `AAAA-MM-JJ`.
pub(super) fn jour(nom: &str, texte: &str) -> Result<Jour, ParametreInvalide> {
    lu(nom, texte)
}
