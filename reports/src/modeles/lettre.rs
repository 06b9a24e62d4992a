//! The weekly letter: one page to read before the week begins.

use crate::document::Bloc;
use crate::donnees::Donnees;

use super::{blancs, phrases, sections};

/// The services and schools that a letter names.
const NOMMES: usize = 3;

/// What it says.
pub(super) fn blocs(donnees: &Donnees) -> Vec<Bloc> {
    let mut blocs = vec![Bloc::Titre("La semaine en bref".to_owned())];
    blocs.extend(sections::chiffres(donnees));
    blocs.extend(phrases::remarques(donnees));
    blocs.push(Bloc::Liste(phrases::phrases(donnees)));
    blocs.extend(sections::profils(donnees));
    blocs.extend(sections::semaines(donnees));
    blocs.extend(sections::services(donnees, NOMMES));
    blocs.extend(sections::mouvements(donnees, NOMMES));
    blocs.extend(sections::a_suivre(donnees, NOMMES));
    blocs.push(blancs(donnees));
    blocs
}
