//! The way of events through Kafka, in one process and in several.

use std::time::{Duration, Instant};

use crate::courtier::Enregistrement;
use crate::scene::{PATIENCE, Scene, essayer};

#[test]
fn events_received_over_http_go_through_the_topic_without_their_senders_and_are_counted() {
    let scene = Scene::new();
    let serveur = scene.servir("collect,land,aggregate,api");
    let (statut, reponse) = serveur.envoyer(&scene.cle, scene.lot(0, 90));
    assert_eq!((statut, &reponse["acceptes"]), (202, &90.into()));
    scene.attendre_visites(&serveur, 90);

    let lus = scene.courtier.lire(&scene.sujet);
    assert_eq!(lus.len(), 3, "one record a school");
    for lu in &lus {
        assert!(crate::banc::trafic::ECOLES.contains(&lu.cle.as_str()));
        let octets = lu.valeur.as_deref().unwrap();
        let entetes = lu.entetes.iter().map(|(_, valeur)| valeur.as_slice());
        for partie in entetes.chain([octets]) {
            let texte = String::from_utf8_lossy(partie);
            assert!(!texte.contains("personne-privee") && !texte.contains("unique-"));
        }
    }
    scene.assert_absent("personne-privee");
    assert!(serveur.terminer().success());
    scene.verifier();
}

#[test]
fn a_provider_may_produce_by_itself_and_what_is_no_event_is_passed_and_forgotten() {
    let scene = Scene::new();
    let serveur = scene.servir("collect,land,aggregate,api");
    let bons: Vec<_> = (0..60)
        .map(|n| Enregistrement::de(scene.evenement(n)))
        .collect();
    let poisons = poisons(&scene.evenement(1_000));
    let mut melange = Vec::new();
    for (rang, bon) in bons.into_iter().enumerate() {
        melange.push(poisons[rang % poisons.len()].clone());
        melange.push(bon);
    }
    scene.courtier.produire(&scene.fournisseur, &melange);
    // On the topic of what is received, a native event is poison too.
    let natif = [Enregistrement::de(scene.evenement(2_000))];
    scene.courtier.produire(&scene.sujet, &natif);
    assert_eq!(serveur.envoyer(&scene.cle, scene.lot(60, 30)).0, 202);
    scene.attendre_visites(&serveur, 90);

    assert!(serveur.terminer().success());
    scene.verifier();
    let valides = scene.courtier.valides(&scene.groupe, &scene.fournisseur);
    assert_eq!(valides, 120, "a poison held the others back");
    for secret in ["Marie-Dupont", "personne-privee"] {
        scene.assert_absent(secret);
    }
    let traces = scene.banc.traces();
    for raison in [
        "json_invalide",
        "sceau_faux",
        "champ_inconnu",
        "natif_non_admis",
    ] {
        assert!(traces.contains(raison), "{raison} : {traces}");
    }
}

/// Records that are no events, each with a text that must not outlive it.
fn poisons(evenement: &str) -> Vec<Enregistrement> {
    let autre = |de: &str, par: &str| Enregistrement::de(evenement.replace(de, par));
    let scelle = |sceau: &[u8]| Enregistrement {
        entetes: vec![
            ("frequent-forme".to_owned(), b"lot/1".to_vec()),
            ("frequent-sceau".to_owned(), sceau.to_vec()),
        ],
        ..Enregistrement::de("Marie-Dupont")
    };
    vec![
        Enregistrement::de("Marie-Dupont"),
        Enregistrement::de(b"\xffMarie-Dupont".to_vec()),
        Enregistrement::default(),
        autre("\"uai\"", "\"nom\":\"Marie-Dupont\",\"uai\""),
        autre("ONE-OCC", "Marie-Dupont"),
        Enregistrement::de(format!("{evenement}{}", "Marie-Dupont".repeat(10_000))),
        scelle(b"court"),
        scelle(&[7; 40]),
    ]
}

#[test]
fn two_processes_that_land_share_the_work_and_one_takes_over_from_the_other() {
    let scene = Scene::new();
    let collecte = scene.servir("collect,api");
    let un = scene.servir("land");
    let deux = scene.servir("land");
    let calcul = scene.servir("aggregate");
    attendre(|| scene.courtier.membres(&scene.groupe) == 2);
    assert_eq!(collecte.envoyer(&scene.cle, scene.lot(0, 300)).0, 202);
    scene.attendre_visites(&collecte, 300);

    assert!(un.terminer().success());
    attendre(|| scene.courtier.membres(&scene.groupe) == 1);
    assert_eq!(collecte.envoyer(&scene.cle, scene.lot(300, 300)).0, 202);
    scene.attendre_visites(&collecte, 600);
    // No one was killed: no event was landed twice.
    assert_eq!(scene.banc.evenements(), 600);
    for serveur in [deux, calcul, collecte] {
        assert!(serveur.terminer().success());
    }
    scene.verifier();
}

#[test]
fn what_the_log_in_files_still_holds_lands_when_kafka_takes_over() {
    let scene = Scene::new();
    let avant = scene.banc.servir();
    assert_eq!(avant.envoyer(&scene.cle, scene.lot(0, 30)).0, 202);
    avant.tuer();
    let apres = scene.servir("collect,land,aggregate,api");
    assert_eq!(apres.envoyer(&scene.cle, scene.lot(30, 30)).0, 202);
    scene.attendre_visites(&apres, 60);
}

#[test]
fn providers_may_produce_while_what_is_received_stays_in_files() {
    let mut scene = Scene::new();
    scene.regler("KAFKA_JOURNAL", "false");
    let serveur = scene.servir("collect,land,aggregate,api");
    assert_eq!(serveur.envoyer(&scene.cle, scene.lot(0, 30)).0, 202);
    let natifs: Vec<_> = (30..60)
        .map(|n| Enregistrement::de(scene.evenement(n)))
        .collect();
    scene.courtier.produire(&scene.fournisseur, &natifs);
    scene.attendre_visites(&serveur, 60);
    assert_eq!(scene.courtier.lire(&scene.sujet).len(), 0);
}

#[test]
fn without_kafka_collecting_and_landing_apart_is_refused_and_explained() {
    let banc = crate::banc::Banc::vide();
    for roles in ["collect", "land,aggregate", "collect,api"] {
        let sortie = banc.executer(&["serve", "--role", roles]);
        assert!(!sortie.status.success());
        let texte = String::from_utf8_lossy(&sortie.stderr);
        assert!(
            texte.contains("collect et land vont dans le même processus"),
            "{texte}"
        );
    }
}

#[test]
fn brokers_too_slow_to_answer_make_senders_come_back_until_they_answer_again() {
    let scene = Scene::new();
    let serveur = scene.servir("collect,land,aggregate,api");
    assert_eq!(serveur.envoyer(&scene.cle, scene.lot(0, 30)).0, 202);
    scene.courtier.geler();
    let debut = Instant::now();
    let (statut, attente) = essayer(&serveur.url, &scene.cle, &scene.lot(30, 30)).unwrap();
    assert_eq!((statut, attente.as_deref()), (503, Some("30")));
    assert!(debut.elapsed() < Duration::from_secs(20));
    scene.courtier.degeler();
    attendre(|| {
        let issue = essayer(&serveur.url, &scene.cle, &scene.lot(30, 30));
        issue.is_some_and(|(statut, _)| statut == 202)
    });
    scene.attendre_visites(&serveur, 60);
}

/// Waits for something that has to happen.
pub fn attendre(mut arrive: impl FnMut() -> bool) {
    let debut = Instant::now();
    while !arrive() {
        assert!(debut.elapsed() < PATIENCE, "toujours pas");
        std::thread::sleep(Duration::from_millis(50));
    }
}
