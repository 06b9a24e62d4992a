//! What there is in the lake, as the planning of destructions sees it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use frequent_plan::conservation::{Fait, Objet};
use frequent_plan::{Grain, Instant, Jour, Lac, Niveau, Periode};
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;

use super::registre::Registre;
use crate::agregation::evenements_du_jour;
use crate::erreur::Erreur;
use crate::publication::{Nom, entrees, jours_de};

/// How much something holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taille {
    /// Rows; files for what is no table.
    pub lignes: u64,
    /// Bytes.
    pub octets: u64,
}

/// Every part of every table of the lake, and the receipts.
///
/// # Errors
/// A folder cannot be listed.
pub fn faits(lac: &Lac) -> Result<Vec<Fait>, Erreur> {
    let mut faits = Vec::new();
    let pret = |objet| Fait { objet, pret: true };
    for jour in jours_de(&lac.evenements(), "jour=")? {
        if !est_vide(&lac.evenements_du(jour))? {
            let pret = est_compte(lac, jour)?;
            faits.push(Fait {
                objet: Objet::Evenements(jour),
                pret,
            });
        }
    }
    for &grain in Grain::TOUS {
        for debut in jours_de(&lac.presence(), &format!("{grain}="))? {
            let periode = Periode::contenant(grain, debut);
            if !est_vide(&lac.presence_de(periode))? {
                faits.push(pret(Objet::Presence(periode)));
            }
        }
        for debut in periodes_comptees(lac, grain)? {
            faits.push(pret(Objet::Cumuls(Periode::contenant(grain, debut))));
        }
    }
    let recus = jours_de(&lac.recus(), "jour=")?;
    faits.extend(recus.into_iter().map(|jour| pret(Objet::Recus(jour))));
    let qualite = jours_de(&lac.qualite(), "jour=")?;
    faits.extend(qualite.into_iter().map(|jour| pret(Objet::Qualite(jour))));
    let imports: BTreeSet<Jour> = imports(lac)?.into_iter().map(|(jour, _)| jour).collect();
    faits.extend(imports.into_iter().map(|jour| pret(Objet::Imports(jour))));
    Ok(faits)
}

/// What is known of each file imported, and the day it was written, in UTC.
fn imports(lac: &Lac) -> Result<Vec<(Jour, PathBuf)>, Erreur> {
    let dossier = lac.imports();
    let mut connus = Vec::new();
    for chemin in lister(&dossier).map_err(Erreur::disque(&dossier))? {
        if chemin.extension().is_none_or(|suite| suite != "json") {
            continue;
        }
        let ecrit = fs::metadata(&chemin).and_then(|etat| etat.modified());
        let ecrit = ecrit.map_err(Erreur::disque(&chemin))?;
        let depuis = ecrit.duration_since(UNIX_EPOCH).unwrap_or_default();
        let instant = Instant(i64::try_from(depuis.as_millis()).unwrap_or(i64::MAX));
        connus.push((instant.jour_utc(), chemin));
    }
    Ok(connus)
}

/// The files of a part of a table.
pub(super) fn fichiers(lac: &Lac, objet: &Objet) -> Result<Vec<PathBuf>, Erreur> {
    if let Objet::Imports(jour) = objet {
        let connus = imports(lac)?.into_iter().filter(|(ecrit, _)| ecrit == jour);
        return Ok(connus.map(|(_, chemin)| chemin).collect());
    }
    let mut fichiers = Vec::new();
    for dossier in dossiers(lac, objet) {
        fichiers.extend(lister(&dossier).map_err(Erreur::disque(&dossier))?);
    }
    Ok(fichiers)
}

fn periodes_comptees(lac: &Lac, grain: Grain) -> Result<BTreeSet<Jour>, Erreur> {
    let mut debuts = BTreeSet::new();
    for &niveau in Niveau::TOUS {
        debuts.extend(jours_de(&lac.cumuls(niveau, grain), "debut=")?);
    }
    Ok(debuts)
}

/// Whether the results of a day were made from the events that it has now.
fn est_compte(lac: &Lac, jour: Jour) -> Result<bool, Erreur> {
    let registre = Registre::lire(lac)?;
    let periode = Periode::contenant(Grain::Jour, jour);
    if registre.evenements_detruits(jour) || registre.fige(periode) {
        // They will never be counted.
        return Ok(true);
    }
    let dossier = lac.cumuls_de(Niveau::Ecole, periode);
    let nom = Nom::de_dossier(&dossier).map_err(Erreur::disque(&dossier))?;
    let marque = evenements_du_jour(lac, jour)?.map(|e| e.marque);
    Ok(nom.map(|n| n.source) == marque)
}

/// Days that have results and whose raw events are gone without having been destroyed: files were
/// lost, or taken.
///
/// # Errors
/// A folder or the register cannot be read.
pub fn jours_disparus(lac: &Lac) -> Result<Vec<Jour>, Erreur> {
    let registre = Registre::lire(lac)?;
    let mut disparus = Vec::new();
    for jour in jours_de(&lac.cumuls(Niveau::Ecole, Grain::Jour), "debut=")? {
        let periode = Periode::contenant(Grain::Jour, jour);
        let comptes = lac.cumuls_de(Niveau::Ecole, periode);
        let comptes = !entrees(&comptes)
            .map_err(Erreur::disque(&comptes))?
            .is_empty();
        let evenements = lac.evenements_du(jour);
        let sans = entrees(&evenements)
            .map_err(Erreur::disque(&evenements))?
            .is_empty();
        if comptes && sans && !registre.evenements_detruits(jour) && !registre.fige(periode) {
            disparus.push(jour);
        }
    }
    Ok(disparus)
}

/// The folders that hold nothing but a part of a table; none for a key, nor for imports.
pub(super) fn dossiers(lac: &Lac, objet: &Objet) -> Vec<PathBuf> {
    match objet {
        Objet::Evenements(jour) => vec![lac.evenements_du(*jour)],
        Objet::Presence(periode) => vec![lac.presence_de(*periode)],
        Objet::Cumuls(periode) => Niveau::TOUS
            .iter()
            .map(|&niveau| lac.cumuls_de(niveau, *periode))
            .collect(),
        Objet::Recus(jour) => vec![lac.recus_du(*jour)],
        Objet::Qualite(jour) => vec![lac.qualite_du(*jour)],
        Objet::Cle(..) | Objet::Imports(_) => Vec::new(),
    }
}

/// How much a part of a table holds.
///
/// # Errors
/// A folder cannot be read.
pub fn mesurer(lac: &Lac, objet: &Objet) -> Result<Taille, Erreur> {
    let mut taille = Taille::default();
    for chemin in fichiers(lac, objet)? {
        let etat = fs::metadata(&chemin).map_err(Erreur::disque(&chemin))?;
        taille.octets += etat.len();
        taille.lignes += lignes(&chemin);
    }
    Ok(taille)
}

/// The rows of a file; one for what is no table or cannot be read, which goes all the same.
fn lignes(chemin: &Path) -> u64 {
    let lecteur = File::open(chemin).map(SerializedFileReader::new);
    match lecteur {
        Ok(Ok(lecteur)) => {
            u64::try_from(lecteur.metadata().file_metadata().num_rows()).unwrap_or_default()
        }
        _ => 1,
    }
}

fn est_vide(dossier: &Path) -> Result<bool, Erreur> {
    Ok(lister(dossier).map_err(Erreur::disque(dossier))?.is_empty())
}

/// Every file of a folder, hidden ones too; none if there is no such folder.
pub(super) fn lister(dossier: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(dossier) {
        Err(faute) if faute.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        autre => autre?.map(|e| Ok(e?.path())).collect(),
    }
}
