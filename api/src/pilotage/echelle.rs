//! The ladder of a school: convention, tag, accounts, teachers, parents, regular use.

use frequent_plan::Jour;
use serde::Serialize;
use utoipa::ToSchema;

/// School weeks looked at together to tell a regular school.
const FENETRE: usize = 4;
/// How many of them must have had both teachers and parents.
const REGULIERES: usize = 3;

/// A step of the ladder, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Etape {
    /// Under a convention, and nothing received yet.
    Convention,
    /// Its tag was heard.
    Tag,
    /// Its accounts are open: a head count is known, or someone came.
    Comptes,
    /// A teacher came.
    Enseignant,
    /// A parent came.
    Parents,
    /// Teachers and parents came in three school weeks out of four.
    Regulier,
}

impl Etape {
    /// Every step, lowest first.
    pub(crate) const TOUTES: [Self; 6] = [
        Self::Convention,
        Self::Tag,
        Self::Comptes,
        Self::Enseignant,
        Self::Parents,
        Self::Regulier,
    ];
}

/// Who came to a school in a week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Venue {
    /// Someone.
    pub(crate) quelqu_un: bool,
    /// A teacher.
    pub(crate) enseignants: bool,
    /// A parent.
    pub(crate) parents: bool,
}

/// When each thing that a step asks for was first seen; none where it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Indices {
    /// Since when the school is under a convention.
    pub(crate) convention: Jour,
    /// Its tag was heard, or someone came.
    pub(crate) tag: Option<Jour>,
    /// A head count is known, or someone came.
    pub(crate) comptes: Option<Jour>,
    /// A teacher came.
    pub(crate) enseignant: Option<Jour>,
    /// A parent came.
    pub(crate) parents: Option<Jour>,
    /// It became regular.
    pub(crate) regulier: Option<Jour>,
}

impl Indices {
    /// The highest step reached, each asking for all those below, and since when.
    pub(crate) fn etape(&self) -> (Etape, Jour) {
        let suite = [
            self.tag,
            self.comptes,
            self.enseignant,
            self.parents,
            self.regulier,
        ];
        let (mut atteinte, mut depuis) = (Etape::Convention, self.convention);
        for (etape, vue) in Etape::TOUTES.into_iter().skip(1).zip(suite) {
            let Some(jour) = vue else { break };
            (atteinte, depuis) = (etape, depuis.max(jour));
        }
        (atteinte, depuis)
    }
}

/// The rank of the school week in which a school became regular, weeks being in order; none when it
/// never did.
pub(crate) fn reguliere(venues: &[Venue]) -> Option<usize> {
    let tous = |venue: &Venue| venue.enseignants && venue.parents;
    let mut fenetres = venues.windows(FENETRE);
    let rang = fenetres.position(|f| f.iter().filter(|v| tous(v)).count() >= REGULIERES)?;
    Some(rang + FENETRE - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    #[test]
    fn a_step_missing_below_holds_a_school_there() {
        let indices = Indices {
            convention: jour("2026-09-01"),
            tag: Some(jour("2026-09-10")),
            comptes: Some(jour("2026-08-20")),
            enseignant: None,
            parents: Some(jour("2026-10-05")),
            regulier: None,
        };
        // Accounts were open before the tag was heard: the step is reached with the tag.
        assert_eq!(indices.etape(), (Etape::Comptes, jour("2026-09-10")));
        let sans_tag = Indices {
            tag: None,
            ..indices
        };
        assert_eq!(sans_tag.etape(), (Etape::Convention, jour("2026-09-01")));
    }

    proptest! {
        #[test]
        fn a_school_is_regular_in_the_first_week_that_ends_four_with_three(
            semaines in proptest::collection::vec((any::<bool>(), any::<bool>()), 0..20)
        ) {
            let venues: Vec<Venue> = semaines
                .iter()
                .map(|(e, p)| Venue { quelqu_un: *e || *p, enseignants: *e, parents: *p })
                .collect();
            let mut attendu = None;
            for fin in 0..semaines.len() {
                let mut bonnes = 0;
                for recul in 0..4 {
                    if fin >= 3 && semaines[fin - recul] == (true, true) {
                        bonnes += 1;
                    }
                }
                if bonnes >= 3 && attendu.is_none() {
                    attendu = Some(fin);
                }
            }
            prop_assert_eq!(reguliere(&venues), attendu);
        }
    }
}
