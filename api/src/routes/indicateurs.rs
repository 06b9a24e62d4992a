//! Ratios of measures: what places of different sizes can be set beside each other by.

use frequent_plan::{Niveau, Uai};
use frequent_territory::Annuaire;
use frequent_territory::effectifs::Effectifs;

use crate::donnees::ProfilCellule;
use crate::porte::MesuresRendues;

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn quotient(numerateur: Option<i64>, denominateur: Option<i64>) -> Option<f64> {
    let (numerateur, denominateur) = (numerateur?, denominateur?);
    (denominateur > 0).then(|| numerateur as f64 / denominateur as f64)
}

/// Visits per user.
pub(super) fn visites_par_utilisateur(mesures: &MesuresRendues) -> Option<f64> {
    quotient(mesures.visites(), mesures.utilisateurs())
}

/// Mean duration of a visit, in milliseconds.
pub(super) fn duree_moyenne_ms(mesures: &MesuresRendues) -> Option<f64> {
    quotient(mesures.duree_ms(), mesures.visites())
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
        self.nombre(uai, ProfilCellule::Un(frequent_plan::Profil::Eleve))
    }

    /// The persons of a profile in a school; none where nobody counted them.
    pub(super) fn nombre(self, uai: Uai, profil: ProfilCellule) -> Option<u64> {
        let profil = match profil {
            ProfilCellule::Tous => None,
            ProfilCellule::Un(profil) => Some(profil),
        };
        let lieu = (Niveau::Ecole, uai.as_str());
        let effectif = self
            .effectifs
            .effectif(self.annuaire, lieu.0, lieu.1, profil)?;
        (effectif.nombre > 0).then_some(effectif.nombre)
    }
}
