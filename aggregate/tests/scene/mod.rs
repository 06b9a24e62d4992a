//! What the tests of counting share: a lake in a temporary folder, a small directory, events
//! written as landing writes them, and the comparison of every cell with the naive reference.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    reason = "tests fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, FixedSizeBinaryArray, RecordBatch, StringArray, TimestampMillisecondArray,
    UInt8Array, UInt64Array,
};
use arrow::compute::cast;
use frequent_aggregate::reference::{self, EvenementLu};
use frequent_aggregate::{Bilan, Choix, Reglages, SansSuivi, agreger_avec};
use frequent_plan::lac::{schema_evenements, texte};
use frequent_plan::{Fuseaux, Grain, Instant, Jour, Lac, Niveau, Periode, Plan, Uai};
use frequent_territory::{Annuaire, Annuaires, CodeNom, Ecole, Etat, Secteur};
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;

/// Long after every day of the tests: every period is closed.
pub const PLUS_TARD: &str = "2030-01-01T12:00:00Z";

pub struct Scene {
    pub dossier: TempDir,
    pub lac: Lac,
    pub plan: Plan,
    pub annuaires: Annuaires,
    pub reglages: Reglages,
    pub maintenant: Instant,
}

impl Scene {
    pub fn nouvelle(annuaires: Annuaires) -> Self {
        // Memory when there is some: durability is asked for, and not what these tests measure.
        let dossier = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        Self {
            lac: Lac::new(dossier.path()),
            dossier,
            plan: Plan::integre().unwrap(),
            annuaires,
            reglages: Reglages::default(),
            maintenant: instant(PLUS_TARD),
        }
    }

    pub fn agreger(&self, choix: Choix) -> Bilan {
        let bilan = agreger_avec(
            &self.lac,
            &self.plan,
            &self.annuaires,
            &choix,
            self.maintenant,
            &SansSuivi,
            &self.reglages,
        )
        .unwrap();
        assert!(bilan.echecs.is_empty(), "{:?}", bilan.echecs);
        bilan
    }

    /// Compares every cell of every level and grain with the naive reference, and checks that
    /// nothing is stored for other periods.
    pub fn verifier_tout(&self) {
        let mut jours = BTreeMap::new();
        for entree in std::fs::read_dir(self.lac.evenements()).unwrap() {
            let nom = entree.unwrap().file_name();
            let jour = Lac::jour_de_dossier(nom.to_str().unwrap()).unwrap();
            jours.insert(jour, reference::evenements(&self.lac, jour).unwrap());
        }
        for &grain in Grain::TOUS {
            let periodes: BTreeSet<Periode> = jours
                .keys()
                .map(|&jour| Periode::contenant(grain, jour))
                .collect();
            for &niveau in Niveau::TOUS {
                let dossiers = std::fs::read_dir(self.lac.cumuls(niveau, grain)).unwrap();
                assert_eq!(dossiers.count(), periodes.len(), "{niveau} {grain}");
            }
            for periode in periodes {
                let dedans: BTreeMap<Jour, Vec<EvenementLu>> = jours
                    .range(periode.debut()..=periode.fin())
                    .map(|(jour, lus)| (*jour, lus.clone()))
                    .collect();
                for &niveau in Niveau::TOUS {
                    let attendues =
                        reference::cellules(&dedans, |uai| self.code(uai, niveau, periode));
                    let comptees =
                        reference::cellules_en_place(&self.lac, niveau, periode).unwrap();
                    comparer(&attendues, &comptees, niveau, periode);
                }
            }
        }
    }

    /// The territory of a school at a period's end (every period of the tests is closed).
    fn code(&self, uai: &str, niveau: Niveau, periode: Periode) -> Option<String> {
        if niveau == Niveau::Ecole {
            return Some(uai.to_owned());
        }
        let annuaire = self.annuaires.au(periode.fin())?;
        annuaire
            .code(uai.parse().unwrap(), niveau)
            .map(str::to_owned)
    }
}

fn comparer(
    attendues: &reference::Cellules,
    comptees: &reference::Cellules,
    niveau: Niveau,
    periode: Periode,
) {
    for (cle, mesures) in attendues {
        assert_eq!(
            Some(mesures),
            comptees.get(cle),
            "{niveau} {periode:?} {cle:?}"
        );
    }
    for cle in comptees.keys() {
        assert!(
            attendues.contains_key(cle),
            "de trop : {niveau} {periode:?} {cle:?}"
        );
    }
}

pub fn instant(texte: &str) -> Instant {
    Instant::de_timestamp(texte.parse().unwrap())
}

pub fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

/// A school with its number, circonscription, commune, département, académie and region.
pub fn ecole(numero: u32, circonscription: Option<&str>, lieux: [&str; 4]) -> Ecole {
    let code_nom = |code: &str| {
        Arc::new(CodeNom {
            code: code.to_owned(),
            nom: format!("Nom de {code}"),
        })
    };
    let [commune, departement, academie, region] = lieux.map(code_nom);
    Ecole {
        uai: Uai::depuis_nombre(numero),
        nom: format!("École {numero}"),
        type_etablissement: "Ecole".into(),
        nature: "ECOLE ELEMENTAIRE".into(),
        secteur: Secteur::Public,
        commune,
        departement,
        academie,
        region,
        circonscription: circonscription.map(code_nom),
        effectif: None,
        education_prioritaire: None,
        position: None,
        etat: Etat::Ouvert,
        ministere: "MINISTERE DE L'EDUCATION NATIONALE".into(),
    }
}

/// Two schools of one circonscription, one of another, a collège of the same commune, one overseas.
/// School 0311999 stays unknown.
pub fn annuaire(validite: &str) -> Annuaire {
    let toulouse = ["31555", "031", "16", "76"];
    Annuaire::new(
        jour(validite),
        vec![
            ecole(310_001, Some("0312345A"), toulouse),
            ecole(310_002, Some("0312345A"), ["31149", "031", "16", "76"]),
            ecole(340_070, Some("0341111B"), ["34172", "034", "11", "76"]),
            ecole(310_500, None, toulouse),
            ecole(9_740_010, Some("9741111C"), ["97411", "974", "28", "04"]),
        ],
    )
}

/// An event of this school at this instant, everything else plain.
pub fn evenement(numero: u64, uai: u32, ts: Instant) -> EvenementLu {
    let uai = Uai::depuis_nombre(uai);
    let locale = Fuseaux::charger().unwrap().heure_locale(uai, ts);
    let mut id = numero.to_be_bytes().to_vec();
    id.extend((!numero).to_be_bytes());
    EvenementLu {
        ts: ts.0,
        id,
        heure: locale.heure,
        uai: uai.to_string(),
        profil: "ELEVE".into(),
        visiteur: 1,
        client: 0,
        service: "ACCUEIL".into(),
        type_service: "NATIF".into(),
        outil: String::new(),
        appareil: "ORDINATEUR".into(),
        os: "WINDOWS".into(),
        navigateur: "FIREFOX".into(),
        plateforme: "ONE".into(),
        projet: String::new(),
        exploitant: String::new(),
    }
}

/// The local day of an event, as landing files it.
pub fn jour_local(evenement: &EvenementLu) -> Jour {
    let uai: Uai = evenement.uai.parse().unwrap();
    Fuseaux::charger()
        .unwrap()
        .heure_locale(uai, Instant(evenement.ts))
        .jour
}

/// Lands events, whatever their days, as one file a day.
pub fn atterrir(lac: &Lac, nom: &str, evenements: &[EvenementLu]) {
    let mut par_jour: BTreeMap<Jour, Vec<&EvenementLu>> = BTreeMap::new();
    for evenement in evenements {
        par_jour
            .entry(jour_local(evenement))
            .or_default()
            .push(evenement);
    }
    for (jour, du_jour) in par_jour {
        let dossier = lac.evenements_du(jour);
        std::fs::create_dir_all(&dossier).unwrap();
        ecrire(&dossier.join(format!("{nom}.parquet")), &du_jour);
    }
}

pub fn ecrire(chemin: &Path, evenements: &[&EvenementLu]) {
    let textes = |champ: fn(&EvenementLu) -> &str| {
        let valeurs = StringArray::from_iter_values(evenements.iter().map(|e| champ(e)));
        cast(&valeurs, &texte()).unwrap()
    };
    let ids = FixedSizeBinaryArray::try_from_iter(evenements.iter().map(|e| &e.id)).unwrap();
    let ts = TimestampMillisecondArray::from_iter_values(evenements.iter().map(|e| e.ts));
    let entiers = |champ: fn(&EvenementLu) -> u64| -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(
            evenements.iter().map(|e| champ(e)),
        ))
    };
    let lot = RecordBatch::try_new(
        schema_evenements(),
        vec![
            Arc::new(ids),
            Arc::new(ts.with_timezone("UTC")),
            Arc::new(UInt8Array::from_iter_values(
                evenements.iter().map(|e| e.heure),
            )),
            textes(|e| &e.uai),
            textes(|e| &e.profil),
            entiers(|e| e.visiteur),
            entiers(|e| e.client),
            textes(|e| &e.service),
            textes(|e| &e.type_service),
            textes(|e| &e.outil),
            textes(|e| &e.appareil),
            textes(|e| &e.os),
            textes(|e| &e.navigateur),
            textes(|e| &e.plateforme),
            textes(|e| &e.projet),
            textes(|e| &e.exploitant),
        ],
    )
    .unwrap();
    let fichier = File::create(chemin).unwrap();
    let mut ecrivain = ArrowWriter::try_new(fichier, schema_evenements(), None).unwrap();
    ecrivain.write(&lot).unwrap();
    ecrivain.close().unwrap();
}

/// Every visible file of the results, by its folder, whole.
pub fn octets(lac: &Lac) -> BTreeMap<String, Vec<u8>> {
    let mut octets = BTreeMap::new();
    for table in [lac.presence(), lac.lake().join("cumuls")] {
        parcourir(&table, lac.racine(), &mut octets);
    }
    octets
}

fn parcourir(dossier: &Path, racine: &Path, octets: &mut BTreeMap<String, Vec<u8>>) {
    for entree in std::fs::read_dir(dossier).unwrap() {
        let chemin = entree.unwrap().path();
        if chemin.is_dir() {
            parcourir(&chemin, racine, octets);
            continue;
        }
        let nom = chemin
            .parent()
            .unwrap()
            .strip_prefix(racine)
            .unwrap()
            .display()
            .to_string();
        assert!(
            octets
                .insert(nom.clone(), std::fs::read(&chemin).unwrap())
                .is_none(),
            "deux fichiers dans {nom}"
        );
    }
}
