//! Conventions as they are shown to a caller.

use std::collections::BTreeMap;
use std::sync::Arc;

use frequent_plan::{Jour, Niveau};
use frequent_territory::Annuaire;
use frequent_territory::conventions::import::{Import, Nouveaute};
use frequent_territory::conventions::{Autorite, Convention, Reference};
use serde::Serialize;
use utoipa::ToSchema;

use super::droits::voit_ecole;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// Where a convention is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EtatConvention {
    /// It has not begun.
    AVenir,
    /// It is in force.
    EnVigueur,
    /// It ran out without being renewed.
    Echue,
    /// It was ended.
    Terminee,
    /// What its schools had sent is destroyed.
    Detruite,
}

/// A convention in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResumeConvention {
    /// Its reference.
    #[schema(example = "66136-one-occ-2026")]
    pub id: String,
    /// The commune's INSEE code, or the authority's name.
    pub autorite: String,
    /// The authority's name.
    pub autorite_nom: String,
    /// The authority's SIRET.
    pub siret: Option<String>,
    /// The provider.
    pub fournisseur: String,
    /// The platform.
    pub plateforme: String,
    /// What a school costs for a school year, in euros.
    #[schema(example = "45,00")]
    pub prix: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub debut: Jour,
    /// Last day agreed, renewals included.
    #[schema(value_type = String, format = Date)]
    pub fin: Jour,
    /// Where it is in its life.
    pub etat: EtatConvention,
    /// Its schools in the perimeter.
    pub nombre_ecoles: usize,
}

/// Some conventions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseConventions {
    /// By reference.
    pub conventions: Vec<ResumeConvention>,
}

/// A school of a convention.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcoleInscrite {
    /// The school.
    pub uai: String,
    /// Its name, when the directory knows it.
    pub nom: Option<String>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub entree: Jour,
    /// Last day, when it leaves before the others.
    #[schema(value_type = Option<String>, format = Date)]
    pub sortie: Option<Jour>,
    /// When what it had sent was destroyed.
    #[schema(value_type = Option<String>, format = Date)]
    pub detruite_le: Option<Jour>,
}

/// A school that was taken off a convention.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcoleRetiree {
    /// The school.
    pub uai: String,
    /// Its name, when the directory knows it.
    pub nom: Option<String>,
    /// The last day on which it was under the convention.
    #[schema(value_type = String, format = Date)]
    pub au: Jour,
    /// What becomes of its published cells: `garder` or `detruire`.
    pub cumuls: &'static str,
    /// The day by which what it sent will have been destroyed; null once it is.
    #[schema(value_type = Option<String>, format = Date)]
    pub destruction_avant: Option<Jour>,
    /// When what it had sent was destroyed.
    #[schema(value_type = Option<String>, format = Date)]
    pub detruite_le: Option<Jour>,
}

/// A renewal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReconductionRendue {
    /// When it was entered.
    #[schema(value_type = String, format = Date)]
    pub decidee_le: Jour,
    /// The last day before it.
    #[schema(value_type = String, format = Date)]
    pub avant: Jour,
}

/// The end of a convention, decided or come.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinConvention {
    /// Last day in force.
    #[schema(value_type = String, format = Date)]
    pub date: Jour,
    /// What becomes of the published cells: `garder` or `detruire`.
    pub cumuls: &'static str,
    /// The day by which what its schools sent will have been destroyed; null when nothing is left
    /// to destroy.
    #[schema(value_type = Option<String>, format = Date)]
    pub destruction_avant: Option<Jour>,
}

/// A convention.
#[derive(Debug, Serialize, ToSchema)]
pub struct FicheConvention {
    /// What a list says of it.
    #[serde(flatten)]
    pub resume: ResumeConvention,
    /// Its schools in the perimeter, by UAI.
    pub ecoles: Vec<EcoleInscrite>,
    /// The schools of the perimeter that were taken off it, by UAI.
    pub retirees: Vec<EcoleRetiree>,
    /// Its renewals, the oldest first.
    pub reconductions: Vec<ReconductionRendue>,
    /// Its end, when one was decided.
    pub cloture: Option<FinConvention>,
    /// When it ran out without being renewed: the day by which what its schools sent will have been
    /// destroyed.
    #[schema(value_type = Option<String>, format = Date)]
    pub destruction_avant: Option<Jour>,
}

/// A row refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRefus {
    /// The line in the file, from 1, the header being 1; 0 for a whole convention.
    pub ligne: u64,
    /// The column; null for the whole row.
    pub colonne: Option<String>,
    /// Why.
    pub raison: String,
}

/// A convention that a file made or completed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConventionImportee {
    /// Its reference.
    pub id: String,
    /// The authority's name.
    pub autorite_nom: String,
    /// Whether it was not known.
    pub nouvelle: bool,
    /// Its schools.
    pub ecoles: usize,
}

/// What a file gives.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseImport {
    /// Rows read.
    pub lues: usize,
    /// Rows kept.
    pub acceptees: usize,
    /// The conventions made or completed.
    pub conventions: Vec<ConventionImportee>,
    /// Rows refused.
    pub refus: Vec<ImportRefus>,
    /// Columns that mean nothing here.
    pub colonnes_ignorees: Vec<String>,
}

impl ReponseImport {
    pub(super) fn de(
        (import, ecartees): (Import, Vec<Reference>),
        nommer: impl Fn(&Autorite) -> String,
    ) -> Self {
        let conventions = import
            .conventions
            .iter()
            .map(|(nouveaute, c)| ConventionImportee {
                id: c.reference().to_string(),
                autorite_nom: nommer(&c.termes().autorite),
                nouvelle: *nouveaute == Nouveaute::Nouvelle,
                ecoles: c.ecoles().len(),
            });
        let refus = import.refusees.iter().map(|refusee| ImportRefus {
            ligne: refusee.numero,
            colonne: (!refusee.champ.is_empty()).then(|| refusee.champ.to_owned()),
            raison: refusee.raison.to_string(),
        });
        let ecartees = ecartees.iter().map(|reference| ImportRefus {
            ligne: 0,
            colonne: None,
            raison: format!(
                "convention {reference} : une de ses écoles au moins est hors de votre périmètre"
            ),
        });
        Self {
            lues: import.acceptees.len() + import.refusees.len(),
            acceptees: import.acceptees.len(),
            conventions: conventions.collect(),
            refus: refus.chain(ecartees).collect(),
            colonnes_ignorees: import.ignorees,
        }
    }
}

/// The name of an authority: a commune's from the directory, when it knows it.
pub(in crate::routes) fn nom_autorite(annuaire: &Annuaire, autorite: &str) -> String {
    let commune = annuaire.territoire(Niveau::Commune, autorite);
    commune.map_or(autorite, |c| c.nom.as_str()).to_owned()
}

pub(super) fn nom_de_l_autorite(annuaire: &Annuaire, autorite: &Autorite) -> String {
    nom_autorite(annuaire, autorite.as_str())
}

/// A caller's eyes.
pub(super) struct Vue<'a> {
    annuaire: Arc<Annuaire>,
    appelant: &'a Appelant,
    aujourdhui: Jour,
    delai: u8,
}

impl<'a> Vue<'a> {
    pub(super) fn de(etat: &Etat, appelant: &'a Appelant) -> Result<Self, Erreur> {
        Ok(Self {
            annuaire: etat.annuaire()?,
            appelant,
            aujourdhui: etat.aujourdhui_a_paris(),
            delai: etat.conventions.reglages().delai_destruction_jours,
        })
    }

    /// A convention in a list; none when no school of it is in sight.
    pub(super) fn resume(&self, convention: &Convention) -> Option<ResumeConvention> {
        let voit = |uai: &&_| voit_ecole(self.appelant, &self.annuaire, **uai);
        let nombre_ecoles = convention.ecoles().keys().filter(voit).count();
        let termes = convention.termes();
        (nombre_ecoles > 0).then(|| ResumeConvention {
            id: convention.reference().to_string(),
            autorite: termes.autorite.to_string(),
            autorite_nom: nom_de_l_autorite(&self.annuaire, &termes.autorite),
            siret: termes.siret.map(|siret| siret.to_string()),
            fournisseur: termes.fournisseur.to_string(),
            plateforme: termes.plateforme.to_string(),
            prix: termes.prix.to_string(),
            debut: convention.debut(),
            fin: convention.echeance(),
            etat: self.etat(convention),
            nombre_ecoles,
        })
    }

    /// A convention; none when no school of it is in sight.
    pub(super) fn fiche(&self, convention: &Convention) -> Option<FicheConvention> {
        let resume = self.resume(convention)?;
        let ecoles = convention.ecoles().iter();
        let ecoles = ecoles.filter(|(uai, _)| voit_ecole(self.appelant, &self.annuaire, **uai));
        let ecoles = ecoles.map(|(uai, inscription)| EcoleInscrite {
            uai: uai.to_string(),
            nom: self.annuaire.ecole(*uai).map(|e| e.nom.clone()),
            entree: inscription.entree,
            sortie: inscription.sortie,
            detruite_le: convention.detruites().get(uai).copied(),
        });
        let reconductions = convention.reconductions().iter();
        let reconductions = reconductions.map(|r| ReconductionRendue {
            decidee_le: r.decidee_le,
            avant: r.avant,
        });
        let dues = convention.echeances(self.delai);
        let dues = dues.filter(|due| convention.ecoles().contains_key(&due.uai));
        let due = dues.map(|due| due.echeance);
        let due = due.max();
        let cloture = convention.cloture().map(|cloture| FinConvention {
            date: cloture.date,
            cumuls: cloture.cumuls.code(),
            destruction_avant: due,
        });
        Some(FicheConvention {
            destruction_avant: due.filter(|_| resume.etat == EtatConvention::Echue),
            resume,
            ecoles: ecoles.collect(),
            retirees: self.retirees(convention),
            reconductions: reconductions.collect(),
            cloture,
        })
    }

    fn retirees(&self, convention: &Convention) -> Vec<EcoleRetiree> {
        let retraits = convention.retraits().iter();
        let vues = retraits.filter(|(uai, _)| voit_ecole(self.appelant, &self.annuaire, **uai));
        let dues: BTreeMap<_, _> = convention
            .echeances(self.delai)
            .map(|due| (due.uai, due.echeance))
            .collect();
        vues.map(|(uai, retrait)| EcoleRetiree {
            uai: uai.to_string(),
            nom: self.annuaire.ecole(*uai).map(|e| e.nom.clone()),
            au: retrait.sejour.au(),
            cumuls: retrait.cumuls.code(),
            destruction_avant: match retrait.detruit_le {
                None => dues.get(uai).copied(),
                Some(_) => None,
            },
            detruite_le: retrait.detruit_le,
        })
        .collect()
    }

    fn etat(&self, convention: &Convention) -> EtatConvention {
        let detruites = convention.detruites();
        if convention
            .ecoles()
            .keys()
            .all(|uai| detruites.contains_key(uai))
        {
            EtatConvention::Detruite
        } else if convention.debut() > self.aujourdhui {
            EtatConvention::AVenir
        } else if convention.en_vigueur(self.aujourdhui) {
            EtatConvention::EnVigueur
        } else if convention.cloture().is_some() {
            EtatConvention::Terminee
        } else {
            EtatConvention::Echue
        }
    }
}
