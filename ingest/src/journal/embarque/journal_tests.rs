use frequent_plan::{Evenement, Plan};
use tempfile::TempDir;

use super::*;
use crate::fabrique::evenement;
use crate::lot::LecteurLots;

fn lac() -> (TempDir, Lac) {
    let dossier = TempDir::new().unwrap();
    let lac = Lac::new(dossier.path());
    (dossier, lac)
}

fn lot(numeros: impl IntoIterator<Item = u64>) -> Lot {
    let mut lot = Lot::new();
    for numero in numeros {
        lot.pousser(&evenement(numero));
    }
    lot
}

fn ouvrir(lac: &Lac) -> JournalEmbarque {
    JournalEmbarque::ouvrir(lac, ReglagesJournal::default()).unwrap()
}

/// The numbers of the events in these bytes of a segment.
fn numeros(lu: &SegmentLu) -> Vec<u64> {
    let plan = Plan::integre().unwrap();
    let numero = |e: &Evenement<'_>| u128::from_be_bytes(e.id.0).try_into().unwrap();
    let cadres = lu.parcourir().cadres;
    cadres
        .iter()
        .flat_map(|c| LecteurLots::new(c.lots, &plan))
        .map(|e| numero(&e.unwrap()))
        .collect()
}

fn tout(journal: &JournalEmbarque) -> Vec<u64> {
    journal.sceller().unwrap();
    let scelles = journal.scelles();
    let lus = scelles.iter().map(|s| SegmentLu::lire(&s.chemin).unwrap());
    lus.flat_map(|lu| numeros(&lu)).collect()
}

#[tokio::test]
async fn what_is_acknowledged_is_there_after_reopening() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    journal.ajouter(lot(0..3)).await.unwrap();
    journal.ajouter(lot(3..4)).await.unwrap();
    drop(journal);
    assert_eq!(tout(&ouvrir(&lac)), [0, 1, 2, 3]);
}

#[tokio::test]
async fn an_empty_lot_is_received_without_being_written() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    journal.ajouter(Lot::new()).await.unwrap();
    journal.sceller().unwrap();
    assert_eq!(journal.scelles(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_share_commits_and_each_is_answered() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    let appels: Vec<_> = (0..500)
        .map(|n| {
            let journal = journal.clone();
            tokio::spawn(async move { journal.ajouter(lot([n])).await })
        })
        .collect();
    for appel in appels {
        appel.await.unwrap().unwrap();
    }
    let mut lus = tout(&journal);
    lus.sort_unstable();
    assert_eq!(lus, (0..500).collect::<Vec<_>>());
    let lu = SegmentLu::lire(&journal.scelles()[0].chemin).unwrap();
    let commits = lu.parcourir().cadres.len();
    assert!(commits < 250, "{commits} commits for 500 lots");
}

#[tokio::test]
async fn a_full_queue_says_so_and_takes_nothing_of_the_lot() {
    let (_dossier, lac) = lac();
    let reglages = ReglagesJournal {
        file_lots: 2,
        // After its first commit the writer would wait this long: the queue stays as it is.
        regroupement: Duration::from_hours(1),
        ..ReglagesJournal::default()
    };
    let journal = JournalEmbarque::ouvrir(&lac, reglages).unwrap();
    journal.ajouter(lot([0])).await.unwrap();
    let deux = tokio::spawn({
        let journal = journal.clone();
        async move { tokio::join!(journal.ajouter(lot([1])), journal.ajouter(lot([2]))) }
    });
    tokio::task::yield_now().await;
    assert!(matches!(
        journal.ajouter(lot([3])).await,
        Err(JournalErreur::Plein)
    ));
    // Sealing does not wait for the group to gather.
    assert_eq!(tout(&journal), [0, 1, 2]);
    let (un, deux) = deux.await.unwrap();
    assert!(un.is_ok() && deux.is_ok());
}

#[tokio::test]
async fn the_queue_is_bounded_in_bytes_too_yet_takes_one_large_lot() {
    let (_dossier, lac) = lac();
    let reglages = ReglagesJournal {
        file_octets: 200,
        regroupement: Duration::from_hours(1),
        ..ReglagesJournal::default()
    };
    let journal = JournalEmbarque::ouvrir(&lac, reglages).unwrap();
    journal.ajouter(lot(0..10)).await.unwrap();
    let attend = tokio::spawn({
        let journal = journal.clone();
        async move { journal.ajouter(lot(10..20)).await }
    });
    tokio::task::yield_now().await;
    assert!(matches!(
        journal.ajouter(lot([20])).await,
        Err(JournalErreur::Plein)
    ));
    assert_eq!(tout(&journal).len(), 20);
    attend.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_log_that_is_open_is_not_opened_twice() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    let second = JournalEmbarque::ouvrir(&lac, ReglagesJournal::default());
    assert!(matches!(second, Err(JournalErreur::DejaOuvert(_))));
    drop(journal);
    ouvrir(&lac);
}

#[tokio::test]
async fn positions_go_on_after_everything_has_landed() {
    let (_dossier, lac) = lac();
    for tour in 0..3 {
        let journal = ouvrir(&lac);
        journal.ajouter(lot(0..5)).await.unwrap();
        journal.sceller().unwrap();
        let scelles = journal.scelles();
        assert_eq!(scelles.len(), 1);
        assert_eq!(scelles[0].premier, tour * 5);
        journal.liberer(&scelles[0]).unwrap();
        assert_eq!(journal.scelles(), []);
    }
}

#[tokio::test]
async fn a_segment_that_is_large_enough_is_sealed_by_itself() {
    let (_dossier, lac) = lac();
    let reglages = ReglagesJournal {
        segment_octets: 1_000,
        regroupement: Duration::ZERO,
        ..ReglagesJournal::default()
    };
    let journal = JournalEmbarque::ouvrir(&lac, reglages).unwrap();
    for n in 0..40 {
        journal.ajouter(lot([n])).await.unwrap();
    }
    let scelles = journal.scelles();
    assert!(scelles.len() >= 4, "{scelles:?}");
    assert_eq!(tout(&journal), (0..40).collect::<Vec<_>>());
}

/// The bytes of a segment of three frames, and the lengths at which each frame ends.
async fn trois_cadres(lac: &Lac) -> (Vec<u8>, Vec<usize>) {
    let journal = ouvrir(lac);
    let chemin = chemin_segment(&lac.journal(), 0);
    let mut fins = vec![usize::try_from(fs::metadata(&chemin).unwrap().len()).unwrap()];
    for n in 0..3 {
        journal.ajouter(lot([2 * n, 2 * n + 1])).await.unwrap();
        fins.push(usize::try_from(fs::metadata(&chemin).unwrap().len()).unwrap());
    }
    (fs::read(chemin).unwrap(), fins)
}

#[tokio::test]
async fn a_tail_torn_at_any_byte_loses_only_the_frame_it_tears() {
    let (dossier, lac) = lac();
    let (octets, fins) = trois_cadres(&lac).await;
    let essai = dossier.path().join("essai.seg");
    for coupe in 0..=octets.len() {
        fs::write(&essai, &octets[..coupe]).unwrap();
        let lu = SegmentLu::lire(&essai).unwrap();
        let parcours = lu.parcourir();
        let entiers = fins[1..].iter().filter(|fin| **fin <= coupe).count();
        assert_eq!(parcours.cadres.len(), entiers, "cut at {coupe}");
        assert_eq!(parcours.sains + parcours.perdus, coupe, "cut at {coupe}");
        assert!(!parcours.altere, "cut at {coupe}");
    }
}

#[tokio::test]
async fn a_log_with_a_torn_tail_reopens_at_its_last_acknowledged_event() {
    let (_origine, origine) = lac();
    let (octets, fins) = trois_cadres(&origine).await;
    for coupe in [
        0,
        5,
        fins[0],
        fins[0] + 3,
        fins[1],
        fins[2] - 1,
        fins[2] + 30,
    ] {
        let (_dossier, lac) = lac();
        fs::create_dir(lac.journal()).unwrap();
        fs::write(chemin_segment(&lac.journal(), 0), &octets[..coupe]).unwrap();
        let entiers = fins[1..].iter().filter(|fin| **fin <= coupe).count() as u64;
        let journal = ouvrir(&lac);
        journal.ajouter(lot([99])).await.unwrap();
        let mut attendus: Vec<_> = (0..2 * entiers).collect();
        attendus.push(99);
        assert_eq!(tout(&journal), attendus, "cut at {coupe}");
        let dernier = journal.scelles().last().unwrap().premier;
        assert_eq!(dernier, 2 * entiers, "cut at {coupe}");
    }
}

#[tokio::test]
async fn an_altered_byte_loses_at_most_what_follows_and_is_never_taken_for_a_torn_tail() {
    let (dossier, lac) = lac();
    let (octets, fins) = trois_cadres(&lac).await;
    let essai = dossier.path().join("essai.seg");
    for ou in fins[0]..octets.len() {
        let mut altere = octets.clone();
        altere[ou] ^= 0x20;
        fs::write(&essai, altere).unwrap();
        let lu = SegmentLu::lire(&essai).unwrap();
        let parcours = lu.parcourir();
        let cadre = fins[1..].iter().filter(|fin| **fin <= ou).count();
        assert!(parcours.perdus > 0, "byte {ou}");
        assert_eq!(parcours.sains, fins[cadre], "byte {ou}");
        let longueur_intacte = !(16..20).contains(&(ou - fins[cadre]));
        if longueur_intacte {
            assert_eq!(parcours.cadres.len(), 2, "byte {ou}");
            assert_eq!(parcours.altere, cadre < 2, "byte {ou}");
        }
    }
}

#[tokio::test]
async fn a_segment_altered_in_its_middle_keeps_its_other_frames_when_reopened() {
    let (_dossier, lac) = lac();
    let (mut octets, fins) = trois_cadres(&lac).await;
    octets[fins[1] + 40] ^= 1;
    fs::write(chemin_segment(&lac.journal(), 0), &octets).unwrap();
    let journal = ouvrir(&lac);
    assert_eq!(tout(&journal), [0, 1, 4, 5]);
    let scelle = &journal.scelles()[0];
    assert_eq!(fs::read(&scelle.chemin).unwrap(), octets);
    journal.mettre_de_cote(scelle).unwrap();
    assert_eq!(journal.scelles(), []);
}
