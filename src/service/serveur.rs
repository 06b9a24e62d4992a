//! The server: collection, API and console on one address, landing and counting behind.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use frequent_api::base::Base;
use frequent_api::comptes::{Comptes, ReglagesComptes, ReglagesSessions};
use frequent_api::conventions::Conventions;
use frequent_api::{Composants, Etat};
use frequent_ingest::acces::Acces;
use frequent_ingest::http::{Accueil, Collecte, Moyens, ReglagesCollecte, routes_recus, servir};
use frequent_ingest::qualite::Qualite;
use frequent_ingest::recus::Guichet;
use frequent_ingest::{Journal, TrousseauDisque};
use frequent_plan::{Calendrier, FenetreTemps, Fuseaux, Horloge, HorlogeSysteme, Lac, Plan};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use super::calcul::{self, Calcul};
use super::connexions;
use super::conservation::Conservation;
use super::entree;
use super::exploitation::{self, Exploitation, Pouls, Sante};
use super::journaux::{self, Atterrissage, Journaux};
use super::qualite::SuiviQualite;
use super::roles::{Role, Roles};
use crate::reglages::Reglages;

/// Longest time given to requests in progress when the server stops.
const ARRET_MAX: Duration = Duration::from_secs(20);

/// Time between two clean-ups of expired sessions.
const MENAGE: Duration = Duration::from_hours(1);
/// Time between two looks for a new version of the directory.
const ANNUAIRES: Duration = Duration::from_secs(2);

/// What stops a server from starting or ending well.
pub type Faute = Box<dyn std::error::Error>;

/// A running server.
pub struct Serveur {
    moteur: Runtime,
    schema: &'static str,
    adresse: SocketAddr,
    metriques: Option<SocketAddr>,
    etat: Option<Arc<Etat>>,
    arret: watch::Sender<bool>,
    ecoute: JoinHandle<()>,
    calcul: Calcul,
    qualite: SuiviQualite,
}

impl Serveur {
    /// Opens what these roles need in the data folder, listens, and begins to land and count.
    ///
    /// # Errors
    /// A part of the data folder cannot be opened, another server has it, or the address is taken.
    pub fn demarrer(reglages: &Reglages, roles: &Roles) -> Result<Self, Faute> {
        Self::demarrer_a(reglages, roles, Arc::new(HorlogeSysteme))
    }

    /// The same, by another clock than the machine's.
    ///
    /// # Errors
    /// See [`Serveur::demarrer`].
    pub fn demarrer_a(
        reglages: &Reglages,
        roles: &Roles,
        horloge: Arc<dyn Horloge>,
    ) -> Result<Self, Faute> {
        let moteur = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let mesures = exploitation::installer(roles)?;
        let moyens = moyens(reglages, horloge)?;
        let journaux = Journaux::ouvrir(reglages, roles, &moyens)?;
        let mut sante = Sante {
            journal: journaux.collecte.clone(),
            api: None,
            pouls: pouls(&journaux, reglages),
            dernier: Mutex::default(),
        };
        let mut accueil = Accueil {
            collecte: None,
            routes: Router::new(),
            entree: entree::entree(reglages)?,
        };
        let schema = match &accueil.entree.chiffrement {
            Some(chiffrement) => {
                moteur.spawn(Arc::clone(chiffrement).suivre());
                "https"
            }
            None => "http",
        };
        if let Some(journal) = journaux.collecte {
            let collecte = Arc::new(collecte(reglages, &moyens, journal)?);
            accueil.collecte = Some(Arc::clone(&collecte));
            let guichet = Arc::new(guichet(&moyens));
            accueil.routes = frequent_ingest::http::routes(collecte).merge(routes_recus(guichet));
        }
        let etat = if roles.a(Role::Api) {
            Some(moteur.block_on(ouvrir_api(reglages, &moyens))?)
        } else {
            None
        };
        if let Some(etat) = &etat {
            accueil.routes = frequent_api::routes(Arc::clone(etat)).merge(accueil.routes);
            suivre(&moteur, etat, &moyens.lac, reglages);
        }
        sante.api.clone_from(&etat);
        let exploitation = Exploitation {
            mesures: mesures.clone(),
            journal: sante.journal.clone(),
            donnees: reglages.general.donnees.clone(),
            sante: Arc::new(sante),
        };
        accueil.routes = exploitation.entourer(accueil.routes);
        moteur.spawn(exploitation::entretenir(mesures));

        let ecouteur = moteur
            .block_on(TcpListener::bind(reglages.serveur.adresse))
            .map_err(|source| format!("adresse {} : {source}", reglages.serveur.adresse))?;
        let adresse = ecouteur.local_addr()?;
        let metriques = moteur.block_on(servir_les_metriques(reglages, exploitation));
        let connexions = connexions::reglages(&reglages.connexions);
        let (arret, mut demande) = watch::channel(false);
        let ecoute = moteur.spawn(async move {
            let demande = async move {
                // A closed channel means that the server is gone: stop as well.
                let _demande_ou_fin = demande.wait_for(|arret| *arret).await;
            };
            servir(ecouteur, accueil, connexions, demande).await;
        });
        let guichet = guichet(&moyens);
        let qualite = SuiviQualite::demarrer(
            moyens.qualite,
            moyens.lac.clone(),
            Arc::clone(&moyens.horloge),
            reglages,
        )?;
        let conservation = Conservation::new(
            moyens.lac.clone(),
            Arc::clone(&moyens.trousseau),
            (Arc::clone(&moyens.fuseaux), Arc::clone(&moyens.horloge)),
            reglages,
        )?;
        let lieux = calcul::Lieux {
            lac: moyens.lac,
            plan: moyens.plan,
            guichet,
            conservation,
            horloge: moyens.horloge,
        };
        let calcul = Calcul::demarrer(journaux.atterrissages, roles, lieux, reglages)?;
        Ok(Self {
            moteur,
            schema,
            adresse,
            metriques,
            etat,
            arret,
            ecoute,
            calcul,
            qualite,
        })
    }

    /// The address that it listens on.
    pub fn url(&self) -> String {
        format!("{}://{}", self.schema, self.adresse)
    }

    /// Where its metrics are; none when they are not served.
    pub fn url_metriques(&self) -> Option<String> {
        let adresse = self.metriques?;
        Some(format!("http://{adresse}/metrics"))
    }

    /// The landing and counting behind it.
    pub fn calcul(&self) -> &Calcul {
        &self.calcul
    }

    /// Runs something while serving.
    pub fn executer<T>(&self, travail: impl Future<Output = T>) -> T {
        self.moteur.block_on(travail)
    }

    /// What the API answers from; none without it.
    pub fn etat(&self) -> Option<&Etat> {
        self.etat.as_deref()
    }

    /// The accounts; none without the API.
    pub fn comptes(&self) -> Option<&Comptes> {
        self.etat.as_deref().map(Etat::comptes)
    }

    /// Serves until asked to stop (Ctrl-C or SIGTERM), then ends what is in progress.
    ///
    /// # Errors
    /// The server failed by itself.
    pub fn attendre_la_fin(mut self) -> Result<(), Faute> {
        let panne = self.moteur.block_on(async {
            tokio::select! {
                resultat = signal_d_arret() => resultat.map(|()| None),
                fin = &mut self.ecoute => Ok(Some(fin)),
            }
        })?;
        if let Some(fin) = panne {
            return Ok(fin?);
        }
        tracing::info!("stopping: ending requests in progress");
        self.arret.send_replace(true);
        let fin = self
            .moteur
            .block_on(async { tokio::time::timeout(ARRET_MAX, self.ecoute).await });
        self.calcul.arreter();
        // Landing from Kafka counts what it takes until its end.
        self.qualite.arreter();
        if let Ok(fin) = fin {
            fin?;
        } else {
            tracing::warn!("some requests did not end in time");
        }
        Ok(())
    }
}

/// Where receipts are established, kept and asked for.
fn guichet(moyens: &journaux::Moyens) -> Guichet {
    Guichet::new(
        moyens.lac.clone(),
        Arc::clone(&moyens.acces),
        Arc::clone(&moyens.fuseaux),
        Arc::clone(&moyens.horloge),
    )
}

/// Serves the metrics where the settings say. An address that is taken does not stop collecting:
/// it is said in the log.
async fn servir_les_metriques(
    reglages: &Reglages,
    exploitation: Exploitation,
) -> Option<SocketAddr> {
    let adresse = reglages.exploitation.metriques()?;
    let ecoute = TcpListener::bind(adresse).await;
    match ecoute.and_then(|ecouteur| Ok((ecouteur.local_addr()?, ecouteur))) {
        Ok((adresse, ecouteur)) => {
            tokio::spawn(exploitation.servir(ecouteur));
            Some(adresse)
        }
        Err(faute) => {
            tracing::error!(%adresse, %faute, "metrics are not served");
            None
        }
    }
}

/// The signs of life of those who land: four times the interval, and a minute, is too long.
fn pouls(journaux: &Journaux, reglages: &Reglages) -> Vec<Pouls> {
    let silence_max = 4 * journaux::intervalle(reglages) + Duration::from_mins(1);
    let un = |atterrissage: &Atterrissage| Pouls {
        nom: atterrissage.nom(),
        battement: atterrissage.pouls(),
        silence_max,
    };
    journaux.atterrissages.iter().map(un).collect()
}

async fn signal_d_arret() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terme = signal(SignalKind::terminate())?;
    tokio::select! {
        resultat = tokio::signal::ctrl_c() => resultat,
        _ = terme.recv() => Ok(()),
    }
}

/// The API's state without a server, for a command that asks it once.
///
/// # Errors
/// A part of the data folder cannot be opened.
pub async fn etat_seul(reglages: &Reglages) -> Result<Arc<Etat>, Faute> {
    let moyens = moyens(reglages, Arc::new(HorlogeSysteme))?;
    ouvrir_api(reglages, &moyens).await
}

/// What the data folder holds, and the clock.
fn moyens(reglages: &Reglages, horloge: Arc<dyn Horloge>) -> Result<journaux::Moyens, Faute> {
    let lac = Lac::new(&reglages.general.donnees);
    let fuseaux = Arc::new(Fuseaux::charger()?);
    Ok(journaux::Moyens {
        plan: Arc::new(Plan::integre()?),
        qualite: Arc::new(Qualite::new(Arc::clone(&fuseaux))),
        fuseaux,
        trousseau: Arc::new(TrousseauDisque::ouvrir(&lac)?),
        acces: Arc::new(Acces::ouvrir(&lac)?),
        horloge,
        fenetre: reglages_collecte(reglages).fenetre,
        lac,
    })
}

async fn ouvrir_api(reglages: &Reglages, moyens: &journaux::Moyens) -> Result<Arc<Etat>, Faute> {
    let base = Base::ouvrir(&moyens.lac, &reglages.base.adresse()?).await?;
    let comptes = Comptes::new(
        base.clone(),
        &moyens.lac,
        Arc::clone(&moyens.horloge),
        reglages_comptes(reglages),
    )?;
    let conventions = Conventions::ouvrir(&base, reglages.conventions()).await?;
    Ok(Arc::new(Etat::ouvrir(Composants {
        lac: moyens.lac.clone(),
        plan: Arc::clone(&moyens.plan),
        calendrier: Calendrier::integre()?,
        fuseaux: Fuseaux::charger()?,
        base,
        comptes,
        conventions,
        acces: Arc::clone(&moyens.acces),
        seuil: reglages.secret.seuil,
        adresse_collecte: adresse_publique(reglages),
        adresse_publique: adresse_publique(reglages),
        ldap: reglages.ldap.ouvrir()?,
        oidc: reglages.oidc.ouvrir(&reglages.serveur.url_publique)?,
        reglages: reglages.montrer(),
        remise: reglages.rapports.remise(adresse_publique(reglages))?,
        horloge: Arc::clone(&moyens.horloge),
    })?))
}

/// What receives events and writes them to this log.
fn collecte(
    reglages: &Reglages,
    moyens: &journaux::Moyens,
    journal: Journal,
) -> Result<Collecte, Faute> {
    let moyens = Moyens {
        plan: Arc::clone(&moyens.plan),
        fuseaux: Arc::clone(&moyens.fuseaux),
        trousseau: moyens.trousseau.clone(),
        journal,
        qualite: Arc::clone(&moyens.qualite),
        acces: Arc::clone(&moyens.acces),
        horloge: Arc::clone(&moyens.horloge),
    };
    Ok(Collecte::new(moyens, reglages_collecte(reglages))?)
}

/// What is looked at now and then while the API is served.
fn suivre(moteur: &Runtime, etat: &Arc<Etat>, lac: &Lac, reglages: &Reglages) {
    moteur.spawn(faire_le_menage(Arc::clone(etat)));
    moteur.spawn(suivre_les_annuaires(Arc::clone(etat)));
    moteur.spawn(super::conventions::suivre(Arc::clone(etat)));
    moteur.spawn(super::rechauffe::suivre(Arc::clone(etat)));
    let aaf = reglages.aaf.clone();
    moteur.spawn(super::aaf::suivre(Arc::clone(etat), lac.clone(), aaf));
    let intervalle = reglages.rapports.intervalle();
    moteur.spawn(super::rapports::suivre(Arc::clone(etat), intervalle));
}

async fn suivre_les_annuaires(etat: Arc<Etat>) {
    loop {
        tokio::time::sleep(ANNUAIRES).await;
        let etat = Arc::clone(&etat);
        let relu = tokio::task::spawn_blocking(move || etat.actualiser_annuaires()).await;
        if let Ok(Err(faute)) = relu {
            tracing::warn!(%faute, "the directory could not be read again");
        }
    }
}

async fn faire_le_menage(etat: Arc<Etat>) {
    loop {
        if let Err(faute) = etat.comptes().purger_sessions().await {
            tracing::warn!(%faute, "expired sessions not purged");
        }
        if let Err(faute) = etat.oublier_les_lectures().await {
            tracing::warn!(%faute, "days of reads told already not forgotten");
        }
        tokio::time::sleep(MENAGE).await;
    }
}

fn reglages_collecte(reglages: &Reglages) -> ReglagesCollecte {
    const JOUR_MS: i64 = 24 * 3_600_000;
    const MINUTE_MS: i64 = 60_000;
    let collecte = &reglages.collecte;
    ReglagesCollecte {
        fenetre: FenetreTemps {
            passe_ms: i64::from(reglages.conservation.porte(collecte.passe_max_jours)) * JOUR_MS,
            futur_ms: i64::from(collecte.futur_max_minutes) * MINUTE_MS,
        },
        corps_max: (collecte.corps_max_mio as usize) << 20,
        evenements_max: collecte.corps_evenements_max,
        corps_delai: Duration::from_secs(collecte.corps_delai_s.into()),
        debit_max: NonZeroU32::new(collecte.debit_cle_max),
        debit_site_max: NonZeroU32::new(collecte.debit_site_max),
        memoire_max: (collecte.memoire_max_mio as usize) << 20,
        ..ReglagesCollecte::default()
    }
}

/// The address that browsers, tags and providers use, when the settings say it.
fn adresse_publique(reglages: &Reglages) -> Option<String> {
    let adresse = reglages.serveur.url_publique.trim_end_matches('/');
    (!adresse.is_empty()).then(|| adresse.to_owned())
}

fn reglages_comptes(reglages: &Reglages) -> ReglagesComptes {
    let console = &reglages.console;
    ReglagesComptes {
        sessions: ReglagesSessions {
            duree_max: Duration::from_hours(u64::from(console.session_max_heures)),
            inactivite_max: Duration::from_mins(u64::from(console.session_inactive_minutes)),
        },
        roles_avec_code: console.roles_avec_code.iter().copied().collect(),
        mandataires: reglages.serveur.proxy_de_confiance.clone(),
        ..ReglagesComptes::default()
    }
}
