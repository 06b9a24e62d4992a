//! The full day cube (presence, the cells of seven levels) from landed, unsorted events of one day
//! of the real schools: wall time, processor time and peak memory, each run in a process of its
//! own.
//!
//! `cargo bench --bench cube [-- MILLIONS…]`, by default 1, 5 and 20 million events, five runs each,
//! medians.

#![allow(clippy::print_stdout, reason = "a bench tells its figures")]

mod terrain;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Instant as Chrono;

use frequent_aggregate::{Choix, Reglages, Suivi, agreger_avec};
use frequent_plan::{Grain, Instant, Lac, Periode, Plan};
use frequent_territory::Annuaires;
use terrain::{Resultat, mediane, pic, preparer, processeur};

/// As in the program itself.
#[global_allocator]
static ALLOCATEUR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A Tuesday of term.
const JOUR: &str = "2026-11-17";
const MESURES: usize = 5;
/// The argument that makes the program measure one run and print it.
const UNE_MESURE: &str = "--une-mesure";

fn main() -> Resultat<()> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if let [mode, racine] = arguments.as_slice()
        && mode == UNE_MESURE
    {
        return mesurer(Path::new(racine));
    }
    let mut tailles: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    if tailles.is_empty() {
        tailles = vec![1, 5, 20];
    }
    println!("millions  mur s  processeur s  ns/événement  mémoire Mio");
    for millions in tailles {
        let nombre = millions * 1_000_000;
        let racine = preparer(&format!("cube-{nombre}"), &[JOUR.parse()?], nombre)?;
        let mut mesures = Vec::new();
        for _ in 0..MESURES {
            mesures.push(une_mesure(&racine)?);
        }
        let mediane = |rang: usize| mediane(mesures.iter().map(|m| m[rang]).collect());
        let (mur, processeur, memoire) = (mediane(0), mediane(1), mediane(2));
        #[expect(clippy::cast_precision_loss, reason = "a few millions")]
        let unitaire = processeur * 1e3 / millions as f64;
        println!("{millions:8} {mur:6.2} {processeur:13.2} {unitaire:13.0} {memoire:12.0}");
    }
    Ok(())
}

/// Runs the day job once in a process of its own: seconds, processor seconds, peak memory in MiB.
fn une_mesure(racine: &Path) -> Resultat<[f64; 3]> {
    let sortie = Command::new(std::env::current_exe()?)
        .arg(UNE_MESURE)
        .arg(racine)
        .output()?;
    let texte = String::from_utf8(sortie.stdout)?;
    let mut nombres = texte.split_whitespace().map(str::parse);
    let mut suivant = || -> Resultat<f64> { Ok(nombres.next().ok_or("mesure incomplète")??) };
    Ok([suivant()?, suivant()?, suivant()?])
}

fn mesurer(racine: &Path) -> Resultat<()> {
    let lac = Lac::new(racine);
    for resultat in [lac.presence(), lac.lake().join("cumuls")] {
        if resultat.exists() {
            fs::remove_dir_all(resultat)?;
        }
    }
    let (plan, annuaires) = (Plan::integre()?, Annuaires::ouvrir(&lac)?);
    let chrono = Chronometre::default();
    let maintenant = Instant::maintenant();
    let reglages = Reglages::default();
    let bilan = agreger_avec(
        &lac,
        &plan,
        &annuaires,
        &Choix::Changes,
        maintenant,
        &chrono,
        &reglages,
    )?;
    if let Some((_, erreur)) = bilan.echecs.into_iter().next() {
        return Err(erreur.into());
    }
    let etat = chrono
        .0
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let (Some(debut), Some(fin)) = (etat.debut, etat.fin) else {
        return Err("aucun jour compté".into());
    };
    println!(
        "{:.4} {:.2} {:.1}",
        (fin.0 - debut.0).as_secs_f64(),
        fin.1 - debut.1,
        fin.2
    );
    Ok(())
}

/// Instant, processor seconds and peak MiB when the day began and ended.
type Releve = (Chrono, f64, f64);

#[derive(Default)]
struct Releves {
    debut: Option<Releve>,
    fin: Option<Releve>,
}

#[derive(Default)]
struct Chronometre(Mutex<Releves>);

impl Chronometre {
    fn noter(&self, periode: Periode, noter: impl FnOnce(&mut Releves, Releve)) {
        if periode.grain() == Grain::Jour {
            let releve = (Chrono::now(), processeur(), pic());
            noter(
                &mut self.0.lock().unwrap_or_else(PoisonError::into_inner),
                releve,
            );
        }
    }
}

impl Suivi for Chronometre {
    fn travaux(&self, _nombre: usize) {}

    fn commence(&self, periode: Periode) {
        self.noter(periode, |releves, releve| releves.debut = Some(releve));
    }

    fn fait(&self, periode: Periode) {
        self.noter(periode, |releves, releve| releves.fin = Some(releve));
    }
}
