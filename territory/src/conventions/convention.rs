//! A convention, and what may be done with it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use frequent_plan::jour::un_an_apres;
use frequent_plan::{Jour, Uai};

use super::intervalle::Intervalle;
use super::retrait::{Retrait, retires};
use super::textes::{Libelle, LibelleInvalide, Montant, Reference, Siret};

/// Who signs for the schools.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Autorite {
    /// A commune, by its INSEE code.
    Commune(CodeCommune),
    /// Another authority, by its name.
    Autre(Libelle),
}

/// The INSEE code of a commune: 5 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeCommune(String);

impl Autorite {
    /// The commune's code or the authority's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Commune(CodeCommune(code)) => code,
            Self::Autre(nom) => nom.as_str(),
        }
    }
}

impl FromStr for Autorite {
    type Err = LibelleInvalide;

    /// Five digits (`2A` and `2B` in Corse) are a commune, anything else is a name.
    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let texte = texte.trim();
        let chiffres = |t: &str| t.bytes().all(|o| o.is_ascii_digit());
        let debut = texte.get(..2).unwrap_or_default();
        let corse = matches!(debut, "2A" | "2B");
        let suite = texte.get(2..).unwrap_or_default();
        if texte.len() == 5 && (corse || chiffres(debut)) && chiffres(suite) {
            Ok(Self::Commune(CodeCommune(texte.to_owned())))
        } else {
            texte.parse().map(Self::Autre)
        }
    }
}

impl fmt::Display for Autorite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is agreed for every school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Termes {
    /// Who signs for the schools.
    pub autorite: Autorite,
    /// The authority's SIRET, when it is given.
    pub siret: Option<Siret>,
    /// The provider that runs the ENT.
    pub fournisseur: Libelle,
    /// The platform, as events name it.
    pub plateforme: Libelle,
    /// What a school costs the authority for a school year.
    pub prix: Montant,
}

/// A school's stay in a convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inscription {
    /// First day.
    pub entree: Jour,
    /// Last day, when the school leaves before the others.
    pub sortie: Option<Jour>,
}

/// A yearly renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconduction {
    /// When it was entered.
    pub decidee_le: Jour,
    /// The last day of the convention before it.
    pub avant: Jour,
}

/// What becomes of the published cells, which are anonymous, once the rest is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortCumuls {
    /// They are kept.
    #[default]
    Garder,
    /// They are destroyed too.
    Detruire,
}

impl SortCumuls {
    /// The code, as it travels and as it is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Garder => "garder",
            Self::Detruire => "detruire",
        }
    }

    /// The choice of this code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        [Self::Garder, Self::Detruire]
            .into_iter()
            .find(|sort| sort.code() == code)
    }
}

/// The end that was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cloture {
    /// Last day in force.
    pub date: Jour,
    /// What becomes of the cells.
    pub cumuls: SortCumuls,
}

/// A convention. One that exists is right: its days are in order, each school is there once and
/// within them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Convention {
    reference: Reference,
    termes: Termes,
    duree: Intervalle,
    ecoles: BTreeMap<Uai, Inscription>,
    reconductions: Vec<Reconduction>,
    cloture: Option<Cloture>,
    /// Schools whose data were destroyed, and when.
    detruites: BTreeMap<Uai, Jour>,
    /// Schools that were taken off.
    retraits: BTreeMap<Uai, Retrait>,
}

/// Why a convention cannot be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FauteConvention {
    /// The end comes before the beginning.
    #[error("la fin ({fin}) vient avant le début ({debut})")]
    FinAvantDebut {
        /// First day.
        debut: Jour,
        /// Last day.
        fin: Jour,
    },
    /// No school.
    #[error("une convention porte au moins une école")]
    SansEcole,
    /// The same school twice.
    #[error("l’école {0} y est deux fois")]
    Double(Uai),
    /// A school enters out of the convention.
    #[error("l’école {0} entre hors des dates de la convention")]
    Entree(Uai),
    /// A school leaves before it enters, or after the end.
    #[error("l’école {0} sort avant d’entrer, ou après la fin de la convention")]
    Sortie(Uai),
    /// It has been ended already.
    #[error("la convention est déjà terminée le {0} : annulez d’abord cette fin")]
    Terminee(Jour),
    /// It was never ended.
    #[error("cette convention n’a pas été terminée : il n’y a pas de fin à annuler")]
    NonTerminee,
    /// The end decided is out of the convention.
    #[error("la convention va du {debut} au {fin} : sa fin est à choisir entre ces jours")]
    HorsDuree {
        /// First day.
        debut: Jour,
        /// Last day.
        fin: Jour,
    },
    /// What was collected has been destroyed.
    #[error(
        "les données d’écoles de cette convention sont détruites depuis le {0} : c’est définitif"
    )]
    Detruite(Jour),
}

impl Convention {
    /// A convention from `debut` to `fin`, both in force.
    ///
    /// # Errors
    /// Says what is wrong with the days or the schools.
    pub fn new(
        reference: Reference,
        termes: Termes,
        (debut, fin): (Jour, Jour),
        ecoles: impl IntoIterator<Item = (Uai, Inscription)>,
    ) -> Result<Self, FauteConvention> {
        let duree =
            Intervalle::new(debut, fin).ok_or(FauteConvention::FinAvantDebut { debut, fin })?;
        let mut inscrites = BTreeMap::new();
        for (uai, inscription) in ecoles {
            verifier(duree, uai, inscription)?;
            if inscrites.insert(uai, inscription).is_some() {
                return Err(FauteConvention::Double(uai));
            }
        }
        if inscrites.is_empty() {
            return Err(FauteConvention::SansEcole);
        }
        Ok(Self {
            reference,
            termes,
            duree,
            ecoles: inscrites,
            reconductions: Vec::new(),
            cloture: None,
            detruites: BTreeMap::new(),
            retraits: BTreeMap::new(),
        })
    }

    /// The same with its history, as it was stored.
    #[must_use]
    pub fn avec_histoire(
        self,
        reconductions: Vec<Reconduction>,
        cloture: Option<Cloture>,
        detruites: BTreeMap<Uai, Jour>,
    ) -> Self {
        Self {
            reconductions,
            cloture: cloture.filter(|cloture| self.duree.contient(cloture.date)),
            detruites,
            ..self
        }
    }

    /// The same with the schools that were taken off it, as they were stored.
    #[must_use]
    pub fn avec_retraits(self, retraits: BTreeMap<Uai, Retrait>) -> Self {
        Self { retraits, ..self }
    }

    /// What it is called.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// What is agreed.
    #[must_use]
    pub fn termes(&self) -> &Termes {
        &self.termes
    }

    /// First day.
    #[must_use]
    pub fn debut(&self) -> Jour {
        self.duree.du()
    }

    /// The last day agreed, renewals included, whether or not it was ended before.
    #[must_use]
    pub fn echeance(&self) -> Jour {
        self.duree.au()
    }

    /// The last day in force.
    #[must_use]
    pub fn fin(&self) -> Jour {
        self.cloture.map_or(self.duree.au(), |cloture| cloture.date)
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn en_vigueur(&self, jour: Jour) -> bool {
        self.debut() <= jour && jour <= self.fin()
    }

    /// Its schools.
    #[must_use]
    pub fn ecoles(&self) -> &BTreeMap<Uai, Inscription> {
        &self.ecoles
    }

    /// Its renewals, the oldest first.
    #[must_use]
    pub fn reconductions(&self) -> &[Reconduction] {
        &self.reconductions
    }

    /// The end that was decided, if one was.
    #[must_use]
    pub fn cloture(&self) -> Option<Cloture> {
        self.cloture
    }

    /// The schools whose data were destroyed, and when.
    #[must_use]
    pub fn detruites(&self) -> &BTreeMap<Uai, Jour> {
        &self.detruites
    }

    /// The schools that were taken off it.
    #[must_use]
    pub fn retraits(&self) -> &BTreeMap<Uai, Retrait> {
        &self.retraits
    }

    /// The days on which a school is under it: none for a school that is not in it, or that would
    /// have entered after the end that was decided.
    #[must_use]
    pub fn sejour(&self, uai: Uai) -> Option<Intervalle> {
        let inscription = self.ecoles.get(&uai)?;
        let sortie = inscription.sortie.unwrap_or(self.fin());
        Intervalle::new(inscription.entree, sortie.min(self.fin()))
    }

    /// The schools and the days on which each is under it.
    pub fn sejours(&self) -> impl Iterator<Item = (Uai, Intervalle)> {
        self.ecoles
            .keys()
            .filter_map(|uai| Some((*uai, self.sejour(*uai)?)))
    }

    /// Renews it for a year.
    ///
    /// # Errors
    /// It was ended, or its data were destroyed.
    pub fn reconduire(&mut self, decidee_le: Jour) -> Result<Reconduction, FauteConvention> {
        self.exiger_ouverte()?;
        let reconduction = Reconduction {
            decidee_le,
            avant: self.duree.au(),
        };
        let fin = un_an_apres(self.duree.au());
        let debut = self.duree.du();
        self.duree =
            Intervalle::new(debut, fin).ok_or(FauteConvention::FinAvantDebut { debut, fin })?;
        self.reconductions.push(reconduction);
        Ok(reconduction)
    }

    /// Ends it: `date` is its last day in force.
    ///
    /// # Errors
    /// It was ended already, the day is out of it, or its data were destroyed.
    pub fn terminer(&mut self, cloture: Cloture) -> Result<(), FauteConvention> {
        self.exiger_ouverte()?;
        if !self.duree.contient(cloture.date) {
            return Err(FauteConvention::HorsDuree {
                debut: self.debut(),
                fin: self.echeance(),
            });
        }
        self.cloture = Some(cloture);
        Ok(())
    }

    /// Undoes the end that was decided.
    ///
    /// # Errors
    /// It was not ended, or data of it were destroyed since.
    pub fn annuler_fin(&mut self) -> Result<(), FauteConvention> {
        self.exiger_intacte()?;
        let cloture = self.cloture.take();
        cloture.map(drop).ok_or(FauteConvention::NonTerminee)
    }

    /// The same convention with other terms, days and schools; its history stays. The schools that
    /// go are taken off on a day, with what becomes of their cells; those that come back are not any
    /// more.
    ///
    /// # Errors
    /// It was ended, its data were destroyed, or what is given is wrong.
    pub fn modifiee(
        &self,
        termes: Termes,
        duree: (Jour, Jour),
        ecoles: impl IntoIterator<Item = (Uai, Inscription)>,
        retrait: (Jour, SortCumuls),
    ) -> Result<Self, FauteConvention> {
        self.exiger_ouverte()?;
        let nouvelle = Self::new(self.reference.clone(), termes, duree, ecoles)?;
        // What is destroyed stays as it was said to be.
        for (uai, jour) in &self.detruites {
            if nouvelle.ecoles.get(uai) != self.ecoles.get(uai) {
                return Err(FauteConvention::Detruite(*jour));
            }
        }
        let retraits = retires(self, &nouvelle.ecoles, retrait);
        Ok(nouvelle
            .avec_histoire(self.reconductions.clone(), None, self.detruites.clone())
            .avec_retraits(retraits))
    }

    /// Adds a school.
    ///
    /// # Errors
    /// It was ended, the school is there already, or its days are out of the convention.
    pub fn inscrire(&mut self, uai: Uai, inscription: Inscription) -> Result<(), FauteConvention> {
        self.exiger_ouverte()?;
        verifier(self.duree, uai, inscription)?;
        if self.ecoles.contains_key(&uai) {
            return Err(FauteConvention::Double(uai));
        }
        self.ecoles.insert(uai, inscription);
        self.retraits
            .retain(|retire, retrait| *retire != uai || retrait.detruit_le.is_some());
        Ok(())
    }

    /// Notes that what some schools had sent is destroyed, once and for all.
    pub fn noter_destruction(&mut self, ecoles: &[Uai], jour: Jour) {
        for uai in ecoles {
            match self.retraits.get_mut(uai) {
                Some(retrait) if retrait.detruit_le.is_none() => retrait.detruit_le = Some(jour),
                _ => {
                    self.detruites.entry(*uai).or_insert(jour);
                }
            }
        }
    }

    fn exiger_ouverte(&self) -> Result<(), FauteConvention> {
        if let Some(cloture) = self.cloture {
            return Err(FauteConvention::Terminee(cloture.date));
        }
        self.exiger_intacte()
    }

    /// A school that left before the others may have been destroyed while the convention goes on.
    fn exiger_intacte(&self) -> Result<(), FauteConvention> {
        let de_la_fin = |uai: &Uai| self.sejour(*uai).is_none_or(|s| s.au() == self.fin());
        let mut detruites = self.detruites.iter().filter(|(uai, _)| de_la_fin(uai));
        match detruites.next() {
            Some((_, jour)) => Err(FauteConvention::Detruite(*jour)),
            None => Ok(()),
        }
    }
}

fn verifier(duree: Intervalle, uai: Uai, inscription: Inscription) -> Result<(), FauteConvention> {
    if !duree.contient(inscription.entree) {
        return Err(FauteConvention::Entree(uai));
    }
    let sortie = inscription.sortie.unwrap_or(duree.au());
    if sortie < inscription.entree || sortie > duree.au() {
        return Err(FauteConvention::Sortie(uai));
    }
    Ok(())
}
