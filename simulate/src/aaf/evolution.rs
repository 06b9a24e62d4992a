//! A day of changes: pupils who come, go and change schools, parents who are found or leave, staff
//! who take a second school.

use super::etat_civil::Registre;
use super::monde::{Agent, Eleve, Metier, Monde, Rang, suivant};
use crate::hasard::Hasard;

/// One person in this many changes in a day.
const PART: u32 = 40;

/// What changed for somebody since the extraction before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mouvement {
    Arrivee,
    /// Other schools.
    Mutation,
    /// Other parents, or other children.
    Lien,
    /// Something that head counts do not tell: a name, an address.
    Detail,
    Depart,
}

/// The changes of a day, each person once a kind of change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Changements {
    pub(super) eleves: Vec<(Rang, Mouvement)>,
    pub(super) agents: Vec<(Rang, Mouvement)>,
    pub(super) parents: Vec<(Rang, Mouvement)>,
}

impl Changements {
    fn noter(&mut self, registre: Registre, rang: Rang, mouvement: Mouvement) {
        let liste = match registre {
            Registre::Eleves => &mut self.eleves,
            Registre::Agents => &mut self.agents,
            Registre::Parents => &mut self.parents,
        };
        liste.push((rang, mouvement));
    }

    /// The children of these parents are not the same as before.
    fn relier(&mut self, parents: &[Rang]) {
        for parent in parents {
            self.noter(Registre::Parents, *parent, Mouvement::Lien);
        }
    }
}

impl Monde {
    /// Lives a day.
    pub(super) fn vivre(&mut self) -> Changements {
        self.age += 1;
        let age = u64::from(self.age.unsigned_abs());
        let mut hasard = Hasard::annuaire(self.reglages.graine, (1 << 32) + age);
        let mut changements = Changements::default();
        self.changer_eleves(&mut hasard, &mut changements);
        self.changer_agents(&mut hasard, &mut changements);
        self.oublier_parents(&mut changements);
        changements
    }

    fn une_ecole(&self, hasard: &mut Hasard) -> Rang {
        hasard.sous(self.nombre_ecoles)
    }

    fn changer_eleves(&mut self, hasard: &mut Hasard, changements: &mut Changements) {
        let presents = Rang::try_from(self.eleves.len()).unwrap_or(Rang::MAX);
        for rang in 0..presents {
            if hasard.sous(PART) > 0 {
                continue;
            }
            let ailleurs = self.une_ecole(hasard);
            let Some(Some(eleve)) = self.eleves.get(rang as usize).cloned() else {
                continue;
            };
            match hasard.sous(6) {
                0 => {
                    self.eleves[rang as usize] = None;
                    changements.noter(Registre::Eleves, rang, Mouvement::Depart);
                    changements.relier(&eleve.parents);
                }
                1 => {
                    let lieux = vec![ailleurs];
                    self.eleves[rang as usize] = Some(Eleve { lieux, ..eleve });
                    changements.noter(Registre::Eleves, rang, Mouvement::Mutation);
                }
                2 => {
                    let nouveaux = self.arrivants(hasard, changements);
                    let avant = eleve.parents.clone();
                    self.eleves[rang as usize] = Some(Eleve {
                        parents: nouveaux,
                        ..eleve
                    });
                    changements.noter(Registre::Eleves, rang, Mouvement::Lien);
                    changements.relier(&avant);
                }
                // A brother or a sister comes, to the same school or to another one.
                3 => {
                    let lieux = match hasard.sous(2) {
                        0 => eleve.lieux.clone(),
                        _ => vec![ailleurs],
                    };
                    let parents = eleve.parents.clone();
                    let cadet = Eleve { lieux, ..eleve };
                    let cadet = suivant(&mut self.eleves, Some(cadet));
                    changements.noter(Registre::Eleves, cadet, Mouvement::Arrivee);
                    changements.relier(&parents);
                }
                4 => {
                    let parents = self.arrivants(hasard, changements);
                    let (lieux, classe) = (vec![ailleurs], hasard.sous(1_000));
                    let arrive = Eleve {
                        lieux,
                        classe,
                        parents,
                    };
                    let arrive = suivant(&mut self.eleves, Some(arrive));
                    changements.noter(Registre::Eleves, arrive, Mouvement::Arrivee);
                }
                _ => changements.noter(Registre::Eleves, rang, Mouvement::Detail),
            }
        }
    }

    /// Parents that the feed did not have.
    fn arrivants(&mut self, hasard: &mut Hasard, changements: &mut Changements) -> Vec<Rang> {
        let parents = self.couple(hasard);
        for parent in &parents {
            changements.noter(Registre::Parents, *parent, Mouvement::Arrivee);
        }
        parents
    }

    fn changer_agents(&mut self, hasard: &mut Hasard, changements: &mut Changements) {
        let presents = Rang::try_from(self.agents.len()).unwrap_or(Rang::MAX);
        for rang in 0..presents {
            if hasard.sous(PART) > 0 {
                continue;
            }
            let ailleurs = self.une_ecole(hasard);
            let Some(Some(agent)) = self.agents.get_mut(rang as usize) else {
                continue;
            };
            match hasard.sous(4) {
                0 => {
                    self.agents[rang as usize] = None;
                    changements.noter(Registre::Agents, rang, Mouvement::Depart);
                }
                1 if !agent.lieux.contains(&ailleurs) => {
                    agent.lieux.push(ailleurs);
                    changements.noter(Registre::Agents, rang, Mouvement::Mutation);
                }
                2 => {
                    let metier = match hasard.sous(2) {
                        0 => Metier::Enseignant,
                        _ => Metier::Personnel,
                    };
                    let lieux = vec![ailleurs];
                    let nomme = suivant(&mut self.agents, Some(Agent { lieux, metier }));
                    changements.noter(Registre::Agents, nomme, Mouvement::Arrivee);
                }
                _ => changements.noter(Registre::Agents, rang, Mouvement::Detail),
            }
        }
    }

    /// Parents who have no child left leave; of the others, the last word is what they are now.
    fn oublier_parents(&mut self, changements: &mut Changements) {
        let mut avec_enfant = vec![false; self.parents.len()];
        for parent in self.eleves.iter().flatten().flat_map(|e| &e.parents) {
            avec_enfant[*parent as usize] = true;
        }
        changements.parents.sort_unstable();
        changements.parents.dedup();
        // Who came today is told whole: there is nothing to change.
        let arrives: Vec<Rang> = changements
            .parents
            .iter()
            .filter(|(_, mouvement)| *mouvement == Mouvement::Arrivee)
            .map(|(rang, _)| *rang)
            .collect();
        changements.parents.retain(|(rang, mouvement)| {
            *mouvement == Mouvement::Arrivee || arrives.binary_search(rang).is_err()
        });
        for (rang, mouvement) in &mut changements.parents {
            if *mouvement == Mouvement::Lien && !avec_enfant[*rang as usize] {
                self.parents[*rang as usize] = false;
                *mouvement = Mouvement::Depart;
            }
        }
    }
}
