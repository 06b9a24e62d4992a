//! Conventions from a CSV file: one row a school.
//!
//! Rows that bear the same reference (or, without references, the same authority, platform and year
//! of beginning) make one convention; the first that is kept says its terms. A row that cannot be
//! used is refused with its line, its column and the reason, and the others go on. A convention that
//! is known already takes the schools that it lacks: the same file again changes nothing.

mod colonnes;
mod ligne;

use std::collections::BTreeMap;
use std::fmt;

use frequent_plan::{Uai, UaiInvalide};

use super::convention::{Convention, FauteConvention, Inscription};
use super::intervalle::Intervalle;
use super::textes::{
    LibelleInvalide, MontantInvalide, Reference, ReferenceInvalide, SiretInvalide,
};
use super::verification::{Obstacle, dans_l_annuaire, dans_une_autre};
use crate::annuaires::Annuaires;
use crate::lignes::{Lignes, en_utf8};
use colonnes::{Colonne, Colonnes};
use ligne::LigneLue;

pub use colonnes::{COLONNES, EnteteRefusee};

/// Why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Raison {
    /// A quotation mark is never closed.
    #[error("un guillemet n’est jamais refermé")]
    Guillemet,
    /// Not the header's number of fields.
    #[error("{lues} valeurs au lieu de {attendues}")]
    Longueur {
        /// Fields of the header.
        attendues: usize,
        /// Fields of the row.
        lues: usize,
    },
    /// Not UTF-8.
    #[error("le texte n’est pas de l’UTF-8 valide")]
    Utf8,
    /// A required value is absent.
    #[error("la valeur est absente")]
    Absente,
    /// Not a UAI.
    #[error(transparent)]
    Uai(#[from] UaiInvalide),
    /// Not a SIRET.
    #[error(transparent)]
    Siret(#[from] SiretInvalide),
    /// Not a name.
    #[error(transparent)]
    Libelle(#[from] LibelleInvalide),
    /// Not a reference.
    #[error(transparent)]
    Reference(#[from] ReferenceInvalide),
    /// Not an amount.
    #[error(transparent)]
    Montant(#[from] MontantInvalide),
    /// Not a day.
    #[error("une date s’écrit JJ/MM/AAAA ou AAAA-MM-JJ")]
    Date,
    /// The convention would be wrong.
    #[error(transparent)]
    Convention(#[from] FauteConvention),
    /// The school is already given for this convention.
    #[error("cette école est déjà donnée à la ligne {premiere}, qui est gardée")]
    Double {
        /// The row that is kept.
        premiere: u64,
    },
    /// The school is already in this convention, as recorded.
    #[error("cette école est déjà dans la convention enregistrée")]
    DejaInscrite,
    /// The row says something else of its convention than the first one.
    #[error("ce n’est pas ce que dit la ligne {0} de la même convention")]
    AutreLigne(u64),
    /// The row says something else of its convention than what is recorded.
    #[error("ce n’est pas ce qu’en dit la convention enregistrée")]
    Enregistree,
    /// The directory or another convention stands in the way.
    #[error(transparent)]
    Obstacle(#[from] Obstacle),
}

impl Raison {
    /// Names no convention that is not to be named.
    pub fn taire(&mut self, secrete: impl FnOnce(&Reference) -> bool) {
        if let Self::Obstacle(Obstacle::Chevauchement { convention, .. }) = self
            && secrete(convention)
        {
            *self = Self::Obstacle(Obstacle::Prise);
        }
    }
}

/// A row refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneRefusee {
    /// The line in the file, from 1, the header being 1.
    pub numero: u64,
    /// The column; empty for the whole row.
    pub champ: &'static str,
    /// Why.
    pub raison: Raison,
}

impl fmt::Display for LigneRefusee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ligne {}", self.numero)?;
        if !self.champ.is_empty() {
            write!(f, ", {}", self.champ)?;
        }
        write!(f, " : {}", self.raison)
    }
}

/// A row kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneAcceptee {
    /// The line in the file.
    pub numero: u64,
    /// The school.
    pub uai: Uai,
    /// Its convention.
    pub convention: Reference,
}

/// Whether a convention of the file was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nouveaute {
    /// It was not.
    Nouvelle,
    /// It was: it has more schools now.
    Completee,
}

/// What a file gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The conventions to record, whole, by reference.
    pub conventions: Vec<(Nouveaute, Convention)>,
    /// Rows kept.
    pub acceptees: Vec<LigneAcceptee>,
    /// Rows refused.
    pub refusees: Vec<LigneRefusee>,
    /// Columns of the file that mean nothing here, as they are written.
    pub ignorees: Vec<String>,
}

/// A convention being gathered.
struct EnCours {
    convention: Convention,
    nouveaute: Nouveaute,
    /// The row that said its terms; none when it is recorded already.
    premiere: Option<u64>,
    /// The row of each school added.
    lignes: BTreeMap<Uai, u64>,
}

/// Reads a file, given the directory and the conventions recorded.
///
/// # Errors
/// The header lacks a column that is needed, or has one twice.
pub fn lire(
    octets: &[u8],
    annuaires: &Annuaires,
    enregistrees: &[Convention],
) -> Result<Import, EnteteRefusee> {
    let contenu = en_utf8(octets);
    let mut lignes = Lignes::new(&contenu);
    let (_, entete) = lignes.suivante(None).ok_or(EnteteRefusee::Vide)?;
    let colonnes = Colonnes::reperer(&entete)?;
    let mut releve = Releve {
        annuaires,
        conventions: enregistrees.iter().map(EnCours::enregistree).collect(),
        acceptees: Vec::new(),
        refusees: Vec::new(),
    };
    while let Some((numero, valeurs)) = lignes.suivante(Some(colonnes.nombre())) {
        let lue = ligne::lire(&colonnes, &valeurs);
        match lue.and_then(|lue| releve.prendre(numero, lue)) {
            Ok(acceptee) => releve.acceptees.push(acceptee),
            Err((colonne, raison)) => releve.refusees.push(LigneRefusee {
                numero,
                champ: colonne.map_or("", Colonne::nom),
                raison,
            }),
        }
    }
    Ok(releve.finir(colonnes.ignorees()))
}

/// A refusal: the column, none for the whole row, and why.
type Refus = (Option<Colonne>, Raison);

struct Releve<'a> {
    annuaires: &'a Annuaires,
    conventions: BTreeMap<Reference, EnCours>,
    acceptees: Vec<LigneAcceptee>,
    refusees: Vec<LigneRefusee>,
}

impl Releve<'_> {
    fn prendre(&mut self, numero: u64, lue: LigneLue) -> Result<LigneAcceptee, Refus> {
        let uai = lue.uai;
        let inscription = Inscription {
            entree: lue.entree.unwrap_or(lue.debut),
            sortie: lue.sortie,
        };
        let reference = lue.reference.clone();
        let connue = self.conventions.get(&reference);
        let convention = if let Some(connue) = connue {
            connue.comparer(&lue)?;
            connue.avec(uai, inscription)?
        } else {
            let duree = (lue.debut, lue.fin);
            Convention::new(reference.clone(), lue.termes, duree, [(uai, inscription)])
                .map_err(faute)?
        };
        let fin = inscription.sortie.unwrap_or(convention.fin());
        if let Some(sejour) = Intervalle::new(inscription.entree, fin) {
            self.verifier(&convention, uai, sejour)?;
        }
        let connue = self.conventions.entry(reference.clone());
        let connue = connue.or_insert_with(|| EnCours {
            convention: convention.clone(),
            nouveaute: Nouveaute::Nouvelle,
            premiere: Some(numero),
            lignes: BTreeMap::new(),
        });
        connue.convention = convention;
        connue.lignes.insert(uai, numero);
        Ok(LigneAcceptee {
            numero,
            uai,
            convention: reference,
        })
    }

    fn verifier(&self, convention: &Convention, uai: Uai, sejour: Intervalle) -> Result<(), Refus> {
        let autres = self.conventions.values().map(|connue| &connue.convention);
        let autres = autres.filter(|autre| autre.reference() != convention.reference());
        let obstacle = dans_l_annuaire(self.annuaires, uai, sejour)
            .or_else(|| dans_une_autre(convention, autres, uai, sejour));
        match obstacle {
            Some(obstacle) => Err((Some(Colonne::Uai), obstacle.into())),
            None => Ok(()),
        }
    }

    fn finir(self, ignorees: Vec<String>) -> Import {
        let changees = self.conventions.into_values();
        let changees = changees.filter(|connue| !connue.lignes.is_empty());
        Import {
            conventions: changees.map(|c| (c.nouveaute, c.convention)).collect(),
            acceptees: self.acceptees,
            refusees: self.refusees,
            ignorees,
        }
    }
}

impl EnCours {
    fn enregistree(convention: &Convention) -> (Reference, Self) {
        let connue = Self {
            convention: convention.clone(),
            nouveaute: Nouveaute::Completee,
            premiere: None,
            lignes: BTreeMap::new(),
        };
        (convention.reference().clone(), connue)
    }

    /// A row of a convention says the same of it as the first one, or as what is recorded.
    fn comparer(&self, lue: &LigneLue) -> Result<(), Refus> {
        let (dits, lus) = (self.convention.termes(), &lue.termes);
        let champs = [
            (Colonne::Autorite, dits.autorite == lus.autorite),
            (Colonne::Siret, dits.siret == lus.siret),
            (Colonne::Fournisseur, dits.fournisseur == lus.fournisseur),
            (Colonne::Plateforme, dits.plateforme == lus.plateforme),
            (Colonne::Prix, dits.prix == lus.prix),
            (Colonne::Debut, self.convention.debut() == lue.debut),
            (Colonne::Fin, self.convention.echeance() == lue.fin),
        ];
        let differe = champs.into_iter().find(|(_, pareil)| !pareil);
        let raison = self
            .premiere
            .map_or(Raison::Enregistree, Raison::AutreLigne);
        differe.map_or(Ok(()), |(colonne, _)| Err((Some(colonne), raison)))
    }

    /// The convention with one more school.
    fn avec(&self, uai: Uai, inscription: Inscription) -> Result<Convention, Refus> {
        if self.convention.ecoles().contains_key(&uai) {
            let raison = match self.lignes.get(&uai) {
                Some(&premiere) => Raison::Double { premiere },
                None => Raison::DejaInscrite,
            };
            return Err((Some(Colonne::Uai), raison));
        }
        let mut convention = self.convention.clone();
        convention.inscrire(uai, inscription).map_err(faute)?;
        Ok(convention)
    }
}

/// The column that a fault of the convention comes from.
fn faute(faute: FauteConvention) -> Refus {
    let colonne = match faute {
        FauteConvention::FinAvantDebut { .. } => Some(Colonne::Fin),
        FauteConvention::Entree(_) => Some(Colonne::Entree),
        FauteConvention::Sortie(_) => Some(Colonne::Sortie),
        FauteConvention::Double(_) => Some(Colonne::Uai),
        _ => None,
    };
    (colonne, faute.into())
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
