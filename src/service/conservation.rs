//! The daily destruction of what is over, by the process that counts.

use std::sync::{Arc, Mutex, PoisonError};

use frequent_api::audit::{Action, Ecriture, Journal, PLANIFICATEUR, Trace};
use frequent_api::base::{AdresseBase, Base};
use frequent_api::conservation::{Certificat, Conservateur, Detruit};
use frequent_api::conventions::{Conventions, ReglagesConventions};
use frequent_ingest::TrousseauDisque;
use frequent_plan::conservation::Regle;
use frequent_plan::{Fuseaux, HorlogeSysteme, Instant, Jour, Lac, Uai};

use super::serveur::Faute;
use crate::reglages::Reglages;

/// What destroys, and up to which day it did.
pub struct Conservation {
    conservateur: Conservateur,
    lac: Lac,
    adresse: AdresseBase,
    conventions: ReglagesConventions,
    fuseaux: Arc<Fuseaux>,
    /// The last day whose purge went to its end.
    fait: Mutex<Option<Jour>>,
}

impl Conservation {
    /// Of this data folder.
    pub fn new(
        lac: Lac,
        trousseau: Arc<TrousseauDisque>,
        fuseaux: Arc<Fuseaux>,
        reglages: &Reglages,
    ) -> Result<Self, Faute> {
        let durees = reglages.conservation.durees();
        Ok(Self {
            conservateur: Conservateur::new(lac.clone(), trousseau, durees),
            lac,
            adresse: reglages.base.adresse()?,
            conventions: reglages.conventions(),
            fuseaux,
            fait: Mutex::new(None),
        })
    }

    /// Destroys what is due, once a day and when it starts; what fails is tried again next time.
    pub fn passer(&self) {
        let jour = aujourd_hui(&self.fuseaux);
        let mut fait = self.fait.lock().unwrap_or_else(PoisonError::into_inner);
        if *fait == Some(jour) {
            return;
        }
        match self.purger(jour) {
            Ok(()) => *fait = Some(jour),
            Err(faute) => {
                metrics::counter!("frequent_purge_echecs_total").increment(1);
                tracing::error!(%faute, "purge stopped, it will be tried again");
            }
        }
    }

    fn purger(&self, jour: Jour) -> Result<(), Faute> {
        let mut certificats = self.conservateur.purger(jour, noter)?;
        let registres = Registres {
            lac: &self.lac,
            adresse: &self.adresse,
            conventions: self.conventions,
            acteur: PLANIFICATEUR,
        };
        let finies = registres.tenir(&self.conservateur, &certificats, jour)?;
        certificats.extend(finies);
        for certificat in certificats {
            tracing::info!(
                id = certificat.id,
                "destruction of schools finished and certified"
            );
        }
        for retenu in self.conservateur.prevoir(jour)?.retenus {
            let part = retenu.objet.partie();
            tracing::warn!(part, "raw events are over but not counted yet: kept");
        }
        Ok(())
    }
}

fn noter(detruit: &Detruit) {
    let Detruit { echu, taille } = detruit;
    metrics::counter!("frequent_purge_lignes_total").increment(taille.lignes);
    tracing::info!(
        table = echu.objet.table(),
        part = echu.objet.partie(),
        rows = taille.lignes,
        bytes = taille.octets,
        rule = echu.regle.code(),
        due = %echu.echeance,
        "destroyed"
    );
}

/// What the daily purge does in the database: the conventions that ended, and the audit trail.
pub struct Registres<'r> {
    pub lac: &'r Lac,
    pub adresse: &'r AdresseBase,
    pub conventions: ReglagesConventions,
    /// Who the trail says did it.
    pub acteur: &'r str,
}

impl Registres<'_> {
    /// Destroys what the end of conventions makes it a duty to, and tells the audit trail of it and
    /// of the destructions certified just before. Gives the new certificates.
    ///
    /// # Errors
    /// The disk or the database refused; what is left is due again.
    pub fn tenir(
        &self,
        conservateur: &Conservateur,
        certifiees: &[Certificat],
        jour: Jour,
    ) -> Result<Vec<Certificat>, Faute> {
        let moteur = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        moteur.block_on(async {
            let base = Base::ouvrir(self.lac, self.adresse).await?;
            let conventions = Conventions::ouvrir(&base, self.conventions).await?;
            let journal = Journal::new(base.clone(), self.lac, Arc::new(HorlogeSysteme))?;
            let trace = Trace {
                journal: &journal,
                acteur: self.acteur,
            };
            let finies = conservateur
                .finir_les_conventions(&conventions, trace, jour)
                .await?;
            // Those of conventions were told with what they changed there.
            let fin = Regle::FinDeConvention.code();
            for certificat in certifiees.iter().filter(|c| c.regle != fin) {
                let ecriture = Ecriture::new(self.acteur, Action::Destruction, &certificat.id);
                journal
                    .inscrire(ecriture.avec(certificat.pour_l_audit()))
                    .await?;
            }
            base.fermer().await;
            Ok(finies)
        })
    }
}

/// Today, in mainland France.
pub fn aujourd_hui(fuseaux: &Fuseaux) -> Jour {
    let metropole = Uai::depuis_nombre(0);
    fuseaux.heure_locale(metropole, Instant::maintenant()).jour
}
