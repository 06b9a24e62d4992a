//! The files of the log. A segment is named by the position of its first event and holds frames one
//! after the other, one a group of lots committed together. A frame carries a checksum over its
//! header and its lots, seeded by a number drawn for the segment, so neither a torn write nor what
//! an earlier failed write left behind can be taken for a frame.
//!
//! ```text
//! segment: "FRQJ" ‖ version u32 ‖ seed u64 ‖ frame…
//! frame:   checksum u64 ‖ first position u64 ‖ bytes of lots u32 ‖ events u32 ‖ lots
//! ```
//! Numbers are little-endian.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use twox_hash::XxHash3_64;

use crate::durable::synchroniser_dossier;

const MAGIE: &[u8; 4] = b"FRQJ";
const VERSION: u32 = 1;
const ENTETE_SEGMENT: usize = 16;
/// Bytes that every frame keeps before its lots.
pub(super) const ENTETE_CADRE: usize = 24;
const EXTENSION: &str = ".seg";
/// Added to the name of a segment that could not be read whole, kept for examination.
const MIS_DE_COTE: &str = ".altere";

/// The path of the segment whose first event has this position.
pub(super) fn chemin_segment(dossier: &Path, premier: u64) -> PathBuf {
    dossier.join(format!("{premier:020}{EXTENSION}"))
}

/// The first positions of the segments in a folder, in order.
pub(super) fn lister(dossier: &Path) -> io::Result<Vec<u64>> {
    let mut premiers = Vec::new();
    for entree in std::fs::read_dir(dossier)? {
        let nom = entree?.file_name();
        let nom = nom.to_string_lossy();
        if let Some(premier) = nom.strip_suffix(EXTENSION).and_then(|p| p.parse().ok()) {
            premiers.push(premier);
        }
    }
    premiers.sort_unstable();
    Ok(premiers)
}

/// The segment that is being written.
pub(super) struct SegmentOuvert {
    fichier: File,
    pub(super) premier: u64,
    /// Position after the last durable event.
    pub(super) fin: u64,
    /// Bytes that are durable; what is beyond, if anything, is of a write that failed.
    pub(super) longueur: u64,
    graine: u64,
    a_tronquer: bool,
}

impl SegmentOuvert {
    /// Makes an empty segment, durably. A file of that name can only be an empty segment whose
    /// making failed: it is replaced.
    pub(super) fn creer(dossier: &Path, premier: u64) -> io::Result<Self> {
        let mut graine = [0; 8];
        getrandom::fill(&mut graine).map_err(|e| io::Error::other(e.to_string()))?;
        let mut entete = [0; ENTETE_SEGMENT];
        entete[..4].copy_from_slice(MAGIE);
        entete[4..8].copy_from_slice(&VERSION.to_le_bytes());
        entete[8..].copy_from_slice(&graine);
        let fichier = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(chemin_segment(dossier, premier))?;
        fichier.write_all_at(&entete, 0)?;
        fichier.sync_all()?;
        synchroniser_dossier(dossier)?;
        Ok(Self {
            fichier,
            premier,
            fin: premier,
            longueur: ENTETE_SEGMENT as u64,
            graine: u64::from_le_bytes(graine),
            a_tronquer: false,
        })
    }

    pub(super) fn fichier(&self) -> &File {
        &self.fichier
    }

    pub(super) fn est_vide(&self) -> bool {
        self.premier == self.fin
    }

    /// Writes one frame and makes it durable. `cadre` is the lots after [`ENTETE_CADRE`] free
    /// bytes. On an error the segment is as it was before, and the next write takes its place.
    pub(super) fn ecrire(&mut self, cadre: &mut [u8], evenements: u32) -> io::Result<()> {
        let lots = u32::try_from(cadre.len() - ENTETE_CADRE)
            .map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        cadre[8..16].copy_from_slice(&self.fin.to_le_bytes());
        cadre[16..20].copy_from_slice(&lots.to_le_bytes());
        cadre[20..24].copy_from_slice(&evenements.to_le_bytes());
        let somme = XxHash3_64::oneshot_with_seed(self.graine, &cadre[8..]);
        cadre[..8].copy_from_slice(&somme.to_le_bytes());
        if self.a_tronquer {
            self.fichier.set_len(self.longueur)?;
        }
        self.a_tronquer = true;
        self.fichier.write_all_at(cadre, self.longueur)?;
        self.fichier.sync_data()?;
        self.a_tronquer = false;
        self.longueur += cadre.len() as u64;
        self.fin += u64::from(evenements);
        Ok(())
    }

    /// Leaves in the file only what is durable.
    pub(super) fn sceller(&mut self) -> io::Result<()> {
        if self.a_tronquer {
            self.fichier.set_len(self.longueur)?;
            self.fichier.sync_all()?;
            self.a_tronquer = false;
        }
        Ok(())
    }
}

/// One group of lots, read back whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cadre<'a> {
    /// The position of its first event.
    pub(crate) premier: u64,
    /// How many events its lots hold.
    pub(crate) evenements: u32,
    /// The lots, as [`crate::lot::LecteurLots`] reads them.
    pub(crate) lots: &'a [u8],
}

impl Cadre<'_> {
    pub(crate) fn fin(&self) -> u64 {
        self.premier + u64::from(self.evenements)
    }
}

/// A segment's bytes.
pub(crate) struct SegmentLu {
    octets: Vec<u8>,
    graine: Option<u64>,
}

/// The frames of a segment, and what in it is not one.
pub(crate) struct Parcours<'a> {
    /// The whole frames, in order.
    pub(crate) cadres: Vec<Cadre<'a>>,
    /// Bytes up to the end of the last whole frame of an unbroken series.
    pub(crate) sains: usize,
    /// Bytes after the first fault, to the next whole frame or to the end.
    pub(crate) perdus: usize,
    /// Whole frames follow a broken one: no torn write does that, the disk altered the file.
    pub(crate) altere: bool,
}

impl SegmentLu {
    /// Reads a segment into memory.
    pub(crate) fn lire(chemin: &Path) -> io::Result<Self> {
        let mut octets = Vec::new();
        File::open(chemin)?.read_to_end(&mut octets)?;
        let graine = octets.first_chunk::<ENTETE_SEGMENT>().and_then(|entete| {
            let connu = entete[..4] == *MAGIE && entete[4..8] == VERSION.to_le_bytes();
            connu.then(|| nombre_64(&entete[8..]))
        });
        Ok(Self { octets, graine })
    }

    /// Its first bytes say that it is a segment. One just made may be empty after a crash; any
    /// other is damaged.
    pub(crate) fn est_un_segment(&self) -> bool {
        self.graine.is_some()
    }

    pub(crate) fn est_vide(&self) -> bool {
        self.octets.is_empty()
    }

    /// Finds its frames.
    pub(crate) fn parcourir(&self) -> Parcours<'_> {
        let mut parcours = Parcours {
            cadres: Vec::new(),
            sains: ENTETE_SEGMENT.min(self.octets.len()),
            perdus: 0,
            altere: false,
        };
        let Some(graine) = self.graine else {
            parcours.sains = 0;
            parcours.perdus = self.octets.len();
            return parcours;
        };
        let mut reste = &self.octets[ENTETE_SEGMENT..];
        while !reste.is_empty() {
            // A length that runs past the end leaves nothing to look for after this frame.
            let Some((brut, suite)) = decouper(reste) else {
                parcours.perdus += reste.len();
                break;
            };
            if let Some(cadre) = verifier(brut, graine) {
                parcours.cadres.push(cadre);
                if parcours.perdus == 0 {
                    parcours.sains += brut.len();
                } else {
                    parcours.altere = true;
                }
            } else {
                parcours.perdus += brut.len();
            }
            reste = suite;
        }
        parcours
    }
}

/// Splits off the frame whose header begins these bytes, going by the length it gives.
fn decouper(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let entete = octets.first_chunk::<ENTETE_CADRE>()?;
    let lots = nombre_32(&entete[16..20]) as usize;
    octets.split_at_checked(ENTETE_CADRE.checked_add(lots)?)
}

fn verifier(brut: &[u8], graine: u64) -> Option<Cadre<'_>> {
    let somme = XxHash3_64::oneshot_with_seed(graine, &brut[8..]);
    (somme == nombre_64(&brut[..8])).then(|| Cadre {
        premier: nombre_64(&brut[8..16]),
        evenements: nombre_32(&brut[20..24]),
        lots: &brut[ENTETE_CADRE..],
    })
}

/// Puts aside a segment that could not be read whole.
pub(super) fn mettre_de_cote(dossier: &Path, premier: u64) -> io::Result<()> {
    let chemin = chemin_segment(dossier, premier);
    let mut cote = chemin.clone().into_os_string();
    cote.push(MIS_DE_COTE);
    std::fs::rename(chemin, cote)
}

fn nombre_32(octets: &[u8]) -> u32 {
    let mut tableau = [0; 4];
    tableau.copy_from_slice(octets);
    u32::from_le_bytes(tableau)
}

fn nombre_64(octets: &[u8]) -> u64 {
    let mut tableau = [0; 8];
    tableau.copy_from_slice(octets);
    u64::from_le_bytes(tableau)
}
