//! Restoring a backup: beside its place, verified, purged of what must not come back, then put there
//! at once.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path};
use std::sync::Arc;

use frequent_aggregate::conservation::Registre;
use frequent_ingest::TrousseauDisque;
use frequent_plan::conservation::Durees;
use frequent_plan::{Jour, Lac};
use sha2::{Digest, Sha256};

use super::{Contenu, FORMAT, MANIFESTE, Manifeste, SauvegardeErreur, Secret};
use crate::conservation::{Conservateur, ConservationErreur, Detruit};
use frequent_plan::hexadecimal::hexadecimal;

const MORCEAU: usize = 128 << 10;

/// What a restored folder must obey before anyone sees it.
#[derive(Debug, Clone, Copy)]
pub struct Reprise<'r> {
    /// How long what is kept is kept.
    pub durees: Durees,
    /// Today.
    pub jour: Jour,
    /// A copy of the register of destructions later than the backup, if there is one.
    pub registre: Option<&'r Path>,
}

/// Restores an archive into a data folder that is empty or does not exist. Gives what the archive
/// held, and what was destroyed of it because its time had come since.
///
/// # Errors
/// The archive does not open, is not what was written, or the disk refused: the folder is as it was.
pub fn restaurer(
    archive: &Path,
    secret: &Secret,
    lac: &Lac,
    reprise: Reprise<'_>,
) -> Result<(Manifeste, Vec<Detruit>), SauvegardeErreur> {
    let racine = lac.racine();
    let sur = |source| SauvegardeErreur::disque(racine, source);
    let occupe = match fs::read_dir(racine) {
        Ok(mut liste) => liste.next().is_some(),
        Err(faute) if faute.kind() == io::ErrorKind::NotFound => false,
        Err(faute) => return Err(sur(faute)),
    };
    if occupe {
        return Err(SauvegardeErreur::PasVide(racine.to_owned()));
    }
    let parent = racine.parent().filter(|p| !p.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(sur)?;
    let chantier = tempfile::Builder::new()
        .prefix(".restauration-")
        .tempdir_in(parent)
        .map_err(sur)?;
    let manifeste = extraire(archive, secret, chantier.path())?;
    let detruits = obeir(&Lac::new(chantier.path()), reprise)?;
    if racine.exists() {
        fs::remove_dir(racine).map_err(sur)?;
    }
    fs::rename(chantier.path(), racine).map_err(sur)?;
    // It has its own name now: there is nothing left to remove.
    let _ = chantier.keep();
    File::open(parent).and_then(|p| p.sync_all()).map_err(sur)?;
    Ok((manifeste, detruits))
}

fn obeir(lac: &Lac, reprise: Reprise<'_>) -> Result<Vec<Detruit>, ConservationErreur> {
    let trousseau = Arc::new(TrousseauDisque::ouvrir(lac)?);
    let conservateur = Conservateur::new(lac.clone(), trousseau, reprise.durees);
    let autre = reprise.registre.map(Registre::lire_fichier).transpose()?;
    conservateur.obeir(autre.as_ref())?;
    let mut detruits = Vec::new();
    conservateur.purger(reprise.jour, |detruit| detruits.push(detruit.clone()))?;
    Ok(detruits)
}

/// Opens the archive and writes its files, each checked against the manifest once it is read.
fn extraire(
    archive: &Path,
    secret: &Secret,
    chantier: &Path,
) -> Result<Manifeste, SauvegardeErreur> {
    let sur = |source| SauvegardeErreur::disque(archive, source);
    let fichier = io::BufReader::new(File::open(archive).map_err(sur)?);
    let dechiffreur = age::Decryptor::new_buffered(fichier).map_err(SauvegardeErreur::Ouverture)?;
    let flux = match secret {
        Secret::Phrase(phrase) => {
            let identite = age::scrypt::Identity::new(phrase.clone());
            dechiffreur.decrypt(std::iter::once(&identite as &dyn age::Identity))
        }
        Secret::Identites(cles) => {
            dechiffreur.decrypt(cles.iter().map(|cle| cle as &dyn age::Identity))
        }
        Secret::Destinataires(_) => return Err(SauvegardeErreur::MauvaisSens),
    };
    let mut tar = tar::Archive::new(flux.map_err(SauvegardeErreur::Ouverture)?);
    let alteree = |faute: io::Error| SauvegardeErreur::Alteree(faute.to_string());
    let mut ecrits = BTreeMap::new();
    let mut manifeste = None;
    for entree in tar.entries().map_err(alteree)? {
        let mut entree = entree.map_err(alteree)?;
        let chemin = entree.path().map_err(alteree)?.into_owned();
        if manifeste.is_some() || !entree.header().entry_type().is_file() || !est_sur(&chemin) {
            return Err(SauvegardeErreur::Alteree(chemin.display().to_string()));
        }
        if chemin == Path::new(MANIFESTE) {
            let mut texte = Vec::new();
            entree.read_to_end(&mut texte).map_err(alteree)?;
            let lu: Manifeste =
                serde_json::from_slice(&texte).map_err(|faute| alteree(faute.into()))?;
            manifeste = Some(lu);
            continue;
        }
        let contenu = ecrire(&mut entree, &chantier.join(&chemin))?;
        ecrits.insert(chemin.display().to_string(), contenu);
    }
    // The last chunk of the encryption says that this is the end.
    io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(alteree)?;
    match manifeste {
        Some(manifeste) if manifeste.format == FORMAT && manifeste.fichiers == ecrits => {
            Ok(manifeste)
        }
        _ => Err(SauvegardeErreur::Alteree("manifeste".to_owned())),
    }
}

/// Whether a name stays in the folder.
fn est_sur(chemin: &Path) -> bool {
    chemin.components().next().is_some()
        && chemin
            .components()
            .all(|c| matches!(c, Component::Normal(_)))
}

/// Writes a file that only its owner may read.
fn ecrire(entree: &mut impl Read, chemin: &Path) -> Result<Contenu, SauvegardeErreur> {
    let sur = |source| SauvegardeErreur::disque(chemin, source);
    if let Some(dossier) = chemin.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dossier)
            .map_err(sur)?;
    }
    let mut fichier = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(chemin)
        .map_err(sur)?;
    let mut condense = Sha256::new();
    let mut octets = 0;
    let mut morceau = vec![0; MORCEAU];
    loop {
        let lus = entree
            .read(&mut morceau)
            .map_err(|faute| SauvegardeErreur::Alteree(faute.to_string()))?;
        if lus == 0 {
            break;
        }
        condense.update(&morceau[..lus]);
        fichier.write_all(&morceau[..lus]).map_err(sur)?;
        octets += lus as u64;
    }
    fichier.sync_all().map_err(sur)?;
    Ok(Contenu {
        octets,
        sha256: hexadecimal(&condense.finalize()),
    })
}
