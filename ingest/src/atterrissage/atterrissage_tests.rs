use std::fs;
use std::sync::{Arc, mpsc};
use std::thread;

use frequent_plan::lac::{META_ENTREES, META_SCHEMA, VERSION_SCHEMA};
use frequent_plan::{Evenement, Horloge, Instant};
use parquet::file::reader::{FileReader, SerializedFileReader};
use tempfile::TempDir;

use super::*;
use crate::ReglagesJournal;
use crate::fabrique::{Lue, MATIN, evenement, fichiers_du, lignes, lot, tout_le_lac};

const MS_PAR_JOUR: u64 = 24 * 3_600_000;

fn lac() -> (TempDir, Lac) {
    let dossier = TempDir::new().unwrap();
    let lac = Lac::new(dossier.path());
    (dossier, lac)
}

fn ouvrir(lac: &Lac) -> JournalEmbarque {
    JournalEmbarque::ouvrir(lac, ReglagesJournal::default()).unwrap()
}

fn plan() -> Plan {
    Plan::integre().unwrap()
}

async fn recevoir(journal: &JournalEmbarque, evenements: &[Evenement<'_>]) {
    journal.ajouter(lot(evenements)).await.unwrap();
}

fn lues(evenements: &[Evenement<'_>]) -> Vec<Lue> {
    evenements.iter().map(Lue::de).collect()
}

#[tokio::test]
async fn events_land_in_the_folder_of_their_local_day_and_leave_the_log() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    let jour_un: Vec<_> = (0..3).map(evenement).collect();
    let jour_deux: Vec<_> = (0..2).map(|n| evenement(MS_PAR_JOUR + n)).collect();
    recevoir(&journal, &[&jour_un[..], &jour_deux[..]].concat()).await;
    let bilan = atterrir(&journal, &lac, &plan()).unwrap();
    let (un, deux) = (jour_un[0].jour, jour_deux[0].jour);
    assert_eq!(bilan.jours, BTreeMap::from([(un, 3), (deux, 2)]));
    let fichiers = fichiers_du(&lac, un);
    assert_eq!(fichiers.len(), 1);
    assert!(fichiers[0].ends_with("000000000000-000000000005.parquet"));
    assert_eq!(lignes(&fichiers[0]), lues(&jour_un));
    assert_eq!(lignes(&fichiers_du(&lac, deux)[0]), lues(&jour_deux));
    assert_eq!(atterrir(&journal, &lac, &plan()).unwrap(), Bilan::default());
    assert_eq!(fs::read_dir(lac.evenements_du(un)).unwrap().count(), 1);
}

#[tokio::test]
async fn a_landed_file_says_its_schema_and_the_positions_it_comes_from() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    recevoir(&journal, &[evenement(0), evenement(1)]).await;
    atterrir(&journal, &lac, &plan()).unwrap();
    let chemin = &fichiers_du(&lac, evenement(0).jour)[0];
    let lecteur = SerializedFileReader::new(fs::File::open(chemin).unwrap()).unwrap();
    let metadonnees = lecteur.metadata().file_metadata().key_value_metadata();
    let valeur = |cle: &str| {
        let trouvee = metadonnees.unwrap().iter().find(|m| m.key == cle);
        trouvee.unwrap().value.clone().unwrap()
    };
    assert_eq!(valeur(META_SCHEMA), VERSION_SCHEMA);
    assert_eq!(valeur(META_ENTREES), "journal 0..2");
}

#[tokio::test]
async fn landing_again_what_was_not_yet_freed_writes_the_same_files() {
    let (_dossier, lac) = lac();
    let sauvegarde = TempDir::new().unwrap();
    let journal = ouvrir(&lac);
    recevoir(
        &journal,
        &[evenement(0), evenement(1), evenement(MS_PAR_JOUR)],
    )
    .await;
    drop(journal);
    for entree in fs::read_dir(lac.journal()).unwrap() {
        let entree = entree.unwrap();
        fs::copy(entree.path(), sauvegarde.path().join(entree.file_name())).unwrap();
    }
    let contenu = |lac: &Lac| {
        let fichiers = [0, MS_PAR_JOUR].map(|n| fichiers_du(lac, evenement(n).jour));
        fichiers.map(|f| (f.clone(), fs::read(&f[0]).unwrap()))
    };
    atterrir(&ouvrir(&lac), &lac, &plan()).unwrap();
    let premiere_fois = contenu(&lac);
    // As if the process had been stopped just before it freed the log.
    fs::remove_dir_all(lac.journal()).unwrap();
    fs::rename(sauvegarde.path(), lac.journal()).unwrap();
    let bilan = atterrir(&ouvrir(&lac), &lac, &plan()).unwrap();
    assert_eq!(bilan.evenements(), 3);
    assert_eq!(contenu(&lac), premiere_fois);
    assert_eq!(tout_le_lac(&lac).len(), 3);
}

#[tokio::test]
async fn a_log_that_was_lost_gives_new_files_new_names() {
    let (_dossier, lac) = lac();
    for numero in 0..3 {
        let journal = ouvrir(&lac);
        recevoir(&journal, &[evenement(numero)]).await;
        atterrir(&journal, &lac, &plan()).unwrap();
        drop(journal);
        fs::remove_dir_all(lac.journal()).unwrap();
    }
    assert_eq!(fichiers_du(&lac, evenement(0).jour).len(), 3);
    assert_eq!(tout_le_lac(&lac).len(), 3);
}

#[tokio::test]
async fn what_can_be_read_of_a_damaged_segment_lands_and_the_segment_is_kept_aside() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    for numero in 0..3 {
        recevoir(&journal, &[evenement(numero)]).await;
    }
    drop(journal);
    let segment = lac.journal().join("00000000000000000000.seg");
    let mut octets = fs::read(&segment).unwrap();
    let milieu = octets.len() / 2;
    octets[milieu] ^= 1;
    fs::write(&segment, &octets).unwrap();
    let journal = ouvrir(&lac);
    let bilan = atterrir(&journal, &lac, &plan()).unwrap();
    assert_eq!((bilan.evenements(), bilan.alteres), (2, 1));
    let cote = lac.journal().join("00000000000000000000.seg.altere");
    assert_eq!(fs::read(cote).unwrap(), octets);
    assert_eq!(atterrir(&journal, &lac, &plan()).unwrap(), Bilan::default());
}

#[tokio::test]
async fn a_file_that_cannot_be_written_leaves_the_events_in_the_log() {
    let (_dossier, lac) = lac();
    let journal = ouvrir(&lac);
    recevoir(&journal, &[evenement(0)]).await;
    // A file where the lake's folder should be: the disk refuses, whoever asks.
    fs::write(lac.lake(), "").unwrap();
    assert!(atterrir(&journal, &lac, &plan()).is_err());
    fs::remove_file(lac.lake()).unwrap();
    assert_eq!(atterrir(&journal, &lac, &plan()).unwrap().evenements(), 1);
}

struct HorlogeFixe(Instant);

impl Horloge for HorlogeFixe {
    fn maintenant(&self) -> Instant {
        self.0
    }
}

#[tokio::test]
async fn the_server_lands_what_is_left_when_it_stops_and_compacts_closed_days() {
    let (_dossier, lac) = lac();
    let jour = evenement(0).jour;
    let journal = ouvrir(&lac);
    for numero in 0..2 {
        recevoir(&journal, &[evenement(numero)]).await;
        atterrir(&journal, &lac, &plan()).unwrap();
    }
    let dans_trois_jours = Instant(MATIN + 3 * i64::try_from(MS_PAR_JOUR).unwrap());
    let atterrisseur = Atterrisseur::new(
        journal.clone(),
        lac.clone(),
        Arc::new(plan()),
        Arc::new(HorlogeFixe(dans_trois_jours)),
        ReglagesAtterrissage::default(),
    );
    let (arreter, arret) = mpsc::channel();
    let (dire, bilans) = mpsc::channel();
    let fil = thread::spawn(move || {
        atterrisseur.tourner(&arret, |bilan| dire.send(bilan.clone()).unwrap());
    });
    while fichiers_du(&lac, jour).len() > 1 {
        thread::yield_now();
    }
    recevoir(&journal, &[evenement(MS_PAR_JOUR)]).await;
    arreter.send(()).unwrap();
    fil.join().unwrap();
    let bilan = bilans.recv().unwrap();
    assert_eq!(
        bilan.jours,
        BTreeMap::from([(evenement(MS_PAR_JOUR).jour, 1)])
    );
    assert_eq!(tout_le_lac(&lac).len(), 3);
}
