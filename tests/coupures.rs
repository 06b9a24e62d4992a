//! kill -9 of each role at any instant: nothing acknowledged is lost, nothing counts twice. The log
//! is in files here, which collecting and landing share in one process; `tests/kafka` kills them
//! apart.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::time::Duration;

use banc::trafic::{Hasard, instant, lundi_dernier, unique};
use banc::{Banc, Serveur, client};
use rustix::process::{Signal, kill_process};

const KILLS: usize = 100;
const PAR_LOT: u64 = 40;
/// The processes, and the longest life of each before its kill, in milliseconds: long enough to be
/// killed while it works.
const ROLES: [(&str, u64); 3] = [("collect,land", 60), ("aggregate", 400), ("api", 60)];

/// Each event is one person's only event, so that visits count the events one by one.
#[test]
fn a_hundred_kills_of_each_role_in_turn_lose_nothing_and_double_nothing() {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    banc.compte("national:FR");
    let mut hasard = Hasard(9);
    let jour = lundi_dernier().to_string();
    let demarrer = |rang: usize| banc.servir_roles(ROLES[rang].0, &[]);
    let mut processus: Vec<Serveur> = (0..ROLES.len()).map(demarrer).collect();
    let mut envoyes = 0_u64;

    for kill in 0..KILLS {
        for _ in 0..=hasard.sous(4) {
            let lot = lot(&jour, envoyes);
            envoyes += PAR_LOT;
            assert_eq!(envoyer(&processus[0].url, &cle, &lot), Some(202));
            // Half of the batches come again, as after an answer that got lost.
            if hasard.sous(2) == 0 {
                assert_eq!(envoyer(&processus[0].url, &cle, &lot), Some(202));
            }
        }
        // Each role in turn, the first while it is asked to take a batch.
        let rang = kill % ROLES.len();
        let victime = processus[rang].numero();
        let delai = Duration::from_millis(hasard.sous(ROLES[rang].1));
        let (url, dernier) = (processus[0].url.clone(), lot(&jour, envoyes));
        envoyes += PAR_LOT;
        let issue = std::thread::scope(|fils| {
            let envoi = fils.spawn(|| envoyer(&url, &cle, &dernier));
            std::thread::sleep(delai);
            kill_process(victime, Signal::KILL).unwrap();
            envoi.join().unwrap()
        });
        processus[rang] = demarrer(rang);
        // Without an answer the provider sends it again; with one, half of the time too.
        if issue != Some(202) || hasard.sous(2) == 0 {
            assert_eq!(envoyer(&processus[0].url, &cle, &dernier), Some(202));
        }
    }

    let session = processus[2].session();
    let chemin = format!(
        "/api/v1/cellules?niveau=ecole&code=0660713S&grain=jour&du={jour}&au={jour}&profil=ELEVE&axe=total"
    );
    session.attendre(&chemin, |reponse| {
        reponse["cellules"][0]["visites"] == envoyes
    });
    let reponse = session.lire(&chemin);
    assert_eq!(reponse["cellules"][0]["utilisateurs"], envoyes);
    assert_eq!(reponse["cellules"][0]["evenements"], envoyes);
    for serveur in processus {
        serveur.tuer();
    }
    // The kill may have left longer periods behind the day that was waited for.
    banc.reussir(&["aggregate"]);
    banc.reussir(&["verify"]);
}

/// The status of the answer, if the server lived to give one.
fn envoyer(url: &str, cle: &str, lot: &str) -> Option<u16> {
    let envoi = client()
        .post(format!("{url}/v1/events"))
        .header("Authorization", format!("Bearer {cle}"))
        .send(lot);
    envoi.ok().map(|reponse| reponse.status().as_u16())
}

fn lot(jour: &str, premier: u64) -> String {
    (premier..premier + PAR_LOT)
        .map(|rang| unique(rang, &instant(jour, rang)))
        .collect()
}
