//! The templates: what each report says, in which order.

mod comite;
mod lettre;
mod sections;

use std::fmt;

use frequent_plan::{Grain, Niveau};
use serde::{Deserialize, Serialize};

use crate::document::{Bloc, Document};
use crate::donnees::Donnees;
use crate::francais::{INSECABLE, jour_long};

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modele {
    /// The steering committee's: the school year so far.
    Comite,
    /// The weekly letter.
    Lettre,
}

impl Modele {
    /// Every one of them.
    pub const TOUS: [Self; 2] = [Self::Comite, Self::Lettre];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Comite => "comite",
            Self::Lettre => "lettre",
        }
    }

    /// The one of this code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|modele| modele.code() == code)
    }

    /// What people call it.
    #[must_use]
    pub const fn nom(self) -> &'static str {
        match self {
            Self::Comite => "Rapport de comité de pilotage",
            Self::Lettre => "Lettre de la semaine",
        }
    }

    /// The length of the days that it is about.
    #[must_use]
    pub const fn grain(self) -> Grain {
        match self {
            Self::Comite => Grain::Annee,
            Self::Lettre => Grain::Semaine,
        }
    }
}

impl fmt::Display for Modele {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// What a report says of these figures.
#[must_use]
pub fn composer(modele: Modele, donnees: &Donnees) -> Document {
    let blocs = match modele {
        Modele::Comite => comite::blocs(donnees),
        Modele::Lettre => lettre::blocs(donnees),
    };
    Document {
        titre: format!("{}{INSECABLE}: {}", modele.nom(), donnees.lieu.nom),
        sous_titre: sous_titre(donnees),
        blocs,
        pied: format!(
            "FréquENT · établi le {} avec les droits de {}",
            jour_long(donnees.edite_le),
            donnees.destinataire
        ),
    }
}

fn sous_titre(donnees: &Donnees) -> String {
    let etendue = donnees.etendue;
    let niveau = match donnees.lieu.niveau {
        Niveau::Ecole => "École",
        Niveau::Circonscription => "Circonscription",
        Niveau::Commune => "Commune",
        Niveau::Departement => "Département",
        Niveau::Academie => "Académie",
        Niveau::Region => "Région académique",
        Niveau::National => "France",
    };
    let (debut, fin) = (jour_long(etendue.debut), jour_long(etendue.fin));
    if etendue.en_cours {
        let edite_le = jour_long(donnees.edite_le);
        return format!("{niveau}, depuis le {debut} (arrêté au {edite_le})");
    }
    if etendue.debut == etendue.fin {
        return format!("{niveau}, le {debut}");
    }
    format!("{niveau}, du {debut} au {fin}")
}

/// What closes every report: how to read it.
fn lire_ce_rapport(donnees: &Donnees) -> Vec<Bloc> {
    let blancs = "0 veut dire que personne n’est venu. «\u{a0}Masqué\u{a0}»\u{a0}: le chiffre existe mais concerne trop peu de personnes pour être montré. «\u{a0}Non mesuré\u{a0}»\u{a0}: aucune donnée n’est arrivée. «\u{a0}Non déployé\u{a0}»\u{a0}: aucune convention n’est en vigueur. Un tiret\u{a0}: il n’y a rien à calculer.";
    let definitions = donnees.definitions.iter();
    vec![
        Bloc::Titre("Lire ce rapport".to_owned()),
        Bloc::Paragraphe(blancs.to_owned()),
        Bloc::Liste(
            definitions
                .map(|(notion, sens)| format!("{notion}{INSECABLE}: {sens}"))
                .collect(),
        ),
    ]
}
