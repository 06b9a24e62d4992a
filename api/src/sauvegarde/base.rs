//! The database of a server, as a text in the archive: it is read again into any database that this
//! program keeps, PostgreSQL or SQLite.
//!
//! One line of JSON begins a table, with its columns and their types; the others are its rows. All of
//! it is read in one transaction, and written in one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use frequent_plan::hexadecimal::{self, hexadecimal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow, AnyTypeInfoKind};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Column, Database, Row, ValueRef};

use super::SauvegardeErreur;
use crate::base::Base;

/// Every table, each after those that it refers to, and in which order its rows are.
pub(super) const TABLES: [(&str, &str); 28] = [
    ("comptes", "identifiant"),
    ("perimetres", "cree_le, id"),
    ("comptes_territoires", "identifiant"),
    ("comptes_plateformes", "identifiant"),
    ("perimetres_territoires", "perimetre"),
    ("perimetres_ecoles", "perimetre"),
    ("comptes_perimetres", "identifiant"),
    ("sessions", "numero"),
    ("invitations", "identifiant"),
    ("codes", "identifiant"),
    ("codes_secours", "identifiant"),
    ("jetons", "id"),
    ("jetons_territoires", "jeton"),
    ("jetons_ecoles", "jeton"),
    ("identites_externes", "identifiant"),
    ("departs_oidc", "expire_le"),
    ("audit", "rang"),
    ("audit_lectures", "jour"),
    ("audit_ancre", "rang"),
    ("conventions", "reference"),
    ("conventions_ecoles", "reference"),
    ("conventions_reconductions", "reference"),
    ("conventions_retraits", "reference"),
    ("conventions_revision", "numero"),
    ("incidents", "id"),
    ("suivi", "id"),
    ("vues", "compte, uai"),
    ("rapports", "id"),
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Sorte {
    Texte,
    Entier,
    Octets,
}

/// The line that begins a table.
#[derive(Debug, Serialize, Deserialize)]
struct Entete {
    table: String,
    colonnes: Vec<(String, Sorte)>,
}

/// Writes the whole database into a new file that only its owner may read.
pub(super) async fn ecrire(base: &Base, chemin: &Path) -> Result<(), SauvegardeErreur> {
    let sur = |source| SauvegardeErreur::disque(chemin, source);
    let fichier = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(chemin)
        .map_err(sur)?;
    let mut sortie = BufWriter::new(fichier);
    let mut vue = base
        .pool()
        .begin_with("begin isolation level repeatable read read only")
        .await?;
    for (table, ordre) in TABLES {
        let lecture = AssertSqlSafe(format!("select * from {table} order by {ordre}"));
        let lignes = sqlx::query(lecture).fetch_all(&mut *vue).await?;
        let Some(premiere) = lignes.first() else {
            continue;
        };
        let colonnes: Vec<(String, Sorte)> = premiere.columns().iter().map(colonne).collect();
        let valeurs: Vec<Vec<Value>> = lignes
            .iter()
            .map(|ligne| valeurs(ligne, &colonnes))
            .collect::<Result<_, _>>()?;
        let entete = Entete {
            table: table.to_owned(),
            colonnes,
        };
        noter(&mut sortie, &entete).map_err(sur)?;
        for ligne in valeurs {
            noter(&mut sortie, &ligne).map_err(sur)?;
        }
    }
    sortie.flush().map_err(sur)?;
    sortie.get_ref().sync_all().map_err(sur)
}

fn noter(sortie: &mut impl Write, ligne: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *sortie, ligne)?;
    sortie.write_all(b"\n")
}

fn colonne(colonne: &<Any as Database>::Column) -> (String, Sorte) {
    let sorte = match colonne.type_info().kind() {
        AnyTypeInfoKind::Blob => Sorte::Octets,
        AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
            Sorte::Entier
        }
        _ => Sorte::Texte,
    };
    (colonne.name().to_owned(), sorte)
}

fn valeurs(ligne: &AnyRow, colonnes: &[(String, Sorte)]) -> Result<Vec<Value>, sqlx::Error> {
    let lire = |(rang, (_, sorte)): (usize, &(String, Sorte))| {
        if ligne.try_get_raw(rang)?.is_null() {
            return Ok(Value::Null);
        }
        Ok(match sorte {
            Sorte::Texte => ligne.try_get::<String, _>(rang)?.into(),
            Sorte::Entier => ligne.try_get::<i64, _>(rang)?.into(),
            Sorte::Octets => hexadecimal(&ligne.try_get::<Vec<u8>, _>(rang)?).into(),
        })
    };
    colonnes.iter().enumerate().map(lire).collect()
}

/// Whether nothing was ever written in a database.
///
/// # Errors
/// The database refuses.
pub async fn est_neuve(base: &Base) -> Result<bool, SauvegardeErreur> {
    let ecrites: i64 = sqlx::query_scalar(
        "select (select count(*) from comptes) + (select count(*) from audit)
              + (select count(*) from conventions)",
    )
    .fetch_one(base.pool())
    .await?;
    Ok(ecrites == 0)
}

/// Reads into a database that is new what [`ecrire`] wrote: all of it or nothing.
///
/// # Errors
/// The file is not what was written, the database is not new, or it refuses.
pub async fn charger(base: &Base, chemin: &Path) -> Result<(), SauvegardeErreur> {
    let sur = |source| SauvegardeErreur::disque(chemin, source);
    if !est_neuve(base).await? {
        return Err(SauvegardeErreur::BaseServie);
    }
    let texte = BufReader::new(File::open(chemin).map_err(sur)?);
    let alteree = |faute: serde_json::Error| SauvegardeErreur::Alteree(format!("base : {faute}"));
    let mut transaction = base.ecrire().await?;
    sqlx::query("delete from conventions_revision")
        .execute(&mut *transaction)
        .await?;
    let mut courante: Option<(String, Vec<Sorte>)> = None;
    for ligne in texte.lines() {
        let ligne = ligne.map_err(sur)?;
        if ligne.starts_with('{') {
            courante = Some(ouvrir(serde_json::from_str(&ligne).map_err(alteree)?)?);
            continue;
        }
        let valeurs: Vec<Value> = serde_json::from_str(&ligne).map_err(alteree)?;
        let (ajout, sortes) = courante.as_ref().ok_or_else(|| malformee("sans table"))?;
        ajouter(&mut transaction, ajout, sortes, valeurs).await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn malformee(quoi: &str) -> SauvegardeErreur {
    SauvegardeErreur::Alteree(format!("base : {quoi}"))
}

/// How a row of a table is added. Names are checked: they become a part of the order.
fn ouvrir(entete: Entete) -> Result<(String, Vec<Sorte>), SauvegardeErreur> {
    let simple = |nom: &str| nom.bytes().all(|o| o.is_ascii_lowercase() || o == b'_');
    let connue = TABLES.iter().any(|(nom, _)| *nom == entete.table);
    if !connue || !entete.colonnes.iter().all(|(nom, _)| simple(nom)) {
        return Err(malformee("table ou colonne inconnue"));
    }
    let (noms, sortes): (Vec<String>, Vec<Sorte>) = entete.colonnes.into_iter().unzip();
    let places: Vec<String> = (1..=noms.len()).map(|rang| format!("${rang}")).collect();
    let ajout = format!(
        "insert into {} ({}) values ({})",
        entete.table,
        noms.join(", "),
        places.join(", ")
    );
    Ok((ajout, sortes))
}

async fn ajouter(
    base: &mut AnyConnection,
    ajout: &str,
    sortes: &[Sorte],
    valeurs: Vec<Value>,
) -> Result<(), SauvegardeErreur> {
    if valeurs.len() != sortes.len() {
        return Err(malformee("ligne incomplète"));
    }
    let mut demande = sqlx::query(AssertSqlSafe(ajout.to_owned()));
    for (sorte, valeur) in sortes.iter().zip(valeurs) {
        demande = lier(demande, *sorte, valeur)?;
    }
    demande.execute(base).await?;
    Ok(())
}

type Demande<'q> = Query<'q, Any, AnyArguments>;

fn lier(
    demande: Demande<'_>,
    sorte: Sorte,
    valeur: Value,
) -> Result<Demande<'_>, SauvegardeErreur> {
    let inattendue = || malformee("valeur d’un autre type");
    Ok(match (sorte, valeur) {
        (Sorte::Texte, Value::Null) => demande.bind(None::<String>),
        (Sorte::Entier, Value::Null) => demande.bind(None::<i64>),
        (Sorte::Octets, Value::Null) => demande.bind(None::<Vec<u8>>),
        (Sorte::Texte, Value::String(texte)) => demande.bind(texte),
        (Sorte::Entier, Value::Number(nombre)) => {
            demande.bind(nombre.as_i64().ok_or_else(inattendue)?)
        }
        (Sorte::Octets, Value::String(hexa)) => {
            demande.bind(hexadecimal::lire(hexa.as_bytes()).ok_or_else(inattendue)?)
        }
        _ => return Err(inattendue()),
    })
}

#[cfg(test)]
#[path = "base_tests.rs"]
mod tests;
