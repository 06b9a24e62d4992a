//! The whole way, from the socket to the synced log, under load.

use std::error::Error;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant as Chronometre};

use frequent_plan::{Instant, Uai};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::mesure::{ESSAIS, mediane, memoire_max_mio, secondes_cpu};
use crate::serveur::{PLATEFORME, SITE, Serveur};

const MISE_EN_TRAIN: Duration = Duration::from_secs(1);
const ESSAI: Duration = Duration::from_secs(4);
const CONNEXIONS_LOTS: usize = 8;
const CONNEXIONS_HITS: usize = 256;
/// Distinct requests prepared, sent round and round.
const HITS: u32 = 16_384;

const SERVICES: [&str; 6] = [
    "ACCUEIL",
    "COURRIER_ELECTRONIQUE",
    "CAHIER_TEXTES",
    "NOTES",
    "ACTUALITES",
    "ABSENCES",
];
const PROFILS: [&str; 4] = ["ELEVE", "PARENT", "ENSEIGNANT", "ADMIN_VIE_SCOL_TECH"];
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
];

fn choix<'a>(liste: &[&'a str], numero: u32) -> &'a str {
    liste[numero as usize % liste.len()]
}

/// Native events with every usual field, one a line.
pub fn lignes(premier: u32, nombre: u32) -> String {
    let maintenant = Instant::maintenant();
    let mut texte = String::new();
    for n in premier..premier + nombre {
        let ts = Instant(maintenant.0 - i64::from(n % 3_600_000)).timestamp();
        let uai = Uai::depuis_nombre(660_000 + n % 5_000);
        // Writing to a text cannot fail.
        let _ = writeln!(
            texte,
            r#"{{"id":"01JD{n:022}","ts":"{ts:.3}","uai":"{uai}","profil":"{}","visiteur":"u-{:08x}","client":"b-{:06x}","service":"{}","type":"NATIF","outil":"","plateforme":"{PLATEFORME}","projet":"ENT-ECOLE","exploitant":"EDIFICE","user_agent":"{}"}}"#,
            choix(&PROFILS, n),
            n.wrapping_mul(2_654_435_761),
            n % 0x00ff_ffff,
            choix(&SERVICES, n),
            choix(&AGENTS, n / 3),
        );
    }
    texte
}

/// The query of a tag hit as the real tag writes it.
pub fn hit(n: u32) -> String {
    let uai = Uai::depuis_nombre(660_000 + n % 5_000);
    let profil = choix(&PROFILS, n);
    format!(
        "s={SITE}&idclient=76bcfd47-cdc4-4cf2-87cc-{n:012x}&ts=17952954{n:05}&vtag=5.28.0&ptag=js\
         &r=1280x720x24x24&re=1280x720&hl=21x10x15&lng=en-US&idp=21101560{n:05}&jv=0&at=4950515253{n}\
         &ac={profil}&p=conversation&s2={uai}&vrn=1&service={}&type=NATIF&outil=&uai={uai}\
         &projet=ENT-ECOLE&exploitant=EDIFICE&plateforme={PLATEFORME}&profil={profil}&ref=",
        choix(&SERVICES, n),
    )
}

/// A request ready to be written, and how many events it brings.
struct Requete {
    octets: Vec<u8>,
    evenements: u64,
}

fn requetes_de_lots(secret: &str, taille: u32) -> Vec<Requete> {
    (0..16)
        .map(|lot| {
            let corps = lignes(lot * taille, taille);
            let tete = format!(
                "POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer {secret}\r\n\
                 Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n",
                corps.len()
            );
            Requete {
                octets: [tete.as_bytes(), corps.as_bytes()].concat(),
                evenements: u64::from(taille),
            }
        })
        .collect()
}

fn requetes_de_hits() -> Vec<Requete> {
    (0..HITS)
        .map(|n| {
            let texte = format!(
                "GET /hit.xiti?{} HTTP/1.1\r\nHost: ent\r\nUser-Agent: {}\r\nAccept: image/*\r\n\
                 Accept-Language: fr-FR,fr;q=0.9\r\nReferer: https://ent.exemple.fr/\r\n\r\n",
                hit(n),
                choix(&AGENTS, n / 3)
            );
            Requete {
                octets: texte.into_bytes(),
                evenements: 1,
            }
        })
        .collect()
}

/// Prints the events of batches a second of the server's processor time.
pub fn lots() -> Result<(), Box<dyn Error>> {
    for taille in [1_000, 5_000] {
        let nom = format!("lots de {taille}");
        charger(&nom, CONNEXIONS_LOTS, |secret| {
            requetes_de_lots(secret, taille)
        })?;
    }
    Ok(())
}

/// Prints the hits a second of the server's processor time.
pub fn hits() -> Result<(), Box<dyn Error>> {
    charger("hits un a un", CONNEXIONS_HITS, |_| requetes_de_hits())
}

fn charger(
    nom: &str,
    connexions: usize,
    preparer: impl Fn(&str) -> Vec<Requete>,
) -> Result<(), Box<dyn Error>> {
    let serveur = Serveur::lancer()?;
    let requetes: Arc<[Requete]> = preparer(&serveur.secret).into();
    let recus = Arc::new(AtomicU64::new(0));
    let fini = Arc::new(AtomicBool::new(false));
    let fils = tokio::runtime::Runtime::new()?;
    let clients: Vec<_> = (0..connexions)
        .map(|premier| {
            let client = Client {
                adresse: serveur.adresse,
                requetes: Arc::clone(&requetes),
                premier: premier * requetes.len() / connexions,
                recus: Arc::clone(&recus),
                fini: Arc::clone(&fini),
            };
            fils.spawn(client.envoyer())
        })
        .collect();

    std::thread::sleep(MISE_EN_TRAIN);
    let (mut par_cpu, mut par_seconde) = (Vec::new(), Vec::new());
    for _ in 0..ESSAIS {
        let avant = (recus.load(Ordering::Relaxed), secondes_cpu(serveur.pid())?);
        let debut = Chronometre::now();
        std::thread::sleep(ESSAI);
        let evenements = f64::from(u32::try_from(recus.load(Ordering::Relaxed) - avant.0)?);
        par_cpu.push(evenements / (secondes_cpu(serveur.pid())? - avant.1));
        par_seconde.push(evenements / debut.elapsed().as_secs_f64());
    }
    let memoire = memoire_max_mio(serveur.pid())?;
    fini.store(true, Ordering::Relaxed);
    for client in clients {
        fils.block_on(client)?
            .map_err(|erreur| erreur as Box<dyn Error>)?;
    }
    println!(
        "{nom}, HTTP et disque compris : {:.0} par s de processeur, {:.0} par s, {connexions} connexions, {memoire:.0} Mio",
        mediane(par_cpu),
        mediane(par_seconde),
    );
    Ok(())
}

/// One connection kept alive: a request, its answer, the next request.
struct Client {
    adresse: SocketAddr,
    requetes: Arc<[Requete]>,
    premier: usize,
    recus: Arc<AtomicU64>,
    fini: Arc<AtomicBool>,
}

type Envoi = Result<(), Box<dyn Error + Send + Sync>>;

impl Client {
    async fn envoyer(self) -> Envoi {
        let mut flux = TcpStream::connect(self.adresse).await?;
        flux.set_nodelay(true)?;
        let mut tampon = vec![0; 4_096];
        for requete in self.requetes.iter().cycle().skip(self.premier) {
            if self.fini.load(Ordering::Relaxed) {
                break;
            }
            flux.write_all(&requete.octets).await?;
            lire_reponse(&mut flux, &mut tampon).await?;
            self.recus.fetch_add(requete.evenements, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Reads one answer to its end and checks that everything was accepted.
async fn lire_reponse(flux: &mut TcpStream, tampon: &mut [u8]) -> Envoi {
    let mut lus = 0;
    loop {
        let nombre = flux.read(&mut tampon[lus..]).await?;
        if nombre == 0 {
            return Err("connexion fermee".into());
        }
        lus += nombre;
        let recu = &tampon[..lus];
        let Some(tete) = recu.windows(4).position(|f| f == b"\r\n\r\n") else {
            continue;
        };
        if lus < tete + 4 + longueur(&recu[..tete])? {
            continue;
        }
        let bonne = recu.starts_with(b"HTTP/1.1 200") || recu.starts_with(b"HTTP/1.1 202");
        let complete = !recu.ends_with(b"]}") || recu.ends_with(b"\"rejetes\":[]}");
        if bonne && complete {
            return Ok(());
        }
        return Err(String::from_utf8_lossy(recu).into_owned().into());
    }
}

fn longueur(tete: &[u8]) -> Result<usize, Box<dyn Error + Send + Sync>> {
    let tete = std::str::from_utf8(tete)?.to_ascii_lowercase();
    let (_, suite) = tete
        .split_once("content-length: ")
        .ok_or("longueur absente")?;
    let fin = suite.find('\r').unwrap_or(suite.len());
    Ok(suite[..fin].parse()?)
}
