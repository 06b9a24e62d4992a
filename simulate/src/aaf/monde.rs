//! The persons and structures of a perimeter, as the feed would know them.

use std::collections::BTreeMap;

use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::{Annuaire, Ecole, Etat, Secteur};

use super::AafErreur;
use crate::hasard::Hasard;

/// Pupils of a school of which the directory does not say how many it has.
const ELEVES_PAR_DEFAUT: u32 = 120;
/// Pupils of a class.
pub(super) const PAR_CLASSE: u32 = 25;
/// Pupils for one teacher, and for one member of the other staff.
const PAR_ENSEIGNANT: u32 = 18;
const PAR_PERSONNEL: u32 = 60;

/// What feed to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Reglages {
    /// The seed.
    pub graine: u64,
    /// The territory whose schools are described.
    pub perimetre: (Niveau, String),
    /// Multiplies the pupils of each school; 1 is what the directory says.
    pub taille: f64,
    /// The day of the whole extraction; each change comes a day later.
    pub date: Jour,
    /// What the names of its files begin with.
    pub prefixe: String,
}

/// A school, a circonscription, a DSDEN, a rectorat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lieu {
    pub(super) id: String,
    pub(super) uai: String,
    pub(super) nom: String,
    pub(super) nature: String,
    pub(super) circonscription: Option<String>,
    pub(super) commune: String,
    pub(super) secteur: &'static str,
    pub(super) academie: String,
    /// The school; none for what is no school.
    pub(super) ecole: Option<Uai>,
}

/// Places in [`Monde::lieux`], [`Monde::eleves`]… : joining identifiers are made from them.
pub(super) type Rang = u32;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Eleve {
    pub(super) lieux: Vec<Rang>,
    pub(super) classe: u32,
    pub(super) parents: Vec<Rang>,
}

/// How a member of staff is said to teach, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metier {
    /// By the category and the functions.
    Enseignant,
    /// By the functions alone.
    Documentaliste,
    /// A head who teaches, by the category alone.
    DirecteurEnseignant,
    /// A head who does not.
    Directeur,
    /// School life, administration, technicians.
    Personnel,
}

impl Metier {
    pub(super) fn enseigne(self) -> bool {
        matches!(
            self,
            Self::Enseignant | Self::Documentaliste | Self::DirecteurEnseignant
        )
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Agent {
    pub(super) lieux: Vec<Rang>,
    pub(super) metier: Metier,
}

/// The persons and structures of a perimeter on a day. A place that is empty was left.
#[derive(Debug, Clone)]
pub struct Monde {
    pub(super) reglages: Reglages,
    /// The schools, then what they are under.
    pub(super) lieux: Vec<Lieu>,
    /// How many of these are schools.
    pub(super) nombre_ecoles: Rang,
    pub(super) eleves: Vec<Option<Eleve>>,
    pub(super) agents: Vec<Option<Agent>>,
    /// Whether each parent is still there.
    pub(super) parents: Vec<bool>,
    /// Days lived since the whole extraction.
    pub(super) age: i32,
}

impl Monde {
    /// The schools of a territory that are open in this version of the directory, and the persons
    /// that they might have.
    ///
    /// # Errors
    /// There is no school there.
    pub fn new(annuaire: &Annuaire, reglages: Reglages) -> Result<Self, AafErreur> {
        let (niveau, code) = &reglages.perimetre;
        let ecoles: Vec<&Ecole> = annuaire
            .ecoles_de(*niveau, code)
            .filter(|ecole| ecole.etat != Etat::Ferme)
            .collect();
        if ecoles.is_empty() {
            return Err(AafErreur::SansEcole(format!("{niveau}:{code}")));
        }
        let mut monde = Self {
            lieux: lieux(&ecoles),
            nombre_ecoles: Rang::try_from(ecoles.len()).unwrap_or(1),
            eleves: Vec::new(),
            agents: Vec::new(),
            parents: Vec::new(),
            age: 0,
            reglages,
        };
        let mut par_commune: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
        for (rang, ecole) in (0..).zip(&ecoles) {
            let places = monde.places(ecole);
            let commune = par_commune.entry(&ecole.commune.code).or_default();
            commune.push(Place {
                lieu: rang,
                restantes: places,
            });
        }
        for places in par_commune.into_values() {
            monde.peupler(places);
        }
        Ok(monde)
    }

    /// The day of its last extraction.
    #[must_use]
    pub fn date(&self) -> Jour {
        self.reglages.date.plus(self.age)
    }

    fn places(&self, ecole: &Ecole) -> u32 {
        let effectif = ecole.effectif.unwrap_or(ELEVES_PAR_DEFAUT);
        crate::ecole::entier((f64::from(effectif) * self.reglages.taille).ceil())
    }

    /// The families and the staff of a commune's schools.
    fn peupler(&mut self, mut places: Vec<Place>) {
        let Some(premiere) = places.first() else {
            return;
        };
        let mut hasard = Hasard::annuaire(self.reglages.graine, u64::from(premiere.lieu));
        for place in places.clone() {
            self.nommer(&mut hasard, place, &places);
        }
        while let Some(premier) = tirer(&mut hasard, &mut places, None) {
            let parents = self.couple(&mut hasard);
            let mut fratrie = vec![premier];
            for _ in 0..hasard.sous(3) {
                fratrie.extend(tirer(&mut hasard, &mut places, Some(premier)));
            }
            for lieu in fratrie {
                let classe = hasard.sous(1_000);
                let mut lieux = vec![lieu];
                // A few pupils share their time between two schools.
                if hasard.sous(200) == 0 {
                    lieux.extend(places.first().map(|p| p.lieu).filter(|l| *l != lieu));
                }
                self.eleves.push(Some(Eleve {
                    lieux,
                    classe,
                    parents: parents.clone(),
                }));
            }
        }
    }

    /// One parent in a family out of four, two in the others; now and then none is known.
    pub(super) fn couple(&mut self, hasard: &mut Hasard) -> Vec<Rang> {
        let nombre = match hasard.sous(100) {
            0 => 0,
            1..25 => 1,
            _ => 2,
        };
        (0..nombre)
            .map(|_| suivant(&mut self.parents, true))
            .collect()
    }

    fn nommer(&mut self, hasard: &mut Hasard, place: Place, voisines: &[Place]) {
        let mut ajouter = |metier, lieux| self.agents.push(Some(Agent { lieux, metier }));
        let direction = match hasard.sous(3) {
            0 => Metier::Directeur,
            _ => Metier::DirecteurEnseignant,
        };
        ajouter(direction, vec![place.lieu]);
        for _ in 0..place.restantes.div_ceil(PAR_ENSEIGNANT) {
            let metier = match hasard.sous(12) {
                0 => Metier::Documentaliste,
                _ => Metier::Enseignant,
            };
            let mut lieux = vec![place.lieu];
            // One teacher in eight has two schools.
            if hasard.sous(8) == 0 {
                let rang = hasard.sous(u32::try_from(voisines.len()).unwrap_or(1));
                let voisine = voisines.get(rang as usize).map(|v| v.lieu);
                lieux.extend(voisine.filter(|v| *v != place.lieu));
            }
            ajouter(metier, lieux);
        }
        for _ in 0..place.restantes.div_ceil(PAR_PERSONNEL) {
            ajouter(Metier::Personnel, vec![place.lieu]);
        }
    }
}

/// A school that pupils may still enter.
#[derive(Debug, Clone, Copy)]
struct Place {
    lieu: Rang,
    restantes: u32,
}

/// A place in one of the schools; two times out of three in the school of the elder.
fn tirer(hasard: &mut Hasard, places: &mut Vec<Place>, aine: Option<Rang>) -> Option<Rang> {
    places.retain(|place| place.restantes > 0);
    let meme = aine.filter(|_| hasard.sous(3) > 0);
    let rang = places
        .iter()
        .position(|place| Some(place.lieu) == meme)
        .unwrap_or_else(|| hasard.sous(u32::try_from(places.len()).unwrap_or(1)) as usize);
    let place = places.get_mut(rang)?;
    place.restantes -= 1;
    Some(place.lieu)
}

/// Takes the next place of a list.
pub(super) fn suivant<T>(liste: &mut Vec<T>, valeur: T) -> Rang {
    let rang = Rang::try_from(liste.len()).unwrap_or(Rang::MAX);
    liste.push(valeur);
    rang
}

/// The schools, then what they are under.
fn lieux(ecoles: &[&Ecole]) -> Vec<Lieu> {
    let mut circonscriptions: BTreeMap<&str, &Ecole> = BTreeMap::new();
    let mut departements: BTreeMap<&str, &Ecole> = BTreeMap::new();
    let mut academies: BTreeMap<&str, &Ecole> = BTreeMap::new();
    for ecole in ecoles {
        if let Some(circonscription) = &ecole.circonscription {
            circonscriptions
                .entry(&circonscription.code)
                .or_insert(ecole);
        }
        departements.entry(&ecole.departement.code).or_insert(ecole);
        academies.entry(&ecole.academie.code).or_insert(ecole);
    }
    let de_circonscription: BTreeMap<&str, String> = circonscriptions
        .keys()
        .zip(52_900_000..)
        .map(|(code, numero)| (*code, id(circonscriptions[code], numero)))
        .collect();
    let service = |numero: u32, ecole: &Ecole, nature: &str, nom: &str, uai: &str| Lieu {
        id: id(ecole, numero),
        uai: uai.to_owned(),
        nom: format!("{nature}${nom}"),
        nature: nature.to_owned(),
        circonscription: None,
        commune: String::new(),
        secteur: Secteur::Public.code(),
        academie: ecole.academie.nom.to_uppercase(),
        ecole: None,
    };
    let mut lieux: Vec<Lieu> = ecoles
        .iter()
        .zip(52_000_000..)
        .map(|(ecole, numero)| Lieu {
            id: id(ecole, numero),
            uai: ecole.uai.to_string(),
            nom: format!("{}${}", nature(ecole), ecole.nom),
            nature: nature(ecole),
            circonscription: ecole
                .circonscription
                .as_ref()
                .and_then(|c| de_circonscription.get(&*c.code).cloned()),
            commune: ecole.commune.code.clone(),
            secteur: ecole.secteur.code(),
            academie: ecole.academie.nom.to_uppercase(),
            ecole: Some(ecole.uai),
        })
        .collect();
    for ((code, ecole), numero) in circonscriptions.iter().zip(52_900_000..) {
        let nom = ecole
            .circonscription
            .as_ref()
            .map_or("", |c| c.nom.as_str());
        let uai = code.parse::<Uai>().map(|uai| uai.to_string());
        let uai = uai.unwrap_or_default();
        lieux.push(service(numero, ecole, "CIRCONSCRIPTION", nom, &uai));
    }
    for (ecole, numero) in departements.values().zip(52_990_000..) {
        lieux.push(service(numero, ecole, "DSDEN", &ecole.departement.nom, ""));
    }
    for (ecole, numero) in academies.values().zip(52_999_000..) {
        lieux.push(service(numero, ecole, "RECTORAT", &ecole.academie.nom, ""));
    }
    lieux
}

/// Joining identifiers bear the académie's prefix.
fn id(ecole: &Ecole, numero: u32) -> String {
    format!("{}-{numero}", ecole.academie.code)
}

fn nature(ecole: &Ecole) -> String {
    if ecole.nature.is_empty() {
        "ECOLE ELEMENTAIRE".to_owned()
    } else {
        ecole.nature.to_uppercase()
    }
}
