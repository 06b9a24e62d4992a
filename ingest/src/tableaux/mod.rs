//! Tables that administrators give as CSV: schools' numbers, services' names.
//!
//! UTF-8 with or without a byte-order mark, columns separated by `;` or `,`, their names on the
//! first line. A line that cannot be used costs that line only, and is named with its column and
//! the reason; what it holds is shown only where it can be no one's name.

mod etablissements;
mod noms;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder};
use frequent_plan::UaiInvalide;

pub use etablissements::lire_etablissements;
pub use noms::lire_noms;

const MARQUE_UTF8: &[u8] = b"\xef\xbb\xbf";

/// A file of which nothing can be used.
#[derive(Debug, thiserror::Error)]
pub enum TableauErreur {
    /// The disk refused.
    #[error("{chemin} : {source}")]
    Disque {
        /// The file.
        chemin: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The first line is not the one expected.
    #[error("{chemin}, ligne 1 : {faute} ; colonnes attendues : {attendues}")]
    Entete {
        /// The file.
        chemin: PathBuf,
        /// What is wrong.
        faute: String,
        /// The names of the columns.
        attendues: String,
    },
}

/// A line refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ligne {ligne}, {colonne} : {faute}")]
pub struct LigneRefusee {
    /// The line, from 1, the header's included.
    pub ligne: u64,
    /// The column.
    pub colonne: &'static str,
    /// The reason.
    pub faute: Faute,
}

/// Why a line is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Faute {
    /// The bytes are not UTF-8.
    #[error("le texte n’est pas de l’UTF-8 valide")]
    Utf8,
    /// Nothing is given.
    #[error("la valeur manque")]
    Manquante,
    /// The text cannot be a label.
    #[error("le texte est trop long ou contient des caractères de contrôle")]
    Texte,
    /// There are more or fewer columns than in the header.
    #[error("la ligne n’a pas autant de colonnes que la première")]
    Colonnes,
    /// The school's identifier is wrong.
    #[error("{0}")]
    Uai(UaiInvalide),
    /// The same name or number was on another line.
    #[error("déjà à la ligne {premiere}")]
    Double {
        /// That line.
        premiere: u64,
    },
    /// The service is not the plan's.
    #[error("ce n’est pas un code du plan de marquage ; le plus proche est {proche}")]
    ServiceInconnu {
        /// The code that looks most like it.
        proche: String,
    },
    /// The type is not the plan's.
    #[error("le type est NATIF, TIERS ou rien")]
    TypeInconnu,
    /// A tool without a third party.
    #[error("un outil se donne avec le type TIERS")]
    OutilSansTiers,
    /// The name is one of the plan's own codes.
    #[error("c’est déjà un code du plan de marquage : il garde son sens")]
    CodeDuPlan,
}

/// What a table gave: what can be used, and the lines that cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tableau<T> {
    /// What can be used.
    pub contenu: T,
    /// The lines refused, in their order.
    pub refusees: Vec<LigneRefusee>,
}

/// The lines of a file, by column.
struct Lignes {
    colonnes: Vec<&'static str>,
    lignes: Vec<(u64, ByteRecord)>,
}

/// One line.
struct Ligne<'l> {
    numero: u64,
    colonnes: &'l [&'static str],
    valeurs: &'l ByteRecord,
}

impl Lignes {
    /// Reads a file whose columns are among those named; the `obligatoires` first must be there.
    fn lire(
        chemin: &Path,
        connues: &[&'static str],
        obligatoires: usize,
    ) -> Result<Self, TableauErreur> {
        let octets = fs::read(chemin).map_err(|source| TableauErreur::Disque {
            chemin: chemin.to_owned(),
            source,
        })?;
        let contenu = octets.strip_prefix(MARQUE_UTF8).unwrap_or(&octets);
        let mut lecteur = ReaderBuilder::new()
            .delimiter(separateur(contenu))
            .has_headers(false)
            .flexible(true)
            .from_reader(contenu);
        // Reading bytes in memory with flexible lengths cannot fail.
        let mut lues = lecteur.byte_records().filter_map(Result::ok);
        let entete = |faute: String| TableauErreur::Entete {
            chemin: chemin.to_owned(),
            faute,
            attendues: connues.join(", "),
        };
        let premiere = lues
            .next()
            .ok_or_else(|| entete("le fichier est vide".to_owned()))?;
        let colonnes = colonnes(&premiere, connues).map_err(entete)?;
        for voulue in &connues[..obligatoires] {
            if !colonnes.contains(voulue) {
                return Err(entete(format!("la colonne {voulue} manque")));
            }
        }
        let numero = |ligne: &ByteRecord| ligne.position().map_or(0, csv::Position::line);
        Ok(Self {
            colonnes,
            lignes: lues.map(|ligne| (numero(&ligne), ligne)).collect(),
        })
    }

    fn parcourir(&self) -> impl Iterator<Item = Ligne<'_>> {
        self.lignes.iter().map(|(numero, valeurs)| Ligne {
            numero: *numero,
            colonnes: &self.colonnes,
            valeurs,
        })
    }
}

impl Ligne<'_> {
    /// The text of a column, without the spaces around it; empty when the file lacks the column.
    fn texte(&self, colonne: &'static str) -> Result<&str, LigneRefusee> {
        if self.valeurs.len() != self.colonnes.len() {
            return Err(self.refuser(colonne, Faute::Colonnes));
        }
        let Some(rang) = self.colonnes.iter().position(|c| *c == colonne) else {
            return Ok("");
        };
        std::str::from_utf8(&self.valeurs[rang])
            .map(str::trim)
            .map_err(|_| self.refuser(colonne, Faute::Utf8))
    }

    /// A text that must be there and could label something.
    fn libelle(&self, colonne: &'static str) -> Result<&str, LigneRefusee> {
        let texte = self.texte(colonne)?;
        if texte.is_empty() {
            return Err(self.refuser(colonne, Faute::Manquante));
        }
        self.verifier_libelle(colonne, texte)?;
        Ok(texte)
    }

    fn verifier_libelle(&self, colonne: &'static str, texte: &str) -> Result<(), LigneRefusee> {
        let long = texte.len() > frequent_plan::evenement::LIBELLE_MAX;
        if long || texte.chars().any(char::is_control) {
            return Err(self.refuser(colonne, Faute::Texte));
        }
        Ok(())
    }

    fn refuser(&self, colonne: &'static str, faute: Faute) -> LigneRefusee {
        LigneRefusee {
            ligne: self.numero,
            colonne,
            faute,
        }
    }
}

/// What each column is, by the first line.
fn colonnes(premiere: &ByteRecord, connues: &[&'static str]) -> Result<Vec<&'static str>, String> {
    let mut colonnes = Vec::new();
    for (rang, nom) in premiere.iter().enumerate() {
        let nom = String::from_utf8_lossy(nom).trim().to_lowercase();
        let connue = connues.iter().find(|connue| **connue == nom);
        let connue = connue.ok_or_else(|| format!("la colonne {} n’est pas connue", rang + 1))?;
        if colonnes.contains(connue) {
            return Err(format!("la colonne {connue} est donnée deux fois"));
        }
        colonnes.push(*connue);
    }
    Ok(colonnes)
}

/// The most frequent of `;` and `,` in the first line.
fn separateur(contenu: &[u8]) -> u8 {
    let premiere = contenu.split(|o| *o == b'\n').next().unwrap_or_default();
    let nombre = |separateur: u8| memchr::memchr_iter(separateur, premiere).count();
    if nombre(b',') > nombre(b';') {
        b','
    } else {
        b';'
    }
}

/// Gathers lines by a key of theirs, which each may have once.
struct ParCle<V> {
    valeurs: BTreeMap<String, (u64, V)>,
    refusees: Vec<LigneRefusee>,
}

impl<V> ParCle<V> {
    fn new() -> Self {
        Self {
            valeurs: BTreeMap::new(),
            refusees: Vec::new(),
        }
    }

    fn ajouter(
        &mut self,
        ligne: &Ligne<'_>,
        colonne: &'static str,
        lue: Result<(String, V), LigneRefusee>,
    ) {
        match lue {
            Err(refusee) => self.refusees.push(refusee),
            Ok((cle, valeur)) => match self.valeurs.get(&cle) {
                Some((premiere, _)) => {
                    let faute = Faute::Double {
                        premiere: *premiere,
                    };
                    self.refusees.push(ligne.refuser(colonne, faute));
                }
                None => {
                    self.valeurs.insert(cle, (ligne.numero, valeur));
                }
            },
        }
    }

    fn finir<T: FromIterator<(String, V)>>(self) -> Tableau<T> {
        let valeurs = self.valeurs.into_iter();
        Tableau {
            contenu: valeurs.map(|(cle, (_, valeur))| (cle, valeur)).collect(),
            refusees: self.refusees,
        }
    }
}

#[cfg(test)]
#[path = "tableaux_tests.rs"]
mod tests;
