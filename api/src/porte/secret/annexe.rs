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

impl<T: Secrete> Secrete for Vec<T> {
    type Rendu = Vec<T::Rendu>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        self.into_iter().map(T::masquer).collect()
    }
}
