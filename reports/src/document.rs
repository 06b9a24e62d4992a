//! What a report says, whatever it is written in.

use serde::Serialize;

/// A report, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its title, once.
    pub titre: String,
    /// What stands under it.
    pub sous_titre: String,
    /// What it says, in reading order.
    pub blocs: Vec<Bloc>,
    /// What stands at the foot of each page.
    pub pied: String,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "genre", content = "contenu", rename_all = "snake_case")]
pub enum Bloc {
    /// The heading of a section.
    Titre(String),
    /// A paragraph.
    Paragraphe(String),
    /// What must not be missed: an unfinished period, what is masked.
    Remarque(String),
    /// A list.
    Liste(Vec<String>),
    /// The figures that are read first.
    Chiffres(Vec<Chiffre>),
    /// What is there to be looked up.
    Notes(Vec<String>),
    /// A table.
    Tableau(Tableau),
    /// A chart.
    Graphique(Graphique),
}

/// A figure in large type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chiffre {
    /// What it counts.
    pub nom: String,
    /// It in words: a number or a blank.
    pub valeur: String,
    /// What goes with it; empty for nothing.
    pub detail: String,
}

/// A table: its first column names its rows, the others are figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tableau {
    /// What it shows.
    pub legende: String,
    /// The columns' names.
    pub entetes: Vec<String>,
    /// The rows, as many cells as there are columns.
    pub lignes: Vec<Vec<String>>,
    /// How many of the first columns are words.
    pub mots: usize,
}

/// A chart of bars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Graphique {
    /// What it shows.
    pub legende: String,
    /// The same in a sentence, for who does not see it.
    pub description: String,
    /// Its bars.
    pub serie: Vec<Serie>,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Serie {
    /// What it is of.
    pub nom: String,
    /// Its height; none where there is a blank.
    pub hauteur: Option<i64>,
    /// It in words: a number or a blank.
    pub texte: String,
}
