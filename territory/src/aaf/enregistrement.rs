//! One request of a file: of all it holds, only the fields asked for.

use std::ops::Range;

use super::faute::{Faute, Raison};

/// What a request asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requete {
    /// A new object, or an object whole.
    Ajout,
    /// Changes of an object.
    Modification,
    /// An object goes.
    Suppression,
}

/// What a change does to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// These values and no other.
    Remplacer,
    /// These values too.
    Ajouter,
    /// These values no longer; all of them when none is named.
    Supprimer,
}

/// Most fields of a record, kept or not.
const CHAMPS_MAX: usize = 2_000;
/// Most values of a record.
const VALEURS_MAX: usize = 20_000;
/// Most text of a record, in bytes.
const TEXTE_MAX: usize = 1 << 20;

#[derive(Debug, Clone)]
struct Champ {
    nom: &'static str,
    operation: Operation,
    valeurs: Range<usize>,
}

/// A record, in buffers used again for the next one.
#[derive(Debug)]
pub struct Enregistrement {
    requete: Requete,
    ligne: u64,
    texte: String,
    valeurs: Vec<Range<usize>>,
    champs: Vec<Champ>,
    id: Range<usize>,
    categorie: Range<usize>,
    /// Fields met, the ignored ones included.
    rencontres: usize,
    faute: Option<Faute>,
}

impl Default for Enregistrement {
    fn default() -> Self {
        Self {
            requete: Requete::Ajout,
            ligne: 0,
            texte: String::new(),
            valeurs: Vec::new(),
            champs: Vec::new(),
            id: 0..0,
            categorie: 0..0,
            rencontres: 0,
            faute: None,
        }
    }
}

impl Enregistrement {
    pub(super) fn commencer(&mut self, requete: Requete, ligne: u64) {
        self.requete = requete;
        self.ligne = ligne;
        self.texte.clear();
        self.valeurs.clear();
        self.champs.clear();
        self.id = 0..0;
        self.categorie = 0..0;
        self.rencontres = 0;
        self.faute = None;
    }

    /// One more field; the record is refused when there are too many.
    pub(super) fn rencontrer(&mut self, ligne: u64) {
        self.rencontres += 1;
        if self.rencontres > CHAMPS_MAX {
            self.refuser(ligne, "", Raison::Grandeur);
        }
    }

    pub(super) fn ouvrir_champ(&mut self, nom: &'static str, operation: Operation) {
        let debut = self.valeurs.len();
        self.champs.push(Champ {
            nom,
            operation,
            valeurs: debut..debut,
        });
    }

    /// Where the text of a value begins.
    pub(super) fn debut_texte(&self) -> usize {
        self.texte.len()
    }

    pub(super) fn pousser(&mut self, texte: &str, ligne: u64) {
        if self.texte.len() + texte.len() > TEXTE_MAX {
            self.refuser(ligne, "", Raison::Grandeur);
        } else {
            self.texte.push_str(texte);
        }
    }

    /// The value of the open field that began there; an empty one means none.
    pub(super) fn fermer_valeur(&mut self, debut: usize, ligne: u64) {
        let Some(place) = self.place(debut, ligne) else {
            return;
        };
        if self.valeurs.len() >= VALEURS_MAX {
            self.refuser(ligne, "", Raison::Grandeur);
        } else if let Some(champ) = self.champs.last_mut() {
            self.valeurs.push(place);
            champ.valeurs.end = self.valeurs.len();
        }
    }

    pub(super) fn fermer_id(&mut self, debut: usize, ligne: u64) {
        self.id = self.place(debut, ligne).unwrap_or_default();
    }

    pub(super) fn fermer_categorie(&mut self, debut: usize, ligne: u64) {
        self.categorie = self.place(debut, ligne).unwrap_or_default();
    }

    /// Where the text from there on is, without the blanks around it.
    fn place(&mut self, debut: usize, ligne: u64) -> Option<Range<usize>> {
        let brut = self.texte.get(debut..)?;
        if brut.contains(char::REPLACEMENT_CHARACTER) {
            let champ = self.champs.last().map_or("", |champ| champ.nom);
            self.refuser(ligne, champ, Raison::Texte);
            return None;
        }
        let sans_debut = brut.trim_start();
        let depart = self.texte.len() - sans_debut.len();
        let longueur = sans_debut.trim_end().len();
        (longueur > 0).then_some(depart..depart + longueur)
    }

    /// The record is not to be used; the first reason stays.
    pub(super) fn refuser(&mut self, ligne: u64, champ: &'static str, raison: Raison) {
        self.faute.get_or_insert(Faute {
            ligne,
            champ,
            raison,
        });
    }

    /// Why the record is not to be used, if so.
    #[must_use]
    pub fn faute(&self) -> Option<Faute> {
        self.faute
    }

    /// A fault in this record.
    #[must_use]
    pub fn fautif(&self, champ: &'static str, raison: Raison) -> Faute {
        Faute {
            ligne: self.ligne,
            champ,
            raison,
        }
    }

    /// What it asks.
    #[must_use]
    pub fn requete(&self) -> Requete {
        self.requete
    }

    /// The joining identifier; empty if there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.texte.get(self.id.clone()).unwrap_or_default()
    }

    /// The category that the record says; empty if it says none.
    #[must_use]
    pub fn categorie(&self) -> &str {
        self.texte.get(self.categorie.clone()).unwrap_or_default()
    }

    /// The fields asked for, in the order of the file.
    pub fn champs(
        &self,
    ) -> impl Iterator<Item = (&'static str, Operation, impl Iterator<Item = &str>)> {
        self.champs.iter().map(|champ| {
            let valeurs = self.valeurs.get(champ.valeurs.clone()).unwrap_or_default();
            let textes = valeurs
                .iter()
                .map(|place| self.texte.get(place.clone()).unwrap_or_default());
            (champ.nom, champ.operation, textes)
        })
    }
}
