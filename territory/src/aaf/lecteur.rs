//! The XML of a file, read as a stream: one record at a time, whatever the file's size.
//!
//! Nothing outside the file is ever opened: a DOCTYPE that only names its DTD is passed over, one
//! that declares anything is refused, and so is any entity but the five of XML. The values of fields
//! that nobody asked for are never copied. A record that cannot be used is given with its fault and
//! reading goes on; malformed XML ends the file, since nothing after it can be trusted.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::enregistrement::{Enregistrement, Operation, Requete};
use super::faute::{Faute, Raison};
use super::flux::Flux;

const RACINE: &str = "ficAlimMENESR";
const PROFONDEUR_MAX: usize = 16;

/// Where in a record reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lieu {
    Racine,
    Requete,
    Operationnels,
    Identifiant,
    Attributs,
    Modifications,
    /// `attr` or `modification` of a field asked for.
    Champ,
    /// `attr` that gives the category.
    CategorieStructure,
    Id(usize),
    Categorie(usize),
    Valeur(usize),
    /// Anything else, passed over.
    Ailleurs,
}

/// Reads the records of a file.
pub struct Lecteur<'i, R: Read> {
    xml: Reader<Flux<R>>,
    tampon: Vec<u8>,
    pile: Vec<Lieu>,
    interets: &'i [&'static str],
    enregistrement: Enregistrement,
    commence: bool,
}

impl<'i, R: Read> Lecteur<'i, R> {
    /// Opens a file, of whose records only these fields are wanted.
    ///
    /// # Errors
    /// The encoding is unknown, or nothing can be read.
    pub fn ouvrir(source: R, interets: &'i [&'static str]) -> Result<Self, Faute> {
        let flux = Flux::ouvrir(source).map_err(|raison| Faute {
            ligne: 1,
            champ: "",
            raison,
        })?;
        let mut xml = Reader::from_reader(flux);
        xml.config_mut().expand_empty_elements = true;
        Ok(Self {
            xml,
            tampon: Vec::new(),
            pile: Vec::new(),
            interets,
            enregistrement: Enregistrement::default(),
            commence: false,
        })
    }

    /// How many lines the file has, once it is read.
    pub fn lignes(&self) -> u64 {
        self.xml.get_ref().lignes()
    }

    /// The next record, with its fault if it has one; none at the end.
    ///
    /// # Errors
    /// Nothing more can be read of this file.
    pub fn suivant(&mut self) -> Result<Option<&Enregistrement>, Faute> {
        loop {
            match self.avancer() {
                Ok(Pas::Encore) => {}
                Ok(Pas::Enregistrement) => return Ok(Some(&self.enregistrement)),
                Ok(Pas::Fin) => return Ok(None),
                Err(raison) => {
                    let flux = self.xml.get_ref();
                    return Err(Faute {
                        ligne: flux.ligne(),
                        champ: "",
                        raison: flux.faute().unwrap_or(raison),
                    });
                }
            }
        }
    }

    fn avancer(&mut self) -> Result<Pas, Raison> {
        self.tampon.clear();
        let ligne = self.xml.get_ref().ligne();
        let lu = self
            .xml
            .read_event_into(&mut self.tampon)
            .map_err(|faute| raison(&faute))?;
        let issue = match lu {
            Event::Start(balise) => {
                let parent = self.pile.last().copied();
                let lieu = ouvrir(
                    parent,
                    &balise,
                    ligne,
                    &mut self.enregistrement,
                    self.interets,
                )?;
                self.commence = true;
                self.pile.push(lieu);
                if self.pile.len() > PROFONDEUR_MAX {
                    return Err(Raison::Profondeur);
                }
                Pas::Encore
            }
            Event::End(_) => match self.pile.pop() {
                None => return Err(Raison::MalForme),
                Some(lieu) => fermer(lieu, self.pile.len(), ligne, &mut self.enregistrement),
            },
            Event::Text(texte) => {
                if garde(&self.pile) {
                    self.enregistrement.pousser(&texte, ligne);
                }
                Pas::Encore
            }
            Event::CData(texte) => {
                if garde(&self.pile) {
                    self.enregistrement.pousser(&texte, ligne);
                }
                Pas::Encore
            }
            Event::GeneralRef(reference) => {
                let caractere = caractere(&reference)?;
                if garde(&self.pile) {
                    let enregistrement = &mut self.enregistrement;
                    enregistrement.pousser(caractere.encode_utf8(&mut [0; 4]), ligne);
                }
                Pas::Encore
            }
            Event::DocType(declaration) => {
                if declaration.contains('[') || self.commence {
                    return Err(Raison::Doctype);
                }
                Pas::Encore
            }
            Event::Eof if self.commence && self.pile.is_empty() => Pas::Fin,
            Event::Eof => return Err(Raison::Tronque),
            // Comments and the declaration say nothing here; instructions are for others.
            _ => Pas::Encore,
        };
        self.xml.get_mut().evenement_fini();
        Ok(issue)
    }
}

enum Pas {
    Encore,
    Enregistrement,
    Fin,
}

/// The text being read belongs to a value that is kept.
fn garde(pile: &[Lieu]) -> bool {
    matches!(
        pile.last(),
        Some(Lieu::Valeur(_) | Lieu::Id(_) | Lieu::Categorie(_))
    )
}

fn ouvrir(
    parent: Option<Lieu>,
    balise: &BytesStart<'_>,
    ligne: u64,
    enregistrement: &mut Enregistrement,
    interets: &[&'static str],
) -> Result<Lieu, Raison> {
    let nom = balise.name();
    let nom: &str = nom.as_ref();
    let texte = enregistrement.debut_texte();
    Ok(match (parent, nom) {
        (None, RACINE) => Lieu::Racine,
        (None, _) => return Err(Raison::Racine),
        (Some(Lieu::Racine), requete) => {
            let requete = match requete {
                "addRequest" => Requete::Ajout,
                "modifyRequest" => Requete::Modification,
                "deleteRequest" => Requete::Suppression,
                _ => return Err(Raison::Requete),
            };
            enregistrement.commencer(requete, ligne);
            Lieu::Requete
        }
        (Some(Lieu::Requete), "operationalAttributes") => Lieu::Operationnels,
        (Some(Lieu::Requete), "identifier") => Lieu::Identifiant,
        (Some(Lieu::Requete), "attributes") => Lieu::Attributs,
        (Some(Lieu::Requete), "modifications") => Lieu::Modifications,
        (Some(Lieu::Identifiant), "id") => Lieu::Id(texte),
        (Some(Lieu::Operationnels), "attr")
            if attribut(balise, "name").is_some_and(|n| n.starts_with("categorie")) =>
        {
            Lieu::CategorieStructure
        }
        (Some(Lieu::CategorieStructure), "value") => Lieu::Categorie(texte),
        (Some(Lieu::Attributs), "attr") => champ(
            balise,
            Some(Operation::Remplacer),
            ligne,
            enregistrement,
            interets,
        ),
        (Some(Lieu::Modifications), "modification") => {
            let operation = match attribut(balise, "operation").as_deref() {
                Some("add") => Some(Operation::Ajouter),
                Some("delete") => Some(Operation::Supprimer),
                Some("replace") => Some(Operation::Remplacer),
                _ => None,
            };
            champ(balise, operation, ligne, enregistrement, interets)
        }
        (Some(Lieu::Champ), "value") => Lieu::Valeur(texte),
        _ => Lieu::Ailleurs,
    })
}

fn champ(
    balise: &BytesStart<'_>,
    operation: Option<Operation>,
    ligne: u64,
    enregistrement: &mut Enregistrement,
    interets: &[&'static str],
) -> Lieu {
    enregistrement.rencontrer(ligne);
    let nom = attribut(balise, "name");
    let voulu = interets
        .iter()
        .find(|interet| nom.as_deref() == Some(**interet));
    match (voulu, operation) {
        (None, _) => Lieu::Ailleurs,
        (Some(nom), None) => {
            enregistrement.refuser(ligne, nom, Raison::Operation);
            Lieu::Ailleurs
        }
        (Some(nom), Some(operation)) => {
            enregistrement.ouvrir_champ(nom, operation);
            Lieu::Champ
        }
    }
}

fn fermer(lieu: Lieu, profondeur: usize, ligne: u64, enregistrement: &mut Enregistrement) -> Pas {
    match lieu {
        Lieu::Valeur(debut) => enregistrement.fermer_valeur(debut, ligne),
        Lieu::Id(debut) => enregistrement.fermer_id(debut, ligne),
        Lieu::Categorie(debut) => enregistrement.fermer_categorie(debut, ligne),
        Lieu::Requete if profondeur == 1 => return Pas::Enregistrement,
        _ => {}
    }
    Pas::Encore
}

fn attribut<'b>(balise: &'b BytesStart<'_>, nom: &str) -> Option<std::borrow::Cow<'b, str>> {
    Some(balise.try_get_attribute(nom).ok()??.value)
}

/// What a reference stands for: a character by its number, or one of XML's five.
fn caractere(reference: &BytesRef<'_>) -> Result<char, Raison> {
    let nom: &str = reference;
    if let Some(numero) = nom.strip_prefix('#') {
        let lu = match numero.strip_prefix('x') {
            Some(hexa) => u32::from_str_radix(hexa, 16),
            None => numero.parse(),
        };
        return lu
            .ok()
            .and_then(char::from_u32)
            .filter(|c| *c != '\0')
            .ok_or(Raison::MalForme);
    }
    match nom {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Raison::Entite),
    }
}

/// Markup that has no end was cut: all of it is said of the end of the input.
fn raison(faute: &quick_xml::Error) -> Raison {
    match faute {
        quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => Raison::MalForme,
        quick_xml::Error::Syntax(_) => Raison::Tronque,
        _ => Raison::MalForme,
    }
}
