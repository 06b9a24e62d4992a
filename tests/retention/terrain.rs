//! A counted lake, and what the tests look at in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use frequent_plan::{Jour, Lac};

use crate::banc::trafic::{journee, lundi_dernier};
use crate::banc::{Banc, fichiers, rangees, reussie};

/// Events sent for each day.
pub const EVENEMENTS: usize = 300;
/// Keep raw events sixty days, as by default.
pub const SOIXANTE_JOURS: (&str, &str) = ("CONSERVATION_EVENEMENTS_JOURS", "60");

/// A lake counted from the events of some days.
pub struct Terrain {
    pub banc: Banc,
    pub cle: String,
}

impl Terrain {
    /// Sends events for these days and counts them.
    pub fn new(jours: &[Jour]) -> Self {
        let banc = Banc::avec_annuaire();
        let cle = banc.cle();
        let terrain = Self { banc, cle };
        let mut lignes = Vec::new();
        for (graine, jour) in (1..).zip(jours) {
            let du_jour = journee(graine, *jour, EVENEMENTS);
            let prefixe = format!("\"id\":\"{jour}-");
            lignes.extend(du_jour.iter().map(|l| l.replace("\"id\":\"", &prefixe)));
        }
        terrain.envoyer(&lignes.concat());
        terrain.banc.reussir(&["aggregate"]);
        terrain.banc.reussir(&["verify"]);
        terrain
    }

    /// Of one day over for long and of last week.
    pub fn ancien_et_recent() -> (Self, Jour, Jour) {
        let recent = lundi_dernier();
        let ancien = recent.plus(-70);
        (Self::new(&[ancien, recent]), ancien, recent)
    }

    /// Sends events, which land when the server stops.
    pub fn envoyer(&self, lignes: &str) {
        let serveur = self.banc.servir_roles("collect,land", &[]);
        assert_eq!(serveur.envoyer(&self.cle, lignes).0, 202);
        assert!(serveur.terminer().success());
    }

    pub fn lac(&self) -> Lac {
        Lac::new(self.banc.donnees())
    }

    /// Runs a command with these settings, which must succeed.
    pub fn avec(&self, reglages: &[(&str, &str)], arguments: &[&str]) -> String {
        let mut commande = self.banc.commande(arguments);
        for (cle, valeur) in reglages {
            commande.env(format!("FREQUENT_{cle}"), valeur);
        }
        reussie(
            &format!("frequent {arguments:?}"),
            commande.output().unwrap(),
        )
    }

    /// Every published cell's file.
    pub fn cumuls(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fichiers(&self.lac().lake().join("cumuls"))
    }
}

/// Every row of the files under a folder, by file.
pub fn lignes(dossier: &Path) -> BTreeMap<PathBuf, Vec<String>> {
    fichiers(dossier)
        .into_iter()
        .map(|(chemin, octets)| (chemin, rangees(octets)))
        .collect()
}
