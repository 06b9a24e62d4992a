//! What is said of each field that is not refused.

use frequent_plan::{Appareil, Brut, Date, Navigateur, Os, Terminal};
use jiff::Timestamp;

use super::Seance;
use super::avis::Dossier;
use crate::identifiants::examiner;

const MINUTE_MS: i64 = 60_000;
const JOUR_MS: i64 = 24 * 60 * MINUTE_MS;
/// A clock this far ahead is worth a word.
const AVANCE_MS: i64 = 2_000;

impl Seance<'_> {
    /// Opinions on the fields as they are; those that the checks refuse will be dropped.
    pub(super) fn conseils(&mut self, brut: &Brut<'_>, dossier: &mut Dossier) {
        self.instant(brut.ts.as_ref(), dossier);
        for (champ, valeur) in [
            ("uai", &brut.uai),
            ("profil", &brut.profil),
            ("plateforme", &brut.plateforme),
            ("projet", &brut.projet),
            ("exploitant", &brut.exploitant),
            ("appareil", &brut.appareil),
            ("os", &brut.os),
            ("navigateur", &brut.navigateur),
        ] {
            if valeur.as_deref().is_some_and(|v| !v.is_empty()) {
                dossier.accepter(champ, "accepté");
            }
        }
        self.personne(brut, dossier);
        if brut.client.as_deref().is_none_or(str::is_empty) {
            dossier.conseiller(
                "client",
                "absent : les appareils d’une même personne ne seront pas distingués ; envoyez un \
                 identifiant de navigateur ou d’application si vous en avez un",
            );
        } else {
            dossier.accepter("client", "accepté");
        }
        self.service(brut, dossier);
        outil(brut, dossier);
        terminal(brut, dossier);
    }

    fn instant(&self, ts: Option<&Date<'_>>, dossier: &mut Dossier) {
        let ms = match ts {
            None => return dossier.accepter("ts", "l’instant de réception est pris"),
            Some(Date::Epoque(ms)) => *ms,
            Some(Date::Rfc3339(texte)) => match texte.parse::<Timestamp>() {
                Ok(ts) => ts.as_millisecond(),
                // The checks say it.
                Err(_) => return,
            },
        };
        let retard = self.juge.maintenant.0.saturating_sub(ms);
        if retard < -AVANCE_MS {
            dossier.conseiller(
                "ts",
                format!(
                    "en avance de {} s sur l’horloge du serveur : vérifiez celle de l’émetteur",
                    -retard / 1_000
                ),
            );
        } else if retard > JOUR_MS {
            dossier.conseiller(
                "ts",
                format!(
                    "accepté, mais vieux de {} jour(s) : envoyez plutôt au fil de l’eau",
                    retard / JOUR_MS
                ),
            );
        } else {
            dossier.accepter(
                "ts",
                format!("accepté : {} s avant la réception", retard.max(0) / 1_000),
            );
        }
    }

    fn personne(&mut self, brut: &Brut<'_>, dossier: &mut Dossier) {
        let Some(personne) = brut.visiteur.as_deref().filter(|v| !v.is_empty()) else {
            return;
        };
        let plateforme = brut.plateforme.as_deref().unwrap_or_default().trim();
        let mut remarques = Vec::new();
        if let Some(soupcon) = examiner(personne) {
            remarques.push(soupcon.conseil());
        }
        if self.est_ailleurs(plateforme, personne) {
            remarques.push(
                "le même identifiant sert sur deux plateformes : il suit la personne de l’une à \
                 l’autre",
            );
        }
        if remarques.is_empty() {
            dossier.accepter("visiteur", "accepté : rien n’y désigne une personne");
        }
        for remarque in remarques {
            dossier.conseiller("visiteur", remarque);
        }
    }

    fn service(&self, brut: &Brut<'_>, dossier: &mut Dossier) {
        let Some(nom) = brut.service.as_deref() else {
            return;
        };
        let plateforme = brut.plateforme.as_deref().unwrap_or_default().trim();
        if self.juge.plan.service(nom).is_some() {
            dossier.accepter("service", "accepté");
        } else if let Some(vers) = self.juge.conversions.chercher(plateforme, nom.trim()) {
            dossier.accepter("service", format!("accepté : converti en {}", vers.service));
        }
    }
}

fn outil(brut: &Brut<'_>, dossier: &mut Dossier) {
    let tiers = brut.type_service.as_deref() == Some("TIERS");
    let donne = brut.outil.as_deref().is_some_and(|o| !o.trim().is_empty());
    if brut.type_service.as_deref().is_some_and(|t| !t.is_empty()) {
        dossier.accepter("type", "accepté");
    }
    match (tiers, donne) {
        (true, false) => dossier.conseiller(
            "outil",
            "absent : un accès TIERS sans outil compte pour le service, mais pour aucun outil",
        ),
        (false, true) => {
            dossier.conseiller("outil", "ignoré : un outil ne vaut qu’avec le type TIERS");
        }
        (true, true) => dossier.accepter("outil", "accepté"),
        (false, false) => {}
    }
}

fn terminal(brut: &Brut<'_>, dossier: &mut Dossier) {
    let dits = [&brut.appareil, &brut.os, &brut.navigateur];
    let tout_dit = dits
        .iter()
        .all(|d| d.as_deref().is_some_and(|v| !v.is_empty()));
    match brut.terminal {
        Some(reconnu) if reconnu == Terminal::INCONNU && !tout_dit => dossier.conseiller(
            "user_agent",
            "non reconnu : appareil, système et navigateur compteront comme AUTRE",
        ),
        Some(Terminal {
            appareil,
            os,
            navigateur,
        }) => {
            let message = format!("reconnu : {appareil}, {os}, {navigateur}");
            if appareil == Appareil::Autre || os == Os::Autre || navigateur == Navigateur::Autre {
                dossier.conseiller("user_agent", message);
            } else {
                dossier.accepter("user_agent", message);
            }
        }
        None if !tout_dit => dossier.conseiller(
            "user_agent",
            "absent : sans lui ni appareil, os et navigateur, ils compteront comme AUTRE",
        ),
        None => {}
    }
}
