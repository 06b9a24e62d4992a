//! What is wrong in a file, and where. A fault names a field and a reason, never a value: the files
//! are full of personal data.

use std::fmt;

/// Why a record, or a whole file, cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Raison {
    /// The XML is malformed.
    #[error("le XML est mal formé")]
    MalForme,
    /// The file ends before its root element does.
    #[error("le fichier s’arrête avant sa fin")]
    Tronque,
    /// The root is not the feed's.
    #[error("l’élément racine n’est pas ficAlimMENESR")]
    Racine,
    /// The encoding is not one that the feed uses.
    #[error("encodage inconnu : UTF-8 et ISO-8859-15 sont lus")]
    Encodage,
    /// The document type declares things of its own.
    #[error("la déclaration DOCTYPE a un contenu, refusée")]
    Doctype,
    /// An entity that XML does not define.
    #[error("une entité autre que celles de XML, refusée")]
    Entite,
    /// Elements nested too deep.
    #[error("trop d’éléments emboîtés")]
    Profondeur,
    /// One piece of the text is too long.
    #[error("un élément ou un texte trop long")]
    Longueur,
    /// A record that holds too much.
    #[error("un enregistrement trop grand")]
    Grandeur,
    /// The archive could not be decompressed, or the disk failed.
    #[error("lecture impossible")]
    Lecture,
    /// Not a request of the feed.
    #[error("élément inconnu à la place d’une requête")]
    Requete,
    /// A required value is not there.
    #[error("la valeur est absente")]
    Absente,
    /// A value is not readable.
    #[error("la valeur n’est pas de celles attendues")]
    Invalide,
    /// Bytes that the declared encoding does not have.
    #[error("le texte n’est pas dans l’encodage annoncé")]
    Texte,
    /// The record is of another category than its file.
    #[error("la catégorie n’est pas celle du fichier")]
    Categorie,
    /// A whole extraction only adds.
    #[error("une extraction complète ne fait qu’ajouter")]
    Complet,
    /// Nothing has this identifier.
    #[error("l’identifiant n’est pas connu")]
    Inconnu,
    /// An operation that the feed does not define.
    #[error("opération inconnue")]
    Operation,
}

/// A fault, and where it is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faute {
    /// The line, from 1.
    pub ligne: u64,
    /// The field, as the feed names it; empty for the whole record or file.
    pub champ: &'static str,
    /// What is wrong.
    pub raison: Raison,
}

impl fmt::Display for Faute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ligne {}", self.ligne)?;
        if !self.champ.is_empty() {
            write!(f, ", {}", self.champ)?;
        }
        write!(f, " : {}", self.raison)
    }
}

/// The records of one file that were left out: all counted, the first ones located.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ecartes {
    /// How many.
    pub nombre: u64,
    /// How many of them change or remove what is not known.
    pub inconnus: u64,
    /// The first ones.
    pub exemples: Vec<Faute>,
}

/// How many faults of a file are located.
const EXEMPLES_MAX: usize = 20;

impl Ecartes {
    /// Counts one more.
    pub fn noter(&mut self, faute: Faute) {
        self.nombre += 1;
        self.inconnus += u64::from(faute.raison == Raison::Inconnu);
        if self.exemples.len() < EXEMPLES_MAX {
            self.exemples.push(faute);
        }
    }
}
