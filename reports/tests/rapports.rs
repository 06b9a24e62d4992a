//! Reports as they are written: what they say, in HTML, in text and in PDF.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::process::{Command, Stdio};

use frequent_plan::{Grain, Jour, Niveau};
use frequent_reports::{
    Deploiement, Donnees, EcoleASuivre, Etendue, Lieu, LigneEcole, LigneProfil, LigneService,
    Modele, Participation, Valeur, composer, html, pdf, texte,
};

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

fn ecole(nom: &str, visites: Valeur, precedentes: Valeur) -> LigneEcole {
    LigneEcole {
        nom: nom.to_owned(),
        commune: "Le Boulou".to_owned(),
        visites,
        utilisateurs: match visites {
            Valeur::Nombre(visites) => Valeur::Nombre(visites / 4),
            blanc => blanc,
        },
        comparees: visites,
        precedentes,
    }
}

fn donnees(grain: Grain) -> Donnees {
    let (debut, fin) = match grain {
        Grain::Semaine => (jour("2026-11-16"), jour("2026-11-22")),
        _ => (jour("2026-08-01"), jour("2027-07-31")),
    };
    let profil = |nom: &str, visites, utilisateurs| LigneProfil {
        nom: nom.to_owned(),
        visites,
        utilisateurs,
        taux: Valeur::SansObjet,
        duree_moyenne: Valeur::Duree(372_000.0),
        comparees: visites,
        precedentes: Valeur::Nombre(3_400),
    };
    Donnees {
        lieu: Lieu {
            niveau: Niveau::Circonscription,
            nom: "Céret <nord> & vallée".to_owned(),
        },
        destinataire: "Claire Durand".to_owned(),
        edite_le: jour("2026-11-23"),
        etendue: Etendue {
            grain,
            debut,
            fin,
            en_cours: grain != Grain::Semaine,
        },
        precedente: Some((debut.plus(-7), debut.plus(-1))),
        profils: vec![
            LigneProfil {
                taux: Valeur::Part(0.417),
                ..profil(
                    "Tous les profils",
                    Valeur::Nombre(3_812),
                    Valeur::Nombre(941),
                )
            },
            profil("Élèves", Valeur::Nombre(3_812), Valeur::Nombre(941)),
            profil("Parents", Valeur::Masque, Valeur::Masque),
        ],
        mesurees: 3,
        deployees: Some(4),
        deploiement: Some(Deploiement {
            deployees: 4,
            ouvertes: 4,
            actives: 2,
            jamais_visitees: 1,
            a_suivre: vec![EcoleASuivre {
                nom: "École des Acacias".to_owned(),
                commune: "Maureillas-las-Illas".to_owned(),
                raison: "aucune visite depuis le début de la convention".to_owned(),
            }],
            rentrees: vec![("2025-2026".to_owned(), 2), ("2026-2027".to_owned(), 4)],
            participations: vec![Participation {
                convention: "C-2026".to_owned(),
                autorite: "Céret".to_owned(),
                ecoles: 4,
                total: "180,00".to_owned(),
            }],
        }),
        semaines: (0..12)
            .map(|rang| {
                let visites = match rang {
                    7 => Valeur::Masque,
                    _ => Valeur::Nombre(i64::from(rang) * 350),
                };
                (jour("2026-08-31").plus(7 * rang), visites)
            })
            .collect(),
        services: vec![LigneService {
            nom: "Cahier de textes".to_owned(),
            visites: Valeur::Nombre(1_204),
            utilisateurs: Valeur::Nombre(512),
        }],
        ecoles: vec![
            ecole(
                "École La Suberaie",
                Valeur::Nombre(1_000),
                Valeur::Nombre(1_400),
            ),
            ecole("École Masquée", Valeur::Masque, Valeur::Nombre(40)),
            ecole("École Muette", Valeur::NonMesure, Valeur::SansObjet),
            ecole("École Vide", Valeur::Nombre(0), Valeur::Nombre(0)),
        ],
        definitions: vec![("visites".to_owned(), "Nombre de visites.".to_owned())],
    }
}

#[test]
fn the_committees_report_in_html_says_the_same_as_ever() {
    let document = composer(Modele::Comite, &donnees(Grain::Annee));
    insta::assert_snapshot!("comite.html", html(&document).unwrap());
}

#[test]
fn the_weekly_letter_in_html_says_the_same_as_ever() {
    let document = composer(Modele::Lettre, &donnees(Grain::Semaine));
    insta::assert_snapshot!("lettre.html", html(&document).unwrap());
}

#[test]
fn the_weekly_letter_in_text_says_the_same_as_ever() {
    let document = composer(Modele::Lettre, &donnees(Grain::Semaine));
    insta::assert_snapshot!("lettre.txt", texte(&document));
}

#[test]
fn a_name_is_no_html() {
    let document = composer(Modele::Lettre, &donnees(Grain::Semaine));
    let html = html(&document).unwrap();
    assert!(!html.contains("<nord>"));
    assert!(html.contains("Céret &lt;nord&gt; &amp; vallée"));
}

#[test]
fn the_four_blanks_are_told_apart_everywhere() {
    let document = composer(Modele::Comite, &donnees(Grain::Annee));
    let ecrits = [
        html(&document).unwrap(),
        texte(&document),
        extrait(&document),
    ];
    for ecrit in ecrits {
        for blanc in ["masqué", "non mesuré", "École Vide"] {
            assert!(ecrit.contains(blanc), "{blanc} in {ecrit}");
        }
    }
}

#[test]
fn a_pdf_is_tagged_titled_in_french_and_its_text_can_be_taken_out() {
    let document = composer(Modele::Comite, &donnees(Grain::Annee));
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
    let mut donnees = donnees(Grain::Annee);
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
    let mut donnees = donnees(Grain::Annee);
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
    let document = composer(Modele::Lettre, &donnees(Grain::Semaine));
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
