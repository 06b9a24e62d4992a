//! The gate's way out for a school's peers, which may be outside the caller's perimeter: their
//! quartiles leave, and nothing of any of them.

use std::sync::Arc;

use frequent_plan::{Niveau, Uai};
use frequent_territory::Annuaires;

use super::{Appelant, Brutes, Portee, Secrete, ouvrir};
use crate::donnees::{Codes, LectureErreur};
use crate::erreurs::Erreur;
use crate::pilotage::Repartition;

/// What was read of some schools, less what is secret. Only quartiles can be taken of it.
#[derive(Debug)]
pub(crate) struct Anonymes<T>(T);

impl<T> Anonymes<T> {
    /// The same, held otherwise: nothing leaves.
    pub(crate) fn map<U>(self, tenir: impl FnOnce(T) -> U) -> Anonymes<U> {
        Anonymes(tenir(self.0))
    }

    /// The quartiles of a value of each school; none when too few have one.
    pub(crate) fn repartition(&self, valeurs: impl FnOnce(&T) -> Vec<f64>) -> Option<Repartition> {
        Repartition::de(valeurs(&self.0))
    }
}

/// Lets out the quartiles of a school's peers: checks that the caller may see the school, reads the
/// peers, hides what secrecy hides of each.
///
/// # Errors
/// The school is unknown or outside the caller's perimeter (then nothing is read), or the reading
/// fails.
pub(crate) async fn sortir_pairs<T, L>(
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    (ecole, pairs): (Uai, &[Uai]),
    lire: impl FnOnce(Portee) -> L,
) -> Result<Anonymes<T::Rendu>, Erreur>
where
    T: Secrete,
    L: Future<Output = Result<Brutes<T>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    appelant.territoire(annuaire, Niveau::Ecole, ecole.as_str())?;
    let portee = Portee::de_ecoles(appelant, annuaires, pairs.iter().copied());
    ouvrir(lire(portee).await?).await.map(Anonymes)
}

/// Lets out the figures of some schools, each on its own: checks that the caller may see each.
///
/// # Errors
/// [`Erreur::HorsPerimetre`] if a school may not be seen (then nothing is read), or the reading
/// fails.
pub(crate) async fn sortir_ecoles<T, L>(
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    ecoles: impl IntoIterator<Item = Uai>,
    lire: impl FnOnce(Portee) -> L,
) -> Result<T::Rendu, Erreur>
where
    T: Secrete,
    L: Future<Output = Result<Brutes<T>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    let ecoles: Vec<Uai> = ecoles.into_iter().collect();
    let vue = |uai: &Uai| appelant.voit(annuaire, Niveau::Ecole, uai.as_str());
    if !ecoles.iter().all(vue) {
        return Err(Erreur::HorsPerimetre);
    }
    let portee = Portee::de_ecoles(appelant, annuaires, ecoles);
    ouvrir(lire(portee).await?).await
}

impl Portee {
    /// The right to read these schools, at their own level and no other.
    fn de_ecoles(
        appelant: &Appelant,
        annuaires: &Arc<Annuaires>,
        ecoles: impl IntoIterator<Item = Uai>,
    ) -> Self {
        Self {
            niveau: Niveau::National,
            code: String::new(),
            seules: Some(Codes::plusieurs(
                ecoles.into_iter().map(|uai| uai.as_str().to_owned()),
            )),
            appelant: appelant.clone(),
            annuaires: Arc::clone(annuaires),
        }
    }
}
