//! Hits of the older tag: `x1` service, `x2` profile, `x3` project, `x4` platform, in codes of its
//! own, and in `s2` the provider's number of the school, which only the site's configuration can
//! tell.
//!
//! A hit is one of these when it has one of those four parameters and none of the properties that
//! replaced them (`service`, `profil`, `uai`).

use std::borrow::Cow;

use frequent_plan::{Brut, Plan, Raison, Refus, Uai};

use super::champs::Champs;
use super::propriete;

/// An access told by the older tag, in its own codes.
#[derive(Debug, PartialEq, Eq)]
pub struct Ancien<'a> {
    /// What it says in today's terms: all but the school, the profile and the service.
    brut: Brut<'a>,
    service: Option<Cow<'a, str>>,
    profil: Option<Cow<'a, str>>,
    etablissement: Option<Cow<'a, str>>,
}

/// The hit comes from the older tag.
pub(super) fn est_ancien(c: &Champs<'_>) -> bool {
    let anciens = [c.x1, c.x2, c.x3, c.x4].iter().any(Option::is_some);
    let nouveaux = [c.service, c.profil, c.uai, c.col]
        .iter()
        .any(Option::is_some);
    anciens && !nouveaux
}

impl<'a> Ancien<'a> {
    /// The access of a hit whose other properties are `brut`.
    pub(super) fn lire(c: &Champs<'a>, mut brut: Brut<'a>) -> Result<Self, Refus> {
        if let Some(projet) = variable("x3", c.x3)? {
            brut.projet = Some(projet);
        }
        if let Some(plateforme) = variable("x4", c.x4)? {
            brut.plateforme = Some(plateforme);
        }
        Ok(Self {
            brut,
            service: variable("x1", c.x1)?,
            profil: variable("x2", c.x2)?,
            etablissement: variable("s2", c.s2)?,
        })
    }

    /// The access in today's codes; `uai` tells the school that the site calls by a number. A
    /// service code that the plan does not know is left as it is: the provider's conversions may.
    ///
    /// # Errors
    /// No number or no profile is given, or the number is neither known nor itself a UAI.
    pub fn traduire(
        self,
        plan: &Plan,
        uai: impl FnOnce(&str) -> Option<Uai>,
    ) -> Result<Brut<'a>, Refus> {
        let numero = self
            .etablissement
            .ok_or_else(|| Refus::de("s2", Raison::ChampManquant))?;
        let profil = self
            .profil
            .ok_or_else(|| Refus::de("x2", Raison::ChampManquant))?;
        let service = self.service.unwrap_or_default();
        let uai = uai(&numero)
            .or_else(|| Uai::lire(numero.as_bytes()).ok())
            .ok_or_else(|| Refus::de_valeur("s2", Raison::EtablissementInconnu, &numero))?;
        let mut brut = self.brut;
        brut.uai = Some(Cow::Owned(uai.to_string()));
        brut.profil = Some(Cow::Borrowed(plan.profil_ancien(&profil).code()));
        brut.service = Some(match plan.service_ancien(&service) {
            Some(connu) => Cow::Owned(plan.code(connu).to_owned()),
            None => service,
        });
        Ok(brut)
    }
}

/// A variable's value; the tag writes texts between brackets.
fn variable<'a>(nom: &str, valeur: Option<&'a [u8]>) -> Result<Option<Cow<'a, str>>, Refus> {
    let Some(texte) = propriete(nom, valeur)? else {
        return Ok(None);
    };
    let nu = texte.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let nu = nu.map(str::to_owned);
    let texte = nu.map_or(texte, Cow::Owned);
    Ok((!texte.is_empty()).then_some(texte))
}

#[cfg(test)]
#[path = "ancien_tests.rs"]
mod tests;
