//! Which schools protect which territories.
//!
//! Each territory is given two schools, one of it and one that is not, that as few territories as
//! possible tell apart: of all territories only those that hold exactly one of the two could give
//! back a small figure moved from one to the other. Only schools that were there over the period
//! are taken: one that is known to be empty hides nothing. The directory and who was there decide,
//! never a request.

use std::sync::{Arc, PoisonError, RwLock};

use frequent_plan::{Niveau, Uai};
use frequent_territory::Annuaire;
use rustc_hash::FxHashMap;

/// The levels above the school, the narrowest first.
const SUPERIEURS: [Niveau; 6] = [
    Niveau::Circonscription,
    Niveau::Commune,
    Niveau::Departement,
    Niveau::Academie,
    Niveau::Region,
    Niveau::National,
];
/// No school.
const AUCUNE: u32 = u32::MAX;

/// A territory and its two schools, by their ranks.
#[derive(Debug)]
struct Paire {
    niveau: Niveau,
    /// Empty for a school, whose code is that of `dedans`.
    code: Box<str>,
    dedans: u32,
    dehors: u32,
}

/// Territories that a territory tells apart, and the ranks of their pairs.
type Separees = RwLock<FxHashMap<(Niveau, Box<str>, Box<str>), Arc<[u32]>>>;

/// The two schools of every territory, for the schools that were there over a period.
#[derive(Debug)]
pub(crate) struct Paires {
    /// Sorted.
    ecoles: Arc<[Uai]>,
    toutes: Vec<Paire>,
    /// Where each school's pairs begin in `touches`, and where the last ones end.
    debuts: Vec<usize>,
    touches: Vec<u32>,
    /// The pairs of the territories above the school, by level and code.
    par_code: FxHashMap<(Niveau, Box<str>), u32>,
    separees: Separees,
}

impl Paires {
    /// The pairs of the territories that these schools make, given sorted.
    pub(crate) fn de(annuaire: Option<&Annuaire>, ecoles: Arc<[Uai]>) -> Self {
        let mut paires = Vec::new();
        let groupes = annuaire.map(|annuaire| Groupes::de(annuaire, &ecoles));
        let autres = groupes.as_ref().map(Groupes::apparier);
        for dedans in (0..).take(ecoles.len()) {
            let dehors = autres
                .as_ref()
                .and_then(|a| a.get(dedans as usize))
                .copied();
            paires.push(Paire {
                niveau: Niveau::Ecole,
                code: Box::default(),
                dedans,
                dehors: dehors.unwrap_or(AUCUNE),
            });
        }
        if let Some(groupes) = &groupes {
            groupes.territoires(&mut paires);
        }
        let (debuts, touches) = index(&paires, ecoles.len());
        let superieures = (0..).zip(&paires).skip(ecoles.len());
        let par_code = superieures
            .map(|(rang, paire)| ((paire.niveau, paire.code.clone()), rang))
            .collect();
        Self {
            ecoles,
            toutes: paires,
            debuts,
            touches,
            par_code,
            separees: RwLock::default(),
        }
    }

    /// The two schools of a territory of theirs: one of it and, if there is, one that is not.
    pub(super) fn ecoles_de(&self, niveau: Niveau, code: &str) -> Option<(Uai, Option<Uai>)> {
        let rang = match niveau {
            Niveau::Ecole => self.ecoles.binary_search(&code.parse().ok()?).ok()?,
            _ => *self.par_code.get(&(niveau, Box::from(code)))? as usize,
        };
        let paire = &self.toutes[rang];
        let ecole = |rang: u32| self.ecoles.get(rang as usize).copied();
        Some((ecole(paire.dedans)?, ecole(paire.dehors)))
    }

    /// The territories whose two schools a territory tells apart, as this version of the directory
    /// draws it.
    pub(super) fn separees(
        &self,
        annuaire: Option<&Annuaire>,
        niveau: Niveau,
        code: &str,
    ) -> Vec<(Niveau, String)> {
        if niveau == Niveau::Ecole {
            let seule = code.parse().ok().into_iter();
            return self.separees_d_ecoles(seule, |_| false);
        }
        let Some(annuaire) = annuaire else {
            return Vec::new();
        };
        let cle = (niveau, Box::from(code), Box::from(annuaire.empreinte()));
        let connues = self.separees.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(rangs) = connues.get(&cle) {
            return self.territoires(rangs);
        }
        drop(connues);
        let siennes = annuaire.ecoles_de(niveau, code).map(|ecole| ecole.uai);
        let dedans = |uai| annuaire.code(uai, niveau) == Some(code);
        let rangs: Arc<[u32]> = self.rangs(siennes, dedans).into();
        let territoires = self.territoires(&rangs);
        let mut connues = self
            .separees
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        connues.insert(cle, rangs);
        territoires
    }

    /// The territories whose two schools a set of schools tells apart: `dedans` says which of the
    /// others are in the set.
    pub(super) fn separees_d_ecoles(
        &self,
        ecoles: impl Iterator<Item = Uai>,
        dedans: impl Fn(Uai) -> bool,
    ) -> Vec<(Niveau, String)> {
        self.territoires(&self.rangs(ecoles, dedans))
    }

    fn rangs(&self, ecoles: impl Iterator<Item = Uai>, dedans: impl Fn(Uai) -> bool) -> Vec<u32> {
        let mut rangs = Vec::new();
        for ecole in ecoles {
            let Ok(rang) = self.ecoles.binary_search(&ecole) else {
                continue;
            };
            let (debut, fin) = (self.debuts[rang], self.debuts[rang + 1]);
            for &touchee in &self.touches[debut..fin] {
                let paire = &self.toutes[touchee as usize];
                let autre = if paire.dedans as usize == rang {
                    paire.dehors
                } else {
                    paire.dedans
                };
                let autre = self.ecoles.get(autre as usize);
                if !autre.is_some_and(|autre| dedans(*autre)) {
                    rangs.push(touchee);
                }
            }
        }
        rangs
    }

    fn territoires(&self, rangs: &[u32]) -> Vec<(Niveau, String)> {
        let territoire = |rang: &u32| {
            let paire = &self.toutes[*rang as usize];
            let code = match paire.niveau {
                Niveau::Ecole => self.ecoles[paire.dedans as usize].to_string(),
                _ => String::from(&*paire.code),
            };
            (paire.niveau, code)
        };
        rangs.iter().map(territoire).collect()
    }

    /// Bytes of memory it takes, about.
    pub(crate) fn poids(&self) -> u64 {
        (self.toutes.len() * 48
            + self.par_code.len() * 40
            + self.ecoles.len() * 12
            + self.touches.len() * 4
            + 1_024) as u64
    }
}

/// The pairs of each school, one list after the other, and where each begins.
fn index(paires: &[Paire], ecoles: usize) -> (Vec<usize>, Vec<u32>) {
    let mut liens: Vec<(u32, u32)> = (0..)
        .zip(paires)
        .flat_map(|(rang, paire)| [(paire.dedans, rang), (paire.dehors, rang)])
        .filter(|(ecole, _)| *ecole != AUCUNE)
        .collect();
    liens.sort_unstable();
    let mut debuts = Vec::with_capacity(ecoles + 1);
    let mut place = 0;
    for ecole in (0..).take(ecoles) {
        debuts.push(place);
        place += liens[place..].partition_point(|(e, _)| *e <= ecole);
    }
    debuts.push(place);
    (debuts, liens.into_iter().map(|(_, rang)| rang).collect())
}

/// The schools that were there, by territory.
struct Groupes<'a> {
    /// For each level above the school and each school, the rank of its territory.
    de_ecole: [Vec<Option<usize>>; SUPERIEURS.len()],
    /// For each level, the code of each territory and its schools, those of a type together.
    listes: [Vec<(&'a str, Vec<u32>)>; SUPERIEURS.len()],
    /// The known schools in that order, with the rank of each one's type.
    ordre: Vec<u32>,
    types: Vec<&'a str>,
}

impl<'a> Groupes<'a> {
    fn de(annuaire: &'a Annuaire, ecoles: &[Uai]) -> Self {
        let types: Vec<&str> = ecoles
            .iter()
            .map(|uai| annuaire.ecole(*uai))
            .map(|ecole| ecole.map_or("", |ecole| ecole.type_etablissement.as_str()))
            .collect();
        let mut ordre: Vec<u32> = (0..)
            .zip(ecoles)
            .filter(|(_, uai)| annuaire.ecole(**uai).is_some())
            .map(|(rang, _)| rang)
            .collect();
        ordre.sort_by_key(|rang| types[*rang as usize]);
        let mut de_ecole = SUPERIEURS.map(|_| vec![None; ecoles.len()]);
        let mut listes = SUPERIEURS.map(|_| Vec::new());
        for (place, niveau) in SUPERIEURS.into_iter().enumerate() {
            let mut rangs: FxHashMap<&str, usize> = FxHashMap::default();
            let liste: &mut Vec<(&str, Vec<u32>)> = &mut listes[place];
            for &ecole in &ordre {
                let Some(code) = annuaire.code(ecoles[ecole as usize], niveau) else {
                    continue;
                };
                let rang = *rangs.entry(code).or_insert_with(|| {
                    liste.push((code, Vec::new()));
                    liste.len() - 1
                });
                liste[rang].1.push(ecole);
                de_ecole[place][ecole as usize] = Some(rang);
            }
        }
        Self {
            de_ecole,
            listes,
            ordre,
            types,
        }
    }

    /// The other school of each school: two by two where they are nearest, so that small ones
    /// protect each other; an odd one goes with a neighbour.
    fn apparier(&self) -> Vec<u32> {
        let mut autres = vec![AUCUNE; self.types.len()];
        let communes = self.de_ecole[1].iter().zip(&self.de_ecole[0]);
        let ensemble: Vec<_> = communes
            .map(|(commune, circo)| (*commune, *circo))
            .collect();
        let mut proches: FxHashMap<_, Vec<u32>> = FxHashMap::default();
        for &ecole in &self.ordre {
            let cle = ensemble[ecole as usize];
            proches.entry(cle).or_default().push(ecole);
        }
        for groupe in proches.values() {
            self.apparier_groupe(groupe, &mut autres);
        }
        for liste in &self.listes {
            for (_, groupe) in liste {
                self.apparier_groupe(groupe, &mut autres);
            }
        }
        autres
    }

    fn apparier_groupe(&self, groupe: &[u32], autres: &mut [u32]) {
        if groupe.len() < 2 {
            return;
        }
        let seules: Vec<usize> = (0..groupe.len())
            .filter(|place| autres[groupe[*place] as usize] == AUCUNE)
            .collect();
        if let [seule] = *seules {
            let type_de = |place: usize| self.types[groupe[place] as usize];
            let avant = seule.checked_sub(1);
            let apres = (seule + 1 < groupe.len()).then_some(seule + 1);
            let semblable = avant.filter(|avant| type_de(*avant) == type_de(seule));
            if let Some(voisine) = semblable.or(apres).or(avant) {
                autres[groupe[seule] as usize] = groupe[voisine];
            }
            return;
        }
        for deux in seules.chunks(2) {
            match *deux {
                [une, autre] => {
                    autres[groupe[une] as usize] = groupe[autre];
                    autres[groupe[autre] as usize] = groupe[une];
                }
                [derniere] => {
                    let avant = seules[seules.len() - 2];
                    autres[groupe[derniere] as usize] = groupe[avant];
                }
                _ => {}
            }
        }
    }

    /// The pairs of the territories of several schools: those of one are that school's.
    fn territoires(&self, paires: &mut Vec<Paire>) {
        for (place, niveau) in SUPERIEURS.into_iter().enumerate() {
            let plus_larges = match niveau {
                // They cross each other: a neighbour of the same commune, in another
                // circonscription, is told apart by circonscriptions only.
                Niveau::Circonscription => 1..SUPERIEURS.len(),
                Niveau::Commune => 0..SUPERIEURS.len(),
                _ => place + 1..SUPERIEURS.len(),
            };
            for (rang, (code, siennes)) in self.listes[place].iter().enumerate() {
                if siennes.len() < 2 {
                    continue;
                }
                let trouvee = plus_larges
                    .clone()
                    .filter(|autre| *autre != place)
                    .find_map(|autre| self.dehors(place, rang, autre));
                let (dedans, dehors) = trouvee.unwrap_or((siennes[0], AUCUNE));
                paires.push(Paire {
                    niveau,
                    code: Box::from(*code),
                    dedans,
                    dehors,
                });
            }
        }
    }

    /// A school of a territory, and one that is not of it but is of the same territory of another
    /// level.
    fn dehors(&self, place: usize, rang: usize, autre: usize) -> Option<(u32, u32)> {
        let mut vus: Vec<usize> = Vec::new();
        for &ecole in &self.listes[place][rang].1 {
            let Some(large) = self.de_ecole[autre][ecole as usize] else {
                continue;
            };
            if vus.contains(&large) {
                continue;
            }
            vus.push(large);
            let groupe = &self.listes[autre][large].1;
            let ici = groupe.iter().position(|e| *e == ecole).unwrap_or_default();
            let ailleurs = |e: &&u32| self.de_ecole[place][**e as usize] != Some(rang);
            let suite = groupe[ici..].iter().chain(&groupe[..ici]);
            if let Some(&dehors) = suite.into_iter().find(ailleurs) {
                return Some((ecole, dehors));
            }
        }
        None
    }
}
