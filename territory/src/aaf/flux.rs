//! The bytes of a file as UTF-8 text, by pieces: its lines are counted, and no single event of the
//! XML reader may take more than a bound.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, ISO_8859_15, UTF_8, WINDOWS_1252};

use super::faute::Raison;

const LU: usize = 64 << 10;
/// Worst case of a one-byte encoding: three bytes of UTF-8 for each.
const DECODE: usize = 3 * LU + 16;
/// How far the declaration is looked for.
const DECLARATION: usize = 256;
/// Longest tag, text or comment.
const EVENEMENT_MAX: usize = 1 << 20;

/// A file read as UTF-8, whatever its encoding.
pub(super) struct Flux<R> {
    source: R,
    decodeur: Decoder,
    brut: Box<[u8]>,
    brut_debut: usize,
    brut_fin: usize,
    texte: Box<[u8]>,
    debut: usize,
    fin: usize,
    termine: bool,
    /// Newlines consumed.
    lignes: u64,
    /// The last byte consumed.
    dernier: u8,
    /// Bytes consumed since the last event.
    evenement: usize,
    faute: Option<Raison>,
}

impl<R: Read> Flux<R> {
    /// Looks at the beginning of the file for its encoding.
    pub(super) fn ouvrir(mut source: R) -> Result<Self, Raison> {
        let mut brut = vec![0; LU].into_boxed_slice();
        let mut brut_fin = 0;
        while brut_fin < DECLARATION {
            match source.read(&mut brut[brut_fin..]) {
                Ok(0) => break,
                Ok(lus) => brut_fin += lus,
                Err(faute) if faute.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(Raison::Lecture),
            }
        }
        let encodage = encodage(&brut[..brut_fin])?;
        Ok(Self {
            source,
            decodeur: encodage.new_decoder_with_bom_removal(),
            brut,
            brut_debut: 0,
            brut_fin,
            texte: vec![0; DECODE].into_boxed_slice(),
            debut: 0,
            fin: 0,
            termine: false,
            lignes: 0,
            dernier: b'\n',
            evenement: 0,
            faute: None,
        })
    }

    /// The line being read, from 1.
    pub(super) fn ligne(&self) -> u64 {
        self.lignes + 1
    }

    /// How many lines were read, one without its end included.
    pub(super) fn lignes(&self) -> u64 {
        self.lignes + u64::from(self.dernier != b'\n')
    }

    /// An event ends: the next one has the whole bound again.
    pub(super) fn evenement_fini(&mut self) {
        self.evenement = 0;
    }

    /// Why reading failed, if it is for another reason than malformed XML.
    pub(super) fn faute(&self) -> Option<Raison> {
        self.faute
    }

    fn refuser(&mut self, raison: Raison) -> io::Error {
        self.faute = Some(raison);
        io::Error::other(raison)
    }

    fn remplir(&mut self) -> io::Result<()> {
        while self.debut == self.fin && !self.termine {
            if self.brut_debut == self.brut_fin {
                self.brut_debut = 0;
                self.brut_fin = match self.source.read(&mut self.brut) {
                    Ok(lus) => lus,
                    Err(faute) if faute.kind() == io::ErrorKind::Interrupted => continue,
                    Err(_) => return Err(self.refuser(Raison::Lecture)),
                };
            }
            let dernier = self.brut_fin == 0;
            let (issue, lus, ecrits, _remplaces) = self.decodeur.decode_to_utf8(
                &self.brut[self.brut_debut..self.brut_fin],
                &mut self.texte,
                dernier,
            );
            self.brut_debut += lus;
            self.debut = 0;
            self.fin = ecrits;
            self.termine = dernier && issue == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Flux<R> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let disponible = self.fill_buf()?;
        let nombre = disponible.len().min(tampon.len());
        tampon[..nombre].copy_from_slice(&disponible[..nombre]);
        self.consume(nombre);
        Ok(nombre)
    }
}

impl<R: Read> BufRead for Flux<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.evenement > EVENEMENT_MAX {
            return Err(self.refuser(Raison::Longueur));
        }
        self.remplir()?;
        Ok(&self.texte[self.debut..self.fin])
    }

    fn consume(&mut self, nombre: usize) {
        let pris = &self.texte[self.debut..self.debut + nombre];
        self.lignes += memchr::memchr_iter(b'\n', pris).count() as u64;
        if let Some(dernier) = pris.last() {
            self.dernier = *dernier;
        }
        self.debut += nombre;
        self.evenement += nombre;
    }
}

/// The encoding that the file announces; UTF-8 when it says nothing.
fn encodage(debut: &[u8]) -> Result<&'static Encoding, Raison> {
    if let Some((encodage, _)) = Encoding::for_bom(debut) {
        return permis(encodage);
    }
    let debut = &debut[..debut.len().min(DECLARATION)];
    let entete = debut.trim_ascii_start();
    if !entete.starts_with(b"<?xml") {
        // A wide encoding without its mark shows zeros.
        return if debut.contains(&0) {
            Err(Raison::Encodage)
        } else {
            Ok(UTF_8)
        };
    }
    let fin = memchr::memmem::find(entete, b"?>").unwrap_or(entete.len());
    let Some(place) = memchr::memmem::find(&entete[..fin], b"encoding") else {
        return Ok(UTF_8);
    };
    let suite = entete[place + b"encoding".len()..fin].trim_ascii_start();
    let suite = suite
        .strip_prefix(b"=")
        .unwrap_or_default()
        .trim_ascii_start();
    let nom = match suite.first() {
        Some(guillemet @ (b'"' | b'\'')) => suite[1..]
            .split(|o| o == guillemet)
            .next()
            .unwrap_or_default(),
        _ => return Err(Raison::Encodage),
    };
    permis(Encoding::for_label(nom).ok_or(Raison::Encodage)?)
}

fn permis(encodage: &'static Encoding) -> Result<&'static Encoding, Raison> {
    // What the standard calls ISO-8859-1 is read as Windows' superset of it.
    [UTF_8, ISO_8859_15, WINDOWS_1252]
        .into_iter()
        .find(|permis| *permis == encodage)
        .ok_or(Raison::Encodage)
}
