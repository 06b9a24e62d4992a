//! Totals over any days: what a period that is not over is compared by.
//!
//! Users of several days have no sum: they are counted from presence, which takes far longer than
//! reading cells. What was counted is kept under the names of the days' files, which change with
//! their content: it is counted again only when a day is.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use frequent_aggregate::mesures::{CelluleMesuree, Lieux, mesurer};
use frequent_aggregate::publication::fichier_courant;
use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Uai};
use frequent_territory::{Annuaire, Annuaires};
use sha2::{Digest, Sha256};

use super::{Cellule, Codes, Lecteur, LectureErreur, Mesures, ProfilCellule};
use crate::porte::{Brutes, Portee};

/// What a count depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Cle {
    niveau: Niveau,
    codes: Codes,
    annuaire: String,
    /// A digest of the days and of their files' names.
    contenu: [u8; 32],
}

/// Cells of the axis `total`, every profile.
pub(super) type Totaux = Arc<[Cellule]>;

/// A place that is measured over free days: a territory, or a set of schools.
#[derive(Debug, Clone)]
pub(crate) struct Lieu {
    /// Its code, as its cells carry it.
    pub(crate) code: Arc<str>,
    /// Its schools.
    pub(crate) ecoles: BTreeSet<Uai>,
}

/// Measures over free days as they were counted, and what is needed to know which may be shown.
pub(crate) struct Libres {
    /// Who reads the cells that protect them.
    pub(crate) lecteur: Arc<Lecteur>,
    /// The directory.
    pub(crate) annuaires: Arc<Annuaires>,
    /// The places, each with the code of its cells.
    pub(crate) lieux: Vec<Lieu>,
    /// The days.
    pub(crate) jours: BTreeSet<Jour>,
    /// The axes that were counted.
    pub(crate) axes: Vec<Axe>,
    /// Today: the directory of an open period is the one in force now.
    pub(crate) aujourdhui: Jour,
    /// What was counted; a missing cell is 0.
    pub(crate) cellules: Vec<Cellule>,
}

impl Lecteur {
    /// The totals over some days of the territories of a level, drawn as the directory of today
    /// draws them. None when nothing was counted on these days, or when their presence is no
    /// longer kept: then their users can no longer be counted.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub(crate) async fn exactes(
        self: &Arc<Self>,
        portee: &Portee,
        niveau: Niveau,
        jours: Vec<Jour>,
        aujourdhui: Jour,
    ) -> Result<Brutes<Option<Libres>>, LectureErreur> {
        let Some(annuaire) = portee.annuaires().au(aujourdhui).cloned() else {
            return Ok(Brutes::new(None));
        };
        let codes = portee.codes(niveau, aujourdhui);
        let lieux = lieux(&annuaire, niveau, &codes);
        let (lecteur, voulus) = (Arc::clone(self), jours.clone());
        let travail = move || lecteur.totaux(niveau, codes, &annuaire, voulus);
        let totaux = tokio::task::spawn_blocking(travail).await??;
        Ok(Brutes::new(totaux.map(|totaux| Libres {
            lecteur: Arc::clone(self),
            annuaires: Arc::clone(portee.annuaires()),
            lieux,
            jours: jours.into_iter().collect(),
            axes: vec![Axe::Total],
            aujourdhui,
            cellules: totaux.to_vec(),
        })))
    }

    fn totaux(
        &self,
        niveau: Niveau,
        codes: Codes,
        annuaire: &Annuaire,
        jours: Vec<Jour>,
    ) -> Result<Option<Totaux>, LectureErreur> {
        let Some(contenu) = self.contenu(&jours)? else {
            return Ok(None);
        };
        let cle = Cle {
            niveau,
            codes,
            annuaire: annuaire.empreinte().to_owned(),
            contenu,
        };
        let jours: BTreeSet<Jour> = jours.into_iter().collect();
        let compter = || self.compter(&cle, annuaire, &jours);
        match self.totaux.get_or_insert_with(&cle, compter) {
            Ok(totaux) => Ok(Some(totaux)),
            Err(LectureErreur::Comptage(frequent_aggregate::Erreur::PresenceAbsente(_))) => {
                Ok(None)
            }
            Err(erreur) => Err(erreur),
        }
    }

    fn compter(
        &self,
        cle: &Cle,
        annuaire: &Annuaire,
        jours: &BTreeSet<Jour>,
    ) -> Result<Totaux, LectureErreur> {
        let codes: Vec<&str> = cle.codes.tries().iter().map(String::as_str).collect();
        let lieux = Lieux::Territoires {
            annuaire,
            niveau: cle.niveau,
            codes: &codes,
        };
        let fils = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let mesurees = mesurer(&self.lac, &self.plan, lieux, jours, &[Axe::Total], fils)?;
        let cellules = mesurees.into_iter().filter_map(|m| cellule(&codes, m));
        Ok(cellules.collect())
    }

    /// A digest of what the days hold; none when none holds anything.
    fn contenu(&self, jours: &[Jour]) -> Result<Option<[u8; 32]>, LectureErreur> {
        let mut condense = Sha256::new();
        let mut vide = true;
        for &jour in jours {
            let dossier = self.lac.presence_de(Periode::contenant(Grain::Jour, jour));
            let courant = fichier_courant(&dossier).map_err(LectureErreur::disque(&dossier))?;
            condense.update(jour.epoque().to_be_bytes());
            if let Some(nom) = courant.as_deref().and_then(|c| c.file_name()) {
                condense.update(nom.as_encoded_bytes());
                vide = false;
            }
            condense.update([0]);
        }
        Ok((!vide).then(|| condense.finalize().into()))
    }
}

/// The territories of a level, with their schools.
pub(super) fn lieux(annuaire: &Annuaire, niveau: Niveau, codes: &Codes) -> Vec<Lieu> {
    let lieu = |code: &String| Lieu {
        code: Arc::from(code.as_str()),
        ecoles: match niveau {
            // One that the directory does not know has figures all the same.
            Niveau::Ecole => code.parse().into_iter().collect(),
            _ => annuaire.ecoles_de(niveau, code).map(|e| e.uai).collect(),
        },
    };
    codes.tries().iter().map(lieu).collect()
}

pub(super) fn cellule(codes: &[&str], mesuree: CelluleMesuree) -> Option<Cellule> {
    Some(Cellule {
        code: Arc::from(*codes.get(mesuree.lieu)?),
        profil: ProfilCellule::de_code(mesuree.profil)?,
        axe: mesuree.axe,
        membre: Arc::from(mesuree.membre),
        mesures: Mesures {
            visites: mesuree.mesures.visites,
            utilisateurs: mesuree.mesures.utilisateurs,
            duree_ms: mesuree.mesures.duree_ms,
            evenements: mesuree.mesures.evenements,
        },
    })
}
