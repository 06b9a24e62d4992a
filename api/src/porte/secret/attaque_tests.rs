//! Trying to recover what is masked: small worlds of made-up visits, every cell counted naively,
//! the mask applied, then exact linear algebra on all that is shown.
//!
//! The relations are written here anew, from the visits: nothing of the mask's is used.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Plan, Profil, Uai};
use frequent_territory::{Annuaire, Annuaires, CodeNom, Ecole, Etat, Secteur};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::boite::Listes;
use super::masque::{Cle, Regles, Source, Voisinage};
use super::{Paires, Seuils};
use crate::donnees::{Cellule, Codes, Filtre, LectureErreur, Mesures, ProfilCellule};

/// A large prime: the rank modulo it is the rank, but for luck that does not happen.
const PREMIER: u64 = (1 << 31) - 1;
const PROFILS: [Profil; 3] = [Profil::Eleve, Profil::Enseignant, Profil::AdminVieScolTech];
const MEMBRES: [&str; 3] = ["ORDINATEUR", "SMARTPHONE", "TABLETTE"];
const AXES: [Axe; 2] = [Axe::Total, Axe::Appareil];

/// Where, when, who, with what: the parts that all figures are sums of.
type Atome = (usize, usize, usize, usize);

struct Monde {
    ecoles: Vec<Uai>,
    jours: Vec<Jour>,
    annuaires: Annuaires,
    /// Visitors and their visits.
    visites: BTreeMap<Atome, Vec<u32>>,
    cellules: BTreeMap<(Niveau, Periode), Vec<Cellule>>,
    aujourdhui: Jour,
}

fn code(prefixe: &str, rang: usize) -> Arc<CodeNom> {
    Arc::new(CodeNom {
        code: format!("{prefixe}{rang}"),
        nom: format!("{prefixe} {rang}"),
    })
}

fn ecole(hasard: &mut StdRng, uai: Uai, communes: usize) -> Ecole {
    let commune = hasard.random_range(0..communes);
    let departement = commune % 2;
    let circonscription = hasard
        .random_bool(0.7)
        .then(|| code("C", departement * 2 + hasard.random_range(0..2)));
    let academie = departement * usize::from(hasard.random_bool(0.5));
    Ecole {
        uai,
        nom: "E".to_owned(),
        type_etablissement: ["Ecole", "Collège"][hasard.random_range(0..2)].to_owned(),
        nature: String::new(),
        secteur: Secteur::Public,
        commune: code("V", commune),
        departement: code("D", departement),
        academie: code("A", academie),
        region: code("R", 0),
        circonscription,
        effectif: None,
        education_prioritaire: None,
        position: None,
        etat: Etat::Ouvert,
        ministere: String::new(),
    }
}

impl Monde {
    fn nouveau(graine: u64) -> Self {
        let mut hasard = StdRng::seed_from_u64(graine);
        let hasard = &mut hasard;
        let nombre = hasard.random_range(2..=6);
        let communes = hasard.random_range(1..=4);
        let mut ecoles: Vec<Uai> = (0..nombre)
            .map(|rang| Uai::depuis_nombre(310_001 + rang))
            .collect();
        ecoles.sort_unstable();
        // One that the directory does not know.
        let connues = ecoles.len() - usize::from(hasard.random_bool(0.2));
        let mut version = || {
            let liste = ecoles[..connues].iter();
            liste.map(|uai| ecole(hasard, *uai, communes)).collect()
        };
        let debuts = ["2026-07-25", "2026-09-24", "2026-10-26", "2026-11-09"];
        let (premiere, seconde): (Vec<Ecole>, Vec<Ecole>) = (version(), version());
        let debut: Jour = debuts[hasard.random_range(0..4)].parse().unwrap();
        let mut jours: Vec<Jour> = (0..hasard.random_range(2..=5))
            .map(|_| debut.plus(hasard.random_range(0..14)))
            .collect();
        jours.sort_unstable();
        jours.dedup();
        let mut versions = vec![Annuaire::new("2020-01-01".parse().unwrap(), premiere)];
        if hasard.random_bool(0.2) {
            versions.push(Annuaire::new(debut.plus(7), seconde));
        }
        let mut monde = Self {
            visites: visites(hasard, ecoles.len(), jours.len()),
            ecoles,
            aujourdhui: debut.plus(60),
            jours,
            annuaires: Annuaires::de_versions(versions),
            cellules: BTreeMap::new(),
        };
        monde.compter();
        monde
    }

    fn annuaire_de(&self, periode: Periode) -> &Arc<Annuaire> {
        let jour = periode.fin().min(self.aujourdhui);
        self.annuaires.au(jour).unwrap()
    }

    fn periodes(&self) -> BTreeSet<Periode> {
        let grains = Grain::TOUS.iter();
        grains
            .flat_map(|g| self.jours.iter().map(|j| Periode::contenant(*g, *j)))
            .collect()
    }

    /// The territories of a period, with the ranks of their schools.
    fn territoires(&self, periode: Periode) -> BTreeMap<(Niveau, String), BTreeSet<usize>> {
        let annuaire = self.annuaire_de(periode);
        let mut territoires: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
        for (rang, uai) in self.ecoles.iter().enumerate() {
            for &niveau in Niveau::TOUS {
                let code = match niveau {
                    Niveau::Ecole => Some(uai.as_str()),
                    autre => annuaire.code(*uai, autre),
                };
                if let Some(code) = code {
                    let cle = (niveau, code.to_owned());
                    territoires.entry(cle).or_default().insert(rang);
                }
            }
        }
        territoires
    }

    /// The measures of schools over days, for a profile and a member.
    fn mesures(&self, contient: impl Fn(&Atome) -> bool) -> Mesures {
        let siens: Vec<u32> = self
            .visites
            .iter()
            .filter(|(atome, _)| contient(atome))
            .flat_map(|(_, visites)| visites.iter().copied())
            .collect();
        let visites = i64::try_from(siens.len()).unwrap();
        let distincts: BTreeSet<u32> = siens.into_iter().collect();
        Mesures {
            visites,
            utilisateurs: i64::try_from(distincts.len()).unwrap(),
            duree_ms: visites * 1_000,
            evenements: visites * 2,
        }
    }

    fn compter(&mut self) {
        let mut toutes = BTreeMap::new();
        for periode in self.periodes() {
            for ((niveau, code), ecoles) in self.territoires(periode) {
                let liste: &mut Vec<Cellule> = toutes.entry((niveau, periode)).or_default();
                for (profil, axe, membre) in familles() {
                    let mesures = self.mesures(|atome| {
                        ecoles.contains(&atome.0)
                            && dedans(periode, self.jours[atome.1])
                            && tient(profil, membre, atome)
                    });
                    if mesures.visites > 0 {
                        liste.push(Cellule {
                            code: Arc::from(code.as_str()),
                            profil,
                            axe,
                            membre: Arc::from(membre.unwrap_or("TOTAL")),
                            mesures,
                        });
                    }
                }
            }
        }
        self.cellules = toutes;
    }
}

fn dedans(periode: Periode, jour: Jour) -> bool {
    periode.debut() <= jour && jour <= periode.fin()
}

/// Every profile and member that figures are given for.
fn familles() -> impl Iterator<Item = (ProfilCellule, Axe, Option<&'static str>)> {
    let membres = || MEMBRES.iter().map(|m| (Axe::Appareil, Some(*m)));
    let profils = std::iter::once(ProfilCellule::Tous);
    let profils = profils.chain(PROFILS.map(ProfilCellule::Un));
    profils.flat_map(move |p| {
        let tous = std::iter::once((Axe::Total, None)).chain(membres());
        tous.map(move |(axe, membre)| (p, axe, membre))
    })
}

fn tient(profil: ProfilCellule, membre: Option<&str>, atome: &Atome) -> bool {
    (profil == ProfilCellule::Tous || profil == ProfilCellule::Un(PROFILS[atome.2]))
        && membre.is_none_or(|membre| membre == MEMBRES[atome.3])
}

/// Visits: a few persons where it is sparse, tens where it is dense; some come back.
fn visites(hasard: &mut StdRng, ecoles: usize, jours: usize) -> BTreeMap<Atome, Vec<u32>> {
    let presence = hasard.random_range(0.2..1.0);
    let foule = hasard.random_range(2..14);
    let mut visites = BTreeMap::new();
    for ecole in 0..ecoles {
        for jour in 0..jours {
            for profil in 0..PROFILS.len() {
                for membre in 0..MEMBRES.len() {
                    if hasard.random_bool(presence) {
                        let base = u32::try_from(ecole * 1_000 + profil * 100).unwrap();
                        let nombre = hasard.random_range(1..=foule);
                        let siens = (0..nombre).map(|_| base + hasard.random_range(0..20));
                        visites.insert((ecole, jour, profil, membre), siens.collect());
                    }
                }
            }
        }
    }
    visites
}

impl Source for Monde {
    fn paires(&self, periode: Periode) -> Result<Arc<Paires>, LectureErreur> {
        let mut ecoles: Vec<Uai> = self
            .cellules
            .get(&(Niveau::Ecole, periode))
            .into_iter()
            .flatten()
            .map(|c| c.code.parse().unwrap())
            .collect();
        ecoles.sort_unstable();
        ecoles.dedup();
        let annuaire = self.annuaire_de(periode);
        Ok(Arc::new(Paires::de(Some(annuaire), ecoles.into())))
    }

    fn jours(&self) -> Result<BTreeSet<Jour>, LectureErreur> {
        Ok(self.jours.iter().copied().collect())
    }

    fn annuaire(&self, periode: Periode) -> Option<Arc<Annuaire>> {
        Some(Arc::clone(self.annuaire_de(periode)))
    }

    fn lire(&self, lieux: &[Voisinage], axes: &[Axe]) -> Result<Vec<Vec<Cellule>>, LectureErreur> {
        let lire = |(niveau, periode, codes): &Voisinage| {
            let cellules = self
                .cellules
                .get(&(*niveau, *periode))
                .into_iter()
                .flatten();
            cellules
                .filter(|c| axes.contains(&c.axe) && codes.tries().iter().any(|x| **x == *c.code))
                .cloned()
                .collect()
        };
        Ok(lieux.iter().map(lire).collect())
    }
}

/// What an attacker knows, and what is to be found.
#[derive(Default)]
struct Vu {
    /// Each figure that is shown, as the atoms it is the sum of.
    montrees: Vec<Vec<usize>>,
    /// Of those, the ones that are 0.
    nulles: Vec<Vec<usize>>,
    /// Each small figure.
    petites: Vec<Vec<usize>>,
    /// Figures that are masked without being small, and all figures.
    sacrifiees: usize,
    toutes: usize,
}

fn rang(atome: &Atome, jours: usize) -> usize {
    ((atome.0 * jours + atome.1) * PROFILS.len() + atome.2) * MEMBRES.len() + atome.3
}

impl Monde {
    fn atomes(&self) -> Vec<Atome> {
        let mut atomes = Vec::new();
        for ecole in 0..self.ecoles.len() {
            for jour in 0..self.jours.len() {
                for profil in 0..PROFILS.len() {
                    atomes.extend((0..MEMBRES.len()).map(|m| (ecole, jour, profil, m)));
                }
            }
        }
        atomes
    }

    fn somme(&self, contient: impl Fn(&Atome) -> bool) -> Vec<usize> {
        let atomes = self.atomes();
        let siens = atomes.iter().filter(|atome| contient(atome));
        siens.map(|atome| rang(atome, self.jours.len())).collect()
    }

    /// Everything that can be asked, with the cells that hide others when `entier`.
    fn regarder(&self, regles: &Regles, entier: bool) -> Vu {
        let mut vu = Vu::default();
        for periode in self.periodes() {
            let territoires = self.territoires(periode);
            for &niveau in Niveau::TOUS {
                let codes = territoires.keys().filter(|(n, _)| *n == niveau);
                let codes = Codes::plusieurs(codes.map(|(_, code)| code.clone()));
                let masquees = AXES.map(|axe| {
                    let filtre = Filtre {
                        codes: codes.clone(),
                        axes: vec![axe],
                        profil: None,
                        membre: None,
                    };
                    regles.cellules(self, niveau, &[(periode, filtre)]).unwrap()
                });
                let masquees: BTreeSet<&Cle> = masquees.iter().flatten().flatten().collect();
                for code in codes.tries() {
                    let ecoles = &territoires[&(niveau, code.clone())];
                    for (profil, axe, membre) in familles() {
                        let cle = Cle {
                            code: Arc::from(code.as_str()),
                            profil,
                            axe,
                            membre: Arc::from(membre.unwrap_or("TOTAL")),
                        };
                        let contient = |atome: &Atome| {
                            ecoles.contains(&atome.0)
                                && dedans(periode, self.jours[atome.1])
                                && tient(profil, membre, atome)
                        };
                        let masquee = entier && masquees.contains(&cle);
                        vu.noter(
                            regles,
                            self.mesures(contient),
                            self.somme(contient),
                            masquee,
                        );
                    }
                }
            }
        }
        vu
    }

    /// Sets of schools and of days of the attacker's own.
    fn demander_librement(&self, regles: &Regles, graine: u64, vu: &mut Vu) {
        let mut hasard = StdRng::seed_from_u64(graine);
        for _ in 0..12 {
            let choisir = |hasard: &mut StdRng, n: usize| -> BTreeSet<usize> {
                (0..n).filter(|_| hasard.random_bool(0.5)).collect()
            };
            let ecoles = choisir(&mut hasard, self.ecoles.len());
            let jours = choisir(&mut hasard, self.jours.len());
            let ensemble: BTreeSet<Uai> = ecoles.iter().map(|e| self.ecoles[*e]).collect();
            let dates: BTreeSet<Jour> = jours.iter().map(|j| self.jours[*j]).collect();
            let lus = regles.libres(self, &[&ensemble], &dates, &AXES).unwrap();
            for (profil, axe, membre) in familles() {
                let cle = Cle {
                    code: Arc::from(""),
                    profil,
                    axe,
                    membre: Arc::from(membre.unwrap_or("TOTAL")),
                };
                let contient = |atome: &Atome| {
                    ecoles.contains(&atome.0)
                        && jours.contains(&atome.1)
                        && tient(profil, membre, atome)
                };
                let (mesures, somme) = (self.mesures(contient), self.somme(contient));
                if !regles.seuil.est_petit(mesures.utilisateurs) && !lus[0].contains(&cle) {
                    vu.montrees.push(somme);
                }
            }
        }
    }
}

impl Vu {
    fn noter(&mut self, regles: &Regles, mesures: Mesures, somme: Vec<usize>, masquee: bool) {
        self.toutes += usize::from(mesures.visites > 0);
        if regles.seuil.est_petit(mesures.utilisateurs) {
            self.petites.push(somme);
        } else if masquee {
            self.sacrifiees += usize::from(mesures.visites > 0);
        } else {
            if mesures.visites == 0 {
                self.nulles.push(somme.clone());
            }
            self.montrees.push(somme);
        }
    }

    /// The small figures that are the only ones possible, by linear algebra.
    fn retrouvees(&self, atomes: usize) -> usize {
        let mut base = Base::default();
        for somme in &self.montrees {
            base.ajouter(vecteur(somme, atomes));
        }
        let petites = self.petites.iter();
        petites
            .filter(|somme| base.engendre(vecteur(somme, atomes)))
            .count()
    }

    /// The same for one who also reasons that parts of nothing are nothing.
    fn retrouvees_sachant_les_zeros(&self, atomes: usize) -> usize {
        let mut base = Base::default();
        for atome in self.nulles.iter().flatten() {
            base.ajouter(vecteur(&[*atome], atomes));
        }
        for somme in &self.montrees {
            base.ajouter(vecteur(somme, atomes));
        }
        let petites = self.petites.iter();
        petites
            .filter(|somme| base.engendre(vecteur(somme, atomes)))
            .count()
    }

    /// The small figures found by subtracting, one relation after another: an independent way.
    fn epluchees(&self) -> usize {
        let connues: BTreeSet<Vec<usize>> = self.montrees.iter().cloned().collect();
        let mut connues: Vec<BTreeSet<usize>> = connues
            .into_iter()
            .map(|s| s.into_iter().collect())
            .collect();
        let petites: BTreeSet<BTreeSet<usize>> = self
            .petites
            .iter()
            .map(|s| s.iter().copied().collect())
            .collect();
        let deja: BTreeSet<BTreeSet<usize>> = connues.iter().cloned().collect();
        // A whole less one of its parts, then less another…
        for _ in 0..2 {
            let mut nouvelles = BTreeSet::new();
            for tout in &connues {
                for partie in &connues {
                    if partie.len() < tout.len() && partie.is_subset(tout) {
                        nouvelles.insert(tout.difference(partie).copied().collect());
                    }
                }
                if nouvelles.len() > 4_000 {
                    break;
                }
            }
            if petites.iter().any(|p| nouvelles.contains(p)) {
                return petites.iter().filter(|p| nouvelles.contains(*p)).count();
            }
            connues = deja.iter().cloned().chain(nouvelles).take(1_500).collect();
        }
        0
    }
}

fn vecteur(somme: &[usize], atomes: usize) -> Vec<u64> {
    let mut vecteur = vec![0; atomes];
    for atome in somme {
        vecteur[*atome] = 1;
    }
    vecteur
}

/// A base of the figures shown, in echelon form, modulo a prime.
#[derive(Default)]
struct Base(BTreeMap<usize, Vec<u64>>);

impl Base {
    /// Less what the base gives; empty when the base gives it whole.
    fn reduire(&self, mut v: Vec<u64>) -> Option<(usize, Vec<u64>)> {
        for place in 0..v.len() {
            if v[place] == 0 {
                continue;
            }
            let Some(pivot) = self.0.get(&place) else {
                return Some((place, v));
            };
            let facteur = PREMIER - v[place];
            for (a, b) in v[place..].iter_mut().zip(&pivot[place..]) {
                *a = (*a + facteur * b) % PREMIER;
            }
        }
        None
    }

    fn ajouter(&mut self, v: Vec<u64>) {
        if let Some((place, mut reste)) = self.reduire(v) {
            let inverse = puissance(reste[place], PREMIER - 2);
            for x in &mut reste {
                *x = *x * inverse % PREMIER;
            }
            self.0.insert(place, reste);
        }
    }

    fn engendre(&self, v: Vec<u64>) -> bool {
        self.reduire(v).is_none()
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

fn regles() -> Regles {
    Regles::new(
        Seuils::default(),
        Listes::du_plan(&Plan::integre().unwrap()),
    )
}

/// How many worlds are tried: `FREQUENT_MONDES` for more.
fn mondes() -> u64 {
    let voulus = std::env::var("FREQUENT_MONDES").ok();
    voulus.and_then(|n| n.parse().ok()).unwrap_or(60)
}

#[test]
fn nothing_masked_is_found_again_from_all_that_is_shown() {
    let regles = regles();
    let (mut petites, mut sacrifiees, mut toutes, mut par_zeros) = (0, 0, 0, 0);
    for graine in 0..mondes() {
        let monde = Monde::nouveau(graine);
        let atomes = monde.atomes().len();
        let mut vu = monde.regarder(&regles, true);
        assert_eq!(vu.retrouvees(atomes), 0, "world {graine}, cells");
        assert_eq!(vu.epluchees(), 0, "world {graine}");
        monde.demander_librement(&regles, graine, &mut vu);
        assert_eq!(vu.retrouvees(atomes), 0, "world {graine}, free");
        par_zeros += vu.retrouvees_sachant_les_zeros(atomes);
        petites += vu.petites.len();
        sacrifiees += vu.sacrifiees;
        toutes += vu.toutes;
    }
    println!(
        "{toutes} cells, {petites} small, {sacrifiees} masked to hide them, \
         {par_zeros} found by knowing zeros"
    );
}

#[test]
fn masking_small_figures_only_lets_them_be_found_again() {
    let regles = regles();
    let mut retrouvees = (0, 0);
    for graine in 0..60 {
        let monde = Monde::nouveau(graine);
        let vu = monde.regarder(&regles, false);
        retrouvees.0 += vu.retrouvees(monde.atomes().len());
        retrouvees.1 += vu.epluchees();
    }
    assert!(retrouvees.0 > 100 && retrouvees.1 > 10, "{retrouvees:?}");
}
