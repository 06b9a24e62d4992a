//! A source cut into parts of whole lines, at places that depend on its content alone.

use std::io::{self, BufRead, BufReader, Read};

use memchr::memchr;
use sha2::{Digest, Sha256};

use frequent_plan::hexadecimal::hexadecimal;

/// Longest line kept: an event takes a few hundred bytes. Of a longer one only the beginning is
/// kept, to be refused.
pub(super) const LIGNE_MAX: usize = 64 << 10;
const LECTURE: usize = 128 << 10;

/// Some lines of a source.
pub(super) struct Tranche {
    octets: Vec<u8>,
    /// The number of its first line, from 1.
    premiere: u64,
    /// Digest in progress of all that precedes it.
    debut: Sha256,
    /// Digest of the source up to its end.
    pub(super) fin: [u8; 32],
}

/// A line of a part.
pub(super) struct LigneLue<'t> {
    /// Its number, from 1.
    pub(super) numero: u64,
    /// Its bytes, without the line break.
    pub(super) octets: &'t [u8],
    /// Where it ends in the part, its line break included.
    pub(super) fin: usize,
}

impl Tranche {
    /// Its lines, empty ones included.
    pub(super) fn lignes(&self) -> impl Iterator<Item = LigneLue<'_>> {
        let mut debut = 0;
        let mut numero = self.premiere;
        std::iter::from_fn(move || {
            let reste = self.octets.get(debut..).filter(|r| !r.is_empty())?;
            let longueur = memchr(b'\n', reste).unwrap_or(reste.len());
            let ligne = LigneLue {
                numero,
                octets: reste[..longueur].trim_ascii(),
                fin: (debut + longueur + 1).min(self.octets.len()),
            };
            (debut, numero) = (ligne.fin, numero + 1);
            Some(ligne)
        })
    }

    /// The digests of the source up to the end of each line.
    pub(super) fn prefixes(&self) -> Prefixes<'_> {
        Prefixes {
            octets: &self.octets,
            place: 0,
            condense: self.debut.clone(),
        }
    }
}

/// Digests of the source up to the lines that are asked for, in their order.
pub(super) struct Prefixes<'t> {
    octets: &'t [u8],
    place: usize,
    condense: Sha256,
}

impl Prefixes<'_> {
    /// SHA-256, in hexadecimal, of the source up to this place of the part.
    pub(super) fn jusqu_a(&mut self, fin: usize) -> String {
        self.condense.update(&self.octets[self.place..fin]);
        self.place = fin;
        hexadecimal(&self.condense.clone().finalize())
    }
}

/// A source being cut.
pub(super) struct Tranches<R> {
    flux: BufReader<R>,
    octets_max: usize,
    condense: Sha256,
    /// Lines read whole so far.
    lignes: u64,
    fini: bool,
    faute: Option<io::Error>,
    /// A part's memory, to be used again.
    tampon: Vec<u8>,
}

impl<R: Read> Tranches<R> {
    /// Parts of this many bytes, and the line that reaches them.
    pub(super) fn new(flux: R, octets_max: usize) -> Self {
        Self {
            flux: BufReader::with_capacity(LECTURE, flux),
            octets_max,
            condense: Sha256::new(),
            lignes: 0,
            fini: false,
            faute: None,
            tampon: Vec::new(),
        }
    }

    /// The next part; none at the end, or once the source cannot be read (see [`Self::faute`]).
    pub(super) fn suivante(&mut self) -> Option<Tranche> {
        let mut octets = std::mem::take(&mut self.tampon);
        octets.clear();
        let premiere = self.lignes + 1;
        while !self.fini && octets.len() < self.octets_max {
            match self.ajouter_une_ligne(&mut octets) {
                Ok(()) => {}
                Err(faute) => {
                    self.faute = Some(faute);
                    self.fini = true;
                }
            }
        }
        if octets.is_empty() {
            return None;
        }
        let debut = self.condense.clone();
        self.condense.update(&octets);
        Some(Tranche {
            octets,
            premiere,
            debut,
            fin: self.condense.clone().finalize().into(),
        })
    }

    /// Takes back the memory of a part that is done with.
    pub(super) fn rendre(&mut self, tranche: Tranche) {
        self.tampon = tranche.octets;
    }

    /// Why the source could not be read to its end, and the last line that was read whole.
    pub(super) fn faute(self) -> Option<(u64, io::Error)> {
        Some((self.lignes, self.faute?))
    }

    /// Adds a line, or its beginning if it is too long; one that a fault cuts is not added.
    fn ajouter_une_ligne(&mut self, octets: &mut Vec<u8>) -> io::Result<()> {
        let debut = octets.len();
        loop {
            let lus = match self.flux.fill_buf() {
                Ok(lus) => lus,
                Err(faute) if faute.kind() == io::ErrorKind::Interrupted => continue,
                Err(faute) => {
                    octets.truncate(debut);
                    return Err(faute);
                }
            };
            if lus.is_empty() {
                self.fini = true;
                self.lignes += u64::from(octets.len() > debut);
                return Ok(());
            }
            let saut = memchr(b'\n', lus);
            let morceau = &lus[..saut.unwrap_or(lus.len())];
            let place = (LIGNE_MAX + 1).saturating_sub(octets.len() - debut);
            octets.extend_from_slice(&morceau[..morceau.len().min(place)]);
            let pris = morceau.len() + usize::from(saut.is_some());
            self.flux.consume(pris);
            if saut.is_some() {
                octets.push(b'\n');
                self.lignes += 1;
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn couper(octets: &[u8], max: usize) -> Vec<Tranche> {
        let mut tranches = Tranches::new(octets, max);
        std::iter::from_fn(|| tranches.suivante()).collect()
    }

    #[test]
    fn parts_hold_whole_lines_numbered_from_the_source_s_first() {
        let tranches = couper(b"un\ndeux\r\n\ntrois\nquatre", 8);
        let lues: Vec<Vec<(u64, &[u8])>> = tranches
            .iter()
            .map(|t| t.lignes().map(|l| (l.numero, l.octets)).collect())
            .collect();
        assert_eq!(
            lues,
            [
                vec![(1, &b"un"[..]), (2, b"deux")],
                vec![(3, b""), (4, b"trois"), (5, b"quatre")]
            ]
        );
    }

    #[test]
    fn digests_are_of_the_source_up_to_a_line_wherever_it_is_cut() {
        let texte = b"un\ndeux\ntrois\n";
        for max in [1, 4, 100] {
            let mut prefixes = Vec::new();
            for tranche in couper(texte, max) {
                let mut condenses = tranche.prefixes();
                for ligne in tranche.lignes() {
                    prefixes.push(condenses.jusqu_a(ligne.fin));
                }
                assert_eq!(prefixes.last(), Some(&hexadecimal(&tranche.fin)));
            }
            let attendus = [&b"un\n"[..], b"un\ndeux\n", texte];
            let attendus = attendus.map(|t| hexadecimal(&Sha256::digest(t)));
            assert_eq!(prefixes, attendus);
        }
    }

    #[test]
    fn a_line_without_end_takes_bounded_memory_and_the_next_one_keeps_its_number() {
        let mut texte = vec![b'x'; 10 * LIGNE_MAX];
        texte.extend_from_slice(b"\nsuite\n");
        let tranches = couper(&texte, usize::MAX);
        let lignes: Vec<_> = tranches[0].lignes().collect();
        assert_eq!(lignes[0].octets.len(), LIGNE_MAX + 1);
        assert_eq!((lignes[1].numero, lignes[1].octets), (2, &b"suite"[..]));
    }

    #[test]
    fn a_source_that_breaks_gives_its_whole_lines_then_says_where() {
        struct Casse(&'static [u8]);
        impl Read for Casse {
            fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
                if self.0.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.0.read(tampon)
            }
        }
        let mut tranches = Tranches::new(Casse(b"un\ndeux\ntro"), 100);
        let tranche = tranches.suivante().unwrap();
        assert_eq!(tranche.octets, b"un\ndeux\n");
        assert!(tranches.suivante().is_none());
        assert_eq!(tranches.faute().unwrap().0, 2);
    }
}
