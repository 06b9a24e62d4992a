use std::sync::atomic::{AtomicI64, Ordering};

use frequent_plan::{Evenement, Horloge, Lac, Raison, Refus, Uai};

use super::*;
use crate::fabrique::{MATIN, evenement};

/// A clock that a test sets.
struct Reglable(AtomicI64);

impl Horloge for Reglable {
    fn maintenant(&self) -> Instant {
        Instant(self.0.load(Ordering::Relaxed))
    }
}

const JOUR_MS: i64 = 86_400_000;

struct Banc {
    dossier: tempfile::TempDir,
    qualite: Arc<Qualite>,
    horloge: Arc<Reglable>,
    releveur: Releveur,
}

impl Banc {
    fn new() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let qualite = Arc::new(Qualite::new(Arc::new(Fuseaux::charger().unwrap())));
        let horloge = Arc::new(Reglable(AtomicI64::new(MATIN)));
        let releveur = Releveur::new(
            Arc::clone(&qualite),
            Lac::new(dossier.path()),
            Arc::clone(&horloge) as Arc<dyn Horloge>,
        );
        Self {
            dossier,
            qualite,
            horloge,
            releveur,
        }
    }

    fn recevoir(&self, emetteur: &Emetteur, evenements: &[Evenement<'_>]) {
        let mut decompte = Decompte::new(&self.qualite, self.horloge.maintenant());
        for evenement in evenements {
            decompte.accepter(evenement, "9f86d081884c7d65");
        }
        decompte.verser(emetteur);
    }

    fn lus(&self, jour: &str) -> BTreeMap<String, i64> {
        let lignes = lire_jour(&Lac::new(self.dossier.path()), jour.parse().unwrap()).unwrap();
        let mut sommes = BTreeMap::new();
        for ligne in lignes {
            *sommes.entry(ligne.mesure).or_default() += ligne.nombre;
        }
        sommes
    }
}

fn cle() -> Emetteur {
    Emetteur::Cle("Éditeur".to_owned())
}

fn sommes<const N: usize>(paires: [(&str, i64); N]) -> BTreeMap<String, i64> {
    paires.map(|(m, n)| (m.to_owned(), n)).into()
}

#[test]
fn each_sender_has_its_figures_and_each_reason_its_own() {
    let banc = Banc::new();
    let mut decompte = Decompte::new(&banc.qualite, Instant(MATIN));
    decompte.accepter(&evenement(0), "u");
    decompte.refuser("", None, &Refus::de("profil", Raison::ChampManquant));
    decompte.sans_acces("ONE-OCC");
    decompte.verser(&Emetteur::Site(365_203));
    let mut decompte = Decompte::new(&banc.qualite, Instant(MATIN));
    for raison in Raison::TOUTES {
        decompte.refuser("", None, &Refus::de("s", *raison));
    }
    decompte.verser(&Emetteur::SitesInconnus);

    let releve = banc.qualite.releve();
    assert_eq!(
        releve[&Emetteur::Site(365_203)],
        Releve {
            recus: 2,
            acceptes: 1,
            sans_acces: 1,
            refus: BTreeMap::from([("champ_manquant", 1)]),
        }
    );
    assert_eq!(
        releve[&Emetteur::SitesInconnus].refus.len(),
        Raison::TOUTES.len()
    );
}

#[test]
fn what_is_written_down_is_what_was_counted_with_its_place_and_its_last_receipt() {
    let banc = Banc::new();
    let mut decompte = Decompte::new(&banc.qualite, Instant(MATIN + 700_000));
    let converti = Evenement {
        converti: true,
        ..evenement(0)
    };
    decompte.accepter(&converti, "marie.dupont@exemple.fr");
    let refus = Refus::de_valeur("service", Raison::ValeurInconnue, "CAHIER");
    decompte.refuser("ONE-OCC", Some("0660713S"), &refus);
    decompte.verser(&cle());
    banc.releveur.relever().unwrap();

    let lac = Lac::new(banc.dossier.path());
    let lignes = lire_jour(&lac, "2026-11-20".parse().unwrap()).unwrap();
    for ligne in &lignes {
        assert_eq!(
            (ligne.genre.as_str(), ligne.emetteur.as_str()),
            ("cle", "Éditeur")
        );
        assert_eq!(
            (ligne.plateforme.as_str(), ligne.uai.as_str()),
            ("ONE-OCC", "0660713S")
        );
        assert_eq!(ligne.dernier, MATIN + 700_000);
    }
    let refusee = lignes
        .iter()
        .find(|l| l.mesure == "refus_valeur_inconnue")
        .unwrap();
    assert_eq!(
        (refusee.champ.as_str(), refusee.exemple.as_str()),
        ("service", "CAHIER")
    );
    assert_eq!(
        banc.lus("2026-11-20"),
        sommes([
            ("recus", 2),
            ("acceptes", 1),
            ("sans_client", 1),
            ("delai_1h", 1),
            ("service_converti", 1),
            ("examines", 1),
            ("identifiant_courriel", 1),
            ("refus_valeur_inconnue", 1),
        ])
    );
}

#[test]
fn an_event_of_an_earlier_day_is_late_by_its_own_schools_clock() {
    let banc = Banc::new();
    // 20 November, 02:00 UTC: 03:00 in Paris, still the evening of the 19th in Guadeloupe.
    let matin = Instant(MATIN - 5 * 3_600_000);
    let tard = |uai: u32, avant_ms: i64| {
        let uai = Uai::depuis_nombre(uai);
        let ts = Instant(matin.0 - avant_ms);
        let locale = Fuseaux::charger().unwrap().heure_locale(uai, ts);
        let mut decompte = Decompte::new(&banc.qualite, matin);
        let e = Evenement {
            uai,
            ts,
            jour: locale.jour,
            ..evenement(0)
        };
        decompte.accepter(&e, "u");
        decompte.verser(&Emetteur::Site(uai.prefixe().into()));
        decompte_tardifs(&banc, uai.prefixe())
    };
    assert_eq!(tard(660_713, 60_000), 0);
    assert_eq!(tard(660_713, 4 * 3_600_000), 1);
    assert_eq!(tard(9_710_001, 60_000), 0);
    assert_eq!(tard(9_740_001, 8 * 3_600_000), 1);
}

fn decompte_tardifs(banc: &Banc, site: u16) -> u64 {
    let carnets = banc.qualite.de(&Emetteur::Site(site.into()));
    let carnets = ouvrir(&carnets);
    let cellules = carnets.values().flat_map(Carnet::cellules);
    cellules.map(|(_, c)| c.de(Mesure::Tardifs)).sum()
}

#[test]
fn a_day_written_again_replaces_its_file_and_a_new_process_adds_its_own() {
    let banc = Banc::new();
    for nombre in 1..=3 {
        banc.recevoir(&cle(), &[evenement(nombre)]);
        banc.releveur.relever().unwrap();
        banc.releveur.relever().unwrap();
    }
    assert_eq!(banc.lus("2026-11-20")["recus"], 3);

    let autre = Arc::new(Qualite::new(Arc::new(Fuseaux::charger().unwrap())));
    let releveur = Releveur::new(
        Arc::clone(&autre),
        Lac::new(banc.dossier.path()),
        Arc::clone(&banc.horloge) as Arc<dyn Horloge>,
    );
    let mut decompte = Decompte::new(&autre, Instant(MATIN));
    decompte.accepter(&evenement(9), "u");
    decompte.verser(&cle());
    releveur.relever().unwrap();
    assert_eq!(banc.lus("2026-11-20")["recus"], 4);
}

#[test]
fn a_day_that_ended_is_forgotten_and_what_still_comes_for_it_is_added() {
    let banc = Banc::new();
    banc.recevoir(&cle(), &[evenement(1)]);
    banc.horloge.0.fetch_add(2 * JOUR_MS, Ordering::Relaxed);
    banc.releveur.relever().unwrap();
    assert!(banc.qualite.releve()[&cle()].recus == 0);

    // The clock is put back: the same day, in a file of its own.
    banc.horloge.0.fetch_sub(2 * JOUR_MS, Ordering::Relaxed);
    banc.recevoir(&cle(), &[evenement(2), evenement(3)]);
    banc.releveur.relever().unwrap();
    assert_eq!(banc.lus("2026-11-20")["recus"], 3);
}

#[test]
fn counters_that_cannot_be_written_are_kept_for_the_next_time() {
    let banc = Banc::new();
    banc.recevoir(&cle(), &[evenement(1)]);
    let lac = Lac::new(banc.dossier.path());
    std::fs::create_dir_all(lac.lake()).unwrap();
    std::fs::write(lac.qualite(), "in the way").unwrap();
    assert!(banc.releveur.relever().is_err());
    banc.horloge.0.fetch_add(3 * JOUR_MS, Ordering::Relaxed);
    assert!(banc.releveur.relever().is_err());
    std::fs::remove_file(lac.qualite()).unwrap();
    banc.releveur.relever().unwrap();
    assert_eq!(banc.lus("2026-11-20")["recus"], 1);
}

#[test]
fn an_identifier_on_two_platforms_is_noticed_and_short_ones_are_not() {
    let banc = Banc::new();
    let croises = |plateforme: &'static str, personne: &str| {
        let mut decompte = Decompte::new(&banc.qualite, Instant(MATIN));
        let e = Evenement {
            plateforme,
            ..evenement(0)
        };
        decompte.accepter(&e, personne);
        decompte.verser(&cle());
        banc.releveur.relever().unwrap();
        let lus = banc.lus("2026-11-20");
        lus.get("identifiant_deux_plateformes")
            .copied()
            .unwrap_or_default()
    };
    let commun = "9f86d081884c7d659a2feaa0c55ad015";
    assert_eq!(croises("A", commun), 0);
    assert_eq!(croises("A", commun), 0);
    assert_eq!(croises("B", commun), 1);
    assert_eq!(croises("A", "1234"), 1);
    assert_eq!(croises("B", "1234"), 1);
}
