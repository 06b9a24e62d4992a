//! Values sorted into numbered buckets as they come, in memory up to a limit and on disk beyond:
//! what keeps the memory of a job bounded however many events a day has.
//!
//! Values lie in small blocks, so that a bucket grows without copying what it holds. Past the
//! limit, every block goes to one anonymous temporary file (it has no name: a killed job leaves
//! nothing behind), bucket after bucket, and memory starts again empty.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::erreur::Erreur;

/// Values in a block: 256 rows of 48 bytes are 12 KiB, so that the half-empty last blocks of a
/// few thousand buckets stay within some tens of MiB.
const BLOC: usize = 256;

/// A value of fixed size, to and from bytes.
pub(crate) trait Fixe: Copy {
    /// Its number of bytes.
    const TAILLE: usize;
    /// Appends its bytes.
    fn ecrire(&self, octets: &mut Vec<u8>);
    /// Reads it back; `None` if bytes are missing.
    fn lire(octets: &[u8]) -> Option<Self>;
}

impl Fixe for u64 {
    const TAILLE: usize = 8;

    fn ecrire(&self, octets: &mut Vec<u8>) {
        octets.extend_from_slice(&self.to_le_bytes());
    }

    fn lire(octets: &[u8]) -> Option<Self> {
        octets.first_chunk().copied().map(Self::from_le_bytes)
    }
}

/// Numbered buckets of values.
#[derive(Debug)]
pub(crate) struct Seaux<T> {
    /// The blocks of each bucket.
    blocs: Vec<Vec<Vec<T>>>,
    en_memoire: usize,
    limite: usize,
    dossier: PathBuf,
    debords: Vec<Debord>,
}

/// One emptying of the memory.
#[derive(Debug)]
struct Debord {
    fichier: Arc<File>,
    /// First value of each bucket, in values, and the end.
    debuts: Vec<usize>,
}

impl<T: Fixe> Seaux<T> {
    /// No value; at most `limite` of them in memory, the others in a file without name in
    /// `dossier`.
    pub(crate) fn new(dossier: &Path, limite: usize) -> Self {
        Self {
            blocs: Vec::new(),
            en_memoire: 0,
            limite,
            dossier: dossier.to_owned(),
            debords: Vec::new(),
        }
    }

    /// Adds a value to a bucket.
    pub(crate) fn pousser(&mut self, seau: usize, valeur: T) -> Result<(), Erreur> {
        if seau >= self.blocs.len() {
            self.blocs.resize_with(seau + 1, Vec::new);
        }
        let blocs = &mut self.blocs[seau];
        match blocs.last_mut() {
            Some(bloc) if bloc.len() < BLOC => bloc.push(valeur),
            Some(_) => {
                let mut bloc = Vec::with_capacity(BLOC);
                bloc.push(valeur);
                blocs.push(bloc);
            }
            None => blocs.push(vec![valeur]),
        }
        self.en_memoire += 1;
        if self.en_memoire >= self.limite {
            self.deborder().map_err(|source| Erreur::Debordement {
                dossier: self.dossier.clone(),
                source,
            })?;
        }
        Ok(())
    }

    /// How many buckets there may be: every value is in a bucket below.
    pub(crate) fn nombre(&self) -> usize {
        let sur_disque = self.debords.iter().map(|d| d.debuts.len() - 1).max();
        self.blocs.len().max(sur_disque.unwrap_or_default())
    }

    /// How many values a bucket holds.
    pub(crate) fn taille(&self, seau: usize) -> usize {
        let en_memoire: usize = self
            .blocs
            .get(seau)
            .into_iter()
            .flatten()
            .map(Vec::len)
            .sum();
        en_memoire
            + self
                .debords
                .iter()
                .map(|d| d.plage(seau).len())
                .sum::<usize>()
    }

    /// Copies the values of a bucket at the end of `valeurs`, in no particular order.
    pub(crate) fn copier(&self, seau: usize, valeurs: &mut Vec<T>) -> Result<(), Erreur> {
        for bloc in self.blocs.get(seau).into_iter().flatten() {
            valeurs.extend_from_slice(bloc);
        }
        self.debords
            .iter()
            .try_for_each(|d| d.lire(seau, valeurs))
            .map_err(|source| Erreur::Debordement {
                dossier: self.dossier.clone(),
                source,
            })
    }

    /// Frees the memory of a bucket that will not be read again.
    pub(crate) fn oublier(&mut self, seau: usize) {
        if let Some(blocs) = self.blocs.get_mut(seau) {
            *blocs = Vec::new();
        }
    }

    fn deborder(&mut self) -> io::Result<()> {
        let mut fichier = BufWriter::new(tempfile::tempfile_in(&self.dossier)?);
        let mut debuts = Vec::with_capacity(self.blocs.len() + 1);
        let mut ecrites = 0;
        let mut octets = Vec::new();
        for blocs in &mut self.blocs {
            debuts.push(ecrites);
            for bloc in std::mem::take(blocs) {
                ecrites += bloc.len();
                octets.clear();
                for valeur in &bloc {
                    valeur.ecrire(&mut octets);
                }
                fichier.write_all(&octets)?;
            }
        }
        debuts.push(ecrites);
        self.debords.push(Debord {
            fichier: Arc::new(
                fichier
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)?,
            ),
            debuts,
        });
        self.en_memoire = 0;
        Ok(())
    }
}

impl Debord {
    fn plage(&self, seau: usize) -> std::ops::Range<usize> {
        match self.debuts.get(seau..=seau + 1) {
            Some(&[debut, fin]) => debut..fin,
            _ => 0..0,
        }
    }

    fn lire<T: Fixe>(&self, seau: usize, valeurs: &mut Vec<T>) -> io::Result<()> {
        let plage = self.plage(seau);
        let mut octets = vec![0; plage.len() * T::TAILLE];
        let debut = u64::try_from(plage.start * T::TAILLE).unwrap_or(u64::MAX);
        self.fichier.read_exact_at(&mut octets, debut)?;
        valeurs.extend(octets.chunks_exact(T::TAILLE).filter_map(T::lire));
        Ok(())
    }
}

/// The buckets that several threads filled, seen as one.
#[derive(Debug)]
pub(crate) struct Recolte<T>(Vec<Seaux<T>>);

impl<T: Fixe> Recolte<T> {
    pub(crate) fn new(parts: Vec<Seaux<T>>) -> Self {
        Self(parts)
    }

    /// The buckets that hold something, in order, each with its number of values.
    pub(crate) fn tailles(&self) -> Vec<(usize, usize)> {
        let nombre = self.0.iter().map(Seaux::nombre).max().unwrap_or_default();
        (0..nombre)
            .map(|seau| (seau, self.0.iter().map(|s| s.taille(seau)).sum()))
            .filter(|(_, taille)| *taille > 0)
            .collect()
    }

    /// Every value of a bucket, in no particular order.
    pub(crate) fn valeurs(&self, seau: usize) -> Result<Vec<T>, Erreur> {
        let mut valeurs = Vec::with_capacity(self.0.iter().map(|s| s.taille(seau)).sum());
        for part in &self.0 {
            part.copier(seau, &mut valeurs)?;
        }
        Ok(valeurs)
    }

    /// Frees the memory of a bucket that will not be read again.
    pub(crate) fn oublier(&mut self, seau: usize) {
        for part in &mut self.0 {
            part.oublier(seau);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_between_memory_and_disk() {
        let dossier = tempfile::tempdir().unwrap();
        let mut parts = Vec::new();
        for part in 0..2_u64 {
            let mut seaux = Seaux::new(dossier.path(), 1_000);
            for valeur in 0..3_500_u64 {
                seaux
                    .pousser((valeur % 7) as usize * 3, valeur * 2 + part)
                    .unwrap();
            }
            parts.push(seaux);
        }
        let mut recolte = Recolte::new(parts);
        let tailles = recolte.tailles();
        assert_eq!(tailles.iter().map(|t| t.1).sum::<usize>(), 7_000);
        assert_eq!(
            tailles.iter().map(|t| t.0).collect::<Vec<_>>(),
            [0, 3, 6, 9, 12, 15, 18]
        );
        let mut tous = Vec::new();
        for (seau, taille) in tailles {
            let valeurs = recolte.valeurs(seau).unwrap();
            assert_eq!(valeurs.len(), taille);
            assert!(valeurs.iter().all(|v| (v / 2) % 7 * 3 == seau as u64));
            tous.extend(valeurs);
            recolte.oublier(seau);
        }
        tous.sort_unstable();
        assert_eq!(tous, (0..7_000).collect::<Vec<_>>());
        // Anonymous: a killed job leaves nothing.
        assert_eq!(std::fs::read_dir(dossier.path()).unwrap().count(), 0);
    }
}
