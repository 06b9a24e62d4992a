use frequent_plan::{Evenement, IdEvenement, Plan, Uai};

use super::*;
use crate::atterrissage::atterrir;
use crate::compactage::{Etendue, compacter};
use crate::fabrique::{MATIN, evenement, lot};
use crate::journal::{JournalEmbarque, ReglagesJournal};
use crate::qualite::lire_jour;

fn jour() -> Jour {
    evenement(0).jour
}

fn deposer(lac: &Lac, evenements: &[Evenement<'_>]) {
    let plan = Plan::integre().unwrap();
    let journal = JournalEmbarque::ouvrir(lac, ReglagesJournal::default()).unwrap();
    let fils = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    fils.block_on(crate::Journal::from(journal.clone()).ajouter(lot(evenements)))
        .unwrap();
    atterrir(&journal, lac, &plan).unwrap();
}

/// Rows landed and repeats, by platform and school.
fn comptes(lac: &Lac) -> Vec<(String, String, i64, i64)> {
    let mut comptes: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for ligne in lire_jour(lac, jour()).unwrap() {
        assert_eq!(ligne.genre, "lac");
        let compte = comptes.entry((ligne.plateforme, ligne.uai)).or_default();
        match ligne.mesure.as_str() {
            ATTERRIS => compte.0 += ligne.nombre,
            DOUBLONS => compte.1 += ligne.nombre,
            autre => panic!("{autre}"),
        }
    }
    comptes
        .into_iter()
        .map(|((p, u), (a, d))| (p, u, a, d))
        .collect()
}

fn attendus() -> Vec<(String, String, i64, i64)> {
    vec![
        ("ONE-OCC".to_owned(), "0311667U".to_owned(), 3, 1),
        ("ONE-OCC".to_owned(), "0660713S".to_owned(), 14, 4),
    ]
}

fn tout(lac: &Lac) {
    let dix: Vec<_> = (0..10).map(evenement).collect();
    deposer(lac, &dix);
    let ailleurs = |numero| Evenement {
        uai: Uai::depuis_nombre(311_667),
        ..evenement(numero)
    };
    deposer(lac, &[evenement(1), evenement(2), evenement(2)]);
    deposer(
        lac,
        &[ailleurs(100), ailleurs(101), ailleurs(100), evenement(9)],
    );
}

#[test]
fn rows_less_distinct_identifiers_are_repeats_before_and_after_compaction() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    tout(&lac);
    assert_eq!(compter(&lac).unwrap(), [jour()]);
    assert_eq!(comptes(&lac), attendus());
    assert_eq!(compter(&lac).unwrap(), [], "nothing changed");

    compacter(&lac, jour(), Etendue::Tout).unwrap().unwrap();
    assert_eq!(compter(&lac).unwrap(), [jour()]);
    assert_eq!(comptes(&lac), attendus());

    deposer(&lac, &[evenement(5)]);
    compter(&lac).unwrap();
    assert_eq!(comptes(&lac)[1].2, 15);
    assert_eq!(comptes(&lac)[1].3, 5);
    compacter(&lac, jour(), Etendue::Tout).unwrap().unwrap();
    compter(&lac).unwrap();
    assert_eq!(comptes(&lac)[1].3, 5);
}

#[test]
fn files_that_a_merged_one_replaced_do_not_count_twice() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    tout(&lac);
    let gardes: Vec<_> = fs::read_dir(lac.evenements_du(jour()))
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|chemin| (chemin.clone(), fs::read(chemin).unwrap()))
        .collect();
    compacter(&lac, jour(), Etendue::Tout).unwrap().unwrap();
    for (chemin, octets) in gardes {
        fs::write(chemin, octets).unwrap();
    }
    compter(&lac).unwrap();
    assert_eq!(comptes(&lac), attendus());
}

#[test]
fn the_ranges_put_end_to_end_hold_every_row_in_order() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let evenements: Vec<_> = (0..1_000_u64)
        .map(|numero| Evenement {
            id: IdEvenement(
                Sha256::digest(numero.to_be_bytes())[..16]
                    .try_into()
                    .unwrap(),
            ),
            ts: Instant(MATIN),
            ..evenement(numero)
        })
        .collect();
    deposer(&lac, &evenements);
    let chemins = chemins(&lac, jour()).unwrap();
    let mut passes = 0;
    let mut ids = Vec::new();
    parcourir_par(100, &chemins, |_, rangees| {
        passes += 1;
        ids.extend(rangees.iter().map(|r| r.id));
    })
    .unwrap();
    let mut attendus: Vec<_> = evenements.iter().map(|e| moities(&e.id.0)).collect();
    attendus.sort_unstable();
    assert_eq!(passes, 10);
    assert_eq!(ids, attendus);
}
