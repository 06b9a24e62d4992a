//! A whole collection on a real socket, with a real log in a folder of its own, and a client that
//! can write anything.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use frequent_ingest::TrousseauDisque;
use frequent_ingest::acces::{Acces, Site};
use frequent_ingest::http::{
    Accueil, Collecte, Entree, Moyens, ReglagesCollecte, ReglagesConnexions, routes, servir,
};
use frequent_ingest::journal::{JournalEmbarque, ReglagesJournal};
use frequent_ingest::qualite::{Emetteur, Qualite, Releve};
use frequent_plan::{Fuseaux, Horloge, Instant, Lac, Plan};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub const SITE: u32 = 365_203;
/// 20 November 2026, 08:00 UTC.
pub const MAINTENANT: i64 = 1_795_161_600_000;

struct Arretee;

impl Horloge for Arretee {
    fn maintenant(&self) -> Instant {
        Instant(MAINTENANT)
    }
}

pub struct Banc {
    pub dossier: TempDir,
    pub secret: String,
    pub acces: Arc<Acces>,
    pub adresse: SocketAddr,
    collecte: Arc<Collecte>,
    fils: Option<Runtime>,
}

impl Banc {
    pub fn new() -> Self {
        Self::avec(ReglagesCollecte::default(), ReglagesJournal::default())
    }

    pub fn avec(reglages: ReglagesCollecte, journal: ReglagesJournal) -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path());
        let acces = Arc::new(Acces::ouvrir(&lac).unwrap());
        let plateformes = ["ONE-OCC".to_owned()];
        let secret = acces
            .creer_cle("Éditeur", &plateformes, Instant(MAINTENANT))
            .unwrap();
        let site = Site {
            numero: SITE,
            plateforme: "ONE-OCC".to_owned(),
            autres_plateformes: vec![],
            projet: "ENT-ECOLE".to_owned(),
            exploitant: "EDIFICE".to_owned(),
            ..Site::default()
        };
        acces.ajouter_site(site).unwrap();
        let moyens = Moyens {
            plan: Arc::new(Plan::integre().unwrap()),
            fuseaux: Arc::new(Fuseaux::charger().unwrap()),
            trousseau: Arc::new(TrousseauDisque::ouvrir(&lac).unwrap()),
            journal: JournalEmbarque::ouvrir(&lac, journal).unwrap().into(),
            acces: Arc::clone(&acces),
            qualite: Arc::new(Qualite::new(Arc::new(Fuseaux::charger().unwrap()))),
            horloge: Arc::new(Arretee),
        };
        let collecte = Arc::new(Collecte::new(moyens, reglages).unwrap());
        let fils = Runtime::new().unwrap();
        let ecoute = fils
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let adresse = ecoute.local_addr().unwrap();
        let accueil = Accueil {
            collecte: Some(Arc::clone(&collecte)),
            routes: routes(Arc::clone(&collecte)),
            entree: Entree::default(),
        };
        let sans_fin = std::future::pending();
        fils.spawn(servir(
            ecoute,
            accueil,
            ReglagesConnexions::default(),
            sans_fin,
        ));
        Self {
            dossier,
            secret,
            acces,
            adresse,
            collecte,
            fils: Some(fils),
        }
    }

    pub fn releve(&self, emetteur: &Emetteur) -> Releve {
        self.collecte.releve().remove(emetteur).unwrap_or_default()
    }

    pub fn releve_cle(&self) -> Releve {
        self.releve(&Emetteur::Cle("Éditeur".to_owned()))
    }

    /// Stops the server and closes the log; the folder stays.
    pub fn arreter(mut self) -> TempDir {
        if let Some(fils) = self.fils.take() {
            fils.shutdown_timeout(Duration::from_secs(5));
        }
        self.dossier
    }

    pub fn hit(&self, requete: &str) -> Reponse {
        let tete = format!("GET /hit.xiti?{requete} HTTP/1.1\r\nHost: ent\r\n");
        self.envoyer(&[tete.as_bytes(), b"Connection: close\r\n\r\n"])
    }

    /// Posts a batch of lines with the provider's key.
    pub fn lignes(&self, lignes: &str) -> Reponse {
        self.poster("Content-Type: application/x-ndjson\r\n", lignes.as_bytes())
    }

    pub fn poster(&self, entetes: &str, corps: &[u8]) -> Reponse {
        let cle = format!("Authorization: Bearer {}\r\n{entetes}", self.secret);
        self.poster_nu(&cle, corps)
    }

    pub fn poster_nu(&self, entetes: &str, corps: &[u8]) -> Reponse {
        let tete = format!(
            "POST /v1/events HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\
             Content-Length: {}\r\n{entetes}\r\n",
            corps.len()
        );
        self.envoyer(&[tete.as_bytes(), corps])
    }

    pub fn envoyer(&self, morceaux: &[&[u8]]) -> Reponse {
        let mut flux = self.connecter();
        for morceau in morceaux {
            flux.write_all(morceau).unwrap();
        }
        Reponse::lire(flux)
    }

    pub fn connecter(&self) -> TcpStream {
        let flux = TcpStream::connect(self.adresse).unwrap();
        flux.set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        flux
    }
}

#[derive(Debug)]
pub struct Reponse {
    pub statut: u16,
    pub entetes: String,
    pub corps: Vec<u8>,
}

impl Reponse {
    /// Reads up to the end of the connection.
    pub fn lire(mut flux: TcpStream) -> Self {
        let mut octets = Vec::new();
        flux.read_to_end(&mut octets).unwrap();
        let fin = octets.windows(4).position(|f| f == b"\r\n\r\n").unwrap();
        let tete = String::from_utf8(octets[..fin].to_vec()).unwrap();
        let (statut, entetes) = tete.split_once("\r\n").unwrap();
        Self {
            statut: statut.split(' ').nth(1).unwrap().parse().unwrap(),
            entetes: entetes.to_ascii_lowercase(),
            corps: octets[fin + 4..].to_vec(),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.corps).unwrap()
    }

    /// The problem's code, once the answer is checked to be one.
    pub fn probleme(&self) -> String {
        assert!(
            self.entetes
                .contains("content-type: application/problem+json")
        );
        let json = self.json();
        assert_eq!(json["status"], self.statut);
        let genre = json["type"].as_str().unwrap();
        genre
            .strip_prefix("urn:frequent:probleme:")
            .unwrap()
            .to_owned()
    }
}

/// A good line, told from the others by its number.
pub fn ligne(numero: u32) -> String {
    format!(
        r#"{{"id":"e{numero}","ts":{MAINTENANT},"uai":"0660713S","profil":"ELEVE","visiteur":"u{numero}","service":"NOTES","plateforme":"ONE-OCC"}}"#
    )
}
