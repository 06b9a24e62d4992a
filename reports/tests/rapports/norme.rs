//! Whether the PDFs keep to PDF/UA-1, as veraPDF judges: every machine check of the standard.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use frequent_reports::{Document, Modele, Valeur, composer, pdf};

use crate::donnees::{donnees, ecole};
use crate::maven;

/// Reports of each kind, by name.
fn documents() -> Vec<(&'static str, Document)> {
    let mut longues = donnees(Modele::Comite);
    longues.ecoles = (0..400)
        .map(|rang| {
            let blancs = [Valeur::Masque, Valeur::NonMesure, Valeur::NonDeploye];
            let visites = match usize::try_from(rang % 7) {
                Ok(blanc) if blanc < blancs.len() => blancs[blanc],
                _ => Valeur::Nombre(rang),
            };
            let nom = format!("École élémentaire Saint-Cœur d’Ançay n° {rang}, « L’Aïgue »");
            ecole(&nom, visites, Valeur::Nombre(9))
        })
        .collect();
    let mots: Vec<String> = (0..900).map(|rang| format!("mot{rang:03}")).collect();
    let mut haute = donnees(Modele::Comite);
    haute.ecoles = vec![ecole(&mots.join(" "), Valeur::Nombre(7), Valeur::Nombre(9))];
    let mut vide = donnees(Modele::Lettre);
    vide.profils.clear();
    vide.semaines.clear();
    vide.services.clear();
    vide.ecoles.clear();
    vide.deploiement = None;
    vec![
        ("comite", composer(Modele::Comite, &donnees(Modele::Comite))),
        ("lettre", composer(Modele::Lettre, &donnees(Modele::Lettre))),
        ("longues", composer(Modele::Comite, &longues)),
        ("haute", composer(Modele::Comite, &haute)),
        ("vide", composer(Modele::Lettre, &vide)),
    ]
}

#[test]
fn verapdf_finds_every_report_true_to_pdf_ua_1() {
    let dossier = dossier("conformes");
    let fichiers: Vec<PathBuf> = documents()
        .iter()
        .map(|(nom, document)| {
            let fichier = dossier.join(format!("{nom}.pdf"));
            fs::write(&fichier, pdf(document).unwrap()).unwrap();
            fichier
        })
        .collect();
    let verdict = verapdf(&fichiers);
    let conformes = verdict.lines().filter(|l| l.starts_with("conforme "));
    assert_eq!(conformes.count(), fichiers.len(), "{verdict}");
}

#[test]
fn verapdf_refuses_a_report_whose_language_was_taken_away() {
    let fichier = dossier("sans-langue").join("lettre.pdf");
    let mut octets = pdf(&composer(Modele::Lettre, &donnees(Modele::Lettre))).unwrap();
    let mut otees = 0;
    while let Some(rang) = octets.windows(5).position(|vus| vus == b"/Lang") {
        octets[rang + 1..rang + 5].copy_from_slice(b"Gnal");
        otees += 1;
    }
    assert!(otees > 0);
    fs::write(&fichier, octets).unwrap();
    let verdict = verapdf(&[fichier]);
    assert!(verdict.starts_with("non conforme "), "{verdict}");
    assert!(verdict.contains("7.2-"), "{verdict}");
}

fn dossier(nom: &str) -> PathBuf {
    let dossier = Path::new(env!("CARGO_TARGET_TMPDIR")).join(nom);
    fs::create_dir_all(&dossier).unwrap();
    dossier
}

/// What veraPDF says of files.
fn verapdf(fichiers: &[PathBuf]) -> String {
    let classes = maven::classes("reports/tests/rapports/verapdf/pom.xml");
    let programme = maven::du_depot("reports/tests/rapports/verapdf/Verifier.java");
    let sortie = Command::new("java")
        .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"])
        .arg(classes)
        .arg(programme)
        .args(fichiers)
        .output()
        .expect("Java manque : scripts/prerequis.sh tester");
    assert!(sortie.status.success(), "{sortie:?}");
    String::from_utf8(sortie.stdout).unwrap()
}
