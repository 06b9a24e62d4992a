//! What is known of schools beside their figures, by which their rows are filtered.

use frequent_plan::{Niveau, Profil};
use frequent_territory::effectifs::Effectifs;
use frequent_territory::pilotage::TrancheEffectif;
use frequent_territory::{Annuaire, Territoire};
use serde::Serialize;
use utoipa::ToSchema;

use super::etats::{EtatOuverture, Etats};
use super::territoires::ecole;

/// What a school's row is filtered by.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiltresEcole {
    /// `PU` (public) or `PR` (private).
    pub secteur: &'static str,
    /// `REP` or `REP+`.
    pub education_prioritaire: Option<String>,
    /// Its band of pupils, when they are known: `0-49`, `50-99`, `100-199`, `200-399`, `400+`.
    #[schema(value_type = Option<String>)]
    pub tranche_effectif: Option<TrancheEffectif>,
    /// The platform of the convention in force.
    pub plateforme: Option<String>,
    /// What it does with its ENT over the period.
    pub etat: EtatOuverture,
}

/// What is known of schools beside their figures.
pub(super) struct Fiches<'a> {
    pub(super) annuaire: &'a Annuaire,
    pub(super) effectifs: &'a Effectifs,
    /// None above the school.
    pub(super) etats: Option<&'a Etats>,
}

impl Fiches<'_> {
    /// What a school's row is filtered by; none above the school.
    pub(super) fn filtres(&self, territoire: &Territoire) -> Option<FiltresEcole> {
        let ecole = ecole(self.annuaire, territoire)?;
        let etats = self.etats?;
        let uai = ecole.uai;
        let (niveau, code) = (Niveau::Ecole, uai.as_str());
        let eleves = self
            .effectifs
            .effectif(self.annuaire, niveau, code, Some(Profil::Eleve));
        Some(FiltresEcole {
            secteur: ecole.secteur.code(),
            education_prioritaire: ecole.education_prioritaire.clone(),
            tranche_effectif: eleves.map(|effectif| TrancheEffectif::de(effectif.nombre)),
            plateforme: etats.plateforme(uai).map(str::to_owned),
            etat: etats.de(uai),
        })
    }
}
