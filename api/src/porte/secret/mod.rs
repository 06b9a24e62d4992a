//! What is hidden of the figures that leave.

mod annexe;
mod boite;
mod coins;
mod masque;
mod paires;
mod periodes;
mod periodes_lues;
mod seuil;
mod sortie;
mod totaux;

use crate::donnees::LectureErreur;

pub(crate) use annexe::Annexe;
pub(crate) use paires::Paires;
pub(crate) use periodes::JoursComptes;
pub use seuil::{Seuil, SeuilTropBas};
pub(crate) use sortie::rechauffer;
pub(crate) use totaux::Memoire;

/// Figures that know how to hide what is secret of them. What cannot hide anything cannot leave.
pub(crate) trait Secrete: Send + 'static {
    /// What leaves.
    type Rendu: Send + 'static;

    /// Hides what is secret; reads the figures around to know what that is.
    ///
    /// # Errors
    /// They cannot be read.
    fn masquer(self) -> Result<Self::Rendu, LectureErreur>;
}

impl<A: Secrete, B: Secrete> Secrete for (A, B) {
    type Rendu = (A::Rendu, B::Rendu);

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        Ok((self.0.masquer()?, self.1.masquer()?))
    }
}

impl<A: Secrete> Secrete for Option<A> {
    type Rendu = Option<A::Rendu>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        self.map(A::masquer).transpose()
    }
}

#[cfg(test)]
mod attaque_tests;
