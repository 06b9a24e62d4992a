//! The test bench: events sent with a test key, or by a test site, are judged field by field in plain
//! French. Nothing of them is counted, kept or logged, and no pseudonym key is made for them.
//!
//! The verdicts are those of the very checks that count: a faulty field is noted, given a good value,
//! and the event checked again, until nothing more is found wrong.

mod avis;
mod conseils;
mod lecture;
mod refus;

use std::sync::Arc;

use frequent_plan::{
    AnneeScolaire, Brut, Cle, CleIndisponible, Controle, Conversions, Date, FenetreTemps, Fuseaux,
    Instant, NonAccepte, Origine, Plan, Raison, Refus, Trousseau, Uai,
};
use rustc_hash::FxHashMap;

pub use avis::{Avis, Bilan, Jugement, Verdict};
pub use lecture::Provenance;

use avis::Dossier;

/// More faults than an event has fields.
const PASSAGES_MAX: usize = 40;
/// Persons of one batch compared between platforms.
const PERSONNES_MAX: usize = 10_000;

/// What the bench judges with: the same as intake, but for the keys.
pub struct Juge<'j> {
    /// The marking plan.
    pub plan: &'j Plan,
    /// Providers' own names.
    pub conversions: &'j Conversions,
    /// The time zones.
    pub fuseaux: &'j Fuseaux,
    /// How far from the clock an event may be.
    pub fenetre: FenetreTemps,
    /// When the batch was received.
    pub maintenant: Instant,
    /// The platforms that the key or site may send for.
    pub plateformes: &'j [String],
}

/// The batch being judged.
pub struct Seance<'j> {
    juge: Juge<'j>,
    bilan: Bilan,
    /// The platform on which each person of the batch was first seen.
    personnes: FxHashMap<Box<str>, Box<str>>,
}

/// A key for pseudonyms that nobody will see: no key is asked of the key ring.
struct CleEphemere;

impl Trousseau for CleEphemere {
    fn cle(&self, _: &str, _: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        Ok(Arc::new(Cle::nouvelle(&[0; 32])))
    }
}

impl<'j> Seance<'j> {
    /// A batch of which nothing is judged yet.
    #[must_use]
    pub fn ouvrir(juge: Juge<'j>) -> Self {
        Self {
            juge,
            bilan: Bilan::default(),
            personnes: FxHashMap::default(),
        }
    }

    /// What the batch is worth.
    #[must_use]
    pub fn clore(self) -> Bilan {
        self.bilan
    }

    /// Judges raw fields, as a tag's hit gives them.
    pub fn juger(&mut self, ligne: u64, brut: Brut<'_>) {
        self.juger_avec(ligne, brut, Origine::Contenu, Dossier::default());
    }

    /// Notes an event of which nothing can be read.
    pub fn refuser(&mut self, ligne: u64, refus: &Refus) {
        let mut dossier = Dossier::default();
        dossier.refuser(self.juge.refus(refus, None));
        self.bilan.ajouter(dossier.conclure(ligne));
    }

    /// Notes what is neither an event nor a fault.
    pub fn conseiller(&mut self, ligne: u64, champ: &str, message: &str) {
        let mut dossier = Dossier::default();
        dossier.conseiller(champ, message);
        self.bilan.ajouter(dossier.conclure(ligne));
    }

    fn juger_avec(
        &mut self,
        ligne: u64,
        mut brut: Brut<'_>,
        origine: Origine<'_>,
        mut dossier: Dossier,
    ) {
        self.conseils(&brut, &mut dossier);
        let plateforme = brut.plateforme.as_deref().unwrap_or_default().trim();
        if !plateforme.is_empty() && !self.juge.plateformes.iter().any(|p| p == plateforme) {
            let refus = Refus::de("plateforme", Raison::PlateformeRefusee);
            dossier.refuser(self.juge.refus(&refus, None));
            self.juge.corriger(&mut brut, "plateforme");
        }
        let mut origine = origine;
        for _ in 0..PASSAGES_MAX {
            let Some(refus) = self.juge.premier_refus(&brut, origine) else {
                break;
            };
            let valeur = valeur_de(&brut, &refus.champ);
            dossier.refuser(self.juge.refus(&refus, valeur));
            if refus.champ == "id" {
                origine = Origine::Contenu;
            }
            self.juge.corriger(&mut brut, &refus.champ);
        }
        self.bilan.ajouter(dossier.conclure(ligne));
    }

    /// Whether this person was seen on another platform of the same batch.
    fn est_ailleurs(&mut self, plateforme: &str, personne: &str) -> bool {
        if let Some(premiere) = self.personnes.get(personne) {
            return **premiere != *plateforme;
        }
        if self.personnes.len() < PERSONNES_MAX {
            self.personnes.insert(personne.into(), plateforme.into());
        }
        false
    }
}

impl Juge<'_> {
    fn premier_refus(&self, brut: &Brut<'_>, origine: Origine<'_>) -> Option<Refus> {
        let controle = Controle {
            plan: self.plan,
            conversions: self.conversions,
            fuseaux: self.fuseaux,
            trousseau: &CleEphemere,
            maintenant: self.maintenant,
            fenetre: self.fenetre,
        };
        match controle.verifier(brut, origine) {
            Ok(_) | Err(NonAccepte::Cle(_)) => None,
            Err(NonAccepte::Refuse(refus)) => Some(refus),
        }
    }

    /// Gives a field a value that is good, so that the others can be judged.
    fn corriger(&self, brut: &mut Brut<'_>, champ: &str) {
        let premier = self.plan.services().next();
        let service = premier.map(|service| self.plan.code(service).to_owned());
        match champ {
            "ts" => brut.ts = Some(Date::Epoque(self.maintenant.0)),
            "uai" => brut.uai = Some(Uai::depuis_nombre(0).as_str().to_owned().into()),
            "profil" => brut.profil = Some("AUTRE".into()),
            "visiteur" => brut.visiteur = Some("essai".into()),
            "client" => brut.client = None,
            "service" => brut.service = service.map(Into::into),
            "type" => brut.type_service = None,
            "outil" => brut.outil = None,
            "plateforme" => {
                let premiere = self.plateformes.first().map_or("essai", String::as_str);
                brut.plateforme = Some(premiere.to_owned().into());
            }
            "projet" => brut.projet = None,
            "exploitant" => brut.exploitant = None,
            "appareil" => brut.appareil = None,
            "os" => brut.os = None,
            "navigateur" => brut.navigateur = None,
            _ => {}
        }
    }
}

/// What the sender wrote in a field of a closed vocabulary.
fn valeur_de<'b>(brut: &'b Brut<'_>, champ: &str) -> Option<&'b str> {
    match champ {
        "uai" => brut.uai.as_deref(),
        "profil" => brut.profil.as_deref(),
        "service" => brut.service.as_deref(),
        "type" => brut.type_service.as_deref(),
        "appareil" => brut.appareil.as_deref(),
        "os" => brut.os.as_deref(),
        "navigateur" => brut.navigateur.as_deref(),
        _ => None,
    }
}

#[cfg(test)]
#[path = "essai_tests.rs"]
mod tests;
