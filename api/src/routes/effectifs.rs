//! Head counts beside figures, and the share of them who came.

use frequent_plan::{Jour, Niveau, Profil, Uai};
use frequent_territory::effectifs::{Effectif, Effectifs};
use frequent_territory::{Annuaire, Etat as EtatEcole};
use serde::Serialize;
use utoipa::ToSchema;

use crate::donnees::ProfilCellule;
use crate::porte::{MesuresRendues, quotient};

/// A head count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct EffectifRendu {
    /// Distinct persons.
    pub nombre: u64,
    /// The oldest date of what they were counted from.
    #[schema(value_type = String, format = Date)]
    pub date: Jour,
}

/// The head counts of a territory, profile by profile.
pub(super) struct EffectifsDuLieu<'a> {
    effectifs: &'a Effectifs,
    lieu: (&'a Annuaire, Niveau, &'a str),
    /// Its open schools.
    ouvertes: usize,
}

impl<'a> EffectifsDuLieu<'a> {
    pub(super) fn de(effectifs: &'a Effectifs, lieu: (&'a Annuaire, Niveau, &'a str)) -> Self {
        let (annuaire, niveau, code) = lieu;
        let ecoles = annuaire.ecoles_de(niveau, code);
        Self {
            effectifs,
            lieu,
            ouvertes: ecoles.filter(|e| e.etat != EtatEcole::Ferme).count(),
        }
    }

    /// The head count of a profile, and the user rate: users over the head count of the same profile
    /// and territory. No rate where a school of the territory has no head count, since its users
    /// would be divided by nobody; none either for figures that are not shown.
    pub(super) fn de_profil(
        &self,
        profil: ProfilCellule,
        mesures: &MesuresRendues,
    ) -> (Option<EffectifRendu>, Option<f64>) {
        let Some(effectif) = self.compter(profil).filter(|e| e.nombre > 0) else {
            return (None, None);
        };
        let entier = self.couvre(Some(effectif)) || self.couvre(self.compter(ProfilCellule::Tous));
        let utilisateurs = mesures.utilisateurs().filter(|_| entier);
        let taux = quotient(utilisateurs, i64::try_from(effectif.nombre).ok());
        let rendu = EffectifRendu {
            nombre: effectif.nombre,
            date: effectif.date,
        };
        (Some(rendu), taux)
    }

    fn compter(&self, profil: ProfilCellule) -> Option<Effectif> {
        let (annuaire, niveau, code) = self.lieu;
        self.effectifs
            .effectif(annuaire, niveau, code, profil.seul())
    }

    fn couvre(&self, effectif: Option<Effectif>) -> bool {
        effectif.is_some_and(|e| usize::try_from(e.ecoles) == Ok(self.ouvertes))
    }
}

/// The head counts of single schools.
#[derive(Clone, Copy)]
pub(super) struct EffectifsDesEcoles<'a> {
    pub(super) effectifs: &'a Effectifs,
    pub(super) annuaire: &'a Annuaire,
}

impl EffectifsDesEcoles<'_> {
    /// The pupils of a school; none where nobody counted them.
    pub(super) fn eleves(self, uai: Uai) -> Option<u64> {
        self.nombre(uai, ProfilCellule::Un(Profil::Eleve))
    }

    /// The persons of a profile in a school; none where nobody counted them.
    pub(super) fn nombre(self, uai: Uai, profil: ProfilCellule) -> Option<u64> {
        let (niveau, code) = (Niveau::Ecole, uai.as_str());
        let effectif = self
            .effectifs
            .effectif(self.annuaire, niveau, code, profil.seul())?;
        (effectif.nombre > 0).then_some(effectif.nombre)
    }
}
