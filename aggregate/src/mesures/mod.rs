//! Exact measures over any days and any schools, asked for rather than stored: the elapsed days of
//! an unfinished month against as many days of the one before, a set of schools of one's own.
//!
//! Users come from presence, merged over the days; what adds up comes from stored cells. Where a
//! whole week or month lies within the days asked, its own merged tables are read instead of its
//! days', if they are made from the days' present contents. Only the pages that may hold the
//! schools are read.

mod periodes;
mod personnes;
mod sommes;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use frequent_plan::{Axe, Jour, Lac, Niveau, Plan, Uai};
use frequent_territory::Annuaire;
use rustc_hash::FxHashMap;

use crate::comptes::{Cube, Mesures};
use crate::erreur::Erreur;
use crate::etiquettes::Etiquettes;
use crate::membres::{Membres, TOUS, code_profil};
use crate::presence::NumeroUai;
use crate::relecture::{Textes, borne};
use crate::triee::Page;

pub use periodes::{couvrir, journees, memes_frontieres};

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub enum Lieux<'a> {
    /// These territories of a level, as this version of the directory draws them.
    Territoires {
        /// The directory.
        annuaire: &'a Annuaire,
        /// The level.
        niveau: Niveau,
        /// The codes.
        codes: &'a [&'a str],
    },
    /// Some schools, taken together.
    Ensemble(&'a BTreeSet<Uai>),
}

/// A measured cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CelluleMesuree {
    /// The rank of the territory's code among those asked; 0 for a set of schools.
    pub lieu: usize,
    /// The profile's code, or `TOUS`.
    pub profil: &'static str,
    /// The axis.
    pub axe: Axe,
    /// The member's code.
    pub membre: String,
    /// Its measures.
    pub mesures: Mesures,
}

/// Measures every profile, `TOUS` included, on these axes over these days; empty cells are left
/// out, days without any result count for nothing.
///
/// # Errors
/// A table cannot be read; [`Erreur::PresenceAbsente`] for a day whose presence is no longer kept.
pub fn mesurer(
    lac: &Lac,
    plan: &Plan,
    lieux: Lieux<'_>,
    jours: &BTreeSet<Jour>,
    axes: &[Axe],
    fils: NonZeroUsize,
) -> Result<Vec<CelluleMesuree>, Erreur> {
    let demande = Demande::new(lac, plan, lieux, axes, fils);
    let periodes = couvrir(lac, jours)?;
    let mut cubes = demande.utilisateurs(&periodes)?;
    demande.sommes(&periodes, &mut cubes)?;
    Ok(demande.cellules(&cubes))
}

/// The same over days whose presence is no longer kept, from the cells of each: what adds up is
/// exact, and users are only bounded from below, by the most that one cell alone shows. Such a bound
/// is for keeping small groups secret, never for showing.
///
/// # Errors
/// A table cannot be read.
pub fn additionner(
    lac: &Lac,
    plan: &Plan,
    lieux: Lieux<'_>,
    jours: &BTreeSet<Jour>,
    axes: &[Axe],
) -> Result<Vec<CelluleMesuree>, Erreur> {
    let demande = Demande::new(lac, plan, lieux, axes, NonZeroUsize::MIN);
    let cubes = demande.sommes_et_moins(&journees(lac, jours)?)?;
    Ok(demande.cellules(&cubes))
}

/// The rank of the place that each school belongs to.
fn ecoles(lieux: Lieux<'_>) -> FxHashMap<NumeroUai, u32> {
    match lieux {
        Lieux::Ensemble(ecoles) => ecoles.iter().map(|&uai| (uai.into(), 0)).collect(),
        Lieux::Territoires {
            niveau: Niveau::Ecole,
            codes,
            ..
        } => (0..)
            .zip(codes)
            .filter_map(|(rang, code)| Some((borne(code.as_bytes())?, rang)))
            .collect(),
        Lieux::Territoires {
            annuaire,
            niveau,
            codes,
        } => (0..)
            .zip(codes)
            .flat_map(|(rang, code)| {
                annuaire
                    .ecoles_de(niveau, code)
                    .map(move |ecole| (ecole.uai.into(), rang))
            })
            .collect(),
    }
}

/// Whether a page may hold one of these schools, given in order.
fn touche(ecoles: &[NumeroUai], page: &Page) -> bool {
    let (Some(min), Some(max)) = (borne(&page.min), borne(&page.max)) else {
        return true;
    };
    let premiere = ecoles.partition_point(|ecole| *ecole < min);
    ecoles.get(premiere).is_some_and(|ecole| *ecole <= max)
}

struct Demande<'a> {
    lac: &'a Lac,
    membres: Membres,
    etiquettes: Etiquettes,
    ecoles: FxHashMap<NumeroUai, u32>,
    lieux: Lieux<'a>,
    axes: &'a [Axe],
    fils: NonZeroUsize,
}

impl<'a> Demande<'a> {
    fn new(
        lac: &'a Lac,
        plan: &Plan,
        lieux: Lieux<'a>,
        axes: &'a [Axe],
        fils: NonZeroUsize,
    ) -> Self {
        Self {
            lac,
            membres: Membres::du_plan(plan),
            etiquettes: Etiquettes::new(),
            ecoles: ecoles(lieux),
            lieux,
            axes,
            fils,
        }
    }

    /// The rank of a school's place.
    fn lieu(&self, ecole: NumeroUai) -> Option<u32> {
        self.ecoles.get(&ecole).copied()
    }

    /// How many places there are.
    fn nombre(&self) -> usize {
        match self.lieux {
            Lieux::Territoires { codes, .. } => codes.len(),
            Lieux::Ensemble(_) => 1,
        }
    }

    /// Null counts for each place.
    fn cubes(&self) -> Vec<Cube> {
        vec![Cube::default(); self.nombre()]
    }

    /// The counts of each place, from those of several threads.
    fn reunir(&self, parts: impl Iterator<Item = Vec<Cube>>) -> Vec<Cube> {
        let mut cubes = self.cubes();
        for part in parts {
            for (cube, autre) in cubes.iter_mut().zip(&part) {
                cube.ajouter(autre);
            }
        }
        cubes
    }

    /// What the texts of cells mean.
    fn textes(&self) -> Textes<'_> {
        Textes {
            membres: &self.membres,
            etiquettes: &self.etiquettes,
        }
    }

    /// The schools, in order.
    fn triees(&self) -> Vec<NumeroUai> {
        let mut ecoles: Vec<NumeroUai> = self.ecoles.keys().copied().collect();
        ecoles.sort_unstable();
        ecoles
    }

    fn cellules(&self, cubes: &[Cube]) -> Vec<CelluleMesuree> {
        let mut cellules = Vec::new();
        for (lieu, cube) in cubes.iter().enumerate() {
            for (axe, positions) in self
                .membres
                .axes()
                .iter()
                .filter(|(a, _)| self.axes.contains(a))
            {
                for profil in 0..=TOUS {
                    let Some(comptes) = cube.comptes(profil) else {
                        continue;
                    };
                    let mut pousser = |membre: String, mesures: Mesures| {
                        if mesures.visites > 0 {
                            let profil = code_profil(profil);
                            cellules.push(CelluleMesuree {
                                lieu,
                                profil,
                                axe: *axe,
                                membre,
                                mesures,
                            });
                        }
                    };
                    for &position in positions {
                        pousser(
                            self.membres.code(position).to_owned(),
                            comptes.fermes[position],
                        );
                    }
                    if *axe == Axe::Outil {
                        let outils: BTreeMap<_, _> = comptes
                            .outils
                            .iter()
                            .map(|(outil, mesures)| (self.etiquettes.libelle(*outil), *mesures))
                            .collect();
                        for (libelle, mesures) in outils {
                            pousser(libelle.to_string(), mesures);
                        }
                    }
                }
            }
        }
        cellules
    }
}
