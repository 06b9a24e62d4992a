//! What the tests of conventions share.

use frequent_plan::{Jour, Uai};

use super::*;

pub(super) fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

/// The school of this rank, of département 066.
pub(super) fn uai(rang: u32) -> Uai {
    Uai::depuis_nombre(660_000 + rang)
}

pub(super) fn termes(plateforme: &str) -> Termes {
    Termes {
        autorite: "66136".parse().unwrap(),
        siret: Some("21660136900012".parse().unwrap()),
        fournisseur: "Édifice".parse().unwrap(),
        plateforme: plateforme.parse().unwrap(),
        prix: "45,00".parse().unwrap(),
    }
}

/// A convention on ONE with whole-time schools.
pub(super) fn convention(reference: &str, du: &str, au: &str, ecoles: &[u32]) -> Convention {
    let entree = jour(du);
    let inscription = Inscription {
        entree,
        sortie: None,
    };
    Convention::new(
        reference.parse().unwrap(),
        termes("ONE"),
        (entree, jour(au)),
        ecoles.iter().map(|rang| (uai(*rang), inscription)),
    )
    .unwrap()
}

#[test]
fn a_convention_is_renewed_a_year_at_a_time_and_keeps_the_dates_it_had() {
    let mut convention = convention("a", "2024-09-01", "2025-08-31", &[1]);
    convention.reconduire(jour("2025-06-10")).unwrap();
    convention.reconduire(jour("2026-06-12")).unwrap();
    assert_eq!(convention.fin(), jour("2027-08-31"));
    assert_eq!(convention.reconductions()[1].avant, jour("2026-08-31"));
}

#[test]
fn an_end_can_be_undone_until_data_are_destroyed() {
    let mut convention = convention("a", "2026-09-01", "2027-08-31", &[1, 2]);
    assert_eq!(convention.annuler_fin(), Err(FauteConvention::NonTerminee));
    let cloture = Cloture {
        date: jour("2026-11-30"),
        cumuls: SortCumuls::Detruire,
    };
    convention.terminer(cloture).unwrap();
    assert!(convention.en_vigueur(jour("2026-11-30")));
    assert!(!convention.en_vigueur(jour("2026-12-01")));
    assert_eq!(
        convention.terminer(cloture),
        Err(FauteConvention::Terminee(cloture.date))
    );
    convention.annuler_fin().unwrap();
    assert_eq!(convention.fin(), jour("2027-08-31"));

    convention.terminer(cloture).unwrap();
    let detruites = [(uai(1), jour("2026-12-15"))].into();
    let mut detruite = convention.avec_histoire(Vec::new(), Some(cloture), detruites);
    let definitif = FauteConvention::Detruite(jour("2026-12-15"));
    assert_eq!(detruite.annuler_fin(), Err(definitif));
}

#[test]
fn an_end_is_chosen_within_the_convention() {
    let mut convention = convention("a", "2026-09-01", "2027-08-31", &[1]);
    for date in ["2026-08-31", "2027-09-01"] {
        let cloture = Cloture {
            date: jour(date),
            cumuls: SortCumuls::Garder,
        };
        assert!(matches!(
            convention.terminer(cloture),
            Err(FauteConvention::HorsDuree { .. })
        ));
    }
}

#[test]
fn a_school_s_days_lie_within_the_convention() {
    let essayer = |entree: &str, sortie: Option<&str>| {
        let inscription = Inscription {
            entree: jour(entree),
            sortie: sortie.map(jour),
        };
        let duree = (jour("2026-09-01"), jour("2027-08-31"));
        let reference = "a".parse().unwrap();
        Convention::new(reference, termes("ONE"), duree, [(uai(1), inscription)]).map(drop)
    };
    assert_eq!(essayer("2026-09-01", Some("2026-09-01")), Ok(()));
    let entree = Err(FauteConvention::Entree(uai(1)));
    assert_eq!(essayer("2026-08-31", None), entree);
    assert_eq!(essayer("2027-09-01", None), entree);
    let sortie = Err(FauteConvention::Sortie(uai(1)));
    assert_eq!(essayer("2026-10-01", Some("2026-09-30")), sortie);
    assert_eq!(essayer("2026-10-01", Some("2027-09-01")), sortie);
}

#[test]
fn what_is_destroyed_comes_fifteen_days_after_the_end_at_most() {
    let mut terminee = convention("a", "2026-09-01", "2027-08-31", &[1, 2]);
    let cloture = Cloture {
        date: jour("2026-11-30"),
        cumuls: SortCumuls::Detruire,
    };
    terminee.terminer(cloture).unwrap();
    // School 2 goes on with the same provider under another convention.
    let suivante = convention("b", "2026-12-01", "2027-08-31", &[2]);
    let echue = convention("c", "2025-09-01", "2026-08-31", &[3]);
    let conventions = [terminee, suivante, echue];
    let deploiement = Deploiement::new(&conventions);
    let dues = |au: &str, delai| {
        let dues = deploiement.a_detruire(&conventions, jour(au), delai);
        dues.into_iter()
            .map(|due| (due.uai, due.cumuls))
            .collect::<Vec<_>>()
    };
    assert_eq!(dues("2026-09-14", 15), []);
    let echue = (uai(3), SortCumuls::Garder);
    assert_eq!(dues("2026-09-15", 15), [echue]);
    assert_eq!(dues("2026-09-15", 200), [echue]);
    assert_eq!(dues("2026-12-14", 15), [echue]);
    let terminee = (uai(1), SortCumuls::Detruire);
    assert_eq!(dues("2026-12-15", 15), [terminee, echue]);
    assert_eq!(dues("2026-12-01", 0), [terminee, echue]);
    assert_eq!(dues("2026-11-30", 0), [echue]);
}

#[test]
fn a_school_that_left_is_due_while_the_convention_goes_on() {
    let inscription = |sortie: Option<&str>| Inscription {
        entree: jour("2026-09-01"),
        sortie: sortie.map(jour),
    };
    let reference: Reference = "a".parse().unwrap();
    let duree = (jour("2026-09-01"), jour("2027-08-31"));
    let ecoles = [
        (uai(1), inscription(Some("2026-10-16"))),
        (uai(2), inscription(None)),
    ];
    let convention = Convention::new(reference, termes("ONE"), duree, ecoles).unwrap();
    let mut convention =
        convention.avec_histoire(Vec::new(), None, [(uai(1), jour("2026-10-31"))].into());
    let conventions = [convention.clone()];
    let deploiement = Deploiement::new(&conventions);
    assert_eq!(
        deploiement.a_detruire(&conventions, jour("2026-11-15"), 15),
        []
    );
    // Its destruction binds neither the others nor the convention's life, only itself.
    convention.reconduire(jour("2027-06-01")).unwrap();
    let autres = [(uai(1), inscription(None)), (uai(2), inscription(None))];
    assert_eq!(
        convention.modifiee(
            termes("ONE"),
            duree,
            autres,
            (jour("2026-11-20"), SortCumuls::Garder)
        ),
        Err(FauteConvention::Detruite(jour("2026-10-31")))
    );
}

#[test]
fn a_school_taken_off_is_due_by_itself_unless_it_comes_back_or_had_not_entered() {
    let duree = (jour("2026-09-01"), jour("2027-08-31"));
    let inscrites = |liste: &[(u32, &str)]| -> Vec<(Uai, Inscription)> {
        let une = |(rang, entree): &(u32, &str)| {
            let entree = jour(entree);
            (
                uai(*rang),
                Inscription {
                    entree,
                    sortie: None,
                },
            )
        };
        liste.iter().map(une).collect()
    };
    let toutes = [(1, "2026-09-01"), (2, "2026-09-01"), (3, "2027-01-04")];
    let reference: Reference = "a".parse().unwrap();
    let avant = Convention::new(reference, termes("ONE"), duree, inscrites(&toutes)).unwrap();
    let retrait = (jour("2026-11-20"), SortCumuls::Detruire);
    let changer = |de: &Convention, liste: &[(u32, &str)]| {
        de.modifiee(termes("ONE"), duree, inscrites(liste), retrait)
            .unwrap()
    };
    let dues = |convention: &Convention, au: &str| -> Vec<(Uai, SortCumuls)> {
        let conventions = [convention.clone()];
        let dues = Deploiement::new(&conventions).a_detruire(&conventions, jour(au), 15);
        dues.iter().map(|due| (due.uai, due.cumuls)).collect()
    };
    let sans = changer(&avant, &toutes[..1]);
    assert_eq!(dues(&sans, "2026-12-04"), []);
    assert_eq!(dues(&sans, "2026-12-05"), [(uai(2), SortCumuls::Detruire)]);
    // Back, it is as if it had stayed, whichever way it came.
    assert_eq!(dues(&changer(&sans, &toutes), "2026-12-05"), []);
    let mut revenue = sans.clone();
    revenue.inscrire(uai(2), inscrites(&toutes)[1].1).unwrap();
    assert_eq!(dues(&revenue, "2026-12-05"), []);
    // Under the next convention of the platform, its data stay.
    let suivante = convention("b", "2026-11-21", "2027-08-31", &[2]);
    let conventions = [sans.clone(), suivante];
    let deploiement = Deploiement::new(&conventions);
    assert_eq!(
        deploiement.a_detruire(&conventions, jour("2026-12-05"), 15),
        []
    );
    // Destroyed, it is not due again, and comes back to a stay of its own.
    let mut detruite = sans;
    detruite.noter_destruction(&[uai(2)], jour("2026-12-05"));
    assert_eq!(dues(&detruite, "2027-01-01"), []);
    let revenue = changer(&detruite, &[(1, "2026-09-01"), (2, "2027-01-04")]);
    assert_eq!(
        revenue.retraits()[&uai(2)].detruit_le,
        Some(jour("2026-12-05"))
    );
    assert!(revenue.sejour(uai(2)).is_some());
}

#[test]
fn the_participation_is_whole_for_a_school_year_begun_and_august_does_not_count() {
    let mut convention = convention("a", "2024-09-01", "2025-08-31", &[1, 2, 3]);
    convention.reconduire(jour("2025-06-10")).unwrap();
    let annee = |texte: &str| texte.parse().unwrap();
    let total = |conventions: &[Convention], texte: &str| {
        let dues = participations(conventions, annee(texte), |_| true);
        dues.iter().map(|p| (p.ecoles, p.total_centimes)).collect()
    };
    let conventions = [convention];
    let vues: Vec<(usize, u64)> = total(&conventions, "2024-2025");
    assert_eq!(vues, [(3, 13_500)]);
    assert_eq!(total(&conventions, "2025-2026"), [(3, 13_500)]);
    // From 1 August 2026 on, only August is left.
    assert_eq!(total(&conventions, "2026-2027"), []);
    let dues = participations(&conventions, annee("2024-2025"), |u| u == uai(2));
    assert_eq!(dues[0].total_centimes, 4_500);
}

#[test]
fn a_school_known_to_be_closed_unknown_or_taken_is_an_obstacle() {
    let prise = convention("b", "2026-09-01", "2027-08-31", &[1]);
    let nouvelle = convention("a", "2027-01-01", "2027-12-31", &[1, 2]);
    let sans = crate::Annuaires::default();
    let vus = obstacles(&nouvelle, &sans, &[prise, nouvelle.clone()]);
    assert_eq!(
        vus,
        [(uai(1), Obstacle::Inconnue), (uai(2), Obstacle::Inconnue)]
    );
}
