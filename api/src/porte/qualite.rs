//! The gate of tagging quality: what some senders sent, and never who was there.

use std::collections::{BTreeMap, BTreeSet};

use frequent_ingest::acces::Acces;

use super::{Appelant, Brutes};
use crate::donnees::LectureErreur;
use crate::erreurs::Erreur;
use crate::qualite::Source;

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
        if self.plateforme.is_none() && self.appelant.compte().droits.voit_toute_plateforme() {
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
