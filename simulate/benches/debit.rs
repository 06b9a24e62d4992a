//! How fast events are lived, and lived then written as JSON lines, on one core.

use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use frequent_plan::{Calendrier, Fuseaux, Jour, Lac, Niveau, Plan};
use frequent_simulate::{Reglages, Simulation};
use frequent_territory::{Annuaires, import};

fn simulation() -> Option<Simulation> {
    let dossier = tempfile::tempdir().ok()?;
    let lac = Lac::new(dossier.path());
    // Whether run from this crate or from the workspace's root.
    let fichier = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|dossier| dossier.join("demo/annuaire-occitanie.csv"))
        .find(|fichier| fichier.exists())?;
    let mardi: Jour = "2026-11-17".parse().ok()?;
    import::importer(&lac, &fichier, mardi).ok()?;
    let annuaires = Annuaires::ouvrir(&lac).ok()?;
    let (plan, calendrier) = (Plan::integre().ok()?, Calendrier::integre().ok()?);
    let reglages = Reglages::new(1, mardi, mardi, Niveau::Region, "76");
    let annuaire = annuaires.courant()?;
    Simulation::new(
        annuaire,
        &plan,
        &calendrier,
        &Fuseaux::charger().ok()?,
        reglages,
    )
    .ok()
}

fn debit(criterion: &mut Criterion) {
    let Some(simulation) = simulation() else {
        return;
    };
    let jour = simulation.reglages().du;
    let lots: Vec<_> = simulation.lots().take(8).collect();
    let mut acces = Vec::new();
    for lot in lots.clone() {
        simulation.livrer(lot, jour, &mut acces);
    }
    let nombre = u64::try_from(acces.len()).unwrap_or_default();
    let mut groupe = criterion.benchmark_group("simulation");
    groupe.throughput(Throughput::Elements(nombre));
    groupe.sample_size(20);
    groupe.bench_function("vivre", |mesure| {
        mesure.iter_batched_ref(
            Vec::new,
            |sortie| {
                for lot in lots.clone() {
                    simulation.livrer(lot, jour, sortie);
                }
            },
            BatchSize::LargeInput,
        );
    });
    let mut texte = Vec::new();
    groupe.bench_function("vivre_et_ecrire", |mesure| {
        mesure.iter(|| {
            for lot in lots.clone() {
                acces.clear();
                texte.clear();
                simulation.livrer(lot, jour, &mut acces);
                for a in &acces {
                    simulation.ecrire(a, &mut texte);
                }
            }
            texte.len()
        });
    });
    groupe.finish();
}

criterion_group!(benches, debit);
criterion_main!(benches);
