//! Deliveries to the collection address, as a provider's server makes them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use frequent_plan::Jour;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use crate::fichiers::prendre;
use crate::simulation::{Avancement, Simulation};

/// Longest wait that a `Retry-After` is granted.
const ATTENTE_MAX: Duration = Duration::from_mins(1);
/// Wait when the server says none.
const ATTENTE: Duration = Duration::from_secs(1);
/// Silence after which a request is sent again.
const DELAI: Duration = Duration::from_mins(2);

/// Where and how to deliver.
#[derive(Clone)]
pub struct Envoi {
    /// The server, without path: `http://127.0.0.1:8080`.
    pub url: String,
    /// The provider's key.
    pub cle: String,
    /// Events of a batch, at most.
    pub lot: usize,
    /// Connections open at once.
    pub connexions: usize,
    /// Times a batch is tried before giving up, when the server is full or away.
    pub essais: u32,
}

impl Envoi {
    /// Usual settings: 5,000 events a batch, two connections, twenty tries.
    #[must_use]
    pub fn new(url: impl Into<String>, cle: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            cle: cle.into(),
            lot: 5_000,
            connexions: 2,
            essais: 20,
        }
    }
}

impl std::fmt::Debug for Envoi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envoi")
            .field("url", &self.url)
            .field("lot", &self.lot)
            .field("connexions", &self.connexions)
            .finish_non_exhaustive()
    }
}

/// What was delivered, as the server counted it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BilanEnvoi {
    /// Batches answered.
    pub lots: u64,
    /// Events received by the server.
    pub recus: u64,
    /// Events it accepted.
    pub acceptes: u64,
    /// Events it refused.
    pub rejetes: u64,
    /// Batches sent again, the server being full or away.
    pub reprises: u64,
}

impl BilanEnvoi {
    fn ajouter(&mut self, autre: Self) {
        self.lots += autre.lots;
        self.recus += autre.recus;
        self.acceptes += autre.acceptes;
        self.rejetes += autre.rejetes;
        self.reprises += autre.reprises;
    }
}

/// Why the delivery stopped.
#[derive(Debug, thiserror::Error)]
pub enum EnvoiErreur {
    /// The server refused a whole batch.
    #[error("{url} a refusé un lot : statut {statut}, {detail}")]
    Refus {
        /// The address.
        url: String,
        /// The status.
        statut: u16,
        /// The beginning of its answer.
        detail: String,
    },
    /// The server could not be reached, or stayed full.
    #[error("{url} n’a pas pris un lot en {essais} essais : {cause}")]
    Injoignable {
        /// The address.
        url: String,
        /// Tries made.
        essais: u32,
        /// The last fault.
        cause: String,
    },
    /// The answer is not the contract's.
    #[error("{url} a répondu autre chose que le contrat : {cause}")]
    Reponse {
        /// The address.
        url: String,
        /// What is wrong.
        cause: String,
    },
}

#[derive(serde::Deserialize)]
struct Reponse {
    recus: u64,
    acceptes: u64,
}

/// Sends every event to `/v1/events`, in batches, over several kept-alive connections. A batch that
/// the server cannot take now (429, 503, or no answer) is sent again after the wait it asks for:
/// identifiers make a resend harmless.
///
/// # Errors
/// The first batch refused whole, or never taken; the others in flight are finished first.
pub fn vers_http(
    simulation: &Simulation,
    envoi: &Envoi,
    suivi: &(dyn Fn(Avancement) + Sync),
) -> Result<BilanEnvoi, EnvoiErreur> {
    let taches: Vec<_> = simulation
        .jours()
        .flat_map(|jour| simulation.lots().map(move |lot| (jour, lot)))
        .collect();
    let (suivante, faites) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let bilan = Mutex::new(BilanEnvoi::default());
    let faute = Mutex::new(None);
    let livrer = || {
        let mut connexion = Connexion::new(simulation, envoi);
        while let Some(rang) = prendre(&suivante, taches.len()) {
            let (jour, lot) = taches[rang].clone();
            match connexion.livrer(jour, lot) {
                Ok(partiel) => {
                    let mut somme = bilan.lock().unwrap_or_else(PoisonError::into_inner);
                    somme.ajouter(partiel);
                    suivi(Avancement {
                        faits: faites.fetch_add(1, Ordering::Relaxed) + 1,
                        total: taches.len(),
                        evenements: somme.recus,
                    });
                }
                Err(erreur) => {
                    suivante.store(taches.len(), Ordering::Relaxed);
                    let mut premiere = faute.lock().unwrap_or_else(PoisonError::into_inner);
                    premiere.get_or_insert(erreur);
                }
            }
        }
    };
    thread::scope(|portee| {
        for _ in 0..envoi.connexions.max(1) {
            portee.spawn(livrer);
        }
    });
    match faute.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(faute) => Err(faute),
        None => Ok(bilan.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

/// One connection and its buffers.
struct Connexion<'s> {
    simulation: &'s Simulation,
    envoi: &'s Envoi,
    agent: Agent,
    adresse: String,
    autorisation: String,
    acces: Vec<crate::Acces>,
    texte: Vec<u8>,
}

impl<'s> Connexion<'s> {
    fn new(simulation: &'s Simulation, envoi: &'s Envoi) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(DELAI))
            .max_idle_connections_per_host(1)
            .build()
            .into();
        Self {
            simulation,
            envoi,
            agent,
            adresse: format!("{}/v1/events", envoi.url.trim_end_matches('/')),
            autorisation: format!("Bearer {}", envoi.cle),
            acces: Vec::new(),
            texte: Vec::new(),
        }
    }

    fn livrer(
        &mut self,
        jour: Jour,
        ecoles: std::ops::Range<usize>,
    ) -> Result<BilanEnvoi, EnvoiErreur> {
        let mut acces = std::mem::take(&mut self.acces);
        acces.clear();
        self.simulation.livrer(ecoles, jour, &mut acces);
        let mut bilan = BilanEnvoi::default();
        for lot in acces.chunks(self.envoi.lot.max(1)) {
            self.texte.clear();
            for a in lot {
                self.simulation.ecrire(a, &mut self.texte);
            }
            bilan.ajouter(self.poster()?);
        }
        self.acces = acces;
        Ok(bilan)
    }

    /// Posts the batch until it is taken.
    fn poster(&self) -> Result<BilanEnvoi, EnvoiErreur> {
        let mut reprises = 0;
        loop {
            let (cause, attente) = match self.essayer() {
                Ok(reponse) => match reponse.status() {
                    StatusCode::ACCEPTED => return self.lire(reponse, reprises),
                    StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                        let statut = reponse.status();
                        (format!("statut {statut}"), attente(&reponse))
                    }
                    statut => return Err(self.refus(statut, reponse)),
                },
                Err(erreur) => (erreur.to_string(), ATTENTE),
            };
            reprises += 1;
            if reprises >= u64::from(self.envoi.essais) {
                return Err(EnvoiErreur::Injoignable {
                    url: self.adresse.clone(),
                    essais: self.envoi.essais,
                    cause,
                });
            }
            thread::sleep(attente);
        }
    }

    fn essayer(&self) -> Result<Response<Body>, ureq::Error> {
        self.agent
            .post(&self.adresse)
            .header("Authorization", &self.autorisation)
            .header("Content-Type", "application/x-ndjson")
            .send(&self.texte[..])
    }

    fn lire(&self, mut reponse: Response<Body>, reprises: u64) -> Result<BilanEnvoi, EnvoiErreur> {
        let lue: Reponse =
            reponse
                .body_mut()
                .read_json()
                .map_err(|erreur| EnvoiErreur::Reponse {
                    url: self.adresse.clone(),
                    cause: erreur.to_string(),
                })?;
        Ok(BilanEnvoi {
            lots: 1,
            recus: lue.recus,
            acceptes: lue.acceptes,
            rejetes: lue.recus.saturating_sub(lue.acceptes),
            reprises,
        })
    }

    fn refus(&self, statut: StatusCode, mut reponse: Response<Body>) -> EnvoiErreur {
        let detail = reponse.body_mut().read_to_string().unwrap_or_default();
        EnvoiErreur::Refus {
            url: self.adresse.clone(),
            statut: statut.as_u16(),
            detail: detail.chars().take(300).collect(),
        }
    }
}

/// The wait that a full server asks for.
fn attente(reponse: &Response<Body>) -> Duration {
    reponse
        .headers()
        .get("Retry-After")
        .and_then(|valeur| valeur.to_str().ok()?.trim().parse().ok())
        .map_or(ATTENTE, Duration::from_secs)
        .min(ATTENTE_MAX)
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
