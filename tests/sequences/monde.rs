//! The real components on real files, driven step by step, and the model they are compared with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use frequent_aggregate::reference::{cellules_en_place, evenements};
use frequent_aggregate::{Choix, SansSuivi, agreger};
use frequent_ingest::acces::{Acces, Site};
use frequent_ingest::http::{Collecte, Moyens, ReglagesCollecte, routes};
use frequent_ingest::qualite::Qualite;
use frequent_ingest::{Etendue, TrousseauDisque, compacter};
use frequent_plan::{
    Axe, Fuseaux, Grain, Horloge, Instant, Jour, Lac, Niveau, Periode, Plan, Profil, Trousseau, Uai,
};
use frequent_territory::Annuaires;
use http_body_util::BodyExt;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tempfile::TempDir;

use crate::instantane;
use crate::journaux::{Ouvert, Support};
use crate::modele::{ECOLES, Lot, Marque, Modele, Voie};
use crate::operation::{Coupure, Operation, Travail};

pub const PLATEFORME: &str = "ONE-OCC";
const SITE: u32 = 365_203;
const MINUTE_MS: i64 = 60_000;
const PASSE_MS: i64 = 7 * 24 * 60 * MINUTE_MS;
const FUTUR_MS: i64 = 5 * MINUTE_MS;

/// What every sequence shares: read-only, and long to load.
pub struct Commun {
    pub plan: Arc<Plan>,
    pub fuseaux: Arc<Fuseaux>,
}

impl Commun {
    pub fn charger() -> Self {
        Self {
            plan: Arc::new(Plan::integre().unwrap()),
            fuseaux: Arc::new(Fuseaux::charger().unwrap()),
        }
    }

    fn jour(&self, uai: &str, ts: Instant) -> Jour {
        let uai: Uai = uai.parse().unwrap();
        self.fuseaux.heure_locale(uai, ts).jour
    }
}

struct Reglable(AtomicI64);

impl Horloge for Reglable {
    fn maintenant(&self) -> Instant {
        Instant(self.0.load(Ordering::Relaxed))
    }
}

/// A data folder, the server on it, and what was sent to it.
pub struct Monde<'c> {
    commun: &'c Commun,
    support: &'c Support<'c>,
    horloge: Arc<Reglable>,
    dossier: TempDir,
    /// How many crashes: each goes on in a copy.
    vies: u32,
    serveur: Option<Serveur>,
    cle: String,
    cles: u32,
    modele: Modele,
}

/// The parts that a crash loses.
struct Serveur {
    lac: Lac,
    plan: Arc<Plan>,
    journal: Ouvert,
    acces: Arc<Acces>,
    trousseau: Arc<TrousseauDisque>,
    routes: TowerToHyperService<Router>,
}

pub type Issue<T = ()> = Result<T, String>;

pub fn dire(faute: impl std::fmt::Display) -> String {
    faute.to_string()
}

impl Serveur {
    fn ouvrir(
        lac: Lac,
        commun: &Commun,
        support: &Support<'_>,
        horloge: &Arc<Reglable>,
    ) -> Issue<Self> {
        let acces = Arc::new(Acces::ouvrir(&lac).map_err(dire)?);
        let trousseau = Arc::new(TrousseauDisque::ouvrir(&lac).map_err(dire)?);
        let horloge_commune = Arc::clone(horloge) as Arc<dyn Horloge>;
        let journal = support.ouvrir(
            &lac,
            commun,
            horloge_commune,
            &trousseau,
            Arc::clone(&acces),
        )?;
        let moyens = Moyens {
            plan: Arc::clone(&commun.plan),
            fuseaux: Arc::clone(&commun.fuseaux),
            trousseau: Arc::clone(&trousseau) as Arc<dyn Trousseau>,
            journal: journal.journal(),
            acces: Arc::clone(&acces),
            qualite: Arc::new(Qualite::new(Arc::clone(&commun.fuseaux))),
            horloge: Arc::clone(horloge) as Arc<dyn Horloge>,
        };
        let collecte = Collecte::new(moyens, ReglagesCollecte::default()).map_err(dire)?;
        Ok(Self {
            lac,
            plan: Arc::clone(&commun.plan),
            journal,
            acces,
            trousseau,
            routes: TowerToHyperService::new(routes(Arc::new(collecte))),
        })
    }

    /// Sends a request and gives its status and its body.
    fn demander(&self, requete: Request<Body>) -> (u16, Vec<u8>) {
        let moteur = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        moteur.block_on(async {
            let reponse = self.routes.call(requete).await.unwrap();
            let statut = reponse.status().as_u16();
            let corps = reponse.into_body().collect().await.unwrap();
            (statut, corps.to_bytes().to_vec())
        })
    }

    fn poster(&self, cle: &str, lignes: &[String]) -> (u16, Vec<u8>) {
        let requete = Request::post("/v1/events")
            .header(header::AUTHORIZATION, format!("Bearer {cle}"))
            .body(Body::from(lignes.join("\n")))
            .unwrap();
        self.demander(requete)
    }

    fn taguer(&self, requete: &str) -> u16 {
        let adresse = format!("/hit.xiti?{requete}");
        self.demander(Request::get(adresse).body(Body::empty()).unwrap())
            .0
    }

    fn atterrir(&self, support: &Support<'_>) -> Issue {
        support.atterrir(&self.journal, &self.lac, &self.plan)
    }

    fn compacter(&self) -> Issue {
        for jour in jours(&self.lac) {
            compacter(&self.lac, jour, Etendue::Tout).map_err(dire)?;
        }
        Ok(())
    }

    fn compter(&self, maintenant: Instant) -> Issue {
        let annuaires = Annuaires::ouvrir(&self.lac).map_err(dire)?;
        let choix = Choix::Changes;
        let bilan = agreger(
            &self.lac, &self.plan, &annuaires, &choix, maintenant, &SansSuivi,
        )
        .map_err(dire)?;
        match bilan.echecs.first() {
            Some((periode, faute)) => Err(format!("{periode:?} : {faute}")),
            None => Ok(()),
        }
    }
}

/// The days that have events in the lake.
fn jours(lac: &Lac) -> Vec<Jour> {
    let Ok(liste) = std::fs::read_dir(lac.evenements()) else {
        return Vec::new();
    };
    let noms = liste.map(|e| e.unwrap().file_name().into_string().unwrap());
    noms.filter_map(|nom| Lac::jour_de_dossier(&nom)).collect()
}

/// Runs a sequence from an empty folder, at an instant that the seed chooses, and checks at its end
/// that everything acknowledged is counted once.
pub fn derouler(
    commun: &Commun,
    support: &Support<'_>,
    graine: u64,
    operations: &[Operation],
) -> Issue {
    let mut monde = Monde::new(commun, support, graine)?;
    for (rang, operation) in operations.iter().enumerate() {
        monde
            .executer(*operation)
            .map_err(|faute| format!("étape {rang}, {operation:?} : {faute}"))?;
    }
    monde
        .executer(Operation::Interroger)
        .map_err(|faute| format!("à la fin : {faute}"))
}

/// Instants at which days, months or school years change, or the clocks do.
const DEPARTS: [i64; 4] = [
    1_792_879_200_000, // 24 October 2026, 22:00 UTC: Paris leaves summer time that night
    1_785_533_400_000, // 31 July 2026, 21:30 UTC: in half an hour it is another school year
    1_798_756_200_000, // 31 December 2026, 22:30 UTC
    1_795_161_600_000, // 20 November 2026, 08:00 UTC
];

impl<'c> Monde<'c> {
    fn new(commun: &'c Commun, support: &'c Support<'c>, graine: u64) -> Issue<Self> {
        let dossier = TempDir::new().unwrap();
        let depart = DEPARTS[usize::try_from(graine % 4).unwrap()];
        let horloge = Arc::new(Reglable(AtomicI64::new(depart)));
        let lac = Lac::new(dossier.path().join("0"));
        let serveur = Serveur::ouvrir(lac, commun, support, &horloge)?;
        let site = Site {
            numero: SITE,
            plateforme: PLATEFORME.to_owned(),
            ..Site::default()
        };
        serveur.acces.ajouter_site(site).map_err(dire)?;
        let mut monde = Self {
            commun,
            support,
            horloge,
            dossier,
            vies: 0,
            serveur: Some(serveur),
            cle: String::new(),
            cles: 0,
            modele: Modele::default(),
        };
        monde.changer_de_cle()?;
        Ok(monde)
    }

    fn serveur(&self) -> &Serveur {
        self.serveur
            .as_ref()
            .expect("a server is open between two steps")
    }

    fn maintenant(&self) -> Instant {
        self.horloge.maintenant()
    }

    fn executer(&mut self, operation: Operation) -> Issue {
        match operation {
            Operation::Envoyer { nombre, minutes } => {
                let lot = self.nouveau_lot(nombre, minutes);
                self.envoyer(&lot)?;
                self.modele.lots.push(lot);
            }
            Operation::Taguer => {
                let lot = self.nouveau_hit();
                self.envoyer(&lot)?;
                self.modele.lots.push(lot);
            }
            Operation::Renvoyer { lot } => {
                if let Some(lot) = self.modele.lot(lot).cloned() {
                    self.envoyer(&lot)?;
                }
            }
            Operation::Melanger { lots, graine } => {
                let lot = self.melange(lots, graine);
                self.envoyer(&lot)?;
            }
            Operation::Sauter { minutes } => {
                let saut = i64::from(minutes) * MINUTE_MS;
                self.horloge.0.fetch_add(saut, Ordering::Relaxed);
            }
            Operation::ChangerDeCle => self.changer_de_cle()?,
            Operation::Atterrir => self.serveur().atterrir(self.support)?,
            Operation::Compacter => self.serveur().compacter()?,
            Operation::Compter => self.serveur().compter(self.maintenant())?,
            Operation::Interroger => self.interroger()?,
            Operation::Redemarrer => {
                let lac = self.serveur().lac.clone();
                drop(self.serveur.take());
                self.serveur = Some(Serveur::ouvrir(
                    lac,
                    self.commun,
                    self.support,
                    &self.horloge,
                )?);
            }
            Operation::Couper(coupure) => self.couper(coupure)?,
        }
        Ok(())
    }

    fn nouveau_lot(&mut self, nombre: u8, minutes: i32) -> Lot {
        let maintenant = self.maintenant().0;
        let marques = (0..i64::from(nombre))
            .map(|rang| {
                let ts = Instant(maintenant - i64::from(minutes) * MINUTE_MS - rang * 1_234);
                let commun = self.commun;
                self.modele.natif(ts, |uai, ts| commun.jour(uai, ts))
            })
            .collect();
        Lot {
            marques,
            voie: Voie::Natif,
        }
    }

    fn nouveau_hit(&mut self) -> Lot {
        let ts = self.maintenant();
        let rang = self.modele.marques.len();
        let uai = ECOLES[rang % ECOLES.len()];
        let requete = format!(
            "s={SITE}&idclient=c{rang}&at={rang}000&p=page&uai={uai}&profil=ELEVE&service=ACCUEIL"
        );
        let jour = self.commun.jour(uai, ts);
        let annee = jour.annee_scolaire();
        let cle = self.serveur().trousseau.cle(PLATEFORME, annee).unwrap();
        let marque = self.modele.ajouter(Marque {
            id: cle.id_requete(requete.as_bytes(), 0).0,
            uai,
            jour,
            ts,
            texte: requete,
            acquittee: false,
            incertaine: false,
        });
        Lot {
            marques: vec![marque],
            voie: Voie::Marqueur,
        }
    }

    /// The lines of two batches in another order, about one in three of them twice.
    fn melange(&self, numeros: [u8; 2], graine: u16) -> Lot {
        let lots = numeros.iter().filter_map(|n| self.modele.lot(*n));
        let mut marques: Vec<usize> = lots
            .filter(|lot| lot.voie == Voie::Natif)
            .flat_map(|lot| lot.marques.iter().copied())
            .collect();
        let doubles: Vec<_> = marques.iter().copied().step_by(3).collect();
        marques.extend(doubles);
        let facteur = usize::from(graine) | 1;
        marques.sort_by_key(|m| (m + 1).wrapping_mul(facteur).wrapping_mul(0x9E37) % 1_009);
        Lot {
            marques,
            voie: Voie::Natif,
        }
    }

    /// Whether the server must take this mark now.
    fn est_acceptable(&self, marque: &Marque) -> bool {
        let age = self.maintenant().0 - marque.ts.0;
        (-FUTUR_MS..=PASSE_MS).contains(&age)
    }

    fn envoyer(&mut self, lot: &Lot) -> Issue {
        if lot.marques.is_empty() {
            return Ok(());
        }
        if lot.voie == Voie::Marqueur {
            return self.retaguer(lot.marques[0]);
        }
        let attendues: Vec<usize> = lot
            .marques
            .iter()
            .copied()
            .filter(|&m| self.est_acceptable(&self.modele.marques[m]))
            .collect();
        let (statut, corps) = self.serveur().poster(&self.cle, &self.lignes(lot));
        let reponse: serde_json::Value = serde_json::from_slice(&corps).map_err(dire)?;
        let dit = (statut, reponse["acceptes"].as_u64());
        if dit != (202, Some(attendues.len() as u64)) {
            return Err(format!("réponse {dit:?}, {} attendus", attendues.len()));
        }
        for marque in attendues {
            self.modele.marques[marque].acquittee = true;
        }
        Ok(())
    }

    /// A hit takes the instant it comes at: the same one on another day would be another access.
    fn retaguer(&mut self, rang: usize) -> Issue {
        let marque = &self.modele.marques[rang];
        if self.commun.jour(marque.uai, self.maintenant()) != marque.jour {
            return Ok(());
        }
        let statut = self.serveur().taguer(&marque.texte);
        if statut != 200 {
            return Err(format!("hit : {statut}"));
        }
        self.modele.marques[rang].acquittee = true;
        Ok(())
    }

    fn lignes(&self, lot: &Lot) -> Vec<String> {
        let texte = |&m: &usize| self.modele.marques[m].texte.clone();
        lot.marques.iter().map(texte).collect()
    }

    /// The new key works, the old one no longer does.
    fn changer_de_cle(&mut self) -> Issue {
        let maintenant = self.maintenant();
        let acces = Arc::clone(&self.serveur().acces);
        self.cles += 1;
        let nom = format!("Éditeur {}", self.cles);
        let nouvelle = acces
            .creer_cle(&nom, &[PLATEFORME.to_owned()], maintenant)
            .map_err(dire)?;
        let ancienne = std::mem::replace(&mut self.cle, nouvelle);
        if self.cles > 1 {
            let nom = format!("Éditeur {}", self.cles - 1);
            acces.revoquer_cle(&nom, maintenant).map_err(dire)?;
            let statut = self.serveur().poster(&ancienne, &["{}".to_owned()]).0;
            if statut != 403 {
                return Err(format!("clé révoquée : {statut}"));
            }
        }
        Ok(())
    }

    /// Lands and counts all, then compares the events and the cells with what was sent.
    fn interroger(&self) -> Issue {
        let serveur = self.serveur();
        serveur.atterrir(self.support)?;
        serveur.compter(self.maintenant())?;
        let mut poses = BTreeSet::new();
        let mut par_jour = BTreeMap::new();
        for jour in jours(&serveur.lac) {
            let lus = evenements(&serveur.lac, jour).map_err(dire)?;
            let ids: BTreeSet<[u8; 16]> =
                lus.into_iter().map(|e| e.id.try_into().unwrap()).collect();
            self.modele.comparer(jour, &ids)?;
            poses.extend(ids.iter().copied());
            par_jour.insert(jour, ids);
        }
        if let Some(perdue) = self.modele.perdue(&poses) {
            return Err(format!("marque {perdue} acquittée et perdue"));
        }
        for &grain in Grain::TOUS {
            self.comparer_cellules(grain, &par_jour)?;
        }
        Ok(())
    }

    fn comparer_cellules(
        &self,
        grain: Grain,
        par_jour: &BTreeMap<Jour, BTreeSet<[u8; 16]>>,
    ) -> Issue {
        let mut attendues: BTreeMap<Periode, BTreeMap<&str, i64>> = BTreeMap::new();
        for (&jour, ids) in par_jour {
            let periode = attendues
                .entry(Periode::contenant(grain, jour))
                .or_default();
            for (uai, nombre) in self.modele.par_ecole(ids.iter()) {
                *periode.entry(uai).or_default() += nombre;
            }
        }
        for (periode, attendues) in attendues {
            let cellules =
                cellules_en_place(&self.serveur().lac, Niveau::Ecole, periode).map_err(dire)?;
            let mut trouvees = BTreeMap::new();
            for (cle, mesures) in &cellules {
                if cle.profil == Profil::Eleve.code() && cle.axe == Axe::Total.code() {
                    let m = (mesures.evenements, mesures.visites, mesures.utilisateurs);
                    trouvees.insert(cle.code.as_str(), m);
                }
            }
            let attendues: BTreeMap<_, _> = attendues
                .into_iter()
                .map(|(uai, n)| (uai, (n, n, n)))
                .collect();
            if attendues != trouvees {
                return Err(format!(
                    "{periode:?} : {attendues:?} attendus, {trouvees:?} comptés"
                ));
            }
        }
        Ok(())
    }

    /// Crashes during some work, and starts again from what is on the disk at that instant.
    fn couper(&mut self, coupure: Coupure) -> Issue {
        let envoye = match coupure.pendant {
            Travail::Envoi { nombre } => Some(self.nouveau_lot(nombre, 1)),
            _ => None,
        };
        let lignes = envoye
            .as_ref()
            .map(|lot| self.lignes(lot))
            .unwrap_or_default();
        self.vies += 1;
        let reprise = self.dossier.path().join(self.vies.to_string());
        let serveur = self
            .serveur
            .take()
            .expect("a server is open between two steps");
        let (cle, maintenant) = (self.cle.clone(), self.maintenant());
        let support = self.support;
        let (acquitte, position) = std::thread::scope(|portee| {
            let travail = portee.spawn(|| match coupure.pendant {
                Travail::Rien => Ok(false),
                Travail::Envoi { .. } => Ok(serveur.poster(&cle, &lignes).0 == 202),
                Travail::Atterrissage => serveur.atterrir(support).map(|()| false),
                Travail::Compactage => serveur.compacter().map(|()| false),
                Travail::Comptage => serveur.compter(maintenant).map(|()| false),
            });
            attendre_des_changements(&serveur.lac, coupure.changements, || travail.is_finished());
            let fini = travail.is_finished();
            let position = support.position();
            instantane::prendre(serveur.lac.racine(), &reprise);
            let issue = travail.join().expect("the work does not panic")?;
            Ok::<_, String>((fini && issue, position))
        })?;
        for &marque in envoye.iter().flat_map(|lot| &lot.marques) {
            self.modele.marques[marque].acquittee = acquitte;
            self.modele.marques[marque].incertaine = true;
        }
        self.modele.lots.extend(envoye);
        let ancienne = serveur.lac.racine().to_owned();
        drop(serveur);
        std::fs::remove_dir_all(ancienne).unwrap();
        let lac = Lac::new(reprise);
        support.apres_coupure(position);
        dechirer(&lac, coupure.dechirure);
        self.serveur = Some(Serveur::ouvrir(
            lac,
            self.commun,
            self.support,
            &self.horloge,
        )?);
        Ok(())
    }
}

/// Waits until the folder has changed so many times, or the work is over.
fn attendre_des_changements(lac: &Lac, nombre: u8, est_fini: impl Fn() -> bool) {
    let mut derniere = instantane::lister(lac.racine());
    let mut vus = 0;
    while vus < nombre && !est_fini() {
        let liste = instantane::lister(lac.racine());
        if liste != derniere {
            derniere = liste;
            vus += 1;
        }
    }
}

/// Leaves an unfinished write at the end of the log, as a power cut may.
fn dechirer(lac: &Lac, octets: u8) {
    use std::io::Write;
    let Some(dernier) = dernier_segment(lac) else {
        return;
    };
    let mut segment = std::fs::File::options().append(true).open(dernier).unwrap();
    segment.write_all(&vec![0xA5; usize::from(octets)]).unwrap();
}

fn dernier_segment(lac: &Lac) -> Option<PathBuf> {
    // No folder when the log is a topic.
    let liste = std::fs::read_dir(lac.journal()).ok()?;
    let chemins = liste.map(|e| e.unwrap().path());
    chemins
        .filter(|c| c.extension().is_some_and(|e| e == "seg"))
        .max()
}
