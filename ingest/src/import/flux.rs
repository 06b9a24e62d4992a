//! The bytes of a source, decompressed: how it is compressed is told by its first bytes, not by its
//! name.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{ImportErreur, Source};

/// A zstd frame may ask for a window this wide, no more: 2^27 is 128 MiB, what `zstd --long` uses.
const FENETRE_ZSTD_LOG: u32 = 27;
/// Bytes asked of the system at a time.
const LECTURE: usize = 256 << 10;
/// Bytes that tell what a file is.
const SIGNATURE: usize = 4;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// Kinds of files that are often taken for the right one, and what to do.
const AUTRES: [(&[u8], &str); 4] = [
    (
        b"PK\x03\x04",
        "archive ZIP ou classeur : extrayez-en un fichier CSV ou NDJSON",
    ),
    (
        b"BZh",
        "compressé en bzip2 : décompressez-le, ou compressez-le en gzip ou zstd",
    ),
    (b"\xff\xfe", "texte en UTF-16 : enregistrez-le en UTF-8"),
    (b"\xfe\xff", "texte en UTF-16 : enregistrez-le en UTF-8"),
];

/// A source being read.
pub(super) struct Flux {
    /// Its bytes, decompressed.
    pub(super) clair: Box<dyn Read>,
    /// Its size as it is, compressed or not, when it is known.
    pub(super) taille: Option<u64>,
    /// How much of it was read.
    pub(super) lus: Lus,
}

/// Bytes read so far.
#[derive(Clone, Default)]
pub(super) struct Lus(Arc<AtomicU64>);

impl Lus {
    pub(super) fn octets(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Comptee<R> {
    source: R,
    lus: Lus,
}

impl<R: Read> Read for Comptee<R> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let lus = self.source.read(tampon)?;
        self.lus.0.fetch_add(lus as u64, Ordering::Relaxed);
        Ok(lus)
    }
}

pub(super) fn ouvrir(source: &Source) -> Result<Flux, ImportErreur> {
    let (brut, taille): (Box<dyn Read>, _) = match source {
        Source::EntreeStandard => (Box::new(io::stdin()), None),
        Source::Fichier(chemin) => {
            let fichier = File::open(chemin).map_err(ImportErreur::disque(chemin))?;
            let etat = fichier.metadata().map_err(ImportErreur::disque(chemin))?;
            (Box::new(fichier), etat.is_file().then_some(etat.len()))
        }
    };
    let lus = Lus::default();
    let compte = Comptee {
        source: brut,
        lus: lus.clone(),
    };
    let clair = decompresser(compte).map_err(|faute| match faute {
        Faute::Nature(nature) => ImportErreur::Nature {
            fichier: source.clone(),
            nature,
        },
        Faute::Lecture(faute) => ImportErreur::Coupe {
            fichier: source.clone(),
            ligne: 0,
            source: faute,
        },
    })?;
    Ok(Flux { clair, taille, lus })
}

enum Faute {
    Nature(&'static str),
    Lecture(io::Error),
}

fn decompresser(mut brut: impl Read + 'static) -> Result<Box<dyn Read>, Faute> {
    let mut debut = Vec::with_capacity(SIGNATURE);
    brut.by_ref()
        .take(SIGNATURE as u64)
        .read_to_end(&mut debut)
        .map_err(Faute::Lecture)?;
    for (signature, nature) in AUTRES {
        if debut.starts_with(signature) {
            return Err(Faute::Nature(nature));
        }
    }
    let (gzip, zstd) = (debut.starts_with(GZIP), debut.starts_with(ZSTD));
    let entier = BufReader::with_capacity(LECTURE, Cursor::new(debut).chain(brut));
    Ok(if gzip {
        Box::new(flate2::bufread::MultiGzDecoder::new(entier))
    } else if zstd {
        let mut decodeur = zstd::Decoder::with_buffer(entier).map_err(Faute::Lecture)?;
        decodeur
            .window_log_max(FENETRE_ZSTD_LOG)
            .map_err(Faute::Lecture)?;
        Box::new(decodeur)
    } else {
        Box::new(entier)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn lire(octets: Vec<u8>) -> Vec<u8> {
        let mut clair = Vec::new();
        let Ok(mut flux) = decompresser(Cursor::new(octets)) else {
            panic!("nature refusée");
        };
        flux.read_to_end(&mut clair).unwrap();
        clair
    }

    #[test]
    fn compression_is_told_by_the_first_bytes() {
        let texte = b"ts;uai\n1;2\n".repeat(100);
        let gzip = |texte: &[u8]| {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(texte).unwrap();
            gzip.finish().unwrap()
        };
        assert_eq!(lire(texte.clone()), texte);
        assert_eq!(lire(gzip(&texte)), texte);
        assert_eq!(lire(zstd::encode_all(&texte[..], 1).unwrap()), texte);
        assert_eq!(lire(b"{}".to_vec()), b"{}");
        assert_eq!(lire(Vec::new()), b"");
        // Several compressed files put end to end are one.
        let (debut, fin) = texte.split_at(500);
        assert_eq!(lire([gzip(debut), gzip(fin)].concat()), texte);
    }

    #[test]
    fn files_of_other_kinds_are_named() {
        for debut in [&b"PK\x03\x04..."[..], b"BZh91AY", b"\xff\xfet\0s\0"] {
            let faute = decompresser(Cursor::new(debut.to_vec())).err();
            assert!(matches!(faute, Some(Faute::Nature(_))));
        }
    }
}
