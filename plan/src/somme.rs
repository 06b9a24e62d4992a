//! A checksum of a whole Parquet file, kept in its own footer: pages have none of theirs here, so a
//! byte that the disk altered could be read as another value without anyone knowing.
//!
//! The file is written with zeros in place of the checksum; it is then computed over every byte, the
//! zeros included, and takes their place.

use std::hash::Hasher;
use std::io::{self, Read, Seek, SeekFrom};

use twox_hash::XxHash3_64;

/// Metadata key: the checksum (XXH3, 64 bits, hexadecimal).
pub const META_SOMME: &str = "frequent.somme";
/// What stands for the checksum until it is known.
pub const EN_ATTENTE: &str = "0000000000000000";

/// The end of a Parquet file: the footer's length, then its mark.
const FIN: usize = 8;
const MORCEAU: usize = 256 << 10;

/// A file's checksum: as it stands in the file, and as its bytes give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Somme {
    /// Where it stands.
    pub place: u64,
    /// What stands there.
    pub ecrite: Vec<u8>,
    /// What should.
    pub juste: String,
}

impl Somme {
    /// Reads a whole file; none if its footer cannot be found, or holds no checksum.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn de(fichier: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let Some((place, ecrite)) = trouver(fichier)? else {
            return Ok(None);
        };
        fichier.rewind()?;
        let mut condense = XxHash3_64::with_seed(0);
        ajouter(&mut condense, &mut (&mut *fichier).take(place))?;
        condense.write(EN_ATTENTE.as_bytes());
        fichier.seek(SeekFrom::Start(place + EN_ATTENTE.len() as u64))?;
        ajouter(&mut condense, fichier)?;
        Ok(Some(Self {
            place,
            ecrite,
            juste: format!("{:016x}", condense.finish()),
        }))
    }

    /// The file is as it was written.
    #[must_use]
    pub fn est_juste(&self) -> bool {
        self.ecrite == self.juste.as_bytes()
    }
}

/// Where the checksum stands, and what stands there: after its key, the last in the footer, come a
/// mark of type and a length of one byte each.
fn trouver(fichier: &mut (impl Read + Seek)) -> io::Result<Option<(u64, Vec<u8>)>> {
    let taille = fichier.seek(SeekFrom::End(0))?;
    if taille < FIN as u64 {
        return Ok(None);
    }
    let mut fin = [0; FIN];
    fichier.seek(SeekFrom::Start(taille - FIN as u64))?;
    fichier.read_exact(&mut fin)?;
    let [a, b, c, d, ..] = fin;
    let longueur = u64::from(u32::from_le_bytes([a, b, c, d]));
    let Some(debut) = (taille - FIN as u64).checked_sub(longueur) else {
        return Ok(None);
    };
    fichier.seek(SeekFrom::Start(debut))?;
    let mut pied = Vec::new();
    fichier.take(longueur).read_to_end(&mut pied)?;
    let cle = META_SOMME.as_bytes();
    let Some(rang) = pied.windows(cle.len()).rposition(|f| f == cle) else {
        return Ok(None);
    };
    let valeur = rang + cle.len() + 2;
    let ecrite = pied.get(valeur..valeur + EN_ATTENTE.len());
    Ok(ecrite.map(|ecrite| (debut + valeur as u64, ecrite.to_vec())))
}

fn ajouter(condense: &mut XxHash3_64, lecture: &mut impl Read) -> io::Result<()> {
    let mut tampon = vec![0; MORCEAU];
    loop {
        match lecture.read(&mut tampon)? {
            0 => return Ok(()),
            lus => condense.write(&tampon[..lus]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Some rows, then a footer as Parquet lays one, with this checksum.
    fn fichier(somme: &str) -> Vec<u8> {
        let pied = [
            b"pied ",
            META_SOMME.as_bytes(),
            b"\x18\x10",
            somme.as_bytes(),
            b" suite",
        ]
        .concat();
        let longueur = u32::try_from(pied.len()).unwrap().to_le_bytes();
        [b"PAR1 des lignes ".as_slice(), &pied, &longueur, b"PAR1"].concat()
    }

    fn lire(octets: &[u8]) -> Option<Somme> {
        Somme::de(&mut Cursor::new(octets)).unwrap()
    }

    #[test]
    fn every_altered_byte_is_seen() {
        let attente = lire(&fichier(EN_ATTENTE)).unwrap();
        assert!(!attente.est_juste());
        let sain = fichier(&attente.juste);
        let lue = lire(&sain).unwrap();
        assert!(lue.est_juste());
        assert_eq!(lue.place, attente.place);
        for rang in 0..sain.len() {
            let mut altere = sain.clone();
            altere[rang] ^= 1;
            assert!(lire(&altere).is_none_or(|s| !s.est_juste()), "{rang}");
        }
    }

    #[test]
    fn what_is_not_parquet_has_no_checksum() {
        for octets in [&b""[..], b"PAR1", b"\xff\xff\xff\xffPAR1", &[0; 100]] {
            assert_eq!(lire(octets), None);
        }
    }
}
