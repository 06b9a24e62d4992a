//! What one batch of native events remembers from one line to the next, and what is done to each
//! line before the plan checks it. Lines of a batch nearly always share their
//! platform and their few browsers: asking the common tables each time is felt, since all requests
//! share them.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use frequent_plan::{AnneeScolaire, Cle, CleIndisponible, Raison, Refus, Terminal, Trousseau};
use rustc_hash::FxHashMap;

use crate::formats::natif::Ligne;
use crate::terminal::{Indices, Terminaux};

/// Most browsers remembered: the hash has no key, so a batch made to collide stays harmless.
const AGENTS_MAX: usize = 256;

/// The browsers of a batch.
pub(crate) struct Agents<'a> {
    terminaux: &'a Terminaux,
    vus: FxHashMap<&'a str, Terminal>,
}

impl<'a> Agents<'a> {
    pub(crate) fn new(terminaux: &'a Terminaux) -> Self {
        Self {
            terminaux,
            vus: FxHashMap::default(),
        }
    }

    pub(crate) fn terminal(&mut self, agent: Cow<'a, str>) -> Terminal {
        match agent {
            Cow::Owned(agent) => self.reconnaitre(&agent),
            Cow::Borrowed(agent) => {
                if let Some(terminal) = self.vus.get(agent) {
                    return *terminal;
                }
                let terminal = self.reconnaitre(agent);
                if self.vus.len() < AGENTS_MAX {
                    self.vus.insert(agent, terminal);
                }
                terminal
            }
        }
    }

    fn reconnaitre(&self, agent: &str) -> Terminal {
        self.terminaux.terminal(&Indices {
            agent,
            ..Indices::default()
        })
    }
}

/// Recognises the user agent, and keeps a sender to its platforms: before the checks, since they
/// make the pseudonym key of a platform that has none.
pub(crate) fn preparer<'a>(
    ligne: &mut Ligne<'a>,
    admet: impl FnOnce(&str) -> bool,
    agents: &mut Agents<'a>,
) -> Result<(), Refus> {
    let plateforme = ligne.plateforme();
    if !plateforme.is_empty() && !admet(plateforme) {
        return Err(Refus::de("plateforme", Raison::PlateformeRefusee));
    }
    ligne.brut.terminal = ligne.agent.take().map(|agent| agents.terminal(agent));
    Ok(())
}

/// A key ring that remembers the last key asked for, in a copy of its own.
pub(crate) struct DerniereCle<'t> {
    trousseau: &'t dyn Trousseau,
    derniere: Mutex<Option<(String, AnneeScolaire, Arc<Cle>)>>,
}

impl<'t> DerniereCle<'t> {
    pub(crate) fn new(trousseau: &'t dyn Trousseau) -> Self {
        Self {
            trousseau,
            derniere: Mutex::new(None),
        }
    }
}

impl Trousseau for DerniereCle<'_> {
    fn cle(&self, plateforme: &str, annee: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        let mut derniere = self.derniere.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((sa_plateforme, son_annee, cle)) = &*derniere
            && *son_annee == annee
            && sa_plateforme == plateforme
        {
            return Ok(Arc::clone(cle));
        }
        let cle = Arc::new(Cle::clone(&*self.trousseau.cle(plateforme, annee)?));
        *derniere = Some((plateforme.to_owned(), annee, Arc::clone(&cle)));
        Ok(cle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct ParPlateforme;

    impl Trousseau for ParPlateforme {
        fn cle(&self, plateforme: &str, annee: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
            let mut octets = [0; 32];
            octets[0] = plateforme.as_bytes()[0];
            octets[1] = annee.to_string().as_bytes()[3];
            Ok(Arc::new(Cle::nouvelle(&octets)))
        }
    }

    #[test]
    fn the_key_remembered_is_the_one_asked_for() {
        let derniere = DerniereCle::new(&ParPlateforme);
        let annees = [2026, 2027].map(|a| AnneeScolaire::depuis(a).unwrap());
        for plateforme in ["A", "B", "B", "A"] {
            for annee in [annees[0], annees[1], annees[1]] {
                let attendue = ParPlateforme.cle(plateforme, annee).unwrap().visiteur("u");
                assert_eq!(
                    derniere.cle(plateforme, annee).unwrap().visiteur("u"),
                    attendue
                );
            }
        }
    }

    #[test]
    fn a_browser_is_the_same_the_second_time_and_past_the_bound() {
        let terminaux = Terminaux::charger().unwrap();
        let textes: Vec<String> = (0..300)
            .map(|n| format!("Firefox/{n} (Windows NT 10.0)"))
            .collect();
        let mut agents = Agents::new(&terminaux);
        for _ in 0..2 {
            for texte in &textes {
                let attendu = terminaux.terminal(&Indices {
                    agent: texte,
                    ..Indices::default()
                });
                assert_eq!(agents.terminal(Cow::Borrowed(texte)), attendu);
            }
        }
        assert_eq!(agents.vus.len(), AGENTS_MAX);
    }
}
