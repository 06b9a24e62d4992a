//! What hides a small figure: the other profile and the other member it is moved to.
//!
//! A figure too small to be shown is hidden with those that would give it back: its own profile
//! and another, its own member and another, in its territory's two schools and its period's two
//! days, and everywhere one of the two schools, one of the two days, one of the profiles and one of
//! the members is held without the other. Why that is enough: `docs/decisions/0520`.

use std::sync::Arc;

use frequent_plan::vocabulaire::MEMBRE_TOTAL;
use frequent_plan::{Appareil, Axe, Navigateur, Os, Plan, Profil, Tranche, TypeService};

use super::Seuil;
use crate::donnees::{Cellule, ProfilCellule};

/// The profiles and members that a small figure hides, in the places and periods it is hidden in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Boite {
    pub(super) profils: [ProfilCellule; 2],
    pub(super) membres: Vec<(Axe, Arc<str>)>,
}

/// The members of the closed axes, in the plan's order.
#[derive(Debug, Clone)]
pub(super) struct Listes {
    services: Vec<String>,
}

impl Listes {
    pub(super) fn du_plan(plan: &Plan) -> Self {
        let services = plan.services();
        Self {
            services: services.map(|s| plan.code(s).to_owned()).collect(),
        }
    }

    fn de(&self, axe: Axe) -> Vec<String> {
        fn codes<T: ToString>(membres: impl IntoIterator<Item = T>) -> Vec<String> {
            membres.into_iter().map(|m| m.to_string()).collect()
        }
        match axe {
            Axe::Total => codes([MEMBRE_TOTAL]),
            Axe::Service => self.services.clone(),
            Axe::Type => codes(TypeService::TOUS),
            Axe::Outil => Vec::new(),
            Axe::Appareil => codes(Appareil::TOUS),
            Axe::Os => codes(Os::TOUS),
            Axe::Navigateur => codes(Navigateur::TOUS),
            Axe::Heure => codes(0..24),
            Axe::TrancheDuree => codes(Tranche::TOUS),
        }
    }

    /// The member next to this one in its list; none on the open axis.
    fn voisin(&self, axe: Axe, membre: &str) -> Option<Arc<str>> {
        let liste = self.de(axe);
        let place = liste.iter().position(|m| m == membre)?;
        let voisin = liste
            .get(place + 1)
            .or_else(|| liste.get(place.checked_sub(1)?));
        voisin.map(|m| Arc::from(m.as_str()))
    }
}

/// The boxes of the small figures of one territory over one period: `cellules` are all those of
/// the axis `total` and of the axes asked, every profile.
pub(super) fn boites(
    seuil: Seuil,
    listes: &Listes,
    axes: &[Axe],
    cellules: &[Cellule],
) -> Vec<Boite> {
    cellules
        .iter()
        .filter(|cellule| seuil.est_petit(cellule.mesures.utilisateurs))
        .map(|petite| Boite {
            profils: [petite.profil, autre_profil(petite, cellules)],
            membres: membres(petite, cellules, listes, axes),
        })
        .collect()
}

/// The profile that hides a small one: of those that came, the one of the fewest people, so that
/// small ones hide each other. For all profiles together there is no other: one that came.
fn autre_profil(petite: &Cellule, cellules: &[Cellule]) -> ProfilCellule {
    let memes = cellules
        .iter()
        .filter(|c| c.axe == petite.axe && c.membre == petite.membre && c.profil != petite.profil)
        .filter(|c| c.profil != ProfilCellule::Tous && c.mesures.visites > 0);
    let cle = |c: &&Cellule| (c.mesures.utilisateurs, c.profil);
    let choisie = if petite.profil == ProfilCellule::Tous {
        memes.max_by_key(cle)
    } else {
        memes.min_by_key(cle)
    };
    choisie.map_or_else(|| fixe(petite.profil), |c| c.profil)
}

/// The profile that hides one that came alone.
fn fixe(profil: ProfilCellule) -> ProfilCellule {
    ProfilCellule::Un(match profil {
        ProfilCellule::Un(Profil::Eleve) => Profil::Parent,
        ProfilCellule::Un(Profil::Enseignant | Profil::Collectivite) => Profil::AdminVieScolTech,
        ProfilCellule::Un(Profil::AdminVieScolTech | Profil::Autre) => Profil::Collectivite,
        ProfilCellule::Tous | ProfilCellule::Un(Profil::Parent) => Profil::Eleve,
    })
}

/// A small member and the one that hides it; a small total and, of each axis asked, a member that
/// is part of it.
fn membres(
    petite: &Cellule,
    cellules: &[Cellule],
    listes: &Listes,
    axes: &[Axe],
) -> Vec<(Axe, Arc<str>)> {
    let siennes = |axe: Axe| {
        cellules
            .iter()
            .filter(move |c| c.profil == petite.profil && c.axe == axe && c.mesures.visites > 0)
    };
    let cle = |c: &&Cellule| (c.mesures.utilisateurs, Arc::clone(&c.membre));
    let mut membres = vec![(petite.axe, Arc::clone(&petite.membre))];
    if petite.axe == Axe::Total {
        for &axe in axes.iter().filter(|axe| **axe != Axe::Total) {
            let present = siennes(axe).max_by_key(cle).map(|c| Arc::clone(&c.membre));
            let membre = present.or_else(|| Some(Arc::from(listes.de(axe).first()?.as_str())));
            membres.extend(membre.map(|membre| (axe, membre)));
        }
    } else {
        let autres = siennes(petite.axe).filter(|c| c.membre != petite.membre);
        let autre = autres.min_by_key(cle).map(|c| Arc::clone(&c.membre));
        let autre = autre.or_else(|| listes.voisin(petite.axe, &petite.membre));
        membres.extend(autre.map(|membre| (petite.axe, membre)));
    }
    membres
}
