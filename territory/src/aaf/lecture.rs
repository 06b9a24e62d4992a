//! What records of persons become: hashes and ranks, on the spot.

use frequent_plan::Cle;

use super::enregistrement::{Enregistrement, Operation, Requete};
use super::faute::{Faute, Raison};
use super::nom::{Categorie, Genre};
use super::personnes::{Fiche, Rangs, Registre};

const RATTACHEMENT: &str = "ENTPersonStructRattach";
const FONCTIONS: &str = "ENTPersonFonctions";
const ENSEIGNANT: &str = "ENTPersonCategorieEnseignant";
const PARENTS: &str = "ENTEleveAutoriteParentale";
const ELEVES: &str = "ENTPersRelEleveEleve";
const ID: &str = "identifier";

/// Longest joining identifier: anything longer is something else.
const ID_MAX: usize = 64;

/// Functions that are teaching.
const ENSEIGNEMENT: [&str; 2] = ["ENS", "DOC"];

/// The fields read of a category of persons.
pub(super) fn champs(categorie: Categorie) -> &'static [&'static str] {
    match categorie {
        Categorie::EtabEducNat => &super::structures::CHAMPS,
        Categorie::Eleve => &[RATTACHEMENT, PARENTS],
        Categorie::PersEducNat => &[RATTACHEMENT, FONCTIONS, ENSEIGNANT],
        Categorie::PersRelEleve => &[ELEVES],
    }
}

/// Reads the persons of a category.
pub(super) struct Lectrice<'l> {
    pub(super) cle: &'l Cle,
    pub(super) rangs: &'l mut Rangs,
    pub(super) registre: &'l mut Registre,
    pub(super) categorie: Categorie,
    pub(super) genre: Genre,
}

impl Lectrice<'_> {
    /// Does what a record asks.
    ///
    /// # Errors
    /// The record cannot be used; nothing is changed.
    pub(super) fn appliquer(&mut self, enregistrement: &Enregistrement) -> Result<(), Faute> {
        let id = enregistrement.id();
        if id.is_empty() {
            return Err(enregistrement.fautif(ID, Raison::Absente));
        }
        if id.len() > ID_MAX {
            return Err(enregistrement.fautif(ID, Raison::Invalide));
        }
        let personne = self.cle.jointure(self.categorie.numero(), id);
        let inconnu = || enregistrement.fautif(ID, Raison::Inconnu);
        match (enregistrement.requete(), self.genre) {
            (Requete::Ajout, genre) => {
                let mut fiche = Fiche::default();
                self.remplir(&mut fiche, enregistrement)?;
                match genre {
                    Genre::Complet => self.registre.ajouter(personne, &fiche),
                    Genre::Delta => self.registre.changer(personne, Some(fiche)),
                }
            }
            (_, Genre::Complet) => return Err(enregistrement.fautif("", Raison::Complet)),
            (Requete::Modification, Genre::Delta) => {
                let mut fiche = self.registre.lire(personne).ok_or_else(inconnu)?;
                self.remplir(&mut fiche, enregistrement)?;
                self.registre.changer(personne, Some(fiche));
            }
            (Requete::Suppression, Genre::Delta) => {
                self.registre.lire(personne).ok_or_else(inconnu)?;
                self.registre.changer(personne, None);
            }
        }
        Ok(())
    }

    fn remplir(&mut self, fiche: &mut Fiche, enregistrement: &Enregistrement) -> Result<(), Faute> {
        for (nom, operation, valeurs) in enregistrement.champs() {
            match nom {
                RATTACHEMENT => {
                    let rangs = valeurs
                        .map(|valeur| self.rangs.rang(self.cle, valeur))
                        .collect();
                    changer(&mut fiche.structures, operation, rangs);
                }
                FONCTIONS => {
                    let lues = valeurs.filter_map(|valeur| {
                        let mut parties = valeur.split('$').map(str::trim);
                        let structure = parties.next().filter(|s| !s.is_empty())?;
                        let code = parties.next().unwrap_or_default();
                        Some((
                            self.rangs.rang(self.cle, structure),
                            ENSEIGNEMENT.contains(&code),
                        ))
                    });
                    changer_fonctions(&mut fiche.fonctions, operation, lues.collect());
                }
                ENSEIGNANT => {
                    let lu = valeurs.last().map(|valeur| match valeur {
                        "O" | "o" => Ok(true),
                        "N" | "n" => Ok(false),
                        _ => Err(enregistrement.fautif(ENSEIGNANT, Raison::Invalide)),
                    });
                    fiche.enseignant = match operation {
                        Operation::Supprimer => None,
                        _ => lu.transpose()?,
                    };
                }
                PARENTS => self.lier(fiche, Categorie::PersRelEleve, operation, valeurs),
                ELEVES => self.lier(fiche, Categorie::Eleve, operation, valeurs),
                _ => {}
            }
        }
        Ok(())
    }

    /// Links to other persons: what follows `$` says what kind of link it is.
    fn lier<'v>(
        &self,
        fiche: &mut Fiche,
        vers: Categorie,
        operation: Operation,
        valeurs: impl Iterator<Item = &'v str>,
    ) {
        let liens = valeurs
            .filter_map(|valeur| valeur.split('$').next().map(str::trim))
            .filter(|id| !id.is_empty())
            .map(|id| self.cle.jointure(vers.numero(), id))
            .collect();
        changer(&mut fiche.liens, operation, liens);
    }
}

/// Does an operation on a set of values.
fn changer<T: PartialEq>(connues: &mut Vec<T>, operation: Operation, lues: Vec<T>) {
    match operation {
        Operation::Supprimer if lues.is_empty() => connues.clear(),
        Operation::Supprimer => connues.retain(|connue| !lues.contains(connue)),
        Operation::Remplacer | Operation::Ajouter => {
            if operation == Operation::Remplacer {
                connues.clear();
            }
            for lue in lues {
                if !connues.contains(&lue) {
                    connues.push(lue);
                }
            }
        }
    }
}

/// Functions of one structure may be several that look the same once reduced: they are counted, so
/// that one of them can go and the others stay.
fn changer_fonctions(connues: &mut Vec<(u32, bool)>, operation: Operation, lues: Vec<(u32, bool)>) {
    match operation {
        Operation::Supprimer if lues.is_empty() => connues.clear(),
        Operation::Supprimer => {
            for lue in lues {
                if let Some(place) = connues.iter().position(|connue| *connue == lue) {
                    connues.swap_remove(place);
                }
            }
        }
        Operation::Remplacer => *connues = lues,
        Operation::Ajouter => connues.extend(lues),
    }
}
