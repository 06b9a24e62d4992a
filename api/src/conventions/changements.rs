//! What may be done with conventions, each change whole or not at all.

use frequent_plan::{Jour, Uai};
use frequent_territory::Annuaires;
use frequent_territory::conventions::import::{self, EnteteRefusee, Import, Nouveaute};
use frequent_territory::conventions::{
    Cloture, Convention, Inscription, Obstacle, Reference, SortCumuls, obstacles,
};

use serde_json::{Value, json};

use super::{Conventions, ConventionsErreur, Registre, lignes};
use crate::audit::{Action, Ecriture, Trace};
use crate::conservation::Certificat;

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
    /// Who asks, and where it is told.
    pub trace: Trace<'a>,
}

/// What the trail is told of a convention.
struct Fait {
    action: Action,
    objet: String,
    detail: Value,
}

impl Fait {
    fn new(reference: &str, detail: Value) -> Self {
        Self {
            action: Action::Convention,
            objet: reference.to_owned(),
            detail,
        }
    }
}

/// What a change writes, what it tells, and its answer.
type Change<T> = (Vec<Convention>, Vec<Fait>, T);

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
        self.changer(contexte.trace, |connues| {
            if trouver(connues, convention.reference().as_str()).is_ok() {
                return Err(ConventionsErreur::Existe(convention.reference().clone()));
            }
            sans_obstacle(obstacles(&convention, contexte.annuaires, connues))?;
            let fait = Fait::new(convention.reference().as_str(), json!({"fait": "creee"}));
            Ok((vec![convention], vec![fait], ()))
        })
        .await
    }

    /// Gives a convention other terms, days and schools. The directory is asked about the schools
    /// that come in only: one that closed since then had its place. For those that go, the clock of
    /// their destruction starts, with what becomes of their cells; it stops for those that come back.
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
        cumuls: SortCumuls,
    ) -> Result<Convention, ConventionsErreur> {
        let retrait = (contexte.aujourdhui, cumuls);
        self.changer_une(contexte, reference, |convention| {
            let modifiee = convention.modifiee(termes, duree, ecoles, retrait)?;
            let fait = fait_de_modification(&convention, &modifiee);
            Ok((modifiee, fait))
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
            let fait = json!({"fait": "reconduite", "fin": convention.fin()});
            Ok((convention, fait))
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
            let fait = json!({
                "fait": "terminee", "date": cloture.date, "cumuls": cloture.cumuls.code(),
            });
            Ok((convention, fait))
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
            Ok((convention, json!({"fait": "fin_annulee"})))
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
        self.changer(contexte.trace, |connues| {
            match lire_import(contexte, octets, connues) {
                Err(entete) => Ok((Vec::new(), Vec::new(), Err(entete))),
                Ok((import, ecartees)) => {
                    let nouvelles: Vec<Convention> =
                        import.conventions.iter().map(|(_, c)| c.clone()).collect();
                    let faits = nouvelles.iter().map(|c| {
                        let detail = json!({"fait": "importee", "ecoles": c.ecoles().len()});
                        Fait::new(c.reference().as_str(), detail)
                    });
                    let faits = faits.collect();
                    Ok((nouvelles, faits, Ok((import, ecartees))))
                }
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

    /// Notes that what schools had sent under a convention is destroyed, under which certificate. It
    /// cannot be undone.
    ///
    /// # Errors
    /// There is no such convention, or the database refuses.
    pub async fn noter_destruction(
        &self,
        trace: Trace<'_>,
        reference: &Reference,
        (ecoles, jour): (&[Uai], Jour),
        certificat: &Certificat,
    ) -> Result<(), ConventionsErreur> {
        self.changer(trace, |connues| {
            let mut notee = trouver(connues, reference.as_str())?.clone();
            notee.noter_destruction(ecoles, jour);
            let fait = Fait {
                action: Action::Destruction,
                objet: certificat.id.clone(),
                detail: certificat.pour_l_audit(),
            };
            Ok((vec![notee], vec![fait], ()))
        })
        .await
    }

    async fn changer_une(
        &self,
        contexte: Contexte<'_>,
        reference: &str,
        travail: impl FnOnce(Convention) -> Result<(Convention, Value), ConventionsErreur>,
    ) -> Result<Convention, ConventionsErreur> {
        self.changer(contexte.trace, |connues| {
            let avant = trouver(connues, reference)?;
            contexte.exiger(avant)?;
            let (apres, detail) = travail(avant.clone())?;
            contexte.exiger(&apres)?;
            let nouveaux = obstacles(&apres, contexte.annuaires, connues);
            let nouveaux = nouveaux.into_iter().filter(|(uai, obstacle)| {
                let chevauche = matches!(obstacle, Obstacle::Chevauchement { .. });
                chevauche || !avant.ecoles().contains_key(uai)
            });
            sans_obstacle(nouveaux.collect())?;
            let fait = Fait::new(reference, detail);
            Ok((vec![apres.clone()], vec![fait], apres))
        })
        .await
    }

    /// Makes a change on what the database holds, one at a time, and tells the trail of it in the
    /// same transaction.
    async fn changer<T>(
        &self,
        trace: Trace<'_>,
        travail: impl FnOnce(&[Convention]) -> Result<Change<T>, ConventionsErreur>,
    ) -> Result<T, ConventionsErreur> {
        let mut transaction = self.base.ecrire().await?;
        lignes::prendre_son_tour(&mut transaction).await?;
        let (_, connues) = lignes::lire(&mut transaction).await?;
        let (changees, faits, reponse) = travail(&connues)?;
        for convention in &changees {
            lignes::ecrire(&mut transaction, convention).await?;
        }
        let (revision, conventions) = lignes::lire(&mut transaction).await?;
        let mut derniere = None;
        for fait in faits {
            let ecriture = Ecriture::new(trace.acteur, fait.action, &fait.objet);
            let ecriture = ecriture.avec(fait.detail);
            derniere = Some(trace.journal.ajouter(&mut transaction, ecriture).await?);
        }
        transaction.commit().await?;
        self.retenir(Registre::new(revision, conventions));
        if let Some(ligne) = derniere {
            trace.journal.retenir(&ligne).await?;
        }
        Ok(reponse)
    }
}

/// What changed in a list of schools, for the trail.
fn fait_de_modification(avant: &Convention, apres: &Convention) -> Value {
    let sans = |de: &Convention, autre: &Convention| -> Vec<String> {
        let seules = de
            .ecoles()
            .keys()
            .filter(|uai| !autre.ecoles().contains_key(uai));
        seules.map(Uai::to_string).collect()
    };
    json!({"fait": "modifiee", "entrees": sans(apres, avant), "retirees": sans(avant, apres)})
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
    for refusee in &mut import.refusees {
        refusee.raison.taire(|autre| {
            let autre = connues.iter().find(|c| c.reference() == autre);
            autre.is_some_and(|convention| !(contexte.permise)(convention))
        });
    }
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
