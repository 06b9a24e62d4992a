//! From the persons of every feed to the table of head counts.

use frequent_plan::{Cle, Jour, Lac, Profil, Uai};
use rustc_hash::FxHashMap;

use crate::aaf::{
    AafErreur, Etat, Nature, Personnes, Structures, Vue, ecrire, ouvrir_cle, reference,
    synchroniser,
};
use crate::recherche::plier;

use super::table::{self, Groupe, Table};

/// What the report of an import says of the head counts of its feed.
pub(crate) struct Bilan {
    /// Distinct persons who have a school, by profile.
    pub(crate) effectifs: Vec<(Profil, u64)>,
    /// Persons without any school.
    pub(crate) sans_ecole: u64,
}

/// A person in a school.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    profil: u8,
    /// The same wherever the person is in an académie, and in no other.
    personne: u64,
    ecole: u32,
}

/// Schools met, each with the date of the last extraction that speaks of it.
#[derive(Default)]
struct Ecoles {
    liste: Vec<(Uai, Jour)>,
    rangs: FxHashMap<Uai, u32>,
}

impl Ecoles {
    fn rang(&mut self, uai: Uai, date: Jour) -> u32 {
        let suivant = u32::try_from(self.liste.len()).unwrap_or(u32::MAX);
        let rang = *self.rangs.entry(uai).or_insert(suivant);
        match self.liste.get_mut(rang as usize) {
            Some(connue) => connue.1 = connue.1.max(date),
            None => self.liste.push((uai, date)),
        }
        rang
    }
}

/// Counts every feed again and writes the table. Says what one of the feeds brings.
pub(crate) fn recompter(lac: &Lac, cle: &Cle, prefixe: &str) -> Result<Bilan, AafErreur> {
    let etats = Etat::tous(lac)?;
    let mut bilan = Bilan {
        effectifs: Vec::new(),
        sans_ecole: 0,
    };
    let table = compter(lac, cle, &etats, &mut |etat, places, sans_ecole| {
        if etat.prefixe == prefixe {
            bilan.sans_ecole = sans_ecole;
            bilan.effectifs = distincts(places);
        }
    })?;
    let chemin = lac.effectifs();
    let a_cote = chemin.with_extension("en-cours");
    ecrire(&a_cote, |sortie| table::ecrire(sortie, &table))?;
    std::fs::rename(&a_cote, &chemin)
        .and_then(|()| synchroniser(&lac.aaf()))
        .map_err(|source| AafErreur::Ecriture { chemin, source })?;
    Ok(bilan)
}

/// The table in the lake, or the one that it should be if an import was stopped before writing it.
pub(super) fn ouvrir(lac: &Lac) -> Result<Table, AafErreur> {
    let etats = Etat::tous(lac)?;
    if etats.is_empty() {
        return Ok(Table::default());
    }
    let chemin = lac.effectifs();
    if chemin.exists() {
        let lue = table::lire(&chemin)?;
        if lue.origine == origine(&etats) {
            return Ok(lue);
        }
    }
    compter(lac, &ouvrir_cle(lac)?, &etats, &mut |_, _, _| {})
}

fn origine(etats: &[Etat]) -> String {
    let noms: Vec<String> = etats.iter().map(Etat::nom).collect();
    noms.join(",")
}

/// Told of each feed: its places, sorted, each once, and how many persons have none.
type Suivi<'s> = &'s mut dyn FnMut(&Etat, &[Place], u64);

fn compter(lac: &Lac, cle: &Cle, etats: &[Etat], suivi: Suivi<'_>) -> Result<Table, AafErreur> {
    let mut ecoles = Ecoles::default();
    let mut places = Vec::new();
    for etat in etats {
        let personnes = etat.personnes(lac)?;
        let mut lues = Placement::nouveau(cle, etat, &personnes, &mut ecoles);
        lues.placer();
        let (mut lues, sans_ecole) = (lues.places, lues.sans_ecole);
        lues.sort_unstable();
        lues.dedup();
        suivi(etat, &lues, sans_ecole);
        places.append(&mut lues);
    }
    if etats.len() > 1 {
        places.sort_unstable();
        places.dedup();
    }
    let mut table = Table {
        origine: origine(etats),
        ..Table::default()
    };
    for siennes in places.chunk_by(|a, b| (a.profil, a.personne) == (b.profil, b.personne)) {
        for place in siennes {
            let profil = Profil::de_rang(place.profil);
            let ecole = ecoles.liste.get(place.ecole as usize);
            if let (Some(profil), Some((uai, date))) = (profil, ecole) {
                let groupe = table.groupes.entry((profil, *uai));
                let groupe = groupe.or_insert_with(|| Groupe::vide(*date));
                match siennes {
                    [_] => groupe.seuls += 1,
                    _ => groupe.partages.push(place.personne),
                }
            }
        }
    }
    Ok(table)
}

fn distincts(places: &[Place]) -> Vec<(Profil, u64)> {
    let mut nombres = Vec::new();
    for siennes in places.chunk_by(|a, b| a.profil == b.profil) {
        let personnes = siennes.chunk_by(|a, b| a.personne == b.personne).count() as u64;
        let profil = siennes
            .first()
            .and_then(|place| Profil::de_rang(place.profil));
        nombres.extend(profil.map(|profil| (profil, personnes)));
    }
    nombres
}

/// A school that a reference leads to, and what makes its académie's persons different from others'.
#[derive(Clone, Copy)]
struct Lieu {
    ecole: u32,
    academie: u64,
}

/// Puts the persons of a feed in their schools.
struct Placement<'p> {
    personnes: &'p Personnes,
    /// For each reference to a structure, the school it leads to.
    lieux: Vec<Option<Lieu>>,
    places: Vec<Place>,
    sans_ecole: u64,
}

impl<'p> Placement<'p> {
    fn nouveau(cle: &Cle, etat: &Etat, personnes: &'p Personnes, ecoles: &mut Ecoles) -> Self {
        Self {
            personnes,
            lieux: lieux(cle, &etat.structures, personnes, &mut |uai| {
                ecoles.rang(uai, etat.date)
            }),
            places: Vec::new(),
            sans_ecole: 0,
        }
    }

    fn placer(&mut self) {
        let personnes = self.personnes;
        for eleve in personnes.eleves.iter() {
            self.poser(Profil::Eleve, eleve.personne, eleve.structures());
            // Parents that the pupil names, if the feed describes them.
            for parent in eleve.liens {
                if personnes.parents.trouver(*parent).is_some() {
                    self.poser_sans_compter(Profil::Parent, *parent, eleve.structures());
                }
            }
        }
        for parent in personnes.parents.iter() {
            let enfants = parent.liens.iter();
            let enfants: Vec<Vue<'_>> = enfants
                .filter_map(|enfant| personnes.eleves.trouver(*enfant))
                .collect();
            let structures = enfants.iter().flat_map(Vue::structures);
            self.poser(Profil::Parent, parent.personne, structures);
        }
        for personnel in personnes.personnels.iter() {
            let profil = if personnel.enseigne() {
                Profil::Enseignant
            } else {
                Profil::AdminVieScolTech
            };
            let fonctions = personnel.fonctions().map(|(structure, _)| structure);
            let structures = personnel.structures().chain(fonctions);
            self.poser(profil, personnel.personne, structures);
        }
    }

    fn poser(&mut self, profil: Profil, personne: u64, structures: impl Iterator<Item = u32>) {
        let avant = self.places.len();
        self.poser_sans_compter(profil, personne, structures);
        self.sans_ecole += u64::from(self.places.len() == avant);
    }

    fn poser_sans_compter(
        &mut self,
        profil: Profil,
        personne: u64,
        structures: impl Iterator<Item = u32>,
    ) {
        for structure in structures {
            if let Some(lieu) = self.lieux.get(structure as usize).copied().flatten() {
                self.places.push(Place {
                    profil: profil.rang(),
                    personne: personne ^ lieu.academie,
                    ecole: lieu.ecole,
                });
            }
        }
    }
}

/// Where each reference leads: to the structure of this very identifier or, when one side alone has
/// the académie's prefix, to the only one that is the same without it.
fn lieux(
    cle: &Cle,
    structures: &Structures,
    personnes: &Personnes,
    rang: &mut dyn FnMut(Uai) -> u32,
) -> Vec<Option<Lieu>> {
    let mut exactes: FxHashMap<u64, Option<Lieu>> = FxHashMap::default();
    let mut nues: FxHashMap<u64, Vec<Option<Lieu>>> = FxHashMap::default();
    for (id, structure) in structures.iter() {
        let lieu = match (structure.uai(), structure.nature()) {
            (Some(uai), Nature::Etablissement(_)) => Some(Lieu {
                ecole: rang(uai),
                academie: academie(structure.academie()),
            }),
            _ => None,
        };
        let (exacte, nue) = reference(cle, id);
        exactes.insert(exacte, lieu);
        nues.entry(nue).or_default().push(lieu);
    }
    let references = personnes.rangs.references().iter();
    references
        .map(|(exacte, nue)| match exactes.get(exacte) {
            Some(lieu) => *lieu,
            None => match nues.get(nue)?.as_slice() {
                [seul] => *seul,
                _ => None,
            },
        })
        .collect()
}

/// Identifiers are unique within an académie only: two of them must not meet.
fn academie(nom: &str) -> u64 {
    use std::hash::Hasher;
    let mut condense = rustc_hash::FxHasher::default();
    condense.write(plier(nom).as_bytes());
    condense.finish()
}
