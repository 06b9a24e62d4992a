//! Names of the feed's files: `<prefix>_<Complet|Delta>_<yyyymmdd>_<Category>_<nnnn>.xml`.

use std::fmt;

use frequent_plan::Jour;

const PREFIXE_MAX: usize = 64;

/// A whole extraction, or what changed since the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Genre {
    /// Everything: it replaces what came before.
    Complet,
    /// What was added, changed and removed.
    Delta,
}

impl Genre {
    /// As it stands in file names.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complet => "Complet",
            Self::Delta => "Delta",
        }
    }

    /// The kind of this code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        [Self::Complet, Self::Delta]
            .into_iter()
            .find(|genre| genre.code() == code)
    }
}

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Categorie {
    /// Schools, circonscriptions, DSDEN, rectorat.
    EtabEducNat,
    /// Pupils.
    Eleve,
    /// Staff.
    PersEducNat,
    /// Parents and others in charge of pupils.
    PersRelEleve,
}

impl Categorie {
    /// Every category.
    pub const TOUTES: &'static [Self] = &[
        Self::EtabEducNat,
        Self::Eleve,
        Self::PersEducNat,
        Self::PersRelEleve,
    ];

    /// As it stands in file names.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EtabEducNat => "EtabEducNat",
            Self::Eleve => "Eleve",
            Self::PersEducNat => "PersEducNat",
            Self::PersRelEleve => "PersRelEleve",
        }
    }

    /// The category of this code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        Self::TOUTES.iter().copied().find(|c| c.code() == code)
    }

    /// The number under which it is stored and hashed.
    #[must_use]
    pub const fn numero(self) -> u8 {
        match self {
            Self::EtabEducNat => 0,
            Self::Eleve => 1,
            Self::PersEducNat => 2,
            Self::PersRelEleve => 3,
        }
    }
}

/// What files of one extraction have in common; extractions sort by feed, then in the order in
/// which they are applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Extraction {
    /// The feed: letters, digits, `-` and `_`.
    pub prefixe: String,
    /// The day it was made.
    pub date: Jour,
    /// Whole, or changes.
    pub genre: Genre,
}

impl fmt::Display for Extraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_", self.prefixe, self.genre.code())?;
        let date = self.date.to_string();
        f.write_str(&date.replace('-', ""))
    }
}

/// The name of a file of the feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NomFichier {
    /// The extraction it belongs to.
    pub extraction: Extraction,
    /// What it is about.
    pub categorie: Categorie,
    /// Its number among those of its category.
    pub numero: u16,
}

impl NomFichier {
    /// Reads a file's name; none if it is not one of the feed's.
    #[must_use]
    pub fn lire(nom: &str) -> Option<Self> {
        let sans_extension = nom
            .strip_suffix(".xml")
            .or_else(|| nom.strip_suffix(".XML"))?;
        let mut parties = sans_extension.rsplitn(5, '_');
        let numero = parties.next().filter(|n| n.len() == 4)?;
        let categorie = Categorie::de_code(parties.next()?)?;
        let date = jour_compact(parties.next()?)?;
        let genre = Genre::de_code(parties.next()?)?;
        let prefixe = parties.next()?;
        let permis = |o: u8| o.is_ascii_alphanumeric() || o == b'_' || o == b'-';
        if prefixe.is_empty() || prefixe.len() > PREFIXE_MAX || !prefixe.bytes().all(permis) {
            return None;
        }
        Some(Self {
            extraction: Extraction {
                prefixe: prefixe.to_owned(),
                date,
                genre,
            },
            categorie,
            numero: entier(numero)?,
        })
    }
}

impl fmt::Display for NomFichier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}_{}_{:04}.xml",
            self.extraction,
            self.categorie.code(),
            self.numero
        )
    }
}

/// A day written `yyyymmdd`.
pub(super) fn jour_compact(texte: &str) -> Option<Jour> {
    if texte.len() != 8 || !texte.bytes().all(|o| o.is_ascii_digit()) {
        return None;
    }
    format!("{}-{}-{}", &texte[..4], &texte[4..6], &texte[6..])
        .parse()
        .ok()
}

fn entier(texte: &str) -> Option<u16> {
    texte
        .bytes()
        .all(|o| o.is_ascii_digit())
        .then(|| texte.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_and_written_back() {
        for nom in [
            "ENT1D_0660_Complet_20261120_Eleve_0001.xml",
            "ENT_Delta_20261121_EtabEducNat_0012.xml",
            "a-b_Delta_20240229_PersRelEleve_9999.xml",
        ] {
            assert_eq!(NomFichier::lire(nom).unwrap().to_string(), nom);
        }
    }

    #[test]
    fn anything_else_is_no_name_of_the_feed() {
        for nom in [
            "",
            ".xml",
            "Complet_20261120_Eleve_0001.xml",
            "ENT_Complet_20261320_Eleve_0001.xml",
            "ENT_Complet_20261120_Eleves_0001.xml",
            "ENT_Partiel_20261120_Eleve_0001.xml",
            "ENT_Complet_20261120_Eleve_1.xml",
            "ENT_Complet_20261120_Eleve_00a1.xml",
            "../x_Complet_20261120_Eleve_0001.xml",
            "é_Complet_20261120_Eleve_0001.xml",
            "ENT_Complet_20261120_Eleve_0001.xml.exe",
        ] {
            assert_eq!(NomFichier::lire(nom), None, "{nom}");
        }
    }

    #[test]
    fn extractions_of_a_feed_sort_by_day_the_whole_one_first() {
        let lire = |nom: &str| NomFichier::lire(nom).unwrap().extraction;
        let complet = lire("E_Complet_20261120_Eleve_0001.xml");
        let delta = lire("E_Delta_20261120_Eleve_0001.xml");
        let avant = lire("E_Delta_20261119_Eleve_0001.xml");
        assert!(avant < complet && complet < delta);
    }
}
