//! Hiding what was read of the lake before it leaves.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode};
use frequent_territory::{Annuaire, Annuaires};
use rustc_hash::FxHashSet;

use super::boite::Listes;
use super::masque::{Cle, Regles, Source, Voisinage};
use super::paires::Paires;
use super::{Secrete, Seuil};
use crate::donnees::{Cellule, Filtre, Lecteur, Lecture, LectureErreur, Libres, Lue};
use crate::porte::{Brutes, MesuresRendues};

/// Fewest files given to a thread.
const FICHIERS_PAR_FIL: usize = 8;

/// The lake, around an answer.
struct Lac<'a> {
    lecteur: &'a Lecteur,
    annuaires: &'a Annuaires,
    aujourdhui: Jour,
}

impl Source for Lac<'_> {
    fn paires(&self, periode: Periode) -> Result<Arc<Paires>, LectureErreur> {
        let annuaire = self.annuaire(periode);
        self.lecteur.paires(periode, annuaire.as_deref())
    }

    fn jours(&self) -> Result<BTreeSet<Jour>, LectureErreur> {
        self.lecteur.debuts(Niveau::Ecole, Grain::Jour)
    }

    fn annuaire(&self, periode: Periode) -> Option<Arc<Annuaire>> {
        let jour = periode.fin().min(self.aujourdhui);
        self.annuaires.au(jour).cloned()
    }

    fn lire(&self, lieux: &[Voisinage], axes: &[Axe]) -> Result<Vec<Vec<Cellule>>, LectureErreur> {
        let coeurs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let par_fil = lieux.len().div_ceil(coeurs).max(FICHIERS_PAR_FIL);
        let lire = |(niveau, periode, codes): &Voisinage| {
            let filtre = Filtre {
                codes: codes.clone(),
                axes: axes.to_vec(),
                profil: None,
                membre: None,
            };
            let Brutes(lue) = self.lecteur.alentour(*niveau, *periode, &filtre)?;
            Ok(lue.cellules)
        };
        std::thread::scope(|portee| {
            let fils: Vec<_> = lieux
                .chunks(par_fil)
                .map(|part| portee.spawn(move || part.iter().map(lire).collect::<Vec<_>>()))
                .collect();
            let parts = fils.into_iter().map(std::thread::ScopedJoinHandle::join);
            let mut lues = Vec::with_capacity(lieux.len());
            for part in parts {
                lues.extend(part.map_err(|_| LectureErreur::Masquage)?);
            }
            lues.into_iter().collect()
        })
    }
}

impl Secrete for Lecture {
    type Rendu = Vec<Lue<MesuresRendues>>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        let regles = regles(&self.lecteur);
        let lac = Lac {
            lecteur: &self.lecteur,
            annuaires: &self.annuaires,
            aujourdhui: self.demande.aujourdhui,
        };
        let masquees = regles.cellules(&lac, self.demande.niveau, &self.filtres)?;
        let rendre = |(lue, masquees): (Lue, FxHashSet<Cle>)| Lue {
            periode: lue.periode,
            source: lue.source,
            cellules: rendues(regles.seuil, lue.cellules, masquees),
            releve: lue.releve,
        };
        Ok(self.lues.into_iter().zip(masquees).map(rendre).collect())
    }
}

impl Secrete for Libres {
    type Rendu = Vec<Cellule<MesuresRendues>>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        let regles = regles(&self.lecteur);
        let lac = Lac {
            lecteur: &self.lecteur,
            annuaires: &self.annuaires,
            aujourdhui: self.aujourdhui,
        };
        let ecoles: Vec<_> = self.lieux.iter().map(|lieu| &lieu.ecoles).collect();
        let par_lieu = regles.libres(&lac, &ecoles, &self.jours, &self.axes)?;
        let mut masquees = FxHashSet::default();
        for (lieu, siennes) in self.lieux.iter().zip(par_lieu) {
            masquees.extend(siennes.into_iter().map(|cle| Cle {
                code: Arc::clone(&lieu.code),
                ..cle
            }));
        }
        Ok(rendues(regles.seuil, self.cellules, masquees))
    }
}

fn regles(lecteur: &Lecteur) -> Regles {
    Regles::new(lecteur.seuils(), Listes::du_plan(lecteur.plan()))
}

/// Cells as they leave, those that are hidden without having been counted included, in the order
/// of texts.
fn rendues(
    seuil: Seuil,
    cellules: Vec<Cellule>,
    mut masquees: FxHashSet<Cle>,
) -> Vec<Cellule<MesuresRendues>> {
    let mut rendues: Vec<Cellule<MesuresRendues>> = Vec::with_capacity(cellules.len());
    for cellule in cellules {
        let masquee = masquees.remove(&Cle::de(&cellule));
        let mesures = if masquee || seuil.est_petit(cellule.mesures.utilisateurs) {
            MesuresRendues::masquees()
        } else {
            MesuresRendues::mesurees(cellule.mesures)
        };
        rendues.push(Cellule {
            code: cellule.code,
            profil: cellule.profil,
            axe: cellule.axe,
            membre: cellule.membre,
            mesures,
        });
    }
    if masquees.is_empty() {
        return rendues;
    }
    rendues.extend(masquees.into_iter().map(|cle| Cellule {
        code: cle.code,
        profil: cle.profil,
        axe: cle.axe,
        membre: cle.membre,
        mesures: MesuresRendues::masquees(),
    }));
    rendues.sort_by(|a, b| {
        let cle = |c: &Cellule<MesuresRendues>| {
            (
                Arc::clone(&c.code),
                c.axe.code(),
                c.profil.code(),
                Arc::clone(&c.membre),
            )
        };
        cle(a).cmp(&cle(b))
    });
    rendues
}
