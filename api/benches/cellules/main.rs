//! How long the API takes to answer, over TCP, on a year of the region's cells.
//!
//! `cargo bench -p frequent-api` makes the year once (some minutes and about 2 GB under the target
//! folder), then prints, for each kind of request, the median and the 99th percentile of its
//! latency, each request about another territory. Files are in the machine's page cache and their
//! indexes in the server's memory, as they are after a first pass; no answer is cached.
//! `cargo bench -p frequent-api -- 20` makes a year of one school in 20, to try the bench itself.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its figures and may stop on any failure"
)]

mod annee;
mod client;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use frequent_api::base::{AdresseBase, Base};
use frequent_api::comptes::{Comptes, MotDePasse, Perimetre, ReglagesComptes};
use frequent_api::conventions::{Conventions, ReglagesConventions};
use frequent_api::porte::Seuil;
use frequent_api::{Composants, Etat};
use frequent_ingest::acces::Acces;
use frequent_plan::{Calendrier, Fuseaux, Horloge, Lac, Niveau, Plan};
use frequent_territory::Annuaires;

use annee::Hasard;
use client::Client;

const MOT_DE_PASSE: &str = "un long mot de passe";
/// Requests of each kind.
const TOURS: usize = 400;
/// The last day of the school year 2026-2027, at noon.
const MAINTENANT: &str = "2027-07-31T12:00:00Z";

struct Fixe(frequent_plan::Instant);

impl Horloge for Fixe {
    fn maintenant(&self) -> frequent_plan::Instant {
        self.0
    }
}

fn main() {
    let pas = std::env::args().find_map(|a| a.parse().ok()).unwrap_or(1);
    let dossier = format!("annee-occitanie-{pas}");
    let lac = Lac::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join(dossier));
    annee::preparer(&lac, pas);
    let annuaires = Annuaires::ouvrir(&lac).unwrap();
    let codes = Codes::de(&annuaires);
    let executif = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let adresse = executif.block_on(servir(&lac));
    let mut client = Client::connecter(adresse, MOT_DE_PASSE);
    println!(
        "{:<58} {:>6} {:>9} {:>9} {:>9}",
        "demande", "ko", "médiane", "p99", "max"
    );
    for (nom, chemin) in DEMANDES {
        mesurer(&mut client, &codes, nom, *chemin);
    }
}

/// A kind of request: from some territories, an address.
type Chemin = fn(&Codes, &mut Hasard) -> String;

const ANNEE: &str = "du=2026-08-03&au=2027-07-31";

const DEMANDES: &[(&str, Chemin)] = &[
    ("plan (sans lecture du lac)", |_, _| {
        "/api/v1/plan".to_owned()
    }),
    (
        "semaines d’une école, par profil (52 fichiers)",
        |c, h| cellules("ecole", h.un(&c.ecoles), "semaine", ANNEE, "profil=*"),
    ),
    ("semaines d’une circonscription, par profil", |c, h| {
        let circonscription = h.un(&c.circonscriptions);
        cellules(
            "circonscription",
            circonscription,
            "semaine",
            ANNEE,
            "profil=*",
        )
    }),
    ("semaines d’un département, par profil", |c, h| {
        cellules(
            "departement",
            h.un(&c.departements),
            "semaine",
            ANNEE,
            "profil=*",
        )
    }),
    ("semaines d’une école, 25 services", |c, h| {
        cellules("ecole", h.un(&c.ecoles), "semaine", ANNEE, "axe=service")
    }),
    (
        "mois d’une école, appareils par profil (12 fichiers)",
        |c, h| {
            let suite = "axe=appareil&profil=*";
            cellules(
                "ecole",
                h.un(&c.ecoles),
                "mois",
                "du=2026-08-01&au=2027-07-31",
                suite,
            )
        },
    ),
    ("année d’une école, services", |c, h| {
        let annee = "du=2026-08-01&au=2026-08-01";
        cellules("ecole", h.un(&c.ecoles), "annee", annee, "axe=service")
    }),
    ("année d’un département, services", |c, h| {
        let annee = "du=2026-08-01&au=2026-08-01";
        cellules(
            "departement",
            h.un(&c.departements),
            "annee",
            annee,
            "axe=service",
        )
    }),
    ("jours d’une école, un mois (31 fichiers)", |c, h| {
        let mois = "du=2026-10-01&au=2026-10-31";
        cellules("ecole", h.un(&c.ecoles), "jour", mois, "profil=*")
    }),
    ("jours d’une école, l’année (365 fichiers)", |c, h| {
        cellules("ecole", h.un(&c.ecoles), "jour", ANNEE, "profil=*")
    }),
    ("jours d’une circonscription, l’année", |c, h| {
        cellules(
            "circonscription",
            h.un(&c.circonscriptions),
            "jour",
            ANNEE,
            "profil=*",
        )
    }),
    ("synthèse d’une école, une semaine", |c, h| {
        let ecole = h.un(&c.ecoles);
        format!("/api/v1/synthese?niveau=ecole&code={ecole}&grain=semaine&debut=2027-03-15")
    }),
    (
        "moments d’une circonscription, un mois (31 fichiers)",
        |c, h| {
            let code = h.un(&c.circonscriptions);
            format!(
                "/api/v1/moments?niveau=circonscription&code={code}&grain=mois&debut=2026-10-01"
            )
        },
    ),
    ("écoles d’une circonscription, une semaine", |c, h| {
        let code = h.un(&c.circonscriptions);
        format!(
            "/api/v1/cellules?niveau=ecole&dans=circonscription:{code}&grain=semaine\
                 &du=2027-03-15&au=2027-03-15"
        )
    }),
    ("tableau d’une circonscription, 50 semaines", |c, h| {
        let code = h.un(&c.circonscriptions);
        format!(
            "/api/v1/tableau?niveau=circonscription&code={code}&enfants=ecole\
                 &grain=semaine&debut=2027-03-15"
        )
    }),
    ("tableau d’un département, 50 semaines", |c, h| {
        let code = h.un(&c.departements);
        format!(
            "/api/v1/tableau?niveau=departement&code={code}&enfants=ecole\
                 &grain=semaine&debut=2027-03-15"
        )
    }),
    ("recherche d’une école", |_, h| {
        let mots = [
            "jean%20jaures",
            "toulouse",
            "ecole%20mat",
            "jules",
            "prades",
        ];
        format!("/api/v1/territoires?recherche={}", h.un(&mots))
    }),
];

fn cellules(niveau: &str, code: &str, grain: &str, etendue: &str, suite: &str) -> String {
    format!("/api/v1/cellules?niveau={niveau}&code={code}&grain={grain}&{etendue}&{suite}")
}

/// The territories that requests are about.
struct Codes {
    ecoles: Vec<String>,
    circonscriptions: Vec<String>,
    departements: Vec<String>,
}

impl Codes {
    fn de(annuaires: &Annuaires) -> Self {
        let annuaire = annuaires.courant().unwrap();
        let codes = |niveau| -> Vec<String> {
            let du_niveau = annuaire.territoires().filter(|t| t.niveau == niveau);
            du_niveau.map(|t| t.code.clone()).collect()
        };
        Self {
            ecoles: codes(Niveau::Ecole),
            circonscriptions: codes(Niveau::Circonscription),
            departements: codes(Niveau::Departement),
        }
    }
}

fn mesurer(client: &mut Client, codes: &Codes, nom: &str, chemin: Chemin) {
    let mut hasard = Hasard::new(1);
    // The first pass fills the page cache and the indexes.
    for _ in 0..3 {
        client.lire(&chemin(codes, &mut hasard));
    }
    let mut durees: Vec<Duration> = Vec::with_capacity(TOURS);
    let mut octets = 0;
    for _ in 0..TOURS {
        let chemin = chemin(codes, &mut hasard);
        let debut = Instant::now();
        octets += client.lire(&chemin);
        durees.push(debut.elapsed());
    }
    durees.sort_unstable();
    let ms = |rang: usize| format!("{:.2} ms", durees[rang].as_secs_f64() * 1e3);
    println!(
        "{nom:<58} {:>6} {:>9} {:>9} {:>9}",
        octets / TOURS / 1024,
        ms(TOURS / 2),
        ms(TOURS * 99 / 100),
        ms(TOURS - 1)
    );
}

async fn servir(lac: &Lac) -> std::net::SocketAddr {
    let maintenant: jiff::Timestamp = MAINTENANT.parse().unwrap();
    let horloge = Arc::new(Fixe(frequent_plan::Instant::de_timestamp(maintenant)));
    let base = Base::ouvrir(lac, &AdresseBase::Fichier).await.unwrap();
    let comptes = Comptes::new(
        base.clone(),
        lac,
        horloge.clone(),
        ReglagesComptes::default(),
    )
    .unwrap();
    let perimetre: Perimetre = "region:76".parse().unwrap();
    let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
    // Already there after a first run.
    let _ = comptes.creer("banc", "Banc", mot_de_passe, perimetre).await;
    let conventions = Conventions::ouvrir(&base, ReglagesConventions::default())
        .await
        .unwrap();
    let etat = Etat::ouvrir(Composants {
        reglages: Vec::new(),
        lac: lac.clone(),
        plan: Arc::new(Plan::integre().unwrap()),
        calendrier: Calendrier::integre().unwrap(),
        fuseaux: Fuseaux::charger().unwrap(),
        base,
        comptes,
        conventions,
        acces: Arc::new(Acces::ouvrir(lac).unwrap()),
        adresse_collecte: None,
        seuil: Seuil::CONSULTATION,
        adresse_publique: None,
        oidc: None,
        ldap: None,
        remise: frequent_api::rapports::Remise::default(),
        horloge,
    })
    .unwrap();
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let adresse = ecoute.local_addr().unwrap();
    tokio::spawn(async move {
        axum::serve(ecoute, frequent_api::routes(Arc::new(etat)))
            .await
            .unwrap();
    });
    adresse
}
