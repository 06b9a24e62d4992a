//! A table kept in one TOML file: replaced whole and durably by whoever changes it, read again by
//! whoever uses it when it has changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::AccesErreur;
use crate::durable::{creer_dossier, nom_provisoire, publier};

/// How often the file is looked at, at most.
const RELECTURE_MS: u64 = 1_000;

/// What tells a file from the one that took its place: device, inode, size and time of change.
type Signature = Option<(u64, u64, u64, i64, i64)>;

/// A table and the file that holds it. Its rights are 0600: only the server's account reads it.
#[derive(Debug)]
pub(super) struct Registre<T> {
    chemin: PathBuf,
    lu: RwLock<(Signature, Arc<T>)>,
    ouverture: Instant,
    prochaine_relecture_ms: AtomicU64,
}

impl<T: Default + DeserializeOwned + Serialize + Clone> Registre<T> {
    /// Reads the table of this file; empty when there is no file.
    ///
    /// # Errors
    /// The file exists and cannot be read.
    pub(super) fn ouvrir(chemin: PathBuf) -> Result<Self, AccesErreur> {
        let lu = lire(&chemin)?;
        Ok(Self {
            chemin,
            lu: RwLock::new((lu.0, Arc::new(lu.1))),
            ouverture: Instant::now(),
            prochaine_relecture_ms: AtomicU64::new(RELECTURE_MS),
        })
    }

    /// The table, at most a second old. A file that has become unreadable leaves the table as it
    /// was and is said in the log.
    pub(super) fn courant(&self) -> Arc<T> {
        let age_ms = u64::try_from(self.ouverture.elapsed().as_millis()).unwrap_or(u64::MAX);
        if age_ms >= self.prochaine_relecture_ms.load(Ordering::Relaxed) {
            self.prochaine_relecture_ms
                .store(age_ms.saturating_add(RELECTURE_MS), Ordering::Relaxed);
            if let Err(erreur) = self.relire() {
                tracing::error!(%erreur, "access file unreadable, the last good one stays in force");
            }
        }
        let lu = self.lu.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&lu.1)
    }

    /// Reads the file again if it has changed.
    ///
    /// # Errors
    /// It cannot be read; the table stays as it was.
    pub(super) fn relire(&self) -> Result<(), AccesErreur> {
        let connue = self.lu.read().unwrap_or_else(PoisonError::into_inner).0;
        if signature(&self.chemin).map_err(|s| disque(&self.chemin, s))? == connue {
            return Ok(());
        }
        let (signature, table) = lire(&self.chemin)?;
        let mut lu = self.lu.write().unwrap_or_else(PoisonError::into_inner);
        *lu = (signature, Arc::new(table));
        Ok(())
    }

    /// Changes the table and replaces the file, durably. Several processes may do so at once: each
    /// waits for its turn and starts from what the one before wrote.
    ///
    /// # Errors
    /// `changement` refuses, or the disk does; nothing has changed then.
    pub(super) fn modifier<R>(
        &self,
        changement: impl FnOnce(&mut T) -> Result<R, AccesErreur>,
    ) -> Result<R, AccesErreur> {
        let dossier = self.chemin.parent().unwrap_or(Path::new("."));
        creer_dossier(dossier).map_err(|s| disque(dossier, s))?;
        let verrou = dossier.join(".verrou");
        let tour = ouvrir_prive(&verrou).map_err(|s| disque(&verrou, s))?;
        tour.lock().map_err(|s| disque(&verrou, s))?;

        let mut table: T = lire(&self.chemin)?.1;
        let rendu = changement(&mut table)?;
        let texte = toml::to_string_pretty(&table)
            .map_err(|faute| AccesErreur::Demande(faute.to_string()))?;
        remplacer(&self.chemin, &texte).map_err(|s| disque(&self.chemin, s))?;
        self.relire()?;
        Ok(rendu)
    }
}

fn lire<T: Default + DeserializeOwned>(chemin: &Path) -> Result<(Signature, T), AccesErreur> {
    let signature = signature(chemin).map_err(|s| disque(chemin, s))?;
    if signature.is_none() {
        return Ok((None, T::default()));
    }
    let texte = fs::read_to_string(chemin).map_err(|s| disque(chemin, s))?;
    let table = toml::from_str(&texte).map_err(|faute| AccesErreur::Illisible {
        chemin: chemin.to_owned(),
        ligne: faute.span().map_or(1, |place| {
            texte
                .get(..place.start)
                .unwrap_or_default()
                .split('\n')
                .count()
        }),
        faute: faute.message().to_owned(),
    })?;
    Ok((signature, table))
}

fn signature(chemin: &Path) -> io::Result<Signature> {
    match fs::metadata(chemin) {
        Ok(m) => Ok(Some((
            m.dev(),
            m.ino(),
            m.size(),
            m.mtime(),
            m.mtime_nsec(),
        ))),
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(erreur) => Err(erreur),
    }
}

fn remplacer(chemin: &Path, texte: &str) -> io::Result<()> {
    let provisoire = nom_provisoire(chemin);
    let mut fichier = ouvrir_prive(&provisoire)?;
    fichier.set_len(0)?;
    fichier.write_all(texte.as_bytes())?;
    fichier.sync_all()?;
    publier(&provisoire, chemin)
}

fn ouvrir_prive(chemin: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(chemin)
}

fn disque(chemin: &Path, source: io::Error) -> AccesErreur {
    AccesErreur::Disque {
        chemin: chemin.to_owned(),
        source,
    }
}
