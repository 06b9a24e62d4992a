//! The data folder as a crash at this instant would leave it, while others write in it.
//!
//! Copying takes time, so what is copied is kept only if no file appeared, vanished or was replaced
//! meanwhile: then the copy is the folder of one instant. The log's open segment may grow during
//! the copy, and a hidden file be half written: a crash does that too.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The files of a folder, by relative path: which file it is, and its size if it is finished.
pub type Liste = BTreeMap<PathBuf, (u64, Option<u64>)>;

/// Lists a folder; none if it changed too fast to be listed.
pub fn lister(racine: &Path) -> Option<Liste> {
    let mut liste = Liste::new();
    let mut dossiers = vec![racine.to_owned()];
    while let Some(dossier) = dossiers.pop() {
        for entree in fs::read_dir(&dossier).ok()? {
            let entree = entree.ok()?;
            let meta = entree.metadata().ok()?;
            if meta.is_dir() {
                dossiers.push(entree.path());
                continue;
            }
            let relatif = entree.path().strip_prefix(racine).ok()?.to_owned();
            let taille = est_fini(&relatif).then_some(meta.len());
            liste.insert(relatif, (meta.ino(), taille));
        }
    }
    Some(liste)
}

fn est_fini(chemin: &Path) -> bool {
    let nom = chemin.file_name().unwrap_or_default().to_string_lossy();
    !nom.starts_with('.') && !nom.ends_with(".seg")
}

/// Copies the folder as it is at one instant.
pub fn prendre(de: &Path, vers: &Path) {
    loop {
        let Some(avant) = lister(de) else { continue };
        if copier(de, vers, &avant).is_ok() && lister(de).as_ref() == Some(&avant) {
            return;
        }
        fs::remove_dir_all(vers).unwrap();
    }
}

fn copier(de: &Path, vers: &Path, liste: &Liste) -> io::Result<()> {
    fs::create_dir_all(vers)?;
    for chemin in liste.keys() {
        let (source, cible) = (de.join(chemin), vers.join(chemin));
        if let Some(parent) = cible.parent() {
            fs::create_dir_all(parent)?;
            // The key ring refuses a folder that others may enter.
            let droits = fs::metadata(source.parent().unwrap_or(de))?.permissions();
            fs::set_permissions(parent, droits)?;
        }
        // A finished file of the lake never changes: the same one will do.
        if est_fini(chemin) && chemin.extension().is_some_and(|e| e == "parquet") {
            fs::hard_link(&source, &cible)?;
        } else {
            fs::copy(&source, &cible)?;
        }
    }
    Ok(())
}
