//! The open directory and the feed, put together: what each says, who is believed, where they differ.
//!
//! A table of structures lies beside the directory's own, in the folder of the day from which it
//! holds: `territoire/validite=D/aaf-P.parquet`. It is what the feed P said and who was to be
//! believed, no more; the two are put together each time the versions are opened. So the directory
//! and the feed may be imported in any order, and again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use frequent_plan::{Jour, Lac, Niveau, Uai};
use rustc_hash::FxHashMap;

use super::erreur::AafErreur;
use super::etat::{ecrire, synchroniser};
use super::priorites::{Groupe, Priorites, Source};
use super::structures::{Jointures, Nature, Structure, Structures};
use super::tables::{ecrire_structures, lire_structures};
use crate::ecole::{CodeNom, Ecole, Etat, Secteur};
use crate::recherche::plier;
use crate::tables::{Partages, TableErreur};

const META_PRIORITES: &str = "frequent.aaf.priorites";
const DEBUT: &str = "aaf-";
const FIN: &str = ".parquet";

/// What a feed says of structures from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Apport {
    /// The structures.
    structures: Structures,
    /// Who is believed.
    priorites: Priorites,
}

/// A difference between the open directory and the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflit {
    /// The school.
    pub uai: Uai,
    /// The fields.
    pub groupe: Groupe,
    /// What the open directory says.
    pub annuaire: String,
    /// What the feed says.
    pub aaf: String,
    /// Who is believed.
    pub retenu: Source,
}

/// Notes a difference.
type Noter<'n> = &'n mut dyn FnMut(Conflit);

/// The tables of feeds in the folder of a day, by feed.
pub(crate) fn lire_apports(dossier: &Path) -> Result<BTreeMap<String, Arc<Apport>>, TableErreur> {
    let mut apports = BTreeMap::new();
    let Ok(liste) = fs::read_dir(dossier) else {
        return Ok(apports);
    };
    for entree in liste.flatten() {
        let nom = entree.file_name();
        let prefixe = nom
            .to_str()
            .and_then(|nom| nom.strip_prefix(DEBUT)?.strip_suffix(FIN));
        if let Some(prefixe) = prefixe {
            let (meta, structures) = lire_structures(&entree.path())?;
            let priorites = meta.iter().find(|(cle, _)| cle == META_PRIORITES);
            let priorites = priorites.map_or("", |(_, valeur)| valeur);
            let apport = Apport {
                structures,
                priorites: Priorites::lire(priorites),
            };
            apports.insert(prefixe.to_owned(), Arc::new(apport));
        }
    }
    Ok(apports)
}

/// Writes what a feed says from a day on.
pub(super) fn ecrire_apport(
    lac: &Lac,
    prefixe: &str,
    date: Jour,
    structures: &Structures,
    priorites: Priorites,
) -> Result<(), AafErreur> {
    let dossier = lac.territoire_du(date);
    let faute = |source| AafErreur::Ecriture {
        chemin: dossier.clone(),
        source,
    };
    fs::create_dir_all(&dossier).map_err(faute)?;
    let a_cote = dossier.join(format!(".{DEBUT}{prefixe}{FIN}"));
    let meta = [(META_PRIORITES.to_owned(), priorites.to_string())];
    ecrire(&a_cote, |sortie| {
        ecrire_structures(sortie, structures, &meta)
    })?;
    fs::rename(&a_cote, dossier.join(format!("{DEBUT}{prefixe}{FIN}")))
        .and_then(|()| synchroniser(&dossier))
        .and_then(|()| synchroniser(&lac.territoire()))
        .map_err(faute)
}

impl Apport {
    pub(super) fn dit(&self, structures: &Structures, priorites: Priorites) -> bool {
        self.structures == *structures && self.priorites == priorites
    }
}

/// The schools of the open directory, with what feeds add to them.
pub(crate) fn enrichir<'a>(
    mut ecoles: Vec<Ecole>,
    apports: impl Iterator<Item = &'a Arc<Apport>>,
    noter: Noter<'_>,
) -> Vec<Ecole> {
    let mut partages = Partages::default();
    for apport in apports {
        let jointures = apport.structures.jointures();
        let noms = Noms::de(&ecoles);
        let rangs: FxHashMap<Uai, usize> = ecoles
            .iter()
            .enumerate()
            .map(|(rang, ecole)| (ecole.uai, rang))
            .collect();
        for (_, structure) in apport.structures.iter() {
            let (Some(uai), Nature::Etablissement(type_)) = (structure.uai(), structure.nature())
            else {
                continue;
            };
            let mut fusion = Fusion {
                structure,
                type_,
                priorites: apport.priorites,
                jointures: &jointures,
                noms: &noms,
                partages: &mut partages,
                noter: &mut *noter,
            };
            match rangs.get(&uai).and_then(|rang| ecoles.get_mut(*rang)) {
                Some(ecole) => fusion.completer(ecole),
                None => ecoles.extend(fusion.inventer(uai)),
            }
        }
    }
    ecoles
}

/// What the open directory calls territories, to find them by code or by name.
struct Noms {
    departements: FxHashMap<String, Ecole>,
    /// By (département, folded name) and (département, code).
    communes: FxHashMap<(String, String), Arc<CodeNom>>,
    circonscriptions: FxHashMap<String, Arc<CodeNom>>,
}

impl Noms {
    fn de(ecoles: &[Ecole]) -> Self {
        let mut noms = Self {
            departements: FxHashMap::default(),
            communes: FxHashMap::default(),
            circonscriptions: FxHashMap::default(),
        };
        for ecole in ecoles {
            let departement = &ecole.departement.code;
            if !noms.departements.contains_key(departement) {
                noms.departements.insert(departement.clone(), ecole.clone());
            }
            for cle in [plier(&ecole.commune.nom), ecole.commune.code.clone()] {
                let cle = (departement.clone(), cle);
                noms.communes
                    .entry(cle)
                    .or_insert_with(|| Arc::clone(&ecole.commune));
            }
            if let Some(circonscription) = &ecole.circonscription {
                noms.circonscriptions
                    .entry(circonscription.code.clone())
                    .or_insert_with(|| Arc::clone(circonscription));
            }
        }
        noms
    }

    fn commune(&self, departement: &str, lue: &str) -> Option<&Arc<CodeNom>> {
        [lue.to_owned(), plier(lue)]
            .into_iter()
            .find_map(|cle| self.communes.get(&(departement.to_owned(), cle)))
    }
}

/// One school of the feed, beside the open directory.
struct Fusion<'f> {
    structure: &'f Structure,
    type_: &'static str,
    priorites: Priorites,
    jointures: &'f Jointures<'f>,
    noms: &'f Noms,
    partages: &'f mut Partages,
    noter: Noter<'f>,
}

impl Fusion<'_> {
    fn completer(&mut self, ecole: &mut Ecole) {
        let uai = ecole.uai;
        let nom = self.structure.nom();
        if self.prendre(uai, Groupe::Nom, &ecole.nom, &nom) {
            ecole.nom = nom;
        }
        let nature = self.structure.type_struct().to_owned();
        if self.prendre(uai, Groupe::Nature, &ecole.nature, &nature) {
            ecole.nature = nature;
            self.type_.clone_into(&mut ecole.type_etablissement);
        }
        let ministere = self.structure.ministere().to_owned();
        if self.prendre(uai, Groupe::Ministere, &ecole.ministere, &ministere) {
            ecole.ministere = ministere;
        }
        if let Some(secteur) = secteur(self.structure.secteur())
            && self.prendre(uai, Groupe::Secteur, ecole.secteur.code(), secteur.code())
        {
            ecole.secteur = secteur;
        }
        let departement = ecole.departement.code.as_str();
        if let Some(commune) = self.noms.commune(departement, self.structure.commune())
            && self.prendre(uai, Groupe::Commune, &ecole.commune.code, &commune.code)
        {
            ecole.commune = Arc::clone(commune);
        }
        if let Some(circonscription) = self.circonscription() {
            self.placer(ecole, &circonscription);
        }
    }

    /// A circonscription of which the directory gives only the name takes the feed's UAI when the
    /// names agree, whoever is believed: it is one and the same.
    fn placer(&mut self, ecole: &mut Ecole, lue: &CodeNom) {
        let connue = ecole.circonscription.as_deref();
        let (code, nom) = connue.map_or(("", ""), |c| (c.code.as_str(), c.nom.as_str()));
        let sans_code = connue.is_some() && code.parse::<Uai>().is_err();
        let prise = if sans_code && meme_nom(nom, &lue.nom) {
            true
        } else {
            let (uai, groupe) = (ecole.uai, Groupe::Circonscription);
            self.prendre(uai, groupe, code, &lue.code)
        };
        if prise {
            // The open directory's words, where there are some.
            let nom = match self.noms.circonscriptions.get(&lue.code) {
                Some(connue) => &connue.nom,
                None if sans_code => nom,
                None => &lue.nom,
            };
            let nouvelle = self
                .partages
                .territoire(Niveau::Circonscription, &lue.code, nom);
            ecole.circonscription = Some(nouvelle);
        }
    }

    fn circonscription(&self) -> Option<CodeNom> {
        let lue = self.structure.circonscription();
        let trouvee = self.jointures.trouver(lue);
        let code = match trouvee {
            Some(structure) => structure.uai()?,
            None => lue.parse().ok()?,
        };
        Some(CodeNom {
            code: code.to_string(),
            nom: trouvee.map_or_else(|| code.to_string(), Structure::nom),
        })
    }

    /// Whether the feed's value is taken; a difference is noted.
    fn prendre(&mut self, uai: Uai, groupe: Groupe, annuaire: &str, aaf: &str) -> bool {
        if aaf.is_empty() || annuaire == aaf || plier(annuaire) == plier(aaf) {
            return false;
        }
        if annuaire.is_empty() {
            return true;
        }
        let retenu = self.priorites.sur(groupe);
        (self.noter)(Conflit {
            uai,
            groupe,
            annuaire: annuaire.to_owned(),
            aaf: aaf.to_owned(),
            retenu,
        });
        retenu == Source::Aaf
    }

    /// A school that the open directory does not know, in territories that it knows; none where it
    /// knows no school of that département or not the commune.
    fn inventer(&mut self, uai: Uai) -> Option<Ecole> {
        let departement = departement(uai);
        let voisine = self.noms.departements.get(&departement)?;
        let commune = self.noms.commune(&departement, self.structure.commune())?;
        let mut ecole = Ecole {
            uai,
            nom: self.structure.nom(),
            type_etablissement: self.type_.to_owned(),
            nature: self.structure.type_struct().to_owned(),
            secteur: secteur(self.structure.secteur()).unwrap_or(Secteur::Public),
            commune: Arc::clone(commune),
            departement: Arc::clone(&voisine.departement),
            academie: Arc::clone(&voisine.academie),
            region: Arc::clone(&voisine.region),
            circonscription: None,
            effectif: None,
            education_prioritaire: None,
            position: None,
            etat: Etat::Ouvert,
            ministere: self.structure.ministere().to_owned(),
        };
        if let Some(circonscription) = self.circonscription() {
            self.placer(&mut ecole, &circonscription);
        }
        Some(ecole)
    }
}

/// The three characters of the département that registered a school.
fn departement(uai: Uai) -> String {
    match uai.prefixe() {
        620 => "02A".to_owned(),
        720 => "02B".to_owned(),
        prefixe => format!("{prefixe:03}"),
    }
}

fn secteur(texte: &str) -> Option<Secteur> {
    match plier(texte).as_str() {
        "public" | "pu" => Some(Secteur::Public),
        "prive" | "pr" => Some(Secteur::Prive),
        _ => None,
    }
}

/// Words that say what a circonscription is, not which.
const GENERIQUES: [&str; 12] = [
    "circonscription",
    "circ",
    "d",
    "de",
    "du",
    "des",
    "inspection",
    "ien",
    "1er",
    "degre",
    "la",
    "le",
];

/// Two names of one circonscription, whatever they call it before its own name.
fn meme_nom(un: &str, autre: &str) -> bool {
    let propres = |nom: &str| -> Vec<String> {
        plier(nom)
            .split_whitespace()
            .filter(|mot| !GENERIQUES.contains(mot))
            .map(str::to_owned)
            .collect()
    };
    let un = propres(un);
    !un.is_empty() && un == propres(autre)
}
