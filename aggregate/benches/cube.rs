//! The full day cube (presence, the cells of seven levels) from landed, unsorted events of one day
//! of the real schools: wall time, processor time and peak memory, each run in a process of its
//! own.
//!
//! `cargo bench -p frequent-aggregate --bench cube [-- MILLIONS…]`, by default 1, 5 and 20 million
//! events, five runs each, medians. Events are made once and kept under the target folder.

#![allow(clippy::print_stdout, reason = "a bench tells its figures")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant as Chrono;

use arrow::array::{
    ArrayRef, FixedSizeBinaryBuilder, RecordBatch, StringDictionaryBuilder,
    TimestampMillisecondBuilder, UInt8Builder, UInt64Builder,
};
use arrow::datatypes::Int32Type;
use frequent_aggregate::{Choix, Reglages, Suivi, agreger_avec};
use frequent_plan::lac::schema_evenements;
use frequent_plan::{
    AnneeScolaire, Calendrier, Cle, CleIndisponible, Controle, Evenement, FenetreTemps, Fuseaux,
    Grain, Instant, Jour, Lac, Periode, Plan, Trousseau,
};
use frequent_simulate::jour_de_reference;
use frequent_territory::{Annuaires, import};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

type Resultat<T> = Result<T, Box<dyn Error>>;

/// A Tuesday of term.
const JOUR: &str = "2026-11-17";
/// Events in a landed file: some seconds of a busy hour.
const PAR_FICHIER: usize = 65_536;
/// One event in so many is landed twice, in another file.
const UN_REPETE_SUR: usize = 500;
const MESURES: usize = 5;
/// The argument that makes the program measure one run and print it.
const UNE_MESURE: &str = "--une-mesure";

fn main() -> Resultat<()> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if let [mode, racine] = arguments.as_slice()
        && mode == UNE_MESURE
    {
        return mesurer(Path::new(racine));
    }
    let mut tailles: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    if tailles.is_empty() {
        tailles = vec![1, 5, 20];
    }
    println!("millions  mur s  processeur s  ns/événement  mémoire Mio");
    for millions in tailles {
        let racine = preparer(millions * 1_000_000)?;
        let mut mesures = Vec::new();
        for _ in 0..MESURES {
            mesures.push(une_mesure(&racine)?);
        }
        let mediane = |rang: usize| {
            let mut valeurs: Vec<f64> = mesures.iter().map(|m| m[rang]).collect();
            valeurs.sort_by(f64::total_cmp);
            valeurs[valeurs.len() / 2]
        };
        let (mur, processeur, memoire) = (mediane(0), mediane(1), mediane(2));
        #[expect(clippy::cast_precision_loss, reason = "a few millions")]
        let unitaire = processeur * 1e3 / millions as f64;
        println!("{millions:8} {mur:6.2} {processeur:13.2} {unitaire:13.0} {memoire:12.0}");
    }
    Ok(())
}

/// Runs the day job once in a process of its own: seconds, processor seconds, peak memory in MiB.
fn une_mesure(racine: &Path) -> Resultat<[f64; 3]> {
    let sortie = Command::new(std::env::current_exe()?)
        .arg(UNE_MESURE)
        .arg(racine)
        .output()?;
    let texte = String::from_utf8(sortie.stdout)?;
    let mut nombres = texte.split_whitespace().map(str::parse);
    let mut suivant = || -> Resultat<f64> { Ok(nombres.next().ok_or("mesure incomplète")??) };
    Ok([suivant()?, suivant()?, suivant()?])
}

fn mesurer(racine: &Path) -> Resultat<()> {
    let lac = Lac::new(racine);
    for resultat in [lac.presence(), lac.lake().join("cumuls")] {
        if resultat.exists() {
            fs::remove_dir_all(resultat)?;
        }
    }
    let (plan, annuaires) = (Plan::integre()?, Annuaires::ouvrir(&lac)?);
    let chrono = Chronometre::default();
    let maintenant = Instant::maintenant();
    let reglages = Reglages::default();
    let bilan = agreger_avec(
        &lac,
        &plan,
        &annuaires,
        &Choix::Changes,
        maintenant,
        &chrono,
        &reglages,
    )?;
    if let Some((_, erreur)) = bilan.echecs.into_iter().next() {
        return Err(erreur.into());
    }
    let etat = chrono
        .0
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let (Some(debut), Some(fin)) = (etat.debut, etat.fin) else {
        return Err("aucun jour compté".into());
    };
    println!(
        "{:.4} {:.2} {:.1}",
        (fin.0 - debut.0).as_secs_f64(),
        fin.1 - debut.1,
        fin.2
    );
    Ok(())
}

/// Instant, processor seconds and peak MiB when the day began and ended.
type Releve = (Chrono, f64, f64);

#[derive(Default)]
struct Releves {
    debut: Option<Releve>,
    fin: Option<Releve>,
}

#[derive(Default)]
struct Chronometre(Mutex<Releves>);

impl Chronometre {
    fn noter(&self, periode: Periode, noter: impl FnOnce(&mut Releves, Releve)) {
        if periode.grain() == Grain::Jour {
            let releve = (Chrono::now(), processeur(), pic());
            noter(
                &mut self.0.lock().unwrap_or_else(PoisonError::into_inner),
                releve,
            );
        }
    }
}

impl Suivi for Chronometre {
    fn travaux(&self, _nombre: usize) {}

    fn commence(&self, periode: Periode) {
        self.noter(periode, |releves, releve| releves.debut = Some(releve));
    }

    fn fait(&self, periode: Periode) {
        self.noter(periode, |releves, releve| releves.fin = Some(releve));
    }
}

/// Seconds of processor that this process used, system included.
fn processeur() -> f64 {
    let etat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted after the name in parentheses; in hundredths of a second.
    let apres = etat.rsplit(')').next().unwrap_or_default();
    let champs = apres.split_whitespace().skip(11).take(2);
    champs.filter_map(|c| c.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory this process ever held, in MiB.
fn pic() -> f64 {
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

/// Makes the events of a day, once.
fn preparer(nombre: usize) -> Resultat<PathBuf> {
    // Built from the workspace's root, so that the engines are compiled once (see its Cargo.toml).
    let ici = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cible = std::env::var_os("CARGO_TARGET_DIR").map_or(ici.join("target"), PathBuf::from);
    let racine = cible.join("mesures").join(format!("cube-{nombre}"));
    let fini = racine.join("pret");
    if fini.exists() {
        return Ok(racine);
    }
    let lac = Lac::new(&racine);
    let jour: Jour = JOUR.parse()?;
    let plan = Plan::integre()?;
    let fuseaux = Fuseaux::charger()?;
    import::importer(
        &lac,
        &ici.join("demo/annuaire-occitanie.csv"),
        "2026-09-01".parse()?,
    )?;
    let annuaires = Annuaires::ouvrir(&lac)?;
    let annuaire = annuaires.courant().ok_or("annuaire vide")?;
    let evenements = jour_de_reference(
        annuaire,
        &plan,
        &Calendrier::integre()?,
        &fuseaux,
        jour,
        nombre,
    )?;
    let controle = Controle {
        plan: &plan,
        fuseaux: &fuseaux,
        trousseau: &CleUnique::default(),
        maintenant: Instant(i64::from(jour.epoque() + 2) * 86_400_000),
        fenetre: FenetreTemps::default(),
    };
    let mut fichier = Fichier::new(&lac, &plan);
    for (rang, acces) in evenements.iter().enumerate() {
        evenements.controler(acces, &controle, |e| {
            // The last visits of the evening run past midnight: those events are another day's.
            if e.jour != jour {
                return;
            }
            fichier.ajouter(&e);
            if rang % UN_REPETE_SUR == 0 {
                fichier.ajouter(&e);
            }
        })?;
        fichier.ecrire_si_plein(PAR_FICHIER)?;
    }
    fichier.ecrire_si_plein(1)?;
    File::create(fini)?;
    Ok(racine)
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
