//! Whom to visit this week: a few schools, each with one plain reason.
//!
//! The same figures give the same list: it changes with the week, never with the hour.

use std::collections::BTreeSet;

use frequent_plan::{Jour, Uai};
use serde::Serialize;
use utoipa::ToSchema;

use super::dates::date;
use super::{Repartition, Venue};

/// Most schools of a week.
pub(crate) const ECOLES_MAX: usize = 10;
/// School weeks that a list is made on.
pub(crate) const SEMAINES: usize = 4;
/// Days under a convention before a silent school is one to call.
const PATIENCE: i32 = 28;
/// Fewest visits, over the weeks of last year, of which a fall is told.
const VISITES_MIN: i64 = 80;

/// Why a school is on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Raison {
    /// Under a convention for four weeks or more, and nobody ever came.
    JamaisCommence,
    /// Half the visits of the same school weeks last year, or fewer.
    Chute,
    /// Teachers come, and no parent.
    SansParents,
    /// Teachers and parents come every week, more than elsewhere: it could tell others.
    Exemple,
}

/// How many schools of each reason come first, so that no reason hides the others; places left go to
/// the next of each in turn, the most pressing reason first.
const PARTS: [(Raison, usize); 4] = [
    (Raison::JamaisCommence, 3),
    (Raison::Chute, 3),
    (Raison::SansParents, 3),
    (Raison::Exemple, 1),
];

/// What is known of a school under a convention.
#[derive(Debug, Clone)]
pub(crate) struct Situation {
    /// The school.
    pub(crate) uai: Uai,
    /// Since when it is under a convention.
    pub(crate) depuis: Jour,
    /// Whether someone ever came since.
    pub(crate) deja_visitee: bool,
    /// Who came in each of the last school weeks that are over.
    pub(crate) venues: [Venue; SEMAINES],
    /// Visits over these weeks; none where one is masked or not measured.
    pub(crate) visites: Option<i64>,
    /// Visits over the same school weeks a year before; the same.
    pub(crate) visites_avant: Option<i64>,
    /// Its pupils.
    pub(crate) eleves: Option<u64>,
}

/// A school to visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conseil {
    /// The school.
    pub(crate) uai: Uai,
    /// Why.
    pub(crate) raison: Raison,
    /// Why, in a sentence.
    pub(crate) phrase: String,
    /// Since when, where that is known.
    pub(crate) depuis: Option<Jour>,
}

impl Situation {
    /// The reason to visit it this week, and how strong it is; none for most schools.
    pub(crate) fn raison(&self, lundi: Jour, seuil_exemple: Option<f64>) -> Option<(Raison, i64)> {
        if !self.deja_visitee {
            let jours = lundi.epoque() - self.depuis.epoque();
            return (jours >= PATIENCE).then(|| (Raison::JamaisCommence, i64::from(jours)));
        }
        if let Some((visites, avant)) = self.visites.zip(self.visites_avant)
            && avant >= VISITES_MIN
            && 2 * visites <= avant
        {
            return Some((Raison::Chute, avant - visites));
        }
        let semaines = |vue: fn(&Venue) -> bool| self.venues.iter().filter(|v| vue(v)).count();
        let (enseignants, parents) = (semaines(|v| v.enseignants), semaines(|v| v.parents));
        if enseignants + 1 >= SEMAINES && parents == 0 {
            return Some((Raison::SansParents, self.visites.unwrap_or_default()));
        }
        let assez = self.par_eleve().zip(seuil_exemple);
        let exemplaire = assez.is_some_and(|(sienne, seuil)| sienne >= seuil);
        (enseignants == SEMAINES && parents == SEMAINES && exemplaire)
            .then(|| (Raison::Exemple, tirage(self.uai, lundi)))
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn par_eleve(&self) -> Option<f64> {
        let eleves = self.eleves.filter(|n| *n > 0)?;
        Some(self.visites? as f64 / eleves as f64)
    }

    fn conseil(&self, raison: Raison, semaines: &[Jour]) -> Conseil {
        let (phrase, depuis) = match raison {
            Raison::JamaisCommence => (
                format!(
                    "Sous convention depuis le {}, aucune visite à ce jour.",
                    date(self.depuis)
                ),
                Some(self.depuis),
            ),
            Raison::Chute => (self.dire_chute(), None),
            Raison::SansParents => (
                "Des enseignants viennent chaque semaine ou presque ; aucun parent n’est venu sur les quatre dernières semaines de classe.".to_owned(),
                semaines.first().copied(),
            ),
            Raison::Exemple => (
                "Enseignants et parents viennent chaque semaine, plus qu’ailleurs : l’école pourrait en parler aux autres.".to_owned(),
                semaines.first().copied(),
            ),
        };
        Conseil {
            uai: self.uai,
            raison,
            phrase,
            depuis,
        }
    }

    fn dire_chute(&self) -> String {
        let (visites, avant) = self.visites.zip(self.visites_avant).unwrap_or_default();
        let baisse = 100 * (avant - visites) / avant.max(1);
        format!(
            "{visites}\u{a0}visite{} sur les quatre dernières semaines de classe, contre {avant} les mêmes semaines l’an dernier (−{baisse}\u{202f}%).",
            if visites > 1 { "s" } else { "" }
        )
    }
}

/// A number that changes with the week, so that the same example is not given every week.
fn tirage(uai: Uai, lundi: Jour) -> i64 {
    let mut melange = i64::from(lundi.epoque());
    for octet in uai.as_str().bytes() {
        melange = (melange * 31 + i64::from(octet)) % 1_000_003;
    }
    melange
}

/// The schools to visit in the week of a Monday, less those to leave in peace: at most
/// [`ECOLES_MAX`], in the order of reasons, the strongest first.
pub(crate) fn choisir(
    situations: &[Situation],
    (lundi, semaines): (Jour, &[Jour]),
    en_paix: &BTreeSet<Uai>,
) -> Vec<Conseil> {
    let seuil = seuil_exemple(situations);
    let mut files = PARTS.map(|(raison, part)| (raison, part, Vec::new()));
    for situation in situations.iter().filter(|s| !en_paix.contains(&s.uai)) {
        let Some((raison, poids)) = situation.raison(lundi, seuil) else {
            continue;
        };
        let file = files.iter_mut().find(|(r, _, _)| *r == raison);
        if let Some((_, _, file)) = file {
            file.push((poids, situation));
        }
    }
    for (_, _, file) in &mut files {
        file.sort_by_key(|(poids, situation)| (std::cmp::Reverse(*poids), situation.uai));
    }
    let mut prises = files
        .each_ref()
        .map(|(_, part, file)| file.len().min(*part));
    // Leaders are one a week: places left go to the other reasons.
    let mut reste = ECOLES_MAX - prises.iter().sum::<usize>();
    loop {
        let avant = reste;
        for (prise, (raison, _, file)) in prises.iter_mut().zip(&files) {
            if *raison != Raison::Exemple && *prise < file.len() && reste > 0 {
                *prise += 1;
                reste -= 1;
            }
        }
        if reste == avant {
            break;
        }
    }
    let choisies = files
        .iter()
        .zip(prises)
        .flat_map(|((raison, _, file), prise)| {
            let siennes = file.iter().take(prise);
            siennes.map(move |(_, situation)| situation.conseil(*raison, semaines))
        });
    choisies.collect()
}

/// Visits per pupil from which a school may be an example: a quarter of the schools reach it. None
/// when too few can be set beside each other.
pub(crate) fn seuil_exemple(situations: &[Situation]) -> Option<f64> {
    let valeurs = situations.iter().filter_map(Situation::par_eleve).collect();
    Repartition::de(valeurs).map(|r| r.q3)
}

#[cfg(test)]
#[path = "tournee_tests.rs"]
mod tests;
