//! Territories of every level, derived from the schools that are in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use frequent_plan::Niveau;
use frequent_plan::vocabulaire::CODE_NATIONAL;

use crate::ecole::{CodeNom, Ecole};

/// The name of the level `national`'s only territory.
pub const NOM_NATIONAL: &str = "France";

/// The levels above a school, widest first. A commune and a circonscription cross each other:
/// neither is above the other.
const AU_DESSUS: [Niveau; 6] = [
    Niveau::National,
    Niveau::Region,
    Niveau::Academie,
    Niveau::Departement,
    Niveau::Circonscription,
    Niveau::Commune,
];

/// A territory of any level, the school included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territoire {
    /// Its level.
    pub niveau: Niveau,
    /// Its code at that level.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// What it lies in, the country first, the nearest last. A territory that straddles two
    /// départements lies in the one where most of its schools are.
    pub ancetres: Vec<(Niveau, Arc<CodeNom>)>,
}

/// How many levels, from the country down, a territory of this level may lie in.
const fn profondeur(niveau: Niveau) -> usize {
    match niveau {
        Niveau::National => 0,
        Niveau::Region => 1,
        Niveau::Academie => 2,
        Niveau::Departement => 3,
        Niveau::Circonscription | Niveau::Commune => 4,
        Niveau::Ecole => AU_DESSUS.len(),
    }
}

/// Every territory of these schools, sorted by (level, code).
#[must_use]
pub fn deriver(ecoles: &[Ecole]) -> Vec<Territoire> {
    let national = Arc::new(CodeNom {
        code: CODE_NATIONAL.to_owned(),
        nom: NOM_NATIONAL.to_owned(),
    });
    let mut territoires = Vec::new();
    for &niveau in Niveau::TOUS {
        if niveau == Niveau::Ecole {
            territoires.extend(ecoles.iter().map(|ecole| Territoire {
                niveau,
                code: ecole.uai.to_string(),
                nom: ecole.nom.clone(),
                ancetres: ancetres(niveau, ecole, &national),
            }));
        } else if niveau == Niveau::National {
            territoires.extend((!ecoles.is_empty()).then(|| Territoire {
                niveau,
                code: national.code.clone(),
                nom: national.nom.clone(),
                ancetres: Vec::new(),
            }));
        } else {
            territoires.extend(du_niveau(niveau, ecoles, &national));
        }
    }
    territoires.sort_by(|a, b| (a.niveau, &a.code).cmp(&(b.niveau, &b.code)));
    territoires
}

fn du_niveau(niveau: Niveau, ecoles: &[Ecole], national: &Arc<CodeNom>) -> Vec<Territoire> {
    let mut par_code: BTreeMap<&str, Vec<&Ecole>> = BTreeMap::new();
    for ecole in ecoles {
        if let Some(territoire) = ecole.territoire(niveau) {
            par_code.entry(&territoire.code).or_default().push(ecole);
        }
    }
    par_code
        .into_iter()
        .filter_map(|(code, membres)| {
            let representante = representante(&membres)?;
            Some(Territoire {
                niveau,
                code: code.to_owned(),
                nom: representante.territoire(niveau)?.nom.clone(),
                ancetres: ancetres(niveau, representante, national),
            })
        })
        .collect()
}

/// The first school of the département that has most of the members.
fn representante<'a>(membres: &[&'a Ecole]) -> Option<&'a Ecole> {
    let mut par_departement: BTreeMap<&str, (usize, &Ecole)> = BTreeMap::new();
    for ecole in membres {
        par_departement
            .entry(&ecole.departement.code)
            .or_insert((0, ecole))
            .0 += 1;
    }
    let (_, ecole) = par_departement
        .into_values()
        .reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    Some(ecole)
}

fn ancetres(niveau: Niveau, ecole: &Ecole, national: &Arc<CodeNom>) -> Vec<(Niveau, Arc<CodeNom>)> {
    AU_DESSUS[..profondeur(niveau)]
        .iter()
        .filter_map(|&au_dessus| {
            let territoire = match au_dessus {
                Niveau::National => national,
                autre => ecole.territoire(autre)?,
            };
            Some((au_dessus, Arc::clone(territoire)))
        })
        .collect()
}
