//! `frequent demo`: a whole console on the real schools of Occitanie and simulated traffic, sent
//! through the real collection address.

mod comptes;
mod conventions;
mod personnes;
mod scene;
mod terrain;

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant as Chrono};

use clap::Args;
use frequent_ingest::acces::{Acces, Site};
use frequent_plan::{Fuseaux, Instant, Jour, Lac, Niveau};
use frequent_simulate::{Conduite, Envoi, Panne, Plateforme, vers_http};
use frequent_territory::{Annuaires, import};
use serde::{Deserialize, Serialize};

use self::scene::Scene;
use super::simulate::Barre as BarreEnvoi;
use super::{Resultat, dire, progression};
use crate::reglages::Reglages;
use crate::service::roles::Roles;
use crate::service::serveur::{Faute, Serveur};

/// The real schools of Occitanie (Licence Ouverte 2.0, see `demo/LICENCE-DONNEES.md`).
const ANNUAIRE: &[u8] = include_bytes!("../../demo/annuaire-occitanie.csv");

/// The longest that raw events may be kept.
const EVENEMENTS_JOURS: u32 = 760;
const GRAINE: u64 = 2026;
const REGION: &str = "76";
const DEPARTEMENT: &str = "066";
/// How alive the demo's schools are: enough to look real, little enough to be ready in two minutes.
const INTENSITE: f64 = 0.4;
/// The region lives for the last two weeks, the département since the beginning of last year.
const JOURS_REGION: i32 = 14;
/// Last year against this one.
const INTENSITE_AN_DERNIER: f64 = 0.34;
/// Days of a school year from 1 August: classes begin, classes end.
const ANNEE_DE_CLASSE: (i32, i32) = (31, 338);
/// The site of the captured hits, so that a real tag can be pointed at the demo.
const SITE: u32 = 365_203;

/// Arguments of `frequent demo`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Tout préparer, puis s’arrêter sans servir
    #[arg(long)]
    preparer: bool,
    /// Effacer la démonstration et la refaire
    #[arg(long)]
    refaire: bool,
}

/// What the demo remembers between two starts. The secrets in it open nothing but the demo.
#[derive(Debug, Serialize, Deserialize)]
struct Etat {
    mot_de_passe: String,
    cle: String,
    /// The last instant simulated; none until the first traffic is counted.
    vecu_jusqua: Option<Instant>,
}

impl Arguments {
    /// Prepares the demo if it is not, then serves it.
    pub fn executer(self, mut reglages: Reglages) -> Resultat {
        reglages.general.donnees.push("demo");
        // Last year is sent too: its cells stay, its presence and its keys go at the first purge.
        reglages.collecte.passe_max_jours = EVENEMENTS_JOURS;
        reglages.conservation.evenements_jours = EVENEMENTS_JOURS;
        reglages.exploitation.metriques.clear();
        if reglages.rapports.dossier.as_os_str().is_empty() {
            reglages.rapports.dossier = reglages.general.donnees.join("rapports");
        }
        // Its accounts are made here, their password shown on the screen: no phone is asked for.
        reglages.console.roles_avec_code.clear();
        reglages.serveur.adresse = adresse_libre(reglages.serveur.adresse);
        let lac = Lac::new(&reglages.general.donnees);
        if self.refaire && lac.racine().exists() {
            fs::remove_dir_all(lac.racine())?;
        }
        let demo = Demo {
            lac,
            debut: Chrono::now(),
        };
        let mut etat = demo.installer()?;
        let serveur = Serveur::demarrer(&reglages, &Roles::tous())?;
        ouvrir_comptes(&serveur, &etat)?;
        let scene = Scene::lire(&demo.lac)?;
        signer(&serveur, &scene)?;
        if etat.vecu_jusqua.is_none() {
            demo.premier_trafic(&serveur, &scene, &mut etat)?;
        }
        if self.preparer {
            return Ok(ExitCode::SUCCESS);
        }
        accueillir(&serveur, &etat);
        let rattrapage = demo.rattraper(serveur.url(), scene, etat);
        serveur.attendre_la_fin()?;
        // Sending to a server that is gone fails by itself.
        let _fin_du_rattrapage = rattrapage.join();
        Ok(ExitCode::SUCCESS)
    }
}

/// What some schools send on some days.
struct Trafic {
    jours: (Jour, Jour),
    lieu: (Niveau, &'static str),
    jusqua: Instant,
    intensite: f64,
    conduite: Option<Conduite>,
    pannes: Vec<Panne>,
}

impl Trafic {
    /// Each school lives as it does, up to this instant.
    fn new(jours: (Jour, Jour), lieu: (Niveau, &'static str), jusqua: Instant) -> Self {
        Self {
            jours,
            lieu,
            jusqua,
            intensite: INTENSITE,
            conduite: None,
            pannes: Vec::new(),
        }
    }
}

struct Demo {
    lac: Lac,
    debut: Chrono,
}

impl Demo {
    fn fichier(&self) -> PathBuf {
        self.lac.racine().join("demo.json")
    }

    /// The directory, a provider's key, a site; nothing when they are there already.
    fn installer(&self) -> Result<Etat, Faute> {
        if let Ok(texte) = fs::read_to_string(self.fichier()) {
            return Ok(serde_json::from_str(&texte)?);
        }
        self.etape("1/5  Annuaire : les écoles et établissements d’Occitanie");
        fs::create_dir_all(self.lac.racine())?;
        let annuaire = self.lac.racine().join("annuaire.csv");
        fs::write(&annuaire, ANNUAIRE)?;
        let aujourdhui = Fuseaux::charger()?.aujourdhui();
        let rentree = aujourdhui.annee_scolaire().debut();
        import::importer(&self.lac, &annuaire, rentree)?;
        fs::remove_file(&annuaire)?;
        let annuaires = Annuaires::ouvrir(&self.lac)?;
        let annuaire = annuaires
            .courant()
            .ok_or("l’annuaire ne s’est pas importé")?;
        personnes::compter(&self.lac, annuaire, rentree.plus(45).min(aujourdhui))?;

        let acces = Acces::ouvrir(&self.lac)?;
        let plateformes: Vec<String> = Plateforme::deux_degres()
            .into_iter()
            .map(|plateforme| plateforme.nom)
            .collect();
        let maintenant = Instant::maintenant();
        let cle = acces.creer_cle("Démonstration", &plateformes, maintenant)?;
        acces.ajouter_site(Site {
            numero: SITE,
            plateforme: plateformes.first().cloned().unwrap_or_default(),
            autres_plateformes: Vec::new(),
            projet: String::new(),
            exploitant: String::new(),
            ..Site::default()
        })?;
        let etat = Etat {
            mot_de_passe: phrase()?,
            cle,
            vecu_jusqua: None,
        };
        self.retenir(&etat)?;
        Ok(etat)
    }

    /// A year and a term of one département, the last two weeks of the region: sent, landed, counted.
    fn premier_trafic(
        &self,
        serveur: &Serveur,
        scene: &Scene,
        etat: &mut Etat,
    ) -> Result<(), Faute> {
        let maintenant = Instant::maintenant();
        let aujourdhui = scene.aujourdhui;
        let (url, region) = (serveur.url(), aujourdhui.plus(-JOURS_REGION));
        let envoyer = |trafic: &Trafic| envoyer(&url, &etat.cle, scene, trafic);
        self.etape("2/5  Trafic : les Pyrénées-Orientales, l’année scolaire dernière");
        let derniere = aujourdhui.annee_scolaire().precedente().debut();
        let jours = (
            derniere.plus(ANNEE_DE_CLASSE.0),
            derniere.plus(ANNEE_DE_CLASSE.1),
        );
        let an_dernier = Trafic {
            intensite: INTENSITE_AN_DERNIER,
            conduite: Some(Conduite::Reguliere),
            ..Trafic::new(jours, (Niveau::Departement, DEPARTEMENT), maintenant)
        };
        let mut acceptes = envoyer(&an_dernier)?;
        let rentree = aujourdhui.annee_scolaire().debut().plus(24);
        if rentree < region {
            self.etape("3/5  Trafic : les Pyrénées-Orientales depuis la rentrée");
            let jours = (rentree, region.plus(-1));
            let trafic = Trafic::new(jours, (Niveau::Departement, DEPARTEMENT), maintenant);
            acceptes += envoyer(&Trafic {
                pannes: vec![scene.panne()],
                ..trafic
            })?;
        }
        self.etape("4/5  Trafic : l’Occitanie depuis deux semaines");
        let jours = (region, aujourdhui);
        acceptes += envoyer(&Trafic::new(jours, (Niveau::Region, REGION), maintenant))?;

        self.etape("5/5  Calcul : visites, utilisateurs, durées à tous les niveaux");
        while serveur.calcul().atterris() < acceptes {
            thread::sleep(Duration::from_millis(200));
        }
        let barre = progression::Barre::nouvelle();
        let bilan = serveur.calcul().compter(&barre)?;
        barre.effacer();
        if let Some((_, faute)) = bilan.echecs.into_iter().next() {
            return Err(faute.into());
        }
        dire(format_args!(
            "     {acceptes} événements, prêts en {} s",
            self.debut.elapsed().as_secs()
        ));
        let etat_servi = serveur.etat().ok_or("la démonstration sert l’API")?;
        serveur.executer(terrain::noter(etat_servi, scene))?;
        etat.vecu_jusqua = Some(maintenant);
        self.retenir(etat)
    }

    /// The traffic since the last start, sent while the console is already open.
    fn rattraper(self, url: String, scene: Scene, mut etat: Etat) -> thread::JoinHandle<()> {
        thread::spawn(move || {
            if let Err(faute) = self.rattrapage(&url, &scene, &mut etat) {
                tracing::warn!(%faute, "the demo's traffic was not brought up to now");
            }
        })
    }

    fn rattrapage(&self, url: &str, scene: &Scene, etat: &mut Etat) -> Result<(), Faute> {
        let Some(vecu_jusqua) = etat.vecu_jusqua else {
            return Ok(());
        };
        let maintenant = Instant::maintenant();
        // Late events of the last days are still on their way: identifiers make a resend harmless.
        let du = Fuseaux::charger()?.jour_en_metropole(vecu_jusqua);
        let jours = (du, scene.aujourdhui);
        let trafic = Trafic::new(jours, (Niveau::Region, REGION), maintenant);
        envoyer(url, &etat.cle, scene, &trafic)?;
        etat.vecu_jusqua = Some(maintenant);
        self.retenir(etat)
    }

    /// Durably, and readable by this user only.
    fn retenir(&self, etat: &Etat) -> Result<(), Faute> {
        let provisoire = self.lac.racine().join(".demo.json");
        let mut fichier = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&provisoire)?;
        fichier.write_all(serde_json::to_string_pretty(etat)?.as_bytes())?;
        fichier.sync_all()?;
        fs::rename(provisoire, self.fichier())?;
        Ok(())
    }

    fn etape(&self, texte: &str) {
        dire(format_args!(
            "{:>3} s  {texte}",
            self.debut.elapsed().as_secs()
        ));
    }
}

/// Sends it to the collection address. Gives how many events were accepted.
fn envoyer(url: &str, cle: &str, scene: &Scene, trafic: &Trafic) -> Result<u64, Faute> {
    let simulation = scene.simuler(trafic)?;
    let barre = BarreEnvoi::nouvelle();
    let bilan = vers_http(&simulation, &Envoi::new(url, cle), &|a| barre.avancer(a))?;
    barre.effacer();
    Ok(bilan.acceptes)
}

/// Conventions of real communes; nothing when there are some already.
fn signer(serveur: &Serveur, scene: &Scene) -> Result<(), Faute> {
    let etat = serveur.etat().ok_or("la démonstration sert l’API")?;
    if !etat.conventions().registre().conventions().is_empty() {
        return Ok(());
    }
    serveur.executer(conventions::enregistrer(etat, scene))
}

fn ouvrir_comptes(serveur: &Serveur, etat: &Etat) -> Result<(), Faute> {
    let ouverts = serveur.comptes().ok_or("la démonstration sert l’API")?;
    serveur.executer(comptes::ouvrir(ouverts, &etat.mot_de_passe))
}

fn accueillir(serveur: &Serveur, etat: &Etat) {
    let url = serveur.url();
    dire("");
    dire(format_args!("  Console       {url}"));
    dire(format_args!("  Mot de passe  {}", etat.mot_de_passe));
    dire("  Identifiants");
    for lecteur in &comptes::LECTEURS {
        dire(format_args!(
            "    {:<10}  {}",
            lecteur.identifiant, lecteur.quoi
        ));
    }
    dire("");
    dire("  Les écoles sont réelles, le trafic est simulé. Ctrl-C pour arrêter.");
    ouvrir_navigateur(&url);
}

/// The settings' address, or a free port when another program has it.
fn adresse_libre(adresse: std::net::SocketAddr) -> std::net::SocketAddr {
    match std::net::TcpListener::bind(adresse) {
        Ok(_) => adresse,
        Err(_) => (adresse.ip(), 0).into(),
    }
}

/// A password that can be read aloud: 80 bits as four groups of four letters and digits.
fn phrase() -> Result<String, Faute> {
    const SIGNES: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut octets = [0_u8; 16];
    getrandom::fill(&mut octets)?;
    let groupes: Vec<String> = octets
        .chunks(4)
        .map(|groupe| {
            groupe
                .iter()
                .map(|o| char::from(SIGNES[usize::from(o % 32)]))
                .collect()
        })
        .collect();
    Ok(groupes.join("-"))
}

/// Shows the console if this machine has a screen and a browser; otherwise its address is enough.
fn ouvrir_navigateur(url: &str) {
    let a_un_ecran = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|v| std::env::var_os(v).is_some());
    if a_un_ecran && Path::new("/usr/bin/xdg-open").exists() {
        let _sans_navigateur = Command::new("/usr/bin/xdg-open")
            .arg(url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
    }
}
