//! What the crate's tests share: the real directory of Occitanie, read as it ships.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use frequent_plan::{Calendrier, Fuseaux, Jour, Lac, Niveau, Plan};
use frequent_territory::{Annuaire, Annuaires, import};

use crate::{Reglages, Simulation};

pub(crate) fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

pub(crate) fn annuaire() -> &'static Annuaire {
    static ANNUAIRE: OnceLock<Arc<Annuaire>> = OnceLock::new();
    ANNUAIRE.get_or_init(|| {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path());
        let fichier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/annuaire-occitanie.csv");
        import::importer(&lac, &fichier, jour("2024-11-26")).unwrap();
        Arc::clone(Annuaires::ouvrir(&lac).unwrap().courant().unwrap())
    })
}

pub(crate) fn simuler(reglages: Reglages) -> Simulation {
    let (plan, calendrier) = (Plan::integre().unwrap(), Calendrier::integre().unwrap());
    let fuseaux = Fuseaux::charger().unwrap();
    Simulation::new(annuaire(), &plan, &calendrier, &fuseaux, reglages).unwrap()
}

pub(crate) fn departement(code: &str, du: &str, au: &str) -> Reglages {
    Reglages::new(7, jour(du), jour(au), Niveau::Departement, code)
}
