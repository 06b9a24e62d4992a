//! Purges by rule.

use std::fs;

use crate::banc::fichiers;
use crate::banc::trafic::{Ligne, instant};
use crate::terrain::{SOIXANTE_JOURS, Terrain};

#[test]
fn the_dry_run_says_what_the_purge_does_and_figures_stay() {
    let (terrain, ancien, recent) = Terrain::ancien_et_recent();
    let (lac, avant) = (terrain.lac(), terrain.cumuls());
    let tout = fichiers(&lac.lake());
    let annonce = terrain.avec(&[SOIXANTE_JOURS], &["purge", "--dry-run"]);
    assert_eq!(fichiers(&lac.lake()), tout, "un essai ne détruit rien");
    assert!(
        annonce.contains(&format!("evenements {ancien}")),
        "{annonce}"
    );
    assert!(
        !annonce.contains(&format!("evenements {recent}")),
        "{annonce}"
    );

    let fait = terrain.avec(&[SOIXANTE_JOURS], &["purge"]);
    let parties = |texte: &str| -> Vec<String> {
        let lignes = texte.lines().filter(|l| l.contains("échu le"));
        lignes.map(str::to_owned).collect()
    };
    assert_eq!(parties(&annonce), parties(&fait));
    assert!(!lac.evenements_du(ancien).exists());
    assert!(lac.evenements_du(recent).exists());

    // Counted again, by a change or by force, the day keeps its figures.
    terrain.banc.reussir(&["aggregate"]);
    assert_eq!(terrain.cumuls(), avant);
    terrain.banc.reussir(&["aggregate", "--tout"]);
    assert_eq!(terrain.cumuls(), avant);
    terrain.banc.reussir(&["verify"]);
    let encore = terrain.avec(&[SOIXANTE_JOURS], &["purge"]);
    assert!(encore.contains("0 partie(s)"), "{encore}");
    let audit = terrain.banc.reussir(&["audit", "export"]);
    let dites = |objet: &str| audit.lines().filter(|l| l.contains(objet)).count();
    assert_eq!(
        dites(&format!("destruction;evenements {ancien}")),
        1,
        "{audit}"
    );
}

#[test]
fn the_scheduler_does_the_same_and_late_events_stay_out() {
    let (terrain, ancien, _) = Terrain::ancien_et_recent();
    let (lac, avant) = (terrain.lac(), terrain.cumuls());
    let serveur = terrain.banc.servir_avec(&[SOIXANTE_JOURS]);
    let debut = std::time::Instant::now();
    while lac.evenements_du(ancien).exists() {
        assert!(debut.elapsed().as_secs() < 60, "{}", terrain.banc.traces());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let tardif = Ligne {
        id: "tardif",
        ts: &instant(&ancien.to_string(), 3),
        uai: "0660713S",
        profil: "ELEVE",
        visiteur: "retardataire",
        service: "ACCUEIL",
        appareil: "ORDINATEUR",
    };
    let (_, reponse) = serveur.envoyer(&terrain.cle, tardif.ndjson());
    assert_eq!(reponse["acceptes"], 0, "{reponse}");
    assert!(serveur.terminer().success());
    assert!(!lac.evenements_du(ancien).exists());
    assert!(
        terrain
            .banc
            .traces()
            .contains("conservation.evenements_jours")
    );
    // One that came by a door left open longer is not counted, and goes with the next purge.
    terrain.envoyer(&tardif.ndjson());
    assert!(lac.evenements_du(ancien).exists());
    terrain.banc.reussir(&["aggregate"]);
    assert_eq!(terrain.cumuls(), avant);
    terrain.avec(&[SOIXANTE_JOURS], &["purge"]);
    assert!(!lac.evenements_du(ancien).exists());
    terrain.banc.reussir(&["verify"]);
}

#[test]
fn a_day_whose_events_vanish_without_a_line_in_the_register_is_said() {
    let (terrain, ancien, recent) = Terrain::ancien_et_recent();
    terrain.avec(&[SOIXANTE_JOURS], &["purge"]);
    fs::remove_dir_all(terrain.lac().evenements_du(recent)).unwrap();
    let sortie = terrain.banc.executer(&["verify"]);
    let texte = String::from_utf8_lossy(&sortie.stdout);
    assert!(!sortie.status.success(), "{texte}");
    assert!(texte.contains(&format!("{recent} : ses événements bruts ont disparu")));
    assert!(!texte.contains(&format!("{ancien} : ses événements")));
    let compte = terrain.banc.reussir(&["aggregate"]);
    assert!(compte.contains("ont disparu"), "{compte}");
}

#[test]
fn durations_beyond_the_ceilings_start_nothing() {
    let (banc, trop) = (
        crate::banc::Banc::vide(),
        [
            ("EVENEMENTS_JOURS", "761"),
            ("PRESENCE_MOIS", "3"),
            ("CLES_MOIS", "2"),
        ],
    );
    for (cle, valeur) in trop {
        let mut commande = banc.commande(&["serve"]);
        commande.env(format!("FREQUENT_CONSERVATION_{cle}"), valeur);
        let sortie = commande.output().unwrap();
        assert!(!sortie.status.success());
        let faute = String::from_utf8_lossy(&sortie.stderr).into_owned();
        assert!(
            faute.contains(&format!("conservation.{}", cle.to_lowercase())),
            "{faute}"
        );
    }
}
