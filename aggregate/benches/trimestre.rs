//! What measures over a quarter of one's own cost: a département of the real schools, at the
//! intensity of a busy national day, over 92 days that no stored period makes up.
//!
//! `cargo bench --bench trimestre`: medians of nine, on as many threads as cores.

#![allow(clippy::print_stdout, reason = "a bench tells its figures")]
#![allow(
    dead_code,
    reason = "benches of counting share their ground, and not all of it"
)]

mod terrain;

use std::collections::BTreeSet;
use std::time::Instant as Chrono;

use frequent_aggregate::mesures::{Lieux, mesurer};
use frequent_aggregate::{Choix, Reglages, SansSuivi, agreger_avec};
use frequent_plan::{Axe, Instant, Jour, Lac, Niveau, Plan, Uai};
use frequent_territory::{Annuaire, Annuaires};
use terrain::{Part, Resultat, mediane, pic, preparer_parts};

/// As in the program itself.
#[global_allocator]
static ALLOCATEUR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DEPARTEMENT: &str = "031";
/// Events of a school on a school day, on average: 5 M over the 6,052 schools of the region.
const PAR_ECOLE: usize = 826;
/// The other départements have a twentieth of that: they are there to be passed over.
const AILLEURS: usize = 20;
/// A Saturday or a Sunday has a tenth of a school day.
const WEEKEND: usize = 10;
const MESURES: usize = 9;

fn main() -> Resultat<()> {
    let jours: Vec<Jour> = jour("2026-09-14")?.jusqua(jour("2026-12-14")?).collect();
    let poids = |jour: Jour| if jour.est_weekend() { WEEKEND } else { 1 };
    let a_remplir = jours.iter().map(|&jour| (jour, poids(jour)));
    let lac = Lac::new(preparer_parts("trimestre", a_remplir, &parts)?);
    let (plan, annuaires) = (Plan::integre()?, Annuaires::ouvrir(&lac)?);
    let reglages = Reglages::default();
    agreger_avec(
        &lac,
        &plan,
        &annuaires,
        &Choix::Changes,
        Instant::maintenant(),
        &SansSuivi,
        &reglages,
    )?;
    let annuaire = annuaires.courant().ok_or("annuaire vide")?;
    let ecoles: BTreeSet<Uai> = annuaire
        .ecoles_de(Niveau::Departement, DEPARTEMENT)
        .map(|ecole| ecole.uai)
        .collect();
    println!(
        "{} écoles, {} jours, {}",
        ecoles.len(),
        jours.len(),
        reglages.fils
    );
    let territoire = Lieux::Territoires {
        annuaire,
        niveau: Niveau::Departement,
        codes: &[DEPARTEMENT],
    };
    let entiers: BTreeSet<Jour> = jours.iter().copied().collect();
    // As after a purge of merged tables, or for days picked one by one: no week is whole.
    let epars: BTreeSet<Jour> = jours
        .iter()
        .copied()
        .filter(|j| j.rang_semaine() != 2)
        .collect();
    println!("mesurer                                         mur ms  cellules");
    for (nom, lieux) in [
        ("département", territoire),
        ("ensemble", Lieux::Ensemble(&ecoles)),
    ] {
        for (quand, jours) in [("92 jours", &entiers), ("sans les mercredis", &epars)] {
            for (quoi, axes) in [
                ("total", &[Axe::Total][..]),
                ("services", &[Axe::Service]),
                ("tout", Axe::TOUS),
            ] {
                let mut durees = Vec::new();
                let mut nombre = 0;
                for _ in 0..MESURES {
                    let debut = Chrono::now();
                    nombre = mesurer(&lac, &plan, lieux, jours, axes, reglages.fils)?.len();
                    durees.push(debut.elapsed().as_secs_f64() * 1e3);
                }
                let intitule = format!("{nom}, {quand}, {quoi}");
                println!("{intitule:44} {:9.1} {nombre:9}", mediane(durees));
            }
        }
    }
    println!("mémoire la plus haute : {:.0} Mio", pic());
    Ok(())
}

fn jour(texte: &str) -> Resultat<Jour> {
    Ok(texte.parse()?)
}

fn parts(annuaire: &Annuaire) -> Vec<Part> {
    let (ici, ailleurs): (Vec<_>, Vec<_>) = annuaire
        .ecoles()
        .cloned()
        .partition(|ecole| ecole.departement.code == DEPARTEMENT);
    let (nombre, autres) = (PAR_ECOLE * ici.len(), PAR_ECOLE * ailleurs.len() / AILLEURS);
    vec![(ici, nombre), (ailleurs, autres)]
}
