//! Measures over free days and schools, coverage, and the boundaries of then and of now.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::annuaire::{self, ECOLES, circonscription, ecole};
use crate::banc::{Banc, convention};
use crate::client::Demande;
use crate::evenements::{compter, poser, poser_une_a_une};

const MAINTENANT: &str = "2026-11-20T09:00:00Z";
const PROFILS: [&str; 3] = ["ELEVE", "PARENT", "ENSEIGNANT"];

/// A visit: its day, school, profile and person.
type Visite = (String, String, &'static str, u64);

/// Visits of sixty people over seventeen days (a week, days before and after), in five schools of
/// which one in another département.
fn histoire() -> BTreeSet<Visite> {
    let mut graine = 7_u64;
    let mut tirer = |n: u64| {
        graine = graine
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (graine >> 33) % n
    };
    (0..900)
        .map(|_| {
            let jour = format!("2026-11-{:02}", 2 + tirer(17));
            let numero = 1 + u32::try_from(tirer(5)).unwrap();
            let profil = PROFILS[usize::try_from(tirer(3)).unwrap()];
            (jour, ecole(numero), profil, tirer(60))
        })
        .collect()
}

fn poser_tout(banc: &Banc, histoire: &BTreeSet<Visite>) {
    let mut jours: BTreeMap<&str, Vec<(&str, &str, u64)>> = BTreeMap::new();
    for (jour, ecole, profil, personne) in histoire {
        let visites = jours.entry(jour).or_default();
        visites.push((ecole, profil, *personne));
    }
    for (jour, visites) in jours {
        poser(&banc.lac, jour, &visites);
    }
    compter(&banc.lac, MAINTENANT);
}

/// Visits and users of those that are wanted, counted one by one.
fn naif(histoire: &BTreeSet<Visite>, voulue: impl Fn(&Visite) -> bool) -> (usize, usize) {
    let voulues: Vec<_> = histoire.iter().filter(|v| voulue(v)).collect();
    let personnes: BTreeSet<u64> = voulues.iter().map(|v| v.3).collect();
    // Each person laid is ten.
    (10 * voulues.len(), 10 * personnes.len())
}

fn visites_et_utilisateurs(reponse: &Value, rang: usize) -> (usize, usize) {
    let cellule = &reponse["cellules"][rang];
    let nombre = |champ: &str| usize::try_from(cellule[champ].as_u64().unwrap()).unwrap();
    assert_eq!(cellule["etat"], "mesure");
    (nombre("visites"), nombre("utilisateurs"))
}

#[tokio::test]
async fn free_days_and_schools_give_what_a_naive_count_gives() {
    let banc = Banc::nouveau().await;
    let histoire = histoire();
    poser_tout(&banc, &histoire);
    let temoin = banc.temoin("regional").await;
    // A range that holds a whole week and days around it; the boundaries of texts are those of days.
    let dans = |v: &Visite| ("2026-11-04".."2026-11-18").contains(&v.0.as_str());
    let plage = "du=2026-11-04&au=2026-11-17";
    let chemin = format!("/api/v1/mesures?perimetre=departement:031&{plage}&profil=*");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let ici = |v: &Visite| dans(v) && v.1 != ecole(5);
    for (rang, profil) in ["ELEVE", "ENSEIGNANT", "PARENT"].into_iter().enumerate() {
        assert_eq!(reponse["cellules"][rang]["profil"], profil);
        let attendu = naif(&histoire, |v| ici(v) && v.2 == profil);
        assert_eq!(visites_et_utilisateurs(&reponse, rang), attendu);
    }
    assert_eq!(visites_et_utilisateurs(&reponse, 3), naif(&histoire, ici));
    assert_eq!(reponse["utilisateurs_absents"], Value::Null);
    assert_eq!(reponse["couverture"]["premier_jour"], "2026-11-04");
    assert_eq!(reponse["couverture"]["dernier_jour"], "2026-11-17");
    assert_eq!(reponse["couverture"]["ecoles_mesurees"], 4);
    assert_eq!(reponse["etat"], "mesure");

    // Some schools across two départements, asked by address and by body.
    let ecoles = [ecole(2), ecole(5)];
    let ensemble = |v: &Visite| dans(v) && ecoles.contains(&v.1);
    let chemin = format!("/api/v1/mesures?ecoles={}&{plage}", ecoles.join(","));
    let reponse = banc.lire(&temoin, &chemin).await.json();
    assert_eq!(
        visites_et_utilisateurs(&reponse, 0),
        naif(&histoire, ensemble)
    );
    assert_eq!(reponse["couverture"]["ecoles_mesurees"], 2);
    let corps = json!({"ecoles": ecoles, "du": "2026-11-04", "au": "2026-11-17", "axe": "heure"});
    let par_corps = Demande::new("POST", "/api/v1/mesures")
        .entete("Cookie", &temoin)
        .entete("Content-Type", "application/json")
        .entete("Origin", format!("http://{}", banc.adresse))
        .corps(corps.to_string())
        .envoyer(banc.adresse)
        .await
        .json();
    // Every visit is at nine.
    assert_eq!(par_corps["cellules"][0]["membre"], "9");
    assert_eq!(
        visites_et_utilisateurs(&par_corps, 0),
        naif(&histoire, ensemble)
    );

    // Days picked one by one.
    let jours = ["2026-11-03", "2026-11-09", "2026-11-16"];
    let chemin = format!(
        "/api/v1/mesures?perimetre=region:76&jours={}&format=csv",
        jours.join(",")
    );
    let csv = banc.lire(&temoin, &chemin).await;
    let (visites, utilisateurs) = naif(&histoire, |v| jours.contains(&v.0.as_str()));
    let ligne = format!(
        "2026-11-03;2026-11-16;3;TOUS;total;TOTAL;{visites};{utilisateurs};0;{visites};5;;;"
    );
    assert_eq!(csv.texte().lines().nth(1), Some(ligne.as_str()));
}

#[tokio::test]
async fn once_presence_is_gone_visits_remain_and_users_are_absent_with_the_reason() {
    let banc = Banc::nouveau().await;
    let histoire = histoire();
    let petite = ecole(7);
    let trois = [0, 1, 2].map(|personne| (petite.as_str(), "ELEVE", personne));
    poser_une_a_une(&banc.lac, "2026-11-19", &trois);
    poser_tout(&banc, &histoire);
    std::fs::remove_dir_all(banc.lac.presence()).unwrap();
    let temoin = banc.temoin("regional").await;
    let plage = "du=2026-11-03&au=2026-11-17";
    let chemin = format!("/api/v1/mesures?perimetre=departement:031&{plage}");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let absents = &reponse["utilisateurs_absents"];
    assert_eq!(absents["jour"], "2026-11-03");
    assert!(
        absents["raison"]
            .as_str()
            .unwrap()
            .contains("n’est plus conservée")
    );
    let (visites, _) = naif(&histoire, |v| {
        ("2026-11-03".."2026-11-18").contains(&v.0.as_str()) && v.1 != ecole(5)
    });
    let cellule = &reponse["cellules"][0];
    assert_eq!(cellule["visites"], visites);
    assert_eq!(cellule["utilisateurs"], Value::Null);
    assert_eq!(cellule["etat"], "mesure");
    // Who cannot be counted is still not shown when few.
    let chemin = format!("/api/v1/mesures?ecoles={petite}&jours=2026-11-19");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    assert_eq!(reponse["cellules"][0]["etat"], "masque");
    assert_eq!(reponse["cellules"][0]["visites"], Value::Null);
}

#[tokio::test]
async fn a_school_that_moved_counts_where_it_was_then_or_where_it_is_now() {
    let banc = Banc::nouveau().await;
    // Ten people in school 1 and seven in school 2, of circonscription 1; eight in school 3, of 2.
    let mut histoire = BTreeSet::new();
    for (numero, personnes) in [(1, 0..10), (2, 8..15), (3, 30..38)] {
        histoire.extend(personnes.map(|p| ("2026-11-03".to_owned(), ecole(numero), "ELEVE", p)));
    }
    poser_tout(&banc, &histoire);
    // Two weeks later school 1 goes over to circonscription 2.
    let mut apres = ECOLES;
    apres[0].4 = 2;
    annuaire::importer(&banc.lac, "2026-11-10", &apres);
    assert!(banc.etat.actualiser_annuaires().unwrap());
    compter(&banc.lac, MAINTENANT);
    let temoin = banc.temoin("toulousain").await;
    for (numero, frontieres, attendus) in [
        (1, "alors", (170, 150, 2)),
        (1, "maintenant", (70, 70, 1)),
        (2, "alors", (80, 80, 1)),
        (2, "maintenant", (180, 180, 2)),
    ] {
        let code = circonscription(numero);
        let suite = format!("&frontieres={frontieres}");
        let chemins = [
            format!(
                "/api/v1/cellules?niveau=circonscription&code={code}&grain=semaine\
                 &du=2026-11-02&au=2026-11-02{suite}"
            ),
            format!(
                "/api/v1/mesures?perimetre=circonscription:{code}\
                 &du=2026-11-02&au=2026-11-08{suite}"
            ),
            format!(
                "/api/v1/synthese?niveau=circonscription&code={code}&grain=semaine\
                 &debut=2026-11-02{suite}"
            ),
        ];
        for chemin in chemins {
            let reponse = banc.lire(&temoin, &chemin).await.json();
            let mesures = reponse["cellules"].get(0);
            let mesures = mesures.unwrap_or(&reponse["profils"][0]["mesures"]);
            let lus = (&mesures["visites"], &mesures["utilisateurs"]);
            let (visites, utilisateurs, ecoles) = attendus;
            assert_eq!(lus, (&json!(visites), &json!(utilisateurs)), "{chemin}");
            assert_eq!(reponse["couverture"]["ecoles_mesurees"], ecoles, "{chemin}");
        }
    }
    let chemin = "/api/v1/mesures?perimetre=departement:031&jours=2026-11-03&frontieres=hier";
    assert_eq!(
        banc.lire(&temoin, chemin).await.probleme()["parametre"],
        "frontieres"
    );
}

#[tokio::test]
async fn a_school_from_which_nothing_came_is_not_measured_rather_than_zero() {
    let banc = Banc::nouveau().await;
    let visites: BTreeSet<Visite> = (0..9)
        .map(|p| ("2026-11-03".to_owned(), ecole(1), "ELEVE", p))
        .collect();
    poser_tout(&banc, &visites);
    let temoin = banc.temoin("toulousain").await;
    let periode = "grain=semaine&debut=2026-11-02";
    let chemin = format!("/api/v1/tableau?niveau=departement&code=031&enfants=ecole&{periode}");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let etat = |code: &str| {
        let lignes = reponse["lignes"].as_array().unwrap();
        let ligne = lignes.iter().find(|l| l["code"] == code).unwrap();
        (
            ligne["mesures"]["etat"].clone(),
            ligne["mesures"]["visites"].clone(),
        )
    };
    assert_eq!(etat(&ecole(1)), (json!("mesure"), json!(90)));
    assert_eq!(etat(&ecole(2)), (json!("non_mesure"), Value::Null));
    assert_eq!(reponse["couverture"]["ecoles_mesurees"], 1);
    assert_eq!(reponse["couverture"]["ecoles_deployees"], Value::Null);
    // Nobody but pupils came to a school that is measured: that is a zero.
    let chemin = format!("/api/v1/synthese?niveau=departement&code=031&{periode}");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let parents = &reponse["profils"][2]["mesures"];
    assert_eq!(
        (&parents["etat"], &parents["visites"]),
        (&json!("mesure"), &json!(0))
    );
}

#[tokio::test]
async fn a_set_with_one_school_out_of_sight_is_refused_whole() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let ecoles = format!("{},{}", ecole(1), ecole(5));
    for (lieu, statut) in [
        (format!("ecoles={ecoles}"), 403),
        ("perimetre=departement:034".to_owned(), 403),
        ("perimetre=region:76".to_owned(), 403),
        (format!("ecoles={}", ecole(1)), 200),
        ("perimetre=departement:031".to_owned(), 200),
        ("perimetre=departement:999".to_owned(), 404),
        ("ecoles=0310001".to_owned(), 400),
        (String::new(), 400),
    ] {
        let chemin = format!("/api/v1/mesures?{lieu}&du=2026-11-03&au=2026-11-04");
        assert_eq!(banc.lire(&temoin, &chemin).await.statut, statut, "{lieu}");
    }
}

#[tokio::test]
async fn a_silent_school_of_a_platform_that_was_heard_has_a_zero_and_others_are_not_deployed() {
    let banc = Banc::nouveau().await;
    // Something was counted in two schools, one of which nobody recorded a convention for.
    let visites: BTreeSet<Visite> = (0..9)
        .flat_map(|p| [1, 7].map(|e| ("2026-11-03".to_owned(), ecole(e), "ELEVE", p)))
        .collect();
    poser_tout(&banc, &visites);
    let temoin = banc.temoin("toulousain").await;
    let mut sans_siret = convention(&[1, 2, 3]);
    sans_siret["siret"] = Value::Null;
    banc.conventionner(&temoin, &sans_siret).await;
    let chemin = "/api/v1/tableau?niveau=departement&code=031&enfants=ecole&grain=semaine\
                  &debut=2026-11-02";
    let reponse = banc.lire(&temoin, chemin).await.json();
    let lignes = reponse["lignes"].as_array().unwrap();
    for (numero, etat) in [
        (1, "mesure"),
        (2, "mesure"),
        (3, "mesure"),
        (4, "non_deploye"),
        (7, "mesure"),
    ] {
        let code = ecole(numero);
        let ligne = lignes.iter().find(|l| l["code"] == code).unwrap();
        assert_eq!(ligne["mesures"]["etat"], etat, "{numero}");
    }
    assert_eq!(reponse["couverture"]["ecoles_mesurees"], 3);
    assert_eq!(reponse["couverture"]["ecoles_deployees"], 3);
    assert_eq!(reponse["couverture"]["mesurees_sans_convention"], 1);
    // A week before, the platform was silent: its schools are not measured.
    let chemin = chemin.replace("2026-11-02", "2026-10-26");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let lignes = reponse["lignes"].as_array().unwrap();
    let ligne = lignes.iter().find(|l| l["code"] == ecole(2)).unwrap();
    assert_eq!(ligne["mesures"]["etat"], "non_mesure");
    assert_eq!(reponse["couverture"]["ecoles_mesurees"], 0);
    assert_eq!(reponse["couverture"]["mesurees_sans_convention"], 0);
}

#[tokio::test]
async fn a_named_perimeter_is_measured_as_the_schools_it_has_by_who_sees_it_whole() {
    let banc = Banc::nouveau().await;
    let histoire = histoire();
    poser_tout(&banc, &histoire);
    let temoin = banc.temoin("toulousain").await;
    let ville = json!({"nom": "Ville", "ecoles": [ecole(1), ecole(4)]});
    let cree = banc
        .ecrire(&temoin, ("POST", "/api/v1/perimetres"), &ville)
        .await;
    assert_eq!(cree.statut, 201, "{}", cree.texte());
    let id = cree.json()["id"].as_str().unwrap().to_owned();
    let chemin = format!("/api/v1/mesures?perimetre=ensemble:{id}&du=2026-11-02&au=2026-11-18");
    let reponse = banc.lire(&temoin, &chemin).await.json();
    let attendu = naif(&histoire, |v| [ecole(1), ecole(4)].contains(&v.1));
    assert_eq!(visites_et_utilisateurs(&reponse, 0), attendu);
    let ailleurs = banc.temoin("conseiller").await;
    assert_eq!(banc.lire(&ailleurs, &chemin).await.statut, 404);
    let inconnu = chemin.replace(&id, "inconnu");
    assert_eq!(banc.lire(&temoin, &inconnu).await.statut, 404);
}
