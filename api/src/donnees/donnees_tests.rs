//! On a file of many pages: what is read is right, and the rest is not read.

use std::fs::File;

use arrow::array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch};
use arrow::datatypes::Int32Type;
use frequent_plan::lac::schema_cumuls;
use frequent_plan::{Axe, Profil};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::*;

const ECOLES: usize = 300;
const NIVEAU: Niveau = Niveau::Ecole;

fn semaine() -> Periode {
    Periode::contenant(Grain::Semaine, "2026-11-09".parse().unwrap())
}

fn code(ecole: usize) -> String {
    format!("{ecole:07}X")
}

/// The rows of a file: each school has 25 services for two profiles, and its totals.
fn lignes(decalage: i64) -> Vec<Cellule> {
    let mut lignes = Vec::new();
    for ecole in 0..ECOLES {
        for axe in [Axe::Service, Axe::Total] {
            for profil in [ProfilCellule::Un(Profil::Eleve), ProfilCellule::Tous] {
                let membres = if axe == Axe::Total { 1 } else { 25 };
                for membre in 0..membres {
                    let nom = match axe {
                        Axe::Total => "TOTAL".to_owned(),
                        _ => format!("M{membre:02}"),
                    };
                    let visites = i64::try_from(ecole * 100 + membre).unwrap() + decalage;
                    lignes.push(Cellule {
                        code: code(ecole).into(),
                        profil,
                        axe,
                        membre: nom.into(),
                        mesures: Mesures {
                            visites,
                            utilisateurs: visites / 2,
                            duree_ms: visites * 1_000,
                            evenements: visites * 3,
                        },
                    });
                }
            }
        }
    }
    lignes
}

fn ecrire(lac: &Lac, nom: &str, lignes: &[Cellule], statistiques: EnabledStatistics) {
    let dossier = lac.cumuls_de(NIVEAU, semaine());
    std::fs::create_dir_all(&dossier).unwrap();
    let texte = |choisir: fn(&Cellule) -> &str| -> ArrayRef {
        let valeurs = lignes.iter().map(choisir);
        Arc::new(valeurs.collect::<DictionaryArray<Int32Type>>())
    };
    let nombre = |choisir: fn(&Mesures) -> i64| -> ArrayRef {
        let valeurs = lignes.iter().map(|l| choisir(&l.mesures));
        Arc::new(valeurs.collect::<Int64Array>())
    };
    let colonnes = vec![
        texte(|l| &l.code),
        texte(|l| l.profil.code()),
        texte(|l| l.axe.code()),
        texte(|l| &l.membre),
        nombre(|m| m.visites),
        nombre(|m| m.utilisateurs),
        nombre(|m| m.duree_ms),
        nombre(|m| m.evenements),
    ];
    let lot = RecordBatch::try_new(schema_cumuls(), colonnes).unwrap();
    let proprietes = WriterProperties::builder()
        .set_max_row_group_row_count(Some(4_096))
        .set_data_page_row_count_limit(512)
        .set_write_batch_size(512)
        .set_statistics_enabled(statistiques)
        .build();
    let fichier = File::create(dossier.join(nom)).unwrap();
    let mut ecrivain = ArrowWriter::try_new(fichier, lot.schema(), Some(proprietes)).unwrap();
    ecrivain.write(&lot).unwrap();
    ecrivain.close().unwrap();
}

struct Essai {
    lecteur: Lecteur,
    lac: Lac,
    _dossier: tempfile::TempDir,
}

impl Essai {
    fn nouveau() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path());
        Self {
            lecteur: Lecteur::new(
                lac.clone(),
                Arc::new(Plan::integre().unwrap()),
                Seuil::CONSULTATION,
            ),
            lac,
            _dossier: dossier,
        }
    }

    fn lire(&self, filtre: &Filtre) -> Lue {
        self.lecteur.periode(NIVEAU, semaine(), filtre).unwrap()
    }
}

fn filtre(codes: Codes, profil: Option<ProfilCellule>, axe: Axe) -> Filtre {
    Filtre {
        codes,
        axes: vec![axe],
        profil,
        membre: None,
    }
}

/// The same answer, the naive way.
fn attendues(lignes: &[Cellule], filtre: &Filtre) -> Vec<Cellule> {
    let voulue = |c: &&Cellule| {
        filtre.codes.contient(&c.code)
            && filtre.axes.contains(&c.axe)
            && filtre.profil.is_none_or(|p| p == c.profil)
            && filtre.membre.as_ref().is_none_or(|m| **m == *c.membre)
    };
    lignes.iter().filter(voulue).cloned().collect()
}

#[test]
fn the_cells_of_each_school_are_found_by_reading_its_pages_only() {
    let essai = Essai::nouveau();
    let lignes = lignes(0);
    ecrire(&essai.lac, "a.parquet", &lignes, EnabledStatistics::Page);
    for ecole in [0, 1, 78, 79, 150, ECOLES - 1] {
        let filtre = filtre(Codes::Un(code(ecole)), None, Axe::Service);
        let lue = essai.lire(&filtre);
        assert_eq!(lue.cellules, attendues(&lignes, &filtre), "{ecole}");
        assert_eq!(lue.cellules.len(), 50);
        // 52 rows a school lie in one page of 512 rows, or across two, and across row groups.
        assert_eq!(lue.releve.fichiers, 1);
        assert!(lue.releve.pages >= 30, "{:?}", lue.releve);
        assert!((1..=2).contains(&lue.releve.pages_lues), "{:?}", lue.releve);
        assert!(lue.releve.lignes_lues <= 1_024, "{:?}", lue.releve);
    }
}

#[test]
fn the_cells_of_several_schools_profiles_and_members_are_those_of_a_whole_scan() {
    let essai = Essai::nouveau();
    let lignes = lignes(0);
    ecrire(&essai.lac, "a.parquet", &lignes, EnabledStatistics::Page);
    let quelques = || Codes::plusieurs([3, 4, 200, 299, 5_000].map(code));
    for (profil, axe, membre) in [
        (Some(ProfilCellule::Tous), Axe::Total, None),
        (None, Axe::Total, None),
        (
            Some(ProfilCellule::Un(Profil::Eleve)),
            Axe::Service,
            Some("M07"),
        ),
        (Some(ProfilCellule::Un(Profil::Parent)), Axe::Service, None),
        (None, Axe::Heure, None),
    ] {
        let filtre = Filtre {
            membre: membre.map(str::to_owned),
            ..filtre(quelques(), profil, axe)
        };
        let lue = essai.lire(&filtre);
        assert_eq!(lue.cellules, attendues(&lignes, &filtre), "{filtre:?}");
        assert!(lue.releve.pages_lues < lue.releve.pages / 2);
    }
}

#[test]
fn a_school_that_is_not_there_reads_at_most_one_page() {
    let essai = Essai::nouveau();
    ecrire(&essai.lac, "a.parquet", &lignes(0), EnabledStatistics::Page);
    for absent in ["0000000A", "0000100A", "9999999Z"] {
        let lue = essai.lire(&filtre(Codes::Un(absent.to_owned()), None, Axe::Total));
        assert_eq!(lue.cellules, []);
        assert!(lue.releve.pages_lues <= 1, "{absent} {:?}", lue.releve);
    }
}

#[test]
fn a_file_without_an_index_is_read_whole_and_right() {
    let essai = Essai::nouveau();
    let lignes = lignes(0);
    ecrire(&essai.lac, "a.parquet", &lignes, EnabledStatistics::None);
    let filtre = filtre(Codes::Un(code(42)), None, Axe::Total);
    let lue = essai.lire(&filtre);
    assert_eq!(lue.cellules, attendues(&lignes, &filtre));
    assert_eq!(lue.releve.lignes_lues, lignes.len());
}

#[test]
fn a_replaced_file_is_seen_at_once() {
    let essai = Essai::nouveau();
    let filtre = filtre(Codes::Un(code(1)), None, Axe::Total);
    assert_eq!(essai.lire(&filtre).source, None);
    for (nom, decalage) in [("a.parquet", 0), ("b.parquet", 7)] {
        let dossier = essai.lac.cumuls_de(NIVEAU, semaine());
        let _ = std::fs::remove_dir_all(dossier);
        ecrire(&essai.lac, nom, &lignes(decalage), EnabledStatistics::Page);
        assert_eq!(
            essai.lire(&filtre).cellules[0].mesures.visites,
            100 + decalage
        );
    }
}

#[test]
fn a_damaged_file_is_an_error_that_names_it() {
    let essai = Essai::nouveau();
    let dossier = essai.lac.cumuls_de(NIVEAU, semaine());
    std::fs::create_dir_all(&dossier).unwrap();
    std::fs::write(dossier.join("a.parquet"), "PAR1 rien PAR1").unwrap();
    let filtre = filtre(Codes::Un(code(1)), None, Axe::Total);
    let faute = essai
        .lecteur
        .periode(NIVEAU, semaine(), &filtre)
        .unwrap_err();
    assert!(faute.to_string().contains("a.parquet"), "{faute}");
}
