//! Small figures asked by real routes, and looked for by differences between their answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::annuaire::{circonscription, ecole};
use crate::banc::Banc;
use crate::evenements::{compter, poser_une_a_une};

const PROFILS: [&str; 7] = [
    "TOUS",
    "ELEVE",
    "PARENT",
    "ENSEIGNANT",
    "ADMIN_VIE_SCOL_TECH",
    "COLLECTIVITE",
    "AUTRE",
];
/// The profiles that come to the bench.
pub const VENUS: [&str; 3] = ["ELEVE", "ENSEIGNANT", "ADMIN_VIE_SCOL_TECH"];
/// The schools of the bench.
pub const ECOLES: [u32; 6] = [1, 2, 3, 4, 7, 5];
pub const JOURS: [&str; 4] = ["2026-11-03", "2026-11-04", "2026-11-12", "2026-11-13"];

/// Level, code, grain, first day, profile.
pub type Cle = (String, String, String, String, String);

/// How many persons of each profile come to a school of the bench, the first being 1, on a day, the
/// first being 0.
pub fn venus(numero: u64, jour: u64) -> [(&'static str, u64); 3] {
    let [eleve, enseignant, admin] = VENUS;
    [
        (eleve, if numero == 2 { 3 } else { 20 + numero }),
        (enseignant, 6 + jour),
        (admin, 1 + (numero + jour) % 3),
    ]
}

/// Visits of schools of several sizes: staff are few everywhere, and one school is small.
pub async fn banc_compte() -> Banc {
    let banc = Banc::nouveau().await;
    let ecoles: Vec<String> = ECOLES.map(ecole).to_vec();
    for (rang, jour) in (0_u64..).zip(JOURS) {
        let mut visites = Vec::new();
        for (numero, ecole) in (1_u64..).zip(&ecoles) {
            for (place, (profil, nombre)) in (0_u64..).zip(venus(numero, rang)) {
                let siens = (0..nombre).map(|p| numero * 1_000 + place * 100 + p);
                visites.extend(siens.map(|personne| (ecole.as_str(), profil, personne)));
            }
        }
        poser_une_a_une(&banc.lac, jour, &visites);
    }
    compter(&banc.lac, "2026-11-20T09:00:00Z");
    banc
}

/// All that the cells' route shows: visits, or none where masked. What is absent is 0.
pub async fn tout_lire(banc: &Banc, temoin: &str) -> BTreeMap<Cle, Option<i64>> {
    let mut lus = BTreeMap::new();
    for niveau in [
        "ecole",
        "circonscription",
        "commune",
        "departement",
        "academie",
        "region",
        "national",
    ] {
        for (grain, du) in [
            ("jour", "2026-11-01"),
            ("semaine", "2026-11-01"),
            ("mois", "2026-11-01"),
            ("annee", "2026-08-01"),
        ] {
            let chemin = format!(
                "/api/v1/cellules?niveau={niveau}&dans=national:FR&grain={grain}&du={du}\
                 &au=2026-11-30&profil=*"
            );
            let reponse = banc.lire(temoin, &chemin).await.json();
            for cellule in reponse["cellules"].as_array().unwrap() {
                let texte = |champ: &str| cellule[champ].as_str().unwrap().to_owned();
                let masquee = cellule["etat"] == "masque";
                for mesure in ["visites", "utilisateurs", "duree_ms", "evenements"] {
                    assert_eq!(cellule[mesure].is_null(), masquee, "{cellule}");
                }
                if let Some(utilisateurs) = cellule["utilisateurs"].as_i64() {
                    assert!(utilisateurs == 0 || utilisateurs >= 5, "{cellule}");
                }
                let cle = (
                    niveau.to_owned(),
                    texte("code"),
                    grain.to_owned(),
                    texte("debut"),
                    texte("profil"),
                );
                lus.insert(cle, cellule["visites"].as_i64());
            }
        }
    }
    lus
}

/// The relations of the bench's directory and calendar: a whole and its parts.
fn relations() -> Vec<(Cle, Vec<Cle>)> {
    let lieux = |niveau: &str, codes: &[String]| -> Vec<(String, String)> {
        let codes = codes.iter();
        codes.map(|c| (niveau.to_owned(), c.clone())).collect()
    };
    let uais = |numeros: &[u32]| -> Vec<String> { numeros.iter().map(|n| ecole(*n)).collect() };
    let un = |niveau: &str, code: &str| (niveau.to_owned(), code.to_owned());
    let territoires = [
        (un("national", "FR"), lieux("region", &["76".to_owned()])),
        (
            un("region", "76"),
            lieux("departement", &["031".to_owned(), "034".to_owned()]),
        ),
        (
            un("departement", "031"),
            lieux("commune", &["31555".to_owned(), "31395".to_owned()]),
        ),
        (
            un("departement", "031"),
            lieux("ecole", &uais(&[1, 2, 3, 4, 6, 7])),
        ),
        (
            un("commune", "31555"),
            lieux("ecole", &uais(&[1, 2, 3, 6, 7])),
        ),
        (
            un("circonscription", &circonscription(1)),
            lieux("ecole", &uais(&[1, 2, 6])),
        ),
        (
            un("circonscription", &circonscription(2)),
            lieux("ecole", &uais(&[3, 4])),
        ),
    ];
    let temps = |grain: &str, debut: &str| (grain.to_owned(), debut.to_owned());
    let jours = |jours: &[&str]| jours.iter().map(|j| temps("jour", j)).collect::<Vec<_>>();
    let periodes = [
        (temps("semaine", "2026-11-02"), jours(&JOURS[..2])),
        (temps("semaine", "2026-11-09"), jours(&JOURS[2..])),
        (
            temps("mois", "2026-11-01"),
            vec![
                temps("semaine", "2026-11-02"),
                temps("semaine", "2026-11-09"),
            ],
        ),
        (
            temps("annee", "2026-08-01"),
            vec![temps("mois", "2026-11-01")],
        ),
    ];
    let tous_les_lieux: BTreeSet<_> = territoires
        .iter()
        .flat_map(|(tout, parts)| std::iter::once(tout).chain(parts))
        .collect();
    let tous_les_temps: BTreeSet<_> = periodes
        .iter()
        .flat_map(|(tout, parts)| std::iter::once(tout).chain(parts))
        .collect();
    let cle = |lieu: &(String, String), temps: &(String, String), profil: &str| -> Cle {
        let (niveau, code) = lieu.clone();
        let (grain, debut) = temps.clone();
        (niveau, code, grain, debut, profil.to_owned())
    };
    let mut relations = Vec::new();
    for temps in &tous_les_temps {
        for profil in PROFILS {
            relations.extend(territoires.iter().map(|(tout, parts)| {
                let parts = parts.iter().map(|lieu| cle(lieu, temps, profil));
                (cle(tout, temps, profil), parts.collect())
            }));
        }
    }
    for lieu in &tous_les_lieux {
        for profil in PROFILS {
            relations.extend(periodes.iter().map(|(tout, parts)| {
                let parts = parts.iter().map(|temps| cle(lieu, temps, profil));
                (cle(lieu, tout, profil), parts.collect())
            }));
        }
        relations.extend(tous_les_temps.iter().map(|temps| {
            let parts = PROFILS[1..].iter().map(|profil| cle(lieu, temps, profil));
            (cle(lieu, temps, "TOUS"), parts.collect())
        }));
    }
    relations
}

/// Solves relations with one unknown until none is left; gives how many masked figures it found.
fn eplucher(mut lus: BTreeMap<Cle, Option<i64>>) -> usize {
    let relations = relations();
    let mut trouvees = 0;
    loop {
        let avant = trouvees;
        for (tout, parts) in &relations {
            let valeur = |cle: &Cle| lus.get(cle).copied().unwrap_or(Some(0));
            let inconnues: Vec<&Cle> = std::iter::once(tout)
                .chain(parts)
                .filter(|cle| valeur(cle).is_none())
                .collect();
            if let [inconnue] = *inconnues {
                let somme: i64 = parts.iter().filter_map(valeur).sum();
                let trouvee = if inconnue == tout {
                    somme
                } else {
                    valeur(tout).unwrap_or_default() - somme
                };
                lus.insert(inconnue.clone(), Some(trouvee));
                trouvees += 1;
            }
        }
        if trouvees == avant {
            return trouvees;
        }
    }
}

#[tokio::test]
async fn no_masked_figure_is_found_by_differences_between_answers() {
    let banc = banc_compte().await;
    let temoin = banc.temoin("ministere").await;
    let lus = tout_lire(&banc, &temoin).await;
    let masquees = lus.values().filter(|visites| visites.is_none()).count();
    assert!(
        masquees > 50 && masquees < lus.len(),
        "{masquees}/{}",
        lus.len()
    );
    assert_eq!(eplucher(lus.clone()), 0);
    // The attack works: with only the figures of staff of each school masked, they are all found.
    let petites = lus.into_keys().map(|cle| {
        let cachee = cle.0 == "ecole" && cle.4 == "ADMIN_VIE_SCOL_TECH";
        (cle, if cachee { None } else { Some(10) })
    });
    assert!(eplucher(petites.collect()) > 20);
}

#[tokio::test]
async fn masked_figures_are_said_to_be_masked_by_every_route_and_format() {
    let banc = banc_compte().await;
    let temoin = banc.temoin("ministere").await;
    let petite = ecole(1);
    let chemin = format!("/api/v1/synthese?niveau=ecole&code={petite}&grain=jour&debut=2026-11-03");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let profils = reponse["profils"].as_array().unwrap();
    let admin = profils
        .iter()
        .find(|p| p["profil"] == "ADMIN_VIE_SCOL_TECH")
        .unwrap();
    assert_eq!(admin["mesures"]["etat"], "masque");
    assert_eq!(admin["mesures"]["visites"], Value::Null);
    assert_eq!(profils[0]["mesures"]["etat"], "mesure");
    let base = "/api/v1/tableau?niveau=departement&code=031&enfants=ecole&grain=semaine\
                &debut=2026-11-09&profil=ADMIN_VIE_SCOL_TECH";
    let tableau = banc.lire(&temoin, base).await.json();
    let lignes = tableau["lignes"].as_array().unwrap();
    let ligne = lignes
        .iter()
        .find(|l| l["code"] == petite.as_str())
        .unwrap();
    assert_eq!(ligne["mesures"]["etat"], "masque");
    assert!(ligne["serie"].as_array().unwrap().contains(&Value::Null));
    let csv = banc.lire(&temoin, &format!("{base}&format=csv")).await;
    assert!(csv.texte().contains(";masqué;masqué;masqué;masqué;"));
    let chemin = format!(
        "/api/v1/moments?niveau=ecole&code={petite}&grain=jour&debut=2026-11-03\
         &profil=ADMIN_VIE_SCOL_TECH"
    );
    let moments = banc.lire(&temoin, &chemin).await.json();
    assert_eq!(moments["jours"][1]["heures"][9], Value::Null);
    assert_eq!(moments["jours"][0]["heures"][9], 0);
}
