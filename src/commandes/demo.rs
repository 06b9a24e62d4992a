//! `frequent demo`: a whole console on the real schools of Occitanie and simulated traffic, sent
//! through the real collection address.

mod comptes;
mod conventions;
mod histoires;
mod horloge;
mod personnes;
mod scene;
mod terrain;
mod trafic;

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant as Chrono};

use clap::Args;
use frequent_ingest::acces::{Acces, Site};
use frequent_plan::{Fuseaux, Horloge, Instant, Jour, Lac};
use frequent_simulate::Plateforme;
use frequent_territory::{Annuaires, import};
use serde::{Deserialize, Serialize};

use self::horloge::HorlogeDecalee;
use self::scene::Scene;
use self::trafic::{Ampleur, Expediteur, Trafic};
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
    /// Comme si l’on était à midi de ce jour : pour les essais, les navigateurs ayant leur heure
    #[arg(long, value_name = "AAAA-MM-JJ", hide = true)]
    jour: Option<Jour>,
    /// Les seules écoles d’un département, pour les essais
    #[arg(long, hide = true)]
    legere: bool,
}

/// What the demo remembers between two starts. The secrets in it open nothing but the demo.
#[derive(Debug, Serialize, Deserialize)]
struct Etat {
    mot_de_passe: String,
    cle: String,
    /// The day it was made; none before it was remembered.
    #[serde(default)]
    faite_le: Option<Jour>,
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
        let ampleur = if self.legere {
            Ampleur::Legere
        } else {
            Ampleur::Entiere
        };
        let horloge = self.jour.map(HorlogeDecalee::au).unwrap_or_default();
        let demo = Demo {
            lac,
            ampleur,
            horloge,
            debut: Chrono::now(),
        };
        let mut etat = demo.installer()?;
        let serveur = Serveur::demarrer_a(&reglages, &Roles::tous(), Arc::new(horloge))?;
        ouvrir_comptes(&serveur, &etat)?;
        let aujourdhui = demo.aujourdhui()?;
        let scene = Scene::lire(&demo.lac, aujourdhui, etat.faite_le.unwrap_or(aujourdhui))?;
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

struct Demo {
    lac: Lac,
    ampleur: Ampleur,
    horloge: HorlogeDecalee,
    debut: Chrono,
}

impl Demo {
    fn aujourdhui(&self) -> Result<Jour, Faute> {
        let fuseaux = Fuseaux::charger()?;
        Ok(fuseaux.jour_en_metropole(self.horloge.maintenant()))
    }

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
        let aujourdhui = self.aujourdhui()?;
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
        let maintenant = self.horloge.maintenant();
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
            faite_le: Some(aujourdhui),
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
        let maintenant = self.horloge.maintenant();
        let url = serveur.url();
        let expediteur = Expediteur {
            url: &url,
            cle: &etat.cle,
            jusqua: maintenant,
            ampleur: self.ampleur,
        };
        self.etape("2/5  Trafic : les Pyrénées-Orientales, l’année scolaire dernière");
        let an_dernier = Trafic::an_dernier(self.ampleur, scene);
        let mut acceptes = expediteur.envoyer(scene, &an_dernier)?;
        if let Some(trafic) = Trafic::depuis_la_rentree(scene) {
            self.etape("3/5  Trafic : les Pyrénées-Orientales depuis la rentrée");
            acceptes += expediteur.envoyer(scene, &trafic)?;
        }
        self.etape("4/5  Trafic : l’Occitanie depuis deux semaines");
        acceptes += expediteur.envoyer(scene, &Trafic::recent(self.ampleur, scene))?;

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
        let maintenant = self.horloge.maintenant();
        // Late events of the last days are still on their way: identifiers make a resend harmless.
        let du = Fuseaux::charger()?.jour_en_metropole(vecu_jusqua);
        let expediteur = Expediteur {
            url,
            cle: &etat.cle,
            jusqua: maintenant,
            ampleur: self.ampleur,
        };
        expediteur.envoyer(scene, &Trafic::depuis(du, scene))?;
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
