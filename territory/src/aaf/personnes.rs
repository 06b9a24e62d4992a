//! Persons of the feed, of whom nothing is kept but keyed hashes of joining identifiers and, under
//! them, what head counts need: which structures they are attached to, whose parent they are, and
//! whether they teach.

use frequent_plan::Cle;
use rustc_hash::FxHashMap;

use super::nom::Categorie;
use super::structures::nu;

/// What is known of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fiche {
    /// Ranks of the structures of attachment.
    pub(crate) structures: Vec<u32>,
    /// Functions of staff: the rank of the structure, and whether it is teaching.
    pub(crate) fonctions: Vec<(u32, bool)>,
    /// Hashes of the pupils of a parent, or of the parents of a pupil.
    pub(crate) liens: Vec<u64>,
    /// Whether the feed says that staff teach.
    pub(crate) enseignant: Option<bool>,
}

/// The head of a person in a table: references are in one common list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tete {
    personne: u64,
    debut: u32,
    structures: u16,
    fonctions: u16,
    liens: u16,
    enseignant: Option<bool>,
}

/// Persons of a category, in two flat lists: a million of them take some fifty mebibytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    tetes: Vec<Tete>,
    references: Vec<u64>,
}

/// A person as it stands in a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vue<'t> {
    /// The hash of the joining identifier.
    pub(crate) personne: u64,
    /// Whether the feed says that staff teach.
    pub(crate) enseignant: Option<bool>,
    structures: &'t [u64],
    fonctions: &'t [u64],
    /// Hashes of the pupils of a parent, or of the parents of a pupil.
    pub(crate) liens: &'t [u64],
}

impl Vue<'_> {
    /// Ranks of the structures of attachment.
    pub(crate) fn structures(&self) -> impl Iterator<Item = u32> {
        self.structures.iter().map(|rang| tronquer(*rang))
    }

    /// Functions: the rank of the structure, and whether it is teaching.
    pub(crate) fn fonctions(&self) -> impl Iterator<Item = (u32, bool)> {
        self.fonctions
            .iter()
            .map(|f| (tronquer(f >> 1), f & 1 == 1))
    }

    /// The person teaches: the feed says so, or one of the functions is teaching.
    pub(crate) fn enseigne(&self) -> bool {
        self.enseignant == Some(true) || self.fonctions().any(|(_, enseigne)| enseigne)
    }

    fn fiche(&self) -> Fiche {
        Fiche {
            structures: self.structures().collect(),
            fonctions: self.fonctions().collect(),
            liens: self.liens.to_vec(),
            enseignant: self.enseignant,
        }
    }
}

fn tronquer(rang: u64) -> u32 {
    u32::try_from(rang).unwrap_or(u32::MAX)
}

impl Table {
    /// How many persons.
    pub(crate) fn nombre(&self) -> usize {
        self.tetes.len()
    }

    /// Adds a person at the end. Past 65,535 references of a kind, the rest are dropped: the bound
    /// on the size of a record is far below.
    pub(crate) fn pousser(&mut self, personne: u64, fiche: &Fiche) {
        let court = |longueur: usize| u16::try_from(longueur).unwrap_or(u16::MAX);
        let tete = Tete {
            personne,
            debut: u32::try_from(self.references.len()).unwrap_or(u32::MAX),
            structures: court(fiche.structures.len()),
            fonctions: court(fiche.fonctions.len()),
            liens: court(fiche.liens.len()),
            enseignant: fiche.enseignant,
        };
        let structures = fiche.structures.iter().map(|rang| u64::from(*rang));
        let fonctions = fiche
            .fonctions
            .iter()
            .map(|(rang, enseigne)| u64::from(*rang) << 1 | u64::from(*enseigne));
        self.references
            .extend(structures.take(usize::from(tete.structures)));
        self.references
            .extend(fonctions.take(usize::from(tete.fonctions)));
        self.references
            .extend(fiche.liens.iter().take(usize::from(tete.liens)));
        self.tetes.push(tete);
    }

    /// Sorts by hash; of a person given several times, the last one stays.
    pub(crate) fn ordonner(&mut self) {
        self.tetes.sort_by_key(|tete| tete.personne);
        self.tetes.dedup_by(|suivante, gardee| {
            let double = suivante.personne == gardee.personne;
            if double {
                *gardee = *suivante;
            }
            double
        });
    }

    /// A person, in a table that is sorted.
    pub(crate) fn trouver(&self, personne: u64) -> Option<Vue<'_>> {
        let place = self
            .tetes
            .binary_search_by_key(&personne, |tete| tete.personne)
            .ok()?;
        self.tetes.get(place).map(|tete| self.vue(tete))
    }

    /// Everyone, in the order of the table.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Vue<'_>> {
        self.tetes.iter().map(|tete| self.vue(tete))
    }

    fn vue(&self, tete: &Tete) -> Vue<'_> {
        let debut = tete.debut as usize;
        let fonctions = debut + usize::from(tete.structures);
        let liens = fonctions + usize::from(tete.fonctions);
        let fin = liens + usize::from(tete.liens);
        let tranche = |de: usize, a: usize| self.references.get(de..a).unwrap_or_default();
        Vue {
            personne: tete.personne,
            enseignant: tete.enseignant,
            structures: tranche(debut, fonctions),
            fonctions: tranche(fonctions, liens),
            liens: tranche(liens, fin),
        }
    }
}

/// Persons of a category while an extraction is read.
#[derive(Debug, Default)]
pub(crate) struct Registre {
    /// As they were before, sorted.
    avant: Table,
    /// Those that a whole extraction adds, in its order.
    vrac: Table,
    /// Those that changes touch: none for the removed.
    changes: FxHashMap<u64, Option<Fiche>>,
}

impl Registre {
    /// To be changed.
    pub(crate) fn de(avant: Table) -> Self {
        Self {
            avant,
            ..Self::default()
        }
    }

    /// Adds one of a whole extraction.
    pub(crate) fn ajouter(&mut self, personne: u64, fiche: &Fiche) {
        self.vrac.pousser(personne, fiche);
    }

    /// What is known of a person.
    pub(crate) fn lire(&self, personne: u64) -> Option<Fiche> {
        match self.changes.get(&personne) {
            Some(changee) => changee.clone(),
            None => self.avant.trouver(personne).map(|vue| vue.fiche()),
        }
    }

    /// Changes a person, or takes it away.
    pub(crate) fn changer(&mut self, personne: u64, fiche: Option<Fiche>) {
        self.changes.insert(personne, fiche);
    }

    /// Everyone, sorted.
    pub(crate) fn terminer(self) -> Table {
        if self.changes.is_empty() && self.vrac.nombre() == 0 {
            return self.avant;
        }
        let mut table = self.vrac;
        for vue in self.avant.iter() {
            if !self.changes.contains_key(&vue.personne) {
                table.pousser(vue.personne, &vue.fiche());
            }
        }
        for (personne, fiche) in self.changes {
            if let Some(fiche) = fiche {
                table.pousser(personne, &fiche);
            }
        }
        table.ordonner();
        table
    }
}

/// What persons refer to structures by: the hash of the text, and of the text without the académie's
/// prefix. Never the text itself, since a careless feed could have put anything there.
pub(crate) type Reference = (u64, u64);

/// References to structures, each under a rank.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rangs {
    references: Vec<Reference>,
    par_hash: FxHashMap<u64, u32>,
    /// Those of this reading, so that each is hashed once.
    textes: FxHashMap<Box<str>, u32>,
}

impl Rangs {
    /// The rank of a text, given if it has none.
    pub(crate) fn rang(&mut self, cle: &Cle, texte: &str) -> u32 {
        if let Some(rang) = self.textes.get(texte) {
            return *rang;
        }
        let rang = self.noter(reference(cle, texte));
        self.textes.insert(texte.into(), rang);
        rang
    }

    /// The rank of a reference, given if it has none.
    pub(crate) fn noter(&mut self, reference: Reference) -> u32 {
        let suivant = u32::try_from(self.references.len()).unwrap_or(u32::MAX);
        let rang = *self.par_hash.entry(reference.0).or_insert(suivant);
        if rang == suivant {
            self.references.push(reference);
        }
        rang
    }

    /// The references, by rank.
    pub(crate) fn references(&self) -> &[Reference] {
        &self.references
    }
}

/// The reference that a joining identifier of a structure makes.
pub(crate) fn reference(cle: &Cle, texte: &str) -> Reference {
    let numero = Categorie::EtabEducNat.numero();
    let hash = |texte| cle.jointure(numero, texte);
    (hash(texte), hash(nu(texte)))
}

/// Everyone a feed speaks of.
#[derive(Debug, Default, Clone)]
pub(crate) struct Personnes {
    /// References to structures, by rank.
    pub(crate) rangs: Rangs,
    /// Pupils.
    pub(crate) eleves: Table,
    /// Staff.
    pub(crate) personnels: Table,
    /// Parents.
    pub(crate) parents: Table,
}

impl Personnes {
    /// The table of a category; none for structures.
    pub(crate) fn table_mut(&mut self, categorie: Categorie) -> Option<&mut Table> {
        match categorie {
            Categorie::EtabEducNat => None,
            Categorie::Eleve => Some(&mut self.eleves),
            Categorie::PersEducNat => Some(&mut self.personnels),
            Categorie::PersRelEleve => Some(&mut self.parents),
        }
    }

    /// The tables, each with its category.
    pub(crate) fn tables(&self) -> [(Categorie, &Table); 3] {
        [
            (Categorie::Eleve, &self.eleves),
            (Categorie::PersEducNat, &self.personnels),
            (Categorie::PersRelEleve, &self.parents),
        ]
    }
}
