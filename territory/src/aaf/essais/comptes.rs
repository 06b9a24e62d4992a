//! Head counts, from whole extractions and from changes.

use super::*;

const P: fn(&Essai, Profil) -> [Option<u64>; 3] = |essai, profil| {
    [
        essai.nombre(Niveau::Ecole, "0660713S", profil),
        essai.nombre(Niveau::Ecole, "0660714T", profil),
        essai.nombre(Niveau::Departement, "066", profil),
    ]
};

#[test]
fn a_person_of_two_schools_counts_in_each_and_once_above() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    let rapport = essai.importer_depot().remove(0);
    assert_eq!(rapport.ecartes(), 0, "{rapport}");
    assert_eq!(rapport.structures, 4);
    // The parent of nobody known, and the inspector.
    assert_eq!(rapport.sans_ecole, 3, "{rapport}");
    assert_eq!(P(&essai, Profil::Eleve), [Some(2), Some(2), Some(3)]);
    // 10 has children in both; 11 is named by a pupil only.
    assert_eq!(P(&essai, Profil::Parent), [Some(2), Some(1), Some(2)]);
    assert_eq!(P(&essai, Profil::Enseignant), [Some(1), Some(1), Some(1)]);
    assert_eq!(
        P(&essai, Profil::AdminVieScolTech),
        [None, Some(1), Some(1)]
    );
    let annuaires = Annuaires::ouvrir(&essai.lac).unwrap();
    let effectifs = Effectifs::ouvrir(&essai.lac).unwrap();
    let tous = effectifs.effectif(annuaires.courant().unwrap(), Niveau::National, "FR", None);
    let attendu = Effectif {
        nombre: 7,
        date: jour("2026-11-20"),
        ecoles: 2,
    };
    assert_eq!(tous, Some(attendu));
}

#[test]
fn changes_of_attachment_links_and_functions_are_applied() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    essai.importer_depot();
    essai.deposer(
        &nom("Delta", "20261121", "Eleve"),
        fichier(&[
            ajout("4", &[("ENTPersonStructRattach", "52002")]),
            changement("3", &[("ENTPersonStructRattach", "delete", "52001")]),
            changement("1", &[("ENTEleveAutoriteParentale", "replace", "10")]),
            suppression("2"),
            suppression("77"),
        ]),
    );
    essai.deposer(
        &nom("Delta", "20261121", "PersRelEleve"),
        fichier(&[changement("12", &[("ENTPersRelEleveEleve", "add", "4")])]),
    );
    essai.deposer(
        &nom("Delta", "20261121", "PersEducNat"),
        fichier(&[
            changement(
                "20",
                &[("ENTPersonFonctions", "delete", "52002$ENS$ENSEIGNEMENT$X")],
            ),
            changement("21", &[("ENTPersonCategorieEnseignant", "replace", "O")]),
        ]),
    );
    let rapport = essai.importer_depot().remove(0);
    // 77 is nobody.
    assert_eq!(rapport.ecartes(), 1, "{rapport}");
    assert_eq!(P(&essai, Profil::Eleve), [Some(1), Some(2), Some(3)]);
    assert_eq!(P(&essai, Profil::Parent), [Some(1), Some(1), Some(2)]);
    assert_eq!(P(&essai, Profil::Enseignant), [Some(1), Some(1), Some(2)]);
    let eleves = essai.effectif(Niveau::Ecole, "0660713S", Profil::Eleve);
    assert_eq!(eleves.unwrap().date, jour("2026-11-21"));
}

#[test]
fn changes_are_applied_once_and_never_before_what_they_change() {
    let essai = Essai::avec_annuaire();
    let delta = || {
        let requetes = [ajout("4", &[("ENTPersonStructRattach", "52002")])];
        essai.deposer(&nom("Delta", "20261121", "Eleve"), fichier(&requetes));
    };
    delta();
    let faute = essai.importer(&essai.depot()).unwrap_err();
    assert!(matches!(faute, AafErreur::SansComplet { .. }), "{faute}");
    // In one folder the whole one goes first, whatever the names' order.
    deposer_complet(&essai, "20261120");
    assert_eq!(essai.importer_depot().len(), 2);
    delta();
    let encore = essai.importer_depot().remove(0);
    assert_eq!(encore.issue, Issue::DejaAppliquee);
    assert_eq!(P(&essai, Profil::Eleve), [Some(2), Some(3), Some(4)]);
    deposer_complet(&essai, "20261119");
    let faute = essai.importer(&essai.depot()).unwrap_err();
    assert!(matches!(faute, AafErreur::Ancienne { .. }), "{faute}");
}

#[test]
fn a_newer_whole_extraction_replaces_everyone() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    essai.importer_depot();
    deposer_complet(&essai, "20261127");
    let un = [ajout("9", &[("ENTPersonStructRattach", "52001")])];
    essai.deposer(&nom("Complet", "20261127", "Eleve"), fichier(&un));
    essai.importer_depot();
    assert_eq!(
        essai.nombre(Niveau::Departement, "066", Profil::Parent),
        None
    );
    assert_eq!(P(&essai, Profil::Eleve)[0], Some(1));
}

#[test]
fn without_the_feed_pupils_are_those_of_the_open_directory() {
    let essai = Essai::avec_annuaire();
    let publie = essai.effectif(Niveau::Departement, "066", Profil::Eleve);
    let attendu = Effectif {
        nombre: 312,
        date: jour("2026-09-01"),
        ecoles: 2,
    };
    assert_eq!(publie, Some(attendu));
    assert_eq!(
        essai.nombre(Niveau::Departement, "066", Profil::Parent),
        None
    );
}

#[test]
fn the_counts_are_made_again_when_an_import_stopped_before_them() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    essai.importer_depot();
    let avant = P(&essai, Profil::Eleve);
    fs::remove_file(essai.lac.effectifs()).unwrap();
    assert_eq!(P(&essai, Profil::Eleve), avant);
}

#[test]
fn two_feeds_are_counted_together_a_person_of_both_once() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    essai.importer_depot();
    for (categorie, requetes) in [
        ("EtabEducNat", structures()),
        (
            "Eleve",
            vec![
                ajout("1", &[("ENTPersonStructRattach", "11-52002")]),
                ajout("8", &[("ENTPersonStructRattach", "52002")]),
            ],
        ),
    ] {
        let nom = format!("AUTRE_Complet_20261118_{categorie}_0001.xml");
        essai.deposer(&nom, fichier(&requetes));
    }
    essai.importer_depot();
    assert_eq!(P(&essai, Profil::Eleve), [Some(2), Some(4), Some(4)]);
}

/// One more pupil each day.
fn deposer_delta(essai: &Essai, date: &str) {
    let requetes = [ajout(date, &[("ENTPersonStructRattach", "52002")])];
    essai.deposer(&nom("Delta", date, "Eleve"), fichier(&requetes));
}

#[test]
fn changes_that_never_came_are_suspected_by_the_days_of_the_feed_and_mended_by_the_next_whole_one()
{
    let essai = Essai::avec_annuaire();
    // 8 November 2026 is a Sunday: a week of working days, whole on Sundays.
    deposer_complet(&essai, "20261108");
    for date in ["20261109", "20261110", "20261111", "20261112", "20261113"] {
        deposer_delta(&essai, date);
    }
    deposer_complet(&essai, "20261115");
    deposer_delta(&essai, "20261116");
    deposer_delta(&essai, "20261117");
    for rapport in essai.importer_depot() {
        assert!(rapport.lacune.est_vide(), "{rapport}");
        assert!(!rapport.to_string().contains("Attention"));
    }
    deposer_delta(&essai, "20261120");
    let rapport = essai.importer_depot().remove(0);
    assert_eq!(
        rapport.lacune.jours,
        [jour("2026-11-18"), jour("2026-11-19")]
    );
    assert_eq!(rapport.lacune.inconnus, 0);
    assert!(
        rapport.to_string().contains(
            "2 jours sans extraction, où il en vient d’habitude (2026-11-18, 2026-11-19)"
        ),
        "{rapport}"
    );
    // A week without anything, then all is said again.
    deposer_complet(&essai, "20261129");
    let rapport = essai.importer_depot().remove(0);
    assert!(rapport.lacune.est_vide(), "{rapport}");
}

#[test]
fn changes_of_nobody_known_are_counted_over_all_files_and_never_name_anyone() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    essai.importer_depot();
    let inconnues: Vec<String> = (0..30)
        .map(|rang| suppression(&format!("secret{rang}")))
        .collect();
    essai.deposer(&nom("Delta", "20261121", "Eleve"), fichier(&inconnues));
    let changee = changement("secret", &[("ENTPersRelEleveEleve", "add", "1")]);
    essai.deposer(
        &nom("Delta", "20261121", "PersRelEleve"),
        fichier(&[changee]),
    );
    let autre = changement("secret", &[("ENTStructureTypeStruct", "replace", "ECOLE")]);
    essai.deposer(&nom("Delta", "20261121", "EtabEducNat"), fichier(&[autre]));
    let rapport = essai.importer_depot().remove(0);
    assert_eq!(rapport.lacune.inconnus, 32);
    let texte = rapport.to_string();
    assert!(texte.contains("32 modifications ou suppressions d’identifiants inconnus ;"));
    assert!(texte.ends_with("la prochaine extraction complète y remédiera."));
    assert!(!texte.contains("secret"), "{texte}");
}
