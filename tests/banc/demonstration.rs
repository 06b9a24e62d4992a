//! The demo, made small and on a chosen day, and its accounts.

use std::process::Stdio;

use super::{Banc, Serveur};

impl Banc {
    /// Makes a small demo as on this day, serves it on a free port, and waits until it listens.
    pub fn demontrer(&self, jour: &str) -> Serveur {
        let mut commande = self.commande(&["demo", "--legere", "--jour", jour]);
        commande
            .env("FREQUENT_SERVEUR_ADRESSE", "127.0.0.1:0")
            // Counted once, when all is sent.
            .env("FREQUENT_CALCUL_INTERVALLE_S", "600")
            .stderr(Stdio::inherit());
        Self::lancer(&mut commande)
    }

    /// The password of the demo's accounts.
    pub fn mot_de_passe_de_la_demo(&self) -> String {
        let etat = std::fs::read(self.donnees().join("demo/demo.json")).unwrap();
        let etat: serde_json::Value = serde_json::from_slice(&etat).unwrap();
        etat["mot_de_passe"].as_str().unwrap().to_owned()
    }
}
