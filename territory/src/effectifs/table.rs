//! The table of head counts: `aaf/effectifs.parquet`. A row without a person says how many have only
//! that school; the others each say that one who has several is there.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, AsArray, Date32Array, RecordBatch, StringArray, UInt32Array, UInt64Array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Field, Schema, UInt32Type, UInt64Type};
use frequent_plan::lac::{META_ENTREES, texte};
use frequent_plan::{Jour, Profil, Uai};
use parquet::arrow::ArrowWriter;

use crate::aaf::{colonne, ouvrir_table, reglages_table, textes};
use crate::tables::TableErreur;

/// The persons of a profile in a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Groupe {
    /// The last extraction that speaks of the school.
    pub(super) date: Jour,
    /// How many have only this school.
    pub(super) seuls: u32,
    /// Those who have others too.
    pub(super) partages: Vec<u64>,
}

impl Groupe {
    pub(super) fn vide(date: Jour) -> Self {
        Self {
            date,
            seuls: 0,
            partages: Vec::new(),
        }
    }
}

/// Head counts by profile and school.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// The states of the feeds that it was made from.
    pub(super) origine: String,
    pub(super) groupes: BTreeMap<(Profil, Uai), Groupe>,
}

impl Table {
    /// The persons of a profile in a school; none when no feed counts any.
    pub(super) fn groupe(&self, profil: Profil, uai: Uai) -> Option<&Groupe> {
        self.groupes.get(&(profil, uai))
    }
}

/// Writes the table, by profile then school.
pub(super) fn ecrire(sortie: impl Write + Send, table: &Table) -> Result<(), TableErreur> {
    let mut profils = Vec::new();
    let mut uais = Vec::new();
    let mut dates = Vec::new();
    let mut nombres = Vec::new();
    let mut personnes = Vec::new();
    for ((profil, uai), groupe) in &table.groupes {
        let lignes = std::iter::once((groupe.seuls, None))
            .chain(groupe.partages.iter().map(|personne| (1, Some(*personne))));
        for (nombre, personne) in lignes {
            profils.push(profil.code());
            uais.push(uai.as_str());
            dates.push(groupe.date.epoque());
            nombres.push(nombre);
            personnes.push(personne);
        }
    }
    let schema = Arc::new(Schema::new(vec![
        Field::new("profil", texte(), false),
        Field::new("uai", texte(), false),
        Field::new("date", DataType::Date32, false),
        Field::new("nombre", DataType::UInt32, false),
        Field::new("personne", DataType::UInt64, true),
    ]));
    let lot = RecordBatch::try_new(
        Arc::clone(&schema),
        vec![
            cast(&StringArray::from(profils), &texte())?,
            cast(&StringArray::from(uais), &texte())?,
            Arc::new(Date32Array::from(dates)),
            Arc::new(UInt32Array::from(nombres)),
            Arc::new(UInt64Array::from(personnes)),
        ],
    )?;
    let meta = [(META_ENTREES.to_owned(), table.origine.clone())];
    let mut ecrivain = ArrowWriter::try_new(sortie, schema, Some(reglages_table(&meta)))?;
    ecrivain.write(&lot)?;
    ecrivain.close()?;
    Ok(())
}

/// Reads the table back.
pub(super) fn lire(chemin: &Path) -> Result<Table, TableErreur> {
    let (meta, lots) = ouvrir_table(chemin)?;
    let origine = meta.into_iter().find(|(cle, _)| cle == META_ENTREES);
    let mut table = Table {
        origine: origine.map(|(_, valeur)| valeur).unwrap_or_default(),
        ..Table::default()
    };
    for lot in lots {
        let lot = lot?;
        let invalide = |colonne| TableErreur::Valeur {
            chemin: chemin.to_owned(),
            ligne: 0,
            colonne,
        };
        let profils = textes(&lot, chemin, "profil")?;
        let uais = textes(&lot, chemin, "uai")?;
        let dates = colonne(&lot, chemin, "date")?.as_primitive_opt::<Date32Type>();
        let dates = dates.ok_or_else(|| invalide("date"))?;
        let nombres = colonne(&lot, chemin, "nombre")?.as_primitive_opt::<UInt32Type>();
        let nombres = nombres.ok_or_else(|| invalide("nombre"))?;
        let personnes = colonne(&lot, chemin, "personne")?.as_primitive_opt::<UInt64Type>();
        let personnes = personnes.ok_or_else(|| invalide("personne"))?;
        for rang in 0..lot.num_rows() {
            let profil = Profil::de_code(profils.value(rang)).ok_or_else(|| invalide("profil"))?;
            let uai = uais.value(rang).parse().map_err(|_| invalide("uai"))?;
            let date = Jour::de_epoque(dates.value(rang));
            let groupe = table.groupes.entry((profil, uai));
            let groupe = groupe.or_insert_with(|| Groupe::vide(date));
            if personnes.is_valid(rang) {
                groupe.partages.push(personnes.value(rang));
            } else {
                groupe.seuls = nombres.value(rang);
            }
        }
    }
    Ok(table)
}
