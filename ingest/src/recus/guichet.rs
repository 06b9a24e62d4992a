//! Where receipts are established, kept and asked for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use frequent_plan::{Fuseaux, Horloge, Instant, Jour, Lac};
use sha2::{Digest, Sha256};

use super::contenu::Journee;
use super::{CleInstance, RecuErreur};
use crate::acces::{Acces, CleFournisseur, Usage};
use crate::durable::{creer_dossier, nom_provisoire, publier};
use crate::evenements::FichierErreur;
use frequent_plan::hexadecimal::hexadecimal;

/// Time after midnight when a day is over: what was sent in the evening has landed long before.
const DELAI_DE_CLOTURE_MS: i64 = 2 * 3_600_000;
/// Days gone back to for receipts that a stopped server did not establish.
const JOURS_EN_ARRIERE: i32 = 35;

/// Establishes receipts and gives them.
pub struct Guichet {
    lac: Lac,
    acces: Arc<Acces>,
    fuseaux: Arc<Fuseaux>,
    horloge: Arc<dyn Horloge>,
    cle: Mutex<Option<Arc<CleInstance>>>,
}

impl Guichet {
    /// The receipts of this data folder.
    #[must_use]
    pub fn new(
        lac: Lac,
        acces: Arc<Acces>,
        fuseaux: Arc<Fuseaux>,
        horloge: Arc<dyn Horloge>,
    ) -> Self {
        Self {
            lac,
            acces,
            fuseaux,
            horloge,
            cle: Mutex::new(None),
        }
    }

    /// Whose keys they are.
    pub(crate) fn acces(&self) -> &Acces {
        &self.acces
    }

    /// The instance's key, read or made the first time.
    ///
    /// # Errors
    /// It cannot be read or made.
    pub fn cle(&self) -> Result<Arc<CleInstance>, RecuErreur> {
        let mut cle = self.cle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cle) = &*cle {
            return Ok(Arc::clone(cle));
        }
        let lue = Arc::new(CleInstance::ouvrir(&self.lac)?);
        *cle = Some(Arc::clone(&lue));
        Ok(lue)
    }

    /// The receipt of a key and day: the one established, or a provisional one. None for a day
    /// before the key was made, or yet to come.
    ///
    /// # Errors
    /// The figures or the receipt cannot be read.
    pub fn recu(&self, cle: &CleFournisseur, jour: Jour) -> Result<Option<String>, RecuErreur> {
        let chemin = self.chemin(cle, jour);
        match fs::read_to_string(&chemin) {
            Ok(texte) => return Ok(Some(texte)),
            Err(erreur) if erreur.kind() == io::ErrorKind::NotFound => {}
            Err(erreur) => return Err(disque(jour, &chemin, erreur)),
        }
        let maintenant = self.horloge.maintenant();
        if jour > self.jour_de(maintenant) || jour < self.premier(cle) {
            return Ok(None);
        }
        let journee = Journee::en_cours(&self.lac, jour)?;
        self.sceller(&journee, cle, jour).map(Some)
    }

    /// Establishes the receipts of the days that are over and have none; gives how many.
    ///
    /// # Errors
    /// The figures or events of a day cannot be read, or a receipt cannot be written; those before
    /// it were.
    pub fn etablir(&self) -> Result<usize, RecuErreur> {
        let cles = self.acces.lister_cles();
        let cloture = Instant(self.horloge.maintenant().0 - DELAI_DE_CLOTURE_MS);
        let dernier = self.jour_de(cloture).plus(-1);
        let mut etablis = 0;
        for jour in dernier.plus(-JOURS_EN_ARRIERE).jusqua(dernier) {
            let manquants: Vec<_> = cles
                .iter()
                .filter(|cle| self.doit_un_recu(cle, jour) && !self.chemin(cle, jour).exists())
                .collect();
            if manquants.is_empty() {
                continue;
            }
            let journee = Journee::close(&self.lac, jour)?;
            for cle in manquants {
                let texte = self.sceller(&journee, cle, jour)?;
                self.garder(cle, jour, &texte)?;
                etablis += 1;
            }
        }
        Ok(etablis)
    }

    /// A key has a receipt for each day of its life, were it to say that nothing came.
    fn doit_un_recu(&self, cle: &CleFournisseur, jour: Jour) -> bool {
        let vivante = cle
            .revoquee_le
            .is_none_or(|date| jour <= self.jour_de(Instant::de_timestamp(date)));
        cle.usage == Usage::Production && jour >= self.premier(cle) && vivante
    }

    fn premier(&self, cle: &CleFournisseur) -> Jour {
        self.jour_de(Instant::de_timestamp(cle.creee_le))
    }

    fn jour_de(&self, instant: Instant) -> Jour {
        self.fuseaux.jour_en_metropole(instant)
    }

    fn sceller(
        &self,
        journee: &Journee,
        cle: &CleFournisseur,
        jour: Jour,
    ) -> Result<String, RecuErreur> {
        let recu = journee.recu(cle, self.horloge.maintenant().timestamp());
        self.cle()?
            .sceller(&recu)
            .map_err(|source| RecuErreur::Json {
                chemin: self.chemin(cle, jour),
                source,
            })
    }

    /// A name made of a hash, so that no key's name can climb out of the folder.
    fn chemin(&self, cle: &CleFournisseur, jour: Jour) -> PathBuf {
        let condense = Sha256::digest(cle.nom.as_bytes());
        let nom = format!("{}.json", hexadecimal(&condense[..16]));
        self.lac.recus_du(jour).join(nom)
    }

    fn garder(&self, cle: &CleFournisseur, jour: Jour, texte: &str) -> Result<(), RecuErreur> {
        let chemin = self.chemin(cle, jour);
        let provisoire = nom_provisoire(&chemin);
        creer_dossier(&self.lac.recus_du(jour))
            .and_then(|()| fs::write(&provisoire, texte))
            .and_then(|()| publier(&provisoire, &chemin))
            .map_err(|erreur| disque(jour, &chemin, erreur))
    }
}

fn disque(jour: Jour, chemin: &Path, erreur: io::Error) -> RecuErreur {
    RecuErreur::Fichier {
        jour,
        source: FichierErreur::disque(chemin)(erreur),
    }
}
