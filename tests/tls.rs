//! TLS spoken by the built binary: its chain is verified by a real client, the certificate changes
//! without a restart, older versions and plain HTTP get nothing; and what a proxy says is believed
//! only from a proxy of ours.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use banc::{Banc, COMPTE, MOT_DE_PASSE, Serveur};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// An authority of our own, and the files of the server's certificate.
struct Autorite {
    emetteur: CertifiedIssuer<'static, KeyPair>,
    certificat: PathBuf,
    cle: PathBuf,
}

impl Autorite {
    fn nouvelle(banc: &Banc) -> Self {
        let mut parametres = CertificateParams::new(Vec::new()).unwrap();
        parametres.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let cle = KeyPair::generate().unwrap();
        let autorite = Self {
            emetteur: CertifiedIssuer::self_signed(parametres, cle).unwrap(),
            certificat: banc.fichier("certificat.pem"),
            cle: banc.fichier("cle.pem"),
        };
        autorite.emettre("localhost");
        autorite
    }

    /// Writes a new certificate for this name and its key, the key first as a renewal may.
    fn emettre(&self, nom: &str) {
        let cle = KeyPair::generate().unwrap();
        let parametres = CertificateParams::new(vec![nom.to_owned()]).unwrap();
        let feuille = parametres.signed_by(&cle, &self.emetteur).unwrap();
        fs::write(&self.cle, cle.serialize_pem()).unwrap();
        fs::write(&self.certificat, feuille.pem() + &self.emetteur.pem()).unwrap();
    }

    fn servir(&self, banc: &Banc) -> Serveur {
        banc.servir_avec(&[
            ("TLS_CERTIFICAT", self.certificat.to_str().unwrap()),
            ("TLS_CLE", self.cle.to_str().unwrap()),
        ])
    }

    /// A client that trusts this authority and nothing else, and keeps no connection.
    fn client(&self) -> ureq::Agent {
        let racine = Certificate::from_pem(self.emetteur.pem().as_bytes()).unwrap();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&[racine]))
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_idle_connections(0)
            .tls_config(tls)
            .build()
            .into()
    }
}

fn sous(serveur: &Serveur, nom: &str, chemin: &str) -> String {
    let port = serveur.adresse().rsplit_once(':').unwrap().1;
    format!("https://{nom}:{port}{chemin}")
}

#[test]
fn https_is_answered_with_a_verified_chain_hsts_and_a_secure_cookie() {
    let banc = Banc::avec_annuaire();
    banc.compte("departement:031");
    let autorite = Autorite::nouvelle(&banc);
    let serveur = autorite.servir(&banc);
    assert!(serveur.url.starts_with("https://"));
    let client = autorite.client();

    let identifiants = serde_json::json!({"identifiant": COMPTE, "mot_de_passe": MOT_DE_PASSE});
    let reponse = client
        .post(sous(&serveur, "localhost", "/api/v1/session"))
        .header("Sec-Fetch-Site", "same-origin")
        .send_json(identifiants)
        .unwrap();
    assert_eq!(reponse.status(), 200);
    let entete = |nom: &str| reponse.headers()[nom].to_str().unwrap().to_owned();
    assert!(entete("strict-transport-security").starts_with("max-age=31536000"));
    let temoin = entete("set-cookie");
    assert!(temoin.starts_with("__Host-frequent="), "{temoin}");
    assert!(temoin.contains("; Secure"), "{temoin}");

    // The collection answers there too.
    let hit = client.get(sous(&serveur, "localhost", "/hit.xiti")).call();
    assert!(hit.is_ok());
    // A client that does not know the authority gives up.
    let inconnue = Autorite::nouvelle(&Banc::vide()).client();
    assert!(
        inconnue
            .get(sous(&serveur, "localhost", "/"))
            .call()
            .is_err()
    );
}

#[test]
fn a_new_certificate_serves_without_a_restart_and_a_wrong_one_changes_nothing() {
    let banc = Banc::vide();
    let autorite = Autorite::nouvelle(&banc);
    let serveur = autorite.servir(&banc);
    // A client each time: one that remembers its session would not ask for the certificate again.
    let repond = |nom: &str| {
        autorite
            .client()
            .get(sous(&serveur, nom, "/healthz"))
            .call()
            .is_ok()
    };
    let attendre = |nom: &str| {
        let debut = Instant::now();
        while !repond(nom) {
            assert!(debut.elapsed() < Duration::from_secs(30), "{nom}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    assert!(repond("localhost"));

    fs::write(&autorite.certificat, "ceci n’est pas un certificat").unwrap();
    let debut = Instant::now();
    while !banc.traces().contains("new TLS certificate not used") {
        assert!(debut.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(repond("localhost"));

    autorite.emettre("127.0.0.1");
    attendre("127.0.0.1");
    assert!(!repond("localhost"));
}

#[test]
fn older_versions_and_plain_http_get_nothing() {
    let banc = Banc::vide();
    let autorite = Autorite::nouvelle(&banc);
    let serveur = autorite.servir(&banc);

    // A client that speaks TLS 1.1 at most: its hello, with two suites of that time.
    let corps = [
        &[0x03, 0x02][..],
        &[7; 32],
        &[0, 0, 4, 0x00, 0x2f, 0xc0, 0x13, 1, 0],
    ]
    .concat();
    let mut bonjour = vec![0x16, 0x03, 0x01, 0, u8::try_from(corps.len() + 4).unwrap()];
    bonjour.extend([1, 0, 0, u8::try_from(corps.len()).unwrap()]);
    bonjour.extend(&corps);
    let dire = |octets: &[u8]| {
        let mut flux = TcpStream::connect(serveur.adresse()).unwrap();
        flux.write_all(octets).unwrap();
        let mut reponse = Vec::new();
        // The server may reset what it does not understand.
        let _ = flux.read_to_end(&mut reponse);
        reponse
    };
    let alerte = dire(&bonjour);
    assert_eq!(alerte.first(), Some(&0x15), "{alerte:?}");
    assert_eq!(alerte.get(5), Some(&2), "a fatal one: {alerte:?}");
    let clair = dire(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(!clair.starts_with(b"HTTP/"), "{clair:?}");
}

#[test]
fn a_certificate_that_cannot_be_used_stops_the_start() {
    let banc = Banc::vide();
    let autorite = Autorite::nouvelle(&banc);
    fs::write(&autorite.cle, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let demarrer = |cle: &str| {
        let mut commande = banc.commande(&["serve", "--adresse", "127.0.0.1:0"]);
        commande.env("FREQUENT_TLS_CERTIFICAT", &autorite.certificat);
        commande.env("FREQUENT_TLS_CLE", cle).output().unwrap()
    };
    let autre = demarrer(autorite.cle.to_str().unwrap());
    assert!(!autre.status.success());
    let seul = demarrer("");
    assert!(!seul.status.success());
    assert!(String::from_utf8_lossy(&seul.stderr).contains("tls.cle"));
}

/// The headers of an answer, to a request with these.
fn entetes(serveur: &Serveur, entetes: &str) -> String {
    let mut flux = TcpStream::connect(serveur.adresse()).unwrap();
    let requete = format!("GET /api/v1/plan HTTP/1.1\r\n{entetes}Connection: close\r\n\r\n");
    flux.write_all(requete.as_bytes()).unwrap();
    let mut reponse = String::new();
    flux.read_to_string(&mut reponse).unwrap();
    reponse.split("\r\n\r\n").next().unwrap().to_lowercase()
}

#[test]
fn https_is_announced_when_a_proxy_of_ours_says_so_and_not_when_anyone_does() {
    let requete = "Host: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n";
    let banc = Banc::vide();
    let serveur = banc.servir_avec(&[("SERVEUR_PROXY_DE_CONFIANCE", "127.0.0.1")]);
    assert!(entetes(&serveur, requete).contains("strict-transport-security"));
    assert!(!entetes(&serveur, "Host: 127.0.0.1\r\n").contains("strict-transport"));
    drop(serveur);
    let serveur = banc.servir_avec(&[("SERVEUR_PROXY_DE_CONFIANCE", "10.9.8.7")]);
    assert!(!entetes(&serveur, requete).contains("strict-transport"));
}

#[test]
fn once_published_the_console_answers_to_its_name_only_and_the_collection_to_any() {
    let banc = Banc::vide();
    let url = "https://console.example";
    let serveur = banc.servir_avec(&[("SERVEUR_URL_PUBLIQUE", url)]);
    let notre = entetes(&serveur, "Host: console.example\r\n");
    assert!(notre.starts_with("http/1.1 401") && notre.contains("strict-transport-security"));
    for hote in ["Host: ailleurs.example\r\n", "Host: 127.0.0.1\r\n"] {
        let refus = entetes(&serveur, hote);
        assert!(refus.starts_with("http/1.1 421"), "{refus}");
        assert!(refus.contains("content-security-policy"));
    }
    let deux = entetes(
        &serveur,
        "Host: console.example\r\nHost: ailleurs.example\r\n",
    );
    assert!(deux.starts_with("http/1.1 4"), "{deux}");
    for chemin in ["/hit.xiti", "/tag.js", "/healthz"] {
        let reponse = banc::client()
            .get(format!("{}{chemin}", serveur.url))
            .header("Host", "mesure.ent.example")
            .call()
            .unwrap();
        assert_ne!(reponse.status(), 421, "{chemin}");
        assert_ne!(reponse.status(), 404, "{chemin}");
    }
}

#[test]
fn a_request_that_two_servers_could_read_differently_is_refused() {
    let banc = Banc::vide();
    let serveur = banc.servir_avec(&[]);
    let dire = |requete: &str| {
        let mut flux = TcpStream::connect(serveur.adresse()).unwrap();
        flux.write_all(requete.as_bytes()).unwrap();
        let mut reponse = String::new();
        flux.read_to_string(&mut reponse).unwrap();
        reponse
    };
    let debut = "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n";
    for suite in [
        "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "Content-Length: +4\r\n\r\nabcd",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Content-Length : 4\r\n\r\nabcd",
    ] {
        let reponse = dire(&format!("{debut}{suite}"));
        assert!(reponse.starts_with("HTTP/1.1 400"), "{suite:?}: {reponse}");
        assert_eq!(reponse.matches("HTTP/1.1").count(), 1, "{reponse}");
    }
    let ancien = debut.replace("1.1", "1.0");
    let reponse = dire(&format!(
        "{ancien}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ));
    assert!(
        reponse.starts_with("HTTP/1.1 400") || reponse.starts_with("HTTP/1.0 400"),
        "{reponse}"
    );
}
