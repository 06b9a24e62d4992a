//! A disk that refuses to grow a file any further: a limit that the kernel enforces for real on the
//! child (`ulimit -f`), so no right is needed and no write is simulated.

use std::env::current_exe;
use std::process::Command;

use frequent_ingest::{JournalEmbarque, JournalErreur, ReglagesJournal, atterrir};
use frequent_plan::Plan;
use tempfile::TempDir;

use crate::evenements::{DOSSIER, Fabrique, dossier_donne, marques, role};

/// In the shell's blocks of 512 bytes (or 1,024): 64 or 128 KiB.
const BLOCS: &str = "128";

#[test]
fn a_full_disk_is_said_to_every_caller_and_the_log_goes_on_when_room_is_back() {
    let dossier = TempDir::new().unwrap();
    // An ignored signal stays ignored in what the shell becomes: the write fails instead.
    let mut coque = Command::new("sh");
    coque
        .args(["-c", "trap '' XFSZ; ulimit -f $0 && exec \"$@\"", BLOCS])
        .arg(current_exe().unwrap())
        .env(DOSSIER, dossier.path());
    let sortie = role(coque, "disque_plein::child_whose_files_cannot_grow")
        .output()
        .unwrap();
    let texte = String::from_utf8_lossy(&sortie.stdout);
    assert!(
        sortie.status.success() && texte.contains("1 passed"),
        "{texte}"
    );
}

#[tokio::test]
#[ignore = "the part of the child, run under a limit by the test above"]
async fn child_whose_files_cannot_grow() {
    let lac = dossier_donne();
    let plan = Plan::integre().unwrap();
    let fabrique = Fabrique::new();
    let reglages = ReglagesJournal {
        segment_octets: u64::MAX,
        ..ReglagesJournal::default()
    };
    let journal = JournalEmbarque::ouvrir(&lac, reglages).unwrap();
    let mut acquittes = Vec::new();
    let mut refuses = 0;
    let mut suivante = 0;
    while refuses < 20 {
        let lots = [suivante, suivante + 50].map(|m| m..m + 50);
        suivante += 100;
        let [un, deux] = lots.clone().map(|l| journal.ajouter(fabrique.lot(l)));
        let (un, deux) = tokio::join!(un, deux);
        for (lot, issue) in lots.into_iter().zip([un, deux]) {
            match issue {
                Ok(()) => acquittes.extend(lot),
                Err(JournalErreur::Disque { .. }) => refuses += 1,
                Err(autre) => panic!("{autre}"),
            }
        }
    }
    assert!(acquittes.len() > 100, "the limit came too soon");

    // A new segment is a new file: there is room again.
    let bilan = atterrir(&journal, &lac, &plan).unwrap();
    assert_eq!(bilan.evenements(), acquittes.len() as u64);
    assert_eq!(bilan.alteres, 0);
    journal.ajouter(fabrique.lot([suivante])).await.unwrap();
    acquittes.push(suivante);
    drop(journal);
    let journal = JournalEmbarque::ouvrir(&lac, reglages).unwrap();
    atterrir(&journal, &lac, &plan).unwrap();
    let mut landed = marques(&lac);
    landed.sort_unstable();
    assert_eq!(landed, acquittes);
}
