//! Measures over any days of a territory or of any schools, counted when asked.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use frequent_aggregate::mesures::{Lieux, additionner, journees, mesurer};
use frequent_aggregate::publication::fichier_courant;
use frequent_plan::{Axe, Instant, Jour, Niveau, Uai};
use frequent_territory::{Annuaire, Annuaires};

use super::exactes::{Libres, Lieu, cellule, lieux};
use super::{Cellule, Codes, Lecteur, LectureErreur, Source};
use crate::porte::{Annexe, Brutes, Portee};

/// What is measured.
#[derive(Debug, Clone)]
pub(crate) enum LieuLibre {
    /// A territory, as this version of the directory draws it.
    Territoire(Arc<Annuaire>, Niveau, String),
    /// Some schools, taken together.
    Ecoles(BTreeSet<Uai>),
}

/// What is wanted of it.
#[derive(Debug, Clone)]
pub(crate) struct DemandeLibre {
    /// What is measured.
    pub lieu: LieuLibre,
    /// The days.
    pub jours: BTreeSet<Jour>,
    /// The axis.
    pub axe: Axe,
    /// Today: the directory of an open period is the one in force now.
    pub aujourdhui: Jour,
}

/// What was found of the days asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Portrait {
    /// A day whose presence is no longer kept, if there is one: then the users counted are only a
    /// lower bound, for keeping small groups secret and not for showing.
    pub sans_presence: Option<Jour>,
    /// The days that have results, and how fresh they are; none when none has.
    pub source: Option<Source>,
}

impl Lecteur {
    /// Measures over any days, one at a time: each takes every core.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub(crate) async fn libres(
        self: &Arc<Self>,
        annuaires: &Arc<Annuaires>,
        demande: DemandeLibre,
    ) -> Result<Brutes<(Libres, Annexe<Portrait>)>, LectureErreur> {
        // The semaphore is never closed: no permit is only ever a wait.
        let place = Arc::clone(&self.mesures_libres).acquire_owned().await.ok();
        let (lecteur, annuaires) = (Arc::clone(self), Arc::clone(annuaires));
        let travail = move || {
            let _place = place;
            lecteur.mesurer(annuaires, &demande)
        };
        Ok(Brutes::new(tokio::task::spawn_blocking(travail).await??))
    }

    /// Totals over any days of each territory of a level that the gate opened, as a version of the
    /// directory draws them. Where presence is gone, users are only bounded from below.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub(crate) async fn libres_dedans(
        self: &Arc<Self>,
        portee: &Portee,
        (niveau, annuaire): (Niveau, &Arc<Annuaire>),
        jours: BTreeSet<Jour>,
        aujourdhui: Jour,
    ) -> Result<Brutes<(Libres, Annexe<Portrait>)>, LectureErreur> {
        let place = Arc::clone(&self.mesures_libres).acquire_owned().await.ok();
        let (lecteur, annuaires) = (Arc::clone(self), Arc::clone(portee.annuaires()));
        let codes = portee.codes(niveau, annuaire.validite());
        let annuaire = Arc::clone(annuaire);
        let travail = move || {
            let _place = place;
            let dessin = (&*annuaire, niveau, codes);
            lecteur.mesurer_territoires(annuaires, dessin, (&jours, Axe::Total, aujourdhui))
        };
        Ok(Brutes::new(tokio::task::spawn_blocking(travail).await??))
    }

    fn mesurer(
        self: Arc<Self>,
        annuaires: Arc<Annuaires>,
        demande: &DemandeLibre,
    ) -> Result<(Libres, Annexe<Portrait>), LectureErreur> {
        let (axe, jours, aujourdhui) = (demande.axe, &demande.jours, demande.aujourdhui);
        match &demande.lieu {
            LieuLibre::Ecoles(ecoles) => {
                let lieu = Lieu {
                    code: Arc::from(""),
                    ecoles: ecoles.clone(),
                };
                let comptes = self.compter_en(Lieux::Ensemble(ecoles), &[""], jours, &[axe])?;
                let questions = (jours, axe, aujourdhui);
                self.rendre(annuaires, (vec![lieu], None), questions, comptes)
            }
            LieuLibre::Territoire(annuaire, niveau, code) => {
                let dessin = (&**annuaire, *niveau, Codes::Un(code.clone()));
                self.mesurer_territoires(annuaires, dessin, (jours, axe, aujourdhui))
            }
        }
    }

    fn mesurer_territoires(
        self: Arc<Self>,
        annuaires: Arc<Annuaires>,
        (annuaire, niveau, codes): (&Annuaire, Niveau, Codes),
        (jours, axe, aujourdhui): (&BTreeSet<Jour>, Axe, Jour),
    ) -> Result<(Libres, Annexe<Portrait>), LectureErreur> {
        let dessines = lieux(annuaire, niveau, &codes);
        let codes: Vec<&str> = codes.tries().iter().map(String::as_str).collect();
        let lieux = Lieux::Territoires {
            annuaire,
            niveau,
            codes: &codes,
        };
        let comptes = self.compter_en(lieux, &codes, jours, &[axe])?;
        let dessin = (dessines, Some(annuaire.validite()));
        self.rendre(annuaires, dessin, (jours, axe, aujourdhui), comptes)
    }

    /// What was counted, with what the gate needs to know which of it may be shown.
    fn rendre(
        self: Arc<Self>,
        annuaires: Arc<Annuaires>,
        (lieux, annuaire): (Vec<Lieu>, Option<Jour>),
        (jours, axe, aujourdhui): (&BTreeSet<Jour>, Axe, Jour),
        (cellules, sans_presence): (Vec<Cellule>, Option<Jour>),
    ) -> Result<(Libres, Annexe<Portrait>), LectureErreur> {
        let portrait = Portrait {
            sans_presence,
            source: self.source_de(jours, annuaire)?,
        };
        let libres = Libres {
            lecteur: self,
            annuaires,
            lieux,
            jours: jours.clone(),
            axes: vec![axe],
            aujourdhui,
            cellules,
        };
        Ok((libres, Annexe(portrait)))
    }

    /// Counts users from presence or, where it is gone, bounds them from below and says of which day
    /// it is.
    pub(super) fn compter_en(
        &self,
        lieux: Lieux<'_>,
        codes: &[&str],
        jours: &BTreeSet<Jour>,
        axes: &[Axe],
    ) -> Result<(Vec<Cellule>, Option<Jour>), LectureErreur> {
        let fils = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let comptees = mesurer(&self.lac, &self.plan, lieux, jours, axes, fils);
        let absente = match &comptees {
            Err(frequent_aggregate::Erreur::PresenceAbsente(jour)) => Some(*jour),
            // The presence of some schools alone is gone: their visits remain, and nobody's.
            Ok(cellules) if cellules.iter().any(|c| c.mesures.utilisateurs == 0) => {
                jours.first().copied()
            }
            _ => None,
        };
        let mesurees = match absente {
            Some(_) => additionner(&self.lac, &self.plan, lieux, jours, axes)?,
            None => comptees?,
        };
        let cellules = mesurees.into_iter().filter_map(|m| cellule(codes, m));
        Ok((cellules.collect(), absente))
    }

    /// What the days asked hold.
    fn source_de(
        &self,
        jours: &BTreeSet<Jour>,
        annuaire: Option<Jour>,
    ) -> Result<Option<Source>, LectureErreur> {
        let comptes = journees(&self.lac, jours)?;
        let mut calcule_le = None;
        for periode in &comptes {
            let dossier = self.lac.cumuls_de(Niveau::Ecole, *periode);
            let courant = fichier_courant(&dossier).map_err(LectureErreur::disque(&dossier))?;
            let ecrit = courant.and_then(|chemin| chemin.metadata().ok()?.modified().ok());
            calcule_le = calcule_le.max(ecrit);
        }
        let calcule_le = calcule_le.and_then(|ecrit| jiff::Timestamp::try_from(ecrit).ok());
        Ok(calcule_le.map(|calcule_le| Source {
            premier_jour: comptes.first().map(|p| p.debut()),
            dernier_jour: comptes.last().map(|p| p.debut()),
            annuaire,
            calcule_le: Instant::de_timestamp(calcule_le),
        }))
    }
}
