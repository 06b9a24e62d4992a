//! Accepted events, as the collection lands them, counted by the real counting core.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, FixedSizeBinaryArray, RecordBatch, TimestampMillisecondArray,
    UInt8Array, UInt64Array,
};
use arrow::datatypes::Int32Type;
use frequent_aggregate::{Choix, SansSuivi, agreger};
use frequent_plan::lac::schema_evenements;
use frequent_plan::{Instant, Jour, Lac, Plan};
use frequent_territory::Annuaires;
use parquet::arrow::ArrowWriter;

/// Ten visits of one event, by ten persons: school, profile, their number. Their hour is 9 in Paris.
pub type Visite<'a> = (&'a str, &'a str, u64);

/// Lands the visits of a day.
pub fn poser<'a>(lac: &Lac, jour: &str, visites: &[Visite<'a>]) {
    let dix = |&(ecole, profil, personnes): &Visite<'a>| {
        (0..10).map(move |rang| (ecole, profil, personnes * 10 + rang))
    };
    let visites: Vec<Visite<'a>> = visites.iter().flat_map(dix).collect();
    poser_une_a_une(lac, jour, &visites);
}

/// Lands visits one by one.
pub fn poser_une_a_une(lac: &Lac, jour: &str, visites: &[Visite<'_>]) {
    let jour: Jour = jour.parse().unwrap();
    let dossier = lac.evenements_du(jour);
    std::fs::create_dir_all(&dossier).unwrap();
    let ts = i64::from(jour.epoque()) * 86_400_000 + 8 * 3_600_000;
    let texte = |valeur: fn(&Visite<'_>) -> String| -> ArrayRef {
        let valeurs: Vec<String> = visites.iter().map(valeur).collect();
        let valeurs = valeurs.iter().map(String::as_str);
        Arc::new(valeurs.collect::<DictionaryArray<Int32Type>>())
    };
    let ids = (0_u128..).take(visites.len()).map(u128::to_be_bytes);
    let nombre = visites.len();
    let colonnes: Vec<ArrayRef> = vec![
        Arc::new(FixedSizeBinaryArray::try_from_iter(ids).unwrap()),
        Arc::new(TimestampMillisecondArray::from(vec![ts; nombre]).with_timezone("UTC")),
        Arc::new(UInt8Array::from(vec![9; nombre])),
        texte(|v| v.0.to_owned()),
        texte(|v| v.1.to_owned()),
        Arc::new(visites.iter().map(|v| v.2).collect::<UInt64Array>()),
        Arc::new(UInt64Array::from(vec![0; nombre])),
        texte(|_| "ACCUEIL".to_owned()),
        texte(|_| "NATIF".to_owned()),
        texte(|_| String::new()),
        texte(|_| "SMARTPHONE".to_owned()),
        texte(|_| "ANDROID".to_owned()),
        texte(|_| "CHROME_MOBILE".to_owned()),
        texte(|_| "ENT".to_owned()),
        texte(|_| String::new()),
        texte(|_| String::new()),
    ];
    let lot = RecordBatch::try_new(schema_evenements(), colonnes).unwrap();
    let fichier = File::create(dossier.join("a.parquet")).unwrap();
    let mut ecrivain = ArrowWriter::try_new(fichier, lot.schema(), None).unwrap();
    ecrivain.write(&lot).unwrap();
    ecrivain.close().unwrap();
}

/// Counts what has changed.
pub fn compter(lac: &Lac, maintenant: &str) {
    let maintenant: jiff::Timestamp = maintenant.parse().unwrap();
    let maintenant = Instant::de_timestamp(maintenant);
    let annuaires = Annuaires::ouvrir(lac).unwrap();
    let plan = Plan::integre().unwrap();
    agreger(
        lac,
        &plan,
        &annuaires,
        &Choix::Changes,
        maintenant,
        &SansSuivi,
    )
    .unwrap();
}
