//! The directory feed end to end, on the built binary: a département generated, imported, changed,
//! counted and destroyed; what is hostile or broken refused; and of its persons nothing left.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use banc::trafic::lundi_dernier;
use banc::{Banc, rangees, reussie, tous_les_fichiers};
use encoding_rs::ISO_8859_15;
use frequent_plan::hexadecimal::hexadecimal;
use frequent_plan::{Jour, Lac, Niveau, Profil, Uai};
use frequent_simulate::aaf::{Forme, Monde, Reglages};
use frequent_territory::Annuaires;

const GRAINE: u64 = 66;
const TAILLE: f64 = 0.02;
const DATE: &str = "2026-11-20";
const DELTAS: u16 = 2;
const DEPARTEMENT: &str = "departement:066";

/// The feed of the département, written by the command, and the world it was written from.
struct Extraction {
    depot: PathBuf,
    monde: Monde,
}

fn generer(banc: &Banc, nom: &str, options: &[&str]) -> Extraction {
    let depot = banc.fichier(nom);
    let taille = TAILLE.to_string();
    let (graine, deltas) = (GRAINE.to_string(), DELTAS.to_string());
    let mut arguments = vec![
        "aaf",
        "simuler",
        "--perimetre",
        DEPARTEMENT,
        "--graine",
        &graine,
        "--taille",
        &taille,
        "--date",
        DATE,
        "--deltas",
        &deltas,
        "--sortie",
        depot.to_str().unwrap(),
    ];
    arguments.extend(options);
    let dit = banc.reussir(&arguments);
    assert!(dit.contains("toutes inventées"), "{dit}");
    Extraction {
        depot,
        monde: monde(banc),
    }
}

/// The same world, lived as many days.
fn monde(banc: &Banc) -> Monde {
    let annuaires = Annuaires::ouvrir(&Lac::new(banc.donnees())).unwrap();
    let reglages = Reglages {
        graine: GRAINE,
        perimetre: (Niveau::Departement, "066".to_owned()),
        taille: TAILLE,
        date: DATE.parse().unwrap(),
        prefixe: "SIMULE_066".to_owned(),
    };
    let mut monde = Monde::new(annuaires.courant().unwrap(), reglages).unwrap();
    let ailleurs = tempfile::tempdir().unwrap();
    for _ in 0..DELTAS {
        monde
            .deposer_delta(ailleurs.path(), Forme::default())
            .unwrap();
    }
    monde
}

/// The head counts that the command line tells, and those of the persons themselves.
fn assert_effectifs(banc: &Banc, monde: &Monde) {
    let dit = banc.reussir(&["aaf", "effectifs", DEPARTEMENT]);
    let ecoles = monde.ecoles();
    for profil in [Profil::Parent, Profil::Enseignant, Profil::AdminVieScolTech] {
        let ligne = format!(
            "{}\t{}\tau ",
            profil.code(),
            monde.effectif(&ecoles, profil)
        );
        assert!(dit.contains(&ligne), "{ligne} : {dit}");
    }
}

#[test]
fn a_departement_is_generated_imported_and_counted_and_nothing_of_its_persons_is_left() {
    let banc = Banc::avec_annuaire();
    let extraction = generer(&banc, "depot", &["--archive", "tar.gz"]);
    let depot = extraction.depot.to_str().unwrap();
    let mut dit = banc.reussir(&["aaf", "import", depot]);
    assert_effectifs(&banc, &extraction.monde);
    // Again, and from the files themselves in the other encoding: the same counts.
    dit += &banc.reussir(&["aaf", "import", depot]);
    let autre = generer(&banc, "autre", &["--codage", "utf-8", "--archive", "zip"]);
    dit += &banc.reussir(&["aaf", "import", autre.depot.to_str().unwrap()]);
    dit += &banc.reussir(&["aaf", "conflits"]);
    assert_effectifs(&banc, &extraction.monde);
    fs::write(banc.fichier("dit.txt"), dit).unwrap();
    fs::remove_dir_all(&extraction.depot).unwrap();
    fs::remove_dir_all(&autre.depot).unwrap();
    assert_rien_de_personne(&banc, &extraction.monde);
}

#[test]
fn head_counts_give_the_user_rates_of_the_api() {
    let banc = Banc::avec_annuaire();
    let extraction = generer(&banc, "depot", &[]);
    banc.reussir(&["aaf", "import", extraction.depot.to_str().unwrap()]);
    let ecole = grande_ecole(&extraction.monde);
    let effectif = extraction
        .monde
        .effectif(&BTreeSet::from([ecole]), Profil::Parent);
    let utilisateurs = effectif - 1;
    let jour = lundi_dernier();
    let cle = banc.cle();
    banc.compte(DEPARTEMENT);
    let serveur = banc.servir();
    assert_eq!(
        serveur.envoyer(&cle, parents(ecole, jour, utilisateurs)).0,
        202
    );
    let session = serveur.session();
    let adresse = format!("/api/v1/synthese?niveau=ecole&code={ecole}&grain=semaine&debut={jour}");
    let du_parent = |reponse: &serde_json::Value| {
        let profils = reponse["profils"].as_array().unwrap();
        profils
            .iter()
            .find(|p| p["profil"] == "PARENT")
            .unwrap()
            .clone()
    };
    let reponse = session.attendre(&adresse, |r| du_parent(r)["taux_utilisateurs"].is_number());
    let parent = du_parent(&reponse);
    assert_eq!(parent["effectif"]["nombre"], effectif);
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    let taux = utilisateurs as f64 / effectif as f64;
    let rendu = parent["taux_utilisateurs"].as_f64().unwrap();
    assert!((rendu - taux).abs() < 1e-9, "{parent}");
}

#[test]
fn what_is_left_in_the_watched_folder_is_imported_destroyed_and_recorded() {
    let banc = Banc::avec_annuaire();
    let extraction = generer(&banc, "depot", &["--archive", "zip"]);
    let noms = noms(&extraction.depot);
    assert_eq!(noms.len(), 1 + usize::from(DELTAS));
    let dossier = extraction.depot.to_str().unwrap().to_owned();
    let serveur = banc.servir_avec(&[("AAF_DOSSIER", &dossier), ("AAF_INTERVALLE_S", "1")]);
    let debut = std::time::Instant::now();
    let audit = loop {
        let audit = banc.reussir(&["audit", "export"]);
        if noms.iter().all(|nom| audit.contains(nom)) {
            break audit;
        }
        assert!(debut.elapsed().as_secs() < 60, "{}", banc.traces());
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert_eq!(self::noms(&extraction.depot), Vec::<String>::new());
    assert!(serveur.terminer().success());
    assert_effectifs(&banc, &extraction.monde);
    fs::write(banc.fichier("audit.csv"), audit).unwrap();
    assert_rien_de_personne(&banc, &extraction.monde);
}

#[test]
fn a_broken_or_hostile_feed_is_refused_changes_nothing_and_repeats_nothing_personal() {
    let banc = Banc::avec_annuaire();
    let extraction = generer(&banc, "depot", &["--codage", "utf-8"]);
    banc.reussir(&["aaf", "import", extraction.depot.to_str().unwrap()]);
    let complet = lire_le_premier(&extraction.depot, "Complet_20261120_Eleve_0001.xml");
    let coupe = &complet[..complet.len() * 2 / 3];
    let bombe = complet.replacen(
        "\"ficAlimMENESR.dtd\">",
        "\"ficAlimMENESR.dtd\" [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>",
        1,
    );
    let bombe = bombe.replacen("<value>", "<value>&b;", 1);
    let externe = complet.replacen(
        "SYSTEM \"ficAlimMENESR.dtd\"",
        "SYSTEM \"http://127.0.0.1:9/jamais.dtd\"",
        1,
    );
    let mal_forme = complet.replacen("</addRequest>", "</ajout>", 1);
    fs::remove_dir_all(&extraction.depot).unwrap();
    let mut dit = String::new();
    for (cas, contenu) in [
        ("coupe", coupe),
        ("bombe", &bombe),
        ("mal forme", &mal_forme),
    ] {
        let dossier = tempfile::tempdir().unwrap();
        let fichier = dossier
            .path()
            .join("SIMULE_066_Delta_20261125_Eleve_0001.xml");
        fs::write(fichier, contenu).unwrap();
        let sortie = banc.executer(&["aaf", "import", dossier.path().to_str().unwrap()]);
        assert!(!sortie.status.success(), "{cas}");
        let erreur = String::from_utf8(sortie.stderr).unwrap();
        assert!(
            erreur.contains("SIMULE_066_Delta_20261125_Eleve_0001.xml"),
            "{cas} : {erreur}"
        );
        assert_effectifs(&banc, &extraction.monde);
        dit += &erreur;
    }
    // A document type is neither fetched nor a reason to refuse.
    let dossier = tempfile::tempdir().unwrap();
    fs::write(
        dossier.path().join("AUTRE_Complet_20261120_Eleve_0001.xml"),
        externe,
    )
    .unwrap();
    dit += &reussie(
        "document type",
        banc.executer(&["aaf", "import", dossier.path().to_str().unwrap()]),
    );
    fs::write(banc.fichier("dit.txt"), dit).unwrap();
    assert_rien_de_personne(&banc, &extraction.monde);
}

/// A school with parents enough to be shown.
fn grande_ecole(monde: &Monde) -> Uai {
    let parents = |uai: &Uai| monde.effectif(&BTreeSet::from([*uai]), Profil::Parent);
    monde.ecoles().into_iter().max_by_key(parents).unwrap()
}

/// As many parents of a school, each of whom comes once that day.
fn parents(ecole: Uai, jour: Jour, nombre: u64) -> String {
    let midi = i64::from(jour.epoque()) * 86_400_000 + 10 * 3_600_000;
    (0..nombre).fold(String::new(), |mut lignes, rang| {
        let _ = writeln!(
            lignes,
            "{{\"id\":\"p{rang}\",\"ts\":{midi},\"uai\":\"{ecole}\",\"profil\":\"PARENT\",\
             \"visiteur\":\"v{rang}\",\"service\":\"NOTES\",\"plateforme\":\"ONE-OCC\"}}"
        );
        lignes
    })
}

fn noms(dossier: &Path) -> Vec<String> {
    let entrees = fs::read_dir(dossier).unwrap();
    let noms = entrees.map(|entree| entree.unwrap().file_name().into_string().unwrap());
    noms.filter(|nom| Path::new(nom).extension().is_some_and(|e| e == "zip"))
        .collect()
}

fn lire_le_premier(dossier: &Path, fin: &str) -> String {
    let mut entrees = fs::read_dir(dossier)
        .unwrap()
        .map(|entree| entree.unwrap().path());
    let chemin = entrees
        .find(|chemin| chemin.to_str().unwrap().ends_with(fin))
        .unwrap();
    fs::read_to_string(chemin).unwrap()
}

/// No name, date, address, mail, INE or identifier of anybody is anywhere under the test's folder:
/// as UTF-8, as ISO-8859-15, in hexadecimal, in the rows of tables once decompressed.
fn assert_rien_de_personne(banc: &Banc, monde: &Monde) {
    let marques = monde.marques();
    assert!(marques.len() > 10_000);
    let mut motifs: BTreeSet<Vec<u8>> = BTreeSet::new();
    for marque in &marques {
        let hexadecimal = hexadecimal(marque.as_bytes());
        motifs.insert(marque.clone().into_bytes());
        motifs.insert(ISO_8859_15.encode(marque).0.into_owned());
        motifs.insert(hexadecimal.clone().into_bytes());
        motifs.insert(hexadecimal.to_uppercase().into_bytes());
    }
    let chercheur = AhoCorasick::new(&motifs).unwrap();
    let racine = banc.fichier("");
    let mut octets = 0;
    for chemin in tous_les_fichiers(&racine) {
        let brut = fs::read(&chemin).unwrap();
        let deplie = if chemin.extension().is_some_and(|e| e == "parquet") {
            rangees(brut.clone()).join("\n")
        } else {
            String::new()
        };
        octets += brut.len();
        for (forme, contenu) in [("octets", &*brut), ("rangées", deplie.as_bytes())] {
            let trouve = chercheur.find(contenu).is_some();
            assert!(
                !trouve,
                "{} ({forme}) dit qui est quelqu’un",
                chemin.display()
            );
        }
    }
    assert!(octets > 100_000, "{octets} octets seulement");
    // The search does find: what it looks for is there before it is destroyed.
    let temoin = tempfile::tempdir().unwrap();
    monde
        .deposer_complet(temoin.path(), Forme::default())
        .unwrap();
    let vus = tous_les_fichiers(temoin.path());
    assert!(
        vus.iter()
            .any(|chemin| chercheur.is_match(&fs::read(chemin).unwrap()))
    );
}
