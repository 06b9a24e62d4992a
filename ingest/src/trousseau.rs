//! The pseudonym keys on disk: one file of mode 0600 a platform and school year, in a folder of
//! mode 0700, created when first needed and durable before it is used.
//!
//! A file's name is made of the school year and a hash of the platform, so that no platform's name
//! can climb out of the folder; the platform itself is in the file, after the key. Creation goes
//! through a hidden file that is hard-linked to its final name: of two that create at once, one
//! link wins and the other reads the winner's key, and no one ever sees half a key.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use frequent_plan::{AnneeScolaire, Cle, CleIndisponible, Lac, Trousseau};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::durable::synchroniser_dossier;
use frequent_plan::hexadecimal::hexadecimal;

const EXTENSION: &str = ".cle";
const EXTENSION_SECRET: &str = ".secret";
/// Hidden name of a key being made. Its bytes may be those of a key in force, by a hard link: it is
/// removed, never overwritten.
const EN_COURS: &str = ".en-cours-";
/// Hidden name of a key being destroyed: it is overwritten, then removed.
const DETRUITE: &str = ".detruite-";
const OCTETS_CLE: usize = 32;
/// The seed of the signing key, which is no platform's.
const SIGNATURE: &str = "signature.ed25519";
const OUVERT_AUX_AUTRES: u32 = 0o077;
/// Another process may sweep the hidden file between its making and its link; twice is bad luck.
const ESSAIS: usize = 5;

/// Why the key ring cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrousseauErreur {
    /// The disk refused.
    #[error("trousseau de clés, {chemin} : {source}")]
    Disque {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The folder or a key can be read by others: it may have been copied, so it is not used.
    #[error(
        "trousseau de clés, {chemin} : droits {mode:03o} ouverts à d’autres, attendus {attendu:03o}"
    )]
    Droits {
        /// The file or folder.
        chemin: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode it must have.
        attendu: u32,
    },
    /// The file is not a key of the platform that its name says.
    #[error("trousseau de clés, {chemin} : fichier de clé altéré")]
    Altere {
        /// The file.
        chemin: PathBuf,
    },
    /// The system gives no random bytes.
    #[error("trousseau de clés : le système ne donne pas d’aléa ({0})")]
    Alea(getrandom::Error),
}

/// A key that exists, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CleExistante {
    /// Its school year.
    pub annee: AnneeScolaire,
    /// Its platform.
    pub plateforme: String,
}

type ParPlateforme = HashMap<Box<str>, Arc<Cle>>;

/// The key ring kept in [`Lac::cles`].
#[derive(Debug)]
pub struct TrousseauDisque {
    dossier: PathBuf,
    memoire: RwLock<FxHashMap<AnneeScolaire, ParPlateforme>>,
}

impl TrousseauDisque {
    /// Opens the key ring; its folder is created if need be.
    ///
    /// # Errors
    /// The folder cannot be made or read, or others may enter it.
    pub fn ouvrir(lac: &Lac) -> Result<Self, TrousseauErreur> {
        let dossier = lac.cles();
        let sur = |source| disque(&dossier, source);
        if !dossier.is_dir() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&dossier)
                .map_err(sur)?;
            synchroniser_dossier(lac.racine()).map_err(sur)?;
        }
        refuser_si_ouvert(&dossier, &fs::metadata(&dossier).map_err(sur)?, 0o700)?;
        let trousseau = Self {
            dossier,
            memoire: RwLock::default(),
        };
        trousseau.balayer()?;
        Ok(trousseau)
    }

    /// Every key there is, by school year then platform.
    ///
    /// # Errors
    /// The folder or one of the files cannot be read, or is not a key.
    pub fn lister(&self) -> Result<Vec<CleExistante>, TrousseauErreur> {
        let mut cles = Vec::new();
        for nom in self.noms()? {
            let Some(annee) = annee_du_nom(&nom) else {
                continue;
            };
            if let Some((_, plateforme)) = lire(&self.dossier.join(&nom))? {
                cles.push(CleExistante { annee, plateforme });
            }
        }
        cles.sort_unstable();
        Ok(cles)
    }

    /// The seed of the key that signs this instance's receipts, made if there is none.
    ///
    /// # Errors
    /// It cannot be read or made, or others may read it.
    pub fn graine_de_signature(&self) -> Result<[u8; OCTETS_CLE], TrousseauErreur> {
        let chemin = self.dossier.join(SIGNATURE);
        let graine = match lire(&chemin)? {
            Some((graine, _)) => graine,
            None => self.creer(&chemin, "")?,
        };
        // One that another process has just linked may not be durable yet.
        synchroniser_dossier(&self.dossier).map_err(|source| disque(&self.dossier, source))?;
        Ok(graine)
    }

    /// Destroys the key of a platform and school year: its bytes are overwritten, its file removed,
    /// durably. From then on nothing links that year's pseudonyms to anyone. Says whether there was
    /// one. Another process that holds it in memory keeps it until it stops.
    ///
    /// # Errors
    /// The disk refused; the key may still be there.
    pub fn detruire(
        &self,
        plateforme: &str,
        annee: AnneeScolaire,
    ) -> Result<bool, TrousseauErreur> {
        let mut memoire = self.memoire.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(cles) = memoire.get_mut(&annee) {
            cles.remove(plateforme);
        }
        let chemin = self.chemin(plateforme, annee);
        // Out of sight first, so that no reader takes the overwritten bytes for a key.
        let cachee = self.dossier.join(nom_cache(DETRUITE)?);
        match fs::rename(&chemin, &cachee) {
            Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(false),
            autre => autre.map_err(|source| disque(&chemin, source))?,
        }
        self.balayer()?;
        synchroniser_dossier(&self.dossier).map_err(|source| disque(&self.dossier, source))?;
        Ok(true)
    }

    /// A secret of this instance, made the first time and kept as the pseudonym keys are.
    ///
    /// # Errors
    /// It can be neither read nor made.
    pub fn secret(&self, nom: &str) -> Result<[u8; OCTETS_CLE], TrousseauErreur> {
        let chemin = self.dossier.join(format!("{nom}{EXTENSION_SECRET}"));
        let octets = match lire(&chemin)? {
            Some((octets, lu)) if lu == nom => octets,
            Some(_) => return Err(TrousseauErreur::Altere { chemin }),
            None => self.creer(&chemin, nom)?,
        };
        // One that another process has just linked may not be durable yet.
        synchroniser_dossier(&self.dossier).map_err(|source| disque(&self.dossier, source))?;
        Ok(octets)
    }

    fn en_memoire(&self, plateforme: &str, annee: AnneeScolaire) -> Option<Arc<Cle>> {
        let memoire = self.memoire.read().unwrap_or_else(PoisonError::into_inner);
        memoire.get(&annee)?.get(plateforme).cloned()
    }

    /// The key on disk, made if there is none. The write lock makes this process's threads create
    /// one after the other; the hard link settles between processes.
    fn charger(&self, plateforme: &str, annee: AnneeScolaire) -> Result<Arc<Cle>, TrousseauErreur> {
        let mut memoire = self.memoire.write().unwrap_or_else(PoisonError::into_inner);
        let cles = memoire.entry(annee).or_default();
        if let Some(cle) = cles.get(plateforme) {
            return Ok(Arc::clone(cle));
        }
        let chemin = self.chemin(plateforme, annee);
        let octets = match lire(&chemin)? {
            Some((octets, lue)) if lue == plateforme => octets,
            Some(_) => return Err(TrousseauErreur::Altere { chemin }),
            None => self.creer(&chemin, plateforme)?,
        };
        // A key that another process has just linked may not be durable yet.
        synchroniser_dossier(&self.dossier).map_err(|source| disque(&self.dossier, source))?;
        let cle = Arc::new(Cle::nouvelle(&octets));
        cles.insert(plateforme.into(), Arc::clone(&cle));
        Ok(cle)
    }

    fn creer(&self, chemin: &Path, plateforme: &str) -> Result<[u8; OCTETS_CLE], TrousseauErreur> {
        let mut octets = [0; OCTETS_CLE];
        getrandom::fill(&mut octets).map_err(TrousseauErreur::Alea)?;
        for _ in 0..ESSAIS {
            let cachee = self.dossier.join(nom_cache(EN_COURS)?);
            ecrire(&cachee, &octets, plateforme).map_err(|source| disque(&cachee, source))?;
            let lien = fs::hard_link(&cachee, chemin);
            match fs::remove_file(&cachee) {
                Err(erreur) if erreur.kind() != io::ErrorKind::NotFound => {
                    return Err(disque(&cachee, erreur));
                }
                _ => {}
            }
            match lien {
                Ok(()) => return Ok(octets),
                Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => {}
                Err(erreur) if erreur.kind() == io::ErrorKind::AlreadyExists => {
                    if let Some((gagnante, _)) = lire(chemin)? {
                        return Ok(gagnante);
                    }
                }
                Err(erreur) => return Err(disque(chemin, erreur)),
            }
        }
        Err(disque(chemin, io::ErrorKind::ResourceBusy.into()))
    }

    /// Removes what a stopped process left half done, so that no copy of a key outlives it.
    fn balayer(&self) -> Result<(), TrousseauErreur> {
        for nom in self.noms()? {
            let chemin = self.dossier.join(&nom);
            let issue = if nom.starts_with(DETRUITE) {
                effacer(&chemin).and_then(|()| fs::remove_file(&chemin))
            } else if nom.starts_with(EN_COURS) {
                fs::remove_file(&chemin)
            } else {
                continue;
            };
            match issue {
                Err(erreur) if erreur.kind() != io::ErrorKind::NotFound => {
                    return Err(disque(&chemin, erreur));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn noms(&self) -> Result<Vec<String>, TrousseauErreur> {
        let lister = || {
            fs::read_dir(&self.dossier)?
                .map(|entree| Ok(entree?.file_name().to_string_lossy().into_owned()))
                .collect::<io::Result<Vec<_>>>()
        };
        lister().map_err(|source| disque(&self.dossier, source))
    }

    fn chemin(&self, plateforme: &str, annee: AnneeScolaire) -> PathBuf {
        let condense = Sha256::digest(plateforme.as_bytes());
        let condense = hexadecimal(&condense[..16]);
        self.dossier.join(format!("{annee}-{condense}{EXTENSION}"))
    }
}

impl Trousseau for TrousseauDisque {
    fn cle(&self, plateforme: &str, annee: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        if let Some(cle) = self.en_memoire(plateforme, annee) {
            return Ok(cle);
        }
        self.charger(plateforme, annee)
            .map_err(|erreur| CleIndisponible {
                annee,
                cause: erreur.to_string(),
            })
    }
}

fn disque(chemin: &Path, source: io::Error) -> TrousseauErreur {
    TrousseauErreur::Disque {
        chemin: chemin.to_owned(),
        source,
    }
}

fn refuser_si_ouvert(
    chemin: &Path,
    etat: &fs::Metadata,
    attendu: u32,
) -> Result<(), TrousseauErreur> {
    let mode = etat.mode() & 0o777;
    if mode & OUVERT_AUX_AUTRES == 0 {
        return Ok(());
    }
    Err(TrousseauErreur::Droits {
        chemin: chemin.to_owned(),
        mode,
        attendu,
    })
}

fn annee_du_nom(nom: &str) -> Option<AnneeScolaire> {
    nom.strip_suffix(EXTENSION)?.get(..9)?.parse().ok()
}

/// The key and the platform in a file, or nothing when there is no such file.
fn lire(chemin: &Path) -> Result<Option<([u8; OCTETS_CLE], String)>, TrousseauErreur> {
    let mut fichier = match File::open(chemin) {
        Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => return Ok(None),
        autre => autre.map_err(|source| disque(chemin, source))?,
    };
    let etat = fichier
        .metadata()
        .map_err(|source| disque(chemin, source))?;
    refuser_si_ouvert(chemin, &etat, 0o600)?;
    let mut contenu = Vec::new();
    fichier
        .read_to_end(&mut contenu)
        .map_err(|source| disque(chemin, source))?;
    let altere = || TrousseauErreur::Altere {
        chemin: chemin.to_owned(),
    };
    let (cle, plateforme) = contenu
        .split_first_chunk::<OCTETS_CLE>()
        .ok_or_else(altere)?;
    if *cle == [0; OCTETS_CLE] {
        return Err(altere());
    }
    let plateforme = String::from_utf8(plateforme.to_vec()).map_err(|_| altere())?;
    Ok(Some((*cle, plateforme)))
}

fn ecrire(chemin: &Path, cle: &[u8; OCTETS_CLE], plateforme: &str) -> io::Result<()> {
    let mut fichier = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(chemin)?;
    fichier.write_all(cle)?;
    fichier.write_all(plateforme.as_bytes())?;
    fichier.sync_all()
}

fn effacer(chemin: &Path) -> io::Result<()> {
    let mut fichier = OpenOptions::new().write(true).open(chemin)?;
    fichier.write_all(&[0; OCTETS_CLE])?;
    fichier.sync_all()
}

fn nom_cache(prefixe: &str) -> Result<String, TrousseauErreur> {
    let mut alea = [0; 8];
    getrandom::fill(&mut alea).map_err(TrousseauErreur::Alea)?;
    Ok(format!("{prefixe}{}", hexadecimal(&alea)))
}

#[cfg(test)]
#[path = "trousseau_tests.rs"]
mod tests;
