//! The register of destructions: one line of JSON for each, in `destructions/registre.jsonl`,
//! written **before** anything goes, so that what is missing without a line in it was lost, not
//! destroyed. It holds no person's data, and is worth a copy away from the machine: a restored
//! backup is made to obey it again.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use frequent_plan::conservation::{Objet, Regle};
use frequent_plan::{Grain, Instant, Jour, Lac, Periode, Uai};
use serde::{Deserialize, Serialize};

use crate::erreur::Erreur;

const NOM: &str = "registre.jsonl";

/// What was destroyed, or is about to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "acte", rename_all = "snake_case")]
pub enum Acte {
    /// A part of a table, whole: its time had come.
    Table {
        /// The table.
        table: String,
        /// The length of the period; a day when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grain: Option<Grain>,
        /// Its first day.
        debut: Jour,
        /// By which rule.
        regle: Regle,
        /// The first day on which it should be gone.
        echeance: Jour,
        /// Rows that it had.
        lignes: u64,
        /// Bytes that it took.
        octets: u64,
    },
    /// The pseudonym key of a platform and school year.
    Cle {
        /// The school year.
        annee: String,
        /// The platform.
        plateforme: String,
        /// Why.
        motif: String,
    },
    /// The rows of some schools are about to be taken out.
    Ecoles(DestructionEcoles),
    /// They are out, and certified.
    EcolesFaite {
        /// Which destruction.
        id: String,
    },
}

/// What is to be destroyed of some schools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestructionEcoles {
    /// Its identifier, by which its certificate is named.
    pub id: String,
    /// By which rule.
    pub regle: Regle,
    /// What asked for it: a convention's reference, or who asked.
    pub motif: String,
    /// The schools.
    pub ecoles: BTreeSet<Uai>,
    /// The last day concerned.
    pub au: Jour,
    /// Whether the schools' own cells go too.
    pub cumuls: bool,
    /// The days that had rows of these schools.
    pub jours: BTreeSet<Jour>,
    /// The day on which it was decided.
    pub le: Jour,
}

/// A line of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inscription {
    /// When it was written.
    pub instant: String,
    /// What.
    #[serde(flatten)]
    pub acte: Acte,
}

/// What the register says.
#[derive(Debug, Clone, Default)]
pub struct Registre {
    inscriptions: Vec<Inscription>,
    evenements: BTreeSet<Jour>,
    presence: BTreeSet<(Grain, Jour)>,
    cumuls: BTreeSet<(Grain, Jour)>,
}

impl Registre {
    /// Reads the register; an empty one if nothing was ever destroyed.
    ///
    /// # Errors
    /// It cannot be read, or one of its whole lines is not one.
    pub fn lire(lac: &Lac) -> Result<Self, Erreur> {
        Self::lire_fichier(&chemin(lac))
    }

    /// Reads a copy of a register.
    ///
    /// # Errors
    /// As [`Self::lire`].
    pub fn lire_fichier(chemin: &Path) -> Result<Self, Erreur> {
        let octets = match fs::read(chemin) {
            Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            autre => autre.map_err(Erreur::disque(chemin))?,
        };
        let mut registre = Self::default();
        // A last line without its end was being written when the machine stopped.
        for ligne in octets[..entieres(&octets)].split(|o| *o == b'\n') {
            if !ligne.is_empty() {
                let lue = serde_json::from_slice(ligne)
                    .map_err(|faute| Erreur::disque(chemin)(io::Error::other(faute)))?;
                registre.retenir(lue);
            }
        }
        Ok(registre)
    }

    fn retenir(&mut self, inscription: Inscription) {
        if let Acte::Table {
            table,
            grain,
            debut,
            ..
        } = &inscription.acte
        {
            let grain = grain.unwrap_or(Grain::Jour);
            match table.as_str() {
                "evenements" => {
                    self.evenements.insert(*debut);
                }
                "presence" => {
                    self.presence.insert((grain, *debut));
                }
                "cumuls" => {
                    self.cumuls.insert((grain, *debut));
                }
                _ => {}
            }
        }
        self.inscriptions.push(inscription);
    }

    /// Every line, oldest first.
    #[must_use]
    pub fn inscriptions(&self) -> &[Inscription] {
        &self.inscriptions
    }

    /// Whether the raw events of a day were destroyed by rule.
    #[must_use]
    pub fn evenements_detruits(&self, jour: Jour) -> bool {
        self.evenements.contains(&jour)
    }

    /// Every destruction of schools, finished or not.
    pub fn ecoles(&self) -> impl Iterator<Item = &DestructionEcoles> {
        self.inscriptions.iter().filter_map(|i| match &i.acte {
            Acte::Ecoles(destruction) => Some(destruction),
            _ => None,
        })
    }

    /// Whether a destruction of schools was finished and certified.
    #[must_use]
    pub fn est_faite(&self, id: &str) -> bool {
        self.inscriptions
            .iter()
            .any(|i| matches!(&i.acte, Acte::EcolesFaite { id: faite } if faite == id))
    }

    /// The keys destroyed: school year and platform.
    pub fn cles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.inscriptions.iter().filter_map(|i| match &i.acte {
            Acte::Cle {
                annee, plateforme, ..
            } => Some((annee.as_str(), plateforme.as_str())),
            _ => None,
        })
    }

    /// Whether rows of a period's days were taken out, or its events destroyed: it cannot be
    /// counted again from what is left.
    #[must_use]
    pub fn entame(&self, periode: Periode) -> bool {
        let jours = periode.debut()..=periode.fin();
        self.evenements.range(jours.clone()).next().is_some()
            || self
                .ecoles()
                .any(|d| d.jours.range(jours.clone()).next().is_some())
    }

    /// Whether a period's results stay as they are for ever: its presence or its cells were
    /// destroyed by rule, or rows of some schools were once the period was over.
    #[must_use]
    pub fn fige(&self, periode: Periode) -> bool {
        let cle = (periode.grain(), periode.debut());
        let jours = periode.debut()..=periode.fin();
        self.presence.contains(&cle)
            || self.cumuls.contains(&cle)
            || self
                .ecoles()
                .any(|d| periode.fin() < d.le && d.jours.range(jours.clone()).next().is_some())
    }
}

/// The register's file.
#[must_use]
pub fn chemin(lac: &Lac) -> PathBuf {
    lac.destructions().join(NOM)
}

/// Writes acts at the end of the register, durably.
///
/// # Errors
/// The disk refused: nothing must be destroyed then.
pub fn inscrire(lac: &Lac, actes: Vec<Acte>) -> Result<(), Erreur> {
    let chemin = chemin(lac);
    let instant = Instant::maintenant().timestamp().to_string();
    ecrire(lac, &chemin, &instant, actes).map_err(Erreur::disque(&chemin))
}

/// Adds the lines of another register that this one does not have.
///
/// # Errors
/// The disk refused.
pub fn reprendre(lac: &Lac, autre: &Registre) -> Result<usize, Erreur> {
    let connus = Registre::lire(lac)?;
    let mut ajoutees = 0;
    for inscription in autre.inscriptions() {
        // A destruction that was finished elsewhere is still to be done here.
        let faite = matches!(inscription.acte, Acte::EcolesFaite { .. });
        if !faite
            && !connus
                .inscriptions
                .iter()
                .any(|i| i.acte == inscription.acte)
        {
            inscrire(lac, vec![inscription.acte.clone()])?;
            ajoutees += 1;
        }
    }
    Ok(ajoutees)
}

fn ecrire(lac: &Lac, chemin: &Path, instant: &str, actes: Vec<Acte>) -> io::Result<()> {
    let dossier = lac.destructions();
    fs::create_dir_all(&dossier)?;
    let mut fichier = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(chemin)?;
    fichier.lock()?;
    let mut octets = Vec::new();
    fichier.read_to_end(&mut octets)?;
    let fin = entieres(&octets) as u64;
    fichier.set_len(fin)?;
    fichier.seek(SeekFrom::Start(fin))?;
    let mut lignes = Vec::new();
    for acte in actes {
        let inscription = Inscription {
            instant: instant.to_owned(),
            acte,
        };
        serde_json::to_writer(&mut lignes, &inscription)?;
        lignes.push(b'\n');
    }
    fichier.write_all(&lignes)?;
    fichier.sync_all()?;
    File::open(&dossier)?.sync_all()?;
    File::open(lac.racine())?.sync_all()
}

/// The bytes of the whole lines.
fn entieres(octets: &[u8]) -> usize {
    octets
        .iter()
        .rposition(|o| *o == b'\n')
        .map_or(0, |fin| fin + 1)
}

/// The act of destroying a part of a table.
pub(crate) fn acte_de(
    objet: &Objet,
    (regle, echeance): (Regle, Jour),
    (lignes, octets): (u64, u64),
) -> Option<Acte> {
    let (grain, debut) = match objet {
        Objet::Evenements(jour)
        | Objet::Recus(jour)
        | Objet::Qualite(jour)
        | Objet::Imports(jour) => (None, *jour),
        Objet::Presence(periode) | Objet::Cumuls(periode) => {
            (Some(periode.grain()), periode.debut())
        }
        Objet::Cle(..) => return None,
    };
    Some(Acte::Table {
        table: objet.table().to_owned(),
        grain,
        debut,
        regle,
        echeance,
        lignes,
        octets,
    })
}
