//! Taking the rows of some schools out of presence and, if asked, out of the cells of the schools.
//!
//! A file is written again beside itself without these rows, in the same order, with the same
//! metadata and a checksum of its own, then takes the place and **the name** of the one it was made
//! from: what counts as up to date is told from names, so nothing is counted again, and the figures
//! of territories stay. Killed at any point, a file is as before or as after; what is left to do is
//! found by looking for the rows.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use frequent_plan::conservation::Retranchement;
use frequent_plan::ecoles_gardees;
use frequent_plan::hexadecimal::hexadecimal;
use frequent_plan::lac::{schema_cumuls, schema_presence};
use frequent_plan::{Grain, Jour, Lac, Niveau, Periode, Uai};
use sha2::{Digest, Sha256};

use super::registre::DestructionEcoles;
use crate::ecriture::Ebauche;
use crate::erreur::Erreur;
use crate::ouvrage::{TRI_CUMULS, TRI_PRESENCE};
use crate::presence::NumeroUai;
use crate::publication::jours_de;
use crate::relecture::{COLONNES_CUMULS, borne};
use crate::triee::{Page, TableTriee};

const COLONNES_PRESENCE: [&str; 11] = [
    "uai",
    "profil",
    "visiteur",
    "services",
    "types",
    "appareils",
    "os",
    "navigateurs",
    "heures",
    "tranches",
    "outils",
];

/// Who is told of a file about to be replaced; what it refuses stops everything.
pub type Suivi<'s> = dyn FnMut(Retranchement) -> std::io::Result<()> + 's;

/// A table whose first column names the school.
struct Table {
    nom: &'static str,
    schema: SchemaRef,
    tri: &'static [&'static str],
    colonnes: &'static [&'static str],
}

fn presence() -> Table {
    Table {
        nom: "presence",
        schema: schema_presence(),
        tri: &TRI_PRESENCE,
        colonnes: &COLONNES_PRESENCE,
    }
}

fn cumuls() -> Table {
    Table {
        nom: "cumuls",
        schema: schema_cumuls(),
        tri: &TRI_CUMULS,
        colonnes: &COLONNES_CUMULS,
    }
}

/// The days up to `au` on which someone was seen in these schools.
///
/// # Errors
/// A file of presence cannot be read.
pub fn jours_de_presence(
    lac: &Lac,
    ecoles: &BTreeSet<Uai>,
    au: Jour,
) -> Result<BTreeSet<Jour>, Erreur> {
    let mut jours = BTreeSet::new();
    for jour in jours_de(&lac.presence(), "jour=")? {
        let dossier = lac.presence_de(Periode::contenant(Grain::Jour, jour));
        if jour <= au
            && let Some(table) = TableTriee::courante(&dossier)?
            && lignes(&presence(), &table, ecoles)? > 0
        {
            jours.insert(jour);
        }
    }
    Ok(jours)
}

/// Takes the rows of these schools out of the presence of every period that began by the last day
/// concerned, and out of the schools' cells if these are to go.
///
/// # Errors
/// A file cannot be read or written; those before it are done.
pub fn retrancher(
    lac: &Lac,
    destruction: &DestructionEcoles,
    suivi: &mut Suivi<'_>,
) -> Result<(), Erreur> {
    for (table, dossier) in dossiers(lac, destruction)? {
        if let Some(ouverte) = TableTriee::courante(&dossier)? {
            retrancher_de(lac, &table, &ouverte, &destruction.ecoles, suivi)?;
        }
    }
    Ok(())
}

fn dossiers(lac: &Lac, destruction: &DestructionEcoles) -> Result<Vec<(Table, PathBuf)>, Erreur> {
    let mut dossiers = Vec::new();
    for &grain in Grain::TOUS {
        for debut in jours_de(&lac.presence(), &format!("{grain}="))? {
            if debut <= destruction.au {
                let periode = Periode::contenant(grain, debut);
                dossiers.push((presence(), lac.presence_de(periode)));
            }
        }
        if !destruction.cumuls {
            continue;
        }
        for debut in jours_de(&lac.cumuls(Niveau::Ecole, grain), "debut=")? {
            if debut <= destruction.au {
                let periode = Periode::contenant(grain, debut);
                dossiers.push((cumuls(), lac.cumuls_de(Niveau::Ecole, periode)));
            }
        }
    }
    Ok(dossiers)
}

/// How many rows of a table are of these schools.
fn lignes(table: &Table, ouverte: &TableTriee, ecoles: &BTreeSet<Uai>) -> Result<u64, Erreur> {
    let mut nombre = 0;
    let numeros: Vec<NumeroUai> = ecoles.iter().map(|uai| NumeroUai::from(*uai)).collect();
    let peut_en_avoir = |page: &Page| {
        let (min, max) = (borne(&page.min), borne(&page.max));
        numeros
            .iter()
            .any(|n| min.is_none_or(|min| min <= *n) && max.is_none_or(|max| *n <= max))
    };
    ouverte.lire(&table.colonnes[..1], peut_en_avoir, |lot| {
        nombre += gardees(ouverte.chemin(), lot, ecoles)?.false_count() as u64;
        Ok(())
    })?;
    Ok(nombre)
}

fn retrancher_de(
    lac: &Lac,
    table: &Table,
    ouverte: &TableTriee,
    ecoles: &BTreeSet<Uai>,
    suivi: &mut Suivi<'_>,
) -> Result<(), Erreur> {
    let lignes = lignes(table, ouverte, ecoles)?;
    if lignes == 0 {
        return Ok(());
    }
    let chemin = ouverte.chemin();
    let dossier = chemin.parent().unwrap_or(lac.racine());
    let mut ebauches = [Ebauche::creer(dossier, &table.schema, table.tri)?];
    ouverte.lire(
        table.colonnes,
        |_| true,
        |lot| {
            let garde = filter_record_batch(lot, &gardees(chemin, lot, ecoles)?)
                .map_err(|faute| Erreur::parquet(chemin)(faute.into()))?;
            let groupe = ebauches[0].ajouter(garde);
            let groupes = groupe.into_iter().map(|groupe| (0, groupe)).collect();
            Ebauche::ecrire(&mut ebauches, groupes, NonZeroUsize::MIN)
        },
    )?;
    let reste = ebauches[0].reste();
    if reste.iter().any(|lot| lot.num_rows() > 0) {
        Ebauche::ecrire(&mut ebauches, vec![(0, reste)], NonZeroUsize::MIN)?;
    }
    let [ebauche] = ebauches;
    let ecrit = ebauche.fermer(&ouverte.metas())?;
    let relatif = chemin.strip_prefix(lac.racine()).unwrap_or(chemin);
    suivi(Retranchement {
        table: table.nom.to_owned(),
        fichier: relatif.display().to_string(),
        lignes,
        avant: empreinte(chemin)?,
        apres: empreinte(&ecrit)?,
    })
    .and_then(|()| fs::rename(&ecrit, chemin))
    .and_then(|()| File::open(dossier)?.sync_all())
    .map_err(Erreur::disque(chemin))
}

/// Which rows of a batch are not of these schools.
fn gardees(
    chemin: &Path,
    lot: &RecordBatch,
    ecoles: &BTreeSet<Uai>,
) -> Result<BooleanArray, Erreur> {
    ecoles_gardees::gardees(lot.column(0), ecoles)
        .ok_or_else(|| Erreur::table(chemin, "uai", "n’est pas une colonne de textes"))
}

/// SHA-256 of a file, in hexadecimal.
fn empreinte(chemin: &Path) -> Result<String, Erreur> {
    let octets = fs::read(chemin).map_err(Erreur::disque(chemin))?;
    Ok(hexadecimal(&Sha256::digest(&octets)))
}
