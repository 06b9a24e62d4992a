//! Where the demo takes place, as of today: its schools, who signed for them, what broke down.

use std::sync::Arc;

use frequent_plan::{Calendrier, Fuseaux, Jour, Lac, Plan};
use frequent_simulate::{Panne, Reglages, Simulation};
use frequent_territory::conventions::Convention;
use frequent_territory::{Annuaire, Annuaires};

use super::{GRAINE, Trafic, conventions};
use crate::service::serveur::Faute;

/// The platform's breakdown, in days before the day the demo was made.
const PANNE: (i32, i32) = (16, 15);

/// Read once a start.
pub(super) struct Scene {
    pub(super) annuaires: Annuaires,
    pub(super) annuaire: Arc<Annuaire>,
    pub(super) aujourdhui: Jour,
    pub(super) signees: Vec<Convention>,
    fuseaux: Fuseaux,
}

impl Scene {
    /// That of a demo whose directory is there.
    pub(super) fn lire(lac: &Lac) -> Result<Self, Faute> {
        let annuaires = Annuaires::ouvrir(lac)?;
        let annuaire = annuaires.courant().cloned();
        let annuaire = annuaire.ok_or("l’annuaire de la démonstration a disparu")?;
        let fuseaux = Fuseaux::charger()?;
        let aujourdhui = fuseaux.aujourdhui();
        Ok(Self {
            signees: conventions::signees(&annuaire, aujourdhui)?,
            annuaires,
            annuaire,
            aujourdhui,
            fuseaux,
        })
    }

    /// The breakdown, which struck the public primary schools of Perpignan.
    pub(super) fn panne(&self) -> Panne {
        Panne {
            du: self.aujourdhui.plus(-PANNE.0),
            au: self.aujourdhui.plus(-PANNE.1),
            ecoles: conventions::en_panne(&self.annuaire),
        }
    }

    /// What lives there.
    pub(super) fn simuler(&self, trafic: &Trafic) -> Result<Simulation, Faute> {
        let ((du, au), (niveau, code)) = (trafic.jours, trafic.lieu);
        Ok(Simulation::new(
            &self.annuaire,
            &Plan::integre()?,
            &Calendrier::integre()?,
            &self.fuseaux,
            Reglages {
                intensite: trafic.intensite,
                jusqua: Some(trafic.jusqua),
                muettes: conventions::muettes(&self.annuaire, &self.signees, au),
                conduite: trafic.conduite,
                pannes: trafic.pannes.clone(),
                ..Reglages::new(GRAINE, du, au, niveau, code)
            },
        )?)
    }
}
