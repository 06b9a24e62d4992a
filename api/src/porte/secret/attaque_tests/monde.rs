//! Worlds of made-up visits: every cell counted naively, and what is shown of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Profil, Uai};
use frequent_territory::{Annuaire, Annuaires, CodeNom, Ecole, Etat, Secteur};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rustc_hash::FxHashSet;

use super::super::masque::{Cle, Regles, Source, Voisinage};
use super::super::periodes::Jours;
use super::super::totaux::{Empreinte, Profils};
use super::super::{JoursComptes, Memoire, Paires};
use super::attaquant::{Chiffre, Somme, Vu};
use crate::donnees::{Cellule, Codes, Filtre, LectureErreur, Mesures, ProfilCellule, Sommaire};

pub(super) const PROFILS: [Profil; 3] =
    [Profil::Eleve, Profil::Enseignant, Profil::AdminVieScolTech];
pub(super) const MEMBRES: [&str; 3] = ["ORDINATEUR", "SMARTPHONE", "TABLETTE"];
const AXES: [Axe; 2] = [Axe::Total, Axe::Appareil];

/// Where, when, who, with what: the parts that all figures are sums of.
type Atome = (usize, usize, usize, usize);

pub(super) struct Monde {
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
    pub(super) fn nouveau(graine: u64) -> Self {
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

/// The totals of these profiles.
fn cles_totaux(code: &str, profils: Profils) -> impl Iterator<Item = Cle> + use<> {
    let code: Arc<str> = Arc::from(code);
    let caches = ProfilCellule::tous().filter(move |profil| profils.contient(*profil));
    caches.map(move |profil| Cle {
        code: Arc::clone(&code),
        profil,
        axe: Axe::Total,
        membre: Arc::from("TOTAL"),
    })
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

    fn jours(&self) -> Result<Arc<JoursComptes>, LectureErreur> {
        let jours = self.jours.iter().copied().collect();
        Ok(Arc::new(JoursComptes::new(jours)))
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

    fn totaux(&self, niveau: Niveau, periode: Periode) -> Result<Arc<Sommaire>, LectureErreur> {
        let cellules = self.cellules.get(&(niveau, periode)).into_iter().flatten();
        let mut cellules: Vec<&Cellule> = cellules.collect();
        cellules.sort_by_key(|c| (Arc::clone(&c.code), c.profil.code()));
        Ok(Arc::new(Sommaire::de(cellules)))
    }

    fn memoire(&self) -> Option<&Memoire> {
        None
    }

    fn empreinte(&self, _: Periode, _: Jours) -> Result<Empreinte, LectureErreur> {
        Ok(Empreinte::default())
    }
}

/// The schools, the days, the profile and the member that a figure is the sum of: as sets, one bit
/// each; no profile or member is all.
fn somme(ecoles: u8, jours: u8, profil: ProfilCellule, membre: Option<&str>) -> Somme {
    let profils = match profil {
        ProfilCellule::Tous => (1 << PROFILS.len()) - 1,
        ProfilCellule::Un(un) => 1 << PROFILS.iter().position(|p| *p == un).unwrap(),
    };
    let membres = match membre {
        None => (1 << MEMBRES.len()) - 1,
        Some(un) => 1 << MEMBRES.iter().position(|m| *m == un).unwrap(),
    };
    [ecoles, jours, profils, membres]
}

fn chiffre(regles: &Regles, mesures: Mesures, masque: bool) -> Chiffre {
    Chiffre {
        visites: mesures.visites,
        utilisateurs: mesures.utilisateurs,
        petit: regles.seuil.est_petit(mesures.utilisateurs),
        masque,
    }
}

fn ensemble(rangs: impl IntoIterator<Item = usize>) -> u8 {
    rangs.into_iter().fold(0, |tous, rang| tous | 1 << rang)
}

impl Monde {
    /// Everything that can be asked, with the cells that hide others when `entier`.
    pub(super) fn regarder(&self, regles: &Regles, entier: bool) -> Vu {
        let mut vu = Vu::default();
        for periode in self.periodes() {
            let territoires = self.territoires(periode);
            let jours = self.jours.iter().enumerate();
            let jours = ensemble(jours.filter(|(_, j)| dedans(periode, **j)).map(|(r, _)| r));
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
                    let masquees = regles.cellules(self, niveau, &[(periode, filtre)]).unwrap();
                    if axe == Axe::Total {
                        let totaux = self.totaux_masques(regles, (niveau, periode), &codes);
                        assert_eq!(
                            masquees,
                            std::slice::from_ref(&totaux),
                            "{niveau} {periode:?}"
                        );
                        return vec![totaux];
                    }
                    masquees
                });
                let masquees: BTreeSet<&Cle> = masquees.iter().flatten().flatten().collect();
                let comptees = self.cellules.get(&(niveau, periode)).into_iter().flatten();
                let comptees: BTreeMap<Cle, Mesures> =
                    comptees.map(|c| (Cle::de(c), c.mesures)).collect();
                for code in codes.tries() {
                    let ecoles = ensemble(territoires[&(niveau, code.clone())].iter().copied());
                    for (profil, axe, membre) in familles() {
                        let cle = Cle {
                            code: Arc::from(code.as_str()),
                            profil,
                            axe,
                            membre: Arc::from(membre.unwrap_or("TOTAL")),
                        };
                        let mesures = comptees.get(&cle).copied().unwrap_or_default();
                        let masquee = entier && masquees.contains(&cle);
                        let chiffre = chiffre(regles, mesures, masquee);
                        vu.noter(somme(ecoles, jours, profil, membre), chiffre);
                    }
                }
            }
        }
        vu
    }

    /// The hidden totals, as they are found from the small ones.
    fn totaux_masques(
        &self,
        regles: &Regles,
        (niveau, periode): (Niveau, Periode),
        codes: &Codes,
    ) -> FxHashSet<Cle> {
        let masques = regles.totaux(self, niveau, periode).unwrap();
        let mut suivre = masques.suivre();
        let de = |code: &String| {
            let profils = masques.de(code);
            assert_eq!(suivre(code), profils);
            cles_totaux(code, profils)
        };
        codes.tries().iter().flat_map(de).collect()
    }

    /// Sets of schools and of days of the attacker's own.
    pub(super) fn demander_librement(&self, regles: &Regles, graine: u64, vu: &mut Vu) {
        let mut hasard = StdRng::seed_from_u64(graine);
        for _ in 0..12 {
            let choisir = |hasard: &mut StdRng, n: usize| -> BTreeSet<usize> {
                (0..n).filter(|_| hasard.random_bool(0.5)).collect()
            };
            let ecoles = choisir(&mut hasard, self.ecoles.len());
            let jours = choisir(&mut hasard, self.jours.len());
            let uais: BTreeSet<Uai> = ecoles.iter().map(|e| self.ecoles[*e]).collect();
            let dates: BTreeSet<Jour> = jours.iter().map(|j| self.jours[*j]).collect();
            let lus = regles.libres(self, &[&uais], &dates, &AXES).unwrap();
            let totaux = regles.totaux_libres(self, &[&uais], &dates).unwrap();
            let attendus = regles
                .libres(self, &[&uais], &dates, &[Axe::Total])
                .unwrap();
            let trouves: FxHashSet<Cle> = cles_totaux("", totaux[0]).collect();
            assert_eq!(attendus, [trouves]);
            for (profil, axe, membre) in familles() {
                let cle = Cle {
                    code: Arc::from(""),
                    profil,
                    axe,
                    membre: Arc::from(membre.unwrap_or("TOTAL")),
                };
                let mesures = self.mesures(|atome| {
                    ecoles.contains(&atome.0)
                        && jours.contains(&atome.1)
                        && tient(profil, membre, atome)
                });
                let chiffre = chiffre(regles, mesures, lus[0].contains(&cle));
                let (ecoles, jours) = (ensemble(ecoles.clone()), ensemble(jours.clone()));
                vu.noter_libre(somme(ecoles, jours, profil, membre), chiffre);
            }
        }
    }
}
