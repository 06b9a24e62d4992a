//! Where the files are: alone, in a folder, in a `.zip` or a `.tar.gz`. Nothing is ever unpacked to
//! the disk. A first pass lists the names and measures the archives; a second one reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::bordereau::{Bordereau, est_une_archive};
use super::erreur::{AafErreur, EntreeRefusee};
use super::nom::{Extraction, NomFichier};

const ENTREES_MAX: usize = 10_000;
const BORDEREAU_MAX: u64 = 1 << 20;
/// An archive may unfold to this many times its weight, once past the free part.
const RAPPORT_MAX: u64 = 200;
const RAPPORT_FRANCHISE: u64 = 16 << 20;
const TAMPON: usize = 256 << 10;

/// What is in a file or folder.
#[derive(Debug, Default)]
pub(super) struct Inventaire {
    /// The files of each extraction, and the piece that has them.
    pub(super) extractions: BTreeMap<Extraction, BTreeMap<NomFichier, PathBuf>>,
    /// The bordereaux.
    pub(super) bordereaux: Vec<Bordereau>,
    /// Names of the archives.
    pub(super) archives: BTreeSet<String>,
}

/// One file inside a piece.
enum Entree {
    Fichier(NomFichier),
    Bordereau,
    Autre,
}

impl Entree {
    fn de_nom(nom: &str) -> Self {
        if let Some(nom) = NomFichier::lire(nom) {
            Self::Fichier(nom)
        } else if nom.to_ascii_lowercase().ends_with(".txt") {
            Self::Bordereau
        } else {
            Self::Autre
        }
    }
}

impl Inventaire {
    /// Lists what a file or folder holds.
    pub(super) fn dresser(chemin: &Path, octets_max: u64) -> Result<Self, AafErreur> {
        let mut inventaire = Self::default();
        for piece in pieces(chemin)? {
            let mut noter = |entree: Entree, flux: &mut dyn Read| -> Result<(), AafErreur> {
                match entree {
                    Entree::Fichier(nom) => inventaire.noter(nom, &piece),
                    Entree::Bordereau => {
                        let mut texte = Vec::new();
                        flux.take(BORDEREAU_MAX)
                            .read_to_end(&mut texte)
                            .map_err(|source| lecture(&piece, source))?;
                        inventaire.bordereaux.extend(Bordereau::lire(&texte));
                        Ok(())
                    }
                    Entree::Autre => Ok(()),
                }
            };
            visiter(&piece, octets_max, &mut noter)?;
            if let Some(nom) = nom_de(&piece).filter(|nom| est_une_archive(nom)) {
                inventaire.archives.insert(nom.to_owned());
            }
        }
        if inventaire.extractions.is_empty() {
            return Err(AafErreur::Rien {
                chemin: chemin.to_owned(),
            });
        }
        Ok(inventaire)
    }

    fn noter(&mut self, nom: NomFichier, piece: &Path) -> Result<(), AafErreur> {
        let fichiers = self.extractions.entry(nom.extraction.clone()).or_default();
        match fichiers.insert(nom.clone(), piece.to_owned()) {
            None => Ok(()),
            Some(_) => Err(AafErreur::Double { fichier: nom }),
        }
    }
}

/// Reads the files of an extraction, piece after piece, in each in the order it has them.
pub(super) fn lire_extraction(
    fichiers: &BTreeMap<NomFichier, PathBuf>,
    octets_max: u64,
    lire: &mut dyn FnMut(&NomFichier, &mut dyn Read) -> Result<(), AafErreur>,
) -> Result<(), AafErreur> {
    let pieces: BTreeSet<&PathBuf> = fichiers.values().collect();
    for piece in pieces {
        visiter(piece, octets_max, &mut |entree, flux| match entree {
            Entree::Fichier(nom) if fichiers.contains_key(&nom) => lire(&nom, flux),
            _ => Ok(()),
        })?;
    }
    Ok(())
}

/// The files to open: one, or those of a folder that may be of the feed.
fn pieces(chemin: &Path) -> Result<Vec<PathBuf>, AafErreur> {
    let faute = |source| lecture(chemin, source);
    if !fs::metadata(chemin).map_err(faute)?.is_dir() {
        return Ok(vec![chemin.to_owned()]);
    }
    let mut pieces = Vec::new();
    for entree in fs::read_dir(chemin).map_err(faute)? {
        let entree = entree.map_err(faute)?;
        let nom = entree.file_name();
        let voulue = nom.to_str().is_some_and(|nom| {
            est_une_archive(nom) || !matches!(Entree::de_nom(nom), Entree::Autre)
        });
        if voulue && entree.file_type().map_err(faute)?.is_file() {
            pieces.push(entree.path());
        }
    }
    pieces.sort_unstable();
    Ok(pieces)
}

type Visite<'v> = &'v mut dyn FnMut(Entree, &mut dyn Read) -> Result<(), AafErreur>;

fn visiter(piece: &Path, octets_max: u64, visite: Visite<'_>) -> Result<(), AafErreur> {
    let fichier = File::open(piece).map_err(|source| lecture(piece, source))?;
    let nom = nom_de(piece).unwrap_or_default();
    if !est_une_archive(nom) {
        let entree = Entree::de_nom(nom);
        return visite(entree, &mut BufReader::with_capacity(TAMPON, fichier));
    }
    if nom.to_ascii_lowercase().ends_with(".zip") {
        visiter_zip(piece, fichier, octets_max, visite)
    } else {
        visiter_tar(piece, fichier, octets_max, visite)
    }
}

fn visiter_zip(
    piece: &Path,
    fichier: File,
    octets_max: u64,
    visite: Visite<'_>,
) -> Result<(), AafErreur> {
    let illisible = || AafErreur::Archive {
        chemin: piece.to_owned(),
    };
    let mut archive =
        ZipArchive::new(BufReader::with_capacity(TAMPON, fichier)).map_err(|_| illisible())?;
    let mut reste = octets_max;
    for rang in 0..archive.len() {
        let refus = |raison| refuser(piece, rang, raison);
        if rang >= ENTREES_MAX {
            return Err(refus(EntreeRefusee::Nombre));
        }
        let mut entree = archive
            .by_index(rang)
            .map_err(|_| refus(EntreeRefusee::Illisible))?;
        let (taille, poids) = (entree.size(), entree.compressed_size());
        if taille > reste || demesuree(taille, poids) {
            return Err(refus(EntreeRefusee::Demesuree));
        }
        reste -= taille;
        let nom = entree.name().map_err(|_| illisible())?.into_owned();
        let base = nom_sur(Path::new(&nom)).ok_or_else(|| refus(EntreeRefusee::Chemin))?;
        if entree.is_symlink() {
            return Err(refus(EntreeRefusee::PasUnFichier));
        }
        if entree.is_file() {
            // What it says it weighs and no more, whatever it unfolds to.
            let connue = Entree::de_nom(&base);
            visite(
                connue,
                &mut BufReader::with_capacity(TAMPON, (&mut entree).take(taille)),
            )?;
        }
    }
    Ok(())
}

fn visiter_tar(
    piece: &Path,
    fichier: File,
    octets_max: u64,
    visite: Visite<'_>,
) -> Result<(), AafErreur> {
    let illisible = |_| AafErreur::Archive {
        chemin: piece.to_owned(),
    };
    let poids = fichier
        .metadata()
        .map_err(|source| lecture(piece, source))?
        .len();
    let limite = octets_max.min((poids * RAPPORT_MAX).max(RAPPORT_FRANCHISE));
    let deplie = MultiGzDecoder::new(BufReader::with_capacity(TAMPON, fichier)).take(limite);
    let mut archive = tar::Archive::new(BufReader::with_capacity(TAMPON, deplie));
    let mut deplies = 0;
    for (rang, entree) in archive.entries().map_err(illisible)?.enumerate() {
        let refus = |raison| refuser(piece, rang, raison);
        if rang >= ENTREES_MAX {
            return Err(refus(EntreeRefusee::Nombre));
        }
        let mut entree = entree.map_err(illisible)?;
        let genre = entree.header().entry_type();
        if genre.is_dir() || genre.is_pax_global_extensions() {
            continue;
        }
        if !genre.is_file() {
            return Err(refus(EntreeRefusee::PasUnFichier));
        }
        deplies += entree.size();
        if deplies > limite {
            return Err(refus(EntreeRefusee::Demesuree));
        }
        let chemin = entree.path().map_err(illisible)?.into_owned();
        let base = nom_sur(&chemin).ok_or_else(|| refus(EntreeRefusee::Chemin))?;
        visite(Entree::de_nom(&base), &mut entree)?;
    }
    Ok(())
}

fn demesuree(taille: u64, poids: u64) -> bool {
    taille > RAPPORT_FRANCHISE && taille > poids.saturating_mul(RAPPORT_MAX)
}

/// The name of an entry, if its path stays inside the archive.
fn nom_sur(chemin: &Path) -> Option<String> {
    let sur = chemin
        .components()
        .all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    if !sur || chemin.to_string_lossy().contains('\\') {
        return None;
    }
    Some(
        chemin
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    )
}

fn nom_de(piece: &Path) -> Option<&str> {
    piece.file_name()?.to_str()
}

fn refuser(piece: &Path, rang: usize, raison: EntreeRefusee) -> AafErreur {
    AafErreur::Entree {
        chemin: piece.to_owned(),
        entree: rang + 1,
        raison,
    }
}

fn lecture(chemin: &Path, source: io::Error) -> AafErreur {
    AafErreur::Lecture {
        chemin: chemin.to_owned(),
        source,
    }
}
