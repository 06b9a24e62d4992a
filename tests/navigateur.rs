//! An adviser's visit in a real browser: sign in, find a school by name, read its figures, export
//! them. What the screen shows is checked against figures counted naively from the raw events.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeMap;

use banc::trafic::{journee, lundi_dernier};
use banc::{Banc, Serveur};
use frequent_aggregate::reference;
use frequent_plan::{Jour, Lac, Uai};

const ECOLE: &str = "0660713S";

#[test]
fn an_adviser_signs_in_finds_a_school_by_name_reads_its_figures_and_exports_them() {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    banc.compte("circonscription:0660055B");
    let lundi = compter_une_semaine(&banc, &cle);

    let attendus = figures_attendues(&Lac::new(banc.donnees()), lundi);
    let serveur = banc.servir();
    visiter(&serveur, "visite.mjs", &attendus);
}

#[test]
fn three_people_of_different_roles_see_their_own_territory_and_nothing_of_others() {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    let (ceret, departement, ecole) = ("circonscription:0660055B", "departement:066", ECOLE);
    for (identifiant, perimetre, role) in [
        ("conseillere", ceret, "conseiller"),
        ("dsden66", departement, "dsden"),
        ("admin", "national:FR", "administrateur"),
    ] {
        let nom = ["--nom", "Une personne", "--perimetre", perimetre];
        let compte = ["account", "add", identifiant, "--role", role];
        banc.reussir(&[&compte[..], &nom[..]].concat());
    }
    let lundi = compter_une_semaine(&banc, &cle);
    let ecole = format!("ecole:{ecole}");
    let toulousaine = "ecole:0311667U";
    let attendus = serde_json::json!({
        "lundi": lundi.to_string(),
        "personnes": [
            {
                "identifiant": "conseillere",
                "perimetre": ceret,
                "titre": "Céret",
                "siens": [ecole],
                "etrangers": [departement, toulousaine, "departement:031"],
                "rubriques": {"Conventions": true, "Qualité du marquage": false},
            },
            {
                "identifiant": "dsden66",
                "perimetre": departement,
                "titre": "Pyrénées-Orientales",
                "siens": [ceret, ecole],
                "etrangers": ["departement:031", toulousaine, "region:76"],
                "rubriques": {"Conventions": true, "Qualité du marquage": false},
            },
            {
                "identifiant": "admin",
                "perimetre": "national:FR",
                "titre": "France",
                "siens": ["region:76", "departement:031", toulousaine, ecole],
                "etrangers": [],
                "rubriques": {"Conventions": true, "Qualité du marquage": true},
            },
        ],
    });
    visiter(&banc.servir(), "roles.mjs", &attendus);
}

#[test]
fn a_person_without_a_mouse_reaches_sees_and_is_told_everything() {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    let lieu = "departement:066";
    banc.reussir(&[
        "account",
        "add",
        banc::COMPTE,
        "--nom",
        "Une personne",
        "--perimetre",
        lieu,
        "--role",
        "dsden",
    ]);
    let lundi = compter_une_semaine(&banc, &cle);
    let attendus = serde_json::json!({
        "titre": "Pyrénées-Orientales",
        "lieu": lieu,
        "ecole": ECOLE,
        "lundi": lundi.to_string(),
    });
    visiter(&banc.servir(), "clavier.mjs", &attendus);
}

#[test]
fn an_integrator_sees_how_her_tags_are_received_and_nothing_of_another_platform() {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    let etrangere = banc.cle_de("Concurrent", "ONE-AILLEURS");
    banc.reussir(&[
        "site",
        "add",
        "365203",
        "--plateforme",
        banc::PLATEFORME,
        "--origine",
        "https://ent.exemple.fr",
    ]);
    banc.reussir(&[
        "account",
        "add",
        banc::COMPTE,
        "--nom",
        "Édifice",
        "--plateforme",
        banc::PLATEFORME,
    ]);
    let serveur = banc.servir();
    let bonnes = journee(7, lundi_dernier(), 120);
    let inconnue = Uai::depuis_nombre(319_999);
    let autres = [
        avec(&bonnes[0], "service", "AGENDA_PARTAGE"),
        avec(&bonnes[1], "uai", "660713S"),
        avec(&bonnes[2], "uai", inconnue.as_str()),
        "{\"id\":\n".to_owned(),
    ];
    let corps = bonnes.concat() + &autres.concat();
    let (statut, reponse) = serveur.envoyer(&cle, corps);
    assert_eq!(statut, 202, "{reponse}");
    let ailleurs = bonnes.concat().replace(banc::PLATEFORME, "ONE-AILLEURS");
    assert_eq!(serveur.envoyer(&etrangere, ailleurs).0, 202);

    let (recus, acceptes) = (&reponse["recus"], &reponse["acceptes"]);
    assert_eq!(*acceptes, bonnes.len() + 1);
    let session = serveur.session();
    session.attendre("/api/v1/qualite", |vu| vu["total"]["recus"] == *recus);
    let attendus = serde_json::json!({
        "plateforme": banc::PLATEFORME,
        "ecole": ECOLE,
        "total": {
            "recus": recus,
            "acceptes": acceptes,
            "refuses": recus.as_i64().unwrap() - acceptes.as_i64().unwrap(),
        },
        "etrangers": ["ONE-AILLEURS", "Concurrent"],
    });
    visiter(&serveur, "fournisseur.mjs", &attendus);
}

/// Sends five days of last week, counts them, and gives their Monday.
fn compter_une_semaine(banc: &Banc, cle: &str) -> Jour {
    let serveur = banc.servir();
    let lundi = lundi_dernier();
    for rang in 0..5 {
        let jour = lundi.plus(rang);
        let graine = u64::try_from(rang).unwrap();
        let (statut, reponse) = serveur.envoyer(cle, journee(graine, jour, 400).concat());
        assert_eq!(statut, 202, "{reponse}");
    }
    serveur.tuer();
    banc.reussir(&["aggregate"]);
    lundi
}

/// This event with another value of a field.
fn avec(ligne: &str, champ: &str, valeur: &str) -> String {
    let mut ligne: serde_json::Value = serde_json::from_str(ligne).unwrap();
    ligne[champ] = valeur.into();
    format!("{ligne}\n")
}

/// Runs a visit in a real browser, that must find what is expected.
fn visiter(serveur: &Serveur, visite: &str, attendus: &serde_json::Value) {
    banc::visiter(
        visite,
        &[
            ("FREQUENT_URL", &serveur.url),
            ("FREQUENT_COMPTE", banc::COMPTE),
            ("FREQUENT_MOT_DE_PASSE", banc::MOT_DE_PASSE),
            ("ATTENDUS", &attendus.to_string()),
        ],
    );
}

/// The school's week, counted one event at a time from what the lake landed.
fn figures_attendues(lac: &Lac, lundi: Jour) -> serde_json::Value {
    let semaine: BTreeMap<_, _> = lundi
        .jusqua(lundi.plus(6))
        .map(|jour| (jour, reference::evenements(lac, jour).unwrap_or_default()))
        .collect();
    let cellules = reference::cellules(&semaine, |uai| (uai == ECOLE).then(|| uai.to_owned()));
    let mesures = |profil: &str, axe: &str, membre: &str| {
        let cellule = cellules
            .iter()
            .find(|(cle, _)| cle.profil == profil && cle.axe == axe && cle.membre == membre);
        cellule.map_or_else(Default::default, |(_, mesures)| *mesures)
    };
    let total = mesures("TOUS", "total", "TOTAL");
    assert!(
        total.visites > 100,
        "{} visites : trop peu pour éprouver l’écran",
        total.visites
    );
    serde_json::json!({
        "uai": ECOLE,
        "lundi": lundi.to_string(),
        "visites": total.visites,
        "utilisateurs": total.utilisateurs,
        "duree_ms": total.duree_ms,
        "visites_eleves": mesures("ELEVE", "total", "TOTAL").visites,
        "visites_notes": mesures("TOUS", "service", "NOTES").visites,
    })
}
