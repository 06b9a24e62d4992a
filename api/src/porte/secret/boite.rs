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
use super::coins::Coins;
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
    coins: &Coins,
) -> Vec<Boite> {
    let choisir = |petite: &Cellule| {
        let autour = Autour {
            petite,
            cellules,
            listes,
            coins,
        };
        if petite.axe == Axe::Total {
            autour.boite_d_un_total(axes)
        } else {
            autour.boite_d_un_membre()
        }
    };
    let petites = cellules.iter();
    petites
        .filter(|cellule| seuil.est_petit(cellule.mesures.utilisateurs))
        .map(choisir)
        .collect()
}

/// A small figure, and what its box is chosen from.
struct Autour<'a> {
    petite: &'a Cellule,
    cellules: &'a [Cellule],
    listes: &'a Listes,
    coins: &'a Coins,
}

impl Autour<'_> {
    /// The profiles that can hide the small one, those of the fewest people first, so that small
    /// ones hide each other. For all profiles together there is no other: one that came, of the
    /// most people first.
    fn autres_profils(&self) -> Vec<ProfilCellule> {
        let petite = self.petite;
        let memes = self.cellules.iter().filter(|c| {
            c.axe == petite.axe && c.membre == petite.membre && c.profil != petite.profil
        });
        let mut memes: Vec<&Cellule> = memes
            .filter(|c| c.profil != ProfilCellule::Tous && c.mesures.visites > 0)
            .collect();
        memes.sort_by_key(|c| (c.mesures.utilisateurs, c.profil));
        if petite.profil == ProfilCellule::Tous {
            memes.reverse();
        }
        let mut profils: Vec<ProfilCellule> = memes.iter().map(|c| c.profil).collect();
        if profils.is_empty() {
            profils.push(fixe(petite.profil));
        }
        profils
    }

    /// The profiles whose visits are moved.
    fn mus(&self, autre: ProfilCellule) -> Vec<ProfilCellule> {
        match (self.petite.profil, autre) {
            (ProfilCellule::Tous, autre) => vec![autre],
            (profil, autre) => vec![profil, autre],
        }
    }

    /// The members of an axis that came, under the small figure's profile, those of the fewest
    /// people first.
    fn presents(&self, axe: Axe) -> Vec<Arc<str>> {
        let mut siennes: Vec<&Cellule> = self
            .cellules
            .iter()
            .filter(|c| c.profil == self.petite.profil && c.axe == axe && c.mesures.visites > 0)
            .collect();
        siennes.sort_by_key(|c| (c.mesures.utilisateurs, &c.membre));
        siennes.iter().map(|c| Arc::clone(&c.membre)).collect()
    }

    /// A total hides with one other profile and, of each axis asked, a member that is part of it.
    /// The profile does not depend on the axes asked.
    fn boite_d_un_total(&self, axes: &[Axe]) -> Boite {
        let petite = self.petite;
        let manque = |autre: &ProfilCellule, axe, membre: &Arc<str>| {
            self.coins.manque(&self.mus(*autre), axe, &[membre])
        };
        let profils = self.autres_profils();
        let choisi = profils
            .iter()
            .min_by_key(|autre| manque(autre, Axe::Total, &petite.membre));
        let autre = choisi.copied().unwrap_or_else(|| fixe(petite.profil));
        let mut membres = vec![(Axe::Total, Arc::clone(&petite.membre))];
        for &axe in axes.iter().filter(|axe| **axe != Axe::Total) {
            let presents = self.presents(axe).into_iter().rev();
            let present = presents.min_by_key(|membre| manque(&autre, axe, membre));
            let membre = present.or_else(|| Some(Arc::from(self.listes.de(axe).first()?.as_str())));
            membres.extend(membre.map(|membre| (axe, membre)));
        }
        Boite {
            profils: [petite.profil, autre],
            membres,
        }
    }

    /// A member hides with one other profile and one other member.
    fn boite_d_un_membre(&self) -> Boite {
        let petite = self.petite;
        let mut membres = self.presents(petite.axe);
        membres.retain(|membre| *membre != petite.membre);
        if membres.is_empty() {
            membres.extend(self.listes.voisin(petite.axe, &petite.membre));
        }
        let manque = |profil: &ProfilCellule, membre: &Arc<str>| {
            let membres = [&petite.membre, membre];
            self.coins.manque(&self.mus(*profil), petite.axe, &membres)
        };
        let profils = self.autres_profils();
        let couples = profils
            .iter()
            .flat_map(|profil| membres.iter().map(move |membre| (*profil, membre)));
        let choisi = couples.min_by_key(|(profil, membre)| manque(profil, membre));
        let mut choisis = vec![(petite.axe, Arc::clone(&petite.membre))];
        choisis.extend(choisi.map(|(_, membre)| (petite.axe, Arc::clone(membre))));
        let autre = choisi.map_or_else(|| fixe(petite.profil), |(profil, _)| profil);
        Boite {
            profils: [petite.profil, autre],
            membres: choisis,
        }
    }
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
