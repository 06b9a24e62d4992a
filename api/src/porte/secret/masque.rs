//! Which cells are hidden, decided from the cells around them.
//!
//! A cell is hidden when it is small, or when it is one of those that hide a small one ([`Boite`]).
//! The small ones that it may hide are few and known beforehand: those of the periods whose two
//! days its period tells apart, and of the territories whose two schools its territory tells apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Uai};
use frequent_territory::Annuaire;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Seuil;
use super::boite::{Boite, Listes, boites};
use super::coins::Coins;
use super::paires::Paires;
use super::periodes::{Jours, JoursComptes};
use super::totaux::{Empreinte, Memoire};
use crate::donnees::{Cellule, Codes, Filtre, LectureErreur, ProfilCellule, Sommaire};

/// Cells to read: a level, a period, codes.
pub(super) type Voisinage = (Niveau, Periode, Codes);

/// A territory over a period.
type Lieu = (Niveau, Periode, String);

/// The boxes of each place.
type BoitesParLieu = FxHashMap<Lieu, Vec<Boite>>;

/// Where cells are read.
pub(super) trait Source {
    /// The two schools of each territory, among those that were there over a period.
    fn paires(&self, periode: Periode) -> Result<Arc<Paires>, LectureErreur>;

    /// The days on which something was counted.
    fn jours(&self) -> Result<Arc<JoursComptes>, LectureErreur>;

    /// The directory that drew the territories of a period.
    fn annuaire(&self, periode: Periode) -> Option<Arc<Annuaire>>;

    /// The cells of each of these places, every profile and member of these axes.
    fn lire(&self, lieux: &[Voisinage], axes: &[Axe]) -> Result<Vec<Vec<Cellule>>, LectureErreur>;

    /// The totals of every territory of a level over a period.
    fn totaux(&self, niveau: Niveau, periode: Periode) -> Result<Arc<Sommaire>, LectureErreur>;

    /// Where what was found of totals is kept; none where nothing is.
    fn memoire(&self) -> Option<&Memoire>;

    /// A digest of all that the small totals of a period, of these two days, are found from.
    fn empreinte(&self, periode: Periode, jours: Jours) -> Result<Empreinte, LectureErreur>;
}

/// A cell of a period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Cle {
    pub(super) code: Arc<str>,
    pub(super) profil: ProfilCellule,
    pub(super) axe: Axe,
    pub(super) membre: Arc<str>,
}

impl Cle {
    pub(super) fn de(cellule: &Cellule) -> Self {
        Self {
            code: Arc::clone(&cellule.code),
            profil: cellule.profil,
            axe: cellule.axe,
            membre: Arc::clone(&cellule.membre),
        }
    }
}

/// How small figures are hidden.
pub(super) struct Regles {
    pub(super) seuil: Seuil,
    pub(super) listes: Listes,
}

/// A place of an answer, and a place whose small figures it may have to hide.
struct Lien {
    rang: usize,
    code: Arc<str>,
    source: Lieu,
}

impl Regles {
    pub(super) fn new(seuil: Seuil, listes: Listes) -> Self {
        Self { seuil, listes }
    }

    /// Of each period, the cells wanted that hide small ones; the small ones themselves are
    /// among them.
    pub(super) fn cellules(
        &self,
        source: &impl Source,
        niveau: Niveau,
        filtres: &[(Periode, Filtre)],
    ) -> Result<Vec<FxHashSet<Cle>>, LectureErreur> {
        let comptes = source.jours()?;
        let mut liens = Vec::new();
        for (rang, (periode, filtre)) in filtres.iter().enumerate() {
            let annuaire = source.annuaire(*periode);
            for voisine in comptes.voisines(*periode) {
                let paires = source.paires(voisine)?;
                for code in filtre.codes.tries() {
                    let partage: Arc<str> = Arc::from(code.as_str());
                    let separees = paires.separees(annuaire.as_deref(), niveau, code);
                    liens.extend(separees.into_iter().map(|(niveau, de)| Lien {
                        rang,
                        code: Arc::clone(&partage),
                        source: (niveau, voisine, de),
                    }));
                }
            }
        }
        let axes = filtres.first().map(|(_, f)| f.axes.clone());
        let mut masquees = vec![FxHashSet::default(); filtres.len()];
        self.masquer(
            source,
            &comptes,
            &liens,
            &axes.unwrap_or_default(),
            |lien, cle| {
                let filtre = &filtres[lien.rang].1;
                let voulue = filtre.profil.is_none_or(|profil| profil == cle.profil)
                    && filtre.membre.as_ref().is_none_or(|m| **m == *cle.membre);
                if voulue {
                    masquees[lien.rang].insert(cle);
                }
            },
        )?;
        Ok(masquees)
    }

    /// Of each place, the measures over these days that would tell about small ones. Their code is
    /// empty.
    pub(super) fn libres(
        &self,
        source: &impl Source,
        lieux: &[&BTreeSet<Uai>],
        jours: &BTreeSet<Jour>,
        axes: &[Axe],
    ) -> Result<Vec<FxHashSet<Cle>>, LectureErreur> {
        let mut masquees = vec![FxHashSet::default(); lieux.len()];
        let (Some(premier), Some(dernier)) = (jours.first(), jours.last()) else {
            return Ok(masquees);
        };
        let comptes = source.jours()?;
        let vide: Arc<str> = Arc::from("");
        let mut liens = Vec::new();
        for voisine in comptes.separees((*premier, *dernier), |jour| jours.contains(&jour)) {
            let paires = source.paires(voisine)?;
            for (rang, ecoles) in lieux.iter().enumerate() {
                let dedans = |uai| ecoles.contains(&uai);
                let separees = paires.separees_d_ecoles(ecoles.iter().copied(), dedans);
                liens.extend(separees.into_iter().map(|(niveau, de)| Lien {
                    rang,
                    code: Arc::clone(&vide),
                    source: (niveau, voisine, de),
                }));
            }
        }
        self.masquer(source, &comptes, &liens, axes, |lien, cle| {
            masquees[lien.rang].insert(cle);
        })?;
        Ok(masquees)
    }

    /// Reads the places of the links, and gives each cell of the axes that hides a small figure.
    fn masquer(
        &self,
        source: &impl Source,
        comptes: &JoursComptes,
        liens: &[Lien],
        axes: &[Axe],
        mut masquer: impl FnMut(&Lien, Cle),
    ) -> Result<(), LectureErreur> {
        let boites = self.boites(source, comptes, liens, axes)?;
        for lien in liens {
            for boite in boites.get(&lien.source).into_iter().flatten() {
                for &profil in &boite.profils {
                    for (axe, membre) in &boite.membres {
                        if axes.contains(axe) {
                            let cle = Cle {
                                code: Arc::clone(&lien.code),
                                profil,
                                axe: *axe,
                                membre: Arc::clone(membre),
                            };
                            masquer(lien, cle);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The boxes of the small figures of the places of the links.
    fn boites(
        &self,
        source: &impl Source,
        comptes: &JoursComptes,
        liens: &[Lien],
        axes: &[Axe],
    ) -> Result<BoitesParLieu, LectureErreur> {
        let mut codes: BTreeMap<(Niveau, Periode), BTreeSet<&str>> = BTreeMap::new();
        for lien in liens {
            let (niveau, periode, code) = &lien.source;
            codes.entry((*niveau, *periode)).or_default().insert(code);
        }
        let lieux: Vec<Voisinage> = codes
            .into_iter()
            .map(|((niveau, periode), codes)| {
                let codes = Codes::plusieurs(codes.into_iter().map(str::to_owned));
                (niveau, periode, codes)
            })
            .collect();
        // What hides a total hides a member of each axis; what hides a member hides no total.
        let mut et_total = axes.to_vec();
        if !et_total.contains(&Axe::Total) {
            et_total.push(Axe::Total);
        }
        let lues = source.lire(&lieux, &et_total)?;
        let mut petites: Vec<(Lieu, &[Cellule])> = Vec::new();
        for ((niveau, periode, _), cellules) in lieux.iter().zip(&lues) {
            for siennes in cellules.chunk_by(|a, b| a.code == b.code) {
                let petit = |c: &Cellule| self.seuil.est_petit(c.mesures.utilisateurs);
                if siennes.iter().any(petit) {
                    let code = siennes[0].code.to_string();
                    petites.push(((*niveau, *periode, code), siennes));
                }
            }
        }
        let lieux: Vec<&Lieu> = petites.iter().map(|(lieu, _)| lieu).collect();
        let coins = coins(source, comptes, &lieux, &et_total)?;
        let tous = petites.into_iter().zip(coins);
        let boites = tous.map(|((lieu, siennes), coins)| {
            let boites = boites(self.seuil, &self.listes, axes, siennes, &coins);
            (lieu, boites)
        });
        Ok(boites.collect())
    }
}

/// The corners of the boxes of each place.
fn coins(
    source: &impl Source,
    comptes: &JoursComptes,
    lieux: &[&Lieu],
    axes: &[Axe],
) -> Result<Vec<Coins>, LectureErreur> {
    let mut attendus = Vec::with_capacity(lieux.len());
    let mut codes: BTreeMap<Jour, BTreeSet<String>> = BTreeMap::new();
    for (niveau, periode, code) in lieux {
        let ecoles = source.paires(*periode)?.ecoles_de(*niveau, code);
        let mut siens = Vec::new();
        if let (Some(jours), Some((dedans, dehors))) = (comptes.jours(*periode), ecoles) {
            let ecoles = std::iter::once((false, dedans)).chain(dehors.map(|e| (true, e)));
            for (autre_ecole, ecole) in ecoles {
                let deux = std::iter::once((false, jours.dedans));
                for (autre_jour, jour) in deux.chain(jours.dehors.map(|j| (true, j))) {
                    codes.entry(jour).or_default().insert(ecole.to_string());
                    siens.push((autre_ecole != autre_jour, jour, ecole.to_string()));
                }
            }
        }
        attendus.push(siens);
    }
    let voisinages: Vec<Voisinage> = codes
        .into_iter()
        .map(|(jour, codes)| {
            let periode = Periode::contenant(Grain::Jour, jour);
            (Niveau::Ecole, periode, Codes::plusieurs(codes))
        })
        .collect();
    let lues = source.lire(&voisinages, axes)?;
    let mut par_lieu: FxHashMap<(Jour, &str), &[Cellule]> = FxHashMap::default();
    for ((_, periode, _), cellules) in voisinages.iter().zip(&lues) {
        for siennes in cellules.chunk_by(|a, b| a.code == b.code) {
            par_lieu.insert((periode.debut(), &siennes[0].code), siennes);
        }
    }
    let coins = attendus.iter().map(|siens| {
        let mut coins = Coins::default();
        for (autre, jour, ecole) in siens {
            let siennes = par_lieu.get(&(*jour, ecole.as_str()));
            coins.ajouter(*autre, siennes.into_iter().flat_map(|c| c.iter()));
        }
        coins
    });
    Ok(coins.collect())
}
