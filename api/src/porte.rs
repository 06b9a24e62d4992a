//! The one gate through which every figure leaves.
//!
//! A route never reads the lake by itself: it gives the gate the caller, the territory asked and
//! how to read it. The gate refuses what is outside the caller's perimeter before anything is
//! read, and hands the reading a [`Portee`], which only it can make and without which nothing can
//! be read. What is read comes back as [`Brutes`], which only the gate can open and which no format
//! can write. Perimeters act here; secrecy (small cells) has its place in [`sortir`], on the way
//! out, for every format alike.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use frequent_ingest::acces::Acces;
use frequent_plan::{Jour, Niveau};
use frequent_territory::{Annuaire, Annuaires, Perimetre, Territoire};

use crate::comptes::Compte;
use crate::donnees::{Codes, LectureErreur};
use crate::erreurs::Erreur;
use crate::qualite::Source;

/// Who asks: an account with a live session.
#[derive(Debug, Clone)]
pub struct Appelant {
    compte: Compte,
    /// None for a provider's account: it sees no territory.
    perimetre: Option<Perimetre>,
}

impl Appelant {
    /// The holder of this account.
    #[must_use]
    pub fn new(compte: Compte) -> Self {
        let perimetre = compte.droits.perimetre();
        Self {
            perimetre: perimetre.map(|p| Perimetre::territoire(p.niveau, &p.code)),
            compte,
        }
    }

    /// The account.
    #[must_use]
    pub fn compte(&self) -> &Compte {
        &self.compte
    }

    /// Whether the whole of a territory may be seen.
    #[must_use]
    pub fn voit(&self, annuaire: &Annuaire, niveau: Niveau, code: &str) -> bool {
        self.perimetre
            .as_ref()
            .is_some_and(|perimetre| perimetre.contient(annuaire, niveau, code))
    }

    /// Whether the tagging quality of some platform may be seen.
    #[must_use]
    pub fn voit_la_qualite(&self) -> bool {
        let droits = &self.compte.droits;
        droits.voit_toute_plateforme() || !droits.plateformes().is_empty()
    }

    /// The platforms whose tagging quality may be seen: those the account was given, or every one
    /// that a key or a site names.
    #[must_use]
    pub fn plateformes(&self, acces: &Acces) -> BTreeSet<String> {
        let droits = &self.compte.droits;
        if !droits.voit_toute_plateforme() {
            return droits.plateformes().clone();
        }
        let cles = acces.lister_cles();
        let sites = acces.lister_sites();
        let des_cles = cles.into_iter().flat_map(|cle| cle.plateformes);
        let des_sites = sites
            .into_iter()
            .flat_map(|site| site.autres_plateformes.into_iter().chain([site.plateforme]));
        let donnees = droits.plateformes().iter().cloned();
        des_cles.chain(des_sites).chain(donnees).collect()
    }

    /// Whether the tagging quality of this platform may be seen.
    #[must_use]
    pub fn voit_plateforme(&self, plateforme: &str) -> bool {
        let droits = &self.compte.droits;
        droits.voit_toute_plateforme() || droits.plateformes().contains(plateforme)
    }

    /// The territory of this level and code, if it exists and may be seen.
    ///
    /// # Errors
    /// [`Erreur::SansTerritoire`], [`Erreur::TerritoireInconnu`] or [`Erreur::HorsPerimetre`].
    pub fn territoire<'a>(
        &self,
        annuaire: &'a Annuaire,
        niveau: Niveau,
        code: &str,
    ) -> Result<&'a Territoire, Erreur> {
        if self.perimetre.is_none() {
            return Err(Erreur::SansTerritoire);
        }
        let territoire =
            annuaire
                .territoire(niveau, code)
                .ok_or_else(|| Erreur::TerritoireInconnu {
                    niveau,
                    code: code.to_owned(),
                })?;
        if self.voit(annuaire, niveau, code) {
            Ok(territoire)
        } else {
            Err(Erreur::HorsPerimetre)
        }
    }
}

/// The right to read one territory and what is inside it. Only the gate makes one.
#[derive(Debug, Clone)]
pub struct Portee {
    niveau: Niveau,
    code: String,
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

    /// These figures and others, together.
    pub(crate) fn avec<U>(self, autres: Brutes<U>) -> Brutes<(T, U)> {
        Brutes((self.0, autres.0))
    }
}

/// Lets figures out: checks that the caller may see the territory, reads, and opens what was read.
///
/// # Errors
/// The territory is unknown or outside the caller's perimeter (then nothing is read), or the
/// reading fails.
pub(crate) async fn sortir<T, L>(
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    (niveau, code): (Niveau, &str),
    lire: impl FnOnce(Portee) -> L,
) -> Result<T, Erreur>
where
    L: Future<Output = Result<Brutes<T>, LectureErreur>>,
{
    let annuaire = annuaires.courant().ok_or(Erreur::SansAnnuaire)?;
    appelant.territoire(annuaire, niveau, code)?;
    let portee = Portee {
        niveau,
        code: code.to_owned(),
        appelant: appelant.clone(),
        annuaires: Arc::clone(annuaires),
    };
    let Brutes(chiffres) = lire(portee).await?;
    Ok(chiffres)
}

/// The right to read what some senders sent. Only the gate makes one.
#[derive(Debug, Clone)]
pub struct PorteeQualite {
    appelant: Appelant,
    /// The one platform asked; none for all those in sight.
    plateforme: Option<String>,
    /// The platforms that each key and each site may send for.
    emetteurs: BTreeMap<(&'static str, String), BTreeSet<String>>,
}

impl PorteeQualite {
    /// Whether what this source sent may be read.
    ///
    /// What could not be read as far as its platform belongs to whoever sees every platform that
    /// its sender may send for: on a site that two providers share, neither learns what the other
    /// got wrong.
    #[must_use]
    pub fn voit(&self, source: &Source) -> bool {
        if !source.plateforme.is_empty() {
            return self.retient(&source.plateforme);
        }
        if self.plateforme.is_none() && self.appelant.compte.droits.voit_toute_plateforme() {
            return true;
        }
        self.emetteurs
            .iter()
            .find(|((genre, nom), _)| *genre == source.genre && *nom == source.emetteur)
            .is_some_and(|(_, plateformes)| plateformes.iter().all(|p| self.retient(p)))
    }

    fn retient(&self, plateforme: &str) -> bool {
        let demandee = self.plateforme.as_deref();
        demandee.is_none_or(|demandee| demandee == plateforme)
            && self.appelant.voit_plateforme(plateforme)
    }
}

/// Lets tagging quality out: checks that the caller may see the platform asked, or some when none
/// is, reads, and opens what was read.
///
/// Secrecy of small figures does not act here: these are counts of what machines sent to this one,
/// accepted or not, and never of visitors. A school whose tag sends three events says nothing of
/// who was there, and its integrator must see precisely that it sends three.
///
/// # Errors
/// [`Erreur::SansPlateforme`], [`Erreur::PlateformeHorsPerimetre`], or why the lake could not be
/// read.
pub(crate) async fn sortir_qualite<T, L>(
    appelant: &Appelant,
    acces: &Acces,
    plateforme: Option<&str>,
    lire: impl FnOnce(PorteeQualite) -> L,
) -> Result<T, Erreur>
where
    L: Future<Output = Result<Brutes<T>, LectureErreur>>,
{
    if !appelant.voit_la_qualite() {
        return Err(Erreur::SansPlateforme);
    }
    if plateforme.is_some_and(|plateforme| !appelant.voit_plateforme(plateforme)) {
        return Err(Erreur::PlateformeHorsPerimetre);
    }
    let portee = PorteeQualite {
        appelant: appelant.clone(),
        plateforme: plateforme.map(str::to_owned),
        emetteurs: emetteurs(acces),
    };
    let Brutes(chiffres) = lire(portee).await?;
    Ok(chiffres)
}

fn emetteurs(acces: &Acces) -> BTreeMap<(&'static str, String), BTreeSet<String>> {
    let cles = acces.lister_cles().into_iter();
    let cles = cles.map(|cle| (("cle", cle.nom), cle.plateformes.into_iter().collect()));
    let sites = acces.lister_sites().into_iter().map(|site| {
        let autres = site.autres_plateformes.into_iter();
        let plateformes = autres.chain([site.plateforme]).collect();
        (("site", site.numero.to_string()), plateformes)
    });
    cles.chain(sites).collect()
}

#[cfg(test)]
#[path = "porte_tests.rs"]
mod tests;
