//! A cluster that encrypts and asks who comes, as the README says to point at one.

use crate::courtier::{MOT_DE_PASSE, UTILISATEUR};
use crate::scene::{Scene, essayer};

fn scene_sure(mecanisme: &str) -> Scene {
    let mut scene = Scene::new();
    let autorites = scene.courtier.autorites();
    scene.regler("KAFKA_SERVEURS", scene.courtier.serveurs_surs());
    scene.regler("KAFKA_SECURITE", "sasl_ssl");
    scene.regler("KAFKA_AUTORITES", autorites.to_str().unwrap());
    scene.regler("KAFKA_MECANISME", mecanisme);
    scene.regler("KAFKA_UTILISATEUR", UTILISATEUR);
    scene
}

fn passe(scene: &Scene) {
    let serveur = scene.servir("collect,land,aggregate,api");
    assert_eq!(serveur.envoyer(&scene.cle, scene.lot(0, 30)).0, 202);
    scene.attendre_visites(&serveur, 30);
    assert!(serveur.terminer().success());
    scene.assert_absent(MOT_DE_PASSE);
}

#[test]
fn events_go_through_a_cluster_with_tls_and_scram_the_password_in_a_file() {
    let mut scene = scene_sure("SCRAM-SHA-512");
    let fichier = scene.banc.fichier("mot-de-passe");
    std::fs::write(&fichier, format!("{MOT_DE_PASSE}\n")).unwrap();
    scene.regler("KAFKA_MOT_DE_PASSE_FICHIER", fichier.to_str().unwrap());
    passe(&scene);
}

#[test]
fn events_go_through_a_cluster_with_tls_and_plain_the_password_in_the_environment() {
    let mut scene = scene_sure("PLAIN");
    scene.regler("KAFKA_MOT_DE_PASSE", MOT_DE_PASSE);
    passe(&scene);
}

#[test]
fn a_wrong_password_receives_nothing_and_is_never_shown() {
    let mut scene = scene_sure("SCRAM-SHA-512");
    scene.regler("KAFKA_MOT_DE_PASSE", "tout-autre-chose");
    let serveur = scene.servir("collect,land,aggregate,api");
    let (statut, attente) = essayer(&serveur.url, &scene.cle, &scene.lot(0, 3)).unwrap();
    assert_eq!((statut, attente.as_deref()), (503, Some("30")));
    assert!(serveur.terminer().success());
    scene.assert_absent("tout-autre-chose");
    assert!(
        scene.banc.traces().contains("SASL"),
        "{}",
        scene.banc.traces()
    );
}

#[test]
fn brokers_whose_certificate_no_known_authority_signed_are_not_trusted() {
    let mut scene = scene_sure("SCRAM-SHA-512");
    scene.regler("KAFKA_MOT_DE_PASSE", MOT_DE_PASSE);
    scene.regler("KAFKA_AUTORITES", "");
    let serveur = scene.servir("collect,land,aggregate,api");
    let (statut, _) = essayer(&serveur.url, &scene.cle, &scene.lot(0, 3)).unwrap();
    assert_eq!(statut, 503);
}
