//! The consumer group: what is committed is landed, whatever comes between.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant as Chrono};

use frequent_ingest::compactage::jours_clos;
use frequent_ingest::qualite::Emetteur;
use frequent_ingest::{Etendue, compacter};
use frequent_plan::{AnneeScolaire, Cle, CleIndisponible, Instant, Jour, Lac, Plan, Trousseau};
use tempfile::TempDir;

use crate::courtier::{Courtier, Enregistrement, unique};
use crate::evenements::{Fabrique, marques};
use crate::journaux::{PATIENCE, SuiteKafka};

struct Scene {
    courtier: MutexGuard<'static, Courtier>,
    _dossier: TempDir,
    lac: Lac,
    sujet: String,
    suite: SuiteKafka,
    fabrique: Fabrique,
}

impl Scene {
    fn new(partitions: i32) -> Self {
        let courtier = Courtier::du_programme();
        let dossier = TempDir::new().unwrap();
        let lac = Lac::new(dossier.path());
        let sujet = courtier.sujet("groupe", partitions);
        let groupe = format!("groupe-{}", unique());
        Self {
            suite: SuiteKafka::new(&lac, &courtier.serveurs(), &sujet, &groupe),
            courtier,
            _dossier: dossier,
            lac,
            sujet,
            fabrique: Fabrique::new(),
        }
    }

    /// Makes these marks durable, in lots of one school each.
    fn recevoir(&self, marques: std::ops::Range<u64>) {
        let producteur = self.suite.producteur(&Arc::new(Plan::integre().unwrap()));
        let travail = async {
            let marques: Vec<u64> = marques.collect();
            for lot in marques.chunks(50) {
                let lot = self.fabrique.lot_de_partout(lot.iter().copied());
                producteur.ajouter(lot).await.unwrap();
            }
        };
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(travail);
    }

    fn marques(&self) -> Vec<u64> {
        let mut marques = marques(&self.lac);
        marques.sort_unstable();
        marques
    }

    fn valides(&self) -> i64 {
        let groupe = &self.suite.consommation.groupe;
        self.courtier.valides(groupe, &self.sujet)
    }
}

fn attendre(quoi: &str, mut arrive: impl FnMut() -> bool) {
    let debut = Chrono::now();
    while !arrive() {
        assert!(debut.elapsed() < PATIENCE, "{quoi}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn natif(numero: u32) -> Enregistrement {
    let ts = Instant::maintenant().0;
    Enregistrement::de(format!(
        r#"{{"id":"{numero}","ts":{ts},"uai":"0660713S","profil":"ELEVE","visiteur":"u-{numero}","service":"NOTES","plateforme":"ONE-OCC"}}"#
    ))
}

/// A key ring that tells how many native events were read: it is asked once for each.
struct Compteur {
    trousseau: Arc<dyn Trousseau>,
    lus: AtomicUsize,
}

impl Trousseau for Compteur {
    fn cle(&self, plateforme: &str, annee: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        self.lus.fetch_add(1, Ordering::Relaxed);
        self.trousseau.cle(plateforme, annee)
    }
}

#[test]
fn who_is_asked_to_stop_lands_and_commits_what_it_has_read() {
    let mut scene = Scene::new(2);
    scene.suite.admettre(&scene.sujet);
    scene.suite.consommation.intervalle = Duration::from_hours(1);
    let compteur = Arc::new(Compteur {
        trousseau: Arc::clone(&scene.suite.moyens.trousseau),
        lus: AtomicUsize::new(0),
    });
    scene.suite.moyens.trousseau = compteur.clone();
    let natifs: Vec<_> = (0..40).map(natif).collect();
    scene.courtier.produire(&scene.sujet, &natifs);
    let en_cours = scene.suite.lancer();
    attendre("everything is read", || {
        compteur.lus.load(Ordering::Relaxed) == 40
    });
    assert_eq!(scene.valides(), 0);
    assert_eq!(en_cours.arreter(), 40);
    assert_eq!(scene.valides(), 40);
}

#[test]
fn consumers_share_the_partitions_and_give_them_up_with_nothing_left_behind() {
    let scene = Scene::new(6);
    let un = scene.suite.lancer();
    let deux = scene.suite.lancer();
    let groupe = scene.suite.consommation.groupe.clone();
    attendre("two members", || scene.courtier.membres(&groupe) == 2);
    scene.recevoir(0..2_000);
    scene.suite.attendre_la_fin();
    let par_un = un.arreter();
    scene.recevoir(2_000..3_000);
    scene.suite.attendre_la_fin();
    let par_deux = deux.arreter();
    assert!(par_un > 0 && par_deux > 1_000, "{par_un} {par_deux}");
    // No one was killed, so nothing was even landed twice.
    assert_eq!(scene.marques(), (0..3_000).collect::<Vec<_>>());
}

#[test]
fn a_topic_read_again_by_another_group_gives_the_same_events_which_count_once() {
    let mut scene = Scene::new(2);
    scene.recevoir(0..500);
    assert_eq!(scene.suite.atterrir_ce_qui_est_la(), 500);
    scene.suite.consommation.groupe = format!("groupe-{}", unique());
    assert_eq!(scene.suite.atterrir_ce_qui_est_la(), 500);
    for jour in jours_clos(&scene.lac, Jour::de_epoque(1_000_000)).unwrap() {
        compacter(&scene.lac, jour, Etendue::Tout).unwrap();
    }
    assert_eq!(scene.marques(), (0..500).collect::<Vec<_>>());
}

#[test]
fn a_topic_made_again_under_its_name_replaces_no_file_of_the_one_before() {
    let mut scene = Scene::new(1);
    scene.recevoir(0..100);
    scene.suite.atterrir_ce_qui_est_la();
    scene.courtier.supprimer(&scene.sujet);
    scene.courtier.refaire(&scene.sujet, 1);
    scene.suite.consommation.groupe = format!("groupe-{}", unique());
    scene.recevoir(100..200);
    scene.suite.atterrir_ce_qui_est_la();
    assert_eq!(scene.marques(), (0..200).collect::<Vec<_>>());
}

#[test]
fn what_cannot_land_is_not_committed_and_lands_when_the_disk_takes_it() {
    let scene = Scene::new(2);
    let en_cours = scene.suite.lancer();
    let groupe = scene.suite.consommation.groupe.clone();
    attendre("it has joined", || scene.courtier.membres(&groupe) == 1);
    // A file where the lake's folder should be: the disk refuses, whoever asks.
    fs::write(scene.lac.lake(), "").unwrap();
    scene.recevoir(0..300);
    attendre("it has given up", || scene.courtier.membres(&groupe) == 0);
    assert_eq!(scene.valides(), 0);
    fs::remove_file(scene.lac.lake()).unwrap();
    scene.suite.attendre_la_fin();
    assert_eq!(en_cours.arreter(), 300);
    assert_eq!(scene.marques(), (0..300).collect::<Vec<_>>());
}

#[test]
fn without_the_pseudonym_key_native_events_wait_and_are_not_put_aside() {
    let mut scene = Scene::new(1);
    scene.suite.admettre(&scene.sujet);
    let natifs: Vec<_> = (0..5).map(natif).collect();
    scene.courtier.produire(&scene.sujet, &natifs[..2]);
    scene.suite.atterrir_ce_qui_est_la();
    let cle = fs::read_dir(scene.lac.cles())
        .unwrap()
        .map(|entree| entree.unwrap().path())
        .find(|chemin| chemin.extension().is_some_and(|e| e == "cle"))
        .unwrap();
    let ouvrir_a_tous = |mode| fs::set_permissions(&cle, fs::Permissions::from_mode(mode)).unwrap();
    ouvrir_a_tous(0o644);
    // A process that has the key in memory keeps it: this one begins without.
    let (serveurs, groupe) = (
        scene.courtier.serveurs(),
        scene.suite.consommation.groupe.clone(),
    );
    let mut suite = SuiteKafka::new(&scene.lac, &serveurs, &scene.sujet, &groupe);
    suite.admettre(&scene.sujet);
    let compteur = Arc::new(Compteur {
        trousseau: Arc::clone(&suite.moyens.trousseau),
        lus: AtomicUsize::new(0),
    });
    suite.moyens.trousseau = compteur.clone();
    scene.courtier.produire(&scene.sujet, &natifs[2..]);
    let en_cours = suite.lancer();
    // More questions than events: it has given up once, and has begun again.
    attendre("it has begun again", || {
        compteur.lus.load(Ordering::Relaxed) > natifs[2..].len()
    });
    assert_eq!(scene.valides(), 2);
    ouvrir_a_tous(0o600);
    suite.attendre_la_fin();
    assert_eq!(en_cours.arreter(), 3);
    let releve = suite.moyens.qualite.releve();
    let releve = &releve[&Emetteur::Kafka(scene.sujet.clone())];
    assert_eq!((releve.recus, releve.acceptes), (3, 3));
}

#[test]
fn a_broker_that_restarts_in_the_middle_loses_nothing_and_stopping_without_it_is_bounded() {
    let mut scene = Scene::new(3);
    let en_cours = scene.suite.lancer();
    scene.recevoir(0..500);
    scene.courtier.tuer();
    scene.courtier.relancer();
    scene.recevoir(500..1_000);
    scene.suite.attendre_la_fin();
    scene.courtier.tuer();
    let debut = Chrono::now();
    en_cours.arreter();
    assert!(debut.elapsed() < Duration::from_secs(30));
    let landed: BTreeSet<u64> = scene.marques().into_iter().collect();
    assert_eq!(landed, (0..1_000).collect());
}

#[test]
fn files_left_half_written_by_a_killed_process_are_swept_once_they_are_old() {
    let scene = Scene::new(1);
    scene.recevoir(0..30);
    scene.suite.atterrir_ce_qui_est_la();
    let jour = scene.fabrique.evenement(0).jour;
    let dossier = scene.lac.evenements_du(jour);
    let (recent, ancien) = (
        dossier.join(".sans-nom-1.tmp"),
        dossier.join(".sans-nom-2.tmp"),
    );
    for chemin in [&recent, &ancien] {
        fs::write(chemin, "").unwrap();
    }
    let il_y_a_deux_heures = std::time::SystemTime::now() - Duration::from_hours(2);
    let fichier = fs::File::options().write(true).open(&ancien).unwrap();
    fichier.set_modified(il_y_a_deux_heures).unwrap();
    scene.recevoir(30..60);
    scene.suite.atterrir_ce_qui_est_la();
    assert!(recent.exists() && !ancien.exists());
    assert_eq!(scene.marques(), (0..60).collect::<Vec<_>>());
}
