//! The destruction of some schools' data: decided in the register, done file by file, certified.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use frequent_aggregate::conservation::{
    self as lac_conserve, Acte, DestructionEcoles, Registre, ecoles as lac_ecoles, registre,
};
use frequent_ingest::retranchement;
use frequent_plan::conservation::{Regle, Retranchement};
use frequent_plan::hexadecimal::hexadecimal;
use frequent_plan::{Instant, Jour, Uai};
use sha2::{Digest, Sha256};

use super::certificat::{Certificat, etablir};
use super::{Conservateur, ConservationErreur};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
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
    /// Today.
    pub le: Jour,
}

impl Conservateur {
    /// Destroys the raw events and the presence of some schools, and certifies it. Everything that
    /// was landed must be counted already: what is destroyed is never counted again.
    ///
    /// # Errors
    /// The disk refused; the next purge goes on from there.
    pub fn detruire_des_ecoles(&self, demande: Demande) -> Result<Certificat, ConservationErreur> {
        let _verrou = lac_conserve::tenir(&self.lac)?;
        let (ecoles, au) = (&demande.ecoles, demande.au);
        let mut jours = retranchement::jours_d_evenements(&self.lac, ecoles, au)?;
        jours.extend(lac_ecoles::jours_de_presence(&self.lac, ecoles, au)?);
        let destruction = DestructionEcoles {
            id: identifiant(&demande),
            regle: demande.regle,
            motif: demande.motif,
            ecoles: demande.ecoles,
            au: demande.au,
            cumuls: demande.cumuls,
            jours,
            le: demande.le,
        };
        registre::inscrire(&self.lac, vec![Acte::Ecoles(destruction.clone())])?;
        self.executer(&destruction)
    }

    /// Finishes those that were decided and stopped.
    pub(super) fn achever(&self) -> Result<Vec<Certificat>, ConservationErreur> {
        let registre = Registre::lire(&self.lac)?;
        let inachevees = registre.ecoles().filter(|d| !registre.est_faite(&d.id));
        inachevees.map(|d| self.executer(d)).collect()
    }

    fn executer(&self, destruction: &DestructionEcoles) -> Result<Certificat, ConservationErreur> {
        self.retrancher(destruction)?;
        let certificat = etablir(&self.lac, destruction, self.progression(destruction)?)?;
        let faite = Acte::EcolesFaite {
            id: destruction.id.clone(),
        };
        registre::inscrire(&self.lac, vec![faite])?;
        Ok(certificat)
    }

    /// Takes the rows out, telling each file in the destruction's own log before it is replaced.
    pub(super) fn retrancher(
        &self,
        destruction: &DestructionEcoles,
    ) -> Result<(), ConservationErreur> {
        let chemin = self.suivi_de(destruction);
        let mut noter = |fait: Retranchement| -> io::Result<()> {
            fs::create_dir_all(self.lac.destructions())?;
            let mut fichier = File::options().create(true).append(true).open(&chemin)?;
            // A line cut by a crash is ended, and skipped by who reads.
            let ligne = format!("\n{}\n", serde_json::to_string(&fait)?);
            fichier.write_all(ligne.as_bytes())?;
            fichier.sync_all()?;
            File::open(self.lac.destructions())?.sync_all()
        };
        let (ecoles, au) = (&destruction.ecoles, destruction.au);
        retranchement::retrancher(&self.lac, ecoles, au, &mut noter)?;
        lac_ecoles::retrancher(&self.lac, destruction, &mut noter)?;
        Ok(())
    }

    /// The files changed so far, each change once, in order.
    fn progression(
        &self,
        destruction: &DestructionEcoles,
    ) -> Result<Vec<Retranchement>, ConservationErreur> {
        let chemin = self.suivi_de(destruction);
        let texte = match fs::read_to_string(&chemin) {
            Err(faute) if faute.kind() == io::ErrorKind::NotFound => String::new(),
            autre => autre.map_err(|source| ConservationErreur::Certificat { chemin, source })?,
        };
        let mut faits: Vec<Retranchement> = Vec::new();
        for ligne in texte.lines() {
            // One stopped between its line and its new file is told, then done, again: the same.
            if let Ok(fait) = serde_json::from_str(ligne)
                && !faits.contains(&fait)
            {
                faits.push(fait);
            }
        }
        Ok(faits)
    }

    fn suivi_de(&self, destruction: &DestructionEcoles) -> PathBuf {
        let nom = format!("{}.jsonl", destruction.id);
        self.lac.destructions().join(nom)
    }
}

/// A date and a digest: of what is asked, and of the instant.
fn identifiant(demande: &Demande) -> String {
    let mut condense = Sha256::new();
    condense.update(Instant::maintenant().0.to_be_bytes());
    condense.update(&demande.motif);
    for uai in &demande.ecoles {
        condense.update(uai.as_str());
    }
    let condense = condense.finalize();
    let debut = hexadecimal(&condense[..4]);
    format!("{}-{debut}", demande.le)
}
