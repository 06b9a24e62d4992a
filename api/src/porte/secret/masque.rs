//! Hiding cells, and measures over free days.

use crate::donnees::{Cellule, Lecture, LectureErreur, Libres, Lue};
use crate::porte::MesuresRendues;

use super::{Secrete, Seuil};

impl Secrete for Lecture {
    type Rendu = Vec<Lue<MesuresRendues>>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        let seuil = self.lecteur.seuils().consultation;
        let rendre = |lue: Lue| Lue {
            periode: lue.periode,
            source: lue.source,
            cellules: lue.cellules.into_iter().map(|c| rendue(seuil, c)).collect(),
            releve: lue.releve,
        };
        Ok(self.lues.into_iter().map(rendre).collect())
    }
}

impl Secrete for Libres {
    type Rendu = Vec<Cellule<MesuresRendues>>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        let seuil = self.lecteur.seuils().consultation;
        Ok(self
            .cellules
            .into_iter()
            .map(|c| rendue(seuil, c))
            .collect())
    }
}

fn rendue(seuil: Seuil, cellule: Cellule) -> Cellule<MesuresRendues> {
    let mesures = if seuil.est_petit(cellule.mesures.utilisateurs) {
        MesuresRendues::masquees()
    } else {
        MesuresRendues::mesurees(cellule.mesures)
    };
    Cellule {
        code: cellule.code,
        profil: cellule.profil,
        axe: cellule.axe,
        membre: cellule.membre,
        mesures,
    }
}
