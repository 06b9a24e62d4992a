//! Finding a territory by what one remembers of its name.
//!
//! Names are folded (no case, no accents, no punctuation) and cut into words; the index is the
//! sorted list of all distinct words with the territories of each. A query's rarest word gives the
//! candidates, the others filter them: a keystroke never reads the names of the whole country
//! again.

use std::cmp::Ordering;
use std::ops::Range;

use frequent_plan::Niveau;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::ecole::{Ecole, Etat};
use crate::territoire::Territoire;

/// A text without case, accents, ligatures or punctuation, its words separated by one space.
#[must_use]
pub fn plier(texte: &str) -> String {
    let mut plie = String::with_capacity(texte.len());
    for lettre in texte.nfd().filter(|c| !is_combining_mark(*c)) {
        match lettre {
            'œ' | 'Œ' => plie.push_str("oe"),
            'æ' | 'Æ' => plie.push_str("ae"),
            c if c.is_alphanumeric() => plie.extend(c.to_lowercase()),
            _ if plie.ends_with(' ') || plie.is_empty() => {}
            _ => plie.push(' '),
        }
    }
    if plie.ends_with(' ') {
        plie.pop();
    }
    plie
}

/// What the search keeps of a territory.
#[derive(Debug)]
struct Fiche {
    nom: String,
    code: String,
    /// Ranks, in the word list, of the words of its name, commune and codes; sorted.
    mots: Vec<usize>,
    niveau: Niveau,
    ferme: bool,
}

/// How well a territory answers; the smaller the better.
type Note = (Pertinence, bool, u8, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pertinence {
    Exacte,
    Debut,
    MotsDuNom,
    Autre,
}

/// The index.
#[derive(Debug)]
pub(crate) struct Recherche {
    /// Distinct words, sorted.
    mots: Vec<String>,
    /// For each word, the territories that have it.
    porteurs: Vec<Vec<usize>>,
    fiches: Vec<Fiche>,
    /// For each territory, its place among all by folded name.
    places: Vec<usize>,
}

impl Recherche {
    /// Indexes these territories; their rank in the slice is what the search answers.
    pub(crate) fn new(territoires: &[Territoire], ecoles: &[Ecole]) -> Self {
        let fermees: FxHashMap<&str, bool> = ecoles
            .iter()
            .map(|e| (e.uai.as_str(), e.etat == Etat::Ferme))
            .collect();
        let mut par_mot: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut communes: FxHashMap<&str, String> = FxHashMap::default();
        let mut fiches = Vec::with_capacity(territoires.len());
        for (rang, territoire) in territoires.iter().enumerate() {
            let nom = plier(&territoire.nom);
            let code = plier(&territoire.code);
            let commune = commune(territoire).map_or("", |nom| {
                let plie = communes.entry(nom).or_insert_with(|| plier(nom));
                plie.as_str()
            });
            let court = match territoire.niveau {
                Niveau::Departement => code.trim_start_matches('0'),
                _ => "",
            };
            let textes = [nom.as_str(), code.as_str(), commune, court];
            for mot in textes
                .iter()
                .flat_map(|t| t.split(' '))
                .filter(|m| !m.is_empty())
            {
                match par_mot.get_mut(mot) {
                    None => drop(par_mot.insert(mot.to_owned(), vec![rang])),
                    Some(porteurs) if porteurs.last() == Some(&rang) => {}
                    Some(porteurs) => porteurs.push(rang),
                }
            }
            fiches.push(Fiche {
                nom,
                code,
                mots: Vec::new(),
                niveau: territoire.niveau,
                ferme: territoire.niveau == Niveau::Ecole
                    && fermees.get(territoire.code.as_str()) == Some(&true),
            });
        }
        let mut par_mot: Vec<_> = par_mot.into_iter().collect();
        par_mot.sort_unstable();
        let (mots, porteurs): (Vec<_>, Vec<_>) = par_mot.into_iter().unzip();
        for (mot, liste) in porteurs.iter().enumerate() {
            for &rang in liste {
                fiches[rang].mots.push(mot);
            }
        }
        let places = places_par_nom(&fiches, territoires);
        Self {
            mots,
            porteurs,
            fiches,
            places,
        }
    }

    /// The place of a territory in the alphabetical order of all of them.
    pub(crate) fn place(&self, rang: usize) -> usize {
        self.places.get(rang).copied().unwrap_or(usize::MAX)
    }

    /// The ranks of the territories that answer, the best first.
    pub(crate) fn chercher(&self, texte: &str, limite: usize) -> Vec<usize> {
        let texte = plier(texte);
        let mut plages: Vec<Range<usize>> = texte
            .split(' ')
            .map(|mot| self.commencant_par(mot))
            .collect();
        plages.sort_by_key(|plage| {
            self.porteurs[plage.clone()]
                .iter()
                .map(Vec::len)
                .sum::<usize>()
        });
        let Some((rare, autres)) = plages.split_first() else {
            return Vec::new();
        };
        if texte.is_empty() || limite == 0 {
            return Vec::new();
        }
        let mut vus = vec![false; self.fiches.len()];
        let candidats = self.porteurs[rare.clone()].iter().flatten().copied();
        let mut notes: Vec<(Note, usize)> = candidats
            .filter(|&rang| !std::mem::replace(&mut vus[rang], true))
            .filter(|&rang| autres.iter().all(|plage| self.fiches[rang].a_un_mot(plage)))
            .map(|rang| (self.note(rang, &texte), rang))
            .collect();
        if notes.len() > limite {
            notes.select_nth_unstable(limite - 1);
            notes.truncate(limite);
        }
        notes.sort_unstable();
        notes.into_iter().map(|(_, rang)| rang).collect()
    }

    fn commencant_par(&self, debut: &str) -> Range<usize> {
        let premier = self.mots.partition_point(|mot| mot.as_str() < debut);
        let suite = self.mots[premier..].partition_point(|mot| mot.starts_with(debut));
        premier..premier + suite
    }

    fn note(&self, rang: usize, texte: &str) -> Note {
        let fiche = &self.fiches[rang];
        let pertinence = if fiche.nom == texte || fiche.a_pour_code(texte) {
            Pertinence::Exacte
        } else if fiche.nom.starts_with(texte) || fiche.code.starts_with(texte) {
            Pertinence::Debut
        } else if texte.split(' ').all(|mot| a_un_mot_en(&fiche.nom, mot)) {
            Pertinence::MotsDuNom
        } else {
            Pertinence::Autre
        };
        let largeur = u8::MAX - fiche.niveau.rang();
        (pertinence, fiche.ferme, largeur, self.place(rang))
    }
}

impl Fiche {
    /// `31` is the département `031`.
    fn a_pour_code(&self, texte: &str) -> bool {
        let departement = self.niveau == Niveau::Departement;
        self.code == texte || (departement && self.code.trim_start_matches('0') == texte)
    }

    fn a_un_mot(&self, plage: &Range<usize>) -> bool {
        let premier = self.mots.partition_point(|mot| *mot < plage.start);
        self.mots.get(premier).is_some_and(|mot| *mot < plage.end)
    }
}

fn a_un_mot_en(nom: &str, debut: &str) -> bool {
    nom.split(' ').any(|mot| mot.starts_with(debut))
}

/// The commune of a school, by which it is also found.
fn commune(territoire: &Territoire) -> Option<&str> {
    let (niveau, commune) = territoire.ancetres.last()?;
    let de_l_ecole = territoire.niveau == Niveau::Ecole && *niveau == Niveau::Commune;
    de_l_ecole.then_some(commune.nom.as_str())
}

fn places_par_nom(fiches: &[Fiche], territoires: &[Territoire]) -> Vec<usize> {
    let mut ordre: Vec<usize> = (0..fiches.len()).collect();
    ordre.sort_by(|&a, &b| -> Ordering {
        (&fiches[a].nom, &territoires[a].code).cmp(&(&fiches[b].nom, &territoires[b].code))
    });
    let mut places = vec![0; fiches.len()];
    for (place, rang) in ordre.into_iter().enumerate() {
        places[rang] = place;
    }
    places
}
