//! The server's connections, within bounds that `axum::serve` does not have: how many, how long a
//! client may be silent, how large a request's head, how long until its answer.
//!
//! Tag hits are most of its requests, all alike and answered in a few microseconds: they go
//! straight from the connection to the collection, everything else through the routes
//! (`docs/decisions/0240`).

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::entree::{Entree, Passage};
use super::file_attente::{Attentes, Connexion};
use super::probleme::Probleme;
use super::{CHEMIN_MARQUEUR, Collecte, hits, marqueur};

/// After a refusal to accept for want of resources (too many files open), time for some to close.
const REPIT: Duration = Duration::from_millis(100);
/// Time for the connections told to leave to do so.
const DEPART: Duration = Duration::from_secs(1);
/// What one connection too many is told, when none of the others can be closed for it.
const COMPLET: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\n\
    Connection: close\r\nContent-Length: 0\r\n\r\n";

/// The bounds of the connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReglagesConnexions {
    /// Most connections at once. One more closes those that have waited longest for a request.
    pub max: usize,
    /// Longest time to send a request's head, longest silence between two requests, and longest
    /// time without taking anything of an answer.
    pub silence: Duration,
    /// Longest time between a request's head and its answer, other than for hits.
    pub requete: Duration,
    /// Largest head of a request, its address included, in bytes.
    pub tete_octets: usize,
}

impl Default for ReglagesConnexions {
    /// 8,192 connections, 30 s of silence, 60 s a request, heads of 32 KiB.
    fn default() -> Self {
        Self {
            max: 8_192,
            silence: Duration::from_secs(30),
            requete: Duration::from_mins(1),
            tete_octets: 32 << 10,
        }
    }
}

/// What the connections lead to.
#[derive(Clone)]
pub struct Accueil {
    /// The collection, when this server collects: its hits do not go through the routes.
    pub collecte: Option<Arc<Collecte>>,
    /// All the server's routes, the collection's included.
    pub routes: Router,
    /// Over TLS, through a proxy, or in clear.
    pub entree: Entree,
}

/// Serves on this address until `arret` ends, then lets the requests in progress end. A connection
/// not accepted is said in the log and the next one awaited: a server does not stop for want of a
/// descriptor.
pub async fn servir(
    ecoute: TcpListener,
    accueil: Accueil,
    reglages: ReglagesConnexions,
    arret: impl Future<Output = ()>,
) {
    let salle = Salle {
        accueil,
        reglages,
        attentes: Arc::default(),
        places: Arc::new(Semaphore::new(reglages.max)),
        arret: watch::Sender::new(false),
    };
    let mut arret = pin!(arret);
    loop {
        tokio::select! {
            accepte = ecoute.accept() => match accepte {
                Ok((flux, pair)) => salle.recevoir(flux, pair).await,
                Err(erreur) if est_du_client(&erreur) => {}
                Err(erreur) => {
                    tracing::error!(%erreur, "connection not accepted");
                    sleep(REPIT).await;
                }
            },
            () = &mut arret => break,
        }
    }
    drop(ecoute);
    salle.fermer().await;
}

fn est_du_client(erreur: &io::Error) -> bool {
    use io::ErrorKind as E;
    matches!(
        erreur.kind(),
        E::ConnectionAborted | E::ConnectionReset | E::ConnectionRefused
    )
}

/// What all connections share.
struct Salle {
    accueil: Accueil,
    reglages: ReglagesConnexions,
    attentes: Arc<Attentes>,
    places: Arc<Semaphore>,
    arret: watch::Sender<bool>,
}

impl Salle {
    async fn recevoir(&self, flux: TcpStream, pair: SocketAddr) {
        let Some(place) = self.place().await else {
            metrics::counter!("frequent_connexions_refusees_total").increment(1);
            // As much as the socket takes at once, which is all of it: it is new.
            if self.accueil.entree.chiffrement.is_none() {
                let _ = flux.try_write(COMPLET);
            }
            return;
        };
        self.tenir(flux, pair, place);
    }

    /// A place for one more connection, if need be that of one that waits for a request.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        let congediees = self.attentes.congedier_les_anciennes();
        if congediees == 0 {
            return None;
        }
        metrics::counter!("frequent_connexions_congediees_total").increment(congediees);
        let place = Arc::clone(&self.places).acquire_owned();
        timeout(DEPART, place).await.ok()?.ok()
    }

    /// Serves one connection, on a task of its own.
    fn tenir(&self, flux: TcpStream, pair: SocketAddr, place: OwnedSemaphorePermit) {
        // Without the first, the end of a long answer would wait for an acknowledgement; the second
        // gives up a client that takes nothing of it. A socket that refuses is one already closed.
        let _ = flux.set_nodelay(true);
        let silence = u32::try_from(self.reglages.silence.as_millis()).unwrap_or(u32::MAX);
        let _ = set_tcp_user_timeout(&flux, silence);

        let connexion = self.attentes.entrer();
        let attentes = Arc::clone(&self.attentes);
        let guichet = Guichet {
            accueil: self.accueil.clone(),
            passage: self.accueil.entree.passage(pair.ip()),
            pair,
            reglages: self.reglages,
        };
        let arret = self.arret.subscribe();
        tokio::spawn(async move {
            guichet.tenir(flux, &connexion, arret).await;
            attentes.sortir(&connexion);
            drop(place);
        });
    }

    /// Ends: the requests in progress are answered; a client that had begun to send one has a
    /// moment to finish.
    async fn fermer(&self) {
        self.arret.send_replace(true);
        let toutes = u32::try_from(self.reglages.max).unwrap_or(u32::MAX);
        if timeout(DEPART, self.places.acquire_many(toutes))
            .await
            .is_err()
        {
            self.attentes.congedier_toutes();
            // The semaphore is never closed: what comes back is all the places.
            let _toutes = self.places.acquire_many(toutes).await;
        }
    }
}

/// What one connection is served with.
struct Guichet {
    accueil: Accueil,
    passage: Passage,
    pair: SocketAddr,
    reglages: ReglagesConnexions,
}

impl Guichet {
    /// Serves a connection to its end, over TLS if that is spoken here. A client that does not end
    /// its handshake in time, or asks for what is not spoken, is left without a word.
    async fn tenir(&self, flux: TcpStream, connexion: &Connexion, arret: watch::Receiver<bool>) {
        let Some(chiffrement) = &self.accueil.entree.chiffrement else {
            return self.echanger(TokioIo::new(flux), connexion, arret).await;
        };
        let poignee = timeout(self.reglages.silence, chiffrement.accepteur().accept(flux));
        let flux = tokio::select! {
            poignee = poignee => poignee,
            () = connexion.congediee() => return,
        };
        match flux {
            Ok(Ok(flux)) => self.echanger(TokioIo::new(flux), connexion, arret).await,
            Ok(Err(_)) | Err(_) => {
                metrics::counter!("frequent_tls_echecs_total").increment(1);
            }
        }
    }

    async fn echanger<I>(&self, flux: I, connexion: &Connexion, arret: watch::Receiver<bool>)
    where
        I: Read + Write + Unpin,
    {
        let mut constructeur = http1::Builder::new();
        constructeur
            .timer(TokioTimer::new())
            // A page that is being left closes its side at once: what it sent is taken all the same.
            .half_close(true)
            .header_read_timeout(self.reglages.silence)
            .max_header_size(self.reglages.tete_octets);
        let service = service_fn(|requete| async {
            connexion.commencer();
            let reponse = self.repondre(requete).await;
            connexion.attendre();
            Ok::<_, Infallible>(reponse)
        });
        let echanges = constructeur.serve_connection(flux, service);
        jusqu_au_bout(echanges, connexion, arret).await;
    }

    async fn repondre(&self, requete: Request<Incoming>) -> Response {
        let accueil = &self.accueil;
        if let Some(collecte) = &accueil.collecte
            && est_un_hit(&requete)
        {
            let (debut, methode) = (Instant::now(), requete.method().clone());
            let reponse = marqueur::repondre(collecte, requete).await.into_response();
            hits::mesurer(&methode, reponse.status(), debut.elapsed());
            return reponse;
        }
        let mut requete = requete;
        self.passage.etablir(requete.headers_mut());
        // For what slows guesses of passwords; never kept.
        requete.extensions_mut().insert(ConnectInfo(self.pair));
        let routes = TowerToHyperService::new(accueil.routes.clone());
        match timeout(self.reglages.requete, routes.call(requete)).await {
            Ok(Ok(reponse)) => reponse,
            Err(_) => Probleme::DelaiDepasse.into_response(),
        }
    }
}

/// Runs a connection to its end, unless it is told to leave while it waits for a request. One that
/// breaks is its client's business; what it sent is not to be logged.
async fn jusqu_au_bout<I, S>(
    echanges: http1::Connection<I, S>,
    connexion: &Connexion,
    mut arret: watch::Receiver<bool>,
) where
    I: Read + Write + Unpin,
    S: hyper::service::HttpService<Incoming, ResBody = Body>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut echanges = pin!(echanges);
    let mut arretee = false;
    loop {
        tokio::select! {
            _ = echanges.as_mut() => return,
            () = connexion.congediee() => {
                if connexion.attend() {
                    return;
                }
            }
            _ = arret.wait_for(|arret| *arret), if !arretee => {
                arretee = true;
                echanges.as_mut().graceful_shutdown();
            }
        }
    }
}

fn est_un_hit(requete: &Request<Incoming>) -> bool {
    requete.uri().path() == CHEMIN_MARQUEUR
        && matches!(*requete.method(), Method::GET | Method::POST)
}
