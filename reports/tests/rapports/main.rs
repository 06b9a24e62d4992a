//! Reports as they are written: what they say, in HTML, in text and in PDF.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod donnees;
#[path = "../../../tests/banc/maven.rs"]
mod maven;
mod norme;

use std::io::Write;
use std::process::{Command, Stdio};

use donnees::{donnees, ecole};
use frequent_reports::{Modele, Valeur, composer, html, pdf, texte};

#[test]
fn the_committees_report_in_html_says_the_same_as_ever() {
    let document = composer(Modele::Comite, &donnees(Modele::Comite));
    insta::assert_snapshot!("comite.html", html(&document).unwrap());
}

#[test]
fn the_weekly_letter_in_html_says_the_same_as_ever() {
    let document = composer(Modele::Lettre, &donnees(Modele::Lettre));
    insta::assert_snapshot!("lettre.html", html(&document).unwrap());
}

#[test]
fn the_weekly_letter_in_text_says_the_same_as_ever() {
    let document = composer(Modele::Lettre, &donnees(Modele::Lettre));
    insta::assert_snapshot!("lettre.txt", texte(&document));
}

#[test]
fn a_name_is_no_html() {
    let document = composer(Modele::Lettre, &donnees(Modele::Lettre));
    let html = html(&document).unwrap();
    assert!(!html.contains("<nord>"));
    assert!(html.contains("Céret &lt;nord&gt; &amp; vallée"));
}

#[test]
fn the_four_blanks_are_told_apart_everywhere() {
    let document = composer(Modele::Comite, &donnees(Modele::Comite));
    let ecrits = [
        html(&document).unwrap(),
        texte(&document),
        extrait(&document),
    ];
    for ecrit in ecrits {
        let ecrit = ecrit.replace('\u{a0}', " ");
        for blanc in ["masqué", "non mesuré", "École Vide"] {
            assert!(ecrit.contains(blanc), "{blanc} in {ecrit}");
        }
    }
}

#[test]
fn a_pdf_is_tagged_titled_in_french_and_its_text_can_be_taken_out() {
    let document = composer(Modele::Comite, &donnees(Modele::Comite));
    let octets = pdf(&document).unwrap();
    let infos = outil("pdfinfo", &["-"], &octets);
    assert!(infos.contains("Tagged:          yes"), "{infos}");
    assert!(infos.contains("Rapport de comité de pilotage"), "{infos}");
    let structure = outil("pdfinfo", &["-struct-text", "-"], &octets);
    for role in [
        "H1", "H2", "Table", "THead", "TH:", "TD", "LBody", "Figure", "Caption",
    ] {
        assert!(structure.contains(role), "{role} in {structure}");
    }
    // Numbers are whole for who reads the tag tree.
    assert!(structure.contains("3 812"), "{structure}");
    let brut = String::from_utf8_lossy(&octets);
    assert!(brut.contains("/Lang(fr-FR)") || brut.contains("/Lang (fr-FR)"));
    let extrait = extrait(&document);
    for texte in ["3 812", "École La Suberaie", "Claire Durand", "page 1"] {
        assert!(extrait.contains(texte), "{texte} in {extrait}");
    }
}

#[test]
fn a_table_of_a_thousand_schools_keeps_its_header_on_every_page() {
    let mut donnees = donnees(Modele::Comite);
    donnees.ecoles = (0..1_000)
        .map(|rang| {
            ecole(
                &format!("École {rang}"),
                Valeur::Nombre(rang),
                Valeur::Nombre(9),
            )
        })
        .collect();
    let octets = pdf(&composer(Modele::Comite, &donnees)).unwrap();
    let pages = outil("pdftotext", &["-layout", "-", "-"], &octets);
    let pages: Vec<&str> = pages.split('\u{c}').collect();
    assert!(pages.len() > 15, "{}", pages.len());
    for page in &pages[2..pages.len() - 3] {
        assert!(page.contains("Commune"), "{page}");
    }
}

#[test]
fn a_row_higher_than_a_page_goes_on_under_the_header_of_the_next() {
    let mut donnees = donnees(Modele::Comite);
    let mots: Vec<String> = (0..2_000).map(|rang| format!("mot{rang:04}")).collect();
    let longue = ecole(&mots.join(" "), Valeur::Nombre(7_777), Valeur::Nombre(9));
    donnees.ecoles.insert(1, longue);
    let octets = pdf(&composer(Modele::Comite, &donnees)).unwrap();
    let pages = outil("pdftotext", &["-layout", "-", "-"], &octets);
    for texte in mots
        .iter()
        .map(String::as_str)
        .chain(["7 777", "École Vide"])
    {
        assert!(pages.contains(texte), "{texte} in {pages}");
    }
    let siennes: Vec<&str> = pages.split('\u{c}').filter(|p| p.contains("mot")).collect();
    assert!(siennes.len() > 2, "{}", siennes.len());
    for page in siennes {
        assert!(page.contains("Commune"), "{page}");
    }
    // One row still for who hears it: its first cell has every word.
    let structure = outil("pdfinfo", &["-struct-text", "-"], &octets);
    let debut = structure.find("mot0000").unwrap();
    let cellule = &structure[debut..structure.find("mot1999").unwrap()];
    assert!(
        !cellule.contains("TH") && !cellule.contains("TD"),
        "{cellule}"
    );
}

#[test]
fn the_same_report_is_the_same_bytes() {
    let document = composer(Modele::Lettre, &donnees(Modele::Lettre));
    assert_eq!(pdf(&document).unwrap(), pdf(&document).unwrap());
}

fn extrait(document: &frequent_reports::Document) -> String {
    outil("pdftotext", &["-layout", "-", "-"], &pdf(document).unwrap())
}

/// What a tool of poppler says of a file.
fn outil(nom: &str, arguments: &[&str], octets: &[u8]) -> String {
    let processus = Command::new(nom)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut processus = processus.expect("apt-get install poppler-utils");
    let mut entree = processus.stdin.take().unwrap();
    let copie = octets.to_vec();
    let ecriture = std::thread::spawn(move || entree.write_all(&copie).unwrap());
    let sortie = processus.wait_with_output().unwrap();
    ecriture.join().unwrap();
    String::from_utf8_lossy(&sortie.stdout).replace('\u{a0}', " ")
}
