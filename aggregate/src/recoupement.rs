//! Exact users: bits of presence counted, minus what is counted twice.
//!
//! Over a school and a profile, users are the rows of presence that have the bit. Over anything
//! wider (all profiles, a territory), summing those counts a person once a (school, profile) where
//! they were seen: the few persons seen in several are found, and for each member the excess is
//! taken back.

use crate::comptes::Cube;
use crate::etiquettes::{Ensemble, Etiquettes, Outil};
use crate::membres::TOUS;
use crate::presence::{Presence, positions};

/// The members, and the tools, that a person is counted for once too often.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Excedent {
    /// Positions, repeated as often as they are in excess.
    pub fermes: Vec<usize>,
    /// Tools, likewise.
    pub outils: Vec<Outil>,
}

impl Excedent {
    /// What the rows of one person, summed, count too much.
    pub(crate) fn de<'p>(
        presences: impl IntoIterator<Item = &'p Presence>,
        etiquettes: &Etiquettes,
    ) -> Self {
        let mut excedent = Self::default();
        let (mut vus, mut outils_vus) = (0, Ensemble::VIDE);
        for presence in presences {
            positions(vus & presence.masque(), |p| excedent.fermes.push(p));
            vus |= presence.masque();
            if outils_vus != Ensemble::VIDE && presence.outils != Ensemble::VIDE {
                let deja = etiquettes.contenu(outils_vus);
                let siens = etiquettes.contenu(presence.outils);
                excedent
                    .outils
                    .extend(siens.iter().filter(|o| deja.contains(o)));
            }
            outils_vus = etiquettes.union(outils_vus, presence.outils);
        }
        excedent
    }

    /// Takes it back from the users of a profile (or of [`TOUS`]).
    pub(crate) fn retirer(&self, cube: &mut Cube, profil: usize) {
        let comptes = cube.profil(profil);
        for &position in &self.fermes {
            comptes.fermes[position].utilisateurs -= 1;
        }
        for outil in &self.outils {
            comptes.outils.entry(*outil).or_default().utilisateurs -= 1;
        }
    }
}

/// Counts the users of one school from its presence, one row a (profile, person), and completes
/// its counts with `TOUS`, where a person seen under two profiles counts once.
pub(crate) fn compter_utilisateurs(
    presences: &[Presence],
    etiquettes: &Etiquettes,
    cube: &mut Cube,
) {
    for presence in presences {
        let comptes = cube.profil(usize::from(presence.profil));
        positions(presence.masque(), |p| comptes.fermes[p].utilisateurs += 1);
        if presence.outils != Ensemble::VIDE {
            for outil in etiquettes.contenu(presence.outils).iter() {
                comptes.outils.entry(*outil).or_default().utilisateurs += 1;
            }
        }
    }
    cube.totaliser();
    let mut personnes: Vec<&Presence> = presences.iter().collect();
    personnes.sort_unstable_by_key(|p| p.visiteur);
    for personne in personnes.chunk_by(|a, b| a.visiteur == b.visiteur) {
        if personne.len() > 1 {
            Excedent::de(personne.iter().copied(), etiquettes).retirer(cube, TOUS);
        }
    }
}
