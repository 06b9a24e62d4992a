//! Room kept free on the disk. Acceptance stops before the disk is full, so that landing, which
//! frees the log, counting and accounts never meet a write that half succeeds; it resumes by itself
//! when there is room again.

use std::fs::File;
use std::io;

use rustix::fs::fstatvfs;

/// Watches the room left where a file is.
#[derive(Debug)]
pub(super) struct Reserve {
    octets: u64,
    entamee: bool,
}

impl Reserve {
    pub(super) fn new(octets: u64) -> Self {
        Self {
            octets,
            entamee: false,
        }
    }

    /// Refuses when writing this many more bytes would leave less room than the reserve. The
    /// process's log is told when that begins and when it ends.
    pub(super) fn verifier(&mut self, fichier: &File, octets: usize) -> io::Result<()> {
        let libres = libres(fichier)?;
        let entamee = libres < self.octets.saturating_add(octets as u64);
        if entamee != self.entamee {
            self.entamee = entamee;
            metrics::gauge!("frequent_disque_reserve_entamee").set(f64::from(u8::from(entamee)));
            if entamee {
                tracing::error!(
                    libres,
                    reserve = self.octets,
                    "disk almost full: events are no longer accepted until there is room"
                );
            } else {
                tracing::info!(libres, "room on the disk again: events are accepted");
            }
        }
        if entamee {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

/// Bytes that may still be written where a file is.
pub(super) fn libres(fichier: &File) -> io::Result<u64> {
    let disque = fstatvfs(fichier)?;
    Ok(disque.f_bavail.saturating_mul(disque.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_what_writing_would_leave_and_refusing_ends_by_itself() {
        let dossier = tempfile::tempdir().unwrap();
        let fichier = File::create(dossier.path().join("fichier")).unwrap();
        let mut reserve = Reserve::new(u64::MAX);
        for _ in 0..2 {
            let refus = reserve.verifier(&fichier, 1).unwrap_err();
            assert_eq!(refus.kind(), io::ErrorKind::StorageFull);
        }
        reserve.octets = 0;
        reserve.verifier(&fichier, 1).unwrap();
        assert!(!reserve.entamee);
        assert!(reserve.verifier(&fichier, usize::MAX).is_err());
    }
}
