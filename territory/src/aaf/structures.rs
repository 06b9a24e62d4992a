//! Structures of the feed: schools, circonscriptions, DSDEN and rectorat, under their joining
//! identifiers.

use std::collections::BTreeMap;

use frequent_plan::Uai;
use rustc_hash::FxHashMap;

use super::enregistrement::{Enregistrement, Operation, Requete};
use super::faute::{Faute, Raison};
use super::nom::Genre;
use crate::recherche::plier;

const UAI: &str = "ENTStructureUAI";
const ID: &str = "identifier";

/// The fields read of structures, in the order of [`Structure::textes`].
pub(super) const CHAMPS: [&str; 10] = [
    UAI,
    "ENTStructureNomCourant",
    "ENTStructureTypeStruct",
    "ENTEcoleCirconscription",
    "ENTEcoleCommune",
    "ENTEcoleSecteur",
    "ENTEcoleMinistereTutelle",
    "ENTEcoleRPI",
    "ENTServAcAcademie",
    "ENTStructureSIREN",
];

/// A structure, as the feed describes it; a field that it does not give is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Structure {
    textes: [String; CHAMPS.len()],
}

/// What a structure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A school; its type as the open directory writes it.
    Etablissement(&'static str),
    /// A circonscription.
    Circonscription,
    /// DSDEN, rectorat, other services.
    Service,
}

impl Structure {
    pub(super) fn de_textes(textes: [String; CHAMPS.len()]) -> Self {
        Self { textes }
    }

    pub(super) fn textes(&self) -> &[String; CHAMPS.len()] {
        &self.textes
    }

    /// Its identifier, if it has a valid one.
    #[must_use]
    pub fn uai(&self) -> Option<Uai> {
        self.textes[0].parse().ok()
    }

    /// Its name: sub-fields are separated by a blank.
    #[must_use]
    pub fn nom(&self) -> String {
        self.textes[1]
            .split('$')
            .map(str::trim)
            .filter(|m| !m.is_empty())
            .fold(String::new(), |nom, mot| {
                if nom.is_empty() {
                    mot.to_owned()
                } else {
                    nom + " " + mot
                }
            })
    }

    /// Its type, as the feed writes it.
    #[must_use]
    pub fn type_struct(&self) -> &str {
        &self.textes[2]
    }

    /// The joining identifier of its circonscription.
    #[must_use]
    pub fn circonscription(&self) -> &str {
        &self.textes[3]
    }

    /// Its commune, a code or a name.
    #[must_use]
    pub fn commune(&self) -> &str {
        &self.textes[4]
    }

    /// Public or private, as the feed writes it.
    #[must_use]
    pub fn secteur(&self) -> &str {
        &self.textes[5]
    }

    /// The ministry it answers to.
    #[must_use]
    pub fn ministere(&self) -> &str {
        &self.textes[6]
    }

    /// Its grouping of schools (RPI).
    #[must_use]
    pub fn rpi(&self) -> &str {
        &self.textes[7]
    }

    /// Its académie.
    #[must_use]
    pub fn academie(&self) -> &str {
        &self.textes[8]
    }

    /// What it is, by its type.
    #[must_use]
    pub fn nature(&self) -> Nature {
        let type_ = plier(self.type_struct());
        let commence = |debut: &str| type_.starts_with(debut);
        if commence("circonscription") || type_.contains("ien 1er degre") {
            Nature::Circonscription
        } else if commence("ecole") {
            Nature::Etablissement("Ecole")
        } else if commence("college") {
            Nature::Etablissement("Collège")
        } else if commence("lycee") {
            Nature::Etablissement("Lycée")
        } else if commence("erea") || commence("etablissement regional d enseignement adapte") {
            Nature::Etablissement("EREA")
        } else if ["dsden", "rectorat", "service", "inspection", "direction"]
            .iter()
            .any(|debut| commence(debut))
        {
            Nature::Service
        } else {
            Nature::Etablissement("Autre")
        }
    }

    /// Applies the fields of a record.
    fn appliquer(&mut self, enregistrement: &Enregistrement) -> Result<(), Faute> {
        for (nom, operation, mut valeurs) in enregistrement.champs() {
            let Some(place) = CHAMPS.iter().position(|champ| *champ == nom) else {
                continue;
            };
            let valeur = valeurs.next().unwrap_or_default();
            match operation {
                Operation::Supprimer => self.textes[place].clear(),
                Operation::Ajouter if valeur.is_empty() => {}
                Operation::Remplacer | Operation::Ajouter => {
                    valeur.clone_into(&mut self.textes[place]);
                }
            }
        }
        if !self.textes[0].is_empty() && self.uai().is_none() {
            return Err(enregistrement.fautif(UAI, Raison::Invalide));
        }
        Ok(())
    }
}

/// The structures of a feed, by joining identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Structures(BTreeMap<String, Structure>);

impl FromIterator<(String, Structure)> for Structures {
    fn from_iter<T: IntoIterator<Item = (String, Structure)>>(structures: T) -> Self {
        Self(structures.into_iter().collect())
    }
}

impl Structures {
    /// Does what a record asks.
    ///
    /// # Errors
    /// The record cannot be used; nothing is changed.
    pub(super) fn appliquer(
        &mut self,
        genre: Genre,
        enregistrement: &Enregistrement,
    ) -> Result<(), Faute> {
        let id = enregistrement.id();
        if id.is_empty() {
            return Err(enregistrement.fautif(ID, Raison::Absente));
        }
        match enregistrement.requete() {
            Requete::Ajout => {
                let mut structure = Structure::default();
                structure.appliquer(enregistrement)?;
                self.0.insert(id.to_owned(), structure);
            }
            _ if genre == Genre::Complet => {
                return Err(enregistrement.fautif("", Raison::Complet));
            }
            Requete::Modification => {
                let connue = self.0.get_mut(id);
                let connue = connue.ok_or_else(|| enregistrement.fautif(ID, Raison::Inconnu))?;
                let mut structure = connue.clone();
                structure.appliquer(enregistrement)?;
                *connue = structure;
            }
            Requete::Suppression => {
                let otee = self.0.remove(id);
                otee.ok_or_else(|| enregistrement.fautif(ID, Raison::Inconnu))?;
            }
        }
        Ok(())
    }

    /// Every structure, by joining identifier.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Structure)> {
        self.0
            .iter()
            .map(|(id, structure)| (id.as_str(), structure))
    }

    /// A way to find structures by what refers to them.
    #[must_use]
    pub fn jointures(&self) -> Jointures<'_> {
        let mut sans_prefixe: FxHashMap<&str, Vec<&Structure>> = FxHashMap::default();
        for (id, structure) in &self.0 {
            sans_prefixe.entry(nu(id)).or_default().push(structure);
        }
        Jointures {
            exactes: &self.0,
            sans_prefixe,
        }
    }
}

/// Finds structures by joining identifier, with or without the académie's prefix.
#[derive(Debug)]
pub struct Jointures<'s> {
    exactes: &'s BTreeMap<String, Structure>,
    sans_prefixe: FxHashMap<&'s str, Vec<&'s Structure>>,
}

impl<'s> Jointures<'s> {
    /// The structure that this text refers to: the one of this very identifier or, when one side
    /// alone has the prefix, the only one that is the same without it.
    #[must_use]
    pub fn trouver(&self, reference: &str) -> Option<&'s Structure> {
        if let Some(structure) = self.exactes.get(reference) {
            return Some(structure);
        }
        match self.sans_prefixe.get(nu(reference))?.as_slice() {
            [seule] => Some(seule),
            _ => None,
        }
    }
}

/// A joining identifier without the académie's prefix: what follows the last separator.
pub(super) fn nu(id: &str) -> &str {
    id.rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_followed_with_or_without_the_prefix() {
        let structures: Structures = ["11-52001", "11-52900", "16-52900", "7"]
            .into_iter()
            .map(|id| (id.to_owned(), Structure::default()))
            .collect();
        let jointures = structures.jointures();
        for connue in [
            "11-52001",
            "52001",
            "MONTPELLIER:52001",
            "11-52900",
            "7",
            "11-7",
        ] {
            assert!(jointures.trouver(connue).is_some(), "{connue}");
        }
        for inconnue in ["52900", "12-52900", "", "8"] {
            assert!(jointures.trouver(inconnue).is_none(), "{inconnue}");
        }
    }
}
