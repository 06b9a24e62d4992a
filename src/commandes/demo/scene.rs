//! Where the demo takes place, as of today: its schools, who signed for them, what broke down.

use std::sync::Arc;

use frequent_api::accompagnement::semaine_dicible;
use frequent_plan::{Calendrier, Fuseaux, Jour, Lac, Plan, Zone};
use frequent_simulate::{Panne, Reglages, Simulation, rentree};
use frequent_territory::conventions::Convention;
use frequent_territory::{Annuaire, Annuaires};

use super::trafic::{Trafic, Vie};
use super::{GRAINE, conventions, histoires};
use crate::service::serveur::Faute;

/// Days before the day the demo was made of a breakdown that no action is set beside.
const PANNE: i32 = 16;
/// As far back as days of class are looked for, in days.
const AN: usize = 365;

/// The holidays of the schools that the demo tells of: those of Montpellier.
const ZONE: Zone = Zone::C;

/// Read once a start.
pub(super) struct Scene {
    pub(super) annuaires: Annuaires,
    pub(super) annuaire: Arc<Annuaire>,
    pub(super) aujourdhui: Jour,
    /// The day the demo was made, from which its stories are told: the same at each start, so that
    /// what is sent again is the same.
    pub(super) faite_le: Jour,
    pub(super) signees: Vec<Convention>,
    pub(super) calendrier: Calendrier,
    fuseaux: Fuseaux,
}

impl Scene {
    /// That of a demo whose directory is there.
    pub(super) fn lire(lac: &Lac, aujourdhui: Jour, faite_le: Jour) -> Result<Self, Faute> {
        let annuaires = Annuaires::ouvrir(lac)?;
        let annuaire = annuaires.courant().cloned();
        let annuaire = annuaire.ok_or("l’annuaire de la démonstration a disparu")?;
        Ok(Self {
            signees: conventions::signees(&annuaire, faite_le)?,
            annuaires,
            annuaire,
            aujourdhui,
            faite_le,
            calendrier: Calendrier::integre()?,
            fuseaux: Fuseaux::charger()?,
        })
    }

    /// The Monday of the latest week of which it can be told what came of an action.
    pub(super) fn semaine_dicible(&self) -> Option<Jour> {
        semaine_dicible(&self.calendrier, ZONE, self.faite_le)
    }

    /// The breakdown, which struck the public primary schools of Perpignan on two days: those of the
    /// week that is told of, which is on neither side of what is compared.
    pub(super) fn panne(&self) -> Panne {
        let du = match self.semaine_dicible() {
            Some(lundi) => lundi.plus(3),
            None => self.faite_le.plus(-PANNE),
        };
        Panne {
            du,
            au: du.plus(1),
            ecoles: conventions::en_panne(&self.annuaire),
        }
    }

    /// The last day of class but so many, before the day the demo was made.
    pub(super) fn jour_de_classe(&self, recul: usize) -> Jour {
        let veille = self.faite_le.plus(-1);
        let avant = std::iter::successors(Some(veille), |jour| Some(jour.plus(-1)));
        let classe =
            |jour: &Jour| !jour.est_weekend() && self.calendrier.vacances(ZONE, *jour).is_none();
        avant.take(AN).filter(classe).nth(recul).unwrap_or(veille)
    }

    /// Days from the first day of class of a day's school year.
    pub(super) fn depuis_rentree(&self, jour: Jour) -> i32 {
        jour.epoque() - rentree(&self.calendrier, ZONE, jour).epoque()
    }

    /// What lives there, of a platform.
    pub(super) fn simuler(&self, trafic: &Trafic, vie: Vie) -> Result<Simulation, Faute> {
        let ((du, au), (niveau, code)) = (trafic.jours, trafic.lieu);
        Ok(Simulation::new(
            &self.annuaire,
            &Plan::integre()?,
            &self.calendrier,
            &self.fuseaux,
            Reglages {
                intensite: vie.intensite,
                vacances: vie.vacances,
                plateformes: vec![vie.plateforme],
                jusqua: Some(vie.jusqua),
                muettes: conventions::muettes(&self.annuaire, &self.signees, au),
                conduite: trafic.conduite,
                conduites: histoires::conduites(self, au.annee_scolaire())?,
                mal_marquees: histoires::mal_marquees(self)?,
                pannes: vec![self.panne()],
                ..Reglages::new(GRAINE, du, au, niveau, code)
            },
        )?)
    }
}
