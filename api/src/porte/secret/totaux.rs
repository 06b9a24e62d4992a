//! Which totals are hidden, found from the small ones.
//!
//! A total is hidden as any figure is ([`Regles`]), but tables ask for those of every territory, of
//! week after week: here each small total says once which figures it hides, instead of each figure
//! looking for the small ones around it. What a period's small totals are depends on files and on
//! the directory alone, never on who asks, and is kept under their names.

use std::collections::BTreeSet;
use std::sync::Arc;

use frequent_plan::vocabulaire::MEMBRE_TOTAL;
use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Profil, Uai};
use frequent_territory::Annuaire;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::boite::boites;
use super::coins::Coins;
use super::masque::{Regles, Source};
use super::periodes::{Jours, JoursComptes};
use crate::donnees::{Cellule, LectureErreur, ProfilCellule, Sommaire};

/// Bytes of small totals kept in memory, and of hidden ones.
const MEMOIRE: u64 = 128 << 20;

/// Some profiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Profils(u8);

impl Profils {
    pub(super) fn ajouter(&mut self, profil: ProfilCellule) {
        self.0 |= Self::de(profil).0;
    }

    pub(super) fn contient(self, profil: ProfilCellule) -> bool {
        self.0 & Self::de(profil).0 != 0
    }

    fn de(profil: ProfilCellule) -> Self {
        const { assert!(Profil::TOUS.len() < 8) };
        Self(match profil {
            ProfilCellule::Tous => 1,
            ProfilCellule::Un(profil) => 2 << profil.rang(),
        })
    }
}

/// The small totals of one territory over a period: its two schools, and the profiles hidden of
/// every territory that holds one of the two.
#[derive(Debug)]
struct Petite {
    dedans: Uai,
    dehors: Option<Uai>,
    profils: Profils,
}

/// The small totals of a period, at every level.
#[derive(Debug)]
pub(super) struct Petites {
    /// A digest of what they were found from.
    empreinte: Empreinte,
    petites: Vec<Petite>,
}

/// The profiles hidden of territories, those with some only, by code.
#[derive(Debug, Default)]
pub(super) struct Masques(Vec<(Arc<str>, Profils)>);

impl Masques {
    /// The profiles hidden of a territory.
    #[cfg(test)]
    pub(super) fn de(&self, code: &str) -> Profils {
        let rang = self.0.binary_search_by(|(connu, _)| (**connu).cmp(code));
        rang.map_or(Profils::default(), |rang| self.0[rang].1)
    }

    /// The profiles hidden of some territories, asked in order.
    pub(super) fn suivre(&self) -> impl FnMut(&str) -> Profils {
        let mut reste = &self.0[..];
        move |code| {
            let avant = match reste.first() {
                Some((premier, _)) if **premier < *code => {
                    reste.partition_point(|(connu, _)| **connu < *code)
                }
                _ => 0,
            };
            reste = &reste[avant..];
            match reste.first() {
                Some((premier, profils)) if **premier == *code => *profils,
                _ => Profils::default(),
            }
        }
    }
}

/// A digest of all that something was made from.
pub(super) type Empreinte = [u8; 32];

/// What is kept, under the digest of what it was made from.
#[derive(Debug)]
pub(crate) struct Memoire {
    petites: Cache<Empreinte, Arc<Petites>, Octets>,
    masques: Cache<Empreinte, Arc<Masques>, Octets>,
}

#[derive(Debug, Clone)]
struct Octets;

impl Weighter<Empreinte, Arc<Petites>> for Octets {
    fn weight(&self, _: &Empreinte, petites: &Arc<Petites>) -> u64 {
        (petites.petites.len() * size_of::<Petite>() + 128) as u64
    }
}

impl Weighter<Empreinte, Arc<Masques>> for Octets {
    fn weight(&self, _: &Empreinte, masques: &Arc<Masques>) -> u64 {
        (masques.0.len() * size_of::<(Arc<str>, Profils)>() + 128) as u64
    }
}

impl Default for Memoire {
    fn default() -> Self {
        Self {
            petites: Cache::with_weighter(1_000, MEMOIRE, Octets),
            masques: Cache::with_weighter(1_000, MEMOIRE, Octets),
        }
    }
}

impl Regles {
    /// The profiles whose totals are hidden, of every territory of a level over a period.
    pub(super) fn totaux(
        &self,
        source: &impl Source,
        niveau: Niveau,
        periode: Periode,
    ) -> Result<Arc<Masques>, LectureErreur> {
        let comptes = source.jours()?;
        let annuaire = source.annuaire(periode);
        let voisines = comptes.voisines(periode).into_iter();
        let petites = voisines
            .map(|voisine| self.petites(source, &comptes, voisine))
            .collect::<Result<Vec<_>, _>>()?;
        let faire = || masques(niveau, annuaire.as_deref(), &petites);
        let Some(memoire) = source.memoire() else {
            return Ok(Arc::new(faire()));
        };
        let mut cle = Sha256::new();
        cle.update([niveau.rang()]);
        cle.update(annuaire.as_deref().map_or("", Annuaire::empreinte));
        for petites in &petites {
            cle.update(petites.empreinte);
        }
        let cle: Empreinte = cle.finalize().into();
        let faire = || Ok(Arc::new(faire()));
        memoire.masques.get_or_insert_with(&cle, faire)
    }

    /// The profiles whose totals over these days are hidden, of each set of schools.
    pub(super) fn totaux_libres(
        &self,
        source: &impl Source,
        lieux: &[&BTreeSet<Uai>],
        jours: &BTreeSet<Jour>,
    ) -> Result<Vec<Profils>, LectureErreur> {
        let mut masques = vec![Profils::default(); lieux.len()];
        let (Some(premier), Some(dernier)) = (jours.first(), jours.last()) else {
            return Ok(masques);
        };
        let mut lieux_de: FxHashMap<Uai, Vec<usize>> = FxHashMap::default();
        for (rang, ecoles) in lieux.iter().enumerate() {
            for uai in *ecoles {
                lieux_de.entry(*uai).or_default().push(rang);
            }
        }
        let comptes = source.jours()?;
        for voisine in comptes.separees((*premier, *dernier), |jour| jours.contains(&jour)) {
            for petite in &self.petites(source, &comptes, voisine)?.petites {
                let Petite {
                    dedans,
                    dehors,
                    profils,
                } = petite;
                let deux = [
                    (Some(dedans), dehors.as_ref()),
                    (dehors.as_ref(), Some(dedans)),
                ];
                for (une, autre) in deux {
                    let siens = une.and_then(|une| lieux_de.get(une)).into_iter().flatten();
                    for &rang in siens {
                        if !autre.is_some_and(|autre| lieux[rang].contains(autre)) {
                            masques[rang].0 |= profils.0;
                        }
                    }
                }
            }
        }
        Ok(masques)
    }

    fn petites(
        &self,
        source: &impl Source,
        comptes: &JoursComptes,
        periode: Periode,
    ) -> Result<Arc<Petites>, LectureErreur> {
        let Some(jours) = comptes.jours(periode) else {
            return Ok(Arc::new(Petites {
                empreinte: Empreinte::default(),
                petites: Vec::new(),
            }));
        };
        let empreinte = source.empreinte(periode, jours)?;
        let faire = || {
            Ok(Arc::new(Petites {
                empreinte,
                petites: self.chercher(source, periode, jours)?,
            }))
        };
        match source.memoire() {
            Some(memoire) => memoire.petites.get_or_insert_with(&empreinte, faire),
            None => faire(),
        }
    }

    /// The small totals of a period, and what each hides.
    fn chercher(
        &self,
        source: &impl Source,
        periode: Periode,
        jours: Jours,
    ) -> Result<Vec<Petite>, LectureErreur> {
        let paires = source.paires(periode)?;
        let jour = |jour| Periode::contenant(Grain::Jour, jour);
        let dedans = source.totaux(Niveau::Ecole, jour(jours.dedans))?;
        let dehors = jours
            .dehors
            .map(|dehors| source.totaux(Niveau::Ecole, jour(dehors)))
            .transpose()?;
        let mut petites = Vec::new();
        for &niveau in Niveau::TOUS {
            let totaux = source.totaux(niveau, periode)?;
            for (code, lignes) in totaux.territoires() {
                let petit =
                    |(_, m): &(_, crate::donnees::Mesures)| self.seuil.est_petit(m.utilisateurs);
                if !lignes.iter().any(petit) {
                    continue;
                }
                let Some(ecoles) = paires.ecoles_de(niveau, code) else {
                    continue;
                };
                let coins = coins(ecoles, &dedans, dehors.as_deref());
                let siennes: Vec<Cellule> = totaux.cellules(code).collect();
                let mut profils = Profils::default();
                for boite in boites(self.seuil, &self.listes, &[Axe::Total], &siennes, &coins) {
                    for profil in boite.profils {
                        profils.ajouter(profil);
                    }
                }
                petites.push(Petite {
                    dedans: ecoles.0,
                    dehors: ecoles.1,
                    profils,
                });
            }
        }
        Ok(petites)
    }
}

/// The corners of the box of a territory: its two schools, on the two days of the period.
fn coins((une, autre): (Uai, Option<Uai>), dedans: &Sommaire, dehors: Option<&Sommaire>) -> Coins {
    let mut coins = Coins::default();
    let ecoles = std::iter::once((false, une)).chain(autre.map(|autre| (true, autre)));
    for (autre_ecole, ecole) in ecoles {
        let jours = std::iter::once((false, dedans)).chain(dehors.map(|dehors| (true, dehors)));
        for (autre_jour, totaux) in jours {
            coins.ajouter(autre_ecole != autre_jour, totaux.cellules(ecole.as_str()));
        }
    }
    coins
}

/// What small totals hide at a level, as this version of the directory draws its territories: those
/// that hold one of two schools and not the other.
fn masques(niveau: Niveau, annuaire: Option<&Annuaire>, petites: &[Arc<Petites>]) -> Masques {
    let mut masques: FxHashMap<&str, Profils> = FxHashMap::default();
    for petite in petites.iter().flat_map(|p| &p.petites) {
        let de = |uai: &'_ Uai| -> Option<&str> {
            annuaire.and_then(|annuaire| annuaire.code(*uai, niveau))
        };
        let (dedans, dehors) = match niveau {
            Niveau::Ecole => (
                Some(petite.dedans.as_str()),
                petite.dehors.as_ref().map(Uai::as_str),
            ),
            _ => (de(&petite.dedans), petite.dehors.as_ref().and_then(de)),
        };
        if dedans != dehors {
            for code in [dedans, dehors].into_iter().flatten() {
                masques.entry(code).or_default().0 |= petite.profils.0;
            }
        }
    }
    let masques = masques.into_iter();
    let mut masques: Vec<_> = masques.map(|(code, p)| (Arc::from(code), p)).collect();
    masques.sort_unstable_by(|(a, _): &(Arc<str>, _), (b, _)| a.cmp(b));
    Masques(masques)
}

/// The member of every total, as cells that nobody counted have it.
pub(super) fn membre() -> Arc<str> {
    Arc::from(MEMBRE_TOTAL)
}
