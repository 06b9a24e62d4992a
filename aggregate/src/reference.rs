//! The definitions of `docs/definitions.md`, written the plainest way: one event, one visit, one cell at a
//! time, with maps and sets, on whole texts. Slow on purpose, and sharing nothing with the counting
//! core but the vocabularies: it is what the core is checked against, by [`crate::verification`]
//! and by tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimestampMillisecondType, UInt8Type, UInt64Type};
use frequent_plan::vocabulaire::{MEMBRE_TOTAL, TOUS_PROFILS};
use frequent_plan::{Axe, Jour, Lac, Niveau, Periode, Tranche};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::comptes::Mesures;
use crate::erreur::Erreur;
use crate::publication::{entrees, fichier_courant};

/// The longest silence inside a visit: 1,800 s, included.
const SILENCE_MAX_MS: i64 = 1_800 * 1_000;

/// An event as the lake holds it. Its order is the one that chooses between two contents of one
/// identifier: `ts`, then the other fields in the table's order, texts as UTF-8 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "the columns of evenements/, documented in frequent_plan::lac"
)]
pub struct EvenementLu {
    pub ts: i64,
    pub id: Vec<u8>,
    pub heure: u8,
    pub uai: String,
    pub profil: String,
    pub visiteur: u64,
    pub client: u64,
    pub service: String,
    pub type_service: String,
    pub outil: String,
    pub appareil: String,
    pub os: String,
    pub navigateur: String,
    pub plateforme: String,
    pub projet: String,
    pub exploitant: String,
}

/// What a cell is, within one level and one period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CleCellule {
    /// The territory's code.
    pub code: String,
    /// The profile, or `TOUS`.
    pub profil: String,
    /// The axis.
    pub axe: &'static str,
    /// Its member.
    pub membre: String,
}

/// The cells of one level and period.
pub type Cellules = BTreeMap<CleCellule, Mesures>;

/// Every event of a day as landed, repeated ones included.
///
/// # Errors
/// A file cannot be read, or lacks a column.
pub fn evenements(lac: &Lac, jour: Jour) -> Result<Vec<EvenementLu>, Erreur> {
    let dossier = lac.evenements_du(jour);
    let mut lus = Vec::new();
    for entree in entrees(&dossier).map_err(Erreur::disque(&dossier))? {
        lire(&entree.path(), |lot, chemin| {
            lire_evenements(lot, chemin, &mut lus)
        })?;
    }
    Ok(lus)
}

/// The cells that the lake holds for a level and period; none if it was never counted.
///
/// # Errors
/// The file cannot be read, or lacks a column.
pub fn cellules_en_place(lac: &Lac, niveau: Niveau, periode: Periode) -> Result<Cellules, Erreur> {
    let dossier = lac.cumuls_de(niveau, periode);
    match fichier_courant(&dossier).map_err(Erreur::disque(&dossier))? {
        Some(courant) => cellules_du_fichier(&courant),
        None => Ok(Cellules::new()),
    }
}

/// The cells of a file.
///
/// # Errors
/// It cannot be read, or lacks a column.
pub fn cellules_du_fichier(fichier: &Path) -> Result<Cellules, Erreur> {
    let mut cellules = Cellules::new();
    lire(fichier, |lot, chemin| {
        lire_cellules(lot, chemin, &mut cellules)
    })?;
    Ok(cellules)
}

/// The cells of a level over some days, from their events; `territoire` gives the code of a school
/// at that level.
#[must_use]
pub fn cellules(
    jours: &BTreeMap<Jour, Vec<EvenementLu>>,
    territoire: impl Fn(&str) -> Option<String>,
) -> Cellules {
    let mut sommes = Cellules::new();
    let mut personnes: BTreeMap<CleCellule, BTreeSet<u64>> = BTreeMap::new();
    for evenements in jours.values() {
        for visite in visites(compter_une_fois(evenements)) {
            let Some(code) = territoire(&visite[0].uai) else {
                continue;
            };
            for (axe, membre, duree_ms, evenements) in parts(&visite) {
                for profil in [visite[0].profil.as_str(), TOUS_PROFILS] {
                    let cle = CleCellule {
                        code: code.clone(),
                        profil: profil.to_owned(),
                        axe: axe.code(),
                        membre: membre.clone(),
                    };
                    let mesures = sommes.entry(cle.clone()).or_default();
                    mesures.visites += 1;
                    mesures.duree_ms += duree_ms;
                    mesures.evenements += evenements;
                    personnes.entry(cle).or_default().insert(visite[0].visiteur);
                }
            }
        }
    }
    for (cle, personnes) in personnes {
        if let Some(mesures) = sommes.get_mut(&cle) {
            mesures.utilisateurs = i64::try_from(personnes.len()).unwrap_or(i64::MAX);
        }
    }
    sommes
}

/// Two events of one day with the same id are one, the one whose content is smallest.
fn compter_une_fois(evenements: &[EvenementLu]) -> Vec<&EvenementLu> {
    let mut par_id: BTreeMap<&[u8], &EvenementLu> = BTreeMap::new();
    for evenement in evenements {
        let retenu = par_id.entry(&evenement.id).or_insert(evenement);
        *retenu = (*retenu).min(evenement);
    }
    par_id.into_values().collect()
}

/// The visits of a day's events, each in the order of (`ts`, `id`).
fn visites(evenements: Vec<&EvenementLu>) -> Vec<Vec<&EvenementLu>> {
    let mut par_cle: BTreeMap<_, Vec<&EvenementLu>> = BTreeMap::new();
    for evenement in evenements {
        let cle = (
            &evenement.uai,
            &evenement.profil,
            evenement.visiteur,
            evenement.client,
        );
        par_cle.entry(cle).or_default().push(evenement);
    }
    let mut visites: Vec<Vec<&EvenementLu>> = Vec::new();
    for mut suite in par_cle.into_values() {
        suite.sort_by_key(|e| (e.ts, &e.id));
        let mut dernier = None;
        for evenement in suite {
            match dernier {
                Some(ts) if evenement.ts - ts <= SILENCE_MAX_MS => {
                    visites
                        .last_mut()
                        .into_iter()
                        .for_each(|v| v.push(evenement));
                }
                _ => visites.push(vec![evenement]),
            }
            dernier = Some(evenement.ts);
        }
    }
    visites
}

/// Every (axis, member) that a visit counts for, with its duration and events there.
fn parts(visite: &[&EvenementLu]) -> Vec<(Axe, String, i64, i64)> {
    let premier = visite[0];
    let duree = visite[visite.len() - 1].ts - premier.ts;
    let nombre = i64::try_from(visite.len()).unwrap_or(i64::MAX);
    let mut parts: Vec<_> = [
        (Axe::Total, MEMBRE_TOTAL.to_owned()),
        (Axe::Appareil, premier.appareil.clone()),
        (Axe::Os, premier.os.clone()),
        (Axe::Navigateur, premier.navigateur.clone()),
        (Axe::Heure, premier.heure.to_string()),
        (
            Axe::TrancheDuree,
            Tranche::de_duree_ms(duree).code().to_owned(),
        ),
    ]
    .into_iter()
    .map(|(axe, membre)| (axe, membre, duree, nombre))
    .collect();
    let mut par_membre: BTreeMap<(Axe, String), (i64, i64)> = BTreeMap::new();
    for (rang, evenement) in visite.iter().enumerate() {
        let jusqu_au_suivant = visite.get(rang + 1).map_or(0, |s| s.ts - evenement.ts);
        let mut membres = vec![
            (Axe::Service, evenement.service.clone()),
            (Axe::Type, evenement.type_service.clone()),
        ];
        if evenement.type_service == "TIERS" && !evenement.outil.is_empty() {
            membres.push((Axe::Outil, evenement.outil.clone()));
        }
        for membre in membres {
            let (duree, nombre) = par_membre.entry(membre).or_default();
            *duree += jusqu_au_suivant;
            *nombre += 1;
        }
    }
    parts.extend(
        par_membre
            .into_iter()
            .map(|((axe, m), (duree, nombre))| (axe, m, duree, nombre)),
    );
    parts
}

fn lire(
    chemin: &Path,
    mut prendre: impl FnMut(&RecordBatch, &Path) -> Result<(), Erreur>,
) -> Result<(), Erreur> {
    let fichier = File::open(chemin).map_err(Erreur::disque(chemin))?;
    let lots = ParquetRecordBatchReaderBuilder::try_new(fichier)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(Erreur::parquet(chemin))?;
    for lot in lots {
        prendre(&lot.map_err(|e| Erreur::parquet(chemin)(e.into()))?, chemin)?;
    }
    Ok(())
}

fn lire_evenements(
    lot: &RecordBatch,
    chemin: &Path,
    lus: &mut Vec<EvenementLu>,
) -> Result<(), Erreur> {
    let textes = |nom| textes(lot, chemin, nom);
    let nombres = |nom| nombres::<UInt64Type>(lot, chemin, nom, &DataType::UInt64);
    let ids = colonne(lot, chemin, "id", &DataType::FixedSizeBinary(16))?;
    let ts = colonne(lot, chemin, "ts", &frequent_plan::lac::instant())?;
    let heures = colonne(lot, chemin, "heure", &DataType::UInt8)?;
    let (visiteurs, clients) = (nombres("visiteur")?, nombres("client")?);
    let noms = [
        "uai",
        "profil",
        "service",
        "type",
        "outil",
        "appareil",
        "os",
        "navigateur",
        "plateforme",
        "projet",
        "exploitant",
    ];
    let colonnes = noms
        .into_iter()
        .map(textes)
        .collect::<Result<Vec<_>, _>>()?;
    for rang in 0..lot.num_rows() {
        let texte = |place: usize| colonnes[place][rang].clone();
        lus.push(EvenementLu {
            ts: ts.as_primitive::<TimestampMillisecondType>().value(rang),
            id: ids.as_fixed_size_binary().value(rang).to_vec(),
            heure: heures.as_primitive::<UInt8Type>().value(rang),
            uai: texte(0),
            profil: texte(1),
            visiteur: visiteurs[rang],
            client: clients[rang],
            service: texte(2),
            type_service: texte(3),
            outil: texte(4),
            appareil: texte(5),
            os: texte(6),
            navigateur: texte(7),
            plateforme: texte(8),
            projet: texte(9),
            exploitant: texte(10),
        });
    }
    Ok(())
}

fn lire_cellules(lot: &RecordBatch, chemin: &Path, lues: &mut Cellules) -> Result<(), Erreur> {
    let textes = |nom| textes(lot, chemin, nom);
    let nombres = |nom| nombres::<Int64Type>(lot, chemin, nom, &DataType::Int64);
    let (codes, profils, axes, membres) = (
        textes("code")?,
        textes("profil")?,
        textes("axe")?,
        textes("membre")?,
    );
    let (visites, utilisateurs) = (nombres("visites")?, nombres("utilisateurs")?);
    let (duree_ms, evenements) = (nombres("duree_ms")?, nombres("evenements")?);
    for rang in 0..lot.num_rows() {
        let axe =
            Axe::de_code(&axes[rang]).ok_or_else(|| Erreur::table(chemin, "axe", "axe inconnu"))?;
        let cle = CleCellule {
            code: codes[rang].clone(),
            profil: profils[rang].clone(),
            axe: axe.code(),
            membre: membres[rang].clone(),
        };
        let mesures = Mesures {
            visites: visites[rang],
            utilisateurs: utilisateurs[rang],
            duree_ms: duree_ms[rang],
            evenements: evenements[rang],
        };
        if lues.insert(cle, mesures).is_some() {
            return Err(Erreur::table(chemin, "membre", "cellule en double"));
        }
    }
    Ok(())
}

fn colonne(
    lot: &RecordBatch,
    chemin: &Path,
    nom: &'static str,
    attendu: &DataType,
) -> Result<arrow::array::ArrayRef, Erreur> {
    let colonne = lot.column_by_name(nom);
    let colonne = colonne.ok_or_else(|| Erreur::table(chemin, nom, "colonne absente"))?;
    cast(colonne, attendu).map_err(|e| Erreur::table(chemin, nom, e.to_string()))
}

fn textes(lot: &RecordBatch, chemin: &Path, nom: &'static str) -> Result<Vec<String>, Erreur> {
    let colonne = colonne(lot, chemin, nom, &DataType::Utf8)?;
    Ok(colonne
        .as_string::<i32>()
        .iter()
        .map(|t| t.unwrap_or_default().to_owned())
        .collect())
}

fn nombres<T: arrow::array::ArrowPrimitiveType>(
    lot: &RecordBatch,
    chemin: &Path,
    nom: &'static str,
    attendu: &DataType,
) -> Result<Vec<T::Native>, Erreur> {
    Ok(colonne(lot, chemin, nom, attendu)?
        .as_primitive::<T>()
        .values()
        .to_vec())
}
