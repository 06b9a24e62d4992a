//! What an account may see.

use std::collections::BTreeSet;

use frequent_plan::vocabulaire::CODE_NATIONAL;
use frequent_plan::{Niveau, Uai};

use crate::annuaire::Annuaire;

/// A perimeter (*périmètre d'exercice*): territories of any levels, schools named one by one, or
/// both together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Perimetre {
    territoires: BTreeSet<(Niveau, String)>,
    ecoles: BTreeSet<Uai>,
}

impl Perimetre {
    /// The perimeter of these territories and these schools.
    #[must_use]
    pub fn new(
        territoires: impl IntoIterator<Item = (Niveau, String)>,
        ecoles: impl IntoIterator<Item = Uai>,
    ) -> Self {
        Self {
            territoires: territoires.into_iter().collect(),
            ecoles: ecoles.into_iter().collect(),
        }
    }

    /// The perimeter of one territory.
    #[must_use]
    pub fn territoire(niveau: Niveau, code: &str) -> Self {
        Self::new([(niveau, code.to_owned())], [])
    }

    /// Its territories.
    #[must_use]
    pub fn territoires(&self) -> &BTreeSet<(Niveau, String)> {
        &self.territoires
    }

    /// The schools it names one by one.
    #[must_use]
    pub fn ecoles(&self) -> &BTreeSet<Uai> {
        &self.ecoles
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn est_vide(&self) -> bool {
        self.territoires.is_empty() && self.ecoles.is_empty()
    }

    /// Whether the whole country is in it.
    #[must_use]
    pub fn est_national(&self) -> bool {
        let mut niveaux = self.territoires.iter().map(|(niveau, _)| *niveau);
        niveaux.any(|niveau| niveau == Niveau::National)
    }

    /// Adds what is in another.
    pub fn joindre(&mut self, autre: Self) {
        self.territoires.extend(autre.territoires);
        self.ecoles.extend(autre.ecoles);
    }

    /// What of this perimeter is also in another.
    #[must_use]
    pub fn dans(&self, annuaire: &Annuaire, autre: &Self) -> Self {
        let territoires = self.territoires.iter();
        let ecoles = self.ecoles.iter();
        Self::new(
            territoires
                .filter(|(niveau, code)| autre.tient(annuaire, *niveau, code))
                .cloned(),
            ecoles
                .filter(|uai| autre.contient_ecole(annuaire, **uai))
                .copied(),
        )
    }

    /// Whether a school is in the perimeter. One that the directory does not know is only in the
    /// whole country, or in a set that names it.
    #[must_use]
    pub fn contient_ecole(&self, annuaire: &Annuaire, uai: Uai) -> bool {
        self.ecoles.contains(&uai)
            || self.territoires.iter().any(|(niveau, code)| match niveau {
                Niveau::National => code == CODE_NATIONAL,
                Niveau::Ecole => code == uai.as_str(),
                autre => annuaire.code(uai, *autre) == Some(code),
            })
    }

    /// Whether a territory is whole in the perimeter: it is one of it, or all its schools are in
    /// it. A territory that is there in part is not: its figures would tell about other schools.
    #[must_use]
    pub fn contient(&self, annuaire: &Annuaire, niveau: Niveau, code: &str) -> bool {
        if self.nomme(niveau, code) {
            return true;
        }
        if niveau == Niveau::Ecole {
            return code
                .parse()
                .is_ok_and(|uai| self.contient_ecole(annuaire, uai));
        }
        // The country also holds the schools that the directory does not know.
        if niveau == Niveau::National {
            return false;
        }
        let mut ecoles = annuaire.ecoles_de(niveau, code).peekable();
        ecoles.peek().is_some() && ecoles.all(|e| self.contient_ecole(annuaire, e.uai))
    }

    /// Whether another perimeter is in this one and will stay so: whoever is given it never sees
    /// more than whoever gives it, even once schools have opened.
    ///
    /// A set of schools that happens to be all those of a commune today does not hold the commune:
    /// a school that opens there tomorrow would be in one and not in the other.
    #[must_use]
    pub fn inclut(&self, annuaire: &Annuaire, autre: &Self) -> bool {
        autre
            .territoires
            .iter()
            .all(|(niveau, code)| self.tient(annuaire, *niveau, code))
            && autre
                .ecoles
                .iter()
                .all(|uai| self.contient_ecole(annuaire, *uai))
    }

    /// Whether a territory is one of the perimeter, or nested in one of them.
    fn tient(&self, annuaire: &Annuaire, niveau: Niveau, code: &str) -> bool {
        if self.nomme(niveau, code) {
            return true;
        }
        if niveau == Niveau::Ecole {
            return code
                .parse()
                .is_ok_and(|uai| self.contient_ecole(annuaire, uai));
        }
        self.territoires.iter().any(|(large, code_large)| {
            emboite(*large, niveau)
                && annuaire.territoire(niveau, code).is_some()
                && (*large == Niveau::National
                    || annuaire
                        .ecoles_de(niveau, code)
                        .all(|e| annuaire.code(e.uai, *large) == Some(code_large)))
        })
    }

    fn nomme(&self, niveau: Niveau, code: &str) -> bool {
        let mut territoires = self.territoires.iter();
        territoires.any(|(n, c)| *n == niveau && c == code)
    }
}

/// Whether territories of one level are each inside one territory of another, by law and not by
/// chance: a commune may be in two circonscriptions, a circonscription in several communes.
fn emboite(large: Niveau, etroit: Niveau) -> bool {
    let rang = |niveau| match niveau {
        Niveau::National => 0,
        Niveau::Region => 1,
        Niveau::Academie => 2,
        Niveau::Departement => 3,
        Niveau::Circonscription | Niveau::Commune => 4,
        Niveau::Ecole => 5,
    };
    rang(large) < rang(etroit)
}

#[cfg(test)]
#[path = "perimetre_tests.rs"]
mod tests;
