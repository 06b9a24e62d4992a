//! Where each member of the closed axes stands: one flat list, so that a school's counts are one
//! array and a visitor's presence is one set of bits.
//!
//! Position in the list = position in [`crate::comptes::Comptes`] = bit in
//! [`crate::presence::Presence::masque`]. The axis `outil` is open (its labels are free texts) and
//! stands apart, in [`crate::etiquettes`].

use frequent_plan::vocabulaire::{MEMBRE_TOTAL, TOUS_PROFILS};
use frequent_plan::{Appareil, Axe, Navigateur, Os, Plan, Profil, Tranche, TypeService};

/// Position of the only member of `total`.
pub(crate) const TOTAL: usize = 0;
/// Position of the first service; the plan has at most 32.
pub(crate) const SERVICES: usize = 1;
/// Position of the first type.
pub(crate) const TYPES: usize = SERVICES + 32;
/// Position of the first device.
pub(crate) const APPAREILS: usize = TYPES + TypeService::TOUS.len();
/// Position of the first system.
pub(crate) const OS: usize = APPAREILS + Appareil::TOUS.len();
/// Position of the first browser.
pub(crate) const NAVIGATEURS: usize = OS + Os::TOUS.len();
/// Position of hour 0.
pub(crate) const HEURES: usize = NAVIGATEURS + Navigateur::TOUS.len();
/// Position of the first duration class.
pub(crate) const TRANCHES: usize = HEURES + 24;
/// How many positions there are.
pub(crate) const FERMES: usize = TRANCHES + Tranche::TOUS.len();

/// How many profiles there are, `TOUS` not counted.
pub(crate) const PROFILS: usize = Profil::TOUS.len();
/// The rank of `TOUS`, whose text comes after those of the profiles.
pub(crate) const TOUS: usize = PROFILS;

/// The texts of the closed axes and the orders in which they are stored.
#[derive(Debug)]
pub(crate) struct Membres {
    codes: Vec<String>,
    axes: Vec<(Axe, Vec<usize>)>,
}

impl Membres {
    /// The flat list of this plan.
    pub(crate) fn du_plan(plan: &Plan) -> Self {
        let mut codes = vec![String::new(); FERMES];
        poser(&mut codes, TOTAL, [MEMBRE_TOTAL].into_iter());
        poser(&mut codes, SERVICES, plan.services().map(|s| plan.code(s)));
        poser(
            &mut codes,
            TYPES,
            TypeService::TOUS.iter().map(|m| m.code()),
        );
        poser(
            &mut codes,
            APPAREILS,
            Appareil::TOUS.iter().map(|m| m.code()),
        );
        poser(&mut codes, OS, Os::TOUS.iter().map(|m| m.code()));
        poser(
            &mut codes,
            NAVIGATEURS,
            Navigateur::TOUS.iter().map(|m| m.code()),
        );
        poser(&mut codes, HEURES, (0..24).map(|h| h.to_string()));
        poser(&mut codes, TRANCHES, Tranche::TOUS.iter().map(|m| m.code()));

        let mut axes: Vec<(Axe, Vec<usize>)> = Axe::TOUS
            .iter()
            .map(|&axe| {
                let mut positions: Vec<usize> =
                    plage(axe).filter(|&p| !codes[p].is_empty()).collect();
                positions.sort_by(|&a, &b| codes[a].cmp(&codes[b]));
                (axe, positions)
            })
            .collect();
        axes.sort_by_key(|(axe, _)| axe.code());
        Self { codes, axes }
    }

    /// The code of the member at a position; empty where the plan has no such service.
    pub(crate) fn code(&self, position: usize) -> &str {
        &self.codes[position]
    }

    /// The codes of every position, in order.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(String::as_str)
    }

    /// The axes in the order of their texts, each with its positions in the order of theirs.
    pub(crate) fn axes(&self) -> &[(Axe, Vec<usize>)] {
        &self.axes
    }

    /// The position of a member of a closed axis, if the plan has it.
    pub(crate) fn position(&self, axe: Axe, membre: &str) -> Option<usize> {
        plage(axe).find(|&p| self.codes[p] == membre && !membre.is_empty())
    }
}

fn poser<T: Into<String>>(codes: &mut [String], debut: usize, membres: impl Iterator<Item = T>) {
    for (case, membre) in codes[debut..].iter_mut().zip(membres) {
        *case = membre.into();
    }
}

/// The positions of an axis; none for `outil`.
pub(crate) fn plage(axe: Axe) -> std::ops::Range<usize> {
    match axe {
        Axe::Total => TOTAL..SERVICES,
        Axe::Service => SERVICES..TYPES,
        Axe::Type => TYPES..APPAREILS,
        Axe::Outil => 0..0,
        Axe::Appareil => APPAREILS..OS,
        Axe::Os => OS..NAVIGATEURS,
        Axe::Navigateur => NAVIGATEURS..HEURES,
        Axe::Heure => HEURES..TRANCHES,
        Axe::TrancheDuree => TRANCHES..FERMES,
    }
}

/// The profiles in the order of their texts, which is the order of files: a profile's place here is
/// what counting calls its rank.
const PROFILS_TRIES: [Profil; PROFILS] = [
    Profil::AdminVieScolTech,
    Profil::Autre,
    Profil::Collectivite,
    Profil::Eleve,
    Profil::Enseignant,
    Profil::Parent,
];

/// The text of the profile of this rank, or `TOUS`.
pub(crate) fn code_profil(rang: usize) -> &'static str {
    PROFILS_TRIES.get(rang).map_or(TOUS_PROFILS, |p| p.code())
}

/// The rank of a profile's text, [`TOUS`] included.
pub(crate) fn rang_profil(code: &str) -> Option<usize> {
    (0..=TOUS).find(|&rang| code_profil(rang) == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_has_its_own_position_and_is_found_there() {
        let membres = Membres::du_plan(&Plan::integre().unwrap());
        let mut vues = [false; FERMES];
        for (axe, positions) in membres.axes() {
            for &position in positions {
                assert!(!std::mem::replace(&mut vues[position], true));
                assert_eq!(
                    membres.position(*axe, membres.code(position)),
                    Some(position)
                );
            }
        }
        // 1 + 25 services + 2 + 4 + 7 + 10 + 24 + 5.
        assert_eq!(vues.iter().filter(|v| **v).count(), 78);
    }

    #[test]
    fn axes_profiles_and_members_are_in_the_order_of_their_texts() {
        let membres = Membres::du_plan(&Plan::integre().unwrap());
        let axes: Vec<_> = membres.axes().iter().map(|(a, _)| a.code()).collect();
        assert!(axes.is_sorted());
        assert!((0..=TOUS).map(code_profil).is_sorted());
        assert!(Profil::TOUS.iter().all(|p| rang_profil(p.code()).is_some()));
        for (_, positions) in membres.axes() {
            assert!(positions.iter().map(|&p| membres.code(p)).is_sorted());
        }
    }
}
