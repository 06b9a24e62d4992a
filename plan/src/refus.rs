//! Why an event is refused: one list, for counters, logs, answers and the console alike.

use std::fmt;

/// Declares the reasons with their code and their explanation in French.
macro_rules! raisons {
    ($($variante:ident = $code:literal, $texte:literal;)+) => {
        /// The reason of a refusal.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Raison { $(#[doc = $texte] $variante),+ }

        impl Raison {
            /// Every reason.
            pub const TOUTES: &'static [Self] = &[$(Self::$variante),+];

            /// The code: the counter's label, the log's field, the answer's `raison`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variante => $code),+ }
            }

            /// What went wrong, in a sentence for an integrator.
            #[must_use]
            pub const fn explication(self) -> &'static str {
                match self { $(Self::$variante => $texte),+ }
            }
        }
    };
}

raisons! {
    JsonInvalide = "json_invalide", "La ligne n’est pas un objet JSON valide.";
    Utf8Invalide = "utf8_invalide", "Le texte n’est pas de l’UTF-8 valide.";
    CsvInvalide = "csv_invalide", "La ligne n’a pas autant de valeurs que l’en-tête a de colonnes, ou un guillemet n’y est pas fermé.";
    LigneTropLongue = "ligne_trop_longue", "La ligne est bien plus longue qu’un événement ne peut l’être.";
    ChampInconnu = "champ_inconnu", "Ce champ n’est pas attendu : retirez-le de vos envois.";
    ChampManquant = "champ_manquant", "Ce champ est obligatoire.";
    ChampEnDouble = "champ_en_double", "Ce champ est donné deux fois.";
    TypeInvalide = "type_invalide", "La valeur n’est pas du type attendu.";
    TexteInvalide = "texte_invalide", "Le texte est vide, trop long ou contient des caractères de contrôle.";
    UaiMalforme = "uai_malforme", "Un UAI compte sept chiffres puis une lettre.";
    CleInvalide = "cle_invalide", "La lettre de contrôle de l’UAI ne correspond pas à ses chiffres.";
    ValeurInconnue = "valeur_inconnue", "La valeur n’est pas dans la liste du plan de marquage.";
    DateIllisible = "date_illisible", "La date n’est ni au format RFC 3339, ni en millisecondes depuis 1970.";
    TropAncien = "trop_ancien", "L’événement est trop ancien pour être accepté.";
    Futur = "futur", "L’événement est daté dans le futur : vérifiez l’horloge de l’émetteur.";
    PlateformeRefusee = "plateforme_refusee", "La clé présentée n’émet pas pour cette plateforme.";
    SiteInconnu = "site_inconnu", "Ce numéro de site n’est pas déclaré.";
    EtablissementInconnu = "etablissement_inconnu", "Ce numéro d’établissement n’est rattaché à aucun UAI pour ce site.";
    OrigineRefusee = "origine_refusee", "La page qui envoie n’est pas d’une origine déclarée pour ce site.";
    RequeteIllisible = "requete_illisible", "La requête du marqueur est coupée ou mal échappée.";
    PartieManquante = "partie_manquante", "Un envoi en plusieurs parties n’est jamais arrivé en entier.";
    AbandonDuMarqueur = "abandon_du_marqueur", "Le marqueur a renoncé lui-même à envoyer cette page, trop longue.";
}

impl fmt::Display for Raison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl serde::Serialize for Raison {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

/// One refusal: which field, why, and the value only when the field's vocabulary is closed, so that
/// nothing personal is ever echoed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("{champ} : {raison}")]
pub struct Refus {
    /// The field's name as the sender wrote it in the format's own terms.
    pub champ: String,
    /// The reason.
    pub raison: Raison,
    /// The refused value, for closed-vocabulary fields only; at most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valeur: Option<String>,
}

impl Refus {
    /// A refusal that echoes nothing.
    #[must_use]
    pub fn de(champ: &str, raison: Raison) -> Self {
        Self {
            champ: champ.to_owned(),
            raison,
            valeur: None,
        }
    }

    /// A refusal of a closed-vocabulary value, which is echoed when it has the shape of a code
    /// (letters, digits, `_ - < > =`): a code holds no sentence, name or address.
    #[must_use]
    pub fn de_valeur(champ: &str, raison: Raison, valeur: &str) -> Self {
        let est_un_code = (1..=40).contains(&valeur.len())
            && valeur
                .bytes()
                .all(|o| o.is_ascii_alphanumeric() || b"_-<>=".contains(&o));
        Self {
            champ: champ.to_owned(),
            raison,
            valeur: est_un_code.then(|| valeur.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_no_code_is_never_echoed() {
        let refus = Refus::de_valeur("service", Raison::ValeurInconnue, "Marie Dupont");
        assert_eq!(refus.valeur, None);
        let refus = Refus::de_valeur("service", Raison::ValeurInconnue, "CAHIER_DE_TEXTE");
        assert_eq!(refus.valeur.as_deref(), Some("CAHIER_DE_TEXTE"));
    }

    #[test]
    fn reason_codes_are_all_different() {
        let codes: std::collections::BTreeSet<_> =
            Raison::TOUTES.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Raison::TOUTES.len());
    }
}
