//! The daily destruction of what is over, by the process that counts.

use std::sync::{Arc, Mutex, PoisonError};

use frequent_api::audit::{Action, Ecriture, PLANIFICATEUR, Trace};
use frequent_api::base::AdresseBase;
use frequent_api::conservation::{Certificat, Conservateur, Detruit, EchuEnBase, purger_en_base};
use frequent_api::conventions::{Conventions, ReglagesConventions};
use frequent_ingest::TrousseauDisque;
use frequent_plan::conservation::Regle;
use frequent_plan::{Fuseaux, Horloge, Jour, Lac};

use super::base::avec_le_journal;
use super::serveur::Faute;
use crate::reglages::Reglages;

/// What destroys, and up to which day it did.
pub struct Conservation {
    conservateur: Conservateur,
    lac: Lac,
    adresse: AdresseBase,
    conventions: ReglagesConventions,
    fuseaux: Arc<Fuseaux>,
    horloge: Arc<dyn Horloge>,
    /// The last day whose purge went to its end.
    fait: Mutex<Option<Jour>>,
}

impl Conservation {
    /// Of this data folder.
    pub fn new(
        lac: Lac,
        trousseau: Arc<TrousseauDisque>,
        (fuseaux, horloge): (Arc<Fuseaux>, Arc<dyn Horloge>),
        reglages: &Reglages,
    ) -> Result<Self, Faute> {
        let durees = reglages.conservation.durees();
        let conservateur = Conservateur::new(lac.clone(), trousseau, durees);
        Ok(Self {
            conservateur,
            lac,
            adresse: reglages.base.adresse()?,
            conventions: reglages.conventions(),
            fuseaux,
            horloge,
            fait: Mutex::new(None),
        })
    }

    /// Destroys what is due, once a day and when it starts; what fails is tried again next time.
    pub fn passer(&self) {
        let jour = self.fuseaux.jour_en_metropole(self.horloge.maintenant());
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
        let registres = Registres {
            conservateur: &self.conservateur,
            lac: &self.lac,
            adresse: &self.adresse,
            conventions: self.conventions,
            acteur: PLANIFICATEUR,
        };
        let mut certificats = registres.purger(jour, noter)?;
        let tenue = registres.tenir(&certificats, jour)?;
        certificats.extend(tenue.certificats);
        for echu in tenue.en_base {
            metrics::counter!("frequent_purge_lignes_total").increment(echu.lignes);
            tracing::info!(
                table = echu.table,
                rows = echu.lignes,
                rule = echu.regle.code(),
                before = %echu.avant,
                "destroyed"
            );
        }
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

/// The daily purge, and what it does in the database: the conventions that ended, the audit trail.
pub struct Registres<'r> {
    pub conservateur: &'r Conservateur,
    pub lac: &'r Lac,
    pub adresse: &'r AdresseBase,
    pub conventions: ReglagesConventions,
    /// Who the trail says did it.
    pub acteur: &'r str,
}

/// What the daily purge did in the database.
pub struct Tenue {
    /// The certificates of conventions that ended.
    pub certificats: Vec<Certificat>,
    /// What was over there.
    pub en_base: Vec<EchuEnBase>,
}

impl Registres<'_> {
    /// Destroys what is over in the data folder, and tells the audit trail of each part that went,
    /// even when the next one could not. `suivi` is told of each once it is gone. Gives the
    /// certificates of the destructions of schools that it finished.
    ///
    /// # Errors
    /// The disk or the database refused; what is left is due again.
    pub fn purger(
        &self,
        jour: Jour,
        mut suivi: impl FnMut(&Detruit),
    ) -> Result<Vec<Certificat>, Faute> {
        let mut detruits = Vec::new();
        let issue = self.conservateur.purger(jour, |detruit| {
            suivi(detruit);
            detruits.push(detruit.clone());
        });
        if !detruits.is_empty() {
            self.raconter(&detruits)?;
        }
        Ok(issue?)
    }

    fn raconter(&self, detruits: &[Detruit]) -> Result<(), Faute> {
        avec_le_journal(self.lac, self.adresse, async |_, journal| {
            for Detruit { echu, taille } in detruits {
                let detail = serde_json::json!({
                    "regle": echu.regle.code(),
                    "echeance": echu.echeance,
                    "lignes": taille.lignes,
                    "octets": taille.octets,
                });
                let objet = echu.objet.to_string();
                let ecriture = Ecriture::new(self.acteur, Action::Destruction, &objet);
                journal.inscrire(ecriture.avec(detail)).await?;
            }
            Ok(())
        })
    }

    /// Tells the audit trail of the destructions certified just before, destroys what the end of
    /// conventions makes it a duty to, then what is over in the database.
    ///
    /// # Errors
    /// The disk or the database refused; what is left is due again.
    pub fn tenir(&self, certifiees: &[Certificat], jour: Jour) -> Result<Tenue, Faute> {
        avec_le_journal(self.lac, self.adresse, async |base, journal| {
            let conventions = Conventions::ouvrir(base, self.conventions).await?;
            let trace = Trace {
                journal,
                acteur: self.acteur,
            };
            let certificats = self
                .conservateur
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
            let en_base = purger_en_base(base, trace, self.conservateur.durees(), jour).await?;
            Ok(Tenue {
                certificats,
                en_base,
            })
        })
    }
}
