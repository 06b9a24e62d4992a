//! The same figures for whoever watches the process: what was received, since it began, by kind of
//! sender. The handles are taken once: a hit adds to two numbers and looks nothing up.

use std::sync::LazyLock;

use frequent_plan::Raison;
use metrics::Counter;

use super::Emetteur;
use super::carnet::Carnet;
use super::mesure::Mesure;

const GENRES: [&str; 5] = ["site", "sites_inconnus", "cle", "kafka", "fichier"];

static COMPTEURS: LazyLock<[ParGenre; GENRES.len()]> = LazyLock::new(|| GENRES.map(ParGenre::new));

struct ParGenre {
    recus: Counter,
    acceptes: Counter,
    refuses: Vec<Counter>,
}

impl ParGenre {
    fn new(genre: &'static str) -> Self {
        let refuses = Raison::TOUTES.iter().map(|raison| {
            metrics::counter!("frequent_evenements_refuses_total", "genre" => genre, "raison" => raison.code())
        });
        Self {
            recus: metrics::counter!("frequent_evenements_recus_total", "genre" => genre),
            acceptes: metrics::counter!("frequent_evenements_acceptes_total", "genre" => genre),
            refuses: refuses.collect(),
        }
    }
}

fn de(emetteur: &Emetteur) -> &'static ParGenre {
    &COMPTEURS[match emetteur {
        Emetteur::Site(_) => 0,
        Emetteur::SitesInconnus => 1,
        Emetteur::Cle(_) => 2,
        Emetteur::Kafka(_) => 3,
        Emetteur::Fichier(_) => 4,
    }]
}

/// Adds what a request counted.
pub(super) fn ajouter(emetteur: &Emetteur, carnet: &Carnet) {
    let compteurs = de(emetteur);
    let total = |mesure| carnet.cellules().map(|(_, c)| c.de(mesure)).sum();
    compteurs.recus.increment(total(Mesure::Recus));
    compteurs.acceptes.increment(total(Mesure::Acceptes));
    for (motif, compte) in carnet.refus() {
        if let Some(compteur) = compteurs.refuses.get(motif.raison as usize) {
            compteur.increment(compte.nombre);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_sender_counts_under_its_own_name() {
        let emetteurs = [
            Emetteur::Site(1),
            Emetteur::SitesInconnus,
            Emetteur::Cle(String::new()),
            Emetteur::Kafka(String::new()),
            Emetteur::Fichier(String::new()),
        ];
        for (emetteur, genre) in emetteurs.iter().zip(GENRES) {
            assert_eq!(emetteur.genre(), genre);
            assert!(std::ptr::eq(
                de(emetteur),
                &raw const COMPTEURS[GENRES.iter().position(|g| *g == genre).unwrap()]
            ));
        }
        assert!(
            Raison::TOUTES
                .iter()
                .enumerate()
                .all(|(rang, r)| *r as usize == rang)
        );
    }
}
