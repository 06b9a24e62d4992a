//! Sorting a day in bounded memory.
//!
//! Rows are first shared out by a hash of their identifier in as many parts as it takes for each to
//! fit in memory: repeated identifiers meet in one part, where all but one of each are dropped.
//! Each part is then sorted as the table is, and the parts are merged into the file.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrowPrimitiveType, AsArray, PrimitiveArray, RecordBatch};
use arrow::datatypes::{Int32Type, TimestampMillisecondType, UInt8Type, UInt64Type};
use arrow::error::ArrowError;
use frequent_plan::Jour;
use frequent_plan::lac::META_DOUBLONS;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::debordement::{Debordement, Part, Suite};
use super::enregistrement::{Dictionnaire, Enregistrement};
use super::fusion::Fusion;
use super::retires::Retires;
use crate::evenements::{Colonnes, FichierErreur, LIGNES_PAR_LOT, Ligne, Redaction, TEXTES};

/// Rows sorted in memory at a time: about 90 MB.
const LIGNES_EN_MEMOIRE: u64 = 1 << 20;

const COLONNES_TEXTE: [&str; TEXTES] = [
    "uai",
    "profil",
    "service",
    "type",
    "outil",
    "appareil",
    "os",
    "navigateur",
    "plateforme",
    "projet",
    "exploitant",
];

/// The rows of a day, shared out by identifier, not yet sorted.
pub(super) struct Tri {
    parts: Vec<Part>,
    dictionnaire: Dictionnaire,
    debordement: Debordement,
    lus: u64,
    retires: Retires,
}

impl Tri {
    /// Reads these files, rows beyond what memory may hold going to `debordement`.
    pub(super) fn lire(fichiers: &[PathBuf], debordement: &Path) -> Result<Self, FichierErreur> {
        Self::lire_en(LIGNES_EN_MEMOIRE, fichiers, debordement)
    }

    pub(super) fn lire_en(
        lignes_en_memoire: u64,
        fichiers: &[PathBuf],
        debordement: &Path,
    ) -> Result<Self, FichierErreur> {
        let mut lecteurs = Vec::new();
        let mut total = 0_u64;
        let mut retires = Retires::default();
        for chemin in fichiers {
            let fichier = File::open(chemin).map_err(FichierErreur::disque(chemin))?;
            let lecteur = ParquetRecordBatchReaderBuilder::try_new(fichier)
                .map_err(FichierErreur::parquet(chemin))?
                .with_batch_size(LIGNES_PAR_LOT);
            let metadonnees = lecteur.metadata().file_metadata();
            retires.reprendre(metadonnees.key_value_metadata());
            let lignes = metadonnees.num_rows();
            total += u64::try_from(lignes).unwrap_or_default();
            lecteurs.push((chemin, lecteur));
        }
        let sur = |source| FichierErreur::disque(debordement)(source);
        let mut tri = Self {
            parts: Vec::new(),
            dictionnaire: Dictionnaire::default(),
            debordement: Debordement::ouvrir(debordement).map_err(sur)?,
            lus: 0,
            retires,
        };
        let parts = total.div_ceil(lignes_en_memoire);
        for _ in 0..parts {
            tri.parts.push(if parts == 1 {
                Part::Memoire(Vec::with_capacity(
                    usize::try_from(total).unwrap_or_default(),
                ))
            } else {
                Part::Fichier(tri.debordement.fichier().map_err(sur)?, 0)
            });
        }
        for (chemin, lecteur) in lecteurs {
            let lots = lecteur.build().map_err(FichierErreur::parquet(chemin))?;
            for lot in lots {
                let lot = lot.map_err(FichierErreur::parquet(chemin))?;
                tri.repartir(&lot)
                    .map_err(FichierErreur::parquet(chemin))?
                    .map_err(sur)?;
            }
        }
        Ok(tri)
    }

    pub(super) fn lus(&self) -> u64 {
        self.lus
    }

    /// Shares out the rows of a batch; the inner error is the overflow disk's.
    fn repartir(&mut self, lot: &RecordBatch) -> Result<io::Result<()>, ArrowError> {
        let ids = colonne(lot, "id")?
            .as_fixed_size_binary_opt()
            .ok_or_else(|| inattendue("id"))?;
        let ts = nombres::<TimestampMillisecondType>(lot, "ts")?;
        let heures = nombres::<UInt8Type>(lot, "heure")?;
        let visiteurs = nombres::<UInt64Type>(lot, "visiteur")?;
        let clients = nombres::<UInt64Type>(lot, "client")?;
        let mut textes = Vec::with_capacity(TEXTES);
        for nom in COLONNES_TEXTE {
            textes.push(self.numeros(lot, nom)?);
        }
        for i in 0..lot.num_rows() {
            let mut ligne = Enregistrement {
                id: ids.value(i).try_into().map_err(|_| inattendue("id"))?,
                ts: ts.value(i),
                visiteur: visiteurs.value(i),
                client: clients.value(i),
                textes: [0; TEXTES],
                heure: heures.value(i),
            };
            for (numero, colonne) in ligne.textes.iter_mut().zip(&textes) {
                *numero = colonne[i];
            }
            let part = FxBuildHasher.hash_one(ligne.id) % self.parts.len() as u64;
            let part = usize::try_from(part).unwrap_or_default();
            if let Err(erreur) = self.parts[part].pousser(ligne) {
                return Ok(Err(erreur));
            }
        }
        self.lus += lot.num_rows() as u64;
        Ok(Ok(()))
    }

    /// The job's number of each row's text.
    fn numeros(&mut self, lot: &RecordBatch, nom: &str) -> Result<Vec<u32>, ArrowError> {
        let colonne = colonne(lot, nom)?
            .as_dictionary_opt::<Int32Type>()
            .ok_or_else(|| inattendue(nom))?;
        let valeurs = colonne
            .values()
            .as_string_opt::<i32>()
            .ok_or_else(|| inattendue(nom))?;
        let numeros: Vec<u32> = valeurs
            .iter()
            .map(|v| self.dictionnaire.numero(v.unwrap_or_default()))
            .collect();
        colonne
            .keys()
            .iter()
            .map(|cle| {
                let place = cle.and_then(|c| usize::try_from(c).ok());
                let numero = place.and_then(|p| numeros.get(p).copied());
                numero.ok_or_else(|| inattendue(nom))
            })
            .collect()
    }

    /// Writes the rows, sorted, each identifier once, and says how many. The file takes its name
    /// once durable.
    pub(super) fn ecrire(
        self,
        sortie: &Path,
        jour: Jour,
        entrees: String,
    ) -> Result<u64, FichierErreur> {
        let mut debordement = self.debordement;
        let dossier = debordement.dossier().to_owned();
        let sur = |source| FichierErreur::disque(&dossier)(source);
        let (valeurs, rangs) = self.dictionnaire.ordonner();
        let mut doubles = Doubles::default();
        let mut ecriture = Ecriture {
            redaction: Redaction::ouvrir(sortie, jour, entrees)?,
            colonnes: Colonnes::default(),
            valeurs,
            retires: self.retires,
            ecrites: 0,
            chemin: sortie,
        };
        if self.parts.len() == 1 {
            for part in self.parts {
                for ligne in sans_doubles(part.lignes().map_err(sur)?, &rangs, &mut doubles) {
                    ecriture.pousser(&ligne)?;
                }
            }
        } else {
            let mut suites = Vec::with_capacity(self.parts.len());
            for part in self.parts {
                let lignes = sans_doubles(part.lignes().map_err(sur)?, &rangs, &mut doubles);
                let mut fichier = debordement.fichier().map_err(sur)?;
                for ligne in &lignes {
                    ligne.ecrire(&mut fichier).map_err(sur)?;
                }
                fichier.flush().map_err(sur)?;
                suites.push(Suite::de(fichier, lignes.len() as u64).map_err(sur)?);
            }
            let mut fusion = Fusion::ouvrir(suites).map_err(sur)?;
            while let Some(ligne) = fusion.suivant().map_err(sur)? {
                ecriture.pousser(&ligne)?;
            }
        }
        ecriture.noter(&doubles);
        ecriture.finir()
    }
}

/// Rows dropped, by the numbers of their platform and school.
type Doubles = FxHashMap<(u32, u32), u64>;

/// Numbers texts in their own order, drops repeated identifiers, sorts as the table is.
fn sans_doubles(
    mut lignes: Vec<Enregistrement>,
    rangs: &[u32],
    doubles: &mut Doubles,
) -> Vec<Enregistrement> {
    for ligne in &mut lignes {
        ligne.textes = ligne.textes.map(|numero| rangs[numero as usize]);
    }
    lignes.sort_unstable_by(Enregistrement::ordre_contenu);
    lignes.dedup_by(|suivante, gardee| {
        let double = suivante.id == gardee.id;
        if double {
            *doubles.entry(suivante.lieu()).or_default() += 1;
        }
        double
    });
    lignes.sort_unstable_by(Enregistrement::ordre_table);
    lignes
}

struct Ecriture<'c> {
    redaction: Redaction,
    colonnes: Colonnes,
    valeurs: Vec<Box<str>>,
    ecrites: u64,
    retires: Retires,
    chemin: &'c Path,
}

impl Ecriture<'_> {
    fn pousser(&mut self, ligne: &Enregistrement) -> Result<(), FichierErreur> {
        self.colonnes
            .pousser(&Ligne {
                id: ligne.id,
                ts: ligne.ts,
                heure: ligne.heure,
                visiteur: ligne.visiteur,
                client: ligne.client,
                textes: ligne.textes.map(|numero| &*self.valeurs[numero as usize]),
            })
            .map_err(FichierErreur::parquet(self.chemin))?;
        self.ecrites += 1;
        if self.colonnes.lignes() == LIGNES_PAR_LOT {
            self.redaction.ecrire(&mut self.colonnes)?;
        }
        Ok(())
    }

    fn noter(&mut self, doubles: &Doubles) {
        for ((plateforme, uai), nombre) in doubles {
            let texte = |numero: &u32| &*self.valeurs[*numero as usize];
            self.retires.ajouter(texte(plateforme), texte(uai), *nombre);
        }
    }

    fn finir(mut self) -> Result<u64, FichierErreur> {
        if self.colonnes.lignes() > 0 {
            self.redaction.ecrire(&mut self.colonnes)?;
        }
        if !self.retires.est_vide() {
            self.redaction.noter(META_DOUBLONS, self.retires.texte());
        }
        self.redaction.publier()?;
        Ok(self.ecrites)
    }
}

fn colonne<'l>(lot: &'l RecordBatch, nom: &str) -> Result<&'l dyn Array, ArrowError> {
    let colonne = lot.column_by_name(nom).ok_or_else(|| inattendue(nom))?;
    Ok(colonne.as_ref())
}

fn nombres<'l, T: ArrowPrimitiveType>(
    lot: &'l RecordBatch,
    nom: &str,
) -> Result<&'l PrimitiveArray<T>, ArrowError> {
    colonne(lot, nom)?
        .as_primitive_opt::<T>()
        .ok_or_else(|| inattendue(nom))
}

fn inattendue(nom: &str) -> ArrowError {
    ArrowError::SchemaError(format!("colonne « {nom} » absente ou d’un autre type"))
}
