//! What is known of the parts already imported: one small file a part, written once its events are
//! durable in the lake. Each is named by what the part gave its events from, and holds no event:
//! counts, and where lines were refused.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use frequent_plan::{Jour, Lac, Refus};
use serde::{Deserialize, Serialize};

use super::{ImportErreur, LigneRefusee};
use crate::durable::{creer_dossier, nom_provisoire, publier};
use crate::noms::Empreinte;
use crate::qualite::exemple::montrable;

/// One import of a data folder at a time.
const VERROU: &str = ".verrou";

/// What a part gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Constat {
    pub(super) recus: u64,
    pub(super) jours: BTreeMap<Jour, u64>,
    pub(super) refus: Vec<LigneRefusee>,
}

impl Constat {
    pub(super) fn acceptes(&self) -> u64 {
        self.jours.values().sum()
    }

    pub(super) fn refuser(&mut self, ligne: u64, refus: Refus) {
        self.refus.push(LigneRefusee {
            ligne,
            raison: refus.raison.code().to_owned(),
            valeur: montrable(&refus).map(str::to_owned),
            champ: refus.champ,
        });
    }
}

/// The parts already imported in a data folder, held for one import.
#[derive(Debug)]
pub struct Constats {
    dossier: PathBuf,
    /// Held as long as the import goes on.
    _verrou: File,
}

impl Constats {
    /// Opens them. Another import in progress in this data folder is waited for, after `attendre`
    /// was called.
    ///
    /// # Errors
    /// The disk refused.
    pub fn ouvrir(lac: &Lac, attendre: impl FnOnce()) -> Result<Self, ImportErreur> {
        let dossier = lac.imports();
        creer_dossier(&dossier).map_err(ImportErreur::disque(&dossier))?;
        let chemin = dossier.join(VERROU);
        let verrou = File::create(&chemin).map_err(ImportErreur::disque(&chemin))?;
        if verrou.try_lock().is_err() {
            attendre();
            verrou.lock().map_err(ImportErreur::disque(&chemin))?;
        }
        Ok(Self {
            dossier,
            _verrou: verrou,
        })
    }

    /// What the part of this digest gave. One that cannot be read is one not imported: importing
    /// again changes nothing.
    pub(super) fn chercher(&self, cle: Empreinte) -> Option<Constat> {
        let octets = fs::read(self.chemin(cle)).ok()?;
        serde_json::from_slice(&octets).ok()
    }

    /// Notes durably what a part gave: its events are in the lake.
    pub(super) fn noter(&self, cle: Empreinte, constat: &Constat) -> Result<(), ImportErreur> {
        let definitif = self.chemin(cle);
        let provisoire = nom_provisoire(&definitif);
        let ecrire = || {
            let mut octets = serde_json::to_vec(constat)?;
            octets.push(b'\n');
            File::create(&provisoire)?.write_all(&octets)?;
            publier(&provisoire, &definitif)
        };
        ecrire().map_err(ImportErreur::disque(&definitif))
    }

    fn chemin(&self, cle: Empreinte) -> PathBuf {
        self.dossier.join(format!("{cle}.json"))
    }
}
