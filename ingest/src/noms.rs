//! Names of the files of events: what each was made from, so that making it again replaces it and no
//! other, and the listing of a day's folder.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use frequent_plan::{Jour, Lac};
use sha2::{Digest, Sha256};

/// Positions in the embedded log: of the first event, and after the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Positions {
    pub(crate) premier: u64,
    pub(crate) fin: u64,
}

/// 128 bits that stand for what a file was made from: the same bring the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Empreinte(pub(crate) u128);

impl Empreinte {
    /// The first bits of a SHA-256 digest.
    pub(crate) fn de_condense(condense: &[u8; 32]) -> Self {
        let debut = condense.first_chunk().copied().unwrap_or_default();
        Self(u128::from_be_bytes(debut))
    }

    fn lire(texte: &str) -> Option<Self> {
        let chiffres = texte.len() == CHIFFRES_EMPREINTE;
        let empreinte = u128::from_str_radix(texte, 16).ok()?;
        chiffres.then_some(Self(empreinte))
    }
}

impl fmt::Display for Empreinte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0CHIFFRES_EMPREINTE$x}", self.0)
    }
}

const CHIFFRES_EMPREINTE: usize = 32;

/// A file's name: the positions in the embedded log of the events it may hold, for those that come
/// from it; the digest of where the others come from; and whether it is sorted. It has one of the
/// first two at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NomFichier {
    pub(crate) positions: Option<Positions>,
    pub(crate) empreinte: Option<Empreinte>,
    pub(crate) trie: bool,
}

const SUFFIXE: &str = ".parquet";
const SUFFIXE_TRIE: &str = ".trie.parquet";

impl NomFichier {
    /// Landed from the embedded log.
    pub(crate) fn atterri(premier: u64, fin: u64) -> Self {
        Self {
            positions: Some(Positions { premier, fin }),
            empreinte: None,
            trie: false,
        }
    }

    /// Brought from elsewhere, and named by its content.
    pub(crate) fn apporte(empreinte: Empreinte) -> Self {
        Self {
            positions: None,
            empreinte: Some(empreinte),
            trie: false,
        }
    }

    /// Merged from these files: the positions of those that have some, and a digest of all the
    /// names as soon as one of them is named by its content.
    pub(crate) fn fusion(entrees: &[Self]) -> Self {
        let positions = || entrees.iter().filter_map(|e| e.positions);
        let premier = positions().map(|p| p.premier).min();
        let fin = positions().map(|p| p.fin).max();
        let melange = entrees.iter().any(|e| e.empreinte.is_some());
        let empreinte = || {
            let mut condense = Sha256::new();
            for entree in entrees {
                condense.update(entree.to_string());
                condense.update(",");
            }
            Empreinte::de_condense(&condense.finalize().into())
        };
        Self {
            positions: premier
                .zip(fin)
                .map(|(premier, fin)| Positions { premier, fin }),
            empreinte: melange.then(empreinte),
            trie: true,
        }
    }

    /// Reads a name; none if it is not one of ours.
    pub(crate) fn lire(nom: &str) -> Option<Self> {
        let (corps, trie) = match nom.strip_suffix(SUFFIXE_TRIE) {
            Some(corps) => (corps, true),
            None => (nom.strip_suffix(SUFFIXE)?, false),
        };
        let morceaux: Vec<&str> = corps.split('-').collect();
        let (positions, empreinte) = match morceaux[..] {
            [empreinte] => (None, Some(empreinte)),
            [premier, fin] => (Some((premier, fin)), None),
            [premier, fin, empreinte] => (Some((premier, fin)), Some(empreinte)),
            _ => return None,
        };
        let positions = match positions {
            None => None,
            Some((premier, fin)) => Some(Positions {
                premier: premier.parse().ok()?,
                fin: fin.parse().ok()?,
            }),
        };
        let empreinte = match empreinte {
            None => None,
            Some(texte) => Some(Empreinte::lire(texte)?),
        };
        Some(Self {
            positions,
            empreinte,
            trie,
        })
    }
}

impl fmt::Display for NomFichier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Positions { premier, fin }) = self.positions {
            write!(f, "{premier:012}-{fin:012}")?;
        }
        if let Some(empreinte) = self.empreinte {
            let tiret = if self.positions.is_some() { "-" } else { "" };
            write!(f, "{tiret}{empreinte}")?;
        }
        f.write_str(if self.trie { SUFFIXE_TRIE } else { SUFFIXE })
    }
}

/// The files of events in a day's folder, in order; none when there is no folder.
pub(crate) fn fichiers(dossier: &Path) -> io::Result<Vec<NomFichier>> {
    let entrees = match fs::read_dir(dossier) {
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        autre => autre?,
    };
    let mut noms = Vec::new();
    for entree in entrees {
        noms.extend(entree?.file_name().to_str().and_then(NomFichier::lire));
    }
    noms.sort_unstable();
    Ok(noms)
}

/// The days that have a folder, in order.
pub(crate) fn jours(lac: &Lac) -> io::Result<Vec<Jour>> {
    let entrees = match fs::read_dir(lac.evenements()) {
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        autre => autre?,
    };
    let mut jours = Vec::new();
    for entree in entrees {
        jours.extend(entree?.file_name().to_str().and_then(Lac::jour_de_dossier));
    }
    jours.sort_unstable();
    Ok(jours)
}

/// The position after the last event landed: from which a log that was lost goes on, so that no new
/// file takes the name of an old one.
pub(crate) fn position_atteinte(lac: &Lac) -> io::Result<u64> {
    let mut atteinte = 0;
    for jour in jours(lac)? {
        let fins = fichiers(&lac.evenements_du(jour))?;
        let fins = fins.iter().filter_map(|f| f.positions);
        atteinte = fins.map(|p| p.fin).fold(atteinte, u64::max);
    }
    Ok(atteinte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_name_reads_back_as_itself() {
        let journal = NomFichier::atterri(7, 1_000);
        let apporte = NomFichier::apporte(Empreinte(0xab));
        let noms = [
            journal,
            apporte,
            NomFichier::fusion(&[journal]),
            NomFichier::fusion(&[apporte]),
            NomFichier::fusion(&[journal, apporte]),
        ];
        for nom in noms {
            assert_eq!(NomFichier::lire(&nom.to_string()), Some(nom), "{nom}");
        }
        for etranger in [
            "a.parquet",
            "1-2-3-4.parquet",
            "ab.parquet",
            "1-2.csv",
            "1-x.parquet",
        ] {
            assert_eq!(NomFichier::lire(etranger), None, "{etranger}");
        }
    }

    #[test]
    fn a_merge_with_a_file_named_by_its_content_takes_the_name_of_none_of_its_inputs() {
        let journal = NomFichier::atterri(0, 100);
        let un = NomFichier::apporte(Empreinte(1));
        let deux = NomFichier::apporte(Empreinte(2));
        let fusion = NomFichier::fusion(&[journal, un]);
        assert_eq!(fusion.positions, journal.positions);
        assert_ne!(fusion, NomFichier::fusion(&[journal, deux]));
        let suite = NomFichier::fusion(&[fusion, deux]);
        assert_eq!(suite.positions, journal.positions);
        assert_ne!(suite, fusion);
    }
}
