use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::Path;

use frequent_plan::{AnneeScolaire, Cle, CleIndisponible, Instant};
use tempfile::TempDir;

use super::*;
use crate::acces::Acces;
use crate::fabrique::{MATIN, fichiers_du, tout_le_lac};

struct UneCle;

impl Trousseau for UneCle {
    fn cle(&self, _: &str, _: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        Ok(Arc::new(Cle::nouvelle(&[7; 32])))
    }
}

struct Midi;

impl Horloge for Midi {
    fn maintenant(&self) -> Instant {
        Instant(MATIN + 4 * 3_600_000)
    }
}

struct Muet;

impl Suivi for Muet {
    fn commence(&self, _: &Source, _: Option<u64>) {}
    fn avance(&self, _: u64, _: &Bilan) {}
}

/// What an import gave, and the lines it refused.
type Lu = (Bilan, Vec<LigneRefusee>);

/// A data folder and what an import needs.
struct Banc {
    dossier: TempDir,
    lac: Lac,
    acces: Acces,
    plan: Plan,
    fuseaux: Fuseaux,
    terminaux: Terminaux,
    qualite: Arc<Qualite>,
}

impl Banc {
    fn nouveau() -> Self {
        let dossier = TempDir::new().unwrap();
        let lac = Lac::new(dossier.path().join("donnees"));
        Self {
            acces: Acces::ouvrir(&lac).unwrap(),
            lac,
            qualite: Arc::new(Qualite::new(Arc::new(Fuseaux::charger().unwrap()))),
            dossier,
            plan: Plan::integre().unwrap(),
            fuseaux: Fuseaux::charger().unwrap(),
            terminaux: Terminaux::charger().unwrap(),
        }
    }

    fn ecrire(&self, nom: &str, contenu: impl AsRef<[u8]>) -> Source {
        let chemin = self.dossier.path().join(nom);
        fs::write(&chemin, contenu).unwrap();
        Source::Fichier(chemin)
    }

    fn import(&self, destination: Destination) -> Import<'_> {
        Import {
            lac: &self.lac,
            plan: &self.plan,
            fuseaux: &self.fuseaux,
            conversions: self.acces.conversions(),
            trousseau: &UneCle,
            terminaux: &self.terminaux,
            qualite: &self.qualite,
            horloge: &Midi,
            emission: Emission::Plateformes(vec!["ONE-OCC".to_owned()]),
            reglages: ReglagesImport {
                fenetre: FenetreTemps {
                    passe_ms: 400 * 24 * 3_600_000,
                    futur_ms: 300_000,
                },
                // A few lines: most files here take several parts.
                tranche_octets: 600,
            },
            destination,
        }
    }

    fn vers_le_lac(&self) -> Import<'_> {
        self.import(Destination::Lac(
            Constats::ouvrir(&self.lac, || panic!("personne d’autre")).unwrap(),
        ))
    }

    fn importer(&self, source: &Source) -> (Bilan, Vec<LigneRefusee>) {
        lire(&self.vers_le_lac(), source).unwrap()
    }

    /// How many events count: different identifiers over the whole lake.
    fn comptes(&self) -> usize {
        let mut ids: Vec<_> = tout_le_lac(&self.lac).into_iter().map(|l| l.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }
}

fn lire(import: &Import<'_>, source: &Source) -> Result<Lu, Box<(ImportErreur, Bilan)>> {
    let mut bilan = Bilan::default();
    let refus = RefCell::new(Vec::new());
    let refuser = |_: &Source, lignes: &[LigneRefusee]| {
        refus.borrow_mut().extend_from_slice(lignes);
        Ok(())
    };
    match import.importer(source, refuser, &mut bilan, &Muet) {
        Ok(()) => Ok((bilan, refus.into_inner())),
        Err(faute) => Err(Box::new((faute, bilan))),
    }
}

fn ndjson(id: &str, rang: i64) -> String {
    let ts = MATIN + rang * 1_000;
    format!(
        r#"{{"id":"{id}","ts":{ts},"uai":"0660713S","profil":"ELEVE","visiteur":"u-{rang}","service":"NOTES","plateforme":"ONE-OCC"}}"#
    ) + "\n"
}

fn cent_lignes() -> String {
    (0..100).map(|n| ndjson(&format!("e-{n}"), n)).collect()
}

fn csv(lignes: std::ops::Range<i64>) -> String {
    let entete = "ts;uai;profil;visiteur;service;plateforme\n".to_owned();
    let ligne = |rang| {
        let ts = MATIN + rang * 1_000;
        format!("{ts};0660713S;ELEVE;u-{rang};NOTES;ONE-OCC\n")
    };
    std::iter::once(entete).chain(lignes.map(ligne)).collect()
}

fn gzip(texte: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(texte).unwrap();
    gzip.finish().unwrap()
}

/// Every file of the data folder, with its bytes.
fn contenu(dossier: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut fichiers = BTreeMap::new();
    let mut a_voir = vec![dossier.to_owned()];
    while let Some(courant) = a_voir.pop() {
        for entree in fs::read_dir(courant).into_iter().flatten() {
            let chemin = entree.unwrap().path();
            if chemin.is_dir() {
                a_voir.push(chemin);
            } else {
                fichiers.insert(chemin.clone(), fs::read(chemin).unwrap());
            }
        }
    }
    fichiers
}

#[test]
fn a_file_imported_twice_leaves_the_data_folder_as_it_was_after_the_first_time() {
    let banc = Banc::nouveau();
    let source = banc.ecrire("nuit.ndjson", cent_lignes());
    let (premier, _) = banc.importer(&source);
    assert_eq!(
        (premier.recus, premier.acceptes, premier.deja),
        (100, 100, 0)
    );
    let avant = contenu(banc.lac.racine());
    let (second, _) = banc.importer(&source);
    assert_eq!(
        (second.recus, second.acceptes, second.deja),
        (100, 100, 100)
    );
    assert_eq!(contenu(banc.lac.racine()), avant);
    assert_eq!(banc.comptes(), 100);
}

#[test]
fn the_same_lines_count_once_under_another_name_compressed_or_with_more_lines_after_them() {
    let banc = Banc::nouveau();
    let texte = csv(0..60);
    let autres = [
        banc.ecrire("a.csv", &texte),
        banc.ecrire("b.csv.gz", gzip(texte.as_bytes())),
        banc.ecrire("c.zst", zstd::encode_all(texte.as_bytes(), 1).unwrap()),
        banc.ecrire("sans-fin-de-ligne", texte.trim_end()),
        banc.ecrire("suite.csv", csv(0..75)),
    ];
    for source in &autres[..3] {
        assert_eq!(banc.importer(source).0.acceptes, 60);
        assert_eq!(banc.comptes(), 60);
    }
    // The last line has no end: by its content it is another line.
    banc.importer(&autres[3]);
    assert_eq!(banc.comptes(), 61);
    banc.importer(&autres[4]);
    assert_eq!(banc.comptes(), 61 + 15);
}

#[test]
fn read_again_whole_a_file_writes_the_same_files() {
    let banc = Banc::nouveau();
    let source = banc.ecrire("nuit.csv", csv(0..40));
    banc.importer(&source);
    let avant = contenu(banc.lac.racine());
    let constats = Constats::ouvrir(&banc.lac, || ()).unwrap();
    let refaire = banc.import(Destination::Refaire(constats));
    assert_eq!(lire(&refaire, &source).unwrap().0.deja, 0);
    assert_eq!(contenu(banc.lac.racine()), avant);
}

#[test]
fn refused_lines_are_named_and_the_others_are_taken() {
    let banc = Banc::nouveau();
    let mut texte = String::from("\u{feff}");
    texte += &ndjson("1", 1);
    texte += "\n";
    texte += &ndjson("3", 3).replace("0660713S", "0660713T");
    texte += &ndjson("4", 4).replace("ONE-OCC", "AUTRE");
    texte += &ndjson(&"x".repeat(100_000), 5);
    texte += "Marie Dupont\n";
    texte += &ndjson("7", 7);
    let (bilan, refus) = banc.importer(&banc.ecrire("mele.ndjson", texte));
    assert_eq!((bilan.recus, bilan.acceptes, bilan.refuses()), (6, 2, 4));
    let montres: Vec<_> = refus
        .iter()
        .map(|r| {
            (
                r.ligne,
                r.champ.as_str(),
                r.raison.as_str(),
                r.valeur.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        montres,
        [
            (3, "uai", "cle_invalide", Some("0660713T")),
            (4, "plateforme", "plateforme_refusee", None),
            (5, "", "ligne_trop_longue", None),
            (6, "", "json_invalide", None),
        ]
    );
}

#[test]
fn a_csv_line_that_does_not_fit_costs_that_line_only() {
    let banc = Banc::nouveau();
    let texte = csv(0..3) + "1;2\n" + &csv(3..6).replacen("ts;uai", "\"ts;uai", 1);
    let (bilan, refus) = banc.importer(&banc.ecrire("a.csv", texte));
    assert_eq!((bilan.acceptes, bilan.refuses()), (6, 2));
    assert!(refus.iter().all(|r| r.raison == "csv_invalide"));
    assert_eq!(refus.iter().map(|r| r.ligne).collect::<Vec<_>>(), [5, 6]);
}

#[test]
fn a_compressed_file_that_was_cut_gives_its_whole_lines_and_later_the_rest() {
    let banc = Banc::nouveau();
    let entier = gzip(csv(0..2_000).as_bytes());
    let coupe = banc.ecrire("coupe.gz", &entier[..entier.len() / 2]);
    let (faute, bilan) = *lire(&banc.vers_le_lac(), &coupe).unwrap_err();
    assert!(matches!(faute, ImportErreur::Coupe { ligne, .. } if ligne == bilan.recus + 1));
    assert!((1..2_000).contains(&bilan.acceptes) && bilan.refuses() == 0);
    banc.importer(&banc.ecrire("entier.gz", entier));
    assert_eq!(banc.comptes(), 2_000);
}

#[test]
fn quality_counts_each_line_once_for_the_files_sender() {
    let banc = Banc::nouveau();
    let mut texte = cent_lignes();
    texte += &ndjson("faux", 3).replace("0660713S", "0660713T");
    let source = banc.ecrire("a.ndjson", texte);
    banc.importer(&source);
    banc.importer(&source);
    let jour = banc.qualite.jour_de(Midi.maintenant());
    let lignes = crate::qualite::lire_jour(&banc.lac, jour).unwrap();
    let total = |mesure: &str| -> i64 {
        let de = lignes.iter().filter(|l| l.mesure == mesure);
        de.map(|l| l.nombre).sum()
    };
    assert_eq!((total("recus"), total("acceptes")), (101, 100));
    assert_eq!(total("refus_cle_invalide"), 1);
    assert!(
        lignes
            .iter()
            .all(|l| (l.genre.as_str(), l.emetteur.as_str()) == ("fichier", "ONE-OCC"))
    );
}

#[test]
fn a_service_converted_since_then_has_its_lines_read_again() {
    let banc = Banc::nouveau();
    let source = banc.ecrire(
        "a.ndjson",
        ndjson("1", 1).replace("NOTES", "Carnet de notes"),
    );
    assert_eq!(banc.importer(&source).0.refuses(), 1);
    let nom = crate::acces::NomConverti {
        nom: "Carnet de notes".to_owned(),
        service: "NOTES".to_owned(),
        type_service: String::new(),
        outil: String::new(),
    };
    banc.acces
        .appliquer_conversions("ONE-OCC", vec![nom], Midi.maintenant())
        .unwrap();
    assert_eq!(banc.importer(&source).0.acceptes, 1);
}

#[test]
fn other_kinds_of_files_and_unknown_columns_stop_before_anything_is_taken() {
    let banc = Banc::nouveau();
    for (contenu, dit) in [
        (&b"PK\x03\x04...."[..], "ZIP"),
        (b"[{\"id\":\"1\"}]", "tableau JSON"),
        (b"ts;nom\n1;Marie", "colonne « nom » inconnue"),
    ] {
        let source = banc.ecrire("a", contenu);
        let (faute, _) = *lire(&banc.vers_le_lac(), &source).unwrap_err();
        let faute = faute.to_string();
        assert!(faute.contains(dit) && !faute.contains("Marie"), "{faute}");
    }
    assert_eq!(banc.comptes(), 0);
}

#[test]
fn a_trial_reads_everything_and_writes_nothing() {
    let banc = Banc::nouveau();
    let source = banc.ecrire("a.ndjson", cent_lignes());
    let (bilan, _) = lire(&banc.import(Destination::Essai), &source).unwrap();
    assert_eq!(bilan.acceptes, 100);
    assert!(!banc.lac.racine().exists());
}

#[test]
fn a_part_imported_for_one_platform_is_read_again_for_two() {
    let banc = Banc::nouveau();
    let texte = cent_lignes() + &ndjson("autre", 1).replace("ONE-OCC", "ONE-HDF");
    let source = banc.ecrire("a.ndjson", texte);
    assert_eq!(banc.importer(&source).0.acceptes, 100);
    let mut import = banc.vers_le_lac();
    import.emission = Emission::Plateformes(vec!["ONE-OCC".to_owned(), "ONE-HDF".to_owned()]);
    assert_eq!(lire(&import, &source).unwrap().0.acceptes, 101);
    assert_eq!(banc.comptes(), 101);
}

#[test]
fn events_of_many_days_go_each_to_its_own() {
    const JOUR: i64 = 24 * 3_600;
    let banc = Banc::nouveau();
    let texte: String = (0..10).map(|n| ndjson(&n.to_string(), -n * JOUR)).collect();
    let (bilan, _) = banc.importer(&banc.ecrire("archive.ndjson", texte));
    assert_eq!(bilan.jours.len(), 10);
    for jour in bilan.jours.keys() {
        assert!(!fichiers_du(&banc.lac, *jour).is_empty());
    }
    let vieux = ndjson("vieux", -500 * JOUR);
    let (_, refus) = banc.importer(&banc.ecrire("vieux.ndjson", vieux));
    assert_eq!(refus[0].raison, "trop_ancien");
}

#[test]
fn refused_lines_are_written_whole_then_taken_away_when_there_are_none_left() {
    let banc = Banc::nouveau();
    let chemin = banc.dossier.path().join("a.refus.ndjson");
    let source = Source::Fichier("a.csv".into());
    let ligne = LigneRefusee {
        ligne: 17,
        champ: "uai".to_owned(),
        raison: "cle_invalide".to_owned(),
        valeur: Some("0660713T".to_owned()),
    };
    let mut refuses = Refuses::vers(chemin.clone());
    refuses.ecrire(&source, &[ligne.clone(), ligne]).unwrap();
    assert!(!chemin.exists());
    refuses.publier().unwrap();
    let texte = fs::read_to_string(&chemin).unwrap();
    assert_eq!(
        texte.lines().next().unwrap(),
        r#"{"fichier":"a.csv","ligne":17,"champ":"uai","raison":"cle_invalide","valeur":"0660713T"}"#
    );
    assert_eq!(texte.lines().count(), 2);
    Refuses::vers(chemin.clone()).publier().unwrap();
    assert!(!chemin.exists());
}
