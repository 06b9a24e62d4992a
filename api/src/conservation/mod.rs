//! Keeping no longer than said: what is due, its destruction, the destruction of a school's data and
//! its certificate.
//!
//! `frequent purge`, its `--dry-run` and the scheduler of `frequent serve` all come here. What is due
//! is a pure function of what there is (`frequent_plan::conservation`); each destruction is in the
//! register of the data folder before anything goes.

mod base;
mod certificat;
mod conventions;
mod ecoles;

use std::sync::Arc;

use frequent_aggregate::conservation::{self as lac_conserve, Acte, Registre, Taille, registre};
use frequent_ingest::FichierErreur;
use frequent_ingest::TrousseauDisque;
use frequent_ingest::recus::RecuErreur;
use frequent_ingest::trousseau::TrousseauErreur;
use frequent_plan::conservation::{Durees, Echu, Fait, Objet, Prevision, planifier};
use frequent_plan::{AnneeScolaire, Jour, Lac};

pub use base::{EchuEnBase, prevoir_en_base, purger_en_base};
pub use certificat::{Certificat, CertificatInvalide, CertificatSigne, certificats, verifier};
pub use conventions::FinErreur;
pub use ecoles::Demande;

/// The durations by default, for tests.
#[cfg(test)]
pub(crate) const DUREES_D_ESSAI: Durees = Durees {
    evenements_jours: 60,
    presence_mois: 2,
    cles_mois: 1,
    cumuls_annees: 10,
    recus_mois: 60,
    qualite_mois: 25,
    imports_mois: 26,
    comptes_mois: 24,
    audit_mois: 12,
};

/// Why something could not be destroyed. What was destroyed before it is in the register, and the
/// rest is due again.
#[derive(Debug, thiserror::Error)]
pub enum ConservationErreur {
    /// The lake.
    #[error(transparent)]
    Lac(#[from] frequent_aggregate::Erreur),
    /// Raw events.
    #[error("événements bruts : {0}")]
    Evenements(#[from] FichierErreur),
    /// A key.
    #[error(transparent)]
    Cle(#[from] TrousseauErreur),
    /// The signing key.
    #[error(transparent)]
    Signature(#[from] RecuErreur),
    /// A certificate or what it is made from.
    #[error("certificat, {} : {source}", chemin.display())]
    Certificat {
        /// The file.
        chemin: std::path::PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
}

/// What a purge destroyed, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detruit {
    /// What, and by which rule.
    pub echu: Echu,
    /// How much it held.
    pub taille: Taille,
}

/// Destroys what is due in a data folder.
pub struct Conservateur {
    lac: Lac,
    trousseau: Arc<TrousseauDisque>,
    durees: Durees,
}

impl Conservateur {
    /// Of this data folder, with these durations.
    #[must_use]
    pub fn new(lac: Lac, trousseau: Arc<TrousseauDisque>, durees: Durees) -> Self {
        Self {
            lac,
            trousseau,
            durees,
        }
    }

    /// How long each thing is kept.
    #[must_use]
    pub fn durees(&self) -> &Durees {
        &self.durees
    }

    /// What is due on a day.
    ///
    /// # Errors
    /// The data folder cannot be read.
    pub fn prevoir(&self, jour: Jour) -> Result<Prevision, ConservationErreur> {
        let mut faits = lac_conserve::faits(&self.lac)?;
        for cle in self.trousseau.lister()? {
            faits.push(Fait {
                objet: Objet::Cle(cle.annee, cle.plateforme),
                pret: true,
            });
        }
        Ok(planifier(&faits, &self.durees, jour))
    }

    /// How much something that is due holds.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn mesurer(&self, echu: &Echu) -> Result<Detruit, ConservationErreur> {
        let mut taille = lac_conserve::mesurer(&self.lac, &echu.objet)?;
        if let Objet::Cle(..) = echu.objet {
            taille.lignes = 1;
        }
        Ok(Detruit {
            echu: echu.clone(),
            taille,
        })
    }

    /// Finishes the destructions of schools that were stopped, then destroys what is due on a day.
    /// `suivi` is told of each part once it is gone. Gives the certificates of what it finished.
    ///
    /// # Errors
    /// The disk refused; what is left is due again.
    pub fn purger(
        &self,
        jour: Jour,
        mut suivi: impl FnMut(&Detruit),
    ) -> Result<Vec<Certificat>, ConservationErreur> {
        let _verrou = lac_conserve::tenir(&self.lac)?;
        let certificats = self.achever()?;
        for echu in self.prevoir(jour)?.a_detruire {
            let detruit = if let Objet::Cle(annee, plateforme) = &echu.objet {
                self.detruire_la_cle(plateforme, *annee, echu.regle.code())?;
                self.mesurer(&echu)?
            } else {
                let taille = lac_conserve::detruire(&self.lac, &echu)?;
                Detruit { echu, taille }
            };
            suivi(&detruit);
        }
        Ok(certificats)
    }

    /// Destroys the key of a platform and school year. Says whether there was one.
    ///
    /// # Errors
    /// The disk refused.
    pub fn detruire_la_cle(
        &self,
        plateforme: &str,
        annee: AnneeScolaire,
        motif: &str,
    ) -> Result<bool, ConservationErreur> {
        let acte = Acte::Cle {
            annee: annee.to_string(),
            plateforme: plateforme.to_owned(),
            motif: motif.to_owned(),
        };
        registre::inscrire(&self.lac, vec![acte])?;
        Ok(self.trousseau.detruire(plateforme, annee)?)
    }

    /// Makes a data folder that was just restored obey everything that was destroyed since its
    /// backup: what `autre`, a copy of the register, says, then the schools and keys of its own.
    ///
    /// # Errors
    /// The disk refused.
    pub fn obeir(&self, autre: Option<&Registre>) -> Result<(), ConservationErreur> {
        if let Some(autre) = autre {
            registre::reprendre(&self.lac, autre)?;
        }
        let registre = Registre::lire(&self.lac)?;
        for (annee, plateforme) in registre.cles() {
            if let Ok(annee) = annee.parse() {
                self.trousseau.detruire(plateforme, annee)?;
            }
        }
        let _verrou = lac_conserve::tenir(&self.lac)?;
        for destruction in registre.ecoles() {
            // Even one that was finished: its rows may have come back with the backup.
            self.retrancher(destruction)?;
        }
        self.achever()?;
        Ok(())
    }
}
