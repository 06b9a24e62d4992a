//! Presence: what one person did in one school under one profile over some days, as sets. OR-ing
//! the rows of several days or schools, then counting the bits, gives exact distinct users for
//! every member of every axis (design, idea 3).

use frequent_plan::Uai;

use crate::etiquettes::{Ensemble, Etiquettes};
use crate::membres::{
    APPAREILS, FERMES, HEURES, NAVIGATEURS, OS, SERVICES, TOTAL, TRANCHES, TYPES,
};
use crate::seaux::Fixe;

/// A school as the number its seven digits make: the check letter follows from them, so the order
/// of numbers is the order of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NumeroUai(pub u32);

impl From<Uai> for NumeroUai {
    fn from(uai: Uai) -> Self {
        let chiffres = &uai.octets()[..7];
        Self(chiffres.iter().fold(0, |n, c| n * 10 + u32::from(c - b'0')))
    }
}

impl From<NumeroUai> for Uai {
    fn from(numero: NumeroUai) -> Self {
        Self::depuis_nombre(numero.0)
    }
}

/// One row of `presence/`: 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Presence {
    /// The person.
    pub visiteur: u64,
    bas: u64,
    haut: u32,
    /// The school.
    pub uai: NumeroUai,
    /// The tool labels used.
    pub outils: Ensemble,
    /// The profile's rank ([`crate::membres::code_profil`]).
    pub profil: u8,
}

impl Presence {
    /// The presence of a person whose visits count for the members of `masque`: bit p is position
    /// p of [`crate::membres`].
    pub(crate) fn new(uai: NumeroUai, profil: u8, visiteur: u64, masque: u128) -> Self {
        let mut presence = Self {
            visiteur,
            bas: 0,
            haut: 0,
            uai,
            outils: Ensemble::VIDE,
            profil,
        };
        presence.poser(masque);
        presence
    }

    /// The members that the person's visits count for.
    pub(crate) fn masque(&self) -> u128 {
        u128::from(self.bas) | (u128::from(self.haut) << 64)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the two halves of the mask"
    )]
    fn poser(&mut self, masque: u128) {
        self.bas = masque as u64;
        self.haut = (masque >> 64) as u32;
    }

    /// Adds the other days or places of the same person.
    pub(crate) fn unir(&mut self, autre: &Self, etiquettes: &Etiquettes) {
        self.poser(self.masque() | autre.masque());
        self.outils = etiquettes.union(self.outils, autre.outils);
    }

    /// The order of rows, in memory and in files: school, profile (by text), person.
    pub(crate) fn cle(&self) -> (NumeroUai, u8, u64) {
        (self.uai, self.profil, self.visiteur)
    }
}

/// Calls `f` with each position of a mask, in order.
pub(crate) fn positions(mut masque: u128, mut f: impl FnMut(usize)) {
    while masque != 0 {
        f(masque.trailing_zeros() as usize);
        masque &= masque - 1;
    }
}

/// The sets of a mask, as the columns of `presence/` hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Jeux {
    pub services: u32,
    pub types: u8,
    pub appareils: u8,
    pub os: u8,
    pub navigateurs: u16,
    pub heures: u32,
    pub tranches: u8,
}

impl Jeux {
    /// Splits a mask into its axes.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "each axis is cut to its own width"
    )]
    pub(crate) fn du_masque(masque: u128) -> Self {
        let axe = |debut: usize, fin: usize| (masque >> debut) & ((1 << (fin - debut)) - 1);
        Self {
            services: axe(SERVICES, TYPES) as u32,
            types: axe(TYPES, APPAREILS) as u8,
            appareils: axe(APPAREILS, OS) as u8,
            os: axe(OS, NAVIGATEURS) as u8,
            navigateurs: axe(NAVIGATEURS, HEURES) as u16,
            heures: axe(HEURES, TRANCHES) as u32,
            tranches: axe(TRANCHES, FERMES) as u8,
        }
    }

    /// Joins the axes into a mask; bits past an axis's end are dropped.
    pub(crate) fn masque(&self) -> u128 {
        let axe =
            |bits: u128, debut: usize, fin: usize| (bits & ((1 << (fin - debut)) - 1)) << debut;
        1 << TOTAL
            | axe(self.services.into(), SERVICES, TYPES)
            | axe(self.types.into(), TYPES, APPAREILS)
            | axe(self.appareils.into(), APPAREILS, OS)
            | axe(self.os.into(), OS, NAVIGATEURS)
            | axe(self.navigateurs.into(), NAVIGATEURS, HEURES)
            | axe(self.heures.into(), HEURES, TRANCHES)
            | axe(self.tranches.into(), TRANCHES, FERMES)
    }
}

impl Fixe for Presence {
    const TAILLE: usize = 29;

    fn ecrire(&self, octets: &mut Vec<u8>) {
        octets.extend_from_slice(&self.visiteur.to_le_bytes());
        octets.extend_from_slice(&self.bas.to_le_bytes());
        octets.extend_from_slice(&self.haut.to_le_bytes());
        octets.extend_from_slice(&self.uai.0.to_le_bytes());
        octets.extend_from_slice(&self.outils.0.to_le_bytes());
        octets.push(self.profil);
    }

    fn lire(octets: &[u8]) -> Option<Self> {
        let (visiteur, reste) = octets.split_first_chunk()?;
        let (bas, reste) = reste.split_first_chunk()?;
        let (haut, reste) = reste.split_first_chunk()?;
        let (uai, reste) = reste.split_first_chunk()?;
        let (outils, reste) = reste.split_first_chunk()?;
        Some(Self {
            visiteur: u64::from_le_bytes(*visiteur),
            bas: u64::from_le_bytes(*bas),
            haut: u32::from_le_bytes(*haut),
            uai: NumeroUai(u32::from_le_bytes(*uai)),
            outils: Ensemble(u32::from_le_bytes(*outils)),
            profil: *reste.first()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_survives_its_split_into_columns_and_its_bytes() {
        let masque = (1_u128 << FERMES) - 1;
        assert_eq!(Jeux::du_masque(masque).masque(), masque);
        let presence = Presence::new(NumeroUai(310_001), 3, u64::MAX - 4, masque);
        assert_eq!(presence.masque(), masque);
        let mut octets = Vec::new();
        presence.ecrire(&mut octets);
        assert_eq!(octets.len(), Presence::TAILLE);
        assert_eq!(Presence::lire(&octets), Some(presence));
    }

    #[test]
    fn a_school_is_its_number_and_back() {
        let uai: Uai = "0660713S".parse().unwrap();
        assert_eq!(NumeroUai::from(uai), NumeroUai(660_713));
        assert_eq!(Uai::from(NumeroUai(660_713)), uai);
    }
}
