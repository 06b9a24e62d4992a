//! Damaged files, on the built binary: each is found, named in the logs and by `frequent verify`,
//! and keeps nothing else from going on.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use banc::trafic::{journee, lundi_dernier};
use banc::{Banc, fichiers};
use frequent_aggregate::reference::cellules_en_place;
use frequent_plan::{Grain, Jour, Lac, Niveau, Periode};

const EVENEMENTS: usize = 400;

/// A lake of two days, counted.
struct Lieu {
    banc: Banc,
    jours: [Jour; 2],
    cle: String,
}

impl Lieu {
    fn new() -> Self {
        let banc = Banc::avec_annuaire();
        let cle = banc.cle();
        let lundi = lundi_dernier();
        let lieu = Self {
            banc,
            jours: [lundi, lundi.plus(1)],
            cle,
        };
        for (graine, jour) in [(1, lieu.jours[0]), (2, lieu.jours[1])] {
            lieu.envoyer(&journee(graine, jour, EVENEMENTS));
        }
        lieu.banc.reussir(&["aggregate"]);
        lieu.banc.reussir(&["verify"]);
        lieu
    }

    /// Sends events, which land when the server stops.
    fn envoyer(&self, lignes: &[String]) {
        let serveur = self.banc.servir_avec(&[("CALCUL_INTERVALLE_S", "3600")]);
        assert_eq!(serveur.envoyer(&self.cle, lignes.concat()).0, 202);
        assert!(serveur.terminer().success());
    }

    fn lac(&self) -> Lac {
        Lac::new(self.banc.donnees())
    }

    /// The only file of a folder.
    fn seul(dossier: &Path) -> PathBuf {
        let trouves = fichiers(dossier);
        assert_eq!(trouves.len(), 1, "{}", dossier.display());
        dossier.join(trouves.into_keys().next().unwrap())
    }

    fn evenements(&self, rang: usize) -> PathBuf {
        Self::seul(&self.lac().evenements_du(self.jours[rang]))
    }

    fn presence(&self, rang: usize) -> PathBuf {
        let periode = Periode::contenant(Grain::Jour, self.jours[rang]);
        Self::seul(&self.lac().presence_de(periode))
    }

    fn cumuls(&self, rang: usize) -> PathBuf {
        let periode = Periode::contenant(Grain::Jour, self.jours[rang]);
        Self::seul(&self.lac().cumuls_de(Niveau::Ecole, periode))
    }

    /// How many events the cells of a day count.
    fn comptes(&self, rang: usize) -> i64 {
        let periode = Periode::contenant(Grain::Jour, self.jours[rang]);
        let cellules = cellules_en_place(&self.lac(), Niveau::Ecole, periode).unwrap();
        let totaux = cellules
            .iter()
            .filter(|(c, _)| c.profil == "TOUS" && c.axe == "total");
        totaux.map(|(_, m)| m.evenements).sum()
    }

    /// `frequent verify` fails and names this file.
    fn verify_nomme(&self, chemin: &Path) {
        let sortie = self.banc.executer(&["verify"]);
        let texte = String::from_utf8_lossy(&sortie.stdout).into_owned();
        assert!(!sortie.status.success(), "{texte}");
        assert!(
            texte.contains(&*chemin.to_string_lossy()),
            "{} : {texte}",
            chemin.display()
        );
    }

    /// A count fails for this file, names it, and still counts the events added to the other day.
    fn compte_l_autre_jour(&self, chemin: &Path, autre: usize) {
        let avant = self.comptes(autre);
        let ajout = journee(77, self.jours[autre], 50);
        let ajout: Vec<_> = ajout
            .iter()
            .map(|l| l.replace("\"id\":\"", "\"id\":\"autre-"))
            .collect();
        self.envoyer(&ajout);
        let sortie = self.banc.executer(&["aggregate"]);
        let texte = [sortie.stdout, sortie.stderr].concat();
        let texte = String::from_utf8_lossy(&texte);
        assert!(
            texte.contains(&*chemin.to_string_lossy()),
            "{} : {texte}",
            chemin.display()
        );
        assert_eq!(self.comptes(autre), avant + 50);
    }
}

/// What a disk or a crash may do to a file.
#[derive(Debug, Clone, Copy)]
enum Degat {
    /// A byte changed, this far into the file, in thousandths.
    Octet(usize),
    Moitie,
    Vide,
    Bruit,
}

const DEGATS: [Degat; 7] = [
    Degat::Octet(5),
    Degat::Octet(300),
    Degat::Octet(500),
    Degat::Octet(700),
    Degat::Moitie,
    Degat::Vide,
    Degat::Bruit,
];

impl Degat {
    fn infliger(self, octets: &[u8]) -> Vec<u8> {
        let mut octets = octets.to_vec();
        match self {
            Self::Octet(milliemes) => {
                let place = octets.len() * milliemes / 1_000;
                octets[place] ^= 0x10;
            }
            Self::Moitie => octets.truncate(octets.len() / 2),
            Self::Vide => octets.clear(),
            Self::Bruit => octets.fill(0xA5),
        }
        octets
    }
}

#[test]
fn damaged_events_presence_and_cells_are_named_whatever_the_damage() {
    let lieu = Lieu::new();
    for chemin in [lieu.evenements(0), lieu.presence(0), lieu.cumuls(0)] {
        let sain = fs::read(&chemin).unwrap();
        for degat in DEGATS {
            fs::write(&chemin, degat.infliger(&sain)).unwrap();
            println!("{degat:?} {}", chemin.display());
            lieu.verify_nomme(&chemin);
        }
        fs::write(&chemin, sain).unwrap();
    }
    lieu.banc.reussir(&["verify"]);
}

#[test]
fn a_day_whose_events_are_damaged_keeps_its_figures_and_the_others_are_counted() {
    for degat in [Degat::Octet(300), Degat::Moitie, Degat::Vide] {
        let lieu = Lieu::new();
        let chemin = lieu.evenements(0);
        let avant = lieu.comptes(0);
        let sain = fs::read(&chemin).unwrap();
        fs::write(&chemin, degat.infliger(&sain)).unwrap();
        // Another file of the same day: the day has to be counted again, and cannot be.
        let ajout = journee(78, lieu.jours[0], 10);
        lieu.envoyer(&ajout);
        lieu.compte_l_autre_jour(&chemin, 1);
        assert_eq!(lieu.comptes(0), avant, "{degat:?}");
    }
}

#[test]
fn a_day_that_lost_one_of_its_event_files_keeps_its_figures_and_says_so() {
    let lieu = Lieu::new();
    let perdu = lieu.evenements(0);
    let ajout: Vec<_> = journee(78, lieu.jours[0], 10)
        .iter()
        .map(|l| l.replace("\"id\":\"", "\"id\":\"ajout-"))
        .collect();
    lieu.envoyer(&ajout);
    lieu.banc.reussir(&["aggregate"]);
    let avant = lieu.comptes(0);
    let sain = fs::read(&perdu).unwrap();
    fs::remove_file(&perdu).unwrap();

    let dossier = lieu.lac().evenements_du(lieu.jours[0]);
    lieu.compte_l_autre_jour(&dossier, 1);
    assert_eq!(lieu.comptes(0), avant);
    assert!(!lieu.banc.executer(&["verify"]).status.success());

    fs::write(&perdu, sain).unwrap();
    lieu.banc.reussir(&["aggregate"]);
    lieu.banc.reussir(&["verify"]);
    assert_eq!(lieu.comptes(0), avant);

    // What is lost for good is accepted by naming the day.
    fs::remove_file(&perdu).unwrap();
    let jour = lieu.jours[0];
    lieu.banc
        .reussir(&["aggregate", "--jours", &format!("{jour}..{jour}")]);
    assert!(lieu.comptes(0) < avant);
    lieu.banc.reussir(&["verify"]);
}

#[test]
fn results_that_vanished_or_were_emptied_are_counted_again_from_the_events() {
    let lieu = Lieu::new();
    let (avant, presence, cumuls) = (lieu.comptes(0), lieu.presence(0), lieu.cumuls(0));
    for perdu in [&presence, &cumuls] {
        let octets = fs::read(perdu).unwrap();
        fs::remove_file(perdu).unwrap();
        lieu.banc.reussir(&["aggregate"]);
        assert_eq!(fs::read(perdu).unwrap(), octets, "{}", perdu.display());
    }
    // A job killed in the middle leaves hidden files: nobody reads them.
    for dossier in [presence.parent().unwrap(), cumuls.parent().unwrap()] {
        fs::write(dossier.join(".ebauche.parquet"), b"PAR1 inachev").unwrap();
    }
    lieu.banc.reussir(&["aggregate"]);
    lieu.banc.reussir(&["verify"]);
    assert_eq!(lieu.comptes(0), avant);
}

/// What a crash or the disk leaves of the log is landed as far as it can be read; the rest is put
/// aside, said, and the next events are taken.
#[test]
fn a_damaged_segment_is_put_aside_and_what_can_be_read_of_it_lands() {
    for degat in DEGATS {
        let banc = Banc::avec_annuaire();
        let cle = banc.cle();
        let jour = lundi_dernier();
        let serveur = banc.servir_avec(&[("ATTERRISSAGE_INTERVALLE_S", "3600")]);
        let lignes = journee(3, jour, EVENEMENTS);
        for lot in lignes.chunks(20) {
            assert_eq!(serveur.envoyer(&cle, lot.concat()).0, 202);
        }
        serveur.tuer();
        let segment = fs::read_dir(banc.donnees().join("journal")).unwrap();
        let segment = segment
            .map(|e| e.unwrap().path())
            .find(|c| c.extension().is_some_and(|e| e == "seg"))
            .unwrap();
        let sain = fs::read(&segment).unwrap();
        fs::write(&segment, degat.infliger(&sain)).unwrap();

        let serveur = banc.servir_avec(&[]);
        let ensuite = journee(4, jour.plus(1), 10);
        assert_eq!(serveur.envoyer(&cle, ensuite.concat()).0, 202);
        let nouveaux = banc
            .donnees()
            .join(format!("lake/evenements/jour={}", jour.plus(1)));
        let debut = Instant::now();
        while !nouveaux.exists() {
            assert!(debut.elapsed() < Duration::from_mins(1), "{degat:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(serveur.terminer().success());
        let (poses, traces) = (banc.evenements(), banc.traces());
        let dits = traces.contains("damaged") || traces.contains("unfinished write dropped");
        assert!(dits, "{degat:?} : {traces}");
        let envoyes = u64::try_from(lignes.len() + ensuite.len()).unwrap();
        assert!(poses < envoyes && poses >= 10, "{degat:?} : {poses} posés");
        if matches!(degat, Degat::Octet(300..)) {
            // One frame is lost, those around it are not.
            assert!(poses + 60 > envoyes, "{degat:?} : {poses} sur {envoyes}");
            let sortie = banc.executer(&["verify"]);
            let texte = String::from_utf8_lossy(&sortie.stdout).into_owned();
            assert!(texte.contains(".seg.altere"), "{degat:?} : {texte}");
        }
    }
}
