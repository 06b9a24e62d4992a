//! What both logs promise, tested alike.

use std::collections::BTreeSet;

use frequent_ingest::compactage::jours_clos;
use frequent_ingest::{Etendue, ReglagesJournal, compacter};
use frequent_plan::{Jour, Lac};
use tempfile::TempDir;

use crate::evenements::{Fabrique, marques};
use crate::journaux::{Essaye, Genre};

fn ouvrir(genre: &Genre) -> (TempDir, Essaye) {
    let dossier = TempDir::new().unwrap();
    let essaye = genre.ouvrir(&Lac::new(dossier.path()), ReglagesJournal::default());
    (dossier, essaye)
}

fn executer<T>(travail: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(travail)
}

/// Every mark of the lake, each as often as it would count.
fn comptees(lac: &Lac) -> Vec<u64> {
    for jour in jours_clos(lac, Jour::de_epoque(1_000_000)).unwrap() {
        compacter(lac, jour, Etendue::Tout).unwrap();
    }
    let mut marques = marques(lac);
    marques.sort_unstable();
    marques
}

fn what_is_acknowledged_lands_once(genre: &Genre) {
    let (_dossier, essaye) = ouvrir(genre);
    let fabrique = Fabrique::new();
    executer(async {
        for lot in 0..40 {
            let lot = fabrique.lot(lot * 25..(lot + 1) * 25);
            essaye.journal.ajouter(lot).await.unwrap();
        }
    });
    assert_eq!(essaye.atterrir(), 1_000);
    assert_eq!(essaye.atterrir(), 0);
    assert_eq!(comptees(&essaye.lac), (0..1_000).collect::<Vec<_>>());
}

fn a_lot_of_many_schools_and_days_arrives_whole(genre: &Genre) {
    let (_dossier, essaye) = ouvrir(genre);
    let fabrique = Fabrique::new();
    let lot = fabrique.lot_de_partout(0..30_000);
    executer(essaye.journal.ajouter(lot)).unwrap();
    essaye.atterrir();
    assert_eq!(comptees(&essaye.lac), (0..30_000).collect::<Vec<_>>());
}

fn what_is_sent_again_counts_once(genre: &Genre) {
    let (_dossier, essaye) = ouvrir(genre);
    let fabrique = Fabrique::new();
    for _ in 0..3 {
        executer(async {
            essaye.journal.ajouter(fabrique.lot(0..50)).await.unwrap();
            essaye.journal.ajouter(fabrique.lot(25..75)).await.unwrap();
        });
        essaye.atterrir();
    }
    assert_eq!(comptees(&essaye.lac), (0..75).collect::<Vec<_>>());
}

fn callers_at_once_are_each_answered_for_what_is_theirs(genre: &Genre) {
    let (_dossier, essaye) = ouvrir(genre);
    executer(async {
        let appelants: Vec<_> = (0..200)
            .map(|rang| {
                let journal = essaye.journal.clone();
                tokio::spawn(async move {
                    let lot = Fabrique::new().lot(rang * 5..(rang + 1) * 5);
                    journal.ajouter(lot).await
                })
            })
            .collect();
        for appelant in appelants {
            appelant.await.unwrap().unwrap();
        }
    });
    essaye.atterrir();
    assert_eq!(comptees(&essaye.lac), (0..1_000).collect::<Vec<_>>());
}

fn a_caller_that_goes_away_does_not_take_its_lot_back(genre: &Genre) {
    let (_dossier, essaye) = ouvrir(genre);
    let fabrique = Fabrique::new();
    executer(async {
        let mut parti = Box::pin(essaye.journal.ajouter(fabrique.lot([1])));
        let attente = std::future::poll_fn(|contexte| {
            std::task::Poll::Ready(parti.as_mut().poll(contexte).is_pending())
        });
        assert!(attente.await, "acknowledged before it was durable");
        drop(parti);
        essaye.journal.ajouter(fabrique.lot([2])).await.unwrap();
    });
    essaye.atterrir();
    assert_eq!(comptees(&essaye.lac), [1, 2]);
}

fn a_log_reopened_holds_what_was_acknowledged(genre: &Genre) {
    let (_dossier, essaye) = ouvrir(genre);
    let fabrique = Fabrique::new();
    executer(essaye.journal.ajouter(fabrique.lot(0..10))).unwrap();
    let lac = essaye.lac.clone();
    drop(essaye);
    let essaye = genre.ouvrir(&lac, ReglagesJournal::default());
    executer(essaye.journal.ajouter(fabrique.lot(10..20))).unwrap();
    essaye.atterrir();
    let attendues: BTreeSet<u64> = (0..20).collect();
    assert_eq!(
        marques(&lac).into_iter().collect::<BTreeSet<_>>(),
        attendues
    );
}

macro_rules! sur_les_deux_journaux {
    ($($essai:ident),+ $(,)?) => {
        mod embarque {
            use crate::journaux::Genre;
            $(#[test] fn $essai() { super::$essai(&Genre::Embarque); })+
        }
        mod kafka {
            use crate::courtier::Courtier;
            use crate::journaux::Genre;
            $(#[test] fn $essai() {
                let courtier = Courtier::du_programme();
                super::$essai(&Genre::kafka(&courtier, 3));
            })+
        }
    };
}

sur_les_deux_journaux! {
    what_is_acknowledged_lands_once,
    a_lot_of_many_schools_and_days_arrives_whole,
    what_is_sent_again_counts_once,
    callers_at_once_are_each_answered_for_what_is_theirs,
    a_caller_that_goes_away_does_not_take_its_lot_back,
    a_log_reopened_holds_what_was_acknowledged,
}
