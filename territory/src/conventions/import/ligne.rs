//! One row of a file of conventions.

use std::str::FromStr;

use csv::ByteRecord;
use frequent_plan::{Jour, Uai};

use super::colonnes::{Colonne, Colonnes};
use super::{Raison, Refus};
use crate::conventions::convention::Termes;
use crate::conventions::textes::Reference;

/// What a row says: of its school, and of its convention.
pub(super) struct LigneLue {
    pub(super) reference: Reference,
    pub(super) termes: Termes,
    pub(super) debut: Jour,
    pub(super) fin: Jour,
    pub(super) uai: Uai,
    pub(super) entree: Option<Jour>,
    pub(super) sortie: Option<Jour>,
}

/// Reads a row.
pub(super) fn lire(colonnes: &Colonnes, valeurs: &ByteRecord) -> Result<LigneLue, Refus> {
    if valeurs.is_empty() {
        return Err((None, Raison::Guillemet));
    }
    let (attendues, lues) = (colonnes.nombre(), valeurs.len());
    if lues != attendues {
        return Err((None, Raison::Longueur { attendues, lues }));
    }
    let ligne = Ligne { colonnes, valeurs };
    let uai = ligne.exige(Colonne::Uai)?;
    let uai = Uai::from_str(uai).map_err(|faute| (Some(Colonne::Uai), faute.into()))?;
    let termes = Termes {
        autorite: ligne.lu(Colonne::Autorite)?,
        siret: ligne.facultatif(Colonne::Siret)?,
        fournisseur: ligne.lu(Colonne::Fournisseur)?,
        plateforme: ligne.lu(Colonne::Plateforme)?,
        prix: ligne.facultatif(Colonne::Prix)?.unwrap_or_default(),
    };
    let debut = ligne.date(Colonne::Debut)?;
    let debut = debut.ok_or((Some(Colonne::Debut), Raison::Absente))?;
    let fin = ligne.date(Colonne::Fin)?;
    let fin = fin.ok_or((Some(Colonne::Fin), Raison::Absente))?;
    let reference = match ligne.facultatif(Colonne::Convention)? {
        Some(donnee) => donnee,
        None => Reference::proposee(&termes, debut),
    };
    Ok(LigneLue {
        reference,
        termes,
        debut,
        fin,
        uai,
        entree: ligne.date(Colonne::Entree)?,
        sortie: ligne.date(Colonne::Sortie)?,
    })
}

struct Ligne<'l> {
    colonnes: &'l Colonnes,
    valeurs: &'l ByteRecord,
}

impl<'l> Ligne<'l> {
    fn texte(&self, colonne: Colonne) -> Result<&'l str, Refus> {
        std::str::from_utf8(self.colonnes.octets(self.valeurs, colonne))
            .map(str::trim)
            .map_err(|_| (Some(colonne), Raison::Utf8))
    }

    fn exige(&self, colonne: Colonne) -> Result<&'l str, Refus> {
        match self.texte(colonne)? {
            "" => Err((Some(colonne), Raison::Absente)),
            texte => Ok(texte),
        }
    }

    fn lu<T>(&self, colonne: Colonne) -> Result<T, Refus>
    where
        T: FromStr<Err: Into<Raison>>,
    {
        let texte = self.exige(colonne)?;
        texte
            .parse()
            .map_err(|faute: T::Err| (Some(colonne), faute.into()))
    }

    fn facultatif<T>(&self, colonne: Colonne) -> Result<Option<T>, Refus>
    where
        T: FromStr<Err: Into<Raison>>,
    {
        match self.texte(colonne)? {
            "" => Ok(None),
            _ => self.lu(colonne).map(Some),
        }
    }

    fn date(&self, colonne: Colonne) -> Result<Option<Jour>, Refus> {
        match self.texte(colonne)? {
            "" => Ok(None),
            texte => lire_date(texte)
                .map(Some)
                .ok_or((Some(colonne), Raison::Date)),
        }
    }
}

/// `2026-09-01`, `01/09/2026` or `1/9/2026`; a spreadsheet's midnight after it is left out.
fn lire_date(texte: &str) -> Option<Jour> {
    let texte = texte.strip_suffix(" 00:00:00").unwrap_or(texte);
    if let Ok(jour) = texte.parse() {
        return Some(jour);
    }
    let mut parts = texte.split('/');
    let (jour, mois, annee) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || annee.len() != 4 || jour.len() > 2 || mois.len() > 2 {
        return None;
    }
    format!("{annee}-{mois:0>2}-{jour:0>2}").parse().ok()
}
