//! The key under which joining identifiers are hashed: 256 random bits in a file that only this
//! program's user reads, made once.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};

use frequent_plan::{Cle, Lac};

use super::erreur::AafErreur;

const NOM: &str = "aaf.jointures";
const OUVERT_AUX_AUTRES: u32 = 0o077;

/// The key of this instance, made if there is none.
pub(crate) fn ouvrir(lac: &Lac) -> Result<Cle, AafErreur> {
    let dossier = lac.cles();
    let chemin = dossier.join(NOM);
    let faute = |source| AafErreur::Cle {
        chemin: chemin.clone(),
        source,
    };
    if !dossier.is_dir() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&dossier)
            .map_err(faute)?;
    }
    if !chemin.exists() {
        creer(lac).map_err(faute)?;
    }
    lire(lac).map_err(faute)
}

/// Through a hidden file linked to its name: nobody ever sees half a key.
fn creer(lac: &Lac) -> io::Result<()> {
    let mut octets = [0; 32];
    getrandom::fill(&mut octets).map_err(io::Error::other)?;
    let cache = lac
        .cles()
        .join(format!(".en-cours-aaf-{}", std::process::id()));
    let mut fichier = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&cache)?;
    fichier.write_all(&octets)?;
    fichier.sync_all()?;
    let lie = fs::hard_link(&cache, lac.cles().join(NOM));
    fs::remove_file(&cache)?;
    match lie {
        Err(faute) if faute.kind() != io::ErrorKind::AlreadyExists => return Err(faute),
        _ => {}
    }
    File::open(lac.cles())?.sync_all()
}

fn lire(lac: &Lac) -> io::Result<Cle> {
    let mut fichier = File::open(lac.cles().join(NOM))?;
    if fichier.metadata()?.mode() & OUVERT_AUX_AUTRES != 0 {
        return Err(io::Error::other("droits ouverts à d’autres, attendus 600"));
    }
    let mut octets = [0; 33];
    let mut lus = 0;
    while lus < octets.len() {
        match fichier.read(&mut octets[lus..])? {
            0 => break,
            nombre => lus += nombre,
        }
    }
    match octets.first_chunk() {
        Some(cle) if lus == 32 => Ok(Cle::nouvelle(cle)),
        _ => Err(io::Error::other("fichier de clé altéré")),
    }
}
