//! What is counted again, and that nothing else is; that the order and batching of events leave no
//! trace; that a killed run leaves nothing that the next one does not mend.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod scene;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use frequent_aggregate::invariants::verifier_periode;
use frequent_aggregate::reference::{EvenementLu, cellules_en_place};
use frequent_aggregate::verification::{Echantillon, verifier};
use frequent_aggregate::{Choix, Erreur, Reglages, Suivi, agreger_avec};
use frequent_plan::{Grain, Instant, Jour, Lac, Niveau, Periode, Plan};
use frequent_territory::{Annuaire, Annuaires};
use scene::{Scene, annuaire, atterrir, ecole, ecrire, evenement, instant, jour, octets};

const ECOLES: [u32; 6] = [310_001, 310_002, 340_070, 310_500, 9_740_010, 311_999];

fn annuaires() -> Annuaires {
    Annuaires::de_versions([annuaire("2020-09-01")])
}

/// A linear congruential sequence: tests that draw say from what seed.
struct Tirage(u64);

impl Tirage {
    fn sous(&mut self, borne: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % borne
    }

    fn melanger<T>(&mut self, liste: &mut [T]) {
        for rang in (1..liste.len()).rev() {
            let autre = usize::try_from(self.sous(rang as u64 + 1)).unwrap();
            liste.swap(rang, autre);
        }
    }
}

/// Some hundred events of one day's working hours, some of them twice or with two contents.
fn journee(graine: u64, jour: &str, nombre: u64) -> Vec<EvenementLu> {
    let mut tirage = Tirage(graine);
    let debut = instant(&format!("{jour}T07:00:00Z")).0;
    (0..nombre)
        .map(|numero| {
            let ecole = ECOLES[usize::try_from(tirage.sous(6)).unwrap()];
            let ts = Instant(debut + i64::try_from(tirage.sous(10_000_000)).unwrap());
            // One identifier in twenty comes again, with a content of its own.
            let id = if numero % 20 == 19 {
                numero - 7
            } else {
                numero
            } + graine * 100_000;
            let mut e = evenement(id, ecole, ts);
            e.visiteur = tirage.sous(40);
            e.client = tirage.sous(3);
            e.profil = ["ELEVE", "PARENT"][usize::try_from(tirage.sous(2)).unwrap()].into();
            e.service =
                ["ACCUEIL", "NOTES", "ABSENCES"][usize::try_from(tirage.sous(3)).unwrap()].into();
            if tirage.sous(3) == 0 {
                e.type_service = "TIERS".into();
                e.outil = ["", "PADLET", "MOODLE"][usize::try_from(tirage.sous(3)).unwrap()].into();
            }
            e
        })
        .collect()
}

#[test]
fn a_day_in_ten_orders_and_batchings_gives_the_same_bytes() {
    let evenements = journee(1, "2026-11-20", 600);
    let mut tirage = Tirage(2026);
    let mut attendus = None;
    for essai in 0..10_usize {
        let mut scene = Scene::nouvelle(annuaires());
        scene.reglages.fils = NonZeroUsize::new(1 + essai % 3).unwrap();
        scene.reglages.lignes_en_memoire = [1 << 20, 64][essai % 2];
        let mut melanges = evenements.clone();
        // Resent events change nothing.
        for _ in 0..essai {
            let repete = usize::try_from(tirage.sous(600)).unwrap();
            melanges.push(evenements[repete].clone());
        }
        tirage.melanger(&mut melanges);
        let lot = 1 + usize::try_from(tirage.sous(300)).unwrap();
        for (rang, lot) in melanges.chunks(lot).enumerate() {
            atterrir(&scene.lac, &format!("{rang:03}"), lot);
        }
        scene.agreger(Choix::Changes);
        if essai == 0 {
            scene.verifier_tout();
        }
        let obtenus = octets(&scene.lac);
        // 4 periods × (presence and 7 levels).
        assert_eq!(obtenus.len(), 32);
        match &attendus {
            None => attendus = Some(obtenus),
            Some(attendus) => assert!(*attendus == obtenus, "essai {essai}, lots de {lot}"),
        }
    }
}

/// A school year of a few days: three weeks in two months.
fn annee() -> Scene {
    let scene = Scene::nouvelle(annuaires());
    for (graine, jour) in (10..).zip(["2026-11-03", "2026-11-20", "2026-11-21", "2026-12-15"]) {
        atterrir(&scene.lac, "a", &journee(graine, jour, 80));
    }
    scene
}

fn les_quatre(jour: Jour) -> Vec<Periode> {
    Grain::TOUS
        .iter()
        .map(|&grain| Periode::contenant(grain, jour))
        .collect()
}

#[test]
fn nothing_is_counted_again_when_nothing_changed() {
    let scene = annee();
    // 4 days, 3 weeks, 2 months, 1 year.
    assert_eq!(scene.agreger(Choix::Changes).faites.len(), 10);
    assert_eq!(scene.agreger(Choix::Changes).faites, []);
}

#[test]
fn longer_periods_are_the_sums_of_their_days_and_no_more_than_their_users() {
    let scene = annee();
    let faites = scene.agreger(Choix::Changes).faites;
    let en_place = |periode| cellules_en_place(&scene.lac, Niveau::Ecole, periode).unwrap();
    let (jours, longues): (Vec<_>, Vec<_>) = faites
        .into_iter()
        .partition(|periode| periode.grain() == Grain::Jour);
    assert_eq!((jours.len(), longues.len()), (4, 6));
    for longue in longues {
        let dedans = longue.debut()..=longue.fin();
        let siens = jours.iter().filter(|jour| dedans.contains(&jour.debut()));
        let siens: Vec<_> = siens.map(|jour| en_place(*jour)).collect();
        verifier_periode(&en_place(longue), &siens).unwrap();
    }
}

#[test]
fn a_late_event_redoes_its_day_week_month_and_year_and_nothing_else() {
    let scene = annee();
    scene.agreger(Choix::Changes);
    let avant = octets(&scene.lac);
    let tardif = evenement(999_999, 310_001, instant("2026-11-20T09:00:00Z"));
    atterrir(&scene.lac, "tard", std::slice::from_ref(&tardif));
    let jour = jour("2026-11-20");
    assert_eq!(scene.agreger(Choix::Changes).faites, les_quatre(jour));
    let apres = octets(&scene.lac);
    let changes: Vec<&String> = apres
        .iter()
        .filter(|(dossier, octets)| avant.get(*dossier) != Some(octets))
        .map(|c| c.0)
        .collect();
    assert!(changes.iter().all(|dossier| {
        ["=2026-11-20", "=2026-11-16", "=2026-11-01", "=2026-08-01"]
            .iter()
            .any(|fin| dossier.ends_with(fin))
    }));
    assert!(changes.len() > 20);
    scene.verifier_tout();
}

#[test]
fn a_compaction_redoes_its_day_alone() {
    let scene = annee();
    scene.agreger(Choix::Changes);
    let avant = octets(&scene.lac);
    let jour = jour("2026-11-20");
    let dossier = scene.lac.evenements_du(jour);
    let mut lus = frequent_aggregate::reference::evenements(&scene.lac, jour).unwrap();
    lus.sort_by(|a, b| (&a.uai, a.visiteur, a.ts).cmp(&(&b.uai, b.visiteur, b.ts)));
    ecrire(
        &dossier.join("trie.parquet"),
        &lus.iter().collect::<Vec<_>>(),
    );
    std::fs::remove_file(dossier.join("a.parquet")).unwrap();
    assert_eq!(scene.agreger(Choix::Changes).faites, les_quatre(jour)[..1]);
    assert!(avant == octets(&scene.lac));
}

#[test]
fn days_asked_again_come_back_the_same_with_what_contains_them() {
    let scene = annee();
    scene.agreger(Choix::Changes);
    let avant = octets(&scene.lac);
    let jour = jour("2026-12-15");
    assert_eq!(
        scene.agreger(Choix::Jours(jour..=jour)).faites,
        les_quatre(jour)
    );
    assert!(avant == octets(&scene.lac));
}

#[test]
fn a_new_directory_redoes_what_it_applies_to() {
    let mut scene = annee();
    scene.agreger(Choix::Changes);
    let mut ecoles: Vec<_> = annuaire("2020-09-01").ecoles().cloned().collect();
    ecoles.push(ecole(
        311_999,
        Some("0312345A"),
        ["31555", "031", "16", "76"],
    ));
    let nouvelle = Annuaire::new(jour("2026-12-01"), ecoles);
    scene.annuaires = Annuaires::de_versions([annuaire("2020-09-01"), nouvelle]);
    let faites = scene.agreger(Choix::Changes).faites;
    // December's day, week and month, and the year: what ends from 1 December on.
    assert_eq!(faites, les_quatre(jour("2026-12-15")));
    scene.verifier_tout();
}

#[test]
fn an_open_period_has_the_territories_of_today() {
    let mut scene = annee();
    let mut ecoles: Vec<_> = annuaire("2020-09-01").ecoles().cloned().collect();
    ecoles.push(ecole(311_999, None, ["31555", "031", "16", "76"]));
    let nouvelle = Annuaire::new(jour("2027-01-01"), ecoles);
    scene.annuaires = Annuaires::de_versions([annuaire("2020-09-01"), nouvelle]);
    scene.maintenant = instant("2026-12-20T12:00:00Z");
    scene.agreger(Choix::Changes);
    let annee = Periode::contenant(Grain::Annee, jour("2026-12-15"));
    scene.maintenant = instant("2027-01-01T12:00:00Z");
    assert_eq!(scene.agreger(Choix::Changes).faites, [annee]);
    scene.verifier_tout();
}

#[test]
fn a_day_whose_events_are_gone_keeps_its_cells_and_follows_the_directory() {
    let mut scene = annee();
    let temoin = annee();
    scene.agreger(Choix::Changes);
    std::fs::remove_dir_all(scene.lac.evenements()).unwrap();
    assert_eq!(scene.agreger(Choix::Changes).faites, []);
    let mut ecoles: Vec<_> = annuaire("2020-09-01").ecoles().cloned().collect();
    ecoles.push(ecole(311_999, None, ["31555", "031", "16", "76"]));
    scene.annuaires = Annuaires::de_versions([Annuaire::new(jour("2020-09-02"), ecoles)]);
    assert_eq!(scene.agreger(Choix::Changes).faites.len(), 10);
    let temoin = Scene {
        annuaires: scene.annuaires.clone(),
        ..temoin
    };
    temoin.agreger(Choix::Changes);
    assert!(octets(&temoin.lac) == octets(&scene.lac));
}

#[test]
fn a_period_that_lost_the_presence_of_a_day_is_frozen() {
    let scene = annee();
    scene.agreger(Choix::Changes);
    let avant = octets(&scene.lac);
    // What the death of a key does to the days before it.
    let perdu = Periode::contenant(Grain::Jour, jour("2026-11-20"));
    std::fs::remove_dir_all(scene.lac.evenements()).unwrap();
    std::fs::remove_dir_all(scene.lac.presence_de(perdu)).unwrap();
    let bilan = scene.agreger(Choix::Tout);
    let mois = Periode::contenant(Grain::Mois, jour("2026-11-20"));
    assert!(bilan.figees.contains(&perdu) && bilan.figees.contains(&mois));
    let apres = octets(&scene.lac);
    assert!(
        apres
            .iter()
            .all(|(dossier, octets)| avant.get(dossier) == Some(octets))
    );
}

#[test]
fn a_file_that_cannot_be_counted_is_named_and_the_other_days_are_counted() {
    let scene = annee();
    let mut faux = evenement(1, 310_001, instant("2026-11-25T09:00:00Z"));
    faux.service = "SERVICE_DEMAIN".into();
    atterrir(&scene.lac, "demain", &[faux]);
    let bilan = agreger_avec(
        &scene.lac,
        &scene.plan,
        &scene.annuaires,
        &Choix::Changes,
        scene.maintenant,
        &frequent_aggregate::SansSuivi,
        &scene.reglages,
    )
    .unwrap();
    let [(periode, erreur)] = bilan.echecs.as_slice() else {
        panic!("{:?}", bilan.echecs);
    };
    assert_eq!(
        *periode,
        Periode::contenant(Grain::Jour, jour("2026-11-25"))
    );
    assert!(
        matches!(
            erreur,
            Erreur::Table {
                colonne: "service",
                ..
            }
        ),
        "{erreur}"
    );
    assert!(
        bilan
            .faites
            .contains(&Periode::contenant(Grain::Jour, jour("2026-12-15")))
    );
    // What contains the day that failed waits for it.
    assert!(
        bilan
            .figees
            .contains(&Periode::contenant(Grain::Mois, jour("2026-11-25")))
    );
}

#[test]
fn two_runs_do_not_share_a_lake() {
    struct Concurrent<'a>(&'a Scene);
    impl Suivi for Concurrent<'_> {
        fn travaux(&self, _nombre: usize) {}
        fn commence(&self, _periode: Periode) {
            let Scene {
                lac,
                plan,
                annuaires,
                maintenant,
                ..
            } = self.0;
            let suivi = &frequent_aggregate::SansSuivi;
            let autre =
                frequent_aggregate::agreger(lac, plan, annuaires, &Choix::Tout, *maintenant, suivi);
            assert!(matches!(autre, Err(Erreur::Occupe { .. })));
        }
        fn fait(&self, _periode: Periode) {}
    }
    let scene = annee();
    let Scene {
        lac,
        plan,
        annuaires,
        maintenant,
        reglages,
        ..
    } = &scene;
    let choix = Choix::Changes;
    agreger_avec(
        lac,
        plan,
        annuaires,
        &choix,
        *maintenant,
        &Concurrent(&scene),
        reglages,
    )
    .unwrap();
}

#[test]
fn verification_finds_nothing_in_true_cells_and_the_cell_that_was_touched() {
    let scene = annee();
    scene.agreger(Choix::Changes);
    let echantillon = Echantillon {
        tables: 1_000,
        territoires: 1_000,
        ..Echantillon::default()
    };
    let controler = || {
        verifier(
            &scene.lac,
            &scene.annuaires,
            echantillon,
            scene.maintenant,
            |_, _| {},
        )
        .unwrap()
    };
    let rapport = controler();
    assert_eq!((rapport.tables, rapport.ecarts.len()), (70, 0));
    assert!(rapport.cellules > 5_000 && rapport.contradictions.is_empty());
    // One event more, that no count has seen.
    let ajout = evenement(999_998, 310_001, instant("2026-12-15T05:30:00Z"));
    atterrir(&scene.lac, "tard", std::slice::from_ref(&ajout));
    // Its day, week, month and year, at the seven levels.
    let tables: std::collections::BTreeSet<_> = controler()
        .ecarts
        .iter()
        .map(|e| (e.niveau, e.periode))
        .collect();
    assert_eq!(tables.len(), 28);
}

/// Set for the child process of [`a_run_killed_twenty_times_ends_with_the_same_bytes`]: the lake,
/// and the step at which it kills itself.
const ENFANT: &str = "FREQUENT_TEST_TUER";

/// Kills its own process, without any chance to tidy up, at a given step.
struct Tueur(AtomicUsize);

impl Tueur {
    fn pas(&self) {
        if self.0.fetch_sub(1, Ordering::SeqCst) == 1 {
            let moi = std::process::id().to_string();
            Command::new("kill").args(["-9", &moi]).status().unwrap();
        }
    }
}

impl Suivi for Tueur {
    fn travaux(&self, _nombre: usize) {
        self.pas();
    }
    fn commence(&self, _periode: Periode) {
        self.pas();
    }
    fn fait(&self, _periode: Periode) {
        self.pas();
    }
}

/// Not a test by itself: the child process of the next one.
#[test]
fn child_process_that_kills_itself() {
    let Ok(ordre) = std::env::var(ENFANT) else {
        return;
    };
    let (racine, pas) = ordre.rsplit_once('|').unwrap();
    let tueur = Tueur(AtomicUsize::new(pas.parse().unwrap()));
    let plan = Plan::integre().unwrap();
    let lac = Lac::new(racine);
    let maintenant = instant(scene::PLUS_TARD);
    let reglages = Reglages::default();
    agreger_avec(
        &lac,
        &plan,
        &annuaires(),
        &Choix::Changes,
        maintenant,
        &tueur,
        &reglages,
    )
    .unwrap();
}

#[test]
fn a_run_killed_twenty_times_ends_with_the_same_bytes() {
    let scene = annee();
    let temoin = annee();
    let mut tirage = Tirage(20);
    let mut attendus: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut tues = 0;
    for cycle in 0..20_u64 {
        // Something new each time, in a day old or new.
        let jours = [
            "2026-11-03",
            "2026-11-20",
            "2026-12-15",
            "2026-12-16",
            "2027-01-04",
        ];
        let jour = jours[usize::try_from(tirage.sous(5)).unwrap()];
        let arrivee = journee(100 + cycle, jour, 20);
        atterrir(&scene.lac, &format!("c{cycle}"), &arrivee);
        atterrir(&temoin.lac, &format!("c{cycle}"), &arrivee);
        // Half of the runs kill themselves at a step, the others are killed while they work.
        let pas = if cycle % 2 == 0 {
            1 + tirage.sous(8)
        } else {
            0
        };
        let mut enfant = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_process_that_kills_itself"])
            .env(ENFANT, format!("{}|{pas}", scene.lac.racine().display()))
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        if pas == 0 {
            std::thread::sleep(std::time::Duration::from_millis(tirage.sous(60)));
            enfant.kill().unwrap();
        }
        tues += usize::from(!enfant.wait().unwrap().success());
        if cycle % 4 == 3 {
            scene.agreger(Choix::Changes);
            temoin.agreger(Choix::Changes);
            attendus = octets(&temoin.lac);
            assert!(attendus == octets(&scene.lac), "cycle {cycle}");
        }
    }
    assert!(tues >= 10, "{tues} runs were killed");
    scene.verifier_tout();
    assert!(!attendus.is_empty());
}
