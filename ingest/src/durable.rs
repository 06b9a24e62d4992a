//! Files that survive a power cut: synced under a hidden name, renamed, their folder synced.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Makes the names in a folder durable: files created, renamed or removed there.
pub fn synchroniser_dossier(dossier: &Path) -> io::Result<()> {
    File::open(dossier)?.sync_all()
}

/// Creates a folder and those above it, and makes their names durable.
pub fn creer_dossier(dossier: &Path) -> io::Result<()> {
    if dossier.is_dir() {
        return Ok(());
    }
    let parent = dossier.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(parent) = parent {
        creer_dossier(parent)?;
    }
    match fs::create_dir(dossier) {
        Err(erreur) if erreur.kind() != io::ErrorKind::AlreadyExists => return Err(erreur),
        _ => {}
    }
    synchroniser_dossier(parent.unwrap_or(Path::new(".")))
}

/// The hidden name under which a file is written before it takes its own. Readers of the lake
/// ignore names that begin with a dot.
pub fn nom_provisoire(definitif: &Path) -> PathBuf {
    let nom = definitif.file_name().unwrap_or_default().to_string_lossy();
    definitif.with_file_name(format!(".{nom}.tmp"))
}

/// Gives a finished, still hidden file its own name, durably; a file of that name is replaced.
pub fn publier(provisoire: &Path, definitif: &Path) -> io::Result<()> {
    File::open(provisoire)?.sync_all()?;
    fs::rename(provisoire, definitif)?;
    synchroniser_dossier(definitif.parent().unwrap_or(Path::new(".")))
}
