//! One who sees all that is shown, and looks for the rest: by exact linear algebra, by what counts
//! that are never negative leave possible, and by one subtraction after another.
//!
//! The relations are written here anew, from the visits: nothing of the mask's is used.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::monde::{MEMBRES, PROFILS};

/// A prime: the rank modulo it is the rank, but for luck that does not happen. Small enough for the
/// products of a row to be added before they are reduced.
const PREMIER: u64 = (1 << 20) - 3;
/// No bound.
const SANS_BORNE: i64 = 1 << 40;
/// Schools and days of a world, at most.
const COTE: usize = 6;
const ATOMES: usize = COTE * COTE * PROFILS.len() * MEMBRES.len();

/// What a figure is the sum of: sets of schools, days, profiles and members, one bit each.
pub(super) type Somme = [u8; 4];

/// The atoms of a figure, one bit each.
type Bits = [u64; ATOMES.div_ceil(64)];

/// A figure as it is, and whether it is hidden to hide another.
#[derive(Clone, Copy)]
pub(super) struct Chiffre {
    pub(super) visites: i64,
    pub(super) utilisateurs: i64,
    pub(super) petit: bool,
    pub(super) masque: bool,
}

/// What an attacker knows, and what is to be found.
#[derive(Default)]
pub(super) struct Vu {
    /// Each figure that is shown: its visits and its users.
    montrees: BTreeMap<Somme, (i64, i64)>,
    /// Each small figure.
    petites: BTreeSet<Somme>,
    /// The sums that have a name (a territory's over a period), shown or not.
    nommees: BTreeSet<Somme>,
    /// Figures that are masked without being small, small ones, and all figures.
    pub(super) sacrifiees: usize,
    pub(super) nombre_petites: usize,
    pub(super) toutes: usize,
}

fn elements(bits: u8) -> impl Iterator<Item = usize> {
    (0..8).filter(move |rang| bits >> rang & 1 == 1)
}

fn atomes([ecoles, jours, profils, membres]: Somme) -> Bits {
    let mut bits = Bits::default();
    for ecole in elements(ecoles) {
        for jour in elements(jours) {
            for profil in elements(profils) {
                for membre in elements(membres) {
                    let rang = ((ecole * COTE + jour) * PROFILS.len() + profil) * MEMBRES.len();
                    let rang = rang + membre;
                    bits[rang / 64] |= 1 << (rang % 64);
                }
            }
        }
    }
    bits
}

fn moins(a: Bits, b: &Bits) -> Bits {
    let mut reste = a;
    for (x, y) in reste.iter_mut().zip(b) {
        *x &= !y;
    }
    reste
}

fn contenus(a: &Bits, b: &Bits) -> bool {
    a.iter().zip(b).all(|(x, y)| x & !y == 0)
}

impl Vu {
    pub(super) fn noter(&mut self, somme: Somme, chiffre: Chiffre) {
        let Chiffre { visites, petit, .. } = chiffre;
        self.toutes += usize::from(visites > 0);
        self.nombre_petites += usize::from(petit);
        self.nommees.insert(somme);
        if petit {
            self.petites.insert(somme);
        } else if chiffre.masque {
            self.sacrifiees += usize::from(visites > 0);
        }
        self.noter_libre(somme, chiffre);
    }

    /// A figure of the attacker's own: it is not one to be found.
    pub(super) fn noter_libre(&mut self, somme: Somme, chiffre: Chiffre) {
        if !chiffre.petit && !chiffre.masque {
            let valeurs = (chiffre.visites, chiffre.utilisateurs);
            self.montrees.insert(somme, valeurs);
        }
    }

    /// Relations that are tried: one for each figure shown.
    pub(super) fn relations(&self) -> usize {
        self.montrees.len()
    }

    /// The small figures that are the only ones possible, by linear algebra.
    pub(super) fn retrouvees(&self) -> usize {
        self.engendrees(&Bits::default())
    }

    /// The same for one who also reasons that counts are not negative: parts of nothing are
    /// nothing, and so is the rest of a whole that a part makes up alone.
    pub(super) fn retrouvees_sachant_les_zeros(&self) -> usize {
        self.engendrees(&self.zeros())
    }

    fn engendrees(&self, zeros: &Bits) -> usize {
        let mut base = Base::default();
        let montrees: BTreeSet<Bits> = self
            .montrees
            .keys()
            .map(|somme| moins(atomes(*somme), zeros))
            .collect();
        for bits in montrees {
            base.ajouter(&bits);
        }
        let petites = self.petites.iter();
        petites
            .filter(|somme| base.engendre(&moins(atomes(**somme), zeros)))
            .count()
    }

    /// The atoms that can only be 0.
    fn zeros(&self) -> Bits {
        let mut zeros = Bits::default();
        loop {
            let mut par_valeur: HashMap<i64, BTreeSet<Bits>> = HashMap::new();
            for (somme, (visites, _)) in &self.montrees {
                let reste = moins(atomes(*somme), &zeros);
                par_valeur.entry(*visites).or_default().insert(reste);
            }
            let avant = zeros;
            let mut annuler = |bits: Bits| {
                for (x, y) in zeros.iter_mut().zip(bits) {
                    *x |= y;
                }
            };
            for (valeur, sommes) in &par_valeur {
                if *valeur == 0 {
                    for bits in sommes {
                        annuler(*bits);
                    }
                    continue;
                }
                for tout in sommes {
                    for partie in sommes.iter().filter(|partie| contenus(partie, tout)) {
                        annuler(moins(*tout, partie));
                    }
                }
            }
            if zeros == avant {
                return zeros;
            }
        }
    }

    /// The small figures that bounds leave one value only: a part is of 0 to its whole, a whole of
    /// as many as its parts, its users of as many as the most of its parts to all of them.
    pub(super) fn bornees(&self) -> usize {
        let mut bornes: BTreeMap<Somme, [(i64, i64); 2]> = BTreeMap::new();
        for somme in &self.nommees {
            let lues = self.montrees.get(somme);
            let lues = lues.map(|(visites, utilisateurs)| [*visites, *utilisateurs]);
            let valeurs = lues.map_or([(0, SANS_BORNE); 2], |lues| lues.map(|v| (v, v)));
            bornes.insert(*somme, valeurs);
        }
        let relations = self.partitions();
        loop {
            let avant = bornes.clone();
            for (tout, parts) in &relations {
                resserrer(&mut bornes, *tout, parts);
            }
            for [visites, utilisateurs] in bornes.values_mut() {
                utilisateurs.1 = utilisateurs.1.min(visites.1);
                visites.0 = visites.0.max(utilisateurs.0);
                if utilisateurs.1 == 0 {
                    visites.1 = 0;
                }
            }
            if bornes == avant {
                break;
            }
        }
        let trouvees = self.petites.iter().map(|somme| bornes[somme]);
        let exacte = |(bas, haut): (i64, i64)| bas == haut;
        trouvees
            .filter(|siennes| siennes.iter().any(|b| exacte(*b)))
            .count()
    }

    /// Each named sum with the named sums that make it up, along one of the four ways.
    fn partitions(&self) -> Vec<(Somme, Vec<Somme>)> {
        let mut relations = Vec::new();
        for place in 0..4 {
            let mut parts_de: BTreeMap<[u8; 3], BTreeSet<u8>> = BTreeMap::new();
            let reste = |somme: &Somme| -> [u8; 3] {
                let mut autres = somme.iter().enumerate().filter(|(p, _)| *p != place);
                std::array::from_fn(|_| *autres.next().unwrap().1)
            };
            for somme in &self.nommees {
                parts_de
                    .entry(reste(somme))
                    .or_default()
                    .insert(somme[place]);
            }
            for tout in &self.nommees {
                for suite in partages(tout[place], &parts_de[&reste(tout)]) {
                    let part = |bits: &u8| {
                        let mut part = *tout;
                        part[place] = *bits;
                        part
                    };
                    relations.push((*tout, suite.iter().map(part).collect()));
                }
            }
        }
        relations
    }

    /// The small figures found by subtracting, one relation after another: an independent way.
    pub(super) fn epluchees(&self) -> usize {
        let connues: BTreeSet<Bits> = self.montrees.keys().map(|s| atomes(*s)).collect();
        let petites: BTreeSet<Bits> = self.petites.iter().map(|s| atomes(*s)).collect();
        let mut suite: Vec<Bits> = connues.iter().copied().collect();
        // A whole less one of its parts, then less another…
        for _ in 0..2 {
            let mut nouvelles = BTreeSet::new();
            for tout in &suite {
                let parts = suite.iter().filter(|partie| contenus(partie, tout));
                nouvelles.extend(parts.map(|partie| moins(*tout, partie)));
                if nouvelles.len() > 4_000 {
                    break;
                }
            }
            let trouvees = petites.intersection(&nouvelles).count();
            if trouvees > 0 {
                return trouvees;
            }
            suite = connues
                .iter()
                .copied()
                .chain(nouvelles)
                .take(1_500)
                .collect();
        }
        0
    }
}

/// The ways of making up a set of disjoint ones, of one size each time or as they come, largest
/// first.
fn partages(tout: u8, parts: &BTreeSet<u8>) -> BTreeSet<Vec<u8>> {
    let mut dedans: Vec<u8> = parts
        .iter()
        .copied()
        .filter(|p| *p != tout && p & !tout == 0)
        .collect();
    dedans.sort_by_key(|p| p.count_ones());
    let mut trouves = BTreeSet::new();
    for ordre in [dedans.clone(), dedans.iter().rev().copied().collect()] {
        for depart in 0..ordre.len() {
            let (mut reste, mut choisis) = (tout, Vec::new());
            for &part in ordre[depart..].iter().chain(&ordre[..depart]) {
                if part != 0 && part & !reste == 0 {
                    reste &= !part;
                    choisis.push(part);
                }
            }
            if reste == 0 {
                choisis.sort_unstable();
                trouves.insert(choisis);
            }
        }
    }
    trouves
}

fn resserrer(bornes: &mut BTreeMap<Somme, [(i64, i64); 2]>, tout: Somme, parts: &[Somme]) {
    for mesure in 0..2 {
        let lire = |bornes: &BTreeMap<Somme, [(i64, i64); 2]>, s: &Somme| bornes[s][mesure];
        let (mut bas, mut haut) = lire(bornes, &tout);
        let siennes: Vec<(i64, i64)> = parts.iter().map(|p| lire(bornes, p)).collect();
        let hauts: i64 = siennes.iter().map(|b| b.1).sum();
        let bas_ensemble: i64 = siennes.iter().map(|b| b.0).sum();
        let plus_grand = siennes.iter().map(|b| b.0).max().unwrap_or_default();
        let additive = mesure == 0;
        bas = bas.max(if additive { bas_ensemble } else { plus_grand });
        haut = haut.min(hauts);
        bornes.get_mut(&tout).unwrap()[mesure] = (bas, haut);
        for (part, (son_bas, son_haut)) in parts.iter().zip(&siennes) {
            let autres = if additive { bas_ensemble - son_bas } else { 0 };
            let nouvelles = (
                (*son_bas).max(bas - (hauts - son_haut)),
                (*son_haut).min(haut - autres),
            );
            bornes.get_mut(part).unwrap()[mesure] = nouvelles;
        }
    }
}

/// A base of the figures shown, in echelon form, modulo a prime.
#[derive(Default)]
struct Base(BTreeMap<usize, Vec<u64>>);

impl Base {
    /// Less what the base gives; empty when the base gives it whole.
    fn reduire(&self, bits: &Bits) -> Option<(usize, Vec<u64>)> {
        let mut v: Vec<u64> = (0..ATOMES).map(|r| bits[r / 64] >> (r % 64) & 1).collect();
        for place in 0..v.len() {
            v[place] %= PREMIER;
            if v[place] == 0 {
                continue;
            }
            let Some(pivot) = self.0.get(&place) else {
                v[place..].iter_mut().for_each(|x| *x %= PREMIER);
                return Some((place, v));
            };
            let facteur = PREMIER - v[place];
            for (a, b) in v[place..].iter_mut().zip(&pivot[place..]) {
                *a += facteur * b;
            }
        }
        None
    }

    fn ajouter(&mut self, bits: &Bits) {
        if let Some((place, mut reste)) = self.reduire(bits) {
            let inverse = puissance(reste[place], PREMIER - 2);
            for x in &mut reste {
                *x = *x * inverse % PREMIER;
            }
            self.0.insert(place, reste);
        }
    }

    fn engendre(&self, bits: &Bits) -> bool {
        self.reduire(bits).is_none()
    }
}

fn puissance(base: u64, exposant: u64) -> u64 {
    let (mut resultat, mut base, mut exposant) = (1, base, exposant);
    while exposant > 0 {
        if exposant % 2 == 1 {
            resultat = resultat * base % PREMIER;
        }
        base = base * base % PREMIER;
        exposant /= 2;
    }
    resultat
}
