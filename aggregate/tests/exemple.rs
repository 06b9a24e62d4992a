//! The worked example of `docs/definitions.md`, to the millisecond, through real files and real jobs.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod scene;

use frequent_aggregate::reference::{CleCellule, cellules_en_place};
use frequent_aggregate::{Choix, Mesures};
use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Uai};
use frequent_territory::Annuaires;
use scene::{Scene, annuaire, atterrir, evenement, instant, jour};

const ECOLE: u32 = 310_001;

fn exemple() -> Scene {
    let scene = Scene::nouvelle(Annuaires::de_versions([annuaire("2020-09-01")]));
    // 2026-11-20 is in winter time: local time is one hour ahead of UTC.
    let ligne = |numero, ts: &str, visiteur, profil: &str, service: &str, appareil: &str| {
        let mut e = evenement(numero, ECOLE, instant(ts));
        e.visiteur = visiteur;
        e.profil = profil.into();
        e.service = service.into();
        e.appareil = appareil.into();
        e
    };
    let (a, b) = (0xA, 0xB);
    let (ens, mail) = ("ENSEIGNANT", "COURRIER_ELECTRONIQUE");
    let evenements = [
        ligne(1, "2026-11-20T07:00:00Z", a, ens, "ACCUEIL", "ORDINATEUR"),
        ligne(
            2,
            "2026-11-20T07:01:30Z",
            a,
            ens,
            "CAHIER_TEXTES",
            "ORDINATEUR",
        ),
        ligne(3, "2026-11-20T07:31:30Z", a, ens, mail, "ORDINATEUR"),
        ligne(4, "2026-11-20T08:01:30.001Z", a, ens, mail, "SMARTPHONE"),
        ligne(
            5,
            "2026-11-20T22:59:50Z",
            b,
            "PARENT",
            "ACCUEIL",
            "SMARTPHONE",
        ),
        ligne(
            6,
            "2026-11-20T23:00:10Z",
            b,
            "PARENT",
            "NOTES",
            "SMARTPHONE",
        ),
    ];
    atterrir(&scene.lac, "a", &evenements);
    scene.agreger(Choix::Changes);
    scene
}

fn cellule(
    scene: &Scene,
    grain: Grain,
    jour: Jour,
    profil: &str,
    axe: &str,
    membre: &str,
) -> Option<[i64; 4]> {
    let periode = Periode::contenant(grain, jour);
    let cellules = cellules_en_place(&scene.lac, Niveau::Ecole, periode).unwrap();
    let cle = CleCellule {
        code: Uai::depuis_nombre(ECOLE).to_string(),
        profil: profil.into(),
        axe: Axe::de_code(axe).unwrap().code(),
        membre: membre.into(),
    };
    let Mesures {
        visites,
        utilisateurs,
        duree_ms,
        evenements,
    } = *cellules.get(&cle)?;
    Some([visites, utilisateurs, duree_ms, evenements])
}

#[test]
fn the_first_day_has_the_three_visits_of_the_definition() {
    let scene = exemple();
    let premier = jour("2026-11-20");
    let du_jour = |profil, axe, membre| cellule(&scene, Grain::Jour, premier, profil, axe, membre);
    assert_eq!(
        du_jour("TOUS", "total", "TOTAL"),
        Some([3, 2, 1_890_000, 5])
    );
    assert_eq!(
        du_jour("ENSEIGNANT", "total", "TOTAL"),
        Some([2, 1, 1_890_000, 4])
    );
    assert_eq!(du_jour("PARENT", "total", "TOTAL"), Some([1, 1, 0, 1]));
    assert_eq!(
        du_jour("ENSEIGNANT", "service", "ACCUEIL"),
        Some([1, 1, 90_000, 1])
    );
    assert_eq!(
        du_jour("ENSEIGNANT", "service", "CAHIER_TEXTES"),
        Some([1, 1, 1_800_000, 1])
    );
    assert_eq!(
        du_jour("ENSEIGNANT", "service", "COURRIER_ELECTRONIQUE"),
        Some([2, 1, 0, 2])
    );
    assert_eq!(
        du_jour("TOUS", "service", "ACCUEIL"),
        Some([2, 2, 90_000, 2])
    );
    assert_eq!(
        du_jour("ENSEIGNANT", "appareil", "ORDINATEUR"),
        Some([1, 1, 1_890_000, 3])
    );
    assert_eq!(
        du_jour("ENSEIGNANT", "appareil", "SMARTPHONE"),
        Some([1, 1, 0, 1])
    );
    assert_eq!(
        du_jour("ENSEIGNANT", "heure", "8"),
        Some([1, 1, 1_890_000, 3])
    );
    assert_eq!(du_jour("ENSEIGNANT", "heure", "9"), Some([1, 1, 0, 1]));
    assert_eq!(du_jour("PARENT", "heure", "23"), Some([1, 1, 0, 1]));
    assert_eq!(
        du_jour("ENSEIGNANT", "tranche_duree", ">=30min"),
        Some([1, 1, 1_890_000, 3])
    );
    assert_eq!(
        du_jour("TOUS", "tranche_duree", "<1min"),
        Some([2, 2, 0, 2])
    );
    assert_eq!(du_jour("TOUS", "service", "NOTES"), None);
    assert_eq!(du_jour("ELEVE", "total", "TOTAL"), None);
}

#[test]
fn the_second_day_has_one_visit_and_the_week_one_user_for_both() {
    let scene = exemple();
    let second = jour("2026-11-21");
    assert_eq!(
        cellule(&scene, Grain::Jour, second, "PARENT", "total", "TOTAL"),
        Some([1, 1, 0, 1])
    );
    assert_eq!(
        cellule(&scene, Grain::Jour, second, "PARENT", "heure", "0"),
        Some([1, 1, 0, 1])
    );
    for grain in [Grain::Semaine, Grain::Mois, Grain::Annee] {
        let de = |profil, axe, membre| cellule(&scene, grain, second, profil, axe, membre);
        assert_eq!(de("PARENT", "total", "TOTAL"), Some([2, 1, 0, 2]));
        assert_eq!(de("TOUS", "total", "TOTAL"), Some([4, 2, 1_890_000, 6]));
        assert_eq!(de("PARENT", "service", "NOTES"), Some([1, 1, 0, 1]));
    }
}

#[test]
fn every_other_cell_is_the_reference_s() {
    exemple().verifier_tout();
}
