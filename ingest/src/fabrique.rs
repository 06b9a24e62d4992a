//! Events for this crate's own tests.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::{Int32Type, TimestampMillisecondType, UInt8Type, UInt64Type};
use frequent_plan::lac::schema_evenements;
use frequent_plan::{
    Appareil, Client, Evenement, Fuseaux, IdEvenement, Instant, Jour, Lac, Navigateur, Os, Plan,
    Profil, TypeService, Uai, Visiteur,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

use crate::lot::Lot;

/// Morning of 20 November 2026 in Paris.
pub const MATIN: i64 = 1_795_158_000_000;

/// A plain event of one school, told from the others by its number.
pub fn evenement(numero: u64) -> Evenement<'static> {
    let plan = Plan::integre().unwrap();
    let ts = Instant(MATIN + i64::try_from(numero).unwrap());
    let uai = Uai::depuis_nombre(660_713);
    let locale = Fuseaux::charger().unwrap().heure_locale(uai, ts);
    let mut id = [0; 16];
    id[8..].copy_from_slice(&numero.to_be_bytes());
    Evenement {
        id: IdEvenement(id),
        ts,
        jour: locale.jour,
        heure: locale.heure,
        uai,
        profil: Profil::Eleve,
        visiteur: Visiteur(numero % 50),
        client: Client(0),
        service: plan.service("NOTES").unwrap(),
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

fn libelle() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "A", "ENT-ECOLE", "Éditeur à accents", LONG])
}

const LONG: &str = "0123456789012345678901234567890123456789012345678901234567890123456789\
                    0123456789012345678901234567890123456789012345678901234567890123456789";

/// Any event that the checks could have accepted.
pub fn evenements() -> impl Strategy<Value = Evenement<'static>> {
    let nombres = (
        any::<[u8; 16]>(),
        -2_000_000_000_000_i64..4_000_000_000_000,
        0_u32..10_000_000,
        any::<u64>(),
        any::<u64>(),
    );
    let rangs = (0_u8..6, 0_u8..25, 0_u8..4, 0_u8..7, 0_u8..10);
    let textes = (any::<bool>(), libelle(), libelle(), libelle(), libelle());
    (nombres, rangs, textes).prop_map(|((id, ts, uai, visiteur, client), rangs, textes)| {
        let uai = Uai::depuis_nombre(uai);
        let locale = Fuseaux::charger().unwrap().heure_locale(uai, Instant(ts));
        Evenement {
            id: IdEvenement(id),
            ts: Instant(ts),
            jour: locale.jour,
            heure: locale.heure,
            uai,
            profil: Profil::de_rang(rangs.0).unwrap(),
            visiteur: Visiteur(visiteur),
            client: Client(client),
            service: Plan::integre().unwrap().service_de_rang(rangs.1).unwrap(),
            type_service: if textes.0 {
                TypeService::Tiers
            } else {
                TypeService::Natif
            },
            outil: if textes.0 { textes.1 } else { "" },
            appareil: Appareil::de_rang(rangs.2).unwrap(),
            os: Os::de_rang(rangs.3).unwrap(),
            navigateur: Navigateur::de_rang(rangs.4).unwrap(),
            plateforme: textes.2,
            projet: textes.3,
            exploitant: textes.4,
            converti: false,
        }
    })
}

/// A lot of these events.
pub fn lot<'e>(evenements: impl IntoIterator<Item = &'e Evenement<'e>>) -> Lot {
    let mut lot = Lot::new();
    for evenement in evenements {
        lot.pousser(evenement);
    }
    lot
}

/// A row of the table as it is read back; its fields are in the order of `docs/definitions.md`, so that rows
/// of one identifier compare as they count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lue {
    pub id: [u8; 16],
    pub ts: i64,
    pub heure: u8,
    pub uai: String,
    pub profil: String,
    pub visiteur: u64,
    pub client: u64,
    pub reste: [String; 9],
}

impl Lue {
    pub fn de(e: &Evenement<'_>) -> Self {
        let plan = Plan::integre().unwrap();
        let reste = [
            plan.code(e.service),
            e.type_service.code(),
            e.outil,
            e.appareil.code(),
            e.os.code(),
            e.navigateur.code(),
            e.plateforme,
            e.projet,
            e.exploitant,
        ];
        Self {
            id: e.id.0,
            ts: e.ts.0,
            heure: e.heure,
            uai: e.uai.to_string(),
            profil: e.profil.code().to_owned(),
            visiteur: e.visiteur.0,
            client: e.client.0,
            reste: reste.map(str::to_owned),
        }
    }

    pub fn ordre_table(&self) -> (&str, &str, u64, u64, i64, [u8; 16]) {
        let ecole = (self.uai.as_str(), self.profil.as_str());
        (
            ecole.0,
            ecole.1,
            self.visiteur,
            self.client,
            self.ts,
            self.id,
        )
    }
}

/// The files of a day, as any reader of the lake sees them.
pub fn fichiers_du(lac: &Lac, jour: Jour) -> Vec<PathBuf> {
    let Ok(entrees) = std::fs::read_dir(lac.evenements_du(jour)) else {
        return Vec::new();
    };
    let visible = |p: &PathBuf| !p.file_name().unwrap().to_string_lossy().starts_with('.');
    let mut chemins: Vec<_> = entrees.map(|e| e.unwrap().path()).filter(visible).collect();
    chemins.sort();
    chemins
}

/// The rows of a file, in its order.
pub fn lignes(chemin: &Path) -> Vec<Lue> {
    let fichier = File::open(chemin).unwrap();
    let lecteur = ParquetRecordBatchReaderBuilder::try_new(fichier).unwrap();
    assert_eq!(lecteur.schema().fields(), schema_evenements().fields());
    let mut lignes = Vec::new();
    for lot in lecteur.build().unwrap() {
        let lot = lot.unwrap();
        let colonne = |nom: &str| lot.column_by_name(nom).unwrap();
        let texte = |nom: &str, i: usize| {
            let colonne = colonne(nom).as_dictionary::<Int32Type>();
            let valeurs = colonne.values().as_string::<i32>();
            valeurs.value(colonne.key(i).unwrap()).to_owned()
        };
        let nombre = |nom: &str, i: usize| colonne(nom).as_primitive::<UInt64Type>().value(i);
        for i in 0..lot.num_rows() {
            lignes.push(Lue {
                id: colonne("id")
                    .as_fixed_size_binary()
                    .value(i)
                    .try_into()
                    .unwrap(),
                ts: colonne("ts")
                    .as_primitive::<TimestampMillisecondType>()
                    .value(i),
                heure: colonne("heure").as_primitive::<UInt8Type>().value(i),
                uai: texte("uai", i),
                profil: texte("profil", i),
                visiteur: nombre("visiteur", i),
                client: nombre("client", i),
                reste: [
                    "service",
                    "type",
                    "outil",
                    "appareil",
                    "os",
                    "navigateur",
                    "plateforme",
                    "projet",
                    "exploitant",
                ]
                .map(|nom| texte(nom, i)),
            });
        }
    }
    lignes
}

/// Every row of the lake, file after file.
pub fn tout_le_lac(lac: &Lac) -> Vec<Lue> {
    let jours = crate::noms::jours(lac).unwrap();
    let fichiers = jours.into_iter().flat_map(|jour| fichiers_du(lac, jour));
    fichiers.flat_map(|f| lignes(&f)).collect()
}
