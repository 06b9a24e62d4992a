//! Nothing that could name a person is left behind: marked identifiers, addresses and user agents
//! are sent in every way there is, good and bad, then every byte on the disk is read.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

use crate::banc::{Banc, ligne};

const PERSONNE: &str = "personne-marquee-7f3a";
const NAVIGATEUR: &str = "navigateur-marque-91bc";
const AGENT: &str = "Mozilla/5.0 (AgentMarque 42)";
const ADRESSE: &str = "203.0.113.77";
const PAGE: &str = "page-marquee";
const EVENEMENT: &str = "evenement-marque";

#[derive(Clone, Default)]
struct Trace(Arc<Mutex<Vec<u8>>>);

impl Write for Trace {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        let mut trace = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        trace.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Trace {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn tout_envoyer(banc: &Banc) {
    let entetes = format!("User-Agent: {AGENT}\r\nX-Forwarded-For: {ADRESSE}\r\n");
    let hit = |requete: &str| {
        let tete = format!(
            "GET /hit.xiti?{requete} HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n{entetes}\r\n"
        );
        assert_eq!(banc.envoyer(&[tete.as_bytes()]).statut, 200);
    };
    let bon = format!(
        "s=365203&idclient={NAVIGATEUR}&at={PERSONNE}&p={PAGE}&service=NOTES&uai=0660713S\
         &profil=ELEVE&ref=https://{ADRESSE}/{PAGE}"
    );
    hit(&bon);
    hit(&bon.replace("NOTES", PERSONNE));
    hit(&bon.replace("s=365203", "s=1"));
    hit(&format!(
        "s=365203&idclient={NAVIGATEUR}&mh=1-2-1&at={PERSONNE}"
    ));

    let complete = ligne(1)
        .replace(
            "\"u1\"",
            &format!("\"{PERSONNE}\",\"client\":\"{NAVIGATEUR}\""),
        )
        .replace(
            "\"e1\"",
            &format!("\"{EVENEMENT}\",\"user_agent\":\"{AGENT}\""),
        );
    let lignes = [
        complete.clone(),
        complete.replace("NOTES", PERSONNE),
        complete.replace("\"client\"", "\"ip\""),
        complete.replace("0660713S", PERSONNE),
        complete[..complete.len() / 2].to_owned(),
        format!("{PERSONNE} {ADRESSE}"),
    ];
    let reponse = banc.poster(&entetes, lignes.join("\n").as_bytes());
    assert_eq!(reponse.json()["acceptes"], 1);
    let fausse = format!("Authorization: Bearer {PERSONNE}\r\n{entetes}");
    assert_eq!(banc.poster_nu(&fausse, lignes[0].as_bytes()).statut, 401);
}

fn marques(octets: &[u8]) -> Vec<&'static str> {
    [
        PERSONNE,
        NAVIGATEUR,
        AGENT,
        "AgentMarque",
        ADRESSE,
        PAGE,
        EVENEMENT,
    ]
    .into_iter()
    .filter(|m| octets.windows(m.len()).any(|f| f == m.as_bytes()))
    .collect()
}

fn fichiers(dossier: &Path, lire: &mut impl FnMut(&Path, &[u8])) {
    for entree in fs::read_dir(dossier).unwrap() {
        let chemin = entree.unwrap().path();
        if chemin.is_dir() {
            fichiers(&chemin, lire);
        } else {
            lire(&chemin, &fs::read(&chemin).unwrap());
        }
    }
}

#[test]
fn no_identifier_address_or_user_agent_reaches_the_disk_or_the_log() {
    let trace = Trace::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(trace.clone())
        .init();
    let banc = Banc::new();
    tout_envoyer(&banc);
    let secret = banc.secret.clone();
    let dossier = banc.arreter();

    let mut lus = 0;
    fichiers(dossier.path(), &mut |chemin, octets| {
        lus += octets.len();
        assert_eq!(marques(octets), [] as [&str; 0], "{}", chemin.display());
        assert!(!octets.windows(secret.len()).any(|f| f == secret.as_bytes()));
    });
    assert!(lus > 100, "le journal a été lu");
    let trace = trace.0.lock().unwrap();
    assert_eq!(marques(&trace), [] as [&str; 0]);
}
