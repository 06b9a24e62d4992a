//! Destruction in the lake: what there is, what was destroyed, and how it goes.
//!
//! What is due is decided elsewhere, purely (`frequent_plan::conservation`). Here are the facts that
//! the decision needs ([`faits`]), the removal of a part of a table ([`detruire`]), the taking out
//! of some schools' rows ([`ecoles`]), and the register of it all ([`registre`]).

pub mod ecoles;
mod inventaire;
pub mod registre;
mod retrait;

use std::fs::File;

use frequent_plan::Lac;

use crate::agregation::chemin_verrou;
use crate::erreur::Erreur;

pub use inventaire::{Taille, faits, jours_disparus, mesurer};
pub use registre::{Acte, DestructionEcoles, Inscription, Registre};
pub use retrait::detruire;

/// Held while something is destroyed: nothing is counted meanwhile. A count in progress is waited
/// for.
///
/// # Errors
/// The disk refused.
pub fn tenir(lac: &Lac) -> Result<File, Erreur> {
    let dossier = lac.lake();
    std::fs::create_dir_all(&dossier).map_err(Erreur::disque(&dossier))?;
    let chemin = chemin_verrou(lac);
    let verrou = File::create(&chemin).map_err(Erreur::disque(&chemin))?;
    verrou.lock().map_err(Erreur::disque(&chemin))?;
    Ok(verrou)
}
