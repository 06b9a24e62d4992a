//! Hiding the cells of periods, whichever boundaries they were read on.

use super::Secrete;
use crate::donnees::{LectureErreur, Lue, PeriodesLues, Releve};
use crate::porte::MesuresRendues;

impl Secrete for PeriodesLues {
    type Rendu = Vec<Lue<MesuresRendues>>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        let redessinees = match self {
            Self::Alors(lecture) => return lecture.masquer(),
            Self::Maintenant(redessinees) => redessinees,
        };
        let rendre = |redessinee: crate::donnees::Redessinee| {
            let mut cellules = redessinee.libres.masquer()?;
            cellules.retain(|c| {
                let (profil, membre) = (redessinee.profil, &redessinee.membre);
                profil.is_none_or(|p| p == c.profil)
                    && membre.as_ref().is_none_or(|m| **m == *c.membre)
            });
            if redessinee.sans_presence.is_some() {
                for cellule in &mut cellules {
                    cellule.mesures = cellule.mesures.sans_utilisateurs();
                }
            }
            Ok(Lue {
                periode: redessinee.periode,
                source: redessinee.source,
                cellules,
                releve: Releve::default(),
            })
        };
        redessinees.into_iter().map(rendre).collect()
    }
}
