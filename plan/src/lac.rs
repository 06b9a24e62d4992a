//! The lake: the schemas of its tables and every path in it. Those who write it and those who read
//! it meet here only.
//!
//! Texts are dictionary columns ([`texte`]); instants are UTC milliseconds. Each table is a folder
//! of Parquet files, zstd, whose names are derived from their inputs, so that a job done again
//! replaces its own output and a reader never sees half a job.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::jour::{Grain, Jour, Periode};
use crate::vocabulaire::Niveau;

/// Version of the schemas below, written in every file's metadata under [`META_SCHEMA`].
pub const VERSION_SCHEMA: &str = "1";
/// Metadata key: version of the schema.
pub const META_SCHEMA: &str = "frequent.schema";
/// Metadata key: the inputs a file was made from.
pub const META_ENTREES: &str = "frequent.entrees";
/// Metadata key: the directory version (its date of validity) that gave the territories.
pub const META_ANNUAIRE: &str = "frequent.annuaire";
/// Metadata key: the days a file covers, separated by commas.
pub const META_JOURS: &str = "frequent.jours";
/// Metadata key: how many events a day's results count, each identifier once.
pub const META_EVENEMENTS: &str = "frequent.evenements";
/// Metadata key: repeated rows dropped when the file was merged from others, one line a platform and
/// school (platform, school, number, separated by tabs).
pub const META_DOUBLONS: &str = "frequent.doublons";

/// The type of every text column.
#[must_use]
pub fn texte() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The type of every instant.
#[must_use]
pub fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))
}

fn colonne(nom: &str, type_: DataType) -> Field {
    Field::new(nom, type_, false)
}

/// `evenements/jour=D/`: raw events; sorted by (uai, profil, visiteur, client, ts, id) once
/// compacted.
#[must_use]
pub fn schema_evenements() -> SchemaRef {
    Arc::new(Schema::new(vec![
        colonne("id", DataType::FixedSizeBinary(16)),
        colonne("ts", instant()),
        colonne("heure", DataType::UInt8),
        colonne("uai", texte()),
        colonne("profil", texte()),
        colonne("visiteur", DataType::UInt64),
        colonne("client", DataType::UInt64),
        colonne("service", texte()),
        colonne("type", texte()),
        colonne("outil", texte()),
        colonne("appareil", texte()),
        colonne("os", texte()),
        colonne("navigateur", texte()),
        colonne("plateforme", texte()),
        colonne("projet", texte()),
        colonne("exploitant", texte()),
    ]))
}

/// `presence/jour=D/`: one row per (uai, profil, visiteur) seen that day; bit i of a set is member
/// i of the plan's list. Sorted by (uai, profil, visiteur).
#[must_use]
pub fn schema_presence() -> SchemaRef {
    let outils = DataType::List(Arc::new(colonne("item", texte())));
    Arc::new(Schema::new(vec![
        colonne("uai", texte()),
        colonne("profil", texte()),
        colonne("visiteur", DataType::UInt64),
        colonne("services", DataType::UInt32),
        colonne("types", DataType::UInt8),
        colonne("appareils", DataType::UInt8),
        colonne("os", DataType::UInt8),
        colonne("navigateurs", DataType::UInt16),
        colonne("heures", DataType::UInt32),
        colonne("tranches", DataType::UInt8),
        colonne("outils", outils),
    ]))
}

/// `cumuls/niveau=N/grain=G/debut=D/`: the published cells, four measures each. Sorted by (code,
/// axe, profil, membre) as texts.
#[must_use]
pub fn schema_cumuls() -> SchemaRef {
    Arc::new(Schema::new(vec![
        colonne("code", texte()),
        colonne("profil", texte()),
        colonne("axe", texte()),
        colonne("membre", texte()),
        colonne("visites", DataType::Int64),
        colonne("utilisateurs", DataType::Int64),
        colonne("duree_ms", DataType::Int64),
        colonne("evenements", DataType::Int64),
    ]))
}

/// `qualite/jour=D/`: tagging quality by day of receipt (Europe/Paris), in long form: one row a
/// figure, and readers sum over the files of a day.
///
/// `genre` and `emetteur` say who sent (`cle` and the key's name, `site` and its number,
/// `sites_inconnus`, `kafka` and the topic, `fichier` and the source), or `lac`, with no sender, for
/// what is counted in the landed events of the day. `plateforme` and `uai` are empty where they are
/// not known. `mesure` is a code, `champ` the field of a refusal, `exemple` a refused value of a
/// closed vocabulary; `dernier` is the last receipt that the row counts.
#[must_use]
pub fn schema_qualite() -> SchemaRef {
    Arc::new(Schema::new(vec![
        colonne("genre", texte()),
        colonne("emetteur", texte()),
        colonne("plateforme", texte()),
        colonne("uai", texte()),
        colonne("mesure", texte()),
        colonne("champ", texte()),
        colonne("exemple", texte()),
        colonne("nombre", DataType::Int64),
        colonne("dernier", instant()),
    ]))
}

/// The data folder, and where everything in it is. The only maker of paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lac {
    racine: PathBuf,
}

impl Lac {
    /// The data folder at this path.
    #[must_use]
    pub fn new(racine: impl Into<PathBuf>) -> Self {
        Self {
            racine: racine.into(),
        }
    }

    /// The data folder itself.
    #[must_use]
    pub fn racine(&self) -> &Path {
        &self.racine
    }

    /// The lake's tables.
    #[must_use]
    pub fn lake(&self) -> PathBuf {
        self.racine.join("lake")
    }

    /// Raw events of every day: folders `jour=D`.
    #[must_use]
    pub fn evenements(&self) -> PathBuf {
        self.lake().join("evenements")
    }

    /// Raw events of a day.
    #[must_use]
    pub fn evenements_du(&self, jour: Jour) -> PathBuf {
        self.evenements().join(format!("jour={jour}"))
    }

    /// Presence of every period: folders `jour=D`, `semaine=D`, `mois=D`, `annee=D`.
    #[must_use]
    pub fn presence(&self) -> PathBuf {
        self.lake().join("presence")
    }

    /// Presence over a period, merged once for weeks, months and school years.
    #[must_use]
    pub fn presence_de(&self, periode: Periode) -> PathBuf {
        self.presence()
            .join(format!("{}={}", periode.grain(), periode.debut()))
    }

    /// Cells of a level and grain: folders `debut=D`.
    #[must_use]
    pub fn cumuls(&self, niveau: Niveau, grain: Grain) -> PathBuf {
        self.lake()
            .join("cumuls")
            .join(format!("niveau={niveau}"))
            .join(format!("grain={grain}"))
    }

    /// Cells of a level and period.
    #[must_use]
    pub fn cumuls_de(&self, niveau: Niveau, periode: Periode) -> PathBuf {
        self.cumuls(niveau, periode.grain())
            .join(format!("debut={}", periode.debut()))
    }

    /// Tagging quality of every day: folders `jour=D`.
    #[must_use]
    pub fn qualite(&self) -> PathBuf {
        self.lake().join("qualite")
    }

    /// Tagging quality of what was received on a day.
    #[must_use]
    pub fn qualite_du(&self, jour: Jour) -> PathBuf {
        self.qualite().join(format!("jour={jour}"))
    }

    /// The directory's versions: folders `validite=D` with `ecoles.parquet` and
    /// `territoires.parquet`.
    #[must_use]
    pub fn territoire(&self) -> PathBuf {
        self.lake().join("territoire")
    }

    /// The version of the directory in force from a day on.
    #[must_use]
    pub fn territoire_du(&self, validite: Jour) -> PathBuf {
        self.territoire().join(format!("validite={validite}"))
    }

    /// The day in a folder's name `validite=D`, if it is one.
    #[must_use]
    pub fn validite_de_dossier(nom: &str) -> Option<Jour> {
        nom.strip_prefix("validite=")?.parse().ok()
    }

    /// What the directory feed (AAF) said, by feed: folders `source=P`, each with the state
    /// `etat=…` in force. Private: keyed hashes of persons are there.
    #[must_use]
    pub fn aaf(&self) -> PathBuf {
        self.lake().join("aaf")
    }

    /// What one feed said.
    #[must_use]
    pub fn aaf_source(&self, prefixe: &str) -> PathBuf {
        self.aaf().join(format!("source={prefixe}"))
    }

    /// Head counts by school and profile, made from every feed.
    #[must_use]
    pub fn effectifs(&self) -> PathBuf {
        self.aaf().join("effectifs.parquet")
    }

    /// Where extractions fetched from elsewhere wait to be imported.
    #[must_use]
    pub fn attente_aaf(&self) -> PathBuf {
        self.racine.join("aaf").join("attente")
    }

    /// The event log, from acknowledgement to landing.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.racine.join("journal")
    }

    /// The pseudonym keys, mode 0600.
    #[must_use]
    pub fn cles(&self) -> PathBuf {
        self.racine.join("cles")
    }

    /// Provider keys and sites.
    #[must_use]
    pub fn acces(&self) -> PathBuf {
        self.racine.join("acces")
    }

    /// The signed receipts of every day: folders `jour=D`.
    #[must_use]
    pub fn recus(&self) -> PathBuf {
        self.racine.join("recus")
    }

    /// The signed receipts of a day, one file a provider's key.
    #[must_use]
    pub fn recus_du(&self, jour: Jour) -> PathBuf {
        self.recus().join(format!("jour={jour}"))
    }

    /// What was destroyed: the register, and the certificates of the schools'.
    #[must_use]
    pub fn destructions(&self) -> PathBuf {
        self.racine.join("destructions")
    }

    /// What was imported from files: which parts are durable in the lake.
    #[must_use]
    pub fn imports(&self) -> PathBuf {
        self.racine.join("imports")
    }

    /// Accounts and sessions (SQLite).
    #[must_use]
    pub fn comptes(&self) -> PathBuf {
        self.racine.join("comptes.sqlite")
    }

    /// The day in a folder's name `jour=D`, if it is one.
    #[must_use]
    pub fn jour_de_dossier(nom: &str) -> Option<Jour> {
        nom.strip_prefix("jour=")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_contract() {
        let lac = Lac::new("donnees");
        let jour: Jour = "2026-11-20".parse().unwrap();
        let semaine = Periode::contenant(Grain::Semaine, jour);
        assert_eq!(
            lac.cumuls_de(Niveau::Circonscription, semaine),
            Path::new("donnees/lake/cumuls/niveau=circonscription/grain=semaine/debut=2026-11-16")
        );
        assert_eq!(
            lac.evenements_du(jour),
            Path::new("donnees/lake/evenements/jour=2026-11-20")
        );
        assert_eq!(
            lac.qualite_du(jour),
            Path::new("donnees/lake/qualite/jour=2026-11-20")
        );
        assert_eq!(Lac::jour_de_dossier("jour=2026-11-20"), Some(jour));
        assert_eq!(Lac::jour_de_dossier("jour=x"), None);
    }
}
