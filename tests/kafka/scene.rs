//! A data folder whose events go through a topic of their own.

use std::sync::MutexGuard;
use std::time::{Duration, Instant};

use crate::banc::trafic::{ECOLES, Ligne, instant};
use crate::banc::{Banc, PLATEFORME, Serveur, client, tous_les_fichiers};
use crate::courtier::{Courtier, unique};

/// Longest wait for something that has to happen.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// The data folder, the broker, and what binds them.
pub struct Scene {
    pub banc: Banc,
    pub courtier: MutexGuard<'static, Courtier>,
    pub cle: String,
    pub sujet: String,
    pub fournisseur: String,
    pub groupe: String,
    pub jour: String,
    reglages: Vec<(String, String)>,
}

impl Scene {
    pub fn new() -> Self {
        let courtier = Courtier::du_programme();
        let banc = Banc::avec_annuaire();
        banc.compte("national:FR");
        let (sujet, fournisseur) = (courtier.sujet("recus", 4), courtier.sujet("editeur", 2));
        let groupe = format!("essai-{}", unique());
        let admis = format!("{fournisseur}={PLATEFORME}");
        let reglages = [
            ("KAFKA_ACTIF", "true"),
            ("KAFKA_SERVEURS", &courtier.serveurs()),
            ("KAFKA_SUJET", &sujet),
            ("KAFKA_GROUPE", &groupe),
            ("KAFKA_FOURNISSEURS", &admis),
            ("KAFKA_DELAI_ABSENCE_S", "1"),
            ("KAFKA_DELAI_LIVRAISON_S", "2"),
        ];
        Self {
            reglages: reglages
                .map(|(cle, valeur)| (cle.to_owned(), valeur.to_owned()))
                .to_vec(),
            cle: banc.cle(),
            jour: crate::banc::trafic::lundi_dernier().to_string(),
            banc,
            courtier,
            sujet,
            fournisseur,
            groupe,
        }
    }

    /// Changes a setting of the processes to come.
    pub fn regler(&mut self, cle: &str, valeur: impl Into<String>) {
        self.reglages.retain(|(connue, _)| connue != cle);
        self.reglages.push((cle.to_owned(), valeur.into()));
    }

    /// Starts a process.
    pub fn servir(&self, roles: &str) -> Serveur {
        let reglages: Vec<(&str, &str)> = self
            .reglages
            .iter()
            .map(|(cle, valeur)| (cle.as_str(), valeur.as_str()))
            .collect();
        self.banc.servir_roles(roles, &reglages)
    }

    /// A batch: each event is one person's only event, so that visits count the events one by one.
    pub fn lot(&self, premier: u64, nombre: u64) -> String {
        let evenements = premier..premier + nombre;
        evenements.map(|rang| self.evenement(rang)).collect()
    }

    pub fn evenement(&self, rang: u64) -> String {
        let ecole = ECOLES[usize::try_from(rang % 3).unwrap()];
        Ligne {
            id: &format!("unique-{rang}"),
            ts: &instant(&self.jour, rang),
            uai: ecole,
            profil: "ELEVE",
            visiteur: &format!("personne-privee-{rang}"),
            service: "ACCUEIL",
            appareil: "ORDINATEUR",
        }
        .ndjson()
    }

    /// Waits until the console shows as many visits as events.
    pub fn attendre_visites(&self, serveur: &Serveur, attendues: u64) {
        let chemin = format!(
            "/api/v1/cellules?niveau=national&code=FR&grain=jour&du={0}&au={0}&profil=ELEVE&axe=total",
            self.jour
        );
        let session = serveur.session();
        let debut = Instant::now();
        loop {
            let reponse = session.lire(&chemin);
            let cellule = &reponse["cellules"][0];
            if cellule["visites"] == attendues {
                assert_eq!(cellule["evenements"], attendues);
                assert_eq!(cellule["utilisateurs"], attendues);
                return;
            }
            assert!(
                debut.elapsed() < PATIENCE,
                "{attendues} attendues : {reponse}\n{}",
                self.banc.traces()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Everything is counted, and counting again from raw events gives the same.
    pub fn verifier(&self) {
        self.banc.reussir(&["aggregate"]);
        self.banc.reussir(&["verify"]);
    }

    /// Nothing on disk, in the logs or on the topic of what is received holds this text.
    pub fn assert_absent(&self, secret: &str) {
        let present = |octets: &[u8]| octets.windows(secret.len()).any(|f| f == secret.as_bytes());
        for chemin in tous_les_fichiers(&self.banc.donnees()) {
            let octets = std::fs::read(&chemin).unwrap();
            assert!(!present(&octets), "{secret} dans {}", chemin.display());
        }
        assert!(
            !present(self.banc.traces().as_bytes()),
            "{secret} journalisé"
        );
    }
}

/// Sends a batch; the status and `Retry-After`, or nothing when the server went away.
pub fn essayer(url: &str, cle: &str, lot: &str) -> Option<(u16, Option<String>)> {
    let reponse = client()
        .post(format!("{url}/v1/events"))
        .header("Authorization", format!("Bearer {cle}"))
        .header("Content-Type", "application/x-ndjson")
        .send(lot)
        .ok()?;
    let attente = reponse.headers().get("retry-after");
    let attente = attente.map(|valeur| valeur.to_str().unwrap().to_owned());
    Some((reponse.status().as_u16(), attente))
}
