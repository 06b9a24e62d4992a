//! What is known of a feed, on disk: a folder built aside then renamed, so that it is there whole or
//! not at all. Readers take the latest; those before it are removed once it is durable.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use frequent_plan::{Jour, Lac};

use super::erreur::AafErreur;
use super::lacune::Venues;
use super::nom::Extraction;
use super::personnes::Personnes;
use super::structures::Structures;
use super::tables::{ecrire_personnes, ecrire_structures, lire_personnes, lire_structures};

const STRUCTURES: &str = "structures.parquet";
const PERSONNES: &str = "personnes.parquet";
const DEBUT: &str = "etat=";
const EN_COURS: &str = ".etat-en-cours";
/// Metadata keys.
const META_DATE: &str = "frequent.aaf.date";
const META_APPLIQUEES: &str = "frequent.aaf.extractions";
const META_VENUES: &str = "frequent.aaf.venues";

/// What a feed said so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Etat {
    /// The feed.
    pub(crate) prefixe: String,
    /// The day of the last extraction.
    pub(crate) date: Jour,
    /// The extractions that it is made of: the last whole one and the changes since.
    pub(super) appliquees: BTreeSet<String>,
    /// The days on which its last extractions came, whole or not.
    pub(super) venues: Venues,
    /// Its structures.
    pub(crate) structures: Structures,
    /// The number of the folder.
    numero: u64,
}

impl Etat {
    /// A new state, after this one if there is one.
    pub(super) fn nouveau(extraction: &Extraction, avant: Option<&Self>) -> Self {
        let mut venues = avant.map(|avant| avant.venues.clone()).unwrap_or_default();
        venues.noter(extraction.date);
        Self {
            prefixe: extraction.prefixe.clone(),
            date: extraction.date,
            appliquees: BTreeSet::new(),
            venues,
            structures: Structures::default(),
            numero: avant.map_or(1, |avant| avant.numero + 1),
        }
    }

    /// The state of a feed; none if nothing of it was imported.
    pub(super) fn ouvrir(lac: &Lac, prefixe: &str) -> Result<Option<Self>, AafErreur> {
        let source = lac.aaf_source(prefixe);
        let Some(numero) = dernier(&source)? else {
            return Ok(None);
        };
        let (meta, structures) = lire_structures(&dossier(&source, numero).join(STRUCTURES))?;
        let valeur = |cle: &str| {
            let paire = meta.iter().find(|(connue, _)| connue == cle);
            paire.map_or("", |(_, valeur)| valeur)
        };
        let date = valeur(META_DATE).parse().map_err(|_| AafErreur::Ecriture {
            chemin: dossier(&source, numero),
            source: io::Error::other("date illisible"),
        })?;
        Ok(Some(Self {
            prefixe: prefixe.to_owned(),
            date,
            appliquees: valeur(META_APPLIQUEES)
                .split(',')
                .filter(|nom| !nom.is_empty())
                .map(str::to_owned)
                .collect(),
            venues: Venues::lire(valeur(META_VENUES)),
            structures,
            numero,
        }))
    }

    /// Every feed's state, by name.
    pub(crate) fn tous(lac: &Lac) -> Result<Vec<Self>, AafErreur> {
        let mut etats = Vec::new();
        for nom in noms(&lac.aaf())? {
            if let Some(prefixe) = nom.strip_prefix("source=") {
                etats.extend(Self::ouvrir(lac, prefixe)?);
            }
        }
        Ok(etats)
    }

    /// What names this state: changes when it does.
    pub(crate) fn nom(&self) -> String {
        format!("{}:{}", self.prefixe, self.numero)
    }

    /// The persons of this state.
    pub(crate) fn personnes(&self, lac: &Lac) -> Result<Personnes, AafErreur> {
        let source = lac.aaf_source(&self.prefixe);
        Ok(lire_personnes(
            &dossier(&source, self.numero).join(PERSONNES),
        )?)
    }

    /// Writes this state with its persons, then removes those before.
    pub(super) fn ecrire(&self, lac: &Lac, personnes: &Personnes) -> Result<(), AafErreur> {
        let source = lac.aaf_source(&self.prefixe);
        let en_cours = source.join(EN_COURS);
        let faute = |chemin: &Path| {
            let chemin = chemin.to_owned();
            move |source| AafErreur::Ecriture { chemin, source }
        };
        if en_cours.exists() {
            fs::remove_dir_all(&en_cours).map_err(faute(&en_cours))?;
        }
        // Hashes of persons are nobody else's business.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&en_cours)
            .map_err(faute(&en_cours))?;
        let appliquees: Vec<&str> = self.appliquees.iter().map(String::as_str).collect();
        let meta = [
            (META_DATE.to_owned(), self.date.to_string()),
            (META_APPLIQUEES.to_owned(), appliquees.join(",")),
            (META_VENUES.to_owned(), self.venues.ecrire()),
        ];
        ecrire(&en_cours.join(STRUCTURES), |sortie| {
            ecrire_structures(sortie, &self.structures, &meta)
        })?;
        ecrire(&en_cours.join(PERSONNES), |sortie| {
            ecrire_personnes(sortie, personnes)
        })?;
        let definitif = dossier(&source, self.numero);
        synchroniser(&en_cours)
            .and_then(|()| fs::rename(&en_cours, &definitif))
            .and_then(|()| synchroniser(&source))
            .map_err(faute(&definitif))?;
        for nom in noms(&source)? {
            if numero(&nom).is_some_and(|numero| numero < self.numero) {
                let vieux = source.join(nom);
                fs::remove_dir_all(&vieux).map_err(faute(&vieux))?;
            }
        }
        Ok(())
    }
}

/// Makes a file, durably.
pub(crate) fn ecrire<E>(
    chemin: &Path,
    remplir: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
) -> Result<(), AafErreur>
where
    AafErreur: From<E>,
{
    let faute = |source| AafErreur::Ecriture {
        chemin: chemin.to_owned(),
        source,
    };
    let mut sortie = BufWriter::new(File::create(chemin).map_err(faute)?);
    remplir(&mut sortie)?;
    sortie.flush().map_err(faute)?;
    sortie.get_ref().sync_all().map_err(faute)
}

/// Makes what happened in a folder durable.
pub(crate) fn synchroniser(dossier: &Path) -> io::Result<()> {
    File::open(dossier)?.sync_all()
}

fn dossier(source: &Path, numero: u64) -> PathBuf {
    source.join(format!("{DEBUT}{numero:08}"))
}

fn numero(nom: &str) -> Option<u64> {
    nom.strip_prefix(DEBUT)?.parse().ok()
}

fn dernier(source: &Path) -> Result<Option<u64>, AafErreur> {
    Ok(noms(source)?.iter().filter_map(|nom| numero(nom)).max())
}

/// The names in a folder, sorted; none if there is no such folder.
fn noms(dossier: &Path) -> Result<Vec<String>, AafErreur> {
    let faute = |source| AafErreur::Lecture {
        chemin: dossier.to_owned(),
        source,
    };
    let liste = match fs::read_dir(dossier) {
        Ok(liste) => liste,
        Err(absent) if absent.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(faute(source)),
    };
    let mut noms = Vec::new();
    for entree in liste {
        noms.extend(entree.map_err(faute)?.file_name().into_string());
    }
    noms.sort_unstable();
    Ok(noms)
}
