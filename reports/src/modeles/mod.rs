//! The templates: what each report says, in which order.

mod comite;
mod lettre;
mod phrases;
mod sections;

use std::fmt;

use frequent_plan::Niveau;
use serde::{Deserialize, Serialize};

use crate::document::{Bloc, Document};
use crate::donnees::{Donnees, Duree};
use crate::francais::{INSECABLE, du_au, jour_long};

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modele {
    /// The steering committee's: half a school year.
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
        titre: titre(modele, donnees),
        sous_titre: sous_titre(donnees),
        blocs,
        pied: format!(
            "FréquENT · établi le {} avec les droits de {}",
            jour_long(donnees.edite_le),
            donnees.destinataire
        ),
    }
}

/// Which report, of where; and of which days, but for the letter, whose subject is in every week's
/// mail box.
fn titre(modele: Modele, donnees: &Donnees) -> String {
    // The directory writes straight apostrophes.
    let lieu = donnees.lieu.nom.replace('\'', "’");
    let titre = format!("{}{INSECABLE}: {lieu}", modele.nom());
    let etendue = &donnees.etendue;
    match etendue.duree {
        Duree::Semaine => titre,
        Duree::Semestre { .. } => format!("{titre}, {}", du_au(etendue.debut, etendue.arretee)),
    }
}

fn sous_titre(donnees: &Donnees) -> String {
    let etendue = &donnees.etendue;
    let niveau = match donnees.lieu.niveau {
        Niveau::Ecole => "École",
        Niveau::Circonscription => "Circonscription",
        Niveau::Commune => "Commune",
        Niveau::Departement => "Département",
        Niveau::Academie => "Académie",
        Niveau::Region => "Région académique",
        Niveau::National => "France",
    };
    match &etendue.duree {
        Duree::Semaine if etendue.en_cours => {
            let debut = jour_long(etendue.debut);
            format!(
                "{niveau}, depuis le {debut} (arrêté au {})",
                jour_long(etendue.arretee)
            )
        }
        Duree::Semaine => format!("{niveau}, {}", du_au(etendue.debut, etendue.fin)),
        Duree::Semestre { second, annee } => {
            let rang = if *second { "second" } else { "premier" };
            let reste = if etendue.en_cours {
                format!(", en cours jusqu’au {}", jour_long(etendue.fin))
            } else {
                String::new()
            };
            format!("{niveau}, {rang} semestre de l’année scolaire {annee}{reste}")
        }
    }
}

/// What closes a committee's report: how to read it.
fn lire_ce_rapport(donnees: &Donnees) -> Vec<Bloc> {
    let definitions = donnees.definitions.iter();
    let definitions = definitions.map(|(notion, sens)| format!("{notion}{INSECABLE}: {sens}"));
    vec![
        Bloc::Titre("Lire ce rapport".to_owned()),
        blancs(donnees),
        Bloc::Notes(definitions.collect()),
    ]
}

/// What each blank means.
fn blancs(donnees: &Donnees) -> Bloc {
    let mut blancs = "0 veut dire que personne n’est venu. «\u{a0}Masqué\u{a0}»\u{a0}: le chiffre existe mais concerne trop peu de personnes pour être montré. «\u{a0}Non mesuré\u{a0}»\u{a0}: aucune donnée n’est arrivée. «\u{a0}Non déployé\u{a0}»\u{a0}: aucune convention n’est en vigueur. Un tiret\u{a0}: il n’y a rien à calculer."
        .to_owned();
    if donnees.sans_presence.is_some() {
        blancs.push_str(" «\u{a0}Non conservé\u{a0}»\u{a0}: ce qui permettait de compter les personnes est effacé.");
    }
    Bloc::Notes(vec![blancs])
}
