//! What conventions that ended make it a duty to destroy, as demands, and their execution.

use std::collections::{BTreeMap, BTreeSet};

use frequent_aggregate::conservation::Registre;
use frequent_plan::conservation::Regle;
use frequent_plan::{Jour, Uai};
use frequent_territory::conventions::{ADetruire, Reference, SortCumuls};

use super::certificat::lire;
use super::{Certificat, Conservateur, ConservationErreur, Demande};
use crate::audit::Trace;
use crate::conventions::{Conventions, ConventionsErreur};

/// Why the destruction that a convention's end asks for was not done, or not noted.
#[derive(Debug, thiserror::Error)]
pub enum FinErreur {
    /// It was not done.
    #[error(transparent)]
    Conservation(#[from] ConservationErreur),
    /// It was done, and is noted the next time.
    #[error(transparent)]
    Conventions(#[from] ConventionsErreur),
}

/// Groups what is due into one demand a convention, last day and fate of the cells.
fn demandes(dues: Vec<ADetruire>, jour: Jour) -> Vec<(Reference, Demande)> {
    let mut lots: BTreeMap<_, (Reference, BTreeSet<Uai>)> = BTreeMap::new();
    for due in dues {
        let cumuls = due.cumuls == SortCumuls::Detruire;
        let cle = (due.convention.as_str().to_owned(), due.sejour.au(), cumuls);
        let lot = lots.entry(cle);
        lot.or_insert_with(|| (due.convention, BTreeSet::new()))
            .1
            .insert(due.uai);
    }
    lots.into_iter()
        .map(|((motif, au, cumuls), (reference, ecoles))| {
            let demande = Demande {
                regle: Regle::FinDeConvention,
                motif,
                ecoles,
                au,
                cumuls,
                le: jour,
            };
            (reference, demande)
        })
        .collect()
}

impl Conservateur {
    /// Destroys what conventions that ended make it a duty to, and notes it there and in the trail. What landed must
    /// be counted already.
    ///
    /// # Errors
    /// The disk or the database refused; what is left is due again.
    pub async fn finir_les_conventions(
        &self,
        conventions: &Conventions,
        trace: Trace<'_>,
        jour: Jour,
    ) -> Result<Vec<Certificat>, FinErreur> {
        let mut certificats = Vec::new();
        for (reference, demande) in demandes(conventions.a_detruire(jour), jour) {
            let ecoles: Vec<Uai> = demande.ecoles.iter().copied().collect();
            // One that was done and could not be noted is not done twice, and is noted as it was.
            let certificat = match self.certificat_de(&demande)? {
                Some(certificat) => certificat,
                None => self.detruire_des_ecoles(demande)?,
            };
            conventions
                .noter_destruction(trace, &reference, (&ecoles, jour), &certificat)
                .await?;
            certificats.push(certificat);
        }
        Ok(certificats)
    }

    /// The certificate of a demand that was carried out before.
    fn certificat_de(&self, demande: &Demande) -> Result<Option<Certificat>, ConservationErreur> {
        let registre = Registre::lire(&self.lac)?;
        let faite = registre.ecoles().find(|d| {
            d.regle == demande.regle
                && d.motif == demande.motif
                && d.ecoles == demande.ecoles
                && d.au == demande.au
                && registre.est_faite(&d.id)
        });
        faite.map(|faite| lire(&self.lac, &faite.id)).transpose()
    }
}
