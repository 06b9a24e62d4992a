//! What may be done with conventions, each change whole or not at all.

use frequent_plan::{Jour, Uai};
use frequent_territory::Annuaires;
use frequent_territory::conventions::import::{self, EnteteRefusee, Import, Nouveaute};
use frequent_territory::conventions::{
    Cloture, Convention, Inscription, Obstacle, Reference, obstacles,
};

use super::{Conventions, ConventionsErreur, Registre, lignes};

pub use frequent_territory::conventions::Termes;

/// On whose behalf a change is made, and by which directory it is judged.
#[derive(Clone, Copy)]
pub struct Contexte<'a> {
    /// The directory.
    pub annuaires: &'a Annuaires,
    /// Whether a convention is in the caller's perimeter: all its schools are.
    pub permise: &'a (dyn Fn(&Convention) -> bool + Sync),
    /// The day it is.
    pub aujourdhui: Jour,
}

impl Contexte<'_> {
    fn exiger(&self, convention: &Convention) -> Result<(), ConventionsErreur> {
        if (self.permise)(convention) {
            Ok(())
        } else {
            Err(ConventionsErreur::HorsPerimetre)
        }
    }
}

impl Conventions {
    /// Records a new convention.
    ///
    /// # Errors
    /// The reference is taken, schools cannot be in it, or it is outside the perimeter.
    pub async fn ajouter(
        &self,
        contexte: Contexte<'_>,
        convention: Convention,
    ) -> Result<(), ConventionsErreur> {
        contexte.exiger(&convention)?;
        self.changer(|connues| {
            if trouver(connues, convention.reference().as_str()).is_ok() {
                return Err(ConventionsErreur::Existe(convention.reference().clone()));
            }
            sans_obstacle(obstacles(&convention, contexte.annuaires, connues))?;
            Ok((vec![convention], ()))
        })
        .await
    }

    /// Gives a convention other terms, days and schools. The directory is asked about the schools
    /// that come in only: one that closed since then had its place.
    ///
    /// # Errors
    /// There is no such convention, it was ended, what is given is wrong, or it is outside the
    /// perimeter.
    pub async fn modifier(
        &self,
        contexte: Contexte<'_>,
        reference: &str,
        (termes, duree): (Termes, (Jour, Jour)),
        ecoles: Vec<(Uai, Inscription)>,
    ) -> Result<Convention, ConventionsErreur> {
        self.changer_une(contexte, reference, |convention| {
            Ok(convention.modifiee(termes, duree, ecoles)?)
        })
        .await
    }

    /// Renews a convention for a year.
    ///
    /// # Errors
    /// There is no such convention, it was ended, the next one of some school begins before, or it
    /// is outside the perimeter.
    pub async fn reconduire(
        &self,
        contexte: Contexte<'_>,
        reference: &str,
    ) -> Result<Convention, ConventionsErreur> {
        self.changer_une(contexte, reference, |mut convention| {
            convention.reconduire(contexte.aujourdhui)?;
            Ok(convention)
        })
        .await
    }

    /// Ends a convention: the destruction of what its schools sent is due from then on.
    ///
    /// # Errors
    /// There is no such convention, it was ended already, the day does not suit, or it is outside
    /// the perimeter.
    pub async fn terminer(
        &self,
        contexte: Contexte<'_>,
        reference: &str,
        cloture: Cloture,
    ) -> Result<Convention, ConventionsErreur> {
        self.changer_une(contexte, reference, |mut convention| {
            convention.terminer(cloture)?;
            Ok(convention)
        })
        .await
    }

    /// Undoes the end of a convention.
    ///
    /// # Errors
    /// There is no such convention, it was not ended, data were destroyed since, or it is outside
    /// the perimeter.
    pub async fn annuler_fin(
        &self,
        contexte: Contexte<'_>,
        reference: &str,
    ) -> Result<Convention, ConventionsErreur> {
        self.changer_une(contexte, reference, |mut convention| {
            convention.annuler_fin()?;
            Ok(convention)
        })
        .await
    }

    /// Records what can be of a CSV file. Conventions outside the perimeter are set apart whole.
    ///
    /// # Errors
    /// The database refuses. A first line that does not suit is in the answer.
    pub async fn importer(
        &self,
        contexte: Contexte<'_>,
        octets: &[u8],
    ) -> Result<Result<(Import, Vec<Reference>), EnteteRefusee>, ConventionsErreur> {
        self.changer(|connues| match lire_import(contexte, octets, connues) {
            Err(entete) => Ok((Vec::new(), Err(entete))),
            Ok((import, ecartees)) => {
                let nouvelles = import.conventions.iter().map(|(_, c)| c.clone());
                Ok((nouvelles.collect(), Ok((import, ecartees))))
            }
        })
        .await
    }

    /// What importing a CSV file would record, without recording it.
    ///
    /// # Errors
    /// The first line does not suit.
    pub fn essayer_import(
        &self,
        contexte: Contexte<'_>,
        octets: &[u8],
    ) -> Result<(Import, Vec<Reference>), EnteteRefusee> {
        lire_import(contexte, octets, self.registre().conventions())
    }

    /// Notes that what schools had sent under a convention is destroyed. It cannot be undone.
    ///
    /// # Errors
    /// There is no such convention, or the database refuses.
    pub async fn noter_destruction(
        &self,
        reference: &Reference,
        ecoles: &[Uai],
        jour: Jour,
    ) -> Result<(), ConventionsErreur> {
        self.changer(|connues| {
            let convention = trouver(connues, reference.as_str())?;
            let mut detruites = convention.detruites().clone();
            for uai in ecoles {
                detruites.entry(*uai).or_insert(jour);
            }
            let reconductions = convention.reconductions().to_vec();
            let cloture = convention.cloture();
            let notee = convention
                .clone()
                .avec_histoire(reconductions, cloture, detruites);
            Ok((vec![notee], ()))
        })
        .await
    }

    async fn changer_une(
        &self,
        contexte: Contexte<'_>,
        reference: &str,
        travail: impl FnOnce(Convention) -> Result<Convention, ConventionsErreur>,
    ) -> Result<Convention, ConventionsErreur> {
        self.changer(|connues| {
            let avant = trouver(connues, reference)?;
            contexte.exiger(avant)?;
            let apres = travail(avant.clone())?;
            contexte.exiger(&apres)?;
            let nouveaux = obstacles(&apres, contexte.annuaires, connues);
            let nouveaux = nouveaux.into_iter().filter(|(uai, obstacle)| {
                let chevauche = matches!(obstacle, Obstacle::Chevauchement { .. });
                chevauche || !avant.ecoles().contains_key(uai)
            });
            sans_obstacle(nouveaux.collect())?;
            Ok((vec![apres.clone()], apres))
        })
        .await
    }

    /// Makes a change on what the database holds, one at a time.
    async fn changer<T>(
        &self,
        travail: impl FnOnce(&[Convention]) -> Result<(Vec<Convention>, T), ConventionsErreur>,
    ) -> Result<T, ConventionsErreur> {
        let mut transaction = self.base.ecrire().await?;
        lignes::prendre_son_tour(&mut transaction).await?;
        let (_, connues) = lignes::lire(&mut transaction).await?;
        let (changees, reponse) = travail(&connues)?;
        for convention in &changees {
            lignes::ecrire(&mut transaction, convention).await?;
        }
        let (revision, conventions) = lignes::lire(&mut transaction).await?;
        transaction.commit().await?;
        self.retenir(Registre::new(revision, conventions));
        Ok(reponse)
    }
}

fn trouver<'c>(
    connues: &'c [Convention],
    reference: &str,
) -> Result<&'c Convention, ConventionsErreur> {
    let trouvee = connues.iter().find(|c| c.reference().as_str() == reference);
    trouvee.ok_or_else(|| ConventionsErreur::Inconnue(reference.to_owned()))
}

fn sans_obstacle(obstacles: Vec<(Uai, Obstacle)>) -> Result<(), ConventionsErreur> {
    if obstacles.is_empty() {
        Ok(())
    } else {
        Err(ConventionsErreur::Obstacles(obstacles))
    }
}

/// What a file gives, less the conventions outside the perimeter, which are named.
fn lire_import(
    contexte: Contexte<'_>,
    octets: &[u8],
    connues: &[Convention],
) -> Result<(Import, Vec<Reference>), EnteteRefusee> {
    let mut import = import::lire(octets, contexte.annuaires, connues)?;
    let permise = |(_, convention): &(Nouveaute, Convention)| (contexte.permise)(convention);
    let (gardees, ecartees): (Vec<_>, Vec<_>) = import.conventions.into_iter().partition(permise);
    let ecartees: Vec<Reference> = ecartees
        .into_iter()
        .map(|(_, convention)| convention.reference().clone())
        .collect();
    import.conventions = gardees;
    import
        .acceptees
        .retain(|ligne| !ecartees.contains(&ligne.convention));
    Ok((import, ecartees))
}
