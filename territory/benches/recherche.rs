//! A directory of the country's size: indexed, then searched keystroke by keystroke.

use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use frequent_plan::{Jour, Lac, Uai};
use frequent_territory::{Annuaire, Annuaires, CodeNom, Ecole, import};

/// What one types to find a school.
const FRAPPES: [&str; 6] = [
    "e",
    "ec",
    "ecole",
    "ecole elem",
    "saint j",
    "colibris lagardelle",
];

/// The real schools of Occitanie, ten times over in départements of their own: some 60,000.
fn pays() -> Option<Annuaire> {
    let dossier = tempfile::tempdir().ok()?;
    let lac = Lac::new(dossier.path());
    // Whether run from this crate or from the workspace's root.
    let fichier = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|dossier| dossier.join("demo/annuaire-occitanie.csv"))
        .find(|fichier| fichier.exists())?;
    let jour: Jour = "2024-11-26".parse().ok()?;
    import::importer(&lac, &fichier, jour).ok()?;
    let occitanie = Annuaires::ouvrir(&lac).ok()?;
    let ecoles = (0..10_u32).flat_map(|copie| {
        let annuaire = occitanie.courant().map(Arc::clone);
        let ecoles: Vec<Ecole> = annuaire.iter().flat_map(|a| a.ecoles().cloned()).collect();
        ecoles
            .into_iter()
            .zip(0_u32..)
            .map(move |(mut ecole, rang)| {
                ecole.uai = Uai::depuis_nombre(copie * 1_000_000 + rang);
                for territoire in [&mut ecole.commune, &mut ecole.departement] {
                    let CodeNom { code, nom } = territoire.as_ref();
                    let (code, nom) = (format!("{copie}{code}"), nom.clone());
                    *territoire = Arc::new(CodeNom { code, nom });
                }
                ecole
            })
    });
    Some(Annuaire::new(jour, ecoles.collect()))
}

fn recherche(criterion: &mut Criterion) {
    let Some(annuaire) = pays() else {
        return;
    };
    let mut groupe = criterion.benchmark_group("recherche");
    groupe.sample_size(20);
    for frappe in FRAPPES {
        groupe.bench_function(frappe, |mesure| {
            mesure.iter(|| annuaire.rechercher(frappe, 20).len());
        });
    }
    groupe.bench_function("indexer", |mesure| {
        let ecoles: Vec<Ecole> = annuaire.ecoles().cloned().collect();
        mesure.iter(|| {
            Annuaire::new(annuaire.validite(), ecoles.clone())
                .ecoles()
                .len()
        });
    });
    groupe.finish();
}

criterion_group!(benches, recherche);
criterion_main!(benches);
