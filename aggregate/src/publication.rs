//! How a result replaces the one before it, and how readers find it.
//!
//! # The protocol
//! - A folder (`presence/jour=D`, `cumuls/niveau=N/grain=G/debut=D`…) holds **one** visible file:
//!   the whole result. Names that begin with a dot are unfinished work.
//! - The file's name is `SOURCE-ANNUAIRE-CONTENU.parquet`, three digests of 16 hexadecimal digits:
//!   of what it was made from (for a day, the names and sizes of its event files; for a longer
//!   period, the contents of its days or months), of the directory that gave its territories, and
//!   of its rows. So what is up to date can be told from names alone, and the same rows in another
//!   batching are known to be the same rows.
//! - A writer makes a hidden file, waits until it is on disk, renames it, then removes the file
//!   that it replaces, then waits until the folder is on disk. Killed at any point, it leaves
//!   either the old result or the new one, each whole; the next run finishes.
//! - A reader calls [`fichier_courant`], opens the file once and reads through that handle: the
//!   file stays readable to it after it was replaced. If the file vanishes between listing and
//!   opening, it calls again. For an instant a folder may show two files, both whole: the newest
//!   is the current one, which is what [`fichier_courant`] gives.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use frequent_plan::Jour;

use crate::erreur::Erreur;

/// The name of an unfinished file. Only one run at a time writes in a lake.
pub(crate) const NOM_EBAUCHE: &str = ".ebauche.parquet";

/// The current file of a folder of the lake, if it has one. No folder is no file.
///
/// # Errors
/// The folder cannot be read.
pub fn fichier_courant(dossier: &Path) -> io::Result<Option<PathBuf>> {
    let mut courant = None;
    for (chemin, ecrit) in visibles(dossier)? {
        let cle = (ecrit, chemin);
        if courant.as_ref().is_none_or(|c| *c < cle) {
            courant = Some(cle);
        }
    }
    Ok(courant.map(|(_, chemin)| chemin))
}

/// The visible files of a folder, each with the instant of its last change.
fn visibles(dossier: &Path) -> io::Result<Vec<(PathBuf, std::time::SystemTime)>> {
    let mut visibles = Vec::new();
    for entree in entrees(dossier)? {
        match entree.metadata().and_then(|m| m.modified()) {
            Ok(ecrit) => visibles.push((entree.path(), ecrit)),
            // Replaced since the folder was listed.
            Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => {}
            Err(erreur) => return Err(erreur),
        }
    }
    Ok(visibles)
}

/// The visible Parquet files of a folder; none if there is no such folder.
pub(crate) fn entrees(dossier: &Path) -> io::Result<Vec<fs::DirEntry>> {
    let liste = match fs::read_dir(dossier) {
        Ok(liste) => liste,
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(erreur) => return Err(erreur),
    };
    let mut entrees: Vec<fs::DirEntry> = liste.collect::<io::Result<_>>()?;
    entrees.retain(|entree| est_visible(&entree.file_name()));
    Ok(entrees)
}

/// The days that the folders of a table name.
pub(crate) fn jours_de(table: &Path, prefixe: &str) -> Result<BTreeSet<Jour>, Erreur> {
    let liste = match fs::read_dir(table) {
        Ok(liste) => liste,
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(erreur) => return Err(Erreur::disque(table)(erreur)),
    };
    let mut jours = BTreeSet::new();
    for entree in liste {
        let nom = entree.map_err(Erreur::disque(table))?.file_name();
        jours.extend(
            nom.to_str()
                .and_then(|n| n.strip_prefix(prefixe)?.parse::<Jour>().ok()),
        );
    }
    Ok(jours)
}

fn est_visible(nom: &OsStr) -> bool {
    let cache = nom.as_encoded_bytes().starts_with(b".");
    !cache && Path::new(nom).extension() == Some(OsStr::new("parquet"))
}

/// 64 bits that stand for some content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Marque(pub u64);

impl Marque {
    /// The first bits of a digest.
    pub(crate) fn de_condense(condense: &[u8; 32]) -> Self {
        let debut = condense.first_chunk().copied().unwrap_or_default();
        Self(u64::from_be_bytes(debut))
    }
}

impl fmt::Display for Marque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What a file's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nom {
    /// What it was made from.
    pub source: Marque,
    /// The directory that gave its territories.
    pub annuaire: Marque,
    /// Its rows.
    pub contenu: Marque,
}

impl fmt::Display for Nom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-{}-{}.parquet",
            self.source, self.annuaire, self.contenu
        )
    }
}

impl Nom {
    /// Reads a file's name; `None` if it is not one of ours.
    pub(crate) fn lire(chemin: &Path) -> Option<Self> {
        let nom = chemin.file_name()?.to_str()?.strip_suffix(".parquet")?;
        let mut marques = nom
            .split('-')
            .map(|m| u64::from_str_radix(m, 16).map(Marque).ok());
        let lu = Self {
            source: marques.next()??,
            annuaire: marques.next()??,
            contenu: marques.next()??,
        };
        marques.next().is_none().then_some(lu)
    }

    /// The name of the only file of a folder; `None` if there is none, if a killed run left
    /// several, or if the file is not one of ours: in each case the work is to be done again.
    pub(crate) fn de_dossier(dossier: &Path) -> io::Result<Option<Self>> {
        let entrees = entrees(dossier)?;
        match entrees.as_slice() {
            [seule] => Ok(Self::lire(&seule.path())),
            _ => Ok(None),
        }
    }
}

/// Makes a finished hidden file the current one of its folder.
pub(crate) fn publier(ebauche: &Path, nom: &Nom) -> io::Result<()> {
    let dossier = ebauche.parent().unwrap_or(Path::new("."));
    let cible = dossier.join(nom.to_string());
    fs::rename(ebauche, &cible)?;
    for entree in entrees(dossier)? {
        if entree.path() != cible {
            fs::remove_file(entree.path())?;
        }
    }
    File::open(dossier)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nom(contenu: u64) -> Nom {
        Nom {
            source: Marque(1),
            annuaire: Marque(u64::MAX),
            contenu: Marque(contenu),
        }
    }

    #[test]
    fn a_name_is_read_back_and_others_are_not_ours() {
        let chemin = PathBuf::from(format!("/lake/{}", nom(7)));
        assert_eq!(Nom::lire(&chemin), Some(nom(7)));
        for autre in [
            "part-0.parquet",
            "1-2.parquet",
            "1-2-3-4.parquet",
            "1-2-3.csv",
        ] {
            assert_eq!(Nom::lire(Path::new(autre)), None, "{autre}");
        }
    }

    #[test]
    fn the_new_file_takes_the_place_of_the_old_one_and_who_reads_it_goes_on() {
        use std::io::Read;
        let dossier = tempfile::tempdir().unwrap();
        let ebauche = dossier.path().join(NOM_EBAUCHE);
        assert_eq!(fichier_courant(dossier.path()).unwrap(), None);
        fs::write(&ebauche, "ancien").unwrap();
        publier(&ebauche, &nom(1)).unwrap();
        let courant = fichier_courant(dossier.path()).unwrap().unwrap();
        let mut lecteur = File::open(&courant).unwrap();
        fs::write(&ebauche, "nouveau").unwrap();
        // Unfinished work is invisible.
        assert_eq!(fichier_courant(dossier.path()).unwrap(), Some(courant));
        publier(&ebauche, &nom(2)).unwrap();
        let mut lu = String::new();
        lecteur.read_to_string(&mut lu).unwrap();
        assert_eq!(lu, "ancien");
        assert_eq!(Nom::de_dossier(dossier.path()).unwrap(), Some(nom(2)));
        assert_eq!(fs::read_dir(dossier.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_has_no_current_file() {
        assert_eq!(fichier_courant(Path::new("/nulle/part")).unwrap(), None);
    }
}
