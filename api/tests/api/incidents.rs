//! Incidents and series breaks: who may declare them, and what they do to figures.

use frequent_plan::{Grain, Niveau};
use serde_json::{Value, json};

use crate::annuaire::{circonscription, ecole};
use crate::banc::{Banc, PLATEFORME, convention};

const LISTE: &str = "/api/v1/incidents";

fn panne(portee: &Value) -> Value {
    json!({"nature": "incident", "titre": "Marqueurs coupés", "explication": "Mise à jour ratée",
        "du": "2026-11-09", "au": "2026-11-10", "portee": portee})
}

async fn declarer(banc: &Banc, temoin: &str, corps: &Value) -> (u16, Value) {
    let reponse = banc.ecrire(temoin, ("POST", LISTE), corps).await;
    (reponse.statut, reponse.json())
}

#[tokio::test]
async fn each_may_declare_only_inside_what_they_administer() {
    let banc = Banc::nouveau().await;
    let une = json!({"genre": "ecoles", "ecoles": [ecole(1)]});
    let autre = json!({"genre": "ecoles", "ecoles": [ecole(4)]});
    let sienne = json!({"genre": "plateforme", "plateforme": PLATEFORME});
    let ailleurs = json!({"genre": "plateforme", "plateforme": "AILLEURS"});
    let circonscription =
        json!({"genre": "territoire", "niveau": "circonscription", "code": circonscription(1)});
    let departement = json!({"genre": "territoire", "niveau": "departement", "code": "031"});
    let toutes = json!({"genre": "toutes"});
    for (qui, portee, attendu) in [
        ("conseiller", &une, 201),
        ("conseiller", &autre, 403),
        ("conseiller", &circonscription, 201),
        ("conseiller", &departement, 403),
        ("conseiller", &sienne, 403),
        ("toulousain", &departement, 201),
        ("toulousain", &toutes, 403),
        ("fournisseur", &sienne, 201),
        ("fournisseur", &ailleurs, 403),
        ("fournisseur", &une, 403),
        ("ministere", &toutes, 201),
    ] {
        let temoin = banc.temoin(qui).await;
        let (statut, rendu) = declarer(&banc, &temoin, &panne(portee)).await;
        assert_eq!(statut, attendu, "{qui} {portee}: {rendu}");
    }
    let fournisseur = banc.temoin("fournisseur").await;
    let siens = banc.lire(&fournisseur, "/api/v1/incidents/declares").await;
    let siens = siens.json();
    assert_eq!(siens["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(siens["incidents"][0]["declare_par"], "Édifice");
}

#[tokio::test]
async fn a_school_with_an_incident_and_no_visit_is_not_a_zero_and_figures_name_the_incident() {
    let banc = Banc::nouveau().await;
    // Two schools of a circonscription: something was counted in the second only.
    let (muette, venue) = (ecole(1), ecole(2));
    let lignes = [(venue.as_str(), "TOUS", "total", "TOTAL", 40)];
    for grain in [Grain::Jour, Grain::Semaine] {
        banc.cumuls(Niveau::Ecole, grain, "2026-11-09", &lignes);
    }
    let temoin = banc.temoin("toulousain").await;
    banc.conventionner(&temoin, &convention(&[1, 2])).await;
    let synthese =
        format!("/api/v1/synthese?niveau=ecole&code={muette}&grain=jour&debut=2026-11-09");
    let vue = banc.lire(&temoin, &synthese).await.json();
    assert_eq!(
        vue["profils"][0]["mesures"]["etat"], "mesure",
        "heard: {vue}"
    );
    assert_eq!(vue["incidents"], json!([]));

    let portee = json!({"genre": "ecoles", "ecoles": [muette, venue]});
    let (_, incident) = declarer(&banc, &temoin, &panne(&portee)).await;
    let dit = json!({"id": incident["id"], "nature": "incident", "titre": "Marqueurs coupés",
        "du": incident["du"], "au": incident["au"]});
    let vue = banc.lire(&temoin, &synthese).await.json();
    assert_eq!(vue["profils"][0]["mesures"]["etat"], "non_mesure");
    assert_eq!(vue["incidents"], json!([dit]));
    assert_eq!(vue["couverture"]["ecoles_mesurees"], 0);
    // Where something came, it is shown, and marked.
    let cellules = format!(
        "/api/v1/cellules?niveau=ecole&code={venue}&grain=jour&du=2026-11-09&au=2026-11-09"
    );
    let vue = banc.lire(&temoin, &cellules).await.json();
    assert_eq!(vue["cellules"][0]["visites"], 40);
    assert_eq!(vue["incidents"], json!([dit]));
    let csv = banc.lire(&temoin, &format!("{cellules}&format=csv")).await;
    assert!(csv.texte().contains(";Marqueurs coupés"), "{}", csv.texte());
    let mesures = format!("/api/v1/mesures?ecoles={muette}&du=2026-11-09&au=2026-11-10");
    let vue = banc.lire(&temoin, &mesures).await.json();
    assert_eq!(
        (&vue["etat"], &vue["incidents"]),
        (&json!("non_mesure"), &json!([dit]))
    );
    let tableau = "/api/v1/tableau?niveau=departement&code=031&enfants=ecole&grain=jour\
                   &debut=2026-11-09&format=csv";
    let csv = banc.lire(&temoin, tableau).await;
    assert!(
        csv.texte().contains(";Marqueurs coupés;"),
        "{}",
        csv.texte()
    );
    // On other days it says nothing.
    let ailleurs = synthese.replace("2026-11-09", "2026-11-11");
    assert_eq!(
        banc.lire(&temoin, &ailleurs).await.json()["incidents"],
        json!([])
    );
}

#[tokio::test]
async fn the_list_has_what_touches_the_territory_and_the_days_asked() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("toulousain").await;
    let portee = json!({"genre": "ecoles", "ecoles": [ecole(1), ecole(4)]});
    let (_, declare) = declarer(&banc, &temoin, &panne(&portee)).await;
    let id = declare["id"].as_str().unwrap();
    let conseiller = banc.temoin("conseiller").await;
    let code = circonscription(1);
    let lire = async |temoin: &str, jours: &str| {
        let chemin = format!("{LISTE}?niveau=circonscription&code={code}&{jours}");
        banc.lire(temoin, &chemin).await.json()["incidents"].clone()
    };
    let vus = lire(&conseiller, "du=2026-11-10&au=2026-11-30").await;
    assert_eq!(vus[0]["id"], id);
    // Of the schools, only those of the caller's perimeter are named; it is not theirs to change.
    assert_eq!(vus[0]["portee"]["ecoles"], json!([ecole(1)]));
    assert_eq!(vus[0]["lieu"], Value::Null);
    assert_eq!(vus[0]["modifiable"], false);
    assert_eq!(
        lire(&conseiller, "du=2026-11-11&au=2026-11-30").await,
        json!([])
    );
    let chemin = format!("{LISTE}/{id}");
    let change = panne(&json!({"genre": "ecoles", "ecoles": [ecole(1)]}));
    let refus = banc.ecrire(&conseiller, ("PUT", &chemin), &change).await;
    assert_eq!(refus.statut, 404);
    let fait = banc.ecrire(&temoin, ("PUT", &chemin), &change).await;
    assert_eq!(fait.statut, 200, "{}", fait.texte());
    assert_eq!(
        lire(&conseiller, "du=2026-11-10&au=2026-11-30").await[0]["modifiable"],
        true
    );
    let fait = banc.ecrire(&temoin, ("DELETE", &chemin), &json!({})).await;
    assert_eq!(fait.statut, 204);
    assert_eq!(
        lire(&temoin, "du=2026-11-10&au=2026-11-30").await,
        json!([])
    );
    let mauvais = panne(&json!({"genre": "territoire", "niveau": "departement"}));
    assert_eq!(declarer(&banc, &temoin, &mauvais).await.0, 404);
}
