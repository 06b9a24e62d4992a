//! `kill -9` during intake, landing and compaction, again and again on the same folder.

use std::collections::BTreeSet;
use std::env::current_exe;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use frequent_ingest::compactage::jours_clos;
use frequent_ingest::{Etendue, ReglagesJournal, compacter};
use frequent_plan::{Jour, Lac};
use tempfile::TempDir;

use crate::courtier::Courtier;
use crate::evenements::{DOSSIER, Fabrique, dossier_donne, marques, role};
use crate::journaux::Genre;

const CYCLES: u64 = 20;
/// First mark of each cycle: marks are unique over the whole test.
const PAR_CYCLE: u64 = 1 << 32;
const CYCLE: &str = "ESSAI_CYCLE";
const APPELANTS: u64 = 8;
/// Marks between two landings of the child.
const ENTRE_DEUX: u64 = 40;

/// What the child says on its pipe: an acknowledged mark, or that a work begins.
enum Parole {
    Acquitte(u64),
    Atterrit,
    Compacte,
}

fn parole(ligne: &str) -> Option<Parole> {
    match ligne.split_once(' ')? {
        ("acquitte", marque) => marque.parse().ok().map(Parole::Acquitte),
        ("debut", "atterrissage") => Some(Parole::Atterrit),
        ("debut", "compactage") => Some(Parole::Compacte),
        _ => None,
    }
}

/// A small generator (splitmix64), so that every run kills at the same counts.
fn tirage(graine: u64) -> u64 {
    let mut z = graine.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// When to kill: after so many acknowledgements, landings or compactions begun.
struct Coup {
    acquittements: u64,
    atterrissages: u64,
    compactages: u64,
}

impl Coup {
    fn du_cycle(cycle: u64) -> Self {
        let jamais = u64::MAX;
        let (acquittements, atterrissages, compactages) = match cycle % 3 {
            0 => (1 + tirage(cycle) % 400, jamais, jamais),
            1 => (jamais, 1 + tirage(cycle) % 6, jamais),
            _ => (jamais, jamais, 1 + tirage(cycle) % 3),
        };
        Self {
            acquittements,
            atterrissages,
            compactages,
        }
    }

    fn tombe(&mut self, parole: &Parole) -> bool {
        let compteur = match parole {
            Parole::Acquitte(_) => &mut self.acquittements,
            Parole::Atterrit => &mut self.atterrissages,
            Parole::Compacte => &mut self.compactages,
        };
        *compteur -= 1;
        *compteur == 0
    }
}

#[test]
fn twenty_kills_lose_nothing_acknowledged_and_count_nothing_twice() {
    tuer_vingt_fois(&Genre::Embarque);
}

#[test]
fn twenty_kills_lose_nothing_acknowledged_and_count_nothing_twice_through_kafka() {
    let courtier = Courtier::du_programme();
    tuer_vingt_fois(&Genre::kafka(&courtier, 3));
}

fn tuer_vingt_fois(genre: &Genre) {
    let dossier = TempDir::new().unwrap();
    let lac = Lac::new(dossier.path());
    let mut acquittes = BTreeSet::new();
    for cycle in 0..CYCLES {
        let avant = acquittes.len();
        vivre_et_mourir(genre, &lac, cycle, &mut acquittes);
        assert!(
            acquittes.len() > avant,
            "cycle {cycle}: nothing was acknowledged"
        );
    }

    genre.ouvrir(&lac, ReglagesJournal::default()).atterrir();
    let landed: BTreeSet<_> = marques(&lac).into_iter().collect();
    let perdus: Vec<_> = acquittes.difference(&landed).collect();
    assert!(perdus.is_empty(), "acknowledged and lost: {perdus:?}");
    assert!(
        landed.iter().all(|m| m / PAR_CYCLE < CYCLES),
        "a mark that was never sent"
    );

    for jour in jours_clos(&lac, Jour::de_epoque(1_000_000)).unwrap() {
        compacter(&lac, jour, Etendue::Tout).unwrap();
    }
    let compactees = marques(&lac);
    assert_eq!(compactees.len(), landed.len(), "an event is counted twice");
    assert_eq!(compactees.into_iter().collect::<BTreeSet<_>>(), landed);
}

/// Starts a child, notes what it acknowledges, kills it when the blow of the cycle falls.
fn vivre_et_mourir(genre: &Genre, lac: &Lac, cycle: u64, acquittes: &mut BTreeSet<u64>) {
    let mut enfant = role(
        Command::new(current_exe().unwrap()),
        "kill9::child_that_is_killed",
    );
    genre.dire(&mut enfant);
    let mut enfant = enfant
        .env(DOSSIER, lac.racine())
        .env(CYCLE, cycle.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut coup = Coup::du_cycle(cycle);
    let mut frappe = false;
    // What was written on the pipe before the blow is read after it too: it was acknowledged.
    for ligne in BufReader::new(enfant.stdout.take().unwrap()).lines() {
        let Some(parole) = parole(&ligne.unwrap()) else {
            continue;
        };
        if !frappe && coup.tombe(&parole) {
            enfant.kill().unwrap();
            frappe = true;
        }
        if let Parole::Acquitte(marque) = parole {
            assert!(acquittes.insert(marque), "mark {marque} acknowledged twice");
        }
    }
    let fin = enfant.wait().unwrap();
    assert!(
        frappe && !fin.success(),
        "cycle {cycle}: the child ended by itself, {fin}"
    );
}

#[test]
#[ignore = "the part of the child, run and killed by the test above"]
fn child_that_is_killed() {
    let lac = dossier_donne();
    let cycle: u64 = std::env::var(CYCLE).unwrap().parse().unwrap();
    // The harness leaves the cursor in the middle of a line.
    println!();
    let reglages = ReglagesJournal {
        segment_octets: 40_000,
        ..ReglagesJournal::default()
    };
    let essaye = Genre::dit().ouvrir(&lac, reglages);
    let journal = essaye.journal.clone();
    let (atterrir_maintenant, demandes) = mpsc::channel();
    let (atterris, a_ranger) = mpsc::channel();
    thread::spawn(move || {
        essaye.atterrir_sans_fin(demandes, || {
            println!("debut atterrissage");
            atterris.send(()).unwrap();
        });
    });
    thread::spawn(move || ranger_sans_fin(&lac, &a_ranger));
    let premiere_marque = cycle * PAR_CYCLE;
    let suivante = AtomicU64::new(0);
    let fabrique = Fabrique::new();
    let execution = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    execution.block_on(async {
        let appelant = async || {
            loop {
                let rang = suivante.fetch_add(5, Ordering::Relaxed);
                let premiere = premiere_marque + rang;
                let marques = premiere..premiere + 1 + tirage(premiere) % 5;
                journal
                    .ajouter(fabrique.lot(marques.clone()))
                    .await
                    .unwrap();
                for marque in marques {
                    println!("acquitte {marque}");
                }
                if rang.is_multiple_of(ENTRE_DEUX) {
                    atterrir_maintenant.send(()).unwrap();
                }
            }
        };
        let mut appelants: Vec<_> = (0..APPELANTS).map(|_| Box::pin(appelant())).collect();
        std::future::poll_fn(|contexte| {
            for appelant in &mut appelants {
                let std::task::Poll::Pending = appelant.as_mut().poll(contexte);
            }
            std::task::Poll::<()>::Pending
        })
        .await;
    });
}

/// Compacts after one landing in three, while the next ones go on.
fn ranger_sans_fin(lac: &Lac, atterris: &mpsc::Receiver<()>) {
    for (rang, ()) in atterris.iter().enumerate() {
        if rang % 3 == 2 {
            for jour in jours_clos(lac, Jour::de_epoque(1_000_000)).unwrap() {
                println!("debut compactage");
                compacter(lac, jour, Etendue::Tout).unwrap();
            }
        }
    }
}
