//! What adds up, from stored cells: the places' own, where the period's directory draws them as
//! ours does, else those of their schools.

use std::collections::BTreeMap;

use frequent_plan::{Niveau, Periode};

use super::periodes::memes_frontieres;
use super::{Demande, Lieux, touche};
use crate::colonnes::Membre;
use crate::comptes::{Cube, Mesures};
use crate::erreur::Erreur;
use crate::fusion::sommer;
use crate::parallele::partager;
use crate::relecture::{self, borne};
use crate::triee::{Page, TableTriee};

impl Demande<'_> {
    /// Adds what adds up, from the cells of the periods.
    pub(super) fn sommes(&self, periodes: &[Periode], cubes: &mut [Cube]) -> Result<(), Erreur> {
        let vides = || self.cubes();
        let lues = partager(self.fils, periodes.to_vec(), vides, |cubes, _, periode| {
            self.lire_cellules(periode, |lieu, profil, membre, mesures| {
                sommer(&mut cubes[lieu as usize], profil, membre, mesures);
            })
        })?;
        for (cube, autre) in cubes.iter_mut().zip(&self.reunir(lues.into_iter())) {
            cube.ajouter(autre);
        }
        Ok(())
    }

    /// The same, and instead of users the most that one cell alone shows: as many were there at
    /// least. One thread: the most of two parts is not their sum.
    pub(super) fn sommes_et_moins(&self, periodes: &[Periode]) -> Result<Vec<Cube>, Erreur> {
        let mut cubes = self.cubes();
        for &periode in periodes {
            self.lire_cellules(periode, |lieu, profil, membre, mesures| {
                let cube = &mut cubes[lieu as usize];
                sommer(cube, profil, membre, mesures);
                let comptes = cube.profil(profil);
                let vus = match membre {
                    Membre::Ferme(position) => &mut comptes.fermes[position],
                    Membre::Outil(outil) => comptes.outils.entry(outil).or_default(),
                };
                vus.utilisateurs = vus.utilisateurs.max(mesures.utilisateurs);
            })?;
        }
        Ok(cubes)
    }

    /// Reads the cells of the places over a period, or those of their schools.
    fn lire_cellules(
        &self,
        periode: Periode,
        mut prendre: impl FnMut(u32, usize, Membre, Mesures),
    ) -> Result<(), Erreur> {
        let prendre = |lieu, profil, _, membre, mesures| prendre(lieu, profil, membre, mesures);
        let voulu = |axe| self.axes.contains(&axe);
        if let Some((table, codes)) = self.propres(periode)? {
            let rangs: BTreeMap<&str, u32> = codes.iter().copied().zip(0..).collect();
            let retenir = |page: &Page| {
                codes
                    .iter()
                    .any(|code| (&*page.min..=&*page.max).contains(&code.as_bytes()))
            };
            let rang = |code: &str| rangs.get(code).copied();
            relecture::cellules(&table, retenir, rang, voulu, self.textes(), prendre)
        } else if let Some(table) =
            TableTriee::courante(&self.lac.cumuls_de(Niveau::Ecole, periode))?
        {
            let bornes = self.triees();
            let retenir = |page: &Page| touche(&bornes, page);
            let lieu = |code: &str| self.lieu(borne(code.as_bytes())?);
            relecture::cellules(&table, retenir, lieu, voulu, self.textes(), prendre)
        } else {
            Ok(())
        }
    }

    /// The places' own cells over a period, if they are the territories of our directory.
    fn propres(&self, periode: Periode) -> Result<Option<(TableTriee, &[&str])>, Erreur> {
        let Lieux::Territoires {
            annuaire,
            niveau,
            codes,
        } = self.lieux
        else {
            return Ok(None);
        };
        if niveau == Niveau::Ecole {
            return Ok(None);
        }
        let table = TableTriee::courante(&self.lac.cumuls_de(niveau, periode))?;
        let la_meme = |table: &TableTriee| memes_frontieres(table.chemin(), annuaire);
        Ok(table.filter(la_meme).map(|table| (table, codes)))
    }
}
