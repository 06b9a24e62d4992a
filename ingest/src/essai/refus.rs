//! A refusal in words: what is wrong, and what was probably meant.

use frequent_plan::{
    Appareil, Navigateur, Os, Profil, Raison, Refus, TypeService, Uai, UaiInvalide,
};

use super::Juge;
use super::avis::{Avis, Verdict};
use crate::formats::natif::CHAMPS;

/// Under this likeness, nothing is proposed.
const RESSEMBLANCE_MIN: f64 = 0.7;

impl Juge<'_> {
    /// `valeur` is what the sender wrote; it is shown only as a refusal may show it.
    pub(super) fn refus(&self, refus: &Refus, valeur: Option<&str>) -> Avis {
        let message = match refus.raison {
            Raison::ValeurInconnue => self.valeur_inconnue(refus, valeur),
            Raison::ChampInconnu => champ_inconnu(&refus.champ),
            Raison::CleInvalide => cle_invalide(valeur),
            Raison::PlateformeRefusee => format!(
                "{} Elle émet pour : {}.",
                refus.raison.explication(),
                self.plateformes.join(", ")
            ),
            raison => raison.explication().to_owned(),
        };
        Avis {
            champ: refus.champ.clone(),
            verdict: Verdict::Refuse,
            raison: Some(refus.raison),
            message,
        }
    }

    fn valeur_inconnue(&self, refus: &Refus, valeur: Option<&str>) -> String {
        let codes = self.codes(&refus.champ);
        let ecrit = match &refus.valeur {
            Some(valeur) => format!("« {valeur} » n’est pas un code du plan"),
            None => "cette valeur n’est pas un code du plan".to_owned(),
        };
        let ancien = valeur
            .filter(|_| refus.champ == "service")
            .and_then(|v| self.plan.service_ancien(v))
            .map(|service| self.plan.code(service));
        if let Some(code) = ancien {
            return format!("{ecrit} : l’ancien code s’écrit aujourd’hui {code}.");
        }
        match valeur.and_then(|v| proche(v, codes.iter().copied())) {
            Some(code) => format!("{ecrit} ; vouliez-vous dire {code} ?"),
            None if codes.len() <= 10 => {
                format!("{ecrit} ; attendu : {}.", codes.join(", "))
            }
            None => format!(
                "{ecrit} ; les codes commencent par {}… : voyez la liste du plan de marquage.",
                codes.iter().take(3).copied().collect::<Vec<_>>().join(", ")
            ),
        }
    }

    fn codes(&self, champ: &str) -> Vec<&str> {
        match champ {
            "service" => self.plan.services().map(|s| self.plan.code(s)).collect(),
            "profil" => Profil::TOUS.iter().map(|m| m.code()).collect(),
            "type" => TypeService::TOUS.iter().map(|m| m.code()).collect(),
            "appareil" => Appareil::TOUS.iter().map(|m| m.code()).collect(),
            "os" => Os::TOUS.iter().map(|m| m.code()).collect(),
            "navigateur" => Navigateur::TOUS.iter().map(|m| m.code()).collect(),
            _ => Vec::new(),
        }
    }
}

fn champ_inconnu(champ: &str) -> String {
    let conseil = match proche(champ, CHAMPS.iter().copied()) {
        Some(connu) => format!(" Vouliez-vous dire « {connu} » ?"),
        None => String::new(),
    };
    format!("{}{conseil}", Raison::ChampInconnu.explication())
}

fn cle_invalide(valeur: Option<&str>) -> String {
    let explication = Raison::CleInvalide.explication();
    match valeur.map(|v| Uai::lire(v.as_bytes())) {
        Some(Err(UaiInvalide::Cle { attendue })) => {
            format!("{explication} Pour ces chiffres, c’est {attendue}.")
        }
        _ => explication.to_owned(),
    }
}

/// The code that looks most like this text, whatever the case and the dashes.
fn proche<'c>(texte: &str, codes: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let simple = |t: &str| t.to_uppercase().replace(['-', ' '], "_");
    let texte = simple(texte);
    codes
        .map(|code| (strsim::jaro_winkler(&texte, &simple(code)), code))
        .filter(|(ressemblance, _)| *ressemblance >= RESSEMBLANCE_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, code)| code)
}
