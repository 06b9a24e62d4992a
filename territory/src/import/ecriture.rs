//! Writing a version so that it is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use frequent_plan::{Jour, Lac};

use crate::ecole::Ecole;
use crate::tables::{ECOLES, TERRITOIRES, ecrire_ecoles, ecrire_territoires};
use crate::territoire::deriver;

use super::ImportErreur;

/// What became of a version's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// There was none at that date.
    Nouvelle,
    /// There was another one.
    Remplacee,
    /// The same was there, to the byte: nothing was written.
    Identique,
}

/// Writes the version of a date, unless the same is there already.
pub(super) fn ecrire(
    lac: &Lac,
    validite: Jour,
    mut ecoles: Vec<Ecole>,
) -> Result<Version, ImportErreur> {
    ecoles.sort_by_key(|ecole| ecole.uai);
    let territoires = ecrire_territoires(validite, &ecoles, &deriver(&ecoles))?;
    let fichiers = [
        (TERRITOIRES, territoires),
        (ECOLES, ecrire_ecoles(validite, &ecoles)?),
    ];
    let dossier = lac.territoire_du(validite);
    if fichiers
        .iter()
        .all(|(nom, octets)| fs::read(dossier.join(nom)).is_ok_and(|lus| lus == *octets))
    {
        return Ok(Version::Identique);
    }
    let version = if dossier.exists() {
        // The directory feed may have made the folder, with no table of the open directory.
        let remplacee = dossier.join(ECOLES).exists();
        remplacer(&dossier, &fichiers)?;
        if remplacee {
            Version::Remplacee
        } else {
            Version::Nouvelle
        }
    } else {
        creer(lac, &dossier, &fichiers)?;
        Version::Nouvelle
    };
    Ok(version)
}

/// Builds the folder aside, then gives it its name: readers see all of it or nothing.
fn creer(lac: &Lac, dossier: &Path, fichiers: &[(&str, Vec<u8>)]) -> Result<(), ImportErreur> {
    let parent = lac.territoire();
    let a_cote = parent.join(".version-en-cours");
    if a_cote.exists() {
        fs::remove_dir_all(&a_cote).map_err(faute(&a_cote))?;
    }
    fs::create_dir_all(&a_cote).map_err(faute(&a_cote))?;
    for (nom, octets) in fichiers {
        ecrire_durablement(&a_cote.join(nom), octets)?;
    }
    synchroniser(&a_cote)?;
    fs::rename(&a_cote, dossier).map_err(faute(dossier))?;
    synchroniser(&parent)
}

/// Replaces the files one by one, `ecoles.parquet` last: it is the only one that this program
/// reads back, so the version changes for it in one rename.
fn remplacer(dossier: &Path, fichiers: &[(&str, Vec<u8>)]) -> Result<(), ImportErreur> {
    for (nom, octets) in fichiers {
        let a_cote = dossier.join(format!(".{nom}"));
        ecrire_durablement(&a_cote, octets)?;
        let chemin = dossier.join(nom);
        fs::rename(&a_cote, &chemin).map_err(faute(&chemin))?;
        synchroniser(dossier)?;
    }
    Ok(())
}

fn ecrire_durablement(chemin: &Path, octets: &[u8]) -> Result<(), ImportErreur> {
    File::create(chemin)
        .and_then(|mut fichier| {
            fichier.write_all(octets)?;
            fichier.sync_all()
        })
        .map_err(faute(chemin))
}

fn synchroniser(dossier: &Path) -> Result<(), ImportErreur> {
    File::open(dossier)
        .and_then(|dossier| dossier.sync_all())
        .map_err(faute(dossier))
}

fn faute(chemin: &Path) -> impl FnOnce(io::Error) -> ImportErreur + use<> {
    let chemin = chemin.to_owned();
    move |source| ImportErreur::Ecriture { chemin, source }
}
