//! The weekly letter: one page to read before the week begins.

use crate::document::Bloc;
use crate::donnees::Donnees;

use super::{lire_ce_rapport, sections};

/// The services and schools that a letter names.
const NOMMES: usize = 5;

/// What it says.
pub(super) fn blocs(donnees: &Donnees) -> Vec<Bloc> {
    let mut blocs = vec![Bloc::Titre("La semaine en bref".to_owned())];
    blocs.extend(sections::remarques(donnees));
    blocs.push(Bloc::Liste(sections::phrases(donnees)));
    blocs.extend(sections::profils(donnees));
    blocs.extend(sections::semaines(donnees));
    blocs.extend(sections::services(donnees, NOMMES));
    blocs.extend(sections::mouvements(donnees, NOMMES));
    blocs.extend(sections::a_suivre(donnees, NOMMES));
    blocs.extend(lire_ce_rapport(donnees));
    blocs
}
