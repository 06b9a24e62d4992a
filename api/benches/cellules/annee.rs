//! A school year of cells of a whole region, with the real directory and made-up figures.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use frequent_plan::lac::{META_ANNUAIRE, META_JOURS, schema_cumuls};
use frequent_plan::{AnneeScolaire, Grain, Jour, Lac, Niveau, Periode, Plan};
use frequent_territory::{Annuaires, import::importer};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

/// The directory shipped with the project, from this crate's folder or from the workspace's.
const ANNUAIRES: [&str; 2] = [
    concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../demo/annuaire-occitanie.csv"
    ),
    concat!(env!("CARGO_MANIFEST_DIR"), "/demo/annuaire-occitanie.csv"),
];
const PROFILS: [&str; 5] = [
    "ADMIN_VIE_SCOL_TECH",
    "ELEVE",
    "ENSEIGNANT",
    "PARENT",
    "TOUS",
];

/// The levels that the requests read.
const NIVEAUX: [Niveau; 3] = [Niveau::Ecole, Niveau::Circonscription, Niveau::Departement];

/// A small reproducible generator (xorshift).
pub struct Hasard(u64);

impl Hasard {
    pub fn new(graine: u64) -> Self {
        Self(graine.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn jusqua(&mut self, borne: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % borne
    }

    pub fn un<'a>(&mut self, parmi: &'a [impl AsRef<str>]) -> &'a str {
        parmi[self.jusqua(parmi.len())].as_ref()
    }
}

/// Makes the year unless it is there, with one territory in `pas` of each level.
pub fn preparer(lac: &Lac, pas: usize) {
    let fini = lac.racine().join("fini");
    if fini.exists() {
        return;
    }
    println!(
        "préparation d’une année de cellules dans {}",
        lac.racine().display()
    );
    let _ = fs::remove_dir_all(lac.racine());
    fs::create_dir_all(lac.racine()).unwrap();
    let validite = "2024-11-26".parse().unwrap();
    let annuaire = ANNUAIRES.map(Path::new).into_iter().find(|a| a.exists());
    importer(lac, annuaire.unwrap(), validite).unwrap();
    let annuaires = Annuaires::ouvrir(lac).unwrap();
    let travaux = travaux(lac, &annuaires, pas);
    let suivant = AtomicUsize::new(0);
    let lignes = AtomicUsize::new(0);
    std::thread::scope(|portee| {
        for _ in 0..2 {
            portee.spawn(|| {
                while let Some(travail) = travaux.get(suivant.fetch_add(1, Ordering::Relaxed)) {
                    lignes.fetch_add(travail.faire(), Ordering::Relaxed);
                }
            });
        }
    });
    println!(
        "{} lignes dans {} fichiers",
        lignes.into_inner(),
        travaux.len()
    );
    File::create(fini).unwrap();
}

/// One file to make.
struct Travail {
    dossier: std::path::PathBuf,
    periode: Periode,
    codes: Arc<[String]>,
    axes: Arc<[(&'static str, Vec<String>)]>,
    graine: u64,
}

fn travaux(lac: &Lac, annuaires: &Annuaires, pas: usize) -> Vec<Travail> {
    let annee = "2026-2027".parse::<AnneeScolaire>().unwrap();
    let annuaire = annuaires.courant().unwrap();
    let axes = axes();
    let mut travaux = Vec::new();
    for niveau in NIVEAUX {
        let mut codes: Vec<String> = annuaire
            .territoires()
            .filter(|t| t.niveau == niveau)
            .map(|t| t.code.clone())
            .step_by(pas)
            .collect();
        codes.sort_unstable();
        let codes: Arc<[String]> = codes.into();
        for &grain in Grain::TOUS {
            let premiere = Periode::contenant(grain, annee.debut());
            let periodes = std::iter::successors(Some(premiere), |p| Some(p.suivante()));
            for periode in periodes.take_while(|p| p.debut() <= annee.fin()) {
                travaux.push(Travail {
                    dossier: lac.cumuls_de(niveau, periode),
                    periode,
                    codes: Arc::clone(&codes),
                    axes: Arc::clone(&axes),
                    graine: travaux.len() as u64,
                });
            }
        }
    }
    travaux
}

/// The axes and their members, both sorted as texts.
fn axes() -> Arc<[(&'static str, Vec<String>)]> {
    let plan = Plan::integre().unwrap();
    let contenu = plan.contenu();
    let tries = |codes: Vec<String>| {
        let mut codes = codes;
        codes.sort_unstable();
        codes
    };
    let codes = |membres: &[frequent_plan::plan::Membre]| {
        tries(membres.iter().map(|m| m.code.clone()).collect())
    };
    let services = contenu.services.iter().map(|s| s.code.clone()).collect();
    Arc::new([
        ("appareil", codes(&contenu.appareils)),
        ("heure", tries((0..24).map(|h| h.to_string()).collect())),
        ("navigateur", codes(&contenu.navigateurs)),
        ("os", codes(&contenu.os)),
        (
            "outil",
            tries((0..8).map(|o| format!("Outil {o}")).collect()),
        ),
        ("service", tries(services)),
        ("total", vec!["TOTAL".to_owned()]),
        ("tranche_duree", codes(&contenu.tranches)),
        ("type", codes(&contenu.types)),
    ])
}

impl Travail {
    /// Writes the file with the settings of the lake's own writer; gives its number of rows.
    fn faire(&self) -> usize {
        fs::create_dir_all(&self.dossier).unwrap();
        let meta = |cle: &str, valeur: String| KeyValue::new(cle.to_owned(), valeur);
        let jours: Vec<String> = self.periode.jours().map(|j| j.to_string()).collect();
        let mut proprietes = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(65_536))
            .set_data_page_row_count_limit(4_096)
            .set_write_batch_size(1_024)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_column_statistics_enabled(ColumnPath::from("code"), EnabledStatistics::Page)
            .set_key_value_metadata(Some(vec![
                meta(META_JOURS, jours.join(",")),
                meta(META_ANNUAIRE, "2024-11-26".to_owned()),
            ]));
        for mesure in ["visites", "utilisateurs", "duree_ms", "evenements"] {
            let colonne = ColumnPath::from(mesure);
            proprietes = proprietes
                .set_column_dictionary_enabled(colonne.clone(), false)
                .set_column_encoding(colonne, Encoding::DELTA_BINARY_PACKED);
        }
        let fichier = File::create(self.dossier.join("0-0-0.parquet")).unwrap();
        let mut ecrivain =
            ArrowWriter::try_new(fichier, schema_cumuls(), Some(proprietes.build())).unwrap();
        let mut total = 0;
        for codes in self.codes.chunks(200) {
            let lot = self.lot(codes, total as u64);
            total += lot.num_rows();
            ecrivain.write(&lot).unwrap();
        }
        ecrivain.close().unwrap();
        total
    }

    /// The cells of some territories: most of them and about half of the members for a week, fewer
    /// for a day, hardly any for a day without school.
    fn lot(&self, codes: &[String], graine: u64) -> RecordBatch {
        let mut hasard = Hasard::new(self.graine * 1_000_003 + graine + 7);
        let membres: Vec<&str> = self
            .axes
            .iter()
            .flat_map(|(_, m)| m)
            .map(String::as_str)
            .collect();
        let (presents, garde) = match self.periode.grain() {
            Grain::Jour if est_calme(self.periode.debut()) => (25, 8),
            Grain::Jour => (80, 20),
            Grain::Semaine => (85, 55),
            Grain::Mois | Grain::Annee => (92, 75),
        };
        let mut rangs: [Vec<i32>; 4] = Default::default();
        let mut mesures: [Vec<i64>; 4] = Default::default();
        for code in 0..codes.len() {
            if hasard.jusqua(100) >= presents {
                continue;
            }
            let mut premier = 0;
            for (axe, (_, membres)) in self.axes.iter().enumerate() {
                for profil in 0..PROFILS.len() {
                    for membre in 0..membres.len() {
                        if membres.len() > 1 && hasard.jusqua(100) >= garde {
                            continue;
                        }
                        let ligne = [code, profil, axe, premier + membre];
                        for (colonne, rang) in rangs.iter_mut().zip(ligne) {
                            colonne.push(i32::try_from(rang).unwrap());
                        }
                        let visites = i64::try_from(1 + hasard.jusqua(400)).unwrap();
                        let utilisateurs = visites / 2 + 1;
                        let duree = visites * i64::try_from(hasard.jusqua(600_000)).unwrap();
                        let ligne = [visites, utilisateurs, duree, visites * 4];
                        for (colonne, valeur) in mesures.iter_mut().zip(ligne) {
                            colonne.push(valeur);
                        }
                    }
                }
                premier += membres.len();
            }
        }
        let [code, profil, axe, membre] = rangs;
        let noms: Vec<&str> = self.axes.iter().map(|(nom, _)| *nom).collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let mut colonnes = vec![
            texte(code, &codes),
            texte(profil, &PROFILS),
            texte(axe, &noms),
            texte(membre, &membres),
        ];
        let mesures = mesures
            .into_iter()
            .map(|m| Arc::new(Int64Array::from(m)) as ArrayRef);
        colonnes.extend(mesures);
        RecordBatch::try_new(schema_cumuls(), colonnes).unwrap()
    }
}

fn est_calme(jour: Jour) -> bool {
    let mois = jour.date().month();
    jour.est_weekend() || mois == 8 || (mois == 7 && jour.date().day() > 5)
}

fn texte(rangs: Vec<i32>, valeurs: &[&str]) -> ArrayRef {
    let valeurs = Arc::new(StringArray::from(valeurs.to_vec()));
    let rangs = Int32Array::from(rangs);
    Arc::new(DictionaryArray::<Int32Type>::try_new(rangs, valeurs).unwrap())
}
