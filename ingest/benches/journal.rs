//! What the log, landing and compaction cost alone: medians of several rounds, in processor time of
//! this process (user and system) and in wall time. Runs on the disk of the temporary folder; set
//! `TMPDIR` to measure another.
//!
//! `cargo bench -p frequent-ingest --bench journal`
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::time::{Duration, Instant};

use frequent_ingest::atterrissage::Bilan;
use frequent_ingest::{Etendue, JournalEmbarque, Lot, ReglagesJournal, atterrir, compacter};
use frequent_plan::{
    Appareil, Client, Evenement, Fuseaux, IdEvenement, Instant as Ts, Lac, Navigateur, Os, Plan,
    Profil, TypeService, Uai, Visiteur,
};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

const TOURS: usize = 5;
const DUREE: Duration = Duration::from_secs(2);
const GRAND_LOT: u64 = 1_000;
const EVENEMENTS: u64 = 1_000_000;
/// Morning of 20 November 2026 in Paris.
const MATIN: i64 = 1_795_158_000_000;

fn main() {
    let traffic = Traffic::new();
    encoder(&traffic);
    for appelants in [64, 256, 1024] {
        recevoir(
            &format!("lone hits, {appelants} callers"),
            &traffic,
            appelants,
            1,
        );
    }
    recevoir("lots of 1,000 events, 8 callers", &traffic, 8, GRAND_LOT);
    atterrir_et_compacter(&traffic);
}

/// Events of one day, spread over schools, people and services as a real day's are.
struct Traffic {
    plan: Plan,
    fuseaux: Fuseaux,
}

impl Traffic {
    fn new() -> Self {
        Self {
            plan: Plan::integre().unwrap(),
            fuseaux: Fuseaux::charger().unwrap(),
        }
    }

    fn evenement(&self, numero: u64) -> Evenement<'static> {
        let hasard = melanger(numero);
        let rang = |nombre: u64, decalage: u32| ((hasard >> decalage) % nombre).to_le_bytes()[0];
        let ts = Ts(MATIN + i64::try_from(numero % 30_000_000).unwrap());
        let uai = Uai::depuis_nombre(310_000 + u32::try_from(hasard % 4_500).unwrap());
        let locale = self.fuseaux.heure_locale(uai, ts);
        let tiers = rang(10, 8) == 0;
        Evenement {
            id: IdEvenement(
                (u128::from(hasard) << 64 | u128::from(melanger(hasard))).to_be_bytes(),
            ),
            ts,
            jour: locale.jour,
            heure: locale.heure,
            uai,
            profil: Profil::de_rang(rang(4, 16)).unwrap(),
            visiteur: Visiteur(melanger(hasard % 300_000)),
            client: Client(melanger(hasard % 400_000)),
            service: self.plan.service_de_rang(rang(25, 24)).unwrap(),
            type_service: if tiers {
                TypeService::Tiers
            } else {
                TypeService::Natif
            },
            outil: if tiers { "Éditeur de cartes" } else { "" },
            appareil: Appareil::de_rang(rang(3, 32)).unwrap(),
            os: Os::de_rang(rang(6, 40)).unwrap(),
            navigateur: Navigateur::de_rang(rang(6, 48)).unwrap(),
            plateforme: "ONE-OCC",
            projet: "ENT-ECOLE",
            exploitant: "EDIFICE",
            converti: false,
        }
    }

    fn lot(&self, numeros: impl IntoIterator<Item = u64>) -> Lot {
        let mut lot = Lot::new();
        for numero in numeros {
            lot.pousser(&self.evenement(numero));
        }
        lot
    }
}

fn melanger(graine: u64) -> u64 {
    let mut z = graine.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Processor time of this process, from the kernel's ticks of 10 ms.
fn processeur() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let apres_nom = stat.rsplit_once(')').unwrap().1;
    let ticks = apres_nom.split_whitespace().skip(11).take(2);
    Duration::from_millis(ticks.map(|t| t.parse::<u64>().unwrap() * 10).sum())
}

#[derive(Clone, Copy)]
struct Mesure {
    nombre: u64,
    mur: Duration,
    processeur: Duration,
}

fn mesurer(travail: impl FnOnce() -> u64) -> Mesure {
    let (mur, avant) = (Instant::now(), processeur());
    let nombre = travail();
    Mesure {
        nombre,
        mur: mur.elapsed(),
        processeur: processeur().saturating_sub(avant),
    }
}

fn dire(quoi: &str, mesures: &[Mesure]) {
    let mediane = |valeur: fn(&Mesure) -> f64| {
        let mut valeurs: Vec<_> = mesures.iter().map(valeur).collect();
        valeurs.sort_by(f64::total_cmp);
        valeurs[valeurs.len() / 2]
    };
    let par_seconde = mediane(|m| m.nombre as f64 / m.mur.as_secs_f64());
    let nanosecondes = mediane(|m| m.processeur.as_secs_f64() * 1e9 / m.nombre as f64);
    println!("{quoi:42} {par_seconde:12.0} events/s {nanosecondes:8.0} ns of processor an event");
}

/// Encoding a lot, the events being there already.
fn encoder(traffic: &Traffic) {
    let evenements: Vec<_> = (0..GRAND_LOT).map(|n| traffic.evenement(n)).collect();
    let mesures: Vec<_> = (0..TOURS)
        .map(|_| {
            mesurer(|| {
                let mut octets = 0;
                for _ in 0..2_000 {
                    let mut lot = Lot::new();
                    for e in &evenements {
                        lot.pousser(e);
                    }
                    octets += lot.taille();
                }
                assert!(octets > 0);
                2_000 * GRAND_LOT
            })
        })
        .collect();
    dire("encoding lots of 1,000", &mesures);
}

fn execution() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap()
}

/// Callers that each bring a lot, wait until it is durable, and bring the next.
fn recevoir(quoi: &str, traffic: &Traffic, appelants: usize, par_lot: u64) {
    let execution = execution();
    let modele = traffic.lot(0..par_lot);
    let mesures: Vec<_> = (0..TOURS)
        .map(|_| {
            let dossier = TempDir::new().unwrap();
            let lac = Lac::new(dossier.path());
            let journal = JournalEmbarque::ouvrir(&lac, ReglagesJournal::default()).unwrap();
            mesurer(|| {
                let fin = Instant::now() + DUREE;
                let taches: Vec<_> = (0..appelants)
                    .map(|_| {
                        let (journal, modele) = (journal.clone(), modele.clone());
                        execution.spawn(async move {
                            let mut recus = 0;
                            while Instant::now() < fin {
                                journal.ajouter(modele.clone()).await.unwrap();
                                recus += par_lot;
                            }
                            recus
                        })
                    })
                    .collect();
                let attendre = |tache| execution.block_on(tache);
                taches.into_iter().map(|t| attendre(t).unwrap()).sum()
            })
        })
        .collect();
    dire(quoi, &mesures);
}

fn atterrir_et_compacter(traffic: &Traffic) {
    let execution = execution();
    let (mut atterrissages, mut compactages) = (Vec::new(), Vec::new());
    for _ in 0..TOURS {
        let dossier = TempDir::new().unwrap();
        let lac = Lac::new(dossier.path());
        let journal = JournalEmbarque::ouvrir(&lac, ReglagesJournal::default()).unwrap();
        for debut in (0..EVENEMENTS).step_by(10_000) {
            let lot = traffic.lot(debut..debut + 10_000);
            execution.block_on(journal.ajouter(lot)).unwrap();
        }
        let mut bilan = Bilan::default();
        atterrissages.push(mesurer(|| {
            bilan = atterrir(&journal, &lac, &traffic.plan).unwrap();
            bilan.evenements()
        }));
        compactages.push(mesurer(|| {
            let compacter = |jour| compacter(&lac, jour, Etendue::Tout).unwrap();
            bilan
                .jours
                .keys()
                .filter_map(|j| compacter(*j))
                .map(|c| c.gardes)
                .sum()
        }));
    }
    dire("landing 1 M events", &atterrissages);
    dire("compacting 1 M events", &compactages);
}
