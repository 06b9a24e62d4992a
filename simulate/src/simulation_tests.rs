//! What comes out, against what is published and what is promised.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use frequent_plan::{Appareil, Calendrier, Fuseaux, Plan, Profil, Uai};
use frequent_territory::{CodeNom, Ecole, Secteur};

use super::*;
use crate::Conduite;
use crate::essais::{annuaire, departement, jour, simuler};

/// One week of November in the whole region: no holiday, some two million events.
fn semaine() -> &'static (Simulation, Vec<Acces>) {
    static SEMAINE: OnceLock<(Simulation, Vec<Acces>)> = OnceLock::new();
    SEMAINE.get_or_init(|| {
        let (du, au) = (jour("2026-11-16"), jour("2026-11-22"));
        let simulation = simuler(Reglages::new(1, du, au, Niveau::Region, "76"));
        let mut acces = Vec::new();
        for jour in simulation.jours() {
            for rang in 0..simulation.ecoles().len() {
                simulation.vivre(rang, jour, &mut acces);
            }
        }
        (simulation, acces)
    })
}

/// Visits as they are counted: events of a key less than 1,800 s apart.
fn visites(acces: &[Acces]) -> Vec<&[Acces]> {
    acces
        .chunk_by(|a, b| {
            (a.ecole, a.personne, a.client, a.profil) == (b.ecole, b.personne, b.client, b.profil)
                && (0..=1_800_000).contains(&(b.ts.0 - a.ts.0))
        })
        .collect()
}

fn part(nombre: usize, total: usize) -> f64 {
    100.0 * f64::from(u32::try_from(nombre).unwrap()) / f64::from(u32::try_from(total).unwrap())
}

fn assert_proche(nom: &str, obtenu: f64, attendu: f64, tolerance: f64) {
    let ecart = (obtenu - attendu).abs();
    assert!(
        ecart <= tolerance,
        "{nom} : {obtenu:.2} au lieu de {attendu} ± {tolerance}"
    );
}

#[test]
fn shares_are_those_published() {
    let (simulation, acces) = semaine();
    let visites = visites(acces);
    let du_profil = |profil| visites.iter().filter(|v| v[0].profil == profil).count();
    for (profil, attendu, tolerance) in [
        (Profil::Eleve, 40.2, 1.5),
        (Profil::Parent, 37.5, 1.5),
        (Profil::Enseignant, 19.2, 1.5),
        (Profil::AdminVieScolTech, 3.0, 0.7),
    ] {
        assert_proche(
            profil.code(),
            part(du_profil(profil), visites.len()),
            attendu,
            tolerance,
        );
    }
    for (profil, attendus) in [
        (Profil::Eleve, [44.2, 53.8, 2.0]),
        (Profil::Parent, [17.8, 81.7, 0.5]),
    ] {
        for (appareil, attendu) in Appareil::TOUS.iter().zip(attendus) {
            let a_cet_appareil = |v: &&&[Acces]| {
                let terminal = &simulation.modele.terminaux[usize::from(v[0].terminal)];
                v[0].profil == profil && terminal.terminal.appareil == *appareil
            };
            let nombre = visites.iter().filter(a_cet_appareil).count();
            let nom = format!("{profil} {appareil}");
            assert_proche(&nom, part(nombre, du_profil(profil)), attendu, 1.0);
        }
    }
    let plan = Plan::integre().unwrap();
    for (code, attendu, tolerance) in [
        ("COURRIER_ELECTRONIQUE", 30.5, 4.0),
        ("SERVICES_VIE_SCOLAIRE", 30.5, 4.0),
        ("CAHIER_TEXTES", 10.0, 3.0),
        ("PRODUCTION_COLLABORATIVE", 7.2, 2.5),
    ] {
        let service = plan.service(code).unwrap();
        let nombre = visites
            .iter()
            .filter(|v| v.iter().any(|a| a.service == service))
            .count();
        assert_proche(code, part(nombre, visites.len()), attendu, tolerance);
    }
}

#[test]
fn hours_and_days_are_those_of_schools() {
    let (_, acces) = semaine();
    let visites = visites(acces);
    let nombre = |profil, jours: &[&str], heures: Range<u32>| {
        let dedans = |v: &&&[Acces]| {
            v[0].profil == profil
                && jours.contains(&v[0].jour.to_string().as_str())
                && heures.contains(&(v[0].ms_locales / 3_600_000))
        };
        visites.iter().filter(dedans).count()
    };
    let mardi = ["2026-11-17"];
    for profil in [Profil::Eleve, Profil::Enseignant, Profil::AdminVieScolTech] {
        let journee = nombre(profil, &mardi, 8..18);
        assert!(journee * 2 > nombre(profil, &mardi, 0..24), "{profil}");
    }
    let parents = |heures| nombre(Profil::Parent, &mardi, heures);
    assert!(parents(17..22) > parents(8..13));
    for profil in Profil::TOUS {
        assert!(nombre(*profil, &mardi, 0..5) * 30 < nombre(*profil, &mardi, 0..24).max(30));
    }
    let jour_entier = |jour| nombre(Profil::Eleve, &[jour], 0..30);
    assert!(jour_entier("2026-11-18") < jour_entier("2026-11-17") * 8 / 10);
    assert!(jour_entier("2026-11-21") < jour_entier("2026-11-17") * 3 / 10);
}

#[test]
fn some_schools_never_start_some_grow_and_some_break_off() {
    let simulation = simuler(departement("031", "2026-09-01", "2027-01-31"));
    let compter = |conduite: fn(Conduite) -> bool| {
        simulation
            .ecoles()
            .iter()
            .filter(|e| conduite(e.conduite))
            .count()
    };
    assert!(compter(|c| c == Conduite::Jamais) > 50);
    assert!(compter(|c| matches!(c, Conduite::Montee { .. })) > 20);
    assert!(compter(|c| matches!(c, Conduite::Chute { .. })) > 10);
    let nombre = |rang: usize, jours: Range<i32>| -> usize {
        let mut acces = Vec::new();
        for ecart in jours {
            simulation.vivre(rang, jour("2026-09-01").plus(ecart), &mut acces);
        }
        acces.len()
    };
    for (rang, ecole) in simulation.ecoles().iter().enumerate().take(300) {
        match ecole.conduite {
            Conduite::Jamais => assert_eq!(nombre(rang, 0..150), 0),
            Conduite::Montee { debut } => assert_eq!(nombre(rang, 0..debut), 0),
            Conduite::Chute { le } if ecole.visites.iter().sum::<f64>() > 20.0 => {
                assert!(nombre(rang, le..le + 14) * 4 < nombre(rang, le - 14..le));
            }
            Conduite::Chute { .. } | Conduite::Reguliere => {}
            autre => panic!("{autre:?} : aucun tirage ne la donne"),
        }
    }
}

#[test]
fn a_breakdown_silences_its_schools_on_its_days_and_a_set_conduct_is_every_schools() {
    let (du, au) = (jour("2026-11-16"), jour("2026-11-18"));
    let sans = simuler(Reglages::new(1, du, au, Niveau::Departement, "066"));
    let (touchee, autre) = (sans.ecoles()[0].uai, sans.ecoles()[1].uai);
    let avec = simuler(Reglages {
        conduite: Some(Conduite::Reguliere),
        pannes: vec![Panne {
            du: jour("2026-11-17"),
            au: jour("2026-11-17"),
            ecoles: BTreeSet::from([touchee]),
        }],
        ..Reglages::new(1, du, au, Niveau::Departement, "066")
    });
    assert!(
        avec.ecoles()
            .iter()
            .all(|e| e.conduite == Conduite::Reguliere)
    );
    let vecus = |uai, jour| {
        let rang = avec.ecoles().iter().position(|e| e.uai == uai).unwrap();
        let mut acces = Vec::new();
        avec.vivre(rang, jour, &mut acces);
        acces.len()
    };
    assert_eq!(vecus(touchee, jour("2026-11-17")), 0);
    for (uai, jour) in [(touchee, du), (touchee, au), (autre, jour("2026-11-17"))] {
        assert!(vecus(uai, jour) > 0, "{uai} le {jour}");
    }
}

#[test]
fn a_school_has_the_conduct_set_for_it_and_a_wrong_tag_spoils_all_it_sends() {
    let (du, au) = (jour("2026-11-16"), jour("2026-11-20"));
    let reglages = Reglages {
        conduite: Some(Conduite::Reguliere),
        ..Reglages::new(1, du, au, Niveau::Departement, "066")
    };
    let sans = simuler(reglages.clone());
    let vivre = |simulation: &Simulation, uai| {
        let rang = simulation.ecoles().iter().position(|e| e.uai == uai);
        let mut acces = Vec::new();
        for jour in simulation.jours() {
            simulation.vivre(rang.unwrap(), jour, &mut acces);
        }
        acces
    };
    // The largest ones: what is drawn of them is close to what is asked.
    let mut grandes: Vec<Uai> = sans.ecoles().iter().map(|e| e.uai).collect();
    grandes.sort_by_key(|uai| std::cmp::Reverse(vivre(&sans, *uai).len()));
    let [enseignants, baisse, elan, fausse, autre] = grandes[..5] else {
        panic!("cinq écoles au moins");
    };
    let le = 30;
    let avec = simuler(Reglages {
        conduites: [
            (enseignants, Conduite::SansFamilles),
            (baisse, Conduite::Baisse { le }),
            (elan, Conduite::Elan { le }),
        ]
        .into(),
        mal_marquees: [fausse].into(),
        ..reglages
    });
    let venus: HashSet<Profil> = vivre(&avec, enseignants).iter().map(|a| a.profil).collect();
    assert!(venus.contains(&Profil::Enseignant));
    assert!(!venus.contains(&Profil::Parent) && !venus.contains(&Profil::Eleve));
    let (avant, apres) = (vivre(&sans, baisse).len(), vivre(&avec, baisse).len());
    assert!(
        apres * 2 < avant && apres * 5 > avant,
        "{apres} sur {avant}"
    );
    let (avant, apres) = (vivre(&sans, elan).len(), vivre(&avec, elan).len());
    assert!(apres * 10 > avant * 13, "{apres} sur {avant}");
    let marques = vivre(&avec, fausse);
    assert!(marques.len() > 100 && marques.iter().all(|a| a.defaut == Some(Defaut::Service)));
    assert_eq!(vivre(&avec, autre), vivre(&sans, autre));
}

#[test]
fn holidays_are_nearly_empty() {
    let simulation = simuler(departement("066", "2026-10-01", "2026-11-30"));
    let nombre = |le: &str| {
        let mut acces = Vec::new();
        for rang in 0..simulation.ecoles().len() {
            simulation.vivre(rang, jour(le), &mut acces);
        }
        acces.len()
    };
    let ouvre = nombre("2026-10-13");
    assert!(nombre("2026-10-27") * 8 < ouvre);
    assert!(nombre("2026-11-11") * 2 < ouvre);
    assert!(nombre("2026-08-04") * 20 < ouvre);
    let deserte = simuler(Reglages {
        vacances: 0.0,
        ..departement("066", "2026-10-01", "2026-11-30")
    });
    let nombre = |le: &str| {
        let mut acces = Vec::new();
        deserte.vivre(0, jour(le), &mut acces);
        acces
    };
    assert!(nombre("2026-10-27").is_empty() && nombre("2026-08-04").is_empty());
    let mut ordinaire = Vec::new();
    simulation.vivre(0, jour("2026-10-13"), &mut ordinaire);
    assert_eq!(nombre("2026-10-13"), ordinaire);
}

#[test]
fn pupils_are_fewer_in_primary_schools() {
    let (simulation, acces) = semaine();
    let part_eleves = |degre| {
        let siens = |a: &&Acces| simulation.ecoles[a.ecole as usize].degre == degre;
        let eleves = acces
            .iter()
            .filter(siens)
            .filter(|a| a.profil == Profil::Eleve)
            .count();
        part(eleves, acces.iter().filter(siens).count())
    };
    assert!(part_eleves(Degre::Primaire) < 20.0);
    assert!(part_eleves(Degre::College) > 35.0);
}

#[test]
fn some_persons_are_seen_in_two_schools_or_under_two_profiles() {
    let (_, acces) = semaine();
    let mut lieux: HashMap<u64, HashSet<u32>> = HashMap::new();
    let mut profils: HashMap<u64, HashSet<Profil>> = HashMap::new();
    for a in acces {
        lieux.entry(a.personne).or_default().insert(a.ecole);
        profils.entry(a.personne).or_default().insert(a.profil);
    }
    let plusieurs_ecoles = lieux.values().filter(|l| l.len() > 1).count();
    let plusieurs_profils = profils.values().filter(|p| p.len() > 1).count();
    assert!(plusieurs_ecoles > 100 && plusieurs_ecoles * 10 < lieux.len());
    assert!(plusieurs_profils > 50 && plusieurs_profils * 20 < profils.len());
}

#[test]
fn overseas_schools_live_at_their_own_hours_and_clocks_change_at_night() {
    let ecole = |nombre, departement: &str| {
        let territoire = |code: &str| {
            Arc::new(CodeNom {
                code: code.into(),
                nom: code.into(),
            })
        };
        Ecole {
            uai: Uai::depuis_nombre(nombre),
            nom: "Lycée".into(),
            type_etablissement: "Lycée".into(),
            nature: String::new(),
            secteur: Secteur::Public,
            commune: territoire("00000"),
            departement: territoire(departement),
            academie: territoire("01"),
            region: territoire("01"),
            circonscription: None,
            effectif: Some(1_500),
            education_prioritaire: None,
            position: None,
            etat: Etat::Ouvert,
            ministere: String::new(),
        }
    };
    let ecoles = vec![
        ecole(9_740_001, "974"),
        ecole(9_710_002, "971"),
        ecole(750_003, "075"),
    ];
    let annuaire = Annuaire::new(jour("2024-01-01"), ecoles);
    let (plan, calendrier) = (Plan::integre().unwrap(), Calendrier::integre().unwrap());
    let fuseaux = Fuseaux::charger().unwrap();
    let dimanche = jour("2026-03-29");
    let mut reglages = Reglages::new(1, dimanche, dimanche, Niveau::National, "FR");
    reglages.intensite = 20.0;
    let simulation = Simulation::new(&annuaire, &plan, &calendrier, &fuseaux, reglages).unwrap();
    let mut acces = Vec::new();
    for rang in 0..3 {
        simulation.vivre(rang, dimanche, &mut acces);
    }
    assert!(acces.len() > 1_000);
    for a in &acces {
        let locale = fuseaux.heure_locale(simulation.ecoles[a.ecole as usize].uai, a.ts);
        let heure = a.ms_locales / 3_600_000;
        // The hour from 2 to 3 does not exist that Sunday in Paris.
        if heure != 2 && heure < 24 {
            assert_eq!((locale.jour, u32::from(locale.heure)), (dimanche, heure));
        }
    }
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let (plan, calendrier) = (Plan::integre().unwrap(), Calendrier::integre().unwrap());
    let fuseaux = Fuseaux::charger().unwrap();
    let essayer = |reglages| {
        let rendu = Simulation::new(annuaire(), &plan, &calendrier, &fuseaux, reglages);
        rendu.unwrap_err().to_string()
    };
    let inconnu = departement("999", "2026-11-18", "2026-11-19");
    assert!(essayer(inconnu).contains("departement « 999 »"));
    let envers = departement("066", "2026-11-19", "2026-11-18");
    assert!(essayer(envers).contains("finit le 2026-11-18"));
    let mut nulle = departement("066", "2026-11-18", "2026-11-19");
    nulle.intensite = 0.0;
    assert!(essayer(nulle).contains("intensité"));
}
