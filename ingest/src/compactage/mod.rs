//! Compaction: the files of a day become one, sorted by (uai, profil, visiteur, client, ts, id),
//! each identifier once.
//!
//! The new file takes its name while those it was made from are still there, then they are removed.
//! Stopped in between, both are visible: a reader that counts by identifier counts the same, and the
//! next compaction removes the leftovers, which the new file names in its metadata. Landing goes on
//! meanwhile: its new files are left for the next time.

mod debordement;
mod enregistrement;
mod fusion;
mod retires;
mod tri;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use frequent_plan::lac::META_ENTREES;
use frequent_plan::{Jour, Lac};
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;

use crate::durable::{creer_dossier, synchroniser_dossier};
use crate::evenements::FichierErreur;
use crate::noms::{NomFichier, fichiers, jours};
pub(crate) use retires::Retires;
use tri::Tri;

/// One compaction of a lake at a time, whichever process does it.
const VERROU: &str = ".verrou-compactage";
/// Where rows are sorted that do not fit in memory.
const DEBORDEMENT: &str = ".tri";
/// Beginning of the metadata that names a compacted file's inputs.
const FICHIERS: &str = "fichiers ";
/// A file under this size is merged with its like before its day is closed.
const PETIT_OCTETS: u64 = 16 << 20;

/// Which files of the day to merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etendue {
    /// Every file: for a closed day.
    Tout,
    /// Those under 16 MiB: for a day that gathers many.
    Petits,
}

/// What a compaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BilanCompactage {
    /// Files merged.
    pub fichiers: usize,
    /// Events read.
    pub lus: u64,
    /// Events kept: those read less the repeated ones.
    pub gardes: u64,
}

/// Why a day was not compacted; its files are as they were.
#[derive(Debug, thiserror::Error)]
#[error("compactage du {jour} : {source}")]
pub struct CompactageErreur {
    /// The day.
    pub jour: Jour,
    /// What failed.
    pub source: FichierErreur,
}

/// Merges the files of a day. Nothing to merge gives `None`.
///
/// # Errors
/// A file cannot be read or written; whatever happened, no event is lost.
pub fn compacter(
    lac: &Lac,
    jour: Jour,
    etendue: Etendue,
) -> Result<Option<BilanCompactage>, CompactageErreur> {
    Compactage::new(lac, jour)
        .executer(etendue)
        .map_err(|source| CompactageErreur { jour, source })
}

/// Whether a day has at least this many files small enough to be merged before it is closed.
pub(crate) fn a_tasser(lac: &Lac, jour: Jour, seuil: usize) -> Result<bool, CompactageErreur> {
    let compactage = Compactage::new(lac, jour);
    compactage
        .choisir(Etendue::Petits)
        .map(|petits| petits.len() >= seuil.max(2))
        .map_err(|source| CompactageErreur { jour, source })
}

/// The days up to this one that are not yet a single sorted file.
///
/// # Errors
/// A folder cannot be read.
pub fn jours_clos(lac: &Lac, dernier: Jour) -> Result<Vec<Jour>, CompactageErreur> {
    let table = lac.evenements();
    let erreur = |source| CompactageErreur {
        jour: dernier,
        source: FichierErreur::disque(&table)(source),
    };
    let mut a_faire = Vec::new();
    for jour in jours(lac).map_err(erreur)? {
        if jour <= dernier && !est_fini(&fichiers(&lac.evenements_du(jour)).map_err(erreur)?) {
            a_faire.push(jour);
        }
    }
    Ok(a_faire)
}

fn est_fini(noms: &[NomFichier]) -> bool {
    match noms {
        [] => true,
        [seul] => seul.trie,
        _ => false,
    }
}

struct Compactage<'l> {
    lac: &'l Lac,
    jour: Jour,
    dossier: PathBuf,
}

impl<'l> Compactage<'l> {
    fn new(lac: &'l Lac, jour: Jour) -> Self {
        Self {
            lac,
            jour,
            dossier: lac.evenements_du(jour),
        }
    }

    fn executer(&self, etendue: Etendue) -> Result<Option<BilanCompactage>, FichierErreur> {
        let _verrou = verrouiller(&self.lac.evenements())?;
        self.retirer_les_restes()?;
        let entrees = self.choisir(etendue)?;
        if est_fini(&entrees) {
            return Ok(None);
        }
        let sortie = NomFichier::fusion(&entrees);
        let (lus, gardes) = self.fusionner(&entrees, sortie)?;
        self.retirer(entrees.iter().filter(|e| **e != sortie))?;
        Ok(Some(BilanCompactage {
            fichiers: entrees.len(),
            lus,
            gardes,
        }))
    }

    fn fusionner(
        &self,
        entrees: &[NomFichier],
        sortie: NomFichier,
    ) -> Result<(u64, u64), FichierErreur> {
        let debordement = self.lac.evenements().join(DEBORDEMENT);
        let chemins: Vec<_> = entrees.iter().map(|e| self.chemin(*e)).collect();
        let noms: Vec<_> = entrees.iter().map(NomFichier::to_string).collect();
        let tri = Tri::lire(&chemins, &debordement)?;
        let lus = tri.lus();
        let metadonnee = format!("{FICHIERS}{}", noms.join(","));
        let gardes = tri.ecrire(&self.chemin(sortie), self.jour, metadonnee)?;
        Ok((lus, gardes))
    }

    fn chemin(&self, nom: NomFichier) -> PathBuf {
        self.dossier.join(nom.to_string())
    }

    fn fichiers(&self) -> Result<Vec<NomFichier>, FichierErreur> {
        fichiers(&self.dossier).map_err(FichierErreur::disque(&self.dossier))
    }

    fn choisir(&self, etendue: Etendue) -> Result<Vec<NomFichier>, FichierErreur> {
        let mut noms = self.fichiers()?;
        if etendue == Etendue::Petits {
            let mut petits = Vec::new();
            for nom in noms {
                let chemin = self.chemin(nom);
                let etat = fs::metadata(&chemin).map_err(FichierErreur::disque(&chemin))?;
                if etat.len() < PETIT_OCTETS {
                    petits.push(nom);
                }
            }
            noms = petits;
        }
        Ok(noms)
    }

    /// Removes the inputs of a finished compaction that was stopped before it could.
    fn retirer_les_restes(&self) -> Result<(), FichierErreur> {
        let noms = self.fichiers()?;
        for nom in noms.iter().filter(|n| n.trie) {
            let entrees = entrees_de(&self.chemin(*nom))?;
            self.retirer(entrees.iter().filter(|e| *e != nom && noms.contains(e)))?;
        }
        Ok(())
    }

    fn retirer<'n>(&self, noms: impl Iterator<Item = &'n NomFichier>) -> Result<(), FichierErreur> {
        for nom in noms {
            let chemin = self.chemin(*nom);
            match fs::remove_file(&chemin) {
                Err(erreur) if erreur.kind() != io::ErrorKind::NotFound => {
                    return Err(FichierErreur::disque(&chemin)(erreur));
                }
                _ => {}
            }
        }
        synchroniser_dossier(&self.dossier).map_err(FichierErreur::disque(&self.dossier))
    }
}

/// Waits for the other compaction in progress, if there is one, and keeps any other out.
pub(crate) fn verrouiller(table: &Path) -> Result<File, FichierErreur> {
    creer_dossier(table).map_err(FichierErreur::disque(table))?;
    let chemin = table.join(VERROU);
    let verrou = File::create(&chemin).map_err(FichierErreur::disque(&chemin))?;
    verrou.lock().map_err(FichierErreur::disque(&chemin))?;
    Ok(verrou)
}

/// The files that a compacted file says it was made from.
pub(crate) fn entrees_de(chemin: &Path) -> Result<Vec<NomFichier>, FichierErreur> {
    let fichier = File::open(chemin).map_err(FichierErreur::disque(chemin))?;
    let lecteur = SerializedFileReader::new(fichier).map_err(FichierErreur::parquet(chemin))?;
    let metadonnees = lecteur.metadata().file_metadata().key_value_metadata();
    Ok(metadonnees
        .into_iter()
        .flatten()
        .filter(|m| m.key == META_ENTREES)
        .filter_map(|m| m.value.as_deref()?.strip_prefix(FICHIERS))
        .flat_map(|noms| noms.split(','))
        .filter_map(NomFichier::lire)
        .collect())
}

#[cfg(test)]
#[path = "compactage_tests.rs"]
mod tests;
