//! The bordereau: a text that says what was sent, to whom, and how many lines each file has.

use std::collections::BTreeMap;
use std::fmt;

use frequent_plan::Jour;

use super::nom::{NomFichier, jour_compact};

/// What a bordereau says. Its layout varies: only what has one meaning is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bordereau {
    /// Files, each with its number of lines when it is said.
    pub fichiers: BTreeMap<NomFichier, Option<u64>>,
    /// Archives named.
    pub archives: Vec<String>,
    /// Days named.
    pub dates: Vec<Jour>,
    /// Every other word, among which the recipient's code.
    mots: Vec<String>,
}

/// A difference between a bordereau and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ecart {
    /// Announced, not there.
    Manquant(NomFichier),
    /// There, not announced.
    EnTrop(NomFichier),
    /// Another number of lines.
    Lignes {
        /// The file.
        fichier: NomFichier,
        /// What the bordereau says.
        annoncees: u64,
        /// What was read.
        lues: u64,
    },
    /// The archive is not the one announced.
    Archive,
    /// Another day.
    Date(Jour),
    /// For somebody else.
    Destinataire,
}

impl fmt::Display for Ecart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manquant(fichier) => write!(f, "{fichier} : annoncé, absent"),
            Self::EnTrop(fichier) => write!(f, "{fichier} : présent, non annoncé"),
            Self::Lignes {
                fichier,
                annoncees,
                lues,
            } => write!(f, "{fichier} : {annoncees} lignes annoncées, {lues} lues"),
            Self::Archive => f.write_str("l’archive n’a pas le nom annoncé"),
            Self::Date(date) => write!(f, "daté du {date}"),
            Self::Destinataire => f.write_str("le code du destinataire n’est pas celui attendu"),
        }
    }
}

impl Bordereau {
    /// Reads a text; none if it names no file of the feed.
    #[must_use]
    pub fn lire(texte: &[u8]) -> Option<Self> {
        let texte = String::from_utf8_lossy(texte);
        let mut bordereau = Self::default();
        for ligne in texte.lines() {
            bordereau.lire_ligne(ligne);
        }
        (!bordereau.fichiers.is_empty()).then_some(bordereau)
    }

    fn lire_ligne(&mut self, ligne: &str) {
        let separateur = |c: char| c.is_whitespace() || ";,:=|\"()".contains(c);
        let mut fichier = None;
        for mot in ligne.split(separateur).filter(|mot| !mot.is_empty()) {
            if let Some(nom) = NomFichier::lire(mot) {
                self.fichiers.insert(nom.clone(), None);
                fichier = Some(nom);
            } else if let (Some(nom), Ok(lignes)) = (&fichier, mot.parse()) {
                self.fichiers.insert(nom.clone(), Some(lignes));
                fichier = None;
            } else if est_une_archive(mot) {
                self.archives.push(mot.to_owned());
            } else if let Some(jour) = jour_compact(mot).or_else(|| mot.parse().ok()) {
                self.dates.push(jour);
            } else {
                self.mots.push(mot.to_owned());
            }
        }
    }

    /// It is addressed to this recipient.
    #[must_use]
    pub fn est_pour(&self, destinataire: &str) -> bool {
        self.mots.iter().any(|mot| mot == destinataire)
    }
}

/// Whether a plain name is one of a file of the feed, of an archive or of a bordereau; hidden files
/// are still being written.
pub(super) fn est_une_piece(nom: &str) -> bool {
    let bas = nom.to_ascii_lowercase();
    let lisible = [".xml", ".txt"].iter().any(|fin| bas.ends_with(fin));
    !nom.starts_with('.') && (lisible || est_une_archive(nom))
}

/// The name of a file that may be an archive of the feed.
pub(super) fn est_une_archive(nom: &str) -> bool {
    let nom = nom.to_ascii_lowercase();
    [".zip", ".tar.gz", ".tgz"]
        .iter()
        .any(|fin| nom.ends_with(fin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lines_archive_day_and_recipient_are_read_in_several_layouts() {
        let nom = NomFichier::lire("E_Complet_20261120_Eleve_0001.xml").unwrap();
        for texte in [
            "ENT66\n20261120\nE_Complet_20261120.tar.gz\nE_Complet_20261120_Eleve_0001.xml 1234\n",
            "Destinataire : ENT66\r\nDate : 2026-11-20\r\nArchive=E_Complet_20261120.tar.gz\r\n\
             E_Complet_20261120_Eleve_0001.xml;1234 lignes\r\n",
        ] {
            let bordereau = Bordereau::lire(texte.as_bytes()).unwrap();
            assert_eq!(bordereau.fichiers.get(&nom), Some(&Some(1234)));
            assert_eq!(bordereau.archives, ["E_Complet_20261120.tar.gz"]);
            assert_eq!(bordereau.dates, ["2026-11-20".parse().unwrap()]);
            assert!(bordereau.est_pour("ENT66") && !bordereau.est_pour("ENT31"));
        }
        assert_eq!(Bordereau::lire("rien à voir\n".as_bytes()), None);
    }
}
