//! Files of events: the lines that a provider would have sent, delivered at night in a file.
//!
//! A file is read once, in bounded memory, in parts cut at the same places whatever it is named and
//! however it is compressed. The events of a part go straight to the lake, under names made from
//! them; only when they are durable is the part noted as done, under the digest of all that was
//! read up to its end. So an import that is stopped goes on where it was, one that is done again
//! changes nothing, and the log, which a running server holds, is not needed.

mod constats;
mod flux;
mod lecture;
mod noms;
mod refuses;
mod sources;
mod tranches;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use frequent_plan::{FenetreTemps, Fuseaux, Horloge, Jour, Lac, Plan, Raison, Trousseau};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::acces::{CleFournisseur, ConversionsConnues};
use crate::atterrissage::deposer;
use crate::evenements::{Colonnes, FichierErreur, Ligne};
use crate::formats::natif::EnTeteInvalide;
use crate::lot::{LecteurLots, Lot, LotAltere};
use crate::noms::{Empreinte, NomFichier};
use crate::qualite::{Emetteur, Qualite};
use crate::terminal::Terminaux;
use constats::Constat;
use lecture::Format;
use tranches::{Tranche, Tranches};

pub use constats::Constats;
pub use noms::{LignesParcourues, parcourir_noms};
pub use refuses::Refuses;
pub use sources::{SUFFIXE_REFUS, Source, sources};

/// In whose name files are imported: what they may speak for.
#[derive(Debug, Clone)]
pub enum Emission {
    /// These platforms.
    Plateformes(Vec<String>),
    /// The platforms of a provider's key.
    Cle(CleFournisseur),
}

impl Emission {
    fn plateformes(&self) -> &[String] {
        match self {
            Self::Plateformes(plateformes) => plateformes,
            Self::Cle(cle) => &cle.plateformes,
        }
    }

    /// Whose quality figures change.
    fn emetteur(&self) -> Emetteur {
        Emetteur::Fichier(match self {
            Self::Plateformes(plateformes) => plateformes.join(", "),
            Self::Cle(cle) => cle.nom.clone(),
        })
    }

    fn admet(&self, plateforme: &str) -> bool {
        self.plateformes().iter().any(|p| p == plateforme)
    }
}

/// The bounds of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReglagesImport {
    /// How far from the clock an event may be.
    pub fenetre: FenetreTemps,
    /// Bytes of a part, decompressed: what is held in memory, and what a stop makes read again.
    pub tranche_octets: usize,
}

/// Where what was read goes.
#[derive(Debug)]
pub enum Destination {
    /// Nowhere: everything is read and checked, nothing is written.
    Essai,
    /// The lake; parts already there are passed over.
    Lac(Constats),
    /// The lake; every part is read and written again.
    Refaire(Constats),
}

/// What an import works with.
pub struct Import<'i> {
    /// The lake.
    pub lac: &'i Lac,
    /// The marking plan.
    pub plan: &'i Plan,
    /// The time zones.
    pub fuseaux: &'i Fuseaux,
    /// The providers' own names for services.
    pub conversions: ConversionsConnues,
    /// The pseudonym keys.
    pub trousseau: &'i dyn Trousseau,
    /// The table of browsers.
    pub terminaux: &'i Terminaux,
    /// The quality counters, which number the platforms; nothing is left in them.
    pub qualite: &'i Arc<Qualite>,
    /// The clock.
    pub horloge: &'i dyn Horloge,
    /// What the files may speak for.
    pub emission: Emission,
    /// The bounds.
    pub reglages: ReglagesImport,
    /// Where the events go.
    pub destination: Destination,
}

/// Follows an import as it goes.
pub trait Suivi {
    /// A source begins; its size is known for a file.
    fn commence(&self, source: &Source, octets: Option<u64>);
    /// This many bytes of it are read, and this is what they gave.
    fn avance(&self, octets: u64, bilan: &Bilan);
}

/// A refused line: never what it held, but for the value of a closed vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneRefusee {
    /// Its number, from 1.
    pub ligne: u64,
    /// The field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub champ: String,
    /// The reason's code.
    pub raison: String,
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valeur: Option<String>,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bilan {
    /// Lines that should each hold an event.
    pub recus: u64,
    /// Events accepted.
    pub acceptes: u64,
    /// Those of them that an earlier import had already brought to the lake.
    pub deja: u64,
    /// Refused lines, by reason.
    pub refus: BTreeMap<String, u64>,
    /// Events accepted, by local day.
    pub jours: BTreeMap<Jour, u64>,
}

impl Bilan {
    /// Refused lines.
    #[must_use]
    pub fn refuses(&self) -> u64 {
        self.refus.values().sum()
    }

    /// Adds another.
    pub fn ajouter(&mut self, autre: &Self) {
        self.recus += autre.recus;
        self.acceptes += autre.acceptes;
        self.deja += autre.deja;
        for (raison, nombre) in &autre.refus {
            *self.refus.entry(raison.clone()).or_default() += nombre;
        }
        for (jour, nombre) in &autre.jours {
            *self.jours.entry(*jour).or_default() += nombre;
        }
    }

    fn constater(&mut self, constat: &Constat) {
        self.recus += constat.recus;
        self.acceptes += constat.acceptes();
        for refusee in &constat.refus {
            *self.refus.entry(refusee.raison.clone()).or_default() += 1;
        }
        for (jour, nombre) in &constat.jours {
            *self.jours.entry(*jour).or_default() += nombre;
        }
    }
}

/// Why an import, or one of its files, stopped. What was said to be imported is.
#[derive(Debug, thiserror::Error)]
pub enum ImportErreur {
    /// The disk refused.
    #[error("{chemin} : {source}")]
    Disque {
        /// The file or folder.
        chemin: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
    /// A folder holds nothing to import.
    #[error("{0} : aucun fichier à importer dans ce dossier")]
    DossierVide(PathBuf),
    /// The file is of another kind.
    #[error("{fichier} : {nature}")]
    Nature {
        /// The file.
        fichier: Source,
        /// What it is, and what to do.
        nature: &'static str,
    },
    /// The header of a CSV file.
    #[error("{fichier} : {faute}")]
    EnTete {
        /// The file.
        fichier: Source,
        /// What is wrong.
        faute: EnTeteInvalide,
    },
    /// The file ends before its end: cut, or damaged.
    #[error(
        "{fichier} : coupé ou altéré après la ligne {ligne} ({source}) ; les lignes qui précèdent sont traitées"
    )]
    Coupe {
        /// The file.
        fichier: Source,
        /// The last line read whole.
        ligne: u64,
        /// What the system or the decompression answered.
        source: std::io::Error,
    },
    /// No pseudonym key.
    #[error(transparent)]
    Cle(#[from] frequent_plan::CleIndisponible),
    /// What was encoded does not read back: a fault of this build.
    #[error("import : {0}")]
    Lot(#[from] LotAltere),
    /// What is known of a part cannot be written as JSON: a fault of this build.
    #[error("import : {0}")]
    Json(#[from] serde_json::Error),
    /// A file of events.
    #[error("import, {0}")]
    Fichier(#[from] FichierErreur),
}

impl ImportErreur {
    fn disque(chemin: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let chemin = chemin.into();
        move |source| Self::Disque { chemin, source }
    }
}

impl Import<'_> {
    /// Imports a source, adding what it gives to `bilan` and handing its refused lines, in their
    /// order, to `refuser`.
    ///
    /// # Errors
    /// The source cannot be read to its end, or the disk refuses: what precedes is imported, and
    /// the same import goes on from there.
    pub fn importer(
        &self,
        source: &Source,
        mut refuser: impl FnMut(&Source, &[LigneRefusee]) -> Result<(), ImportErreur>,
        bilan: &mut Bilan,
        suivi: &dyn Suivi,
    ) -> Result<(), ImportErreur> {
        let flux = flux::ouvrir(source)?;
        suivi.commence(source, flux.taille);
        let mut tranches = Tranches::new(flux.clair, self.reglages.tranche_octets);
        let mut format = None;
        while let Some(tranche) = tranches.suivante() {
            let format = match &format {
                Some(connu) => connu,
                None => format.insert(Format::reconnaitre(&tranche, source)?),
            };
            let constat = self.prendre(format, &tranche, bilan)?;
            bilan.constater(&constat);
            refuser(source, &constat.refus)?;
            suivi.avance(flux.lus.octets(), bilan);
            tranches.rendre(tranche);
        }
        match tranches.faute() {
            None => Ok(()),
            Some((ligne, faute)) => Err(ImportErreur::Coupe {
                fichier: source.clone(),
                ligne,
                source: faute,
            }),
        }
    }

    /// Imports a part, unless it is already there.
    fn prendre(
        &self,
        format: &Format,
        tranche: &Tranche,
        bilan: &mut Bilan,
    ) -> Result<Constat, ImportErreur> {
        let cle = self.cle(tranche)?;
        let constats = match &self.destination {
            Destination::Essai => None,
            Destination::Lac(constats) => {
                if let Some(constat) = constats.chercher(cle) {
                    bilan.deja += constat.acceptes();
                    return Ok(constat);
                }
                Some(constats)
            }
            Destination::Refaire(constats) => Some(constats),
        };
        let lue = self.lire(format, tranche)?;
        let Some(constats) = constats else {
            return Ok(lue.constat);
        };
        self.deposer(lue.lot)?;
        // Stopped from here to the note, the part is done again and replaces this file as well, but
        // after midnight: its receipt then counts on both days.
        lue.decompte.ecrire(
            &self.emission.emetteur(),
            self.lac,
            &format!("fichier-{cle}"),
        )?;
        // An event of the future is refused today and may be right tomorrow.
        let futur = Raison::Futur.code();
        if lue.constat.refus.iter().all(|r| r.raison != futur) {
            constats.noter(cle, &lue.constat)?;
        }
        Ok(lue.constat)
    }

    /// What makes two parts give the same events: all the bytes up to the part's end, what they
    /// may speak for and in which words, and the version that read them.
    fn cle(&self, tranche: &Tranche) -> Result<Empreinte, ImportErreur> {
        let mut plateformes = self.emission.plateformes().to_vec();
        plateformes.sort_unstable();
        plateformes.dedup();
        let mut condense = Sha256::new();
        condense.update(tranche.fin);
        condense.update(VERSION);
        for plateforme in plateformes {
            let noms = self.conversions.noms(&plateforme);
            condense.update(serde_json::to_vec(&(&plateforme, noms))?);
        }
        Ok(Empreinte::de_condense(&condense.finalize().into()))
    }

    /// Makes the events durable in the lake, in files that they name.
    fn deposer(&self, lot: Lot) -> Result<(), ImportErreur> {
        let mut entree = Vec::new();
        lot.verser(&mut entree);
        let nom = NomFichier::apporte(Empreinte::de_condense(&Sha256::digest(&entree).into()));
        let mut par_jour = BTreeMap::new();
        for evenement in LecteurLots::new(&entree, self.plan) {
            let evenement = evenement?;
            let colonnes: &mut Colonnes = par_jour.entry(evenement.jour).or_default();
            colonnes
                .pousser(&Ligne::de(&evenement, self.plan))
                .map_err(FichierErreur::parquet(&self.lac.evenements()))?;
        }
        deposer(self.lac, par_jour, nom, &format!("fichier {nom}"))?;
        Ok(())
    }
}

/// Another version may accept what this one refuses.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
