//! The simulation: its settings, its schools, and what they send.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use frequent_plan::{Calendrier, Fuseaux, Instant, Jour, Niveau, Plan, Uai};
use frequent_territory::{Annuaire, Etat};

use crate::acces::{Acces, Defaut};
use crate::calendrier::JourScolaire;
use crate::ecole::{Conduite, Degre, EcoleSimulee};
use crate::hasard::Hasard;
use crate::json::Fragments;
use crate::modele::{Modele, ModeleInvalide};
use crate::visites::{Fautes, Journee};

/// Schools that are lived together, their events put in the order of arrival: what bounds memory.
const ECOLES_PAR_LOT: usize = 128;
/// One school-day in this many is delivered whole some days later.
const JOURNEES_EN_RETARD: u32 = 200;
/// At most this many days later.
const RETARD_MAX_JOURS: u32 = 3;

/// A platform that sends events, and for which schools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plateforme {
    /// The platform.
    pub nom: String,
    /// The ENT project.
    pub projet: String,
    /// The provider.
    pub exploitant: String,
    /// The kinds of schools it runs.
    pub degres: Vec<Degre>,
}

impl Plateforme {
    /// Primary schools on one platform, the others on another.
    #[must_use]
    pub fn deux_degres() -> Vec<Self> {
        let plateforme = |nom: &str, projet: &str, exploitant: &str, degres: &[Degre]| Self {
            nom: nom.to_owned(),
            projet: projet.to_owned(),
            exploitant: exploitant.to_owned(),
            degres: degres.to_vec(),
        };
        vec![
            plateforme("ONE-OCC", "ENT-ECOLE", "EDIFICE", &[Degre::Primaire]),
            plateforme(
                "ENT-OCC",
                "MON-ENT-OCCITANIE",
                "KOSMOS",
                &[Degre::College, Degre::Lycee, Degre::Autre],
            ),
        ]
    }
}

/// How events tell the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminaux {
    /// `appareil`, `os`, `navigateur`.
    Codes,
    /// `user_agent`.
    UserAgent,
}

/// Whether deliveries have the faults of real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anomalies {
    /// Every event is good, on time and sent once.
    Aucune,
    /// A few events are wrong, sent twice, hours late or days late.
    Reelles,
}

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Reglages {
    /// The seed.
    pub graine: u64,
    /// First day.
    pub du: Jour,
    /// Last day.
    pub au: Jour,
    /// The territory whose schools live.
    pub perimetre: (Niveau, String),
    /// Multiplies persons and visits; 1 is the country's own order of magnitude.
    pub intensite: f64,
    /// The platforms; a school whose kind none of them runs sends nothing.
    pub plateformes: Vec<Plateforme>,
    /// Nothing that arrives after this instant is sent: the present, on the current day.
    pub jusqua: Option<Instant>,
    /// Whether deliveries have faults.
    pub anomalies: Anomalies,
    /// How events tell the terminal.
    pub terminaux: Terminaux,
    /// Schools where nobody comes.
    pub muettes: BTreeSet<Uai>,
    /// What becomes of the ENT in every school; none: each school has its own.
    pub conduite: Option<Conduite>,
    /// What becomes of it in some schools, whatever it is in the others.
    pub conduites: BTreeMap<Uai, Conduite>,
    /// Multiplies what comes in the holidays; 0: nobody does.
    pub vacances: f64,
    /// Schools whose tag names a service that is not in the marking plan: nothing of them is
    /// accepted.
    pub mal_marquees: BTreeSet<Uai>,
    /// Days on which some schools send nothing, though they are visited.
    pub pannes: Vec<Panne>,
}

/// Days of which nothing arrives: a platform that is down, a tag that fell off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panne {
    /// First day.
    pub du: Jour,
    /// Last day.
    pub au: Jour,
    /// The schools.
    pub ecoles: BTreeSet<Uai>,
}

impl Panne {
    fn tait(&self, uai: Uai, jour: Jour) -> bool {
        (self.du..=self.au).contains(&jour) && self.ecoles.contains(&uai)
    }
}

impl Reglages {
    /// Usual settings over these days and this territory: two platforms, real faults, intensity 1.
    #[must_use]
    pub fn new(graine: u64, du: Jour, au: Jour, niveau: Niveau, code: &str) -> Self {
        Self {
            graine,
            du,
            au,
            perimetre: (niveau, code.to_owned()),
            intensite: 1.0,
            plateformes: Plateforme::deux_degres(),
            jusqua: None,
            anomalies: Anomalies::Reelles,
            terminaux: Terminaux::Codes,
            muettes: BTreeSet::new(),
            conduite: None,
            conduites: BTreeMap::new(),
            vacances: 1.0,
            mal_marquees: BTreeSet::new(),
            pannes: Vec::new(),
        }
    }
}

/// Why there is nothing to simulate.
#[derive(Debug, thiserror::Error)]
pub enum SimulationErreur {
    /// The directory has no such territory.
    #[error("l’annuaire ne connaît pas le territoire {niveau} « {code} »")]
    Territoire {
        /// The level.
        niveau: Niveau,
        /// The code.
        code: String,
    },
    /// The last day is before the first.
    #[error("la simulation finit le {au}, avant de commencer le {du}")]
    Periode {
        /// First day.
        du: Jour,
        /// Last day.
        au: Jour,
    },
    /// The intensity is not a positive number.
    #[error("l’intensité est un nombre positif, pas {0}")]
    Intensite(f64),
    /// The model cannot be used.
    #[error(transparent)]
    Modele(#[from] ModeleInvalide),
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Avancement {
    /// Parts done, each a day of some schools.
    pub faits: usize,
    /// Parts in all.
    pub total: usize,
    /// Events sent.
    pub evenements: u64,
}

/// Schools that live, day by day.
#[derive(Debug)]
pub struct Simulation {
    reglages: Reglages,
    ecoles: Vec<EcoleSimulee>,
    modele: Modele,
    calendrier: Calendrier,
    fuseaux: Fuseaux,
    fragments: Fragments,
}

impl Simulation {
    /// Prepares the schools of a territory that are open in this version of the directory.
    ///
    /// # Errors
    /// See [`SimulationErreur`].
    pub fn new(
        annuaire: &Annuaire,
        plan: &Plan,
        calendrier: &Calendrier,
        fuseaux: &Fuseaux,
        reglages: Reglages,
    ) -> Result<Self, SimulationErreur> {
        let (niveau, code) = &reglages.perimetre;
        if annuaire.territoire(*niveau, code).is_none() {
            return Err(SimulationErreur::Territoire {
                niveau: *niveau,
                code: code.clone(),
            });
        }
        let (du, au) = (reglages.du, reglages.au);
        if du > au {
            return Err(SimulationErreur::Periode { du, au });
        }
        if !reglages.intensite.is_finite() || reglages.intensite <= 0.0 {
            return Err(SimulationErreur::Intensite(reglages.intensite));
        }
        let modele = Modele::integre(plan)?;
        let ecoles: Vec<EcoleSimulee> = annuaire
            .ecoles_de(*niveau, code)
            .filter(|ecole| ecole.etat != Etat::Ferme && !reglages.muettes.contains(&ecole.uai))
            .filter_map(|ecole| {
                let degre = Degre::de_ecole(ecole);
                let plateforme = reglages
                    .plateformes
                    .iter()
                    .position(|p| p.degres.contains(&degre))?;
                let (graine, intensite) = (reglages.graine, reglages.intensite);
                let mut simulee = EcoleSimulee::new(ecole, plateforme, &modele, graine, intensite);
                let sienne = reglages.conduites.get(&ecole.uai).copied();
                let voulue = sienne.or(reglages.conduite);
                simulee.conduite = voulue.unwrap_or(simulee.conduite);
                Some(simulee)
            })
            .collect();
        let fragments = Fragments::new(&reglages, &ecoles, &modele, plan);
        Ok(Self {
            reglages,
            ecoles,
            modele,
            calendrier: calendrier.clone(),
            fuseaux: fuseaux.clone(),
            fragments,
        })
    }

    /// What is simulated.
    #[must_use]
    pub fn reglages(&self) -> &Reglages {
        &self.reglages
    }

    /// The schools, by UAI, those that never start included.
    #[must_use]
    pub fn ecoles(&self) -> &[EcoleSimulee] {
        &self.ecoles
    }

    /// The days, in order.
    pub fn jours(&self) -> impl Iterator<Item = Jour> + use<> {
        self.reglages.du.jusqua(self.reglages.au)
    }

    /// The parts of a day's delivery: ranks of schools that are lived together.
    #[must_use]
    pub fn lots(&self) -> impl ExactSizeIterator<Item = Range<usize>> + use<> {
        let nombre = self.ecoles.len();
        (0..nombre.div_ceil(ECOLES_PAR_LOT))
            .map(move |lot| lot * ECOLES_PAR_LOT..((lot + 1) * ECOLES_PAR_LOT).min(nombre))
    }

    /// Adds every event of a school's local day, whenever it is delivered, visit by visit. It
    /// depends on the seed, the school and the day only.
    pub fn vivre(&self, ecole: usize, jour: Jour, sortie: &mut Vec<Acces>) {
        let Some(lieu) = self.ecoles.get(ecole) else {
            return;
        };
        if self.reglages.pannes.iter().any(|p| p.tait(lieu.uai, jour)) {
            return;
        }
        let journee = Journee {
            modele: &self.modele,
            fuseaux: &self.fuseaux,
            ecole: lieu,
            rang: u32::try_from(ecole).unwrap_or(u32::MAX),
            jour,
            scolaire: JourScolaire::new(&self.calendrier, lieu.zone, jour),
            fautes: match self.reglages.anomalies {
                Anomalies::Aucune => Fautes::Aucune,
                Anomalies::Reelles => Fautes::Reelles,
            },
            graine: self.reglages.graine,
            vacances: self.reglages.vacances,
        };
        let debut = sortie.len();
        journee.vivre(sortie);
        if self.reglages.mal_marquees.contains(&lieu.uai) {
            for acces in &mut sortie[debut..] {
                acces.defaut = Some(Defaut::Service);
            }
        }
    }

    /// Adds what some schools deliver on a day, in the order of arrival: their events of that day,
    /// and the late school-days of the days before.
    pub fn livrer(&self, ecoles: Range<usize>, jour: Jour, sortie: &mut Vec<Acces>) {
        let debut = sortie.len();
        for rang in ecoles {
            for retard in 0..=RETARD_MAX_JOURS {
                let vecu = jour.plus(-i32::try_from(retard).unwrap_or_default());
                if vecu >= self.reglages.du && self.retard(rang, vecu) == retard {
                    let avant = sortie.len();
                    self.vivre(rang, vecu, sortie);
                    let en_ms = i64::from(retard) * 86_400_000;
                    sortie[avant..]
                        .iter_mut()
                        .for_each(|a| a.arrivee.0 += en_ms);
                }
            }
        }
        if let Some(jusqua) = self.reglages.jusqua {
            let mut rang = 0;
            sortie.retain(|acces| {
                rang += 1;
                rang <= debut || acces.arrivee <= jusqua
            });
        }
        sortie[debut..].sort_unstable_by_key(|a| (a.arrivee, a.ecole, a.jour, a.numero));
    }

    /// Appends an event as one line of native JSON.
    pub fn ecrire(&self, acces: &Acces, sortie: &mut Vec<u8>) {
        self.fragments.ecrire(acces, sortie);
    }

    pub(crate) fn fragments(&self) -> &Fragments {
        &self.fragments
    }

    /// How many days late a school delivers a day.
    fn retard(&self, ecole: usize, jour: Jour) -> u32 {
        if self.reglages.anomalies == Anomalies::Aucune {
            return 0;
        }
        let Some(lieu) = self.ecoles.get(ecole) else {
            return 0;
        };
        let mut hasard = Hasard::livraison(self.reglages.graine, lieu.uai, jour);
        if hasard.bits().is_multiple_of(JOURNEES_EN_RETARD) {
            1 + hasard.sous(RETARD_MAX_JOURS)
        } else {
            0
        }
    }
}

#[cfg(test)]
#[path = "simulation_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "livraison_tests.rs"]
mod tests_de_livraison;
