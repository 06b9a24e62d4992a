//! What the benches of counting share: days of the real schools, landed and unsorted, made once and
//! kept under the target folder; medians; what a process used.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{
    ArrayRef, FixedSizeBinaryBuilder, RecordBatch, StringDictionaryBuilder,
    TimestampMillisecondBuilder, UInt8Builder, UInt64Builder,
};
use arrow::datatypes::Int32Type;
use frequent_plan::lac::schema_evenements;
use frequent_plan::{
    AnneeScolaire, Calendrier, Cle, CleIndisponible, Controle, Conversions, Evenement,
    FenetreTemps, Fuseaux, Instant, Jour, Lac, Plan, Trousseau,
};
use frequent_simulate::jour_de_reference;
use frequent_territory::{Annuaire, Annuaires, Ecole, import};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// A bench fails by saying why.
pub type Resultat<T> = Result<T, Box<dyn Error>>;

/// Events in a landed file: some seconds of a busy hour.
const PAR_FICHIER: usize = 65_536;
/// One event in so many lands again at the end of the day.
const UN_REPETE_SUR: usize = 500;

/// The lake of this name, with these days in it, each of so many events over all the schools.
pub fn preparer(nom: &str, jours: &[Jour], nombre: usize) -> Resultat<PathBuf> {
    let partout = |annuaire: &Annuaire| vec![(annuaire.ecoles().cloned().collect(), nombre)];
    let jours = jours.iter().map(|&jour| (jour, 1));
    preparer_parts(nom, jours, &partout)
}

/// Some schools, and how many events they have together on a day.
pub type Part = (Vec<Ecole>, usize);

/// The lake of this name, with these days in it; each has, of the events of the parts, the share
/// that its number divides.
pub fn preparer_parts(
    nom: &str,
    jours: impl Iterator<Item = (Jour, usize)>,
    parts: &dyn Fn(&Annuaire) -> Vec<Part>,
) -> Resultat<PathBuf> {
    // Built from the workspace's root, so that the engines are compiled once (see its Cargo.toml).
    let ici = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cible = std::env::var_os("CARGO_TARGET_DIR").map_or(ici.join("target"), PathBuf::from);
    let racine = cible.join("mesures").join(nom);
    let fini = racine.join("pret");
    if fini.exists() {
        return Ok(racine);
    }
    let lac = Lac::new(&racine);
    let plan = Plan::integre()?;
    let annuaire = ici.join("demo/annuaire-occitanie.csv");
    import::importer(&lac, &annuaire, "2026-09-01".parse()?)?;
    let annuaires = Annuaires::ouvrir(&lac)?;
    let annuaire = annuaires.courant().ok_or("annuaire vide")?;
    let parts: Vec<(Annuaire, usize)> = parts(annuaire)
        .into_iter()
        .map(|(ecoles, nombre)| (Annuaire::new(annuaire.validite(), ecoles), nombre))
        .collect();
    for (jour, diviseur) in jours {
        atterrir(&lac, &plan, &parts, (jour, diviseur))?;
    }
    File::create(fini)?;
    Ok(racine)
}

fn atterrir(
    lac: &Lac,
    plan: &Plan,
    parts: &[(Annuaire, usize)],
    (jour, diviseur): (Jour, usize),
) -> Resultat<()> {
    let fuseaux = Fuseaux::charger()?;
    let calendrier = Calendrier::integre()?;
    let controle = Controle {
        plan,
        conversions: &Conversions::default(),
        fuseaux: &fuseaux,
        trousseau: &CleUnique::default(),
        maintenant: Instant(i64::from(jour.epoque() + 2) * 86_400_000),
        fenetre: FenetreTemps::default(),
    };
    let mut fichier = Fichier::new(lac, plan);
    for (annuaire, nombre) in parts {
        let nombre = nombre / diviseur;
        let evenements = jour_de_reference(annuaire, plan, &calendrier, &fuseaux, jour, nombre)?;
        let repetes = evenements.iter().step_by(UN_REPETE_SUR);
        for acces in evenements.iter().chain(repetes) {
            evenements.controler(acces, &controle, |e| {
                // The last visits of the evening run past midnight: those are another day's.
                if e.jour == jour {
                    fichier.ajouter(&e);
                }
            })?;
            fichier.ecrire_si_plein(PAR_FICHIER)?;
        }
    }
    fichier.ecrire_si_plein(1)
}

/// The value in the middle.
pub fn mediane(mut valeurs: Vec<f64>) -> f64 {
    valeurs.sort_by(f64::total_cmp);
    valeurs.get(valeurs.len() / 2).copied().unwrap_or_default()
}

/// Seconds of processor that this process used, system included.
pub fn processeur() -> f64 {
    let etat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted after the name in parentheses; in hundredths of a second.
    let apres = etat.rsplit(')').next().unwrap_or_default();
    let champs = apres.split_whitespace().skip(11).take(2);
    champs.filter_map(|c| c.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory this process ever held, in MiB.
pub fn pic() -> f64 {
    let etat = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ligne = etat
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    let kio = ligne
        .split_whitespace()
        .next()
        .and_then(|n| n.parse::<f64>().ok());
    kio.unwrap_or_default() / 1_024.0
}

/// One key for every platform, whose bytes are of no importance here.
#[derive(Default)]
struct CleUnique(Mutex<BTreeMap<String, Arc<Cle>>>);

impl Trousseau for CleUnique {
    fn cle(&self, plateforme: &str, _: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        let mut cles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let nouvelle = || {
            let mut octets = [7; 32];
            octets
                .iter_mut()
                .zip(plateforme.bytes())
                .for_each(|(octet, lettre)| *octet ^= lettre);
            Arc::new(Cle::nouvelle(&octets))
        };
        Ok(Arc::clone(
            cles.entry(plateforme.to_owned()).or_insert_with(nouvelle),
        ))
    }
}

/// A landed file being filled.
struct Fichier<'a> {
    lac: &'a Lac,
    plan: &'a Plan,
    rang: usize,
    lignes: usize,
    jour: Option<Jour>,
    id: FixedSizeBinaryBuilder,
    ts: TimestampMillisecondBuilder,
    heure: UInt8Builder,
    nombres: [UInt64Builder; 2],
    textes: [StringDictionaryBuilder<Int32Type>; 11],
}

impl<'a> Fichier<'a> {
    fn new(lac: &'a Lac, plan: &'a Plan) -> Self {
        Self {
            lac,
            plan,
            rang: 0,
            lignes: 0,
            jour: None,
            id: FixedSizeBinaryBuilder::new(16),
            ts: TimestampMillisecondBuilder::new().with_timezone("UTC"),
            heure: UInt8Builder::new(),
            nombres: Default::default(),
            textes: Default::default(),
        }
    }

    fn ajouter(&mut self, e: &Evenement<'_>) {
        self.lignes += 1;
        self.jour = Some(e.jour);
        self.id.append_value(e.id.0).unwrap_or_default();
        self.ts.append_value(e.ts.0);
        self.heure.append_value(e.heure);
        self.nombres[0].append_value(e.visiteur.0);
        self.nombres[1].append_value(e.client.0);
        let textes = [
            e.uai.as_str(),
            e.profil.code(),
            self.plan.code(e.service),
            e.type_service.code(),
            e.outil,
            e.appareil.code(),
            e.os.code(),
            e.navigateur.code(),
            e.plateforme,
            e.projet,
            e.exploitant,
        ];
        for (colonne, texte) in self.textes.iter_mut().zip(textes) {
            colonne.append_value(texte);
        }
    }

    fn ecrire_si_plein(&mut self, plein: usize) -> Resultat<()> {
        let Some(jour) = self.jour.filter(|_| self.lignes >= plein) else {
            return Ok(());
        };
        let mut colonnes: Vec<ArrayRef> = vec![
            Arc::new(self.id.finish()),
            Arc::new(self.ts.finish()),
            Arc::new(self.heure.finish()),
        ];
        let [visiteur, client] = &mut self.nombres;
        let mut textes = self.textes.iter_mut();
        colonnes.extend(
            textes
                .by_ref()
                .take(2)
                .map(|t| Arc::new(t.finish()) as ArrayRef),
        );
        colonnes.extend([visiteur, client].map(|n| Arc::new(n.finish()) as ArrayRef));
        colonnes.extend(textes.map(|t| Arc::new(t.finish()) as ArrayRef));
        let lot = RecordBatch::try_new(schema_evenements(), colonnes)?;
        let dossier = self.lac.evenements_du(jour);
        fs::create_dir_all(&dossier)?;
        let fichier = File::create(dossier.join(format!("{:06}.parquet", self.rang)))?;
        let mut proprietes =
            WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?));
        for colonne in ["id", "ts", "visiteur", "client"] {
            proprietes = proprietes.set_column_dictionary_enabled(colonne.into(), false);
        }
        let mut ecrivain =
            ArrowWriter::try_new(fichier, schema_evenements(), Some(proprietes.build()))?;
        ecrivain.write(&lot)?;
        ecrivain.close()?;
        (self.rang, self.lignes) = (self.rang + 1, 0);
        Ok(())
    }
}
