//! One file of the table `qualite`, condensed: what each sender sent, what was refused and why, and
//! what each school received.

use std::fs::File;
use std::path::Path;

use arrow::array::{AsArray, Int64Array, RecordBatch, TimestampMillisecondArray};
use arrow::datatypes::{Int64Type, TimestampMillisecondType};
use frequent_plan::{Instant, Uai};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rustc_hash::FxHashMap;

use super::compte::{Compte, CompteEcole};
use super::mesure::Mesure;
use crate::donnees::{LectureErreur, Texte};

/// Who sent, and for which platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// What kind of sender: `cle`, `site`, `sites_inconnus`, `kafka`, `fichier`, or `lac` for what
    /// was counted once landed.
    pub genre: String,
    /// Which one: the key's name, the site's number, the topic…
    pub emetteur: String,
    /// The platform; empty when it could not be read.
    pub plateforme: String,
}

/// What was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Motif {
    /// The reason's code.
    pub raison: String,
    /// The field; empty when it is the whole.
    pub champ: String,
    /// The value, of a closed vocabulary; else empty.
    pub exemple: String,
}

/// What a sender sent.
#[derive(Debug)]
pub(super) struct Envois {
    pub source: Source,
    pub compte: Compte,
    pub refus: FxHashMap<Motif, i64>,
    /// Identifier warnings, by their code.
    pub identifiants: FxHashMap<&'static str, i64>,
    pub ecoles: FxHashMap<Uai, CompteEcole>,
}

/// A file, condensed.
#[derive(Debug, Default)]
pub(super) struct Extrait {
    pub envois: Vec<Envois>,
}

impl Extrait {
    pub(super) fn lire(chemin: &Path) -> Result<Self, LectureErreur> {
        let fichier = File::open(chemin).map_err(LectureErreur::disque(chemin))?;
        let lots = ParquetRecordBatchReaderBuilder::try_new(fichier)
            .and_then(|lecteur| lecteur.with_batch_size(64 << 10).build())
            .map_err(LectureErreur::parquet(chemin))?;
        let mut extrait = Self::default();
        for lot in lots {
            let lot = lot.map_err(|e| LectureErreur::parquet(chemin)(e.into()))?;
            Colonnes::de(&lot, chemin)?.verser(&mut extrait);
        }
        Ok(extrait)
    }

    /// Bytes of memory it takes, about.
    pub(super) fn poids(&self) -> u64 {
        let des_envois = |envois: &Envois| {
            size_of::<Envois>()
                + 300
                + envois.refus.len() * 150
                + envois.ecoles.capacity() * (size_of::<(Uai, CompteEcole)>() + 1)
        };
        self.envois.iter().map(des_envois).sum::<usize>() as u64
    }

    fn rang(&mut self, source: Source) -> usize {
        if let Some(rang) = self.envois.iter().position(|e| e.source == source) {
            return rang;
        }
        self.envois.push(Envois {
            source,
            compte: Compte::default(),
            refus: FxHashMap::default(),
            identifiants: FxHashMap::default(),
            ecoles: FxHashMap::default(),
        });
        self.envois.len() - 1
    }
}

impl Envois {
    fn compter(&mut self, ligne: &Ligne<'_>) {
        self.compte
            .compter(ligne.mesure, ligne.nombre, ligne.dernier);
        if let Some(uai) = ligne.uai.filter(|_| self.source.est_un_emetteur()) {
            self.ecoles
                .entry(uai)
                .or_default()
                .compter(ligne.mesure, ligne.nombre, ligne.dernier);
        }
        if let Mesure::Refus(raison) = ligne.mesure {
            let motif = Motif {
                raison: raison.clone(),
                champ: ligne.champ.to_owned(),
                exemple: ligne.exemple.to_owned(),
            };
            *self.refus.entry(motif).or_default() += ligne.nombre;
        }
        if let Some(alerte) = ligne.mesure.alerte() {
            *self.identifiants.entry(alerte).or_default() += ligne.nombre;
        }
    }
}

/// A row, whose sender is known by its rank.
struct Ligne<'a> {
    uai: Option<Uai>,
    mesure: &'a Mesure,
    champ: &'a str,
    exemple: &'a str,
    nombre: i64,
    dernier: Instant,
}

/// The columns of a batch.
struct Colonnes<'a> {
    genre: Texte<'a>,
    emetteur: Texte<'a>,
    plateforme: Texte<'a>,
    uai: Texte<'a>,
    mesure: Texte<'a>,
    champ: Texte<'a>,
    exemple: Texte<'a>,
    nombre: &'a Int64Array,
    dernier: &'a TimestampMillisecondArray,
}

impl<'a> Colonnes<'a> {
    fn de(lot: &'a RecordBatch, chemin: &Path) -> Result<Self, LectureErreur> {
        let texte = |nom| Texte::de(lot, nom).ok_or_else(|| LectureErreur::colonne(chemin, nom));
        let colonne = |nom| {
            lot.column_by_name(nom)
                .ok_or_else(|| LectureErreur::colonne(chemin, nom))
        };
        Ok(Self {
            genre: texte("genre")?,
            emetteur: texte("emetteur")?,
            plateforme: texte("plateforme")?,
            uai: texte("uai")?,
            mesure: texte("mesure")?,
            champ: texte("champ")?,
            exemple: texte("exemple")?,
            nombre: colonne("nombre")?
                .as_primitive_opt::<Int64Type>()
                .ok_or_else(|| LectureErreur::colonne(chemin, "nombre"))?,
            dernier: colonne("dernier")?
                .as_primitive_opt::<TimestampMillisecondType>()
                .ok_or_else(|| LectureErreur::colonne(chemin, "dernier"))?,
        })
    }

    /// Adds the rows. Each dictionary is read once; rows compare ranks only.
    fn verser(&self, extrait: &mut Extrait) {
        let uais = self.uai.retenus(|texte| texte.parse::<Uai>().ok());
        let mesures = self.mesure.retenus(Mesure::de_code);
        let mut rangs: FxHashMap<[i32; 3], usize> = FxHashMap::default();
        for ligne in 0..self.nombre.len() {
            let Some(mesure) = self.mesure.a(ligne, &mesures) else {
                continue;
            };
            let cle = [&self.genre, &self.emetteur, &self.plateforme].map(|c| c.rang(ligne));
            let rang = *rangs
                .entry(cle)
                .or_insert_with(|| extrait.rang(self.source(ligne)));
            extrait.envois[rang].compter(&Ligne {
                uai: self.uai.a(ligne, &uais).copied(),
                mesure,
                champ: self.champ.valeur(ligne),
                exemple: self.exemple.valeur(ligne),
                nombre: self.nombre.value(ligne),
                dernier: Instant(self.dernier.value(ligne)),
            });
        }
    }

    fn source(&self, ligne: usize) -> Source {
        Source {
            genre: self.genre.valeur(ligne).to_owned(),
            emetteur: self.emetteur.valeur(ligne).to_owned(),
            plateforme: self.plateforme.valeur(ligne).to_owned(),
        }
    }
}
