//! All that one caller can be shown by the real routes, over territories, sets of schools and days
//! of their own, put together and solved by exact algebra.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::annuaire::{circonscription, ecole};
use crate::banc::Banc;
use crate::secret::{ECOLES, JOURS, VENUS, banc_compte, tout_lire, venus};

const ATOMES: usize = ECOLES.len() * JOURS.len() * VENUS.len();
const PREMIER: i64 = 1_000_003;
const SEUIL: u64 = 5;

/// Which atoms (school, day, profile) a figure is the sum of, at their ranks.
type Somme = [i64; ATOMES];

/// Schools, days and profiles, by their ranks.
fn somme(ecoles: &[usize], jours: &[usize], profil: &str) -> Somme {
    let mut somme = [0; ATOMES];
    for ecole in ecoles {
        for jour in jours {
            for (rang, un) in VENUS.iter().enumerate() {
                if profil == "TOUS" || profil == *un {
                    somme[(ecole * JOURS.len() + jour) * VENUS.len() + rang] = 1;
                }
            }
        }
    }
    somme
}

/// The ranks of the schools of a territory.
fn ecoles_de(niveau: &str, code: &str) -> Vec<usize> {
    let numeros: Vec<u32> = match (niveau, code) {
        ("national" | "region", _) => ECOLES.to_vec(),
        ("departement", "031") | ("academie", "16") => vec![1, 2, 3, 4, 7],
        ("commune", "31555") => vec![1, 2, 3, 7],
        ("commune", "31395") => vec![4],
        ("circonscription", c) if c == circonscription(1) => vec![1, 2],
        ("circonscription", c) if c == circonscription(2) => vec![3, 4],
        ("departement" | "academie" | "commune" | "circonscription", _) => vec![5],
        (_, code) => ECOLES.into_iter().filter(|n| ecole(*n) == code).collect(),
    };
    (0..ECOLES.len())
        .filter(|r| numeros.contains(&ECOLES[*r]))
        .collect()
}

fn jours_de(grain: &str, debut: &str) -> Vec<usize> {
    let semaine = |rang: usize| if rang < 2 { "2026-11-02" } else { "2026-11-09" };
    let dedans = |rang: &usize| match grain {
        "jour" => JOURS[*rang] == debut,
        "semaine" => semaine(*rang) == debut,
        _ => true,
    };
    (0..JOURS.len()).filter(dedans).collect()
}

/// What was shown, and how it adds up.
#[derive(Default)]
struct Vu(BTreeMap<Somme, i64>);

impl Vu {
    /// Notes a figure that is shown; two routes that show it say the same.
    fn noter(&mut self, somme: &Somme, mesures: &Value, ou: &str) {
        let Some(visites) = mesures["visites"].as_i64() else {
            assert_eq!(mesures["etat"], "masque", "{ou}: {mesures}");
            return;
        };
        let deja = self.0.insert(*somme, visites);
        assert!(deja.is_none_or(|deja| deja == visites), "{ou}: {mesures}");
    }

    /// The sums that are the only ones possible.
    fn retrouvees<'a>(&self, cherchees: &'a [Somme]) -> Vec<&'a Somme> {
        let mut base: BTreeMap<usize, Somme> = BTreeMap::new();
        for somme in self.0.keys() {
            if let Some((place, reste)) = reduire(&base, somme) {
                base.insert(place, reste);
            }
        }
        let cherchees = cherchees.iter();
        cherchees.filter(|s| reduire(&base, s).is_none()).collect()
    }
}

fn reduire(base: &BTreeMap<usize, Somme>, somme: &Somme) -> Option<(usize, Somme)> {
    let mut somme = *somme;
    for place in 0..ATOMES {
        if somme[place] == 0 {
            continue;
        }
        let Some(pivot) = base.get(&place) else {
            let inverse = puissance(somme[place], PREMIER - 2);
            return Some((place, somme.map(|x| x * inverse % PREMIER)));
        };
        let facteur = PREMIER - somme[place];
        for (x, y) in somme.iter_mut().zip(pivot) {
            *x = (*x + facteur * y) % PREMIER;
        }
    }
    None
}

fn puissance(base: i64, exposant: i64) -> i64 {
    let carre = |b: i64| puissance(b * b % PREMIER, exposant / 2);
    match exposant {
        0 => 1,
        n if n % 2 == 1 => base * carre(base) % PREMIER,
        _ => carre(base),
    }
}

/// The stored figures by the cells' route, the summary and the table.
async fn territoires(banc: &Banc, temoin: &str, vu: &mut Vu) {
    let lus = tout_lire(banc, temoin).await;
    for ((niveau, code, grain, debut, profil), visites) in lus {
        let (ecoles, jours) = (ecoles_de(&niveau, &code), jours_de(&grain, &debut));
        let mesures = json!({"etat": if visites.is_some() { "mesure" } else { "masque" },
            "visites": visites});
        vu.noter(&somme(&ecoles, &jours, &profil), &mesures, "cellules");
        let base = format!("niveau={niveau}&code={code}&grain={grain}&debut={debut}");
        if profil == "TOUS" {
            let chemin = format!("/api/v1/synthese?{base}");
            let synthese = banc.lire(temoin, &chemin).await.json();
            for ligne in synthese["profils"].as_array().unwrap() {
                let profil = ligne["profil"].as_str().unwrap();
                vu.noter(&somme(&ecoles, &jours, profil), &ligne["mesures"], &chemin);
            }
        }
        if niveau == "departement" {
            let chemin = format!("/api/v1/tableau?{base}&enfants=ecole&profil={profil}");
            let tableau = banc.lire(temoin, &chemin).await.json();
            for ligne in tableau["lignes"].as_array().unwrap() {
                let ecoles = ecoles_de("ecole", ligne["code"].as_str().unwrap());
                if !ecoles.is_empty() {
                    vu.noter(&somme(&ecoles, &jours, &profil), &ligne["mesures"], &chemin);
                }
            }
        }
    }
}

/// Sets of schools and of days of the caller's own, each with each.
async fn libres(banc: &Banc, temoin: &str, vu: &mut Vu) -> usize {
    let mut demandes = 0;
    for ensemble in 1_u32..1 << ECOLES.len() {
        // Every set but some, with every set of days but some: what differs by one school, by one
        // day, by both is among them.
        for jours in (1_u32..1 << JOURS.len()).filter(|j| (ensemble + j) % 3 == 0) {
            let rangs = |bits: u32, n: usize| -> Vec<usize> {
                (0..n).filter(|r| bits >> r & 1 == 1).collect()
            };
            let (ecoles, jours) = (rangs(ensemble, ECOLES.len()), rangs(jours, JOURS.len()));
            let codes: Vec<String> = ecoles.iter().map(|e| ecole(ECOLES[*e])).collect();
            let dates: Vec<&str> = jours.iter().map(|j| JOURS[*j]).collect();
            let chemin = format!(
                "/api/v1/mesures?ecoles={}&jours={}&profil=*",
                codes.join(","),
                dates.join(",")
            );
            let reponse = banc.lire(temoin, &chemin).await.json();
            demandes += 1;
            for cellule in reponse["cellules"].as_array().unwrap() {
                let profil = cellule["profil"].as_str().unwrap();
                vu.noter(&somme(&ecoles, &jours, profil), cellule, &chemin);
            }
        }
    }
    demandes
}

/// The small figures of the bench: those of every school, day and profile, and their sums over the
/// days of a school.
fn petites() -> Vec<Somme> {
    let mut petites = Vec::new();
    for (rang, numero) in (0..ECOLES.len()).zip(1_u64..) {
        for (jour, suite) in (0..JOURS.len()).zip(0_u64..) {
            for (profil, nombre) in venus(numero, suite) {
                if nombre < SEUIL {
                    petites.push(somme(&[rang], &[jour], profil));
                }
            }
        }
    }
    petites
}

#[tokio::test]
async fn no_small_figure_is_found_from_all_that_the_routes_show_one_caller() {
    let banc = banc_compte().await;
    let temoin = banc.temoin("ministere").await;
    let (mut vu, petites) = (Vu::default(), petites());
    territoires(&banc, &temoin, &mut vu).await;
    let (stockees, trouvees) = (vu.0.len(), vu.retrouvees(&petites).len());
    assert_eq!(trouvees, 0, "by territories alone");
    let demandes = libres(&banc, &temoin, &mut vu).await;
    println!(
        "{stockees} figures of territories, {} with {demandes} free requests, {} small ones",
        vu.0.len(),
        petites.len()
    );
    assert!(vu.0.len() > stockees + 100, "free figures are shown too");
    assert!(vu.retrouvees(&petites).is_empty());
    // The attack works: a whole and all but one of its parts give the last.
    let mut naif = Vu::default();
    for jour in 0..JOURS.len() {
        for profil in ["TOUS", VENUS[0], VENUS[1]] {
            for rang in 0..ECOLES.len() {
                naif.0.insert(somme(&[rang], &[jour], profil), 10);
            }
        }
    }
    assert!(naif.retrouvees(&petites).len() > 20);
}
