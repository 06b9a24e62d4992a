//! Reading what the gate allows: cells of one territory, or of those of a level inside it, over
//! several periods at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use frequent_plan::{Axe, Jour, Niveau, Periode};
use frequent_territory::Annuaires;

use super::{Codes, Filtre, Lecteur, LectureErreur, Lue, ProfilCellule};
use crate::porte::{Brutes, Portee};

/// Most cells that one reading may give: an answer stays below some tens of megabytes.
pub const PLAFOND: usize = 200_000;

/// Most cells of a reading of which an answer keeps one number each: a school year of weeks of ten
/// régions' schools.
const PLAFOND_SERIES: usize = 4_000_000;

/// Fewest files given to a thread: one is worth waking for a millisecond of work, and a file takes
/// about a tenth of that.
const FICHIERS_PAR_TACHE: usize = 8;

/// What is wanted of the territory that a [`Portee`] opens.
#[derive(Debug, Clone)]
pub struct Demande {
    /// The level of the cells: the territory's own, or one inside it.
    pub niveau: Niveau,
    /// The periods.
    pub periodes: Vec<Periode>,
    /// The axis.
    pub axe: Axe,
    /// The profile; none means every one.
    pub profil: Option<ProfilCellule>,
    /// The member of the axis; none means every one.
    pub membre: Option<String>,
    /// Today: the directory of an open period is the one in force now.
    pub aujourdhui: Jour,
}

/// Cells as the lake has them, and what is needed to know which may be shown.
pub(crate) struct Lecture {
    /// Who read them, to read those that protect them.
    pub(crate) lecteur: Arc<Lecteur>,
    /// The directory that drew their territories.
    pub(crate) annuaires: Arc<Annuaires>,
    /// What was wanted.
    pub(crate) demande: Demande,
    /// What was wanted of each period.
    pub(crate) filtres: Vec<(Periode, Filtre)>,
    /// What was read of each period.
    pub(crate) lues: Vec<Lue>,
}

impl Demande {
    /// What is wanted of each period. The territories are worked out once a version of the
    /// directory, not once a period.
    fn filtres(&self, portee: &Portee) -> Vec<(Periode, Filtre)> {
        let mut derniers: Option<(Jour, Codes)> = None;
        let mut codes_au = |jour: Jour| {
            let version = portee.annuaires().au(jour).map(|a| a.validite());
            match (&derniers, version) {
                (Some((connue, codes)), Some(version)) if *connue == version => codes.clone(),
                _ => {
                    let codes = portee.codes(self.niveau, jour);
                    derniers = version.map(|version| (version, codes.clone()));
                    codes
                }
            }
        };
        let filtre = |periode: &Periode| Filtre {
            codes: codes_au(periode.fin().min(self.aujourdhui)),
            axes: vec![self.axe],
            profil: self.profil,
            membre: self.membre.clone(),
        };
        let filtres = self.periodes.iter().map(filtre);
        self.periodes
            .iter()
            .copied()
            .zip(filtres.collect::<Vec<_>>())
            .collect()
    }
}

impl Lecteur {
    /// The wanted cells of each period, in the order given, read by several threads.
    ///
    /// # Errors
    /// A file cannot be read, or there are more than [`PLAFOND`] cells.
    pub(crate) async fn cellules(
        self: &Arc<Self>,
        portee: &Portee,
        demande: &Demande,
    ) -> Result<Brutes<Lecture>, LectureErreur> {
        self.lire_jusqua(PLAFOND, portee, demande).await
    }

    /// The same, of which an answer keeps one number a cell.
    ///
    /// # Errors
    /// A file cannot be read, or there are far more cells than a région's series has.
    pub(crate) async fn series(
        self: &Arc<Self>,
        portee: &Portee,
        demande: &Demande,
    ) -> Result<Brutes<Lecture>, LectureErreur> {
        self.lire_jusqua(PLAFOND_SERIES, portee, demande).await
    }

    async fn lire_jusqua(
        self: &Arc<Self>,
        plafond: usize,
        portee: &Portee,
        demande: &Demande,
    ) -> Result<Brutes<Lecture>, LectureErreur> {
        let total = Arc::new(AtomicUsize::new(0));
        let demandes = demande.filtres(portee);
        // One thread a core: more would only wait for each other.
        let coeurs = std::thread::available_parallelism().map_or(1, usize::from);
        let par_tache = demandes.len().div_ceil(coeurs).max(FICHIERS_PAR_TACHE);
        let taches = demandes.chunks(par_tache).map(|part| {
            let (lecteur, part, total) = (Arc::clone(self), part.to_vec(), Arc::clone(&total));
            let niveau = demande.niveau;
            tokio::task::spawn_blocking(move || lecteur.part(niveau, part, (&total, plafond)))
        });
        let taches: Vec<_> = taches.collect();
        let mut lues = Vec::with_capacity(demande.periodes.len());
        for tache in taches {
            lues.extend(tache.await??);
        }
        Ok(Brutes::new(Lecture {
            lecteur: Arc::clone(self),
            annuaires: Arc::clone(portee.annuaires()),
            demande: demande.clone(),
            filtres: demandes,
            lues,
        }))
    }

    fn part(
        &self,
        niveau: Niveau,
        part: Vec<(Periode, Filtre)>,
        (total, plafond): (&AtomicUsize, usize),
    ) -> Result<Vec<Lue>, LectureErreur> {
        let mut lues = Vec::with_capacity(part.len());
        for (periode, filtre) in part {
            let lue = self.periode(niveau, periode, &filtre)?;
            let nombre = lue.cellules.len();
            if total.fetch_add(nombre, Ordering::Relaxed) + nombre > plafond {
                return Err(LectureErreur::Trop(plafond));
            }
            lues.push(lue);
        }
        Ok(lues)
    }
}
