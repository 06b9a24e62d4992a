//! Making a backup.
//!
//! The server goes on: the log is copied before the events that it becomes, imports before what they
//! brought, keys after the rows made with them, and the register of destructions last, so that what
//! an archive holds is never missing something that it needs. Counting waits meanwhile.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use frequent_aggregate::conservation::tenir;
use frequent_plan::{Instant, Lac};
use sha2::{Digest, Sha256};

use super::base::ecrire as copie_de_base;
use super::{COPIE_DE_BASE, Contenu, FORMAT, MANIFESTE, Manifeste, SauvegardeErreur, Secret};
use crate::base::{Base, Dialecte};
use crate::conservation::ConservationErreur;
use frequent_plan::hexadecimal::hexadecimal;

/// Times a folder is listed again because a file of it was replaced.
const REPRISES: usize = 20;

/// Backs a data folder up into a new file, with the database: the file of SQLite, or what a server
/// holds as a text. Gives what the archive holds.
///
/// # Errors
/// Something cannot be read or written; no archive is left.
pub async fn sauvegarder(
    lac: &Lac,
    base: &Base,
    secret: &Secret,
    archive: &Path,
) -> Result<Manifeste, SauvegardeErreur> {
    let sur = |source| SauvegardeErreur::disque(archive, source);
    let dossier = archive.parent().filter(|p| !p.as_os_str().is_empty());
    let dossier = dossier.unwrap_or(Path::new("."));
    if archive.exists() {
        return Err(sur(io::ErrorKind::AlreadyExists.into()));
    }
    let copie = tempfile::Builder::new()
        .prefix(".sauvegarde-")
        .tempdir_in(lac.racine())
        .map_err(|source| SauvegardeErreur::disque(lac.racine(), source))?;
    let comptes = match base.dialecte() {
        Dialecte::Sqlite => {
            let chemin = copie.path().join("comptes.sqlite");
            sqlx::query("VACUUM INTO $1")
                .bind(chemin.display().to_string())
                .execute(base.pool())
                .await?;
            chemin
        }
        Dialecte::Postgres => {
            let chemin = copie.path().join(COPIE_DE_BASE);
            copie_de_base(base, &chemin).await?;
            chemin
        }
    };
    let provisoire = tempfile::NamedTempFile::new_in(dossier).map_err(sur)?;
    let sortie = File::options()
        .write(true)
        .mode(0o600)
        .open(provisoire.path())
        .map_err(sur)?;
    let manifeste = ecrire(lac, &comptes, secret, sortie)?;
    provisoire
        .persist_noclobber(archive)
        .map_err(|faute| sur(faute.error))?;
    File::open(dossier)
        .and_then(|d| d.sync_all())
        .map_err(sur)?;
    Ok(manifeste)
}

fn ecrire(
    lac: &Lac,
    base: &Path,
    secret: &Secret,
    sortie: File,
) -> Result<Manifeste, SauvegardeErreur> {
    let chiffreur = match secret {
        Secret::Phrase(phrase) => age::Encryptor::with_user_passphrase(phrase.clone()),
        Secret::Destinataires(cles) => {
            let cles = cles.iter().map(|cle| cle as &dyn age::Recipient);
            age::Encryptor::with_recipients(cles).map_err(SauvegardeErreur::Fermeture)?
        }
        Secret::Identites(_) => return Err(SauvegardeErreur::MauvaisSens),
    };
    let sur = |source| SauvegardeErreur::disque(Path::new("archive"), source);
    let flux = chiffreur
        .wrap_output(io::BufWriter::new(sortie))
        .map_err(sur)?;
    let mut archive = Archive {
        racine: lac.racine(),
        tar: tar::Builder::new(flux),
        fichiers: BTreeMap::new(),
    };
    let fait_a = Instant::maintenant().timestamp().to_string();
    let _verrou = tenir(lac).map_err(ConservationErreur::from)?;
    archive.dossier(&lac.journal())?;
    archive.dossier(&lac.imports())?;
    let nom = base.file_name().unwrap_or_default();
    archive.fichier(base, &nom.to_string_lossy())?;
    archive.dossier(&lac.lake())?;
    for reste in archive.reste(lac)? {
        archive.dossier(&reste)?;
    }
    archive.dossier(&lac.cles())?;
    archive.dossier(&lac.destructions())?;
    let manifeste = Manifeste {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        fait_a,
        fichiers: archive.fichiers,
    };
    let texte = serde_json::to_vec(&manifeste).map_err(|faute| sur(faute.into()))?;
    let mut entete = tete(texte.len() as u64);
    let finir = || -> io::Result<()> {
        archive
            .tar
            .append_data(&mut entete, MANIFESTE, texte.as_slice())?;
        let mut sortie = archive.tar.into_inner()?.finish()?;
        sortie.flush()?;
        sortie.get_ref().sync_all()
    };
    finir().map_err(sur)?;
    Ok(manifeste)
}

fn tete(octets: u64) -> tar::Header {
    let mut tete = tar::Header::new_gnu();
    tete.set_size(octets);
    tete.set_mode(0o600);
    tete
}

struct Archive<'l, W: Write> {
    racine: &'l Path,
    tar: tar::Builder<W>,
    fichiers: BTreeMap<String, Contenu>,
}

impl<W: Write> Archive<'_, W> {
    /// The folders of the data folder that nobody has named, and the files beside them.
    fn reste(&self, lac: &Lac) -> Result<Vec<PathBuf>, SauvegardeErreur> {
        let comptes = lac.comptes();
        let nommes = [
            lac.journal(),
            lac.imports(),
            lac.lake(),
            lac.cles(),
            lac.destructions(),
        ];
        let visibles = visibles(self.racine)?.into_iter();
        Ok(visibles
            .filter(|chemin| !nommes.contains(chemin))
            .filter(|chemin| !commence_par(chemin, &comptes))
            .collect())
    }

    /// A folder and all under it, or a file. A file that is gone was replaced: its folder is listed
    /// again.
    fn dossier(&mut self, dossier: &Path) -> Result<(), SauvegardeErreur> {
        if dossier.is_file() {
            let nom = self.nom(dossier);
            return self.fichier(dossier, &nom);
        }
        for _ in 0..REPRISES {
            let mut entier = true;
            for chemin in visibles(dossier)? {
                if chemin.is_dir() {
                    self.dossier(&chemin)?;
                    continue;
                }
                let nom = self.nom(&chemin);
                if self.fichiers.contains_key(&nom) {
                    continue;
                }
                match self.fichier(&chemin, &nom) {
                    Err(SauvegardeErreur::Disque { source, .. })
                        if source.kind() == io::ErrorKind::NotFound =>
                    {
                        entier = false;
                    }
                    autre => autre?,
                }
            }
            if entier {
                return Ok(());
            }
        }
        Err(SauvegardeErreur::disque(
            dossier,
            io::ErrorKind::ResourceBusy.into(),
        ))
    }

    fn nom(&self, chemin: &Path) -> String {
        let relatif = chemin.strip_prefix(self.racine).unwrap_or(chemin);
        relatif.display().to_string()
    }

    /// A file, as long as it is when it is opened: one that grows is cut there.
    fn fichier(&mut self, chemin: &Path, nom: &str) -> Result<(), SauvegardeErreur> {
        let sur = |source| SauvegardeErreur::disque(chemin, source);
        let fichier = File::open(chemin).map_err(sur)?;
        let octets = fichier.metadata().map_err(sur)?.len();
        let mut lu = Condense {
            source: fichier.take(octets),
            condense: Sha256::new(),
        };
        self.tar
            .append_data(&mut tete(octets), nom, &mut lu)
            .map_err(sur)?;
        let contenu = Contenu {
            octets,
            sha256: hexadecimal(&lu.condense.finalize()),
        };
        self.fichiers.insert(nom.to_owned(), contenu);
        Ok(())
    }
}

/// SQLite's own files beside the database's.
fn commence_par(chemin: &Path, comptes: &Path) -> bool {
    let nom = |chemin: &Path| chemin.file_name().map(|n| n.as_encoded_bytes().to_vec());
    match (nom(chemin), nom(comptes)) {
        (Some(nom), Some(debut)) => nom.starts_with(&debut),
        _ => false,
    }
}

/// What a folder holds that is finished, in order; nothing if there is no such folder.
fn visibles(dossier: &Path) -> Result<Vec<PathBuf>, SauvegardeErreur> {
    let liste = match fs::read_dir(dossier) {
        Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        autre => autre.map_err(|faute| SauvegardeErreur::disque(dossier, faute))?,
    };
    let mut chemins = Vec::new();
    for entree in liste {
        let entree = entree.map_err(|faute| SauvegardeErreur::disque(dossier, faute))?;
        if !entree.file_name().as_encoded_bytes().starts_with(b".") {
            chemins.push(entree.path());
        }
    }
    chemins.sort_unstable();
    Ok(chemins)
}

struct Condense<R> {
    source: R,
    condense: Sha256,
}

impl<R: Read> Read for Condense<R> {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        let lus = self.source.read(octets)?;
        self.condense.update(&octets[..lus]);
        Ok(lus)
    }
}
