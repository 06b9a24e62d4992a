//! One day of the real schools with a given number of events: what benches feed on.

use frequent_plan::{
    Brut, Calendrier, Controle, Evenement, Fuseaux, Jour, Niveau, NonAccepte, Origine, Plan,
};
use frequent_territory::Annuaire;

use crate::acces::Acces;
use crate::simulation::{Anomalies, Reglages, Simulation, SimulationErreur};

/// The seed of every reference day: a bench measures the same events each time.
const GRAINE: u64 = 20_241_126;
/// What is generated beyond what is asked, since chance gives no exact number: the first that is
/// enough.
const MARGES: [f64; 4] = [1.03, 1.2, 2.0, 10.0];

/// The events of a day, good ones only, in the order of their instants: the schools are mixed, as
/// they are when they arrive.
#[derive(Debug)]
pub struct JourDeReference {
    simulation: Simulation,
    acces: Vec<Acces>,
}

/// Makes a day of this many events over all the schools of the directory: realistic visits,
/// in number scaled to reach it. It takes some 64 bytes an event.
///
/// # Errors
/// See [`SimulationErreur`]; a directory without schools is one.
pub fn jour_de_reference(
    annuaire: &Annuaire,
    plan: &Plan,
    calendrier: &Calendrier,
    fuseaux: &Fuseaux,
    jour: Jour,
    nombre: usize,
) -> Result<JourDeReference, SimulationErreur> {
    let preparer = |intensite| {
        let mut reglages = Reglages::new(GRAINE, jour, jour, Niveau::National, "FR");
        reglages.intensite = intensite;
        reglages.anomalies = Anomalies::Aucune;
        Simulation::new(annuaire, plan, calendrier, fuseaux, reglages)
    };
    let vivre = |simulation: &Simulation| {
        let mut acces = Vec::with_capacity(nombre + nombre / 8);
        for ecole in 0..simulation.ecoles().len() {
            simulation.vivre(ecole, jour, &mut acces);
        }
        acces
    };
    // A tenth of the country's traffic tells how much of it makes the number asked.
    let essai = preparer(0.1)?;
    let vecus = vivre(&essai).len().max(1);
    let mut simulation = essai;
    let mut acces = Vec::new();
    for marge in MARGES {
        simulation = preparer(0.1 * en_reel(nombre.max(1)) / en_reel(vecus) * marge)?;
        acces = vivre(&simulation);
        if acces.len() >= nombre {
            break;
        }
    }
    let acces = espacer(acces, nombre);
    Ok(JourDeReference { simulation, acces })
}

/// Keeps this many events, evenly spread, in the order of their instants.
fn espacer(mut acces: Vec<Acces>, nombre: usize) -> Vec<Acces> {
    acces.sort_unstable_by_key(|a| (a.ts, a.ecole, a.numero));
    let total = acces.len();
    let mut rang = 0;
    acces.retain(|_| {
        let garde = (rang + 1) * nombre / total != rang * nombre / total;
        rang += 1;
        garde
    });
    acces
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an order of magnitude is enough"
)]
fn en_reel(nombre: usize) -> f64 {
    nombre as f64
}

impl JourDeReference {
    /// How many events there are.
    #[must_use]
    pub fn nombre(&self) -> usize {
        self.acces.len()
    }

    /// The events, by instant.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Acces> {
        self.acces.iter()
    }

    /// Appends an event as one line of native JSON.
    pub fn ecrire(&self, acces: &Acces, sortie: &mut Vec<u8>) {
        self.simulation.ecrire(acces, sortie);
    }

    /// The fields of an event, as the native format reads them.
    #[must_use]
    pub fn brut(&self, acces: &Acces) -> Brut<'_> {
        self.simulation.fragments().brut(acces)
    }

    /// Checks an event and hands it over, pseudonymised.
    ///
    /// # Errors
    /// What the check refuses.
    pub fn controler<R>(
        &self,
        acces: &Acces,
        controle: &Controle<'_>,
        suite: impl FnOnce(Evenement<'_>) -> R,
    ) -> Result<R, NonAccepte> {
        let (id, brut) = (self.simulation.fragments().id(acces), self.brut(acces));
        controle.verifier(&brut, Origine::Emetteur(&id)).map(suite)
    }
}
