//! How schools live: the data file, read into what draws are made from.

use std::collections::BTreeMap;

use frequent_plan::{Appareil, Navigateur, Os, Plan, Profil, Service, Terminal};
use rand_distr::{Geometric, LogNormal};
use serde::Deserialize;

use crate::ecole::Degre;
use crate::hasard::Repartition;

const MODELE: &str = include_str!("../data/modele.toml");

/// Spread of the seconds between two events, as the deviation of their logarithm.
const ECART_PAUSE: f64 = 1.2;

/// A data file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModeleInvalide {
    /// Not the TOML expected.
    #[error("modèle de simulation illisible : {0}")]
    Illisible(#[from] toml::de::Error),
    /// A service that the marking plan does not have.
    #[error("modèle de simulation : le service « {0} » n’est pas au plan de marquage")]
    Service(String),
    /// A list that is absent, empty or out of bounds.
    #[error("modèle de simulation : « {0} » est absent, vide ou hors bornes")]
    Liste(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fichier {
    degres: BTreeMap<String, ModeleDegre>,
    profils: BTreeMap<Profil, FicheProfil>,
    services: BTreeMap<String, BTreeMap<Profil, BTreeMap<String, f64>>>,
    tiers: BTreeMap<String, FicheTiers>,
    terminaux: Vec<FicheTerminal>,
}

/// How a kind of school lives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModeleDegre {
    pub(crate) visites_par_eleve: f64,
    pub(crate) effectif: u32,
    pub(crate) jamais: f64,
    pub(crate) montee: f64,
    pub(crate) chute: f64,
    pub(crate) parts: BTreeMap<Profil, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FicheProfil {
    par_eleve: f64,
    de_plus: u32,
    semaine: [f64; 7],
    vacances: f64,
    heures_classe: [f64; 24],
    heures_conge: [f64; 24],
    pages: f64,
    pause_s: f64,
    appareils: BTreeMap<Appareil, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FicheTiers {
    part: f64,
    outils: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FicheTerminal {
    appareil: Appareil,
    os: Os,
    navigateur: Navigateur,
    poids: f64,
    user_agent: String,
}

/// How a profile lives.
#[derive(Debug, Clone)]
pub(crate) struct ModeleProfil {
    pub(crate) par_eleve: f64,
    pub(crate) de_plus: u32,
    pub(crate) semaine: [f64; 7],
    pub(crate) vacances: f64,
    pub(crate) heures_classe: Repartition,
    pub(crate) heures_conge: Repartition,
    /// Events of a visit after the first.
    pub(crate) suites: Geometric,
    /// Seconds between two events.
    pub(crate) pauses: LogNormal<f64>,
    /// Among the model's terminals.
    pub(crate) terminaux: Repartition,
    /// What is used in primary schools, and beyond.
    pub(crate) primaire: Services,
    pub(crate) secondaire: Services,
}

/// Services and the share of each.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    pub(crate) services: Vec<Service>,
    pub(crate) parts: Repartition,
}

/// The third parties' tools of a service.
#[derive(Debug, Clone)]
pub(crate) struct Tiers {
    pub(crate) part: f64,
    /// Ranks among the model's tools.
    pub(crate) outils: Vec<u8>,
}

/// A terminal and the user agent that tells it.
#[derive(Debug, Clone)]
pub(crate) struct ModeleTerminal {
    pub(crate) terminal: Terminal,
    pub(crate) user_agent: String,
}

/// The whole model.
#[derive(Debug, Clone)]
pub(crate) struct Modele {
    degres: Vec<ModeleDegre>,
    profils: Vec<ModeleProfil>,
    /// By service rank.
    tiers: Vec<Option<Tiers>>,
    pub(crate) outils: Vec<String>,
    pub(crate) terminaux: Vec<ModeleTerminal>,
    pub(crate) accueil: Service,
}

impl Modele {
    /// The model that ships with the program.
    pub(crate) fn integre(plan: &Plan) -> Result<Self, ModeleInvalide> {
        Self::lire(MODELE, plan)
    }

    fn lire(texte: &str, plan: &Plan) -> Result<Self, ModeleInvalide> {
        let fichier: Fichier = toml::from_str(texte)?;
        let degres = Degre::TOUS
            .iter()
            .map(|degre| {
                let nom = degre.code();
                let lu = fichier.degres.get(nom).cloned();
                lu.ok_or_else(|| ModeleInvalide::Liste(format!("degres.{nom}")))
            })
            .collect::<Result<_, _>>()?;
        let profils = Profil::TOUS
            .iter()
            .map(|profil| lire_profil(&fichier, *profil, plan))
            .collect::<Result<_, _>>()?;
        let (tiers, outils) = lire_tiers(&fichier, plan)?;
        let terminaux = fichier
            .terminaux
            .iter()
            .map(|fiche| ModeleTerminal {
                terminal: Terminal {
                    appareil: fiche.appareil,
                    os: fiche.os,
                    navigateur: fiche.navigateur,
                },
                user_agent: fiche.user_agent.clone(),
            })
            .collect();
        Ok(Self {
            degres,
            profils,
            tiers,
            outils,
            terminaux,
            accueil: service(plan, "ACCUEIL")?,
        })
    }

    /// How a kind of school lives.
    pub(crate) fn degre(&self, degre: Degre) -> &ModeleDegre {
        &self.degres[degre as usize]
    }

    /// How a profile lives.
    pub(crate) fn profil(&self, profil: Profil) -> &ModeleProfil {
        &self.profils[usize::from(profil.rang())]
    }

    /// The third parties' tools of a service, if it has any.
    pub(crate) fn tiers(&self, service: Service) -> Option<&Tiers> {
        self.tiers.get(usize::from(service.rang()))?.as_ref()
    }
}

fn service(plan: &Plan, code: &str) -> Result<Service, ModeleInvalide> {
    plan.service(code)
        .ok_or_else(|| ModeleInvalide::Service(code.to_owned()))
}

fn lire_profil(
    fichier: &Fichier,
    profil: Profil,
    plan: &Plan,
) -> Result<ModeleProfil, ModeleInvalide> {
    let faute = |champ: &str| ModeleInvalide::Liste(format!("profils.{profil}.{champ}"));
    let fiche = fichier.profils.get(&profil).ok_or_else(|| faute(""))?;
    let repartition = |champ, poids: Vec<f64>| Repartition::new(poids).ok_or_else(|| faute(champ));
    let services = |degre: &str| -> Result<Services, ModeleInvalide> {
        let lus = fichier.services.get(degre).and_then(|d| d.get(&profil));
        let lus = lus.ok_or_else(|| faute("services"))?;
        Ok(Services {
            services: lus
                .keys()
                .map(|code| service(plan, code))
                .collect::<Result<_, _>>()?,
            parts: repartition("services", lus.values().copied().collect())?,
        })
    };
    let suites = Geometric::new(1.0 / fiche.pages).map_err(|_| faute("pages"))?;
    let pauses = LogNormal::new(fiche.pause_s.ln(), ECART_PAUSE).map_err(|_| faute("pause_s"))?;
    Ok(ModeleProfil {
        par_eleve: fiche.par_eleve,
        de_plus: fiche.de_plus,
        semaine: fiche.semaine,
        vacances: fiche.vacances,
        heures_classe: repartition("heures_classe", fiche.heures_classe.to_vec())?,
        heures_conge: repartition("heures_conge", fiche.heures_conge.to_vec())?,
        suites,
        pauses,
        terminaux: repartition("appareils", poids_des_terminaux(fichier, fiche))?,
        primaire: services("primaire")?,
        secondaire: services("secondaire")?,
    })
}

/// The share of each terminal: its device's in the profile, split by its weight in the device.
fn poids_des_terminaux(fichier: &Fichier, fiche: &FicheProfil) -> Vec<f64> {
    fichier
        .terminaux
        .iter()
        .map(|terminal| {
            let meme = |t: &&FicheTerminal| t.appareil == terminal.appareil;
            let total: f64 = fichier.terminaux.iter().filter(meme).map(|t| t.poids).sum();
            let appareil = fiche.appareils.get(&terminal.appareil).copied();
            appareil.unwrap_or_default() * terminal.poids / total
        })
        .collect()
}

fn lire_tiers(
    fichier: &Fichier,
    plan: &Plan,
) -> Result<(Vec<Option<Tiers>>, Vec<String>), ModeleInvalide> {
    let mut tiers = vec![None; plan.services().len()];
    let mut outils: Vec<String> = Vec::new();
    for (code, fiche) in &fichier.tiers {
        let rang = usize::from(service(plan, code)?.rang());
        let faute = || ModeleInvalide::Liste(format!("tiers.{code}"));
        let mut rangs = Vec::new();
        for outil in &fiche.outils {
            let connu = outils.iter().position(|o| o == outil);
            let rang = connu.unwrap_or_else(|| {
                outils.push(outil.clone());
                outils.len() - 1
            });
            rangs.push(u8::try_from(rang).map_err(|_| faute())?);
        }
        if rangs.is_empty() {
            return Err(faute());
        }
        tiers[rang] = Some(Tiers {
            part: fiche.part,
            outils: rangs,
        });
    }
    Ok((tiers, outils))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_a_week_of_the_same_weight() {
        let modele = Modele::integre(&Plan::integre().unwrap()).unwrap();
        for profil in Profil::TOUS {
            let semaine: f64 = modele.profil(*profil).semaine.iter().sum();
            assert!((semaine - 5.0).abs() < 1e-9, "{profil} : {semaine}");
        }
    }

    #[test]
    fn a_service_out_of_the_plan_is_named() {
        let texte = MODELE.replace("CAHIER_LIAISON = 28", "CAHIER_DE_LIAISON = 28");
        let faute = Modele::lire(&texte, &Plan::integre().unwrap()).unwrap_err();
        assert!(matches!(faute, ModeleInvalide::Service(code) if code == "CAHIER_DE_LIAISON"));
    }
}
