//! `numero;uai`: the schools that a provider calls by numbers of its own.

use std::collections::BTreeMap;
use std::path::Path;

use frequent_plan::Uai;

use super::{Faute, Ligne, LigneRefusee, Lignes, ParCle, Tableau, TableauErreur};

const NUMERO: &str = "numero";
const UAI: &str = "uai";

/// The numbers of a file and their schools.
///
/// # Errors
/// The file cannot be read, or its first line is not `numero;uai`.
pub fn lire_etablissements(chemin: &Path) -> Result<Tableau<BTreeMap<String, Uai>>, TableauErreur> {
    let lignes = Lignes::lire(chemin, &[NUMERO, UAI], 2)?;
    let mut numeros = ParCle::new();
    for ligne in lignes.parcourir() {
        numeros.ajouter(&ligne, NUMERO, lire(&ligne));
    }
    Ok(numeros.finir())
}

fn lire(ligne: &Ligne<'_>) -> Result<(String, Uai), LigneRefusee> {
    let numero = ligne.libelle(NUMERO)?;
    let uai = ligne.libelle(UAI)?;
    let uai = Uai::lire(uai.as_bytes()).map_err(|faute| ligne.refuser(UAI, Faute::Uai(faute)))?;
    Ok((numero.to_owned(), uai))
}
