//! What is delivered and written, line by line: when it comes, as it is told again, and what is wrong
//! in it on purpose.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use frequent_plan::{
    AnneeScolaire, Brut, Cle, CleIndisponible, Controle, Conversions, Date, FenetreTemps,
    NonAccepte, Origine, Raison, Trousseau,
};

use super::*;
use crate::essais::{annuaire, departement, jour, simuler};
use crate::{Defaut, jour_de_reference};

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let octets = |graine| {
        let mut reglages = departement("066", "2026-11-18", "2026-11-19");
        reglages.graine = graine;
        let simulation = simuler(reglages);
        let (mut acces, mut texte) = (Vec::new(), Vec::new());
        for jour in simulation.jours() {
            for lot in simulation.lots() {
                simulation.livrer(lot, jour, &mut acces);
            }
        }
        for a in &acces {
            simulation.ecrire(a, &mut texte);
        }
        texte
    };
    assert_eq!(octets(3), octets(3));
    assert_ne!(octets(3), octets(4));
}

#[test]
fn a_day_depends_on_nothing_around_it() {
    let seul = simuler(departement("066", "2026-11-18", "2026-11-18"));
    let entoure = simuler(departement("066", "2026-09-01", "2027-06-30"));
    let (mut un, mut autre) = (Vec::new(), Vec::new());
    entoure.vivre(3, jour("2026-11-17"), &mut Vec::new());
    for rang in 0..seul.ecoles().len() {
        seul.vivre(rang, jour("2026-11-18"), &mut un);
        entoure.vivre(rang, jour("2026-11-18"), &mut autre);
    }
    assert!(!un.is_empty());
    assert_eq!(un, autre);
}

#[test]
fn everything_lived_is_delivered_once_a_few_days_late_at_most() {
    let simulation = simuler(departement("066", "2026-11-09", "2026-11-22"));
    let (mut vecus, mut livres) = (Vec::new(), Vec::new());
    let dernier = jour("2026-11-18");
    for rang in 0..simulation.ecoles().len() {
        for jour in jour("2026-11-09").jusqua(dernier) {
            simulation.vivre(rang, jour, &mut vecus);
        }
    }
    for jour in simulation.jours() {
        for lot in simulation.lots() {
            let avant = livres.len();
            simulation.livrer(lot, jour, &mut livres);
            assert!(livres[avant..].is_sorted_by_key(|a| a.arrivee));
        }
    }
    livres.retain(|a| a.jour <= dernier);
    assert!(livres.iter().any(|a| a.arrivee.0 - a.ts.0 >= 86_400_000));
    let sans_retard = |acces: &mut Vec<Acces>| {
        for a in acces.iter_mut() {
            a.arrivee = a.ts;
        }
        acces.sort_unstable_by_key(|a| (a.ecole, a.jour, a.numero));
    };
    sans_retard(&mut vecus);
    sans_retard(&mut livres);
    assert_eq!(vecus, livres);
}

#[test]
fn nothing_arrives_after_the_present() {
    let mut reglages = departement("066", "2026-11-18", "2026-11-19");
    let midi: jiff::Timestamp = "2026-11-18T11:00:00Z".parse().unwrap();
    reglages.jusqua = Some(Instant::de_timestamp(midi));
    let simulation = simuler(reglages);
    let mut acces = Vec::new();
    for jour in simulation.jours() {
        for lot in simulation.lots() {
            simulation.livrer(lot, jour, &mut acces);
        }
    }
    assert!(acces.len() > 1_000);
    assert!(
        acces
            .iter()
            .all(|a| a.arrivee <= Instant::de_timestamp(midi))
    );
}

/// The same key for all.
struct UneCle;

impl Trousseau for UneCle {
    fn cle(&self, _: &str, _: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        Ok(Arc::new(Cle::nouvelle(&[9; 32])))
    }
}

#[test]
fn every_line_is_accepted_but_those_that_are_wrong_on_purpose() {
    let (plan, fuseaux) = (Plan::integre().unwrap(), Fuseaux::charger().unwrap());
    let controle = Controle {
        plan: &plan,
        conversions: &Conversions::default(),
        fuseaux: &fuseaux,
        trousseau: &UneCle,
        maintenant: Instant::de_timestamp("2026-11-23T12:00:00Z".parse().unwrap()),
        fenetre: FenetreTemps::default(),
    };
    for terminaux in [Terminaux::Codes, Terminaux::UserAgent] {
        let mut reglages = departement("066", "2026-11-17", "2026-11-18");
        reglages.terminaux = terminaux;
        let simulation = simuler(reglages);
        let mut acces = Vec::new();
        for jour in simulation.jours() {
            for rang in 0..simulation.ecoles().len() {
                simulation.vivre(rang, jour, &mut acces);
            }
        }
        let (mut fautes, mut texte) = (0, Vec::new());
        for a in &acces {
            texte.clear();
            simulation.ecrire(a, &mut texte);
            assert_eq!(texte.pop(), Some(b'\n'));
            let ligne: BTreeMap<String, String> = serde_json::from_slice(&texte).unwrap();
            let brut = simulation.fragments().brut(a);
            assert_meme_ligne(&ligne, &brut);
            let rendu = controle.verifier(&brut, Origine::Emetteur(&ligne["id"]));
            match (a.defaut, rendu) {
                (None, Ok(evenement)) => {
                    assert_eq!(evenement.ts, a.ts);
                    assert_eq!(evenement.uai, simulation.ecoles[a.ecole as usize].uai);
                    assert_eq!(u32::from(evenement.heure), a.ms_locales / 3_600_000 % 24);
                }
                (Some(defaut), Err(NonAccepte::Refuse(refus))) => {
                    fautes += 1;
                    let attendue = match defaut {
                        Defaut::Cle => Raison::CleInvalide,
                        Defaut::Service => Raison::ValeurInconnue,
                    };
                    assert_eq!(refus.raison, attendue);
                }
                (defaut, rendu) => panic!("{defaut:?} : {rendu:?}"),
            }
        }
        assert!(fautes > 0 && fautes * 1_000 < acces.len());
    }
}

fn assert_meme_ligne(ligne: &BTreeMap<String, String>, brut: &Brut<'_>) {
    let Some(Date::Rfc3339(ts)) = &brut.ts else {
        panic!("{:?}", brut.ts);
    };
    let champs = [
        ("ts", Some(ts)),
        ("uai", brut.uai.as_ref()),
        ("profil", brut.profil.as_ref()),
        ("visiteur", brut.visiteur.as_ref()),
        ("client", brut.client.as_ref()),
        ("service", brut.service.as_ref()),
        ("type", brut.type_service.as_ref()),
        ("outil", brut.outil.as_ref()),
        ("plateforme", brut.plateforme.as_ref()),
        ("projet", brut.projet.as_ref()),
        ("exploitant", brut.exploitant.as_ref()),
        ("appareil", brut.appareil.as_ref()),
        ("os", brut.os.as_ref()),
        ("navigateur", brut.navigateur.as_ref()),
    ];
    for (nom, attendu) in champs {
        assert_eq!(
            ligne.get(nom).map(String::as_str),
            attendu.map(AsRef::as_ref),
            "{nom}"
        );
    }
    assert_eq!(ligne.contains_key("user_agent"), brut.terminal.is_some());
}

#[test]
fn a_resend_has_the_identifier_of_the_event_it_repeats() {
    let simulation = simuler(departement("034", "2026-11-17", "2026-11-17"));
    let mut acces = Vec::new();
    for rang in 0..simulation.ecoles().len() {
        simulation.vivre(rang, jour("2026-11-17"), &mut acces);
    }
    let mut premiers: HashMap<String, Acces> = HashMap::new();
    let mut renvois = 0;
    for a in &acces {
        if let Some(premier) = premiers.insert(simulation.fragments().id(a), *a) {
            renvois += 1;
            let ici = Acces {
                arrivee: premier.arrivee,
                ..*a
            };
            assert_eq!(ici, premier);
        }
    }
    assert!(renvois > 0 && renvois * 200 < acces.len());
}

#[test]
fn a_reference_day_has_the_number_of_events_asked_for_and_they_are_mixed() {
    let (plan, calendrier) = (Plan::integre().unwrap(), Calendrier::integre().unwrap());
    let fuseaux = Fuseaux::charger().unwrap();
    let mardi = jour("2026-11-17");
    for nombre in [0, 10, 100_000] {
        let reference =
            jour_de_reference(annuaire(), &plan, &calendrier, &fuseaux, mardi, nombre).unwrap();
        assert_eq!(reference.nombre(), nombre);
        assert!(reference.iter().is_sorted_by_key(|a| a.ts));
        let ecoles: HashSet<u32> = reference.iter().map(|a| a.ecole).collect();
        assert!(nombre < 1_000 || ecoles.len() > 2_000);
    }
}
