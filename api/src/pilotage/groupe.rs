//! The peers of a school: those that it can honestly be set beside.

use std::sync::Arc;

use frequent_plan::{Niveau, Uai};
use frequent_territory::pilotage::TrancheEffectif;
use frequent_territory::{Annuaire, CodeNom, Ecole, Etat, Secteur};

/// Fewest peers of which something is said.
pub(crate) const PAIRS_MIN: usize = 8;

/// A school's peers, itself left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Groupe {
    /// `Ecole`, `Collège`…
    pub(crate) type_etablissement: String,
    /// The band of the number of pupils; none where it is not known.
    pub(crate) tranche: Option<TrancheEffectif>,
    /// Public or private.
    pub(crate) secteur: Secteur,
    /// The narrowest territory that has enough of them, or the widest.
    pub(crate) territoire: (Niveau, Arc<CodeNom>),
    /// The schools, by UAI.
    pub(crate) ecoles: Vec<Uai>,
}

/// The open schools of the same type, size band and sector, in the département, else the académie,
/// else the region, whichever first has [`PAIRS_MIN`] of them. `admise` says which can be measured.
pub(crate) fn pairs(
    annuaire: &Annuaire,
    ecole: &Ecole,
    eleves: impl Fn(&Ecole) -> Option<u64>,
    admise: impl Fn(Uai) -> bool,
) -> Groupe {
    let tranche = |ecole: &Ecole| eleves(ecole).map(TrancheEffectif::de);
    let sienne = tranche(ecole);
    let paire = |autre: &&Ecole| {
        autre.uai != ecole.uai
            && autre.etat != Etat::Ferme
            && autre.type_etablissement == ecole.type_etablissement
            && autre.secteur == ecole.secteur
            && tranche(autre) == sienne
            && admise(autre.uai)
    };
    let dans = |(niveau, territoire): (Niveau, &Arc<CodeNom>)| {
        let ecoles = annuaire.ecoles_de(niveau, &territoire.code);
        Groupe {
            type_etablissement: ecole.type_etablissement.clone(),
            tranche: sienne,
            secteur: ecole.secteur,
            territoire: (niveau, Arc::clone(territoire)),
            ecoles: ecoles.filter(paire).map(|e| e.uai).collect(),
        }
    };
    let proches = [
        (Niveau::Departement, &ecole.departement),
        (Niveau::Academie, &ecole.academie),
    ];
    let mut groupes = proches.into_iter().map(&dans);
    groupes
        .find(|groupe| groupe.ecoles.len() >= PAIRS_MIN)
        .unwrap_or_else(|| dans((Niveau::Region, &ecole.region)))
}

#[cfg(test)]
#[path = "groupe_tests.rs"]
mod tests;
