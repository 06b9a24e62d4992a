//! What is read beside figures, and tells nobody's presence.

use super::Secrete;
use crate::donnees::LectureErreur;

/// Which schools were heard, which days are kept: nothing of it is about persons, and nothing of it
/// is hidden.
#[derive(Debug, Clone)]
pub(crate) struct Annexe<T>(pub(crate) T);

impl<T: Send + 'static> Secrete for Annexe<T> {
    type Rendu = T;

    fn masquer(self) -> Result<T, LectureErreur> {
        Ok(self.0)
    }
}

impl<A: Secrete> Secrete for Vec<A> {
    type Rendu = Vec<A::Rendu>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        self.into_iter().map(A::masquer).collect()
    }
}
