//! Uniquely marked events, and their marks read back from the lake.

use std::fs::{self, File};
use std::process::Command;

use arrow::array::AsArray;
use frequent_ingest::Lot;
use frequent_plan::{
    Appareil, Client, Evenement, Fuseaux, IdEvenement, Instant, Lac, Navigateur, Os, Plan, Profil,
    TypeService, Uai, Visiteur,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Morning of 20 November 2026 in Paris.
const MATIN: i64 = 1_795_158_000_000;
const MS_PAR_JOUR: i64 = 24 * 3_600_000;

/// Makes events told apart by a mark, spread over three days.
pub struct Fabrique {
    plan: Plan,
    fuseaux: Fuseaux,
}

impl Fabrique {
    pub fn new() -> Self {
        Self {
            plan: Plan::integre().unwrap(),
            fuseaux: Fuseaux::charger().unwrap(),
        }
    }

    pub fn evenement(&self, marque: u64) -> Evenement<'static> {
        self.evenement_de(Uai::depuis_nombre(660_713), marque)
    }

    fn evenement_de(&self, uai: Uai, marque: u64) -> Evenement<'static> {
        let jour = i64::try_from(marque % 3).unwrap();
        let ts = Instant(MATIN + jour * MS_PAR_JOUR + i64::try_from(marque % 1000).unwrap());
        let locale = self.fuseaux.heure_locale(uai, ts);
        let mut id = [0; 16];
        id[8..].copy_from_slice(&marque.to_be_bytes());
        Evenement {
            id: IdEvenement(id),
            ts,
            jour: locale.jour,
            heure: locale.heure,
            uai,
            profil: Profil::Eleve,
            visiteur: Visiteur(marque % 7),
            client: Client(0),
            service: self.plan.service("NOTES").unwrap(),
            type_service: TypeService::Natif,
            outil: "",
            appareil: Appareil::Ordinateur,
            os: Os::Linux,
            navigateur: Navigateur::Firefox,
            plateforme: "ONE-OCC",
            projet: "ENT-ECOLE",
            exploitant: "EDIFICE",
            converti: false,
        }
    }

    /// The same from a few hundred schools, one of them far larger than the others.
    pub fn lot_de_partout(&self, marques: impl IntoIterator<Item = u64>) -> Lot {
        let mut lot = Lot::new();
        for marque in marques {
            let ecole = if marque % 3 == 0 { marque % 700 } else { 0 };
            let uai = Uai::depuis_nombre(660_000 + u32::try_from(ecole).unwrap());
            lot.pousser(&self.evenement_de(uai, marque));
        }
        lot
    }

    pub fn lot(&self, marques: impl IntoIterator<Item = u64>) -> Lot {
        let mut lot = Lot::new();
        for marque in marques {
            lot.pousser(&self.evenement(marque));
        }
        lot
    }
}

/// The marks of every row of every visible file of the lake, repeated ones as often as they are.
pub fn marques(lac: &Lac) -> Vec<u64> {
    let mut marques = Vec::new();
    for dossier in visibles(&lac.evenements()) {
        for fichier in visibles(&dossier) {
            let lecteur =
                ParquetRecordBatchReaderBuilder::try_new(File::open(fichier).unwrap()).unwrap();
            for lot in lecteur.build().unwrap() {
                let lot = lot.unwrap();
                let ids = lot.column_by_name("id").unwrap().as_fixed_size_binary();
                marques.extend(ids.iter().map(|id| {
                    let id: [u8; 16] = id.unwrap().try_into().unwrap();
                    u64::try_from(u128::from_be_bytes(id)).unwrap()
                }));
            }
        }
    }
    marques
}

fn visibles(dossier: &std::path::Path) -> Vec<std::path::PathBuf> {
    let chemins = fs::read_dir(dossier).unwrap().map(|e| e.unwrap());
    chemins
        .filter(|e| !e.file_name().to_string_lossy().starts_with('.'))
        .map(|e| e.path())
        .collect()
}

/// This test program, about to run one of its ignored tests alone: a child's part.
pub fn role(mut programme: Command, role: &str) -> Command {
    programme
        .args([
            "--ignored",
            "--exact",
            role,
            "--nocapture",
            "--test-threads=1",
        ])
        .stdin(std::process::Stdio::null());
    programme
}

/// The folder that the parent gave to its child.
pub fn dossier_donne() -> Lac {
    Lac::new(std::env::var_os(DOSSIER).expect("run by the parent test only"))
}

pub const DOSSIER: &str = "ESSAI_DOSSIER";
