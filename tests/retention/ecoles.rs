//! A school's data go, at its request, and nothing else does.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use frequent_api::conservation::verifier;
use frequent_plan::Lac;

use crate::banc::fichiers;
use crate::banc::trafic::lundi_dernier;
use crate::terrain::{Terrain, lignes};

const ECOLE: &str = "0660713S";

type Lignes = BTreeMap<PathBuf, Vec<String>>;

/// Rows of the raw events and of presence.
fn traces(lac: &Lac) -> Lignes {
    let mut traces = lignes(&lac.evenements());
    traces.extend(lignes(&lac.presence()));
    traces
}

fn de_l_ecole(traces: &Lignes) -> usize {
    let lignes = traces.values().flatten();
    lignes.filter(|l| l.contains(ECOLE)).count()
}

fn des_autres(mut traces: Lignes) -> Lignes {
    for lignes in traces.values_mut() {
        lignes.retain(|l| !l.contains(ECOLE));
    }
    traces
}

/// Whether the register says that the school is to go.
fn decidee(lac: &Lac) -> bool {
    let registre = std::fs::read_to_string(lac.destructions().join("registre.jsonl"));
    registre.is_ok_and(|texte| texte.contains("\"acte\":\"ecoles\""))
}

fn certificats(lac: &Lac) -> Vec<String> {
    let dossier = lac.destructions().join("certificats");
    if !dossier.exists() {
        return Vec::new();
    }
    let fichiers = fichiers(&dossier);
    let json = fichiers
        .into_iter()
        .filter(|(nom, _)| nom.extension().is_some_and(|e| e == "json"));
    json.map(|(_, octets)| String::from_utf8(octets).unwrap())
        .collect()
}

#[test]
fn a_school_goes_whenever_it_is_killed_and_nothing_else_changes() {
    let lundi = lundi_dernier();
    let terrain = Terrain::new(&[lundi.plus(-14), lundi.plus(-13), lundi]);
    let (lac, cumuls) = (terrain.lac(), terrain.cumuls());
    let avant = traces(&lac);
    let presentes = de_l_ecole(&avant);
    assert!(presentes > 0);

    // Killed sooner or later in its work, asked again until it is decided, then only finished.
    let mut attente = Duration::from_millis(20);
    let mut morts = 0;
    while certificats(&lac).is_empty() {
        let demande: &[&str] = if decidee(&lac) {
            &["purge"]
        } else {
            &["purge", "--ecole", ECOLE]
        };
        let mut commande = terrain.banc.commande(demande);
        let mut processus = commande
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(attente);
        let _deja_parti = processus.kill();
        processus.wait().unwrap();
        // Whatever the instant, every file can be read, and the others' rows are there.
        assert_eq!(des_autres(traces(&lac)), des_autres(avant.clone()));
        morts += 1;
        attente += Duration::from_millis(7);
    }
    terrain.banc.reussir(&["purge"]);
    let apres = traces(&lac);
    assert_eq!(de_l_ecole(&apres), 0);
    assert_eq!(apres, des_autres(avant));
    assert_eq!(terrain.cumuls(), cumuls, "les cumuls sont gardés");
    terrain.banc.reussir(&["aggregate"]);
    terrain.banc.reussir(&["aggregate", "--tout"]);
    let closes = |c: &BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<PathBuf, Vec<u8>> {
        let c = c.clone().into_iter();
        c.filter(|(p, _)| p.to_string_lossy().contains("grain=jour"))
            .collect()
    };
    assert_eq!(closes(&terrain.cumuls()), closes(&cumuls));
    terrain.banc.reussir(&["verify"]);
    println!("{morts} morts en route, {presentes} lignes détruites");

    let cle = terrain.banc.reussir(&["key", "show"]);
    let certificats = certificats(&lac);
    assert_eq!(certificats.len(), 1);
    let certificat = verifier(&certificats[0], cle.trim()).unwrap();
    let detruites: u64 = certificat.lignes.values().sum();
    assert_eq!(usize::try_from(detruites).unwrap(), presentes);
    assert_eq!(certificat.jours.len(), 3);
    let falsifie = certificats[0].replace(ECOLE, "0660138S");
    assert!(verifier(&falsifie, cle.trim()).is_err());
    let liste = terrain.banc.reussir(&["purge", "certificats"]);
    assert!(liste.contains(&certificat.id), "{liste}");
}

#[test]
fn the_cells_of_a_school_go_when_asked_and_those_of_territories_stay() {
    let lundi = lundi_dernier();
    let terrain = Terrain::new(&[lundi]);
    let (lac, avant) = (terrain.lac(), terrain.cumuls());
    terrain
        .banc
        .reussir(&["purge", "--ecole", ECOLE, "--cumuls"]);
    assert_eq!(
        de_l_ecole(&lignes(&lac.lake().join("cumuls/niveau=ecole"))),
        0
    );
    let dessus = |c: BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<PathBuf, Vec<u8>> {
        let c = c.into_iter();
        c.filter(|(p, _)| !p.starts_with("niveau=ecole")).collect()
    };
    assert_eq!(dessus(terrain.cumuls()), dessus(avant));
    terrain.banc.reussir(&["aggregate"]);
    assert_eq!(
        de_l_ecole(&lignes(&lac.lake().join("cumuls/niveau=ecole"))),
        0
    );
    terrain.banc.reussir(&["verify"]);
}
