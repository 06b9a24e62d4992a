//! The one gate through which every figure leaves.
//!
//! A route never reads the lake by itself: it gives the gate the caller, the territory asked and
//! how to read it. The gate refuses what is outside the caller's perimeter before anything is
//! read, and hands the reading a [`Portee`], which only it can make and without which nothing can
//! be read. What is read comes back as [`Brutes`], which only the gate can open and which no format
//! can write. Perimeters act here, and so does secrecy, on the way out: what leaves is
//! [`MesuresRendues`], for every format alike.

mod activites;
mod appelant;
mod pairs;
mod qualite;
mod rendues;
mod repere;
mod secret;

use std::collections::BTreeSet;
use std::sync::Arc;

use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::Annuaires;

use crate::donnees::{Codes, LectureErreur};
use crate::erreurs::Erreur;

pub(crate) use activites::sortir_activites;
pub use appelant::Appelant;
pub(crate) use pairs::{Anonymes, sortir_ecoles, sortir_pairs};
pub use qualite::PorteeQualite;
pub(crate) use qualite::sortir_qualite;
pub(crate) use rendues::quotient;
pub use rendues::{EtatMesures, MesuresRendues};
pub use repere::RatiosRendus;
pub(crate) use repere::sortir_ratios;
pub(crate) use secret::{Annexe, JoursComptes, Memoire, Paires, Secrete, rechauffer};
pub use secret::{Seuil, SeuilTropBas};

/// The right to read one territory and what is inside it. Only the gate makes one.
#[derive(Debug, Clone)]
pub struct Portee {
    niveau: Niveau,
    code: String,
    /// The only schools that may be read, when it is not a territory.
    seules: Option<Codes>,
    appelant: Appelant,
    annuaires: Arc<Annuaires>,
}

impl Portee {
    /// The territory's level.
    #[must_use]
    pub fn niveau(&self) -> Niveau {
        self.niveau
    }

    /// The territory's code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The right to read a territory, once the gate has checked it.
    fn de_territoire(
        appelant: &Appelant,
        annuaires: &Arc<Annuaires>,
        (niveau, code): (Niveau, &str),
    ) -> Self {
        Self {
            niveau,
            code: code.to_owned(),
            seules: None,
            appelant: appelant.clone(),
            annuaires: Arc::clone(annuaires),
        }
    }

    /// Every version of the directory.
    #[must_use]
    pub fn annuaires(&self) -> &Arc<Annuaires> {
        &self.annuaires
    }

    /// The territories of a level that may be read: the territory itself at its own level, and at
    /// another those with a school in it, by the directory in force on that day, less those that
    /// reach outside the caller's perimeter (a commune that two circonscriptions share).
    #[must_use]
    pub fn codes(&self, niveau: Niveau, jour: Jour) -> Codes {
        if let Some(seules) = &self.seules {
            return match niveau {
                Niveau::Ecole => seules.clone(),
                _ => Codes::plusieurs([]),
            };
        }
        if niveau == self.niveau {
            return Codes::Un(self.code.clone());
        }
        let Some(annuaire) = self.annuaires.au(jour) else {
            return Codes::plusieurs([]);
        };
        let dedans = annuaire.enfants(self.niveau, &self.code, niveau);
        Codes::plusieurs(
            dedans
                .into_iter()
                .filter(|t| self.appelant.voit(annuaire, niveau, &t.code))
                .map(|t| t.code.clone()),
        )
    }
}

/// Figures as the lake has them, unmasked. They cannot be written in any format, and only the gate
/// takes them out.
#[derive(Debug)]
#[must_use]
pub struct Brutes<T>(T);

impl<T> Brutes<T> {
    /// Figures just read. Those who read the lake give nothing else.
    pub(crate) fn new(chiffres: T) -> Self {
        Self(chiffres)
    }

    /// The same figures, held otherwise.
    pub(crate) fn map<U>(self, tenir: impl FnOnce(T) -> U) -> Brutes<U> {
        Brutes(tenir(self.0))
    }

    /// These figures and others, together.
    pub(crate) fn avec<U>(self, autres: Brutes<U>) -> Brutes<(T, U)> {
        Brutes((self.0, autres.0))
    }
}

/// Lets figures out: checks that the caller may see the territory, reads, and hides what secrecy
/// hides of what was read.
///
/// # Errors
/// The territory is unknown or outside the caller's perimeter (then nothing is read), or the
/// reading fails.
pub(crate) async fn sortir<T, L>(
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    (niveau, code): (Niveau, &str),
    lire: impl FnOnce(Portee) -> L,
) -> Result<T::Rendu, Erreur>
where
    T: Secrete,
    L: Future<Output = Result<Brutes<T>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    appelant.territoire(annuaire, niveau, code)?;
    let portee = Portee::de_territoire(appelant, annuaires, (niveau, code));
    ouvrir(lire(portee).await?).await
}

/// The right to read some schools taken together. Only the gate makes one.
#[derive(Debug, Clone)]
pub struct PorteeEcoles {
    ecoles: BTreeSet<Uai>,
    annuaires: Arc<Annuaires>,
}

impl PorteeEcoles {
    /// The schools.
    #[must_use]
    pub fn ecoles(&self) -> &BTreeSet<Uai> {
        &self.ecoles
    }

    /// Every version of the directory.
    #[must_use]
    pub fn annuaires(&self) -> &Arc<Annuaires> {
        &self.annuaires
    }
}

/// Lets out the figures of some schools taken together, a set of the caller's own: checks that
/// each may be seen, reads, and hides what secrecy hides of what was read (measures over free days
/// are read as [`Libres`](crate::donnees::Libres)).
///
/// # Errors
/// [`Erreur::HorsPerimetre`] if a school may not be seen (then nothing is read), or the reading
/// fails.
pub(crate) async fn sortir_libre<T, L>(
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    ecoles: BTreeSet<Uai>,
    lire: impl FnOnce(PorteeEcoles) -> L,
) -> Result<T::Rendu, Erreur>
where
    T: Secrete,
    L: Future<Output = Result<Brutes<T>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    let vue = |uai: &Uai| appelant.voit(annuaire, Niveau::Ecole, uai.as_str());
    if !ecoles.iter().all(vue) {
        return Err(Erreur::HorsPerimetre);
    }
    let portee = PorteeEcoles {
        ecoles,
        annuaires: Arc::clone(annuaires),
    };
    ouvrir(lire(portee).await?).await
}

/// Opens what was read, less what is secret.
async fn ouvrir<T: Secrete>(Brutes(chiffres): Brutes<T>) -> Result<T::Rendu, Erreur> {
    let masquage = tokio::task::spawn_blocking(|| chiffres.masquer());
    Ok(masquage.await.map_err(LectureErreur::from)??)
}

#[cfg(test)]
#[path = "porte_tests.rs"]
mod tests;
