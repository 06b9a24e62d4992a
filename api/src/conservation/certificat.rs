//! The certificate of a school's destruction: what went, when, how many rows, by which rule, and
//! each file before and after; signed with the instance's key, as receipts are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use frequent_aggregate::conservation::DestructionEcoles;
use frequent_ingest::recus::{CleInstance, RecuInvalide, Sceau};
use frequent_plan::conservation::Retranchement;
use frequent_plan::{Instant, Jour, Lac, Uai};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ConservationErreur;

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificat {
    /// Its identifier.
    pub id: String,
    /// The rule.
    pub regle: String,
    /// The convention, or who asked.
    pub motif: String,
    /// The schools.
    pub ecoles: BTreeSet<Uai>,
    /// The last day concerned.
    pub au: Jour,
    /// What became of the schools' own cells: `gardes` or `detruits`.
    pub cumuls: String,
    /// The day of the decision.
    pub decide_le: Jour,
    /// When it was finished.
    pub fait_a: String,
    /// The days that had rows of these schools.
    pub jours: BTreeSet<Jour>,
    /// Rows destroyed, by table.
    pub lignes: BTreeMap<String, u64>,
    /// Each file that had some.
    pub fichiers: Vec<Retranchement>,
}

impl Certificat {
    /// What the audit trail tells of it.
    #[must_use]
    pub fn pour_l_audit(&self) -> Value {
        json!({
            "regle": self.regle,
            "motif": self.motif,
            "ecoles": self.ecoles,
            "lignes": self.lignes,
        })
    }
}

/// A certificate and its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatSigne {
    /// What it says, as it was signed.
    pub certificat: Value,
    /// The signature.
    pub signature: Sceau,
}

/// Why a certificate is not to be believed.
#[derive(Debug, thiserror::Error)]
pub enum CertificatInvalide {
    /// The file is not one.
    #[error("ce n’est pas un certificat : {0}")]
    Illisible(#[from] serde_json::Error),
    /// Its signature is not good.
    #[error(transparent)]
    Signature(#[from] RecuInvalide),
}

/// The certificate in this text, once its signature by this public key is found good.
///
/// # Errors
/// It is not one, or not what this key signed.
pub fn verifier(texte: &str, cle_publique: &str) -> Result<Certificat, CertificatInvalide> {
    let signe: CertificatSigne = serde_json::from_str(texte)?;
    signe.signature.verifier(&signe.certificat, cle_publique)?;
    Ok(serde_json::from_value(signe.certificat)?)
}

/// Every certificate of a data folder, oldest first.
///
/// # Errors
/// One cannot be read.
pub fn certificats(lac: &Lac) -> Result<Vec<CertificatSigne>, ConservationErreur> {
    let dossier = dossier(lac);
    let liste = match fs::read_dir(&dossier) {
        Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        autre => autre.map_err(|faute| erreur(&dossier, faute))?,
    };
    let mut chemins = Vec::new();
    for entree in liste {
        let chemin = entree.map_err(|faute| erreur(&dossier, faute))?.path();
        if chemin.extension().is_some_and(|e| e == "json") {
            chemins.push(chemin);
        }
    }
    chemins.sort_unstable();
    let lire = |chemin: &PathBuf| {
        let texte = fs::read(chemin).map_err(|faute| erreur(chemin, faute))?;
        serde_json::from_slice(&texte).map_err(|faute| erreur(chemin, faute.into()))
    };
    chemins.iter().map(lire).collect()
}

/// The certificate of a destruction that was finished.
pub(super) fn lire(lac: &Lac, id: &str) -> Result<Certificat, ConservationErreur> {
    let chemin = dossier(lac).join(format!("{id}.json"));
    let octets = fs::read(&chemin).map_err(|faute| erreur(&chemin, faute))?;
    let signe: CertificatSigne =
        serde_json::from_slice(&octets).map_err(|faute| erreur(&chemin, faute.into()))?;
    serde_json::from_value(signe.certificat).map_err(|faute| erreur(&chemin, faute.into()))
}

fn dossier(lac: &Lac) -> PathBuf {
    lac.destructions().join("certificats")
}

/// Makes the certificate of a destruction that is done, signs it and keeps it: one file for
/// machines, one for people.
pub(super) fn etablir(
    lac: &Lac,
    destruction: &DestructionEcoles,
    fichiers: Vec<Retranchement>,
) -> Result<Certificat, ConservationErreur> {
    let mut lignes: BTreeMap<String, u64> = ["evenements", "presence", "cumuls"]
        .map(|table| (table.to_owned(), 0))
        .into();
    for fichier in &fichiers {
        *lignes.entry(fichier.table.clone()).or_default() += fichier.lignes;
    }
    let sort = if destruction.cumuls {
        "detruits"
    } else {
        "gardes"
    };
    let certificat = Certificat {
        id: destruction.id.clone(),
        regle: destruction.regle.code().to_owned(),
        motif: destruction.motif.clone(),
        ecoles: destruction.ecoles.clone(),
        au: destruction.au,
        cumuls: sort.to_owned(),
        decide_le: destruction.le,
        fait_a: Instant::maintenant().timestamp().to_string(),
        jours: destruction.jours.clone(),
        lignes,
        fichiers,
    };
    let cle = CleInstance::ouvrir(lac)?;
    let chemin = dossier(lac).join(format!("{}.json", certificat.id));
    let valeur = serde_json::to_value(&certificat).map_err(|f| erreur(&chemin, f.into()))?;
    let signe = CertificatSigne {
        signature: cle.sceau(&valeur),
        certificat: valeur,
    };
    let texte = serde_json::to_string_pretty(&signe).map_err(|f| erreur(&chemin, f.into()))?;
    garder(
        &chemin.with_extension("txt"),
        &dire(&certificat, &cle.publique()),
    )
    .and_then(|()| garder(&chemin, &texte))
    .map_err(|faute| erreur(&chemin, faute))?;
    Ok(certificat)
}

/// The same for people, in French.
fn dire(certificat: &Certificat, cle: &str) -> String {
    let ecoles: Vec<String> = certificat.ecoles.iter().map(Uai::to_string).collect();
    let cumuls = match certificat.cumuls.as_str() {
        "detruits" => "détruits",
        _ => "gardés : ce sont des effectifs, sans pseudonyme",
    };
    let mut texte = format!(
        "CERTIFICAT DE DESTRUCTION {}\n\n\
         Motif        : {} ({})\n\
         Écoles       : {}\n\
         Jours        : jusqu’au {} ; {} jour(s) en contenaient\n\
         Décidée le   : {}\n\
         Achevée à    : {} (temps universel)\n\
         Cumuls       : {cumuls}\n\n",
        certificat.id,
        certificat.regle,
        certificat.motif,
        ecoles.join(", "),
        certificat.au,
        certificat.jours.len(),
        certificat.decide_le,
        certificat.fait_a,
    );
    for (table, lignes) in &certificat.lignes {
        // Writing in a text cannot fail.
        let _ = writeln!(texte, "{lignes:>12} lignes détruites dans {table}");
    }
    let _ = writeln!(texte, "\nFichiers (SHA-256 avant, après) :");
    for f in &certificat.fichiers {
        let _ = writeln!(
            texte,
            "  {} ({} lignes)\n    {}\n    {}",
            f.fichier, f.lignes, f.avant, f.apres
        );
    }
    let _ = writeln!(
        texte,
        "\nSigné dans {}.json ; clé publique de l’instance : {cle}",
        certificat.id
    );
    texte
}

fn garder(chemin: &Path, texte: &str) -> io::Result<()> {
    let dossier = chemin.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dossier)?;
    let provisoire = chemin.with_extension("tmp");
    let mut fichier = File::create(&provisoire)?;
    fichier.write_all(texte.as_bytes())?;
    fichier.sync_all()?;
    fs::rename(&provisoire, chemin)?;
    File::open(dossier)?.sync_all()
}

fn erreur(chemin: &Path, source: io::Error) -> ConservationErreur {
    ConservationErreur::Certificat {
        chemin: chemin.to_owned(),
        source,
    }
}
