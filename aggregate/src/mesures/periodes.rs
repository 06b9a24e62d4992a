//! Which stored tables make up some days: whole months and weeks where they are made of the days'
//! present contents, days elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use frequent_plan::{Grain, Jour, Lac, Niveau, Periode};
use frequent_territory::Annuaire;

use crate::agregation::source;
use crate::erreur::Erreur;
use crate::publication::{Nom, fichier_courant};
use crate::territoires::marque;

/// The fewest periods that have results and make exactly these days.
///
/// # Errors
/// A folder cannot be read; [`Erreur::PresenceAbsente`] for a day whose presence is no longer kept.
pub fn couvrir(lac: &Lac, jours: &BTreeSet<Jour>) -> Result<Vec<Periode>, Erreur> {
    let mut contenus = BTreeMap::new();
    for &jour in jours {
        let periode = Periode::contenant(Grain::Jour, jour);
        if let Some(nom) = nom(lac, periode)? {
            contenus.insert(jour, Some(nom.contenu));
        } else if courant(&lac.cumuls_de(Niveau::Ecole, periode))?.is_some() {
            return Err(Erreur::PresenceAbsente(jour));
        }
    }
    let mut restants: BTreeSet<Jour> = contenus.keys().copied().collect();
    let mut periodes = Vec::new();
    for grain in [Grain::Mois, Grain::Semaine] {
        let candidates: BTreeSet<Periode> = restants
            .iter()
            .map(|&jour| Periode::contenant(grain, jour))
            .collect();
        for periode in candidates {
            let dedans = || contenus.range(periode.debut()..=periode.fin());
            let libres = dedans().all(|(jour, _)| restants.contains(jour));
            // Equal marks: its tables are made of these days, as they are now, and of no other.
            let a_jour = source(dedans());
            if libres && dedans().count() > 1 && nom(lac, periode)?.map(|n| n.source) == a_jour {
                restants.retain(|jour| *jour < periode.debut() || *jour > periode.fin());
                periodes.push(periode);
            }
        }
    }
    periodes.extend(
        restants
            .into_iter()
            .map(|jour| Periode::contenant(Grain::Jour, jour)),
    );
    Ok(periodes)
}

fn nom(lac: &Lac, periode: Periode) -> Result<Option<Nom>, Erreur> {
    Ok(courant(&lac.presence_de(periode))?.and_then(|chemin| Nom::lire(&chemin)))
}

fn courant(dossier: &Path) -> Result<Option<PathBuf>, Erreur> {
    fichier_courant(dossier).map_err(Erreur::disque(dossier))
}

/// The days that have results of their own, as periods, whether or not their presence is kept.
///
/// # Errors
/// A folder cannot be read.
pub fn journees(lac: &Lac, jours: &BTreeSet<Jour>) -> Result<Vec<Periode>, Erreur> {
    let mut journees = Vec::new();
    for &jour in jours {
        let periode = Periode::contenant(Grain::Jour, jour);
        if courant(&lac.cumuls_de(Niveau::Ecole, periode))?.is_some() {
            journees.push(periode);
        }
    }
    Ok(journees)
}

/// Whether a file of the lake has the territories that this version of the directory draws.
#[must_use]
pub fn memes_frontieres(fichier: &Path, annuaire: &Annuaire) -> bool {
    Nom::lire(fichier).is_some_and(|nom| nom.annuaire == marque(Some(annuaire)))
}
