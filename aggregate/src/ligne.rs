//! One event as the day job holds it: 48 bytes, every text a small number.

use std::cmp::Ordering;

use frequent_plan::{Appareil, Navigateur, Os, Profil, TypeService};

use crate::etiquettes::{Etiquettes, Outil};
use crate::membres::{APPAREILS, HEURES, Membres, NAVIGATEURS, OS, SERVICES, TYPES, rang_profil};
use crate::presence::NumeroUai;
use crate::seaux::Fixe;

/// What an event counts for, packed: the ranks of its profile (by text), service, type, device,
/// system and browser (in the plan's lists), and its hour. Values for different fields are OR-ed together, so
/// that a column's dictionary is packed once and a row costs one OR a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Codes(pub u32);

const PROFIL: u32 = 0;
const SERVICE: u32 = 3;
const TYPE: u32 = 8;
const APPAREIL: u32 = 9;
const SYSTEME: u32 = 11;
const NAVIGATEUR: u32 = 14;
const HEURE: u32 = 18;

impl Codes {
    /// Its rank is that of its text ([`crate::membres::code_profil`]).
    pub(crate) fn de_profil(profil: Profil) -> Self {
        let rang = rang_profil(profil.code()).and_then(|r| u32::try_from(r).ok());
        Self(rang.unwrap_or_default() << PROFIL)
    }

    pub(crate) fn de_service(rang: u8) -> Self {
        Self(u32::from(rang) << SERVICE)
    }

    pub(crate) fn de_type(type_service: TypeService) -> Self {
        Self(u32::from(type_service.rang()) << TYPE)
    }

    pub(crate) fn d_appareil(appareil: Appareil) -> Self {
        Self(u32::from(appareil.rang()) << APPAREIL)
    }

    pub(crate) fn d_os(os: Os) -> Self {
        Self(u32::from(os.rang()) << SYSTEME)
    }

    pub(crate) fn de_navigateur(navigateur: Navigateur) -> Self {
        Self(u32::from(navigateur.rang()) << NAVIGATEUR)
    }

    pub(crate) fn d_heure(heure: u8) -> Self {
        Self(u32::from(heure) << HEURE)
    }

    fn champ(self, debut: u32, bits: u32) -> usize {
        ((self.0 >> debut) & ((1 << bits) - 1)) as usize
    }

    pub(crate) fn profil(self) -> usize {
        self.champ(PROFIL, SERVICE - PROFIL)
    }

    /// The position of its service in [`crate::membres`].
    pub(crate) fn service(self) -> usize {
        SERVICES + self.champ(SERVICE, TYPE - SERVICE)
    }

    pub(crate) fn type_service(self) -> usize {
        TYPES + self.champ(TYPE, APPAREIL - TYPE)
    }

    pub(crate) fn est_tiers(self) -> bool {
        self.type_service() == TYPES + usize::from(TypeService::Tiers.rang())
    }

    pub(crate) fn appareil(self) -> usize {
        APPAREILS + self.champ(APPAREIL, SYSTEME - APPAREIL)
    }

    pub(crate) fn os(self) -> usize {
        OS + self.champ(SYSTEME, NAVIGATEUR - SYSTEME)
    }

    pub(crate) fn navigateur(self) -> usize {
        NAVIGATEURS + self.champ(NAVIGATEUR, HEURE - NAVIGATEUR)
    }

    pub(crate) fn heure(self) -> usize {
        HEURES + self.champ(HEURE, 5)
    }
}

impl std::ops::BitOr for Codes {
    type Output = Self;

    fn bitor(self, autre: Self) -> Self {
        Self(self.0 | autre.0)
    }
}

/// An accepted event. Platform, project and provider are left out: they come last in the order
/// that chooses between two contents of one id, and no count depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ligne {
    /// Its school.
    pub uai: NumeroUai,
    /// Milliseconds since the reference instant of its day ([`crate::lecture::origine`]).
    pub ts: u32,
    /// Its person.
    pub visiteur: u64,
    /// Its browser, app or session; 0 when unknown.
    pub client: u64,
    /// Its identifier's 16 bytes, as two big-endian numbers: compared as unsigned bytes are.
    pub id: [u64; 2],
    /// What it counts for.
    pub codes: Codes,
    /// Its tool.
    pub outil: Outil,
}

impl Ligne {
    /// The order in which visits are read: by school and visit key, then time, then id.
    pub(crate) fn ordre(&self, autre: &Self) -> Ordering {
        self.cle_visite()
            .cmp(&autre.cle_visite())
            .then_with(|| (self.ts, self.id).cmp(&(autre.ts, autre.id)))
    }

    /// The visit key, its day apart.
    pub(crate) fn cle_visite(&self) -> (NumeroUai, usize, u64, u64) {
        (self.uai, self.codes.profil(), self.visiteur, self.client)
    }

    /// Which of two contents of one id counts: the smallest by (`ts`, then the other fields in the
    /// table's order), texts compared as UTF-8 bytes.
    pub(crate) fn contenu(
        &self,
        autre: &Self,
        membres: &Membres,
        etiquettes: &Etiquettes,
    ) -> Ordering {
        let (a, b) = (self.codes, autre.codes);
        let textes = |champ: fn(Codes) -> usize| membres.code(champ(a)).cmp(membres.code(champ(b)));
        (self.ts, a.heure(), self.uai)
            .cmp(&(autre.ts, b.heure(), autre.uai))
            .then_with(|| self.cle_visite().cmp(&autre.cle_visite()))
            .then_with(|| textes(Codes::service))
            .then_with(|| textes(Codes::type_service))
            .then_with(|| {
                etiquettes
                    .libelle(self.outil)
                    .cmp(&etiquettes.libelle(autre.outil))
            })
            .then_with(|| textes(Codes::appareil))
            .then_with(|| textes(Codes::os))
            .then_with(|| textes(Codes::navigateur))
    }
}

impl Fixe for Ligne {
    const TAILLE: usize = 48;

    fn ecrire(&self, octets: &mut Vec<u8>) {
        let mut bloc = [0; Self::TAILLE];
        bloc[0..4].copy_from_slice(&self.uai.0.to_le_bytes());
        bloc[4..8].copy_from_slice(&self.ts.to_le_bytes());
        bloc[8..16].copy_from_slice(&self.visiteur.to_le_bytes());
        bloc[16..24].copy_from_slice(&self.client.to_le_bytes());
        bloc[24..32].copy_from_slice(&self.id[0].to_le_bytes());
        bloc[32..40].copy_from_slice(&self.id[1].to_le_bytes());
        bloc[40..44].copy_from_slice(&self.codes.0.to_le_bytes());
        bloc[44..48].copy_from_slice(&self.outil.0.to_le_bytes());
        octets.extend_from_slice(&bloc);
    }

    fn lire(octets: &[u8]) -> Option<Self> {
        let (quatre, huit) = (
            |debut: usize| Some(u32::from_le_bytes(*octets.get(debut..)?.first_chunk()?)),
            |debut: usize| Some(u64::from_le_bytes(*octets.get(debut..)?.first_chunk()?)),
        );
        Some(Self {
            uai: NumeroUai(quatre(0)?),
            ts: quatre(4)?,
            visiteur: huit(8)?,
            client: huit(16)?,
            id: [huit(24)?, huit(32)?],
            codes: Codes(quatre(40)?),
            outil: Outil(quatre(44)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::membres::code_profil;

    #[test]
    fn a_row_survives_its_bytes_and_its_codes_do_not_overlap() {
        let codes = Codes::de_profil(Profil::Autre)
            | Codes::de_service(31)
            | Codes::de_type(TypeService::Tiers)
            | Codes::d_appareil(Appareil::Autre)
            | Codes::d_os(Os::Autre)
            | Codes::de_navigateur(Navigateur::Autre)
            | Codes::d_heure(23);
        assert_eq!(code_profil(codes.profil()), "AUTRE");
        assert_eq!(codes.service(), SERVICES + 31);
        assert_eq!(codes.type_service(), TYPES + 1);
        assert_eq!(codes.appareil(), APPAREILS + 3);
        assert_eq!(codes.os(), OS + 6);
        assert_eq!(codes.navigateur(), NAVIGATEURS + 9);
        assert_eq!(codes.heure(), HEURES + 23);
        let ligne = Ligne {
            uai: NumeroUai(9_999_999),
            ts: u32::MAX,
            visiteur: 1,
            client: u64::MAX,
            id: [2, 3],
            codes,
            outil: Outil(7),
        };
        let mut octets = Vec::new();
        ligne.ecrire(&mut octets);
        assert_eq!(Ligne::lire(&octets), Some(ligne));
    }
}
