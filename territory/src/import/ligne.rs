//! One line of the directory, made a school.

use std::fmt;
use std::sync::Arc;

use csv::ByteRecord;
use frequent_plan::{Jour, Uai, UaiInvalide};

use crate::ecole::{CodeNom, Ecole, Etat, Position, Secteur};
use crate::recherche::plier;

use super::colonnes::{Colonne, Colonnes};

/// What is wrong with a line or a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Faute {
    /// Not a UAI.
    #[error(transparent)]
    Uai(#[from] UaiInvalide),
    /// A required value is absent.
    #[error("la valeur est absente")]
    Absente,
    /// Not UTF-8.
    #[error("le texte n’est pas de l’UTF-8 valide")]
    Utf8,
    /// Not the header's number of fields.
    #[error("{lues} valeurs au lieu de {attendues}")]
    Longueur {
        /// Fields of the header.
        attendues: usize,
        /// Fields of the line.
        lues: usize,
    },
    /// A quotation mark is never closed.
    #[error("un guillemet n’est jamais refermé")]
    Guillemet,
    /// The school is already given.
    #[error("cet UAI est déjà donné à la ligne {premiere}, qui est gardée")]
    Doublon {
        /// The line that is kept.
        premiere: u64,
    },
    /// A value that is neither empty nor readable; the line is kept without it.
    #[error("la valeur n’est pas de celles attendues, elle est ignorée")]
    Ignoree,
}

/// A fault, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne {
    /// The line in the file, from 1, the header being 1.
    pub numero: u64,
    /// The column, as the directory names it; empty for the whole line.
    pub champ: &'static str,
    /// What is wrong.
    pub faute: Faute,
}

impl fmt::Display for Ligne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ligne {}", self.numero)?;
        if !self.champ.is_empty() {
            write!(f, ", {}", self.champ)?;
        }
        write!(f, " : {}", self.faute)
    }
}

/// What a line is.
#[derive(Debug)]
pub(super) enum LigneLue {
    /// A school, and when its line was last updated.
    Ecole {
        ecole: Box<Ecole>,
        maj: Option<Jour>,
    },
    /// An inspection, a rectorat, an information centre: nobody goes there through an ENT. The
    /// line of a circonscription gives its name, under its UAI.
    HorsChamp { uai: Uai, nom: String },
}

type Refusee = (&'static str, Faute);

/// Reads a line. Faults of values that may be missing go to `remarques`, others refuse the line.
pub(super) fn lire_ligne(
    colonnes: &Colonnes,
    ligne: &ByteRecord,
    numero: u64,
    remarques: &mut Vec<Ligne>,
) -> Result<LigneLue, Refusee> {
    if ligne.is_empty() {
        return Err(("", Faute::Guillemet));
    }
    if ligne.len() != colonnes.nombre() {
        let (attendues, lues) = (colonnes.nombre(), ligne.len());
        return Err(("", Faute::Longueur { attendues, lues }));
    }
    let mut champs = Champs {
        colonnes,
        ligne,
        numero,
        remarques,
    };
    let uai = Uai::lire(colonnes.octets(ligne, Colonne::Uai))
        .map_err(|faute| (Colonne::Uai.nom(), Faute::Uai(faute)))?;
    let type_etablissement = champs.texte(Colonne::Type)?;
    if est_hors_champ(type_etablissement, champs.texte(Colonne::CodeNature)?) {
        let nom = champs.texte(Colonne::Nom)?.to_owned();
        return Ok(LigneLue::HorsChamp { uai, nom });
    }
    let departement = champs.territoire(Colonne::CodeDepartement, 3, Colonne::Departement)?;
    let ecole = Ecole {
        uai,
        nom: champs.exige(Colonne::Nom)?.to_owned(),
        type_etablissement: type_etablissement.to_owned(),
        nature: champs.texte(Colonne::Nature)?.to_owned(),
        secteur: champs.secteur()?,
        commune: champs.territoire(Colonne::CodeCommune, 5, Colonne::Commune)?,
        circonscription: champs.circonscription(&departement)?,
        departement,
        academie: champs.territoire(Colonne::CodeAcademie, 2, Colonne::Academie)?,
        region: champs.territoire(Colonne::CodeRegion, 2, Colonne::Region)?,
        effectif: champs.effectif(),
        education_prioritaire: champs.facultatif(Colonne::Prioritaire)?,
        position: champs.position(),
        etat: champs.etat()?,
        ministere: champs.texte(Colonne::Ministere)?.to_owned(),
    };
    Ok(LigneLue::Ecole {
        ecole: Box::new(ecole),
        maj: champs.lu(Colonne::MiseAJour, |texte| texte.parse().ok()),
    })
}

/// The directory also lists services: rectorats (nature 80x), circonscriptions (809), information
/// centres (84x).
fn est_hors_champ(type_etablissement: &str, code_nature: &str) -> bool {
    let type_ = plier(type_etablissement);
    type_ == "service administratif"
        || type_ == "information et orientation"
        || (code_nature.len() == 3 && code_nature.starts_with('8'))
}

struct Champs<'l, 'r> {
    colonnes: &'l Colonnes,
    ligne: &'l ByteRecord,
    numero: u64,
    remarques: &'r mut Vec<Ligne>,
}

impl<'l> Champs<'l, '_> {
    fn texte(&self, colonne: Colonne) -> Result<&'l str, Refusee> {
        std::str::from_utf8(self.colonnes.octets(self.ligne, colonne))
            .map_err(|_| (colonne.nom(), Faute::Utf8))
    }

    fn exige(&self, colonne: Colonne) -> Result<&'l str, Refusee> {
        match self.texte(colonne)? {
            "" => Err((colonne.nom(), Faute::Absente)),
            texte => Ok(texte),
        }
    }

    fn facultatif(&self, colonne: Colonne) -> Result<Option<String>, Refusee> {
        let texte = self.texte(colonne)?;
        Ok((!texte.is_empty()).then(|| texte.to_owned()))
    }

    /// A code, its leading zeros given back when a spreadsheet took them away, and its name, which
    /// other lines may give when this one does not.
    fn territoire(
        &self,
        code: Colonne,
        largeur: usize,
        nom: Colonne,
    ) -> Result<Arc<CodeNom>, Refusee> {
        let lu = self.exige(code)?;
        Ok(Arc::new(CodeNom {
            code: format!("{lu:0>largeur$}"),
            nom: self.texte(nom)?.to_owned(),
        }))
    }

    /// Its UAI or, in files that give only its name, the département's code followed by it.
    fn circonscription(&self, departement: &CodeNom) -> Result<Option<Arc<CodeNom>>, Refusee> {
        let code = self.texte(Colonne::CodeCirconscription)?;
        let nom = self.texte(Colonne::Circonscription)?;
        let code = match (code, nom) {
            ("", "") => return Ok(None),
            ("", nom) => format!("{}{nom}", departement.code),
            (code, _) => code.to_owned(),
        };
        Ok(Some(Arc::new(CodeNom {
            code,
            nom: nom.to_owned(),
        })))
    }

    /// A school whose sector cannot be read is taken for a public one, and noted: losing its
    /// figures would be worse.
    fn secteur(&mut self) -> Result<Secteur, Refusee> {
        Ok(match plier(self.texte(Colonne::Secteur)?).as_str() {
            "public" | "pu" => Secteur::Public,
            "prive" | "pr" => Secteur::Prive,
            _ => {
                self.ignorer(Colonne::Secteur);
                Secteur::Public
            }
        })
    }

    fn etat(&mut self) -> Result<Etat, Refusee> {
        Ok(match plier(self.texte(Colonne::Etat)?).as_str() {
            "" | "ouvert" | "a ouvrir" => Etat::Ouvert,
            "a fermer" => Etat::AFermer,
            "ferme" => Etat::Ferme,
            _ => {
                self.ignorer(Colonne::Etat);
                Etat::Ouvert
            }
        })
    }

    /// 0 is a head count that nobody entered.
    fn effectif(&mut self) -> Option<u32> {
        // Some exports write numbers as `152.0`.
        self.lu(Colonne::Effectif, |texte| {
            texte.trim_end_matches(".0").parse().ok()
        })
        .filter(|nombre| *nombre > 0)
    }

    fn position(&mut self) -> Option<Position> {
        let degres = |texte: &str, limite: f64| -> Option<f64> {
            let valeur: f64 = texte.trim().parse().ok()?;
            (-limite..=limite).contains(&valeur).then_some(valeur)
        };
        let latitude = self.lu(Colonne::Latitude, |texte| degres(texte, 90.0));
        let longitude = self.lu(Colonne::Longitude, |texte| degres(texte, 180.0));
        if let (Some(latitude), Some(longitude)) = (latitude, longitude) {
            return Some(Position {
                latitude,
                longitude,
            });
        }
        self.lu(Colonne::Position, |texte| {
            let (latitude, longitude) = texte.split_once(',')?;
            Some(Position {
                latitude: degres(latitude, 90.0)?,
                longitude: degres(longitude, 180.0)?,
            })
        })
    }

    /// A value that may be missing: none when it is empty; unreadable, it is noted and left out.
    fn lu<T>(&mut self, colonne: Colonne, lire: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let octets = self.colonnes.octets(self.ligne, colonne);
        if octets.is_empty() {
            return None;
        }
        let valeur = std::str::from_utf8(octets).ok().and_then(lire);
        if valeur.is_none() {
            self.ignorer(colonne);
        }
        valeur
    }

    fn ignorer(&mut self, colonne: Colonne) {
        self.remarques.push(Ligne {
            numero: self.numero,
            champ: colonne.nom(),
            faute: Faute::Ignoree,
        });
    }
}
