//! Presence and keys go with their school year.

use std::fs;

use crate::banc::fichiers;
use crate::banc::trafic::lundi_dernier;
use crate::terrain::Terrain;

/// They go as soon as the year is over.
const SANS_DELAI: [(&str, &str); 2] = [
    ("CONSERVATION_PRESENCE_MOIS", "0"),
    ("CONSERVATION_CLES_MOIS", "0"),
];

#[test]
fn the_presence_and_the_key_of_a_year_that_is_over_go_and_its_figures_stay() {
    let recent = lundi_dernier();
    let derniere = recent.annee_scolaire().debut().plus(-10);
    let terrain = Terrain::new(&[derniere, recent]);
    let (lac, avant) = (terrain.lac(), terrain.cumuls());
    let annee = derniere.annee_scolaire();
    let cle = fichiers(&lac.cles())
        .into_iter()
        .find(|(nom, _)| nom.to_string_lossy().starts_with(&annee.to_string()))
        .unwrap();
    assert!(
        terrain
            .banc
            .reussir(&["key", "list"])
            .contains(&annee.to_string())
    );

    let fait = terrain.avec(&SANS_DELAI, &["purge"]);
    assert!(fait.contains(&format!("{annee} ONE-OCC")), "{fait}");
    assert!(
        fait.contains(&format!("presence   jour {derniere}")),
        "{fait}"
    );
    assert!(!lac.presence().join(format!("jour={derniere}")).exists());
    assert!(lac.presence().join(format!("jour={recent}")).exists());
    assert!(
        !terrain
            .banc
            .reussir(&["key", "list"])
            .contains(&annee.to_string())
    );
    // The key's bytes are nowhere in the data folder.
    for (chemin, octets) in fichiers(lac.racine()) {
        let trouve = octets.windows(32).any(|f| f == &cle.1[..32]);
        assert!(!trouve, "{}", chemin.display());
    }
    for arguments in [&["aggregate"][..], &["aggregate", "--tout"]] {
        terrain.banc.reussir(arguments);
        assert_eq!(terrain.cumuls(), avant, "{arguments:?}");
    }
    terrain.banc.reussir(&["verify"]);
    let registre = fs::read_to_string(lac.destructions().join("registre.jsonl")).unwrap();
    assert!(registre.contains("\"acte\":\"cle\""));
}

#[test]
fn a_key_is_destroyed_by_hand_but_not_that_of_this_year_by_mistake() {
    let recent = lundi_dernier();
    let terrain = Terrain::new(&[recent]);
    let annee = recent.annee_scolaire().to_string();
    let refus = terrain
        .banc
        .executer(&["key", "destroy", "ONE-OCC", &annee]);
    assert!(!refus.status.success());
    terrain
        .banc
        .reussir(&["key", "destroy", "ONE-OCC", &annee, "--en-cours"]);
    assert!(!terrain.banc.reussir(&["key", "list"]).contains("ONE-OCC"));
    terrain.banc.reussir(&["key", "rotate"]);
}
