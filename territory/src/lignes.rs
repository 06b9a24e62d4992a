//! The bytes of a CSV file that someone gives, as UTF-8 lines of fields.

use std::borrow::Cow;

use csv::{ByteRecord, Reader, ReaderBuilder};
use encoding_rs::{Encoding, ISO_8859_15, UTF_8, WINDOWS_1252};

/// The file's content in UTF-8, without byte-order mark.
///
/// Older exports are in a one-byte encoding. A file is taken for UTF-8 unless more of its accented
/// lines are invalid UTF-8 than valid: one damaged line must not turn every accent of the country
/// into two characters.
pub(crate) fn en_utf8(octets: &[u8]) -> Cow<'_, [u8]> {
    if let Some((encodage, longueur)) = Encoding::for_bom(octets) {
        let suite = &octets[longueur..];
        return if encodage == UTF_8 {
            Cow::Borrowed(suite)
        } else {
            decoder(encodage, suite)
        };
    }
    let (mut valides, mut invalides) = (0_usize, 0_usize);
    for ligne in octets.split(|o| *o == b'\n').filter(|l| !l.is_ascii()) {
        if std::str::from_utf8(ligne).is_ok() {
            valides += 1;
        } else {
            invalides += 1;
        }
    }
    if invalides <= valides {
        return Cow::Borrowed(octets);
    }
    // These bytes are control characters in ISO-8859-15, and letters in Windows' encoding.
    let windows = octets.iter().any(|o| (0x80..=0x9f).contains(o));
    decoder(if windows { WINDOWS_1252 } else { ISO_8859_15 }, octets)
}

fn decoder<'o>(encodage: &'static Encoding, octets: &'o [u8]) -> Cow<'o, [u8]> {
    match encodage.decode_without_bom_handling(octets).0 {
        Cow::Borrowed(texte) => Cow::Borrowed(texte.as_bytes()),
        Cow::Owned(texte) => Cow::Owned(texte.into_bytes()),
    }
}

/// Reads the lines of a file, however one of them is broken.
pub(crate) struct Lignes<'o> {
    contenu: &'o [u8],
    lecteur: Reader<&'o [u8]>,
    /// Where `lecteur` began in the content, and how many lines were before.
    depart: usize,
    avant: u64,
}

impl<'o> Lignes<'o> {
    pub(crate) fn new(contenu: &'o [u8]) -> Self {
        Self {
            contenu,
            lecteur: lecteur(contenu, separateur(contenu)),
            depart: 0,
            avant: 0,
        }
    }

    /// The next line and its number in the file, from 1. A line of another length than `colonnes`
    /// that swallowed the next ones through an unclosed quote is given back alone, cut at its end.
    pub(crate) fn suivante(&mut self, colonnes: Option<usize>) -> Option<(u64, ByteRecord)> {
        let mut ligne = ByteRecord::new();
        // Reading bytes in memory with flexible lengths cannot fail.
        if !self.lecteur.read_byte_record(&mut ligne).unwrap_or(false) {
            return None;
        }
        let position = ligne.position()?;
        let numero = self.avant + position.line();
        let debut = self.depart + usize::try_from(position.byte()).ok()?;
        let lues = self.lecteur.position().line() - position.line();
        if lues > 1 && colonnes.is_some_and(|nombre| nombre != ligne.len()) {
            let fin = memchr::memchr(b'\n', &self.contenu[debut..])
                .map_or(self.contenu.len(), |fin| debut + fin + 1);
            ligne.clear();
            self.reprendre(fin, numero);
        }
        Some((numero, ligne))
    }

    fn reprendre(&mut self, depart: usize, avant: u64) {
        self.lecteur = lecteur(&self.contenu[depart..], separateur(self.contenu));
        self.depart = depart;
        self.avant = avant;
    }
}

fn lecteur(contenu: &[u8], separateur: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(separateur)
        .has_headers(false)
        .flexible(true)
        .from_reader(contenu)
}

/// The most frequent of `;`, `,` and tabulation in the header.
fn separateur(contenu: &[u8]) -> u8 {
    let entete = contenu.split(|o| *o == b'\n').next().unwrap_or_default();
    let nombre = |separateur: u8| memchr::memchr_iter(separateur, entete).count();
    [b'\t', b',', b';']
        .into_iter()
        .max_by_key(|separateur| nombre(*separateur))
        .unwrap_or(b';')
}
