//! The gate's way out for what schools' states are made of.

use std::collections::HashMap;
use std::sync::Arc;

use frequent_plan::{Niveau, Uai};
use frequent_territory::Annuaires;

use super::{Appelant, Brutes, Portee};
use crate::donnees::{Activite, LectureErreur, MoisVisites};
use crate::erreurs::Erreur;
use crate::pilotage::Venue;

/// What says a word of a school, and no count.
pub(crate) trait Mot: Send + 'static {}

impl Mot for Activite {}
impl Mot for MoisVisites {}
impl Mot for Vec<Venue> {}

/// Lets out whether schools were visited: checks that the caller may see the territory, reads, and
/// opens what was read.
///
/// Secrecy of small figures does not act on a state, which is a word and no count: "active", "open",
/// "never visited" say that figures are zero or not, and a masked cell says that it is not zero
/// already. What the states are made of goes no further than the words (`conventions::etats`,
/// `pilotage`).
///
/// # Errors
/// The territory is unknown or outside the caller's perimeter (then nothing is read), or the
/// reading fails.
pub(crate) async fn sortir_activites<A, L>(
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    (niveau, code): (Niveau, &str),
    lire: impl FnOnce(Portee) -> L,
) -> Result<HashMap<Uai, A>, Erreur>
where
    A: Mot,
    L: Future<Output = Result<Brutes<HashMap<Uai, A>>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    appelant.territoire(annuaire, niveau, code)?;
    let portee = Portee::de_territoire(appelant, annuaires, (niveau, code));
    let Brutes(activites) = lire(portee).await?;
    Ok(activites)
}
