//! The end of a convention, from the day it is written to the certificate of what it destroyed.

use std::path::Path;
use std::time::{Duration, Instant};

use frequent_api::conservation::verifier;
use frequent_plan::{Jour, Lac};

use crate::banc::trafic::lundi_dernier;
use crate::banc::{Banc, PLATEFORME, fichiers};
use crate::terrain::{Terrain, lignes};

/// Whose convention ends with its cells kept, and whose with its cells destroyed.
const GARDEE: &str = "0660713S";
const EFFACEE: &str = "0660138S";

fn signer(banc: &Banc, reference: &str, ecole: &str) {
    let termes = [
        "convention",
        "add",
        "--reference",
        reference,
        "--autorite",
        "66136",
        "--fournisseur",
        "Édifice",
        "--plateforme",
        PLATEFORME,
        "--debut",
        "2020-09-01",
        "--fin",
        "2037-08-31",
        "--ecole",
        ecole,
    ];
    banc.reussir(&termes);
}

fn terminer(banc: &Banc, reference: &str, date: Jour, cumuls: &str) {
    let date = date.to_string();
    banc.reussir(&[
        "convention",
        "end",
        reference,
        "--date",
        &date,
        "--cumuls",
        cumuls,
    ]);
}

/// Rows of a school in the files under a folder.
fn de_l_ecole(dossier: &Path, ecole: &str) -> usize {
    let lues = lignes(dossier);
    lues.values()
        .flatten()
        .filter(|l| l.contains(ecole))
        .count()
}

/// Rows of a school, of persons and of its own cells.
fn restes(lac: &Lac, ecole: &str) -> (usize, usize) {
    let personnes = de_l_ecole(&lac.evenements(), ecole) + de_l_ecole(&lac.presence(), ecole);
    (
        personnes,
        de_l_ecole(&lac.lake().join("cumuls/niveau=ecole"), ecole),
    )
}

/// The certificates, once there are so many.
fn attendre_les_certificats(banc: &Banc, lac: &Lac, nombre: usize) -> Vec<String> {
    let (dossier, debut) = (lac.destructions().join("certificats"), Instant::now());
    loop {
        let faits: Vec<String> = if dossier.exists() {
            let json = fichiers(&dossier).into_iter();
            let json = json.filter(|(nom, _)| nom.extension().is_some_and(|e| e == "json"));
            json.map(|(_, octets)| String::from_utf8(octets).unwrap())
                .collect()
        } else {
            Vec::new()
        };
        if faits.len() == nombre {
            return faits;
        }
        assert!(debut.elapsed().as_secs() < 90, "{}", banc.traces());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_scheduler_destroys_what_an_ended_convention_s_schools_sent_and_certifies_it() {
    let lundi = lundi_dernier();
    let fin = lundi.plus(-20);
    let terrain = Terrain::new(&[lundi.plus(-28), lundi.plus(-27)]);
    let (banc, lac) = (&terrain.banc, terrain.lac());
    signer(banc, "gardee", GARDEE);
    signer(banc, "effacee", EFFACEE);
    let avant = (restes(&lac, GARDEE), restes(&lac, EFFACEE));
    assert!(avant.0.0 > 0 && avant.1.0 > 0 && avant.1.1 > 0, "{avant:?}");
    let lignes_avant = lignes(&lac.evenements());

    // An end that is undone destroys nothing.
    terminer(banc, "gardee", fin, "garder");
    banc.reussir(&["convention", "undo-end", "gardee"]);
    assert!(banc.reussir(&["purge"]).contains("0 partie(s)"));
    assert_eq!(restes(&lac, GARDEE), avant.0);

    terminer(banc, "gardee", fin, "garder");
    terminer(banc, "effacee", fin, "detruire");
    let essai = banc.reussir(&["purge", "--dry-run"]);
    assert!(essai.contains(GARDEE) && essai.contains(EFFACEE), "{essai}");
    assert_eq!(restes(&lac, GARDEE), avant.0, "un essai ne détruit rien");
    let serveur = banc.servir_avec(&[]);
    let certificats = attendre_les_certificats(banc, &lac, 2);
    assert!(serveur.terminer().success());

    assert_eq!(
        restes(&lac, GARDEE),
        (0, avant.0.1),
        "ses cumuls sont gardés"
    );
    assert_eq!(restes(&lac, EFFACEE), (0, 0));
    // Nothing else went, and nothing is left in what was received.
    let mut attendues = lignes_avant;
    for lignes in attendues.values_mut() {
        lignes.retain(|l| !l.contains(GARDEE) && !l.contains(EFFACEE));
    }
    assert_eq!(lignes(&lac.evenements()), attendues);
    for (chemin, octets) in fichiers(&lac.racine().join("journal")) {
        for ecole in [GARDEE, EFFACEE] {
            let trouve = octets.windows(8).any(|f| f == ecole.as_bytes());
            assert!(!trouve, "{}", chemin.display());
        }
    }
    banc.reussir(&["verify"]);

    let cle = banc.reussir(&["key", "show"]);
    for texte in &certificats {
        let certificat = verifier(texte, cle.trim()).unwrap();
        let gardee = certificat.motif == "gardee";
        let (ecole, avant) = if gardee {
            (GARDEE, avant.0)
        } else {
            (EFFACEE, avant.1)
        };
        assert_eq!(certificat.regle, "fin de convention");
        assert_eq!(certificat.au, fin);
        assert_eq!(
            certificat.cumuls,
            if gardee { "gardes" } else { "detruits" }
        );
        assert!(certificat.ecoles.iter().any(|uai| uai.as_str() == ecole));
        let detruites: u64 = certificat.lignes.values().sum();
        let attendues = avant.0 + if gardee { 0 } else { avant.1 };
        assert_eq!(
            usize::try_from(detruites).unwrap(),
            attendues,
            "{certificat:?}"
        );
        let audit = banc.reussir(&["audit", "export"]);
        let ligne = audit.lines().find(|l| l.contains(&certificat.id));
        assert!(
            ligne.is_some_and(|l| l.contains("destruction") && l.contains(ecole)),
            "{audit}"
        );
    }
    banc.reussir(&["audit", "verifier"]);
    // It is final.
    let refus = banc.executer(&["convention", "undo-end", "gardee"]);
    assert!(!refus.status.success());
}
