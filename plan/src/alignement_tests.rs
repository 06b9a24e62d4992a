use super::*;
use crate::jour::Grain;

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

fn calendrier() -> Calendrier {
    Calendrier::integre().unwrap()
}

const C: Option<Zone> = Some(Zone::C);

#[test]
fn the_first_week_of_lessons_is_the_first_of_the_year_before() {
    let calendrier = calendrier();
    // Lessons started on Tuesday 1 September 2026 and on Monday 1 September 2025.
    let avant = calendrier.semaine_un_an_avant(C, jour("2026-09-03"));
    assert_eq!(avant, Some(jour("2025-09-01")));
    let veille = calendrier.semaine_un_an_avant(C, jour("2026-08-27"));
    assert_eq!(veille, Some(jour("2025-08-25")));
}

#[test]
fn holidays_are_matched_to_the_same_holidays() {
    let calendrier = calendrier();
    for annee in [2022, 2023, 2024, 2025, 2026] {
        let annee = AnneeScolaire::depuis(annee).unwrap();
        let semaines = calendrier.semaines(C, annee).unwrap();
        for (lundi, genre) in semaines {
            let Genre::Vacances(nom, _) = &genre else {
                continue;
            };
            let Some(avant) = calendrier.semaine_un_an_avant(C, lundi) else {
                continue;
            };
            assert_eq!(calendrier.nom_de_la_semaine(C, avant), Some(nom.as_str()));
        }
    }
}

#[test]
fn weeks_of_lessons_keep_their_rank_whatever_the_holidays_between() {
    // The naive reference: count the weeks of lessons since August, one by one.
    let calendrier = calendrier();
    let rang = |lundi: Jour| {
        let mut jour = lundi.annee_scolaire().debut().plus(6).lundi();
        let mut rang = 0;
        while jour <= lundi {
            let off = jour.jusqua(jour.plus(4));
            let off = off.filter(|j| calendrier.vacances(Zone::C, *j).is_some());
            rang += usize::from(off.count() < 3);
            jour = jour.plus(7);
        }
        rang
    };
    let mut comparees = 0;
    let mut lundi = jour("2022-09-05");
    while lundi < jour("2026-07-01") {
        if calendrier.est_semaine_de_classe(C, lundi)
            && let Some(avant) = calendrier.semaine_un_an_avant(C, lundi)
        {
            assert!(
                calendrier.est_semaine_de_classe(C, avant),
                "{lundi} {avant}"
            );
            assert_eq!(rang(lundi), rang(avant), "{lundi} {avant}");
            comparees += 1;
        }
        lundi = lundi.plus(7);
    }
    assert!(comparees > 120, "{comparees}");
}

#[test]
fn without_a_zone_it_is_fifty_two_weeks_before() {
    let avant = calendrier().jour_un_an_avant(None, jour("2026-11-18"));
    assert_eq!(avant, Some(jour("2025-11-19")));
}

#[test]
fn a_whole_year_is_beside_the_whole_year_before_and_a_part_beside_its_like() {
    let calendrier = calendrier();
    let annee = Periode::contenant(Grain::Annee, jour("2026-11-20"));
    let entiere = calendrier.jours_un_an_avant(C, annee, 365);
    assert_eq!((entiere[0], entiere.len()), (jour("2025-08-01"), 365));
    let partie = calendrier.jours_un_an_avant(C, annee, 111);
    assert_eq!(partie[0], jour("2025-08-01"));
    // Thursday of the same week of lessons.
    let dernier = *partie.last().unwrap();
    assert_eq!(dernier.rang_semaine(), jour("2026-11-19").rang_semaine());
    assert_eq!(
        calendrier.jour_un_an_avant(C, jour("2026-11-19")),
        Some(dernier)
    );
    let semaine = Periode::contenant(Grain::Semaine, jour("2026-11-18"));
    assert_eq!(calendrier.jours_un_an_avant(C, semaine, 2).len(), 2);
    assert_eq!(calendrier.jours_un_an_avant(C, semaine, 0), []);
}
