//! The collection addresses: `/hit.xiti` for tags, `/v1/events` for providers' servers, `/tag.js`
//! and `/v1/collect` for pages that carry our own tag.
//!
//! Nothing is answered as received before it is durable. Nothing of what a person's browser or a
//! provider sent is logged: figures by reason say what goes wrong (see [`crate::qualite`]).

mod chiffrement;
mod connexions;
mod corps;
mod debit;
mod entree;
mod envoi;
mod essai;
mod evenements;
mod file_attente;
mod hits;
mod marqueur;
mod page;
mod probleme;
mod recus;
mod tag;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use frequent_plan::{
    Controle, Conversions, FenetreTemps, Fuseaux, Horloge, Instant, Plan, Refus, Trousseau,
};
use tokio::sync::Semaphore;

use crate::acces::Acces;
use crate::formats::xiti::{Parties, PartiesReglages};
use crate::journal::Journal;
use crate::qualite::{Decompte, Emetteur, Qualite, Releve};
use crate::terminal::{TableInvalide, Terminaux};
use debit::Debit;

pub use chiffrement::{Chiffrement, ChiffrementErreur, FichiersTls};
pub use connexions::{Accueil, ReglagesConnexions, servir};
pub use entree::Entree;
pub use recus::routes_recus;

/// Where tags send their hits.
const CHEMIN_MARQUEUR: &str = "/hit.xiti";

/// Memory in flight is counted in units of this many bytes.
const UNITE_MEMOIRE: usize = 1_024;

/// Most events in one body, unless set otherwise.
const EVENEMENTS_MAX: NonZeroU32 = NonZeroU32::new(50_000).unwrap();

const DEUX: NonZeroU32 = NonZeroU32::new(2).unwrap();

/// What the collection works with.
#[derive(Clone)]
pub struct Moyens {
    /// The marking plan.
    pub plan: Arc<Plan>,
    /// The time zones.
    pub fuseaux: Arc<Fuseaux>,
    /// The pseudonym keys.
    pub trousseau: Arc<dyn Trousseau>,
    /// Where accepted events become durable.
    pub journal: Journal,
    /// Keys and sites.
    pub acces: Arc<Acces>,
    /// Where what is received is counted.
    pub qualite: Arc<Qualite>,
    /// The clock.
    pub horloge: Arc<dyn Horloge>,
}

/// The bounds of the collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReglagesCollecte {
    /// How far from the server's clock an event may be.
    pub fenetre: FenetreTemps,
    /// Longest body of `/v1/events`, in bytes, before and after decompression.
    pub corps_max: usize,
    /// Most events in one body.
    pub evenements_max: NonZeroU32,
    /// Longest time to send a body.
    pub corps_delai: Duration,
    /// Most events a second and key over time; none is no limit. A key may send its largest body
    /// at once.
    pub debit_max: Option<NonZeroU32>,
    /// Most hits a second and site over time; none is no limit. A site may send as many as two
    /// seconds' at once.
    pub debit_site_max: Option<NonZeroU32>,
    /// Most bytes of bodies held at once, over all requests.
    pub memoire_max: usize,
    /// Hits in several parts.
    pub parties: PartiesReglages,
}

impl Default for ReglagesCollecte {
    /// 7 days back, 5 minutes ahead; 16 MiB and 50,000 events a body, 30 s to send it; 256 MiB of
    /// bodies at once; no rate.
    fn default() -> Self {
        Self {
            fenetre: FenetreTemps::default(),
            corps_max: 16 << 20,
            evenements_max: EVENEMENTS_MAX,
            corps_delai: Duration::from_secs(30),
            debit_max: None,
            debit_site_max: None,
            memoire_max: 256 << 20,
            parties: PartiesReglages::default(),
        }
    }
}

/// The collection: everything its addresses share.
pub struct Collecte {
    moyens: Moyens,
    reglages: ReglagesCollecte,
    terminaux: Terminaux,
    parties: Mutex<Parties>,
    memoire: Arc<Semaphore>,
    debit_cles: Debit<String>,
    debit_sites: Debit<u32>,
}

impl Collecte {
    /// A collection that has received nothing yet.
    ///
    /// # Errors
    /// The shipped table of browsers cannot be used.
    pub fn new(moyens: Moyens, reglages: ReglagesCollecte) -> Result<Self, TableInvalide> {
        Ok(Self {
            moyens,
            reglages,
            terminaux: Terminaux::charger()?,
            parties: Mutex::new(Parties::new(reglages.parties)),
            memoire: Arc::new(Semaphore::new(reglages.memoire_max / UNITE_MEMOIRE)),
            debit_cles: Debit::new("cle", reglages.debit_max, reglages.evenements_max),
            debit_sites: Debit::new(
                "site",
                reglages.debit_site_max,
                reglages
                    .debit_site_max
                    .map_or(NonZeroU32::MIN, |debit| debit.saturating_mul(DEUX)),
            ),
        })
    }

    /// Tagging quality by sender, since the server started.
    #[must_use]
    pub fn releve(&self) -> BTreeMap<Emetteur, Releve> {
        self.expirer_parties(self.moyens.horloge.maintenant());
        self.moyens.qualite.releve()
    }

    /// Counts the hits whose parts will never all come.
    fn expirer_parties(&self, maintenant: Instant) {
        let perdus = self
            .parties
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .expirer(maintenant);
        for perdu in perdus {
            let mut decompte = self.decompte(maintenant);
            decompte.refuser("", None, &Refus::de("mh", perdu.raison));
            decompte.verser(&Emetteur::Site(perdu.site));
        }
    }

    /// The counters of a request received at this instant.
    fn decompte(&self, recu_le: Instant) -> Decompte {
        Decompte::new(&self.moyens.qualite, recu_le)
    }

    fn controle<'c>(
        &'c self,
        conversions: &'c Conversions,
        trousseau: &'c dyn Trousseau,
        maintenant: Instant,
    ) -> Controle<'c> {
        Controle {
            plan: &self.moyens.plan,
            conversions,
            fuseaux: &self.moyens.fuseaux,
            trousseau,
            maintenant,
            fenetre: self.reglages.fenetre,
        }
    }
}

/// The collection's addresses: `GET` and `POST /hit.xiti`, `POST /v1/events`, `GET /tag.js`, `POST
/// /v1/collect`.
pub fn routes(collecte: Arc<Collecte>) -> Router {
    Router::new()
        .route(
            CHEMIN_MARQUEUR,
            get(marqueur::recevoir).post(marqueur::recevoir),
        )
        .route("/v1/events", post(evenements::recevoir))
        .route("/tag.js", get(tag::servir))
        .route("/v1/collect", post(page::recevoir).options(page::annoncer))
        .with_state(collecte)
}
