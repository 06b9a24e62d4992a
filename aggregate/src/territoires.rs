//! From schools to the territories above them.

use std::num::NonZeroUsize;
use std::path::Path;

use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::Annuaire;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::colonnes::{Cellules, Membre};
use crate::comptes::Cube;
use crate::erreur::Erreur;
use crate::etiquettes::Etiquettes;
use crate::membres::{PROFILS, TOUS};
use crate::parallele::{chacune, partager};
use crate::presence::{NumeroUai, Presence};
use crate::publication::Marque;
use crate::recoupement::Excedent;
use crate::seaux::{Recolte, Seaux};

/// The levels above the school.
pub(crate) const SUPERIEURS: [Niveau; 6] = [
    Niveau::Circonscription,
    Niveau::Commune,
    Niveau::Departement,
    Niveau::Academie,
    Niveau::Region,
    Niveau::National,
];

/// Buckets of persons: some thousand rows of presence each on a busy day, sorted in cache.
const SEAUX_PERSONNES: u64 = 512;

/// The rank of a territory among those of its level, in the order of codes.
type Rang = u32;
/// No territory of that level: a collège has no circonscription.
const SANS: Rang = Rang::MAX;

/// Which territories each school is in, by one version of the directory.
#[derive(Debug)]
pub(crate) struct Rattachements {
    validite: Option<Jour>,
    marque: Marque,
    codes: [Vec<String>; SUPERIEURS.len()],
    par_ecole: FxHashMap<NumeroUai, [Rang; SUPERIEURS.len()]>,
}

impl Rattachements {
    /// The territories of this version; without a directory, every school is unknown.
    pub(crate) fn de(annuaire: Option<&Annuaire>) -> Self {
        let mut rattachements = Self {
            validite: annuaire.map(Annuaire::validite),
            marque: marque(annuaire),
            codes: Default::default(),
            par_ecole: FxHashMap::default(),
        };
        let Some(annuaire) = annuaire else {
            return rattachements;
        };
        let uais: Vec<Uai> = annuaire.ecoles().map(|ecole| ecole.uai).collect();
        for (place, niveau) in SUPERIEURS.into_iter().enumerate() {
            let codes = &mut rattachements.codes[place];
            codes.extend(
                uais.iter()
                    .filter_map(|&u| annuaire.code(u, niveau))
                    .map(str::to_owned),
            );
            codes.sort_unstable();
            codes.dedup();
            for &uai in &uais {
                let rang = annuaire.code(uai, niveau).and_then(|code| {
                    let rang = codes.binary_search_by(|c| c.as_str().cmp(code)).ok()?;
                    Rang::try_from(rang).ok()
                });
                let rangs = rattachements
                    .par_ecole
                    .entry(uai.into())
                    .or_insert([SANS; 6]);
                rangs[place] = rang.unwrap_or(SANS);
            }
        }
        rattachements
    }

    /// What distinguishes this version from one that would give other cells.
    pub(crate) fn marque(&self) -> Marque {
        self.marque
    }

    /// The version's date of validity, as files' metadata give it; empty without a directory.
    pub(crate) fn version(&self) -> String {
        self.validite.map(|v| v.to_string()).unwrap_or_default()
    }

    /// The code of a school's territory at the level of this place in [`SUPERIEURS`].
    pub(crate) fn code(&self, place: usize, ecole: NumeroUai) -> Option<&str> {
        Some(self.codes[place][self.rang(place, ecole)?].as_str())
    }

    fn rang(&self, place: usize, ecole: NumeroUai) -> Option<usize> {
        let rang = self.par_ecole.get(&ecole)?[place];
        (rang != SANS).then_some(rang as usize)
    }
}

/// The digest of a directory's territories and its date: the date is written in every file.
pub(crate) fn marque(annuaire: Option<&Annuaire>) -> Marque {
    let mut condense = Sha256::new();
    if let Some(annuaire) = annuaire {
        condense.update(annuaire.validite().to_string());
        condense.update(annuaire.empreinte());
    }
    Marque::de_condense(&condense.finalize().into())
}

/// The counts of every territory above the schools, while schools are being counted.
#[derive(Debug)]
pub(crate) struct Territoires<'a> {
    rattachements: &'a Rattachements,
    etiquettes: &'a Etiquettes,
    fils: NonZeroUsize,
    cubes: [Vec<Option<Cube>>; SUPERIEURS.len()],
    /// Presence by person, to find those seen in several places.
    personnes: Seaux<Presence>,
}

impl<'a> Territoires<'a> {
    /// No school yet; at most `presences_en_memoire` rows of presence in memory, the others in
    /// `debordement`.
    pub(crate) fn new(
        rattachements: &'a Rattachements,
        etiquettes: &'a Etiquettes,
        fils: NonZeroUsize,
        debordement: &Path,
        presences_en_memoire: usize,
    ) -> Self {
        let cubes = std::array::from_fn(|place| {
            let mut cubes = Vec::new();
            cubes.resize_with(rattachements.codes[place].len(), || None);
            cubes
        });
        Self {
            rattachements,
            etiquettes,
            fils,
            cubes,
            personnes: Seaux::new(debordement, presences_en_memoire),
        }
    }

    /// Adds schools: their cells, whose codes are those of `ecoles` in order, and their presence.
    pub(crate) fn ajouter(
        &mut self,
        parts: &[(&[NumeroUai], &Cellules, &[Presence])],
    ) -> Result<(), Erreur> {
        let rattachements = self.rattachements;
        let niveaux: Vec<_> = self.cubes.iter_mut().enumerate().collect();
        chacune(self.fils, niveaux, |(place, cubes)| {
            for (ecoles, cellules, _) in parts {
                ajouter_niveau(cubes, cellules, |ecole| {
                    rattachements.rang(place, ecoles[ecole])
                });
            }
            Ok::<_, Erreur>(())
        })?;
        for presence in parts.iter().flat_map(|(_, _, presences)| *presences) {
            // A school unknown to the directory is in no territory.
            if rattachements.par_ecole.contains_key(&presence.uai) {
                self.personnes.pousser(seau(presence.visiteur), *presence)?;
            }
        }
        Ok(())
    }

    /// The cubes of each level's territories in the order of codes, `TOUS` and users exact.
    pub(crate) fn terminer(self) -> Result<[Vec<(&'a str, Cube)>; SUPERIEURS.len()], Erreur> {
        let Self {
            rattachements,
            etiquettes,
            fils,
            mut cubes,
            personnes,
        } = self;
        let niveaux = cubes.iter_mut().collect();
        chacune(fils, niveaux, |niveau: &mut Vec<Option<Cube>>| {
            niveau.iter_mut().flatten().for_each(Cube::totaliser);
            Ok::<_, Erreur>(())
        })?;
        let personnes = Recolte::new(vec![personnes]);
        let seaux = personnes
            .tailles()
            .into_iter()
            .map(|(seau, _)| seau)
            .collect();
        let parts = partager(fils, seaux, Exces::default, |exces, _, seau| {
            let mut presences = personnes.valeurs(seau)?;
            presences.sort_unstable_by_key(|p| (p.visiteur, p.uai, p.profil));
            for personne in presences.chunk_by(|a, b| a.visiteur == b.visiteur) {
                if personne.len() > 1 {
                    exces.compter(personne, rattachements, etiquettes);
                }
            }
            Ok::<_, Erreur>(())
        })?;
        for ((place, rang), exces) in parts.into_iter().flat_map(|e| e.0) {
            if let Some(territoire) = &mut cubes[place][rang] {
                territoire.ajouter(&exces);
            }
        }
        let mut places = 0..;
        Ok(cubes.map(|niveau| {
            let codes = &rattachements.codes[places.next().unwrap_or_default()];
            let presents = codes.iter().zip(niveau);
            presents
                .filter_map(|(code, cube)| Some((code.as_str(), cube?)))
                .collect()
        }))
    }
}

fn seau(visiteur: u64) -> usize {
    (visiteur % SEAUX_PERSONNES) as usize
}

fn ajouter_niveau(
    cubes: &mut [Option<Cube>],
    cellules: &Cellules,
    rang: impl Fn(usize) -> Option<usize>,
) {
    let (mut ecole_en_cours, mut rang_en_cours) = (None, None);
    for (ecole, profil, membre, mesures) in cellules.iter() {
        if profil == TOUS {
            continue;
        }
        if ecole_en_cours != Some(ecole) {
            ecole_en_cours = Some(ecole);
            rang_en_cours = rang(ecole);
        }
        let Some(rang) = rang_en_cours else {
            continue;
        };
        let comptes = cubes[rang].get_or_insert_default().profil(profil);
        match membre {
            Membre::Ferme(position) => comptes.fermes[position].ajouter(&mesures),
            Membre::Outil(outil) => comptes.outils.entry(outil).or_default().ajouter(&mesures),
        }
    }
}

/// What persons seen in several places are counted too much, as negative users, by level's place
/// and territory's rank.
#[derive(Debug, Default)]
struct Exces(FxHashMap<(usize, usize), Cube>);

impl Exces {
    /// Adds one person, whose rows of presence are given by school.
    fn compter(
        &mut self,
        personne: &[Presence],
        rattachements: &Rattachements,
        etiquettes: &Etiquettes,
    ) {
        let mut rangs: Vec<(usize, &Presence)> = Vec::with_capacity(personne.len());
        for place in 0..SUPERIEURS.len() {
            rangs.clear();
            rangs.extend(
                personne
                    .iter()
                    .filter_map(|p| Some((rattachements.rang(place, p.uai)?, p))),
            );
            rangs.sort_by_key(|(rang, _)| *rang);
            for territoire in rangs.chunk_by(|a, b| a.0 == b.0).filter(|t| t.len() > 1) {
                let cube = self.0.entry((place, territoire[0].0)).or_default();
                let presences = || territoire.iter().map(|(_, presence)| *presence);
                Excedent::de(presences(), etiquettes).retirer(cube, TOUS);
                for profil in 0..PROFILS {
                    let siennes = presences().filter(|p| usize::from(p.profil) == profil);
                    if siennes.clone().count() > 1 {
                        Excedent::de(siennes, etiquettes).retirer(cube, profil);
                    }
                }
            }
        }
    }
}
