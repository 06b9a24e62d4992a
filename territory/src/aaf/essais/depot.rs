//! A folder that is watched.

use super::*;

#[test]
fn what_is_deposited_is_imported_once_it_stops_growing_then_destroyed() {
    let essai = Essai::avec_annuaire();
    let mut depot = Depot::new(essai.depot());
    let mut rapports = 0;
    let mut passer =
        |depot: &mut Depot| depot.passer(&essai.lac, &essai.reglages, &mut |_| rapports += 1);
    assert_eq!(passer(&mut depot).unwrap(), []);
    deposer_complet(&essai, "20261120");
    // Seen for the first time: it may still grow.
    assert_eq!(passer(&mut depot).unwrap(), []);
    essai.deposer("note.pdf", "not of the feed");
    let detruites = passer(&mut depot).unwrap();
    assert_eq!(detruites.len(), 4);
    assert!(
        detruites
            .iter()
            .all(|d| d.octets > 0 && d.empreinte.len() == 64)
    );
    assert_eq!(rapports, 1);
    let restes: Vec<_> = fs::read_dir(essai.depot()).unwrap().collect();
    assert_eq!(restes.len(), 1, "what is not of the feed stays");
    assert_eq!(
        essai.nombre(Niveau::Departement, "066", Profil::Eleve),
        Some(3)
    );
}

#[test]
fn what_is_refused_stays_and_is_not_read_again_until_it_changes() {
    let essai = Essai::avec_annuaire();
    let mut depot = Depot::new(essai.depot());
    let requetes = [ajout("4", &[("ENTPersonStructRattach", "52002")])];
    essai.deposer(&nom("Delta", "20261121", "Eleve"), fichier(&requetes));
    let passer = |depot: &mut Depot| depot.passer(&essai.lac, &essai.reglages, &mut |_| {});
    passer(&mut depot).unwrap();
    assert!(matches!(
        passer(&mut depot),
        Err(AafErreur::SansComplet { .. })
    ));
    assert_eq!(passer(&mut depot).unwrap(), []);
    // The whole extraction comes: the two are imported together.
    deposer_complet(&essai, "20261120");
    passer(&mut depot).unwrap();
    assert_eq!(passer(&mut depot).unwrap().len(), 5);
}
