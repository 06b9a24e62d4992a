//! The demo's head counts: a made-up directory feed of one département, imported then destroyed.

use std::fs;

use frequent_plan::{Jour, Lac, Niveau};
use frequent_simulate::aaf::{Archive, Forme, Monde, Reglages};
use frequent_territory::Annuaire;
use frequent_territory::aaf::{Reglages as Lecture, importer_et_detruire};

use crate::service::serveur::Faute;

/// Counts the persons of the département's schools as of a day.
pub(super) fn compter(lac: &Lac, annuaire: &Annuaire, jour: Jour) -> Result<(), Faute> {
    let reglages = Reglages {
        graine: super::GRAINE,
        perimetre: (Niveau::Departement, super::DEPARTEMENT.to_owned()),
        taille: 1.0,
        date: jour,
        prefixe: "DEMO_066".to_owned(),
    };
    let depot = lac.racine().join("depot-aaf");
    let forme = Forme {
        archive: Archive::Zip,
        ..Forme::default()
    };
    Monde::new(annuaire, reglages)?.deposer_complet(&depot, forme)?;
    importer_et_detruire(lac, &depot, &Lecture::default(), &mut |_| ())?;
    fs::remove_dir_all(depot)?;
    Ok(())
}
