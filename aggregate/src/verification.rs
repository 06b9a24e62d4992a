//! Checking stored cells against raw events, by the naive path of [`crate::reference`].
//!
//! A seeded sample of tables (a level and a period each) and, in each, of territories: their cells
//! are counted again one event at a time and compared with the stored ones, both ways, so that a
//! cell too many is found as well as a wrong one. A period whose raw events were destroyed, or are too
//! many for the naive path, is left out and said; a day whose raw events are gone without a line in
//! the register of destructions is an anomaly.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use frequent_plan::{Fuseaux, Grain, Instant, Jour, Lac, Niveau, Periode};
use frequent_territory::{Annuaire, Annuaires};
use sha2::{Digest, Sha256};

use crate::comptes::Mesures;
use crate::conservation::{Registre, jours_disparus};
use crate::erreur::Erreur;
use crate::invariants::{self, Contradiction};
use crate::publication::entrees;
use crate::reference::{
    Cellules, CleCellule, EvenementLu, cellules, cellules_en_place, evenements,
};

/// What to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Echantillon {
    /// The same seed takes the same sample of the same lake.
    pub graine: u64,
    /// Tables taken; each is a level and a period.
    pub tables: usize,
    /// Territories taken in each table.
    pub territoires: usize,
    /// Most events that a table may hold in memory, as the naive path holds them.
    pub evenements_max: usize,
}

impl Default for Echantillon {
    /// Twenty tables, ten territories in each, at most a million events in memory.
    fn default() -> Self {
        Self {
            graine: 1,
            tables: 20,
            territoires: 10,
            evenements_max: 1_000_000,
        }
    }
}

/// A cell that is not what raw events say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ecart {
    /// The level.
    pub niveau: Niveau,
    /// The period.
    pub periode: Periode,
    /// The cell.
    pub cellule: CleCellule,
    /// What raw events say; none if the cell should not be there.
    pub attendu: Option<Mesures>,
    /// What is stored; none if the cell is missing.
    pub trouve: Option<Mesures>,
}

/// What was checked, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RapportVerification {
    /// Tables checked.
    pub tables: usize,
    /// Cells compared.
    pub cellules: usize,
    /// Tables left out: raw events gone, or too many.
    pub ecartees: Vec<(Niveau, Periode)>,
    /// Days that keep figures although their raw events are gone and were not destroyed by rule.
    pub disparus: Vec<Jour>,
    /// Cells that differ.
    pub ecarts: Vec<Ecart>,
    /// Tables that could not be read, or whose events could not, and why.
    pub illisibles: Vec<(Niveau, Periode, String)>,
    /// Tables that contradict an invariant, whatever the events.
    pub contradictions: Vec<(Niveau, Periode, Contradiction)>,
}

/// Checks a sample of stored cells. `maintenant` decides, as when they were counted, the directory
/// of an open period. `suivi` is told of each table before it is checked.
///
/// # Errors
/// The lake cannot be listed.
pub fn verifier(
    lac: &Lac,
    annuaires: &Annuaires,
    echantillon: Echantillon,
    maintenant: Instant,
    mut suivi: impl FnMut(Niveau, Periode),
) -> Result<RapportVerification, Erreur> {
    let aujourd_hui = Fuseaux::charger()?.jour_en_metropole(maintenant);
    let registre = Registre::lire(lac)?;
    let mut rapport = RapportVerification {
        disparus: jours_disparus(lac)?,
        ..RapportVerification::default()
    };
    for (niveau, periode) in tables(lac, echantillon)? {
        suivi(niveau, periode);
        if registre.entame(periode) {
            rapport.ecartees.push((niveau, periode));
            continue;
        }
        let annuaire = annuaires
            .au(periode.fin().min(aujourd_hui))
            .map(AsRef::as_ref);
        if let Err(faute) = rapport.verifier(lac, annuaire, echantillon, (niveau, periode)) {
            // One damaged file does not keep the others from being checked.
            rapport
                .illisibles
                .push((niveau, periode, faute.to_string()));
        }
    }
    Ok(rapport)
}

impl RapportVerification {
    fn verifier(
        &mut self,
        lac: &Lac,
        annuaire: Option<&Annuaire>,
        echantillon: Echantillon,
        (niveau, periode): (Niveau, Periode),
    ) -> Result<(), Erreur> {
        let en_place = cellules_en_place(lac, niveau, periode)?;
        if let Err(contradiction) = invariants::verifier(&en_place) {
            self.contradictions.push((niveau, periode, contradiction));
        }
        let codes = territoires(&en_place, echantillon);
        let code = |uai: &str| code_de(annuaire, niveau, uai).filter(|code| codes.contains(code));
        let Some(jours) = evenements_bruts(lac, periode, echantillon.evenements_max, code)? else {
            self.ecartees.push((niveau, periode));
            return Ok(());
        };
        let attendues = cellules(&jours, code);
        self.tables += 1;
        self.comparer(niveau, periode, &attendues, &en_place, &codes);
        Ok(())
    }

    fn comparer(
        &mut self,
        niveau: Niveau,
        periode: Periode,
        attendues: &Cellules,
        en_place: &Cellules,
        codes: &BTreeSet<String>,
    ) {
        let trouvees = en_place.keys().filter(|cle| codes.contains(&cle.code));
        let cles: BTreeSet<_> = attendues.keys().chain(trouvees).collect();
        self.cellules += cles.len();
        for cle in cles {
            let (attendu, trouve) = (attendues.get(cle), en_place.get(cle));
            if attendu != trouve {
                self.ecarts.push(Ecart {
                    niveau,
                    periode,
                    cellule: cle.clone(),
                    attendu: attendu.copied(),
                    trouve: trouve.copied(),
                });
            }
        }
    }
}

/// The tables of the sample, among all that the lake holds.
fn tables(lac: &Lac, echantillon: Echantillon) -> Result<Vec<(Niveau, Periode)>, Erreur> {
    let mut toutes = Vec::new();
    for &niveau in Niveau::TOUS {
        for &grain in Grain::TOUS {
            let dossier = lac.cumuls(niveau, grain);
            let liste = match fs::read_dir(&dossier) {
                Ok(liste) => liste,
                Err(faute) if faute.kind() == std::io::ErrorKind::NotFound => continue,
                Err(source) => return Err(Erreur::disque(&dossier)(source)),
            };
            for entree in liste {
                let nom = entree.map_err(Erreur::disque(&dossier))?.file_name();
                let debut = nom.to_str().and_then(|nom| nom.strip_prefix("debut="));
                if let Some(debut) = debut.and_then(|debut| debut.parse::<Jour>().ok()) {
                    toutes.push((niveau, Periode::contenant(grain, debut)));
                }
            }
        }
    }
    toutes.sort_by_cached_key(|(niveau, periode)| {
        let nom = format!("{niveau} {} {}", periode.grain(), periode.debut());
        tirage(echantillon.graine, &nom)
    });
    toutes.truncate(echantillon.tables);
    Ok(toutes)
}

/// The territories of the sample, among those that a table holds.
fn territoires(en_place: &Cellules, echantillon: Echantillon) -> BTreeSet<String> {
    let codes: BTreeSet<&str> = en_place.keys().map(|cle| cle.code.as_str()).collect();
    let mut codes: Vec<&str> = codes.into_iter().collect();
    codes.sort_by_cached_key(|code| tirage(echantillon.graine, code));
    codes
        .into_iter()
        .take(echantillon.territoires)
        .map(str::to_owned)
        .collect()
}

/// A number that depends on the seed and the name alone: sorting by it draws a sample.
fn tirage(graine: u64, nom: &str) -> [u8; 32] {
    let mut condense = Sha256::new();
    condense.update(graine.to_be_bytes());
    condense.update(nom.as_bytes());
    condense.finalize().into()
}

fn code_de(annuaire: Option<&Annuaire>, niveau: Niveau, uai: &str) -> Option<String> {
    if niveau == Niveau::Ecole {
        return Some(uai.to_owned());
    }
    annuaire?.code(uai.parse().ok()?, niveau).map(str::to_owned)
}

/// The raw events of the schools asked for, each counted once over its whole day; none when a day
/// that was counted has lost its events, or when they are too many.
fn evenements_bruts(
    lac: &Lac,
    periode: Periode,
    max: usize,
    code: impl Fn(&str) -> Option<String>,
) -> Result<Option<BTreeMap<Jour, Vec<EvenementLu>>>, Erreur> {
    let mut jours = BTreeMap::new();
    let mut gardes = 0;
    for jour in periode.jours() {
        let comptee = lac.presence_de(Periode::contenant(Grain::Jour, jour));
        let comptee = !entrees(&comptee)
            .map_err(Erreur::disque(&comptee))?
            .is_empty();
        let lus = evenements(lac, jour)?;
        if comptee && lus.is_empty() {
            return Ok(None);
        }
        let mut par_id: BTreeMap<Vec<u8>, EvenementLu> = BTreeMap::new();
        for lu in lus {
            let retenu = par_id.entry(lu.id.clone()).or_insert_with(|| lu.clone());
            if lu < *retenu {
                *retenu = lu;
            }
        }
        let retenus: Vec<_> = par_id
            .into_values()
            .filter(|lu| code(&lu.uai).is_some())
            .collect();
        gardes += retenus.len();
        if gardes > max {
            return Ok(None);
        }
        jours.insert(jour, retenus);
    }
    Ok(Some(jours))
}
