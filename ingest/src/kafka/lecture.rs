//! One record read: a sealed lot of ours, or a provider's native event, checked and pseudonymised
//! as over HTTP.

use std::sync::Arc;

use arrow::error::ArrowError;
use frequent_plan::{
    CleIndisponible, Controle, Evenement, FenetreTemps, Fuseaux, Horloge, Instant, NonAccepte,
    Plan, Refus, Trousseau,
};
use rdkafka::message::Message;
use rustc_hash::FxHashMap;

use super::consommateur::SujetFournisseur;
use super::forme::{Forme, Sceau};
use super::rebut::Rebut;
use super::tampon::Tampon;
use crate::acces::Acces;
use crate::formats::natif::Ligne;
use crate::lot::LecteurLots;
use crate::memoires::{Agents, preparer};
use crate::qualite::Qualite;
use crate::terminal::{TableInvalide, Terminaux};

/// A native event takes some 400 bytes; its longest fields together, a few thousand.
const NATIF_MAX: usize = 64 << 10;

/// What records are read with.
#[derive(Clone)]
pub struct MoyensLecture {
    /// The marking plan.
    pub plan: Arc<Plan>,
    /// The time zones.
    pub fuseaux: Arc<Fuseaux>,
    /// Where what providers send is counted.
    pub qualite: Arc<Qualite>,
    /// The providers' own names for services.
    pub acces: Arc<Acces>,
    /// The pseudonym keys.
    pub trousseau: Arc<dyn Trousseau>,
    /// The key that seals our own lots.
    pub sceau: Sceau,
    /// The clock.
    pub horloge: Arc<dyn Horloge>,
    /// How far from its record a native event may be.
    pub fenetre: FenetreTemps,
}

/// Why a record gave nothing.
pub(super) enum NonLu {
    /// It never will: it is counted and passed.
    Rebut(Rebut),
    /// The same, of a native event that the checks refuse.
    Refus(Refus),
    /// No pseudonym key: it must be read again later.
    Cle(CleIndisponible),
    /// The columns cannot take it.
    Colonnes(ArrowError),
}

impl From<Rebut> for NonLu {
    fn from(rebut: Rebut) -> Self {
        Self::Rebut(rebut)
    }
}

impl From<Refus> for NonLu {
    fn from(refus: Refus) -> Self {
        Self::Refus(refus)
    }
}

impl From<NonAccepte> for NonLu {
    fn from(cause: NonAccepte) -> Self {
        match cause {
            NonAccepte::Refuse(refus) => refus.into(),
            NonAccepte::Cle(erreur) => Self::Cle(erreur),
        }
    }
}

/// Reads records.
pub(super) struct Lecteur {
    moyens: MoyensLecture,
    terminaux: Terminaux,
    /// The platforms that each provider's topic may speak for.
    fournisseurs: FxHashMap<String, Vec<String>>,
    /// A record's own time is believed up to this age.
    conservation_ms: i64,
}

impl Lecteur {
    pub(super) fn new(
        moyens: MoyensLecture,
        fournisseurs: &[SujetFournisseur],
        conservation_ms: i64,
    ) -> Result<Self, TableInvalide> {
        let mut par_sujet = FxHashMap::<String, Vec<String>>::default();
        for fournisseur in fournisseurs {
            let plateformes = par_sujet.entry(fournisseur.sujet.clone()).or_default();
            plateformes.extend_from_slice(&fournisseur.plateformes);
        }
        Ok(Self {
            moyens,
            terminaux: Terminaux::charger()?,
            fournisseurs: par_sujet,
            conservation_ms,
        })
    }

    /// Puts the events of a record with the others, or none of them.
    pub(super) fn lire(&self, message: &impl Message, tampon: &mut Tampon) -> Result<(), NonLu> {
        let valeur = message.payload().ok_or(Rebut::SansValeur)?;
        match Forme::lire(message.headers())? {
            Forme::Lot { sceau } => self.lire_lot(valeur, sceau, tampon),
            Forme::Native => self.lire_natif(message, valeur, tampon),
        }
    }

    fn lire_lot(&self, valeur: &[u8], sceau: &[u8], tampon: &mut Tampon) -> Result<(), NonLu> {
        self.moyens.sceau.verifier(sceau, valeur)?;
        let plan = &self.moyens.plan;
        let evenements: Vec<Evenement<'_>> = LecteurLots::new(valeur, plan)
            .collect::<Result<_, _>>()
            .map_err(|_| Rebut::LotIllisible)?;
        for evenement in &evenements {
            tampon.pousser(evenement, plan).map_err(NonLu::Colonnes)?;
        }
        Ok(())
    }

    fn lire_natif(
        &self,
        message: &impl Message,
        valeur: &[u8],
        tampon: &mut Tampon,
    ) -> Result<(), NonLu> {
        let plateformes = self
            .fournisseurs
            .get(message.topic())
            .ok_or(Rebut::NatifNonAdmis)?;
        if valeur.len() > NATIF_MAX {
            return Err(Rebut::TropGros.into());
        }
        let recu_le = self.instant(message.timestamp().to_millis());
        let mut ligne = Ligne::default();
        let admet = |plateforme: &str| plateformes.iter().any(|p| p == plateforme);
        let pris = ligne
            .relire(valeur)
            .and_then(|()| preparer(&mut ligne, admet, &mut Agents::new(&self.terminaux)))
            .map_err(NonLu::from)
            .and_then(|()| self.prendre(&ligne, recu_le, message.topic(), tampon));
        if let Err(NonLu::Refus(refus)) = &pris {
            let plateforme = ligne.plateforme();
            let plateforme = if admet(plateforme) { plateforme } else { "" };
            tampon
                .decompte(message.topic(), recu_le, &self.moyens.qualite)
                .refuser(plateforme, ligne.brut.uai.as_deref(), refus);
        }
        pris
    }

    fn prendre(
        &self,
        ligne: &Ligne<'_>,
        recu_le: Instant,
        sujet: &str,
        tampon: &mut Tampon,
    ) -> Result<(), NonLu> {
        let conversions = self.moyens.acces.conversions();
        let controle = Controle {
            conversions: conversions.en_vigueur(),
            plan: &self.moyens.plan,
            fuseaux: &self.moyens.fuseaux,
            trousseau: &*self.moyens.trousseau,
            maintenant: recu_le,
            fenetre: self.moyens.fenetre,
        };
        let evenement = controle.verifier(&ligne.brut, ligne.origine(None, 0))?;
        let plan = &self.moyens.plan;
        tampon.pousser(&evenement, plan).map_err(NonLu::Colonnes)?;
        let personne = ligne.brut.visiteur.as_deref().unwrap_or_default();
        tampon
            .decompte(sujet, recu_le, &self.moyens.qualite)
            .accepter(&evenement, personne);
        Ok(())
    }

    /// What the event's own time is judged against: the record's time, so that reading late or
    /// again judges alike; the clock, when the record's time cannot be that of its arrival.
    fn instant(&self, enregistre: Option<i64>) -> Instant {
        let maintenant = self.moyens.horloge.maintenant();
        let plus_ancien = maintenant.0.saturating_sub(self.conservation_ms);
        let plus_recent = maintenant.0.saturating_add(self.moyens.fenetre.futur_ms);
        match enregistre {
            Some(ms) if (plus_ancien..=plus_recent).contains(&ms) => Instant(ms),
            _ => maintenant,
        }
    }
}

#[cfg(test)]
#[path = "lecture_tests.rs"]
mod tests;
