//! The schema, step by step: the same numbers in both dialects, in `api/migrations/`.
//!
//! A step that was released never changes (its checksum is kept in the database): a change is a new
//! step. Columns are `text`, `bigint` (`integer` in SQLite) and `bytea` (`blob`), nothing else, so
//! that one query reads both databases; its placeholders are `$1`, `$2`…

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::Dialecte;

/// A step: its number, its name, what to run.
pub(crate) type Pas = (i64, &'static str, &'static str);

macro_rules! pas {
    ($dialecte:literal, $numero:literal, $nom:literal, $fichier:literal) => {
        (
            $numero,
            $nom,
            include_str!(concat!("../../migrations/", $dialecte, "/", $fichier)),
        )
    };
}

/// SQLite's steps.
#[rustfmt::skip]
pub(crate) const SQLITE: &[Pas] = &[
    pas!("sqlite", 1, "comptes", "0001_comptes.sql"),
    pas!("sqlite", 2, "plateformes", "0002_plateformes.sql"),
    pas!("sqlite", 3, "lecture portable", "0003_lecture_portable.sql"),
    pas!("sqlite", 4, "roles et perimetres", "0004_roles_perimetres.sql"),
    pas!("sqlite", 5, "acces", "0005_acces.sql"),
    pas!("sqlite", 6, "audit", "0006_audit.sql"),
    pas!("sqlite", 10, "conventions", "0010_conventions.sql"),
    pas!("sqlite", 30, "identites", "0030_identites.sql"),
    pas!("sqlite", 41, "retraits", "0041_retraits.sql"),
    pas!("sqlite", 42, "durees", "0042_durees.sql"),
    pas!("sqlite", 43, "incidents", "0043_incidents.sql"),
    pas!("sqlite", 45, "accompagnement", "0045_accompagnement.sql"),
    pas!("sqlite", 50, "rapports", "0050_rapports.sql"),
    pas!("sqlite", 60, "remplacement des codes", "0060_remplacement_codes.sql"),
];

/// PostgreSQL's steps.
#[rustfmt::skip]
pub(crate) const POSTGRES: &[Pas] = &[
    pas!("postgres", 1, "comptes", "0001_comptes.sql"),
    pas!("postgres", 2, "plateformes", "0002_plateformes.sql"),
    pas!("postgres", 3, "lecture portable", "0003_lecture_portable.sql"),
    pas!("postgres", 4, "roles et perimetres", "0004_roles_perimetres.sql"),
    pas!("postgres", 5, "acces", "0005_acces.sql"),
    pas!("postgres", 6, "audit", "0006_audit.sql"),
    pas!("postgres", 10, "conventions", "0010_conventions.sql"),
    pas!("postgres", 30, "identites", "0030_identites.sql"),
    pas!("postgres", 41, "retraits", "0041_retraits.sql"),
    pas!("postgres", 42, "durees", "0042_durees.sql"),
    pas!("postgres", 43, "incidents", "0043_incidents.sql"),
    pas!("postgres", 45, "accompagnement", "0045_accompagnement.sql"),
    pas!("postgres", 50, "rapports", "0050_rapports.sql"),
    pas!("postgres", 60, "remplacement des codes", "0060_remplacement_codes.sql"),
];

/// What brings a database of this dialect up to date.
pub(super) fn migrateur(dialecte: Dialecte) -> Migrator {
    let pas = match dialecte {
        Dialecte::Sqlite => SQLITE,
        Dialecte::Postgres => POSTGRES,
    };
    de_pas(pas)
}

/// What takes these steps.
pub(crate) fn de_pas(pas: &[Pas]) -> Migrator {
    let migrations = pas.iter().map(|&(numero, nom, sql)| {
        let sql = sql.into_sql_str();
        Migration::new(numero, nom.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_take_the_same_steps() {
        let noms = |pas: &[Pas]| pas.iter().map(|p| (p.0, p.1)).collect::<Vec<_>>();
        assert_eq!(noms(SQLITE), noms(POSTGRES));
    }
}
