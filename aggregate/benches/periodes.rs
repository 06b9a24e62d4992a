//! What a new event costs beyond its day (the week, the month and the school year that contain it,
//! merged again), and what measures over days of one's own cost, on three weeks of the real schools.
//!
//! `cargo bench --bench periodes`: medians of nine; the processor time is that of all threads.

#![allow(clippy::print_stdout, reason = "a bench tells its figures")]

mod terrain;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Instant as Chrono;

use frequent_aggregate::mesures::{Lieux, mesurer};
use frequent_aggregate::{Choix, Reglages, SansSuivi, Suivi, agreger_avec};
use frequent_plan::{Axe, Instant, Jour, Lac, Niveau, Periode, Plan};
use frequent_territory::Annuaires;
use terrain::{Resultat, mediane, pic, preparer, processeur};

/// As in the program itself.
#[global_allocator]
static ALLOCATEUR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PAR_JOUR: usize = 1_000_000;
const MESURES: usize = 9;

fn main() -> Resultat<()> {
    let premier: Jour = "2026-11-02".parse()?;
    let jours: Vec<Jour> = premier
        .jusqua("2026-11-20".parse()?)
        .filter(|j| !j.est_weekend())
        .collect();
    let lac = Lac::new(preparer("trois-semaines", &jours, PAR_JOUR)?);
    println!("{} jours de {PAR_JOUR} événements", jours.len());
    let banc = Banc {
        plan: Plan::integre()?,
        annuaires: Annuaires::ouvrir(&lac)?,
        reglages: Reglages::default(),
        lac,
    };
    banc.compter(&Choix::Changes, &SansSuivi)?;
    banc.recompter(*jours.last().ok_or("aucun jour")?)?;
    banc.mesurer(&jours)
}

struct Banc {
    lac: Lac,
    plan: Plan,
    annuaires: Annuaires,
    reglages: Reglages,
}

impl Banc {
    fn compter(&self, choix: &Choix, suivi: &dyn Suivi) -> Resultat<()> {
        let Self {
            lac,
            plan,
            annuaires,
            reglages,
        } = self;
        agreger_avec(
            lac,
            plan,
            annuaires,
            choix,
            Instant::maintenant(),
            suivi,
            reglages,
        )?;
        Ok(())
    }

    /// A day again, and the three periods that contain it.
    fn recompter(&self, jour: Jour) -> Resultat<()> {
        println!("compter à nouveau            mur s  processeur s");
        let chrono = Chronometre::default();
        for _ in 0..MESURES {
            self.compter(&Choix::Jours(jour..=jour), &chrono)?;
        }
        let releves = chrono
            .0
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .1;
        let periodes = releves.len() / MESURES;
        for rang in 0..periodes {
            let medianes = |champ: fn(&Releve) -> f64| {
                mediane(
                    releves
                        .iter()
                        .skip(rang)
                        .step_by(periodes)
                        .map(champ)
                        .collect(),
                )
            };
            let (mur, processeur) = (medianes(|r| r.1), medianes(|r| r.2));
            println!("{:26} {mur:7.3} {processeur:13.2}", releves[rang].0.grain());
        }
        println!("mémoire la plus haute : {:.0} Mio", pic());
        Ok(())
    }

    fn mesurer(&self, jours: &[Jour]) -> Resultat<()> {
        println!("mesurer                      mur ms");
        let annuaire = self.annuaires.courant().ok_or("annuaire vide")?;
        let une_ecole = annuaire
            .ecoles()
            .next()
            .ok_or("annuaire vide")?
            .uai
            .to_string();
        let (region, departement) = ((Niveau::Region, "76"), (Niveau::Departement, "031"));
        let demandes = [
            ("région, 15 jours, total", region, 15, &[Axe::Total][..]),
            ("région, 15 jours, tout", region, 15, Axe::TOUS),
            ("région, 14 jours, total", region, 14, &[Axe::Total]),
            ("département, 3 jours, total", departement, 3, &[Axe::Total]),
            (
                "département, 15 jours, total",
                departement,
                15,
                &[Axe::Total],
            ),
            ("département, 3 jours, tout", departement, 3, Axe::TOUS),
            (
                "école, 15 jours, tout",
                (Niveau::Ecole, &une_ecole),
                15,
                Axe::TOUS,
            ),
        ];
        for (nom, (niveau, code), nombre, axes) in demandes {
            let demandes: BTreeSet<Jour> = jours.iter().take(nombre).copied().collect();
            let codes = &[code];
            let lieux = Lieux::Territoires {
                annuaire,
                niveau,
                codes,
            };
            let mut durees = Vec::new();
            for _ in 0..MESURES {
                let debut = Chrono::now();
                mesurer(
                    &self.lac,
                    &self.plan,
                    lieux,
                    &demandes,
                    axes,
                    self.reglages.fils,
                )?;
                durees.push(debut.elapsed().as_secs_f64() * 1e3);
            }
            println!("{nom:28} {:6.1}", mediane(durees));
        }
        Ok(())
    }
}

/// What a period took: wall and processor seconds.
type Releve = (Periode, f64, f64);

/// When the period being counted began, and what those before took.
type Releves = (Option<(Chrono, f64)>, Vec<Releve>);

#[derive(Default)]
struct Chronometre(Mutex<Releves>);

impl Suivi for Chronometre {
    fn travaux(&self, _nombre: usize) {}

    fn commence(&self, _periode: Periode) {
        let mut releves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        releves.0 = Some((Chrono::now(), processeur()));
    }

    fn fait(&self, periode: Periode) {
        let mut releves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((debut, avant)) = releves.0.take() {
            let mur = debut.elapsed().as_secs_f64();
            releves.1.push((periode, mur, processeur() - avant));
        }
    }
}
