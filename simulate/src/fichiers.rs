//! Deliveries to files: one a day, of native JSON lines.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use frequent_plan::Jour;

use crate::simulation::{Avancement, Simulation};

/// zstd level: these files are read once, and soon.
const NIVEAU_ZSTD: i32 = 3;

/// How files are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// `.ndjson`.
    Aucune,
    /// `.ndjson.zst`.
    Zstd,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BilanFichiers {
    /// The files, in the order of days.
    pub fichiers: Vec<PathBuf>,
    /// Lines in them.
    pub evenements: u64,
}

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("fichier simulé {} : {source}", chemin.display())]
pub struct FichiersErreur {
    chemin: PathBuf,
    source: io::Error,
}

/// Writes one file a day, `evenements-AAAA-MM-JJ.ndjson`, as many at a time as there are cores. A
/// file takes its name once whole. The same simulation writes the same bytes.
///
/// # Errors
/// The first file that cannot be written; those already written stay.
pub fn vers_fichiers(
    simulation: &Simulation,
    dossier: &Path,
    compression: Compression,
    suivi: &(dyn Fn(Avancement) + Sync),
) -> Result<BilanFichiers, FichiersErreur> {
    fs::create_dir_all(dossier).map_err(|source| FichiersErreur {
        chemin: dossier.to_owned(),
        source,
    })?;
    let jours: Vec<Jour> = simulation.jours().collect();
    let chemins: Vec<PathBuf> = jours
        .iter()
        .map(|jour| dossier.join(nom(*jour, compression)))
        .collect();
    let (suivant, faits) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let evenements = AtomicU64::new(0);
    let faute = Mutex::new(None);
    let travailler = || {
        while let Some(rang) = prendre(&suivant, jours.len()) {
            match ecrire_jour(simulation, jours[rang], &chemins[rang], compression) {
                Ok(nombre) => suivi(Avancement {
                    faits: faits.fetch_add(1, Ordering::Relaxed) + 1,
                    total: jours.len(),
                    evenements: evenements.fetch_add(nombre, Ordering::Relaxed) + nombre,
                }),
                Err(source) => {
                    suivant.store(jours.len(), Ordering::Relaxed);
                    let chemin = chemins[rang].clone();
                    let mut premiere = faute.lock().unwrap_or_else(PoisonError::into_inner);
                    premiere.get_or_insert(FichiersErreur { chemin, source });
                }
            }
        }
    };
    let coeurs = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|portee| {
        for _ in 0..coeurs.min(jours.len()) {
            portee.spawn(travailler);
        }
    });
    match faute.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(faute) => Err(faute),
        None => Ok(BilanFichiers {
            fichiers: chemins,
            evenements: evenements.into_inner(),
        }),
    }
}

/// The next rank that nobody has taken, below a bound.
pub(crate) fn prendre(suivant: &AtomicUsize, borne: usize) -> Option<usize> {
    let rang = suivant.fetch_add(1, Ordering::Relaxed);
    (rang < borne).then_some(rang)
}

fn nom(jour: Jour, compression: Compression) -> String {
    match compression {
        Compression::Aucune => format!("evenements-{jour}.ndjson"),
        Compression::Zstd => format!("evenements-{jour}.ndjson.zst"),
    }
}

fn ecrire_jour(
    simulation: &Simulation,
    jour: Jour,
    chemin: &Path,
    compression: Compression,
) -> io::Result<u64> {
    let a_cote = chemin.with_extension("en-cours");
    let fichier = BufWriter::new(File::create(&a_cote)?);
    let (nombre, fichier) = match compression {
        Compression::Aucune => ecrire_lots(simulation, jour, fichier)?,
        Compression::Zstd => {
            let encodeur = zstd::Encoder::new(fichier, NIVEAU_ZSTD)?;
            let (nombre, encodeur) = ecrire_lots(simulation, jour, encodeur)?;
            (nombre, encodeur.finish()?)
        }
    };
    fichier
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    fs::rename(&a_cote, chemin)?;
    Ok(nombre)
}

fn ecrire_lots<S: Write>(
    simulation: &Simulation,
    jour: Jour,
    mut sortie: S,
) -> io::Result<(u64, S)> {
    let (mut acces, mut texte, mut nombre) = (Vec::new(), Vec::new(), 0);
    for lot in simulation.lots() {
        acces.clear();
        texte.clear();
        simulation.livrer(lot, jour, &mut acces);
        for a in &acces {
            simulation.ecrire(a, &mut texte);
        }
        sortie.write_all(&texte)?;
        nombre += u64::try_from(acces.len()).unwrap_or_default();
    }
    Ok((nombre, sortie))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::essais::{departement, simuler};

    fn ecrire(dossier: &Path, compression: Compression) -> BilanFichiers {
        let simulation = simuler(departement("048", "2026-11-17", "2026-11-19"));
        vers_fichiers(&simulation, dossier, compression, &|_| {}).unwrap()
    }

    #[test]
    fn one_file_a_day_the_same_each_time_compressed_or_not() {
        let dossiers = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let [un, autre, compresse] = &dossiers;
        let bilan = ecrire(un.path(), Compression::Aucune);
        ecrire(autre.path(), Compression::Aucune);
        ecrire(compresse.path(), Compression::Zstd);
        assert_eq!(bilan.fichiers.len(), 3);
        let mut lignes = 0;
        for jour in ["2026-11-17", "2026-11-18", "2026-11-19"] {
            let nom = format!("evenements-{jour}.ndjson");
            let octets = fs::read(un.path().join(&nom)).unwrap();
            lignes += octets.split(|o| *o == b'\n').count() - 1;
            assert_eq!(octets, fs::read(autre.path().join(&nom)).unwrap());
            let zst = File::open(compresse.path().join(format!("{nom}.zst"))).unwrap();
            assert_eq!(octets, zstd::decode_all(zst).unwrap());
        }
        assert_eq!(bilan.evenements, lignes as u64);
        assert_eq!(fs::read_dir(un.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let dossier = tempfile::tempdir().unwrap();
        let fichier = dossier.path().join("occupe");
        fs::write(&fichier, "").unwrap();
        let simulation = simuler(departement("048", "2026-11-17", "2026-11-17"));
        let faute = vers_fichiers(&simulation, &fichier, Compression::Aucune, &|_| {});
        assert!(faute.unwrap_err().to_string().contains("occupe"));
    }
}
