use std::collections::{BTreeMap, BTreeSet};

use frequent_plan::{Client, Evenement, IdEvenement, Instant, Plan, Visiteur};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::atterrissage::atterrir;
use crate::fabrique::{Lue, evenement, fichiers_du, lignes, lot, tout_le_lac};
use crate::journal::{JournalEmbarque, ReglagesJournal};

fn lac() -> (TempDir, Lac) {
    let dossier = TempDir::new().unwrap();
    let lac = Lac::new(dossier.path());
    (dossier, lac)
}

fn jour() -> Jour {
    evenement(0).jour
}

/// One landed file for each group of events.
fn deposer(lac: &Lac, groupes: &[Vec<Evenement<'_>>]) {
    let journal = JournalEmbarque::ouvrir(lac, ReglagesJournal::default()).unwrap();
    let plan = Plan::integre().unwrap();
    let execution = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for groupe in groupes {
        execution.block_on(journal.ajouter(lot(groupe))).unwrap();
        atterrir(&journal, lac, &plan).unwrap();
    }
}

fn seul_fichier(lac: &Lac) -> PathBuf {
    let fichiers = fichiers_du(lac, jour());
    assert_eq!(fichiers.len(), 1, "{fichiers:?}");
    fichiers[0].clone()
}

#[test]
fn the_files_of_a_day_become_one_with_each_identifier_once() {
    let (_dossier, lac) = lac();
    let double = evenement(1);
    deposer(
        &lac,
        &[
            vec![evenement(0), double.clone()],
            vec![double, evenement(2)],
        ],
    );
    let bilan = compacter(&lac, jour(), Etendue::Tout).unwrap().unwrap();
    assert_eq!((bilan.fichiers, bilan.lus, bilan.gardes), (2, 4, 3));
    let nom = seul_fichier(&lac);
    assert!(nom.ends_with("000000000000-000000000004.trie.parquet"));
    assert_eq!(lignes(&nom).len(), 3);
    assert_eq!(compacter(&lac, jour(), Etendue::Tout).unwrap(), None);
    assert_eq!(jours_clos(&lac, jour()).unwrap(), []);
}

#[test]
fn a_day_without_a_folder_has_nothing_to_compact() {
    let (_dossier, lac) = lac();
    assert_eq!(compacter(&lac, jour(), Etendue::Tout).unwrap(), None);
}

#[test]
fn late_events_join_at_the_next_compaction() {
    let (_dossier, lac) = lac();
    deposer(&lac, &[vec![evenement(0)], vec![evenement(1)]]);
    compacter(&lac, jour(), Etendue::Tout).unwrap();
    deposer(&lac, &[vec![evenement(2)], vec![evenement(0)]]);
    assert_eq!(jours_clos(&lac, jour()).unwrap(), [jour()]);
    assert_eq!(jours_clos(&lac, jour().plus(-1)).unwrap(), []);
    let bilan = compacter(&lac, jour(), Etendue::Tout).unwrap().unwrap();
    assert_eq!((bilan.fichiers, bilan.gardes), (3, 3));
    assert_eq!(lignes(&seul_fichier(&lac)).len(), 3);
}

#[test]
fn inputs_left_by_a_stopped_compaction_are_removed_by_the_next() {
    let (_dossier, lac) = lac();
    deposer(&lac, &[vec![evenement(0)], vec![evenement(1)]]);
    let entrees: Vec<_> = fichiers_du(&lac, jour())
        .into_iter()
        .map(|f| (f.clone(), fs::read(f).unwrap()))
        .collect();
    compacter(&lac, jour(), Etendue::Tout).unwrap();
    let compacte = fs::read(seul_fichier(&lac)).unwrap();
    // Stopped after the new file took its name, before the old ones were removed.
    for (chemin, octets) in &entrees {
        fs::write(chemin, octets).unwrap();
    }
    fs::write(
        lac.evenements_du(jour())
            .join(".000000000000-000000000002.trie.parquet.tmp"),
        "?",
    )
    .unwrap();
    assert_eq!(compacter(&lac, jour(), Etendue::Tout).unwrap(), None);
    assert_eq!(fs::read(seul_fichier(&lac)).unwrap(), compacte);
}

#[test]
fn a_file_that_is_not_parquet_stops_the_compaction_and_loses_nothing() {
    let (_dossier, lac) = lac();
    deposer(&lac, &[vec![evenement(0)], vec![evenement(1)]]);
    let intrus = lac
        .evenements_du(jour())
        .join("000000000002-000000000003.parquet");
    fs::write(&intrus, "PAR1").unwrap();
    let erreur = compacter(&lac, jour(), Etendue::Tout).unwrap_err();
    assert!(
        erreur
            .to_string()
            .contains("000000000002-000000000003.parquet")
    );
    fs::remove_file(intrus).unwrap();
    assert_eq!(tout_le_lac(&lac).len(), 2);
}

#[test]
fn small_files_of_a_day_still_open_are_merged_past_a_number() {
    let (_dossier, lac) = lac();
    let groupes: Vec<_> = (0..3).map(|n| vec![evenement(n)]).collect();
    deposer(&lac, &groupes);
    assert!(!a_tasser(&lac, jour(), 4).unwrap());
    assert!(a_tasser(&lac, jour(), 3).unwrap());
    compacter(&lac, jour(), Etendue::Petits).unwrap().unwrap();
    assert!(!a_tasser(&lac, jour(), 1).unwrap());
    assert_eq!(lignes(&seul_fichier(&lac)).len(), 3);
}

/// Few values for each field, so that identifiers repeat with equal and with different contents.
fn proches() -> impl Strategy<Value = Evenement<'static>> {
    let libelle = prop::sample::select(vec!["", "A", "Éditeur", "a"]);
    (0_u8..12, 0_u64..3, 0_u64..3, 0_u64..2, 0_u8..6, libelle).prop_map(
        |(id, ts, visiteur, client, profil, exploitant)| Evenement {
            id: IdEvenement([id; 16]),
            ts: Instant(evenement(ts).ts.0),
            visiteur: Visiteur(visiteur),
            client: Client(client),
            profil: frequent_plan::Profil::de_rang(profil).unwrap(),
            exploitant,
            ..evenement(0)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn compaction_keeps_of_each_identifier_the_event_that_counts_in_the_table_s_order(
        groupes in prop::collection::vec(prop::collection::vec(proches(), 1..12), 2..5),
        lignes_en_memoire in 1_u64..20
    ) {
        let (_dossier, lac) = lac();
        deposer(&lac, &groupes);
        let mut attendues = BTreeMap::<[u8; 16], Lue>::new();
        for e in groupes.iter().flatten() {
            let lue = Lue::de(e);
            let gardee = attendues.entry(lue.id).or_insert_with(|| lue.clone());
            *gardee = lue.min(gardee.clone());
        }
        let sortie = lac.racine().join("memoire.parquet");
        let deborde = lac.racine().join("deborde.parquet");
        let tri = |limite| {
            let debordement = lac.racine().join("tri");
            Tri::lire_en(limite, &fichiers_du(&lac, jour()), &debordement).unwrap()
        };
        tri(1_000_000).ecrire(&sortie, jour(), String::new()).unwrap();
        tri(lignes_en_memoire).ecrire(&deborde, jour(), String::new()).unwrap();
        prop_assert_eq!(fs::read(&sortie).unwrap(), fs::read(&deborde).unwrap());
        let lues = lignes(&sortie);
        prop_assert!(lues.is_sorted_by_key(|l| (l.ordre_table().0.to_owned(), l.profil.clone(),
            l.visiteur, l.client, l.ts, l.id)));
        let vues: BTreeSet<_> = lues.into_iter().collect();
        prop_assert_eq!(vues, attendues.into_values().collect::<BTreeSet<_>>());
        prop_assert!(!lac.racine().join("tri").exists());
    }
}
