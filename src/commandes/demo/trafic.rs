//! What the demo's schools send: which ones, on which days, how much.

use frequent_plan::{Instant, Jour, Niveau};
use frequent_simulate::{Conduite, Envoi, Plateforme, vers_http};

use super::scene::Scene;
use crate::commandes::simulate::Barre;
use crate::service::serveur::Faute;

const REGION: (Niveau, &str) = (Niveau::Region, super::REGION);
const DEPARTEMENT: (Niveau, &str) = (Niveau::Departement, super::DEPARTEMENT);

/// How alive schools are, and in the holidays, by platform. Primary schools are small: they have the
/// country's own order of magnitude and nobody comes in the holidays, or secrecy would hide most of
/// their weeks, and those beside the holidays for the few who came then. The others are four fifths
/// of the events: with a third of that order, the demo is ready in two minutes.
const VIES: [(f64, f64); 2] = [(1.0, 0.0), (0.3, 1.0)];
/// Last year against this one.
const AN_DERNIER: f64 = 0.85;
/// The region lives for the last two weeks, the département since the beginning of last year.
const JOURS_REGION: i32 = 14;
/// Days of a school year from 1 August: classes begin, classes end; this year's first day sent.
const ANNEE_DE_CLASSE: (i32, i32) = (31, 338);
const REPRISE: i32 = 24;
/// Of last year, a light demo has the weeks before the same day and some after, and all up to those
/// that follow the week it tells of, when that one is of last year.
const AUTOUR_LEGER: (i32, i32) = (-420, -340);
const EFFET: i32 = 35;

/// How much of the demo is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ampleur {
    /// All of it.
    Entiere,
    /// The primary schools of the département, and of last year what this one is set beside.
    Legere,
}

/// What some schools send on some days.
pub(super) struct Trafic {
    pub(super) jours: (Jour, Jour),
    pub(super) lieu: (Niveau, &'static str),
    pub(super) intensite: f64,
    pub(super) conduite: Option<Conduite>,
}

/// How the schools of a platform live, up to an instant.
pub(super) struct Vie {
    pub(super) plateforme: Plateforme,
    pub(super) intensite: f64,
    pub(super) vacances: f64,
    pub(super) jusqua: Instant,
}

impl Trafic {
    fn new(jours: (Jour, Jour), lieu: (Niveau, &'static str)) -> Self {
        Self {
            jours,
            lieu,
            intensite: 1.0,
            conduite: None,
        }
    }

    /// The département's, last year: every school that had signed went on.
    pub(super) fn an_dernier(ampleur: Ampleur, scene: &Scene) -> Self {
        let annee = scene.aujourdhui.annee_scolaire().precedente().debut();
        let (mut du, mut au) = (annee.plus(ANNEE_DE_CLASSE.0), annee.plus(ANNEE_DE_CLASSE.1));
        if ampleur == Ampleur::Legere {
            du = du.max(scene.aujourdhui.plus(AUTOUR_LEGER.0));
            let dite = scene.semaine_dicible().filter(|lundi| *lundi <= au);
            let dite = dite.map_or(du, |lundi| lundi.plus(EFFET));
            let autour = scene.aujourdhui.plus(AUTOUR_LEGER.1);
            au = au.min(autour.max(dite)).max(du);
        }
        Self {
            intensite: AN_DERNIER,
            conduite: Some(Conduite::Reguliere),
            ..Self::new((du, au), DEPARTEMENT)
        }
    }

    /// The département's since classes began, up to the last two weeks; none when they did since.
    pub(super) fn depuis_la_rentree(scene: &Scene) -> Option<Self> {
        let reprise = scene.aujourdhui.annee_scolaire().debut().plus(REPRISE);
        let fin = scene.aujourdhui.plus(-JOURS_REGION - 1);
        (reprise <= fin).then(|| Self::new((reprise, fin), DEPARTEMENT))
    }

    /// The region's over the last two weeks.
    pub(super) fn recent(ampleur: Ampleur, scene: &Scene) -> Self {
        let jours = (scene.aujourdhui.plus(-JOURS_REGION), scene.aujourdhui);
        match ampleur {
            Ampleur::Entiere => Self::new(jours, REGION),
            Ampleur::Legere => Self::new(jours, DEPARTEMENT),
        }
    }

    /// The region's from a day on.
    pub(super) fn depuis(jour: Jour, scene: &Scene) -> Self {
        Self::new((jour, scene.aujourdhui), REGION)
    }
}

/// What sends to a server.
pub(super) struct Expediteur<'a> {
    pub(super) url: &'a str,
    pub(super) cle: &'a str,
    pub(super) jusqua: Instant,
    pub(super) ampleur: Ampleur,
}

impl Expediteur<'_> {
    /// Sends it to the collection address, a platform at a time. Gives how many events were
    /// accepted.
    pub(super) fn envoyer(&self, scene: &Scene, trafic: &Trafic) -> Result<u64, Faute> {
        let plateformes = Plateforme::deux_degres().into_iter().zip(VIES);
        let nombre = match self.ampleur {
            Ampleur::Entiere => VIES.len(),
            Ampleur::Legere => 1,
        };
        let mut acceptes = 0;
        for (plateforme, (intensite, vacances)) in plateformes.take(nombre) {
            let vie = Vie {
                plateforme,
                intensite: intensite * trafic.intensite,
                vacances,
                jusqua: self.jusqua,
            };
            let simulation = scene.simuler(trafic, vie)?;
            let barre = Barre::nouvelle();
            let envoi = Envoi::new(self.url, self.cle);
            let bilan = vers_http(&simulation, &envoi, &|a| barre.avancer(a))?;
            barre.effacer();
            acceptes += bilan.acceptes;
        }
        Ok(acceptes)
    }
}
