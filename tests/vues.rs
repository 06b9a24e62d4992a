//! Every view of the console, for each role, in a real browser against the built binary: it comes
//! whole, asks the API at most four times, is accessible in light, in dark and on a phone, and its
//! figures are the API's, which are those counted naively from the raw events. What each looks like
//! is kept in the build's folder for temporary files.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use banc::trafic::lundi_dernier;
use banc::{Banc, PLATEFORME};
use frequent_aggregate::Mesures;
use frequent_aggregate::reference::{self, EvenementLu};
use frequent_plan::{Jour, Lac, Niveau, Uai};
use frequent_territory::{Annuaire, Annuaires};

const CIRCONSCRIPTION: &str = "circonscription:0660055B";
const DEPARTEMENT: &str = "departement:066";
const REGION: &str = "region:76";
const PERPIGNAN: &str = "66136";
/// The traffic: weeks, this year then last, then how much of the real one.
const SEMAINES: i32 = 4;
const INTENSITES: [(i32, &str); 2] = [(0, "0.15"), (-52, "0.12")];
/// Every line is read; a few are refused, as the traffic has it.
const QUELQUES_REFUS: i32 = 3;

#[test]
fn every_view_comes_whole_accessible_and_true_for_each_role() {
    let banc = Banc::avec_annuaire();
    let lundi = lundi_dernier();
    let fichiers = banc.fichier("evenements");
    for (decalage, intensite) in INTENSITES {
        vivre(&banc, lundi.plus(7 * decalage), intensite, &fichiers);
    }
    let deux = ["--plateforme", PLATEFORME, "--plateforme", "ENT-OCC"];
    let importer = [&["import", fichiers.to_str().unwrap()][..], &deux].concat();
    let importe = banc.executer(&importer);
    assert_eq!(importe.status.code(), Some(QUELQUES_REFUS), "{importe:?}");
    banc.reussir(&["aggregate"]);

    let lac = Lac::new(banc.donnees());
    let annuaires = Annuaires::ouvrir(&lac).unwrap();
    let annuaire = annuaires.courant().unwrap();
    let conventions = banc.fichier("conventions.csv");
    std::fs::write(&conventions, sous_convention(annuaire)).unwrap();
    banc.reussir(&["convention", "import", conventions.to_str().unwrap()]);
    let personnes = [
        ("admin", "France", "national:FR", "administrateur"),
        ("dsden66", "Pyrénées-Orientales", DEPARTEMENT, "dsden"),
        ("conseillere", "Céret", CIRCONSCRIPTION, "conseiller"),
    ];
    for (identifiant, _, perimetre, role) in personnes {
        let nom = ["--nom", "Claire Durand", "--perimetre", perimetre];
        let compte = ["account", "add", identifiant, "--role", role];
        banc.reussir(&[&compte[..], &nom].concat());
    }
    let editeur = ["account", "add", "editeur", "--nom", "Édifice"];
    banc.reussir(&[&editeur[..], &["--plateforme", PLATEFORME]].concat());

    let mut vues: Vec<_> = personnes
        .iter()
        .map(|(identifiant, titre, perimetre, _)| {
            serde_json::json!({
                "identifiant": identifiant, "titre": titre, "perimetre": perimetre,
            })
        })
        .collect();
    vues.push(serde_json::json!({
        "identifiant": "editeur", "titre": "Qualité du marquage", "perimetre": null,
    }));
    let semaine = semaine(&lac, lundi);
    let ecoles = plus_visitees(&semaine, annuaire);
    let attendus = serde_json::json!({
        "lundi": lundi.to_string(),
        "mardi": lundi.plus(1).to_string(),
        "commune": PERPIGNAN,
        "ecoles": ecoles,
        "personnes": vues,
        "references": references(&semaine, annuaire, &ecoles[0]),
    });
    let rapports = banc.fichier("rapports");
    let serveur = banc.servir_avec(&[("RAPPORTS_DOSSIER", rapports.to_str().unwrap())]);
    let captures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("captures");
    banc::visiter(
        "vues.mjs",
        &[
            ("FREQUENT_URL", &serveur.url),
            ("FREQUENT_MOT_DE_PASSE", banc::MOT_DE_PASSE),
            ("CAPTURES", captures.to_str().unwrap()),
            ("ATTENDUS", &attendus.to_string()),
        ],
    );
}

/// Writes the events of the schools of a département over some weeks, the last of which is given.
fn vivre(banc: &Banc, lundi: Jour, intensite: &str, dossier: &Path) {
    let (du, au) = (lundi.plus(7 - 7 * SEMAINES), lundi.plus(6));
    let (du, au) = (du.to_string(), au.to_string());
    let quand = ["--perimetre", DEPARTEMENT, "--du", &du, "--au", &au];
    let comment = ["--intensite", intensite, "--fichiers"];
    let vers = dossier.to_str().unwrap();
    banc.reussir(&[&["simulate"][..], &quand, &comment, &[vers]].concat());
}

/// One convention for each commune of the département, for its public primary schools.
fn sous_convention(annuaire: &Annuaire) -> String {
    let mut csv = "Convention;Commune;Éditeur;Plateforme;UAI;Date début;Date fin;Prix\n".to_owned();
    let ecoles = annuaire.ecoles_de(Niveau::Departement, "066");
    for ecole in ecoles.filter(|ecole| ecole.circonscription.is_some()) {
        let (commune, uai) = (&ecole.commune.code, ecole.uai);
        let dates = "01/09/2025;31/08/2037";
        writeln!(
            csv,
            "C-{commune};{commune};Édifice;{PLATEFORME};{uai};{dates};45,00"
        )
        .unwrap();
    }
    csv
}

type Semaine = BTreeMap<Jour, Vec<EvenementLu>>;

/// The events of a week as the lake landed them.
fn semaine(lac: &Lac, lundi: Jour) -> Semaine {
    lundi
        .jusqua(lundi.plus(6))
        .map(|jour| (jour, reference::evenements(lac, jour).unwrap()))
        .collect()
}

/// The code of a school's territory, if it is in this place.
fn code_dans(annuaire: &Annuaire, lieu: &str, uai: &str, voulu: Niveau) -> Option<String> {
    let (niveau, code) = lieu.split_once(':').unwrap();
    let uai = Uai::lire(uai.as_bytes()).ok()?;
    let dedans = annuaire.code(uai, Niveau::de_code(niveau).unwrap())? == code;
    dedans.then(|| annuaire.code(uai, voulu).unwrap().to_owned())
}

/// The two schools of the circonscription that are visited most.
fn plus_visitees(semaine: &Semaine, annuaire: &Annuaire) -> Vec<String> {
    let cellules = reference::cellules(semaine, |uai| {
        code_dans(annuaire, CIRCONSCRIPTION, uai, Niveau::Ecole)
    });
    let totaux = cellules.iter().filter(|(cle, _)| cle.axe == "total");
    let tous = totaux.filter(|(cle, _)| cle.profil == "TOUS");
    let mut visites: Vec<_> = tous.map(|(cle, m)| (m.visites, &cle.code)).collect();
    visites.sort_unstable_by(|un, autre| autre.cmp(un));
    let deux = visites.into_iter().take(2);
    deux.map(|(_, uai)| uai.clone()).collect()
}

/// The week of each place that the views look at, counted one event at a time.
fn references(semaine: &Semaine, annuaire: &Annuaire, ecole: &str) -> serde_json::Value {
    let ecole = format!("ecole:{ecole}");
    [CIRCONSCRIPTION, DEPARTEMENT, REGION, &ecole]
        .map(|lieu| {
            let niveau = Niveau::de_code(lieu.split_once(':').unwrap().0).unwrap();
            let dedans = |uai: &str| code_dans(annuaire, lieu, uai, niveau);
            let mut services = BTreeMap::new();
            let mut total = Mesures::default();
            for (cle, mesures) in reference::cellules(semaine, dedans) {
                match (&*cle.profil, cle.axe) {
                    ("TOUS", "total") => total = mesures,
                    ("TOUS", "service") => {
                        services.insert(cle.membre, mesures.visites);
                    }
                    _ => {}
                }
            }
            assert!(total.visites > 20, "{lieu} : {} visites", total.visites);
            let reference = serde_json::json!({
                "visites": total.visites,
                "utilisateurs": total.utilisateurs,
                "services": services,
            });
            (lieu.to_owned(), reference)
        })
        .into_iter()
        .collect()
}
