//! Pressure on the built binary: too many, too fast, no room, a stop in the middle. Each is said with
//! when to come back, and it recovers by itself.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use banc::prise::{Prise, lire_statuts};
use banc::trafic::unique;
use banc::{Banc, PLATEFORME, Serveur, client};
use frequent_plan::{Horloge, HorlogeSysteme};

const SITE: &str = "365203";
const PATIENCE: Duration = Duration::from_mins(1);

/// Events that no other batch has.
fn lot(premier: u64, nombre: u64) -> String {
    let ts = HorlogeSysteme.maintenant().timestamp().to_string();
    (premier..premier + nombre)
        .map(|rang| unique(rang, &ts))
        .collect()
}

/// A status, and in how many seconds to come back if the answer says so.
fn taguer(serveur: &Serveur, numero: u64) -> (u16, Option<u64>) {
    let requete = format!(
        "s={SITE}&idclient=c{numero}&at={numero}1&p=page&uai=0660713S&profil=ELEVE&service=ACCUEIL"
    );
    let reponse = client()
        .get(format!("{}/hit.xiti?{requete}", serveur.url))
        .call()
        .unwrap();
    let attente = reponse.headers().get("retry-after");
    let attente = attente.map(|v| v.to_str().unwrap().parse().unwrap());
    (reponse.status().as_u16(), attente)
}

#[test]
fn a_site_and_a_key_past_their_rate_are_told_when_to_come_back_and_are_taken_then() {
    let banc = Banc::vide();
    banc.reussir(&["site", "add", SITE, "--plateforme", PLATEFORME]);
    let cle = banc.cle();
    let serveur = banc.servir_avec(&[
        ("COLLECTE_DEBIT_SITE_MAX", "2"),
        ("COLLECTE_DEBIT_CLE_MAX", "5"),
        ("COLLECTE_CORPS_EVENEMENTS_MAX", "10"),
    ]);
    let (mut pris, mut envoyes) = (0, 0);
    let attente = loop {
        let (statut, attente) = taguer(&serveur, envoyes);
        envoyes += 1;
        match statut {
            200 => pris += 1,
            429 => break attente.unwrap(),
            autre => panic!("{autre}"),
        }
        assert!(pris < 1_000, "le débit n’est pas tenu");
    };
    assert_eq!(serveur.envoyer(&cle, lot(0, 10)).0, 202);
    let (statut, refus) = serveur.envoyer(&cle, lot(10, 10));
    assert_eq!(
        (statut, refus["type"].as_str()),
        (429, Some("urn:frequent:probleme:debit_depasse"))
    );
    std::thread::sleep(Duration::from_secs(attente));
    assert_eq!(taguer(&serveur, envoyes).0, 200);
    attendre(|| serveur.envoyer(&cle, lot(10, 10)).0 == 202);
    assert!(serveur.terminer().success());
    assert_eq!(banc.evenements(), pris + 1 + 20);
}

/// On a file system in memory, whose room only this test changes: the reserve is set so that a few
/// mebibytes are left, then a file takes them.
#[test]
fn a_disk_that_fills_stops_acceptance_before_the_end_and_resumes_when_there_is_room() {
    const MIO: u64 = 1 << 20;
    let memoire = Path::new("/dev/shm");
    let banc = Banc::dans(memoire);
    let disque = rustix::fs::statvfs(memoire).unwrap();
    let libres = disque.f_bavail * disque.f_frsize / MIO;
    assert!(
        libres > 40,
        "{libres} Mio libres dans {}",
        memoire.display()
    );
    let reserve = (libres - 24).to_string();
    let cle = banc.cle();
    let serveur = banc.servir_avec(&[("DISQUE_RESERVE_MIO", &reserve)]);
    let mut acquittes = 0;
    let mut rang = 0;
    let mut envoyer = |attendu: Option<u16>| {
        let (statut, reponse) = serveur.envoyer(&cle, lot(rang, 50));
        rang += 50;
        if statut == 202 {
            acquittes += 50;
        } else {
            assert_eq!(
                (statut, reponse["type"].as_str()),
                (503, Some("urn:frequent:probleme:disque_plein"))
            );
        }
        if let Some(attendu) = attendu {
            assert_eq!(statut, attendu);
        }
        acquittes
    };
    envoyer(Some(202));
    let lest = banc.fichier("lest");
    fs::write(&lest, vec![0; usize::try_from(32 * MIO).unwrap()]).unwrap();
    for _ in 0..20 {
        envoyer(Some(503));
    }
    // What was taken before still lands.
    attendre(|| banc.evenements() == 50);
    fs::remove_file(&lest).unwrap();
    for _ in 0..20 {
        envoyer(Some(202));
    }
    let acquittes = envoyer(None);
    assert!(serveur.terminer().success());
    assert_eq!(banc.evenements(), acquittes);
    let traces = banc.traces();
    assert_eq!(traces.matches("disk almost full").count(), 1, "{traces}");
    assert_eq!(
        traces.matches("room on the disk again").count(),
        1,
        "{traces}"
    );
}

#[test]
fn a_stop_asked_for_answers_what_is_in_progress_and_loses_nothing_acknowledged() {
    let banc = Banc::vide();
    let cle = banc.cle();
    let serveur = banc.servir_avec(&[("ATTERRISSAGE_INTERVALLE_S", "3600")]);
    let adresse = serveur.adresse().to_owned();
    let corps = lot(1_000_000, 10);
    let tete = format!(
        "POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer {cle}\r\nContent-Length: {}\r\n\r\n",
        corps.len()
    );
    let (debut, fin) = corps.split_at(corps.len() / 2);
    let mut a_moitie = Prise::ouvrir(&adresse);
    a_moitie.ecrire(tete.as_bytes());
    a_moitie.ecrire(debut.as_bytes());
    let (acquittes, envoyes) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|portee| {
        for _ in 0..8 {
            portee.spawn(|| {
                loop {
                    let premier = envoyes.fetch_add(10, Ordering::Relaxed);
                    let envoi = client()
                        .post(format!("http://{adresse}/v1/events"))
                        .header("Authorization", format!("Bearer {cle}"))
                        .send(lot(premier, 10));
                    match envoi {
                        Ok(reponse) if reponse.status() == 202 => {
                            acquittes.fetch_add(10, Ordering::Relaxed);
                        }
                        Ok(reponse) => panic!("{}", reponse.status()),
                        // Nobody listens any more.
                        Err(_) => return,
                    }
                }
            });
        }
        attendre(|| acquittes.load(Ordering::Relaxed) > 500);
        let arret = portee.spawn(|| serveur.terminer());
        attendre(|| std::net::TcpStream::connect(&adresse).is_err());
        // The batch that was half sent when the stop was asked for is taken whole.
        a_moitie.ecrire(fin.as_bytes());
        assert_eq!(lire_statuts(&a_moitie.lire_jusqu_au_bout()), [202]);
        assert!(arret.join().unwrap().success());
    });
    let poses = banc.evenements();
    let (acquittes, envoyes) = (acquittes.into_inner() + 10, envoyes.into_inner() + 10);
    assert!(
        (acquittes..=envoyes).contains(&poses),
        "{acquittes} acquittés, {poses} posés"
    );
}

#[test]
fn a_start_after_a_crash_replays_at_once_and_says_so() {
    const EVENEMENTS: u64 = 100_000;
    let banc = Banc::vide();
    let cle = banc.cle();
    let serveur = banc.servir_avec(&[("ATTERRISSAGE_INTERVALLE_S", "3600")]);
    for premier in (0..EVENEMENTS).step_by(10_000) {
        assert_eq!(serveur.envoyer(&cle, lot(premier, 10_000)).0, 202);
    }
    serveur.tuer();
    assert_eq!(banc.evenements(), 0);
    let debut = Instant::now();
    let serveur = banc.servir_avec(&[]);
    attendre(|| banc.evenements() == EVENEMENTS);
    let duree = debut.elapsed();
    println!("{EVENEMENTS} événements repris et posés en {duree:?}");
    assert!(duree < Duration::from_secs(20), "{duree:?}");
    let traces = banc.traces();
    assert!(
        traces.contains("log reopened") && traces.contains(&format!("evenements={EVENEMENTS}")),
        "{traces}"
    );
    serveur.tuer();
}

fn attendre(condition: impl Fn() -> bool) {
    let debut = Instant::now();
    while !condition() {
        assert!(debut.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(50));
    }
}
