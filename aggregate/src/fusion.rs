//! The period job: a week or a month from its days, a school year from its months, and a day from
//! itself when only the directory changed.
//!
//! Presence is merged by OR-ing the rows of one person in one school under one profile; visits,
//! durations and events add up; users are counted again from the merged presence. Territories are
//! those of the period's end, so their cells come from the schools, not from the days' cells.

use std::collections::BTreeMap;
use std::ops::Range;

use frequent_plan::{Axe, Jour, Niveau, Periode};
use rustc_hash::FxHashMap;

use crate::colonnes::Membre;
use crate::comptes::{Cube, Mesures};
use crate::erreur::Erreur;
use crate::etiquettes::Etiquettes;
use crate::lecture::ECOLES_PAR_TRANCHE;
use crate::membres::TOUS;
use crate::ouvrage::{Moyens, Ouvrage, Source, Tranche};
use crate::parallele::chacune;
use crate::presence::{NumeroUai, Presence};
use crate::publication::Marque;
use crate::relecture::{self, Textes, borne, touche};
use crate::territoires::Rattachements;
use crate::triee::TableTriee;

/// Rows of presence merged at a time by a thread: some MiB, and some tens of schools.
const LIGNES_PAR_PART: usize = 1 << 17;

/// The tables of one component of a period.
struct Composant {
    presence: TableTriee,
    ecoles: TableTriee,
}

/// Merges the results of these periods into those of `periode` and publishes them.
pub(crate) fn fusionner(
    moyens: Moyens<'_>,
    periode: Periode,
    composants: &[Periode],
    jours: &[Jour],
    rattachements: &Rattachements,
    source: Source,
) -> Result<Marque, Erreur> {
    let composants = chacune(moyens.fils, composants.to_vec(), |c| ouvrir(moyens, c))?;
    let mut ouvrage = Ouvrage::commencer(moyens, periode, rattachements)?;
    let mut parts = parts(&composants).into_iter().peekable();
    while parts.peek().is_some() {
        let vague: Vec<_> = parts.by_ref().take(2 * moyens.fils.get()).collect();
        let tranches = chacune(moyens.fils, vague, |ecoles| {
            fusionner_part(moyens, &composants, &ecoles)
        })?;
        ouvrage.recevoir(tranches.into_iter().flatten().collect())?;
    }
    ouvrage.terminer(source, jours)
}

fn ouvrir(moyens: Moyens<'_>, periode: Periode) -> Result<Composant, Erreur> {
    let table = |dossier: std::path::PathBuf| {
        let absente = || Erreur::disque(&dossier)(std::io::ErrorKind::NotFound.into());
        TableTriee::courante(&dossier)?.ok_or_else(absente)
    };
    Ok(Composant {
        presence: table(moyens.lac.presence_de(periode))?,
        ecoles: table(moyens.lac.cumuls_de(Niveau::Ecole, periode))?,
    })
}

/// Cuts the schools into ranges of about as many rows, ending where the day job's ranges end.
fn parts(composants: &[Composant]) -> Vec<Range<NumeroUai>> {
    let mut lignes: BTreeMap<u32, usize> = BTreeMap::new();
    for page in composants.iter().flat_map(|c| c.presence.pages()) {
        let tranche = borne(&page.min).map_or(0, |ecole| ecole.0 / ECOLES_PAR_TRANCHE);
        *lignes.entry(tranche).or_default() += page.lignes;
    }
    let mut debuts = vec![0];
    let mut cumul = 0;
    for (tranche, nombre) in lignes {
        if cumul >= LIGNES_PAR_PART {
            debuts.push(tranche * ECOLES_PAR_TRANCHE);
            cumul = 0;
        }
        cumul += nombre;
    }
    let fins = debuts.iter().skip(1).copied().chain([u32::MAX]);
    debuts
        .iter()
        .copied()
        .zip(fins)
        .map(|(d, f)| NumeroUai(d)..NumeroUai(f))
        .collect()
}

fn fusionner_part(
    moyens: Moyens<'_>,
    composants: &[Composant],
    ecoles: &Range<NumeroUai>,
) -> Result<Vec<Tranche>, Erreur> {
    let Moyens {
        membres,
        etiquettes,
        ..
    } = moyens;
    let mut presences = Vec::new();
    let mut cubes: FxHashMap<NumeroUai, Cube> = FxHashMap::default();
    let retenir = |page: &_| touche(page, ecoles);
    let numero = |ecole: NumeroUai| ecoles.contains(&ecole).then_some(ecole.0);
    for composant in composants {
        let gardees = &mut presences;
        let garder = |p| gardees.push(p);
        let presence = &composant.presence;
        relecture::presences(presence, retenir, numero, Axe::TOUS, etiquettes, garder)?;
        relecture::cellules(
            &composant.ecoles,
            retenir,
            |code| numero(borne(code.as_bytes())?),
            |_| true,
            Textes {
                membres,
                etiquettes,
            },
            |ecole, profil, _, membre, mesures| {
                if profil != TOUS {
                    sommer(
                        cubes.entry(NumeroUai(ecole)).or_default(),
                        profil,
                        membre,
                        mesures,
                    );
                }
            },
        )?;
    }
    unir(&mut presences, etiquettes);
    let mut tranches = Vec::new();
    for tranche in
        presences.chunk_by(|a, b| a.uai.0 / ECOLES_PAR_TRANCHE == b.uai.0 / ECOLES_PAR_TRANCHE)
    {
        let mut comptee = Tranche::default();
        for ecole in tranche.chunk_by(|a, b| a.uai == b.uai) {
            let cube = cubes.remove(&ecole[0].uai).unwrap_or_default();
            comptee.ajouter(ecole[0].uai, cube, ecole, membres, etiquettes);
        }
        tranches.push(comptee);
    }
    Ok(tranches)
}

/// Adds what adds up; users are counted from presence.
pub(crate) fn sommer(cube: &mut Cube, profil: usize, membre: Membre, mesures: Mesures) {
    let sommes = Mesures {
        utilisateurs: 0,
        ..mesures
    };
    let comptes = cube.profil(profil);
    match membre {
        Membre::Ferme(position) => comptes.fermes[position].ajouter(&sommes),
        Membre::Outil(outil) => comptes.outils.entry(outil).or_default().ajouter(&sommes),
    }
}

/// Leaves one row a (school, profile, person), in order.
pub(crate) fn unir(presences: &mut Vec<Presence>, etiquettes: &Etiquettes) {
    // Stable on purpose: it takes advantage of the runs that the components are.
    presences.sort_by_key(Presence::cle);
    presences.dedup_by(|autre, gardee| {
        let la_meme = autre.cle() == gardee.cle();
        if la_meme {
            gardee.unir(autre, etiquettes);
        }
        la_meme
    });
}
