//! What every request shares.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use frequent_ingest::acces::Acces;
use frequent_plan::vocabulaire::CODE_NATIONAL;
use frequent_plan::{Calendrier, Fuseaux, Horloge, Instant, Jour, Lac, Niveau, Plan};
use frequent_territory::aaf::AafErreur;
use frequent_territory::effectifs::Effectifs;
use frequent_territory::{Annuaire, Annuaires, OuvertureErreur};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accompagnement::Accompagnement;
use crate::audit::{AuditErreur, Journal};
use crate::base::Base;
use crate::comptes::Comptes;
use crate::conventions::{Conventions, ConventionsErreur};
use crate::donnees::{Lecteur, LectureErreur};
use crate::erreurs::Erreur;
use crate::hote::AdressePublique;
use crate::identites::{AnnuaireLdap, Attente, Oidc};
use crate::incidents::Incidents;
use crate::porte::{self, Seuil};
use crate::qualite::LecteurQualite;
use crate::rapports::Remise;

/// A setting in force, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reglage {
    /// `section.cle`.
    pub cle: String,
    /// Its value, as it is written in the file; a secret is masked.
    pub valeur: String,
    /// Whether it is the default.
    pub defaut: bool,
    /// What it does, in the words of the default file.
    pub explication: String,
}

/// What the API is made of.
pub struct Composants {
    /// The data folder.
    pub lac: Lac,
    /// The marking plan.
    pub plan: Arc<Plan>,
    /// The school calendar.
    pub calendrier: Calendrier,
    /// The time zones.
    pub fuseaux: Fuseaux,
    /// The database of what is administered.
    pub base: Base,
    /// The accounts.
    pub comptes: Comptes,
    /// The conventions.
    pub conventions: Conventions,
    /// Providers' keys and sites: who may send for which platform.
    pub acces: Arc<Acces>,
    /// Where tags and providers send, when it is not the address of the console.
    pub adresse_collecte: Option<String>,
    /// How few people a figure may be about.
    pub seuil: Seuil,
    /// The address that browsers use, when the settings say it.
    pub adresse_publique: Option<String>,
    /// The identity provider that one may sign in through.
    pub oidc: Option<Oidc>,
    /// The directory that one may sign in through.
    pub ldap: Option<AnnuaireLdap>,
    /// The settings in force, for those who run the platform to read.
    pub reglages: Vec<Reglage>,
    /// How reports reach people.
    pub remise: Remise,
    /// Where "now" comes from.
    pub horloge: Arc<dyn Horloge>,
}

/// What every request shares.
pub struct Etat {
    pub(crate) lac: Lac,
    pub(crate) plan: Arc<Plan>,
    pub(crate) calendrier: Calendrier,
    base: Base,
    pub(crate) comptes: Comptes,
    pub(crate) conventions: Conventions,
    pub(crate) incidents: Incidents,
    pub(crate) accompagnement: Accompagnement,
    pub(crate) audit: Arc<Journal>,
    pub(crate) acces: Arc<Acces>,
    pub(crate) adresse_collecte: Option<String>,
    pub(crate) adresse_publique: Option<AdressePublique>,
    pub(crate) oidc: Option<Oidc>,
    pub(crate) ldap: Option<AnnuaireLdap>,
    pub(crate) remise: Remise,
    pub(crate) lecteur: Arc<Lecteur>,
    pub(crate) qualite: Arc<LecteurQualite>,
    pub(crate) reglages: Vec<Reglage>,
    fuseaux: Fuseaux,
    horloge: Arc<dyn Horloge>,
    annuaires: RwLock<Connus>,
}

/// The directory in memory, and the folders it was read from.
struct Connus {
    annuaires: Arc<Annuaires>,
    effectifs: Arc<Effectifs>,
    dossiers: Dossiers,
}

/// The versions' folders, each with the instant of its last change.
type Dossiers = BTreeMap<OsString, SystemTime>;

fn dossiers(lac: &Lac) -> io::Result<Dossiers> {
    let liste = match std::fs::read_dir(lac.territoire()) {
        Ok(liste) => liste,
        Err(faute) if faute.kind() == io::ErrorKind::NotFound => return Ok(Dossiers::new()),
        Err(faute) => return Err(faute),
    };
    liste
        .map(|entree| {
            let entree = entree?;
            Ok((entree.file_name(), entree.metadata()?.modified()?))
        })
        .chain(effectifs(lac))
        .collect()
}

/// The table of head counts, when there is one, with the instant of its last change.
fn effectifs(lac: &Lac) -> Option<io::Result<(OsString, SystemTime)>> {
    let table = lac.effectifs();
    let change = std::fs::metadata(&table).and_then(|meta| meta.modified());
    match change {
        Ok(change) => Some(Ok((table.into_os_string(), change))),
        Err(faute) if faute.kind() == io::ErrorKind::NotFound => None,
        Err(faute) => Some(Err(faute)),
    }
}

impl Connus {
    /// The folders are listed first: a version that comes in between is read again next time.
    fn lire(lac: &Lac) -> Result<Self, RelectureErreur> {
        Ok(Self {
            dossiers: dossiers(lac)?,
            annuaires: Arc::new(Annuaires::ouvrir(lac)?),
            effectifs: Arc::new(Effectifs::ouvrir(lac)?),
        })
    }
}

/// Why the directory could not be read again.
#[derive(Debug, thiserror::Error)]
pub enum RelectureErreur {
    /// The folder of versions cannot be listed.
    #[error("versions de l’annuaire : {0}")]
    Dossier(#[from] io::Error),
    /// A version cannot be read.
    #[error(transparent)]
    Ouverture(#[from] OuvertureErreur),
    /// Head counts cannot be read.
    #[error(transparent)]
    Effectifs(#[from] AafErreur),
    /// The audit trail cannot be opened.
    #[error(transparent)]
    Audit(#[from] AuditErreur),
}

impl Etat {
    /// Opens the directory of the data folder and puts the rest together.
    ///
    /// # Errors
    /// The directory cannot be read; none imported yet is no error.
    pub fn ouvrir(composants: Composants) -> Result<Self, RelectureErreur> {
        Ok(Self {
            annuaires: RwLock::new(Connus::lire(&composants.lac)?),
            lecteur: Arc::new(Lecteur::new(
                composants.lac.clone(),
                Arc::clone(&composants.plan),
                composants.seuil,
            )),
            qualite: Arc::new(LecteurQualite::new(composants.lac.clone())),
            plan: composants.plan,
            calendrier: composants.calendrier,
            fuseaux: composants.fuseaux,
            audit: Arc::new(Journal::new(
                composants.base.clone(),
                &composants.lac,
                Arc::clone(&composants.horloge),
            )?),
            incidents: Incidents::new(composants.base.clone()),
            accompagnement: Accompagnement::new(composants.base.clone()),
            base: composants.base,
            lac: composants.lac,
            comptes: composants.comptes,
            conventions: composants.conventions,
            acces: composants.acces,
            adresse_collecte: composants.adresse_collecte,
            adresse_publique: composants
                .adresse_publique
                .as_deref()
                .and_then(AdressePublique::lire),
            oidc: composants.oidc,
            ldap: composants.ldap,
            reglages: composants.reglages,
            remise: composants.remise,
            horloge: composants.horloge,
        })
    }

    /// The database of what is administered.
    #[must_use]
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// The audit trail.
    #[must_use]
    pub fn audit(&self) -> &Arc<Journal> {
        &self.audit
    }

    /// The accounts, to purge expired sessions now and then.
    #[must_use]
    pub fn comptes(&self) -> &Comptes {
        &self.comptes
    }

    /// The register of incidents and series breaks.
    #[must_use]
    pub fn incidents(&self) -> &Incidents {
        &self.incidents
    }

    /// The support log.
    #[must_use]
    pub fn accompagnement(&self) -> &Accompagnement {
        &self.accompagnement
    }

    /// The conventions, for those who destroy what they made it a duty to.
    #[must_use]
    pub fn conventions(&self) -> &Conventions {
        &self.conventions
    }

    /// Reads the conventions again if another process changed them, and says whether one did. To be
    /// called every few seconds.
    ///
    /// # Errors
    /// The database refuses: the conventions in memory stay.
    pub async fn actualiser_conventions(&self) -> Result<bool, ConventionsErreur> {
        self.conventions.actualiser().await
    }

    /// Forgets which schools were read on past days: the audit trail tells it. To be called now and
    /// then.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn oublier_les_lectures(&self) -> Result<u64, AuditErreur> {
        let aujourdhui = self.aujourdhui_a_paris();
        self.audit.oublier_les_lectures_avant(aujourdhui).await
    }

    /// Reads the directory again if a version was imported since then, and says whether one was.
    /// To be called every few seconds: when nothing changed it only lists a folder. Requests in
    /// progress keep the directory they began with.
    ///
    /// # Errors
    /// The directory cannot be read: the one in memory stays.
    pub fn actualiser_annuaires(&self) -> Result<bool, RelectureErreur> {
        let connus = self
            .annuaires
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if connus.dossiers == dossiers(&self.lac)? {
            return Ok(false);
        }
        drop(connus);
        let relus = Connus::lire(&self.lac)?;
        *self
            .annuaires
            .write()
            .unwrap_or_else(PoisonError::into_inner) = relus;
        Ok(true)
    }

    /// Reads beforehand what the next questions would read, where the lake changed. To be called every
    /// few seconds, apart from requests: the first time it reads a school year.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub fn rechauffer(&self) -> Result<(), LectureErreur> {
        porte::rechauffer(&self.lecteur, &self.annuaires(), self.aujourdhui_a_paris())
    }

    /// The sign-ins that have left for a provider.
    pub(crate) fn attente(&self) -> Attente<'_> {
        Attente::new(&self.base, self.maintenant())
    }

    /// Now.
    #[must_use]
    pub fn maintenant(&self) -> Instant {
        self.horloge.maintenant()
    }

    /// Every version of the directory.
    pub(crate) fn annuaires(&self) -> Arc<Annuaires> {
        let connus = self.annuaires.read();
        Arc::clone(&connus.unwrap_or_else(PoisonError::into_inner).annuaires)
    }

    /// The head counts.
    pub(crate) fn effectifs(&self) -> Arc<Effectifs> {
        let connus = self.annuaires.read();
        Arc::clone(&connus.unwrap_or_else(PoisonError::into_inner).effectifs)
    }

    /// The latest version of the directory.
    pub(crate) fn annuaire(&self) -> Result<Arc<Annuaire>, Erreur> {
        let annuaires = self.annuaires();
        annuaires.courant().cloned().ok_or(Erreur::SansAnnuaire)
    }

    /// The calendar day it is in a territory: Paris's for the country, elsewhere that of its first
    /// school (no territory below the country has two time zones).
    pub(crate) fn aujourdhui(&self, annuaire: &Annuaire, niveau: Niveau, code: &str) -> Jour {
        let ecole = match niveau {
            Niveau::National => None,
            _ => annuaire.ecoles_de(niveau, code).next(),
        };
        let maintenant = self.horloge.maintenant();
        match ecole {
            Some(ecole) => self.fuseaux.heure_locale(ecole.uai, maintenant).jour,
            None => self.aujourdhui_a_paris(),
        }
    }

    /// The day it is in Paris, by which receipts are counted.
    pub(crate) fn aujourdhui_a_paris(&self) -> Jour {
        self.jour_a_paris(self.horloge.maintenant())
    }

    /// The day that an instant is of, in Paris.
    pub(crate) fn jour_a_paris(&self, instant: Instant) -> Jour {
        const PARIS: u16 = 75;
        let fuseau = self.fuseaux.de_prefixe(PARIS).clone();
        Jour::de_date(instant.timestamp().to_zoned(fuseau).date())
    }

    /// The name of a territory, or its code when the directory does not know it.
    pub(crate) fn nom(&self, niveau: Niveau, code: &str) -> String {
        let connu = self.annuaires().courant().and_then(|annuaire| {
            let territoire = annuaire.territoire(niveau, code)?;
            Some(territoire.nom.clone())
        });
        connu.unwrap_or_else(|| match (niveau, code) {
            (Niveau::National, CODE_NATIONAL) => frequent_territory::NOM_NATIONAL.to_owned(),
            _ => code.to_owned(),
        })
    }
}
