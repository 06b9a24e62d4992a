//! The daily destruction of what is over, by the process that counts.

use std::sync::{Arc, Mutex, PoisonError};

use frequent_api::audit::{Action, Ecriture, Journal, PLANIFICATEUR, Trace};
use frequent_api::base::{AdresseBase, Base};
use frequent_api::conservation::{Certificat, Conservateur, Detruit, EchuEnBase, purger_en_base};
use frequent_api::conventions::{Conventions, ReglagesConventions};
use frequent_ingest::TrousseauDisque;
use frequent_plan::conservation::{Durees, Regle};
use frequent_plan::{Fuseaux, HorlogeSysteme, Instant, Jour, Lac, Uai};

use super::serveur::Faute;
use crate::reglages::Reglages;

/// What destroys, and up to which day it did.
pub struct Conservation {
    conservateur: Conservateur,
    lac: Lac,
    adresse: AdresseBase,
    conventions: ReglagesConventions,
    durees: Durees,
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
            durees,
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
        let mut detruits = Vec::new();
        let mut certificats = self.conservateur.purger(jour, |detruit| {
            noter(detruit);
            detruits.push(detruit.clone());
        })?;
        let registres = Registres {
            lac: &self.lac,
            adresse: &self.adresse,
            conventions: self.conventions,
            durees: self.durees,
            acteur: PLANIFICATEUR,
        };
        let tenue = registres.tenir(&self.conservateur, (&detruits, &certificats), jour)?;
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

/// What the daily purge does in the database: the conventions that ended, and the audit trail.
pub struct Registres<'r> {
    pub lac: &'r Lac,
    pub adresse: &'r AdresseBase,
    pub conventions: ReglagesConventions,
    pub durees: Durees,
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
    /// Tells the audit trail of the parts destroyed and of the destructions certified just before,
    /// destroys what the end of conventions makes it a duty to, then what is over in the database.
    ///
    /// # Errors
    /// The disk or the database refused; what is left is due again.
    pub fn tenir(
        &self,
        conservateur: &Conservateur,
        (detruits, certifiees): (&[Detruit], &[Certificat]),
        jour: Jour,
    ) -> Result<Tenue, Faute> {
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
            for detruit in detruits {
                let objet = format!(
                    "{} {}",
                    detruit.echu.objet.table(),
                    detruit.echu.objet.partie()
                );
                let detail = serde_json::json!({
                    "regle": detruit.echu.regle.code(),
                    "echeance": detruit.echu.echeance,
                    "lignes": detruit.taille.lignes,
                    "octets": detruit.taille.octets,
                });
                let ecriture = Ecriture::new(self.acteur, Action::Destruction, &objet);
                journal.inscrire(ecriture.avec(detail)).await?;
            }
            let certificats = conservateur
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
            let en_base = purger_en_base(&base, trace, &self.durees, jour).await?;
            base.fermer().await;
            Ok(Tenue {
                certificats,
                en_base,
            })
        })
    }
}

/// Today, in mainland France.
pub fn aujourd_hui(fuseaux: &Fuseaux) -> Jour {
    let metropole = Uai::depuis_nombre(0);
    fuseaux.heure_locale(metropole, Instant::maintenant()).jour
}
