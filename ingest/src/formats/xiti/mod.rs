//! The query of the SmartTag, the tag that ENTs already carry, as received at `/hit.xiti`; that of
//! the older tag as well, told apart in [`ancien`].
//!
//! Three things in it are not those of a form. `ref` is last and not escaped: everything after it
//! is the referring page's address, which may itself hold `&service=…`; it is cut off before
//! anything is read. The page name `p` is written as the site gave it, `&` and `%` included, so
//! only the parameters that count are decoded, and a token without `=` is skipped. When a
//! parameter is given twice the first stands.
//!
//! **Which hits are accesses.** A page hit is. Of clicks, navigation (`click=N`) and exit
//! (`click=S`) are, when they carry a service: that is how the use of a third party's tool, whose
//! pages bear no tag, is seen. Actions and downloads within a page (`A`, `T`, any other) are not,
//! nor are clicks without a service: they are acknowledged and counted apart. With `col=2` the
//! same rule reads the events' names: `page.…`, `click.navigation` and `click.exit` are accesses.

mod ancien;
mod champs;
mod echappement;
mod multiple;
pub mod parties;

use std::borrow::Cow;

use frequent_plan::{Brut, Raison, Refus};

use crate::terminal::lire_ecran;
pub use ancien::Ancien;
use champs::Champs;
use echappement::decoder;
pub use parties::{Parties, PartiesReglages, Suite};

/// A hit, its parameters found but not yet decoded.
#[derive(Debug, Clone)]
pub struct Hit<'a> {
    champs: Champs<'a>,
    coupe: bool,
}

/// What is known of a site's hits beforehand; stands in for the properties that a hit lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defauts<'a> {
    /// The platform.
    pub plateforme: &'a str,
    /// The project; may be empty.
    pub projet: &'a str,
    /// The provider; may be empty.
    pub exploitant: &'a str,
}

/// What a hit tells.
#[derive(Debug, PartialEq, Eq)]
pub enum Contenu<'a> {
    /// No access: a click within a page.
    Rien,
    /// One access.
    Un(Brut<'a>),
    /// One access, told by the older tag in its own codes.
    Ancien(Ancien<'a>),
    /// The events of a `col=2` hit: the rank in the hit, and the access or its fault. Those that
    /// are no access are left out.
    Plusieurs(Vec<(u32, Result<Brut<'a>, Refus>)>),
}

/// The part of a hit too long for one address: `mh=<number>-<total>-<identifier>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numero<'a> {
    /// From 1 to `total`.
    pub rang: u16,
    /// How many parts.
    pub total: u16,
    /// The same in all parts of one hit.
    pub identifiant: &'a [u8],
}

impl<'a> Hit<'a> {
    /// Finds the parameters in a query, as received, without its `?`. Never fails: what is wrong
    /// shows when it is read.
    #[must_use]
    pub fn lire(requete: &'a [u8]) -> Self {
        let utile = champs::sans_referent(requete);
        Self {
            champs: Champs::lire(utile),
            coupe: echappement::finit_dans_un_echappement(utile),
        }
    }

    /// The site's number.
    #[must_use]
    pub fn site(&self) -> Option<u32> {
        std::str::from_utf8(self.champs.s?).ok()?.parse().ok()
    }

    /// The tag says that it gave up sending this page (`mherr=1`).
    #[must_use]
    pub fn abandon(&self) -> bool {
        self.champs.mherr == Some(b"1")
    }

    /// The browser's identifier, still escaped.
    #[must_use]
    pub fn client_brut(&self) -> &'a [u8] {
        self.champs.idclient.unwrap_or_default()
    }

    /// Which part of a hit in several parts this is; none for a whole hit.
    ///
    /// # Errors
    /// `mh` is not of the form `<number>-<total>-<identifier>`.
    pub fn partie(&self) -> Result<Option<Numero<'a>>, Refus> {
        let Some(mh) = self.champs.mh else {
            return Ok(None);
        };
        Numero::lire(mh)
            .map(Some)
            .ok_or_else(|| Refus::de("mh", Raison::RequeteIllisible))
    }

    /// Width and height of the screen, from `r=1280x720x24x24`.
    #[must_use]
    pub fn ecran(&self) -> Option<(u16, u16)> {
        lire_ecran(self.champs.r?)
    }

    /// The accesses that the hit tells of, with the site's own values where it gives none.
    ///
    /// # Errors
    /// The whole hit is refused: cut inside an escape, given up by the tag, or with a parameter
    /// that cannot be decoded.
    pub fn contenu(&self, defauts: Defauts<'a>) -> Result<Contenu<'a>, Refus> {
        if self.coupe {
            return Err(Refus::de("", Raison::RequeteIllisible));
        }
        if self.abandon() {
            return Err(Refus::de("mherr", Raison::AbandonDuMarqueur));
        }
        if !self.est_un_acces() {
            return Ok(Contenu::Rien);
        }
        let brut = self.brut(defauts)?;
        if ancien::est_ancien(&self.champs) {
            return Ancien::lire(&self.champs, brut).map(Contenu::Ancien);
        }
        if self.champs.col == Some(b"2") {
            return multiple::lire(self, brut);
        }
        Ok(Contenu::Un(brut))
    }

    fn est_un_acces(&self) -> bool {
        match self.champs.click {
            None => true,
            Some(b"N" | b"S") => {
                let service = self.champs.service.or(self.champs.x1);
                service.is_some_and(|s| !s.is_empty())
            }
            Some(_) => false,
        }
    }

    fn brut(&self, defauts: Defauts<'a>) -> Result<Brut<'a>, Refus> {
        let c = &self.champs;
        let ou = |nom, valeur, defaut: &'a str| {
            Ok::<_, Refus>(Some(
                propriete(nom, valeur)?.unwrap_or(Cow::Borrowed(defaut)),
            ))
        };
        let uai = match propriete("uai", c.uai)? {
            None => propriete("s2", c.s2)?,
            uai => uai,
        };
        Ok(Brut {
            ts: None,
            uai,
            profil: propriete("profil", c.profil)?,
            visiteur: propriete("at", c.at)?,
            client: propriete("idclient", c.idclient)?,
            service: propriete("service", c.service)?,
            type_service: propriete("type", c.type_service)?,
            outil: propriete("outil", c.outil)?,
            plateforme: ou("plateforme", c.plateforme, defauts.plateforme)?,
            projet: ou("projet", c.projet, defauts.projet)?,
            exploitant: ou("exploitant", c.exploitant, defauts.exploitant)?,
            ..Brut::default()
        })
    }
}

/// A property's value; an empty one is one not given.
fn propriete<'a>(nom: &str, valeur: Option<&'a [u8]>) -> Result<Option<Cow<'a, str>>, Refus> {
    match valeur {
        None | Some([]) => Ok(None),
        Some(valeur) => decoder(valeur)
            .map(Some)
            .map_err(|raison| Refus::de(nom, raison)),
    }
}

impl<'a> Numero<'a> {
    fn lire(mh: &'a [u8]) -> Option<Self> {
        let nombre = |octets: &[u8]| std::str::from_utf8(octets).ok()?.parse::<u16>().ok();
        let mut morceaux = mh.splitn(3, |o| *o == b'-');
        let rang = nombre(morceaux.next()?)?;
        let total = nombre(morceaux.next()?)?;
        let identifiant = morceaux.next()?;
        let bon = (1..=total).contains(&rang) && (1..=40).contains(&identifiant.len());
        bon.then_some(Self {
            rang,
            total,
            identifiant,
        })
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
