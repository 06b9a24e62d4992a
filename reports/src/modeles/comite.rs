//! The steering committee's report: where the deployment stands, who uses it, for what, where to help.

use crate::document::Bloc;
use crate::donnees::Donnees;

use super::{lire_ce_rapport, phrases, sections};

/// What it says.
pub(super) fn blocs(donnees: &Donnees) -> Vec<Bloc> {
    let mut blocs = vec![Bloc::Titre("L’essentiel".to_owned())];
    blocs.extend(sections::chiffres(donnees));
    blocs.extend(phrases::remarques(donnees));
    blocs.push(Bloc::Liste(phrases::phrases(donnees)));
    blocs.extend(sections::deploiement(donnees));
    blocs.extend(sections::profils(donnees));
    blocs.extend(sections::semaines(donnees));
    blocs.extend(sections::services(donnees, usize::MAX));
    blocs.extend(sections::ecoles(donnees));
    blocs.extend(sections::a_suivre(donnees, usize::MAX));
    blocs.extend(sections::participations(donnees));
    blocs.extend(lire_ce_rapport(donnees));
    blocs
}
