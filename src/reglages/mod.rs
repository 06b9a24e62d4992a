//! Settings: one TOML file whose every key has a default, then the environment, then flags.
//!
//! The default file is the documentation and the schema at once: a key is known because it stands
//! there, and takes the type it has there. All faults are reported together.

mod aaf;
mod base;
mod conservation;
mod conventions;
mod kafka;
mod ldap;
mod montre;
mod oidc;
mod rapports;
mod secret;
mod secret_statistique;
mod tls;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use frequent_api::comptes::Role;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

pub use aaf::ReglagesAaf;
pub use base::ReglagesBase;
pub use conservation::Conservation;
pub use conventions::{ReglagesConventions, ReglagesDeploiement};
pub use kafka::Kafka;
pub use ldap::Ldap;
pub use oidc::FournisseurIdentite;
pub use rapports::ReglagesRapports;
pub use secret_statistique::SecretStatistique;
pub use tls::Tls;

/// The default settings, commented: what `frequent config --defaut` prints.
pub const DEFAUT: &str = include_str!("defaut.toml");

const PREFIXE: &str = "FREQUENT_";

/// Variables that belong to the command line, not to the settings.
const HORS_REGLAGES: &[&str] = &["FREQUENT_CONFIG", "FREQUENT_MOT_DE_PASSE"];

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reglages {
    /// Where data and logs go.
    pub general: General,
    /// Where accounts and conventions are kept.
    pub base: ReglagesBase,
    /// Conventions, and what their end makes it a duty to destroy.
    pub conventions: ReglagesConventions,
    /// What makes a school active.
    pub deploiement: ReglagesDeploiement,
    /// The directory feed.
    pub aaf: ReglagesAaf,
    /// Where to listen.
    pub serveur: Serveur,
    /// TLS spoken by the server itself.
    pub tls: Tls,
    /// Signing in through an OpenID Connect provider.
    pub oidc: FournisseurIdentite,
    /// Signing in through a directory.
    pub ldap: Ldap,
    /// What is accepted.
    pub collecte: Collecte,
    /// Who may connect, and for how long.
    pub connexions: Connexions,
    /// The room left on the disk.
    pub disque: Disque,
    /// Files of events.
    pub import: Import,
    /// Kafka, as the log and as a way in.
    pub kafka: Kafka,
    /// From the log to the lake.
    pub atterrissage: Atterrissage,
    /// From events to cells.
    pub calcul: Calcul,
    /// How long what is kept is kept.
    pub conservation: Conservation,
    /// Tagging quality.
    pub qualite: Qualite,
    /// What those who run the server look at.
    pub exploitation: Exploitation,
    /// How few people a figure may be about.
    pub secret: SecretStatistique,
    /// Sessions of the console.
    pub console: Console,
    /// Reports that are sent.
    pub rapports: ReglagesRapports,
}

/// What those who run the server look at.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exploitation {
    /// Where metrics are served; empty for nowhere.
    pub metriques: String,
}

impl Exploitation {
    /// Where metrics are served; the settings have been checked.
    pub fn metriques(&self) -> Option<std::net::SocketAddr> {
        self.metriques.parse().ok()
    }
}

/// Where data and logs go.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct General {
    /// The data folder.
    pub donnees: PathBuf,
    /// Format of the logs.
    pub journaux: FormatJournaux,
    /// Lowest level logged.
    pub niveau_journaux: NiveauJournaux,
}

/// Format of the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FormatJournaux {
    /// For people.
    Texte,
    /// One JSON object a line, for a collector.
    Json,
}

/// Lowest level logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NiveauJournaux {
    /// Only what failed.
    Error,
    /// And what is suspicious.
    Warn,
    /// And what an administrator wants to know.
    Info,
    /// Everything.
    Debug,
}

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Serveur {
    /// Address and port.
    pub adresse: std::net::SocketAddr,
    /// The address that browsers use; empty for `adresse` in plain HTTP.
    pub url_publique: String,
    /// The proxies believed when they say whose request it is, and that the browser speaks https.
    pub proxy_de_confiance: Vec<IpAddr>,
}

/// What is accepted.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Collecte {
    /// Oldest event, in days.
    pub passe_max_jours: u32,
    /// Most advanced event, in minutes.
    pub futur_max_minutes: u32,
    /// Largest body, in MiB.
    pub corps_max_mio: u32,
    /// Most events in a body.
    pub corps_evenements_max: NonZeroU32,
    /// Longest time to send a body, in seconds.
    pub corps_delai_s: u32,
    /// Most memory for bodies, in MiB.
    pub memoire_max_mio: u32,
    /// Most events a second and key; 0 for no limit.
    pub debit_cle_max: u32,
    /// Most hits a second and site; 0 for no limit.
    pub debit_site_max: u32,
}

/// Who may connect, and for how long.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Connexions {
    /// Most connections at once.
    pub max: u32,
    /// Longest silence, in seconds.
    pub silence_s: u32,
    /// Longest request, in seconds.
    pub requete_s: u32,
    /// Largest head, in KiB.
    pub tete_max_kio: u32,
}

/// The room left on the disk.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Disque {
    /// Room to leave free, in MiB.
    pub reserve_mio: u32,
}

/// Files of events.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Oldest event, in days.
    pub passe_max_jours: u32,
    /// Mebibytes of a file read, then made durable, at a time.
    pub tranche_mio: u32,
}

/// From the log to the lake.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Atterrissage {
    /// Seconds between two landings.
    pub intervalle_s: u64,
}

/// From events to cells.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Calcul {
    /// Seconds between two computations.
    pub intervalle_s: u64,
    /// Threads; 0 for one per core.
    pub fils: usize,
}

/// Tagging quality.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Qualite {
    /// Seconds between two writings of the counters.
    pub intervalle_s: u64,
}

/// Sessions of the console.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Console {
    /// Longest session, in hours.
    pub session_max_heures: u32,
    /// Longest idle time, in minutes.
    pub session_inactive_minutes: u32,
    /// The roles that sign in with a one-time code.
    pub roles_avec_code: Vec<Role>,
}

/// Settings that cannot be used; every fault is listed.
#[derive(Debug, thiserror::Error)]
pub enum ReglagesInvalides {
    /// The file cannot be read.
    #[error("réglages : {} : {source}", fichier.display())]
    Lecture {
        /// The file.
        fichier: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file or a value is not what is expected.
    #[error("réglages :\n{}", .0.iter().map(|f| format!("  - {f}")).collect::<Vec<_>>().join("\n"))]
    Fautes(Vec<String>),
}

impl Reglages {
    /// The settings in force: defaults, then the file, then the environment.
    ///
    /// # Errors
    /// Lists every unknown key (naming the nearest known one), wrong type and value out of range.
    pub fn charger(
        fichier: Option<&Path>,
        environnement: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ReglagesInvalides> {
        let mut table = table_par_defaut()?;
        let mut fautes = Vec::new();
        if let Some(fichier) = fichier {
            let texte =
                std::fs::read_to_string(fichier).map_err(|source| ReglagesInvalides::Lecture {
                    fichier: fichier.to_owned(),
                    source,
                })?;
            match texte.parse::<Table>() {
                Ok(donnee) => fusionner(&mut table, donnee, &mut fautes),
                Err(faute) => fautes.push(format!("{} : {faute}", fichier.display())),
            }
        }
        for (nom, valeur) in environnement {
            if nom.starts_with(PREFIXE) && !HORS_REGLAGES.contains(&nom.as_str()) {
                appliquer_variable(&mut table, &nom, &valeur, &mut fautes);
            }
        }
        if !fautes.is_empty() {
            return Err(ReglagesInvalides::Fautes(fautes));
        }
        let reglages: Self = Value::Table(table)
            .try_into()
            .map_err(|faute: toml::de::Error| ReglagesInvalides::Fautes(vec![faute.to_string()]))?;
        reglages.verifier()?;
        Ok(reglages)
    }

    fn verifier(&self) -> Result<(), ReglagesInvalides> {
        let mut fautes = Vec::new();
        if !(1..=400).contains(&self.collecte.passe_max_jours) {
            fautes.push("collecte.passe_max_jours : de 1 à 400 jours".to_owned());
        }
        let collecte = &self.collecte;
        if collecte.corps_delai_s == 0 || !(1..=1_024).contains(&collecte.corps_max_mio) {
            fautes.push("collecte.corps_* : 1 seconde au moins, de 1 à 1024 Mio".to_owned());
        }
        if collecte.memoire_max_mio < 2 * collecte.corps_max_mio {
            // A compressed body is held twice: as it came and as it unfolds.
            fautes.push("collecte.memoire_max_mio : deux fois corps_max_mio au moins".to_owned());
        }
        let connexions = &self.connexions;
        if connexions.max == 0 || connexions.silence_s == 0 || connexions.requete_s == 0 {
            fautes.push("connexions : 1 au moins".to_owned());
        }
        if !(4..=256).contains(&connexions.tete_max_kio) {
            fautes.push("connexions.tete_max_kio : de 4 à 256 Kio".to_owned());
        }
        let exploitation = &self.exploitation;
        if !exploitation.metriques.is_empty() && exploitation.metriques().is_none() {
            fautes.push("exploitation.metriques : une adresse et un port, ou rien".to_owned());
        }
        if !(1..=4_000).contains(&self.import.passe_max_jours) {
            fautes.push("import.passe_max_jours : de 1 à 4000 jours".to_owned());
        }
        if !(1..=256).contains(&self.import.tranche_mio) {
            fautes.push("import.tranche_mio : de 1 à 256 Mio".to_owned());
        }
        if self.atterrissage.intervalle_s == 0 || self.calcul.intervalle_s == 0 {
            fautes.push("atterrissage.intervalle_s, calcul.intervalle_s : 1 au moins".to_owned());
        }
        if self.qualite.intervalle_s == 0 {
            fautes.push("qualite.intervalle_s : 1 au moins".to_owned());
        }
        if self.console.session_max_heures == 0 || self.console.session_inactive_minutes == 0 {
            fautes.push("console.session_* : 1 au moins".to_owned());
        }
        self.base.verifier(&mut fautes);
        self.conventions.verifier(&mut fautes);
        self.aaf.verifier(&mut fautes);
        self.rapports.verifier(&mut fautes);
        self.deploiement.verifier(&mut fautes);
        fautes.extend(self.conservation.durees().fautes());
        self.kafka.verifier(&mut fautes);
        self.tls.verifier(&mut fautes);
        self.ldap.verifier(&mut fautes);
        self.oidc.verifier(&self.serveur.url_publique, &mut fautes);
        let url = &self.serveur.url_publique;
        if !(url.is_empty() || url.starts_with("https://") || url.starts_with("http://")) {
            fautes.push("serveur.url_publique : commence par https:// ou http://".to_owned());
        }
        if fautes.is_empty() {
            Ok(())
        } else {
            Err(ReglagesInvalides::Fautes(fautes))
        }
    }
}

fn table_par_defaut() -> Result<Table, ReglagesInvalides> {
    DEFAUT
        .parse()
        .map_err(|faute: toml::de::Error| ReglagesInvalides::Fautes(vec![faute.to_string()]))
}

/// Lays the user's sections over the defaults, key by key.
fn fusionner(table: &mut Table, donnee: Table, fautes: &mut Vec<String>) {
    for (section, contenu) in donnee {
        let Some(Value::Table(connue)) = table.get_mut(&section) else {
            fautes.push(inconnu("section", &section, table.keys()));
            continue;
        };
        let Value::Table(contenu) = contenu else {
            fautes.push(format!(
                "{section} : c’est une section, écrivez [{section}]"
            ));
            continue;
        };
        for (cle, valeur) in contenu {
            match connue.get_mut(&cle) {
                Some(ancienne) if ancienne.same_type(&valeur) => *ancienne = valeur,
                Some(ancienne) => fautes.push(format!(
                    "{section}.{cle} : {} attendu, {} donné",
                    ancienne.type_str(),
                    valeur.type_str()
                )),
                None => fautes.push(inconnu(&format!("clé de [{section}]"), &cle, connue.keys())),
            }
        }
    }
}

fn appliquer_variable(table: &mut Table, nom: &str, texte: &str, fautes: &mut Vec<String>) {
    let variables: Vec<String> = table
        .iter()
        .filter_map(|(section, contenu)| Some((section, contenu.as_table()?)))
        .flat_map(|(section, contenu)| contenu.keys().map(move |cle| variable(section, cle)))
        .collect();
    for (section, contenu) in table.iter_mut() {
        let Value::Table(contenu) = contenu else {
            continue;
        };
        for (cle, valeur) in contenu.iter_mut() {
            if variable(section, cle) == nom {
                match lire_comme(valeur, texte) {
                    Some(lue) => *valeur = lue,
                    None => fautes.push(format!("{nom} : {} attendu", valeur.type_str())),
                }
                return;
            }
        }
    }
    fautes.push(inconnu("variable", nom, variables.iter()));
}

fn variable(section: &str, cle: &str) -> String {
    format!("{PREFIXE}{section}_{cle}").to_uppercase()
}

fn lire_comme(modele: &Value, texte: &str) -> Option<Value> {
    match modele {
        Value::Integer(_) => texte.parse().ok().map(Value::Integer),
        Value::Float(_) => texte.parse().ok().map(Value::Float),
        Value::Boolean(_) => texte.parse().ok().map(Value::Boolean),
        Value::Array(_) => {
            let elements = texte.split(';').map(str::trim).filter(|e| !e.is_empty());
            Some(Value::Array(elements.map(Value::from).collect()))
        }
        _ => Some(Value::String(texte.to_owned())),
    }
}

fn inconnu<'a>(quoi: &str, nom: &str, connus: impl Iterator<Item = &'a String>) -> String {
    let proche = connus
        .map(|connu| (strsim::jaro_winkler(nom, connu), connu))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match proche {
        Some((_, connu)) => format!("{quoi} inconnue : {nom} (vouliez-vous dire {connu} ?)"),
        None => format!("{quoi} inconnue : {nom}"),
    }
}

/// A path that is set; an empty one is none.
fn chemin_donne(chemin: &Path) -> Option<PathBuf> {
    (!chemin.as_os_str().is_empty()).then(|| chemin.to_owned())
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
