//! Head counts of the directory feed beside the table's figures, and the share of users.

use std::fmt::Write as _;
use std::fs;

use frequent_plan::{Grain, Niveau};
use frequent_territory::aaf::{self, Reglages};
use serde_json::{Value, json};

use crate::annuaire::{circonscription, ecole};
use crate::banc::Banc;

const SEMAINE: &str = "2026-11-09";

/// One request that adds.
fn ajout(texte: &mut String, id: &str, champs: &[(&str, &str)]) {
    let _ = write!(
        texte,
        "<addRequest><identifier><id>{id}</id></identifier><attributes>"
    );
    for (nom, valeur) in champs {
        let _ = write!(texte, "<attr name=\"{nom}\"><value>{valeur}</value></attr>");
    }
    texte.push_str("</attributes></addRequest>\n");
}

/// Imports a feed that gives schools a number of parents, one pupil each.
fn importer(banc: &Banc, parents: &[(u32, u32)]) {
    let (mut structures, mut eleves, mut responsables) =
        (String::new(), String::new(), String::new());
    for &(numero, nombre) in parents {
        let uai = ecole(numero);
        let champs = [
            ("ENTStructureUAI", uai.as_str()),
            ("ENTStructureTypeStruct", "ECOLE ELEMENTAIRE"),
        ];
        ajout(&mut structures, &format!("{numero}"), &champs);
        for rang in 0..nombre {
            let eleve = format!("{}", 10_000 * numero + rang);
            let ecole = format!("{numero}");
            ajout(&mut eleves, &eleve, &[("ENTPersonStructRattach", &ecole)]);
            let parent = format!("{}", 1_000_000 + 10_000 * numero + rang);
            ajout(
                &mut responsables,
                &parent,
                &[("ENTPersRelEleveEleve", &eleve)],
            );
        }
    }
    let depot = banc.lac.racine().join("depot");
    fs::create_dir(&depot).unwrap();
    for (categorie, requetes) in [
        ("EtabEducNat", structures),
        ("Eleve", eleves),
        ("PersRelEleve", responsables),
    ] {
        let nom = format!("ENT_Complet_20261101_{categorie}_0001.xml");
        let contenu = format!("<ficAlimMENESR>\n{requetes}</ficAlimMENESR>\n");
        fs::write(depot.join(nom), contenu).unwrap();
    }
    aaf::importer(&banc.lac, &depot, &Reglages::default(), &mut |rapport| {
        assert_eq!(rapport.ecartes(), 0, "{rapport}");
    })
    .unwrap();
    assert!(banc.etat.actualiser_annuaires().unwrap());
}

fn tableau(lieu: &str, enfants: &str, profil: &str) -> String {
    format!(
        "/api/v1/tableau?{lieu}&enfants={enfants}&grain=semaine&debut={SEMAINE}&profil={profil}"
    )
}

async fn lignes(banc: &Banc, temoin: &str, chemin: &str) -> Vec<Value> {
    let reponse = banc.lire(temoin, chemin).await.json();
    reponse["lignes"].as_array().unwrap().clone()
}

fn ligne<'l>(lignes: &'l [Value], code: &str) -> &'l Value {
    lignes.iter().find(|ligne| ligne["code"] == code).unwrap()
}

/// Schools 1 and 4 in the feed, school 2 beside school 1 in the open directory alone.
async fn banc_compte() -> Banc {
    let banc = Banc::nouveau().await;
    importer(&banc, &[(1, 40), (4, 8)]);
    let (une, quatre) = (ecole(1), ecole(4));
    let ecoles = [
        (une.as_str(), "PARENT", "total", "TOTAL", 20),
        (une.as_str(), "TOUS", "total", "TOTAL", 20),
        (quatre.as_str(), "PARENT", "total", "TOTAL", 6),
        (quatre.as_str(), "TOUS", "total", "TOTAL", 6),
    ];
    banc.cumuls(Niveau::Ecole, Grain::Semaine, SEMAINE, &ecoles);
    let circonscription = circonscription(1);
    let au_dessus = [
        (circonscription.as_str(), "PARENT", "total", "TOTAL", 20),
        (circonscription.as_str(), "TOUS", "total", "TOTAL", 20),
    ];
    banc.cumuls(Niveau::Circonscription, Grain::Semaine, SEMAINE, &au_dessus);
    banc
}

#[tokio::test]
async fn rows_have_the_head_count_of_the_profile_and_the_share_who_came() {
    let banc = banc_compte().await;
    let temoin = banc.temoin("conseiller").await;
    let lieu = format!("niveau=circonscription&code={}", circonscription(1));
    let parents = lignes(&banc, &temoin, &tableau(&lieu, "ecole", "PARENT")).await;
    let une = ligne(&parents, &ecole(1));
    assert_eq!(une["mesures"]["utilisateurs"], 10);
    assert_eq!(une["effectif"], json!({"nombre": 40, "date": "2026-11-01"}));
    assert_eq!(une["taux_utilisateurs"], 0.25);
    // Nothing says how many parents there are.
    let deux = ligne(&parents, &ecole(2));
    assert_eq!(deux["effectif"], Value::Null);
    assert_eq!(deux["taux_utilisateurs"], Value::Null);
    // The open directory says how many pupils, but nothing was measured: no rate, and no zero.
    let eleves = lignes(&banc, &temoin, &tableau(&lieu, "ecole", "ELEVE")).await;
    let deux = ligne(&eleves, &ecole(2));
    assert_eq!(deux["effectif"]["nombre"], 120);
    assert_eq!(deux["mesures"]["etat"], "non_mesure");
    assert_eq!(deux["taux_utilisateurs"], Value::Null);
    // A row says what the key figures of its territory say.
    let chemin = format!(
        "/api/v1/synthese?niveau=ecole&code={}&grain=semaine&debut={SEMAINE}",
        ecole(1)
    );
    let synthese = banc.lire(&temoin, &chemin).await.json();
    let profils = synthese["profils"].as_array().unwrap();
    let siens = profils.iter().find(|p| p["profil"] == "PARENT").unwrap();
    assert_eq!(siens["effectif"], une["effectif"]);
    assert_eq!(siens["taux_utilisateurs"], une["taux_utilisateurs"]);
}

#[tokio::test]
async fn a_row_has_no_rate_where_users_are_masked_or_a_school_was_not_counted() {
    let banc = banc_compte().await;
    let temoin = banc.temoin("toulousain").await;
    let deux = format!("niveau=circonscription&code={}", circonscription(2));
    let parents = lignes(&banc, &temoin, &tableau(&deux, "ecole", "PARENT")).await;
    let quatre = ligne(&parents, &ecole(4));
    assert_eq!(quatre["mesures"]["etat"], "masque");
    assert_eq!(quatre["effectif"]["nombre"], 8);
    assert_eq!(quatre["taux_utilisateurs"], Value::Null);
    // The parents of school 2 came too, perhaps, and are not among these forty.
    let chemin = tableau("niveau=departement&code=031", "circonscription", "PARENT");
    let circonscriptions = lignes(&banc, &temoin, &chemin).await;
    let une = ligne(&circonscriptions, &circonscription(1));
    assert_eq!(une["effectif"]["nombre"], 40);
    assert_eq!(une["mesures"]["utilisateurs"], 10);
    assert_eq!(une["taux_utilisateurs"], Value::Null);
}

#[tokio::test]
async fn the_file_has_the_head_count_its_date_and_the_rate_and_blanks_without_them() {
    let banc = banc_compte().await;
    let temoin = banc.temoin("conseiller").await;
    let lieu = format!("niveau=circonscription&code={}", circonscription(1));
    let chemin = format!("{}&format=csv", tableau(&lieu, "ecole", "PARENT"));
    let reponse = banc.lire(&temoin, &chemin).await;
    let colonnes = |ligne: &str| -> Vec<String> { ligne.split(';').map(str::to_owned).collect() };
    let mut lignes = reponse.texte().lines().map(colonnes).collect::<Vec<_>>();
    let entete = lignes.remove(0);
    let place = entete.iter().position(|nom| nom == "effectif").unwrap();
    assert_eq!(
        entete[place..place + 3],
        ["effectif", "effectif_date", "taux_utilisateurs"]
    );
    let siennes = |code: String| {
        let ligne = lignes.iter().find(|ligne| ligne[0] == code).unwrap();
        ligne[place..place + 3].to_vec()
    };
    assert_eq!(siennes(ecole(1)), ["40", "2026-11-01", "0.2500"]);
    assert_eq!(siennes(ecole(2)), ["", "", ""]);
}
