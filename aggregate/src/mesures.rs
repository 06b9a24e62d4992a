//! Exact measures over any days and any schools, asked for rather than stored: the elapsed days of
//! an unfinished month against as many days of the one before, a set of schools of one's own.
//!
//! Users come from presence, merged over the days; what adds up comes from stored cells. Where a
//! whole week or month lies within the days asked, its own merged tables are read instead of its
//! days', if they are made from the days' present contents. Only the pages that may hold the
//! schools are read.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Lac, Niveau, Periode, Plan, Uai};
use frequent_territory::Annuaire;
use rustc_hash::FxHashMap;

use crate::agregation::source;
use crate::colonnes::Membre;
use crate::comptes::{Cube, Mesures};
use crate::erreur::Erreur;
use crate::etiquettes::Etiquettes;
use crate::fusion::{sommer, unir};
use crate::membres::{Membres, TOUS, code_profil};
use crate::parallele::{chacune, partager};
use crate::presence::{NumeroUai, Presence};
use crate::publication::{Nom, fichier_courant};
use crate::recoupement::compter_utilisateurs;
use crate::relecture::{self, borne};
use crate::territoires::marque;
use crate::triee::{Page, TableTriee};

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

/// Shares of the persons counted together: enough for each to be sorted in cache.
const PARTS: usize = 256;

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
    let demande = Demande {
        lac,
        membres: Membres::du_plan(plan),
        etiquettes: Etiquettes::new(),
        ecoles: ecoles(lieux),
        lieux,
        axes,
        fils,
    };
    let periodes = couvrir(lac, jours)?;
    let mut cubes = demande.utilisateurs(&periodes)?;
    demande.sommes(&periodes, &mut cubes)?;
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

/// The fewest periods that have results and make exactly these days.
fn couvrir(lac: &Lac, jours: &BTreeSet<Jour>) -> Result<Vec<Periode>, Erreur> {
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

/// Whether a page may hold one of these schools, given in order.
fn touche(ecoles: &[NumeroUai], page: &Page) -> bool {
    let (Some(min), Some(max)) = (borne(&page.min), borne(&page.max)) else {
        return true;
    };
    let premiere = ecoles.partition_point(|ecole| *ecole < min);
    ecoles.get(premiere).is_some_and(|ecole| *ecole <= max)
}

/// What a stored cell adds to a place: its rank, the profile's, the member, the measures.
type Somme = (u32, usize, Membre, Mesures);

struct Demande<'a> {
    lac: &'a Lac,
    membres: Membres,
    etiquettes: Etiquettes,
    ecoles: FxHashMap<NumeroUai, u32>,
    lieux: Lieux<'a>,
    axes: &'a [Axe],
    fils: NonZeroUsize,
}

impl Demande<'_> {
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

    /// The schools, in order.
    fn triees(&self) -> Vec<NumeroUai> {
        let mut ecoles: Vec<NumeroUai> = self.ecoles.keys().copied().collect();
        ecoles.sort_unstable();
        ecoles
    }

    /// The users of each place, from presence.
    fn utilisateurs(&self, periodes: &[Periode]) -> Result<Vec<Cube>, Erreur> {
        let bornes = self.triees();
        let mut taches = Vec::new();
        for &periode in periodes {
            if let Some(table) = TableTriee::courante(&self.lac.presence_de(periode))? {
                let table = Arc::new(table);
                let mut groupes: Vec<usize> = table.pages().iter().map(|p| p.groupe).collect();
                groupes.dedup();
                taches.extend(groupes.into_iter().map(|g| (Arc::clone(&table), g)));
            }
        }
        let parts = partager(
            self.fils,
            taches,
            || vec![Vec::new(); PARTS],
            |parts: &mut Vec<Vec<Presence>>, _, (table, groupe)| {
                let retenir = |page: &Page| page.groupe == groupe && touche(&bornes, page);
                #[expect(clippy::cast_possible_truncation, reason = "below PARTS")]
                let prendre = |p: Presence| parts[(p.visiteur % PARTS as u64) as usize].push(p);
                let lieu = |ecole| self.lieu(ecole);
                if self.axes == [Axe::Total] {
                    relecture::personnes(&table, retenir, lieu, prendre)
                } else {
                    relecture::presences(&table, retenir, lieu, &self.etiquettes, prendre)
                }
            },
        )?;
        let mut par_part: Vec<Vec<Presence>> = vec![Vec::new(); PARTS];
        for part in parts {
            for (rang, presences) in part.into_iter().enumerate() {
                par_part[rang].extend(presences);
            }
        }
        let vides = || vec![Cube::default(); self.nombre()];
        let comptes = partager(self.fils, par_part, vides, |cubes, _, mut presences| {
            // Random pseudonyms have no runs for the stable sort of `unir` to find.
            presences.sort_unstable_by_key(Presence::cle);
            unir(&mut presences, &self.etiquettes);
            for lieu in presences.chunk_by(|a, b| a.uai == b.uai) {
                let mut cube = Cube::default();
                compter_utilisateurs(lieu, &self.etiquettes, &mut cube);
                cubes[lieu[0].uai.0 as usize].ajouter(&cube);
            }
            Ok::<_, Erreur>(())
        })?;
        let mut cubes = vides();
        for part in comptes {
            for (cube, autre) in cubes.iter_mut().zip(&part) {
                cube.ajouter(autre);
            }
        }
        Ok(cubes)
    }

    /// Adds what adds up, from the cells of the periods.
    fn sommes(&self, periodes: &[Periode], cubes: &mut [Cube]) -> Result<(), Erreur> {
        let lues = chacune(self.fils, periodes.to_vec(), |periode| {
            self.sommes_de(periode)
        })?;
        for (lieu, profil, membre, mesures) in lues.into_iter().flatten() {
            sommer(&mut cubes[lieu as usize], profil, membre, mesures);
        }
        Ok(())
    }

    /// The cells of the places over a period: their own, where the period's directory draws them
    /// as ours does, else those of their schools.
    fn sommes_de(&self, periode: Periode) -> Result<Vec<Somme>, Erreur> {
        let Self {
            membres,
            etiquettes,
            ..
        } = self;
        let mut lues = Vec::new();
        let prendre = |lieu, profil, axe, membre, mesures| {
            if self.axes.contains(&axe) {
                lues.push((lieu, profil, membre, mesures));
            }
        };
        if let Some((table, codes)) = self.propres(periode)? {
            let rangs: BTreeMap<&str, u32> = codes.iter().copied().zip(0..).collect();
            let retenir = |page: &Page| {
                codes
                    .iter()
                    .any(|code| (&*page.min..=&*page.max).contains(&code.as_bytes()))
            };
            let rang = |code: &str| rangs.get(code).copied();
            relecture::cellules(&table, retenir, rang, membres, etiquettes, prendre)?;
        } else if let Some(table) =
            TableTriee::courante(&self.lac.cumuls_de(Niveau::Ecole, periode))?
        {
            let bornes = self.triees();
            let retenir = |page: &Page| touche(&bornes, page);
            let lieu = |code: &str| self.lieu(borne(code.as_bytes())?);
            relecture::cellules(&table, retenir, lieu, membres, etiquettes, prendre)?;
        }
        Ok(lues)
    }

    /// The places' own cells over a period, if they are the territories of our directory.
    fn propres(&self, periode: Periode) -> Result<Option<(TableTriee, &[&str])>, Erreur> {
        let Lieux::Territoires {
            annuaire,
            niveau,
            codes,
        } = self.lieux
        else {
            return Ok(None);
        };
        if niveau == Niveau::Ecole {
            return Ok(None);
        }
        let table = TableTriee::courante(&self.lac.cumuls_de(niveau, periode))?;
        let la_meme = |table: &TableTriee| {
            Nom::lire(table.chemin()).is_some_and(|n| n.annuaire == marque(Some(annuaire)))
        };
        Ok(table.filter(la_meme).map(|table| (table, codes)))
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
