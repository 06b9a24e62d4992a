//! Native events in CSV: a header that names the fields, then one event a line.
//!
//! A record is one line, always: no field of an event may hold a line break, so a quote left open
//! spoils its own line and nothing after it.

use std::borrow::Cow;

use frequent_plan::{Raison, Refus};

use super::ligne::{Champ, Ligne, Valeur, nom_montrable};

/// The separators that a header may use.
const SEPARATEURS: [char; 2] = [';', ','];

/// The columns of a file: the separator, and the field of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnTete {
    separateur: char,
    champs: Vec<Champ>,
}

/// Why a header cannot be used; without it no line of the file can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnTeteInvalide {
    /// Not UTF-8, or a quote left open.
    #[error("en-tête CSV illisible : ce n’est pas de l’UTF-8, ou un guillemet n’y est pas fermé")]
    Illisible,
    /// A column that is no field of an event.
    #[error("en-tête CSV : colonne « {0} » inconnue, retirez-la du fichier")]
    Inconnue(String),
    /// A column given twice.
    #[error("en-tête CSV : colonne « {0} » en double")]
    EnDouble(&'static str),
    /// Nothing says when the events took place.
    #[error("en-tête CSV : il manque la colonne « ts »")]
    SansDate,
}

impl EnTete {
    /// Reads a file's first line. The separator is the one, of `;` and `,`, that it holds most.
    ///
    /// # Errors
    /// It is not a header of native events: see [`EnTeteInvalide`].
    pub fn lire(ligne: &[u8]) -> Result<Self, EnTeteInvalide> {
        let texte = std::str::from_utf8(ligne).map_err(|_| EnTeteInvalide::Illisible)?;
        let [point_virgule, virgule] = SEPARATEURS.map(|s| texte.matches(s).count());
        let separateur = SEPARATEURS[usize::from(virgule > point_virgule)];
        let mut champs = Vec::new();
        for nom in Cellules::new(texte, separateur) {
            let nom = nom.ok_or(EnTeteInvalide::Illisible)?;
            let nom = nom.trim();
            let champ =
                Champ::de_nom(nom).ok_or_else(|| EnTeteInvalide::Inconnue(nom_montrable(nom)))?;
            if champs.contains(&champ) {
                return Err(EnTeteInvalide::EnDouble(champ.nom()));
            }
            champs.push(champ);
        }
        if !champs.contains(&Champ::Ts) {
            return Err(EnTeteInvalide::SansDate);
        }
        Ok(Self { separateur, champs })
    }
}

impl<'a> Ligne<'a> {
    /// Reads the CSV record of one event over what the line held. An empty value is a field not
    /// given; `ts` made of digits alone is in epoch milliseconds.
    ///
    /// # Errors
    /// The bytes are not UTF-8, or not as many values as the header has columns; `ts` is missing.
    pub fn relire_csv(&mut self, octets: &'a [u8], entete: &EnTete) -> Result<(), Refus> {
        *self = Self::default();
        let texte = std::str::from_utf8(octets).map_err(|_| Refus::de("", Raison::Utf8Invalide))?;
        let faute = || Refus::de("", Raison::CsvInvalide);
        let mut champs = entete.champs.iter();
        for cellule in Cellules::new(texte, entete.separateur) {
            let (cellule, champ) = cellule.zip(champs.next()).ok_or_else(faute)?;
            self.ranger(*champ, valeur(*champ, cellule))
                .ok_or_else(|| Refus::de(champ.nom(), Raison::TypeInvalide))?;
        }
        if champs.next().is_some() {
            return Err(faute());
        }
        if self.brut.ts.is_none() {
            return Err(Refus::de("ts", Raison::ChampManquant));
        }
        Ok(())
    }
}

fn valeur(champ: Champ, cellule: Cow<'_, str>) -> Valeur<'_> {
    if cellule.is_empty() {
        return Valeur::Rien;
    }
    if champ == Champ::Ts
        && let Ok(ms) = cellule.parse()
    {
        return Valeur::Nombre(ms);
    }
    Valeur::Texte(cellule)
}

/// The values of a line; none for one whose quotes are wrong, and nothing after it.
struct Cellules<'a> {
    reste: Option<&'a str>,
    separateur: char,
}

impl<'a> Cellules<'a> {
    fn new(ligne: &'a str, separateur: char) -> Self {
        Self {
            reste: Some(ligne),
            separateur,
        }
    }

    /// What is between quotes; two quotes in a row stand for one.
    fn citee(&mut self, texte: &'a str) -> Option<Cow<'a, str>> {
        let fin = fin_de_citation(texte)?;
        let (contenu, suite) = (&texte[..fin], &texte[fin + 1..]);
        if !suite.is_empty() {
            self.reste = Some(suite.strip_prefix(self.separateur)?);
        }
        Some(if contenu.contains('"') {
            Cow::Owned(contenu.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(contenu)
        })
    }
}

impl<'a> Iterator for Cellules<'a> {
    type Item = Option<Cow<'a, str>>;

    fn next(&mut self) -> Option<Self::Item> {
        let reste = self.reste.take()?;
        if let Some(texte) = reste.strip_prefix('"') {
            return Some(self.citee(texte));
        }
        let cellule = match reste.split_once(self.separateur) {
            Some((cellule, suite)) => {
                self.reste = Some(suite);
                cellule
            }
            None => reste,
        };
        Some(Some(Cow::Borrowed(cellule)))
    }
}

/// The place of the quote that closes, none if none does.
fn fin_de_citation(texte: &str) -> Option<usize> {
    let mut place = 0;
    loop {
        place += texte[place..].find('"')?;
        if !texte[place + 1..].starts_with('"') {
            return Some(place);
        }
        place += 2;
    }
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
