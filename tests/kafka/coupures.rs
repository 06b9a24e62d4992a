//! kill -9 of each role and of the broker at random instants: everything acknowledged counts once.

use std::time::Duration;

use rustix::process::{Signal, kill_process};

use crate::banc::Serveur;
use crate::banc::trafic::Hasard;
use crate::courtier::Enregistrement;
use crate::parcours::attendre;
use crate::scene::{Scene, essayer};

const ROLES: [&str; 4] = ["collect", "land", "land", "aggregate"];
const COUPURES: u64 = 16;
const PAR_LOT: u64 = 40;

#[test]
fn roles_and_broker_killed_at_random_instants_lose_nothing_acknowledged_and_double_nothing() {
    let mut scene = Scene::new();
    let mut hasard = Hasard(3);
    let mut processus: Vec<Serveur> = ROLES.iter().map(|role| scene.servir(role)).collect();
    let mut envoyes = 0;
    for coupure in 0..COUPURES {
        for _ in 0..hasard.sous(5) {
            insister(&scene, &processus[0], envoyes);
            envoyes += PAR_LOT;
        }
        if coupure % 3 == 0 {
            let natifs = (envoyes..envoyes + PAR_LOT)
                .flat_map(|n| [scene.evenement(n), "rien".to_owned()])
                .map(Enregistrement::de)
                .collect::<Vec<_>>();
            scene.courtier.produire(&scene.fournisseur, &natifs);
            envoyes += PAR_LOT;
        }
        if coupure == COUPURES / 2 {
            scene.courtier.tuer();
            scene.courtier.relancer();
        }
        // Each role in turn, the first in the middle of a request.
        let rang = usize::try_from(coupure % 4).unwrap();
        let victime = processus[rang].numero();
        let delai = Duration::from_millis(hasard.sous(if rang == 0 { 25 } else { 1_200 }));
        let (url, cle, lot) = (
            processus[0].url.clone(),
            &scene.cle,
            scene.lot(envoyes, PAR_LOT),
        );
        std::thread::scope(|fils| {
            fils.spawn(move || essayer(&url, cle, &lot));
            std::thread::sleep(delai);
            kill_process(victime, Signal::KILL).unwrap();
        });
        processus[rang] = scene.servir(ROLES[rang]);
        // Whether it was answered or not, it comes again: once is what counts.
        insister(&scene, &processus[0], envoyes);
        envoyes += PAR_LOT;
    }

    let console = scene.servir("api");
    scene.attendre_visites(&console, envoyes);
    for serveur in processus {
        assert!(serveur.terminer().success());
    }
    scene.verifier();
    scene.assert_absent("personne-privee");
}

/// Sends a batch as a provider does: again until it is received.
fn insister(scene: &Scene, collecte: &Serveur, premier: u64) {
    let lot = scene.lot(premier, PAR_LOT);
    attendre(|| {
        let issue = essayer(&collecte.url, &scene.cle, &lot);
        issue.is_some_and(|(statut, _)| statut == 202)
    });
}
