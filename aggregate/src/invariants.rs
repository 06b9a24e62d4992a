//! What any set of cells must satisfy, numbered, whatever the events: I1 to I7 are checked after
//! each count in debug builds, I1 to I6 by `frequent verify` on the tables that it samples, all by
//! tests.
//!
//! | | |
//! |---|---|
//! | I1 | the members of `appareil`, `os`, `navigateur`, `heure` and `tranche_duree` add up to `total` in visits, durations and events |
//! | I2 | the members of `service`, and those of `type`, add up to `total` in durations and events |
//! | I3 | in every cell, 1 ≤ users ≤ visits ≤ events, and no duration is negative |
//! | I4 | `TOUS` is the sum of the profiles in visits, durations and events, at least the greatest and at most the sum in users |
//! | I5 | no member has more visits or users than `total` |
//! | I6 | the tools have together no more events and duration than TIERS, each no more visits or users |
//! | I7 | a territory is the sum of its schools in visits, durations and events, at least the greatest and at most the sum in users |
//! | I8 | a period is the sum of its days in visits, durations and events, at least the greatest and at most the sum in users |

use std::collections::BTreeMap;

use frequent_plan::vocabulaire::{MEMBRE_TOTAL, TOUS_PROFILS};
use frequent_plan::{Axe, TypeService};

use crate::comptes::Mesures;
use crate::reference::{Cellules, CleCellule};

/// Cells that contradict an invariant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invariant {numero} contredit : {detail}")]
pub struct Contradiction {
    /// Which, as the table of this module numbers them.
    pub numero: &'static str,
    /// Where.
    pub detail: String,
}

/// Checks I1 to I6 on the cells of a level and period.
///
/// # Errors
/// The first contradiction.
pub fn verifier(cellules: &Cellules) -> Result<(), Contradiction> {
    let mut profils: BTreeMap<(&str, &str), Vec<(&CleCellule, &Mesures)>> = BTreeMap::new();
    for cellule in cellules {
        profils
            .entry((&cellule.0.code, &cellule.0.profil))
            .or_default()
            .push(cellule);
    }
    for ((code, profil), siennes) in profils {
        let ou = || format!("{code}, {profil}");
        let total = siennes
            .iter()
            .find(|(cle, _)| cle.axe == Axe::Total.code() && cle.membre == MEMBRE_TOTAL)
            .ok_or_else(|| contradiction("I1", format!("{}, sans total", ou())))?
            .1;
        verifier_axes(&siennes, total, &ou)?;
    }
    verifier_tous(cellules)
}

fn verifier_axes(
    siennes: &[(&CleCellule, &Mesures)],
    total: &Mesures,
    ou: &dyn Fn() -> String,
) -> Result<(), Contradiction> {
    for &axe in Axe::TOUS {
        let membres = || {
            siennes
                .iter()
                .filter(|(cle, _)| cle.axe == axe.code())
                .map(|(_, m)| **m)
        };
        let faute = |numero| contradiction(numero, format!("{}, {axe}", ou()));
        for m in membres() {
            let ordre =
                1 <= m.utilisateurs && m.utilisateurs <= m.visites && m.visites <= m.evenements;
            if !ordre || m.duree_ms < 0 {
                return Err(faute("I3"));
            }
            if m.visites > total.visites || m.utilisateurs > total.utilisateurs {
                return Err(faute("I5"));
            }
        }
        let somme = somme(membres());
        match axe {
            Axe::Service | Axe::Type => {
                if (somme.duree_ms, somme.evenements) != (total.duree_ms, total.evenements) {
                    return Err(faute("I2"));
                }
            }
            Axe::Outil => {
                let tiers = siennes.iter().find(|(cle, _)| {
                    cle.axe == Axe::Type.code() && cle.membre == TypeService::Tiers.code()
                });
                let tiers = tiers.map(|(_, m)| **m).unwrap_or_default();
                let trop =
                    |m: Mesures| m.visites > tiers.visites || m.utilisateurs > tiers.utilisateurs;
                let ensemble =
                    somme.evenements > tiers.evenements || somme.duree_ms > tiers.duree_ms;
                if ensemble || membres().any(trop) {
                    return Err(faute("I6"));
                }
            }
            _ => {
                if !s_ajoutent(&somme, total) {
                    return Err(faute("I1"));
                }
            }
        }
    }
    Ok(())
}

fn verifier_tous(cellules: &Cellules) -> Result<(), Contradiction> {
    let mut tous = Cellules::new();
    let mut profils: BTreeMap<CleCellule, Vec<Mesures>> = BTreeMap::new();
    for (cle, mesures) in cellules {
        let ensemble = CleCellule {
            profil: TOUS_PROFILS.to_owned(),
            ..cle.clone()
        };
        if cle.profil == TOUS_PROFILS {
            tous.insert(ensemble, *mesures);
        } else {
            profils.entry(ensemble).or_default().push(*mesures);
        }
    }
    comparer("I4", &tous, &profils)
}

/// Checks I7: `code` is the territory of each school.
///
/// # Errors
/// The first contradiction.
pub fn verifier_niveau(
    territoires: &Cellules,
    ecoles: &Cellules,
    code: impl Fn(&str) -> Option<String>,
) -> Result<(), Contradiction> {
    let mut parts: BTreeMap<CleCellule, Vec<Mesures>> = BTreeMap::new();
    for (cle, mesures) in ecoles {
        if let Some(code) = code(&cle.code) {
            parts
                .entry(CleCellule {
                    code,
                    ..cle.clone()
                })
                .or_default()
                .push(*mesures);
        }
    }
    comparer("I7", territoires, &parts)
}

/// Checks I8 on the schools of a period and of each of its days.
///
/// # Errors
/// The first contradiction.
pub fn verifier_periode(periode: &Cellules, jours: &[Cellules]) -> Result<(), Contradiction> {
    let mut parts: BTreeMap<CleCellule, Vec<Mesures>> = BTreeMap::new();
    for (cle, mesures) in jours.iter().flatten() {
        parts.entry(cle.clone()).or_default().push(*mesures);
    }
    comparer("I8", periode, &parts)
}

/// Whether each whole is what its parts allow, and nothing else is there.
fn comparer(
    numero: &'static str,
    touts: &Cellules,
    parts: &BTreeMap<CleCellule, Vec<Mesures>>,
) -> Result<(), Contradiction> {
    for (cle, parts) in parts {
        let tout = touts.get(cle).copied().unwrap_or_default();
        let somme = somme(parts.iter().copied());
        let max = parts
            .iter()
            .map(|p| p.utilisateurs)
            .max()
            .unwrap_or_default();
        let bornes = max..=somme.utilisateurs;
        if !s_ajoutent(&somme, &tout) || !bornes.contains(&tout.utilisateurs) {
            return Err(contradiction(numero, dire(cle)));
        }
    }
    match touts.keys().find(|cle| !parts.contains_key(cle)) {
        Some(cle) => Err(contradiction(numero, dire(cle))),
        None => Ok(()),
    }
}

fn somme(mesures: impl Iterator<Item = Mesures>) -> Mesures {
    mesures.fold(Mesures::default(), |mut somme, m| {
        somme.ajouter(&m);
        somme
    })
}

fn s_ajoutent(somme: &Mesures, tout: &Mesures) -> bool {
    let sans_personnes = |m: &Mesures| (m.visites, m.duree_ms, m.evenements);
    sans_personnes(somme) == sans_personnes(tout)
}

fn dire(cle: &CleCellule) -> String {
    format!("{}, {}, {}={}", cle.code, cle.profil, cle.axe, cle.membre)
}

fn contradiction(numero: &'static str, detail: String) -> Contradiction {
    Contradiction { numero, detail }
}

#[cfg(test)]
#[path = "invariants_tests.rs"]
mod tests;
