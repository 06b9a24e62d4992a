//! A long run of the built server at a steady rate of hits: is its memory flat, does it keep up, is
//! every acknowledged hit counted once at the end?
//!
//! `cargo bench --bench endurance -- 30 5000`: thirty minutes (two by default) at 5,000 hits a second.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Faute = Box<dyn Error + Send + Sync>;

const ANNUAIRE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/annuaire-occitanie.csv");
const SITE: &str = "365203";
const PLATEFORME: &str = "ONE-OCC";
const CONNEXIONS: u64 = 100;
const RELEVE: Duration = Duration::from_secs(10);
/// People, each with a browser.
const PERSONNES: u64 = 400_000;
const PROFILS: [&str; 4] = ["ELEVE", "PARENT", "ENSEIGNANT", "ADMIN_VIE_SCOL_TECH"];
const SERVICES: [&str; 5] = [
    "ACCUEIL",
    "COURRIER_ELECTRONIQUE",
    "CAHIER_TEXTES",
    "NOTES",
    "ACTUALITES",
];
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
];

fn main() -> Result<(), Faute> {
    let mut nombres = std::env::args()
        .skip(1)
        .filter_map(|mot| mot.parse::<u64>().ok());
    let minutes = nombres.next().unwrap_or(2);
    let debit = nombres.next().unwrap_or(5_000);
    let dossier = TempDir::new()?;
    let donnees = dossier.path().join("donnees");
    let ecoles: Arc<[String]> = preparer(&donnees)?.into();

    let serveur = Serveur::lancer(&donnees)?;
    let compteurs = Arc::new(Compteurs::default());
    let fin = Instant::now() + Duration::from_mins(minutes);
    let moteur = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    println!("{debit} hits par s pendant {minutes} min, {CONNEXIONS} connexions");
    println!("  s | reçus | par s | mémoire Mio | processeur s | disque Mio");
    moteur.block_on(async {
        let clients: Vec<_> = (0..CONNEXIONS)
            .map(|rang| {
                let client = Client {
                    adresse: serveur.adresse.clone(),
                    rang,
                    intervalle: Duration::from_micros(1_000_000 * CONNEXIONS / debit),
                    fin,
                    ecoles: Arc::clone(&ecoles),
                    compteurs: Arc::clone(&compteurs),
                };
                tokio::spawn(client.envoyer())
            })
            .collect();
        relever(serveur.processus.id(), &donnees, fin, &compteurs).await?;
        for client in clients {
            client.await??;
        }
        Ok::<(), Faute>(())
    })?;
    serveur.arreter()?;
    compteurs.dire_latences();

    executer(&donnees, &["aggregate"])?;
    let acquittes = compteurs.acquittes.load(Ordering::Relaxed);
    let comptes = evenements_comptes(&donnees)?;
    println!("acquittés {acquittes}, comptés {comptes}");
    if acquittes == comptes {
        Ok(())
    } else {
        Err("des hits acquittés ne sont pas comptés une fois".into())
    }
}

/// A data folder with the real schools and the site; gives the schools' UAI.
fn preparer(donnees: &Path) -> Result<Vec<String>, Faute> {
    executer(
        donnees,
        &["annuaire", "import", ANNUAIRE, "--validite", "2025-08-01"],
    )?;
    executer(donnees, &["site", "add", SITE, "--plateforme", PLATEFORME])?;
    let texte = fs::read_to_string(ANNUAIRE)?;
    let mut lignes = texte.trim_start_matches('\u{feff}').lines();
    let entete = lignes.next().ok_or("annuaire vide")?;
    let colonne = entete
        .split(';')
        .position(|nom| nom.trim_matches('"') == "Identifiant_de_l_etablissement")
        .ok_or("annuaire sans UAI")?;
    Ok(lignes
        .filter_map(|ligne| ligne.split(';').nth(colonne))
        .map(|uai| uai.trim_matches('"').to_owned())
        .collect())
}

fn executer(donnees: &Path, arguments: &[&str]) -> Result<(), Faute> {
    let sortie = commande(donnees, arguments).output()?;
    if sortie.status.success() {
        return Ok(());
    }
    Err(format!(
        "frequent {arguments:?} : {}",
        String::from_utf8_lossy(&sortie.stderr)
    )
    .into())
}

fn commande(donnees: &Path, arguments: &[&str]) -> Command {
    let mut commande = Command::new(env!("CARGO_BIN_EXE_frequent"));
    commande.args(arguments).arg("--donnees").arg(donnees);
    commande
}

/// Events of the counted days, every profile together: by school, since establishments that the
/// directory does not keep as schools have no figures above.
fn evenements_comptes(donnees: &Path) -> Result<u64, Faute> {
    use arrow::array::AsArray;
    use arrow::datatypes::Int64Type;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let dossier = donnees.join("lake/cumuls/niveau=ecole/grain=jour");
    let mut total = 0;
    for jour in fs::read_dir(dossier)? {
        for fichier in fs::read_dir(jour?.path())? {
            let fichier = fs::File::open(fichier?.path())?;
            for lot in ParquetRecordBatchReaderBuilder::try_new(fichier)?.build()? {
                let lot = lot?;
                let texte = |nom: &str| {
                    let colonne = lot.column_by_name(nom).ok_or("colonne absente")?;
                    Ok::<_, Faute>(arrow::compute::cast(
                        colonne,
                        &arrow::datatypes::DataType::Utf8,
                    )?)
                };
                let (axes, profils) = (texte("axe")?, texte("profil")?);
                let (axes, profils) = (axes.as_string::<i32>(), profils.as_string::<i32>());
                let nombres = lot.column_by_name("evenements").ok_or("colonne absente")?;
                let nombres = nombres.as_primitive::<Int64Type>();
                for rang in 0..lot.num_rows() {
                    if axes.value(rang) == "total" && profils.value(rang) == "TOUS" {
                        total += u64::try_from(nombres.value(rang))?;
                    }
                }
            }
        }
    }
    Ok(total)
}

struct Serveur {
    processus: Child,
    adresse: String,
}

impl Serveur {
    fn lancer(donnees: &Path) -> Result<Self, Faute> {
        let mut processus = commande(donnees, &["serve", "--adresse", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let sortie = processus.stdout.take().ok_or("sortie absente")?;
        for ligne in BufReader::new(sortie).lines() {
            let ligne = ligne?;
            if let Some((_, adresse)) = ligne.split_once("http://") {
                let adresse = adresse.split_whitespace().next().unwrap_or_default();
                let adresse = adresse.trim_end_matches('/').to_owned();
                return Ok(Self { processus, adresse });
            }
        }
        Err("le serveur n’a pas démarré".into())
    }

    /// Stops as an administrator would, and waits for what it still has to write.
    fn arreter(mut self) -> Result<(), Faute> {
        let signal = Command::new("kill")
            .arg(self.processus.id().to_string())
            .status()?;
        let fin = self.processus.wait()?;
        if signal.success() && fin.success() {
            return Ok(());
        }
        Err(format!("le serveur s’est mal arrêté : {fin}").into())
    }
}

#[derive(Default)]
struct Compteurs {
    acquittes: AtomicU64,
    /// Answers by time taken, in powers of two of 64 µs.
    latences: [AtomicU64; 20],
}

impl Compteurs {
    fn compter(&self, duree: Duration) {
        self.acquittes.fetch_add(1, Ordering::Relaxed);
        let rang = (duree.as_micros() / 64)
            .checked_ilog2()
            .map_or(0, |n| n as usize + 1);
        self.latences[rang.min(self.latences.len() - 1)].fetch_add(1, Ordering::Relaxed);
    }

    fn dire_latences(&self) {
        let nombres: Vec<u64> = self
            .latences
            .iter()
            .map(|n| n.load(Ordering::Relaxed))
            .collect();
        let total: u64 = nombres.iter().sum();
        for pour_mille in [500, 990, 999] {
            let mut cumul = 0;
            let rang = nombres.iter().position(|nombre| {
                cumul += nombre;
                cumul * 1_000 >= total * pour_mille
            });
            let borne = 64_u64 << rang.unwrap_or(nombres.len());
            println!(
                "acquittement, {pour_mille} ‰ : moins de {} ms",
                borne / 1_000
            );
        }
    }
}

async fn relever(
    pid: u32,
    donnees: &Path,
    fin: Instant,
    compteurs: &Compteurs,
) -> Result<(), Faute> {
    let debut = Instant::now();
    let mut avant = 0;
    while Instant::now() < fin {
        tokio::time::sleep(RELEVE).await;
        let recus = compteurs.acquittes.load(Ordering::Relaxed);
        let taille = Command::new("du").arg("-sm").arg(donnees).output()?;
        println!(
            "{:4} | {recus} | {} | {} | {} | {}",
            debut.elapsed().as_secs(),
            (recus - avant) / RELEVE.as_secs(),
            memoire_mio(pid)?,
            secondes_cpu(pid)?,
            String::from_utf8_lossy(&taille.stdout)
                .split_whitespace()
                .next()
                .unwrap_or("?")
        );
        avant = recus;
    }
    Ok(())
}

fn memoire_mio(pid: u32) -> Result<u64, Faute> {
    let texte = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let ligne = texte
        .lines()
        .find(|l| l.starts_with("VmRSS:"))
        .ok_or("sans VmRSS")?;
    let kio = ligne.split_whitespace().nth(1).ok_or("VmRSS vide")?;
    Ok(kio.parse::<u64>()? / 1_024)
}

/// Processor seconds since its start; the kernel counts in hundredths.
fn secondes_cpu(pid: u32) -> Result<u64, Faute> {
    let texte = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, champs) = texte.rsplit_once(") ").ok_or("stat illisible")?;
    let mut tops = 0;
    for champ in champs.split(' ').skip(11).take(2) {
        tops += champ.parse::<u64>()?;
    }
    Ok(tops / 100)
}

/// One connection kept alive, a hit at each tick.
struct Client {
    adresse: String,
    rang: u64,
    intervalle: Duration,
    fin: Instant,
    ecoles: Arc<[String]>,
    compteurs: Arc<Compteurs>,
}

impl Client {
    async fn envoyer(self) -> Result<(), Faute> {
        let mut flux = TcpStream::connect(&self.adresse).await?;
        flux.set_nodelay(true)?;
        let mut tampon = vec![0; 4_096];
        let mut tic = tokio::time::interval(self.intervalle);
        let mut numero = self.rang;
        while Instant::now() < self.fin {
            tic.tick().await;
            let debut = Instant::now();
            flux.write_all(self.requete(numero).as_bytes()).await?;
            lire_image(&mut flux, &mut tampon).await?;
            self.compteurs.compter(debut.elapsed());
            numero += CONNEXIONS;
        }
        Ok(())
    }

    /// Every hit differs by its `idp`, as a real page view does.
    fn requete(&self, n: u64) -> String {
        // Spread over people and schools without any order that a sort could profit from.
        let melange = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let personne = (melange >> 20) % PERSONNES;
        let ecole = &self.ecoles[usize::try_from(personne).unwrap_or(0) % self.ecoles.len()];
        let profil = PROFILS[usize::try_from(personne % 4).unwrap_or(0)];
        let service = SERVICES[usize::try_from((melange >> 50) % 5).unwrap_or(0)];
        let agent = AGENTS[usize::try_from(personne % 3).unwrap_or(0)];
        format!(
            "GET /hit.xiti?s={SITE}&idclient=76bcfd47-cdc4-4cf2-87cc-{personne:012x}&vtag=5.28.0&ptag=js\
             &r=1280x720x24x24&re=1280x720&hl=21x10x15&lng=fr-FR&idp={n:013}&jv=0&at=49505152{personne}\
             &ac={profil}&p=page&s2={ecole}&vrn=1&service={service}&type=NATIF&outil=&uai={ecole}\
             &projet=ENT-ECOLE&exploitant=EDIFICE&plateforme={PLATEFORME}&profil={profil}&ref= HTTP/1.1\r\n\
             Host: ent\r\nUser-Agent: {agent}\r\nAccept: image/*\r\n\r\n"
        )
    }
}

async fn lire_image(flux: &mut TcpStream, tampon: &mut [u8]) -> Result<(), Faute> {
    const FIN_GIF: u8 = 0x3b;
    let mut lus = 0;
    loop {
        let nombre = flux.read(&mut tampon[lus..]).await?;
        if nombre == 0 {
            return Err("connexion fermée".into());
        }
        lus += nombre;
        let recu = &tampon[..lus];
        if recu.windows(4).any(|f| f == b"\r\n\r\n") && recu.ends_with(&[0x01, 0x00, FIN_GIF]) {
            break;
        }
    }
    if tampon.starts_with(b"HTTP/1.1 200") {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&tampon[..lus]).into_owned().into())
    }
}
