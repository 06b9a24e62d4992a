//! kill -9 at any instant: nothing acknowledged is lost, nothing counts twice.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use banc::Banc;
use banc::trafic::{Hasard, Ligne, lundi_dernier};

const CYCLES: u64 = 20;

/// The server collects, lands and counts at once, every second: a kill falls in any of the three.
/// Each event is one person's only event, so that visits count the events one by one.
#[test]
fn twenty_kills_while_collecting_landing_and_counting_lose_nothing_and_double_nothing() {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    banc.compte("national:FR");
    let mut hasard = Hasard(9);
    let jour = lundi_dernier().to_string();
    let mut envoyes = 0_u64;

    for _ in 0..CYCLES {
        let serveur = banc.servir();
        let lots = 1 + hasard.sous(12);
        for _ in 0..lots {
            let lot = lot(&jour, envoyes, 40);
            let (statut, reponse) = serveur.envoyer(&cle, &lot);
            assert_eq!(statut, 202, "{reponse}");
            envoyes += 40;
            // Half of the batches come again, as after an answer that got lost.
            if hasard.sous(2) == 0 {
                assert_eq!(serveur.envoyer(&cle, &lot).0, 202);
            }
        }
        let reste = hasard.sous(700);
        std::thread::sleep(std::time::Duration::from_millis(reste));
        serveur.tuer();
    }

    let serveur = banc.servir();
    let session = serveur.session();
    let chemin = format!(
        "/api/v1/cellules?niveau=ecole&code=0660713S&grain=jour&du={jour}&au={jour}&profil=ELEVE&axe=total"
    );
    session.attendre(&chemin, |reponse| {
        reponse["cellules"][0]["visites"] == envoyes
    });
    let reponse = session.lire(&chemin);
    assert_eq!(reponse["cellules"][0]["utilisateurs"], envoyes);
    assert_eq!(reponse["cellules"][0]["evenements"], envoyes);
    serveur.tuer();
    // The kill may have left longer periods behind the day that was waited for.
    banc.reussir(&["aggregate"]);
    banc.reussir(&["verify"]);
}

fn lot(jour: &str, premier: u64, nombre: u64) -> String {
    (premier..premier + nombre)
        .map(|rang| {
            Ligne {
                id: &format!("unique-{rang}"),
                ts: &format!("{jour}T{:02}:{:02}:00Z", 6 + rang % 12, rang % 60),
                uai: "0660713S",
                profil: "ELEVE",
                visiteur: &format!("eleve-{rang}"),
                service: "ACCUEIL",
                appareil: "ORDINATEUR",
            }
            .ndjson()
        })
        .collect()
}
