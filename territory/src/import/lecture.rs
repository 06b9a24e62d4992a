//! A directory file, read whole: its schools, and the lines and values it refuses.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use frequent_plan::{Jour, Niveau, Uai};
use rustc_hash::FxHashMap;

use crate::ecole::{CodeNom, Ecole};
use crate::lignes::{Lignes, en_utf8};

use super::ImportErreur;
use super::colonnes::{Colonne, Colonnes};
use super::ligne::{Faute, Ligne, LigneLue, lire_ligne};

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Lecture {
    /// Sorted by UAI.
    pub(super) ecoles: Vec<Ecole>,
    /// Lines of services that have no users of an ENT.
    pub(super) hors_champ: usize,
    /// Lines that could not be used.
    pub(super) refusees: Vec<Ligne>,
    /// Values that could not be used, in lines that were.
    pub(super) remarques: Vec<Ligne>,
    /// The latest update of a line.
    pub(super) derniere_maj: Option<Jour>,
}

/// Reads a file.
pub(super) fn lire(fichier: &Path) -> Result<Lecture, ImportErreur> {
    let octets = std::fs::read(fichier).map_err(|source| ImportErreur::Lecture {
        fichier: fichier.to_owned(),
        source,
    })?;
    let contenu = en_utf8(&octets);
    let mut lignes = Lignes::new(&contenu);
    let Some((_, entete)) = lignes.suivante(None) else {
        return Err(ImportErreur::Vide {
            fichier: fichier.to_owned(),
        });
    };
    let colonnes = Colonnes::reperer(&entete).map_err(|manquantes| ImportErreur::Colonnes {
        fichier: fichier.to_owned(),
        manquantes,
    })?;

    let mut lecture = Lecture::default();
    let mut services: FxHashMap<String, String> = FxHashMap::default();
    let mut premieres: FxHashMap<Uai, u64> = FxHashMap::default();
    while let Some((numero, ligne)) = lignes.suivante(Some(colonnes.nombre())) {
        let refusee = |champ, faute| Ligne {
            numero,
            champ,
            faute,
        };
        match lire_ligne(&colonnes, &ligne, numero, &mut lecture.remarques) {
            Err((champ, faute)) => lecture.refusees.push(refusee(champ, faute)),
            Ok(LigneLue::HorsChamp { uai, nom }) => {
                lecture.hors_champ += 1;
                services.insert(uai.to_string(), nom);
            }
            Ok(LigneLue::Ecole { ecole, maj }) => {
                lecture.derniere_maj = lecture.derniere_maj.max(maj);
                let premiere = *premieres.entry(ecole.uai).or_insert(numero);
                if premiere == numero {
                    lecture.ecoles.push(*ecole);
                } else {
                    let champ = Colonne::Uai.nom();
                    let faute = Faute::Doublon { premiere };
                    lecture.refusees.push(refusee(champ, faute));
                }
            }
        }
    }
    lecture.ecoles.sort_by_key(|ecole| ecole.uai);
    accorder_les_noms(&mut lecture.ecoles, &services);
    Ok(lecture)
}

/// Gives each territory one name, and keeps it once in memory: for a circonscription the name of its
/// own line, if the file has it; else the most frequent (then the first in the alphabet), since
/// lines do not all spell it alike; else its code.
fn accorder_les_noms(ecoles: &mut [Ecole], services: &FxHashMap<String, String>) {
    let mut noms: BTreeMap<(Niveau, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    for ecole in &*ecoles {
        for &niveau in Niveau::TOUS {
            if let Some(territoire) = ecole.territoire(niveau) {
                *noms
                    .entry((niveau, &territoire.code))
                    .or_default()
                    .entry(&territoire.nom)
                    .or_default() += 1;
            }
        }
    }
    let accordes: FxHashMap<(Niveau, String), Arc<CodeNom>> = noms
        .into_iter()
        .map(|((niveau, code), noms)| {
            let propre = services
                .get(code)
                .filter(|_| niveau == Niveau::Circonscription)
                .map(String::as_str);
            let nom = propre.or_else(|| le_plus_frequent(&noms));
            let nom = nom.unwrap_or(code).to_owned();
            let code = code.to_owned();
            ((niveau, code.clone()), Arc::new(CodeNom { code, nom }))
        })
        .collect();
    for ecole in ecoles {
        let renommer = |niveau, territoire: &mut Arc<CodeNom>| {
            if let Some(accorde) = accordes.get(&(niveau, territoire.code.clone())) {
                *territoire = Arc::clone(accorde);
            }
        };
        renommer(Niveau::Commune, &mut ecole.commune);
        renommer(Niveau::Departement, &mut ecole.departement);
        renommer(Niveau::Academie, &mut ecole.academie);
        renommer(Niveau::Region, &mut ecole.region);
        if let Some(circonscription) = &mut ecole.circonscription {
            renommer(Niveau::Circonscription, circonscription);
        }
    }
}

fn le_plus_frequent<'a>(noms: &BTreeMap<&'a str, usize>) -> Option<&'a str> {
    let donnes = noms.iter().filter(|(nom, _)| !nom.is_empty());
    let (nom, _) = donnes.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    Some(nom)
}
