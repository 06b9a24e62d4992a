//! The visits of one school on one day.

use frequent_plan::{Fuseaux, Instant, Jour, Profil, Service, Uai};
use jiff::Timestamp;
use rand_distr::{Distribution, Poisson};

use crate::acces::{Acces, Defaut};
use crate::calendrier::JourScolaire;
use crate::ecole::{Degre, EcoleSimulee, entier};
use crate::hasard::{Hasard, en_fraction, numero};
use crate::modele::{Modele, ModeleProfil};

const MS_PAR_HEURE: u32 = 3_600_000;
const MS_PAR_JOUR: i64 = 86_400_000;

/// Some come much more than others: a rank is drawn as this power of a fraction.
const ASSIDUITE: f64 = 1.6;
/// Visits on the person's second terminal, per thousand.
const SECOND_TERMINAL: u32 = 150;
/// Visits that begin on the home page, per thousand.
const PAR_ACCUEIL: u32 = 850;
/// Events that stay where they are, on the home page and elsewhere, and that go back to it, per
/// thousand.
const RESTE_ACCUEIL: u32 = 200;
const MEME_SERVICE: u32 = 660;
const RETOUR_ACCUEIL: u32 = 160;
/// Pauses so long that they end the visit, per thousand; other pauses never are.
const ABSENCES: u32 = 3;
const PAUSE_MAX_S: f64 = 1_500.0;
const PAGES_MAX: u64 = 60;

/// Shares of anomalies among events, per hundred thousand.
const MAUVAISE_CLE: u32 = 10;
const MAUVAIS_SERVICE: u32 = 10;
const RENVOI: u32 = 200;
const RETARD: u32 = 200;

/// Whether a school-day has the faults of real deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fautes {
    Aucune,
    Reelles,
}

/// A school's day, about to be lived.
pub(crate) struct Journee<'s> {
    pub(crate) modele: &'s Modele,
    pub(crate) fuseaux: &'s Fuseaux,
    pub(crate) ecole: &'s EcoleSimulee,
    pub(crate) rang: u32,
    pub(crate) jour: Jour,
    pub(crate) scolaire: JourScolaire,
    pub(crate) fautes: Fautes,
    pub(crate) graine: u64,
    pub(crate) vacances: f64,
}

/// The instant of local midnight, and the offsets before and after the hour when clocks change.
#[derive(Clone, Copy)]
struct Heures {
    minuit_ms: i64,
    nuit_s: i32,
    journee_s: i32,
}

impl Heures {
    fn new(fuseaux: &Fuseaux, uai: Uai, jour: Jour) -> Self {
        let zone = fuseaux.de_uai(uai);
        let decalage = |ms: i64| -> i32 {
            let instant = Timestamp::from_millisecond(ms).unwrap_or_default();
            zone.to_offset(instant).seconds()
        };
        let minuit_ms = i64::from(jour.epoque()) * MS_PAR_JOUR;
        let journee_s = decalage(minuit_ms + MS_PAR_JOUR / 2);
        Self {
            minuit_ms,
            nuit_s: decalage(minuit_ms - i64::from(journee_s) * 1_000),
            journee_s,
        }
    }

    /// The instant of a local time, and the offset then.
    fn instant(self, ms_locales: u32) -> (Instant, i32) {
        let decalage = if ms_locales < 3 * MS_PAR_HEURE {
            self.nuit_s
        } else {
            self.journee_s
        };
        let local = self.minuit_ms + i64::from(ms_locales);
        (Instant(local - i64::from(decalage) * 1_000), decalage)
    }
}

impl Journee<'_> {
    /// Adds the day's events, visit by visit.
    pub(crate) fn vivre(&self, sortie: &mut Vec<Acces>) {
        let part = self.ecole.conduite.part(self.scolaire.depuis_rentree());
        if part <= 0.0 {
            return;
        }
        let mut hasard = Hasard::jour(self.graine, self.ecole.uai, self.jour);
        let conge = if self.scolaire.est_de_vacances() {
            self.vacances
        } else {
            1.0
        };
        let humeur = part * conge * hasard.entre(0.85, 1.15);
        let heures = Heures::new(self.fuseaux, self.ecole.uai, self.jour);
        let mut suivant = 0;
        let conduite = self.ecole.conduite;
        for &profil in Profil::TOUS.iter().filter(|p| conduite.vient(**p)) {
            let modele = self.modele.profil(profil);
            let attendues = self.ecole.visites[usize::from(profil.rang())]
                * self.scolaire.affluence(modele, self.ecole.degre)
                * humeur;
            let Ok(loi) = Poisson::new(attendues) else {
                continue;
            };
            for _ in 0..entier(loi.sample(hasard.source())) {
                self.visite(profil, modele, heures, &mut hasard, &mut suivant, sortie);
            }
        }
    }

    fn visite(
        &self,
        profil: Profil,
        modele: &ModeleProfil,
        heures: Heures,
        hasard: &mut Hasard,
        suivant: &mut u32,
        sortie: &mut Vec<Acces>,
    ) {
        let nombre = self.ecole.personnes[usize::from(profil.rang())];
        let rang = entier(hasard.fraction().powf(ASSIDUITE) * f64::from(nombre));
        let personne = self.ecole.personne(profil, rang);
        let (terminal, client) = appareil(modele, personne, hasard);
        let mut ms_locales = self.debut(modele, hasard);
        let pages = 1 + modele.suites.sample(hasard.source()).min(PAGES_MAX);
        let mut service = if hasard.sous(1_000) < PAR_ACCUEIL {
            self.modele.accueil
        } else {
            self.choisir(modele, hasard)
        };
        for page in 0..pages {
            if page > 0 {
                ms_locales += pause_ms(modele, hasard);
                service = self.suite(service, modele, hasard);
            }
            let (ts, decalage_s) = heures.instant(ms_locales);
            let acces = Acces {
                ts,
                arrivee: ts,
                ecole: self.rang,
                numero: *suivant,
                jour: self.jour,
                ms_locales,
                decalage_s,
                personne,
                client,
                profil,
                service,
                outil: self.outil(service, hasard),
                terminal,
                defaut: None,
            };
            *suivant += 1;
            match self.fautes {
                Fautes::Aucune => sortie.push(acces),
                Fautes::Reelles => livrer(acces, hasard, sortie),
            }
        }
    }

    /// Milliseconds of local time at which a visit begins.
    fn debut(&self, modele: &ModeleProfil, hasard: &mut Hasard) -> u32 {
        let heures = if self.scolaire.est_de_classe() {
            &modele.heures_classe
        } else {
            &modele.heures_conge
        };
        let heure = u32::try_from(heures.rang(hasard.fraction())).unwrap_or_default();
        heure * MS_PAR_HEURE + hasard.sous(MS_PAR_HEURE)
    }

    fn choisir(&self, modele: &ModeleProfil, hasard: &mut Hasard) -> Service {
        let choix = if self.ecole.degre == Degre::Primaire {
            &modele.primaire
        } else {
            &modele.secondaire
        };
        choix.services[choix.parts.rang(hasard.fraction())]
    }

    fn suite(&self, service: Service, modele: &ModeleProfil, hasard: &mut Hasard) -> Service {
        let sort = hasard.sous(1_000);
        let reste = if service == self.modele.accueil {
            RESTE_ACCUEIL
        } else {
            MEME_SERVICE
        };
        if sort < reste {
            service
        } else if sort >= 1_000 - RETOUR_ACCUEIL {
            self.modele.accueil
        } else {
            self.choisir(modele, hasard)
        }
    }

    fn outil(&self, service: Service, hasard: &mut Hasard) -> Option<u8> {
        let tiers = self.modele.tiers(service)?;
        if hasard.fraction() >= tiers.part {
            return None;
        }
        let nombre = u32::try_from(tiers.outils.len()).unwrap_or(u32::MAX);
        tiers.outils.get(hasard.sous(nombre) as usize).copied()
    }
}

/// The terminal of a visit, and the browser's identifier: a person has two, and mostly uses one.
fn appareil(modele: &ModeleProfil, personne: u64, hasard: &mut Hasard) -> (u8, u64) {
    let lequel = u8::from(hasard.sous(1_000) < SECOND_TERMINAL);
    let client = numero(personne, &[lequel]);
    let rang = modele.terminaux.rang(en_fraction(client));
    (u8::try_from(rang).unwrap_or_default(), client)
}

fn pause_ms(modele: &ModeleProfil, hasard: &mut Hasard) -> u32 {
    if hasard.sous(1_000) < ABSENCES {
        return entier(hasard.entre(1_900_000.0, 5_400_000.0));
    }
    let secondes = modele.pauses.sample(hasard.source());
    entier(secondes.clamp(1.0, PAUSE_MAX_S) * 1_000.0)
}

/// Adds an event as a real delivery would: mostly as it is; sometimes wrong, late, or sent twice.
fn livrer(mut acces: Acces, hasard: &mut Hasard, sortie: &mut Vec<Acces>) {
    let sort = hasard.sous(100_000);
    let retard = |hasard: &mut Hasard| i64::from(hasard.sous(4 * MS_PAR_HEURE)) + 60_000;
    if sort < MAUVAISE_CLE {
        acces.defaut = Some(Defaut::Cle);
    } else if sort < MAUVAISE_CLE + MAUVAIS_SERVICE {
        acces.defaut = Some(Defaut::Service);
    } else if sort < MAUVAISE_CLE + MAUVAIS_SERVICE + RENVOI {
        let mut renvoi = acces;
        renvoi.arrivee.0 += retard(hasard);
        sortie.push(renvoi);
    } else if sort < MAUVAISE_CLE + MAUVAIS_SERVICE + RENVOI + RETARD {
        acces.arrivee.0 += retard(hasard);
    }
    sortie.push(acces);
}
