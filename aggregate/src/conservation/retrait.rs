//! The removal of a part of a table.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use frequent_plan::Lac;
use frequent_plan::conservation::{Echu, Objet};

use super::inventaire::{Taille, dossiers, fichiers, lister, mesurer};
use super::registre::{acte_de, inscrire};
use crate::erreur::Erreur;

/// Destroys a part of a table, durably: first its line in the register, then its files, then its
/// folder. Killed at any point, it is due again and goes on. Gives what it held.
///
/// # Errors
/// The disk refused.
pub fn detruire(lac: &Lac, echu: &Echu) -> Result<Taille, Erreur> {
    let taille = mesurer(lac, &echu.objet)?;
    let mesures = (taille.lignes, taille.octets);
    if let Some(acte) = acte_de(&echu.objet, (echu.regle, echu.echeance), mesures) {
        inscrire(lac, vec![acte])?;
    }
    if let Objet::Imports(_) = echu.objet {
        for chemin in fichiers(lac, &echu.objet)? {
            sauf_absent(fs::remove_file(&chemin)).map_err(Erreur::disque(&chemin))?;
        }
    }
    for dossier in dossiers(lac, &echu.objet) {
        retirer(&dossier).map_err(Erreur::disque(&dossier))?;
    }
    Ok(taille)
}

/// Removes the files of a folder, then the folder. One that is filled meanwhile stays, and is due
/// the next time.
fn retirer(dossier: &Path) -> io::Result<()> {
    for chemin in lister(dossier)? {
        sauf_absent(fs::remove_file(&chemin))?;
    }
    match fs::remove_dir(dossier) {
        Err(faute) if faute.kind() == io::ErrorKind::DirectoryNotEmpty => return Ok(()),
        issue => sauf_absent(issue)?,
    }
    match dossier.parent().map(File::open) {
        Some(Ok(parent)) => parent.sync_all(),
        _ => Ok(()),
    }
}

fn sauf_absent(issue: io::Result<()>) -> io::Result<()> {
    match issue {
        Err(faute) if faute.kind() != io::ErrorKind::NotFound => Err(faute),
        _ => Ok(()),
    }
}
