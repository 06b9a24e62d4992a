//! The committee's report of a half: distinct people over its days, beside the same school weeks of
//! the year before.

use crate::annuaire::{circonscription, ecole};
use crate::banc::Banc;
use crate::evenements::{compter, poser};

/// Pupils of the first school of Circonscription 1, from one number to another: ten people each.
fn venir(banc: &Banc, jour: &str, personnes: std::ops::Range<u64>) {
    let une = ecole(1);
    let visites: Vec<_> = personnes.map(|p| (une.as_str(), "ELEVE", p)).collect();
    poser(&banc.lac, jour, &visites);
}

/// A lake of two school years, counted on Friday 20 November 2026.
async fn deux_annees() -> Banc {
    let banc = Banc::nouveau().await;
    venir(&banc, "2025-09-04", 1..6);
    // After what is compared.
    venir(&banc, "2025-12-10", 1..9);
    venir(&banc, "2026-09-10", 1..9);
    venir(&banc, "2026-11-05", 5..13);
    compter(&banc.lac, "2026-11-20T09:00:00Z");
    banc
}

async fn rapport(banc: &Banc) -> String {
    let temoin = banc.temoin("conseiller").await;
    let adresse = format!(
        "/api/v1/rapports/apercu?modele=comite&niveau=circonscription&code={}&jour=2026-11-20",
        circonscription(1)
    );
    let apercu = banc.lire(&temoin, &adresse).await;
    assert_eq!(apercu.statut, 200, "{}", apercu.texte());
    apercu.texte().replace(['\u{202f}', '\u{a0}'], " ")
}

fn ligne(html: &str, nom: &str) -> Vec<String> {
    let debut = html.find(&format!("<th scope=\"row\">{nom}</th>")).unwrap();
    let suite = &html[debut..];
    let suite = &suite[..suite.find("</tr>").unwrap()];
    let cellules = suite.split("<td").skip(1);
    cellules
        .map(|c| c.split('>').nth(1).unwrap().replace("</td", ""))
        .collect()
}

#[tokio::test]
async fn people_of_two_months_count_once_and_only_the_same_weeks_a_year_before_are_compared() {
    let banc = deux_annees().await;
    let html = rapport(&banc).await;
    let tous = ligne(&html, "Tous les profils");
    assert_eq!(tous[..3], ["160", "+ 220,0 %", "120"], "{html}");
    let sienne = html.find("École par école").unwrap();
    let sienne = &html[sienne..];
    for dit in ["160", "+ 220,0 %", "120"] {
        assert!(
            sienne.contains(&format!(">{dit}</td>")),
            "{dit} in {sienne}"
        );
    }
    assert!(
        html.contains("220,0 % de visites de plus que les mêmes semaines d’école un an avant"),
        "{html}"
    );
}

#[tokio::test]
async fn once_presence_is_gone_visits_are_told_and_people_are_said_to_be_uncounted() {
    let banc = deux_annees().await;
    std::fs::remove_dir_all(banc.lac.presence()).unwrap();
    let html = rapport(&banc).await;
    let tous = ligne(&html, "Tous les profils");
    assert_eq!(tous[..3], ["160", "+ 220,0 %", "non conservé"], "{html}");
    assert!(html.contains("ne peuvent plus être comptées"), "{html}");
    assert!(!html.contains(">120</td>"), "{html}");
}
