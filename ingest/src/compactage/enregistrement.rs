//! A row while it is sorted: numbers only, its texts replaced by numbers of the whole job.

use std::cmp::Ordering;
use std::io::{self, Read, Write};

use rustc_hash::FxHashMap;

use crate::evenements::TEXTES;

/// Bytes of a row in an overflow file.
pub(super) const OCTETS: usize = 16 + 3 * 8 + 4 * TEXTES + 1;

const UAI: usize = 0;
const PROFIL: usize = 1;
const PLATEFORME: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Enregistrement {
    pub(super) id: [u8; 16],
    pub(super) ts: i64,
    pub(super) visiteur: u64,
    pub(super) client: u64,
    pub(super) textes: [u32; TEXTES],
    pub(super) heure: u8,
}

impl Enregistrement {
    /// By identifier; of the same identifier, the one that counts first: smallest `ts`, then the
    /// other fields in the order of the table (`docs/definitions.md`, *Counting once*). Holds once texts are
    /// numbered in their own order.
    pub(super) fn ordre_contenu(&self, autre: &Self) -> Ordering {
        let cle = |e: &Self| (e.id, e.ts, e.heure, e.textes[UAI], e.textes[PROFIL]);
        let suite = |e: &Self| (e.visiteur, e.client, e.textes);
        cle(self)
            .cmp(&cle(autre))
            .then_with(|| suite(self).cmp(&suite(autre)))
    }

    /// The numbers of its platform and school.
    pub(super) fn lieu(&self) -> (u32, u32) {
        (self.textes[PLATEFORME], self.textes[UAI])
    }

    /// As the table is sorted. Holds once texts are numbered in their own order.
    pub(super) fn ordre_table(&self, autre: &Self) -> Ordering {
        let cle = |e: &Self| {
            let ecole = (e.textes[UAI], e.textes[PROFIL]);
            (ecole, e.visiteur, e.client, e.ts, e.id)
        };
        cle(self).cmp(&cle(autre))
    }

    pub(super) fn ecrire(&self, sortie: &mut impl Write) -> io::Result<()> {
        let mut octets = [0; OCTETS];
        octets[..16].copy_from_slice(&self.id);
        octets[16..24].copy_from_slice(&self.ts.to_le_bytes());
        octets[24..32].copy_from_slice(&self.visiteur.to_le_bytes());
        octets[32..40].copy_from_slice(&self.client.to_le_bytes());
        for (place, texte) in octets[40..].chunks_exact_mut(4).zip(self.textes) {
            place.copy_from_slice(&texte.to_le_bytes());
        }
        octets[OCTETS - 1] = self.heure;
        sortie.write_all(&octets)
    }

    pub(super) fn lire(entree: &mut impl Read) -> io::Result<Self> {
        let mut octets = [0; OCTETS];
        entree.read_exact(&mut octets)?;
        let mut textes = [0; TEXTES];
        for (texte, place) in textes.iter_mut().zip(octets[40..].chunks_exact(4)) {
            *texte = u32::from_le_bytes(tableau(place));
        }
        Ok(Self {
            id: tableau(&octets[..16]),
            ts: i64::from_le_bytes(tableau(&octets[16..24])),
            visiteur: u64::from_le_bytes(tableau(&octets[24..32])),
            client: u64::from_le_bytes(tableau(&octets[32..40])),
            textes,
            heure: octets[OCTETS - 1],
        })
    }
}

fn tableau<const N: usize>(octets: &[u8]) -> [u8; N] {
    let mut tableau = [0; N];
    tableau.copy_from_slice(octets);
    tableau
}

/// Every text of the job once, numbered as it comes.
#[derive(Debug, Default)]
pub(super) struct Dictionnaire {
    valeurs: Vec<Box<str>>,
    par_valeur: FxHashMap<Box<str>, u32>,
}

impl Dictionnaire {
    pub(super) fn numero(&mut self, texte: &str) -> u32 {
        if let Some(numero) = self.par_valeur.get(texte) {
            return *numero;
        }
        // Four billion distinct texts do not fit in memory long before they overflow this.
        let numero = u32::try_from(self.valeurs.len()).unwrap_or(u32::MAX);
        self.valeurs.push(texte.into());
        self.par_valeur.insert(texte.into(), numero);
        numero
    }

    /// The texts in the order of their UTF-8 bytes, and the new number of each old one.
    pub(super) fn ordonner(self) -> (Vec<Box<str>>, Vec<u32>) {
        let mut ordre: Vec<u32> = self.par_valeur.into_values().collect();
        ordre.sort_unstable_by(|a, b| self.valeurs[*a as usize].cmp(&self.valeurs[*b as usize]));
        let mut rangs = vec![0; self.valeurs.len()];
        for (rang, numero) in (0_u32..).zip(&ordre) {
            rangs[*numero as usize] = rang;
        }
        let mut valeurs = self.valeurs;
        valeurs.sort_unstable();
        (valeurs, rangs)
    }
}
